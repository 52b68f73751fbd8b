//! Times the workbook against what the library alone takes to write the same cells.
//!
//! ```text
//! cargo run --release --example generate -- --changes 100000 --output DIR
//! cargo bench --bench xlsx -- DIR            seven runs of each, in turn
//! cargo bench --bench xlsx -- DIR 3          other numbers of runs
//! RAYON_NUM_THREADS=1 cargo bench --bench xlsx -- DIR
//! ```
//!
//! Ours is the whole of `render::write`: every object read again, compared, its cells made, written and
//! zipped. The library's is given all texts in memory and the same sheets, columns, tables and filters; it makes neither
//! links nor lists of choices nor rules of colour.
//! Both write to a sink. Without a folder, as `cargo test --benches` runs it, the samples are written once.

use std::env;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::io::{self, Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use calamine::{Data, Reader as _, Xlsx};
use rust_xlsxwriter::{Format as Look, FormatAlign, Table, TableColumn, Workbook, Worksheet};

use entra_diff::ingest::{self, Input, SurveyOptions};
use entra_diff::render::{Format, Options, Output};
use entra_diff::report::{self, Report};
use entra_diff::{diff, render};

const RUNS: usize = 7;
/// The greatest sheet that is a table.
const TABLE_ROWS: usize = 50_000;
/// As ours, of 9; the library's own is 6, and slower.
const ZIP_LEVEL: u8 = 2;
/// The sheets that grow with the export.
const DATA_SHEETS: [&str; 6] = ["Changes", "Objects", "Links", "Failed changes", "Properties", "Problems"];

type Fallible<T> = Result<T, Box<dyn Error>>;

/// A sheet's name and its cells, each with its place.
struct Sheet {
    name: String,
    rows: Vec<Vec<(u16, Cell)>>,
}

enum Cell {
    Text(String),
    Number(f64),
}

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let folder = words.first().map_or(samples, PathBuf::from);
    let runs =
        if words.is_empty() { 1 } else { words.get(1).and_then(|runs| runs.parse().ok()).unwrap_or(RUNS) };
    match compare(&folder, runs) {
        Ok(()) => ExitCode::SUCCESS,
        // Where even the message cannot be written, the code is all that is left to tell.
        Err(error) => {
            writeln!(io::stderr(), "xlsx: {error}").map_or(ExitCode::FAILURE, |()| ExitCode::FAILURE)
        }
    }
}

fn compare(folder: &Path, runs: usize) -> Fallible<()> {
    let inputs = vec![Input::Path(folder.to_path_buf())];
    let export = ingest::survey(inputs, &SurveyOptions::default(), diff::extent, |_| ());
    let report = Report::new(&export, report::Options::default());
    let before = peak();
    let first = timed(|| ours(&report, &mut io::sink()))?;
    let ours_peak = peak();
    let sheets = cells_of(&report)?;
    let mut times = (vec![first], vec![]);
    for run in 0..runs {
        if run > 0 {
            times.0.push(timed(|| ours(&report, &mut io::sink()))?);
        }
        times.1.push(timed(|| library(&sheets))?);
    }
    let cells: usize = sheets.iter().flat_map(|sheet| &sheet.rows).map(Vec::len).sum();
    let (ours, library) = (median(&mut times.0), median(&mut times.1));
    writeln!(
        io::stdout(),
        "{} objects, {} rows, {cells} cells, {runs} runs, {} threads\n\
         ours     {ours:.3} s   peak {ours_peak} kB, of which {before} kB before\n\
         library  {library:.3} s\n\
         ratio    {:.2}",
        report.len(),
        report.table_rows(),
        rayon::current_num_threads(),
        ours / library,
    )?;
    Ok(())
}

fn timed(work: impl FnOnce() -> Fallible<()>) -> Fallible<Duration> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    f64::midpoint(times[(times.len() - 1) / 2].as_secs_f64(), times[times.len() / 2].as_secs_f64())
}

/// The most memory this process has had so far, where Linux tells it.
fn peak() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "?".to_owned(), |line| line.trim().trim_end_matches(" kB").to_owned())
}

fn ours(report: &Report<'_>, sink: &mut (dyn io::Write + Send)) -> Fallible<()> {
    let outputs = vec![Output { format: Format::Xlsx, sink }];
    black_box(render::write(report, outputs, &Options::default(), &mut |_| ())?);
    Ok(())
}

/// Every cell of our workbook, read back.
fn cells_of(report: &Report<'_>) -> Fallible<Vec<Sheet>> {
    let mut bytes = Vec::new();
    ours(report, &mut bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes))?;
    let mut sheets = Vec::new();
    for name in workbook.sheet_names() {
        let range = workbook.worksheet_range(&name)?;
        let rows = range
            .rows()
            .map(|row| (0..).zip(row).filter_map(|(column, cell)| Some((column, cell_of(cell)?))).collect());
        sheets.push(Sheet { rows: rows.collect(), name });
    }
    Ok(sheets)
}

fn cell_of(cell: &Data) -> Option<Cell> {
    match cell {
        Data::String(text) => Some(Cell::Text(text.clone())),
        Data::Float(number) => Some(Cell::Number(*number)),
        Data::DateTime(date) => Some(Cell::Number(date.as_f64())),
        _ => None,
    }
}

fn library(sheets: &[Sheet]) -> Fallible<()> {
    let mut workbook = Workbook::new();
    let plain = Look::new().set_font_size(10).set_align(FormatAlign::Top).set_text_wrap();
    let head = Look::new().set_bold();
    for sheet in sheets {
        let worksheet = workbook.add_worksheet_with_constant_memory()?;
        worksheet.set_name(&sheet.name)?;
        let mut rows = (0..).zip(&sheet.rows);
        if DATA_SHEETS.contains(&sheet.name.as_str()) && sheet.rows.len() > 1 {
            rows.next();
            set_up(worksheet, sheet, &plain, &head)?;
        }
        for (row, cells) in rows {
            for (column, cell) in cells {
                match cell {
                    Cell::Text(text) => worksheet.write_string(row, *column, text)?,
                    Cell::Number(number) => worksheet.write_number(row, *column, *number)?,
                };
            }
        }
    }
    workbook.set_zip_compression_level(ZIP_LEVEL);
    Ok(workbook.save_to_writer(io::sink())?)
}

/// The head row, and a table or a filter around all.
fn set_up(worksheet: &mut Worksheet, sheet: &Sheet, plain: &Look, head: &Look) -> Fallible<()> {
    let heads: Vec<&str> = sheet.rows[0]
        .iter()
        .filter_map(|(_, cell)| match cell {
            Cell::Text(text) => Some(text.as_str()),
            Cell::Number(_) => None,
        })
        .collect();
    let (last_row, last_column) = (u32::try_from(sheet.rows.len() - 1)?, u16::try_from(heads.len() - 1)?);
    for column in 0..=last_column {
        worksheet.set_column_width(column, 30)?.set_column_format(column, plain)?;
    }
    if sheet.rows.len() <= TABLE_ROWS + 1 {
        let column = |text: &&str| TableColumn::new().set_header(*text).set_header_format(head);
        let table = Table::new().set_columns(&heads.iter().map(column).collect::<Vec<_>>());
        worksheet.add_table(0, 0, last_row, last_column, &table)?;
        return Ok(());
    }
    worksheet.set_default_row_height(15.75);
    for (column, text) in (0..).zip(&heads) {
        worksheet.write_string_with_format(0, column, *text, head)?;
    }
    worksheet.autofilter(0, 0, last_row, last_column)?;
    Ok(())
}
