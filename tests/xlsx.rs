//! The workbook, read back: it says what the other formats say, exactly, whatever the pages hold.

mod support;
#[path = "support/workbook.rs"]
mod workbook;

use std::path::Path;

use calamine::Data;
use entra_diff::ingest::{self, Export, Input, SurveyOptions};
use entra_diff::render::{self, Format, Options};
use entra_diff::report::{self, Perspective, Report, wording};
use entra_diff::{diff, model::Function};
use serde_json::{Value, json};

use workbook::{assert_well_formed, sheet, strings};

/// How many UTF-16 units a cell holds.
const CELL_UNITS: usize = 32_767;

fn samples() -> Export {
    support::survey(&[Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")])
}

/// An export of one page of planned changes and one of failed ones.
fn export_of(planned: &[Value], failed: &[Value]) -> Export {
    let page = |function: &str, items: &[Value]| {
        let context =
            format!("https://graph.microsoft.com/v1.0/$metadata#snapshots('MTc4NTE4OTYwMA==')/{function}");
        json!({"@odata.context": context, "@odata.count": items.len(), "value": items}).to_string()
    };
    let pages = [page("getChanges", planned), page("getFailedChanges", failed)].join("\n");
    let inputs = vec![Input::Stdin(pages.into_bytes())];
    ingest::survey(inputs, &SurveyOptions::default(), diff::tally, |_| ())
}

/// The workbook and the CSV of the same run, the latter as its cells.
fn written(report: &Report<'_>) -> (Vec<u8>, Vec<Vec<String>>) {
    let options = Options { csv_raw: true, ..Options::default() };
    let mut outputs = support::write(report, &[Format::Xlsx, Format::Csv], &options);
    let (csv, _) = outputs.pop().expect("two formats");
    let (workbook, rows) = outputs.pop().expect("two formats");
    assert_eq!(rows, report.table_rows());
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_slice());
    let cells = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
    (workbook, reader.records().map(|record| cells(record.expect("RFC 4180"))).collect())
}

#[test]
fn the_sheet_of_changes_has_the_cells_of_the_csv() {
    let export = samples();
    let (workbook, csv) = written(&support::report(&export));
    assert_well_formed(&workbook);
    assert!(csv.len() > 100);
    assert_eq!(strings(&workbook, "Changes"), csv[1..]);
    let heads = sheet(&workbook, "Changes").remove(0);
    let heads: Vec<String> = heads.iter().map(ToString::to_string).collect();
    for ((name, head), (column, found)) in
        wording::workbook::COLUMN_HEADS.iter().zip(csv[0].iter().zip(&heads))
    {
        assert_eq!((name, head), (&column.as_str(), &found.as_str()));
    }
    let mut unique = heads.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), heads.len(), "a table's heads are all different");
}

#[test]
fn the_summary_has_the_numbers_of_the_report() {
    let export = samples();
    let report = support::report(&export);
    let (workbook, _) = written(&report);
    let summary = sheet(&workbook, "Summary");
    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    let number = |count: u64| Data::Float(count as f64);
    let has = |row: &[Data]| summary.iter().any(|found| found.starts_with(row));
    for totals in report.totals() {
        let label = Data::String(wording::function_title(totals.function).to_owned());
        let counts =
            [totals.objects, totals.property_changes, totals.link_changes, totals.unchanged, totals.failed];
        let row: Vec<Data> = [label].into_iter().chain(counts.map(number)).collect();
        assert!(has(&row), "{row:?}");
        let matrix = report.matrix(totals.function);
        for line in &matrix.lines {
            let label = Data::String(wording::line_of(line.entity_type).to_owned());
            let cells = line.cells.iter().map(|cell| number(cell.objects));
            let failed = matrix.shows_failed.then(|| number(line.failed));
            let row: Vec<Data> =
                [label].into_iter().chain(cells).chain([number(line.objects)]).chain(failed).collect();
            assert!(has(&row), "{row:?}");
        }
    }
    for group in report.failures() {
        let message = Data::String(group.message.clone().expect("each has a message"));
        let reason = group.category.map(wording::failure_category).expect("each has a reason").to_owned();
        assert!(has(&[Data::String(reason), number(group.objects), message]));
    }
    let standing = Data::String(wording::standing(report.standing()).to_owned());
    assert!(has(&[standing]));
}

#[test]
fn every_failed_change_has_a_row_with_its_reason() {
    let export = samples();
    let report = support::report(&export);
    let (workbook, _) = written(&report);
    let rows = strings(&workbook, "Failed changes");
    let failed: Vec<_> = (0..report.len())
        .map(|position| report.object(position).change)
        .filter(|change| change.function == Function::GetFailedChanges)
        .collect();
    assert_eq!(rows.len(), failed.len());
    for (row, change) in rows.iter().zip(&failed) {
        assert_eq!(row[2], change.id);
        let reason = change.failure_category.map(wording::failure_category);
        assert_eq!(Some(row[4].as_str()), reason);
        assert_eq!(row[5], change.failure_message.as_ref().expect("it failed").to_text());
        assert!(change.changes.iter().all(|attempted| row[6].contains(&attempted.property)));
        assert_eq!(row[9], change.source);
    }
}

#[test]
fn every_problem_has_a_row_and_every_input_its_digest() {
    let lost = json!({"id": "1", "entityTypeName": "user", "recoveryAction": "update",
        "deltaFromCurrent": {"tags": "System.Object[]"}, "currentState": {}});
    let export = export_of(&[lost, json!("no object")], &[]);
    let (workbook, _) = written(&support::report(&export));
    let rows = strings(&workbook, "Problems");
    assert_eq!(rows.len(), export.problems().len());
    for (row, problem) in rows.iter().zip(export.problems()) {
        assert_eq!(row[..3], [problem.severity().as_str(), problem.code(), &problem.place.source()]);
        assert_eq!(
            row[5..],
            [&wording::problem_message(&problem.kind), wording::problem_advice(&problem.kind)]
        );
    }
    let about = sheet(&workbook, "About");
    for file in export.files() {
        let digest = Data::String(file.sha256.to_string());
        assert!(about.iter().any(|row| row.contains(&digest)), "{}", file.label);
    }
}

#[test]
fn where_there_is_nothing_the_sheets_say_so() {
    let export = export_of(&[], &[]);
    let (workbook, _) = written(&support::report(&export));
    assert_well_formed(&workbook);
    let first = |name: &str| strings(&workbook, name)[0][0].clone();
    assert_eq!(first("Changes"), wording::workbook::NO_CHANGES);
    assert_eq!(first("Failed changes"), wording::heading::NO_FAILED_CHANGES);
    assert_eq!(first("Problems"), wording::workbook::NO_PROBLEMS);
}

#[test]
fn the_direction_that_leads_is_in_the_title_and_first_in_the_guide() {
    let export = samples();
    for (perspective, title, leads, guide) in [
        (
            Perspective::Incident,
            "What changed in Microsoft Entra since the backup",
            "what happened since the backup",
            ["Backup value", "Current value", "Since the backup", "Recovery will"],
        ),
        (
            Perspective::Recovery,
            "What recovery will do in Microsoft Entra",
            "what recovery will do",
            ["Backup value", "Current value", "Recovery will", "Since the backup"],
        ),
    ] {
        let report = Report::new(&export, report::Options { perspective, ..report::Options::default() });
        let (workbook, csv) = written(&report);
        let summary = sheet(&workbook, "Summary");
        assert_eq!(summary[0][0], Data::String(title.to_owned()));
        let is_heading = |row: &Vec<Data>| row[0] == Data::String("How to read a change".to_owned());
        let heading = summary.iter().position(is_heading).expect("a guide");
        let labels: Vec<String> =
            summary[heading + 1..heading + 5].iter().map(|row| row[0].to_string()).collect();
        assert_eq!(labels, guide);
        let meanings = summary[heading + 1..heading + 5].iter().map(|row| row[1].to_string());
        for (label, meaning) in labels.iter().zip(meanings) {
            let known = wording::workbook::READING;
            assert!(known.contains(&(label.as_str(), meaning.as_str())), "{label}: {meaning}");
        }
        let told = [Data::String("The report leads with".to_owned()), Data::String(leads.to_owned())];
        assert!(sheet(&workbook, "About").iter().any(|row| row.starts_with(&told)));
        assert_eq!(strings(&workbook, "Changes"), csv[1..], "the columns of data are the same");
    }
}

/// The part of the workbook that is its sheet *Changes*, and the tables of all sheets.
fn changes_and_tables(rows: usize) -> (String, Vec<String>) {
    let item = |id| {
        json!({"id": format!("{id}"), "entityTypeName": "user", "recoveryAction": "update",
        "deltaFromCurrent": {"a": 1}, "currentState": {"a": 2}})
    };
    let items: Vec<Value> = (0..rows).map(item).collect();
    let export = export_of(&items, &[]);
    let report = support::report(&export);
    let mut outputs = support::write(&report, &[Format::Xlsx], &Options::default());
    let (workbook, written) = outputs.remove(0);
    assert_eq!(written, rows as u64);
    let mut parts = workbook::parts(&workbook);
    let changes = parts.iter().position(|(name, _)| name == "xl/worksheets/sheet2.xml").expect("a sheet");
    let changes = parts.swap_remove(changes).1;
    let tables = parts.into_iter().filter(|(name, _)| name.starts_with("xl/tables/"));
    (changes, tables.map(|(_, text)| text).collect())
}

#[test]
fn up_to_50_000_rows_are_a_table_and_more_have_a_filter() {
    let (changes, tables) = changes_and_tables(50_000);
    assert_eq!(tables.len(), 1);
    assert!(tables[0].contains(r#"displayName="Changes""#) && tables[0].contains(r#"ref="A1:V50001""#));
    assert!(changes.contains("<tableParts count=\"1\">") && !changes.contains("<autoFilter"));
    let (changes, tables) = changes_and_tables(50_001);
    assert_eq!(tables, Vec::<String>::new());
    assert!(changes.contains(r#"<autoFilter ref="A1:V50002""#) && !changes.contains("<tablePart"));
}

#[test]
fn without_items_of_the_function_those_with_a_message_are_the_failed_changes() {
    let item = |id: &str, message: Option<&str>| {
        let mut item = json!({"id": id, "entityTypeName": "user", "recoveryAction": "update",
            "deltaFromCurrent": {"city": "Oslo"}, "currentState": {"city": "Bergen"}});
        if let Some(message) = message {
            item["failureMessage"] = json!(message);
        }
        item
    };
    let planned = [item("1", Some("Insufficient privileges.")), item("2", None), item("3", Some("Quota."))];
    let ids = |failed: &[Value]| -> Vec<String> {
        let export = export_of(&planned, failed);
        let (workbook, _) = written(&support::report(&export));
        assert_well_formed(&workbook);
        strings(&workbook, "Failed changes").into_iter().map(|row| row[2].clone()).collect()
    };
    assert_eq!(ids(&[]), ["1", "3"]);
    assert_eq!(ids(&[item("2", None)]), ["2"], "items of the function are it, whatever they say");
}

/// Strings that somebody could put into a directory to do harm, or that formats like this one lose.
const HOSTILE: [&str; 30] = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=HYPERLINK(\"https://evil.example\",\"x\")",
    "=cmd|'/c calc'!A1",
    "https://evil.example/?a=1&b=2",
    "internal:'Changes'!A1",
    "mailto:x@example.com",
    "<img src=x onerror=alert(1)>",
    "]]><!-- &amp; &#0; <f>1+1</f>",
    "\0=1",
    "\u{1}\u{2}\u{b}\u{1f}\u{7f}\u{85}\u{9f}",
    "_x0041_",
    "_x0041",
    "_x0041\u{1}",
    "_x005F_x0001_",
    "_x0041_x0042_\u{1}x0041_",
    "a\u{fffe}\u{ffff}b",
    " leads and trails ",
    "\tx\t",
    "\nx\n",
    "a\r\nb\rc\nd",
    "\r",
    " ",
    "\u{202e}txt.exe\u{202c}\u{2066}\u{200b}\u{feff}",
    "\u{2028}\u{2029}\u{a0}",
    "\u{1f600}\u{10ffff}é李",
    "{=1}",
    "'=1",
];

/// A change in which every string is `text`.
fn hostile_item(position: usize, text: &str) -> Value {
    json!({
        "id": text, "entityTypeName": text, "recoveryAction": text, "displayName": text,
        "failureMessage": text,
        "deltaFromCurrent": {text: text, "n": position, format!("{text}@delta"): [{"id": text, "@removed": {}}]},
        "currentState": {text: format!("{text}{text}"), "n": [text]}
    })
}

#[test]
fn whatever_the_strings_hold_they_come_back_as_they_were() {
    let items: Vec<Value> =
        HOSTILE.iter().enumerate().map(|(position, text)| hostile_item(position, text)).collect();
    let planned: Vec<Value> = items
        .iter()
        .cloned()
        .map(|mut item| {
            item["failureMessage"] = Value::Null;
            item
        })
        .collect();
    let export = export_of(&planned, &items);
    for text in HOSTILE {
        let said = Some(text.to_owned());
        let options = report::Options {
            title: said.clone(),
            organization: said.clone(),
            case_id: said.clone(),
            prepared_by: said,
            ..report::Options::default()
        };
        let report = Report::new(&export, options);
        let (workbook, csv) = written(&report);
        assert_well_formed(&workbook);
        assert_eq!(strings(&workbook, "Changes"), csv[1..]);
        let summary = sheet(&workbook, "Summary");
        let stated = summary.iter().flatten().filter(|cell| **cell == Data::String(text.to_owned()));
        assert!(stated.count() >= 4, "{text:?}");
    }
}

#[test]
fn failed_changes_hold_what_the_pages_hold() {
    let items: Vec<Value> =
        HOSTILE.iter().enumerate().map(|(position, text)| hostile_item(position, text)).collect();
    let export = export_of(&[], &items);
    let report = support::report(&export);
    let (workbook, _) = written(&report);
    let rows = strings(&workbook, "Failed changes");
    assert_eq!(rows.len(), HOSTILE.len());
    for (row, position) in rows.iter().zip(0..) {
        let change = report.object(position).change;
        let message = change.failure_message.as_ref().expect("each failed").to_text();
        assert_eq!(
            row[..3],
            [change.entity_type.as_str(), change.display_name.as_deref().unwrap_or_default(), &change.id]
        );
        assert_eq!(row[5], message);
    }
}

#[cfg(unix)]
#[test]
fn names_of_files_come_back_as_they_were() {
    let folder = tempfile::tempdir().expect("a folder");
    let item = json!({"id": "1", "entityTypeName": "user", "recoveryAction": "update",
        "deltaFromCurrent": {"city": "Oslo"}, "currentState": {"city": "Bergen"}});
    let mut paths = Vec::new();
    for name in ["=1+1 <b>&\"\u{1}_x0041_\u{fffe}.json", "_x0041\u{1b}\r\n'.json", "plain.json"] {
        let path = folder.path().join(name);
        let page = json!({"@odata.context": format!("x/getChanges#{name}"), "value": [item]});
        std::fs::write(&path, page.to_string()).expect("a file can be written");
        paths.push(path);
    }
    let export = support::survey(&paths);
    assert_eq!(export.files().count(), 3);
    let (workbook, csv) = written(&support::report(&export));
    assert_well_formed(&workbook);
    assert_eq!(strings(&workbook, "Changes"), csv[1..]);
    let about = sheet(&workbook, "About");
    for file in export.files() {
        assert!(about.iter().any(|row| row[0] == Data::String(file.label.clone())), "{}", file.label);
    }
}

#[test]
fn what_is_too_long_is_cut_between_characters_and_says_where_all_of_it_is() {
    let emoji = "\u{1f600}";
    let values: Vec<String> = [
        "a".repeat(CELL_UNITS),
        "a".repeat(CELL_UNITS + 1),
        emoji.repeat(CELL_UNITS / 2),
        format!("a{}", emoji.repeat(CELL_UNITS / 2)),
        emoji.repeat(CELL_UNITS),
        format!("a{}", emoji.repeat(CELL_UNITS)),
        "\u{1}".repeat(40_000),
        format!("_x0041{}", "\u{1}".repeat(20_000)),
        "\n".repeat(300),
    ]
    .into();
    let items: Vec<Value> = values
        .iter()
        .enumerate()
        .map(|(position, value)| {
            json!({"id": format!("{position}"), "entityTypeName": "user", "recoveryAction": "update",
            "deltaFromCurrent": {"aboutMe": value}, "currentState": {"aboutMe": "x"}})
        })
        .collect();
    let export = export_of(&items, &[]);
    let (workbook, csv) = written(&support::report(&export));
    assert_well_formed(&workbook);
    let backup = csv[0].iter().position(|name| name == "backupValue").expect("a column");
    let mut cut = 0;
    for (row, whole) in strings(&workbook, "Changes").iter().zip(&csv[1..]) {
        let (cell, whole) = (&row[backup], &whole[backup]);
        if whole.encode_utf16().count() <= CELL_UNITS && !whole.starts_with("_x0041") {
            assert_eq!(cell, whole);
            continue;
        }
        assert!(cell.encode_utf16().count() <= CELL_UNITS);
        let (kept, mark) = cell.rsplit_once('…').expect("it is marked");
        if !whole.starts_with("_x0041") {
            let characters = wording::number(whole.chars().count() as u64);
            assert_eq!(mark, format!(" [cut: {characters} characters; whole in the formats csv and ndjson]"));
            assert!(whole.starts_with(kept));
        }
        cut += 1;
    }
    assert_eq!(cut, 5);
}

#[test]
fn the_bytes_are_the_same_in_every_run_on_any_number_of_threads() {
    let items: Vec<Value> =
        (0..9_000).map(|position| hostile_item(position, HOSTILE[position % HOSTILE.len()])).collect();
    let write = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| {
            let export = export_of(&items, &items[..5_000]);
            written(&support::report(&export)).0
        })
    };
    let first = write(1);
    for threads in [1, 4, 4] {
        assert!(write(threads) == first, "{threads} threads");
    }
}

#[test]
fn a_folder_for_temporary_files_that_is_not_there_is_an_error_with_its_cause() {
    let export = samples();
    let report = support::report(&export);
    let mut sink = Vec::new();
    let outputs = vec![render::Output { format: Format::Xlsx, sink: &mut sink }];
    let options = Options { temporary_folder: Some("/does/not/exist".into()), ..Options::default() };
    let error = render::write(&report, outputs, &options, &mut |_| ()).expect_err("there is no such folder");
    let render::Error::Sink { source, .. } = error else { panic!("{error}") };
    assert_eq!(source.kind(), std::io::ErrorKind::NotFound);
    assert!(sink.is_empty());
}
