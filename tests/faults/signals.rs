//! SIGINT, SIGTERM and SIGKILL while the program does its work, at moments spread over a run.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use super::calls::survived;
use super::folder::{ALL, Before, FORMATS, UNFINISHED, contents, is_whole, many};
use super::scene::{Ended, Scene, planned};

/// Each with its exit code.
const SIGNALS: [(&str, i32); 2] = [("INT", 130), ("TERM", 143)];

/// Sends a signal to a run.
fn send(signal: &str, to: &Child) {
    let pid = to.id().to_string();
    let mut kill = Command::new("sh");
    kill.args(["-c", "kill -s \"$0\" \"$1\"", signal, &pid]).stderr(Stdio::null());
    // A run that has ended meanwhile cannot be told anything.
    let _ = kill.status().expect("a shell can be run");
}

fn begin(mut command: Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

fn end(child: Child, what: &str) -> (Output, Ended) {
    let output = child.wait_with_output().expect("the run can be waited for");
    (output.clone(), Ended::of(what.to_owned(), output))
}

/// Waits until `is_there`, or until the run has ended.
fn wait_until(child: &mut Child, is_there: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_there() && child.try_wait().expect("the run can be waited for").is_none() {
        assert!(begun.elapsed() < Duration::from_secs(30), "what was waited for never came");
    }
}

#[test]
fn a_signal_while_standard_input_is_read_leaves_nothing() {
    let scene = Scene::of(&[("pages/1.json", many(1)), ("old/1.json", planned(&[]))]);
    scene.run(&["report", "old", "-o", "there", "-q"]).is(0, "", "");
    for (signal, code) in SIGNALS {
        for output in ["out", "a/b/out", "x.csv", "there"] {
            let before = Before::of(&scene, output);
            let mut command = scene.command(&["report", "-", "-o", output, "--force"]);
            command.stdin(Stdio::piped());
            let mut child = begin(command);
            let mut stdin = child.stdin.take().expect("its standard input is a pipe");
            // More than a pipe holds: when it is written, the program reads.
            stdin.write_all(" ".repeat(300_000).as_bytes()).expect("the program reads");
            send(signal, &child);
            let (_, ended) = end(child, &format!("SIG{signal} while standard input is read"));
            ended.is(code, "", "");
            before.is_as_it_was(&ended);
            assert_eq!(scene.names("."), ["old", "pages", "there"], "{ended}");
        }
    }
    is_whole(&scene, "there");
}

#[test]
fn a_signal_that_comes_twice_at_once_leaves_nothing() {
    // As `timeout` sends it: to the program, and to the group that it is in.
    let scene = Scene::of(&[("pages/1.json", many(4_000))]);
    for (signal, code) in SIGNALS {
        let path = scene.path("out").join(UNFINISHED).join("changes.csv");
        let mut in_time = 0;
        for _ in 0..20 {
            let before = Before::of(&scene, "out");
            let mut child = begin(scene.command(&["report", "pages", "-o", "out", "-q"]));
            wait_until(&mut child, || path.exists());
            let pid = child.id().to_string();
            let twice = format!("for time in 1 2 3; do kill -s {signal} {pid}; done");
            let _ = Command::new("sh").args(["-c", &twice]).stderr(Stdio::null()).status();
            let (output, ended) = end(child, &format!("SIG{signal} three times"));
            in_time += usize::from(ended_well(&scene, &before, code, &output, &ended));
            remove(&scene.path("out"));
        }
        assert!(in_time > 0, "SIG{signal} always came too late");
    }
}

/// The run ended by its signal or was done before it; what is there is whole or as it was. Whether the signal
/// came in time.
#[track_caller]
fn ended_well(scene: &Scene, before: &Before<'_>, code: i32, output: &Output, ended: &Ended) -> bool {
    if output.status.signal().is_some() {
        // Before the program listens the system ends it, and nothing is made yet.
        before.is_as_it_was(ended);
        return false;
    }
    let is_late = ended.code == Some(0);
    ended.is(if is_late { 0 } else { code }, "", "");
    if is_late || !before.is_unchanged() {
        is_whole(scene, "out");
        assert!(!scene.path("out/old.md").exists(), "{ended}");
        return false;
    }
    true
}

/// Removes what a run wrote.
fn remove(path: &Path) {
    if path.exists() {
        fs::remove_dir_all(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}

#[test]
fn a_signal_while_a_format_is_written_leaves_no_part_of_it() {
    let scene = Scene::of(&[("pages/1.json", many(4_000))]);
    for (signal, code) in SIGNALS {
        for (formats, file) in FORMATS.into_iter().chain([(ALL, "changes.ndjson")]) {
            let path = scene.path("out").join(UNFINISHED).join(file);
            let mut in_time = 0;
            for _ in 0..10 {
                let before = Before::of(&scene, "out");
                let arguments = ["report", "pages", "-o", "out", "-f", formats, "-q"];
                let mut child = begin(scene.command(&arguments));
                wait_until(&mut child, || path.exists());
                send(signal, &child);
                let (output, ended) = end(child, &format!("SIG{signal} while {formats} is written"));
                in_time += usize::from(ended_well(&scene, &before, code, &output, &ended));
                remove(&scene.path("out"));
                if in_time == 2 {
                    break;
                }
            }
            assert!(in_time > 0, "SIG{signal} always came too late for {formats}");
            // What was interrupted is in nobody's way.
            scene.run(&["report", "pages", "-o", "out", "-f", formats, "-q"]).is(0, "", "");
            is_whole(&scene, "out");
            remove(&scene.path("out"));
        }
    }
}

#[test]
fn a_signal_while_a_single_file_is_written_leaves_the_older_one() {
    let scene = Scene::of(&[("pages/1.json", many(4_000))]);
    for (signal, code) in SIGNALS {
        let mut in_time = 0;
        for _ in 0..10 {
            scene.write("files/x.ndjson", "mine");
            let before = Before::of(&scene, "files");
            let mut child =
                begin(scene.command(&["report", "pages", "-o", "files/x.ndjson", "--force", "-q"]));
            let staged = || scene.names("files").iter().any(|name| name.starts_with(UNFINISHED));
            // The first time it is only tried whether the place can be written to.
            wait_until(&mut child, || {
                staged() && {
                    std::thread::sleep(Duration::from_millis(3));
                    staged()
                }
            });
            send(signal, &child);
            let (_, ended) = end(child, &format!("SIG{signal} while x.ndjson is written"));
            if ended.code == Some(0) || !before.is_unchanged() {
                assert_eq!(scene.names("files"), ["x.ndjson"], "{ended}");
                assert_eq!(scene.read("files/x.ndjson").lines().count(), 4_000, "{ended}");
                continue;
            }
            ended.is(code, "", "");
            in_time += 1;
        }
        assert!(in_time > 0, "SIG{signal} always came too late");
    }
}

/// How long a run takes here.
fn length(scene: &Scene, arguments: &[&str]) -> Duration {
    let mut lengths: Vec<Duration> = (0..5)
        .map(|_| {
            let begun = Instant::now();
            scene.run(arguments).is(0, "", "");
            begun.elapsed()
        })
        .collect();
    lengths.sort();
    lengths[2]
}

const REPORT: [&str; 8] = ["report", "pages", "-o", "out", "-f", ALL, "--force", "-q"];

/// Puts what a run finds at `out`.
fn prepare(scene: &Scene, old: Option<&BTreeMap<String, Vec<u8>>>) {
    remove(&scene.path("out"));
    for (name, bytes) in old.into_iter().flatten() {
        scene.write(&format!("out/{name}"), bytes);
    }
}

/// An older report in `out`.
fn old_report(scene: &Scene) -> BTreeMap<String, Vec<u8>> {
    scene.run(&["report", "old", "-o", "out", "-f", "csv,ndjson,md", "-q"]).is(0, "", "");
    contents(&scene.path("out"))
}

#[test]
fn a_signal_at_any_moment_leaves_a_whole_report_or_none() {
    let scene = Scene::of(&[("pages/1.json", many(2_000)), ("old/1.json", planned(&[]))]);
    let old = old_report(&scene);
    let length = length(&scene, &REPORT);
    let mut in_time = 0;
    for moment in 0..40 {
        let (signal, code) = SIGNALS[moment % 2];
        prepare(&scene, (moment % 4 < 2).then_some(&old));
        let before = Before::of(&scene, "out");
        let child = begin(scene.command(&REPORT));
        std::thread::sleep(length.mul_f64(f64::from(u32::try_from(moment).expect("a small number")) / 40.0));
        send(signal, &child);
        let (output, ended) = end(child, &format!("SIG{signal} at moment {moment} of 40 of {length:?}"));
        in_time += usize::from(ended_well(&scene, &before, code, &output, &ended));
    }
    assert!(in_time > 5, "{in_time} of 40 signals came in time");
}

#[test]
fn a_kill_at_any_of_a_hundred_moments_leaves_a_whole_report_or_none() {
    let scene = Scene::of(&[("pages/1.json", many(500)), ("old/1.json", planned(&[]))]);
    let old = old_report(&scene);
    let length = length(&scene, &REPORT);
    let mut killed = 0;
    for moment in 0..100 {
        let has_old = moment % 2 == 1;
        prepare(&scene, has_old.then_some(&old));
        let mut child = begin(scene.command(&REPORT));
        std::thread::sleep(length.mul_f64(f64::from(moment) / 90.0));
        child.kill().expect("a run can be killed");
        let (output, _) = end(child, "SIGKILL");
        killed += usize::from(output.status.signal() == Some(9));
        let nothing = BTreeMap::new();
        survived(&scene, if has_old { &old } else { &nothing }, &format!("moment {moment} of {length:?}"));
    }
    assert!(killed > 30, "{killed} of 100 kills came in time");
}
