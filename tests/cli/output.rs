//! Where the report goes, and what is refused or left alone there.

use super::scene::{ANA, Scene, planned};

#[test]
fn a_folder_gets_the_formats_asked_for() {
    let scene = Scene::of_ana();
    scene.run(&["report", "pages", "-o", "deep/er", "-f", "ndjson,csv", "-q"]).is(0, "", "");
    scene.holds("deep/er", &["changes.csv", "changes.ndjson"]);
    assert_eq!(scene.names("."), ["deep", "pages"]);
}

#[test]
fn an_extension_makes_one_file_of_that_format() {
    let scene = Scene::of_ana();
    for (path, begins) in [
        ("a.csv", "\u{feff}function,recoveryAction,"),
        ("b.NDJSON", "{\"function\":\"getChanges\","),
        ("c.json", "{\n  \"schemaVersion\": 1,"),
    ] {
        scene.run(&["report", "pages", "-o", path, "-q"]).is(0, "", "");
        assert!(scene.read(path).starts_with(begins), "{path}");
    }
    scene.run(&["report", "pages", "-o", "d.csv", "-f", "csv", "-q"]).is(0, "", "");
    assert_eq!(scene.read("d.csv"), scene.read("a.csv"));
    assert_eq!(scene.names("."), ["a.csv", "b.NDJSON", "c.json", "d.csv", "pages"]);
}

#[test]
fn a_dash_writes_one_format_to_standard_output_and_the_table_to_standard_error() {
    let scene = Scene::of_ana();
    scene.run(&["report", "pages", "-o", "kept", "-f", "html,csv,ndjson,json,md", "-q"]).is(0, "", "");
    for (format, file) in [
        ("html", "report.html"),
        ("csv", "changes.csv"),
        ("ndjson", "changes.ndjson"),
        ("json", "summary.json"),
        ("md", "report.md"),
    ] {
        let ended = scene.run(&["report", "pages", "-o", "-", "-f", format]);
        ended.tells(0, &["getChanges"], &["Planned changes (getChanges): 1 object, 2 changed properties"]);
        assert_eq!(ended.out, scene.read(&format!("kept/{file}")), "{ended}");
        assert!(!ended.err.contains("Wrote"), "{ended}");
        scene.run(&["report", "pages", "-o", "-", "-f", format, "-q"]).is(0, &ended.out, "");
    }
    assert_eq!(scene.names("."), ["kept", "pages"]);
}

#[test]
fn contradictions_about_the_output_are_usage_errors() {
    let scene = Scene::of_ana();
    let one = "entra-diff: -o - needs exactly one format: give one with -f\n";
    for formats in [&[][..], &["-f", "csv,json"], &["-f", "csv", "-f", "ndjson"]] {
        scene.run(&[&["report", "pages", "-o", "-"], formats].concat()).is(2, "", one);
    }
    scene.run(&["report", "pages", "-o", "a.csv", "-f", "json"]).is(
        2,
        "",
        "entra-diff: the output is one file: a.csv: its extension and -f contradict each other\n",
    );
    assert_eq!(scene.names("."), ["pages"]);
}

#[test]
fn options_that_cannot_be_are_usage_errors() {
    let scene = Scene::of_ana();
    for (arguments, told) in [
        (&["report", "pages", "--frobnicate"][..], "unexpected argument '--frobnicate'"),
        (&["report", "pages", "-f", "pdf"], "invalid value 'pdf'"),
        (&["report", "pages", "--perspective", "bird"], "invalid value 'bird'"),
        (&["report", "pages", "--timezone", "Mars/Olympus"], "invalid value 'Mars/Olympus' for '--timezone"),
        (&["report", "pages", "--fail-on", "weather"], "invalid value 'weather'"),
        (&["report", "pages", "-q", "-v"], "cannot be used with"),
        (&["report", "pages", "-j", "0"], "invalid value '0'"),
        (&["report"], "required arguments were not provided"),
        (&["show", "pages"], "--id <ID>"),
        (&["completions", "basic"], "invalid value 'basic'"),
        (&["explode"], "unrecognized subcommand 'explode'"),
        (&[], "Usage: entra-diff"),
    ] {
        scene.run(arguments).tells(2, &[], &[told]);
    }
    assert_eq!(scene.names("."), ["pages"]);
}

#[test]
fn a_folder_that_is_not_empty_is_refused_untouched() {
    let scene = Scene::of_ana();
    scene.write("out/diary.txt", "mine");
    scene.run(&["report", "pages", "-o", "out"]).is(
        5,
        "",
        "entra-diff: the output is in use: out: choose another with -o, or give --force\n",
    );
    assert_eq!(scene.names("out"), ["diary.txt"]);
}

#[test]
fn a_file_that_is_there_is_refused_untouched() {
    let scene = Scene::of_ana();
    scene.write("out.csv", "mine");
    scene.run(&["report", "pages", "-o", "out.csv"]).is(
        5,
        "",
        "entra-diff: the output is in use: out.csv: choose another with -o, or give --force\n",
    );
    assert_eq!(scene.read("out.csv"), "mine");
    scene.run(&["report", "pages", "-o", "out.csv", "--force", "-q"]).is(0, "", "");
    assert!(scene.read("out.csv").contains("Ana"));
    assert_eq!(scene.names("."), ["out.csv", "pages"]);
}

#[test]
fn force_removes_known_outputs_not_asked_for_and_touches_nothing_else() {
    let scene = Scene::of_ana();
    for name in ["diary.txt", "changes.csv.bak", "Report.html", "sub/changes.csv"] {
        scene.write(&format!("out/{name}"), "mine");
    }
    for name in ["report.html", "report.xlsx", "changes.csv", "changes.ndjson", "summary.json", "SHA256SUMS"]
    {
        scene.write(&format!("out/{name}"), "old");
    }
    scene.run(&["report", "pages", "-o", "out", "-f", "csv", "--force", "-q"]).is(0, "", "");
    scene.holds("out", &["Report.html", "changes.csv", "changes.csv.bak", "diary.txt", "sub"]);
    assert!(scene.read("out/changes.csv").contains("Ana"));
    for name in ["diary.txt", "changes.csv.bak", "Report.html", "sub/changes.csv"] {
        assert_eq!(scene.read(&format!("out/{name}")), "mine", "{name}");
    }
}

#[test]
fn a_file_that_was_read_is_neither_replaced_nor_removed() {
    for (name, format) in [("summary.json", "json"), ("manifest.json", "csv")] {
        let scene = Scene::of(&[("pages/1.json", planned(&[ANA]))]);
        scene.write(&format!("pages/{name}"), planned(&[]));
        let before = scene.read(&format!("pages/{name}"));
        let ended = scene.run(&["report", "pages", "-o", "pages", "-f", format, "--force", "-q"]);
        ended.tells(5, &[], &["entra-diff: the output would replace an input: "]);
        assert_eq!(scene.read(&format!("pages/{name}")), before);
        assert_eq!(scene.names("pages"), ["1.json", name]);
    }
}

#[test]
fn what_cannot_be_reported_leaves_even_a_forced_folder_as_it_was() {
    let scene = Scene::of(&[("pages/1.json", ""), ("out/changes.csv", "old"), ("out/report.html", "old")]);
    let ended = scene.run(&["report", "pages", "-o", "out", "--force", "-q"]);
    ended.tells(4, &[], &["1.json: emptyFile: ", "entra-diff: nothing to report: "]);
    assert_eq!(
        (scene.names("out"), scene.read("out/changes.csv")),
        (vec!["changes.csv".into(), "report.html".into()], "old".into())
    );
}

#[test]
fn a_place_that_cannot_be_written_to_ends_with_5() {
    let scene = Scene::of_ana();
    scene.write("file", "mine");
    for output in ["file", "file/out", "file/out.csv", "missing/out.csv"] {
        let ended = scene.run(&["report", "pages", "-o", output]);
        ended.tells(5, &[], &["entra-diff: the output ", output]);
    }
    assert_eq!(scene.names("."), ["file", "pages"]);
    assert_eq!(scene.read("file"), "mine");
}

#[test]
fn where_one_output_cannot_be_put_in_its_place_none_is_replaced() {
    let scene = Scene::of_ana();
    scene.write("out/changes.csv", "old");
    scene.write("out/summary.json/diary.txt", "mine");
    let ended = scene.run(&["report", "pages", "-o", "out", "-f", "csv,json", "--force", "-q"]);
    ended.tells(5, &[], &["entra-diff: the output cannot be written: out/summary.json: "]);
    assert_eq!(scene.names("out"), ["changes.csv", "summary.json"], "nothing unfinished is left");
    assert_eq!(scene.read("out/changes.csv"), "old");
}

#[test]
fn a_page_that_was_read_is_never_written_over() {
    let scene = Scene::of(&[("pages/summary.json", planned(&[ANA]))]);
    for output in ["pages/summary.json", "pages"] {
        let ended = scene.run(&["report", "pages", "-o", output, "--force", "-q"]);
        ended.tells(5, &[], &["entra-diff: ", "pages/summary.json: "]);
        assert_eq!(
            (scene.names("pages"), scene.read("pages/summary.json")),
            (vec!["summary.json".into()], planned(&[ANA]))
        );
    }
}

#[test]
fn the_folder_of_the_pages_may_take_the_report_too() {
    let scene = Scene::of_ana();
    for _ in 0..2 {
        scene
            .run(&["report", "pages", "-o", "pages", "-f", "csv,ndjson,json", "--force", "-q"])
            .is(0, "", "");
        scene.holds("pages", &["1.json", "changes.csv", "changes.ndjson", "summary.json"]);
        assert_eq!(scene.read("pages/1.json"), planned(&[ANA]));
        assert_eq!(scene.read("pages/changes.ndjson").lines().count(), 1);
    }
    scene.run(&["report", "pages", "-o", "pages", "-f", "csv", "--force", "-q"]).is(0, "", "");
    scene.holds("pages", &["1.json", "changes.csv"]);
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_an_output_is_replaced_and_its_target_left_alone() {
    let scene = Scene::of_ana();
    scene.write("victim", "mine");
    scene.write("out/diary.txt", "mine");
    std::os::unix::fs::symlink("../victim", scene.path("out/changes.csv")).expect("a link");
    scene.run(&["report", "pages", "-o", "out", "-f", "csv", "--force", "-q"]).is(0, "", "");
    assert_eq!(scene.read("victim"), "mine");
    assert!(scene.read("out/changes.csv").contains("Ana"));
}

#[test]
fn raw_csv_has_no_mark_and_no_guard() {
    let trap = ANA.replace("Ana", "=1+1");
    let scene = Scene::of(&[("1.json", planned(&[&trap]))]);
    let safe = scene.run(&["report", "1.json", "-o", "-", "-f", "csv", "-q"]);
    safe.tells(0, &["\u{feff}function,", ",user,'=1+1-1,'=1+1,property,city,", "\r\n"], &[]);
    let raw = scene.run(&["report", "1.json", "-o", "-", "-f", "csv", "--csv-raw", "-q"]);
    raw.is(0, &safe.out.replace(['\u{feff}', '\''], ""), "");
}

#[test]
fn the_operators_words_are_marked_as_such() {
    let scene = Scene::of_ana();
    let words =
        ["--title", "Night <1>", "--organization", "Havlund", "--case-id", "IR-7", "--prepared-by", "Ana"];
    scene
        .run(&[&["report", "pages", "-o", "out", "-f", "json,ndjson", "-q"], &words[..]].concat())
        .is(0, "", "");
    let expected = r#"{"title":"Night <1>","organization":"Havlund","caseId":"IR-7","preparedBy":"Ana"}"#;
    assert_eq!(scene.json("out/summary.json")["operator"].to_string(), expected);
    assert!(!scene.read("out/changes.ndjson").contains("Havlund"));
}

#[test]
fn whatever_was_read_is_neither_replaced_nor_removed() {
    let scene = Scene::of_ana();
    // Read to know that it holds nothing of use.
    scene.write("pages/manifest.json", r#"{"collector": "x"}"#);
    scene.write("pages/notes.json", "{}");
    for output in ["pages", "pages/notes.json"] {
        let ended = scene.run(&["report", "pages", "-o", output, "--force", "-q"]);
        ended.tells(5, &[], &["entra-diff: the output would replace an input: pages/"]);
        assert_eq!(scene.names("pages"), ["1.json", "manifest.json", "notes.json"]);
        assert_eq!(scene.read("pages/manifest.json"), r#"{"collector": "x"}"#);
    }
}

#[test]
fn a_single_output_among_the_inputs_can_be_written_again() {
    let scene = Scene::of_ana();
    for _ in 0..2 {
        scene.run(&["report", "pages", "-o", "pages/changes.ndjson", "--force", "-q"]).is(0, "", "");
        let ended = scene.run(&["report", "pages", "-o", "-", "-f", "json", "-q"]);
        ended.tells(0, &["made by entra-diff"], &[]);
    }
}

#[cfg(unix)]
#[test]
fn what_could_not_be_read_is_not_replaced_either() {
    let scene = Scene::of_ana();
    // What leads nowhere cannot be read by anybody.
    std::os::unix::fs::symlink("nowhere", scene.path("pages/summary.json")).expect("a link");
    scene.run(&["report", "pages", "-o", "pages", "-f", "csv", "--force", "-q"]).tells(
        5,
        &[],
        &[
            "summary.json: unreadableFile",
            "entra-diff: the output would replace an input: pages/summary.json",
        ],
    );
    std::fs::remove_file(scene.path("pages/summary.json")).expect("a link");
    let pipe = std::process::Command::new("mkfifo").arg(scene.path("pages/report.md")).status();
    assert!(pipe.expect("mkfifo").success());
    scene
        .run(&["report", "pages/report.md", "pages/1.json", "-o", "pages", "-f", "csv", "--force", "-q"])
        .tells(
            5,
            &[],
            &["report.md: unreadableFile", "entra-diff: the output would replace an input: pages/report.md"],
        );
}

#[cfg(unix)]
#[test]
fn standard_input_is_not_replaced_by_what_is_made_of_it() {
    let scene = Scene::of_ana();
    let before = scene.read("pages/1.json");
    let mut command = scene.command(&["report", "-", "-o", "pages/1.json", "--force", "-q"]);
    command.stdin(std::fs::File::open(scene.path("pages/1.json")).expect("a page"));
    let ended = scene.finish(command);
    ended.is(5, "", "entra-diff: the output would replace an input: pages/1.json: choose another with -o\n");
    assert_eq!(scene.read("pages/1.json"), before);
}
