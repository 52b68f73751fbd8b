//! Laws of a whole export: the same bytes however it is made, and numbers that add up.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

use entra_diff::render::{Column, Format, Options};

use super::generate::{any_item, one_of};
use super::support::{report, survey, write};

/// The files of an export, by their path below its root.
pub(crate) type Files = BTreeMap<String, String>;

#[derive(Debug, Clone, Copy)]
enum Shape {
    Page,
    Array,
    Lines,
}

/// One file: a page of some function, snapshot and job, or its items in another shape.
fn file() -> impl Strategy<Value = (String, String)> {
    let folder = one_of(["", "a/", "b/", "b/getFailedChanges/"]);
    let function = one_of(["recoveryPreviewJobs", "recoveryJobs"]);
    let identity = (function, one_of(["MTc4NTE4OTYwMA==", "other"]), one_of(["j1", "j2"]));
    let shape = prop_oneof![6 => Just(Shape::Page), 1 => Just(Shape::Array), 1 => Just(Shape::Lines)];
    let envelope = (any::<bool>(), any::<bool>(), proptest::option::of(0..4_usize));
    (folder, 0..12_u8, identity, shape, envelope, vec(any_item(), 0..5)).prop_map(
        |(folder, number, (jobs, snapshot, job), shape, (named, last, count), items)| {
            let url = format!(
                "https://graph.microsoft.com/v1.0/directory/recovery/snapshots/{snapshot}/{jobs}/{job}/x"
            );
            let text = match shape {
                Shape::Array => Value::from(items).to_string(),
                Shape::Lines => items.iter().map(Value::to_string).collect::<Vec<_>>().join("\n"),
                Shape::Page => {
                    let mut page = json!({"value": items});
                    if named {
                        page["@odata.context"] = json!(url);
                    }
                    if !last {
                        page["@odata.nextLink"] = json!(format!("{url}?$skip={number}"));
                    }
                    if let Some(count) = count {
                        page["@odata.count"] = json!(count);
                    }
                    format!("{page:#}")
                }
            };
            (format!("{folder}page-{number}.json"), text)
        },
    )
}

pub(crate) fn files() -> impl Strategy<Value = Files> {
    vec(file(), 1..6).prop_map(|files| files.into_iter().collect())
}

/// Writes `files` below a folder of its own.
pub(crate) fn on_disk<T: AsRef<[u8]>>(files: &BTreeMap<String, T>) -> (TempDir, PathBuf) {
    let scene = tempfile::tempdir().expect("a temporary folder");
    let root = scene.path().join("export");
    for (path, content) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a folder above")).expect("a folder can be made");
        fs::write(path, content).expect("a file can be written");
    }
    (scene, root)
}

/// Every format of the report of `paths`, written in one go.
fn all_formats(paths: &[PathBuf]) -> Vec<(Vec<u8>, u64)> {
    let export = survey(paths);
    write(&report(&export), &[Format::Csv, Format::Ndjson, Format::SummaryJson], &Options::default())
}

fn with_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    pool.install(work)
}

/// The entries of the root as arguments, turned by `turn`, in reverse if `reversed`.
fn arguments(root: &Path, turn: usize, reversed: bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(root).expect("the export's folder");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let turn = turn % paths.len();
    paths.rotate_left(turn);
    if reversed {
        paths.reverse();
    }
    paths
}

/// The lines of `changes.ndjson`.
fn objects(ndjson: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(ndjson).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

fn sum(values: &[Value], field: &str) -> u64 {
    values.iter().map(|value| value[field].as_u64().expect("a count")).sum()
}

/// The numbers of some objects, by their lines.
fn numbers(objects: &[Value]) -> Value {
    let rows = |kind: &str| {
        let rows = objects.iter().flat_map(|object| object["changes"].as_array().expect("rows"));
        rows.filter(|row| row["kind"] == *kind).count()
    };
    json!({
        "objects": objects.len(),
        "propertyChanges": rows("property"),
        "linkChanges": rows("link"),
        "failed": objects.iter().filter(|object| object["outcome"] == "failed").count(),
    })
}

fn picked(summary: &Value) -> Value {
    let fields = ["objects", "propertyChanges", "linkChanges", "failed"];
    fields.into_iter().map(|field| (field.to_owned(), summary[field].clone())).collect()
}

proptest! {
    #[test]
    fn threads_formats_and_the_order_of_arguments_change_no_byte(
        files in files(),
        turn in 0..5_usize,
        reversed: bool,
        csv_raw: bool,
    ) {
        let (_scene, root) = on_disk(&files);
        let options = Options { csv_raw, ..Options::default() };
        let of = |paths: &[PathBuf], formats: &[Format]| write(&report(&survey(paths)), formats, &options);
        let straight = arguments(&root, 0, false);
        let together = with_threads(1, || of(&straight, &Format::ALL));
        prop_assert_eq!(&with_threads(5, || of(&straight, &Format::ALL)), &together, "threads");
        let turned = arguments(&root, turn, reversed);
        prop_assert_eq!(&of(&turned, &Format::ALL), &together, "order of arguments");
        for (format, together) in Format::ALL.into_iter().zip(&together) {
            prop_assert_eq!(&of(&straight, &[format])[0], together, "{:?} alone", format);
        }
    }

    #[test]
    fn the_numbers_of_the_summary_are_those_of_the_lines(files in files()) {
        let (_scene, root) = on_disk(&files);
        let outputs = all_formats(&[root]);
        let (lines, summary) = (objects(&outputs[1].0), &outputs[2].0);
        let summary: Value = serde_json::from_slice(summary).expect("the summary is JSON");
        let mut behind = 0;
        for group in summary["groups"].as_array().expect("groups") {
            let objects = usize::try_from(group["objects"].as_u64().expect("a count")).expect("few");
            let members = &lines[behind..behind + objects];
            for member in members {
                for field in ["function", "recoveryAction", "entityTypeName"] {
                    prop_assert_eq!(&member[field], &group[field], "lines stand in the order of groups");
                }
            }
            prop_assert_eq!(picked(group), numbers(members));
            behind += objects;
        }
        prop_assert_eq!(behind, lines.len(), "every line is in a group");
        for (function, totals) in summary["totals"].as_object().expect("totals") {
            let of_function: Vec<Value> =
                lines.iter().filter(|line| line["function"] == **function).cloned().collect();
            prop_assert_eq!(picked(totals), numbers(&of_function));
            prop_assert_eq!(totals["unchanged"].as_u64(), Some(sum(&of_function, "unchanged")));
        }
    }

    #[test]
    fn every_object_is_one_line_and_every_row_one_row_of_the_table(files in files(), csv_raw: bool) {
        let (_scene, root) = on_disk(&files);
        let export = survey(&[root]);
        let report = report(&export);
        let outputs = write(&report, &[Format::Csv, Format::Ndjson], &Options { csv_raw, ..Options::default() });
        let lines = objects(&outputs[1].0);
        prop_assert_eq!(lines.len(), report.len());
        prop_assert_eq!(outputs[1].1, lines.len() as u64);
        let expected: Vec<(Value, Option<&Value>)> = lines
            .iter()
            .flat_map(|line| {
                let rows = line["changes"].as_array().expect("rows");
                let alone = rows.is_empty().then_some((line["source"].clone(), None));
                rows.iter().map(|row| (line["source"].clone(), Some(row))).chain(alone)
            })
            .collect();
        let bytes = outputs[0].0.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&outputs[0].0);
        let mut table = csv::Reader::from_reader(bytes);
        let names: Vec<&str> = Column::ALL.iter().map(|column| column.name).collect();
        prop_assert_eq!(table.headers().expect("a header row").iter().collect::<Vec<_>>(), &names[..]);
        let at = |name: &str| names.iter().position(|column| *column == name).expect("a column");
        let records: Vec<csv::StringRecord> = table.records().map(|record| record.expect("RFC 4180")).collect();
        prop_assert_eq!(records.len(), expected.len());
        prop_assert_eq!(records.len() as u64, report.table_rows());
        prop_assert_eq!(records.len() as u64, outputs[0].1);
        for (record, (source, row)) in records.iter().zip(expected) {
            prop_assert_eq!(&record[at("source")], source.as_str().expect("a source"));
            let kind = row.map_or("", |row| row["kind"].as_str().expect("a kind"));
            prop_assert_eq!(&record[at("kind")], kind);
        }
    }
}

/// Longer than what is read, prepared and written in one piece, so that the pieces must come together again.
#[test]
fn an_export_of_many_pieces_is_the_same_on_any_number_of_threads() {
    let item = |number: usize| {
        let (kind, action) = (["user", "group"][number % 2], ["update", "restore", "softDelete"][number % 3]);
        json!({"id": format!("u{number}"), "entityTypeName": kind, "recoveryAction": action,
            "deltaFromCurrent": {"city": number, "same": 1}, "currentState": {"city": "Bergen", "same": 1.0}})
    };
    let page = |first: usize| Value::from((first..first + 3_000).map(item).collect::<Vec<_>>()).to_string();
    let files: Files =
        (0..4).map(|page_number| (format!("{page_number}.json"), page(page_number * 3_000))).collect();
    let (_scene, root) = on_disk(&files);
    let paths = [root];
    let alone = with_threads(1, || all_formats(&paths));
    for threads in [2, 7] {
        assert!(with_threads(threads, || all_formats(&paths)) == alone, "{threads} threads");
    }
    let lines = objects(&alone[1].0);
    assert_eq!(lines.len(), 12_000);
    let mut sources: Vec<&str> = lines.iter().filter_map(|line| line["source"].as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    assert_eq!(sources.len(), 12_000, "no object is told twice");
    assert!(
        lines
            .iter()
            .all(|line| line["unchanged"] == 1 && line["changes"].as_array().map(Vec::len) == Some(1))
    );
}
