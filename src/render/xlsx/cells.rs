//! The cells of some objects' rows, made ready beside the writing: which are not empty, and their texts cut
//! to what Excel holds. Writing them is then the library's work alone.

use std::fmt::Write as _;
use std::ops::Range;

use rust_xlsxwriter::ColNum;

use crate::model::{Json, ObjectChange, Row, RowKind};
use crate::report::wording;

use super::super::columns::{self, Column, Text};
use super::text;

/// Rows of a sheet: only the cells that are not empty.
#[derive(Debug, Default)]
pub(super) struct Rows {
    text: String,
    cells: Vec<Cell>,
    /// Where each row's cells end.
    ends: Vec<usize>,
}

/// A cell, its text by its place in the text of all. Rows of one object share what is the same in all.
#[derive(Debug, Clone)]
struct Cell {
    column: ColNum,
    text: Range<usize>,
}

impl Rows {
    /// Each row's cells, not all in the order of their columns.
    pub(super) fn iter(&self) -> impl Iterator<Item = impl Iterator<Item = (ColNum, &str)> + Clone> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let cell = |cell: &Cell| (cell.column, &self.text[cell.text.clone()]);
        starts.zip(&self.ends).map(move |(start, &end)| self.cells[start..end].iter().map(cell))
    }

    pub(super) fn end_row(&mut self) {
        self.ends.push(self.cells.len());
    }

    /// Adds a cell to the present row, unless it is empty.
    pub(super) fn push(&mut self, column: usize, cell: &str) {
        let cell = self.store(column, cell);
        self.cells.extend(cell);
    }

    fn store(&mut self, column: usize, cell: &str) -> Option<Cell> {
        if cell.is_empty() {
            return None;
        }
        let start = self.text.len();
        self.text.push_str(&text::fit(cell));
        let column = ColNum::try_from(column).expect("a sheet of ours has few columns");
        Some(Cell { column, text: start..self.text.len() })
    }
}

/// The rows of some objects.
#[derive(Debug, Default)]
pub(in crate::render) struct Cells {
    pub(super) changes: Rows,
    pub(super) failed: Rows,
}

impl Cells {
    /// Adds the rows of `object`, and one to the failed changes if it is one.
    pub(in crate::render) fn push(&mut self, object: &ObjectChange<'_>, is_failed: bool) {
        self.push_changes(object);
        if is_failed {
            self.push_failed(object);
        }
    }

    fn push_changes(&mut self, object: &ObjectChange<'_>) {
        let rows = &mut self.changes;
        let mut shared = Vec::new();
        for (position, column) in Column::ALL.iter().enumerate() {
            if let Some(cell) = column.of_object(object) {
                shared.extend(rows.store(position, &cell));
            }
        }
        for cells in columns::rows(object) {
            rows.cells.extend_from_slice(&shared);
            for (position, column) in Column::ALL.iter().enumerate().filter(|(_, c)| !c.is_of_object()) {
                match column.of_row(&cells) {
                    Text::Data(cell) => rows.push(position, &cell),
                    Text::Token(word) => rows.push(position, word),
                }
            }
            rows.end_row();
        }
    }

    /// A row in the order of [`FAILED_HEADS`](wording::workbook::FAILED_HEADS).
    fn push_failed(&mut self, object: &ObjectChange<'_>) {
        let reason = object.failure_category.map_or(wording::NO_MESSAGE, wording::failure_category);
        let message = object.failure_message.as_ref().map_or("".into(), Json::to_text);
        let attempted = attempted(&object.changes);
        let cells = [
            object.entity_type.as_str(),
            object.display_name.as_deref().unwrap_or_default(),
            &object.id,
            object.recovery_action.as_str().unwrap_or_default(),
            reason,
            &message,
            &attempted,
            object.snapshot_date_time.unwrap_or_default(),
            object.job_id.unwrap_or_default(),
            &object.source,
        ];
        for (position, cell) in cells.into_iter().enumerate() {
            self.failed.push(position, cell);
        }
        self.failed.end_row();
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
