//! Links in the place of what is written, and below what is read: none of them leads out of its folder.

use std::fs;
use std::os::unix::fs::symlink;

use super::folder::{ALL, FORMATS, UNFINISHED, contents, is_whole, many};
use super::scene::Scene;

/// A scene with something that nobody may touch.
fn scene() -> Scene {
    Scene::of(&[
        ("pages/1.json", many(1)),
        ("victims/file", "mine".to_owned()),
        ("victims/folder/lock", "mine".to_owned()),
        ("victims/folder/report.html", "mine".to_owned()),
    ])
}

fn link(scene: &Scene, to: &str, at: &str) {
    let at = scene.path(at);
    fs::create_dir_all(at.parent().expect("a folder above")).expect("a folder can be made");
    symlink(to, &at).unwrap_or_else(|error| panic!("{}: {error}", at.display()));
}

#[test]
fn a_link_in_the_place_of_any_file_of_a_report_is_replaced() {
    let scene = scene();
    let victims = contents(&scene.path("victims"));
    for target in ["../victims/file", "../victims/nowhere"] {
        let names = FORMATS.map(|(_, file)| file).into_iter();
        for name in names.chain(["INPUTS.sha256", "manifest.json", "SHA256SUMS"]) {
            link(&scene, target, &format!("out/{name}"));
        }
        scene.run(&["report", "pages", "-o", "out", "-f", ALL, "--force", "-q"]).is(0, "", "");
        is_whole(&scene, "out");
        for (name, _) in contents(&scene.path("out")) {
            let data = fs::symlink_metadata(scene.path("out").join(&name)).expect("a file of the report");
            assert!(data.is_file(), "{name} is still a link");
        }
        assert_eq!(contents(&scene.path("victims")), victims);
        fs::remove_dir_all(scene.path("out")).expect("the report can be removed");
    }
}

#[test]
fn a_link_in_the_place_of_an_output_not_asked_for_is_removed_alone() {
    let scene = scene();
    let victims = contents(&scene.path("victims"));
    link(&scene, "../victims/file", "out/report.xlsx");
    scene.run(&["report", "pages", "-o", "out", "-f", "csv", "--force", "-q"]).is(0, "", "");
    is_whole(&scene, "out");
    scene.holds("out", &["changes.csv"]);
    assert_eq!(contents(&scene.path("victims")), victims);
}

#[test]
fn a_link_in_the_place_of_a_single_file_is_replaced_with_force_only() {
    let scene = scene();
    let victims = contents(&scene.path("victims"));
    for target in ["victims/file", "victims/nowhere"] {
        link(&scene, target, "x.csv");
        scene.run(&["report", "pages", "-o", "x.csv", "-q"]).is(
            5,
            "",
            "entra-diff: the output is in use: x.csv: choose another with -o, or give --force\n",
        );
        scene.run(&["report", "pages", "-o", "x.csv", "--force", "-q"]).is(0, "", "");
        assert!(scene.read("x.csv").contains("Ana"));
        assert!(fs::symlink_metadata(scene.path("x.csv")).expect("a file").is_file(), "it is still a link");
        fs::remove_file(scene.path("x.csv")).expect("the file can be removed");
        assert_eq!(contents(&scene.path("victims")), victims);
    }
    assert_eq!(scene.names("."), ["pages", "victims"]);
}

#[test]
fn a_link_to_a_folder_in_the_place_of_a_file_is_refused_untouched() {
    let scene = scene();
    let victims = contents(&scene.path("victims"));
    link(&scene, "../victims/folder", "out/changes.csv");
    link(&scene, "victims/folder", "x.csv");
    for output in ["out", "x.csv"] {
        let ended = scene.run(&["report", "pages", "-o", output, "-f", "csv", "--force", "-q"]);
        ended.tells(5, &[], &["entra-diff: the output cannot be written: ", "directory"]);
    }
    assert_eq!(contents(&scene.path("victims")), victims);
    assert_eq!(scene.names("out"), ["changes.csv"]);
}

/// Who names a link to a folder means the folder.
#[test]
fn a_link_to_a_folder_takes_the_report() {
    let scene = scene();
    fs::create_dir(scene.path("empty")).expect("a folder can be made");
    link(&scene, "empty", "out");
    scene.run(&["report", "pages", "-o", "out", "-q"]).is(0, "", "");
    is_whole(&scene, "empty");
    link(&scene, "nowhere", "dangling");
    let ended = scene.run(&["report", "pages", "-o", "dangling", "-q"]);
    ended.tells(5, &[], &["entra-diff: the output cannot be written: dangling: "]);
    assert_eq!(scene.names("."), ["dangling", "empty", "out", "pages", "victims"]);
}

#[test]
fn a_link_in_the_place_of_unfinished_files_leads_nowhere() {
    let scene = scene();
    let victims = contents(&scene.path("victims"));
    for target in ["../victims/folder", "../victims/file", "../victims/nowhere"] {
        link(&scene, target, &format!("out/{UNFINISHED}"));
        // A folder with a link in it is not empty; what is more is told with --force only.
        let ended = scene.run(&["report", "pages", "-o", "out", "-q"]);
        ended.tells(5, &[], &["entra-diff: ", "out"]);
        assert_eq!(scene.names("out"), [UNFINISHED]);
        scene.run(&["report", "pages", "-o", "out", "-f", "csv", "--force", "-q"]).is(0, "", "");
        is_whole(&scene, "out");
        scene.holds("out", &["changes.csv"]);
        assert_eq!(contents(&scene.path("victims")), victims, "{target}");
        fs::remove_dir_all(scene.path("out")).expect("the report can be removed");
    }
}

#[test]
fn links_among_the_files_of_a_killed_run_are_removed_and_not_followed() {
    let scene = scene();
    let victims = contents(&scene.path("victims"));
    link(&scene, "../../victims/folder", &format!("out/{UNFINISHED}/replaced"));
    link(&scene, "../../victims/file", &format!("out/{UNFINISHED}/lock"));
    link(&scene, "../../victims/file", &format!("out/{UNFINISHED}/report.html"));
    scene.run(&["report", "pages", "-o", "out", "--force", "-q"]).is(0, "", "");
    is_whole(&scene, "out");
    assert_eq!(contents(&scene.path("victims")), victims);
}

/// A pipe would keep whoever opens it until somebody writes into it.
#[test]
fn a_pipe_in_the_place_of_the_lock_keeps_nobody_waiting() {
    let scene = scene();
    fs::create_dir_all(scene.path("out").join(UNFINISHED)).expect("a folder can be made");
    let pipe = scene.path("out").join(UNFINISHED).join("lock");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo can be run");
    assert!(made.success(), "{}: {made}", pipe.display());
    let mut command = std::process::Command::new("timeout");
    command.args(["20", env!("CARGO_BIN_EXE_entra-diff"), "report", "pages", "-o", "out", "--force", "-q"]);
    command.current_dir(scene.path("."));
    scene.finish(command).is(0, "", "");
    is_whole(&scene, "out");
}

/// Matrix of the inputs: a link to a folder is not followed, a loop neither, and both are told.
#[test]
fn links_below_the_inputs_are_told_and_lead_nowhere() {
    let scene = Scene::of(&[("pages/1.json", many(1)), ("elsewhere/2.json", many(2))]);
    link(&scene, "../elsewhere", "pages/other");
    link(&scene, ".", "pages/again");
    let ended = scene.run(&["report", "pages", "-o", "out", "-f", "json", "-v"]);
    ended.tells(0, &["other: passed over: ", "again: passed over: ", "1 object, "], &[]);
    link(&scene, "loop", "pages/loop");
    link(&scene, "nowhere", "pages/3.json");
    let ended = scene.run(&["report", "pages", "-o", "out", "-f", "json", "--force"]);
    ended.tells(
        3,
        &["1 object, ", "Problems: 2 errors"],
        &["loop: unreadableFile: ", "3.json: unreadableFile: "],
    );
    let told = scene.read("out/summary.json");
    for name in ["\"other\"", "\"again\"", "\"loop\"", "\"3.json\""] {
        assert!(told.contains(name), "{name} is not told in summary.json: {told}");
    }
    is_whole(&scene, "out");
}
