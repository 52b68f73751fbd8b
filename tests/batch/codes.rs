//! How a batch ends: the most serious of its cases, conditions over all, limits, and what is told to programs.

use serde_json::{Value, json};

use super::folder::{ANA_OF, POLICY, field, three, told, zipped};
use super::scene::{ANA, ANA_FAILED, Scene, failed, planned};

fn code(scene: &Scene, options: &[&str]) -> Option<i32> {
    scene.run(&[&["batch", "cases", "-o", "out", "-q", "--force", "-f", "csv"], options].concat()).code
}

#[test]
fn a_batch_ends_as_the_most_serious_of_its_cases_does() {
    let scene = Scene::of(&[("cases/a/1.json", planned(&[ANA])), ("cases/b/1.json", planned(&[POLICY]))]);
    assert_eq!(code(&scene, &[]), Some(0));
    assert_eq!(code(&scene, &["--fail-on", "failed-changes"]), Some(0));
    assert_eq!(code(&scene, &["--fail-on", "any-change"]), Some(1));
    scene.write("cases/c/1.json", failed(&[ANA_FAILED]));
    assert_eq!(code(&scene, &["--fail-on", "failed-changes"]), Some(1), "one of three");
    assert_eq!(field(&scene, "out", "exitCode"), [0, 0, 1]);
    scene.write("cases/d/1.json", r#"{"@odata.context":"x/getChanges","@odata.nextLink":"x","value":[]}"#);
    assert_eq!(code(&scene, &["--fail-on", "failed-changes"]), Some(3));
    scene.write("cases/e/readme.txt", "");
    assert_eq!(code(&scene, &[]), Some(4));
    assert_eq!(field(&scene, "out", "exitCode"), [0, 0, 0, 3, 4]);
}

#[test]
fn a_case_that_cannot_be_written_stops_no_other() {
    let scene = three();
    scene.write("out/Alpha", "a file in the place of the folder");
    let ended = scene.run(&["batch", "cases", "-o", "out", "-q", "-f", "csv", "--force"]);
    ended.tells(5, &[], &["Alpha: no report: the output cannot be written: out/Alpha"]);
    assert_eq!(field(&scene, "out", "exitCode"), [5, 0, 4]);
    scene.holds("out/Beta", &["changes.csv"]);
    assert_eq!(scene.read("out/Alpha"), "a file in the place of the folder");
}

#[test]
fn strict_writes_nothing_of_the_case_that_lacks_data() {
    let scene = three();
    scene.write("cases/Beta/2.json", "{\"value\": [");
    assert_eq!(code(&scene, &["--strict"]), Some(4));
    assert_eq!(field(&scene, "out", "exitCode"), [0, 4, 4]);
    assert!(!scene.path("out/Beta").exists());
}

#[test]
fn a_case_that_is_more_than_there_is_memory_for_is_a_row_and_a_smaller_one_beside_it_is_made() {
    let scene = three();
    let items: Vec<String> = (0..12_000).map(ANA_OF).collect();
    let page = planned(&items.iter().map(String::as_str).collect::<Vec<_>>());
    // So well packed that it seems to need no more than its part of the memory.
    let archive = zipped(&[("1.json", page)]);
    assert!(archive.len() * 30 < 2 << 20, "{}", archive.len());
    for (number, part) in items.chunks(2_000).enumerate() {
        let page = planned(&part.iter().map(String::as_str).collect::<Vec<_>>());
        scene.write(&format!("cases/Large/{number}.json"), page);
    }
    for threads in ["1", "4"] {
        let found = code(&scene, &["--memory", "4", "-j", threads]);
        assert_eq!(
            (found, field(&scene, "out", "exitCode")),
            (Some(6), vec![json!(0), json!(0), json!(4), json!(6)])
        );
    }
    // With room for it alone, and too little beside others.
    std::fs::remove_dir_all(scene.path("cases/Large")).expect("it is there");
    scene.write("cases/Large.zip", archive);
    assert_eq!(code(&scene, &["--memory", "32", "-j", "16"]), Some(4));
    assert_eq!(field(&scene, "out", "exitCode"), [0, 0, 4, 0]);
}

#[test]
fn programs_are_told_an_object_a_case() {
    let scene = three();
    let ended =
        scene.run(&["batch", "cases", "-o", "out", "-f", "csv", "--message-format", "json", "-j", "1"]);
    assert_eq!(ended.code, Some(4), "{ended}");
    let mut told: Vec<Value> =
        ended.err.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(told.pop(), Some(json!({"reason": "finished", "exitCode": 4})));
    told.sort_by_key(|case| case["case"].to_string());
    let evidence_id = told[0]["evidenceId"].take();
    assert_eq!(evidence_id.as_str().map(str::len), Some(64));
    assert_eq!(
        told[0],
        json!({"reason": "case", "case": "Alpha", "source": "cases/Alpha", "job": null, "exitCode": 0,
            "unchanged": false, "verdict": "complete", "objects": 1, "otherObjects": null, "failedChanges": 1, "errors": 0, "warnings": 0,
            "evidenceId": null, "error": null})
    );
    assert_eq!((told.len(), &told[2]["exitCode"], &told[2]["verdict"]), (3, &json!(4), &json!(null)));
}

#[test]
fn a_log_has_a_line_a_case() {
    let scene = three();
    let ended = scene.run(&["batch", "cases", "-o", "out", "-f", "csv", "-j", "1"]);
    let line = "] Alpha: Complete, 1 object, 1 failed, 0 errors, 0 warnings (exit code 0)";
    ended.tells(
        4,
        &["3 cases: 2 with a report; 3 objects, 1 failed; 0 errors, 0 warnings"],
        &[line, "[3/3] "],
    );
    assert_eq!(ended.err.lines().count(), 3, "{ended}");
    assert!(!ended.err.contains(['\r', '\u{1b}']), "{ended}");
}

#[test]
fn the_options_that_a_batch_cannot_do_without_are_asked_for() {
    let scene = three();
    scene.run(&["batch", "cases"]).tells(2, &[], &["--output <DIR>"]);
    scene.run(&["batch", "-o", "out"]).tells(2, &[], &["<ROOT>..."]);
    let help = scene.run(&["batch", "--help"]);
    help.tells(0, &["Usage: entra-diff batch", "<ROOT>", "--resume", "--by <WHAT>", "Exit codes:"], &[]);
    assert!(!help.out.contains("[default: entra-diff-report]"), "{help}");
}

#[test]
fn a_case_without_a_report_tells_the_problems_that_left_it_without() {
    let broken = zipped(&[("1.json", planned(&[ANA]))]);
    let scene = Scene::of(&[("cases/fine/1.json", planned(&[ANA]))]);
    scene.write("cases/broken.zip", &broken[..60]);
    scene.write("cases/cut/1.json", &planned(&[ANA])[..200]);
    let ended = scene.run(&["batch", "cases", "-o", "out", "-f", "csv"]);
    ended.tells(
        4,
        &["3 cases"],
        &["broken.zip: no report: nothing to report: ", "broken.zip: the archive cannot be unpacked: "],
    );
    let job = r#"{"@odata.context":"x/recoveryJobs/$entity","id":"j-1","status":"completed"}"#;
    scene.write("cases/long/job.json", job);
    let names = ["a", "b"].map(|letter| format!("{}.json", letter.repeat(180)));
    for name in &names {
        scene.write(&format!("cases/long/{name}"), r#"{"error":{"code":"x","message":"y"}}"#);
    }
    scene.run(&["batch", "cases", "-o", "long", "-f", "csv"]).tells(
        4,
        &["4 cases"],
        &["long: no report: nothing to report", "aaaa", "bbbb"],
    );
    let error = |case: usize| told(&scene, "out")[case]["error"].as_str().unwrap_or_default().to_owned();
    assert!(error(0).contains("broken.zip: the archive cannot be unpacked"), "{}", error(0));
    assert!(scene.read("out/index.html").contains("the archive cannot be unpacked"));
}

#[test]
fn strict_tells_the_first_problems_and_how_many_more_there_are() {
    let scene = Scene::of(&[("cases/a/1.json", planned(&[ANA]))]);
    for number in 2..8 {
        scene.write(&format!("cases/a/{number}.json"), r#"{"error":{"code":"x","message":"y"}}"#);
    }
    scene.run(&["batch", "cases", "-o", "out", "-f", "csv", "--strict", "-q"]);
    let error = told(&scene, "out")[0]["error"].as_str().unwrap_or_default().to_owned();
    for part in ["--strict was given", "2.json:1:1: ", "3.json:1:1: ", "4.json:1:1: ", "and 3 more"] {
        assert!(error.contains(part), "{part}: {error}");
    }
    assert!(!error.contains("5.json"), "{error}");
}
