//! The commands of `docs/verifying.md` and of the reports, run as they stand there; and the manifest held
//! against its published schema.
#![cfg(target_os = "linux")]

#[expect(dead_code, reason = "other test files use the rest of it")]
#[path = "cli/scene.rs"]
mod scene;
#[expect(dead_code, reason = "other test files use the rest of it")]
#[path = "support/tools.rs"]
mod tools;

use std::fs;
use std::io::Write as _;
use std::process::{Command, Output};

use entra_diff::report::wording::evidence;
use scene::{ANA, ANA_FAILED, Scene, failed, planned};
use tools::{has, must_have};

const PAGE: &str = include_str!("../docs/verifying.md");

/// The block of commands behind `<!-- test: name -->`.
fn block(name: &str) -> &'static str {
    let (_, rest) =
        PAGE.split_once(&format!("<!-- test: {name} -->\n```sh\n")).unwrap_or_else(|| panic!("{name}"));
    rest.split_once("```").map_or_else(|| panic!("{name}"), |(block, _)| block)
}

/// Runs commands in a folder of the scene.
fn run(scene: &Scene, folder: &str, commands: &str, variables: &[(&str, &str)]) -> Output {
    let mut shell = Command::new("sh");
    shell.args(["-e", "-c", commands]).current_dir(scene.path(folder)).env("LC_ALL", "C");
    shell.envs(variables.iter().map(|(name, path)| (name, scene.path(path))));
    shell.output().unwrap_or_else(|error| panic!("{commands}: {error}"))
}

#[track_caller]
fn assert_good(output: &Output, told: &str) {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && out.contains(told), "{told:?}: {output:?}\n{out}\n{err}");
}

#[track_caller]
fn assert_bad(output: &Output) {
    assert!(!output.status.success(), "{output:?}\n{}", String::from_utf8_lossy(&output.stdout));
}

fn reported() -> Scene {
    let scene = Scene::of(&[("pages/1.json", planned(&[ANA])), ("pages/b 2/ü.json", failed(&[ANA_FAILED]))]);
    scene.run(&["report", "pages", "-o", "out", "-f", "html,csv,xlsx,ndjson,json,md", "-q"]).is(0, "", "");
    scene
}

fn spoil(scene: &Scene, path: &str) {
    let mut bytes = fs::read(scene.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    bytes[0] ^= 1;
    fs::write(scene.path(path), bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
}

#[test]
fn sha256sum_checks_a_report_and_its_inputs() {
    let scene = reported();
    let id = scene.json("out/summary.json")["evidenceId"].as_str().expect("an id").to_owned();
    let report = run(&scene, "out", block("report"), &[]);
    for told in ["report.html: OK\n", "manifest.json: OK\n", &format!("{id}  INPUTS.sha256\n")] {
        assert_good(&report, told);
    }
    let inputs = || run(&scene, "pages", block("inputs"), &[("REPORT", "out")]);
    assert_good(&inputs(), "b 2/ü.json: OK\n");
    spoil(&scene, "pages/1.json");
    assert_bad(&inputs());
    spoil(&scene, "out/report.html");
    assert_bad(&run(&scene, "out", block("report"), &[]));
}

#[test]
fn the_commands_that_a_report_prints_work() {
    let scene = reported();
    let [files, id, inputs] = evidence::RECIPES[0].commands.map(|(_, command)| command);
    assert_eq!(evidence::RECIPES[0].system, "Linux");
    assert_good(&run(&scene, "out", files, &[]), "report.xlsx: OK\n");
    let told = run(&scene, "out", id, &[]);
    let id = scene.json("out/manifest.json")["evidenceId"].as_str().expect("an id").to_owned();
    assert_good(&told, &id);
    assert_good(&run(&scene, "pages", &inputs.replace("REPORT-FOLDER", "../out"), &[]), "1.json: OK\n");
    let (_, verify) = evidence::VERIFY;
    let verify = verify.replace("entra-diff", env!("CARGO_BIN_EXE_entra-diff"));
    let verify = verify.replace("REPORT-FOLDER", "out").replace("INPUT-FOLDER", "pages");
    assert_good(&run(&scene, ".", &verify, &[]), "the inputs are those that were read (2 files)\n");
    let page = PAGE.replace('\n', " ");
    for command in evidence::RECIPES[1].commands.map(|(_, command)| command) {
        assert!(page.contains(command), "the page has what the reports print: {command}");
    }
}

#[test]
fn a_signature_of_ssh_keygen_is_made_and_checked() {
    if !has("ssh-keygen") {
        return;
    }
    let scene = reported();
    assert_good(&run(&scene, ".", "ssh-keygen -q -t ed25519 -N '' -C test -f key", &[]), "");
    let variables = [("KEY", "key"), ("ALLOWED_SIGNERS", "allowed_signers")];
    assert_good(&run(&scene, "out", block("ssh-sign"), &variables), "");
    let check = |block: &str| run(&scene, "out", block, &variables);
    // Reports have the same command, with names in the place of variables.
    let printed = |position: usize| evidence::SIGNING[position].1;
    assert_eq!(block("ssh-sign").trim().replace("\"$KEY\"", "KEY"), printed(0));
    let checks = block("ssh-check").lines().last().expect("a command");
    assert_eq!(checks.replace("\"$ALLOWED_SIGNERS\"", "allowed_signers"), printed(1));
    assert_good(
        &check(block("ssh-check")),
        "Good \"evidence@example.org\" signature for auditor@example.org",
    );
    scene.run(&["verify", "out"]).tells(0, &["SHA256SUMS.sig: a signature"], &[]);
    assert_bad(&check(&block("ssh-check").replace("-n evidence@", "-n other@")));
    spoil(&scene, "out/SHA256SUMS");
    assert_bad(&check(block("ssh-check")));
}

#[test]
fn a_signature_of_minisign_is_made_and_checked() {
    if !has("minisign") {
        return;
    }
    let scene = reported();
    assert_good(&run(&scene, ".", "minisign -G -W -p key.pub -s key", &[]), "");
    assert_good(&run(&scene, "out", block("minisign-sign"), &[("KEY", "key")]), "");
    let check = || run(&scene, "out", block("minisign-check"), &[("KEY", "key")]);
    assert!(block("minisign-sign").replace("\"$KEY\"", "KEY").starts_with(evidence::SIGNING[2].1));
    assert_eq!(block("minisign-check").trim().replace("\"$KEY.pub\"", "KEY.pub"), evidence::SIGNING[3].1);
    assert_good(&check(), "Trusted comment: case INC-2026-1117");
    scene.run(&["verify", "out"]).tells(0, &["SHA256SUMS.minisig: a signature"], &[]);
    spoil(&scene, "out/SHA256SUMS");
    assert_bad(&check());
}

/// An archive with one entry.
fn zipped(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("memory");
    archive.write_all(bytes).expect("memory");
    archive.finish().expect("memory").into_inner()
}

#[test]
fn the_manifest_is_what_its_schema_says() {
    let script = "import json, sys, jsonschema\n\
                  schema = json.load(open(sys.argv[1]))\n\
                  jsonschema.Draft202012Validator.check_schema(schema)\n\
                  for path in sys.argv[2:]: jsonschema.Draft202012Validator(schema).validate(json.load(open(path)))\n";
    let python = |arguments: &[&str]| {
        Command::new("python3")
            .args(["-c"])
            .args(arguments)
            .output()
            .is_ok_and(|output| output.status.success())
    };
    if !must_have(python(&["import jsonschema"]), "python3-jsonschema") {
        return;
    }
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/manifest.schema.json");
    let scene = reported();
    scene.write("pages/broken.json", "{\"value\": [");
    scene.write("pages/notes.txt", "none");
    scene.write("pages/session.json", r#"{"siteRestoreArtifacts@delta":[{"id":"a"}]}"#);
    scene.write("pages/head.http", format!("HTTP/2 200\nrequest-id: 0f3e0f0e-12\n\n{}", planned(&[])));
    scene.write("pages/pages.zip", zipped("1.json", planned(&[ANA]).as_bytes()));
    let options = ["-f", "csv", "--csv-raw", "--title", "t", "--job", "preview", "--fail-on", "problems"];
    let mut other = scene.command(&[&["report", "pages", "-o", "other", "-q"][..], &options].concat());
    other.env("SOURCE_DATE_EPOCH", "0");
    scene.finish(other).tells(3, &[], &["truncatedJson"]);
    let paths = ["out", "other"].map(|folder| scene.path(folder).join("manifest.json").display().to_string());
    assert!(python(&[script, schema, &paths[0], &paths[1]]), "the manifests fit their schema");
    let other = scene.json("other/manifest.json");
    assert_eq!(other["transfers"][0]["requestId"], "0f3e0f0e-12");
    assert_eq!(other["entries"][0]["file"], "pages.zip!1.json");
    let mut wrong = scene.json("out/manifest.json");
    wrong["outputs"][0]["sha256"] = "0".into();
    scene.write("wrong.json", wrong.to_string());
    let wrong = scene.path("wrong.json").display().to_string();
    assert!(!python(&[script, schema, &wrong]), "a schema that takes anything says nothing");
}
