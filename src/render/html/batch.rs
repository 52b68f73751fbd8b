//! `index.html` of a batch: which cases need a look, all of them to search and to sort, and their types beside each other.
//! It is whole without its script, and loads nothing; its links lead into the cases' folders.

use std::fmt;

use askama::Template as _;
use askama::filters::HtmlSafe;

use crate::model::{Function, Instant, RecoveryAction};
use crate::report::batch::{ACTIONS, Batch, BatchTotals, Case, CaseMatrix, CaseReport, LookReason};
use crate::report::wording::{self, batch as words, heading};
use crate::report::{Standing, TimeZone};

use super::super::batch::{BatchOptions, link, main_file};
use super::head::{StandingPart, more};
use super::object::INFALLIBLE;
use super::text::{Plain, Text, Words};

/// How many cases are listed that need a look, and how many things beside the cases.
const LISTED_LOOKS: usize = 25;
const LISTED_LEFT_OUT: usize = 200;

/// By which a value is sorted that is not known.
const NOT_KNOWN: i64 = -1;

/// The style sheet, the same in every index of a version.
#[derive(Clone, Copy)]
struct Style;

impl HtmlSafe for Style {}

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(include_str!("../../../templates/report.css"))?;
        f.write_str(include_str!("../../../templates/batch.css"))
    }
}

/// The script, the same in every index of a version.
struct Script;

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = include_str!("../../../templates/batch.js").lines().map(str::trim_start);
        lines
            .filter(|line| !line.is_empty() && !line.starts_with("//"))
            .try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// Everything the template shows.
#[derive(askama::Template)]
#[template(path = "batch.html")]
struct Document<'v> {
    style: Style,
    style_hash: String,
    script_hash: Option<String>,
    page_title: Plain<'v>,
    title: Text<'v>,
    class: &'static str,
    sign: &'static str,
    word: &'static str,
    summary: String,
    code: u8,
    looks: Vec<LookPart<'v>>,
    more_looks: Option<String>,
    no_look: &'static str,
    labels: Vec<&'static str>,
    rows: Vec<RowPart<'v>>,
    total: TotalPart,
    matrices: Vec<MatrixPart<'v>>,
    left_out: Vec<(Text<'v>, bool, &'static str)>,
    more_left_out: Option<String>,
    version: &'static str,
}

/// A case that needs a look.
struct LookPart<'v> {
    name: Text<'v>,
    link: Option<String>,
    organization: Option<Text<'v>>,
    is_bad: bool,
    reasons: Vec<Words>,
    first: Vec<Words>,
}

/// A row of the table of cases.
struct RowPart<'v> {
    /// Its place in the order of the cases, by which it can be sorted back.
    place: usize,
    name: Text<'v>,
    link: Option<String>,
    /// Where it lay, where the name does not tell.
    source: Text<'v>,
    job: Option<Text<'v>>,
    organization: Option<Text<'v>>,
    case_id: Option<Text<'v>>,
    snapshot: Option<SnapshotPart<'v>>,
    /// Its instant in seconds since 1970, by which it is sorted; below all where it is not known.
    snapshot_sorted: i64,
    verdict: &'static str,
    class: &'static str,
    error: Option<Words>,
    /// Objects, those by action, failed ones, problems.
    numbers: Vec<NumberPart>,
    code: u8,
    files: Vec<(String, &'v str)>,
}

/// When the backup was made.
struct SnapshotPart<'v> {
    shown: Option<String>,
    iso: Text<'v>,
    /// How many others there are.
    more: Option<String>,
}

/// A number as it is shown, and as it is sorted; a dash, sorted below all, where it is not known.
struct NumberPart {
    label: &'static str,
    shown: String,
    sorted: i64,
    /// Of objects, how many properties and links of them changed.
    changes: Option<String>,
}

impl NumberPart {
    /// A count, and where it is one of objects, how many of their properties and links changed.
    fn of(label: &'static str, number: Option<u64>, changes: Option<u64>) -> Self {
        let shown = number.map_or_else(|| words::UNKNOWN.to_owned(), wording::number_or_dot);
        let sorted = number.map_or(NOT_KNOWN, |number| i64::try_from(number).unwrap_or(i64::MAX));
        let changes = changes.filter(|changes| *changes > 0).map(wording::number);
        NumberPart { label, shown, sorted, changes }
    }
}

/// The last line of the table of cases.
struct TotalPart {
    numbers: Vec<(String, Option<String>)>,
}

/// Cases × types of a function.
struct MatrixPart<'v> {
    title: &'static str,
    heads: Vec<Text<'v>>,
    lines: Vec<MatrixLine<'v>>,
    total: Vec<String>,
}

/// A line of it.
struct MatrixLine<'v> {
    name: Text<'v>,
    link: Option<String>,
    cells: Vec<String>,
}

/// The page.
pub(in crate::render) fn batch_page(batch: &Batch, options: &BatchOptions) -> Vec<u8> {
    let title = words::title(batch);
    let looks = batch.look_first();
    let (class, sign) = match batch.exit_code {
        0 | 1 => ("good", "✓"),
        _ => ("bad", "!"),
    };
    let listed = looks.iter().take(LISTED_LOOKS);
    let totals = batch.totals();
    let row = |(at, case)| row(at, case, totals.others.is_some(), &options.time_zone);
    let left_out = batch.left_out.iter().take(LISTED_LEFT_OUT);
    let document = Document {
        style: Style,
        style_hash: super::hash(&Style.to_string()),
        script_hash: Some(super::hash(&Script.to_string())),
        page_title: Plain(&title),
        title: Text::new(title.as_str()),
        class,
        sign,
        word: words::standing_of(batch),
        summary: words::summary(batch),
        code: batch.exit_code,
        looks: listed.map(|(at, reasons)| look(&batch.cases[*at], reasons)).collect(),
        more_looks: more(looks.len(), LISTED_LOOKS, words::more_cases),
        no_look: words::no_look(batch),
        labels: labels(totals.others.is_some()),
        rows: batch.cases.iter().enumerate().map(row).collect(),
        total: total(&totals),
        matrices: batch.matrices().into_iter().map(|matrix| matrix_part(batch, matrix)).collect(),
        left_out: left_out
            .map(|left| {
                (Text::new(left.source.as_str()), left.reason.is_error(), words::left_out(left.reason))
            })
            .collect(),
        more_left_out: more(batch.left_out.len(), LISTED_LEFT_OUT, wording::more_files),
        version: env!("CARGO_PKG_VERSION"),
    };
    // No template has a script: it stands behind everything.
    let page = document.render().expect(INFALLIBLE);
    format!("{page}<script>{Script}</script>\n</body>\n</html>\n").into_bytes()
}

fn link_of(case: &Case) -> Option<String> {
    main_file(case).map(|file| link(case, file))
}

fn look<'v>(case: &'v Case, reasons: &[LookReason]) -> LookPart<'v> {
    let first = case.report.as_ref().map(|report| report.first.as_slice()).unwrap_or_default();
    LookPart {
        name: Text::name(case.name.as_str()),
        link: link_of(case),
        organization: case.words.organization.as_deref().map(Text::name),
        is_bad: reasons.first().is_some_and(|reason| !matches!(reason, LookReason::BesidePeople(_))),
        reasons: reasons.iter().map(|reason| Words(words::look_reason(case, *reason))).collect(),
        first: first.iter().map(|sentence| Words(sentence.clone())).collect(),
    }
}

fn row<'v>(place: usize, case: &'v Case, has_others: bool, zone: &TimeZone) -> RowPart<'v> {
    let report = case.report.as_ref();
    let standing = report.map(|report| report.standing);
    RowPart {
        place,
        name: Text::name(case.name.as_str()),
        link: link_of(case),
        source: Text::name(case.source.as_str()),
        job: case.job.as_deref().map(Text::name),
        organization: case.words.organization.as_deref().map(Text::name),
        case_id: case.words.case_id.as_deref().map(Text::name),
        snapshot: report.and_then(|report| snapshot(report, zone)),
        snapshot_sorted: report.map_or(NOT_KNOWN, snapshot_sorted),
        verdict: words::verdict(case),
        class: standing.map_or("bad", |standing: Standing| StandingPart::of(standing).class),
        error: case.error.is_some().then(|| Words(words::error_of(case))),
        numbers: numbers(case, has_others),
        code: case.exit_code,
        files: case.files.iter().map(|file| (link(case, file), file.as_str())).collect(),
    }
}

fn snapshot<'v>(report: &'v CaseReport, zone: &TimeZone) -> Option<SnapshotPart<'v>> {
    let (first, others) = report.snapshots.split_first()?;
    Some(SnapshotPart {
        shown: zone.shown(first),
        iso: Text::name(first.as_str()),
        more: (!others.is_empty()).then(|| format!("+ {}", wording::number(others.len() as u64))),
    })
}

fn snapshot_sorted(report: &CaseReport) -> i64 {
    let instant = report.snapshots.first().and_then(|first| Instant::parse(first));
    instant.map_or(NOT_KNOWN, |instant| instant.seconds.max(0))
}

/// The labels of the columns of numbers; changes of an unknown function have one where there are any.
fn labels(has_others: bool) -> Vec<&'static str> {
    let mut labels = vec![words::OBJECTS];
    labels.extend(words::ACTIONS);
    labels.push(words::OTHER);
    labels.extend(has_others.then_some(words::OTHERS));
    labels.extend([words::FAILED, words::ERRORS, words::WARNINGS]);
    labels
}

fn numbers(case: &Case, has_others: bool) -> Vec<NumberPart> {
    let report = case.report.as_ref();
    let objects_of = |function: Function| {
        let totals = report.and_then(|report| report.totals_of(function));
        let changes = totals.map(|totals| totals.property_changes + totals.link_changes);
        (totals.map(|totals| totals.objects), changes)
    };
    let mut counts = vec![objects_of(Function::GetChanges)];
    counts.extend(ACTIONS.iter().map(Some).chain([None]).map(|action| {
        let of = |count: fn(&CaseReport, Option<&RecoveryAction>) -> Option<u64>| count(report?, action);
        (of(CaseReport::planned), of(CaseReport::planned_changes))
    }));
    counts.extend(has_others.then(|| objects_of(Function::Unknown)));
    let failed = report.and_then(CaseReport::failed);
    counts.extend([failed, Some(case.errors), Some(case.warnings)].map(|count| (count, None)));
    let parts = labels(has_others).into_iter().zip(counts);
    parts.map(|(label, (count, changes))| NumberPart::of(label, count, changes)).collect()
}

fn total(totals: &BatchTotals) -> TotalPart {
    let objects = std::iter::once((totals.objects, totals.changes));
    let objects = objects.chain(totals.actions.into_iter().zip(totals.action_changes));
    let objects = objects.chain(totals.others.map(|others| (others, totals.other_changes)));
    let changed = |changes: u64| Some(changes).filter(|changes| *changes > 0).map(wording::number);
    let objects = objects.map(|(objects, changes)| (wording::number(objects), changed(changes)));
    let counts = [totals.failed, totals.errors, totals.warnings].map(|count| (wording::number(count), None));
    TotalPart { numbers: objects.chain(counts).collect() }
}

fn matrix_part(batch: &Batch, matrix: CaseMatrix) -> MatrixPart<'_> {
    let head =
        |kind: &Option<crate::model::EntityType>| Text::name(words::type_head(kind.as_ref()).to_owned());
    let line = |(at, counts): (usize, Vec<u64>)| MatrixLine {
        name: Text::name(batch.cases[at].name.as_str()),
        link: link_of(&batch.cases[at]),
        cells: counts.into_iter().map(wording::number_or_dot).collect(),
    };
    MatrixPart {
        title: wording::function_title(matrix.function),
        heads: matrix.types.iter().map(head).collect(),
        lines: matrix.lines.into_iter().map(line).collect(),
        total: matrix.total.into_iter().map(wording::number).collect(),
    }
}
