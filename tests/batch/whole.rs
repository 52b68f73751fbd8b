//! `verify` of a batch: whole, or what is not as it was.

use std::fs;
use std::process::Command;

use super::folder::three;
use super::scene::Scene;

fn batch() -> Scene {
    let scene = three();
    scene.run(&["batch", "cases", "-o", "out", "-q", "-f", "csv,json"]).tells(4, &[], &["Gamma"]);
    scene
}

#[test]
fn a_batch_is_whole_and_every_file_is_counted() {
    let scene = batch();
    let ended = scene.run(&["verify", "out"]);
    let told =
        ["Alpha/changes.csv: unchanged, and holds 3 rows", "the batch is as it was written (15 files)"];
    ended.tells(0, &told, &[]);
    scene.run(&["verify", "out", "-q"]).is(0, "", "");
    // A case is a report like any other.
    scene.run(&["verify", "out/Alpha", "--inputs", "cases/Alpha", "-q"]).is(0, "", "");
    let ended = scene.run(&["verify", "out", "--inputs", "cases"]);
    ended.tells(2, &[], &["checked case by case: out: entra-diff verify out/CASE --inputs PATH"]);
}

#[test]
fn the_list_is_one_that_other_tools_read() {
    let scene = batch();
    let mut checked = Command::new("sha256sum");
    checked.args(["--check", "--strict", "--quiet", "SHA256SUMS"]).current_dir(scene.path("out"));
    match checked.output() {
        Ok(output) => assert!(output.status.success(), "{output:?}"),
        Err(_) => assert!(std::env::var_os("ENTRA_DIFF_REQUIRE_TOOLS").is_none(), "sha256sum is not there"),
    }
}

#[test]
fn what_is_not_as_it_was_is_named() {
    let change = |path: &str, told: &str| {
        let scene = batch();
        scene.write(&format!("out/{path}"), "else");
        scene.run(&["verify", "out", "-q"]).tells(7, &[], &[told]);
    };
    change("index.html", "index.html: changed");
    change("batch.csv", "batch.csv: changed");
    change("manifest.json", "manifest.json: changed");
    change("Alpha/changes.csv", "Alpha/changes.csv: changed");
    change("Alpha/SHA256SUMS", "Alpha/SHA256SUMS: ");
    change("SHA256SUMS", "SHA256SUMS: damaged: line 1");
    change("else.txt", "else.txt: added");
    change("Alpha/else.txt", "Alpha/else.txt: added");
    change("Other/report.html", "Other: added");
    let remove = |path: &str, told: &str| {
        let scene = batch();
        let path = scene.path(&format!("out/{path}"));
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.expect("it is there");
        scene.run(&["verify", "out", "-q"]).tells(7, &[], &[told]);
    };
    remove("batch.xlsx", "batch.xlsx: missing");
    remove("Beta", "Beta/changes.csv: missing");
    remove("Beta/changes.csv", "Beta/changes.csv: missing");
    remove("SHA256SUMS", "SHA256SUMS: missing");
}

#[test]
fn a_case_whose_own_list_was_made_anew_is_found_out() {
    let scene = batch();
    scene.write("cases/Beta/1.json", super::scene::planned(&[]));
    scene.run(&["report", "cases/Beta", "-o", "out/Beta", "-q", "-f", "csv,json", "--force"]).is(0, "", "");
    scene.run(&["verify", "out/Beta", "-q"]).is(0, "", "");
    scene.run(&["verify", "out", "-q"]).tells(7, &[], &["Beta/SHA256SUMS: changed"]);
}

#[test]
fn the_manifest_of_a_batch_fits_its_schema() {
    let script = "import json, sys, jsonschema\nschema = json.load(open(sys.argv[1]))\n\
                  jsonschema.Draft202012Validator.check_schema(schema)\n\
                  for path in sys.argv[2:]: jsonschema.Draft202012Validator(schema).validate(json.load(open(path)))\n";
    let python = |arguments: &[&str]| {
        let output = Command::new("python3").arg("-c").args(arguments).output();
        output.is_ok_and(|output| output.status.success())
    };
    if !python(&["import jsonschema"]) {
        assert!(std::env::var_os("ENTRA_DIFF_REQUIRE_TOOLS").is_none(), "python3-jsonschema is not there");
        return;
    }
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/batch-manifest.schema.json");
    let scene = batch();
    scene.write("cases/loose.json", super::scene::planned(&[]));
    let mut other = scene.command(&["batch", "cases", "-o", "other", "-q", "--by", "job", "--summary-only"]);
    other.env("SOURCE_DATE_EPOCH", "0");
    scene.finish(other).tells(4, &[], &["Gamma"]);
    let paths = ["out", "other"].map(|folder| scene.path(folder).join("manifest.json").display().to_string());
    assert!(python(&[script, schema, &paths[0], &paths[1]]), "the manifests fit their schema");
    let mut wrong = scene.json("out/manifest.json");
    wrong["cases"][0]["sumsSha256"] = "0".into();
    scene.write("wrong.json", wrong.to_string());
    let wrong = scene.path("wrong.json").display().to_string();
    assert!(!python(&[script, schema, &wrong]), "a schema that takes anything says nothing");
}
