//! What each writer counts is what the survey counted, and what stands in the finished files.

#[expect(dead_code, reason = "other test files use the rest of it")]
mod support;

use std::io::Cursor;
use std::path::PathBuf;

use entra_diff::ingest::{self, Export, Input, SurveyOptions};
use entra_diff::render::{self, Counts, Delimiter, Error, Format, Options, Output, recount};
use entra_diff::{diff, report::Report};

/// Writes all formats, and gives the bytes and the writer's counts of each.
fn written(report: &Report<'_>) -> Vec<(Format, Vec<u8>, Counts)> {
    let mut sinks = vec![Vec::new(); Format::ALL.len()];
    let outputs = sinks.iter_mut().zip(Format::ALL).map(|(sink, format)| Output { format, sink }).collect();
    let written = render::write(report, outputs, &Options::default(), &mut |_| ()).expect("memory takes it");
    let counts = written.into_iter().map(|written| (written.format, written.counts));
    sinks.into_iter().zip(counts).map(|(bytes, (format, counts))| (format, bytes, counts)).collect()
}

fn of_folder(folder: &str) -> Export {
    support::survey(&[PathBuf::from(folder)])
}

/// `objects` changed users of one property each, in one page.
fn of_users(objects: usize) -> Export {
    let item = |number: usize| {
        format!(
            r#"{{"id": "{number}", "recoveryAction": "update", "entityTypeName": "user",
                "deltaFromCurrent": {{"city": "a"}}, "currentState": {{"city": "b"}}}}"#
        )
    };
    let items = (0..objects).map(item).collect::<Vec<_>>().join(",");
    let page = format!(r#"{{"@odata.context": "x/getChanges", "value": [{items}]}}"#);
    let inputs = vec![Input::Stdin(page.into_bytes())];
    ingest::survey(inputs, &SurveyOptions::default(), diff::extent, |_| ())
}

#[test]
fn every_finished_file_holds_what_its_writer_counted_and_the_survey_said() {
    let folders = ["samples", "tests/pages", "tests/restore"].map(of_folder);
    for export in folders.into_iter().chain([0, 300].map(of_users)) {
        let report = support::report(&export);
        let surveyed = Counts::of_survey(&report);
        for (format, bytes, counts) in written(&report) {
            assert_eq!(
                recount(format, Delimiter::Comma, Cursor::new(&bytes)).expect("it is ours"),
                counts,
                "{format:?}"
            );
            let is_told = |told: Option<u64>, all: Option<u64>| told.is_none() || told == all;
            assert!(is_told(counts.rows, surveyed.rows), "{format:?}");
            assert!(is_told(counts.object_changes, surveyed.object_changes), "{format:?}");
            assert!(is_told(counts.property_changes, surveyed.property_changes), "{format:?}");
            assert!(is_told(counts.link_changes, surveyed.link_changes), "{format:?}");
            assert!(is_told(counts.failed_changes, surveyed.failed_changes), "{format:?}");
            assert!(is_told(counts.problems, surveyed.problems), "{format:?}");
            assert!(is_told(counts.restore_artifacts, surveyed.restore_artifacts), "{format:?}");
            let has_artifacts = !export.restore_artifacts().is_empty();
            let is_of_artifacts = [Format::RestoreCsv, Format::RestoreNdjson].contains(&format);
            let has_nothing = format == Format::Markdown || (is_of_artifacts && !has_artifacts);
            assert_eq!(counts == Counts::default(), has_nothing, "{format:?}");
        }
    }
}

#[test]
fn the_samples_have_the_numbers_that_their_readme_tells() {
    let export = of_folder("samples");
    let surveyed = Counts::of_survey(&support::report(&export));
    let expected = Counts {
        rows: Some(144 + 7 + 6 + 1),
        object_changes: Some(82 + 6),
        property_changes: Some(150),
        link_changes: Some(8),
        failed_changes: Some(6),
        problems: Some(0),
        restore_artifacts: None,
    };
    assert_eq!(surveyed, expected);
}

#[test]
fn restore_artifacts_are_counted_in_every_format_that_lists_them() {
    let export = of_folder("tests/restore");
    let lists = [Format::RestoreCsv, Format::RestoreNdjson, Format::Xlsx, Format::SummaryJson];
    for (format, _, counts) in written(&support::report(&export)) {
        let expected = lists.contains(&format).then_some(10);
        assert_eq!(counts.restore_artifacts, expected, "{format:?}");
    }
}

#[test]
fn a_page_that_shows_a_part_counts_that_part() {
    let export = of_users(5_000);
    let report = support::report(&export);
    let (_, bytes, counts) = written(&report).swap_remove(0);
    assert_eq!((counts.rows, counts.object_changes), (Some(2_000), Some(2_000)));
    assert_eq!(recount(Format::Html, Delimiter::Comma, Cursor::new(bytes)).expect("it is ours"), counts);
}

/// A survey that counts a row that is not there, as a fault in the reading or the writing would.
#[test]
fn no_format_is_finished_that_does_not_hold_what_the_survey_counted() {
    let page = br#"{"@odata.context": "x/getChanges", "value": [{"id": "1", "recoveryAction": "update",
        "deltaFromCurrent": {"a": 1, "b": 1}, "currentState": {"a": 2, "b": 2}}]}"#;
    for format in [Format::Html, Format::Csv, Format::Xlsx, Format::Ndjson] {
        for wrong in [1, 3] {
            let examine = |record: &entra_diff::model::Record<'_>| {
                let mut extent = diff::extent(record);
                extent.tally.property_rows = wrong;
                extent
            };
            let inputs = vec![Input::Stdin(page.to_vec())];
            let export = ingest::survey(inputs, &SurveyOptions::default(), examine, |_| ());
            let report = support::report(&export);
            let mut sink = Vec::new();
            let outputs = vec![Output { format, sink: &mut sink }];
            let ended = render::write(&report, outputs, &Options::default(), &mut |_| ());
            let Err(Error::Miscounted { format: of, mismatch }) = ended else {
                panic!("{format:?}: {ended:?}")
            };
            assert_eq!(of, format);
            assert_ne!(mismatch.written, mismatch.surveyed);
        }
    }
}

#[test]
fn a_line_more_or_less_is_counted() {
    let (changes, sessions) = (of_folder("samples"), of_folder("tests/restore"));
    let (changes, sessions) = (support::report(&changes), support::report(&sessions));
    let of_artifacts = |format: Format| [Format::RestoreCsv, Format::RestoreNdjson].contains(&format);
    let of_sessions = written(&sessions).into_iter().filter(|(format, ..)| of_artifacts(*format));
    let of_changes = written(&changes).into_iter().filter(|(format, ..)| !of_artifacts(*format));
    for (format, bytes, counts) in of_changes.chain(of_sessions) {
        let text = String::from_utf8_lossy(&bytes);
        let shorter = match format {
            Format::Csv | Format::Ndjson | Format::RestoreCsv | Format::RestoreNdjson => text
                .rsplit_once('\n')
                .and_then(|(rest, _)| rest.rsplit_once('\n'))
                .map(|(rest, _)| format!("{rest}\n")),
            Format::Html => text.rsplit_once("<tr class=\"object\">").map(|(rest, _)| rest.to_owned()),
            Format::SummaryJson => Some(text.replacen("\"propertyChanges\": ", "\"propertyChanges\": 1", 1)),
            Format::Xlsx | Format::Markdown => continue,
        };
        let found =
            recount(format, Delimiter::Comma, Cursor::new(shorter.expect("a last line").into_bytes()));
        // A summary whose groups no longer add up to its totals is none.
        let is_seen = found.map_or(format == Format::SummaryJson, |found| found != counts);
        assert!(is_seen, "{format:?}");
    }
}

/// The workbook without the last row of its sheet of this name.
fn without_last_row(workbook: &[u8], sheet: &str) -> Vec<u8> {
    use std::io::{Read as _, Write as _};
    let mut parts = zip::ZipArchive::new(Cursor::new(workbook)).expect("a zip file");
    let mut shorter = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut names = String::new();
    parts.by_name("xl/workbook.xml").expect("it names its sheets").read_to_string(&mut names).expect("UTF-8");
    let before =
        names.split("<sheet name=\"").skip(1).position(|name| name.starts_with(&format!("{sheet}\"")));
    let meant = format!("xl/worksheets/sheet{}.xml", before.expect("a sheet of that name") + 1);
    for number in 0..parts.len() {
        let mut part = parts.by_index(number).expect("a part");
        let name = part.name().expect("ours").into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).expect("UTF-8");
        if name == meant {
            // Behind the last row of a table is a blank one.
            let (rows, blank) = text.rsplit_once("<row ").expect("a blank row");
            let (rows, _) = rows.rsplit_once("<row ").expect("a last row");
            text = format!("{rows}<row {blank}");
        }
        shorter.start_file(name, zip::write::SimpleFileOptions::default()).expect("memory takes it");
        shorter.write_all(text.as_bytes()).expect("memory takes it");
    }
    shorter.finish().expect("memory takes it").into_inner()
}

#[test]
fn a_row_less_on_a_sheet_is_counted() {
    let export = support::survey(&["samples", "tests/pages", "tests/restore"].map(PathBuf::from));
    let report = support::report(&export);
    let (_, workbook, counts) = written(&report).swap_remove(2);
    let sheets = ["Changes", "Objects", "Links", "Failed changes", "Properties"];
    for sheet in sheets.into_iter().chain(["Restore artifacts", "Problems"]) {
        let shorter = without_last_row(&workbook, sheet);
        let found = recount(Format::Xlsx, Delimiter::Comma, Cursor::new(shorter)).expect("it is ours");
        assert_ne!(found, counts, "{sheet}");
    }
}

#[test]
fn what_is_not_ours_is_not_counted() {
    for format in [
        Format::Csv,
        Format::Xlsx,
        Format::Ndjson,
        Format::SummaryJson,
        Format::RestoreCsv,
        Format::RestoreNdjson,
    ] {
        assert!(recount(format, Delimiter::Comma, Cursor::new(b"id,name\r\n1,{\r\n")).is_err(), "{format:?}");
    }
}
