//! Each call that changes something on the disk, refused once or killed at, one after the other: the method of
//! `SQLite`'s tests. The calls are counted in each thread of its own, so that every run here has one thread that works.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Output};

use super::folder::{ALL, Before, UNFINISHED, contents, is_calm, is_whole, many};
use super::machine::can_trace;
use super::scene::{Ended, Scene, planned};

const PROGRAM: &str = env!("CARGO_BIN_EXE_entra-diff");

/// The calls that change something, those of one kind in one line.
const WRITE: &str = "write,writev,pwrite64,pwritev,pwritev2,sendfile,copy_file_range,splice";
const SYNC: &str = "fsync,fdatasync,sync_file_range,syncfs";
const RENAME: &str = "rename,renameat,renameat2,link,linkat";
const MAKE: &str = "mkdir,mkdirat";
const REMOVE: &str = "unlink,unlinkat,rmdir";
const SIZE: &str = "ftruncate,fallocate,lseek";
const LOCK: &str = "flock";

/// More than any run here makes of one call in one thread.
const BOUND: usize = 2_000;

/// The program under a tracer that does `injection` to `calls`.
fn traced(scene: &Scene, calls: &str, injection: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("strace");
    if injection.starts_with("error=") {
        // Quicker, since other calls are not stopped at; but strace 6.1 then counts no calls for signals.
        command.arg("--seccomp-bpf");
    }
    command.args(["-f", "-qq", "-o", "log", "-e", &format!("trace={calls}")]);
    command.args(["-e", &format!("inject={calls}:{injection}")]);
    command.arg(PROGRAM).args(arguments).current_dir(scene.path("."));
    command
}

/// A folder with the pages of a report and those of an older one.
fn scene() -> Scene {
    Scene::of(&[("pages/1.json", many(3)), ("old/1.json", planned(&[]))])
}

/// Puts the older report, or nothing, where the next run writes.
fn prepare(scene: &Scene, has_old: bool) {
    if scene.path("out").exists() {
        fs::remove_dir_all(scene.path("out")).expect("the last run's folder can be removed");
    }
    if has_old {
        scene.run(&["report", "old", "-o", "out", "-f", "csv,ndjson,md", "-q"]).is(0, "", "");
    }
}

const REPORT: [&str; 9] = ["report", "pages", "-o", "out", "-f", ALL, "-j", "1", "--force"];

/// Runs the report with the first call of a kind made to fail, then with the second, and so on, until none is hit;
/// every run is handed to `check` with what was there before. Gives how many there were.
#[track_caller]
fn each(
    scene: &Scene,
    calls: &str,
    injection: impl Fn(usize) -> String,
    has_old: bool,
    check: impl Fn(&Before<'_>, &Ended, usize),
) -> usize {
    prepare(scene, has_old);
    for number in 1..BOUND {
        let before = Before::of(scene, "out");
        let command = traced(scene, calls, &injection(number), &[&REPORT[..], &["-q"]].concat());
        let ended = scene.finish(command);
        if !scene.read("log").contains("(INJECTED)") {
            assert_eq!(ended.code, Some(0), "{ended}");
            return number - 1;
        }
        is_calm(&ended);
        check(&before, &ended, number);
        if !before.is_unchanged() {
            prepare(scene, has_old);
        }
    }
    panic!("{calls}: hit more than {BOUND} times");
}

/// Exit code 5, in one line or none, and everything is as it was.
fn fails_and_undoes(before: &Before<'_>, ended: &Ended, number: usize) {
    // What is told is a write, too.
    assert_eq!((ended.code, ended.out.as_str()), (Some(5), ""), "call {number}: {ended}");
    assert!(
        ended.err.is_empty() || ended.err.starts_with("entra-diff: the output "),
        "call {number}: {ended}"
    );
    assert!(ended.err.lines().count() <= 1, "call {number}: {ended}");
    before.is_as_it_was(ended);
}

#[test]
fn each_write_that_fails_ends_with_5_and_leaves_what_was_there() {
    if !can_trace() {
        return;
    }
    let scene = scene();
    for (error, has_old) in [("EIO", false), ("ENOSPC", true)] {
        let hit =
            each(&scene, WRITE, |number| format!("error={error}:when={number}"), has_old, fails_and_undoes);
        assert!(hit > 20, "{hit} writes");
    }
}

#[test]
fn each_sync_that_fails_ends_with_5_and_leaves_what_was_there() {
    if !can_trace() {
        return;
    }
    let scene = scene();
    for has_old in [false, true] {
        for when in ["", "+"] {
            let hit = each(
                &scene,
                SYNC,
                |number| format!("error=EIO:when={number}{when}"),
                has_old,
                fails_and_undoes,
            );
            assert!(hit >= 12, "{hit} syncs");
        }
    }
}

#[test]
fn each_rename_that_fails_ends_with_5_and_leaves_what_was_there() {
    if !can_trace() {
        return;
    }
    let scene = scene();
    for has_old in [false, true] {
        let hit =
            each(&scene, RENAME, |number| format!("error=EACCES:when={number}"), has_old, fails_and_undoes);
        assert!(hit >= 9, "{hit} renames");
    }
}

#[test]
fn each_folder_that_cannot_be_made_ends_with_5_and_leaves_what_was_there() {
    if !can_trace() {
        return;
    }
    let scene = scene();
    for (error, has_old) in [("EIO", false), ("ENOSPC", true), ("EROFS", false)] {
        let hit = each(
            &scene,
            MAKE,
            |number| format!("error={error}:when={number}"),
            has_old,
            |before, ended, number| {
                if ended.code == Some(0) {
                    // The folder is there already, which the program finds out by trying to make it.
                    is_whole(&scene, "out");
                } else {
                    fails_and_undoes(before, ended, number);
                }
            },
        );
        assert!(hit >= 3, "{hit} folders");
    }
}

#[test]
fn each_file_that_cannot_be_made_ends_with_5_and_leaves_what_was_there() {
    if !can_trace() {
        return;
    }
    let scene = scene();
    let files = [
        "lock",
        "report.html",
        "changes.csv",
        "report.xlsx",
        "changes.ndjson",
        "summary.json",
        "report.md",
        "INPUTS.sha256",
        "manifest.json",
        "SHA256SUMS",
    ];
    for has_old in [false, true] {
        prepare(&scene, has_old);
        for file in files {
            let before = Before::of(&scene, "out");
            let path = format!("out/{UNFINISHED}/{file}");
            let mut command = traced(&scene, "openat,open,creat", "error=ENOSPC", &[]);
            command.args(["report", "pages", "-o", "out", "-f", ALL, "-j", "1", "--force", "-q"]);
            // The option stands before the program.
            let arguments: Vec<_> = command.get_args().map(std::ffi::OsStr::to_owned).collect();
            let mut command = Command::new("strace");
            command.args(["-P", &path]).args(arguments).current_dir(scene.path("."));
            let ended = scene.finish(command);
            assert!(scene.read("log").contains("(INJECTED)"), "{file} was not hit: {ended}");
            fails_and_undoes(&before, &ended, 1);
            is_calm(&ended);
        }
    }
}

#[test]
fn sizes_and_places_in_files_that_cannot_be_had_end_with_5() {
    if !can_trace() {
        return;
    }
    let scene = scene();
    // No renderer has to set a size, or has to look for a place, so that there may be none of these.
    each(&scene, SIZE, |number| format!("error=EIO:when={number}"), true, fails_and_undoes);
}

/// What a disk without locks loses is the difference between a run that lives and one that was killed.
#[test]
fn a_disk_without_locks_gets_a_report_all_the_same() {
    if !can_trace() {
        return;
    }
    let scene = scene();
    each(
        &scene,
        LOCK,
        |number| format!("error=ENOLCK:when={number}+"),
        true,
        |_, ended, _| {
            ended.is(0, "", "");
            is_whole(&scene, "out");
        },
    );
}

/// When the report is in its place, nothing that fails behind it can make a failure of it: its manifest says how
/// the run ended.
#[test]
fn unfinished_files_that_cannot_be_removed_are_told_and_the_report_is_whole() {
    if !can_trace() {
        return;
    }
    let scene = scene();
    for has_old in [false, true] {
        for when in ["", "+"] {
            let hit = each(
                &scene,
                REMOVE,
                |number| format!("error=EIO:when={number}{when}"),
                has_old,
                |before, ended, number| {
                    if ended.code == Some(5) {
                        // What the first look at the output left is in the way of the second, unless it is forced.
                        let is_left = scene.path("out").join(UNFINISHED).exists();
                        assert!(is_left || before.is_unchanged(), "call {number}: {ended}");
                    } else {
                        assert_eq!((ended.code, ended.out.as_str()), (Some(0), ""), "call {number}: {ended}");
                        let is_left = scene.path("out").join(UNFINISHED).exists();
                        assert_eq!(is_left, !ended.err.is_empty(), "call {number}: {ended}");
                        let told = "entra-diff: the unfinished files cannot be removed: ";
                        assert!(ended.err.is_empty() || ended.err.starts_with(told), "{ended}");
                        scene.run(&["verify", "out", "-q"]).is(0, "", "");
                    }
                    scene.run(&[&REPORT[..], &["-q"]].concat()).is(0, "", "");
                    is_whole(&scene, "out");
                },
            );
            assert!(hit >= 2, "{hit} removals");
        }
    }
}

/// A disk that fails for good in the middle of publishing: what cannot be put back is kept, and no list of
/// checksums claims what is not there.
#[test]
fn a_roll_back_that_fails_claims_nothing_and_loses_nothing() {
    if !can_trace() {
        return;
    }
    let scene = scene();
    let mut kept = 0;
    for last in ["", "..+1", "+"] {
        prepare(&scene, true);
        let mut old = contents(&scene.path("out"));
        for number in 1..BOUND {
            let when = match last {
                "" => format!("{number}"),
                "+" => format!("{number}+"),
                _ => format!("{number}..{}", number + 1),
            };
            let injection = format!("error=EIO:when={when}");
            let ended = scene.finish(traced(&scene, RENAME, &injection, &[&REPORT[..], &["-q"]].concat()));
            if !scene.read("log").contains("(INJECTED)") {
                ended.is(0, "", "");
                break;
            }
            assert_eq!(ended.code, Some(5), "call {when}: {ended}");
            is_calm(&ended);
            let now = contents(&scene.path("out"));
            if now == old {
                is_whole(&scene, "out");
                continue;
            }
            kept += 1;
            assert!(!now.contains_key("SHA256SUMS"), "call {when}: a list claims what is not there: {ended}");
            assert!(ended.err.contains(&format!("out/{UNFINISHED}/replaced")), "call {when}: {ended}");
            for (name, bytes) in &old {
                let is_kept = [name.clone(), format!("{UNFINISHED}/replaced/{name}")]
                    .iter()
                    .any(|place| now.get(place) == Some(bytes));
                assert!(is_kept, "call {when}: {name} of the older report is lost: {ended}");
            }
            scene.write("nothing/1.json", "");
            let next = scene.run(&["report", "nothing", "-o", "out", "--force", "-q"]);
            next.tells(4, &[], &["nothing to report"]);
            let now = contents(&scene.path("out"));
            assert!(now == old, "call {when}: the older report is not put back: {:?}: {next}", now.keys());
            prepare(&scene, true);
            old = contents(&scene.path("out"));
        }
    }
    assert!(kept > 5, "the roll-back was made to fail {kept} times");
}

#[test]
fn a_single_file_that_cannot_be_put_in_its_place_leaves_the_older_one() {
    if !can_trace() {
        return;
    }
    let scene = scene();
    for is_there in [false, true] {
        for (calls, error) in [(WRITE, "ENOSPC"), (SYNC, "EIO"), (RENAME, "EIO"), (MAKE, "EROFS")] {
            let mut hit = 0;
            for number in 1..BOUND {
                if is_there {
                    scene.write("files/x.csv", "mine");
                } else {
                    let _ = fs::remove_dir_all(scene.path("files"));
                    fs::create_dir(scene.path("files")).expect("a folder can be made");
                }
                let before = Before::of(&scene, "files");
                let injection = format!("error={error}:when={number}");
                let arguments = ["report", "pages", "-o", "files/x.csv", "-j", "1", "--force", "-q"];
                let ended = scene.finish(traced(&scene, calls, &injection, &arguments));
                if !scene.read("log").contains("(INJECTED)") {
                    ended.is(0, "", "");
                    break;
                }
                hit = number;
                is_calm(&ended);
                if ended.code == Some(0) {
                    // A disk that cannot link has the new file where the old one was, in one step.
                    assert!(scene.read("files/x.csv").contains("Ana"), "{calls} {number}: {ended}");
                    assert_eq!(scene.names("files"), ["x.csv"], "{calls} {number}: {ended}");
                } else {
                    fails_and_undoes(&before, &ended, number);
                }
            }
            assert!(hit > 0, "{calls}: never hit");
        }
    }
}

/// The calls at which a run is stopped.
const ALL_CALLS: [&str; 6] = [SYNC, RENAME, MAKE, REMOVE, LOCK, "openat"];

fn output(mut command: Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

#[test]
fn a_kill_at_each_call_leaves_a_whole_report_or_none() {
    if !can_trace() {
        return;
    }
    let scene = scene();
    let mut killed = 0;
    for has_old in [false, true] {
        for calls in ALL_CALLS {
            prepare(&scene, has_old);
            let mut old = contents(&scene.path("out"));
            for number in 1..BOUND {
                let injection = format!("signal=KILL:when={number}");
                let command = traced(&scene, calls, &injection, &[&REPORT[..], &["-q"]].concat());
                let told = format!("{calls} {number}, old report: {has_old}");
                let status = output(command).status;
                if status.code() == Some(0) {
                    break;
                }
                assert_eq!(status.signal(), Some(9), "{told}: {status}");
                killed += 1;
                survived(&scene, &old, &told);
                prepare(&scene, has_old);
                old = contents(&scene.path("out"));
            }
        }
    }
    assert!(killed > 100, "killed {killed} times");
}

/// After a kill there is a report that proves itself, or none; and the next run clears up.
#[track_caller]
pub(crate) fn survived(scene: &Scene, old: &std::collections::BTreeMap<String, Vec<u8>>, told: &str) {
    let mut now = contents(&scene.path("out"));
    now.retain(|name, _| !name.starts_with(UNFINISHED));
    if now.contains_key("SHA256SUMS") {
        let ended = scene.run(&["verify", "out", "-q"]);
        assert_eq!(ended.code, Some(0), "{told}: {ended}");
        let is_new = now.contains_key("report.html");
        assert!(is_new || now == *old, "{told}: the older report has changed");
    } else if !old.is_empty() {
        for (name, bytes) in old {
            let replaced = scene.path("out").join(UNFINISHED).join("replaced").join(name);
            let is_kept = now.get(name) == Some(bytes) || fs::read(replaced).is_ok_and(|held| held == *bytes);
            assert!(is_kept, "{told}: {name} of the older report is lost");
        }
    }
    // The next run puts back what was replaced, even if it has nothing to write.
    scene.write("nothing/1.json", "");
    let ended = scene.run(&["report", "nothing", "-o", "out", "--force", "-q"]);
    ended.tells(4, &[], &["nothing to report"]);
    let now = contents(&scene.path("out"));
    if now.contains_key("report.html") {
        is_whole(scene, "out");
    } else {
        assert!(now == *old, "{told}: what was there is not there again: {:?}", now.keys());
    }
    scene.run(&[&REPORT[..], &["-q"]].concat()).is(0, "", "");
    is_whole(scene, "out");
}

#[test]
fn putting_back_what_a_killed_run_replaced_may_fail_or_be_killed_itself() {
    if !can_trace() {
        return;
    }
    let scene = scene();
    scene.write("nothing/1.json", "");
    let nothing = ["report", "nothing", "-o", "out", "--force", "-j", "1", "-q"];
    let mut struck = 0;
    // Six files of the older report are taken away, then nine new ones are put in their places.
    for killed_at in [4, 11] {
        for injection in ["signal=KILL", "error=EIO"] {
            for number in 1..BOUND {
                prepare(&scene, true);
                let old = contents(&scene.path("out"));
                let kill = format!("signal=KILL:when={killed_at}");
                let killed = output(traced(&scene, RENAME, &kill, &[&REPORT[..], &["-q"]].concat()));
                assert_eq!(killed.status.signal(), Some(9), "rename {killed_at}: {}", killed.status);
                assert!(contents(&scene.path("out")) != old, "rename {killed_at}: nothing was replaced");
                let again = output(traced(&scene, RENAME, &format!("{injection}:when={number}"), &nothing));
                let told = format!("killed at rename {killed_at}, {injection} at rename {number} after it");
                if again.status.code() == Some(4) {
                    break;
                }
                struck += 1;
                let code = if injection == "error=EIO" { Some(5) } else { None };
                assert_eq!(again.status.code(), code, "{told}: {again:?}");
                let list = scene.path("out/SHA256SUMS").exists();
                assert!(!list || scene.run(&["verify", "out", "-q"]).code == Some(0), "{told}: a list lies");
                scene.run(&nothing).tells(4, &[], &["nothing to report"]);
                let now = contents(&scene.path("out"));
                assert!(now == old, "{told}: what was there is not there again: {:?}", now.keys());
            }
        }
    }
    assert!(struck > 15, "struck {struck} times");
}

#[test]
fn a_signal_at_each_call_ends_with_its_code_and_leaves_nothing_unfinished() {
    if !can_trace() {
        return;
    }
    let scene = scene();
    let mut interrupted = 0;
    for (signal, code, has_old) in
        [("INT", 130, false), ("INT", 130, true), ("TERM", 143, false), ("TERM", 143, true)]
    {
        for calls in ALL_CALLS {
            prepare(&scene, has_old);
            for number in 1..BOUND {
                let before = Before::of(&scene, "out");
                let injection = format!("signal={signal}:when={number}");
                let ended = scene.finish(traced(&scene, calls, &injection, &[&REPORT[..], &["-q"]].concat()));
                let hits = scene.read("log").matches(&format!("--- SIG{signal} ")).count();
                if hits == 0 {
                    ended.is(0, "", "");
                    break;
                }
                if hits > 1 {
                    // The thread that clears up makes the same calls and is hit as well: a second signal, which ends
                    // the program at once.
                    prepare(&scene, has_old);
                    continue;
                }
                if ended.code.is_none() {
                    // Before the program listens the system ends it.
                    before.is_as_it_was(&ended);
                    continue;
                }
                // What comes when all is done may be too late.
                let is_late = ended.code == Some(0);
                ended.is(if is_late { 0 } else { code }, "", "");
                interrupted += usize::from(!is_late);
                if is_late || !before.is_unchanged() {
                    let names = contents(&scene.path("out")).into_keys().collect::<Vec<_>>();
                    assert!(names.iter().any(|name| name == "SHA256SUMS"), "{names:?} is left: {ended}");
                    is_whole(&scene, "out");
                    assert!(scene.path("out/report.html").exists(), "{ended}");
                }
                prepare(&scene, has_old);
            }
        }
    }
    assert!(interrupted > 100, "interrupted {interrupted} times");
}
