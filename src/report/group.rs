//! The groups of the report: function × action × type, in contract order (section 4).

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;

use crate::ingest::Export;
use crate::model::{EntityType, Function, Outcome, RecoveryAction};

use super::outcome::Joined;

/// The object changes of one function, action and type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group<'e> {
    /// Function of the pages.
    pub function: Function,
    /// What recovery does.
    pub recovery_action: &'e RecoveryAction,
    /// The kind of object.
    pub entity_type: &'e EntityType,
    /// Its place in the order of the report.
    pub positions: Range<usize>,
    /// Rows of kind property.
    pub property_changes: u64,
    /// Rows of kind link.
    pub link_changes: u64,
    /// Objects whose change failed.
    pub failed: u64,
}

impl Group<'_> {
    /// How many object changes it has.
    #[must_use]
    pub fn objects(&self) -> u64 {
        self.positions.len() as u64
    }
}

/// The groups, and the items in their order.
pub(super) fn arrange<'e>(export: &'e Export, outcomes: &[Joined]) -> (Vec<Group<'e>>, Vec<u32>) {
    let mut members: BTreeMap<(Function, &'e RecoveryAction, &'e EntityType), Vec<u32>> = BTreeMap::new();
    // Items of one kind mostly stand one behind the other: look the group up only where the kind changes.
    let mut run: Vec<u32> = Vec::new();
    let mut items = export.items().peekable();
    while let Some(item) = items.next() {
        run.push(item.index);
        let same = |next: &crate::ingest::ItemRef<'_>| {
            next.kind() == item.kind() && next.set_index() == item.set_index()
        };
        if !items.peek().is_some_and(same) {
            let key = (item.page_set().function, item.recovery_action(), item.entity_type());
            members.entry(key).or_default().append(&mut run);
        }
    }
    let mut order = Vec::with_capacity(outcomes.len());
    let begun = members.into_iter().map(|((function, recovery_action, entity_type), mut items)| {
        let first = order.len();
        order.append(&mut items);
        let positions = first..order.len();
        let (property_changes, link_changes, failed) = (0, 0, 0);
        Group { function, recovery_action, entity_type, positions, property_changes, link_changes, failed }
    });
    let mut groups: Vec<Group<'e>> = begun.collect();
    groups.par_iter_mut().for_each(|group| {
        for &index in &order[group.positions.clone()] {
            let tally = export.item(index).tally();
            group.property_changes += u64::from(tally.property_rows);
            group.link_changes += u64::from(tally.link_rows);
            group.failed += u64::from(outcomes[index as usize].outcome == Outcome::Failed);
        }
    });
    (groups, order)
}
