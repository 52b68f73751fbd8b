//! `batch`: the report of each case in a folder of cases, and one index of all. A case is made as `report` makes it, and
//! what goes wrong with one stops no other.

mod args;
mod board;
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
use tell::{Teller, Told};
use work::{Done, MakeReport, Workshop};

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
    told: (When, Messages),
    arguments: &[OsString],
    unfinished: &Unfinished,
) -> Result<ExitStatus, Failure> {
    let report: MakeReport = |workshop, order, case| workshop.report(order, case);
    Run { args, told, arguments, unfinished, report }.make()
}

/// A run of a batch.
struct Run<'r> {
    args: &'r BatchArgs,
    told: (When, Messages),
    arguments: &'r [OsString],
    unfinished: &'r Unfinished,
    /// How the report of a case is made.
    report: MakeReport,
}

impl Run<'_> {
    fn make(&self) -> Result<ExitStatus, Failure> {
        let Run { args, told: (color, messages), arguments, unfinished, .. } = *self;
        let clock = Clock::start().map_err(Failure::Usage)?;
        report::check_date(&clock, &[Format::Xlsx])?;
        let reading = &args.report.reading;
        // What there is to say of a case stands in its row.
        let silent = Console::new(color, messages, true, false);
        let found = super::with_threads(reading.threads, || cases::find(args, &silent))?;
        let place = Place::take(args)?;
        place.retire()?;
        let done = self.make_cases(&found, &place, clock.epoch())?;
        let kept = done.iter().filter(|done| done.is_kept).count() as u64;
        let batch = batch_of(args, found, done);
        index::sync(place.folder())?;
        let index = Index { args, clock: &clock, arguments, unfinished, messages };
        let placed = index.publish(&batch, place.folder())?;
        let said = if reading.quiet { Ok(()) } else { heard(told(args, &batch, kept, &placed)) };
        tell_of_the_end(placed.left.as_ref(), said, messages);
        Ok(ExitStatus::of_code(batch.exit_code).unwrap_or(ExitStatus::Internal))
    }

    /// Makes every case, and shows how far that is meanwhile.
    fn make_cases(&self, found: &Found, place: &Place, epoch: Option<i64>) -> Result<Vec<Done>, Failure> {
        let Run { args, told: (color, messages), unfinished, report, .. } = *self;
        let reading = &args.report.reading;
        let memory =
            args.memory.map(|mib| mib.saturating_mul(1 << 20)).or_else(memory::limit).unwrap_or(u64::MAX);
        let threads = reading.threads.map_or_else(rayon::current_num_threads, usize::from);
        let bytes: Vec<u64> = found.cases.iter().map(|case| case.bytes).collect();
        let teller = Teller::of(messages, Told::by(reading), &bytes, unfinished);
        let workshop = Workshop { args, place, epoch, unfinished, memory, report };
        let work = |position: usize, share: Option<u64>| {
            let planned = &found.cases[position];
            let mut shown = teller.begin(&planned.name, planned.bytes);
            let console = Console::new(color, messages, true, false).showing(shown.work.clone());
            let done = workshop.make(planned, share, &console)?;
            shown.is_done = true;
            drop(shown);
            teller.end(&done.case, done.is_kept);
            Some(done)
        };
        schedule::run(&bytes, Machine { threads, memory }, &work).map_err(Failure::Threads)
    }
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::super::args::{self, Command, MessageFormat};
    use super::*;

    /// Runs the batch that is typed so, with `report` in the place of what makes a report.
    fn run(typed: &[&str], report: MakeReport) -> Result<ExitStatus, Failure> {
        let arguments: Vec<OsString> = typed.iter().map(OsString::from).collect();
        let cli = args::parse(arguments.iter().cloned()).expect("it can be typed so");
        let Command::Batch(args) = cli.command else { unreachable!("it is a batch") };
        let told = (When::Never, Messages(MessageFormat::Human));
        let unfinished = Unfinished::default();
        let status = Run { args: &args, told, arguments: &arguments, unfinished: &unfinished, report }.make();
        assert!(unfinished.lock().is_empty(), "nothing is left to be removed");
        status
    }

    /// What the index tells of each case.
    fn rows(output: &Path) -> Vec<(String, u64, String)> {
        let lines = fs::read_to_string(output.join("batch.ndjson")).expect("the index is written");
        let row = |line: &str| {
            let row: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            (text("case"), row["exitCode"].as_u64().expect("a number"), text("error"))
        };
        lines.lines().map(row).collect()
    }

    /// Four cases in a folder.
    fn cases() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let page = r#"{"value":[{"id":"1","entityTypeName":"user","recoveryAction":"update","deltaFromCurrent":{"a":"b"}}]}"#;
        for name in ["Alpha", "Beta", "Delta", "Gamma"] {
            let case = folder.path().join("cases").join(name);
            fs::create_dir_all(&case).expect("a folder can be made");
            fs::write(case.join("1.json"), page).expect("a file can be written");
        }
        folder
    }

    #[test]
    fn a_panic_in_a_case_costs_that_case_alone() {
        let at_once: MakeReport = |workshop, order, case| {
            assert!(!order.args.output.ends_with("Beta"), "a fault of this program");
            workshop.report(order, case)
        };
        let in_a_thread: MakeReport = |workshop, order, case| {
            let status = workshop.report(order, case);
            rayon::scope(|scope| {
                scope.spawn(|_| assert!(!order.args.output.ends_with("Beta"), "a fault of this program"));
            });
            status
        };
        for (faulty, threads) in [(at_once, "1"), (at_once, "3"), (in_a_thread, "1"), (in_a_thread, "3")] {
            let folder = cases();
            let (cases, output) = (folder.path().join("cases"), folder.path().join("out"));
            let (cases, out) = (cases.to_str().expect("UTF-8"), output.to_str().expect("UTF-8"));
            let typed = ["entra-diff", "batch", cases, "-o", out, "-q", "-f", "csv", "-j", threads];
            let ends_with = |code: u8, typed: &[&str], report| {
                let status = run(typed, report).unwrap_or_else(|_| panic!("the index is made"));
                assert_eq!(status.code(), code);
                rows(&output)
            };
            for (name, code, error) in ends_with(70, &typed, faulty) {
                let expected = if name == "Beta" { 70 } else { 0 };
                assert_eq!(
                    (code, error.contains("a fault of this program")),
                    (expected, name == "Beta"),
                    "{name}"
                );
                assert!(name == "Beta" || output.join(&name).join("SHA256SUMS").is_file(), "{name}");
            }
            assert!(output.join("SHA256SUMS").is_file(), "the index is whole");
            // What came of the fault is made once there is none.
            let again = [typed.as_slice(), &["--resume"]].concat();
            let report: MakeReport = |workshop, order, case| {
                assert!(order.args.output.ends_with("Beta"), "the others are left as they are");
                workshop.report(order, case)
            };
            let codes: Vec<u64> = ends_with(0, &again, report).into_iter().map(|(_, code, _)| code).collect();
            assert_eq!(codes, [0; 4]);
        }
    }
}
