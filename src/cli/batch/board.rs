//! What a terminal shows of a batch that runs, as lines of its width: the cases that are being made and how far each of them
//! is, and how far all of them are. Whoever draws it asks again for every drawing.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::HumanBytes;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use entra_diff::report::wording::batch as words;

use super::super::console::{Step, Work};
use super::super::text::shown;

/// How many cases have a line of their own, at most.
const LINES: usize = 8;

/// The widest bar, and the narrowest that tells something.
const BAR: (usize, usize) = (30, 5);

/// How much of a case, of a hundred parts, the reading of it is taken for.
const READING: u64 = 20;

/// The state of a batch that runs.
#[derive(Debug)]
pub(super) struct Board {
    cases: u64,
    /// How many bytes all of them have: what is done is measured by it, since the largest go first.
    bytes: u64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    done: u64,
    done_bytes: u64,
    /// Those that are being made, in the order in which they were begun.
    running: BTreeMap<u64, Running>,
    begun: u64,
}

/// A case that is being made.
#[derive(Debug)]
struct Running {
    name: String,
    bytes: u64,
    work: Work,
}

impl Board {
    pub(super) fn of(cases: u64, bytes: u64) -> Self {
        Board { cases, bytes, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A case of so many bytes is begun; gives the number by which it ends.
    pub(super) fn begin(&self, name: &str, bytes: u64, work: Work) -> u64 {
        let mut state = self.state();
        state.begun += 1;
        let number = state.begun;
        state.running.insert(number, Running { name: shown(name).into_owned(), bytes, work });
        number
    }

    /// A case is not being made any more.
    pub(super) fn end(&self, number: u64, is_done: bool) {
        let mut state = self.state();
        let Some(ended) = state.running.remove(&number) else { return };
        if is_done {
            state.done += 1;
            state.done_bytes = state.done_bytes.saturating_add(ended.bytes);
        }
    }

    /// What is to be seen after so long a time on a terminal of so many lines and columns, which it fits into.
    pub(super) fn lines(&self, (rows, width): (usize, usize), elapsed: Duration) -> Vec<String> {
        let state = self.state();
        let most = LINES.min(rows.saturating_sub(2));
        let mut lines: Vec<String> =
            state.running.values().take(most).map(|running| running.line(width)).collect();
        match state.running.len().saturating_sub(most) as u64 {
            0 => {}
            _ if rows < 2 => {}
            more => lines.push(fit(&format!("  {}", words::more_running(more)), width)),
        }
        let running = state.running.values().map(Running::done_bytes);
        let done = running.fold(state.done_bytes, u64::saturating_add);
        let far = (done, self.bytes);
        lines.push(overall(&words::done(state.done, self.cases), far, &time(elapsed), width));
        lines
    }
}

impl Running {
    /// How many of its bytes are taken for done.
    fn done_bytes(&self) -> u64 {
        let reading = part_of(self.bytes, READING, 100);
        match self.work.step().map(|Step { bar, .. }| (bar.position(), bar.length())) {
            None => 0,
            Some((read, None)) => part_of(reading, read, self.bytes),
            Some((written, Some(objects))) => reading + part_of(self.bytes - reading, written, objects),
        }
    }

    fn line(&self, width: usize) -> String {
        let doing = self.work.step().map(|Step { doing, bar }| match bar.length() {
            Some(objects) => words::objects_of(doing, bar.position(), objects),
            None => format!("{doing} {}", HumanBytes(bar.position())),
        });
        let doing = doing.map(|doing| format!(": {doing}")).unwrap_or_default();
        // What it does is told whole as long as something of the name is left.
        let for_name = width.saturating_sub(2 + doing.width()).max(width / 3);
        fit(&format!("  {}{doing}", fit(&self.name, for_name)), width)
    }
}

/// `6 of 32 cases  ██████░░░░  0:10`, the bar as wide as there is room for it.
fn overall(done: &str, (far, of): (u64, u64), time: &str, width: usize) -> String {
    let room = width.saturating_sub(done.width() + time.width() + 4).min(BAR.0);
    if room < BAR.1 {
        return fit(&format!("{done}  {time}"), width);
    }
    let full = usize::try_from(part_of(room as u64, far, of)).unwrap_or(room);
    format!("{done}  {}{}  {time}", "█".repeat(full), "░".repeat(room - full))
}

/// As much of `whole` as `far` is of `of`; no more than all of it, whatever was found since it was measured.
fn part_of(whole: u64, far: u64, of: u64) -> u64 {
    let part = u128::from(whole) * u128::from(far.min(of)) / u128::from(of.max(1));
    u64::try_from(part).unwrap_or(whole)
}

/// `0:10`, `1:02:03`.
fn time(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// `text`, cut where it is wider than `width`. A line that a terminal breaks would not be taken away again.
fn fit(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut left = width.saturating_sub(1);
    let is_room = |c: &char| {
        let taken = c.width().unwrap_or(0);
        let is_room = taken <= left;
        left = left.saturating_sub(taken);
        is_room
    };
    let mut cut: String = text.chars().take_while(is_room).collect();
    cut.extend((width > 0).then_some('…'));
    cut
}

#[cfg(test)]
mod tests {
    use indicatif::ProgressBar;

    use super::*;

    fn doing(doing: &'static str, position: u64, length: Option<u64>) -> Work {
        let bar = ProgressBar::hidden();
        bar.set_position(position);
        if let Some(length) = length {
            bar.set_length(length);
        }
        let work = Work::default();
        work.go_on(Step { doing, bar });
        work
    }

    #[test]
    fn the_cases_that_run_are_shown_and_how_far_all_are() {
        let board = Board::of(3, 4000);
        board.begin("Alpha", 2000, doing("writing", 30_000, Some(60_000)));
        let beta = board.begin("Beta", 1000, doing("reading", 512, None));
        board.begin("Gamma", 1000, Work::default());
        let seen = board.lines((24, 60), Duration::from_secs(70));
        assert_eq!(
            seen,
            [
                "  Alpha: writing 30,000 of 60,000 objects",
                "  Beta: reading 512 B",
                "  Gamma",
                "0 of 3 cases  █████████░░░░░░░░░░░░░░░░░░░░░  1:10",
            ]
        );
        board.end(beta, true);
        let seen = board.lines((24, 40), Duration::from_secs(3723));
        assert_eq!(
            seen,
            [
                "  Alpha: writing 30,000 of 60,000 objec…",
                "  Gamma",
                "1 of 3 cases  █████████░░░░░░░░  1:02:03"
            ]
            .map(String::from)
        );
    }

    #[test]
    fn everything_fits_the_terminal_whatever_a_case_is_called() {
        let board = Board::of(u64::MAX, 0);
        let names = [
            "a",
            "日本の会社株式会社テナント管理サービス部門第二営業所",
            "e\u{301}\u{301}x",
            "a\u{1b}[2Jb\nc\u{202e}\t",
        ];
        for name in names.iter().chain(&[&*"w".repeat(300); 20]) {
            board.begin(name, 7, doing("writing", u64::MAX, Some(u64::MAX)));
        }
        for (rows, width) in (0..200).map(|width| (width % 16, width)) {
            let seen = board.lines((rows, width), Duration::MAX);
            assert!(seen.len() <= rows.clamp(1, LINES + 2), "{rows}");
            for line in seen {
                assert!(line.width() <= width, "{width}: {line:?}");
                assert!(!line.chars().any(entra_diff::model::is_hidden), "{line:?}");
            }
        }
    }

    #[test]
    fn a_case_that_is_to_be_made_once_more_is_not_done() {
        let board = Board::of(1, 10);
        let number = board.begin("Alpha", 10, Work::default());
        board.end(number, false);
        assert_eq!(
            board.lines((24, 30), Duration::ZERO),
            ["0 of 1 case  ░░░░░░░░░░░  0:00"].map(String::from)
        );
    }
}
