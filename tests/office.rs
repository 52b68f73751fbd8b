//! LibreOffice opens the workbooks without complaint: every sheet is there, nothing in them is a formula, and they can be
//! printed.
//!
//! Without `soffice` a test says so and passes; with `ENTRA_DIFF_REQUIRE_TOOLS=1` it fails.

#[expect(dead_code, reason = "its benign twin is not looked at here")]
#[path = "support/hostile.rs"]
mod fixture;
#[expect(dead_code, reason = "other test files use the rest of it")]
mod support;
#[expect(dead_code, reason = "other test files use the rest of it")]
#[path = "support/tools.rs"]
mod tools;
#[expect(dead_code, reason = "other test files use the rest of it")]
#[path = "support/workbook.rs"]
mod workbook;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use calamine::{Data, Reader as _};
use entra_diff::render::{Format, Options};
use entra_diff::report::{self, Report};
use quick_xml::events::Event;

/// `workbook` as LibreOffice converts it to a file of this kind, in `folder`.
fn converted(folder: &Path, workbook: &[u8], kind: &str) -> Vec<u8> {
    let file = folder.join("report.xlsx");
    fs::write(&file, workbook).expect("a file can be written");
    // A profile of its own: one that somebody has open would answer instead.
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let mut command = Command::new("soffice");
    command.args([&profile, "--headless", "--convert-to", kind, "--outdir"]).arg(folder).arg(&file);
    let output = command.stdin(Stdio::null()).output().expect("soffice starts");
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && !said.to_lowercase().contains("error"), "{said}");
    fs::read(file.with_extension(kind)).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// What LibreOffice found in a workbook: the names of its sheets, and how many cells of each hold text.
fn sheets(flat: &str) -> Vec<(String, usize)> {
    let mut sheets: Vec<(String, usize)> = Vec::new();
    let mut reader = quick_xml::Reader::from_str(flat);
    // Cells and rows that are alike are written once. What a chart shows is a table within that of its sheet.
    let (mut rows, mut open) = (1, Vec::new());
    loop {
        match reader.read_event().expect("XML") {
            Event::Start(start) | Event::Empty(start) => {
                let attributes: BTreeMap<String, String> = start
                    .attributes()
                    .map(|attribute| attribute.expect("an attribute"))
                    .map(|attribute| (attribute.key.as_ref().to_owned(), attribute.value.into_owned()))
                    .collect();
                let number = |name: &str| attributes.get(name).map_or(1, |n| n.parse().expect("a number"));
                assert_eq!(attributes.get("table:formula"), None);
                match start.name().as_ref() {
                    "table:table" => {
                        open.push((sheets.len(), rows));
                        sheets.push((attributes["table:name"].clone(), 0));
                    }
                    "table:table-row" => rows = number("table:number-rows-repeated"),
                    "table:table-cell" => {
                        let is_text =
                            attributes.get("office:value-type").is_some_and(|kind| kind == "string");
                        let cells = number("table:number-columns-repeated") * rows * usize::from(is_text);
                        let (sheet, _) = open.last().expect("cells stand on sheets");
                        sheets[*sheet].1 += cells;
                    }
                    _ => {}
                }
            }
            Event::End(end) if end.name().as_ref() == "table:table" => {
                (_, rows) = open.pop().expect("it was begun");
            }
            Event::Eof => return sheets,
            _ => {}
        }
    }
}

/// LibreOffice finds the sheets of `workbook`, no formula, and text in as many cells as there are.
fn assert_opens(folder: &Path, workbook: &[u8]) {
    let flat = String::from_utf8(converted(folder, workbook, "fods")).expect("UTF-8");
    let mut found = sheets(&flat);
    // What a chart refers to is written as a table of its own.
    found.retain(|(name, _)| name != "local-table");
    let book: calamine::Xlsx<_> = calamine::Xlsx::new(io::Cursor::new(workbook)).expect("a workbook");
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, book.sheet_names());
    for (name, cells) in &found {
        let is_text = |cell: &&Data| matches!(cell, Data::String(text) if !text.is_empty());
        let expected = workbook::sheet(workbook, name).iter().flatten().filter(is_text).count();
        assert_eq!(*cells, expected, "{name}");
    }
}

#[test]
fn libreoffice_finds_no_formula_in_the_workbook_of_the_samples_and_prints_it() {
    if !tools::has("soffice") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let export = support::survey(&[PathBuf::from("samples")]);
    let report = Report::new(&export, report::Options::default());
    let workbook = support::write(&report, &[Format::Xlsx], &Options::default()).remove(0).0;
    assert_opens(folder.path(), &workbook);
    assert!(converted(folder.path(), &workbook, "pdf").starts_with(b"%PDF-"));
}

#[test]
fn libreoffice_finds_no_formula_in_the_workbook_of_hostile_texts() {
    if !tools::has("soffice") {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let hostile = fixture::hostile();
    let export = support::survey(&[hostile.path()]);
    let report = Report::new(&export, hostile.operator.clone());
    assert_opens(folder.path(), &support::write(&report, &[Format::Xlsx], &Options::default()).remove(0).0);
}
