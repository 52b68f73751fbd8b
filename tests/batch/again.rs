//! A second run: what is finished is left alone, what changed is made again, what was killed is completed, and two at once
//! do not meet.

use std::fs::{self, File};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;

use super::folder::{POLICY, assert_listed, contents, field, three};
use super::scene::{ANA, Ended, Scene, planned};

/// A batch that leaves alone what is finished; which cases it made, by what it says.
fn resumed(scene: &Scene, options: &[&str]) -> Vec<String> {
    let ended = scene.run(&[&["batch", "cases", "-o", "out", "-f", "csv", "--resume"], options].concat());
    assert!(matches!(ended.code, Some(0 | 3 | 4)), "{ended}");
    assert_listed(scene, "out");
    made(&ended)
}

fn made(ended: &Ended) -> Vec<String> {
    let lines = ended.err.lines().filter(|line| !line.contains(": unchanged since it was made: "));
    let name = |line: &str| Some(line.split_once("] ")?.1.split_once(": ")?.0.to_owned());
    let mut names: Vec<String> = lines.filter_map(name).collect();
    names.sort();
    names
}

#[test]
fn only_what_changed_is_made_again() {
    let scene = three();
    assert_eq!(resumed(&scene, &[]), ["Alpha", "Beta", "Gamma"]);
    // What has no report is tried again.
    assert_eq!(resumed(&scene, &[]), ["Gamma"]);
    scene.write("cases/Alpha/getChanges/1.json", planned(&[]));
    assert_eq!(resumed(&scene, &[]), ["Alpha", "Gamma"], "an input changed");
    scene.write("cases/Beta/2.json", planned(&[]));
    assert_eq!(resumed(&scene, &[]), ["Beta", "Gamma"], "an input came");
    fs::remove_file(scene.path("cases/Beta/2.json")).expect("it is there");
    assert_eq!(resumed(&scene, &[]), ["Beta", "Gamma"], "an input went");
    scene.write("cases/Beta/case.toml", "title = \"Beta\"");
    assert_eq!(resumed(&scene, &[]), ["Beta", "Gamma"], "its words changed");
    assert_eq!(
        resumed(&scene, &["--perspective", "recovery"]),
        ["Alpha", "Beta", "Gamma"],
        "the options changed"
    );
    assert_eq!(resumed(&scene, &["--perspective", "recovery", "-j", "1", "-v"]), ["Gamma"]);
    scene.write("cases/Delta/1.json", planned(&[ANA]));
    assert_eq!(resumed(&scene, &["--perspective", "recovery"]), ["Delta", "Gamma"]);
}

#[test]
fn a_report_that_is_not_what_it_was_is_made_again() {
    let scene = three();
    resumed(&scene, &[]);
    let report = scene.read("out/Alpha/changes.csv");
    scene.write("out/Alpha/changes.csv", "else");
    assert_eq!(resumed(&scene, &[]), ["Alpha", "Gamma"]);
    assert_eq!(scene.read("out/Alpha/changes.csv"), report);
    fs::remove_file(scene.path("out/Alpha/manifest.json")).expect("it is there");
    assert_eq!(resumed(&scene, &[]), ["Alpha", "Gamma"]);
    fs::remove_dir_all(scene.path("out/Beta")).expect("it is there");
    assert_eq!(resumed(&scene, &[]), ["Beta", "Gamma"]);
    let record = format!("out/.entra-diff-batch/cases/{}.json", entra_diff::model::Digest::of(b"Alpha"));
    assert!(scene.path(&record).exists(), "{record}");
    scene.write(&record, "{}");
    assert_eq!(resumed(&scene, &[]), ["Alpha", "Gamma"], "a record that is none");
}

#[test]
fn a_case_that_was_mended_is_told_as_mended() {
    let scene = three();
    scene.write("cases/Beta/case.toml", "nothing");
    resumed(&scene, &[]);
    assert_eq!(field(&scene, "out", "exitCode"), [0, 3, 4]);
    fs::remove_file(scene.path("cases/Beta/case.toml")).expect("it is there");
    assert_eq!(resumed(&scene, &[]), ["Beta", "Gamma"]);
    assert_eq!(field(&scene, "out", "exitCode"), [0, 0, 4]);
    assert_eq!(field(&scene, "out", "error")[1], json!(null));
}

#[test]
fn a_folder_in_use_is_not_touched_without_a_word_for_it() {
    let scene = three();
    scene.write("out/mine.txt", "mine");
    for option in ["-q", "--resume"] {
        let ended = scene.run(&["batch", "cases", "-o", "out", option]);
        ended.tells(5, &[], &["the output is in use: out"]);
    }
    assert_eq!(scene.names("out"), ["mine.txt"]);
    let ended = scene.run(&["batch", "cases", "-o", "out", "--force"]);
    ended.tells(4, &["mine.txt: not of this batch, left alone"], &["Alpha"]);
    scene.run(&["batch", "cases", "-o", "out"]).tells(5, &[], &["the output is in use: out"]);
    assert_eq!(scene.read("out/mine.txt"), "mine");
}

#[test]
fn the_second_of_two_says_so_and_stops() {
    let scene = three();
    scene.run(&["batch", "cases", "-o", "out", "-q"]);
    let before = contents(&scene.path("out"));
    let lock = File::open(scene.path("out/.entra-diff-batch/lock")).expect("it is there");
    lock.lock().expect("nobody has it");
    for option in ["--resume", "--force", "-q"] {
        let ended = scene.run(&["batch", "cases", "-o", "out", option]);
        ended.tells(5, &[], &["another run is writing there: out"]);
    }
    assert!(contents(&scene.path("out")) == before);
    lock.unlock().expect("this test has it");
    assert_eq!(scene.run(&["batch", "cases", "-o", "out", "-q", "--resume"]).code, Some(4));
}

/// Cases that take a moment each.
pub(crate) fn slow() -> Scene {
    let scene = Scene::of::<String>(&[]);
    let items: Vec<String> =
        (0..400).map(|number| POLICY.replace("\"p-1\"", &format!("\"p-{number}\""))).collect();
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    for case in 0..12 {
        scene.write(&format!("cases/case-{case}/1.json"), planned(&items));
    }
    scene
}

/// Runs a batch, and kills it some time after its folder is there; whether it was killed in time.
fn killed(scene: &Scene, after: Duration, signal: &str) -> bool {
    let mut command = scene.command(&["batch", "cases", "-o", "out", "-q", "-j", "2", "--resume"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().expect("it runs");
    let begun = Instant::now();
    while begun.elapsed() < after {
        if child.try_wait().expect("it can be waited for").is_some() {
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let kill = format!("kill -s {signal} {} 2>/dev/null", child.id());
    let _ = std::process::Command::new("sh").args(["-c", &kill]).status().expect("a shell can be run");
    child.wait().expect("it can be waited for").code() != Some(0)
}

#[cfg(unix)]
#[test]
fn a_kill_at_any_moment_is_resumed_and_nothing_of_it_is_left() {
    let scene = slow();
    scene.run(&["batch", "cases", "-o", "expected", "-q"]).is(0, "", "");
    let mut kills = 0;
    for round in 0..20_u64 {
        kills += u32::from(killed(&scene, Duration::from_millis(10 + 23 * round), "KILL"));
        if round % 5 == 4 {
            scene.run(&["batch", "cases", "-o", "out", "-q", "--resume"]).is(0, "", "");
            assert_listed(&scene, "out");
            let (found, expected) = (contents(&scene.path("out")), contents(&scene.path("expected")));
            assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
            for name in ["case-0/changes.csv", "case-11/changes.csv", "batch.csv"] {
                assert!(found[name] == expected[name], "{name}");
            }
            fs::remove_dir_all(scene.path("out")).expect("it can be removed");
        }
    }
    assert!(kills > 5, "{kills} of 20 kills came in time");
}

#[cfg(unix)]
#[test]
fn a_signal_leaves_whole_reports_and_nothing_unfinished() {
    let scene = slow();
    let mut signals = 0;
    for round in 0..6_u64 {
        signals += u32::from(killed(&scene, Duration::from_millis(40 + 40 * round), "TERM"));
        for name in contents(&scene.path("out")).into_keys() {
            assert!(!name.contains(".entra-diff-unfinished"), "{name}");
        }
        for case in scene.names("out").into_iter().filter(|name| name.starts_with("case-")) {
            scene.run(&["verify", &format!("out/{case}"), "-q"]).is(0, "", "");
        }
        scene.run(&["batch", "cases", "-o", "out", "-q", "--resume"]).is(0, "", "");
        fs::remove_dir_all(scene.path("out")).expect("it can be removed");
    }
    assert!(signals > 0, "no signal came in time");
}

#[test]
fn an_index_alone_has_no_reports_and_the_same_rows() {
    let scene = three();
    scene.run(&["batch", "cases", "-o", "whole", "-q"]);
    scene.run(&["batch", "cases", "-o", "out", "-q", "--summary-only"]);
    let names = scene.names("out");
    let index = ["SHA256SUMS", "batch.csv", "batch.ndjson", "batch.xlsx", "index.html", "manifest.json"];
    assert_eq!(names, [&[".entra-diff-batch"], index.as_slice()].concat());
    for name in ["exitCode", "totals", "groups", "first", "evidenceId"] {
        assert_eq!(field(&scene, "out", name), field(&scene, "whole", name), "{name}");
    }
    assert_eq!(field(&scene, "out", "files"), [json!([]), json!([]), json!([])]);
    let ended = scene.run(&["batch", "cases", "-o", "out", "--summary-only", "--resume"]);
    assert_eq!(made(&ended), ["Gamma"]);
    let ended = scene.run(&["batch", "cases", "-o", "out", "--resume"]);
    assert_eq!(made(&ended), ["Alpha", "Beta", "Gamma"], "now the reports are wanted");
}

#[test]
fn what_is_kept_for_a_later_run_may_be_removed() {
    let scene = three();
    resumed(&scene, &[]);
    fs::remove_dir_all(scene.path("out/.entra-diff-batch")).expect("it is there");
    assert_eq!(resumed(&scene, &[]), ["Alpha", "Beta", "Gamma"], "nothing is known of them");
    assert_eq!(resumed(&scene, &[]), ["Gamma"]);
    fs::remove_dir_all(scene.path("out/.entra-diff-batch")).expect("it is there");
    scene.write("out/manifest.json", r#"{"kind":"batch"}"#);
    scene.run(&["batch", "cases", "-o", "out", "--resume"]).tells(5, &[], &["the output is in use: out"]);
}

#[cfg(unix)]
#[test]
fn a_case_of_the_longest_name_is_left_alone_too() {
    let scene = three();
    for name in ["🦊".repeat(63), "x".repeat(79)] {
        scene.write(&format!("cases/{name}/1.json"), planned(&[ANA]));
    }
    assert_eq!(resumed(&scene, &[]).len(), 5);
    assert_eq!(resumed(&scene, &[]), ["Gamma"]);
}

/// The files of the three cases' folders.
fn of_cases(scene: &Scene) -> Vec<String> {
    contents(&scene.path("out")).into_keys().filter(|name| name.contains('/')).collect()
}

#[test]
fn an_index_alone_takes_the_place_of_the_reports_that_stand_there() {
    let scene = three();
    scene.run(&["batch", "cases", "-o", "out", "-q"]);
    scene.write("out/Alpha/notes.txt", "mine");
    scene.write("out/Beta/changes.csv", "changed by somebody");
    scene.write("out/Beta/SHA256SUMS.minisig", "a signature");
    let ended = scene.run(&["batch", "cases", "-o", "out", "--summary-only", "--force"]);
    ended.tells(4, &["Alpha: not of this batch, left alone", "Beta: not of this batch"], &["[3/3] "]);
    assert_eq!(of_cases(&scene), ["Alpha/notes.txt", "Beta/SHA256SUMS.minisig", "Beta/changes.csv"]);
    assert_eq!(field(&scene, "out", "files"), [json!([]), json!([]), json!([])]);
    for name in of_cases(&scene) {
        fs::remove_file(scene.path(&format!("out/{name}"))).expect("it is there");
    }
    for name in ["Alpha", "Beta"] {
        fs::remove_dir(scene.path(&format!("out/{name}"))).expect("nothing else is in it");
    }
    assert_listed(&scene, "out");
    scene.run(&["verify", "out", "-q"]).is(0, "", "");
}

/// What a row says of a report that is not the one it tells of.
const OTHER: &str = "the report that stands in its folder is not of this index";

#[test]
fn an_index_alone_knows_the_reports_that_are_still_right() {
    let scene = three();
    scene.run(&["batch", "cases", "-o", "out", "-q"]);
    let (before, files) = (contents(&scene.path("out")), field(&scene, "out", "files"));
    scene.run(&["batch", "cases", "-o", "out", "--summary-only", "--resume", "-q"]);
    assert_eq!(field(&scene, "out", "files"), files);
    assert_listed(&scene, "out");
    scene.run(&["verify", "out", "-q"]).is(0, "", "");
    scene.write("cases/Beta/1.json", planned(&[ANA]));
    for made_now in [&["Beta", "Gamma"][..], &["Gamma"]] {
        let ended = scene.run(&["batch", "cases", "-o", "out", "--summary-only", "--resume"]);
        assert_eq!(made(&ended), made_now);
        ended.tells(4, &["Beta: not of this batch, left alone"], &[OTHER]);
        let after = contents(&scene.path("out"));
        let of_case = |name: &String| name.contains('/');
        assert!(before.iter().filter(|(name, _)| of_case(name)).all(|(name, bytes)| after[name] == *bytes));
        assert_eq!(field(&scene, "out", "files"), [files[0].clone(), json!([]), json!([])]);
        assert_eq!(field(&scene, "out", "error")[..2], [json!(null), json!(OTHER)]);
        let page = scene.read("out/index.html");
        assert!(page.contains("Alpha/report.html") && !page.contains("Beta/report.html"));
    }
    fs::remove_dir_all(scene.path("out/Beta")).expect("it is there");
    scene.run(&["batch", "cases", "-o", "out", "--summary-only", "--resume", "-q"]);
    assert_eq!(field(&scene, "out", "error")[1], json!(null), "it is gone");
    assert_listed(&scene, "out");
}

#[test]
fn a_case_that_fails_keeps_its_earlier_report_and_its_row_says_so() {
    let scene = three();
    scene.run(&["batch", "cases", "-o", "out", "-q"]);
    let before = contents(&scene.path("out/Beta"));
    for option in ["--resume", "--force"] {
        scene.write("cases/Beta/1.json", "no page");
        let ended = scene.run(&["batch", "cases", "-o", "out", option]);
        ended.tells(4, &["Beta: not of this batch, left alone"], &[OTHER]);
        assert!(contents(&scene.path("out/Beta")) == before);
        assert_eq!(field(&scene, "out", "files")[1], json!([]));
        assert!(scene.read("out/index.html").contains(OTHER));
    }
}
