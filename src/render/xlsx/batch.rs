//! `batch.xlsx`: the numbers of all cases, a sheet of their rows, and types beside cases.

use std::io::{self, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use crate::report::batch::{Batch, Case, CaseMatrix};
use crate::report::wording::{self, batch as words, workbook};

use super::super::batch::{BatchColumn, BatchOptions, COLUMNS};
use super::cells::Rows;
use super::look::Look;
use super::page::{Page, Value};
use super::paper::Paper;
use super::sheet::{Column, DataSheet, Plan, SHEET_ROWS};
use super::{Failing, guarded, text};

/// In characters.
const WIDTHS: [u16; 4] = [30, 30, 50, 60];

/// How many cases that need a look are listed; the sheet of all cases has the rest.
const LISTED_LOOKS: usize = 200;

/// Writes the workbook.
pub(in crate::render) fn write_batch(
    batch: &Batch,
    options: &BatchOptions,
    sink: &mut (dyn Write + Send),
) -> io::Result<()> {
    let mut book = guarded(|| book(batch, options))?;
    let mut sink = Failing { sink, error: None };
    let saved = guarded(|| book.save_to_writer(&mut sink));
    sink.error.map_or(saved, Err)
}

fn book(batch: &Batch, options: &BatchOptions) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    if let Some(folder) = &options.written.temporary_folder {
        book.set_tempdir(folder)?;
    }
    let time = ExcelDateTime::from_ymd(2000, 1, 1).expect("it is a day that Excel knows");
    let title = text::property(&words::title(batch));
    let author = env!("CARGO_PKG_NAME");
    book.set_properties(
        &DocProperties::new().set_title(title).set_author(author).set_creation_datetime(&time),
    );
    let look = Look::new();
    let mut sheets = vec![summary(&mut book, &look, batch)?];
    let mut cases = DataSheet::begin(&mut book, &look, plan(batch))?;
    cases.put(&rows(batch))?;
    sheets.extend(cases.into_sheets());
    for matrix in batch.matrices() {
        sheets.extend(matrix_sheets(&mut book, &look, batch, &matrix)?);
    }
    for sheet in sheets {
        book.push_worksheet(sheet);
    }
    Ok(book)
}

fn summary(book: &mut Workbook, look: &Look, batch: &Batch) -> Result<Worksheet, XlsxError> {
    let mut page = Page::begin(book, look, (workbook::SUMMARY, words::WHOLE), WIDTHS.to_vec())?;
    page.line(&words::title(batch), &look.title, 20.0)?;
    page.line(words::KICKER, &look.subtitle, 11.0)?;
    page.gap()?;
    page.labelled(words::standing_of(batch), &words::summary(batch))?;
    page.labelled(words::CODE, &batch.exit_code.to_string())?;
    page.labelled(words::CASES, &words::ended(batch, 0))?;
    page.heading(words::LOOK_FIRST)?;
    let looks = batch.look_first();
    if looks.is_empty() {
        page.remark(words::no_look(batch))?;
    } else {
        let heads = [words::CASE, words::ORGANIZATION, words::VERDICT, words::WHY];
        page.heads(&heads.map(|head| (head, false)))?;
    }
    for (at, reasons) in looks.iter().take(LISTED_LOOKS) {
        let case: &Case = &batch.cases[*at];
        let why = reasons.iter().map(|reason| words::look_reason(case, *reason).told(str::to_owned));
        let why = why.collect::<Vec<_>>().join("; ");
        let organization = case.words.organization.as_deref().unwrap_or_default();
        let cells = [case.name.as_str(), organization, words::verdict(case), why.as_str()];
        page.cells(&cells.map(Value::Text), false)?;
    }
    if looks.len() > LISTED_LOOKS {
        page.remark(&words::more_cases((looks.len() - LISTED_LOOKS) as u64))?;
    }
    page.remark(words::LOOK_ORDER)?;
    page.heading(words::LEFT_OUT)?;
    if batch.left_out.is_empty() {
        page.remark(words::NOTHING_LEFT_OUT)?;
    }
    for left in batch.left_out.iter().take(LISTED_LOOKS) {
        page.labelled(&left.source, words::left_out(left.reason))?;
    }
    if batch.left_out.len() > LISTED_LOOKS {
        page.remark(&wording::more_files((batch.left_out.len() - LISTED_LOOKS) as u64))?;
    }
    page.heading(words::FILES)?;
    page.remark(words::NUMBERS)?;
    page.remark(words::FILES_SENTENCE)?;
    page.into_sheet()
}

/// Widths of the columns that hold words or texts; numbers need less.
const WIDE: [(&str, u16); 13] = [
    ("case", 26),
    ("source", 34),
    ("verdict", 14),
    ("organization", 26),
    ("caseId", 16),
    ("title", 26),
    ("preparedBy", 20),
    ("snapshots", 21),
    ("jobs", 37),
    ("evidenceId", 34),
    ("job", 37),
    ("report", 34),
    ("error", 60),
];

fn plan(batch: &Batch) -> Plan {
    let column = |of: &BatchColumn| match WIDE.iter().find(|(wide, _)| *wide == of.name) {
        _ if of.is_count => Column::of_counts(of.name, 16),
        Some((_, width)) => Column::of_text(of.name, *width),
        None => Column::of_words(of.name, 12),
    };
    Plan {
        name: words::CASES_SHEET,
        table: "Cases",
        columns: COLUMNS.iter().map(column).collect(),
        paper: Paper::Large,
        rows: batch.cases.len() as u64,
        empty: words::NO_CASES,
        sheet_rows: SHEET_ROWS,
    }
}

fn rows(batch: &Batch) -> Rows {
    let mut rows = Rows::of(words::WHOLE);
    for case in &batch.cases {
        for (position, column) in COLUMNS.iter().enumerate() {
            let cell = column.of(case);
            match cell.parse() {
                Ok(count) if column.is_count => rows.push_count(position, count),
                _ => rows.push(position, &cell),
            }
        }
        rows.end_row();
    }
    rows
}

/// Types beside cases: a line for each case and type that has a change, so that Excel can make any table of it.
fn matrix_sheets(
    book: &mut Workbook,
    look: &Look,
    batch: &Batch,
    matrix: &CaseMatrix,
) -> Result<Vec<Worksheet>, XlsxError> {
    let mut rows = Rows::of(words::WHOLE);
    let mut count = 0;
    for (at, cells) in &matrix.lines {
        for (kind, objects) in matrix.types.iter().zip(cells).filter(|(_, objects)| **objects > 0) {
            rows.push(0, &batch.cases[*at].name);
            rows.push(1, batch.cases[*at].words.organization.as_deref().unwrap_or_default());
            rows.push(2, words::type_head(kind.as_ref()));
            rows.push_count(3, *objects);
            rows.end_row();
            count += 1;
        }
    }
    let plan = Plan {
        name: words::matrix_sheet(matrix.function),
        table: words::matrix_table(matrix.function),
        columns: vec![
            Column::of_text(words::CASE, 30),
            Column::of_text(words::ORGANIZATION, 30),
            Column::of_text(wording::TYPE, 30),
            Column::of_counts(words::OBJECTS, 12),
        ],
        paper: Paper::Small,
        rows: count,
        empty: words::NO_CASES,
        sheet_rows: SHEET_ROWS,
    };
    let mut sheet = DataSheet::begin(book, look, plan)?;
    sheet.put(&rows)?;
    Ok(sheet.into_sheets())
}
