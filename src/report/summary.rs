//! The numbers: totals by function and by job. Objects are never added up over functions.

use std::collections::BTreeMap;

use crate::ingest::{Export, ItemRef};
use crate::model::{Function, Outcome};

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
