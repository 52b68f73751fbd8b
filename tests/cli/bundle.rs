//! What stands beside a report in its folder: what was read, what was written, and how both are checked.

use std::collections::BTreeSet;

use entra_diff::model::Digest;
use serde_json::{Value, json};

use super::scene::{ANA, ANA_FAILED, Scene, failed, planned};

const ALL: &str = "html,csv,xlsx,ndjson,json,md";

fn two_pages() -> Scene {
    Scene::of(&[
        ("pages/b.json", planned(&[ANA])),
        ("pages/a/failed 2.json", failed(&[ANA_FAILED])),
        ("pages/notes.json", "[]".to_owned()),
        ("pages/readme.txt", "no page".to_owned()),
    ])
}

fn digest(scene: &Scene, path: &str) -> String {
    Digest::of(&std::fs::read(scene.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))).to_string()
}

#[test]
fn every_file_that_was_read_is_listed_in_the_order_of_its_name() {
    let scene = two_pages();
    scene.run(&["report", "pages", "-o", "out", "-q"]).is(0, "", "");
    let line = |name: &str| format!("{}  {name}\n", digest(&scene, &format!("pages/{name}")));
    // `notes.json` was read to know that it holds nothing; `readme.txt` was not.
    let expected = ["a/failed 2.json", "b.json", "notes.json"].map(line).concat();
    assert_eq!(scene.read("out/INPUTS.sha256"), expected);
}

#[test]
fn every_report_prints_the_evidence_id() {
    let scene = two_pages();
    scene.run(&["report", "pages", "-o", "out", "-f", ALL]).tells(0, &["Evidence id: "], &[]);
    let id = digest(&scene, "out/INPUTS.sha256");
    assert_eq!(scene.json("out/summary.json")["evidenceId"], id);
    assert_eq!(scene.json("out/manifest.json")["evidenceId"], id);
    assert!(scene.read("out/report.html").matches(&id).count() >= 3);
    assert!(scene.read("out/report.md").contains(&format!("Evidence id: `{id}`")));
    let mut workbook: calamine::Xlsx<_> =
        calamine::open_workbook(scene.path("out/report.xlsx")).expect("a workbook");
    for sheet in ["Summary", "About"] {
        let range = calamine::Reader::worksheet_range(&mut workbook, sheet).expect("a sheet");
        assert!(range.used_cells().any(|(.., cell)| cell == &calamine::Data::String(id.clone())), "{sheet}");
    }
    let alone = scene.run(&["report", "pages", "-o", "-", "-f", "md", "-q"]);
    alone.is(0, &scene.read("out/report.md"), "");
}

#[test]
fn the_list_of_checksums_has_every_other_file() {
    let scene = two_pages();
    scene.run(&["report", "pages", "-o", "out", "-f", ALL, "-q"]).is(0, "", "");
    let names = scene.names("out").into_iter().filter(|name| name != "SHA256SUMS");
    let line = |name: String| format!("{}  {name}\n", digest(&scene, &format!("out/{name}")));
    let expected: Vec<String> = names.map(line).collect();
    assert_eq!(scene.read("out/SHA256SUMS"), expected.concat());
    assert_eq!(expected.len(), 8);
}

#[test]
fn the_manifest_tells_what_was_read_and_written() {
    let scene = two_pages();
    scene.write("pages/c.json", "{");
    let arguments = [
        "report",
        "pages",
        "-o",
        "out",
        "-f",
        ALL,
        "-q",
        "--case-id",
        "INC-1",
        "--perspective",
        "recovery",
        "--timezone",
        "europe/Copenhagen",
        "--fail-on",
        "any-change",
        "--csv-raw",
    ];
    scene.run(&arguments).tells(3, &[], &["c.json:1:2: truncatedJson: "]);
    let manifest = scene.json("out/manifest.json");
    assert_eq!(manifest["tool"], json!({"name": "entra-diff", "version": env!("CARGO_PKG_VERSION")}));
    assert_eq!(manifest["run"]["exitCode"], 3);
    assert_eq!(manifest["run"]["host"]["arguments"].as_array().map(Vec::len), Some(arguments.len() + 1));
    let options = json!({
        "formats": ["html", "csv", "xlsx", "ndjson", "json", "md"], "csvRaw": true, "strict": false,
        "failOn": ["any-change"], "jobs": [], "perspective": "recovery", "timeZone": "Europe/Copenhagen",
        "title": null, "organization": null, "caseId": "INC-1", "preparedBy": null,
        "csvDelimiter": ",", "csvBom": false,
    });
    assert_eq!(manifest["options"], options);
    let listed = |member: &str, of: &str| -> Vec<Value> {
        manifest[member].as_array().expect("a list").iter().map(|entry| entry[of].clone()).collect()
    };
    assert_eq!(listed("inputs", "checksumName"), ["a/failed 2.json", "b.json", "c.json", "notes.json"]);
    assert_eq!(listed("inputs", "role"), ["page", "page", "none", "none"]);
    assert_eq!(listed("passedOver", "source"), ["notes.json", "readme.txt"]);
    assert_eq!(listed("pageSets", "verdict"), ["complete", "complete"]);
    assert_eq!(manifest["pageSets"][0]["checks"]["count"], "passed");
    assert_eq!(manifest["problems"], json!([{"code": "truncatedJson", "severity": "error", "count": 1}]));
    assert_eq!(manifest["surveyed"]["rows"], 3);
    let outputs = manifest["outputs"].as_array().expect("a list");
    for output in outputs {
        let file = output["file"].as_str().expect("a name");
        assert_eq!(output["sha256"], digest(&scene, &format!("out/{file}")), "{file}");
        let size = std::fs::metadata(scene.path(&format!("out/{file}"))).expect("a file").len();
        assert_eq!(output["bytes"], size, "{file}");
    }
    let counts =
        |file: &str| outputs.iter().find(|output| output["file"] == file).map(|o| o["counts"].clone());
    assert_eq!(counts("changes.csv"), Some(json!({"rows": 3, "propertyChanges": 3, "linkChanges": 0})));
    let of_workbook = json!({"rows": 3, "objectChanges": 2, "propertyChanges": 3, "linkChanges": 0, "failedChanges": 1,
        "problems": 1});
    assert_eq!(counts("report.xlsx"), Some(of_workbook));
    assert_eq!(counts("INPUTS.sha256"), Some(Value::Null));
}

#[test]
fn nothing_but_the_manifest_knows_when_and_where() {
    let scene = two_pages();
    let mut first = scene.command(&["report", "pages", "-o", "out", "-f", ALL, "-q"]);
    first.env("TZ", "Asia/Kolkata").env("LC_ALL", "tr_TR.UTF-8");
    scene.finish(first).is(0, "", "");
    let mut second = scene.command(&["report", "../pages", "-o", "../again", "-f", ALL, "-q", "-j", "7"]);
    second.current_dir(scene.path("pages/a"));
    // A program is found by its path from where it starts.
    scene.write("deep/er/keep", "");
    second.current_dir(scene.path("deep"));
    scene.finish(second).is(0, "", "");
    let mut differ = BTreeSet::new();
    for name in scene.names("out") {
        let of = |folder: &str| std::fs::read(scene.path(&format!("{folder}/{name}"))).expect("a file");
        if of("out") != of("again") {
            differ.insert(name);
        }
    }
    assert_eq!(differ, BTreeSet::from(["SHA256SUMS".to_owned(), "manifest.json".to_owned()]));
}

#[test]
fn one_file_brings_no_bundle_and_says_so() {
    let scene = two_pages();
    let told = "No list of checksums and no manifest: they go with a folder (-o FOLDER)\n";
    let ended = scene.run(&["report", "pages", "-o", "out.csv"]);
    ended.tells(0, &["Wrote out.csv (3 rows)\n", told], &[]);
    scene.run(&["report", "pages", "-o", "-", "-f", "csv"]).tells(0, &["Ana"], &[told]);
    assert_eq!(scene.names("."), ["out.csv", "pages"]);
}

#[test]
fn what_is_not_of_the_report_is_named() {
    let scene = two_pages();
    scene.run(&["report", "pages", "-o", "out", "-q"]).is(0, "", "");
    scene.write("out/diary.txt", "mine");
    scene.write("out/SHA256SUMS.sig", "signature");
    let ended = scene.run(&["report", "pages", "-o", "out", "--force"]);
    let told = [
        "diary.txt: not of this report, left alone; verify will name it as added\n",
        "SHA256SUMS.sig: of an earlier report, left alone; SHA256SUMS is another now: sign it again\n",
    ];
    ended.tells(0, &told, &[]);
}

#[test]
fn standard_input_is_a_dash_as_it_is_for_sha256sum() {
    let scene = Scene::of_ana();
    let mut command = scene.command(&["report", "-", "-", "-o", "out", "-q"]);
    command.stdin(std::fs::File::open(scene.path("pages/1.json")).expect("a page"));
    scene.finish(command).is(0, "", "");
    assert_eq!(scene.read("out/INPUTS.sha256"), format!("{}  -\n", digest(&scene, "pages/1.json")));
}
