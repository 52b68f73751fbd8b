//! `batch`: the report of each case in a folder of cases, and one index of all. A case is made as `report` makes it, and
//! what goes wrong with one stops no other.

mod args;
mod cases;
mod index;
mod names;
mod own;
mod place;
mod schedule;
mod tell;
mod words;
mod work;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::PathBuf;

use entra_diff::render::Format;
use entra_diff::report::batch::Batch;
use entra_diff::report::wording::batch as wording;

use super::args::When;
use super::clock::Clock;
use super::console::Console;
use super::exit::ExitStatus;
use super::failure::{Failure, tell_of_the_end};
use super::interrupt::Unfinished;
use super::messages::Messages;
use super::text::shown;
use super::{heard, memory, report};

pub(super) use args::BatchArgs;
use cases::Found;
use index::{Index, Placed};
use place::Place;
use schedule::Machine;
use tell::Teller;
use work::{Done, Workshop};

/// A batch that cannot be made.
#[derive(Debug)]
pub(super) enum BatchError {
    /// Nothing in the folders is a case.
    NoCase {
        /// Pages lie in them directly.
        has_pages: bool,
    },
    /// The reports would stand among the folders that are read.
    OutputIsRoot(PathBuf),
    /// The reports would stand in a case.
    OutputInCase(PathBuf),
    /// The inputs of all cases are to be checked at once.
    InputsOfAll(PathBuf),
}

impl BatchError {
    /// How it ends a run.
    pub(super) fn status(&self) -> ExitStatus {
        match self {
            BatchError::NoCase { .. } => ExitStatus::NothingWritten,
            BatchError::OutputIsRoot(_) | BatchError::OutputInCase(_) => ExitStatus::Output,
            BatchError::InputsOfAll(_) => ExitStatus::Usage,
        }
    }

    /// What is wrong, and what to do.
    pub(super) fn words(&self) -> String {
        let place = |path: &std::path::Path| shown(&path.to_string_lossy()).into_owned();
        match self {
            BatchError::NoCase { has_pages: true } => {
                "no case: the pages lie in the folder itself, and in no folder of a case: use entra-diff report, or \
                 --by job"
                    .to_owned()
            }
            BatchError::NoCase { has_pages: false } => {
                "no case: there is no folder and no archive (.zip) in what was given".to_owned()
            }
            BatchError::OutputIsRoot(path) => {
                format!("the output would stand among the cases: {}: choose another with -o", place(path))
            }
            BatchError::InputsOfAll(path) => format!(
                "the inputs of a batch are checked case by case: {0}: entra-diff verify {0}/CASE --inputs PATH",
                place(path)
            ),
            BatchError::OutputInCase(path) => {
                format!("the output would stand in a case: {}: choose another with -o", place(path))
            }
        }
    }
}

/// Makes the reports of all cases of `args`, and their index.
pub(super) fn batch(
    args: &BatchArgs,
    (color, messages): (When, Messages),
    arguments: &[OsString],
    unfinished: &Unfinished,
) -> Result<ExitStatus, Failure> {
    let clock = Clock::start().map_err(Failure::Usage)?;
    report::check_date(&clock, &[Format::Xlsx])?;
    let reading = &args.report.reading;
    // What there is to say of a case stands in its row.
    let silent = Console::new(color, messages, true, false);
    let found = super::with_threads(reading.threads, || cases::find(args, &silent))?;
    let place = Place::take(args)?;
    place.retire()?;
    let memory =
        args.memory.map(|mib| mib.saturating_mul(1 << 20)).or_else(memory::limit).unwrap_or(u64::MAX);
    let threads = reading.threads.map_or_else(rayon::current_num_threads, usize::from);
    let teller = Teller::of(messages, reading.quiet, found.cases.len());
    let workshop =
        Workshop { args, place: &place, epoch: clock.epoch(), unfinished, console: &silent, memory };
    let bytes: Vec<u64> = found.cases.iter().map(|case| case.bytes).collect();
    let work = |position: usize, share: Option<u64>| {
        let planned = &found.cases[position];
        let _line = teller.begin(&planned.name);
        let done = workshop.make(planned, share)?;
        teller.end(&done.case, done.is_kept);
        Some(done)
    };
    let done = schedule::run(&bytes, Machine { threads, memory }, &work).map_err(Failure::Threads)?;
    teller.finish();
    let kept = done.iter().filter(|done| done.is_kept).count() as u64;
    let batch = batch_of(args, found, done);
    index::sync(place.folder())?;
    let index = Index { args, clock: &clock, arguments, unfinished, messages };
    let placed = index.publish(&batch, place.folder())?;
    let said = if reading.quiet { Ok(()) } else { heard(told(args, &batch, kept, &placed)) };
    tell_of_the_end(placed.left.as_ref(), said, messages);
    Ok(ExitStatus::of_code(batch.exit_code).unwrap_or(ExitStatus::Internal))
}

/// All cases together. A batch ends as the most serious of them does; what lies in none is data that is missing.
fn batch_of(args: &BatchArgs, found: Found, done: Vec<Done>) -> Batch {
    let cases: Vec<_> = done.into_iter().map(|done| done.case).collect();
    let lacks = found.left_out.iter().any(|left| left.reason.is_error());
    let beside = if lacks { ExitStatus::DataMissing } else { ExitStatus::Complete };
    let of_cases = cases.iter().map(tell::status_of);
    let status = of_cases.fold(beside, ExitStatus::or_worse);
    Batch { cases, left_out: found.left_out, title: args.report.title.clone(), exit_code: status.code() }
}

/// What was found and written.
fn told(args: &BatchArgs, batch: &Batch, kept: u64, placed: &Placed) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", wording::ended(batch, kept))?;
    let verbose = args.report.reading.verbose;
    for left in batch.left_out.iter().filter(|left| verbose || left.reason.is_always_told()) {
        writeln!(out, "{}: {}", shown(&left.source), wording::left_out(left.reason))?;
    }
    for other in &placed.others {
        writeln!(out, "{}: {}", shown(other), wording::NOT_OF_THE_BATCH)?;
    }
    for file in &placed.files {
        writeln!(out, "Wrote {}", shown(&args.report.output.join(file).to_string_lossy()))?;
    }
    Ok(())
}
