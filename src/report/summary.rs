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
}

/// The totals of each function that occurs: that has a page, if only an empty one.
pub(super) fn totals(export: &Export, outcomes: &[Joined]) -> Vec<Totals> {
    let mut totals: BTreeMap<Function, Totals> =
        export.page_sets().iter().map(|set| (set.function, Totals::new(set.function))).collect();
    for item in export.items() {
        let function = item.page_set().function;
        let entry = totals.entry(function).or_insert_with(|| Totals::new(function));
        entry.add(item, outcomes[item.index as usize].outcome);
    }
    totals.into_values().collect()
}

/// The totals of each job, where a function has more than one.
pub(super) fn jobs<'e>(export: &'e Export, outcomes: &[Joined]) -> Vec<JobTotals<'e>> {
    let mut totals: BTreeMap<(Function, Option<&'e str>), Totals> = BTreeMap::new();
    for set in export.page_sets() {
        totals.insert((set.function, set.job_id.as_deref()), Totals::new(set.function));
    }
    let several =
        |function: Function| totals.keys().filter(|key| key.0 == function && key.1.is_some()).count() > 1;
    let told: Vec<Function> = Function::ALL.into_iter().filter(|function| several(*function)).collect();
    for item in export.items() {
        let set = item.page_set();
        let key = (set.function, set.job_id.as_deref());
        totals
            .entry(key)
            .or_insert_with(|| Totals::new(set.function))
            .add(item, outcomes[item.index as usize].outcome);
    }
    totals
        .into_iter()
        .filter(|((function, _), _)| told.contains(function))
        .map(|((_, job_id), totals)| JobTotals { job_id, totals })
        .collect()
}
