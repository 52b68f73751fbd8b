//! The sheet of restore artifacts, and their numbers on the first sheet; neither is there without any.

use rust_xlsxwriter::{RowNum, Workbook, XlsxError};

use crate::report::Report;
use crate::report::wording::{restore as wording, workbook as words};

use super::super::restore::FIELDS;
use super::super::run::Run;
use super::cells::Rows;
use super::look::Look;
use super::page::{Page, Value};
use super::paper::Paper;
use super::plan::Shape::{self, Coloured, Folded, Text, Words};
use super::plan::shaped;
use super::sheet::{DataSheet, Plan};

/// Widths and shapes by what stands in a column, in the order of the fields.
const SHAPES: [(u16, Shape); FIELDS.len()] = [
    (27, Text),
    (36, Text),
    (36, Text),
    (13, Text),
    (13, Text),
    (22, Text),
    (36, Folded),
    (22, Text),
    (44, Text),
    (18, Folded),
    (13, Folded),
    (10, Text),
    (14, Folded),
    (42, Text),
    (13, Coloured),
    (15, Words),
];

/// How many groups are told on the first sheet.
const GROUPS: usize = 1_000;

/// The sheet with a row for each artifact.
pub(super) fn sheet(
    workbook: &mut Workbook,
    look: &Look,
    run: Run<'_, '_>,
    sheet_rows: RowNum,
) -> Result<Option<DataSheet>, XlsxError> {
    let report = run.report;
    let artifacts = report.export().restore_artifacts().len() as u64;
    if artifacts == 0 {
        return Ok(None);
    }
    let heads = words::RESTORE_HEADS.map(|(_, head)| head);
    let plan = Plan {
        name: words::RESTORE_ARTIFACTS,
        paper: Paper::Large,
        table: "RestoreArtifacts",
        columns: shaped(&heads, &SHAPES),
        rows: artifacts,
        empty: "",
        sheet_rows,
    };
    let mut sheet = DataSheet::begin(workbook, look, plan)?;
    for artifact in report.restore_artifacts() {
        let mut row = Rows::of(run.whole_artifacts());
        for (position, (_, value)) in FIELDS.iter().enumerate() {
            row.push(position, value(artifact).unwrap_or_default());
        }
        row.end_row();
        sheet.put(&row)?;
    }
    Ok(Some(sheet))
}

/// How many artifacts of each collection ended how.
pub(super) fn numbers(page: &mut Page<'_>, report: &Report<'_>) -> Result<(), XlsxError> {
    let groups = report.restore_groups();
    if groups.is_empty() {
        return Ok(());
    }
    page.heading(wording::HEADING)?;
    page.heads(&[(wording::COLLECTION, false), (wording::ARTIFACTS, true), (wording::OUTCOME, false)])?;
    for group in groups.iter().take(GROUPS) {
        let outcome = wording::outcome(group.outcome);
        let cells = [Value::Text(group.collection), Value::Count(group.count()), Value::Text(outcome)];
        page.cells(&cells, false)?;
    }
    if let Some(more) = groups.len().checked_sub(GROUPS).filter(|more| *more > 0) {
        page.remark(&words::and_more(more as u64, words::ALL_IN_SUMMARY_JSON))?;
    }
    page.remark(wording::SENTENCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_stand_above_the_fields_they_name() {
        assert_eq!(FIELDS.map(|(name, _)| name), words::RESTORE_HEADS.map(|(name, _)| name));
    }
}
