//! Exit codes that a script relies on: conditions, `--strict`, and which of several counts.

use super::scene::{ANA, ANA_FAILED, Scene, failed, planned};

/// The exit code of a report of everything in `scene`, written whatever the conditions are.
fn code(scene: &Scene, options: &[&str]) -> Option<i32> {
    let ended = scene.run(&[&["report", ".", "-o", "-", "-f", "json", "-q"], options].concat());
    assert!(ended.out.starts_with("{\n  \"schemaVersion\": 1,"), "{ended}");
    assert_eq!(ended.err.is_empty(), ended.code != Some(3), "{ended}");
    ended.code
}

#[test]
fn each_condition_ends_a_run_with_1_where_it_is_met_and_only_there() {
    let empty = Scene::of(&[("1.json", planned(&[]))]);
    let planned_only = Scene::of(&[("1.json", planned(&[ANA]))]);
    let with_failed = Scene::of(&[("1.json", planned(&[ANA])), ("2.json", failed(&[ANA_FAILED]))]);
    let with_warning = Scene::of(&[("1.json", planned(&[&ANA.replace("\"id\":\"Ana-1\",", "")]))]);
    for (condition, expected) in [
        ("failed-changes", [0, 0, 1, 0]),
        ("any-change", [0, 1, 1, 1]),
        ("problems", [0, 0, 0, 1]),
        ("failed-changes,problems", [0, 0, 1, 1]),
    ] {
        let scenes = [&empty, &planned_only, &with_failed, &with_warning];
        let found = scenes.map(|scene| code(scene, &["--fail-on", condition]));
        assert_eq!(found, expected.map(Some), "{condition}");
        assert_eq!(scenes.map(|scene| code(scene, &[])), [Some(0); 4], "without a condition");
    }
    assert_eq!(code(&planned_only, &["--fail-on", "problems", "--fail-on", "any-change"]), Some(1));
}

#[test]
fn a_condition_writes_the_files_all_the_same() {
    let scene = Scene::of_ana();
    scene.run(&["report", "pages", "-o", "out", "-q", "--fail-on", "any-change"]).is(1, "", "");
    scene.holds("out", &["changes.csv", "report.html", "report.xlsx"]);
}

#[test]
fn missing_data_counts_before_a_condition() {
    let scene = Scene::of(&[("1.json", planned(&[ANA])), ("2.json", String::new())]);
    assert_eq!(code(&scene, &["--fail-on", "any-change,problems"]), Some(3));
    assert_eq!(code(&scene, &[]), Some(3));
}

#[test]
fn strict_writes_nothing_where_data_would_be_missing_and_tells_every_problem() {
    let scene = Scene::of(&[
        ("pages/1.json", planned(&[ANA])),
        ("pages/2.json", String::new()),
        ("pages/3.json", "{".into()),
    ]);
    let ended = scene.run(&["report", "pages", "-o", "out", "--strict", "--fail-on", "any-change"]);
    ended.tells(
        4,
        &[],
        &[
            "2.json: emptyFile: ",
            "3.json:1:2: truncatedJson: the text ends in the middle: ",
            "entra-diff: nothing written: data would be missing from the report, and --strict was given\n",
        ],
    );
    assert_eq!(scene.names("."), ["pages"]);
    let stdout = scene.run(&["report", "pages", "-o", "-", "-f", "csv", "--strict", "-q"]);
    stdout.tells(4, &[], &["entra-diff: nothing written: "]);
}

#[test]
fn strict_writes_where_there_are_only_warnings() {
    let scene = Scene::of(&[("pages/1.json", planned(&[&ANA.replace("\"id\":\"Ana-1\",", "")]))]);
    let ended = scene.run(&["report", "pages", "-o", "out", "--strict"]);
    ended.tells(0, &["Wrote out/changes.csv (2 rows)\n"], &["1.json:1:", ": unidentifiedObject: "]);
}

#[test]
fn a_suspicious_page_set_is_missing_data() {
    let scene = Scene::of(&[
        ("getChanges/1.json", format!(r#"{{"value":[{ANA}]}}"#)),
        ("getChanges/2.json", format!(r#"{{"value":[{}]}}"#, ANA.replace("Ana", "Bo"))),
    ]);
    let ended = scene.run(&["summary", "getChanges"]);
    ended.tells(
        3,
        &["getChanges: 2 pages, 2 items: SUSPICIOUS: 2 pages have no nextLink: pages of several runs are mixed\n"],
        &["1.json: suspicious: the pages contradict each other: 2 pages have no nextLink: pages of several runs are \
           mixed: keep the pages of each run in a folder of their own\n"],
    );
    assert_eq!(code(&scene, &["--fail-on", "any-change"]), Some(3));
}
