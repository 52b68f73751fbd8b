//! Standard streams that are full, closed, or no terminal.

use std::fs::File;
use std::process::Command;

use super::folder::{FORMATS, is_calm, is_whole, many};
use super::scene::Scene;

const PROGRAM: &str = env!("CARGO_BIN_EXE_entra-diff");

fn large() -> Scene {
    Scene::of(&[("pages/1.json", many(3_000))])
}

/// A line of the shell, in which `$0` is the program.
fn shell(scene: &Scene, line: &str) -> super::scene::Ended {
    let mut command = Command::new("sh");
    command.args(["-c", line, PROGRAM]).current_dir(scene.path("."));
    scene.finish(command)
}

#[test]
fn a_full_standard_output_ends_with_5_in_every_format() {
    let scene = large();
    let full = || File::options().write(true).open("/dev/full").expect("/dev/full");
    for (format, file) in FORMATS {
        let mut command = scene.command(&["report", "pages", "-o", "-", "-f", format, "-q"]);
        command.stdout(full());
        let told = format!(
            "entra-diff: the output cannot be written: {file}: No space left on device (os error 28)\n"
        );
        scene.finish(command).is(5, "", &told);
    }
    for arguments in [&["summary", "pages"][..], &["completions", "bash"], &["man"]] {
        let mut command = scene.command(arguments);
        command.stdout(full());
        let told = "entra-diff: the terminal cannot be written to: No space left on device (os error 28)\n";
        scene.finish(command).is(5, "", told);
    }
    assert_eq!(scene.names("."), ["pages"]);
}

/// The report is in its place then: a code that says otherwise would be wrong.
#[test]
fn a_full_standard_output_does_not_make_a_failure_of_a_report_in_a_folder() {
    let scene = large();
    for output in ["out", "x.csv"] {
        let mut command = scene.command(&["report", "pages", "-o", output]);
        command.stdout(File::options().write(true).open("/dev/full").expect("/dev/full"));
        let told = "entra-diff: the terminal cannot be written to: No space left on device (os error 28): \
                    the report is written\n";
        scene.finish(command).is(0, "", told);
    }
    is_whole(&scene, "out");
    let mut command = scene.command(&["verify", "out"]);
    command.stdout(File::options().write(true).open("/dev/full").expect("/dev/full"));
    let told = "entra-diff: the terminal cannot be written to: No space left on device (os error 28)\n";
    scene.finish(command).is(5, "", told);
}

#[test]
fn a_reader_that_has_enough_hears_of_no_error_in_any_format() {
    let scene = large();
    for (format, _) in FORMATS {
        let line = format!(
            "{{ \"$0\" report pages -o - -f {format} -q; echo $? >code; }} | head -c 10 >/dev/null; cat code"
        );
        shell(&scene, &line).is(0, "0\n", "");
    }
    for command in ["summary pages", "report pages -o out", "verify out", "man", "show pages --id Ana-7"] {
        let line = format!("{{ \"$0\" {command}; echo $? >code; }} | true; cat code");
        shell(&scene, &line).is(0, "0\n", "");
    }
    is_whole(&scene, "out");
}

#[test]
fn streams_that_are_not_open_stop_nothing() {
    let scene = large();
    scene.write("pages/2.json", "");
    for (output, closed) in [("a", "2>&-"), ("b", ">&-"), ("c", "<&-"), ("d", "<&- >&- 2>&-")] {
        let ended = shell(&scene, &format!("\"$0\" report pages -o {output} {closed}"));
        assert_eq!(ended.code, Some(3), "{closed}: {ended}");
        is_calm(&ended);
        is_whole(&scene, output);
        scene.holds(output, &["changes.csv", "report.html", "report.xlsx"]);
    }
    let ended = shell(&scene, "\"$0\" verify a 2>&- && \"$0\" summary pages 2>&-");
    assert_eq!((ended.code, ended.err.as_str()), (Some(3), ""), "{ended}");
}

/// Standard error that takes nothing: whatever is told there, the report is made or it is not, and never half.
#[test]
fn standard_error_that_fails_leaves_a_whole_report_or_none() {
    let scene = Scene::of(&[("pages/1.json", many(3)), ("pages/2.json", String::new())]);
    let ended = shell(&scene, "\"$0\" report pages -o out 2>/dev/full");
    is_calm(&ended);
    match ended.code {
        Some(3) => is_whole(&scene, "out"),
        code => assert_eq!((code, scene.names(".")), (Some(5), vec!["pages".to_owned()]), "{ended}"),
    }
}

#[test]
fn what_is_no_terminal_gets_neither_colours_nor_progress() {
    let scene = large();
    scene.write("pages/2.json", "");
    let environments: [&[(&str, &str)]; 5] = [
        &[],
        &[("CI", "true")],
        &[("NO_COLOR", "1")],
        &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")],
        &[("TERM", "dumb")],
    ];
    for environment in environments {
        for arguments in [
            &["report", "pages", "-o", "out", "--force"][..],
            &["report", "pages", "-o", "out", "--force", "-v"],
            &["report", "pages", "-o", "-", "-f", "md"],
            &["summary", "pages"],
            &["show", "pages", "--id", "Ana-7"],
            &["verify", "out"],
            &["report", "--help"],
            &["report", "--no-such-option"],
        ] {
            let mut command = scene.command(arguments);
            command.envs(environment.iter().copied());
            let ended = scene.finish(command);
            for text in [&ended.out, &ended.err] {
                let hidden = text.chars().find(|character| matches!(character, '\u{1b}' | '\r' | '\u{8}'));
                assert_eq!(hidden, None, "{environment:?}: {ended}");
            }
            for word in ["writing", "reading"] {
                assert!(!ended.err.contains(word), "progress is told: {ended}");
            }
        }
    }
}
