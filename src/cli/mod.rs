//! The command line: a subcommand is a short row of stage calls. Files are opened and named here, and only
//! here are a clock, an environment and a terminal.

mod args;
mod batch;
mod clock;
mod console;
mod destination;
mod dialect;
mod exit;
mod failure;
mod interrupt;
mod memory;
mod messages;
mod moves;
mod publish;
mod report;
mod screen;
mod show;
mod staged_file;
mod staging;
mod text;
mod turn;
mod verify;

use std::ffi::OsString;
use std::io::{self, Read as _, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use entra_diff::ingest::{self, Export, Input, SurveyOptions};
use entra_diff::model::Severity;
use entra_diff::report::{Options as ReportOptions, Report};
use entra_diff::{diff, evidence, render};

use args::{Command, FailOn, Reading, ShowArgs, SummaryArgs, VerifyArgs};
use batch::BatchError;
use console::Console;
pub(crate) use exit::ExitStatus;
use failure::{Failure, explain};
use interrupt::Unfinished;
use messages::Messages;
use text::shown;

/// Runs what `arguments` ask for.
pub(crate) fn run(arguments: impl Iterator<Item = OsString>) -> ExitStatus {
    let arguments: Vec<OsString> = arguments.collect();
    let cli = match args::parse(arguments.iter().cloned()) {
        Ok(cli) => cli,
        Err(error) => {
            let is_help = !error.use_stderr();
            if !is_help && asks_for_json(&arguments) {
                let messages = Messages(args::MessageFormat::Json);
                messages.tell(error.to_string().trim());
                messages.finished(ExitStatus::Usage);
                return ExitStatus::Usage;
            }
            // If nobody reads the help any more, nothing is wrong.
            let told = heard(error.print());
            return if is_help && told.is_ok() { ExitStatus::Complete } else { ExitStatus::Usage };
        }
    };
    let messages = Messages(cli.message_format);
    tell_panics(messages);
    let unfinished = Unfinished::default();
    // Where signals cannot be waited for, the system ends the program, and leaves what a kill leaves.
    let _ = unfinished.listen();
    attempt(&unfinished, messages, || match &cli.command {
        Command::Report(args) => report::report(args, (cli.color, messages), &arguments, &unfinished),
        Command::Batch(args) => batch::batch(args, (cli.color, messages), &arguments, &unfinished),
        Command::Summary(args) => summary(args, (cli.color, messages)),
        Command::Show(args) => show(args, (cli.color, messages)),
        Command::Verify(args) => verify(args, messages),
        Command::Completions { shell } => {
            let mut out = Vec::new();
            clap_complete::generate(*shell, &mut args::command(), "entra-diff", &mut out);
            Ok(io::stdout().write_all(&out).map(|()| ExitStatus::Complete)?)
        }
        Command::Man => {
            let mut out = Vec::new();
            clap_mangen::Man::new(args::command()).render(&mut out)?;
            Ok(io::stdout().write_all(&out).map(|()| ExitStatus::Complete)?)
        }
    })
}

/// Whether arguments that cannot be read as a whole ask for messages for programs.
fn asks_for_json(arguments: &[OsString]) -> bool {
    let is = |argument: &OsString, text: &str| argument.to_str() == Some(text);
    arguments.iter().any(|argument| is(argument, "--message-format=json"))
        || arguments.windows(2).any(|pair| is(&pair[0], "--message-format") && is(&pair[1], "json"))
}

/// A panic's message may hold data; its place in our code does not, and is all that is told.
fn tell_panics(messages: Messages) {
    panic::set_hook(Box::new(move |info| {
        if render::is_write_failure(info.payload()) {
            return;
        }
        let place =
            info.location().map(|place| format!("{}:{}", place.file(), place.line())).unwrap_or_default();
        messages.tell(&format!("internal error: {place}: please report this"));
    }));
}

/// Does `work` and tells how it ended; a panic in any thread of it is a fault of this program.
fn attempt(
    unfinished: &Unfinished,
    messages: Messages,
    work: impl FnOnce() -> Result<ExitStatus, Failure>,
) -> ExitStatus {
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    // After a signal nothing more is said: this waits until the program has ended.
    let _held = unfinished.lock();
    let status = match outcome {
        Err(_) => ExitStatus::Internal,
        Ok(Ok(status)) => status,
        Ok(Err(failure)) => explain(&failure, messages),
    };
    messages.finished(status);
    status
}

fn summary(args: &SummaryArgs, told: (args::When, Messages)) -> Result<ExitStatus, Failure> {
    let console = console(&args.reading, told);
    with_threads(args.reading.threads, || {
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

fn show(args: &ShowArgs, told: (args::When, Messages)) -> Result<ExitStatus, Failure> {
    let console = console(&args.reading, told);
    with_threads(args.reading.threads, || {
        let export = survey(&args.reading, &console)?;
        if let Some(status) = problems(&console, &export, false)? {
            return Ok(status);
        }
        let report = Report::new(&export, ReportOptions::default());
        let mut out = io::BufWriter::new(io::stdout());
        let mut found = false;
        for position in report.positions_of(&args.id) {
            found = true;
            let told = console.object(&report.object(position).change, &mut out);
            if told.is_err() {
                heard(told)?;
                break;
            }
        }
        heard(out.flush())?;
        if !found {
            console.messages.tell(&format!(
                "no change of this object: {}: check the id, or list all with the report",
                shown(&args.id)
            ));
            return Ok(ExitStatus::NothingWritten);
        }
        Ok(status(&report, &[]))
    })
}

fn verify(args: &VerifyArgs, messages: Messages) -> Result<ExitStatus, Failure> {
    let inputs = (!args.inputs.is_empty()).then(|| inputs(&args.inputs, u64::MAX)).transpose()?;
    let is_batch = evidence::is_batch(&args.folder);
    if is_batch && inputs.is_some() {
        return Err(Failure::Batch(BatchError::InputsOfAll(args.folder.clone())));
    }
    let checked = match inputs {
        _ if is_batch => evidence::verify_batch(&args.folder),
        inputs => evidence::verify(&args.folder, inputs),
    };
    let checked = checked.map_err(|error| Failure::Folder(args.folder.clone(), error))?;
    let mut out = io::BufWriter::new(io::stdout());
    // A reader that has enough changes nothing of what was found.
    heard(verify::told(args, is_batch, (&checked, messages), &mut out).and_then(|()| out.flush()))?;
    Ok(verify::status(&checked))
}

fn console(reading: &Reading, (color, messages): (args::When, Messages)) -> Console {
    Console::new(color, messages, reading.quiet, reading.verbose)
}

/// Runs `work` on as many threads as were asked for.
fn with_threads<T: Send>(
    threads: Option<u16>,
    work: impl FnOnce() -> Result<T, Failure> + Send,
) -> Result<T, Failure>
where
    Failure: Send,
{
    let threads = threads.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(Failure::Threads)?;
    pool.install(work)
}

fn survey(reading: &Reading, console: &Console) -> Result<Export, Failure> {
    survey_with(reading, &reading.survey_options(memory::limit()), console)
}

/// Reads what is at the inputs of `reading`, with `options` in the place of its own.
fn survey_with(reading: &Reading, options: &SurveyOptions, console: &Console) -> Result<Export, Failure> {
    let inputs = inputs(&reading.inputs, options.limits.memory)?;
    let bar = console.progress("reading", "{msg} {bytes}");
    let export = ingest::survey(inputs, options, diff::extent, |bytes| bar.inc(bytes));
    bar.finish_and_clear();
    match export.stopped_at() {
        // What was found so far is a part, and says nothing that holds.
        Some(limit) => Err(Failure::Memory(limit)),
        None => Ok(export),
    }
}

/// What is at `paths`; `-` is standard input, which is read once, and no further than one byte beyond `most`.
fn inputs(paths: &[PathBuf], most: u64) -> Result<Vec<Input>, Failure> {
    let mut inputs = Vec::new();
    let mut has_stdin = false;
    for path in paths {
        if path != Path::new("-") {
            inputs.push(Input::Path(path.clone()));
        } else if !std::mem::replace(&mut has_stdin, true) {
            let mut bytes = Vec::new();
            let stdin = io::stdin().lock().take(most.saturating_add(1));
            { stdin }.read_to_end(&mut bytes).map_err(Failure::Stdin)?;
            inputs.push(Input::Stdin(bytes));
        }
    }
    Ok(inputs)
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

/// Tells the problems, and gives the status of an input that no report is made of.
fn problems(console: &Console, export: &Export, strict: bool) -> io::Result<Option<ExitStatus>> {
    let nothing = nothing_to_write(export, strict);
    tell_problems(console, export, nothing.as_deref())?;
    Ok(nothing.map(|_| ExitStatus::NothingWritten))
}

/// Tells the problems, and why there is no report, where there is `nothing` to write. Then nothing else names the
/// problems, and all are told one by one.
fn tell_problems(console: &Console, export: &Export, nothing: Option<&str>) -> io::Result<()> {
    heard(console.problems(export.problems(), nothing.is_some() || console.verbose))?;
    if let Some(why) = nothing {
        console.messages.tell(why);
    }
    Ok(())
}

/// Why no report is made of `export`; `None` where one is.
fn nothing_to_write(export: &Export, strict: bool) -> Option<String> {
    if !has_content(export) {
        return Some(console::nothing_to_report(export));
    }
    let errors = export.problems().iter().any(|problem| problem.severity() == Severity::Error);
    let words = "nothing written: data would be missing from the report, and --strict was given";
    (strict && errors).then(|| words.to_owned())
}

/// Whether there is something to report: a page, or a restore session. Sessions are of no job: who asks for one job
/// and gets none of its pages has nothing.
fn has_content(export: &Export) -> bool {
    export.has_pages() || (export.jobs_asked_for().is_empty() && export.has_restore_sessions())
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

#[cfg(test)]
mod tests {
    use std::process::Command;

    use entra_diff::render::Format;

    use super::destination::Destination;
    use super::publish::Publisher;
    use super::*;

    /// Names the folder that the child of the test below writes into.
    const FOLDER: &str = "ENTRA_DIFF_TEST_PANIC_FOLDER";

    /// A fault in the midst of the writing, in whichever thread that is, with data in its message.
    #[test]
    #[ignore = "the test below runs it in a process of its own, to hear what it says"]
    fn a_panic_while_writing() {
        let messages = Messages(args::MessageFormat::Human);
        tell_panics(messages);
        let folder = PathBuf::from(std::env::var_os(FOLDER).expect("it is run by the test below"));
        let page = br#"{"value": [{"id": "1", "deltaFromCurrent": {"a": "secret"}}]}"#;
        let inputs = vec![Input::Stdin(page.to_vec())];
        let export = ingest::survey(inputs, &SurveyOptions::default(), diff::extent, |_| ());
        let report = Report::new(&export, ReportOptions::default());
        let unfinished = Unfinished::default();
        let publisher = Publisher {
            destination: &Destination::Folder(folder, Format::ALL.to_vec()),
            force: true,
            options: render::Options::default(),
            manifest: &|_| unreachable!("nothing is published"),
            unfinished: &unfinished,
            messages,
        };
        let write = || {
            with_threads(Some(2), || {
                publisher.publish(&report, &mut |_| panic!("secret"))?;
                Ok(ExitStatus::Complete)
            })
        };
        assert_eq!(attempt(&unfinished, messages, write), ExitStatus::Internal);
        assert!(unfinished.lock().is_empty(), "nothing is left to be removed");
    }

    #[test]
    fn a_panic_while_writing_is_told_without_data_and_leaves_what_was_there() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let old = folder.path().join("out/report.html");
        std::fs::create_dir_all(folder.path().join("out")).expect("a folder can be made");
        std::fs::write(&old, "old").expect("a file can be written");
        for out in ["out", "new/folder"] {
            let child = Command::new(std::env::current_exe().expect("this test"))
                .args(["--exact", "cli::tests::a_panic_while_writing", "--ignored", "--nocapture"])
                .env(FOLDER, folder.path().join(out))
                .output()
                .expect("it runs");
            let told = String::from_utf8_lossy(&child.stderr);
            assert!(child.status.success(), "{told}");
            assert!(told.contains("entra-diff: internal error: src/cli/mod.rs:"), "{told}");
            assert!(!told.contains("secret"), "{told}");
        }
        let left: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").collect();
        assert_eq!(left.len(), 1, "a folder that was made for the output is gone again");
        assert_eq!(std::fs::read_dir(folder.path().join("out")).expect("a folder").count(), 1);
        assert_eq!(std::fs::read_to_string(old).expect("a file"), "old");
    }
}
