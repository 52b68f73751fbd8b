//! The one list of columns that tables share (contract, section 8). It only ever grows at its end.

use std::borrow::Cow;

use crate::model::{Json, ObjectChange, Row, RowKind, text_of, write_elements};

/// A column of the table of changes.
#[derive(Clone, Copy)]
pub struct Column {
    /// Its name, which is its contract.
    pub name: &'static str,
    cell: Cell,
}

/// Where a column's cells come from: those of the object are the same in all its rows, and so is its point in time; a
/// token is a word of the contract, which no format has to escape.
#[derive(Clone, Copy)]
enum Cell {
    Object(for<'c> fn(&'c ObjectChange<'c>) -> Cow<'c, str>),
    Time(for<'c> fn(&'c ObjectChange<'c>) -> Cow<'c, str>),
    Row(for<'c> fn(&Cells<'c>) -> Text<'c>),
    Token(fn(&Cells<'_>) -> &'static str),
}

/// The text of a cell of a row.
#[derive(Clone, Copy)]
pub(super) enum Text<'c> {
    /// Anything the input may hold.
    Data(&'c str),
    /// An array or an object, which is shown as compact JSON.
    Json(Structure<'c>),
    /// A word of the contract or of JSON.
    Token(&'static str),
}

/// What is shown as compact JSON.
#[derive(Clone, Copy)]
pub(super) enum Structure<'c> {
    Value(&'c Json<'c>),
    Elements(&'c [Json<'c>]),
}

impl Structure<'_> {
    pub(super) fn write_to(self, out: &mut Vec<u8>) {
        match self {
            Structure::Value(value) => value.write_to(out),
            Structure::Elements(elements) => write_elements(elements, out),
        }
    }
}

impl<'c> Text<'c> {
    pub(super) fn into_text(self) -> Cow<'c, str> {
        match self {
            Text::Data(text) => Cow::Borrowed(text),
            Text::Json(Structure::Value(value)) => value.to_text(),
            Text::Json(elements) => {
                let mut out = Vec::new();
                elements.write_to(&mut out);
                text_of(out).into()
            }
            Text::Token(word) => Cow::Borrowed(word),
        }
    }
}

/// What a table's row is made of: an object change, and one of its rows unless it has none.
#[derive(Clone, Copy)]
pub(super) struct Cells<'c> {
    object: &'c ObjectChange<'c>,
    row: Option<&'c Row<'c>>,
}

impl Column {
    /// All columns in order.
    pub const ALL: [Column; 22] = [
        Column::object("function", |o| o.function.as_str().into()),
        Column::object("recoveryAction", |o| o.recovery_action.as_str().unwrap_or_default().into()),
        Column::object("entityTypeName", |o| o.entity_type.as_str().into()),
        Column::object("id", |o| o.id.as_ref().into()),
        Column::object("displayName", |o| o.display_name.as_deref().unwrap_or_default().into()),
        Column::token("kind", |c| c.row.map_or("", |row| row.kind.as_str())),
        Column::row("property", |c| Text::Data(c.row.map_or("", |row| &row.property))),
        Column::token("sinceBackup", |c| {
            c.row.map_or_else(|| c.object.since_backup.as_str(), |row| row.since_backup.as_str())
        }),
        Column::token("recoveryWill", |c| c.row.map_or("", |row| row.since_backup.recovery_will().as_str())),
        Column::row("backupValue", |c| c.value(|row| row.backup.as_ref())),
        Column::row("currentValue", |c| c.value(|row| row.current.as_ref())),
        Column::row("itemsAdded", |c| c.items(|row| row.items.as_ref().map(|items| &items.added[..]))),
        Column::row("itemsRemoved", |c| c.items(|row| row.items.as_ref().map(|items| &items.removed[..]))),
        Column::object("outcome", |o| o.outcome.as_str().into()),
        Column::object("failureMessage", |o| o.failure_message.as_ref().map_or("".into(), Json::to_text)),
        Column::object("failureCategory", |o| o.failure_category.map_or("", |c| c.as_str()).into()),
        Column::token("note", |c| c.row.and_then(|row| row.note).map_or("", |note| note.as_str())),
        Column::time("snapshotDateTime", |o| o.snapshot_date_time.unwrap_or_default().into()),
        Column::object("jobId", |o| o.job_id.unwrap_or_default().into()),
        Column::object("source", |o| o.source.as_str().into()),
        Column::token("backupType", |c| c.kind(|row| row.backup.as_ref())),
        Column::token("currentType", |c| c.kind(|row| row.current.as_ref())),
    ];

    const fn object(name: &'static str, cell: for<'c> fn(&'c ObjectChange<'c>) -> Cow<'c, str>) -> Self {
        Column { name, cell: Cell::Object(cell) }
    }

    const fn time(name: &'static str, cell: for<'c> fn(&'c ObjectChange<'c>) -> Cow<'c, str>) -> Self {
        Column { name, cell: Cell::Time(cell) }
    }

    const fn row(name: &'static str, cell: for<'c> fn(&Cells<'c>) -> Text<'c>) -> Self {
        Column { name, cell: Cell::Row(cell) }
    }

    const fn token(name: &'static str, cell: fn(&Cells<'_>) -> &'static str) -> Self {
        Column { name, cell: Cell::Token(cell) }
    }

    /// Whether all rows of an object have the same cell here.
    pub(super) fn is_of_object(&self) -> bool {
        matches!(self.cell, Cell::Object(_) | Cell::Time(_))
    }

    /// Whether its cells are points in time.
    pub(super) fn is_time(&self) -> bool {
        matches!(self.cell, Cell::Time(_))
    }

    /// The text of this column in all rows of `object`, if it is the same in all.
    pub(super) fn of_object<'c>(&self, object: &'c ObjectChange<'c>) -> Option<Cow<'c, str>> {
        match self.cell {
            Cell::Object(cell) | Cell::Time(cell) => Some(cell(object)),
            Cell::Row(_) | Cell::Token(_) => None,
        }
    }

    /// The text of this column in a row, if it is not the same in all rows of its object.
    pub(super) fn of_row<'c>(&self, cells: &Cells<'c>) -> Option<Text<'c>> {
        match self.cell {
            Cell::Object(_) | Cell::Time(_) => None,
            Cell::Row(cell) => Some(cell(cells)),
            Cell::Token(cell) => Some(Text::Token(cell(cells))),
        }
    }
}

/// The rows of a table that `object` has: one for each of its rows, one if it has none.
pub(super) fn rows<'c>(object: &'c ObjectChange<'c>) -> impl Iterator<Item = Cells<'c>> {
    let alone = object.changes.is_empty().then_some(Cells { object, row: None });
    object.changes.iter().map(move |row| Cells { object, row: Some(row) }).chain(alone)
}

impl<'c> Cells<'c> {
    /// The row; `None` of an object that has none.
    pub(super) fn row(&self) -> Option<&'c Row<'c>> {
        self.row
    }

    /// A side's value: a string as it is, null and missing empty, a link's target by its id, anything else
    /// as compact JSON.
    fn value(&self, side: impl Fn(&'c Row<'c>) -> Option<&'c Json<'c>>) -> Text<'c> {
        let Some(row) = self.row else { return Text::Data("") };
        match side(row) {
            None | Some(Json::Null) => Text::Data(""),
            Some(Json::Object(target)) if row.kind == RowKind::Link => {
                Text::Data(target.get("id").and_then(Json::as_str).unwrap_or_default())
            }
            Some(Json::Bool(value)) => Text::Token(if *value { "true" } else { "false" }),
            Some(Json::Number(text)) => Text::Data(text),
            Some(Json::String(text)) => Text::Data(text),
            Some(structure @ (Json::Array(_) | Json::Object(_))) => Text::Json(Structure::Value(structure)),
        }
    }

    fn items(&self, items: impl Fn(&'c Row<'c>) -> Option<&'c [Json<'c>]>) -> Text<'c> {
        match self.row.and_then(items) {
            Some(items) => Text::Json(Structure::Elements(items)),
            None => Text::Data(""),
        }
    }

    /// A side's type, so that no two values that differ are equal cells.
    fn kind(&self, side: impl Fn(&'c Row<'c>) -> Option<&'c Json<'c>>) -> &'static str {
        let Some(row) = self.row else { return "missing" };
        match side(row) {
            None => "missing",
            Some(_) if row.kind == RowKind::Link => "link",
            Some(Json::Null) => "null",
            Some(Json::Bool(_)) => "boolean",
            Some(Json::Number(_)) => "number",
            Some(Json::String(_)) => "string",
            Some(Json::Array(_)) => "array",
            Some(Json::Object(_)) => "object",
        }
    }
}
