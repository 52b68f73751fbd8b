//! What a terminal shows of a batch while it runs, and what is left there when it has ended. `script` is the terminal; what
//! it is sent is read here as a terminal would.

#![cfg(unix)]

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

use super::again::slow;
use super::scene::{ANA, Scene, planned};
use super::tools;

/// What stands on a terminal.
#[derive(Debug, Default)]
struct Screen {
    lines: Vec<Vec<char>>,
    row: usize,
    column: usize,
}

impl Screen {
    /// Takes what is sent; whatever is not of this program's own drawing is a fault.
    fn take(&mut self, sent: &str) {
        let mut rest = sent;
        while let Some(next) = rest.chars().next() {
            rest = &rest[next.len_utf8()..];
            match next {
                '\r' => self.column = 0,
                '\n' => self.row += 1,
                '\u{1b}' => rest = self.sequence(rest),
                shown => {
                    assert!(!shown.is_control(), "{shown:?} in {sent:?}");
                    self.put(shown);
                }
            }
        }
    }

    /// Takes a sequence behind its escape, and gives what follows it.
    fn sequence<'s>(&mut self, text: &'s str) -> &'s str {
        let end = text.find(|c: char| c.is_ascii_alphabetic()).expect("a sequence is whole");
        match (&text[..end], &text[end..=end]) {
            ("[0", "J") => {
                self.lines.truncate(self.row + 1);
                if let Some(line) = self.lines.get_mut(self.row) {
                    line.truncate(self.column);
                }
            }
            (lines, "A") => self.row -= lines[1..].parse::<usize>().expect("a number"),
            other => panic!("nothing sends {other:?}"),
        }
        &text[end + 1..]
    }

    fn put(&mut self, shown: char) {
        self.lines.resize(self.lines.len().max(self.row + 1), Vec::new());
        let line = &mut self.lines[self.row];
        line.resize(line.len().max(self.column + 1), ' ');
        line[self.column] = shown;
        self.column += 1;
    }

    fn text(&self) -> String {
        let lines = self.lines.iter().map(|line| line.iter().collect::<String>().trim_end().to_owned());
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// Runs a batch of `cases` on a terminal; what was on it at some moment where `until` was, and what is at the end. In that
/// moment the keys `pressed` are pressed.
fn on_terminal(scene: &Scene, options: &str, until: &str, pressed: &[u8]) -> (String, String) {
    let ours = format!("exec {} batch cases -o out {options}", env!("CARGO_BIN_EXE_entra-diff"));
    let mut command = Command::new("script");
    command.args(["-qec", &format!("stty cols 50 rows 12; {ours}"), "/dev/null"]);
    command.current_dir(scene.path("")).env("TERM", "xterm");
    let mut running = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("script runs");
    let mut keys = running.stdin.take().expect("it has keys");
    let mut sent = running.stdout.take().expect("it has a screen");
    let (mut all, mut moment) = (Vec::new(), None);
    let mut part = [0; 4096];
    loop {
        let read = sent.read(&mut part).expect("it can be read");
        if read == 0 {
            break;
        }
        all.extend(&part[..read]);
        let text = String::from_utf8_lossy(&all);
        if moment.is_none() && text.contains(until) && text.ends_with(['A', '\r']) {
            moment = Some(shown(&text));
            keys.write_all(pressed).expect("it takes keys");
            keys.flush().expect("it takes keys");
        }
    }
    running.wait().expect("it ends");
    (moment.unwrap_or_default(), shown(&String::from_utf8(all).expect("UTF-8")))
}

fn shown(sent: &str) -> String {
    let mut screen = Screen::default();
    screen.take(sent);
    screen.text()
}

#[test]
fn a_terminal_shows_what_runs_and_keeps_only_what_needs_a_look() {
    if !tools::has("script") {
        return;
    }
    let scene = slow();
    scene.write("cases/\u{1b}[2Jevil\nname/1.json", "no page");
    scene.write("cases/Small/1.json", planned(&[ANA]));
    let (moment, end) = on_terminal(&scene, "-j 2", " of 14 cases  ", b"");
    let lines: Vec<&str> = moment.lines().collect();
    assert!(lines.last().is_some_and(|line| line.contains(" of 14 cases  ")), "{moment}");
    assert!(lines.len() == 1 || lines.iter().any(|line| line.starts_with("  case-")), "{moment}");
    assert!(lines.iter().all(|line| line.chars().count() < 50), "{moment}");
    assert!(!end.contains(" of 14 cases") && !end.contains("case-") && !end.contains("Small"), "{end}");
    assert!(end.starts_with('[') && end.contains("/14] _[2Jevil_name: no report: "), "{end}");
    assert!(end.contains("\n14 cases: 13 with a report; ") && end.ends_with("Wrote out/SHA256SUMS"), "{end}");
}

#[test]
fn a_batch_that_is_interrupted_leaves_a_clean_terminal() {
    if !tools::has("script") {
        return;
    }
    let scene = slow();
    let (moment, end) = on_terminal(&scene, "-q -j 1", " of 12 cases  ", b"");
    assert_eq!((moment.as_str(), end.as_str()), ("", ""), "nothing is shown where that is asked for");
    let (moment, end) = on_terminal(&scene, "--force -j 1", " of 12 cases  ", b"\x03");
    assert!(moment.contains(" of 12 cases  "), "{moment}");
    assert!(end.is_empty() || end == "^C" || end.starts_with("12 cases: "), "{end}");
}
