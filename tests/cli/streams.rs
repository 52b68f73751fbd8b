//! Standard output and standard error that are closed or full.

use std::process::Stdio;

use super::scene::{ANA, Scene, planned};

/// More than a pipe holds.
fn large() -> Scene {
    let items: Vec<String> =
        (0..3_000).map(|number| ANA.replace("Ana-1", &format!("Ana-{number}"))).collect();
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    Scene::of(&[("pages/1.json", planned(&items))])
}

/// The writing end of a pipe that nobody reads.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    writer.into()
}

#[test]
fn a_closed_standard_output_is_no_error() {
    let scene = large();
    for arguments in [
        &["report", "pages", "-o", "-", "-f", "csv", "-q"][..],
        &["report", "pages", "-o", "-", "-f", "ndjson", "-q"],
        &["report", "pages", "-o", "-", "-f", "json", "-q"],
        &["report", "pages", "-o", "out"],
        &["summary", "pages"],
        &["show", "pages", "--id", "Ana-7"],
        &["completions", "bash"],
        &["man"],
    ] {
        let mut command = scene.command(arguments);
        command.stdout(closed());
        scene.finish(command).is(0, "", "");
    }
    scene.holds("out", &["changes.csv", "report.html", "report.xlsx"]);
}

/// What is missing from a report is missing whoever reads how much of it.
#[test]
fn a_closed_standard_output_changes_no_exit_code() {
    let scene = large();
    scene.write("pages/2.json", "{");
    for (arguments, code) in [
        (&["report", "pages", "-o", "-", "-f", "csv", "-q"][..], 3),
        (&["summary", "pages", "-q"], 3),
        (&["show", "pages", "--id", "Ana-7", "-q"], 3),
        (&["report", "pages/1.json", "-o", "-", "-f", "csv", "-q", "--fail-on", "any-change"], 1),
    ] {
        let mut command = scene.command(arguments);
        command.stdout(closed());
        let ended = scene.finish(command);
        assert_eq!(ended.code, Some(code), "{ended}");
    }
}

#[test]
fn a_closed_standard_output_is_no_error_for_help_either() {
    let scene = large();
    for arguments in [&["--help"][..], &["report", "--help"], &["--version"]] {
        let mut command = scene.command(arguments);
        command.stdout(closed());
        scene.finish(command).is(0, "", "");
    }
}

#[test]
fn a_closed_standard_error_does_not_stop_the_report() {
    let scene = Scene::of(&[("pages/1.json", planned(&[ANA])), ("pages/2.json", String::new())]);
    let mut command = scene.command(&["report", "pages", "-o", "out", "-q"]);
    command.stderr(closed());
    scene.finish(command).is(3, "", "");
    scene.holds("out", &["changes.csv", "report.html", "report.xlsx"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_standard_output_ends_with_5() {
    let scene = large();
    let full = || std::fs::File::options().write(true).open("/dev/full").expect("/dev/full");
    for arguments in [
        &["report", "pages", "-o", "-", "-f", "csv", "-q"][..],
        &["report", "pages", "-o", "-", "-f", "json", "-q"],
        &["summary", "pages"],
        &["show", "pages", "--id", "Ana-7"],
    ] {
        let mut command = scene.command(arguments);
        command.stdout(full());
        scene.finish(command).tells(
            5,
            &[],
            &["entra-diff: the ", " cannot be written", "No space left on device"],
        );
    }
}

/// The shell's limit on the size of a file stands in for a disk that becomes full in the middle.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_becomes_full_ends_with_5_and_leaves_what_was_there() {
    let scene = large();
    scene.write("out/changes.csv", "old");
    let program = env!("CARGO_BIN_EXE_entra-diff");
    let script = "ulimit -f 100; exec \"$0\" report pages -o out --force -q";
    let mut command = std::process::Command::new("sh");
    command.args(["-c", script, program]).current_dir(scene.path("."));
    let ended = scene.finish(command);
    ended.tells(5, &[], &["entra-diff: the output cannot be written: "]);
    assert_eq!(scene.names("out"), ["changes.csv"], "nothing unfinished is left");
    assert_eq!(scene.read("out/changes.csv"), "old");
}

/// The workbook's sheets become full before the workbook itself: the library's word for that is a panic.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_becomes_full_under_the_workbook_is_told_in_one_line() {
    let scene = large();
    let program = env!("CARGO_BIN_EXE_entra-diff");
    let script = "ulimit -f 100; exec \"$0\" report pages -o out -f xlsx -q";
    let mut command = std::process::Command::new("sh");
    command.args(["-c", script, program]).current_dir(scene.path("."));
    let ended = scene.finish(command);
    assert_eq!((ended.code, ended.out.as_str(), ended.err.lines().count()), (Some(5), "", 1), "{ended}");
    assert!(ended.err.starts_with("entra-diff: the output cannot be written: report.xlsx: "), "{ended}");
    assert_eq!(scene.names("."), ["pages"], "nothing is left");
}
