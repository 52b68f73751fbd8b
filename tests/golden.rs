//! Whole outputs, kept as text that a reviewer can read: of the samples, and of pages shaped like the
//! published examples with all their oddities.
//!
//! `UPDATE_GOLDENS=1 cargo test --test golden` writes them anew; what it wrote is to be read line by line.

#[path = "support/page.rs"]
mod page;
#[expect(dead_code, reason = "other test files use the rest of it")]
mod support;
#[expect(dead_code, reason = "only the parts are looked at here")]
#[path = "support/workbook.rs"]
mod workbook;

use std::fs;
use std::path::Path;

use entra_diff::render::{Format, Options};
use entra_diff::report::{self, Perspective, Report, TimeZone};

/// The outputs of the pages in `folder` in these formats are, byte for byte, those kept in
/// `tests/golden/<name>`.
fn assert_golden(name: &str, folder: &str, options: report::Options, formats: &[Format]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let export = support::survey(&[root.join(folder)]);
    let report = Report::new(&export, options);
    let outputs = support::write(&report, formats, &Options::default());
    let kept = root.join("tests/golden").join(name);
    for (&format, (bytes, _)) in formats.iter().zip(outputs) {
        let path = kept.join(format.file_name());
        if format == Format::Xlsx {
            // A part a file, an element a line.
            for (part, text) in workbook::parts(&bytes) {
                assert_kept(&path.join(part), text.replace("><", ">\n<").as_bytes());
            }
        } else if format == Format::Html {
            assert_kept(&path, page::unpacked(&String::from_utf8_lossy(&bytes)).as_bytes());
        } else {
            assert_kept(&path, &bytes);
        }
    }
}

fn assert_kept(path: &Path, bytes: &[u8]) {
    if std::env::var_os("UPDATE_GOLDENS").is_some_and(|value| value == "1") {
        fs::create_dir_all(path.parent().expect("a folder above")).expect("a folder of goldens can be made");
        fs::write(path, bytes).expect("a golden can be written");
    }
    assert_same(path, bytes);
}

fn assert_same(path: &Path, found: &[u8]) {
    let shown = path.display();
    let kept = fs::read(path).unwrap_or_else(|error| panic!("{shown}: {error}; see this file's head"));
    if kept == found {
        return;
    }
    let (kept, found) = (String::from_utf8_lossy(&kept), String::from_utf8_lossy(found));
    let mut pairs = (1..).zip(kept.split('\n').zip(found.split('\n')));
    match pairs.find(|(_, (kept, found))| kept != found) {
        Some((line, (kept, found))) => panic!("{shown}:{line}:\n  kept  {kept:?}\n  found {found:?}"),
        None => panic!("{shown}: {} bytes are kept and {} were written", kept.len(), found.len()),
    }
}

/// What has something to show of every export.
const FORMATS: [Format; 6] =
    [Format::Html, Format::Csv, Format::Xlsx, Format::Ndjson, Format::SummaryJson, Format::Markdown];

#[test]
fn the_samples_give_their_golden_outputs() {
    assert_golden("samples", "samples", report::Options::default(), &FORMATS);
}

#[test]
fn pages_shaped_like_the_published_examples_give_their_golden_outputs() {
    assert_golden("pages", "tests/pages", report::Options::default(), &FORMATS);
}

#[test]
fn restore_sessions_give_their_golden_outputs() {
    let formats = [
        Format::RestoreCsv,
        Format::RestoreNdjson,
        Format::SummaryJson,
        Format::Html,
        Format::Markdown,
        Format::Xlsx,
    ];
    assert_golden("restore", "tests/restore", report::Options::default(), &formats);
}

#[test]
fn the_samples_read_from_the_present_to_the_backup_give_their_golden_outputs() {
    let time_zone = TimeZone::named("Europe/Copenhagen").expect("a zone");
    let options =
        report::Options { perspective: Perspective::Recovery, time_zone, ..report::Options::default() };
    assert_golden("recovery", "samples", options, &[Format::Html, Format::Markdown]);
}
