//! One object after another in contract order: read again from its bytes, normalised, joined.

use crate::diff;
use crate::ingest::Identity;
use crate::model::{Json, ObjectChange, ObjectSinceBackup, Outcome, Record};

use super::{Report, classify};

/// An object change, and the item it was made of.
#[derive(Debug)]
pub struct ObjectView<'e> {
    /// What the report says of it.
    pub change: ObjectChange<'e>,
    record: Record<'e>,
}

impl ObjectView<'_> {
    /// The RFC 6902 patch of the item, compact JSON; `None` where a side is missing or lost.
    #[must_use]
    pub fn patch(&self) -> Option<String> {
        diff::patch(&self.record)
    }
}

impl<'e> Report<'e> {
    /// The object change at `position` of the report's order.
    ///
    /// # Panics
    /// Where `position` is not below [`len`](Self::len).
    #[must_use]
    pub fn object(&self, position: usize) -> ObjectView<'e> {
        let item = self.export.item(self.order[position]);
        let record = item.read().expect("the survey read the same text").record;
        let changes = diff::changes(&record);
        let joined = self.outcomes[item.index as usize];
        let failure_message = self.failure_message(&record, joined.outcome, joined.failed_as);
        let set = item.page_set();
        let change = ObjectChange {
            function: set.function,
            snapshot_id: set.snapshot_id.as_deref(),
            job_id: set.job_id.as_deref(),
            snapshot_date_time: set.snapshot_date_time.as_deref(),
            recovery_action: record.recovery_action.clone(),
            since_backup: ObjectSinceBackup::of(&record.recovery_action),
            entity_type: record.entity_type.clone(),
            id: record.id.clone(),
            display_name: record.display_name.clone(),
            on_premises_synced: record.on_premises_synced,
            outcome: joined.outcome,
            failure_category: failure_message.as_ref().map(classify),
            failure_message,
            removed_reason: record.removed_reason.clone(),
            changes: changes.rows,
            unchanged: u64::from(changes.tally.unchanged),
            source: item.source(),
        };
        ObjectView { change, record }
    }

    /// The positions of the changes of the object `id`, without regard to case.
    pub fn positions_of(&self, id: &str) -> impl Iterator<Item = usize> {
        let identity = Identity::of(id);
        let is_meant = move |index: u32| self.export.item(index).identity() == identity;
        self.order
            .iter()
            .enumerate()
            .filter(move |(_, index)| is_meant(**index))
            .map(|(position, _)| position)
    }

    /// The message of the failed change that a planned one joins, else its own.
    fn failure_message(
        &self,
        record: &Record<'e>,
        outcome: Outcome,
        failed_as: Option<u32>,
    ) -> Option<Json<'e>> {
        let mut message = match failed_as {
            Some(failed) if outcome == Outcome::Failed => {
                let read = self.export.item(failed).read().expect("the survey read the same text");
                read.record.failure_message
            }
            _ => record.failure_message.clone(),
        };
        message.iter_mut().for_each(diff::mask_secrets);
        message
    }
}
