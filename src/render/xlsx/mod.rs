//! `report.xlsx`: a workbook to be put before a board, and to be worked in.
//!
//! Every sheet is written row by row to a temporary file. The two that grow with the export take cells that
//! were made ready beside the writing; the others are written before the first object. Strings pass through
//! [`text`] alone, and names of sheets, tables and heads are ours.

mod about;
mod batch;
mod cells;
mod look;
mod page;
mod restore;
mod sheet;
mod summary;
mod text;

use std::any::Any;
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};

use rust_xlsxwriter::{ColNum, DocProperties, ExcelDateTime, RowNum, Workbook, Worksheet, XlsxError};
use zip::result::ZipError;

use crate::report::Report;
use crate::report::wording::{self, workbook as words};

use super::count::Counts;
use super::run::Run;
use cells::Rows;
use look::Look;
use page::Paper;
use sheet::{Column, DataSheet, SHEET_ROWS};

pub(super) use batch::write_batch;
pub(super) use cells::Cells;

/// The biggest part of a zip file without the fields for bigger ones: 4 GiB less a byte (APPNOTE, 4.4.9).
const SMALL_PART_BYTES: u64 = u32::MAX as u64;

/// The column of names among the columns of changes.
const NAME_COLUMN: ColNum = 4;

/// How hard the parts are compressed, of 9. Against the library's 6, a workbook of 270,000 rows is a sixth
/// bigger and takes a third less time.
const ZIP_LEVEL: u8 = 3;

/// A workbook being written.
pub(super) struct Book {
    workbook: Workbook,
    summary: Worksheet,
    changes: DataSheet,
    failed: DataSheet,
    /// Only where there are some.
    restore: Option<DataSheet>,
    problems: DataSheet,
    about: Worksheet,
}

impl Book {
    pub(super) fn begin(run: Run<'_, '_>) -> io::Result<Self> {
        guarded(|| Self::begin_with(run, SHEET_ROWS))
    }

    /// With sheets of at most `sheet_rows` rows.
    fn begin_with(run: Run<'_, '_>, sheet_rows: RowNum) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        if let Some(folder) = &run.options.temporary_folder {
            workbook.set_tempdir(folder)?;
        }
        workbook.set_properties(&properties(run.report));
        let look = Look::new();
        let summary = summary::sheet(&mut workbook, &look, run.report)?;
        let changes = DataSheet::begin(&mut workbook, &look, changes(run.report, sheet_rows))?;
        let failed = DataSheet::begin(&mut workbook, &look, failed(run.report, sheet_rows))?;
        let restore = restore::sheet(&mut workbook, &look, run.report, sheet_rows)?;
        let mut problems = DataSheet::begin(&mut workbook, &look, problems(run.report, sheet_rows))?;
        problems.put(&problem_rows(run.report))?;
        let about = about::sheet(&mut workbook, &look, run.report)?;
        Ok(Book { workbook, summary, changes, failed, restore, problems, about })
    }

    pub(super) fn put<'c>(&mut self, chunks: impl Iterator<Item = &'c Cells>) -> io::Result<()> {
        guarded(|| {
            for cells in chunks {
                self.changes.put(&cells.changes)?;
                self.failed.put(&cells.failed)?;
            }
            Ok(())
        })
    }

    /// Writes the workbook and tells how many rows its sheets were given.
    pub(super) fn finish(self, sink: &mut (dyn Write + Send)) -> io::Result<Counts> {
        let Book { mut workbook, summary, changes, failed, restore, problems, about } = self;
        let artifacts = restore.as_ref().map_or(0, |sheet| sheet.size().rows);
        let [rows, failed_changes, problem_rows] =
            [&changes, &failed, &problems].map(|sheet| Some(sheet.size().rows));
        let data: Vec<DataSheet> =
            [Some(changes), Some(failed), restore, Some(problems)].into_iter().flatten().collect();
        let is_large = data.iter().any(|sheet| sheet.size().bytes > SMALL_PART_BYTES);
        workbook.use_zip_large_file(is_large);
        workbook.set_zip_compression_level(ZIP_LEVEL);
        let data = data.into_iter().flat_map(DataSheet::into_sheets);
        for sheet in std::iter::once(summary).chain(data).chain([about]) {
            workbook.push_worksheet(sheet);
        }
        let mut sink = Failing { sink, error: None };
        let saved = guarded(|| workbook.save_to_writer(&mut sink));
        sink.error.map_or(saved, Err)?;
        let artifacts = Counts::of_restore_artifacts(artifacts);
        Ok(Counts { rows, failed_changes, problems: problem_rows, ..artifacts })
    }
}

/// A sink that tells its first error once, keeps it, and takes everything from then on: the library ends a file even
/// where it could not be written, and says on standard error that it cannot.
struct Failing<'s> {
    sink: &'s mut (dyn Write + Send),
    error: Option<io::Error>,
}

impl Failing<'_> {
    fn keep<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        match result {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                let told = error.kind().into();
                self.error = Some(error);
                Err(told)
            }
            result => result,
        }
    }
}

impl Write for Failing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.error.is_some() {
            return Ok(bytes.len());
        }
        let written = match self.sink.write(bytes) {
            Ok(0) if !bytes.is_empty() => Err(io::ErrorKind::WriteZero.into()),
            written => written,
        };
        self.keep(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.error.is_some() {
            return Ok(());
        }
        let flushed = self.sink.flush();
        self.keep(flushed)
    }
}

/// What the library's message begins with where it cannot write a sheet's temporary file: it panics there
/// (`rust_xlsxwriter` 0.102.0).
const FULL_DISK: &str = "Couldn't write to xml file";

/// Whether a panic is the library's way to say that a temporary file could not be written, which is an error of
/// output and no fault of this program.
#[must_use]
pub fn is_write_failure(payload: &(dyn Any + Send)) -> bool {
    write_failure(payload).is_some()
}

/// The system's error that such a panic tells of: `… Os { code: 28, kind: StorageFull, …`.
fn write_failure(payload: &(dyn Any + Send)) -> Option<io::Error> {
    let message = payload.downcast_ref::<String>().map(String::as_str);
    let message = message.or_else(|| payload.downcast_ref::<&str>().copied())?;
    let told = message.split_once("Os { code: ").map(|(_, rest)| rest);
    let code = told.and_then(|rest| rest.split_once(',')).and_then(|(code, _)| code.parse().ok());
    let unknown = || message.contains(FULL_DISK).then(|| io::ErrorKind::StorageFull.into());
    code.map(io::Error::from_raw_os_error).or_else(unknown)
}

/// Does `work`, and makes an error of the panic that a full disk is to the library.
fn guarded<T>(work: impl FnOnce() -> Result<T, XlsxError>) -> io::Result<T> {
    match panic::catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(cause),
        Err(payload) => Err(write_failure(&*payload).unwrap_or_else(|| panic::resume_unwind(payload))),
    }
}

/// The title, and a time that is the same in every run: the input has none, and nobody's clock belongs here.
fn properties(report: &Report<'_>) -> DocProperties {
    let time = ExcelDateTime::from_ymd(2000, 1, 1).expect("it is a day that Excel knows");
    DocProperties::new()
        .set_title(text::property(report.title()))
        .set_author(env!("CARGO_PKG_NAME"))
        .set_creation_datetime(&time)
}

fn changes(report: &Report<'_>, sheet_rows: RowNum) -> sheet::Plan {
    // Widths by what stands in a column; ids fit whole. In the order of the columns that CSV has.
    const WIDTHS: [(u16, bool); 22] = [
        (17, false),
        (13, false),
        (23, false),
        (42, true),
        (30, true),
        (9, false),
        (36, true),
        (12, false),
        (11, false),
        (36, true),
        (36, true),
        (24, true),
        (24, true),
        (17, false),
        (34, true),
        (18, false),
        (15, false),
        (21, true),
        (37, true),
        (46, true),
        (9, false),
        (9, false),
    ];
    let column = |(&(_, head), (width, wraps)): (&(&str, &'static str), (u16, bool))| {
        if wraps { Column::of_text(head, width) } else { Column::of_words(head, width) }
    };
    sheet::Plan {
        name: words::CHANGES,
        repeated: Some(NAME_COLUMN),
        paper: Paper::LargeTwice,
        table: "Changes",
        columns: words::COLUMN_HEADS.iter().zip(WIDTHS).map(column).collect(),
        rows: report.table_rows(),
        empty: words::NO_CHANGES,
        sheet_rows,
    }
}

fn failed(report: &Report<'_>, sheet_rows: RowNum) -> sheet::Plan {
    let [kind, name, id, action, reason, message, attempted, snapshot, job, source] = words::FAILED_HEADS;
    sheet::Plan {
        name: words::FAILED_CHANGES,
        repeated: None,
        paper: Paper::Large,
        table: "FailedChanges",
        columns: vec![
            Column::of_words(kind, 22),
            Column::of_text(name, 30),
            Column::of_text(id, 42),
            Column::of_words(action, 12),
            Column::of_text(reason, 24),
            Column::of_text(message, 46),
            Column::of_text(attempted, 46),
            Column::of_text(snapshot, 21),
            Column::of_text(job, 37),
            Column::of_text(source, 46),
        ],
        rows: report.failures().iter().map(|group| group.objects).sum(),
        empty: wording::no_failures(report.has_failed_pages()),
        sheet_rows,
    }
}

fn problems(report: &Report<'_>, sheet_rows: RowNum) -> sheet::Plan {
    let [severity, code, source, line, column, message, advice] = words::PROBLEM_HEADS;
    sheet::Plan {
        name: words::PROBLEMS,
        repeated: None,
        paper: Paper::Small,
        table: "Problems",
        columns: vec![
            Column::of_words(severity, 10),
            Column::of_words(code, 20),
            Column::of_text(source, 44),
            Column::of_words(line, 9),
            Column::of_words(column, 9),
            Column::of_text(message, 60),
            Column::of_text(advice, 50),
        ],
        rows: report.export().problems().len() as u64,
        empty: words::NO_PROBLEMS,
        sheet_rows,
    }
}

/// Rows in the order of [`PROBLEM_HEADS`](words::PROBLEM_HEADS).
fn problem_rows(report: &Report<'_>) -> Rows {
    let mut rows = Rows::default();
    for problem in report.export().problems() {
        let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        let position = problem.place.position;
        let cells = [
            problem.severity().as_str(),
            problem.code(),
            &problem.place.source(),
            &number(position.map(|position| position.line)),
            &number(position.map(|position| position.column)),
            &wording::problem_message(&problem.kind),
            wording::problem_advice(&problem.kind),
        ];
        for (column, cell) in cells.into_iter().enumerate() {
            rows.push(column, cell);
        }
        rows.end_row();
    }
    rows
}

/// The library's error as one of input and output, its cause kept where there is one: whether a disk is full
/// or a reader gone is for the caller to tell.
fn cause(error: XlsxError) -> io::Error {
    match error {
        XlsxError::TempFileError(_, ref error) => io::Error::new(error.kind(), error.to_string()),
        XlsxError::IoError(error) | XlsxError::ZipError(ZipError::Io(error)) => error,
        XlsxError::ZipError(error) => error.into(),
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Reader as _, Xlsx};

    use super::super::Options;
    use super::*;
    use crate::diff;
    use crate::ingest::{self, Input, SurveyOptions};
    use crate::report;

    /// A workbook of seven changes that failed and a problem for each, on sheets of `sheet_rows` rows.
    fn workbook(sheet_rows: RowNum) -> Xlsx<Cursor<Vec<u8>>> {
        let item = |id: u8| {
            format!(
                r#"{{"id": "{id}", "entityTypeName": "user", "recoveryAction": "update", "failureMessage": "no",
                    "deltaFromCurrent": {{"tags": "System.Object[]"}}, "currentState": {{}}}}"#
            )
        };
        let items = (1..=7).map(item).collect::<Vec<_>>().join(",");
        let page = format!(r#"{{"@odata.context": "x/getFailedChanges", "value": [{items}]}}"#);
        let inputs = vec![Input::Stdin(page.into_bytes())];
        let export = ingest::survey(inputs, &SurveyOptions::default(), diff::tally, |_| ());
        let report = Report::new(&export, report::Options::default());
        let run = Run { report: &report, options: &Options::default() };
        let mut book = Book::begin_with(run, sheet_rows).expect("sheets can be made");
        // In chunks that end elsewhere than the sheets.
        for start in (0..report.len()).step_by(2) {
            let mut cells = Cells::default();
            for position in start..(start + 2).min(report.len()) {
                cells.push(&report.object(position).change, report.is_failed_change(position));
            }
            book.put([&cells].into_iter()).expect("memory takes everything");
        }
        let mut bytes = Vec::new();
        assert_eq!(book.finish(&mut bytes).expect("memory takes everything").rows, Some(7));
        Xlsx::new(Cursor::new(bytes)).expect("a workbook")
    }

    /// The column of ids below the head, sheet by sheet.
    fn ids(workbook: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str, column: usize) -> Vec<String> {
        let range = workbook.worksheet_range(sheet).unwrap_or_else(|error| panic!("{sheet}: {error}"));
        range.rows().skip(1).map(|row| row[column].to_string()).collect()
    }

    #[test]
    fn a_sheet_that_is_full_continues_on_the_next() {
        let mut workbook = workbook(4);
        let names = workbook.sheet_names();
        let expected = [
            "Summary",
            "Changes",
            "Changes (2)",
            "Changes (3)",
            "Failed changes",
            "Failed changes (2)",
            "Failed changes (3)",
            "Problems",
            "Problems (2)",
            "Problems (3)",
            "About",
        ];
        assert_eq!(names, expected);
        for (sheet, column) in [("Changes", 3), ("Failed changes", 2)] {
            assert_eq!(ids(&mut workbook, sheet, column), ["1", "2", "3"]);
            assert_eq!(ids(&mut workbook, &format!("{sheet} (2)"), column), ["4", "5", "6"]);
            assert_eq!(ids(&mut workbook, &format!("{sheet} (3)"), column), ["7"]);
        }
        let head = |workbook: &mut Xlsx<_>, sheet: &str| {
            let range = workbook.worksheet_range(sheet).unwrap_or_else(|error| panic!("{sheet}: {error}"));
            range.rows().next().map(<[_]>::to_vec)
        };
        assert_eq!(head(&mut workbook, "Changes"), head(&mut workbook, "Changes (3)"));
    }

    #[test]
    fn a_sheet_that_is_just_full_does_not_continue() {
        let mut workbook = workbook(8);
        assert_eq!(workbook.sheet_names(), ["Summary", "Changes", "Failed changes", "Problems", "About"]);
        assert_eq!(ids(&mut workbook, "Changes", 3).len(), 7);
    }

    #[test]
    fn heads_stand_above_the_columns_they_name() {
        let names = super::super::Column::ALL.map(|column| column.name);
        assert_eq!(names, words::COLUMN_HEADS.map(|(name, _)| name));
        assert_eq!(names[usize::from(NAME_COLUMN)], "displayName");
    }

    #[test]
    fn the_cause_of_an_error_is_kept() {
        let broken = io::Error::from(io::ErrorKind::BrokenPipe);
        assert_eq!(cause(XlsxError::IoError(broken)).kind(), io::ErrorKind::BrokenPipe);
        let missing = XlsxError::TempFileError("x".into(), io::ErrorKind::NotFound.into());
        assert_eq!(cause(missing).kind(), io::ErrorKind::NotFound);
    }
}
