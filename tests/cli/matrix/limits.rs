//! Lines 27, 46, 89 and 91: much of something.

use std::fmt::Write as _;
use std::process::Command;

use super::super::scene::{ANA, Scene, failed, planned};
use super::{Case, ZOE, assert_cases, beside, packed};

/// Line 27: a million properties in each side, of which one differs, are compared in one go.
#[test]
fn an_object_with_a_million_properties_is_compared() {
    let properties = |last: u32| {
        let mut text = String::new();
        for number in 0..1_000_000 {
            write!(text, r#""p{number}":{number},"#).expect("memory");
        }
        format!("{text}\"last\":{last}")
    };
    let item = ZOE.replace(r#""city":"Oslo""#, &properties(1)).replace(r#""city":"Bergen""#, &properties(2));
    let scene = Scene::of(&[("in/good.json", planned(&[ANA])), ("in/bad.json", failed(&[&item]))]);
    let ended = scene.run(&["report", "in", "-o", "-", "-f", "csv", "-q"]);
    ended.tells(0, &["Ana-1,Ana,property,city", "Zoe-1,Zoe,property,last,modified,revert,1,2,"], &[]);
    assert_eq!(ended.out.lines().count(), 4, "one row of a million");
}

/// Line 46: a long message with what a terminal and a browser obey is whole in the lines and harmless in the page.
#[test]
fn a_message_of_a_megabyte_is_whole_in_the_lines_and_cut_in_the_page() {
    let long = "x".repeat(1 << 20);
    let told = r"\u001b]0;pwn\u0007<script>alert(1)</script>";
    let item = ZOE.replace(r#""no""#, &format!(r#""{told}{long}""#));
    let told = beside(&[("bad.json", failed(&[&item]))]);
    told.keeps_ana("line 46");
    assert_eq!((told.ended.code, told.ended.err.as_str()), (Some(0), ""), "{}", told.ended);
    let message = told.change("Zoe-1")["failureMessage"].as_str().expect("a message");
    assert_eq!(message, format!("\u{1b}]0;pwn\u{7}<script>alert(1)</script>{long}"));
    let page = told.scene.read("out/report.html");
    assert!(!page.contains("<script>alert") && !page.contains(['\u{1b}', '\u{7}']));
    assert!(page.contains("&lt;script&gt;alert") || page.contains("&#60;script&#62;alert"));
    assert!(page.len() < (1 << 20), "{} bytes", page.len());
    assert!(!told.ended.out.contains(['\u{1b}', '\u{7}']), "{}", told.ended);
    assert!(told.ended.out.len() < 20_000, "{}", told.ended);
}

/// Line 89: a hundred thousand files need no more descriptors than a few.
#[cfg(unix)]
#[test]
fn a_hundred_thousand_files_are_read_with_few_descriptors() {
    let scene = Scene::of(&[("in/getChanges.json", planned(&[ANA]))]);
    for number in 0..100_000 {
        scene.write(&format!("in/{}/{number}.json", number % 97), page_alone(number));
    }
    let mut command = Command::new("sh");
    let line = r#"ulimit -n 64 && exec "$0" report in -o out -f csv,json -q"#;
    command.args(["-c", line, env!("CARGO_BIN_EXE_entra-diff")]).current_dir(scene.path("."));
    scene.finish(command).is(0, "", "");
    let summary = scene.json("out/summary.json");
    assert_eq!(summary["inputs"].as_array().map(Vec::len), Some(100_001));
    assert_eq!(summary["totals"]["getFailedChanges"]["objects"], 100_000);
    assert_eq!(scene.read("out/changes.csv").lines().count(), 100_003);
}

/// A whole page set of one change.
fn page_alone(number: u32) -> String {
    let page = failed(&[&ZOE.replace("Zoe", &format!("Z{number}"))]);
    page.replace("snapshots/MTc4NTE4OTYwMA==/", &format!("snapshots/s{number}/"))
}

/// Line 91: what unpacks to hundreds of times its size is left out, also as an entry of an archive.
#[test]
fn an_archive_that_unpacks_to_too_much_is_left_out() {
    let bomb = packed(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < 100_000);
    let told = |file: &'static str, err: &str, problems, bytes: Vec<u8>| Case {
        line: 91,
        what: file,
        file,
        bytes,
        code: 3,
        err: format!(
            "{err}; it is left out: look at the archive; if it is what it should be, raise --max-archive-ratio\n"
        ),
        problems,
        ids: &[],
    };
    let limit = "limit: more than 250 times the packed size";
    // A page in front of the blanks does not make it a page.
    let page = [failed(&[ZOE]).as_bytes(), &vec![b' '; 64 << 20]].concat();
    assert_cases(vec![
        told("bomb.json.gz", &format!("bomb.json.gz: {limit}"), &["limit bomb.json.gz"], bomb),
        told("page.json.gz", &format!("page.json.gz: {limit}"), &["limit page.json.gz"], packed(&page)),
        told(
            "bomb.zip",
            &format!("bomb.zip!1.json: {limit}"),
            &["limit bomb.zip!1.json"],
            super::files::zip_of(&[("1.json", &vec![b' '; 64 << 20])]),
        ),
    ]);
}

// Products: what is repeated on every row, for every problem. All of it is typed by people.

/// A key or a name of `length` bytes around what is in it would stand with every row; it is told instead.
#[test]
fn a_name_that_would_stand_on_a_million_rows_is_told() {
    let leaves: Vec<String> = (0..2_000).map(|leaf| format!("\"l{leaf}\":1")).collect();
    let long = |length: usize| "k".repeat(length);
    let by_key = format!(
        r#"{{"id":"key","deltaFromCurrent":{{"{}":{{{}}}}},"currentState":{{}}}}"#,
        long(1_000),
        leaves.join(",")
    );
    let by_name = format!(
        r#"{{"id":"name","displayName":"{}","deltaFromCurrent":{{{}}},"currentState":{{}}}}"#,
        long(1_000),
        leaves.join(",")
    );
    let scene = Scene::of(&[("1.json", planned(&[&by_key, ANA, &by_name]))]);
    scene.run(&["report", "1.json", "-o", "-", "-f", "csv", "-q"]).tells(0, &["key,", "name,", "Ana-1"], &[]);
    let ended = scene.run(&["report", "1.json", "-o", "-", "-f", "csv", "-q", "--max-change-size", "1"]);
    ended.tells(3, &["Ana-1"], &[": limit: more than 1 MiB in the rows of one change; it is left out: "]);
    assert!(!ended.out.contains(",key,") && !ended.out.contains(",name,"), "{ended}");
    assert_eq!(ended.err.lines().count(), 2, "{ended}");
    let ended = scene.run(&["report", "1.json", "-o", "-", "-f", "csv", "-q", "--max-memory", "16"]);
    let (limit, advice) =
        ("more than 1 MiB in the rows of one change, for which there is memory; ", "--max-memory");
    ended.tells(3, &["Ana-1"], &[limit, advice]);

    let page = planned(&[ANA, "1"]);
    let scene =
        Scene::of(&[("good.json", planned(&[ANA])), ("1.json", format!(r#"{{"{}":{page}}}"#, long(1_100)))]);
    let ended = scene.run(&["report", ".", "-o", "-", "-f", "csv", "-q"]);
    ended.tells(
        3,
        &["good.json#/value/0"],
        &["1.json:1:", ": limit: more than 1,024 bytes in the pointer to this; "],
    );
    assert!(!ended.out.contains("kkkk") && !ended.err.contains("kkkk"), "{ended}");
    // A limit that is an option; the item that is none is told for itself.
    let ended = scene.run(&["report", ".", "-o", "-", "-f", "csv", "-q", "--max-name-size", "1200"]);
    ended.tells(3, &["Ana-1"], &[": unrecognisedItem: "]);
    assert!(!ended.err.contains("limit: "), "{ended}");
    let ended = scene.run(&["report", "good.json", "-o", "-", "-f", "csv", "-q", "--max-name-size", "3"]);
    ended.tells(4, &[], &["good.json:1:1: limit: more than 3 bytes in the pointer to this; "]);
}

/// A planned change joins a failed one, whose message would stand on each of its rows.
#[test]
fn a_message_that_would_stand_on_too_many_rows_is_cut_there_and_whole_with_the_failed_change() {
    let leaves: Vec<String> = (0..500).map(|leaf| format!("\"l{leaf}\":1")).collect();
    let plan = format!(r#"{{"id":"1","deltaFromCurrent":{{{}}},"currentState":{{}}}}"#, leaves.join(","));
    // What tells the category stands behind the cut.
    let message = format!("{}é Insufficient privileges", "m".repeat(4_095));
    let failure = format!(r#"{{"id":"1","deltaFromCurrent":{{}},"failureMessage":"{message}"}}"#);
    let scene = Scene::of(&[("1.json", planned(&[&plan])), ("2.json", failed(&[&failure]))]);
    let run = |size: &str| {
        scene.run(&["report", ".", "-o", "-", "-f", "csv", "-q", "--csv-raw", "--max-change-size", size])
    };
    let whole = run("100");
    whole.is(0, &whole.out, "");
    assert_eq!((whole.out.matches(&message).count(), whole.out.matches("permission").count()), (501, 501));
    let cut = run("1");
    cut.is(0, &cut.out, "");
    let told = format!("{} … (cut: the whole message stands with the failed change)", "m".repeat(4_095));
    let counts = [message.as_str(), &told, "permission"].map(|text| cut.out.matches(text).count());
    assert_eq!(counts, [1, 500, 501]);
}

#[test]
fn problems_above_their_limit_are_counted() {
    // The page says that it holds one item, and so contradicts itself.
    let broken = "1,".repeat(30_000) + ANA;
    let scene = Scene::of(&[("pages/1.json", planned(&[&broken]))]);
    let ended = scene.run(&["report", "pages", "-o", "out", "-f", "json,html,xlsx,md"]);
    ended.tells(3, &["1 object", "30,001 errors"], &["unrecognisedItem: "]);
    let problems = &scene.json("out/summary.json")["problems"];
    assert_eq!(problems.as_array().map(Vec::len), Some(10_002));
    assert_eq!(
        problems[10_000]["message"],
        "20,000 more problems of this kind in this file, not listed one by one"
    );
    assert_eq!(problems[10_000]["code"], "unrecognisedItem");
    // Wherever they are counted, they count.
    assert!(scene.read("out/report.html").contains("29,950 more"), "50 of a code are listed in the page");
    assert!(scene.read("out/report.md").contains("more"), "and some in the ticket");
    // Not as many as there is room for: of what stands far behind, some of every batch are listed.
    let ended = scene.run(&["summary", "pages", "--max-problems", "3", "-v"]);
    ended.tells(3, &["30,001 errors"], &["1.json: unrecognisedItem: 29,997 more problems of this kind"]);
    assert_eq!(ended.err.lines().count(), 5, "{ended}");
}

/// Of items that are not short all problems are listed, wherever in a page they stand.
#[test]
fn lost_values_are_listed_with_their_objects_far_behind_in_a_page() {
    let lost = |number: usize| {
        format!(
            r#"{{"id":"lost-{number}","recoveryAction":"update","deltaFromCurrent":"@{{a=1}}","currentState":{{}}}}"#
        )
    };
    let plain = |number: usize| format!(r#"{{"id":"{number}","deltaFromCurrent":{{}}}}"#);
    let items: Vec<String> =
        (0..30_000).map(|number| if number < 29_700 { plain(number) } else { lost(number) }).collect();
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    let scene = Scene::of(&[("1.json", planned(&items))]);
    let ended = scene.run(&["summary", "1.json", "-v"]);
    ended.tells(
        3,
        &["300 errors"],
        &["nested values of object lost-29700 were lost", "object lost-29999 were lost"],
    );
    assert_eq!(ended.err.lines().filter(|line| line.contains(": lostEvidence: ")).count(), 300, "{ended}");
}

#[test]
fn a_file_above_its_limit_is_left_out_and_inputs_above_theirs_end_the_run() {
    let large = planned(&[&ANA.replace("Ana-1", &"x".repeat(2 << 20))]);
    let scene = Scene::of(&[("pages/good.json", planned(&[ANA])), ("pages/large.json", large)]);
    let ended = scene.run(&["report", "pages", "-o", "-", "-f", "csv", "-q", "--max-file-size", "1"]);
    ended.tells(3, &["Ana-1"], &["large.json: limit: more than 1 MiB in a file; it is left out: "]);
    let mut piped = scene.command(&["summary", "-", "--max-file-size", "1"]);
    piped.stdin(std::fs::File::open(scene.path("pages/large.json")).expect("a file"));
    scene.finish(piped).tells(4, &[], &["-: limit: more than 1 MiB in a file; it is left out: "]);
    let ended = scene.run(&["report", "pages", "-o", "out", "--max-memory", "1"]);
    let told = "entra-diff: reading the inputs takes more than 1 MiB, which is what this run may hold: nothing is written: ";
    ended.tells(6, &[], &[told]);
    assert_eq!((ended.out.as_str(), scene.names(".")), ("", vec!["pages".to_owned()]), "{ended}");
    // Two pages without a link are told, but there is room for both: a file takes twice its size while it is read.
    assert_eq!(scene.run(&["report", "pages", "-o", "out", "--max-memory", "5"]).code, Some(3));
}
