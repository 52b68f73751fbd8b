//! A batch: its index, the line of each case in a log, and why something is no case.

use super::super::batch::{Batch, Case, CaseReport, LeftOutReason, LookReason};
use super::number::{counted, number};
use super::sentence::Sentence;
use super::{line_of, problem_message, standing};
use crate::model::{EntityType, Function, Problem, Severity};

/// Above the title of the index.
pub const KICKER: &str = "Microsoft Entra Backup and Recovery, several cases";
/// In the place of a verdict, where there is no report.
pub const NO_REPORT: &str = "No report";
/// The heading of the cases that need a look.
pub const LOOK_FIRST: &str = "Look at these cases first";
/// How they are chosen.
pub const LOOK_ORDER: &str = "Cases without a report come first, then those from which data is missing, those with a fault, \
     those with failed changes (most first), and those with changes of anything but users and groups (most first). The order is \
     always the same and weighs nothing else: what matters is for you to judge.";
/// The heading of the table of all cases.
pub const CASES: &str = "All cases";
/// The heading of the matrices.
pub const TYPES: &str = "Cases and types";
/// What lay beside the cases.
pub const LEFT_OUT: &str = "Beside the cases";
/// Where nothing did.
pub const NOTHING_LEFT_OUT: &str = "Everything in the folders of cases is a case.";
/// What the index is made of, and how it is checked.
pub const FILES: &str = "Files";
/// Beside the files.
pub const FILES_SENTENCE: &str = "Each case has a folder with its report, exactly as entra-diff report writes it. SHA256SUMS lists every \
     file of every folder; manifest.json tells how each case was made.";
/// How to check them.
pub const CHECK: [(&str, &str); 2] = [
    ("With this program, in the folder above", "entra-diff verify FOLDER"),
    ("Linux, in this folder", "sha256sum -c SHA256SUMS"),
];
/// The label of the search.
pub const SEARCH: &str = "Search the cases";
/// What stands behind a number of cases that a search finds.
pub const OF: &str = "of";

/// The heads of the table of cases.
pub const CASE: &str = "Case";
/// Whose tenant it is, in the operator's words.
pub const ORGANIZATION: &str = "Organisation";
/// The time of the backup.
pub const SNAPSHOT: &str = "Backup";
/// How complete its report is.
pub const VERDICT: &str = "Verdict";
/// Planned changes.
pub const OBJECTS: &str = "Objects";
/// Planned changes of other actions.
pub const OTHER: &str = "other";
/// Changes of an unknown function.
pub const OTHERS: &str = "unknown function";
/// Changes that failed.
pub const FAILED: &str = "Failed";
/// Planned changes of each action that has a column.
pub const ACTIONS: [&str; 3] = ["update", "softDelete", "restore"];
/// Problems by which data is missing.
pub const ERRORS: &str = "Errors";
/// Other problems.
pub const WARNINGS: &str = "Warnings";
/// What the run of the case ended with.
pub const CODE: &str = "Exit code";
/// The last line.
pub const TOTAL: &str = "all cases";
/// Where a value is not known.
pub const UNKNOWN: &str = "–";
/// What the numbers of a table are.
pub const NUMBERS: &str = "Objects are those of planned changes (getChanges), by what recovery will do, and below them in small the properties and links of theirs that changed; changes whose pages do not name their function have a column where there are any; failed are the changes that \
     getFailedChanges lists, or where it lists none, those that carry a message. A dash stands where nothing was saved that would tell.";

/// `3 cases`.
#[must_use]
pub fn cases(count: u64) -> String {
    counted(count, "case", "cases")
}

/// The title of the index.
#[must_use]
pub fn title(batch: &Batch) -> String {
    batch.title.clone().filter(|title| !title.is_empty()).unwrap_or_else(|| cases(batch.cases.len() as u64))
}

/// How many cases there are, and how many have a report and need a look.
#[must_use]
pub fn summary(batch: &Batch) -> String {
    let (all, reports) = (batch.cases.len() as u64, batch.totals().reports);
    let needed = batch.look_first().len() as u64;
    format!(
        "{}, {} with a report; {} a look.",
        cases(all),
        number(reports),
        match needed {
            0 => "none needs".to_owned(),
            1 => "1 needs".to_owned(),
            needed => format!("{} need", number(needed)),
        }
    )
}

/// Where no case needs a look: no more than is true.
#[must_use]
pub fn no_look(batch: &Batch) -> &'static str {
    let has_artifacts =
        |case: &Case| case.report.as_ref().is_some_and(|report| report.restore_artifacts.0 > 0);
    if batch.left_out.iter().any(|left| left.reason.is_error()) {
        "No case needs one. Something lies beside the cases that may hold changes, and is in none of them: it is listed below."
    } else if batch.cases.iter().any(has_artifacts) {
        "Every case has its report, nothing is missing that can be seen, nothing failed, and of the directory only users and \
         groups changed. What restore sessions brought back stands in the reports."
    } else {
        "Every case has its report, nothing is missing that can be seen, no change failed, and only users and groups changed."
    }
}

/// How far all of them can be relied on: in a word.
#[must_use]
pub fn standing_of(batch: &Batch) -> &'static str {
    let totals = batch.totals();
    if totals.reports < totals.cases {
        "Not every case has a report"
    } else if batch.left_out.iter().any(|left| left.reason.is_error()) {
        "Not everything is in a case"
    } else if totals.errors > 0 || batch.look_first().iter().any(|(_, reasons)| lacks(reasons)) {
        "Data is missing from some cases"
    } else {
        "Every case has its report"
    }
}

fn lacks(reasons: &[LookReason]) -> bool {
    reasons.iter().any(|reason| matches!(reason, LookReason::Incomplete | LookReason::Faulty))
}

/// How complete a case is, in a word or two.
#[must_use]
pub fn verdict(case: &Case) -> &'static str {
    case.report.as_ref().map_or(NO_REPORT, |report| standing(report.standing))
}

/// What is wrong with a case, each part of it a text of its own: one that is long and is shown cut hides no other.
#[must_use]
pub fn error_of(case: &Case) -> Sentence {
    let parts = case.error.as_deref().unwrap_or_default().split("; ");
    parts.enumerate().fold(Sentence::default(), |sentence, (at, part)| {
        let sentence = if at == 0 { sentence } else { sentence.and("; ") };
        sentence.theirs(part)
    })
}

/// Why a case is to be looked at.
#[must_use]
pub fn look_reason(case: &Case, reason: LookReason) -> Sentence {
    let error = || error_of(case);
    match reason {
        LookReason::NoReport => Sentence::ours("there is no report: ").then(error()),
        LookReason::Incomplete => Sentence::ours(match &case.report {
            Some(report) => super::standing_sentence(report.standing).trim_end_matches('.').to_owned(),
            None => String::new(),
        }),
        LookReason::Faulty => error(),
        LookReason::Failed(changes) => {
            Sentence::ours(format!("{} failed", counted(changes, "change", "changes")))
        }
        LookReason::BesidePeople(changes) => Sentence::ours(format!(
            "{} of policies, applications or what they were granted",
            counted(changes, "change", "changes")
        )),
    }
}

/// How many problems a row names that left its case without a report.
const NAMED_PROBLEMS: usize = 3;

/// Why a case has no report: `why`, and the first of the problems by which data is missing, which no report tells.
#[must_use]
pub fn without_report(why: &str, problems: &[Problem]) -> String {
    let mut errors = problems.iter().filter(|problem| problem.severity() == Severity::Error);
    let named = errors.by_ref().take(NAMED_PROBLEMS).map(|problem| {
        let place = &problem.place;
        let place = place.position.map_or_else(
            || place.source(),
            |position| format!("{}:{}:{}", place.file, position.line, position.column),
        );
        format!("{place}: {}", problem_message(&problem.kind))
    });
    let mut parts: Vec<String> = std::iter::once(why.to_owned()).chain(named).collect();
    let more: u64 = errors.map(Problem::count).sum();
    parts.extend((more > 0).then(|| format!("and {} more", number(more))));
    parts.join("; ")
}

/// How many cases of the list are not shown.
#[must_use]
pub fn more_cases(cases: u64) -> String {
    format!("{} in this order; all of them are in the table below", counted(cases, "more case", "more cases"))
}

/// A case in a log.
#[must_use]
pub fn line(case: &Case, is_kept: bool) -> Sentence {
    let code = format!(" (exit code {})", case.exit_code);
    let Some(report) = &case.report else {
        let words = Sentence::ours("no report: ");
        return words.then(error_of(case)).and(code);
    };
    let kept = if is_kept { "unchanged since it was made: " } else { "" };
    let words = Sentence::ours(format!("{kept}{}, {}", standing(report.standing), numbers(case, report)));
    let words = match &case.error {
        Some(_) => words.and("; ").then(error_of(case)),
        None => words,
    };
    words.and(code)
}

/// How many cases of a batch that runs are done.
#[must_use]
pub fn done(done: u64, of: u64) -> String {
    format!("{} {OF} {}", number(done), cases(of))
}

/// How many of the cases that are being made have no line of their own.
#[must_use]
pub fn more_running(cases: u64) -> String {
    format!("and {} more", number(cases))
}

/// How far a case is whose objects are being read or written.
#[must_use]
pub fn objects_of(doing: &str, done: u64, of: u64) -> String {
    format!("{doing} {} {OF} {}", number(done), counted(of, "object", "objects"))
}

fn numbers(case: &Case, report: &CaseReport) -> String {
    let planned = report.totals_of(Function::GetChanges).map(|totals| totals.objects);
    let parts = [
        planned.map(|objects| counted(objects, "object", "objects")),
        report.others().map(others),
        report.failed().map(|failed| format!("{} failed", number(failed))),
        (report.restore_artifacts.0 > 0)
            .then(|| counted(report.restore_artifacts.0, "restore artifact", "restore artifacts")),
        Some(problems(case)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// `1 object of an unknown function`.
fn others(objects: u64) -> String {
    counted(objects, "object of an unknown function", "objects of an unknown function")
}

/// `0 errors, 1 warning`.
#[must_use]
pub fn problems(case: &Case) -> String {
    let Case { errors, warnings, .. } = case;
    format!("{}, {}", counted(*errors, "error", "errors"), counted(*warnings, "warning", "warnings"))
}

/// Why something beside the cases is none.
#[must_use]
pub fn left_out(reason: LeftOutReason) -> &'static str {
    match reason {
        LeftOutReason::Unreadable => "cannot be looked into: it is in no case",
        LeftOutReason::LoosePage => {
            "a page outside of every case, which nothing tells the tenant of: put it into the folder of its case, or \
             report its folder with entra-diff report"
        }
        LeftOutReason::NoJob => "has pages that name no job: they are in no case; report it with --by folder",
        LeftOutReason::LinkToFolder => {
            "a link to a folder, which is not followed: what is behind it is in no case; give its folder as a ROOT, or move it"
        }
        LeftOutReason::ForeignArchive => {
            "an archive of a kind that is not read here: it is in no case; unpack it, or make it a .zip"
        }
        LeftOutReason::Twice => "in another case, or the same as one: counted there",
        LeftOutReason::Hidden => "its name begins with a dot",
        LeftOutReason::OwnMaking => "made by entra-diff",
        LeftOutReason::NothingOfUse => "holds nothing that is read here",
    }
}

/// The head of a column of types.
#[must_use]
pub fn type_head(entity_type: Option<&EntityType>) -> &str {
    line_of(entity_type)
}

/// What stands on standard output when a batch has ended.
#[must_use]
pub fn ended(batch: &Batch, kept: u64) -> String {
    let totals = batch.totals();
    let kept =
        if kept > 0 { format!(", {} unchanged and left as they were", number(kept)) } else { String::new() };
    format!(
        "{}: {} with a report{kept}; {}{}, {} failed; {}, {}",
        cases(totals.cases),
        number(totals.reports),
        counted(totals.objects, "object", "objects"),
        totals.others.map(|objects| format!(", {}", others(objects))).unwrap_or_default(),
        number(totals.failed),
        counted(totals.errors, "error", "errors"),
        counted(totals.warnings, "warning", "warnings"),
    )
}

/// Of a name in the folder of a batch that is not of this one.
pub const NOT_OF_THE_BATCH: &str = "not of this batch, left alone; verify will name it as added";

/// Of a case without a report, in whose folder another run left one.
pub const OTHER_REPORT: &str = "the report that stands in its folder is not of this index";

/// The head of the column of reasons to look at a case.
pub const WHY: &str = "Why";
/// The sheet of all cases.
pub const CASES_SHEET: &str = "Cases";
/// What a sheet without a row says.
pub const NO_CASES: &str = "no case";

/// The sheet of the types of a function.
#[must_use]
pub fn matrix_sheet(function: Function) -> &'static str {
    match function {
        Function::GetChanges => "Planned by type",
        Function::GetFailedChanges => "Failed by type",
        Function::Unknown => "Others by type",
    }
}

/// The name of its table.
#[must_use]
pub fn matrix_table(function: Function) -> &'static str {
    match function {
        Function::GetChanges => "PlannedByType",
        Function::GetFailedChanges => "FailedByType",
        Function::Unknown => "OthersByType",
    }
}

/// Where all of a text stands that a cell of the workbook cannot hold.
pub const WHOLE: &str = "batch.ndjson";
