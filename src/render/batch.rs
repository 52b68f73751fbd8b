//! The index of a batch → bytes, in each of its formats: a page, a table, a line of JSON a case, a workbook. All of it is
//! in memory: a batch has a row a case.

use std::borrow::Cow;
use std::io::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::model::{Function, RecoveryAction};
use crate::report::TimeZone;
use crate::report::batch::{ACTIONS, Batch, Case, CaseGroup, CaseReport, CaseTotals};

use super::csv;
use super::format::Format;
use super::run::Options;

/// A format of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BatchFormat {
    /// A page to read.
    Html,
    /// One line a case, for spreadsheets.
    Csv,
    /// One line a case, for programs.
    Ndjson,
    /// A workbook.
    Xlsx,
}

impl BatchFormat {
    /// All of them, in the order of this list.
    pub const ALL: [BatchFormat; 4] =
        [BatchFormat::Html, BatchFormat::Csv, BatchFormat::Ndjson, BatchFormat::Xlsx];

    /// The name of the file.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            BatchFormat::Html => "index.html",
            BatchFormat::Csv => "batch.csv",
            BatchFormat::Ndjson => "batch.ndjson",
            BatchFormat::Xlsx => "batch.xlsx",
        }
    }
}

/// How an index is written.
#[derive(Debug, Clone, Default)]
pub struct BatchOptions {
    /// How its table and its workbook are.
    pub written: Options,
    /// Where times are told.
    pub time_zone: TimeZone,
}

/// Writes the index of `batch`.
///
/// # Errors
/// Where `sink` or a temporary file cannot be written to.
pub fn write_batch(
    batch: &Batch,
    format: BatchFormat,
    options: &BatchOptions,
    sink: &mut (dyn Write + Send),
) -> io::Result<()> {
    match format {
        BatchFormat::Html => sink.write_all(&super::html::batch_page(batch, options)),
        BatchFormat::Csv => sink.write_all(&table(batch, options)),
        BatchFormat::Ndjson => batch.cases.iter().try_for_each(|case| sink.write_all(&line(case))),
        BatchFormat::Xlsx => super::xlsx::write_batch(batch, options, sink),
    }
}

/// A column of the tables.
pub(super) struct BatchColumn {
    /// Its head in CSV.
    pub(super) name: &'static str,
    cell: for<'c> fn(&'c Case) -> Cow<'c, str>,
    /// Whether its cells are counts.
    pub(super) is_count: bool,
}

impl BatchColumn {
    pub(super) fn of<'c>(&self, case: &'c Case) -> Cow<'c, str> {
        (self.cell)(case)
    }
}

/// The columns, in their order (docs/batch.md).
pub(super) const COLUMNS: [BatchColumn; 31] = [
    column("case", |case| text(&case.name)),
    column("source", |case| text(&case.source)),
    count("exitCode", |case| Cow::Owned(case.exit_code.to_string())),
    column("verdict", |case| {
        text(of_report(case, |report| Some(report.standing.as_str())).unwrap_or_default())
    }),
    column("organization", |case| optional(case.words.organization.as_deref())),
    column("caseId", |case| optional(case.words.case_id.as_deref())),
    column("title", |case| optional(case.words.title.as_deref())),
    column("preparedBy", |case| optional(case.words.prepared_by.as_deref())),
    column("snapshots", |case| joined(of_report(case, |report| Some(&report.snapshots)))),
    column("jobs", |case| joined(of_report(case, |report| Some(&report.jobs)))),
    count("objects", |case| number(planned(case).map(|totals| totals.objects))),
    count("update", |case| number(of_report(case, |report| report.planned(Some(&ACTIONS[0]))))),
    count("softDelete", |case| number(of_report(case, |report| report.planned(Some(&ACTIONS[1]))))),
    count("restore", |case| number(of_report(case, |report| report.planned(Some(&ACTIONS[2]))))),
    count("otherActions", |case| number(of_report(case, |report| report.planned(None)))),
    count("updateChanges", |case| number(changes(case, Some(&ACTIONS[0])))),
    count("softDeleteChanges", |case| number(changes(case, Some(&ACTIONS[1])))),
    count("restoreChanges", |case| number(changes(case, Some(&ACTIONS[2])))),
    count("otherActionChanges", |case| number(changes(case, None))),
    count("propertyChanges", |case| number(planned(case).map(|totals| totals.property_changes))),
    count("linkChanges", |case| number(planned(case).map(|totals| totals.link_changes))),
    count("failedChanges", |case| number(of_report(case, CaseReport::failed))),
    count("otherObjects", |case| number(of_report(case, CaseReport::others))),
    count("restoreArtifacts", |case| number(of_report(case, |report| Some(report.restore_artifacts.0)))),
    count("failedArtifacts", |case| number(of_report(case, |report| Some(report.restore_artifacts.1)))),
    count("errors", |case| Cow::Owned(case.errors.to_string())),
    count("warnings", |case| Cow::Owned(case.warnings.to_string())),
    column("evidenceId", |case| optional(of_report(case, |report| Some(report.evidence_id.as_str())))),
    column("job", |case| optional(case.job.as_deref())),
    column("report", |case| {
        Cow::Owned(main_file(case).map(|file| format!("{}/{file}", case.name)).unwrap_or_default())
    }),
    column("error", |case| optional(case.error.as_deref())),
];

/// The changed properties and links of planned changes of one action.
fn changes(case: &Case, action: Option<&RecoveryAction>) -> Option<u64> {
    case.report.as_ref()?.planned_changes(action)
}

const fn column(name: &'static str, cell: for<'c> fn(&'c Case) -> Cow<'c, str>) -> BatchColumn {
    BatchColumn { name, cell, is_count: false }
}

const fn count(name: &'static str, cell: for<'c> fn(&'c Case) -> Cow<'c, str>) -> BatchColumn {
    BatchColumn { name, cell, is_count: true }
}

fn of_report<'c, T>(case: &'c Case, value: impl FnOnce(&'c CaseReport) -> Option<T>) -> Option<T> {
    case.report.as_ref().and_then(value)
}

fn planned(case: &Case) -> Option<&CaseTotals> {
    of_report(case, |report| report.totals_of(Function::GetChanges))
}

fn text(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

fn optional(text: Option<&str>) -> Cow<'_, str> {
    Cow::Borrowed(text.unwrap_or_default())
}

fn number<'c>(number: Option<u64>) -> Cow<'c, str> {
    Cow::Owned(number.map(|number| number.to_string()).unwrap_or_default())
}

fn joined(texts: Option<&Vec<String>>) -> Cow<'_, str> {
    Cow::Owned(texts.map(|texts| texts.join(" ")).unwrap_or_default())
}

/// The file of a case's report that a reader opens.
pub(super) fn main_file(case: &Case) -> Option<&str> {
    let has = |name: &&str| case.files.iter().any(|file| file == name);
    let page = Some(Format::Html.file_name()).filter(has);
    page.or_else(|| case.files.first().map(String::as_str))
}

fn table(batch: &Batch, options: &BatchOptions) -> Vec<u8> {
    let dialect = options.written.dialect();
    let mut bytes = csv::head(dialect, &COLUMNS.map(|column| column.name));
    for case in &batch.cases {
        for column in &COLUMNS {
            csv::encode(dialect, &column.of(case), &mut bytes);
            bytes.push(dialect.delimiter.byte());
        }
        csv::end_row(&mut bytes);
    }
    bytes
}

/// What of a path stands in a link: everything but letters, digits and these.
const IN_LINK: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where a file of a case is, from the index.
pub(super) fn link(case: &Case, file: &str) -> String {
    format!("{}/{}", utf8_percent_encode(&case.name, IN_LINK), utf8_percent_encode(file, IN_LINK))
}

/// A line of JSON: what is kept of a case.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'c> {
    case: &'c str,
    source: &'c str,
    job: Option<&'c str>,
    exit_code: u8,
    error: Option<&'c str>,
    organization: Option<&'c str>,
    case_id: Option<&'c str>,
    title: Option<&'c str>,
    prepared_by: Option<&'c str>,
    verdict: Option<&'static str>,
    evidence_id: Option<&'c str>,
    snapshots: &'c [String],
    jobs: &'c [String],
    totals: &'c [CaseTotals],
    failed_changes: Option<u64>,
    groups: &'c [CaseGroup],
    restore_artifacts: Option<Artifacts>,
    errors: u64,
    warnings: u64,
    first: Vec<String>,
    files: Vec<String>,
}

/// The artifacts of restore sessions.
#[derive(Serialize)]
struct Artifacts {
    count: u64,
    failed: u64,
}

fn line(case: &Case) -> Vec<u8> {
    let report = case.report.as_ref();
    let artifacts = |report: &CaseReport| Artifacts {
        count: report.restore_artifacts.0,
        failed: report.restore_artifacts.1,
    };
    let first = report.map(|report| report.first.as_slice()).unwrap_or_default();
    let line = Line {
        case: &case.name,
        source: &case.source,
        job: case.job.as_deref(),
        exit_code: case.exit_code,
        error: case.error.as_deref(),
        organization: case.words.organization.as_deref(),
        case_id: case.words.case_id.as_deref(),
        title: case.words.title.as_deref(),
        prepared_by: case.words.prepared_by.as_deref(),
        verdict: report.map(|report| report.standing.as_str()),
        evidence_id: report.map(|report| report.evidence_id.as_str()),
        snapshots: report.map(|report| report.snapshots.as_slice()).unwrap_or_default(),
        jobs: report.map(|report| report.jobs.as_slice()).unwrap_or_default(),
        totals: report.map(|report| report.totals.as_slice()).unwrap_or_default(),
        failed_changes: report.and_then(CaseReport::failed),
        groups: report.map(|report| report.groups.as_slice()).unwrap_or_default(),
        restore_artifacts: report.map(artifacts).filter(|artifacts| artifacts.count > 0),
        errors: case.errors,
        warnings: case.warnings,
        first: first.iter().map(|sentence| sentence.told(str::to_owned)).collect(),
        files: case.files.iter().map(|file| format!("{}/{file}", case.name)).collect(),
    };
    let mut bytes = serde_json::to_vec(&line).expect("a line is made of JSON values");
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_into_the_folder_of_its_case_and_nowhere_else() {
        let link = |name: &str| link(&Case { name: name.to_owned(), ..Case::default() }, "report.html");
        assert_eq!(link("Contoso"), "Contoso/report.html");
        assert_eq!(link("a b#?%&\"'<é"), "a%20b%23%3F%25%26%22%27%3C%C3%A9/report.html");
        assert_eq!(link("javascript:x"), "javascript%3Ax/report.html");
    }
}
