//! Two runs into one place at once, and a place where a run was killed.

use std::fs::{self, File};
use std::io::Write as _;
use std::process::{Child, Stdio};

use super::folder::{ALL, Before, UNFINISHED, contents, is_whole, many};
use super::machine::can_trace;
use super::scene::{Ended, Scene};

/// The folder of a run that writes now, into `out`.
fn living(scene: &Scene, folder: &str) -> File {
    scene.write(&format!("{folder}/lock"), "");
    let lock = File::open(scene.path(folder).join("lock")).expect("the lock is there");
    lock.lock().expect("this disk has locks");
    lock
}

#[test]
fn where_another_run_writes_the_second_says_so_and_leaves_it_alone() {
    let scene = Scene::of(&[("pages/1.json", many(1))]);
    let held = living(&scene, &format!("out/{UNFINISHED}"));
    scene.write(&format!("out/{UNFINISHED}/report.html"), "half");
    let before = Before::of(&scene, "out");
    let told = format!(
        "entra-diff: another run is writing there: out/{UNFINISHED}: wait for it, or choose another output with -o\n"
    );
    let ended = scene.run(&["report", "pages", "-o", "out", "--force"]);
    ended.is(5, "", &told);
    before.is_as_it_was(&ended);
    drop(held);
    scene.run(&["report", "pages", "-o", "out", "--force", "-q"]).is(0, "", "");
    is_whole(&scene, "out");
}

#[test]
fn what_a_killed_run_left_is_refused_without_force_and_cleared_with_it() {
    let scene = Scene::of(&[("pages/1.json", many(1))]);
    scene.write(&format!("out/{UNFINISHED}/lock"), "");
    scene.write(&format!("out/{UNFINISHED}/report.html"), "half");
    let before = Before::of(&scene, "out");
    let ended = scene.run(&["report", "pages", "-o", "out"]);
    let told = format!(
        "entra-diff: a run that did not end left its unfinished files: out/{UNFINISHED}: give --force to clear them and to put back what they were to replace\n"
    );
    ended.is(5, "", &told);
    before.is_as_it_was(&ended);
    scene.run(&["report", "pages", "-o", "out", "--force", "-q"]).is(0, "", "");
    is_whole(&scene, "out");
}

/// A run that has looked at its output and reads standard input now.
fn reading(scene: &Scene, output: &str, options: &[&str]) -> Child {
    let mut command = scene.command(&[&["report", "-", "-o", output, "-f", "csv", "-q"], options].concat());
    let mut child =
        command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program can be run");
    let stdin = child.stdin.as_mut().expect("its standard input is a pipe");
    // More than a pipe holds: when it is written, the program reads.
    stdin.write_all(" ".repeat(300_000).as_bytes()).expect("the program reads");
    child
}

/// Gives a run its page and waits for its end.
fn finish(mut child: Child, page: &str, what: &str) -> Ended {
    let mut stdin = child.stdin.take().expect("its standard input is a pipe");
    stdin.write_all(page.as_bytes()).expect("the program reads");
    drop(stdin);
    Ended::of(what.to_owned(), child.wait_with_output().expect("the run can be waited for"))
}

#[test]
fn of_two_runs_into_one_folder_the_later_does_not_replace_the_earlier() {
    let scene = Scene::of(&[("pages/1.json", many(1))]);
    for output in ["out", "x.csv"] {
        let (first, second) = (reading(&scene, output, &[]), reading(&scene, output, &[]));
        finish(first, &many(2), "the first run").is(0, "", "");
        let ended = finish(second, &many(3), "the second run");
        let told =
            format!("entra-diff: the output is in use: {output}: choose another with -o, or give --force\n");
        ended.is(5, "", &told);
    }
    assert_eq!(scene.names("."), ["out", "pages", "x.csv"]);
    is_whole(&scene, "out");
    for file in ["out/changes.csv", "x.csv"] {
        assert_eq!(scene.read(file).lines().count(), 5, "{file} has two rows for each of two objects");
    }
}

#[test]
fn many_runs_into_one_folder_at_once_leave_the_report_of_one() {
    let scene = Scene::of(&[("pages/1.json", many(200))]);
    for options in [&[][..], &["--force"]] {
        for round in 0..5 {
            let arguments = [&["report", "pages", "-o", "out", "-f", ALL, "-q", "-j", "1"], options].concat();
            let runs: Vec<Child> = (0..6)
                .map(|_| {
                    let mut command = scene.command(&arguments);
                    command.stdout(Stdio::piped()).stderr(Stdio::piped());
                    command.spawn().expect("the program can be run")
                })
                .collect();
            let ended: Vec<Ended> = runs
                .into_iter()
                .map(|run| run.wait_with_output().expect("the run can be waited for"))
                .map(|output| Ended::of(format!("round {round}: {arguments:?}"), output))
                .collect();
            let whole = ended.iter().filter(|ended| ended.code == Some(0)).count();
            for ended in &ended {
                assert!(matches!(ended.code, Some(0 | 5)), "{ended}");
                assert_eq!(ended.code == Some(0), ended.err.is_empty(), "{ended}");
            }
            let told: String = ended.iter().map(ToString::to_string).collect();
            if options.is_empty() {
                // Each may have been in the way of the others.
                assert!(whole <= 1, "{whole} runs say that they wrote the report: {told}");
            }
            if whole > 0 {
                is_whole(&scene, "out");
            } else {
                assert!(!scene.path("out/SHA256SUMS").exists(), "nobody wrote it: {told}");
            }
            let left = contents(&scene.path("out"));
            assert!(!left.keys().any(|name| name.starts_with(UNFINISHED)), "{left:?}: {told}");
            if scene.path("out").exists() {
                fs::remove_dir_all(scene.path("out")).expect("the report can be removed");
            }
        }
    }
}

/// A run that has published removes its lock before the folder it was in; another may take that over just then.
#[test]
fn a_run_may_take_over_the_folder_that_another_clears_up() {
    if !can_trace() {
        return;
    }
    let scene = Scene::of(&[("pages/1.json", many(1))]);
    let arguments = ["report", "pages", "-o", "out", "-f", ALL, "-q", "-j", "1", "--force"];
    // What stands in the folder is removed with it: the lock, the place of what was replaced.
    for number in 1..=3 {
        let delay = format!("inject=unlink,unlinkat,rmdir:delay_enter=200000:when={number}");
        let mut slow = std::process::Command::new("strace");
        slow.args(["-f", "-qq", "-o", "log", "-e", "trace=unlink,unlinkat,rmdir", "-e", &delay]);
        slow.arg(env!("CARGO_BIN_EXE_entra-diff")).args(arguments).current_dir(scene.path("."));
        slow.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut slow = slow.spawn().expect("strace can be run");
        while slow.try_wait().expect("the run can be waited for").is_none() {
            if !scene.path("out/SHA256SUMS").exists() {
                continue;
            }
            let ended = scene.run(&arguments);
            assert!(matches!(ended.code, Some(0 | 5)), "{ended}");
            assert_eq!(ended.code == Some(0), ended.err.is_empty(), "{ended}");
        }
        let output = slow.wait_with_output().expect("the run has ended");
        let ended = Ended::of(format!("a slow run, call {number}: {arguments:?}"), output);
        ended.is(0, "", "");
        scene.run(&arguments).is(0, "", "");
        is_whole(&scene, "out");
        fs::remove_dir_all(scene.path("out")).expect("the report can be removed");
    }
}

#[test]
fn verify_tells_what_a_killed_run_left_and_does_not_take_it_amiss() {
    let scene = Scene::of(&[("pages/1.json", many(1))]);
    scene.run(&["report", "pages", "-o", "out", "-q"]).is(0, "", "");
    let others = [UNFINISHED.to_owned(), format!("{UNFINISHED}-0123456789abcdef")];
    for name in &others {
        scene.write(&format!("out/{name}/replaced/report.html"), "old");
    }
    let told = others
        .each_ref()
        .map(|name| format!("{name}: unfinished files of another run, no part of the report"));
    scene.run(&["verify", "out"]).tells(
        0,
        &[&told[0], &told[1], "the report is as it was written (5 files)"],
        &[],
    );
    // Only a folder is what a run leaves.
    scene.write(&format!("out/{UNFINISHED}.html"), "mine");
    let told = format!("entra-diff: {UNFINISHED}.html: added: SHA256SUMS does not list it\n");
    scene.run(&["verify", "out", "-q"]).is(7, "", &told);
}

/// A run that is held up for three seconds before its first file is synced.
fn slow(scene: &Scene, output: &str, options: &[&str]) -> Child {
    let mut command = std::process::Command::new("strace");
    command.args(["-f", "-qq", "-o", "log", "-e", "trace=fsync", "-e"]);
    command.arg("inject=fsync:delay_enter=3000000:when=1").arg(env!("CARGO_BIN_EXE_entra-diff"));
    command.args([&["report", "pages", "-o", output, "-q"], options].concat());
    command.current_dir(scene.path(".")).stderr(Stdio::piped());
    command.spawn().expect("strace can be run")
}

#[test]
fn what_comes_while_a_report_is_written_is_not_replaced_without_force() {
    if !super::machine::can_trace() {
        return;
    }
    for (output, theirs) in [("out", "out/changes.csv"), ("single.csv", "single.csv")] {
        let scene = Scene::of(&[("pages/1.json", many(1))]);
        let child = slow(&scene, output, &["-f", "csv"]);
        std::thread::sleep(std::time::Duration::from_millis(1_200));
        scene.write(theirs, "mine");
        let ended = child.wait_with_output().expect("it ends");
        let told = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(5), "{told}");
        assert!(told.contains("entra-diff: the output is in use: "), "{told}");
        assert_eq!(scene.read(theirs), "mine");
    }
}

#[test]
fn where_another_file_stands_nothing_is_put_back_and_nothing_lost() {
    let scene = Scene::of(&[("pages/1.json", many(1)), ("none/1.txt", String::new())]);
    scene.run(&["report", "pages", "-o", "out", "-f", "csv", "-q"]).is(0, "", "");
    let old = contents(&scene.path("out"));
    // As a run leaves it that is killed when its first file is in its place.
    let staging = format!("out/{UNFINISHED}");
    fs::create_dir_all(scene.path(&staging).join("replaced")).expect("a folder");
    scene.write(&format!("{staging}/lock"), "");
    for name in old.keys() {
        let from = scene.path("out").join(name);
        fs::rename(from, scene.path(&staging).join("replaced").join(name)).expect("a file");
    }
    let new = entra_diff::model::Digest::of(b"new");
    scene.write(&format!("{staging}/SHA256SUMS"), format!("{new}  changes.csv\n"));
    scene.write("out/changes.csv", "somebody's own");
    let before = Before::of(&scene, "out");
    let ended = scene.run(&["report", "none", "-o", "out", "--force", "-q"]);
    ended.tells(5, &[], &["out/changes.csv: a run that was killed had replaced this file"]);
    before.is_as_it_was(&ended);
    scene.write("out/changes.csv", "new");
    let ended = scene.run(&["report", "none", "-o", "out", "--force", "-q"]);
    ended.tells(4, &[], &["entra-diff: what a killed run had replaced is put back: out/"]);
    assert!(contents(&scene.path("out")) == old, "{ended}");
}
