//! A case of a batch: what is kept of its report, so that it can be told beside others without being read again.

use serde::{Deserialize, Serialize};

use crate::model::{EntityType, Function, Problem, RecoveryAction, RestoreOutcome, Severity};

use super::wording::Sentence;
use super::{Report, Standing};

/// A case of a batch, and what its row tells.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Case {
    /// The name of its folder in that of the batch.
    pub name: String,
    /// Where it lies, as the operator said.
    pub source: String,
    /// The job whose pages alone it is.
    pub job: Option<String>,
    /// The operator's words.
    pub words: CaseWords,
    /// What its run ended with.
    pub exit_code: u8,
    /// Why there is no report, or what is wrong beside it.
    pub error: Option<String>,
    /// Problems by which data is missing, and others.
    pub errors: u64,
    /// Problems to be minded.
    pub warnings: u64,
    /// What was counted; `None` where there is no report.
    pub report: Option<CaseReport>,
    /// The files of its report that are written, by their names in its folder.
    pub files: Vec<String>,
}

/// What the operator says of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseWords {
    /// Whose tenant it is.
    pub organization: Option<String>,
    /// A case number.
    pub case_id: Option<String>,
    /// The title of its report.
    pub title: Option<String>,
    /// Who made it.
    pub prepared_by: Option<String>,
}

/// What is kept of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseReport {
    /// How complete it is.
    pub standing: Standing,
    /// The digest of the list of what was read.
    pub evidence_id: String,
    /// The times of the backups it compares with, as the data has them, or their ids; each once.
    pub snapshots: Vec<String>,
    /// The jobs of its pages, each once.
    pub jobs: Vec<String>,
    /// The numbers of each function that occurs.
    pub totals: Vec<CaseTotals>,
    /// The changes that failed: those that `getFailedChanges` lists, or where it lists none, those that carry a message.
    /// `None` where there is neither a page of the former nor one of the latter.
    pub failed: Option<u64>,
    /// The object changes by function, action and type, in the order of the report.
    pub groups: Vec<CaseGroup>,
    /// The artifacts of restore sessions, and how many of them failed.
    pub restore_artifacts: (u64, u64),
    /// The changes that are told first, no more than [`TOLD`].
    pub first: Vec<Sentence>,
}

/// The numbers of a function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseTotals {
    /// `getChanges`, `getFailedChanges` or `unknown`.
    pub function: String,
    /// Object changes.
    pub objects: u64,
    /// Changed properties.
    pub property_changes: u64,
    /// Changed links.
    pub link_changes: u64,
    /// Object changes that failed.
    pub failed: u64,
}

/// Object changes of one function, action and type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseGroup {
    /// `getChanges`, `getFailedChanges` or `unknown`.
    pub function: String,
    /// What recovery does; `None` where the items do not say.
    pub recovery_action: Option<String>,
    /// The type.
    pub entity_type: String,
    /// How many.
    pub objects: u64,
    /// Their changed properties and links.
    pub changes: u64,
}

/// How many changes of a case are told.
pub const TOLD: usize = 3;

impl CaseReport {
    /// What is kept of `report`.
    #[must_use]
    pub fn of(report: &Report<'_>) -> Self {
        let distinct = |texts: Vec<String>| {
            let mut distinct: Vec<String> = Vec::new();
            for text in texts {
                if !distinct.contains(&text) && distinct.len() < DISTINCT {
                    distinct.push(text);
                }
            }
            distinct
        };
        let sets = report.export().page_sets().iter();
        let snapshot = |set: &crate::model::PageSet| {
            let saved = report.export().snapshot_made(set.snapshot_id.as_deref().unwrap_or_default());
            let told = set.snapshot_date_time.as_deref().or(saved).or(set.snapshot_id.as_deref());
            told.map(str::to_owned)
        };
        let reasons = report.failures().iter().map(|reason| reason.objects).sum::<u64>();
        let failed = |artifact: &&crate::model::RestoreArtifact| artifact.outcome == RestoreOutcome::Failed;
        CaseReport {
            standing: report.standing(),
            evidence_id: report.inputs().evidence_id().to_string(),
            snapshots: distinct(sets.clone().filter_map(snapshot).collect()),
            jobs: distinct(sets.filter_map(|set| set.job_id.clone()).collect()),
            totals: report.totals().iter().map(CaseTotals::of).collect(),
            failed: Some(reasons).filter(|failed| report.has_failed_pages() || *failed > 0),
            groups: report.groups().iter().map(CaseGroup::of).collect(),
            restore_artifacts: (
                report.restore_artifacts().count() as u64,
                report.restore_artifacts().filter(failed).count() as u64,
            ),
            first: report
                .first(report.options().perspective)
                .changes
                .into_iter()
                .take(TOLD)
                .map(|first| first.told.sentence())
                .collect(),
        }
    }

    /// The numbers of `function`; `None` where it has no page of it.
    #[must_use]
    pub fn totals_of(&self, function: Function) -> Option<&CaseTotals> {
        self.totals.iter().find(|totals| totals.function == function.as_str())
    }

    /// The changes of an unknown function; `None` where it has no page of them.
    #[must_use]
    pub fn others(&self) -> Option<u64> {
        self.totals_of(Function::Unknown).map(|totals| totals.objects)
    }

    /// The changes that recovery could not make, each once, as the report gives reasons for them; `None` where nothing
    /// tells of failures.
    #[must_use]
    pub fn failed(&self) -> Option<u64> {
        self.failed
    }

    /// The planned object changes of one action, and of all that have no column of their own for `None`.
    #[must_use]
    pub fn planned(&self, action: Option<&RecoveryAction>) -> Option<u64> {
        self.sum_of_planned(action, |group| group.objects)
    }

    /// Their changed properties and links.
    #[must_use]
    pub fn planned_changes(&self, action: Option<&RecoveryAction>) -> Option<u64> {
        self.sum_of_planned(action, |group| group.changes)
    }

    fn sum_of_planned(
        &self,
        action: Option<&RecoveryAction>,
        count: impl Fn(&CaseGroup) -> u64,
    ) -> Option<u64> {
        self.totals_of(Function::GetChanges)?;
        let is_meant = |group: &&CaseGroup| match action {
            Some(action) => group.recovery_action.as_deref() == action.as_str(),
            None => ACTIONS.iter().all(|known| group.recovery_action.as_deref() != known.as_str()),
        };
        Some(self.groups_of(Function::GetChanges).filter(is_meant).map(count).sum())
    }

    pub(super) fn groups_of(&self, function: Function) -> impl Iterator<Item = &CaseGroup> {
        self.groups.iter().filter(move |group| group.function == function.as_str())
    }

    /// The changes of what is neither a user nor a group.
    pub(super) fn beside_people(&self) -> u64 {
        let people = [EntityType::User, EntityType::Group];
        let is_other = |group: &&CaseGroup| people.iter().all(|known| known.as_str() != group.entity_type);
        let of = |function: Function| self.groups_of(function).filter(is_other).map(|group| group.objects);
        let known = of(Function::GetChanges).sum::<u64>().max(of(Function::GetFailedChanges).sum());
        known + of(Function::Unknown).sum::<u64>()
    }
}

/// How many snapshots and jobs of a case are kept.
const DISTINCT: usize = 50;

/// The actions that have a column of their own.
pub const ACTIONS: [RecoveryAction; 3] =
    [RecoveryAction::Update, RecoveryAction::SoftDelete, RecoveryAction::Restore];

impl CaseTotals {
    fn of(totals: &super::Totals) -> Self {
        CaseTotals {
            function: totals.function.as_str().to_owned(),
            objects: totals.objects,
            property_changes: totals.property_changes,
            link_changes: totals.link_changes,
            failed: totals.failed,
        }
    }
}

impl CaseGroup {
    fn of(group: &super::Group<'_>) -> Self {
        CaseGroup {
            function: group.function.as_str().to_owned(),
            recovery_action: group.recovery_action.as_str().map(str::to_owned),
            entity_type: group.entity_type.as_str().to_owned(),
            objects: group.objects(),
            changes: group.property_changes + group.link_changes,
        }
    }
}

/// How many of `problems` are errors, and how many warnings.
#[must_use]
pub fn problems_of(problems: &[Problem]) -> (u64, u64) {
    let of = |severity: Severity| {
        let of = problems.iter().filter(move |problem| problem.severity() == severity);
        of.map(Problem::count).sum()
    };
    (of(Severity::Error), of(Severity::Warning))
}
