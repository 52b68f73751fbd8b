//! What this program made is no case, and nothing else is left out for it: a tenant that is missing is the worst fault.

use std::fs;

use serde_json::{Value, json};

use super::folder::{POLICY, contents, field, three, told, zipped};
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

#[cfg(unix)]
#[test]
fn a_tenant_behind_a_link_is_missing() {
    let scene = Scene::of(&[("cases/a/1.json", planned(&[ANA])), ("elsewhere/1.json", planned(&[POLICY]))]);
    std::os::unix::fs::symlink(scene.path("elsewhere"), scene.path("cases/link")).expect("a link");
    let ended = scene.run(&["batch", "cases", "-o", "out", "-f", "csv"]);
    ended.tells(3, &["cases/link: a link to a folder, which is not followed"], &["[1/1] a: "]);
    assert!(scene.read("out/index.html").contains("Not everything is in a case"));
}

#[test]
fn an_archive_that_is_not_read_here_is_a_missing_tenant() {
    let scene = Scene::of(&[("cases/a/1.json", planned(&[ANA]))]);
    scene.run(&["batch", "cases", "-o", "out", "-q"]).is(0, "", "");
    for name in ["T.7z", "T.tar", "T.RAR", "T.tar.gz", "T.tgz", "T.tar.xz"] {
        scene.write(&format!("cases/{name}"), "an archive");
        let ended = scene.run(&["batch", "cases", "-o", "out", "--force", "-f", "csv"]);
        ended.tells(
            3,
            &[&format!("cases/{name}: an archive of a kind that is not read here")],
            &["[1/1] a: "],
        );
        fs::remove_file(scene.path(&format!("cases/{name}"))).expect("it is there");
    }
}

#[test]
fn what_is_given_twice_is_counted_once() {
    let scene = three();
    scene.run(&["batch", "cases", "cases/.", "./cases", "-o", "out", "-q", "-f", "csv"]);
    assert_eq!(field(&scene, "out", "case"), ["Alpha", "Beta", "Gamma"]);
    assert!(left_out(&scene, "out").is_empty());
    let ended = scene.run(&["batch", "cases/Alpha", "cases", "-o", "inner", "-f", "csv"]);
    ended.tells(4, &["cases/Alpha/getChanges: in another case, or the same"], &["[3/3] "]);
    assert_eq!(field(&scene, "inner", "case"), ["Alpha", "Beta", "Gamma"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_what_is_counted_already_misses_nothing() {
    let scene = three();
    fs::remove_dir_all(scene.path("cases/Gamma")).expect("it is there");
    scene.run(&["batch", "cases", "-o", "cases/reports", "-q"]).is(0, "", "");
    scene.write("cases/d.zip", zipped(&[("1.json", planned(&[ANA]))]));
    for (target, link) in [("Alpha", "cases/again"), ("reports", "cases/latest"), ("d.zip", "cases/e.zip")] {
        std::os::unix::fs::symlink(target, scene.path(link)).expect("a link");
    }
    let ended = scene.run(&["batch", "cases", "-o", "out", "-f", "csv"]);
    ended.tells(
        0,
        &["cases/again: in another case, or the same", "cases/latest: made by entra-diff"],
        &["[3/3] "],
    );
    assert_eq!(field(&scene, "out", "case"), ["Alpha", "Beta", "d.zip"]);
}

#[test]
fn a_restore_session_is_counted_with_one_job_of_its_folder() {
    let scene = Scene::of(&[
        ("cases/a/1.json", page("recoveryPreviewJobs/job-1/getChanges", &[ANA])),
        ("cases/a/2.json", page("recoveryPreviewJobs/job-2/getChanges", &[POLICY])),
        ("cases/a/session.json", r#"{"siteRestoreArtifacts@delta":[{"id":"s"},{"id":"t"}]}"#.to_owned()),
    ]);
    let batch = ["batch", "cases", "-o", "out", "-q", "-f", "csv", "--by", "job", "--resume"];
    for _ in 0..2 {
        scene.run(&batch).is(0, "", "");
        let counts: Vec<Value> =
            told(&scene, "out").iter().map(|case| case["restoreArtifacts"]["count"].clone()).collect();
        assert_eq!(counts, [json!(2), json!(null)]);
    }
    scene.write("cases/a/0.json", page("recoveryPreviewJobs/job-0/getChanges", &[ANA]));
    scene.run(&batch).is(0, "", "");
    let all = told(&scene, "out");
    let counts = all.iter().filter_map(|case| case["restoreArtifacts"]["count"].as_u64());
    assert_eq!(counts.sum::<u64>(), 2);
}
