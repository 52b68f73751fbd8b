//! The command line: a subcommand is a short row of stage calls. Files are opened and named here, and only
//! here are a clock, an environment and a terminal.

mod args;
mod console;
mod exit;
mod publish;
mod show;

use std::ffi::OsString;
use std::io::{self, Read as _, Write};
use std::panic;
use std::path::{Path, PathBuf};

use entra_diff::ingest::{self, Export, Input, SurveyOptions};
use entra_diff::model::Severity;
use entra_diff::render::{Format, Written};
use entra_diff::report::{Options as ReportOptions, Report, wording};
use entra_diff::{diff, render};

use args::{Command, Destination, FailOn, Reading, ReportArgs, ShowArgs, SummaryArgs, UsageError};
use console::{Console, shown};
pub(crate) use exit::ExitStatus;
use publish::PublishError;

/// Why a run could not go on.
enum Failure {
    Usage(UsageError),
    Stdin(io::Error),
    Threads(rayon::ThreadPoolBuildError),
    Publish(PublishError),
    /// Standard output is gone, which is how `| head` says that it has enough.
    Closed,
    Terminal(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Failure::Closed } else { Failure::Terminal(error) }
    }
}

impl From<PublishError> for Failure {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::Format(render::Error::Sink { ref source, .. })
                if source.kind() == io::ErrorKind::BrokenPipe =>
            {
                Failure::Closed
            }
            error => Failure::Publish(error),
        }
    }
}

/// Runs what `arguments` ask for.
pub(crate) fn run(arguments: impl Iterator<Item = OsString>) -> ExitStatus {
    let cli = match args::parse(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let is_help = !error.use_stderr();
            // If nobody reads the help any more, nothing is wrong.
            let told = heard(error.print());
            return if is_help && told.is_ok() { ExitStatus::Complete } else { ExitStatus::Usage };
        }
    };
    // A panic's message may hold data; its place in our code does not.
    panic::set_hook(Box::new(|info| {
        if render::is_write_failure(info.payload()) {
            return;
        }
        let place =
            info.location().map(|place| format!("{}:{}", place.file(), place.line())).unwrap_or_default();
        tell(&format!("internal error: {place}: please report this"));
    }));
    let outcome = panic::catch_unwind(|| match cli.command {
        Command::Report(args) => report(&args, cli.color),
        Command::Summary(args) => summary(&args, cli.color),
        Command::Show(args) => show(&args, cli.color),
        Command::Completions { shell } => {
            let mut out = Vec::new();
            clap_complete::generate(shell, &mut args::command(), "entra-diff", &mut out);
            Ok(io::stdout().write_all(&out).map(|()| ExitStatus::Complete)?)
        }
        Command::Man => {
            let mut out = Vec::new();
            clap_mangen::Man::new(args::command()).render(&mut out)?;
            Ok(io::stdout().write_all(&out).map(|()| ExitStatus::Complete)?)
        }
    });
    match outcome {
        Err(_) => ExitStatus::Internal,
        Ok(Ok(status)) => status,
        Ok(Err(failure)) => explain(&failure),
    }
}

fn report(args: &ReportArgs, color: args::When) -> Result<ExitStatus, Failure> {
    let destination = args.destination().map_err(Failure::Usage)?;
    publish::check(&destination, args.force)?;
    let console = console(&args.reading, color);
    with_threads(&args.reading, || {
        let export = survey(&args.reading, &console)?;
        if let Some(status) = problems(&console, &export, args.strict)? {
            return Ok(status);
        }
        publish::check_inputs(&destination, &export)?;
        let report = Report::new(&export, args.options());
        let bar = console.progress("writing", "{msg} {pos}/{len} objects {bar:30}");
        bar.set_length(report.len() as u64);
        let options = render::Options { csv_raw: args.csv_raw, temporary_folder: None };
        let written = publish::publish(&report, &destination, &options, &mut |objects| bar.inc(objects))?;
        bar.finish_and_clear();
        if !console.quiet {
            heard(told(&console, &report, &destination, &written))?;
        }
        Ok(status(&report, &args.fail_on))
    })
}

fn summary(args: &SummaryArgs, color: args::When) -> Result<ExitStatus, Failure> {
    let console = console(&args.reading, color);
    with_threads(&args.reading, || {
        let export = survey(&args.reading, &console)?;
        if let Some(status) = problems(&console, &export, false)? {
            return Ok(status);
        }
        let report = Report::new(&export, ReportOptions::default());
        if !console.quiet {
            heard(numbers(&console, &report, &mut io::stdout()))?;
        }
        Ok(status(&report, &[]))
    })
}

fn show(args: &ShowArgs, color: args::When) -> Result<ExitStatus, Failure> {
    let console = console(&args.reading, color);
    with_threads(&args.reading, || {
        let export = survey(&args.reading, &console)?;
        if let Some(status) = problems(&console, &export, false)? {
            return Ok(status);
        }
        let report = Report::new(&export, ReportOptions::default());
        let mut out = io::BufWriter::new(io::stdout());
        let mut found = false;
        for position in report.positions_of(&args.id) {
            console.object(&report.object(position).change, &mut out)?;
            found = true;
        }
        out.flush()?;
        if !found {
            tell(&format!(
                "no change of this object: {}: check the id, or list all with the report",
                shown(&args.id)
            ));
            return Ok(ExitStatus::NothingWritten);
        }
        Ok(status(&report, &[]))
    })
}

fn console(reading: &Reading, color: args::When) -> Console {
    Console::new(color, reading.quiet, reading.verbose)
}

/// Runs `work` on as many threads as were asked for.
fn with_threads<T: Send>(
    reading: &Reading,
    work: impl FnOnce() -> Result<T, Failure> + Send,
) -> Result<T, Failure>
where
    Failure: Send,
{
    let threads = reading.threads.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(Failure::Threads)?;
    pool.install(work)
}

fn survey(reading: &Reading, console: &Console) -> Result<Export, Failure> {
    let input = |path: &PathBuf| -> Result<Input, Failure> {
        if path != Path::new("-") {
            return Ok(Input::Path(path.clone()));
        }
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map_err(Failure::Stdin)?;
        Ok(Input::Stdin(bytes))
    };
    let inputs = reading.inputs.iter().map(input).collect::<Result<Vec<_>, Failure>>()?;
    let options = SurveyOptions { jobs: reading.jobs.clone() };
    let bar = console.progress("reading", "{msg} {bytes}");
    let export = ingest::survey(inputs, &options, diff::tally, |bytes| bar.inc(bytes));
    bar.finish_and_clear();
    Ok(export)
}

/// What was found and written: on standard output, unless the report is there.
fn told(
    console: &Console,
    report: &Report<'_>,
    destination: &Destination,
    written: &[(PathBuf, Written)],
) -> io::Result<()> {
    if matches!(destination, Destination::Stdout(_)) {
        return numbers(console, report, &mut io::stderr());
    }
    let mut out = io::stdout();
    numbers(console, report, &mut out)?;
    for (path, written) in written {
        let counted = |one, many| {
            let records = written.counts.rows.or(written.counts.object_changes).unwrap_or_default();
            format!(" ({} {})", wording::number(records), wording::plural(records, one, many))
        };
        let count = match written.format {
            Format::Html | Format::Csv | Format::Xlsx => counted("row", "rows"),
            Format::Ndjson => counted("line", "lines"),
            Format::SummaryJson | Format::Markdown => String::new(),
        };
        writeln!(out, "Wrote {}{count}", shown(&path.to_string_lossy()))?;
    }
    Ok(())
}

/// A reader that went away is no error of what was told to it, and changes no exit code.
fn heard(told: io::Result<()>) -> io::Result<()> {
    match told {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        told => told,
    }
}

fn numbers(console: &Console, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    if console.verbose {
        Console::files(report.export(), out)?;
        writeln!(out)?;
    }
    console.summary(report, out)
}

/// Tells the problems, and gives the status of an input that no report is made of. Then nothing else names
/// them, and all are told one by one.
fn problems(console: &Console, export: &Export, strict: bool) -> io::Result<Option<ExitStatus>> {
    let errors = export.problems().iter().any(|problem| problem.severity() == Severity::Error);
    let nothing = !export.has_pages() || (strict && errors);
    heard(console.problems(export.problems(), nothing || console.verbose, &mut io::stderr().lock()))?;
    if !export.has_pages() {
        let which = if export.jobs_asked_for().is_empty() { "" } else { " of the job asked for" };
        tell(&format!("nothing to report: no page of getChanges or getFailedChanges{which} is in the input"));
    } else if nothing {
        tell("nothing written: data would be missing from the report, and --strict was given");
    }
    Ok(nothing.then_some(ExitStatus::NothingWritten))
}

fn status(report: &Report<'_>, fail_on: &[FailOn]) -> ExitStatus {
    let met = |condition: &FailOn| match condition {
        FailOn::FailedChanges => report.has_failed_changes(),
        FailOn::AnyChange => !report.is_empty(),
        FailOn::Problems => !report.export().problems().is_empty(),
    };
    if report.has_errors() {
        ExitStatus::DataMissing
    } else if fail_on.iter().any(met) {
        ExitStatus::Gate
    } else {
        ExitStatus::Complete
    }
}

/// Tells what failed, where and why, and gives the status it ends with.
fn explain(failure: &Failure) -> ExitStatus {
    let place = |path: &Path| shown(&path.to_string_lossy()).into_owned();
    match failure {
        Failure::Closed => return ExitStatus::Complete,
        Failure::Usage(error) => {
            tell(&match error {
                UsageError::StdoutNeedsOneFormat => {
                    "-o - needs exactly one format: give one with -f".to_owned()
                }
                UsageError::FormatConflicts(path) => {
                    format!(
                        "the output is one file: {}: its extension and -f contradict each other",
                        place(path)
                    )
                }
            });
            return ExitStatus::Usage;
        }
        Failure::Stdin(error) => tell(&format!("standard input cannot be read: -: {error}")),
        Failure::Threads(error) => tell(&format!("the threads cannot be started: -j: {error}")),
        Failure::Publish(PublishError::InTheWay(path)) => {
            tell(&format!("the output is in use: {}: choose another with -o, or give --force", place(path)));
        }
        Failure::Publish(PublishError::IsInput(path)) => {
            tell(&format!("the output would replace an input: {}: choose another with -o", place(path)));
        }
        Failure::Publish(PublishError::Path(path, error)) => {
            tell(&format!("the output cannot be written: {}: {error}", place(path)));
        }
        Failure::Publish(PublishError::Format(render::Error::Sink { format, source })) => {
            tell(&format!("the output cannot be written: {}: {source}", format.file_name()));
        }
        Failure::Publish(PublishError::Format(render::Error::Miscounted { format, .. })) => {
            let file = format.file_name();
            tell(&format!(
                "internal error: {file} does not hold what was read: nothing is written: please report this"
            ));
            return ExitStatus::Internal;
        }
        Failure::Terminal(error) => tell(&format!("the terminal cannot be written to: {error}")),
    }
    ExitStatus::Output
}

/// One line on standard error; if that is closed there is nobody to tell.
fn tell(message: &str) {
    let _ = writeln!(io::stderr(), "entra-diff: {message}");
}
