//! Disks that are full, or that may not be written to.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::folder::{ALL, Before, FORMATS, could_not_write, is_calm, is_whole, many};
use super::machine::{Disk, can};
use super::scene::{Scene, planned};

const PROGRAM: &str = env!("CARGO_BIN_EXE_entra-diff");

#[test]
fn a_missing_folder_is_made_and_taken_away_again_where_nothing_is_written() {
    let scene = Scene::of(&[("pages/1.json", many(1)), ("nothing/1.json", String::new())]);
    scene.run(&["report", "nothing", "-o", "a/b/c", "-q"]).tells(4, &[], &["nothing to report"]);
    assert_eq!(scene.names("."), ["nothing", "pages"]);
    scene.write("a/diary.txt", "mine");
    scene.run(&["report", "nothing", "-o", "a/b/c", "-q"]).tells(4, &[], &["nothing to report"]);
    assert_eq!(scene.names("a"), ["diary.txt"], "what was there stays");
    scene.run(&["report", "pages", "-o", "a/b/c", "-q"]).is(0, "", "");
    is_whole(&scene, "a/b/c");
}

#[test]
fn a_folder_that_is_not_empty_is_refused_without_force() {
    let scene = Scene::of(&[("pages/1.json", many(1))]);
    scene.run(&["report", "pages", "-o", "out", "-q"]).is(0, "", "");
    let before = Before::of(&scene, "out");
    let ended = scene.run(&["report", "pages", "-o", "out", "-f", "md"]);
    ended.is(5, "", "entra-diff: the output is in use: out: choose another with -o, or give --force\n");
    before.is_as_it_was(&ended);
}

/// Runs with standard input open and silent: who waits for it has not looked at its output first.
fn ends_before_it_reads(scene: &Scene, mut command: Command) {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let held = child.stdin.take();
    let begun = Instant::now();
    while child.try_wait().expect("the run can be waited for").is_none() {
        if begun.elapsed() > Duration::from_secs(20) {
            child.kill().expect("the run can be killed");
            panic!("{command:?} reads before it looks at its output");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let output = child.wait_with_output().expect("the run has ended");
    drop(held);
    let ended = super::scene::Ended::of(format!("{command:?} in {}", scene.path(".").display()), output);
    could_not_write(&ended);
}

#[test]
fn a_disk_that_is_only_for_reading_ends_with_5_before_anything_is_read() {
    let scene = Scene::of(&[("pages/1.json", many(1))]);
    let Some(disk) = Disk::mount(scene.path("disk"), "size=1m") else { return };
    scene.write("disk/full/diary.txt", "mine");
    disk.change("ro");
    for output in ["disk", "disk/out", "disk/a/b/out", "disk/full", "disk/x.csv"] {
        let command = scene.command(&["report", "-", "-o", output, "--force"]);
        ends_before_it_reads(&scene, command);
    }
    assert_eq!(scene.names("disk"), ["full"]);
    assert_eq!(scene.names("disk/full"), ["diary.txt"]);
}

#[test]
fn a_folder_of_somebody_else_ends_with_5_before_anything_is_read() {
    // Root may write everywhere, so that the run has to be somebody else's.
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n");
    let nobody = ["setpriv", "--reuid", "65534", "--clear-groups"];
    if is_root && !can(&[&nobody[..], &[PROGRAM, "--version"]].concat()) {
        return;
    }
    let scene = Scene::of(&[("out/diary.txt", "mine")]);
    let allow = |path: &str, mode: u32| {
        fs::set_permissions(scene.path(path), fs::Permissions::from_mode(mode)).expect("rights can be set");
    };
    allow(".", 0o755);
    allow("out", 0o555);
    for output in ["out", "out/deep/er", "out/x.csv"] {
        let arguments = ["report", "-", "-o", output, "--force"];
        let mut command = scene.command(&arguments);
        if is_root {
            command = Command::new(nobody[0]);
            command.args(&nobody[1..]).arg(PROGRAM).args(arguments).current_dir(scene.path("."));
        }
        ends_before_it_reads(&scene, command);
    }
    assert_eq!(scene.names("out"), ["diary.txt"]);
    allow("out", 0o755);
}

/// The least size of a disk, in KiB.
const PAGE: usize = 4;

/// Makes the disk bigger from run to run, until the report is on it, and checks each run that fails. Gives how many
/// failed.
fn until_it_fits(scene: &Scene, disk: &Disk, empty: usize, step: usize, arguments: &[&str]) -> usize {
    let before = Before::of(scene, "disk/out");
    let has_old = scene.path("disk/out/SHA256SUMS").exists();
    for failed in 0..200 {
        disk.change(&format!("size={}k", empty + failed * step));
        let ended = scene.run(arguments);
        if ended.code == Some(0) {
            ended.is(0, "", "");
            is_whole(scene, "disk/out");
            return failed;
        }
        could_not_write(&ended);
        assert!(ended.err.contains("No space left on device"), "{ended}");
        before.is_as_it_was(&ended);
        if has_old {
            is_whole(scene, "disk/out");
        }
    }
    panic!("{arguments:?} never fits");
}

/// How much stands on a disk, in KiB.
fn used(scene: &Scene, folder: &str) -> usize {
    let bytes = super::folder::contents(&scene.path(folder)).into_values();
    bytes.map(|bytes| bytes.len().div_ceil(PAGE * 1024) * PAGE).sum::<usize>()
}

#[test]
fn a_disk_that_becomes_full_ends_with_5_in_every_format_and_leaves_nothing() {
    let scene = Scene::of(&[("pages/1.json", many(300))]);
    for formats in FORMATS.map(|(format, _)| format).into_iter().chain([ALL]) {
        let arguments = ["report", "pages", "-o", "disk/out", "-f", formats, "-q"];
        // A size of nothing would be no limit.
        let Some(disk) = Disk::mount(scene.path("disk"), "size=4k") else { return };
        let step = if formats == ALL { 16 * PAGE } else { 4 * PAGE };
        let failed = until_it_fits(&scene, &disk, PAGE, step, &arguments);
        assert!(failed > 0, "{formats}: the disk was never full");
    }
}

#[test]
fn a_disk_that_becomes_full_leaves_the_older_report_whole() {
    let scene = Scene::of(&[("pages/1.json", many(300)), ("old/1.json", planned(&[]))]);
    for formats in FORMATS.map(|(format, _)| format).into_iter().chain([ALL]) {
        let arguments = ["report", "pages", "-o", "disk/out", "-f", formats, "-q", "--force"];
        let Some(disk) = Disk::mount(scene.path("disk"), "size=1m") else { return };
        scene.run(&["report", "old", "-o", "disk/out", "-f", ALL, "-q"]).is(0, "", "");
        let step = if formats == ALL { 16 * PAGE } else { 4 * PAGE };
        let failed = until_it_fits(&scene, &disk, used(&scene, "disk"), step, &arguments);
        assert!(failed > 0, "{formats}: the disk was never full");
    }
}

#[test]
fn a_disk_without_room_for_another_name_ends_with_5() {
    let scene = Scene::of(&[("pages/1.json", many(1)), ("old/1.json", planned(&[]))]);
    let Some(disk) = Disk::mount(scene.path("disk"), "size=4m,nr_inodes=100") else { return };
    scene.run(&["report", "old", "-o", "disk/out", "-f", "csv,md", "-q"]).is(0, "", "");
    let before = Before::of(&scene, "disk/out");
    // The disk's root, the folder, and the five files of the report in it.
    for names in 7..100 {
        disk.change(&format!("nr_inodes={names}"));
        let ended = scene.run(&["report", "pages", "-o", "disk/out", "-f", ALL, "-q", "--force"]);
        if ended.code == Some(0) {
            is_whole(&scene, "disk/out");
            assert!(names > 7, "the disk was never full: {ended}");
            return;
        }
        could_not_write(&ended);
        before.is_as_it_was(&ended);
    }
    panic!("the report never fits");
}

#[test]
fn a_single_file_on_a_full_disk_leaves_the_older_one() {
    let scene = Scene::of(&[("pages/1.json", many(300))]);
    for (format, _) in FORMATS {
        let output = format!("disk/x.{format}");
        for is_there in [false, true] {
            let Some(_disk) = Disk::mount(scene.path("disk"), "size=64k") else { return };
            if is_there {
                scene.write(&output, "mine");
            }
            let room = 64 - used(&scene, "disk");
            scene.write("disk/ballast", vec![b' '; room * 1024]);
            let before = Before::of(&scene, "disk");
            let ended = scene.run(&["report", "pages", "-o", &output, "-q", "--force"]);
            could_not_write(&ended);
            before.is_as_it_was(&ended);
        }
    }
}

#[test]
fn a_full_folder_of_temporary_files_ends_with_5_and_without_a_panic() {
    let scene = Scene::of(&[("pages/1.json", many(300))]);
    let Some(disk) = Disk::mount(scene.path("disk"), "size=4k") else { return };
    let mut failed = 0;
    for size in (PAGE..400).step_by(PAGE) {
        disk.change(&format!("size={size}k"));
        let mut command = scene.command(&["report", "pages", "-o", "-", "-f", "xlsx", "-q"]);
        let output = command.env("TMPDIR", scene.path("disk")).output().expect("the program can be run");
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(scene.names("disk"), [""; 0], "temporary files are left");
        if output.status.code() == Some(0) {
            assert_eq!(err, "");
            break;
        }
        failed += 1;
        let told =
            "entra-diff: the output cannot be written: report.xlsx: No space left on device (os error 28)\n";
        assert_eq!((output.status.code(), &*err), (Some(5), told), "TMPDIR of {size} KiB");
        assert_eq!(output.stdout.len(), 0, "the workbook was begun before its sheets were there");
    }
    assert!(failed > 2, "the folder of temporary files was full {failed} times");
}

#[test]
fn a_folder_of_temporary_files_that_cannot_be_used_ends_with_5() {
    let scene = Scene::of(&[("pages/1.json", many(1)), ("file", String::new())]);
    for folder in ["missing", "file"] {
        let mut command = scene.command(&["report", "pages", "-o", "-", "-f", "xlsx", "-q"]);
        command.env("TMPDIR", scene.path(folder));
        let ended = scene.finish(command);
        could_not_write(&ended);
        // A folder gets a report all the same: its temporary files stand beside it.
        let mut command = scene.command(&["report", "pages", "-o", folder, "-f", "xlsx", "-q"]);
        command.env("TMPDIR", scene.path(folder));
        if folder == "missing" {
            scene.finish(command).is(0, "", "");
        }
    }
}

/// `ulimit -f`, which the system tells with a signal that kills whoever is not prepared for it.
#[test]
fn a_limit_of_file_sizes_ends_with_5_and_leaves_the_older_report_whole() {
    let scene = Scene::of(&[("pages/1.json", many(300)), ("old/1.json", planned(&[]))]);
    scene.run(&["report", "old", "-o", "old-out", "-f", ALL, "-q"]).is(0, "", "");
    for (output, options) in [("out", ""), ("old-out", "--force")] {
        for formats in FORMATS.map(|(format, _)| format).into_iter().chain([ALL]) {
            for blocks in [0, 1, 4, 16] {
                let before = Before::of(&scene, output);
                let script = format!(
                    "ulimit -f {blocks}; exec \"$0\" report pages -o {output} -f {formats} -q {options}"
                );
                let mut command = Command::new("sh");
                command.args(["-c", &script, PROGRAM]).current_dir(scene.path("."));
                let ended = scene.finish(command);
                if blocks == 16 && ended.code == Some(0) {
                    // The summaries are as small as that.
                    scene.run(&["report", "old", "-o", output, "-f", ALL, "-q", "--force"]).is(0, "", "");
                    if output == "out" {
                        fs::remove_dir_all(scene.path(output)).expect("the report can be removed");
                    }
                    continue;
                }
                could_not_write(&ended);
                before.is_as_it_was(&ended);
                is_calm(&ended);
            }
        }
    }
    is_whole(&scene, "old-out");
}
