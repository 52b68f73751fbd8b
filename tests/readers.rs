//! CSV, read back by other programs: Python, `DuckDB` and LibreOffice find the rows that `changes.ndjson` tells, whatever
//! stands between the cells and in front of them. The commands are those of `docs/columns.md`.

#[expect(dead_code, reason = "the twin is not read here")]
#[path = "support/hostile.rs"]
mod fixture;
mod support;
#[path = "support/tools.rs"]
mod tools;
#[expect(dead_code, reason = "only the parts are looked at here")]
#[path = "support/workbook.rs"]
mod workbook;

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use entra_diff::render::{Column, Delimiter, Format, Options, guarded};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A table: its head and its rows.
type Rows = Vec<Vec<String>>;

/// The delimiters that are read back.
const DELIMITERS: [Delimiter; 3] = [Delimiter::Comma, Delimiter::Semicolon, Delimiter::Tab];

/// A table in a file, as it was written, and what it has to hold.
struct Table {
    name: String,
    options: Options,
    expected: Rows,
}

/// The tables of the samples and of the hostile export, in every way to write them, in a folder of their own.
fn tables() -> (TempDir, Vec<Table>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut tables = Vec::new();
    let hostile = fixture::hostile();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    for (export, path) in [("samples", samples), ("hostile", hostile.path())] {
        let export_of = support::survey(&[path]);
        let report = support::report(&export_of);
        for csv_delimiter in DELIMITERS {
            for csv_bom in [true, false] {
                let options = Options { csv_delimiter, csv_bom: Some(csv_bom), ..Options::default() };
                let outputs = support::write(&report, &[Format::Csv, Format::Ndjson], &options);
                let name = format!("{export}-{csv_delimiter:?}-{csv_bom}.csv");
                fs::write(folder.path().join(&name), &outputs[0].0).expect("a file can be written");
                let expected = rows_of(&outputs[1].0);
                tables.push(Table { name, options, expected });
            }
        }
    }
    (folder, tables)
}

/// What a table has to hold, by the lines of `changes.ndjson` and the words of `docs/columns.md`.
fn rows_of(ndjson: &[u8]) -> Rows {
    let mut rows = vec![Column::ALL.map(|column| column.name.to_owned()).to_vec()];
    for line in std::str::from_utf8(ndjson).expect("UTF-8").lines() {
        let object: Value = serde_json::from_str(line).expect("a line is JSON");
        let changes = object["changes"].as_array().expect("rows");
        if changes.is_empty() {
            rows.push(row_of(&object, None));
        }
        rows.extend(changes.iter().map(|row| row_of(&object, Some(row))));
    }
    rows
}

fn row_of(object: &Value, row: Option<&Value>) -> Vec<String> {
    let is_link = row.is_some_and(|row| row["kind"] == "link");
    let side = |name: &str| row.and_then(|row| row.get(name));
    let value = |name: &str| match side(name) {
        Some(target) if is_link => text_of(&target["id"]),
        Some(value) => text_of(value),
        None => String::new(),
    };
    let kind = |name: &str| match side(name) {
        None => "missing",
        Some(_) if is_link => "link",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::String(_)) => "string",
        Some(Value::Array(_)) => "array",
        Some(Value::Object(_)) => "object",
    };
    let of_row = |name: &str| side(name).map(text_of).unwrap_or_default();
    let cell = |name: &str| match name {
        "kind" | "property" | "recoveryWill" | "itemsAdded" | "itemsRemoved" | "note" => of_row(name),
        "sinceBackup" => text_of(row.map_or(&object[name], |row| &row[name])),
        "backupValue" => value("backup"),
        "currentValue" => value("current"),
        "backupType" => kind("backup").to_owned(),
        "currentType" => kind("current").to_owned(),
        of_object => text_of(&object[of_object]),
    };
    Column::ALL.map(|column| guarded(Cow::Owned(cell(column.name))).into_owned()).to_vec()
}

/// A text as it is, null empty, anything else compact JSON.
fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[track_caller]
fn assert_same(table: &Table, found: &Rows) {
    assert_eq!(found.len(), table.expected.len(), "{}", table.name);
    for (number, (found, expected)) in found.iter().zip(&table.expected).enumerate() {
        assert_eq!(found, expected, "{}, row {number}", table.name);
    }
}

#[test]
fn python_reads_the_same_rows_whatever_stands_between_and_in_front() {
    if !tools::has("python3") {
        return;
    }
    let (folder, tables) = tables();
    for table in &tables {
        let script = "import csv, json, sys\n\
            csv.field_size_limit(1 << 30)\n\
            with open(sys.argv[1], encoding=sys.argv[3], newline='') as file:\n    \
                print(json.dumps(list(csv.reader(file, delimiter=sys.argv[2]))))\n";
        let encoding = if table.options.csv_bom == Some(true) { "utf-8-sig" } else { "utf-8" };
        let arguments = [&table.name, table.options.csv_delimiter.as_str(), encoding];
        let told = tools::python(folder.path(), script, &arguments, "");
        assert_same(table, &serde_json::from_str(&told).expect("rows"));
    }
}

#[test]
fn duckdb_reads_the_same_rows_whatever_stands_between_and_in_front() {
    if !tools::python_has("duckdb") {
        return;
    }
    let (folder, tables) = tables();
    for table in &tables {
        let script = "import duckdb, json, sys\n\
            query = \"\"\"SELECT * FROM read_csv(?, delim=?, quote='\"', escape='\"', header=true, all_varchar=true)\"\"\"\n\
            found = duckdb.execute(query, sys.argv[1:3])\n\
            head = [column[0] for column in found.description]\n\
            print(json.dumps([head] + [[cell or '' for cell in row] for row in found.fetchall()]))\n";
        let arguments = [&table.name, table.options.csv_delimiter.as_str()];
        let told = tools::python(folder.path(), script, &arguments, "");
        assert_same(table, &serde_json::from_str(&told).expect("rows"));
    }
}

/// How LibreOffice is told to read a table.
enum Cells {
    /// Every cell is a text.
    Text,
    /// What looks like a number is one, and what looks like a formula is run.
    Evaluated,
}

/// Has LibreOffice convert the files of a folder, and gives the folder of what it made.
fn converted(folder: &Path, names: &[&str], delimiters: &[Delimiter], cells: &Cells) -> PathBuf {
    let codes: Vec<String> = delimiters.iter().map(|delimiter| delimiter.byte().to_string()).collect();
    let text = (1..=Column::ALL.len()).map(|column| format!("{column}/2")).collect::<Vec<_>>().join("/");
    let (formats, special, to) = match cells {
        // Written again as CSV, which has every character.
        Cells::Text => (text, false, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,false"),
        Cells::Evaluated => (String::new(), true, "xlsx"),
    };
    let filter =
        format!("CSV:{},34,76,1,{formats},0,false,{special},false,false,false,0,true", codes.join("/"));
    let out = tempfile::tempdir_in(folder).expect("a temporary folder").keep();
    let mut soffice = Command::new("soffice");
    soffice
        .arg(format!("-env:UserInstallation=file://{}", folder.join("profile").display()))
        .arg("--headless")
        .arg(format!("--infilter={filter}"))
        .args(["--convert-to", to, "--outdir"])
        .arg(&out)
        .args(names.iter().map(|name| folder.join(name)));
    let ended = soffice.output().expect("soffice starts");
    let told = String::from_utf8_lossy(&ended.stdout).into_owned() + &String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success() && !told.contains("Error"), "{soffice:?}: {told}");
    let made = fs::read_dir(&out).unwrap_or_else(|error| panic!("{soffice:?}: {error}: {told}"));
    assert_eq!(made.count(), names.len(), "{soffice:?}: {told}");
    out
}

/// In a cell LibreOffice knows one kind of line end.
fn with_line_feeds(rows: &Rows) -> Rows {
    let unified = |cell: &String| cell.replace("\r\n", "\n").replace('\r', "\n");
    rows.iter().map(|row| row.iter().map(unified).collect()).collect()
}

#[test]
fn libreoffice_reads_the_same_rows_whatever_stands_between_and_in_front() {
    if !tools::has("soffice") {
        return;
    }
    let (folder, tables) = tables();
    for delimiter in DELIMITERS {
        let tables = || tables.iter().filter(|table| table.options.csv_delimiter == delimiter);
        let names: Vec<&str> = tables().map(|table| table.name.as_str()).collect();
        let out = converted(folder.path(), &names, &[delimiter], &Cells::Text);
        for table in tables() {
            let mut again = csv::ReaderBuilder::new();
            let mut again = again.has_headers(false).from_path(out.join(&table.name)).expect("a file");
            let cells = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
            let found: Rows = again.records().map(|record| cells(record.expect("RFC 4180"))).collect();
            let expected = with_line_feeds(&table.expected);
            let table = Table { name: table.name.clone(), options: Options::default(), expected };
            assert_same(&table, &with_line_feeds(&found));
        }
    }
}

/// How many formulas a workbook has.
fn formulas(workbook: &Path) -> usize {
    let bytes = fs::read(workbook).unwrap_or_else(|error| panic!("{}: {error}", workbook.display()));
    let parts = workbook::parts(&bytes);
    let sheets: Vec<&String> =
        parts.iter().filter(|(name, _)| name.starts_with("xl/worksheets/")).map(|(_, text)| text).collect();
    assert!(!sheets.is_empty());
    sheets.iter().map(|text| text.matches("<f>").count() + text.matches("<f ").count()).sum()
}

#[test]
fn libreoffice_finds_no_formula_in_a_guarded_table_even_if_it_is_to_run_them() {
    if !tools::has("soffice") {
        return;
    }
    let (folder, tables) = tables();
    for delimiter in DELIMITERS {
        let tables = tables.iter().filter(|table| table.options.csv_delimiter == delimiter);
        let names: Vec<&str> = tables.map(|table| table.name.as_str()).collect();
        let out = converted(folder.path(), &names, &[delimiter], &Cells::Evaluated);
        for name in names {
            assert_eq!(formulas(&out.join(name).with_extension("xlsx")), 0, "{name}");
        }
    }
    // The same export without the guard, so that it is known that formulas would be seen.
    let export = support::survey(&[fixture::hostile().path()]);
    let raw = Options { csv_raw: true, ..Options::default() };
    let outputs = support::write(&support::report(&export), &[Format::Csv], &raw);
    fs::write(folder.path().join("raw.csv"), &outputs[0].0).expect("a file can be written");
    let out = converted(folder.path(), &["raw.csv"], &[Delimiter::Comma], &Cells::Evaluated);
    assert!(formulas(&out.join("raw.xlsx")) > 0);
}

/// LibreOffice's dialog proposes several delimiters at once.
#[test]
fn a_table_without_commas_between_has_no_formula_where_every_delimiter_is_taken_for_one() {
    if !tools::has("soffice") {
        return;
    }
    let scene = tempfile::tempdir().expect("a temporary folder");
    let item = |cut: &str| {
        json!({"id": cut, "displayName": format!("x{cut}=1+1{cut}y"), "entityTypeName": "user",
            "recoveryAction": "update", "deltaFromCurrent": {"city": "Oslo"}, "currentState": {"city": "Bergen"}})
    };
    let page = json!({ "value": Delimiter::ALL.map(|delimiter| item(delimiter.as_str())) });
    fs::write(scene.path().join("page.json"), page.to_string()).expect("a file can be written");
    let export = support::survey(&[scene.path().to_owned()]);
    let report = support::report(&export);
    assert_eq!(report.table_rows(), 4);
    for csv_delimiter in [Delimiter::Semicolon, Delimiter::Tab, Delimiter::Pipe] {
        let options = Options { csv_delimiter, ..Options::default() };
        let outputs = support::write(&report, &[Format::Csv], &options);
        let name = format!("{csv_delimiter:?}.csv");
        fs::write(scene.path().join(&name), &outputs[0].0).expect("a file can be written");
        let out = converted(scene.path(), &[&name], &Delimiter::ALL, &Cells::Evaluated);
        assert_eq!(formulas(&out.join(name).with_extension("xlsx")), 0, "{csv_delimiter:?}");
    }
}

/// The rows of the samples and of restore sessions, held against the published schemas.
#[test]
fn every_row_fits_the_schema_of_its_table() {
    if !tools::has("python3") {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let hostile = fixture::hostile();
    let inputs = [root.join("samples"), root.join("tests/restore"), hostile.path()];
    for (number, path) in inputs.into_iter().enumerate() {
        let export = support::survey(&[path]);
        let formats = [("changes", Format::Csv), ("restore-artifacts", Format::RestoreCsv)];
        for (name, format) in formats {
            let outputs = support::write(&support::report(&export), &[format], &Options::default());
            let table = format!("{number}-{name}.csv");
            fs::write(folder.path().join(&table), &outputs[0].0).expect("a file can be written");
            let schema = root.join(format!("docs/{name}.schema.json")).display().to_string();
            let told = tools::python(folder.path(), FITS, &[&table, &schema], "");
            let rows = export.restore_artifacts().len();
            let rows =
                if format == Format::Csv { support::report(&export).table_rows() } else { rows as u64 };
            assert_eq!(told, format!("{rows}\n"), "{table}");
        }
    }
}

/// What a validator of Table Schema does with the descriptors that ours have; it prints how many rows it saw. Its own
/// package would bring fifty others.
const FITS: &str = r#"
import csv, json, sys
csv.field_size_limit(1 << 30)
with open(sys.argv[2], encoding="utf-8") as file:
    schema = json.load(file)
assert set(schema) == {"$schema", "name", "title", "description", "fields", "missingValues"}, schema.keys()
with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
    head, *rows = csv.reader(file)
assert head == [field["name"] for field in schema["fields"]], head
for number, row in enumerate(rows):
    assert len(row) == len(head), (number, row)
    for cell, field in zip(row, schema["fields"]):
        limits = field.get("constraints", {})
        assert set(limits) <= {"required", "enum"} and field["type"] == "string", field
        if cell in schema["missingValues"]:
            assert not limits.get("required"), (number, field["name"])
        else:
            assert cell in limits.get("enum", [cell]), (number, field["name"], cell)
print(len(rows))
"#;
