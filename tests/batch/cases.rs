//! Which cases there are, what their folders are called, and what is none.

use std::fs;

use serde_json::json;

use super::folder::{POLICY, assert_listed, field, three, told, zipped};
use super::scene::{ANA, Scene, page, planned};

#[test]
fn each_folder_and_each_archive_is_a_case() {
    let scene = three();
    let archive = zipped(&[("a/1.json", planned(&[ANA]))]);
    scene.write("cases/delta.zip", archive);
    scene.run(&["batch", "cases", "-o", "out", "-q"]).tells(4, &[], &["Gamma: no report: "]);
    assert_eq!(field(&scene, "out", "case"), ["Alpha", "Beta", "Gamma", "delta.zip"]);
    assert_eq!(field(&scene, "out", "exitCode"), [0, 0, 4, 0]);
    scene.holds("out/delta.zip", &["changes.csv", "report.html", "report.xlsx"]);
    scene.holds("out/Alpha", &["changes.csv", "report.html", "report.xlsx"]);
    assert!(!scene.path("out/Gamma").exists());
    assert_listed(&scene, "out");
}

#[test]
fn the_words_of_a_case_stand_before_those_of_the_command() {
    let scene = three();
    let options = ["--organization", "All", "--prepared-by", "Me", "-f", "json"];
    scene.run(&[&["batch", "cases", "-o", "out", "-q"], options.as_slice()].concat());
    let words = |case: &str| {
        let options = &scene.json(&format!("out/{case}/manifest.json"))["options"];
        ["organization", "caseId", "preparedBy", "title"].map(|name| options[name].clone())
    };
    assert_eq!(words("Alpha"), [json!("Alpha AS"), json!("A-1"), json!("Me"), json!(null)]);
    assert_eq!(words("Beta"), [json!("All"), json!(null), json!("Me"), json!(null)]);
    assert_eq!(field(&scene, "out", "organization"), ["Alpha AS", "All", "All"]);
}

#[test]
fn a_case_file_that_cannot_be_used_costs_its_words_and_is_told() {
    let scene = three();
    scene.write("cases/Beta/case.toml", "title = \"Beta\"\norganistion = \"Beta AS\"\n");
    let ended = scene.run(&["batch", "cases", "-o", "out", "-q", "-f", "csv"]);
    ended.tells(4, &[], &["Beta: ", "case.toml cannot be used: line 2: unknown field `organistion`"]);
    assert_eq!(field(&scene, "out", "exitCode"), [0, 3, 4]);
    assert!(told(&scene, "out")[1]["title"].is_null());
    assert_eq!(scene.json("out/Beta/manifest.json")["run"]["exitCode"], 0, "the report lacks nothing");
}

#[test]
fn a_case_file_is_no_page_whatever_it_begins_with() {
    let scene = Scene::of_ana();
    scene.write("pages/case.toml", "[case]\ntitle = \"x\"\n");
    scene.run(&["report", "pages", "-o", "out", "-q", "-f", "json"]).is(0, "", "");
    let passed = &scene.json("out/manifest.json")["passedOver"];
    assert_eq!(
        passed,
        &json!([{"source": "case.toml", "reason": "tells whose case it is, to entra-diff batch"}])
    );
}

#[test]
fn two_cases_of_one_name_have_two_folders_in_the_order_of_the_roots() {
    let scene = three();
    scene.write("more/alpha/1.json", planned(&[POLICY]));
    scene.write("more/Beta/1.json", planned(&[]));
    scene.run(&["batch", "cases", "more", "-o", "out", "-q", "-f", "csv"]);
    assert_eq!(field(&scene, "out", "case"), ["Alpha", "Beta", "Gamma", "Beta (2)", "alpha (2)"]);
    assert_eq!(field(&scene, "out", "source")[4], "more/alpha");
    assert!(scene.read("out/alpha (2)/changes.csv").contains("Require MFA"));
    assert!(scene.read("out/Alpha/changes.csv").contains("Ana"));
}

#[test]
fn what_lies_beside_the_cases_is_told_and_a_loose_page_is_data_that_is_missing() {
    let scene = Scene::of(&[
        ("cases/a/1.json", planned(&[ANA])),
        ("cases/readme.txt", "no page".to_owned()),
        ("cases/.git/1.json", planned(&[ANA])),
        ("out of the way/1.json", planned(&[ANA])),
    ]);
    scene.run(&["batch", "cases", "-o", "whole", "-q"]).is(0, "", "");
    #[cfg(unix)]
    std::os::unix::fs::symlink(scene.path("out of the way"), scene.path("cases/link")).expect("a link");
    scene.write("cases/page.json", planned(&[POLICY]));
    let ended = scene.run(&["batch", "cases", "-o", "out"]);
    ended.tells(
        3,
        &["1 case: 1 with a report", "cases/page.json: a page outside of every case"],
        &["[1/1] a: "],
    );
    let left = &scene.json("out/manifest.json")["leftOut"];
    let sources: Vec<&str> =
        left.as_array().expect("a list").iter().filter_map(|left| left["source"].as_str()).collect();
    assert_eq!(sources, ["cases/.git", "cases/link", "cases/page.json", "cases/readme.txt"]);
    assert!(scene.read("out/index.html").contains("a page outside of every case"));
}

#[test]
fn each_job_is_a_case_where_that_is_asked_for() {
    let scene = Scene::of(&[
        ("cases/Alpha/one/1.json", page("recoveryPreviewJobs/job-1/getChanges", &[ANA])),
        ("cases/Alpha/two/1.json", page("recoveryPreviewJobs/job-2/getChanges", &[POLICY])),
        ("cases/Beta/1.json", page("recoveryJobs/job-1/getFailedChanges", &[ANA])),
    ]);
    scene.run(&["batch", "cases", "-o", "out", "-q", "-f", "csv", "--by", "job"]).is(0, "", "");
    assert_eq!(field(&scene, "out", "case"), ["Alpha job-1", "Alpha job-2", "Beta job-1"]);
    assert_eq!(field(&scene, "out", "job"), ["job-1", "job-2", "job-1"]);
    assert!(scene.read("out/Alpha job-2/changes.csv").contains("Require MFA"));
    assert!(!scene.read("out/Alpha job-2/changes.csv").contains("Ana"));
}

#[test]
fn the_jobs_of_pages_that_lie_in_the_folder_itself_are_cases_too() {
    let scene = Scene::of(&[
        ("night/1.json", page("recoveryPreviewJobs/job-1/getChanges", &[ANA])),
        ("night/2.json", page("recoveryPreviewJobs/job-2/getChanges", &[POLICY])),
    ]);
    scene.run(&["batch", "night", "-o", "out", "-q", "-f", "csv", "--by", "job"]).is(0, "", "");
    assert_eq!(field(&scene, "out", "case"), ["job-1", "job-2"]);
    scene.write("night/Alpha/1.json", page("recoveryPreviewJobs/job-3/getChanges", &[ANA]));
    scene.run(&["batch", "night", "-o", "more", "-q", "-f", "csv", "--by", "job"]).is(0, "", "");
    assert_eq!(field(&scene, "more", "case"), ["Alpha job-3", "job-1", "job-2"]);
    assert_eq!(field(&scene, "more", "exitCode"), [0, 0, 0]);
}

#[test]
fn pages_that_name_no_job_are_told_where_jobs_are_cases() {
    let nameless = r#"{"@odata.context":"https://graph.microsoft.com/x/getChanges","value":[]}"#;
    let scene = Scene::of(&[
        ("cases/Alpha/1.json", page("recoveryPreviewJobs/job-1/getChanges", &[ANA])),
        ("cases/Beta/1.json", nameless.to_owned()),
    ]);
    let ended = scene.run(&["batch", "cases", "-o", "out", "--by", "job"]);
    ended.tells(3, &["cases/Beta: has pages that name no job"], &["[1/1] Alpha job-1"]);
}

#[test]
fn an_output_among_the_cases_or_in_one_is_refused_and_one_beside_them_is_no_case() {
    let scene = three();
    for (output, told) in [("cases", "among the cases: cases"), ("cases/Alpha/out", "in a case: cases/Alpha")]
    {
        let ended = scene.run(&["batch", "cases", "-o", output, "--force"]);
        ended.tells(5, &[], &[told]);
    }
    assert!(!scene.path("cases/Alpha/out").exists());
    for _ in 0..2 {
        scene.run(&["batch", "cases", "-o", "cases/out", "-q", "--force"]);
        assert_eq!(field(&scene, "cases/out", "case"), ["Alpha", "Beta", "Gamma"]);
    }
}

#[test]
fn reports_and_batches_of_an_earlier_day_are_no_cases() {
    let scene = three();
    fs::remove_dir_all(scene.path("cases/Gamma")).expect("it is there");
    scene.run(&["report", "cases/Alpha", "-o", "cases/entra-diff-report", "-q"]).is(0, "", "");
    scene.run(&["batch", "cases", "-o", "cases/yesterday", "-q"]).is(0, "", "");
    scene.run(&["batch", "cases", "-o", "out", "-q"]).is(0, "", "");
    assert_eq!(field(&scene, "out", "case"), ["Alpha", "Beta"]);
    let left = &scene.json("out/manifest.json")["leftOut"];
    let own = |name: &str| json!({"source": format!("cases/{name}"), "reason": "made by entra-diff"});
    assert_eq!(left, &json!([own("entra-diff-report"), own("yesterday")]));
}

#[test]
fn where_there_is_no_case_nothing_is_written() {
    let scene = Scene::of_ana();
    scene.run(&["batch", "pages", "-o", "out"]).tells(
        4,
        &[],
        &["no case: the pages lie in the folder itself"],
    );
    scene.run(&["batch", "nowhere", "-o", "out"]).tells(5, &[], &["the folder cannot be read: nowhere: "]);
    scene.write("empty/readme.txt", "");
    scene.run(&["batch", "empty", "-o", "out"]).tells(
        4,
        &[],
        &["no case: there is no folder and no archive"],
    );
    assert!(!scene.path("out").exists());
}

#[test]
fn no_name_leads_out_of_the_output_or_into_the_index() {
    let names = ["a\\..\\b", "index.html", "SHA256SUMS", "a.csv", "NUL", "\u{1b}]0;x\u{7}", "a.", "=1+1"];
    let scene = Scene::of::<String>(&[]);
    for name in names {
        scene.write(&format!("cases/{name}/1.json"), planned(&[ANA]));
    }
    scene.run(&["batch", "cases", "-o", "out", "-q", "-f", "csv"]).is(0, "", "");
    let mut cases: Vec<String> =
        field(&scene, "out", "case").iter().filter_map(|case| case.as_str().map(str::to_owned)).collect();
    cases.sort();
    assert_eq!(cases.len(), names.len());
    for name in ["SHA256SUMS (2)", "_NUL", "a.csv_", "index.html_", "_]0;x_", "a_.._b", "a_"] {
        assert!(cases.iter().any(|case| case == name), "{name}: {cases:?}");
    }
    assert!(
        cases.iter().all(|case| !case.contains(['/', '\\', '\u{1b}']) && !case.starts_with('.')),
        "{cases:?}"
    );
    assert_listed(&scene, "out");
}
