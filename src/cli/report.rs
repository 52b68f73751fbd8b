//! `report`: from the inputs to the files in their place, for one report alone and for each case of a batch.

use std::ffi::OsString;
use std::io::{self, Write};

use entra_diff::evidence::{self, Manifest, OutputFile};
use entra_diff::ingest::{Export, SurveyOptions};
use entra_diff::render::Format;
use entra_diff::report::Report;
use entra_diff::report::wording::{self, terminal};

use super::args::{ReportArgs, When};
use super::clock::Clock;
use super::console::Console;
use super::destination::Destination;
use super::exit::ExitStatus;
use super::failure::{Failure, tell_of_the_end};
use super::interrupt::Unfinished;
use super::messages::Messages;
use super::publish::{self, Published, Publisher};
use super::text::shown;
use super::{
    console, heard, memory, nothing_to_write, numbers, status, survey_with, tell_problems, with_threads,
};

/// What a report is made with, beside what was asked for.
pub(super) struct Maker<'m> {
    pub(super) clock: &'m Clock,
    /// The command line that its manifest tells.
    pub(super) arguments: &'m [OsString],
    pub(super) unfinished: &'m Unfinished,
    pub(super) console: &'m Console,
    /// How its inputs are read.
    pub(super) survey: SurveyOptions,
    /// Whether it is written: otherwise it is only counted.
    pub(super) is_written: bool,
    /// Whether the program ends behind it.
    pub(super) is_last: bool,
}

/// A report that was made.
pub(super) struct Made<'m, 'e> {
    pub(super) report: &'m Report<'e>,
    pub(super) destination: &'m Destination,
    /// `None` where it is not written, or its reader went away.
    pub(super) published: Option<Published>,
    pub(super) status: ExitStatus,
}

impl Maker<'_> {
    /// Reads the inputs of `args`, lets `hear` know what was found and why nothing is written, if that is so, writes the
    /// report to `destination` and gives it to `then`. `None` where there is nothing to write.
    pub(super) fn make<T>(
        &self,
        args: &ReportArgs,
        destination: Destination,
        hear: impl FnOnce(&Export, Option<&str>) -> io::Result<()>,
        then: impl FnOnce(Made<'_, '_>) -> T,
    ) -> Result<Option<T>, Failure> {
        let export = survey_with(&args.reading, &self.survey, self.console)?;
        let nothing = nothing_to_write(&export, args.strict);
        hear(&export, nothing.as_deref())?;
        if nothing.is_some() {
            return Ok(None);
        }
        let has_artifacts = !export.restore_artifacts().is_empty();
        let destination = if has_artifacts { destination.with_restore_artifacts() } else { destination };
        let report = Report::new(&export, args.options());
        let status = status(&report, &args.fail_on);
        let published =
            if self.is_written { self.publish(args, &destination, &report, status)? } else { None };
        let done = then(Made { report: &report, destination: &destination, published, status });
        drop(report);
        if self.is_last {
            // The system takes back all of it at once, and much faster than piece by piece.
            std::mem::forget(export);
        }
        Ok(Some(done))
    }

    fn publish(
        &self,
        args: &ReportArgs,
        destination: &Destination,
        report: &Report<'_>,
        status: ExitStatus,
    ) -> Result<Option<Published>, Failure> {
        publish::check_inputs(destination, report.export())?;
        let bar = self.console.progress("writing", "{msg} {pos}/{len} objects {bar:30}");
        bar.set_length(report.len() as u64);
        let manifest = |outputs: Vec<OutputFile>| {
            let options = args.manifest_options(destination.formats());
            Manifest::of(report, self.clock.run(status.code(), self.arguments), options, outputs)
        };
        let publisher = Publisher {
            destination,
            force: args.force,
            options: args.dialect.options(),
            manifest: &manifest,
            unfinished: self.unfinished,
            messages: self.console.messages,
        };
        match publisher.publish(report, &mut |objects| bar.inc(objects)).map_err(Failure::from) {
            Err(Failure::Closed) => Ok(None),
            Ok(written) => {
                bar.finish_and_clear();
                Ok(Some(written))
            }
            Err(failure) => Err(failure),
        }
    }
}

/// Writes the report of `args`, and prints its numbers.
pub(super) fn report(
    args: &ReportArgs,
    told: (When, Messages),
    arguments: &[OsString],
    unfinished: &Unfinished,
) -> Result<ExitStatus, Failure> {
    let clock = Clock::start().map_err(Failure::Usage)?;
    let destination = args.destination().map_err(Failure::Usage)?;
    check_date(&clock, destination.formats())?;
    publish::check(&destination, args.force, unfinished, told.1)?;
    let console = console(&args.reading, told);
    let survey = args.reading.survey_options(memory::limit());
    let maker = Maker {
        clock: &clock,
        arguments,
        unfinished,
        console: &console,
        survey,
        is_written: true,
        is_last: true,
    };
    let hear = |export: &Export, nothing: Option<&str>| tell_problems(&console, export, nothing);
    let status = with_threads(args.reading.threads, || {
        maker.make(args, destination, hear, |made| {
            if let Some(published) = &made.published {
                let told = |published| self::told(&console, made.report, made.destination, published);
                let said = if console.quiet { Ok(()) } else { heard(told(published)) };
                tell_of_the_end(published.left.as_ref(), said, console.messages);
            }
            made.status
        })
    })?;
    Ok(status.unwrap_or(ExitStatus::NothingWritten))
}

/// Refuses a clock that no workbook can be dated by, where one is asked for.
pub(super) fn check_date(clock: &Clock, formats: &[Format]) -> Result<(), Failure> {
    if formats.contains(&Format::Xlsx) && !clock.dates_workbooks() {
        return Err(Failure::NoDate);
    }
    Ok(())
}

/// What was found and written: on standard output, unless the report is there.
fn told(
    console: &Console,
    report: &Report<'_>,
    destination: &Destination,
    published: &Published,
) -> io::Result<()> {
    if matches!(destination, Destination::Stdout(_)) {
        let mut err = io::stderr();
        if console.messages.are_json() {
            // Standard error is theirs alone, and standard output is the report.
            return Ok(());
        }
        numbers(console, report, &mut err)?;
        return writeln!(err, "{}", terminal::NO_BUNDLE);
    }
    let mut out = io::stdout();
    numbers(console, report, &mut out)?;
    for (path, written) in &published.files {
        let counts = written.map(|written| written.counts).unwrap_or_default();
        let records = counts.rows.or(counts.object_changes).or(counts.restore_artifacts).unwrap_or_default();
        let counted =
            |one, many| format!(" ({} {})", wording::number(records), wording::plural(records, one, many));
        let count = match written.map(|written| written.format) {
            Some(Format::Html | Format::Csv | Format::Xlsx | Format::RestoreCsv) => counted("row", "rows"),
            Some(Format::Ndjson | Format::RestoreNdjson) => counted("line", "lines"),
            Some(Format::SummaryJson | Format::Markdown) | None => String::new(),
        };
        writeln!(out, "Wrote {}{count}", shown(&path.to_string_lossy()))?;
    }
    for other in &published.others {
        let words = if evidence::SIGNATURES.contains(&other.as_str()) {
            terminal::OLD_SIGNATURE
        } else {
            terminal::NOT_OF_THE_REPORT
        };
        writeln!(out, "{}: {words}", shown(other))?;
    }
    if matches!(destination, Destination::File(..)) {
        return writeln!(out, "{}", terminal::NO_BUNDLE);
    }
    writeln!(out, "{}: {}", wording::evidence::ID, report.inputs().evidence_id())
}
