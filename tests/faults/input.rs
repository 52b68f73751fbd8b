//! Bad pages among many, with and without `--strict`.

use std::fs::File;
use std::io::Read as _;

use super::folder::{ALL, is_whole};
use super::scene::{ANA, Scene, planned};

/// A thousand pages of one set, and the numbers of those that are damaged.
fn thousand(bad: &[usize]) -> Scene {
    let whole = planned(&[]);
    let scene = Scene::of::<&str>(&[]);
    for number in 1..=1_000 {
        let item = ANA.replace("Ana-1", &format!("Ana-{number}"));
        let next = format!("https://graph.microsoft.com/v1.0/x?$skiptoken={number}");
        let link = if number < 1_000 { format!(r#""@odata.nextLink":"{next}","#) } else { String::new() };
        let page = whole.replace(r#""@odata.count":0,"value":[]"#, &format!(r#"{link}"value":[{item}]"#));
        // In the middle of its item, behind what makes it another than the others.
        let end = if bad.contains(&number) { page.len() - 10 } else { page.len() };
        scene.write(&format!("pages/{number:04}.json"), &page[..end]);
    }
    scene
}

#[test]
fn one_bad_page_of_a_thousand_is_told_in_every_format_that_tells_problems() {
    let scene = thousand(&[500]);
    let ended = scene.run(&["report", "pages", "-o", "out", "-f", ALL]);
    ended.tells(3, &["999 objects", "Problems: 2 errors"], &["0500.json:"]);
    is_whole(&scene, "out");
    assert_eq!(scene.read("out/changes.ndjson").lines().count(), 999);
    for file in ["report.html", "summary.json", "report.md", "manifest.json", "INPUTS.sha256"] {
        assert!(scene.read(&format!("out/{file}")).contains("0500.json"), "{file} does not name the page");
    }
    let book = File::open(scene.path("out/report.xlsx")).expect("a workbook");
    let mut book = zip::ZipArchive::new(book).expect("a workbook is a zip file");
    let named = (0..book.len()).any(|part| {
        let mut text = String::new();
        book.by_index(part).expect("a part").read_to_string(&mut text).expect("parts are text");
        text.contains("0500.json")
    });
    assert!(named, "report.xlsx does not name the page");
}

#[test]
fn with_strict_every_bad_page_of_a_thousand_is_told_and_nothing_is_written() {
    let bad = [1, 7, 500, 501, 502, 503, 1_000];
    let scene = thousand(&bad);
    for options in [&[][..], &["-q"], &["-v"]] {
        let ended = scene.run(&[&["report", "pages", "-o", "out", "--strict"], options].concat());
        ended.tells(4, &[], &["entra-diff: nothing written: data would be missing from the report"]);
        for number in bad {
            let begin = format!("{number:04}.json:2:");
            let told = ended.err.lines().filter(|line| line.starts_with(&begin));
            assert_eq!(told.count(), 1, "{number:04}.json: {ended}");
        }
        assert_eq!(scene.names("."), ["pages"], "{ended}");
    }
}
