//! Report → bytes. A renderer never knows a file, and never decides an order or a word.
//!
//! One walk feeds every format: objects are read again and turned into each format's bytes in parallel, a
//! batch at a time, while the batch before is written. Writers only copy, in order, so that the number of
//! threads and the formats asked for together change no byte.

mod batch;
mod columns;
mod count;
mod csv;
mod dialect;
mod format;
mod html;
mod markdown;
mod ndjson;
mod prepared;
mod recount;
mod restore;
mod run;
#[cfg(test)]
mod schemas;
mod summary_json;
mod xlsx;

use std::fmt;
use std::io::{self, Write};
use std::ops::Range;

use rayon::prelude::*;

use crate::report::Report;

use count::RowCounts;
use prepared::{Prepared, Wanted};
use run::Run;

pub use batch::{BatchFormat, BatchOptions, write_batch};
pub use columns::Column;
pub use count::Counts;
pub use csv::guarded;
pub use dialect::Delimiter;
pub use format::Format;
pub use ndjson::write_rows;
pub use recount::{prints, recount};
pub use run::Options;
pub use xlsx::is_write_failure;

/// A format and where its bytes go.
pub struct Output<'w> {
    /// The format.
    pub format: Format,
    /// Where to.
    pub sink: &'w mut (dyn Write + Send),
}

/// What was written in a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The format.
    pub format: Format,
    /// What its writer counted.
    pub counts: Counts,
}

/// A format that was not written as it has to be.
#[derive(Debug)]
pub enum Error {
    /// Its sink could not be written to.
    Sink {
        /// What was being written.
        format: Format,
        /// The cause.
        source: io::Error,
    },
    /// Its writer counted something else than the survey: a fault of this program, and what was written must
    /// not be shown to anybody.
    Miscounted {
        /// What was written.
        format: Format,
        /// The counts.
        mismatch: Box<Mismatch>,
    },
}

/// Two counts that have to be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mismatch {
    /// What a writer counted.
    pub written: Counts,
    /// What the survey had counted.
    pub surveyed: Counts,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Sink { format, source } => {
                write!(f, "{} could not be written: {source}", format.file_name())
            }
            Error::Miscounted { format, mismatch } => {
                write!(f, "{}: {:?}, not {:?}", format.file_name(), mismatch.written, mismatch.surveyed)
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Sink { source, .. } => Some(source),
            Error::Miscounted { .. } => None,
        }
    }
}

/// About how many bytes of objects are ready at most, if it is more than one of them: most batches take a hundredth.
const BATCH_BYTES: u64 = 256 << 20;

/// Writes `report` in every format of `outputs`, and calls `progress` with the number of objects of each
/// batch that is written.
///
/// # Errors
/// A sink that could not be written to, or a format whose writer counted something else than the survey: one where there
/// are several. What other sinks have then is not whole.
pub fn write(
    report: &Report<'_>,
    outputs: Vec<Output<'_>>,
    options: &Options,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Vec<Written>, Error> {
    let formats: Vec<Format> = outputs.iter().map(|output| output.format).collect();
    let run = Run { report, options, formats: &formats };
    let surveyed = Counts::of_survey(report);
    let begun = outputs.into_iter().map(|output| Writer::begin(output, run, surveyed));
    let mut writers: Vec<Writer<'_>> = begun.collect::<Result<_, _>>()?;
    let wanted = Wanted::of(run);
    if wanted.any() {
        let most = BATCH_BYTES.min(report.export().limits().memory / 8);
        walk(report, &mut writers, (&wanted, most), progress)?;
    }
    writers.into_par_iter().map(|writer| writer.finish(report)).collect()
}

/// Prepares batch after batch, each while the one before is written.
fn walk(
    report: &Report<'_>,
    writers: &mut [Writer<'_>],
    (wanted, most): (&Wanted, u64),
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<(), Error> {
    let next = |start| next_batch(report, start, wanted, most);
    let mut batch = next(0);
    let mut ready = prepare(report, &batch, wanted, Vec::new());
    let mut spent = Vec::new();
    // What comes behind is found beside the work, too: each object of it is looked up for that.
    let mut following = next(batch.last().map_or(0, |last| last.end));
    while !batch.is_empty() {
        batch = following;
        let (prepared, (put, found)) = rayon::join(
            || prepare(report, &batch, wanted, spent),
            || {
                let put = writers.par_iter_mut().try_for_each(|writer| writer.put(&ready));
                if put.is_ok() {
                    progress(ready.iter().map(|chunk| chunk.objects).sum());
                }
                (put, next(batch.last().map_or(report.len(), |last| last.end)))
            },
        );
        put?;
        following = found;
        spent = std::mem::replace(&mut ready, prepared);
    }
    Ok(())
}

/// The chunks from `start` on that are prepared together: as many as are wanted, and as take no more than `room` bytes, one
/// at least.
/// Where a chunk of a page ends depends on nothing but its objects: a block of the page is made of one.
fn next_batch(report: &Report<'_>, mut start: usize, wanted: &Wanted, mut room: u64) -> Vec<Range<usize>> {
    let (most_objects, most_bytes) = wanted.chunk();
    let mut chunks = Vec::new();
    while chunks.len() < wanted.chunks() && room > 0 && start < report.len() {
        let mut taken = 0;
        let fits = |position: &usize| {
            let with = taken + report.weight(*position);
            let fits = taken == 0 || with <= most_bytes;
            if fits {
                taken = with;
            }
            fits
        };
        let most = report.len().min(start + most_objects);
        let end = (start..most).take_while(fits).last().map_or(most, |last| last + 1);
        room = room.saturating_sub(taken);
        chunks.push(start..end);
        start = end;
    }
    chunks
}

/// Prepares `chunks` in the room that chunks of before took, whose bytes are written.
fn prepare(
    report: &Report<'_>,
    chunks: &[Range<usize>],
    wanted: &Wanted,
    spent: Vec<Prepared>,
) -> Vec<Prepared> {
    let mut room: Vec<Prepared> = spent.into_iter().map(Prepared::emptied).collect();
    room.resize_with(chunks.len(), Prepared::default);
    let chunks = chunks.par_iter().zip(room);
    chunks.map(|(chunk, room)| Prepared::of(report, chunk.clone(), wanted, room)).collect()
}

/// A format being written.
struct Writer<'w> {
    output: Output<'w>,
    state: State,
    /// What it has to hold, as the survey says, and what it holds so far.
    surveyed: Counts,
    written: Counts,
}

/// What a writer needs of its own while objects pass by.
enum State {
    Csv(RowCounts),
    Ndjson(RowCounts),
    Xlsx(Box<xlsx::Book>),
    Html(html::Tail),
    /// Everything is written already: its document holds few objects or none.
    Done,
}

impl<'w> Writer<'w> {
    /// Writes what stands before the objects.
    fn begin(output: Output<'w>, run: Run<'_, '_>, surveyed: Counts) -> Result<Self, Error> {
        let format = output.format;
        let surveyed = surveyed.of_format(format);
        let mut writer = Writer { output, state: State::Done, surveyed, written: Counts::default() };
        match format {
            Format::Csv => {
                writer.state = State::Csv(RowCounts::default());
                let names = Column::ALL.map(|column| column.name);
                writer.copy(&csv::head(run.options.dialect(), &names))?;
            }
            Format::Ndjson => writer.state = State::Ndjson(RowCounts::default()),
            Format::Xlsx => {
                let book = xlsx::Book::begin(run).map_err(|source| writer.error(source))?;
                writer.state = State::Xlsx(Box::new(book));
            }
            Format::Html => {
                let page = html::document(run);
                (writer.surveyed, writer.written) = (page.chosen, recount::page(&page.bytes));
                writer.compare()?;
                writer.copy(&page.bytes)?;
                writer.state = State::Html(page.tail);
            }
            Format::SummaryJson => writer.whole(summary_json::document(run.report))?,
            Format::RestoreCsv => writer.whole(restore::table(run))?,
            Format::RestoreNdjson => writer.whole(restore::lines(run))?,
            Format::Markdown => {
                writer.copy(markdown::document(run).as_bytes())?;
            }
        }
        Ok(writer)
    }

    /// Writes a document that is whole before the first object.
    fn whole(&mut self, (document, counts): (Vec<u8>, Counts)) -> Result<(), Error> {
        self.written = counts;
        self.compare()?;
        self.copy(&document)
    }

    fn put(&mut self, batch: &[Prepared]) -> Result<(), Error> {
        match &mut self.state {
            State::Csv(counts) => {
                counts.add(batch.iter().map(|chunk| chunk.csv_counts));
                batch.iter().try_for_each(|chunk| self.copy(&chunk.csv))
            }
            State::Ndjson(counts) => {
                counts.add(batch.iter().map(|chunk| chunk.ndjson_counts));
                batch.iter().try_for_each(|chunk| self.copy(&chunk.ndjson))
            }
            State::Xlsx(book) => {
                let put = book.put(&batch.iter().map(|chunk| &chunk.xlsx).collect::<Vec<_>>());
                put.map_err(|source| self.error(source))
            }
            State::Html(tail) => {
                let room = tail.room_for(batch.iter().map(|chunk| (chunk.html.1, chunk.html.0.len())));
                batch[..room].iter().try_for_each(|chunk| self.copy(&chunk.html.0))
            }
            State::Done => Ok(()),
        }
    }

    fn finish(mut self, report: &Report<'_>) -> Result<Written, Error> {
        match std::mem::replace(&mut self.state, State::Done) {
            State::Csv(counts) => self.written = counts.of_table(),
            State::Ndjson(counts) => self.written = counts.of_objects(),
            State::Xlsx(book) => {
                let finished = book.finish(report, &mut *self.output.sink);
                self.written = finished.map_err(|source| self.error(source))?;
            }
            State::Html(tail) => self.copy(tail.into_string().as_bytes())?,
            State::Done => {}
        }
        let flushed = self.output.sink.flush();
        flushed.map_err(|source| self.error(source))?;
        self.compare()?;
        Ok(Written { format: self.output.format, counts: self.written })
    }

    /// What was written is what the survey counted; a document that is whole is held against it before its first
    /// byte goes anywhere.
    fn compare(&self) -> Result<(), Error> {
        let (format, written, surveyed) = (self.output.format, self.written, self.surveyed);
        if written == surveyed {
            return Ok(());
        }
        Err(Error::Miscounted { format, mismatch: Box::new(Mismatch { written, surveyed }) })
    }

    fn copy(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let written = self.output.sink.write_all(bytes);
        written.map_err(|source| self.error(source))
    }

    fn error(&self, source: io::Error) -> Error {
        Error::Sink { format: self.output.format, source }
    }
}
