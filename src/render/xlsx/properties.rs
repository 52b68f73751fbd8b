//! The sheet of properties: on how many objects each changed, and below it the edits that are the same on several.
//! It is written last, when every row has passed by.

use rust_xlsxwriter::{RowNum, Workbook, XlsxError};

use crate::model::ObjectChange;
use crate::report::wording::{cut, workbook as words};
use crate::report::{EditCounts, IdenticalEdit, PropertyLine, PropertyTable, Report};

use super::super::columns::{self, Column};
use super::cells::Rows;
use super::look::Look;
use super::plan;
use super::sheet::DataSheet;
use super::text;

/// How many UTF-16 units of a value are shown here; all shown ones are held in memory at once.
const VALUE_UNITS: usize = 1_024;

/// The sheet, and how many rows of changes its lines stand for.
pub(super) fn sheet(
    workbook: &mut Workbook,
    look: &Look,
    report: &Report<'_>,
    (edits, sheet_rows): (EditCounts, RowNum),
) -> Result<(DataSheet, u64), XlsxError> {
    let table = edits.table(report, shown);
    let rest = rest(&table);
    let lines: usize = table.lines.iter().map(|line| 1 + line.edits.len()).sum();
    let plan = plan::properties((lines + rest.len()) as u64, sheet_rows);
    let mut sheet = DataSheet::begin(workbook, look, plan)?;
    for line in &table.lines {
        sheet.put(&rows_of(line))?;
    }
    for (said, rows) in rest {
        let mut row = Rows::default();
        row.push(0, words::REST_LINE);
        row.push(4, &said);
        if let Some(count) = rows {
            row.push_count(6, count);
        }
        row.end_row();
        sheet.put(&row)?;
    }
    let listed: u64 = table.lines.iter().map(|line| line.rows).sum();
    Ok((sheet, listed + table.other_rows))
}

/// What an edit shows: the cells from its property to its current value.
struct Shown {
    property: String,
    since_backup: &'static str,
    recovery_will: &'static str,
    values: [String; 2],
}

fn shown(object: &ObjectChange<'_>, row: usize) -> Shown {
    let cells = columns::rows(object).nth(row).expect("the object has this row");
    let of = |name: &str| {
        let column = Column::ALL.into_iter().find(|column| column.name == name).expect("a column of ours");
        let Some(value) = column.of_row(&cells) else { return String::new() };
        text::shortened(&value.into_text(), VALUE_UNITS, cut::SHEET_OF_CHANGES).into_owned()
    };
    let since = object.changes[row].since_backup;
    Shown {
        property: of("property"),
        since_backup: since.as_str(),
        recovery_will: since.recovery_will().as_str(),
        values: ["backupValue", "currentValue"].map(of),
    }
}

/// A row for a property and one for each of its edits, in the order of [`PROPERTY_HEADS`](words::PROPERTY_HEADS).
fn rows_of(line: &PropertyLine<Shown>) -> Rows {
    let mut rows = Rows::default();
    let begin = |rows: &mut Rows, said, property: &str, objects| {
        let cells = [said, line.function.as_str(), &line.entity_type, line.kind.as_str(), property];
        rows.push_all(0, &cells);
        rows.push_count(cells.len(), objects);
    };
    begin(&mut rows, words::PROPERTY_LINE, &line.property, line.objects);
    rows.push_count(6, line.rows);
    rows.end_row();
    for IdenticalEdit { objects, shown } in &line.edits {
        begin(&mut rows, words::EDIT_LINE, &shown.property, *objects);
        let [backup, current] = &shown.values;
        rows.push_all(7, &[shown.since_backup, shown.recovery_will, backup, current]);
        rows.end_row();
    }
    rows
}

/// What is said of what has no line of its own, and how many rows it stands for.
fn rest(table: &PropertyTable<Shown>) -> Vec<(String, Option<u64>)> {
    let mut rest = Vec::new();
    if table.other_rows > 0 {
        rest.push((words::OTHER_PROPERTIES.to_owned(), Some(table.other_rows)));
    }
    if table.other_edits > 0 {
        rest.push((words::other_edits(table.other_edits), None));
    }
    if table.not_followed > 0 {
        rest.push((words::not_followed(table.not_followed), None));
    }
    rest
}
