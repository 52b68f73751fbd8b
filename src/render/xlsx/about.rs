//! The last sheet: what the workbook was made of and with, the checks that ran, and what no page can show.

use rust_xlsxwriter::{RowNum, Workbook, Worksheet, XlsxError};

use crate::report::wording::{self, evidence, heading, workbook as words};
use crate::report::{Perspective, Report};

use super::super::run::Run;
use super::look::Look;
use super::page::{Page, Value};
use super::sheet::SHEET_ROWS;
use super::summary;

/// In characters: a SHA-256 fits whole.
const WIDTHS: [u16; 6] = [44, 14, 66, 10, 16, 16];

/// How many page sets are told with their checks; the first sheet has their verdicts.
const PAGE_SETS: usize = 100;

/// How many rows are left for what was passed over, and for saying that there is more.
const KEPT_ROWS: RowNum = 100_000;

pub(super) fn sheet(workbook: &mut Workbook, look: &Look, run: Run<'_, '_>) -> Result<Worksheet, XlsxError> {
    let report = run.report;
    let mut page = Page::begin(workbook, look, (words::ABOUT, run.whole_summary()), WIDTHS.to_vec())?;
    page.line(words::ABOUT, &look.title, 20.0)?;
    in_this_workbook(&mut page, report)?;
    made_with(&mut page, report)?;
    how_to_check(&mut page, report)?;
    if report.has_pages() {
        cannot_show(&mut page)?;
    }
    checks(&mut page, report)?;
    inputs(&mut page, report)?;
    passed_over(&mut page, report)?;
    page.into_sheet()
}

fn in_this_workbook(page: &mut Page<'_>, report: &Report<'_>) -> Result<(), XlsxError> {
    page.heading(words::IN_THIS_WORKBOOK)?;
    summary::sheets(report).iter().try_for_each(|(sheet, value)| page.link(sheet, value))
}

fn cannot_show(page: &mut Page<'_>) -> Result<(), XlsxError> {
    page.heading(heading::LIMITS)?;
    for (label, value) in heading::CANNOT_SHOW {
        page.labelled(label, value)?;
    }
    page.remark(heading::CANNOT_SHOW_SENTENCE)
}

fn made_with(page: &mut Page<'_>, report: &Report<'_>) -> Result<(), XlsxError> {
    let options = report.options();
    page.heading(words::MADE_WITH)?;
    page.labelled(words::TOOL, concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")))?;
    page.labelled(words::TIME_ZONE, &options.time_zone.to_string())?;
    let leads = match options.perspective {
        Perspective::Incident => words::LEADS_INCIDENT,
        Perspective::Recovery => words::LEADS_RECOVERY,
    };
    page.labelled(words::LEADS, leads)?;
    for job in report.export().jobs_asked_for() {
        page.labelled(heading::ONLY_JOBS, job)?;
    }
    if let Some(backups) = report.backups() {
        let backups = wording::backups(&backups, &options.time_zone);
        page.labelled(words::BACKUPS, &summary::shown(&backups))?;
    }
    for (label, value) in [words::SECRETS, words::STRINGS] {
        page.labelled(label, value)?;
    }
    Ok(())
}

fn how_to_check(page: &mut Page<'_>, report: &Report<'_>) -> Result<(), XlsxError> {
    page.heading(evidence::HEADING)?;
    page.labelled(evidence::ID, &report.inputs().evidence_id().to_string())?;
    for sentence in [evidence::ID_SENTENCE, evidence::BUNDLE_SENTENCE] {
        page.remark(sentence)?;
    }
    let (what, command) = evidence::VERIFY;
    page.labelled(what, command)?;
    for recipe in evidence::RECIPES {
        for (what, command) in recipe.commands {
            page.labelled(&format!("{}, {what}", recipe.system), command)?;
        }
    }
    for (what, command) in evidence::SIGNING {
        page.labelled(what, command)?;
    }
    page.remark(evidence::BOUNDARY)
}

fn checks(page: &mut Page<'_>, report: &Report<'_>) -> Result<(), XlsxError> {
    page.heading(heading::CHECKS)?;
    let sets = report.export().page_sets();
    for set in sets.iter().take(PAGE_SETS) {
        page.cells(&[Value::Text(&format!("{}: {}", set.function, set.first_source))], true)?;
        page.labelled(words::READ, &wording::set_counts(set))?;
        page.labelled(
            words::VERDICT,
            &format!("{}: {}", wording::verdict(set.verdict()), wording::basis(&set.basis)),
        )?;
        if let Some(job) = &set.job_id {
            page.labelled(heading::JOB, job)?;
        }
        for (check, finding) in set.checks {
            page.labelled(wording::check(check), wording::finding(finding))?;
        }
        page.gap()?;
    }
    more(page, sets.len().saturating_sub(PAGE_SETS))
}

fn inputs(page: &mut Page<'_>, report: &Report<'_>) -> Result<(), XlsxError> {
    page.heading(heading::INPUTS)?;
    let [file, bytes, sha256, encoding, form, role] = words::INPUT_HEADS;
    let words = [encoding, form, role].map(|head| (head, false));
    page.heads(&[&[(file, false), (bytes, true), (sha256, false)][..], &words].concat())?;
    let files = report.export().files();
    let count = files.clone().count();
    let room = room(page, KEPT_ROWS);
    for file in files.take(room) {
        let cells = [
            Value::Text(&file.label),
            Value::Count(file.bytes),
            Value::Text(&file.sha256().to_string()),
            Value::Text(&file.encoding),
            Value::Text(&file.form),
            Value::Text(&file.role),
        ];
        page.cells(&cells, false)?;
    }
    more(page, count.saturating_sub(room))
}

fn passed_over(page: &mut Page<'_>, report: &Report<'_>) -> Result<(), XlsxError> {
    let passed_over = report.export().passed_over();
    if passed_over.is_empty() {
        return Ok(());
    }
    page.heading(words::PASSED_OVER)?;
    page.heads(&words::PASSED_OVER_HEADS.map(|head| (head, false)))?;
    let room = room(page, 1);
    for passed in passed_over.iter().take(room) {
        page.cells(&[Value::Text(&passed.source), Value::Text(wording::passed_over(passed.reason))], false)?;
    }
    more(page, passed_over.len().saturating_sub(room))
}

/// How many rows the sheet has left, if `kept` are left free.
fn room(page: &Page<'_>, kept: RowNum) -> usize {
    (SHEET_ROWS - kept).saturating_sub(page.rows()) as usize
}

fn more(page: &mut Page<'_>, more: usize) -> Result<(), XlsxError> {
    if more == 0 {
        return Ok(());
    }
    page.remark(&words::and_more(more as u64, words::ALL_IN_SUMMARY_JSON))
}
