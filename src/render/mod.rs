//! Report → bytes. A renderer never knows a file, and never decides an order or a word.
//!
//! One walk feeds every format: objects are read again and turned into each format's bytes in parallel, a
//! batch at a time, while the batch before is written. Writers only copy, in order, so that the number of
//! threads and the formats asked for together change no byte.

mod columns;
mod csv;
mod ndjson;
mod summary_json;

use std::fmt;
use std::io::{self, Write};
use std::ops::Range;

use rayon::prelude::*;

use crate::report::Report;

pub use columns::Column;
pub use csv::guarded;
pub use ndjson::write_rows;

/// A format of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// One row a changed property or link.
    Csv,
    /// One object change a line.
    Ndjson,
    /// Every number, input and problem.
    SummaryJson,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 3] = [Format::Csv, Format::Ndjson, Format::SummaryJson];

    /// The file name in a folder of reports.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Format::Csv => "changes.csv",
            Format::Ndjson => "changes.ndjson",
            Format::SummaryJson => "summary.json",
        }
    }
}

/// A format and where its bytes go.
pub struct Output<'w> {
    /// The format.
    pub format: Format,
    /// Where to.
    pub sink: &'w mut (dyn Write + Send),
}

/// How to render.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// CSV without byte order mark and formula guard.
    pub csv_raw: bool,
}

/// What was written in a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The format.
    pub format: Format,
    /// Rows of a table, lines, or documents.
    pub records: u64,
}

/// A sink that could not be written to.
#[derive(Debug)]
pub struct Error {
    /// What was being written.
    pub format: Format,
    /// The cause.
    pub source: io::Error,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} could not be written: {}", self.format.file_name(), self.source)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// How many objects one thread turns into bytes before another may take over.
const CHUNK_OBJECTS: usize = 256;

/// How many chunks are ready at most while those before are written.
const BATCH_CHUNKS: usize = 16;

/// Writes `report` in every format of `outputs`, and calls `progress` with the number of objects of each
/// batch that is written.
///
/// # Errors
/// The first sink that could not be written to; what other sinks have then is not whole.
pub fn write(
    report: &Report<'_>,
    outputs: Vec<Output<'_>>,
    options: Options,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Vec<Written>, Error> {
    let mut writers: Vec<Writer<'_>> =
        outputs.into_iter().map(|output| Writer::new(output, options)).collect();
    writers.iter_mut().try_for_each(|writer| writer.begin(report))?;
    let wanted = Wanted::of(&writers, options);
    if wanted.any() {
        walk(report, &mut writers, wanted, progress)?;
    }
    writers.into_iter().map(Writer::finish).collect()
}

/// Prepares batch after batch, each while the one before is written.
fn walk(
    report: &Report<'_>,
    writers: &mut [Writer<'_>],
    wanted: Wanted,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<(), Error> {
    let size = CHUNK_OBJECTS * BATCH_CHUNKS;
    let mut ready = prepare(report, 0..size.min(report.len()), wanted);
    let mut next = size;
    while !ready.is_empty() {
        let (prepared, put) = rayon::join(
            || prepare(report, next.min(report.len())..(next + size).min(report.len()), wanted),
            || {
                writers.par_iter_mut().try_for_each(|writer| writer.put(&ready))?;
                progress(ready.iter().map(|chunk| chunk.objects).sum());
                Ok(())
            },
        );
        put?;
        ready = prepared;
        next += size;
    }
    Ok(())
}

/// Which formats want the objects, so that nothing is prepared for none.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    csv: Option<csv::Dialect>,
    ndjson: bool,
}

impl Wanted {
    fn of(writers: &[Writer<'_>], options: Options) -> Self {
        let csv = writers.iter().any(|writer| matches!(writer.kind, WriterKind::Csv));
        let ndjson = writers.iter().any(|writer| matches!(writer.kind, WriterKind::Ndjson));
        Wanted { csv: csv.then(|| csv::Dialect::of(options.csv_raw)), ndjson }
    }

    fn any(self) -> bool {
        self.csv.is_some() || self.ndjson
    }
}

/// Some objects as the bytes of each format that wants them.
#[derive(Debug, Default)]
struct Prepared {
    objects: u64,
    rows: u64,
    csv: Vec<u8>,
    ndjson: Vec<u8>,
}

fn prepare(report: &Report<'_>, positions: Range<usize>, wanted: Wanted) -> Vec<Prepared> {
    let chunks = positions.len().div_ceil(CHUNK_OBJECTS);
    (0..chunks)
        .into_par_iter()
        .map(|chunk| {
            let start = positions.start + chunk * CHUNK_OBJECTS;
            prepare_chunk(report, start..(start + CHUNK_OBJECTS).min(positions.end), wanted)
        })
        .collect()
}

fn prepare_chunk(report: &Report<'_>, positions: Range<usize>, wanted: Wanted) -> Prepared {
    let mut prepared = Prepared { objects: positions.len() as u64, ..Prepared::default() };
    let mut table = wanted.csv.map(csv::Table::new);
    for position in positions {
        let object = report.object(position);
        if let Some(table) = &mut table {
            prepared.rows += table.push(&object.change);
        }
        if wanted.ndjson {
            ndjson::write_object(&object, &mut prepared.ndjson);
        }
    }
    prepared.csv = table.map(csv::Table::into_bytes).unwrap_or_default();
    prepared
}

/// A format being written.
struct Writer<'w> {
    kind: WriterKind,
    output: Output<'w>,
    options: Options,
    records: u64,
}

/// What a writer needs of its own.
enum WriterKind {
    Csv,
    Ndjson,
    SummaryJson,
}

impl<'w> Writer<'w> {
    fn new(output: Output<'w>, options: Options) -> Self {
        let kind = match output.format {
            Format::Csv => WriterKind::Csv,
            Format::Ndjson => WriterKind::Ndjson,
            Format::SummaryJson => WriterKind::SummaryJson,
        };
        Writer { kind, output, options, records: 0 }
    }

    fn begin(&mut self, report: &Report<'_>) -> Result<(), Error> {
        match self.kind {
            WriterKind::Csv => self.copy(&csv::head(csv::Dialect::of(self.options.csv_raw))),
            WriterKind::Ndjson => Ok(()),
            WriterKind::SummaryJson => {
                self.records = 1;
                self.copy(&summary_json::document(report))
            }
        }
    }

    fn put(&mut self, batch: &[Prepared]) -> Result<(), Error> {
        for chunk in batch {
            match self.kind {
                WriterKind::Csv => {
                    self.records += chunk.rows;
                    self.copy(&chunk.csv)?;
                }
                WriterKind::Ndjson => {
                    self.records += chunk.objects;
                    self.copy(&chunk.ndjson)?;
                }
                WriterKind::SummaryJson => {}
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Written, Error> {
        let flushed = self.output.sink.flush();
        flushed.map_err(|source| self.error(source))?;
        Ok(Written { format: self.output.format, records: self.records })
    }

    fn copy(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let written = self.output.sink.write_all(bytes);
        written.map_err(|source| self.error(source))
    }

    fn error(&self, source: io::Error) -> Error {
        Error { format: self.output.format, source }
    }
}
