//! What the program tells about itself.

use super::scene::Scene;

const CODES: &str = "\
Exit codes:
    0  everything asked for is written, nothing is missing from it
    1  written, and a condition of --fail-on was met
    2  an option, or a SOURCE_DATE_EPOCH, that cannot be
    3  ";

#[test]
fn help_prints_the_exit_codes() {
    let scene = Scene::of_ana();
    for arguments in
        [&["--help"][..], &["report", "--help"], &["help", "report"], &["-h"], &["verify", "--help"]]
    {
        let ended = scene.run(arguments);
        ended.tells(
            0,
            &["Usage: entra-diff", CODES, "\n    4  ", "\n    5  ", "\n    7  ", "\n   70  ", "\n  130  "],
            &[],
        );
    }
}

#[test]
fn help_names_every_command_and_option() {
    let scene = Scene::of_ana();
    scene.run(&["--help"]).tells(
        0,
        &["\n  report ", "\n  summary ", "\n  show ", "\n  completions ", "\n  man "],
        &[],
    );
    let options = [
        "--output <PATH>",
        "--format <LIST>",
        "--title <TEXT>",
        "--organization <TEXT>",
        "--case-id <TEXT>",
        "--prepared-by <TEXT>",
        "--job <ID>",
        "--csv-raw",
        "--csv-delimiter <WHICH>",
        "--csv-bom <WHETHER>",
        "--strict",
        "--force",
        "--fail-on <LIST>",
        "--jobs <N>",
        "--quiet",
        "--verbose",
        "--color <WHEN>",
        "--perspective <WHICH>",
        "--timezone <ZONE>",
        "[possible values: html, csv, xlsx, ndjson, json, md",
        "failed-changes, any-change, problems]",
        "--message-format <FORMAT>",
        "--max-file-size <MIB>",
        "--max-memory <MIB>",
        "--max-change-size <MIB>",
        "--max-problems <N>",
        "--max-name-size <BYTES>",
        "--max-stream-size <MIB>",
        "--max-archive-ratio <N>",
        "--max-archive-entries <N>",
        "--max-archive-size <MIB>",
    ];
    scene.run(&["report", "-h"]).tells(0, &options, &[]);
}

#[test]
fn the_version_is_that_of_the_package() {
    Scene::of_ana().run(&["--version"]).is(0, concat!("entra-diff ", env!("CARGO_PKG_VERSION"), "\n"), "");
}

#[test]
fn completions_know_every_command_in_every_shell() {
    let scene = Scene::of_ana();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        scene.run(&["completions", shell]).tells(
            0,
            &["entra-diff", "report", "summary", "show", "fail-on"],
            &[],
        );
    }
}

#[test]
fn the_manual_page_is_one() {
    let ended = Scene::of_ana().run(&["man"]);
    ended.tells(0, &[".TH entra-diff 1", ".SH NAME", "report", "summary", "show", "Exit codes"], &[]);
}
