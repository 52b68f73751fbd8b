//! The cells of some objects' rows, made ready beside the writing: which are not empty, and their texts cut
//! to what Excel holds. Writing them is then the library's work alone.

use std::fmt::Write as _;

use rust_xlsxwriter::ColNum;

use crate::model::{FailureCategory, Json, Note, ObjectChange, Row, RowKind};
use crate::report::Edits;
use crate::report::wording::{self, workbook as words};

use super::super::columns::{self, Column, Text};
use super::super::run::Whole;
use super::page::Value;
use super::{text, time};

/// Rows of a sheet: only the cells that are not empty.
#[derive(Debug, Default)]
pub(super) struct Rows {
    text: String,
    cells: Vec<Cell>,
    /// Where each row's cells end.
    ends: Vec<usize>,
    /// Where all of a text stands that is cut here.
    whole_in: &'static str,
}

/// A cell, in few bytes: a batch has hundreds of thousands. Rows of one object share what is the same in all.
#[derive(Debug, Clone, Copy)]
struct Cell {
    /// Where its text begins in the text of all, or its number.
    value: u64,
    /// How long its text is, in bytes: no more than a cell of Excel holds.
    length: u32,
    column: ColNum,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    Count,
    /// By the bits of its number.
    Time,
}

impl Cell {
    fn number(column: usize, kind: Kind, value: u64) -> Self {
        Cell { value, length: 0, column: column_of(column), kind }
    }

    fn value<'t>(&self, text: &'t str) -> Value<'t> {
        match self.kind {
            Kind::Text => {
                let start = usize::try_from(self.value).expect("it is a place in memory");
                Value::Text(&text[start..start + self.length as usize])
            }
            Kind::Count => Value::Count(self.value),
            Kind::Time => Value::Time(f64::from_bits(self.value)),
        }
    }
}

impl Rows {
    /// Rows of data, all of which stands there.
    pub(super) fn of(whole_in: &'static str) -> Self {
        Rows { text: String::new(), cells: Vec::new(), ends: Vec::new(), whole_in }
    }

    /// Each row's cells, not all in the order of their columns.
    pub(super) fn iter(&self) -> impl Iterator<Item = impl Iterator<Item = (ColNum, Value<'_>)> + Clone> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let value = |cell: &Cell| (cell.column, cell.value(&self.text));
        starts.zip(&self.ends).map(move |(start, &end)| self.cells[start..end].iter().map(value))
    }

    pub(super) fn end_row(&mut self) {
        self.ends.push(self.cells.len());
    }

    /// Adds a cell to the present row, unless it is empty.
    pub(super) fn push(&mut self, column: usize, cell: &str) {
        self.push_whole_in(column, cell, self.whole_in);
    }

    /// The same of a text, all of which stands elsewhere than that of those around it.
    fn push_whole_in(&mut self, column: usize, cell: &str, whole_in: &str) {
        let cell = self.store(column, cell, whole_in);
        self.cells.extend(cell);
    }

    /// Adds a number that was counted.
    pub(super) fn push_count(&mut self, column: usize, count: u64) {
        self.cells.push(Cell::number(column, Kind::Count, count));
    }

    /// Adds a point in time as it was written, and before it as a date of Excel, where that has such a day.
    pub(super) fn push_time(&mut self, column: usize, written: Option<&str>) {
        let cells = self.store_time(column, written);
        self.cells.extend(cells);
    }

    fn store_time(&mut self, column: usize, written: Option<&str>) -> impl Iterator<Item = Cell> + use<> {
        let written = written.unwrap_or_default();
        let date = time::days(written).map(|days| Cell::number(column, Kind::Time, days.to_bits()));
        let text = self.store(column + 1, written, self.whole_in);
        date.into_iter().chain(text)
    }

    fn store(&mut self, column: usize, cell: &str, whole_in: &str) -> Option<Cell> {
        if cell.is_empty() {
            return None;
        }
        let (value, cell) = (self.text.len() as u64, text::fit(cell, whole_in));
        self.text.push_str(&cell);
        let length = u32::try_from(cell.len()).expect("a cell is short");
        Some(Cell { value, length, column: column_of(column), kind: Kind::Text })
    }
}

fn column_of(column: usize) -> ColNum {
    ColNum::try_from(column).expect("a sheet of ours has few columns")
}

/// The rows of some objects.
#[derive(Debug, Default)]
pub(in crate::render) struct Cells {
    pub(super) changes: Rows,
    pub(super) objects: Rows,
    /// How many rows of `changes` each row of `objects` has.
    pub(super) rows_of_objects: Vec<u64>,
    pub(super) links: Rows,
    pub(super) failed: Rows,
    pub(super) edits: Edits,
    /// Where all of a text stands that no table of changes has.
    whole_in_lines: &'static str,
}

/// The columns that tables share, and where each stands on the sheet: a date stands before the time that it is made of.
fn places() -> impl Iterator<Item = (usize, &'static Column)> {
    let mut dates = 0;
    (0..).zip(&Column::ALL).map(move |(position, column)| {
        let place = position + dates;
        dates += usize::from(column.is_time());
        (place, column)
    })
}

impl Cells {
    /// No rows yet, of texts that stand there whole.
    pub(in crate::render) fn of(whole: Whole) -> Self {
        let rows = || Rows::of(whole.of_both);
        let whole_in_lines = whole.of_lines;
        let (changes, objects, links, failed) = (rows(), rows(), rows(), rows());
        Cells { changes, objects, links, failed, whole_in_lines, ..Cells::default() }
    }

    /// Adds the rows of the object at `position` of the report's order, and one to the failed changes if it is one.
    pub(in crate::render) fn push(&mut self, position: usize, object: &ObjectChange<'_>, is_failed: bool) {
        self.push_changes(object);
        self.push_object(object);
        for row in object.changes.iter().filter(|row| row.kind == RowKind::Link) {
            self.push_link(object, row);
        }
        if is_failed {
            self.push_failed(object);
        }
        self.edits.push(position, object);
    }

    /// Rows in the order of the columns that tables share, a date before the time.
    fn push_changes(&mut self, object: &ObjectChange<'_>) {
        let rows = &mut self.changes;
        let mut shared = Vec::new();
        for (place, column) in places() {
            let Some(cell) = column.of_object(object) else { continue };
            if column.is_time() {
                shared.extend(rows.store_time(place, Some(&cell)));
            } else {
                shared.extend(rows.store(place, &cell, rows.whole_in));
            }
        }
        let mut count = 0;
        for cells in columns::rows(object) {
            rows.cells.extend_from_slice(&shared);
            for (place, column) in places() {
                if let Some(cell) = column.of_row(&cells).map(Text::into_text) {
                    rows.push(place, &cell);
                }
            }
            rows.end_row();
            count += 1;
        }
        self.rows_of_objects.push(count);
    }

    /// A row in the order of [`OBJECT_HEADS`](words::OBJECT_HEADS), its last cell left to the writer.
    fn push_object(&mut self, object: &ObjectChange<'_>) {
        let rows = &mut self.objects;
        let links = object.changes.iter().filter(|row| row.kind == RowKind::Link).count() as u64;
        let first = [
            object.function.as_str(),
            object.recovery_action.as_str().unwrap_or_default(),
            object.since_backup.as_str(),
            object.entity_type.as_str(),
            &object.id,
            object.display_name.as_deref().unwrap_or_default(),
        ];
        let counts = [object.changes.len() as u64 - links, links, object.unchanged];
        let message = object.failure_message.as_ref().map_or("".into(), Json::to_text);
        let then = [
            object.outcome.as_str(),
            &message,
            object.failure_category.map_or("", FailureCategory::as_str),
            if object.on_premises_synced { words::SYNCED } else { "" },
        ];
        rows.push_all(0, &first);
        for (column, count) in (first.len()..).zip(counts) {
            rows.push_count(column, count);
        }
        rows.push_all(first.len() + counts.len(), &then);
        let column = first.len() + counts.len() + then.len();
        let reason = object.removed_reason.as_deref().unwrap_or_default();
        rows.push_whole_in(column, reason, self.whole_in_lines);
        rows.end_object(column + 1, object);
    }

    /// A row in the order of [`LINK_HEADS`](words::LINK_HEADS).
    fn push_link(&mut self, object: &ObjectChange<'_>, row: &Row<'_>) {
        let rows = &mut self.links;
        let target = row.current.as_ref().or(row.backup.as_ref()).and_then(Json::as_object);
        let of_target =
            |name| target.and_then(|target| target.get(name)).and_then(Json::as_str).unwrap_or_default();
        let first = [
            object.function.as_str(),
            object.recovery_action.as_str().unwrap_or_default(),
            object.entity_type.as_str(),
            &object.id,
            object.display_name.as_deref().unwrap_or_default(),
            &row.property,
            row.since_backup.as_str(),
            row.since_backup.recovery_will().as_str(),
            of_target("id"),
        ];
        rows.push_all(0, &first);
        let more = ["displayName", "userPrincipalName", "type"].map(of_target);
        for (column, cell) in (first.len()..).zip(more) {
            rows.push_whole_in(column, cell, self.whole_in_lines);
        }
        let last = [object.outcome.as_str(), row.note.map_or("", Note::as_str)];
        rows.push_all(first.len() + more.len(), &last);
        rows.end_object(first.len() + more.len() + last.len(), object);
    }

    /// A row in the order of [`FAILED_HEADS`](words::FAILED_HEADS).
    fn push_failed(&mut self, object: &ObjectChange<'_>) {
        let reason = object.failure_category.map_or(wording::NO_MESSAGE, wording::failure_category);
        let message = object.failure_message.as_ref().map_or("".into(), Json::to_text);
        let attempted = attempted(&object.changes);
        let cells = [
            object.entity_type.as_str(),
            object.display_name.as_deref().unwrap_or_default(),
            &object.id,
            object.recovery_action.as_str().unwrap_or_default(),
            object.since_backup.as_str(),
            reason,
            &message,
        ];
        self.failed.push_all(0, &cells);
        self.failed.push_whole_in(cells.len(), &attempted, wording::cut::SHEET_OF_CHANGES);
        self.failed.end_object(cells.len() + 1, object);
    }
}

impl Rows {
    /// Adds cells one beside the other.
    pub(super) fn push_all(&mut self, first: usize, cells: &[&str]) {
        for (column, cell) in (first..).zip(cells) {
            self.push(column, cell);
        }
    }

    /// Ends a row with what all sheets have of an object last: the snapshot's time twice, the job, the place.
    fn end_object(&mut self, column: usize, object: &ObjectChange<'_>) {
        self.push_time(column, object.snapshot_date_time);
        self.push(column + 2, object.job_id.unwrap_or_default());
        self.push(column + 3, &object.source);
        self.end_row();
    }
}

/// What recovery tried to do with each property and link.
fn attempted(rows: &[Row<'_>]) -> String {
    let mut text = String::new();
    for row in rows {
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(&row.property);
        if row.kind == RowKind::Link {
            let target = row.current.as_ref().or(row.backup.as_ref());
            let id =
                target.and_then(Json::as_object).and_then(|target| target.get("id")).and_then(Json::as_str);
            text.push_str(" → ");
            text.push_str(id.unwrap_or_default());
        }
        let will = row.since_backup.recovery_will();
        write!(text, " ({})", will.as_str()).expect("writing to a string cannot fail");
    }
    text
}
