//! One case: read, written and kept, or left as it was; whatever goes wrong is in its row and stops no other.

use std::ffi::OsString;
use std::io;
use std::panic::{self, AssertUnwindSafe};

use entra_diff::ingest::{Export, SurveyOptions};
use entra_diff::report::batch::{Case, CaseReport, problems_of};
use entra_diff::report::wording::batch as wording;

use super::super::args::ReportArgs;
use super::super::clock::Clock;
use super::super::console::Console;
use super::super::destination::Destination;
use super::super::exit::ExitStatus;
use super::super::failure::{self, Failure};
use super::super::interrupt::Unfinished;
use super::super::report::{Made, Maker};
use super::args::BatchArgs;
use super::cases::Planned;
use super::place::Place;
use super::words;

/// What every case is made with.
pub(super) struct Workshop<'w> {
    pub(super) args: &'w BatchArgs,
    pub(super) place: &'w Place,
    /// The value of `SOURCE_DATE_EPOCH`.
    pub(super) epoch: Option<i64>,
    pub(super) unfinished: &'w Unfinished,
    /// How many bytes of text a case may hold that is made alone.
    pub(super) memory: u64,
    /// How the report of a case is made.
    pub(super) report: MakeReport,
}

/// Makes the report of a case within a share of the memory, and puts what it counts into the row.
pub(super) type MakeReport = fn(&Workshop<'_>, &Order<'_>, &mut Case) -> Result<ExitStatus, Failure>;

/// What is made of a case.
pub(super) struct Order<'o> {
    /// What `report` would be given.
    pub(super) args: &'o ReportArgs,
    /// The same as it would be typed.
    command: &'o [OsString],
    /// How many bytes of memory there are, where others are made beside it.
    share: Option<u64>,
    /// One that tells nothing: what there is to say stands in the row.
    console: &'o Console,
}

/// A case that is done.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) case: Case,
    /// Whether it was finished before, and is as it was.
    pub(super) is_kept: bool,
}

impl Workshop<'_> {
    /// Makes a case within `share` bytes of memory, where others are made beside it; `None` where that is too little.
    pub(super) fn make(&self, planned: &Planned, share: Option<u64>, console: &Console) -> Option<Done> {
        let (words, fault) = words::of_case(planned.folder.as_deref(), &self.args.report);
        let args = self.args.of_case(planned, &words);
        let command = self.args.command_of(&args);
        let made_as = self.made_as(&command, fault.as_deref());
        let is_written = !self.args.summary_only;
        if self.args.resume
            && let Some(case) = self.place.finished(planned, &made_as, is_written)
        {
            return Some(self.done(planned, case, true));
        }
        self.place.forget(&planned.name);
        let mut case = Case {
            name: planned.name.clone(),
            source: planned.source.clone(),
            job: planned.job.clone(),
            words,
            ..Case::default()
        };
        // A fault of this program in one case says nothing of the others.
        let order = Order { args: &args, command: &command, share, console };
        let made = panic::catch_unwind(AssertUnwindSafe(|| (self.report)(self, &order, &mut case)));
        let (status, error) = match made {
            Ok(Ok(status)) => (status, case.error.take()),
            Ok(Err(Failure::Memory(_))) if share.is_some() => return None,
            Ok(Err(failure)) => failure::words(&failure),
            Err(_) => (ExitStatus::Internal, Some("a fault of this program: please report this".to_owned())),
        };
        if !matches!(status, ExitStatus::Complete | ExitStatus::Gate | ExitStatus::DataMissing) {
            // What was counted before it failed is of no report.
            (case.report, case.files) = (None, Vec::new());
        }
        let fault_status = if fault.is_some() { ExitStatus::DataMissing } else { ExitStatus::Complete };
        let status = status.or_worse(fault_status);
        case.exit_code = status.code();
        case.error = joined([error, fault].into_iter().flatten());
        if case.report.is_some() {
            self.keep(&case, made_as, is_written, console);
        }
        Some(self.done(planned, case, false))
    }

    /// A case that is done. A report that another run left in its folder must not pass for this one's.
    fn done(&self, planned: &Planned, case: Case, is_kept: bool) -> Done {
        let mut case = of_index(case, planned);
        if case.files.is_empty() && self.place.has_report(&case.name) {
            case.error = joined(case.error.take().into_iter().chain([wording::OTHER_REPORT.to_owned()]));
        }
        Done { case, is_kept }
    }

    /// Keeps what the row tells, for a later run. Without it the case is made again then, which is all that is lost.
    fn keep(&self, case: &Case, made_as: Vec<String>, is_written: bool, console: &Console) {
        if let Err(error) = self.place.keep(case, made_as, is_written) {
            let name = &case.name;
            console.messages.tell(&format!("{name}: cannot be kept for --resume: {error}"));
        }
    }

    /// What decides what is written of a case, beside its inputs.
    fn made_as(&self, command: &[OsString], fault: Option<&str>) -> Vec<String> {
        let epoch = self.epoch.map(|epoch| format!("SOURCE_DATE_EPOCH={epoch}"));
        let text = |argument: &OsString| argument.to_string_lossy().into_owned();
        let fault = fault.map(str::to_owned);
        epoch.into_iter().chain(command.iter().map(text)).chain(fault).collect()
    }

    /// As `report` does it.
    pub(super) fn report(&self, order: &Order<'_>, case: &mut Case) -> Result<ExitStatus, Failure> {
        let Order { args, command, share, console } = *order;
        let clock = Clock::start().map_err(Failure::Usage)?;
        let survey = args.reading.survey_options(Some(self.memory));
        let maker = Maker {
            clock: &clock,
            arguments: command,
            unfinished: self.unfinished,
            console,
            survey: SurveyOptions { share, ..survey },
            is_written: !self.args.summary_only,
            is_last: false,
        };
        let destination = Destination::Folder(args.output.clone(), self.args.formats());
        let mut found = (0, 0);
        let mut why_nothing = None;
        let hear = |export: &Export, nothing: Option<&str>| -> io::Result<()> {
            found = problems_of(export.problems());
            why_nothing = nothing.map(|why| wording::without_report(why, export.problems()));
            Ok(())
        };
        let made = maker.make(args, destination, hear, |made: Made<'_, '_>| {
            let files = made.published.iter().flat_map(|published| &published.files);
            let files = files.filter(|(_, written)| written.is_some());
            let name =
                |path: &std::path::Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
            (CaseReport::of(made.report), files.filter_map(|(path, _)| name(path)).collect(), made.status)
        })?;
        (case.errors, case.warnings) = found;
        case.error = why_nothing;
        let Some((report, files, status)) = made else { return Ok(ExitStatus::NothingWritten) };
        if self.args.summary_only && self.args.report.force {
            self.place.retire_report(&case.name, self.unfinished, console.messages)?;
        }
        (case.report, case.files) = (Some(report), files);
        Ok(status)
    }
}

/// A case as the index tells it: each restore session is counted once, whatever other jobs of its folder report it, too.
fn of_index(mut case: Case, planned: &Planned) -> Case {
    let report = case.report.as_mut().filter(|_| !planned.has_sessions);
    if let Some(report) = report {
        report.restore_artifacts = (0, 0);
    }
    case
}

/// What is wrong with a case, in one sentence.
fn joined(errors: impl Iterator<Item = String>) -> Option<String> {
    errors.reduce(|one, other| format!("{one}; {other}"))
}
