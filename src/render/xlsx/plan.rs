//! What each sheet of data is: its name, its columns and how wide they are.
//!
//! Widths are such that a sheet can still be read where it is printed one page wide; what is folded away is not
//! printed, and is one click away.

use rust_xlsxwriter::RowNum;

use crate::report::Report;
use crate::report::wording::{self, workbook as words};

use super::super::Column as TableColumn;
use super::paper::Paper;
use super::sheet::{Column, Plan, SHEET_LINKS};

/// How a column of text is shown.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// Words that are never long.
    Words,
    /// Words of the contract, which are coloured.
    Coloured,
    /// Whatever the data holds.
    Text,
    /// The same, folded away.
    Folded,
    /// Numbers that were counted.
    Counts,
}

impl Shape {
    fn column(self, head: &'static str, width: u16) -> Column {
        match self {
            Shape::Words => Column::of_words(head, width),
            Shape::Coloured => Column::of_words(head, width).coloured(),
            Shape::Text => Column::of_text(head, width),
            Shape::Folded => Column::of_text(head, width).folded(),
            Shape::Counts => Column::of_counts(head, width),
        }
    }
}

use Shape::{Coloured, Counts, Folded, Text, Words};

/// Of types: the longest that the service knows takes one line.
const TYPE: (u16, Shape) = (26, Text);

/// Of the columns that tables share, in their order.
const OF_CHANGES: [(u16, Shape); TableColumn::ALL.len()] = [
    (16, Words),
    (12, Coloured),
    TYPE,
    (36, Text),
    (22, Text),
    (9, Words),
    (28, Text),
    (11, Coloured),
    (10, Coloured),
    (30, Text),
    (30, Text),
    (17, Text),
    (17, Text),
    (16, Coloured),
    (24, Text),
    (18, Folded),
    (13, Text),
    (22, Folded),
    (37, Folded),
    (46, Folded),
    (9, Folded),
    (9, Folded),
];

pub(super) fn changes(report: &Report<'_>, sheet_rows: RowNum) -> Plan {
    let mut columns = Vec::new();
    for ((column, (_, head)), (width, shape)) in
        TableColumn::ALL.iter().zip(words::COLUMN_HEADS).zip(OF_CHANGES)
    {
        if column.is_time() {
            columns.push(Column::of_times(words::TIME_HEAD).folded());
        }
        columns.push(shape.column(head, width));
    }
    let [decision, owner, ticket, note] = words::REVIEW_HEADS;
    columns.extend([
        Column::of_review(decision, 11, &words::DECISIONS),
        Column::of_review(owner, 12, &[]),
        Column::of_review(ticket, 11, &[]),
        Column::of_review(note, 18, &[]),
    ]);
    Plan {
        name: words::CHANGES,
        paper: Paper::Large,
        table: "Changes",
        columns,
        rows: report.table_rows(),
        empty: words::NO_CHANGES,
        sheet_rows,
    }
}

/// A column for each head that has a shape.
pub(super) fn shaped(heads: &[&'static str], shapes: &[(u16, Shape)]) -> Vec<Column> {
    heads.iter().zip(shapes).map(|(head, (width, shape))| shape.column(head, *width)).collect()
}

/// The columns that all sheets have of an object last, behind those of `shapes`: when, of which job, from where.
fn columns<const N: usize>(
    heads: [&'static str; N],
    shapes: &[(u16, Shape)],
    [written, job, source]: [Shape; 3],
) -> Vec<Column> {
    let (time, of_object) = (heads[shapes.len()], &heads[shapes.len() + 1..]);
    let mut columns = shaped(&heads, shapes);
    columns.push(Column::of_times(time));
    columns.extend(shaped(of_object, &[(24, written), (37, job), (42, source)]));
    columns
}

pub(super) fn objects(report: &Report<'_>, sheet_rows: RowNum) -> Plan {
    const SHAPES: [(u16, Shape); 14] = [
        (16, Words),
        (12, Coloured),
        (17, Coloured),
        TYPE,
        (36, Text),
        (24, Text),
        (11, Counts),
        (10, Counts),
        (10, Counts),
        (16, Coloured),
        (30, Text),
        (18, Folded),
        (12, Text),
        (14, Folded),
    ];
    let mut columns = columns(words::OBJECT_HEADS, &SHAPES, [Text, Folded, Text]);
    let (head, is_long) = (words::OBJECT_HEADS[18], report.table_rows() >= u64::from(sheet_rows));
    let width = if is_long { 24 } else { 12 };
    let is_linked = report.len() <= SHEET_LINKS;
    columns.push(if is_linked { Column::of_links(head, width) } else { Column::of_words(head, width) });
    Plan {
        name: words::OBJECTS,
        paper: Paper::Large,
        table: "Objects",
        columns,
        rows: report.len() as u64,
        empty: words::NO_OBJECTS,
        sheet_rows,
    }
}

pub(super) fn links(report: &Report<'_>, sheet_rows: RowNum) -> Plan {
    const SHAPES: [(u16, Shape); 14] = [
        (16, Words),
        (12, Coloured),
        TYPE,
        (36, Text),
        (22, Text),
        (18, Text),
        (11, Coloured),
        (10, Coloured),
        (36, Text),
        (24, Text),
        (28, Text),
        (14, Text),
        (16, Coloured),
        (14, Text),
    ];
    Plan {
        name: words::LINKS,
        paper: Paper::Large,
        table: "Links",
        columns: columns(words::LINK_HEADS, &SHAPES, [Folded; 3]),
        rows: report.groups().iter().map(|group| group.link_changes).sum(),
        empty: words::NO_LINKS,
        sheet_rows,
    }
}

pub(super) fn failed(report: &Report<'_>, sheet_rows: RowNum) -> Plan {
    const SHAPES: [(u16, Shape); 8] =
        [TYPE, (22, Text), (36, Text), (12, Coloured), (17, Coloured), (22, Text), (44, Text), (44, Text)];
    Plan {
        name: words::FAILED_CHANGES,
        paper: Paper::Large,
        table: "FailedChanges",
        columns: columns(words::FAILED_HEADS, &SHAPES, [Text, Folded, Text]),
        rows: report.failures().iter().map(|group| group.objects).sum(),
        empty: wording::no_failures(report.has_failed_pages()),
        sheet_rows,
    }
}

pub(super) fn problems(report: &Report<'_>, sheet_rows: RowNum) -> Plan {
    const SHAPES: [(u16, Shape); 7] =
        [(10, Coloured), (20, Words), (44, Text), (9, Words), (9, Words), (60, Text), (50, Text)];
    Plan {
        name: words::PROBLEMS,
        paper: Paper::Small,
        table: "Problems",
        columns: shaped(&words::PROBLEM_HEADS, &SHAPES),
        rows: report.export().problems().len() as u64,
        empty: words::NO_PROBLEMS,
        sheet_rows,
    }
}

/// A sheet of properties with so many lines.
pub(super) fn properties(rows: u64, sheet_rows: RowNum) -> Plan {
    const SHAPES: [(u16, Shape); 11] = [
        (14, Coloured),
        (16, Words),
        TYPE,
        (9, Words),
        (44, Text),
        (9, Counts),
        (9, Counts),
        (11, Coloured),
        (10, Coloured),
        (44, Text),
        (44, Text),
    ];
    Plan {
        name: words::PROPERTIES,
        paper: Paper::Large,
        table: "Properties",
        columns: shaped(&words::PROPERTY_HEADS, &SHAPES),
        rows,
        empty: words::NO_PROPERTIES,
        sheet_rows,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_stand_above_the_columns_they_name() {
        let names = TableColumn::ALL.map(|column| column.name);
        assert_eq!(names, words::COLUMN_HEADS.map(|(name, _)| name));
        assert_eq!(TableColumn::ALL.iter().filter(|column| column.is_time()).count(), 1);
    }

    #[test]
    fn each_type_that_the_service_knows_takes_one_line() {
        let export = crate::ingest::Export::default();
        let report = Report::new(&export, crate::report::Options::default());
        let plans = [
            changes(&report, 9),
            objects(&report, 9),
            links(&report, 9),
            failed(&report, 9),
            properties(1, 9),
        ];
        for plan in plans {
            let column = plan.columns.iter().find(|column| column.head == "Type").expect("a column of types");
            for kind in ["conditionalAccessPolicy", "authenticationStrengthPolicy"] {
                assert_eq!(column.lines_of(kind), 1, "{}: {kind}", plan.name);
            }
        }
    }
}
