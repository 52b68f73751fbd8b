//! What this program made is no case, and nothing else is left out for it: a tenant that is missing is the worst fault.

use std::fs;

use serde_json::{Value, json};

use super::folder::{POLICY, contents, field, three};
use super::scene::{ANA, Scene, page, planned};

/// What was left out of a batch, with its reason.
fn left_out(scene: &Scene, output: &str) -> Vec<Value> {
    scene.json(&format!("{output}/manifest.json"))["leftOut"].as_array().expect("a list").clone()
}

#[test]
fn a_folder_of_pages_is_a_case_whatever_its_lists_say() {
    let scene = Scene::of(&[
        ("cases/custody/getChanges/1.json", planned(&[ANA])),
        ("cases/custody/SHA256SUMS", format!("{}  getChanges/1.json\n", "0".repeat(64))),
        ("cases/kind/1.json", planned(&[POLICY])),
        ("cases/kind/manifest.json", r#"{"kind":"batch"}"#.to_owned()),
        ("cases/plain/1.json", planned(&[ANA])),
    ]);
    scene.run(&["batch", "cases", "-o", "out", "-q", "-f", "csv"]);
    assert_eq!(field(&scene, "out", "case"), ["custody", "kind", "plain"]);
    assert!(scene.read("out/kind/changes.csv").contains("Require MFA"));
}

#[test]
fn a_batch_that_holds_a_page_of_its_own_is_a_case() {
    let scene = three();
    fs::remove_dir_all(scene.path("cases/Gamma")).expect("it is there");
    for name in ["pages", "in case", "state"] {
        scene.run(&["batch", "cases", "-o", &format!("made/{name}"), "-q"]).is(0, "", "");
    }
    scene.write("made/pages/getChanges/1.json", planned(&[POLICY]));
    scene.write("made/in case/Alpha/getChanges/1.json", planned(&[POLICY]));
    fs::remove_file(scene.path("made/state/manifest.json")).expect("it is there");
    scene.write("made/state/1.json", planned(&[POLICY]));
    scene.run(&["batch", "made", "-o", "out", "-q", "-f", "csv"]);
    assert_eq!(field(&scene, "out", "case"), ["in case", "pages", "state"]);
    for case in ["in case", "pages", "state"] {
        assert!(scene.read(&format!("out/{case}/changes.csv")).contains("Require MFA"), "{case}");
    }
}

#[test]
fn a_report_that_holds_a_page_of_its_own_or_is_of_another_program_is_a_case() {
    let scene = three();
    scene.run(&["report", "cases/Alpha", "-o", "cases/with a page", "-q"]).is(0, "", "");
    scene.write("cases/with a page/1.json", planned(&[ANA]));
    scene.write("cases/foreign/changes.ndjson", planned(&[POLICY]));
    scene.write("cases/foreign/INPUTS.sha256", "");
    scene.write("cases/foreign/SHA256SUMS", "");
    scene.run(&["batch", "cases", "-o", "out", "-q", "-f", "csv"]);
    assert_eq!(field(&scene, "out", "case"), ["Alpha", "Beta", "Gamma", "foreign", "with a page"]);
}

#[test]
fn a_batch_that_was_killed_before_its_index_is_no_case() {
    let scene = three();
    scene.run(&["batch", "cases", "-o", "cases/out-1", "-q"]);
    for name in ["index.html", "batch.csv", "batch.ndjson", "batch.xlsx", "manifest.json", "SHA256SUMS"] {
        fs::remove_file(scene.path(&format!("cases/out-1/{name}"))).expect("it is there");
    }
    scene.run(&["batch", "cases", "-o", "out", "-q", "-f", "csv"]);
    assert_eq!(field(&scene, "out", "case"), ["Alpha", "Beta", "Gamma"]);
    assert_eq!(left_out(&scene, "out"), [json!({"source": "cases/out-1", "reason": "made by entra-diff"})]);
}

#[test]
fn what_this_program_made_is_told_without_being_asked() {
    let scene = three();
    scene.run(&["batch", "cases", "-o", "cases/yesterday", "-q"]);
    scene.write("cases/yesterday/SHA256SUMS.minisig", "a signature");
    let ended = scene.run(&["batch", "cases", "-o", "out"]);
    ended.tells(4, &["cases/yesterday: made by entra-diff"], &["[3/3] "]);
}

#[test]
fn what_a_batch_keeps_is_no_input() {
    let scene = Scene::of(&[
        ("night/1.json", page("recoveryPreviewJobs/job-1/getChanges", &[ANA])),
        ("night/2.json", page("recoveryPreviewJobs/job-2/getChanges", &[POLICY])),
    ]);
    let batch = ["batch", "night", "-o", "night/out", "--by", "job", "-j", "1", "-f", "csv"];
    scene.run(&batch).tells(0, &["2 cases: 2 with a report; "], &["[2/2] "]);
    let before = contents(&scene.path("night/out/job-1"));
    let again = scene.run(&[&batch, ["--resume"].as_slice()].concat());
    again.tells(0, &["2 cases: 2 with a report, 2 unchanged and left as they were; "], &["[2/2] "]);
    assert!(contents(&scene.path("night/out/job-1")) == before);
    let passed = &scene.json("night/out/job-2/manifest.json")["passedOver"];
    assert!(!passed.to_string().contains("out/"), "what was finished before has no part in it: {passed}");
    for case in ["job-1", "job-2"] {
        let ended = scene.run(&["verify", &format!("night/out/{case}"), "--inputs", "night"]);
        assert_eq!(ended.code, Some(0), "{ended}");
    }
    let ended = scene.run(&["summary", "night"]);
    assert!(ended.code == Some(0) && ended.out.contains("Problems: 0 errors"), "{ended}");
}
