//! `verify`: what it finds, and what it does not take amiss.

use std::fs;

use entra_diff::model::Digest;
use serde_json::Value;

use super::scene::{ANA, ANA_FAILED, Ended, Scene, failed, planned};

fn reported() -> Scene {
    let scene = Scene::of(&[("pages/1.json", planned(&[ANA])), ("pages/2.json", failed(&[ANA_FAILED]))]);
    scene.run(&["report", "pages", "-o", "out", "-f", "html,csv,xlsx,ndjson,json,md", "-q"]).is(0, "", "");
    scene
}

fn verified(scene: &Scene) -> Ended {
    scene.run(&["verify", "out", "--inputs", "pages"])
}

/// Changes a file's bytes.
fn edit(scene: &Scene, path: &str, change: impl Fn(&mut Vec<u8>)) {
    let mut bytes = fs::read(scene.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    change(&mut bytes);
    fs::write(scene.path(path), bytes).expect("a file can be written");
}

/// Writes the digest of a changed file into `SHA256SUMS`, as somebody would who hides a change.
fn list_again(scene: &Scene, file: &str) {
    let digest = Digest::of(&fs::read(scene.path(&format!("out/{file}"))).expect("a file"));
    let sums = scene.read("out/SHA256SUMS");
    let line = |line: &str| match line.split_once("  ") {
        Some((_, name)) if name == file => format!("{digest}  {name}\n"),
        _ => format!("{line}\n"),
    };
    scene.write("out/SHA256SUMS", sums.lines().map(line).collect::<String>());
}

#[test]
fn a_report_that_is_as_it_was_written_is_told_with_its_counts() {
    let scene = reported();
    verified(&scene).is(
        0,
        "\
INPUTS.sha256: unchanged
changes.csv: unchanged, and holds 3 rows, 3 changed properties, 0 changed links
changes.ndjson: unchanged, and holds 2 object changes, 3 changed properties, 0 changed links
manifest.json: unchanged
report.html: unchanged, and holds 3 rows, 2 object changes
report.md: unchanged
report.xlsx: unchanged, and holds 3 rows, 2 object changes, 3 changed properties, 0 changed links, 1 failed change, 0 problems
summary.json: unchanged, and holds 2 object changes, 3 changed properties, 0 changed links, 0 problems
the report is as it was written (8 files)
the inputs are those that were read (2 files)
",
        "",
    );
    scene.run(&["verify", "out", "--inputs", "pages", "-q"]).is(0, "", "");
    scene.run(&["verify", "out"]).tells(
        0,
        &["the inputs were not looked at: --inputs PATH checks them\n"],
        &[],
    );
}

#[test]
fn one_byte_in_any_file_is_found() {
    for name in reported().names("out").iter().filter(|name| *name != "SHA256SUMS") {
        let scene = reported();
        edit(&scene, &format!("out/{name}"), |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        });
        let told = format!("entra-diff: {name}: changed: its bytes are not those that SHA256SUMS lists\n");
        let ended = scene.run(&["verify", "out", "-q"]);
        ended.is(7, "", &told);
        verified(&scene).tells(7, &["the report is NOT as it was written: 1 file wrong\n"], &[&told]);
    }
}

#[test]
fn one_byte_in_an_input_is_found() {
    let scene = reported();
    edit(&scene, "pages/2.json", |bytes| bytes.push(b' '));
    let ended = verified(&scene);
    ended.tells(
        7,
        &["the report is as it was written (8 files)\nthe inputs are NOT those that were read: 1 file wrong\n"],
        &["entra-diff: 2.json: changed: its bytes are not those that were read\n"],
    );
}

#[test]
fn what_is_missing_or_added_is_named() {
    let scene = reported();
    fs::remove_file(scene.path("out/changes.csv")).expect("a file");
    fs::remove_file(scene.path("pages/1.json")).expect("a page");
    scene.write("out/extra.txt", "");
    scene.write("out/folder/inside.txt", "");
    scene.write("pages/3.json", planned(&[]));
    scene.run(&["verify", "out", "--inputs", "pages", "-q"]).is(
        7,
        "",
        "\
entra-diff: changes.csv: missing: a whole report has it
entra-diff: extra.txt: added: SHA256SUMS does not list it
entra-diff: folder: added: SHA256SUMS does not list it
entra-diff: 1.json: missing: it was read, and is not there
entra-diff: 3.json: added: it is not among the files that were read
",
    );
}

#[test]
fn without_its_list_a_report_is_not_whole() {
    let scene = reported();
    fs::remove_file(scene.path("out/SHA256SUMS")).expect("a file");
    scene.run(&["verify", "out", "-q"]).is(7, "", "entra-diff: SHA256SUMS: missing: a whole report has it\n");
    scene.write("out/SHA256SUMS", "a\n");
    let told = "entra-diff: SHA256SUMS: damaged: line 1 is no line of a list of checksums\n";
    scene.run(&["verify", "out", "-q"]).is(7, "", told);
}

#[test]
fn a_folder_that_is_not_there_cannot_be_checked() {
    let scene = reported();
    scene.run(&["verify", "elsewhere"]).tells(
        5,
        &[],
        &["entra-diff: the folder cannot be read: elsewhere: "],
    );
    scene.run(&["verify", "pages/1.json"]).tells(
        5,
        &[],
        &["entra-diff: the folder cannot be read: pages/1.json: "],
    );
    let ended = scene.run(&["verify", "out", "--inputs", "elsewhere", "-q"]);
    ended.tells(5, &[], &["cannot be read: ", "1.json: missing: it was read, and is not there\n"]);
    scene.run(&["verify"]).tells(2, &[], &["required arguments were not provided"]);
}

#[test]
fn a_change_that_was_listed_again_is_found_by_the_manifest() {
    for name in ["changes.csv", "report.html", "report.md", "INPUTS.sha256"] {
        let scene = reported();
        edit(&scene, &format!("out/{name}"), |bytes| bytes.extend_from_slice(b"\n"));
        list_again(&scene, name);
        let told =
            "contradiction: SHA256SUMS, INPUTS.sha256 and manifest.json do not say the same of its bytes\n";
        scene.run(&["verify", "out", "-q"]).is(7, "", &format!("entra-diff: {name}: {told}"));
    }
}

#[test]
fn a_row_that_was_taken_out_of_every_list_is_found_by_its_count() {
    let scene = reported();
    edit(&scene, "out/changes.csv", |bytes| {
        let end = bytes.len() - 2;
        let row = bytes[..end].iter().rposition(|&byte| byte == b'\n').expect("rows");
        bytes.truncate(row + 1);
    });
    let bytes = fs::read(scene.path("out/changes.csv")).expect("a file");
    let mut manifest = scene.json("out/manifest.json");
    for output in manifest["outputs"].as_array_mut().expect("outputs") {
        if output["file"] == "changes.csv" {
            output["sha256"] = Digest::of(&bytes).to_string().into();
            output["bytes"] = bytes.len().into();
        }
    }
    scene.write("out/manifest.json", manifest.to_string());
    list_again(&scene, "changes.csv");
    list_again(&scene, "manifest.json");
    scene.run(&["verify", "out", "-q"]).is(
        7,
        "",
        "entra-diff: changes.csv: miscounted: the manifest says 3 rows, 3 changed properties, 0 changed links, \
         it holds 2 rows, 2 changed properties, 0 changed links\n",
    );
}

#[test]
fn a_file_that_was_taken_out_with_its_line_is_missed() {
    for name in ["changes.csv", "INPUTS.sha256", "manifest.json"] {
        let scene = reported();
        fs::remove_file(scene.path(&format!("out/{name}"))).expect("a file");
        let sums = scene.read("out/SHA256SUMS");
        let kept = sums.lines().filter(|line| !line.ends_with(name)).map(|line| format!("{line}\n"));
        scene.write("out/SHA256SUMS", kept.collect::<String>());
        let ended = scene.run(&["verify", "out", "-q"]);
        ended.tells(7, &[], &[&format!("entra-diff: {name}: missing: a whole report has it\n")]);
    }
}

#[test]
fn a_signature_is_no_added_file() {
    let scene = reported();
    for signature in ["SHA256SUMS.sig", "SHA256SUMS.minisig"] {
        scene.write(&format!("out/{signature}"), "signature");
    }
    let ended = verified(&scene);
    ended.tells(0, &["SHA256SUMS.sig: a signature, not checked here: the tool that made it does\n"], &[]);
    ended.tells(0, &["the report is as it was written (8 files)\n"], &[]);
}

#[test]
fn a_report_inside_its_inputs_is_not_taken_for_one_of_them() {
    let scene = Scene::of(&[("1.json", planned(&[ANA]))]);
    for _ in 0..2 {
        scene.run(&["report", ".", "--force", "-q"]).is(0, "", "");
        scene.run(&["verify", "entra-diff-report", "--inputs", ".", "-q"]).is(0, "", "");
    }
}

#[test]
fn inputs_are_found_as_they_were_given() {
    let scene = Scene::of(&[("a/1.json", planned(&[ANA])), ("b/2.txt", failed(&[ANA_FAILED]))]);
    scene.run(&["report", "a/1.json", "b/2.txt", "-o", "out", "-q"]).is(0, "", "");
    scene.run(&["verify", "out", "-q", "--inputs", "b/2.txt", "--inputs", "a/1.json"]).is(0, "", "");
    scene.run(&["verify", "out", "-q", "--inputs", "a", "--inputs", "b"]).is(0, "", "");
    scene.write("a/2.json", "{}");
    let told = "entra-diff: a/2.json: added: it is not among the files that were read\n";
    scene.run(&["verify", "out", "-q", "--inputs", "a", "--inputs", "b"]).is(7, "", told);
}

#[cfg(unix)]
#[test]
fn hostile_names_are_listed_told_and_found() {
    let hostile =
        ["a\u{1b}[2J.json", "b\nc.json", "d\\e.json", "f%0A.json", "\u{202e}g.json", "-", " h .json"];
    let scene = Scene::of_ana();
    for name in hostile {
        scene.write(&format!("pages/{name}"), planned(&[ANA]));
    }
    let raw: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"p\xff.json");
    fs::write(scene.path("pages").join(raw), planned(&[ANA])).expect("a file can be written");
    scene.run(&["report", "pages", "pages/-", "-o", "out", "-q"]).is(0, "", "");
    let list = scene.read("out/INPUTS.sha256");
    for name in [
        "a%1B[2J.json",
        "b%0Ac.json",
        "d%5Ce.json",
        "f%250A.json",
        "%E2%80%AEg.json",
        "./-",
        " h .json",
        "p%FF.json",
    ] {
        assert!(list.contains(&format!("  {name}\n")), "{name}: {list}");
    }
    assert_eq!(list.lines().count(), 9);
    scene.run(&["verify", "out", "--inputs", "pages", "--inputs", "pages/-", "-q"]).is(0, "", "");
    let manifest = scene.json("out/manifest.json");
    let raw =
        manifest["inputs"].as_array().expect("inputs").iter().find(|input| !input["pathBytes"].is_null());
    assert_eq!(raw.map(|input| input["pathBytes"].clone()), Some("70ff2e6a736f6e".into()));
    scene.write("pages/a\u{1b}[2J.json", "{");
    let told = "entra-diff: a%1B[2J.json: changed: its bytes are not those that were read\n";
    scene.run(&["verify", "out", "--inputs", "pages", "--inputs", "pages/-", "-q"]).is(7, "", told);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_never_followed_or_waited_for() {
    let scene = reported();
    fs::remove_file(scene.path("out/changes.csv")).expect("a file");
    std::os::unix::fs::symlink("changes.ndjson", scene.path("out/changes.csv")).expect("a link");
    let told = "entra-diff: changes.csv: changed: its bytes are not those that SHA256SUMS lists\n";
    scene.run(&["verify", "out", "-q"]).is(7, "", told);
    fs::remove_file(scene.path("out/changes.csv")).expect("a link");
    let made = std::process::Command::new("mkfifo").arg(scene.path("out/changes.csv")).status();
    assert!(made.expect("mkfifo").success());
    scene.run(&["verify", "out", "-q"]).is(7, "", told);
    let sums = scene.read("out/SHA256SUMS");
    scene.write("out/SHA256SUMS", format!("{sums}{}  ../pages/1.json\n", Digest::of(b"")));
    let ended = scene.run(&["verify", "out", "-q"]);
    ended.tells(7, &[], &["entra-diff: ../pages/1.json: missing: a whole report has it\n"]);
}

/// Changes the manifest, and lists it again as somebody would who hides a change.
fn tamper(scene: &Scene, change: impl Fn(&mut Value)) {
    let mut manifest = scene.json("out/manifest.json");
    change(&mut manifest);
    scene.write("out/manifest.json", manifest.to_string());
    list_again(scene, "manifest.json");
}

fn output<'m>(manifest: &'m mut Value, file: &str) -> &'m mut Value {
    let outputs = manifest["outputs"].as_array_mut().expect("outputs");
    outputs.iter_mut().find(|output| output["file"] == file).expect("the output")
}

#[test]
fn a_manifest_that_says_something_against_itself_or_the_files_is_found() {
    type Change = fn(&mut Value);
    let cases: [(Change, &str); 8] = [
        (
            |manifest| output(manifest, "changes.csv")["counts"] = Value::Null,
            "changes.csv: contradiction: by the manifest it does not hold what was counted when the pages were read",
        ),
        (
            |manifest| output(manifest, "changes.csv")["counts"]["rows"] = 2.into(),
            "changes.csv: contradiction: by the manifest it does not hold",
        ),
        (
            |manifest| {
                output(manifest, "report.html")["counts"]["rows"] = 4.into();
            },
            "report.html: contradiction: by the manifest it does not hold",
        ),
        (
            |manifest| manifest["options"]["formats"] = serde_json::json!(["html", "csv"]),
            "manifest.json: contradiction: its options name other formats than its outputs are",
        ),
        (
            |manifest| manifest["pageSets"][0]["verdict"] = "incomplete".into(),
            "summary.json: contradiction: manifest.json tells other inputs, verdicts or problems, or another version",
        ),
        (
            |manifest| {
                manifest["problems"] = serde_json::json!([{"code": "html", "severity": "error", "count": 1}]);
            },
            "summary.json: contradiction: manifest.json tells other inputs, verdicts or problems, or another version",
        ),
        (
            |manifest| manifest["tool"]["name"] = "other\u{1b}".into(),
            r"manifest.json: not a manifest that this version reads: made by other\u{1b}",
        ),
        (
            |manifest| manifest["schemaVersion"] = 2.into(),
            "manifest.json: not a manifest that this version reads: schemaVersion 2",
        ),
    ];
    for (change, told) in cases {
        let scene = reported();
        tamper(&scene, change);
        let ended = scene.run(&["verify", "out", "-q"]);
        assert_eq!(ended.code, Some(7), "{told}: {ended}");
        ended.tells(7, &[], &[&format!("entra-diff: {told}")]);
    }
    let scene = reported();
    tamper(&scene, |manifest| manifest["inputs"][0]["bytes"] = 1.into());
    let told = "entra-diff: 1.json: changed: its bytes are not those that were read\n";
    scene.run(&["verify", "out", "--inputs", "pages", "-q"]).tells(7, &[], &[told]);
}

#[test]
fn a_manifest_of_another_version_is_told_and_its_files_are_not_counted() {
    let scene = reported();
    fs::remove_file(scene.path("out/summary.json")).expect("a file");
    let sums = scene.read("out/SHA256SUMS");
    let kept = sums.lines().filter(|line| !line.ends_with("summary.json")).map(|line| format!("{line}\n"));
    scene.write("out/SHA256SUMS", kept.collect::<String>());
    tamper(&scene, |manifest| {
        manifest["tool"]["version"] = "9.9.9".into();
        manifest["outputs"]
            .as_array_mut()
            .expect("outputs")
            .retain(|output| output["file"] != "summary.json");
        manifest["options"]["formats"].as_array_mut().expect("formats").retain(|format| format != "json");
    });
    let told = "manifest.json: unchanged; made by version 9.9.9: what its files hold was not counted\n";
    scene.run(&["verify", "out"]).tells(0, &[told, "changes.csv: unchanged\n"], &[]);
}

#[test]
fn a_summary_that_tells_something_else_than_the_manifest_is_found() {
    type Change = fn(&mut Value);
    let cases: [Change; 6] = [
        |summary| summary["tool"]["version"] = "9.9.9".into(),
        |summary| summary["evidenceId"] = "0".repeat(64).into(),
        |summary| summary["inputs"][0]["sha256"] = "0".repeat(64).into(),
        |summary| summary["inputs"] = serde_json::json!([]),
        |summary| summary["pageSets"][0]["items"] = 7.into(),
        |summary| summary["groups"] = serde_json::json!([]),
    ];
    for change in cases {
        let scene = reported();
        let mut summary = scene.json("out/summary.json");
        change(&mut summary);
        let text = summary.to_string();
        scene.write("out/summary.json", &text);
        list_again(&scene, "summary.json");
        tamper(&scene, |manifest| {
            let output = output(manifest, "summary.json");
            output["sha256"] = Digest::of(text.as_bytes()).to_string().into();
            output["bytes"] = text.len().into();
        });
        scene.run(&["verify", "out", "-q"]).tells(7, &[], &["entra-diff: summary.json: "]);
    }
}

#[test]
fn a_manifest_that_does_not_go_together_is_found() {
    type Change = fn(&mut Value);
    let cases: [Change; 4] = [
        |manifest| manifest["run"]["exitCode"] = 3.into(),
        |manifest| manifest["unreadable"] = serde_json::json!([{"source": "a", "reason": "b"}]),
        |manifest| {
            let again = manifest["outputs"][0].clone();
            manifest["outputs"].as_array_mut().expect("outputs").push(again);
        },
        |manifest| {
            let twice = serde_json::json!({"code": "duplicateKey", "severity": "warning", "count": 1});
            manifest["problems"] = serde_json::json!([twice, twice]);
        },
    ];
    for change in cases {
        let scene = reported();
        tamper(&scene, change);
        let told = "entra-diff: manifest.json: contradiction: what it tells does not go together\n";
        scene.run(&["verify", "out", "-q"]).tells(7, &[], &[told]);
    }
}

#[test]
fn the_report_of_other_inputs_is_found_by_its_evidence_id() {
    for name in ["report.html", "report.md", "report.xlsx", "summary.json"] {
        let scene = reported();
        scene.write("others/1.json", planned(&[&ANA.replace("Oslo", "Rome")]));
        scene.write("others/2.json", failed(&[&ANA_FAILED.replace("Oslo", "Rome")]));
        scene.run(&["report", "others", "-o", "other", "-f", "html,xlsx,json,md", "-q"]).is(0, "", "");
        let bytes = fs::read(scene.path("other").join(name)).expect("a file");
        scene.write(&format!("out/{name}"), &bytes);
        list_again(&scene, name);
        tamper(&scene, |manifest| {
            let output = output(manifest, name);
            output["sha256"] = Digest::of(&bytes).to_string().into();
            output["bytes"] = bytes.len().into();
        });
        let told =
            format!("entra-diff: {name}: contradiction: it does not print the evidence id of this report\n");
        scene.run(&["verify", "out", "-q"]).is(7, "", &told);
    }
}

#[test]
fn inputs_are_never_said_to_be_those_that_were_read_by_a_list_that_is_not_as_it_was() {
    let scene = reported();
    edit(&scene, "pages/2.json", |bytes| bytes.push(b' '));
    let line = |name: &str| {
        let bytes = fs::read(scene.path("pages").join(name)).expect("a page");
        format!("{}  {name}\n", Digest::of(&bytes))
    };
    scene.write("out/INPUTS.sha256", ["1.json", "2.json"].map(line).concat());
    let changed = "entra-diff: 2.json: changed: its bytes are not those that were read\n";
    verified(&scene).tells(7, &["the inputs are NOT those that were read: 1 file wrong\n"], &[changed]);
    edit(&scene, "out/manifest.json", |bytes| bytes.push(b' '));
    let unjudged = "entra-diff: INPUTS.sha256: the inputs cannot be checked: neither it nor manifest.json is as it was written\n";
    verified(&scene).tells(7, &["the inputs are NOT those that were read: "], &[unjudged]);
    fs::remove_file(scene.path("out/SHA256SUMS")).expect("a file");
    verified(&scene).tells(7, &["the inputs are NOT those that were read: "], &[unjudged]);
}

#[test]
fn what_could_not_be_read_then_is_no_news() {
    let scene = reported();
    std::os::unix::fs::symlink("nowhere", scene.path("pages/notes.txt")).expect("a link");
    scene.run(&["report", "pages", "-o", "out", "--force", "-q"]).tells(
        3,
        &[],
        &["notes.txt: unreadableFile"],
    );
    let manifest = scene.json("out/manifest.json");
    assert_eq!(manifest["unreadable"][0]["source"], "notes.txt");
    let told = "notes.txt: could not be read when the report was made; the report names it\n";
    verified(&scene).tells(0, &[told, "the inputs are those that were read (2 files)\n"], &[]);
}

#[test]
fn an_input_that_is_in_a_folder_no_more_is_missing() {
    let scene = Scene::of(&[("pages/a/1.json", planned(&[ANA])), ("pages/2.json", failed(&[ANA_FAILED]))]);
    scene.run(&["report", "pages", "-o", "out", "-q"]).is(0, "", "");
    fs::remove_dir_all(scene.path("pages/a")).expect("a folder");
    scene.write("pages/a", "a file now");
    let told = "entra-diff: a/1.json: missing: it was read, and is not there\n";
    scene.run(&["verify", "out", "--inputs", "pages", "-q"]).is(7, "", told);
}

#[test]
fn standard_input_is_missing_where_it_is_not_given() {
    let scene = Scene::of_ana();
    let run = |arguments: &[&str]| {
        let mut command = scene.command(arguments);
        command.stdin(fs::File::open(scene.path("pages/1.json")).expect("a page"));
        scene.finish(command)
    };
    run(&["report", "-", "-o", "out", "-q"]).is(0, "", "");
    run(&["verify", "out", "--inputs", "-", "-q"]).is(0, "", "");
    scene.write("-", planned(&[ANA]));
    let told = "entra-diff: -: missing: it was read, and is not there\n";
    scene.run(&["verify", "out", "--inputs", "pages", "-q"]).tells(7, &[], &[told]);
}

#[cfg(unix)]
#[test]
fn only_files_are_lists_and_signatures() {
    let scene = reported();
    fs::create_dir(scene.path("out/SHA256SUMS.sig")).expect("a folder");
    let told = "entra-diff: SHA256SUMS.sig: added: SHA256SUMS does not list it\n";
    scene.run(&["verify", "out", "-q"]).is(7, "", told);
    fs::remove_dir(scene.path("out/SHA256SUMS.sig")).expect("a folder");
    for name in ["SHA256SUMS", "INPUTS.sha256"] {
        let path = scene.path("out").join(name);
        let bytes = fs::read(&path).expect("a file");
        fs::remove_file(&path).expect("a file");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.expect("mkfifo").success());
        let ended = verified(&scene);
        assert!(matches!(ended.code, Some(5 | 7)), "{ended}");
        assert!(ended.err.contains(&format!("entra-diff: {name}: ")), "{ended}");
        fs::remove_file(&path).expect("a pipe");
        fs::write(&path, bytes).expect("a file");
    }
}

#[test]
fn a_reader_that_has_enough_changes_nothing_of_what_was_found() {
    let scene = reported();
    edit(&scene, "out/report.html", |bytes| bytes.push(b' '));
    let mut command = scene.command(&["verify", "out"]);
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    command.stdout(writer);
    let told = "entra-diff: report.html: changed: its bytes are not those that SHA256SUMS lists\n";
    scene.finish(command).is(7, "", told);
}
