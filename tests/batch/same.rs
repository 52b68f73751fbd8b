//! A case is what `report` writes of it alone, byte for byte.

use super::folder::{contents, three};
use super::scene::{Ended, Scene, page};

const EPOCH: &str = "1700000000";

/// The program with these arguments at a time that never changes.
fn run(scene: &Scene, arguments: &[&str]) -> Ended {
    let mut command = scene.command(arguments);
    command.env("SOURCE_DATE_EPOCH", EPOCH);
    scene.finish(command)
}

const ALL: &str = "html,csv,xlsx,ndjson,json,md";

#[test]
fn a_case_has_the_bytes_of_its_report_whatever_runs_beside_it() {
    let scene = three();
    scene.write("cases/Session/1.json", include_str!("../restore/session.ndjson"));
    scene.write("cases/Cut/1.json", r#"{"@odata.context":"x/getChanges","value":[{"id":"#);
    let options = ["-f", ALL, "--timezone", "Europe/Copenhagen", "--perspective", "recovery"];
    for threads in ["1", "2", "5"] {
        let output = format!("out {threads}");
        run(&scene, &[&["batch", "cases", "-o", &output, "-q", "-j", threads], options.as_slice()].concat());
        for (case, words) in [
            ("Alpha", ["--organization", "Alpha AS", "--case-id", "A-1"].as_slice()),
            ("Beta", &[]),
            ("Session", &[]),
            ("Cut", &[]),
        ] {
            let alone = format!("alone {threads}/{case}");
            let input = format!("cases/{case}");
            run(&scene, &[&["report", &input, "-o", &alone, "-q"], options.as_slice(), words].concat());
            let (of_batch, of_report) =
                (contents(&scene.path(&format!("{output}/{case}"))), contents(&scene.path(&alone)));
            assert!(of_report.len() >= 9, "{case}");
            for (name, bytes) in &of_report {
                assert_eq!(of_batch.get(name), Some(bytes), "{case}/{name}");
            }
            assert_eq!(of_batch.len(), of_report.len(), "{case}");
        }
    }
}

#[test]
fn a_job_has_the_bytes_of_its_report() {
    let scene = Scene::of(&[
        ("cases/Alpha/1.json", page("recoveryPreviewJobs/job-1/getChanges", &[super::scene::ANA])),
        ("cases/Alpha/2.json", page("recoveryPreviewJobs/job-2/getChanges", &[])),
    ]);
    run(&scene, &["batch", "cases", "-o", "out", "-q", "--by", "job"]).is(0, "", "");
    run(&scene, &["report", "cases/Alpha", "-o", "alone", "-q", "--job", "job-1"]).is(0, "", "");
    assert_eq!(contents(&scene.path("out/Alpha job-1")), contents(&scene.path("alone")));
}

#[test]
fn neither_threads_nor_a_second_run_change_a_byte_of_the_index() {
    let scene = three();
    let batch = |output: &str, threads: &str, more: &[&str]| {
        let words = ["batch", "cases", "-o", output, "-q", "-j", threads, "--title", "Night"];
        run(&scene, &[&words, more].concat());
        contents(&scene.path(output))
    };
    let first = batch("out", "1", &[]);
    assert!(first.contains_key("index.html") && first.contains_key("Alpha/report.html"));
    for (threads, more) in [("4", "--resume"), ("2", "--force"), ("3", "--resume")] {
        let found = batch("out", threads, &[more]);
        for (name, bytes) in &first {
            assert!(found.get(name) == Some(bytes), "{name} with {more}");
        }
    }
}

#[test]
fn a_manifest_tells_the_command_that_makes_the_case_alone() {
    let scene = three();
    scene.run(&[
        "batch",
        "cases",
        "-o",
        "out",
        "-q",
        "-f",
        "csv,json",
        "--strict",
        "-j",
        "2",
        "--max-problems=7",
    ]);
    let told = scene.json("out/Alpha/manifest.json")["run"]["host"]["arguments"].clone();
    let told: Vec<&str> = told.as_array().expect("a list").iter().filter_map(|word| word.as_str()).collect();
    let rest = told.strip_prefix(&["entra-diff", "report", "cases/Alpha", "--output", "out/Alpha"]);
    let rest = rest.unwrap_or_else(|| panic!("{told:?}"));
    let mut rest: Vec<&[&str]> =
        rest.split_inclusive(|word| !word.starts_with("--") || *word == "--strict").collect();
    rest.sort_unstable();
    let expected: [&[&str]; 6] = [
        &["--case-id", "A-1"],
        &["--format", "csv"],
        &["--format", "json"],
        &["--max-problems", "7"],
        &["--organization", "Alpha AS"],
        &["--strict"],
    ];
    assert_eq!(rest, expected);
    std::fs::rename(scene.path("out"), scene.path("moved")).expect("a folder can be moved");
    scene.run(&told[1..]).tells(0, &["Wrote out/Alpha/changes.csv"], &[]);
    for name in ["changes.csv", "summary.json", "INPUTS.sha256"] {
        assert_eq!(scene.read(&format!("out/Alpha/{name}")), scene.read(&format!("moved/Alpha/{name}")));
    }
}
