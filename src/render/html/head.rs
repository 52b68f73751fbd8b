//! The first pages of the report: how complete it is, whose it is, its numbers, failures and problems.

use crate::model::{Finding, Function, PageSet, Problem, Severity, Verdict};
use crate::report::wording::{self, heading};
use crate::report::{Earliest, FailureGroup, Line, Matrix, Report, Standing, TimeZone, Totals};

use super::chart::{ChartPart, chart};
use super::object::{anchor, object_anchor};
use super::select::Selection;
use super::text::{Text, Words};

/// How many messages of failed changes, problems of a code, and files are listed; the rest is counted.
const LISTED_FAILURES: usize = 100;
const LISTED_PROBLEMS_OF_A_CODE: usize = 50;
const LISTED_FILES: usize = 200;
const LISTED_SETS: usize = 50;
/// How many saved job objects of one job, and how many jobs of a function.
const LISTED_JOB_OBJECTS: usize = 3;
const LISTED_JOBS: usize = 50;

/// A name and what is to be said of it.
pub(super) struct Fact<'v> {
    pub(super) name: &'static str,
    pub(super) value: Text<'v>,
}

/// A time in the zone of the report, and as the data has it.
pub(super) struct Moment<'v> {
    pub(super) shown: Option<String>,
    pub(super) iso: Text<'v>,
}

impl<'v> Moment<'v> {
    pub(super) fn of(zone: &TimeZone, iso: &'v str) -> Self {
        Moment { shown: zone.shown(iso), iso: Text::new(iso) }
    }
}

/// How complete the report is.
pub(super) struct StandingPart {
    pub(super) word: &'static str,
    pub(super) sentence: &'static str,
    pub(super) sign: &'static str,
    pub(super) class: &'static str,
}

impl StandingPart {
    pub(super) fn of(standing: Standing) -> Self {
        let (sign, class) = match standing {
            Standing::Complete => ("✓", "good"),
            Standing::NoGapFound => ("✓", "fair"),
            Standing::Unverifiable | Standing::NoPages => ("?", "fair"),
            Standing::Incomplete | Standing::Suspicious | Standing::DataMissing => ("!", "bad"),
        };
        let (word, sentence) = (wording::standing(standing), wording::standing_sentence(standing));
        StandingPart { word, sentence, sign, class }
    }
}

/// The operator's words.
pub(super) fn operator<'v>(report: &'v Report<'_>) -> Vec<Fact<'v>> {
    let options = report.options();
    let facts = [
        (heading::ORGANIZATION, &options.organization),
        (heading::CASE, &options.case_id),
        (heading::PREPARED_BY, &options.prepared_by),
    ];
    let fact = |(name, text): (&'static str, &'v Option<String>)| {
        Some(Fact { name, value: Text::new(text.as_deref()?) })
    };
    facts.into_iter().filter_map(fact).collect()
}

/// The jobs whose pages alone were asked for, and how many are not named.
pub(super) fn only_jobs<'v>(report: &'v Report<'_>) -> (Vec<Text<'v>>, Option<String>) {
    let jobs = report.export().jobs_asked_for();
    let listed = jobs.iter().take(LISTED_JOBS).map(|job| Text::new(job.as_str())).collect();
    (listed, more(jobs.len(), LISTED_JOBS, wording::more_jobs))
}

/// A page set with its verdict, its job and its time.
pub(super) struct SetPart<'v> {
    pub(super) title: &'static str,
    pub(super) counts: String,
    pub(super) verdict: &'static str,
    pub(super) class: &'static str,
    pub(super) basis: String,
    pub(super) snapshot: Option<Moment<'v>>,
    pub(super) snapshot_id: Option<Text<'v>>,
    /// When the backup was made, where only its saved object tells.
    pub(super) snapshot_made: Option<Words>,
    pub(super) job_id: Option<Text<'v>>,
    pub(super) jobs: Vec<Words>,
    pub(super) state_as_of: Text<'v>,
    pub(super) state_iso: Option<Text<'v>>,
    pub(super) checks: Vec<CheckPart>,
}

/// A check of completeness and what it found.
pub(super) struct CheckPart {
    pub(super) what: &'static str,
    pub(super) finding: &'static str,
    pub(super) class: &'static str,
}

/// The page sets that are listed, and what to say of others.
pub(super) fn sets<'v>(report: &'v Report<'_>) -> (Vec<SetPart<'v>>, Option<String>) {
    let sets = report.export().page_sets();
    let listed = sets.iter().take(LISTED_SETS).map(|set| set_part(report, set)).collect();
    (listed, more(sets.len(), LISTED_SETS, wording::more_sets))
}

fn set_part<'v>(report: &'v Report<'_>, set: &'v PageSet) -> SetPart<'v> {
    let zone = &report.options().time_zone;
    let jobs = report.export().jobs_of(set).take(LISTED_JOB_OBJECTS);
    let (state_as_of, state_iso) = report.state_as_of(set);
    SetPart {
        title: wording::function_title(set.function),
        counts: wording::set_counts(set),
        verdict: wording::verdict(set.verdict()),
        class: match set.verdict() {
            Verdict::Complete => "good",
            Verdict::NoGapFound | Verdict::Unverifiable => "fair",
            Verdict::Incomplete | Verdict::Suspicious => "bad",
        },
        basis: wording::basis(&set.basis),
        snapshot: set.snapshot_date_time.as_deref().map(|iso| Moment::of(zone, iso)),
        snapshot_id: set.snapshot_id.as_deref().map(Text::new),
        snapshot_made: report.saved_snapshot_time(set).map(|made| Words(wording::snapshot_time(made, zone))),
        job_id: set.job_id.as_deref().map(Text::new),
        jobs: jobs.map(|job| Words(report.job(job))).collect(),
        state_as_of: Text::new(state_as_of),
        state_iso: state_iso.map(Text::new),
        checks: set
            .checks
            .iter()
            .map(|&(check, finding)| check_part(wording::check(check), finding))
            .collect(),
    }
}

fn check_part(what: &'static str, finding: Finding) -> CheckPart {
    let class = match finding {
        Finding::Passed => "good",
        Finding::Failed => "bad",
        Finding::NotPossible => "fair",
    };
    CheckPart { what, finding: wording::finding(finding), class }
}

/// The numbers of a function.
pub(super) struct NumbersPart<'v> {
    pub(super) title: &'static str,
    pub(super) numbers: Vec<(String, &'static str)>,
    pub(super) chart: Option<ChartPart<'v>>,
    pub(super) matrix: Option<MatrixPart<'v>>,
    /// The same numbers for each job, where there are several.
    pub(super) jobs: Vec<(Option<Text<'v>>, String)>,
    pub(super) more_jobs: Option<String>,
}

pub(super) fn numbers<'v>(report: &'v Report<'_>, selection: &Selection) -> Vec<NumbersPart<'v>> {
    let jobs_of =
        |function: Function| report.jobs().iter().filter(|job| job.totals.function == function).count();
    let part = |totals: &'v Totals| NumbersPart {
        title: wording::function_title(totals.function),
        numbers: wording::numbers(totals),
        chart: (totals.objects > 0).then(|| chart(report, totals.function)),
        matrix: (totals.objects > 0).then(|| matrix(report, totals.function, selection)),
        jobs: report
            .jobs()
            .iter()
            .filter(|job| job.totals.function == totals.function)
            .take(LISTED_JOBS)
            .map(|job| (job.job_id.map(Text::new), wording::totals(&job.totals)))
            .collect(),
        more_jobs: more(jobs_of(totals.function), LISTED_JOBS, wording::more_jobs),
    };
    report.totals().iter().map(part).collect()
}

/// Action × type.
pub(super) struct MatrixPart<'v> {
    pub(super) heads: Vec<Text<'v>>,
    pub(super) shows_failed: bool,
    pub(super) lines: Vec<LinePart<'v>>,
    pub(super) total: LinePart<'v>,
}

pub(super) struct LinePart<'v> {
    pub(super) name: Text<'v>,
    pub(super) cells: Vec<CellPart>,
    pub(super) objects: String,
    pub(super) failed: String,
}

pub(super) struct CellPart {
    pub(super) count: String,
    /// Where the objects are, if they are in the page.
    pub(super) anchor: Option<String>,
}

fn matrix<'v>(report: &'v Report<'_>, function: Function, selection: &Selection) -> MatrixPart<'v> {
    let Matrix { actions, lines, total, shows_failed, .. } = report.matrix(function);
    let is_shown = |group: usize| selection.has_group(&report.groups()[group]);
    let line = |name: &'v str, line: &Line<'_>| LinePart {
        name: Text::name(name),
        cells: line
            .cells
            .iter()
            .map(|cell| CellPart {
                count: wording::number_or_dot(cell.objects),
                anchor: cell.group.filter(|group| is_shown(*group)).map(anchor),
            })
            .collect(),
        objects: wording::number(line.objects),
        failed: wording::number_or_dot(line.failed),
    };
    MatrixPart {
        heads: actions.into_iter().map(|action| Text::name(wording::column_of(action))).collect(),
        shows_failed,
        lines: lines.iter().map(|of| line(wording::line_of(of.entity_type), of)).collect(),
        total: line(wording::TOTAL, &total),
    }
}

/// Failed changes with the same reason.
pub(super) struct FailurePart<'v> {
    pub(super) objects: String,
    pub(super) reason: &'static str,
    pub(super) message: Option<Text<'v>>,
    pub(super) examples: Vec<ExamplePart<'v>>,
    /// How many objects are not named.
    pub(super) more: Option<String>,
}

/// An object that is named for others, with its place in the page if it is shown there.
pub(super) struct ExamplePart<'v> {
    pub(super) name: Text<'v>,
    pub(super) anchor: Option<String>,
}

pub(super) fn failures<'v>(
    report: &'v Report<'_>,
    selection: &Selection,
) -> (Vec<FailurePart<'v>>, Option<String>) {
    let example = |position: &usize| {
        let object = report.object(*position).change;
        ExamplePart {
            name: Text::name(object.display_name.unwrap_or(object.id)),
            anchor: selection.has(*position).then(|| object_anchor(*position)),
        }
    };
    let part = |failure: &'v FailureGroup| FailurePart {
        objects: wording::number(failure.objects),
        reason: failure.category.map_or(wording::NO_MESSAGE, wording::failure_category),
        message: failure.message.as_deref().map(Text::new),
        examples: failure.examples.iter().map(example).collect(),
        more: more(usize::try_from(failure.objects).unwrap_or(usize::MAX), failure.examples.len(), |rest| {
            wording::more_objects(rest)
        }),
    };
    let failures = report.failures();
    let listed = failures.iter().take(LISTED_FAILURES).map(part).collect();
    (listed, more(failures.len(), LISTED_FAILURES, wording::more_messages))
}

/// A problem.
pub(super) struct ProblemPart<'v> {
    pub(super) severity: &'static str,
    pub(super) is_error: bool,
    pub(super) code: &'static str,
    pub(super) place: Text<'v>,
    pub(super) position: Option<String>,
    pub(super) message: Text<'v>,
    pub(super) advice: &'static str,
}

/// The problems that are listed, errors first, and for each code with more of them how many.
pub(super) fn problems<'v>(report: &'v Report<'_>) -> (Vec<ProblemPart<'v>>, Vec<String>) {
    let problems = report.export().problems();
    let mut codes: Vec<(Severity, &'static str, Vec<&Problem>)> = Vec::new();
    for problem in problems {
        match codes.iter_mut().find(|(_, code, _)| *code == problem.code()) {
            Some((.., of_code)) => of_code.push(problem),
            None => codes.push((problem.severity(), problem.code(), vec![problem])),
        }
    }
    codes.sort_by_key(|(severity, ..)| *severity);
    let mut listed = Vec::new();
    let mut rest = Vec::new();
    for (_, code, of_code) in codes {
        listed.extend(of_code.iter().take(LISTED_PROBLEMS_OF_A_CODE).map(|problem| problem_part(problem)));
        let hidden: u64 = of_code.iter().skip(LISTED_PROBLEMS_OF_A_CODE).map(|problem| problem.count()).sum();
        rest.extend((hidden > 0).then(|| wording::more_problems(code, hidden)));
    }
    (listed, rest)
}

fn problem_part<'v>(problem: &Problem) -> ProblemPart<'v> {
    ProblemPart {
        severity: problem.severity().as_str(),
        is_error: problem.severity() == Severity::Error,
        code: problem.code(),
        place: Text::new(problem.place.source()),
        position: problem.place.position.map(wording::position),
        message: Text::new(wording::problem_message(&problem.kind)),
        advice: wording::problem_advice(&problem.kind),
    }
}

/// By when deleted objects must be restored.
pub(super) struct DeadlinePart<'v> {
    pub(super) sentence: String,
    pub(super) earliest: Option<EarliestPart<'v>>,
}

/// The object that was deleted first.
pub(super) struct EarliestPart<'v> {
    pub(super) iso: Text<'v>,
    pub(super) deleted: Moment<'v>,
    pub(super) name: Option<Text<'v>>,
    pub(super) entity_type: Text<'v>,
    pub(super) id: Text<'v>,
    pub(super) outcome: &'static str,
}

pub(super) fn deadline<'v>(report: &'v Report<'_>) -> Option<DeadlinePart<'v>> {
    let deadline = report.deadline()?;
    let zone = &report.options().time_zone;
    let shown = |first: &Earliest| zone.shown(&first.date_time).unwrap_or_else(|| first.date_time.clone());
    let shown = deadline.earliest.as_ref().map(shown);
    let part = |first: &'v Earliest| {
        let object = report.object(first.position).change;
        EarliestPart {
            iso: Text::new(first.date_time.as_str()),
            deleted: Moment::of(zone, &first.deleted_date_time),
            name: object.display_name.map(Text::name),
            entity_type: Text::name(object.entity_type.as_str().to_owned()),
            id: Text::new(object.id),
            outcome: wording::outcome_cell(object.outcome),
        }
    };
    Some(DeadlinePart {
        sentence: wording::deadline(deadline, shown.as_deref()),
        earliest: deadline.earliest.as_ref().map(part),
    })
}

/// A file that was read.
pub(super) struct InputPart<'v> {
    pub(super) file: Text<'v>,
    pub(super) role: Text<'v>,
    pub(super) bytes: String,
    pub(super) sha256: String,
}

pub(super) fn inputs<'v>(report: &'v Report<'_>) -> (Vec<InputPart<'v>>, Option<String>) {
    let files = report.export().files();
    let count = files.clone().count();
    let listed = files.take(LISTED_FILES).map(|file| InputPart {
        file: Text::new(file.label.as_str()),
        role: Text::new(file.role.as_str()),
        bytes: wording::number(file.bytes),
        sha256: file.sha256().to_string(),
    });
    (listed.collect(), more(count, LISTED_FILES, wording::more_files))
}

/// A file, or a part of one, that was not used, and why.
pub(super) struct ExclusionPart<'v> {
    pub(super) source: Text<'v>,
    pub(super) reason: &'static str,
}

pub(super) fn exclusions<'v>(report: &'v Report<'_>) -> (Vec<ExclusionPart<'v>>, Option<String>) {
    let passed = report.export().passed_over();
    let listed = passed.iter().take(LISTED_FILES).map(|passed| ExclusionPart {
        source: Text::new(passed.source.as_str()),
        reason: wording::passed_over(passed.reason),
    });
    (listed.collect(), more(passed.len(), LISTED_FILES, wording::more_files))
}

/// What to say of those behind the first `listed`.
pub(super) fn more(count: usize, listed: usize, words: fn(u64) -> String) -> Option<String> {
    let hidden = count.saturating_sub(listed) as u64;
    (hidden > 0).then(|| words(hidden))
}
