//! Until when deleted objects can be brought back.

use std::collections::BTreeSet;

use crate::ingest::{Export, Identity, ItemRef};
use crate::model::{RecoveryAction, epoch_seconds_text};

/// How long a soft-deleted object stays in the directory's bin, in seconds: 30 days, after which it is
/// deleted for good (docs/service.md).
const BIN_SECONDS: i64 = 30 * 24 * 60 * 60;

/// The time by which soft-deleted objects must be restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The earliest, RFC 3339: the first deletion and 30 days.
    pub date_time: String,
    /// When the object with the earliest was deleted, RFC 3339.
    pub deleted_date_time: String,
    /// Its change, by its position in the report's order.
    pub position: usize,
    /// How many objects are in the bin and say since when.
    pub objects: u64,
    /// How many more are to be restored and do not say since when.
    pub unknown: u64,
}

/// The earliest deadline of all objects that lie in the bin: those that recovery would restore, and those of
/// an action that is not known. `order` is the report's, by position in input order.
pub(super) fn earliest(export: &Export, order: &[u32]) -> Option<Deadline> {
    let mut earliest: Option<(i64, u32)> = None;
    let mut counted = Distinct::default();
    for item in export.items().filter(|item| may_be_restored(*item)) {
        let Some(deleted) = item.deleted_at() else { continue };
        counted.add(item);
        if earliest.is_none_or(|(first, _)| deleted < first) {
            earliest = Some((deleted, item.index));
        }
    }
    let (deleted, index) = earliest?;
    let mut unknown = Distinct::default();
    let is_restored = |item: &ItemRef<'_>| *item.recovery_action() == RecoveryAction::Restore;
    for item in export.items().filter(is_restored) {
        if item.deleted_at().is_none() && !counted.has(item) {
            unknown.add(item);
        }
    }
    Some(Deadline {
        date_time: epoch_seconds_text(deleted + BIN_SECONDS)?,
        deleted_date_time: epoch_seconds_text(deleted)?,
        position: order.iter().position(|&other| other == index)?,
        objects: counted.count(),
        unknown: unknown.count(),
    })
}

fn may_be_restored(item: ItemRef<'_>) -> bool {
    match item.recovery_action() {
        RecoveryAction::Restore | RecoveryAction::Missing | RecoveryAction::Other(_) => true,
        RecoveryAction::Update | RecoveryAction::SoftDelete => false,
    }
}

/// Objects, each counted once however many changes it has; those without an id are each one of their own.
#[derive(Default)]
struct Distinct {
    named: BTreeSet<Identity>,
    nameless: u64,
}

impl Distinct {
    fn add(&mut self, item: ItemRef<'_>) {
        if item.identity().is_empty() {
            self.nameless += 1;
        } else {
            self.named.insert(item.identity());
        }
    }

    fn has(&self, item: ItemRef<'_>) -> bool {
        self.named.contains(&item.identity())
    }

    fn count(&self) -> u64 {
        self.named.len() as u64 + self.nameless
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Options, Report};
    use crate::ingest::{Input, SurveyOptions, survey};

    /// The deadline of items, each an action, an id and a time of deletion.
    fn deadline(items: &[(&str, &str, &str)]) -> Option<(String, String, u64, u64)> {
        let item = |(action, id, deleted): &(&str, &str, &str)| {
            format!(
                r#"{{"id":"{id}","recoveryAction":{action},"currentState":{{"deletedDateTime":{deleted}}}}}"#
            )
        };
        let page = items.iter().map(item).collect::<Vec<_>>().join("\n");
        let inputs = vec![Input::Stdin(page.into_bytes())];
        let export = survey(inputs, &SurveyOptions::default(), crate::diff::tally, |_| ());
        let report = Report::new(&export, Options::default());
        let found = report.deadline()?;
        let first = report.object(found.position).change.id.into_owned();
        Some((found.date_time.clone(), first, found.objects, found.unknown))
    }

    const RESTORE: &str = "\"restore\"";

    #[test]
    fn the_earliest_deletion_counts_and_each_object_once() {
        let found = deadline(&[
            (RESTORE, "late", "\"2026-11-17T01:00:00.9999999Z\""),
            (RESTORE, "early", "\"2026-11-17T01:00:00+01:00\""),
            (RESTORE, "EARLY", "\"2026-11-18T00:00:00Z\""),
            (RESTORE, "untold", "null"),
            (RESTORE, "early", "null"),
        ]);
        assert_eq!(found, Some(("2026-12-17T00:00:00Z".to_owned(), "early".to_owned(), 2, 1)));
    }

    #[test]
    fn an_object_that_recovery_does_not_restore_has_none() {
        let time = "\"2026-11-17T00:00:00Z\"";
        assert_eq!(deadline(&[("\"update\"", "a", time), ("\"softDelete\"", "b", time)]), None);
        assert!(deadline(&[("\"undelete\"", "of an action to come", time)]).is_some());
        assert!(deadline(&[("null", "of no action", time)]).is_some());
    }

    #[test]
    fn what_is_no_time_of_a_deletion_is_none() {
        for text in
            ["\"\"", "\"yesterday\"", "\"9999-12-31T23:59:59Z\"", "\"1969-12-31T00:00:00Z\"", "7", "{}"]
        {
            assert_eq!(deadline(&[(RESTORE, "a", text)]), None, "{text}");
        }
    }
}
