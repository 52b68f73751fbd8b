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

/// Line 89: thousands of files need no more descriptors than a few.
#[cfg(unix)]
#[test]
fn thousands_of_files_are_read_with_few_descriptors() {
    let scene = Scene::of(&[("in/getChanges.json", planned(&[ANA]))]);
    for number in 0..5_000 {
        scene.write(&format!("in/{}/{number}.json", number % 7), page_alone(number));
    }
    let mut command = Command::new("sh");
    let line = r#"ulimit -n 64 && exec "$0" report in -o out -f csv,json -q"#;
    command.args(["-c", line, env!("CARGO_BIN_EXE_entra-diff")]).current_dir(scene.path("."));
    scene.finish(command).is(0, "", "");
    let summary = scene.json("out/summary.json");
    assert_eq!(summary["inputs"].as_array().map(Vec::len), Some(5_001));
    assert_eq!(summary["totals"]["getFailedChanges"]["objects"], 5_000);
    assert_eq!(scene.read("out/changes.csv").lines().count(), 5_003);
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
        err: format!("{err}; it is left out: look at the file: the service does not send this\n"),
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
