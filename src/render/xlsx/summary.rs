//! The first sheet: what a reader who reads no further must know, from how far the report can be trusted to
//! why changes failed. Its lists end somewhere and say so; it never grows with the number of objects.

use rust_xlsxwriter::{RowNum, Worksheet, XlsxError};

use crate::model::{PageSet, Severity};
use crate::report::wording::{self, Sentence, evidence, heading, workbook as words};
use crate::report::{Line, Matrix, Perspective, Report, Totals};

use super::super::run::Run;
use super::chart::Drawn;
use super::look::{Look, Tone};
use super::page::{Page, Value};
use super::{chart, restore, text, time};

/// How many reasons, jobs and page sets are told.
pub(super) const LINES: usize = 1_000;

/// How many saved job objects of one job are told.
const JOB_OBJECTS: usize = 3;

/// How many rows most page sets take.
const PAGE_SET_ROWS: usize = 10;

/// How many characters of a text of the input stand in a sentence.
const SHOWN_CHARACTERS: usize = 200;

/// How many UTF-16 units of a message stand in a table: an intruder's must not push the rest of the sheet out of sight.
const MESSAGE_UNITS: usize = 1_024;

/// In characters: the first column, and all others.
const FIRST: u16 = 36;
const OTHERS: u16 = 16;

/// How many columns there are at least, so that sentences have room, and a chart beside most matrices.
const COLUMNS: usize = 12;

pub(super) fn sheet(look: &Look, run: Run<'_, '_>) -> Result<Worksheet, XlsxError> {
    let report = run.report;
    let matrices: Vec<Matrix<'_>> =
        report.totals().iter().map(|totals| report.matrix(totals.function)).collect();
    let widest = matrices.iter().map(|matrix| matrix.actions.len() + 3).max().unwrap_or_default();
    let mut widths = vec![OTHERS; widest.max(COLUMNS)];
    widths[0] = FIRST;
    let mut page = Page::begin_held(look, (words::SUMMARY, run.whole_summary()), widths)?;
    head(&mut page, look, report)?;
    page.gap()?;
    page.tabs(&sheets(report))?;
    let first = matrices.iter().find(|matrix| !matrix.lines.is_empty());
    let drawn = first.map(|matrix| report.drawn_matrix(matrix.function));
    let top = numbers(&mut page, report, drawn.as_ref())?;
    for matrix in &matrices {
        let head = matrix_table(&mut page, wording::function_title(matrix.function), matrix)?;
        if let Some(drawn) = drawn.as_ref().filter(|drawn| drawn.function == matrix.function) {
            draw(&mut page, (matrix, head), drawn, top)?;
        }
    }
    failures(&mut page, run)?;
    restore::numbers(&mut page, report)?;
    completeness(&mut page, look, report)?;
    time::table(&mut page, report)?;
    guide(&mut page, report)?;
    page.into_sheet()
}

fn head(page: &mut Page<'_>, look: &Look, report: &Report<'_>) -> Result<(), XlsxError> {
    let options = report.options();
    page.line(report.title(), &look.title, 20.0)?;
    page.line(words::SUBTITLE, &look.subtitle, 11.0)?;
    let stated = [
        (heading::ORGANIZATION, &options.organization),
        (heading::CASE, &options.case_id),
        (heading::PREPARED_BY, &options.prepared_by),
    ];
    let mut any = options.title.is_some();
    page.gap()?;
    for (label, value) in stated {
        if let Some(value) = value {
            page.labelled(label, value)?;
            any = true;
        }
    }
    if any {
        page.remark(heading::OPERATOR)?;
        page.gap()?;
    }
    page.labelled(evidence::ID, &report.inputs().evidence_id().to_string())?;
    page.gap()?;
    let standing = report.standing();
    let toned = look.toned(Tone::of_standing(standing));
    page.line(wording::standing(standing), &toned.word, 14.0)?;
    page.line(wording::standing_sentence(standing), &toned.sentence, 11.0)?;
    for notice in report.notices() {
        page.line(&shown(&notice), &look.toned(Tone::Mind).sentence, 11.0)?;
    }
    let problems = report.export().problems();
    let errors = problems.iter().filter(|problem| problem.severity() == Severity::Error).count();
    if !problems.is_empty() {
        let counted = words::problems(errors as u64, (problems.len() - errors) as u64);
        page.line(&counted, &toned.sentence, 11.0)?;
    }
    if let Some(deadline) = report.deadline() {
        page.gap()?;
        let toned = look.toned(Tone::Mind);
        let shown = deadline.earliest.as_ref().map(|first| both_times(report, &first.date_time));
        page.line(heading::DEADLINE, &toned.word, 14.0)?;
        page.line(&wording::deadline(deadline, shown.as_deref()), &toned.sentence, 11.0)?;
    }
    Ok(())
}

/// A sentence, each text of the input in it cut where it is long.
pub(super) fn shown(sentence: &Sentence) -> String {
    sentence.told(|text| match text.char_indices().nth(SHOWN_CHARACTERS) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    })
}

/// `written` as it is shown, and as it stands in the data.
fn both_times(report: &Report<'_>, written: &str) -> String {
    let shown = report.options().time_zone.shown(written);
    shown.map_or_else(|| written.to_owned(), |shown| words::both_times(&shown, written))
}

/// Writes the numbers of each function and job, and tells in which row the first head stands; `drawn` is the matrix whose
/// chart may stand beside.
fn numbers(
    page: &mut Page<'_>,
    report: &Report<'_>,
    drawn: Option<&Matrix<'_>>,
) -> Result<RowNum, XlsxError> {
    page.heading_of(words::IN_NUMBERS, drawn.map_or(3, chart::rows_of))?;
    let top = page.rows();
    page.heads(&heads_of(words::TOTALS_HEADS))?;
    for totals in report.totals() {
        page.cells(&counts(wording::function_title(totals.function), totals), false)?;
    }
    if !report.has_pages() {
        page.remark(heading::NO_PAGES)?;
    }
    if report.jobs().is_empty() {
        return Ok(top);
    }
    page.heading(words::BY_JOB)?;
    let mut heads = heads_of(words::TOTALS_HEADS);
    heads[0].0 = heading::JOB;
    page.heads(&heads)?;
    for job in report.jobs().iter().take(LINES) {
        let label = format!("{}\n{}", job.totals.function, job.job_id.unwrap_or(words::NO_JOB));
        page.cells(&counts(&label, &job.totals), false)?;
    }
    more(page, report.jobs().len())?;
    Ok(top)
}

/// The first head stands above words, the others above numbers.
fn heads_of<const N: usize>(heads: [&str; N]) -> Vec<(&str, bool)> {
    heads.into_iter().enumerate().map(|(column, head)| (head, column > 0)).collect()
}

fn counts<'v>(label: &'v str, totals: &Totals) -> [Value<'v>; 6] {
    [
        Value::Text(label),
        Value::Count(totals.objects),
        Value::Count(totals.property_changes),
        Value::Count(totals.link_changes),
        Value::Count(totals.unchanged),
        Value::Count(totals.failed),
    ]
}

/// Draws a matrix whose head stands in row `head` as far as it can be drawn; where that is not all of it, what is drawn stands
/// in a table of its own below, the rest of types and actions added up.
fn draw(
    page: &mut Page<'_>,
    (matrix, head): (&Matrix<'_>, RowNum),
    drawn: &Matrix<'_>,
    top: RowNum,
) -> Result<(), XlsxError> {
    let mut drawn = Drawn { matrix: drawn, table: wording::function_title(matrix.function), head };
    if drawn.matrix != matrix {
        drawn.table = words::IN_THE_CHART;
        drawn.head = matrix_table(page, drawn.table, drawn.matrix)?;
    }
    chart::beside(page, matrix, &drawn, top)
}

/// Writes a matrix, with bars in the numbers of its actions, and tells in which row its head stands.
fn matrix_table(page: &mut Page<'_>, heading: &str, matrix: &Matrix<'_>) -> Result<RowNum, XlsxError> {
    let [kind, total, failed_head] = words::MATRIX_HEADS;
    page.heading_of(heading, matrix.lines.len() + 2)?;
    let columns: Vec<_> =
        matrix.actions.iter().map(|action| text::label(wording::column_of(*action))).collect();
    let labels: Vec<_> =
        matrix.lines.iter().map(|line| text::label(wording::line_of(line.entity_type))).collect();
    let is_cut = columns.iter().chain(&labels).any(|label| label.is_cut);
    let actions = columns.iter().map(|action| (action.text.as_str(), true));
    let failed = matrix.shows_failed.then_some((failed_head, true));
    let heads = [(kind, false)].into_iter().chain(actions).chain([(total, true)]).chain(failed);
    let head_row = page.rows();
    page.heads(&heads.collect::<Vec<_>>())?;
    let row = |label, line: &Line<'_>| {
        let cells = line.cells.iter().map(|cell| Value::Count(cell.objects));
        let failed = matrix.shows_failed.then_some(Value::Count(line.failed));
        let row =
            [Value::Text(label)].into_iter().chain(cells).chain([Value::Count(line.objects)]).chain(failed);
        row.collect::<Vec<_>>()
    };
    for (label, line) in labels.iter().zip(&matrix.lines) {
        page.cells(&row(&label.text, line), false)?;
    }
    if !matrix.lines.is_empty() {
        page.bars((head_row + 1, page.rows() - 1), (1, matrix.actions.len()))?;
    }
    page.cells(&row(total, &matrix.total), true)?;
    if is_cut {
        page.remark(words::LABELS_CUT)?;
    }
    Ok(head_row)
}

fn failures(page: &mut Page<'_>, run: Run<'_, '_>) -> Result<(), XlsxError> {
    let report = run.report;
    let failures = report.failures();
    page.heading_of(heading::FAILURES, failures.len() + 1)?;
    if failures.is_empty() {
        return page.remark(wording::no_failures(report.has_failed_pages()));
    }
    let [reason, objects, message] = words::FAILURE_HEADS;
    page.heads(&[(reason, false), (objects, true), (message, false)])?;
    for group in failures.iter().take(LINES) {
        let reason = group.category.map_or(wording::NO_MESSAGE, wording::failure_category);
        let message = group.message.as_deref().unwrap_or_default();
        let message = text::shortened(message, MESSAGE_UNITS, run.whole_message());
        page.cells(&[Value::Text(reason), Value::Count(group.objects), Value::Text(&message)], false)?;
    }
    more(page, failures.len())
}

fn completeness(page: &mut Page<'_>, look: &Look, report: &Report<'_>) -> Result<(), XlsxError> {
    let sets = report.export().page_sets();
    if sets.is_empty() && report.jobs_alone().next().is_none() {
        return Ok(());
    }
    page.heading(heading::COMPLETENESS)?;
    for (position, set) in sets.iter().take(LINES).enumerate() {
        page.keep(PAGE_SET_ROWS);
        if position > 0 {
            page.gap()?;
        }
        page_set(page, look, report, set)?;
    }
    more(page, sets.len())?;
    let alone = report.jobs_alone().count();
    if alone > 0 {
        page.gap()?;
    }
    for job in report.jobs_alone().take(LINES) {
        page.labelled(words::JOB_SAYS, &shown(&report.job_alone(job)))?;
    }
    more(page, alone)
}

fn page_set(page: &mut Page<'_>, look: &Look, report: &Report<'_>, set: &PageSet) -> Result<(), XlsxError> {
    page.cells(&[Value::Text(wording::function_title(set.function))], true)?;
    let verdict = set.verdict();
    let toned = look.toned(Tone::of_verdict(verdict));
    page.labelled_as(words::VERDICT, wording::verdict(verdict), &toned.cell)?;
    page.labelled(words::BECAUSE, &wording::basis(&set.basis))?;
    page.labelled(words::READ, &wording::set_counts(set))?;
    if let Some(id) = &set.snapshot_id {
        let shown_time = set.snapshot_date_time.as_deref().map(|written| both_times(report, written));
        let made = report.saved_snapshot_time(set);
        let made = made.map(|made| shown(&wording::snapshot_time(made, &report.options().time_zone)));
        let snapshot = match (shown_time, made) {
            (Some(time), _) => format!("{time}\n{id}"),
            (None, Some(made)) => format!("{id}\n{made}"),
            (None, None) => id.clone(),
        };
        page.labelled(heading::SNAPSHOT, &snapshot)?;
    }
    let (state_as_of, written) = report.state_as_of(set);
    let state_as_of = written.map_or(state_as_of.clone(), |written| words::both_times(&state_as_of, written));
    page.labelled(heading::STATE_AS_OF, &state_as_of)?;
    if let Some(job) = &set.job_id {
        page.labelled(heading::JOB, job)?;
    }
    for job in report.export().jobs_of(set).take(JOB_OBJECTS) {
        page.labelled(words::JOB_SAYS, &shown(&report.job(job)))?;
    }
    Ok(())
}

fn guide(page: &mut Page<'_>, report: &Report<'_>) -> Result<(), XlsxError> {
    page.heading(words::HOW_TO_READ)?;
    let mut reading = words::READING;
    if report.options().perspective == Perspective::Recovery {
        reading.swap(2, 3);
    }
    for (label, value) in reading {
        page.labelled(label, value)?;
    }
    Ok(())
}

/// The other sheets, and what each is for.
pub(super) fn sheets(report: &Report<'_>) -> Vec<(&'static str, &'static str)> {
    let mut sheets = words::SHEETS.to_vec();
    if !report.restore_groups().is_empty() {
        let problems = sheets.iter().position(|(sheet, _)| *sheet == words::PROBLEMS);
        sheets.insert(problems.unwrap_or_default(), (words::RESTORE_ARTIFACTS, words::RESTORE_SHEET));
    }
    sheets
}

/// The line below a list of which only the first [`LINES`] are told.
pub(super) fn more(page: &mut Page<'_>, count: usize) -> Result<(), XlsxError> {
    match count.saturating_sub(LINES) {
        0 => Ok(()),
        more => page.remark(&words::and_more(more as u64, words::ALL_IN_SUMMARY_JSON)),
    }
}
