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

use workbook::{assert_well_formed, changes, sheet, strings};

/// How many UTF-16 units a cell holds.
const CELL_UNITS: usize = 32_767;

/// How many line feeds.
const LINE_FEEDS: usize = 253;

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
    ingest::survey(inputs, &SurveyOptions::default(), diff::extent, |_| ())
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
    assert_eq!(changes(&workbook), csv[1..]);
    let heads = sheet(&workbook, "Changes").remove(0);
    let heads: Vec<String> = heads.iter().map(ToString::to_string).collect();
    let shared = heads.iter().filter(|head| *head != wording::workbook::TIME_HEAD);
    for ((name, head), (column, found)) in
        wording::workbook::COLUMN_HEADS.iter().zip(csv[0].iter().zip(shared))
    {
        assert_eq!((name, head), (&column.as_str(), &found.as_str()));
    }
    assert_eq!(heads[csv[0].len() + 1..], wording::workbook::REVIEW_HEADS, "for the reader, at the right");
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
        assert_eq!(row[3..5], [change.recovery_action.as_str().expect("one"), change.since_backup.as_str()]);
        assert_eq!(Some(row[5].as_str()), reason);
        assert_eq!(row[6], change.failure_message.as_ref().expect("it failed").to_text());
        assert!(change.changes.iter().all(|attempted| row[7].contains(&*attempted.property)));
        assert_eq!(row[9], change.snapshot_date_time.expect("its snapshot has a time"));
        assert_eq!(row[11], change.source);
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
        let digest = Data::String(file.sha256().to_string());
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
    assert_eq!(first("Objects"), wording::workbook::NO_OBJECTS);
    assert_eq!(first("Links"), wording::workbook::NO_LINKS);
    assert_eq!(first("Failed changes"), wording::heading::NO_FAILED_CHANGES);
    assert_eq!(first("Properties"), wording::workbook::NO_PROPERTIES);
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
        assert_eq!(changes(&workbook), csv[1..], "the columns of data are the same");
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
    assert_eq!(tables.len(), 3, "Changes, Objects, Properties");
    assert!(tables[0].contains(r#"displayName="Changes""#) && tables[0].contains(r#"ref="A1:AA50001""#));
    assert!(changes.contains("<tableParts count=\"1\">") && !changes.contains("<autoFilter"));
    let (changes, tables) = changes_and_tables(50_001);
    assert_eq!(tables.len(), 1, "Properties");
    assert!(changes.contains(r#"<autoFilter ref="A1:AA50002""#) && !changes.contains("<tablePart"));
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
        assert_eq!(changes(&workbook), csv[1..]);
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
        assert_eq!(row[6], message);
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
    assert_eq!(changes(&workbook), csv[1..]);
    let about = sheet(&workbook, "About");
    for file in export.files() {
        assert!(about.iter().any(|row| row[0] == Data::String(file.label.clone())), "{}", file.label);
    }
}

#[test]
fn a_mark_names_the_files_of_the_run_that_have_all_of_it() {
    let (csv, ndjson) = (Format::Csv, Format::Ndjson);
    for (formats, whole_in) in [
        (vec![Format::Xlsx], "the saved page that the row names"),
        (vec![Format::Xlsx, csv], "changes.csv"),
        (vec![Format::Xlsx, ndjson], "changes.ndjson"),
        (vec![Format::Xlsx, csv, ndjson], "changes.csv and changes.ndjson"),
    ] {
        let item = json!({"id": "1", "entityTypeName": "user", "recoveryAction": "update",
            "deltaFromCurrent": {"aboutMe": "a".repeat(CELL_UNITS + 1)}, "currentState": {}});
        let export = export_of(&[item], &[]);
        let mut outputs = support::write(&support::report(&export), &formats, &Options::default());
        let (workbook, _) = outputs.swap_remove(0);
        let row = &changes(&workbook)[0];
        let cell = row.iter().find(|cell| cell.starts_with("aaa")).expect("the value stands in a cell");
        assert!(cell.ends_with(&format!("a… [cut: 32,768 characters; whole in {whole_in}]")), "{formats:?}");
    }
}

#[test]
fn a_mark_names_no_file_that_does_not_have_the_text_or_is_not_written() {
    let long = |start: &str| start.repeat(CELL_UNITS + 1);
    let item = json!({"id": "1", "entityTypeName": "user", "recoveryAction": "update", "failureMessage": "no",
        "@removed": {"reason": long("r")},
        "deltaFromCurrent": {"members@delta": [{"@odata.type": "#microsoft.graph.user", "id": "7",
            "displayName": long("n"), "userPrincipalName": long("u")}], long("p"): 1},
        "currentState": {}});
    let export = export_of(std::slice::from_ref(&item), std::slice::from_ref(&item));
    let (csv, ndjson, json) = (Format::Csv, Format::Ndjson, Format::SummaryJson);
    let page = "the saved page that the row names";
    for (formats, lines, summary) in [
        (vec![Format::Xlsx], page, "the saved files"),
        (vec![Format::Xlsx, csv], page, "the saved files"),
        (vec![Format::Xlsx, csv, ndjson, json], "changes.ndjson", "summary.json"),
    ] {
        let options = report::Options { title: Some(long("t")), ..report::Options::default() };
        let report = Report::new(&export, options);
        let workbook = support::write(&report, &formats, &Options::default()).swap_remove(0).0;
        let links = strings(&workbook, "Links");
        for (column, head) in [(9, "Target name"), (10, "Target user name")] {
            let cell = &links[0][column];
            assert!(cell.ends_with(&format!("; whole in {lines}]")), "{formats:?}: {head}");
        }
        let objects = strings_or_counts(&workbook, "Objects");
        assert!(objects[0][13].ends_with(&format!("; whole in {lines}]")), "{formats:?}");
        let attempted = &strings(&workbook, "Failed changes")[0][7];
        assert!(attempted.ends_with("; whole in the sheet Changes]"), "{formats:?}");
        let title = sheet(&workbook, "Summary")[0][0].to_string();
        assert!(title.ends_with(&format!("; whole in {summary}]")), "{formats:?}");
    }
}

/// The rows of a sheet below its head, as text whatever they are.
fn strings_or_counts(workbook: &[u8], name: &str) -> Vec<Vec<String>> {
    sheet(workbook, name).iter().skip(1).map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

/// A user whose page about himself is this text in the backup, as it stands in the workbook.
fn about_me(text: &str) -> String {
    let item = json!({"id": "1", "entityTypeName": "user", "recoveryAction": "update",
        "deltaFromCurrent": {"aboutMe": text}, "currentState": {}});
    let export = export_of(&[item], &[]);
    changes(&written(&support::report(&export)).0).swap_remove(0).swap_remove(9)
}

#[test]
fn a_text_that_only_its_escapes_make_too_long_is_whole() {
    let hidden = "\u{1}".repeat(20_000);
    assert_eq!(about_me(&format!("_x0041{hidden}")), format!("_x0041␁{}", &hidden[1..]));
    for count in [2_000, 4_681] {
        assert_eq!(about_me(&"_x0041\u{1}".repeat(count)), "_x0041␁".repeat(count));
    }
    let few = "_x0041\u{1}".repeat(1_000);
    assert_eq!(about_me(&few), few, "as it is, where there is room for the escapes");
    let marked = "_x0041\u{1}<".repeat(1_500);
    assert_eq!(about_me(&marked), "_x0041␁<".repeat(1_500));
}

#[test]
fn a_text_that_is_cut_is_told_as_long_as_it_is() {
    for (count, characters) in [(8_000, "56,000"), (4_682, "32,774")] {
        let text = about_me(&"_x0041\u{1}".repeat(count));
        let mark = format!("… [cut: {characters} characters; whole in changes.csv]");
        assert!(text.starts_with("_x0041␁_x0041␁") && text.ends_with(&mark), "{count}");
        assert_eq!(text.matches('…').count(), 1);
        let units = text.encode_utf16().count();
        assert!((CELL_UNITS - 10..=CELL_UNITS).contains(&units), "{units}");
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
        "\n".repeat(253),
        "\n".repeat(254),
        "é\n".repeat(20_000),
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
    for (row, whole) in changes(&workbook).iter().zip(&csv[1..]) {
        let (cell, whole) = (&row[backup], &whole[backup]);
        let line_feeds = whole.matches('\n').count();
        if whole.encode_utf16().count() <= CELL_UNITS && line_feeds <= LINE_FEEDS {
            assert_eq!(&cell.replace("_x0041␁", "_x0041\u{1}"), whole);
            continue;
        }
        assert!(cell.encode_utf16().count() <= CELL_UNITS && cell.matches('\n').count() <= LINE_FEEDS);
        let (kept, mark) = cell.rsplit_once('…').expect("it is marked");
        let characters = wording::number(whole.chars().count() as u64);
        let lines = if line_feeds > LINE_FEEDS {
            format!(" in {} lines", wording::number(line_feeds as u64 + 1))
        } else {
            String::new()
        };
        let whole_in = "changes.csv";
        assert_eq!(mark, format!(" [cut: {characters} characters{lines}; whole in {whole_in}]"));
        assert!(whole.starts_with(kept));
        cut += 1;
    }
    assert_eq!(cut, 6);
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

/// A user whose city changed, its group whose members did, and a policy that lost a condition of a list with keys.
fn some_items() -> Vec<Value> {
    let user = |id: &str, city: &str| {
        json!({"id": id, "entityTypeName": "user", "recoveryAction": "update", "displayName": format!("User {id}"),
            "deltaFromCurrent": {"city": "Oslo", "age": "007"}, "currentState": {"city": city, "age": "7"}})
    };
    let group = json!({"id": "g", "entityTypeName": "group", "recoveryAction": "softDelete", "displayName": "=G",
        "deltaFromCurrent": {"members@delta": [
            {"@odata.type": "#microsoft.graph.user", "id": "7", "displayName": "Ann", "userPrincipalName": "ann@x"},
            {"id": "8", "@removed": {"reason": "deleted"}}]},
        "currentState": {}});
    let same = json!({"id": "s", "entityTypeName": "user", "recoveryAction": "update",
        "deltaFromCurrent": {"city": "Oslo"}, "currentState": {"city": "Oslo"}});
    vec![user("1", "Bergen"), user("2", "Bergen"), user("3", "Moss"), group, same]
}

/// The places of links in a sheet's part, and where each leads.
fn links(part: &str) -> Vec<(String, String)> {
    let attribute = |element: &str, name: &str| {
        let from = element.split_once(&format!("{name}=\""))?.1;
        Some(quick_xml::escape::unescape(from.split_once('"')?.0).expect("ours").into_owned())
    };
    let links = part.split("<hyperlink ").skip(1);
    let of = |link, name| attribute(link, name).expect("a link into the workbook");
    links.map(|link| (of(link, "ref"), of(link, "location"))).collect()
}

/// The part of a workbook that is its sheet number so.
fn part(workbook: &[u8], number: usize) -> String {
    let name = format!("xl/worksheets/sheet{number}.xml");
    workbook::parts(workbook).into_iter().find(|(part, _)| *part == name).expect("a sheet").1
}

#[test]
fn sheets_stand_in_a_fixed_order_and_are_linked_from_the_first() {
    let export = support::survey(&["samples", "tests/restore"].map(std::path::PathBuf::from));
    let (workbook, _) = written(&support::report(&export));
    let book: calamine::Xlsx<_> = calamine::Reader::new(std::io::Cursor::new(&workbook)).expect("a workbook");
    assert_eq!(calamine::Reader::sheet_names(&book), SHEETS);
    let expected: Vec<String> = SHEETS[1..].iter().map(|name| format!("'{name}'!A1")).collect();
    // The first sheet shows what each is for when asked, the last one beside the link.
    for number in [1, SHEETS.len()] {
        let targets: Vec<String> =
            links(&part(&workbook, number)).into_iter().map(|(_, target)| target).collect();
        assert_eq!(targets, expected);
    }
    assert!(part(&workbook, 1).contains("tooltip=\"one row for each object change, with"));
}

const SHEETS: [&str; 9] = [
    "Summary",
    "Changes",
    "Objects",
    "Links",
    "Failed changes",
    "Properties",
    "Restore artifacts",
    "Problems",
    "About",
];

#[test]
fn every_object_has_a_row_with_its_counts_that_leads_to_its_changes() {
    let export = export_of(&some_items(), &[]);
    let (workbook, csv) = written(&support::report(&export));
    let rows = sheet(&workbook, "Objects");
    let heads: Vec<String> = rows[0].iter().map(ToString::to_string).collect();
    assert_eq!(heads, wording::workbook::OBJECT_HEADS);
    let counts = |row: &[Data]| row[6..9].iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(rows.len(), 1 + 5);
    assert_eq!(rows[1..].iter().map(|row| row[4].to_string()).collect::<Vec<_>>(), ["1", "2", "3", "s", "g"]);
    assert_eq!(
        rows[1..].iter().map(|row| counts(row)).collect::<Vec<_>>(),
        [["2", "0", "0"], ["2", "0", "0"], ["2", "0", "0"], ["0", "0", "1"], ["0", "2", "0"]]
    );
    assert!(rows[1][6..9].iter().all(|cell| matches!(cell, Data::Float(_))), "counts are numbers");
    assert_eq!(
        rows[5][1..4].iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["softDelete", "createdOrRestored", "group"]
    );
    let links = links(&part(&workbook, 3));
    assert_eq!(links.len(), 5);
    for ((_, target), row) in links.iter().zip(&rows[1..]) {
        let changes: usize =
            target.strip_prefix("'Changes'!A").and_then(|row| row.parse().ok()).expect("a row");
        assert_eq!(csv[changes - 1][3], row[4].to_string(), "the first row of that object");
        assert!(csv[changes - 2][3] != row[4].to_string());
    }
}

#[test]
fn links_have_their_targets_in_columns() {
    let export = export_of(&some_items(), &[]);
    let (workbook, _) = written(&support::report(&export));
    let rows = strings(&workbook, "Links");
    let cells: Vec<&[String]> = rows.iter().map(|row| &row[4..14]).collect();
    assert_eq!(
        cells,
        [
            ["=G", "members", "removed", "add", "7", "Ann", "ann@x", "user", "notReportedFailed", ""],
            ["=G", "members", "added", "remove", "8", "", "", "", "notReportedFailed", "targetDeleted"]
        ]
    );
}

#[test]
fn properties_tell_objects_rows_and_identical_edits() {
    let export = export_of(&some_items(), &[]);
    let (workbook, _) = written(&support::report(&export));
    let rows: Vec<Vec<String>> = sheet(&workbook, "Properties")
        .iter()
        .skip(1)
        .map(|row| row.iter().map(ToString::to_string).collect())
        .collect();
    let told: Vec<Vec<&str>> =
        rows.iter().map(|row| [0, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(|at| row[at].as_str()).to_vec()).collect();
    assert_eq!(
        told,
        [
            vec!["property", "user", "property", "age", "3", "3", "", "", "", ""],
            vec!["identical edit", "user", "property", "age", "3", "", "modified", "revert", "007", "7"],
            vec!["property", "user", "property", "city", "3", "3", "", "", "", ""],
            vec![
                "identical edit",
                "user",
                "property",
                "city",
                "2",
                "",
                "modified",
                "revert",
                "Oslo",
                "Bergen"
            ],
            vec!["property", "group", "link", "members", "1", "2", "", "", "", ""],
        ]
    );
}

#[test]
fn times_are_dates_beside_what_was_written() {
    let export = samples();
    let (workbook, _) = written(&support::report(&export));
    for (name, column) in [("Changes", 17), ("Objects", 14), ("Links", 14), ("Failed changes", 8)] {
        let rows = sheet(&workbook, name);
        assert_eq!(rows[0][column], Data::String("Snapshot time (UTC)".to_owned()));
        for row in &rows[1..] {
            let Data::DateTime(date) = row[column] else { panic!("{name}: {:?} is no date", row[column]) };
            assert!((date.as_f64() - (46_342.0 + 22.0 / 24.0)).abs() < 1e-9, "{name}");
            assert_eq!(row[column + 1], Data::String("2026-11-16T22:00:00Z".to_owned()));
        }
    }
    let summary = sheet(&workbook, "Summary");
    let ended = summary.iter().find(|row| row[0] == Data::String("Job completed".to_owned())).expect("a job");
    let Data::DateTime(date) = ended[1] else { panic!("{:?} is no date", ended[1]) };
    let seconds = (date.as_f64() * 86_400.0).round();
    assert!((seconds - (46_343.0 * 86_400.0 + 38_832.0)).abs() < 0.5, "10:47:12 on the day after: {seconds}");
    assert_eq!(ended[3], Data::String("2026-11-17T10:47:12Z".to_owned()));
    let styles =
        workbook::parts(&workbook).into_iter().find(|(name, _)| name == "xl/styles.xml").expect("styles").1;
    assert!(
        styles.contains(r#"formatCode="yyyy\-mm\-dd\ hh:mm:ss""#) || styles.contains("yyyy-mm-dd hh:mm:ss")
    );
}

#[test]
fn sheets_of_data_are_set_up_to_work_in_and_to_print() {
    let export = support::survey(&["samples", "tests/restore"].map(std::path::PathBuf::from));
    let (workbook, _) = written(&support::report(&export));
    for (number, name) in (1..).zip(SHEETS) {
        let part = part(&workbook, number);
        assert!(part.contains(r#"orientation="landscape""#) && part.contains("fitToHeight=\"0\""), "{name}");
        assert!(!part.contains("fitToWidth"), "{name} is one page wide, which is the default");
        assert!(part.contains("&amp;P / &amp;N"), "{name} has page numbers");
        let pages = numbers_of(&part, "brk", "id");
        assert!(["Summary", "About"].contains(&name) || pages.is_empty(), "{name} of rows ends by itself");
        let is_data = !["Summary", "About", "Problems"].contains(&name);
        assert!(!is_data || part.contains(r#"state="frozen""#), "{name}");
        let rules = part.matches("<conditionalFormatting ").count();
        assert!(!is_data || rules == 1, "{name}: one range of rules");
        assert!(links(&part).len() <= 60_000);
    }
    let changes = part(&workbook, 2);
    assert!(
        changes.contains("<dataValidation type=\"list\"") && changes.contains("sqref=\"X2:X159\""),
        "{changes}"
    );
    assert!(
        changes.contains("&quot;recover,keep,investigate,done&quot;")
            || changes.contains("\"recover,keep,investigate,done\"")
    );
    assert!(
        !changes.contains("errorStyle") && changes.contains("showErrorMessage=\"1\""),
        "nothing else is taken"
    );
    let all = workbook::parts(&workbook);
    let charts: Vec<_> = all.iter().filter(|(name, _)| name.starts_with("xl/charts/")).collect();
    assert_eq!(charts.len(), 1, "one native chart");
    let refers = charts[0].1.split("<c:f>").skip(1).all(|formula| formula.starts_with("Summary!$"));
    assert!(refers && charts[0].1.contains("<c:f>"), "by references to cells of ours");
    assert!(part(&workbook, 1).contains("<dataBar>"));
    let names = all.iter().find(|(name, _)| name == "xl/workbook.xml").expect("it names its sheets");
    for (number, name) in SHEETS.iter().enumerate() {
        let repeats = format!("localSheetId=\"{number}\"");
        let is_data = !["Summary", "About"].contains(name);
        assert!(
            !is_data || names.1.split("<definedName ").any(|d| d.contains(&repeats) && d.contains("$1:$1")),
            "{name}"
        );
    }
}

/// The numbers of an attribute of each element of this name.
fn numbers_of(part: &str, element: &str, attribute: &str) -> Vec<usize> {
    let of = |element: &str| {
        let from = element.split_once('>')?.0.split_once(&format!(" {attribute}=\""))?.1;
        from.split_once('"')?.0.parse().ok()
    };
    part.split(&format!("<{element}")).skip(1).filter_map(of).collect()
}

#[test]
fn the_first_sheet_of_the_samples_is_printed_on_two_pages_that_begin_with_a_heading() {
    let (workbook, _) = written(&support::report(&samples()));
    let summary = part(&workbook, 1);
    let breaks = numbers_of(&summary, "brk", "id");
    let rows = sheet(&workbook, "Summary");
    assert_eq!(breaks.len(), 1, "two pages");
    assert!(rows[breaks[0]].iter().all(|cell| cell.to_string().is_empty()), "the gap above");
    assert_eq!(rows[breaks[0] + 1][0].to_string(), "Why changes failed");
    let drawing = workbook::parts(&workbook).into_iter().find(|(name, _)| name.ends_with("drawing1.xml"));
    let drawing = drawing.expect("a chart").1;
    let anchors = drawing.split("<xdr:row>").skip(1);
    let chart: Vec<usize> = anchors.filter_map(|row| row.split('<').next()?.parse().ok()).collect();
    assert!(chart.len() == 2 && chart[1] < breaks[0], "the chart is on the first: {chart:?}, {breaks:?}");
    let row_of = |words: &str| rows.iter().position(|row| row[0] == Data::String(words.to_owned()));
    assert_eq!(row_of("In numbers").map(|row| row + 1), Some(chart[0]), "beside the numbers");
    assert!(row_of("Total").is_some_and(|row| row > chart[1]), "no longer than they are");
}

#[test]
fn a_sheet_has_no_more_links_than_excel_takes() {
    let item = |id| json!({"id": format!("{id}"), "recoveryAction": "update", "currentState": {}});
    let items: Vec<Value> = (0..60_001).map(item).collect();
    let links_of = |items: &[Value]| {
        let export = export_of(items, &[]);
        let mut outputs = support::write(&support::report(&export), &[Format::Xlsx], &Options::default());
        let workbook = outputs.remove(0).0;
        let places: Vec<String> =
            sheet(&workbook, "Objects").iter().skip(1).map(|row| row[18].to_string()).collect();
        (links(&part(&workbook, 3)).len(), places.first().cloned(), places.last().cloned())
    };
    let row = |words: &str| Some(words.to_owned());
    assert_eq!(links_of(&items[1..]), (60_000, row("row 2"), row("row 60,001")));
    assert_eq!(links_of(&items), (0, row("row 2"), row("row 60,002")), "none rather than some");
}

/// The part of a workbook whose name ends so.
fn part_named(workbook: &[u8], end: &str) -> String {
    workbook::parts(workbook).into_iter().find(|(name, _)| name.ends_with(end)).expect("it has this part").1
}

#[test]
fn the_chart_shows_every_object_change() {
    // Twenty types, of which the last has most, and six actions.
    let item = |number: usize| {
        let kind = format!("type{:02}", (number % 21).min(19));
        json!({"id": format!("{number}"), "entityTypeName": kind, "recoveryAction": format!("action{}", number % 6),
            "currentState": {}})
    };
    let items: Vec<Value> = (0..210).map(item).collect();
    let export = export_of(&items, &[]);
    let (workbook, _) = written(&support::report(&export));
    assert_well_formed(&workbook);
    let chart = part_named(&workbook, "charts/chart1.xml");
    let values = |cache: &str| -> Vec<String> {
        let (start, end) = (format!("<c:{cache}>"), format!("</c:{cache}>"));
        let caches = chart.split(&start).skip(1).filter_map(|part| part.split(&end).next());
        let values = caches.flat_map(|cache| cache.split("<c:v>").skip(1));
        values.filter_map(|value| value.split('<').next()).map(str::to_owned).collect()
    };
    let numbers = values("numCache");
    let numbers: Vec<u64> = numbers.iter().map(|number| number.parse().expect("a number")).collect();
    assert_eq!(numbers.iter().sum::<u64>(), 210, "{numbers:?}");
    let series = chart.matches("<c:ser>").count();
    let mut colours: Vec<&str> =
        chart.split("<c:spPr><a:solidFill><a:srgbClr val=\"").skip(1).map(|c| &c[..6]).collect();
    colours.sort_unstable();
    colours.dedup();
    assert_eq!((series, colours.len()), (5, 5), "each has a colour of its own");
    let words = values("strCache");
    for word in ["other types", "other actions", "type19"] {
        assert!(words.contains(&word.to_owned()), "{word}: {words:?}");
    }
    let rows = sheet(&workbook, "Summary");
    let shown = |words: &str| rows.iter().flatten().any(|cell| *cell == Data::String(words.to_owned()));
    assert!(shown("In the chart") && shown("other types"), "its numbers stand in cells");
    let drawing = part_named(&workbook, "drawings/drawing1.xml");
    assert!(drawing.contains("the numbers of the table In the chart"), "{drawing}");
}

/// No printed page of the first sheet begins with one of these headings' lines, behind it, or behind a head row below it: it
/// begins with the gap above.
fn assert_no_heading_stands_alone(workbook: &[u8], headings: &[&str]) {
    let rows = sheet(workbook, "Summary");
    let breaks = numbers_of(&part(workbook, 1), "brk", "id");
    for heading in headings {
        let row =
            rows.iter().position(|row| row[0] == Data::String((*heading).to_owned())).expect("it is there");
        assert!(
            !breaks.contains(&row) && !breaks.contains(&(row + 1)) && !breaks.contains(&(row + 2)),
            "{heading}: {breaks:?}"
        );
    }
}

#[test]
fn a_heading_is_printed_with_what_it_heads() {
    let export = support::survey(&[std::path::PathBuf::from("samples/getChanges")]);
    let (workbook, _) = written(&support::report(&export));
    assert_no_heading_stands_alone(&workbook, &["Are all pages there?", "How to read a change"]);
    // Its message is as high as a row can be.
    let item = json!({"id": "1", "entityTypeName": "user", "recoveryAction": "update",
        "failureMessage": "a\n".repeat(200), "currentState": {}});
    let export = export_of(std::slice::from_ref(&item), std::slice::from_ref(&item));
    let (workbook, _) = written(&support::report(&export));
    assert_no_heading_stands_alone(&workbook, &["Why changes failed"]);
}

#[test]
fn a_text_stays_one_where_somebody_edits_its_cell() {
    let export = support::survey(&["samples", "tests/restore"].map(std::path::PathBuf::from));
    let (workbook, _) = written(&support::report(&export));
    let styles = part_named(&workbook, "xl/styles.xml");
    let formats =
        styles.split_once("<cellXfs").expect("formats").1.split_once("</cellXfs>").expect("their end").0;
    let formats: Vec<bool> =
        formats.split("<xf ").skip(1).map(|format| format.contains("quotePrefix=\"1\"")).collect();
    for (number, name) in (1..).zip(SHEETS).skip(1).take(6) {
        let part = part(&workbook, number);
        let rows = part.split("<row ").skip(2);
        let texts =
            rows.flat_map(|row| row.split("<c ").skip(1)).filter(|cell| cell.contains("t=\"inlineStr\""));
        let format = |cell: &str| {
            let number = cell.split_once(" s=\"")?.1.split_once('"')?.0.parse::<usize>().ok()?;
            formats.get(number).copied()
        };
        let mut count = 0;
        for cell in texts.filter(|cell| !cell.contains(">row ")) {
            assert_eq!(format(cell), Some(true), "{name}: {cell}");
            count += 1;
        }
        assert!(count > 0, "{name}");
    }
}
