//! The numbers: totals by function and by job. Objects are never added up over functions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ingest::{Export, ItemRef};
use crate::model::{Function, Outcome, PageSet, Verdict};

use super::outcome::Joined;

/// The numbers of one function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// Function of the pages.
    pub function: Function,
    /// Object changes.
    pub objects: u64,
    /// Rows of kind property.
    pub property_changes: u64,
    /// Rows of kind link.
    pub link_changes: u64,
    /// Compared values that were equal.
    pub unchanged: u64,
    /// Object changes that failed.
    pub failed: u64,
}

/// How far a report can be trusted to have everything: the first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Standing {
    /// A page set is proved to lack something.
    Incomplete,
    /// A page set contradicts itself.
    Suspicious,
    /// The pages are there, but something in the input could not be read or used.
    DataMissing,
    /// There is no page of changes at all: the report is one of restore sessions.
    NoPages,
    /// Some items stand without a page around them.
    Unverifiable,
    /// Nothing is missing that can be seen.
    NoGapFound,
    /// Proved: everything is there.
    Complete,
}

impl Standing {
    /// Its name for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Incomplete => "incomplete",
            Standing::Suspicious => "suspicious",
            Standing::DataMissing => "dataMissing",
            Standing::NoPages => "noPages",
            Standing::Unverifiable => "unverifiable",
            Standing::NoGapFound => "noGapFound",
            Standing::Complete => "complete",
        }
    }

    /// Of the least complete of `sets`, where `has_errors` tells of problems of severity error.
    pub(super) fn of(sets: &[PageSet], has_errors: bool) -> Self {
        let of_set = |set: &PageSet| match set.verdict() {
            Verdict::Incomplete => Standing::Incomplete,
            Verdict::Suspicious => Standing::Suspicious,
            Verdict::Unverifiable => Standing::Unverifiable,
            Verdict::NoGapFound => Standing::NoGapFound,
            Verdict::Complete => Standing::Complete,
        };
        let errors = has_errors.then_some(Standing::DataMissing);
        sets.iter().map(of_set).chain(errors).min().unwrap_or(Standing::NoPages)
    }
}

/// The numbers of one job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobTotals<'e> {
    /// Its id; `None` for the pages that name no job.
    pub job_id: Option<&'e str>,
    /// Its numbers.
    pub totals: Totals,
}

impl Totals {
    fn new(function: Function) -> Self {
        Totals { function, objects: 0, property_changes: 0, link_changes: 0, unchanged: 0, failed: 0 }
    }

    fn add(&mut self, item: ItemRef<'_>, outcome: Outcome) {
        let tally = item.tally();
        self.objects += 1;
        self.property_changes += u64::from(tally.property_rows);
        self.link_changes += u64::from(tally.link_rows);
        self.unchanged += u64::from(tally.unchanged);
        self.failed += u64::from(outcome == Outcome::Failed);
    }

    fn merge(&mut self, other: &Totals) {
        self.objects += other.objects;
        self.property_changes += other.property_changes;
        self.link_changes += other.link_changes;
        self.unchanged += other.unchanged;
        self.failed += other.failed;
    }
}

/// The totals of each page set, by its position.
pub(super) fn of_sets(export: &Export, outcomes: &[Joined]) -> Vec<Totals> {
    let mut totals: Vec<Totals> = export.page_sets().iter().map(|set| Totals::new(set.function)).collect();
    for item in export.items() {
        totals[item.set_index() as usize].add(item, outcomes[item.index as usize].outcome);
    }
    totals
}

/// The totals of each function that occurs: that has a page, if only an empty one.
pub(super) fn totals(of_sets: &[Totals]) -> Vec<Totals> {
    let mut totals: BTreeMap<Function, Totals> = BTreeMap::new();
    for set in of_sets {
        totals.entry(set.function).or_insert_with(|| Totals::new(set.function)).merge(set);
    }
    totals.into_values().collect()
}

/// The totals of each job, where a function has more than one.
pub(super) fn jobs<'e>(export: &'e Export, of_sets: &[Totals]) -> Vec<JobTotals<'e>> {
    let mut totals: BTreeMap<(Function, Option<&'e str>), Totals> = BTreeMap::new();
    for (set, of_set) in export.page_sets().iter().zip(of_sets) {
        let key = (set.function, set.job_id.as_deref());
        totals.entry(key).or_insert_with(|| Totals::new(set.function)).merge(of_set);
    }
    let several =
        |function: Function| totals.keys().filter(|(of, job)| *of == function && job.is_some()).count() > 1;
    let told: Vec<Function> = Function::ALL.into_iter().filter(|function| several(*function)).collect();
    totals
        .into_iter()
        .filter(|((function, _), _)| told.contains(function))
        .map(|((_, job_id), totals)| JobTotals { job_id, totals })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Input, SurveyOptions, survey};

    #[test]
    fn a_report_is_as_complete_as_the_least_of_its_page_sets() {
        let standing = |pages: &[&str]| {
            let inputs = vec![Input::Stdin(pages.join("\n").into_bytes())];
            let export = survey(inputs, &SurveyOptions::default(), crate::diff::extent, |_| ());
            super::super::Report::new(&export, super::super::Options::default()).standing()
        };
        let counted = r#"{"@odata.context":"getChanges","@odata.count":0,"value":[]}"#;
        let consistent = r#"{"@odata.context":"getFailedChanges","value":[]}"#;
        let bare = r#"{"id":"a","recoveryAction":"update"}"#;
        let open_ended = r#"{"@odata.context":"getFailedChanges","@odata.nextLink":"x","value":[]}"#;
        let twice = r#"{"@odata.context":"getFailedChanges", "value":[]}"#;
        let error = r#"{"error":{"code":"x","message":"y"}}"#;
        assert_eq!(standing(&[counted]), Standing::Complete);
        assert_eq!(standing(&[counted, consistent]), Standing::NoGapFound);
        assert_eq!(standing(&[counted, consistent, bare]), Standing::Unverifiable);
        assert_eq!(standing(&[counted, error]), Standing::DataMissing);
        assert_eq!(standing(&[counted, consistent, twice]), Standing::Suspicious);
        assert_eq!(standing(&[counted, open_ended, error, bare]), Standing::Incomplete);
        let session = r#"{"siteRestoreArtifacts@delta":[{}]}"#;
        assert_eq!(standing(&[session]), Standing::NoPages);
        assert_eq!(standing(&[session, error]), Standing::DataMissing);
        assert_eq!(standing(&[session, counted]), Standing::Complete);
    }
}
