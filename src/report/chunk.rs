//! One object after another in contract order: read again from its bytes, normalised, joined.

use crate::diff;
use crate::ingest::{Export, ItemRef, RecordReader};
use crate::model::{Json, ObjectChange, ObjectSinceBackup, Outcome, Record};

use super::failure::classify;
use super::wording;

/// An item and its text, how recovery ended for it, and the failed item whose message it carries.
#[derive(Clone, Copy)]
pub(super) struct Found<'e> {
    pub(super) item: ItemRef<'e>,
    pub(super) text: &'e str,
    pub(super) outcome: Outcome,
    pub(super) failed_as: Option<ItemRef<'e>>,
    /// How many bytes of that message may stand on a row.
    pub(super) longest_message: u64,
}

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

    /// Both sides of the item as received, `deltaFromCurrent` and `currentState`, as compact JSON with secrets masked;
    /// `None` of a side that is missing or lost.
    #[must_use]
    pub fn sides(&self) -> [Option<String>; 2] {
        [&self.record.delta, &self.record.current].map(|side| {
            let mut side = Json::Object(side.as_object()?.clone());
            diff::mask_secrets(&mut side);
            Some(side.to_compact())
        })
    }
}

/// The object change that was `found`, joined with what became of it.
pub(super) fn object<'e>(found: &Found<'e>, reader: &mut RecordReader<'e>) -> ObjectView<'e> {
    let record = reader.read(found.text).expect("the survey read the same text").record;
    let changes = diff::changes(&record);
    let failure_message = failure_message(&record, found);
    let set = found.item.page_set();
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
        outcome: found.outcome,
        failure_category: failure_message.as_ref().map(classify),
        failure_message: failure_message.map(|message| short(message, found)),
        removed_reason: record.removed_reason.clone(),
        changes: changes.rows,
        unchanged: u64::from(changes.tally.unchanged),
        source: found.item.source(),
    };
    ObjectView { change, record }
}

/// How many bytes a message that is another item's may have where it stands on so many rows: all of them together are
/// no more than the rows of a change may be, and what tells the reason is never cut.
pub(super) fn longest_message(export: &Export, rows: u64) -> u64 {
    const REASON: u64 = 4096;
    (export.limits().change_rows() / rows.max(1)).max(REASON)
}

/// The message of the failed change that a planned one joins, else its own.
fn failure_message<'e>(record: &Record<'e>, found: &Found<'e>) -> Option<Json<'e>> {
    let mut message = match found.failed_as {
        Some(failed) => failed.read().expect("the survey read the same text").record.failure_message,
        None => record.failure_message.clone(),
    };
    message.iter_mut().for_each(diff::mask_secrets);
    message
}

/// A message that is another item's, no longer than it may be.
fn short<'e>(message: Json<'e>, found: &Found<'e>) -> Json<'e> {
    let text = found.failed_as.map(|_| message.to_text());
    match text.and_then(|text| wording::cut_message(&text, found.longest_message)) {
        Some(cut) => Json::String(cut.into()),
        None => message,
    }
}
