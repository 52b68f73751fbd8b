//! `report.md`: the summary for a ticket. Everything that a reader must know before they open a larger file,
//! each list cut after a number that a ticket can hold, with a sentence that says how much more there is.
//!
//! Data gets into the document through [`text`] alone; everything else are words of our own.

mod look;
mod page;
mod restore;
mod text;

use std::collections::BTreeMap;

use crate::model::{EntityType, PageSet, Problem, RecoveryAction, Severity};
use crate::report::wording::{self, Sentence, evidence, heading, ticket};
use crate::report::{Line, Matrix, Report};

use super::run::Run;

use page::{Page, SHOWN_CHARACTERS};

/// How many page sets, and how many jobs of a function, are told one by one.
const TOLD_SETS: usize = 20;
/// How many saved job objects of one job are told.
const TOLD_JOB_OBJECTS: usize = 3;
/// How many messages of failed changes are told one by one.
const TOLD_REASONS: usize = 20;
/// How many problems are told one by one.
const TOLD_PROBLEMS: usize = 50;

/// The document.
pub(super) fn document(run: Run<'_, '_>) -> String {
    let mut page = Page::default();
    head(run.report, &mut page);
    page_sets(run.report, &mut page);
    changes(run.report, &mut page);
    failures(run, &mut page);
    problems(run.report, &mut page);
    restore::artifacts(run.report, &mut page);
    look::first_look(run, &mut page);
    if run.report.has_pages() {
        cannot_show(&mut page);
    }
    how_to_check(&mut page);
    page.text
}

fn head(report: &Report<'_>, page: &mut Page) {
    let options = report.options();
    let title = options.title.as_deref();
    let shown = title.map_or_else(|| report.title().to_owned(), |title| text::cut(title, SHOWN_CHARACTERS));
    page.heading(1, &shown);
    let standing = report.standing();
    page.block(&format!("**{}.** {}", wording::standing(standing), wording::standing_sentence(standing)));
    for notice in report.notices() {
        page.block(&format!("**{}**", told(&notice)));
    }
    if let Some(deadline) = report.deadline() {
        let shown = deadline.earliest.as_ref().map(|first| {
            options.time_zone.shown(&first.date_time).unwrap_or_else(|| first.date_time.clone())
        });
        let written = deadline.earliest.as_ref().map(|first| format!(" ({})", text::code(&first.date_time)));
        let words = wording::deadline(deadline, shown.as_deref());
        page.block(&format!("**{}.** {words}{}", heading::DEADLINE, written.unwrap_or_default()));
    }
    let given =
        [title, options.organization.as_deref(), options.case_id.as_deref(), options.prepared_by.as_deref()];
    let words = ticket::OPERATOR_WORDS.into_iter().zip(given);
    let words: Vec<_> = words.filter_map(|(what, word)| Some((what, word?))).collect();
    for (what, word) in &words {
        page.item(0, &format!("{what}: {}", text::cut(word, SHOWN_CHARACTERS)));
    }
    if !words.is_empty() {
        page.block(&format!("({}: {})", names_of(&words), heading::OPERATOR));
    }
    let export = report.export();
    let (files, passed_over) = (export.files().count() as u64, export.passed_over().len() as u64);
    page.block(&ticket::made_by(env!("CARGO_PKG_VERSION"), files, passed_over));
    page.block(&format!("{}: `{}`", evidence::ID, report.inputs().evidence_id()));
}

fn names_of(words: &[(&str, &str)]) -> String {
    wording::names(&words.iter().map(|(what, _)| *what).collect::<Vec<_>>())
}

fn page_sets(report: &Report<'_>, page: &mut Page) {
    page.heading(2, heading::COMPLETENESS);
    let jobs = report.export().jobs_asked_for();
    for job in jobs.iter().take(TOLD_SETS) {
        page.item(0, &format!("{} {}", heading::ONLY_JOBS, text::cut(job, SHOWN_CHARACTERS)));
    }
    if let Some(more) = jobs.len().checked_sub(TOLD_SETS).filter(|more| *more > 0) {
        page.item(0, &ticket::more_jobs(more as u64));
    }
    if !report.has_pages() {
        page.block(heading::NO_PAGES);
    }
    let sets = report.export().page_sets();
    for set in sets.iter().take(TOLD_SETS) {
        page_set(report, set, page);
    }
    if let Some(more) = sets.len().checked_sub(TOLD_SETS).filter(|more| *more > 0) {
        page.item(0, &ticket::more_sets(more as u64));
    }
    for job in report.jobs_alone().take(TOLD_SETS) {
        page.item(0, &told(&report.job_alone(job)));
    }
    if let Some(more) = report.jobs_alone().count().checked_sub(TOLD_SETS).filter(|more| *more > 0) {
        page.item(0, &ticket::more_jobs(more as u64));
    }
    if let Some(backups) = report.backups() {
        page.item(0, &told(&wording::backups(&backups, &report.options().time_zone)));
    }
}

/// A sentence, its texts of the input as code.
fn told(sentence: &Sentence) -> String {
    sentence.told(|text| text::cut(text, SHOWN_CHARACTERS))
}

fn page_set(report: &Report<'_>, set: &PageSet, page: &mut Page) {
    page.item(0, &wording::page_set(set));
    let zone = &report.options().time_zone;
    let snapshot = set.snapshot_date_time.as_deref().or(set.snapshot_id.as_deref());
    if let Some(snapshot) = snapshot {
        let as_written = text::cut(snapshot, SHOWN_CHARACTERS);
        let snapshot =
            zone.shown(snapshot).map_or(as_written.clone(), |shown| format!("{shown} ({as_written})"));
        let made = report.saved_snapshot_time(set).map(|made| wording::snapshot_time(made, zone));
        let made = made.map(|made| format!(", {}", told(&made))).unwrap_or_default();
        page.item(1, &format!("{}: {snapshot}{made}", ticket::SNAPSHOT));
    }
    if let Some(job) = &set.job_id {
        page.item(1, &format!("{}: {}", ticket::JOB, text::cut(job, SHOWN_CHARACTERS)));
    }
    for job in report.export().jobs_of(set).take(TOLD_JOB_OBJECTS) {
        page.item(1, &told(&report.job(job)));
    }
    let as_of = match report.state_as_of(set) {
        (words, Some(written)) => format!("{words} ({})", text::cut(written, SHOWN_CHARACTERS)),
        // A time that is none is text of the input.
        (words, None) if report.state_time(set).is_some() => text::cut(&words, SHOWN_CHARACTERS),
        (words, None) => words,
    };
    page.item(1, &format!("{}: {as_of}", ticket::STATE_AS_OF));
}

/// The numbers of each function: totals, those of each job where there are several, the matrix.
fn changes(report: &Report<'_>, page: &mut Page) {
    for totals in report.totals() {
        page.heading(2, wording::function_title(totals.function));
        page.block(&format!("{}.", wording::totals(totals)));
        let jobs = || report.jobs().iter().filter(|job| job.totals.function == totals.function);
        for job in jobs().take(TOLD_SETS) {
            let id = job.job_id.map_or(heading::NO_JOB.to_owned(), |id| text::cut(id, SHOWN_CHARACTERS));
            page.item(0, &format!("{} {id}: {}", ticket::JOB, wording::totals(&job.totals)));
        }
        if let Some(more) = jobs().count().checked_sub(TOLD_SETS).filter(|more| *more > 0) {
            page.item(0, &ticket::more_jobs(more as u64));
        }
        if totals.objects == 0 {
            page.block(ticket::NO_CHANGES);
        } else {
            matrix(&report.matrix(totals.function), page);
        }
    }
}

fn matrix(matrix: &Matrix<'_>, page: &mut Page) {
    let mut head = vec![wording::TYPE.to_owned()];
    head.extend(matrix.actions.iter().map(|action| match action {
        None | Some(RecoveryAction::Missing) => wording::column_of(*action).to_owned(),
        Some(action) => text::cut_cell(wording::recovery_action(action), SHOWN_CHARACTERS),
    }));
    head.push(wording::TOTAL.to_owned());
    head.extend(matrix.shows_failed.then(|| wording::OF_WHICH_FAILED.to_owned()));
    let cells = |name: String, line: &Line<'_>| {
        let mut cells = vec![name];
        cells.extend(line.cells.iter().map(|cell| wording::number(cell.objects)));
        cells.push(wording::number(line.objects));
        cells.extend(matrix.shows_failed.then(|| wording::number(line.failed)));
        cells
    };
    let name = |entity_type: Option<&EntityType>| match entity_type {
        None => wording::line_of(None).to_owned(),
        Some(entity_type) => text::cut_cell(entity_type.as_str(), SHOWN_CHARACTERS),
    };
    let mut rows: Vec<_> = matrix.lines.iter().map(|line| cells(name(line.entity_type), line)).collect();
    rows.push(cells(wording::TOTAL.to_owned(), &matrix.total));
    let rules: Vec<&str> = (0..head.len()).map(|column| if column == 0 { "---" } else { "--:" }).collect();
    page.block(&table(&head, &rules, &rows));
}

/// A table whose columns stand below each other in the raw text, too, unless a cell is very long. `rules` tell
/// the alignment of each.
fn table(head: &[String], rules: &[&str], rows: &[Vec<String>]) -> String {
    const WIDEST: usize = 40;
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([head[column].chars().count()]).max().unwrap_or(0).clamp(rules[column].len(), WIDEST)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |cells: &[String]| {
        let padded = cells.iter().zip(rules).zip(&widths).map(|((cell, rule), &width)| {
            if rule.ends_with(':') { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        format!("| {} |", padded.collect::<Vec<_>>().join(" | "))
    };
    let rule = rules.iter().zip(&widths).map(|(rule, &width)| format!("{rule:->width$}"));
    let mut lines = vec![line(head), format!("| {} |", rule.collect::<Vec<_>>().join(" | "))];
    lines.extend(rows.iter().map(|row| line(row)));
    lines.join("\n")
}

fn failures(run: Run<'_, '_>, page: &mut Page) {
    let failures = run.report.failures();
    if failures.is_empty() {
        return;
    }
    page.heading(2, heading::FAILURES);
    let (told, rest) = failures.split_at(failures.len().min(TOLD_REASONS));
    let rows: Vec<Vec<String>> = told
        .iter()
        .map(|failure| {
            let reason = failure.category.map_or(wording::NO_MESSAGE, wording::failure_category);
            let message = failure.message.as_deref().map(|text| text::cut_cell(text, SHOWN_CHARACTERS));
            vec![wording::number(failure.objects), reason.to_owned(), message.unwrap_or_default()]
        })
        .collect();
    page.block(&table(&ticket::FAILURE_COLUMNS.map(str::to_owned), &["--:", "---", "---"], &rows));
    if !rest.is_empty() {
        let more = rest.len() as u64;
        page.block(&format!("{}.", ticket::more_messages(more)));
    }
}

fn problems(report: &Report<'_>, page: &mut Page) {
    let problems = report.export().problems();
    let of = |severity: Severity| problems.iter().filter(move |problem| problem.severity() == severity);
    page.heading(2, heading::PROBLEMS);
    page.block(&format!("{}.", wording::problem_counts(problems)));
    // What is missing from the report is told before what is only to be minded.
    for problem in of(Severity::Error).chain(of(Severity::Warning)).take(TOLD_PROBLEMS) {
        page.item(0, &problem_line(problem));
    }
    let mut more: BTreeMap<(Severity, &str), u64> = BTreeMap::new();
    for problem in of(Severity::Error).chain(of(Severity::Warning)).skip(TOLD_PROBLEMS) {
        *more.entry((problem.severity(), problem.code())).or_default() += problem.count();
    }
    for ((severity, code), count) in more {
        let more = ticket::more_problems(count);
        page.item(0, &format!("**{}** {code}: {more}", severity.as_str()));
    }
}

fn problem_line(problem: &Problem) -> String {
    let position = problem.place.position.map(|position| format!(", {}", wording::position(position)));
    let position = position.unwrap_or_default();
    format!(
        "**{}** {}, {}{position}: {}: {}",
        problem.severity().as_str(),
        problem.code(),
        text::cut(&problem.place.source(), SHOWN_CHARACTERS),
        text::cut(&wording::problem_message(&problem.kind), SHOWN_CHARACTERS),
        wording::problem_advice(&problem.kind)
    )
}

fn how_to_check(page: &mut Page) {
    page.heading(2, evidence::HEADING);
    page.block(&format!("{} {}", evidence::ID_SENTENCE, evidence::BUNDLE_SENTENCE));
    let (what, command) = evidence::VERIFY;
    page.item(0, &format!("{what}: `{command}`"));
    for recipe in evidence::RECIPES {
        for (what, command) in recipe.commands {
            page.item(0, &format!("{}, {what}: `{command}`", recipe.system));
        }
    }
    for (what, command) in evidence::SIGNING {
        page.item(0, &format!("{what}: `{command}`"));
    }
    page.block(evidence::BOUNDARY);
}

fn cannot_show(page: &mut Page) {
    page.heading(2, heading::LIMITS);
    for (name, text) in heading::CANNOT_SHOW {
        page.item(0, &format!("**{name}:** {text}"));
    }
    page.block(heading::CANNOT_SHOW_SENTENCE);
}
