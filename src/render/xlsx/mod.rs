//! `report.xlsx`: a workbook to be put before a board, and to be worked in.
//!
//! Every sheet is written row by row to a temporary file. Those that grow with the export take cells that were made
//! ready beside the writing, each beside the others; the sheet of properties is written behind the last object, the
//! others before the first. Strings pass through [`text`] alone, and names of sheets, tables and heads are ours.

mod about;
mod batch;
mod cells;
mod chart;
mod column;
mod look;
mod page;
mod paper;
mod plan;
mod properties;
mod restore;
mod sheet;
mod summary;
mod text;
mod time;

use std::any::Any;
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};

use rust_xlsxwriter::{ColNum, DocProperties, ExcelDateTime, RowNum, Workbook, Worksheet, XlsxError};
use zip::result::ZipError;

use crate::report::wording::{self, workbook as words};
use crate::report::{EditCounts, Report};

use super::count::Counts;
use super::run::Run;
use cells::Rows;
use look::Look;
use sheet::{DataSheet, Place, SHEET_ROWS};

pub(super) use batch::write_batch;
pub(super) use cells::Cells;

/// The biggest part of a zip file without the fields for bigger ones: 4 GiB less a byte (APPNOTE, 4.4.9).
const SMALL_PART_BYTES: u64 = u32::MAX as u64;

/// How hard the parts are compressed, of 9. Against the library's 6, a workbook of 270,000 rows is a sixth
/// bigger; against 3, it is 0.9 % bigger and takes a sixth less time; 1 makes it half as big again, for no less.
const ZIP_LEVEL: u8 = 2;

/// A workbook being written.
pub(super) struct Book {
    workbook: Workbook,
    look: Look,
    summary: Worksheet,
    changes: DataSheet,
    objects: Objects,
    links: DataSheet,
    failed: DataSheet,
    /// What the sheet of properties is made of.
    edits: EditCounts,
    /// Only where there are some.
    restore: Option<DataSheet>,
    problems: DataSheet,
    about: Worksheet,
    /// How many rows a sheet has at most.
    sheet_rows: RowNum,
}

impl Book {
    pub(super) fn begin(run: Run<'_, '_>) -> io::Result<Self> {
        guarded(|| Self::begin_with(run, SHEET_ROWS))
    }

    /// With sheets of at most `sheet_rows` rows. Every format that a row may have is used here for the first time:
    /// they are numbered in that order, which must not depend on which sheet is written first.
    fn begin_with(run: Run<'_, '_>, sheet_rows: RowNum) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        if let Some(folder) = &run.options.temporary_folder {
            workbook.set_tempdir(folder)?;
        }
        let report = run.report;
        workbook.set_properties(&properties(report));
        let look = Look::new();
        let summary = summary::sheet(&look, run)?;
        let changes = DataSheet::begin(&mut workbook, &look, plan::changes(report, sheet_rows))?;
        let objects = DataSheet::begin(&mut workbook, &look, plan::objects(report, sheet_rows))?;
        let objects = Objects { sheet: objects, changes: 0, sheet_rows };
        let links = DataSheet::begin(&mut workbook, &look, plan::links(report, sheet_rows))?;
        let failed = DataSheet::begin(&mut workbook, &look, plan::failed(report, sheet_rows))?;
        let restore = restore::sheet(&mut workbook, &look, run, sheet_rows)?;
        let mut problems = DataSheet::begin(&mut workbook, &look, plan::problems(report, sheet_rows))?;
        problems.put(&problem_rows(run))?;
        let about = about::sheet(&mut workbook, &look, run)?;
        let edits = EditCounts::of(report.table_rows());
        Ok(Book {
            workbook,
            look,
            summary,
            changes,
            objects,
            links,
            failed,
            edits,
            restore,
            problems,
            about,
            sheet_rows,
        })
    }

    /// Writes the rows of some objects, each sheet beside the others.
    pub(super) fn put(&mut self, chunks: &[&Cells]) -> io::Result<()> {
        let Book { changes, objects, links, failed, edits, .. } = self;
        guarded(|| {
            let (changes, ((objects, ()), others)) = rayon::join(
                || chunks.iter().try_for_each(|cells| changes.put(&cells.changes)),
                || {
                    rayon::join(
                        || {
                            rayon::join(
                                || chunks.iter().try_for_each(|cells| objects.put(cells)),
                                || chunks.iter().for_each(|cells| edits.add(&cells.edits)),
                            )
                        },
                        || {
                            chunks.iter().try_for_each(|cells| {
                                links.put(&cells.links)?;
                                failed.put(&cells.failed)
                            })
                        },
                    )
                },
            );
            changes.and(objects).and(others)
        })
    }

    /// Writes the sheet that is made of all rows, then the workbook, and tells how many rows its sheets were given.
    pub(super) fn finish(self, report: &Report<'_>, sink: &mut (dyn Write + Send)) -> io::Result<Counts> {
        let Book { mut workbook, look, summary, changes, objects, links, failed, edits, .. } = self;
        let Book { restore, problems, about, sheet_rows, .. } = self;
        let (properties, all_rows) =
            guarded(|| properties::sheet(&mut workbook, &look, report, (edits, sheet_rows)))?;
        let data = [
            Some(changes),
            Some(objects.sheet),
            Some(links),
            Some(failed),
            Some(properties),
            restore,
            Some(problems),
        ];
        let counts = counts(&data, all_rows);
        let data: Vec<DataSheet> = data.into_iter().flatten().collect();
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
        Ok(counts)
    }
}

/// How many rows each sheet was given; `all_rows` are those that the sheet of properties stands for.
fn counts(sheets: &[Option<DataSheet>; 7], all_rows: u64) -> Counts {
    let rows = sheets.each_ref().map(|sheet| sheet.as_ref().map_or(0, |sheet| sheet.size().rows));
    let [changes, objects, links, failed, _, artifacts, problems] = rows;
    Counts {
        rows: Some(changes),
        object_changes: Some(objects),
        property_changes: Some(all_rows.saturating_sub(links)),
        link_changes: Some(links),
        failed_changes: Some(failed),
        problems: Some(problems),
        ..Counts::of_restore_artifacts(artifacts)
    }
}

/// The sheet of objects, each with the place of its rows among the changes.
struct Objects {
    sheet: DataSheet,
    /// How many rows of changes the objects so far have.
    changes: u64,
    sheet_rows: RowNum,
}

impl Objects {
    fn put(&mut self, cells: &Cells) -> Result<(), XlsxError> {
        let column = ColNum::try_from(words::OBJECT_HEADS.len() - 1).expect("a few columns");
        for (row, changes) in cells.objects.iter().zip(&cells.rows_of_objects) {
            let place = Place::of(words::CHANGES, self.changes, self.sheet_rows);
            self.sheet.put_placed(row, column, (&place, &words::row_of_changes(&place.sheet, place.row)))?;
            self.changes += changes;
        }
        Ok(())
    }
}

/// A sink that keeps its first error for whoever gave it, and takes everything from then on: the library ends a file even
/// where it could not be written, and says on standard error that it cannot, whatever failed before.
struct Failing<'s> {
    sink: &'s mut (dyn Write + Send),
    error: Option<io::Error>,
}

impl Failing<'_> {
    /// What a step gave, or what it would have given.
    fn keep<T>(&mut self, result: io::Result<T>, done: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                self.error = Some(error);
                Ok(done)
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
        self.keep(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.error.is_some() {
            return Ok(());
        }
        let flushed = self.sink.flush();
        self.keep(flushed, ())
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

/// Rows in the order of [`PROBLEM_HEADS`](words::PROBLEM_HEADS).
fn problem_rows(run: Run<'_, '_>) -> Rows {
    let mut rows = Rows::of(run.whole_problems());
    for problem in run.report.export().problems() {
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

    use super::super::{Format, Options};
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
        let export = ingest::survey(inputs, &SurveyOptions::default(), diff::extent, |_| ());
        let report = Report::new(&export, report::Options::default());
        let run = Run { report: &report, options: &Options::default(), formats: &[Format::Xlsx] };
        let mut book = Book::begin_with(run, sheet_rows).expect("sheets can be made");
        // In chunks that end elsewhere than the sheets.
        for start in (0..report.len()).step_by(2) {
            let mut cells = Cells::default();
            for position in start..(start + 2).min(report.len()) {
                cells.push(position, &report.object(position).change, report.is_failed_change(position));
            }
            book.put(&[&cells]).expect("memory takes everything");
        }
        let mut bytes = Vec::new();
        assert_eq!(book.finish(&report, &mut bytes).expect("memory takes everything").rows, Some(7));
        Xlsx::new(Cursor::new(bytes)).expect("a workbook")
    }

    const SHEETS: [&str; 8] =
        ["Summary", "Changes", "Objects", "Links", "Failed changes", "Properties", "Problems", "About"];

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
            "Objects",
            "Objects (2)",
            "Objects (3)",
            "Links",
            "Failed changes",
            "Failed changes (2)",
            "Failed changes (3)",
            "Properties",
            "Problems",
            "Problems (2)",
            "Problems (3)",
            "About",
        ];
        assert_eq!(names, expected);
        for (sheet, column) in [("Changes", 3), ("Objects", 4), ("Failed changes", 2)] {
            assert_eq!(ids(&mut workbook, sheet, column), ["1", "2", "3"]);
            assert_eq!(ids(&mut workbook, &format!("{sheet} (2)"), column), ["4", "5", "6"]);
            assert_eq!(ids(&mut workbook, &format!("{sheet} (3)"), column), ["7"]);
        }
        let places = ["Objects", "Objects (2)", "Objects (3)"];
        let places: Vec<String> = places.iter().flat_map(|sheet| ids(&mut workbook, sheet, 18)).collect();
        let expected = [
            "row 2",
            "row 3",
            "row 4",
            "row 2 of Changes (2)",
            "row 3 of Changes (2)",
            "row 4 of Changes (2)",
            "row 2 of Changes (3)",
        ];
        assert_eq!(places, expected);
        let head = |workbook: &mut Xlsx<_>, sheet: &str| {
            let range = workbook.worksheet_range(sheet).unwrap_or_else(|error| panic!("{sheet}: {error}"));
            range.rows().next().map(<[_]>::to_vec)
        };
        assert_eq!(head(&mut workbook, "Changes"), head(&mut workbook, "Changes (3)"));
    }

    #[test]
    fn a_sheet_that_is_just_full_does_not_continue() {
        let mut workbook = workbook(8);
        assert_eq!(workbook.sheet_names(), SHEETS);
        assert_eq!(ids(&mut workbook, "Changes", 3).len(), 7);
    }

    #[test]
    fn the_cause_of_an_error_is_kept() {
        let broken = io::Error::from(io::ErrorKind::BrokenPipe);
        assert_eq!(cause(XlsxError::IoError(broken)).kind(), io::ErrorKind::BrokenPipe);
        let missing = XlsxError::TempFileError("x".into(), io::ErrorKind::NotFound.into());
        assert_eq!(cause(missing).kind(), io::ErrorKind::NotFound);
    }
}
