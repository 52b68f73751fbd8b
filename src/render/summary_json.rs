//! `summary.json`: every number, input and problem, for machines (contract, section 8).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::ingest::{PassedOver, SourceFile};
use crate::model::{FailureCategory, Job, PageSet, Problem, Snapshot};
use crate::report::{
    FailureGroup, Group, JobTotals, Options, Report, RestoreCollection, StateBasis, Totals, wording,
};

use super::count::Counts;

/// The version of the shape of `summary.json`.
const SCHEMA_VERSION: u32 = 1;

/// The whole document, pretty-printed, and what its groups add up to.
pub(super) fn document(report: &Report<'_>) -> (Vec<u8>, Counts) {
    let summary = Summary::of(report);
    let mut document = serde_json::to_vec_pretty(&summary).expect("a summary is made of JSON values");
    document.push(b'\n');
    let sum = |of: fn(&GroupView<'_>) -> u64| Some(summary.groups.iter().map(of).sum());
    let counts = Counts {
        object_changes: sum(|group| group.objects),
        property_changes: sum(|group| group.property_changes),
        link_changes: sum(|group| group.link_changes),
        problems: Some(summary.problems.len() as u64),
        ..Counts::of_restore_artifacts(summary.restore_artifacts.iter().map(|of| of.total).sum())
    };
    (document, counts)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'r> {
    schema_version: u32,
    tool: Tool,
    /// The SHA-256 of `INPUTS.sha256`.
    evidence_id: String,
    /// The operator's words, not the data's.
    operator: Operator<'r>,
    inputs: Vec<InputView<'r>>,
    passed_over: Vec<PassedOverView<'r>>,
    jobs: Vec<JobView<'r>>,
    page_sets: Vec<PageSetView<'r>>,
    totals: serde_json::Map<String, serde_json::Value>,
    job_totals: Vec<JobTotalsView<'r>>,
    groups: Vec<GroupView<'r>>,
    failures: Vec<FailureView<'r>>,
    restore_artifacts: Vec<RestoreView<'r>>,
    problems: Vec<ProblemView>,
    snapshots: Vec<SnapshotView<'r>>,
}

impl<'r> Summary<'r> {
    fn of(report: &'r Report<'_>) -> Self {
        let export = report.export();
        let by_function = |totals: &Totals| {
            let view = serde_json::to_value(TotalsView::of(totals)).expect("numbers are JSON values");
            (totals.function.as_str().to_owned(), view)
        };
        Summary {
            schema_version: SCHEMA_VERSION,
            tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            evidence_id: report.inputs().evidence_id().to_string(),
            operator: Operator::of(report.options()),
            inputs: export.files().map(InputView::of).collect(),
            passed_over: export.passed_over().iter().map(PassedOverView::of).collect(),
            jobs: export.jobs().iter().map(JobView::of).collect(),
            page_sets: export.page_sets().iter().map(|set| PageSetView::of(set, report)).collect(),
            totals: report.totals().iter().map(by_function).collect(),
            job_totals: report.jobs().iter().map(JobTotalsView::of).collect(),
            groups: report.groups().iter().map(GroupView::of).collect(),
            failures: report.failures().iter().map(FailureView::of).collect(),
            restore_artifacts: report.restore_collections().into_iter().map(RestoreView::of).collect(),
            problems: export.problems().iter().map(ProblemView::of).collect(),
            snapshots: export.snapshots().iter().map(SnapshotView::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Operator<'r> {
    title: Option<&'r str>,
    organization: Option<&'r str>,
    case_id: Option<&'r str>,
    prepared_by: Option<&'r str>,
}

impl<'r> Operator<'r> {
    fn of(options: &'r Options) -> Self {
        Operator {
            title: options.title.as_deref(),
            organization: options.organization.as_deref(),
            case_id: options.case_id.as_deref(),
            prepared_by: options.prepared_by.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct InputView<'r> {
    file: &'r str,
    bytes: u64,
    sha256: String,
    encoding: &'r str,
    form: &'r str,
    role: &'r str,
}

impl<'r> InputView<'r> {
    fn of(file: &'r SourceFile) -> Self {
        let SourceFile { label, bytes, encoding, form, role, .. } = file;
        InputView { file: label, bytes: *bytes, sha256: file.sha256().to_string(), encoding, form, role }
    }
}

#[derive(Serialize)]
struct PassedOverView<'r> {
    source: &'r str,
    reason: &'static str,
}

impl<'r> PassedOverView<'r> {
    fn of(passed: &'r PassedOver) -> Self {
        PassedOverView { source: &passed.source, reason: wording::passed_over(passed.reason) }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JobView<'r> {
    source: &'r str,
    kind: &'static str,
    id: Option<&'r str>,
    status: Option<&'r str>,
    snapshot_id: Option<&'r str>,
    target_state_date_time: Option<&'r str>,
    job_start_date_time: Option<&'r str>,
    job_completion_date_time: Option<&'r str>,
    filtering_criteria: Option<serde_json::Value>,
    total_changed_objects_calculated: Option<u64>,
    total_changed_links_calculated: Option<u64>,
    total_objects_modified: Option<u64>,
    total_links_modified: Option<u64>,
    total_failed_changes: Option<u64>,
}

impl<'r> JobView<'r> {
    fn of(job: &'r Job) -> Self {
        JobView {
            source: &job.source,
            kind: job.kind.as_str(),
            id: job.id.as_deref(),
            status: job.status.as_ref().map(|status| status.0.as_str()),
            snapshot_id: job.snapshot_id.as_deref(),
            target_state_date_time: job.target_state_date_time.as_deref(),
            job_start_date_time: job.job_start_date_time.as_deref(),
            job_completion_date_time: job.job_completion_date_time.as_deref(),
            filtering_criteria: job.filtering_criteria.as_ref().map(|text| {
                serde_json::from_str(text).unwrap_or_else(|_| serde_json::Value::String(text.clone()))
            }),
            total_changed_objects_calculated: job.total_changed_objects_calculated,
            total_changed_links_calculated: job.total_changed_links_calculated,
            total_objects_modified: job.total_objects_modified,
            total_links_modified: job.total_links_modified,
            total_failed_changes: job.total_failed_changes,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PageSetView<'r> {
    function: &'static str,
    snapshot_id: Option<&'r str>,
    snapshot_date_time: Option<&'r str>,
    job_id: Option<&'r str>,
    pages: u64,
    items: u64,
    verdict: &'static str,
    reason: String,
    /// What the saved job object says, as a comparison.
    jobs: Vec<JobView<'r>>,
    /// Of which time the current values are at the latest, as written, and what tells so.
    state_as_of: Option<&'r str>,
    state_as_of_basis: Option<&'static str>,
}

impl<'r> PageSetView<'r> {
    fn of(set: &'r PageSet, report: &'r Report<'_>) -> Self {
        let (state_as_of, basis) = report.state_time(set).unzip();
        PageSetView {
            jobs: report.export().jobs_of(set).map(JobView::of).collect(),
            function: set.function.as_str(),
            snapshot_id: set.snapshot_id.as_deref(),
            snapshot_date_time: set.snapshot_date_time.as_deref(),
            job_id: set.job_id.as_deref(),
            pages: set.pages,
            items: set.items,
            verdict: set.verdict().as_str(),
            reason: wording::basis(&set.basis),
            state_as_of,
            state_as_of_basis: basis.map(StateBasis::as_str),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TotalsView {
    objects: u64,
    property_changes: u64,
    link_changes: u64,
    unchanged: u64,
    failed: u64,
}

impl TotalsView {
    fn of(totals: &Totals) -> Self {
        let Totals { objects, property_changes, link_changes, unchanged, failed, .. } = *totals;
        TotalsView { objects, property_changes, link_changes, unchanged, failed }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JobTotalsView<'r> {
    function: &'static str,
    job_id: Option<&'r str>,
    #[serde(flatten)]
    totals: TotalsView,
}

impl<'r> JobTotalsView<'r> {
    fn of(job: &JobTotals<'r>) -> Self {
        let function = job.totals.function.as_str();
        JobTotalsView { function, job_id: job.job_id, totals: TotalsView::of(&job.totals) }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GroupView<'r> {
    function: &'static str,
    recovery_action: Option<&'r str>,
    entity_type_name: &'r str,
    objects: u64,
    property_changes: u64,
    link_changes: u64,
    failed: u64,
}

impl<'r> GroupView<'r> {
    fn of(group: &Group<'r>) -> Self {
        GroupView {
            function: group.function.as_str(),
            recovery_action: group.recovery_action.as_str(),
            entity_type_name: group.entity_type.as_str(),
            objects: group.objects(),
            property_changes: group.property_changes,
            link_changes: group.link_changes,
            failed: group.failed,
        }
    }
}

#[derive(Serialize)]
struct FailureView<'r> {
    category: Option<&'static str>,
    message: Option<&'r str>,
    objects: u64,
}

impl<'r> FailureView<'r> {
    fn of(failure: &'r FailureGroup) -> Self {
        FailureView {
            category: failure.category.map(FailureCategory::as_str),
            message: failure.message.as_deref(),
            objects: failure.objects,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SnapshotView<'r> {
    source: &'r str,
    id: Option<&'r str>,
    created_date_time: Option<&'r str>,
    /// Null where the service does not say: that is not 0.
    total_changed_objects: Option<u64>,
}

impl<'r> SnapshotView<'r> {
    fn of(snapshot: &'r Snapshot) -> Self {
        SnapshotView {
            source: &snapshot.source,
            id: snapshot.id.as_deref(),
            created_date_time: snapshot.created_date_time.as_deref(),
            total_changed_objects: snapshot.total_changed_objects,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RestoreView<'r> {
    collection: &'r str,
    total: u64,
    failed: u64,
    by_status: BTreeMap<&'r str, u64>,
}

impl<'r> RestoreView<'r> {
    fn of(collection: RestoreCollection<'r>) -> Self {
        let RestoreCollection { name, total, failed, by_status } = collection;
        RestoreView { collection: name, total, failed, by_status }
    }
}

#[derive(Serialize)]
struct ProblemView {
    code: &'static str,
    severity: &'static str,
    source: String,
    line: Option<u64>,
    column: Option<u64>,
    message: String,
    advice: &'static str,
}

impl ProblemView {
    fn of(problem: &Problem) -> Self {
        ProblemView {
            code: problem.code(),
            severity: problem.severity().as_str(),
            source: problem.place.source(),
            line: problem.place.position.map(|position| position.line),
            column: problem.place.position.map(|position| position.column),
            message: wording::problem_message(&problem.kind),
            advice: wording::problem_advice(&problem.kind),
        }
    }
}
