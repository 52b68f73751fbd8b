//! Until when deleted objects can be brought back.

use std::collections::BTreeSet;

use crate::ingest::{Export, Identity, ItemRef};
use crate::model::{RecoveryAction, epoch_seconds_text};

/// How long a soft-deleted object stays in the directory's bin, in seconds: 30 days, after which it is
/// deleted for good (docs/service.md).
const BIN_SECONDS: i64 = 30 * 24 * 60 * 60;

/// The time by which soft-deleted objects must be restored, as far as the data tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The earliest; `None` where no object says when it was deleted.
    pub earliest: Option<Earliest>,
    /// How many objects are to be restored and say when they were deleted.
    pub objects: u64,
    /// How many more are to be restored and do not say.
    pub unknown: u64,
}

/// The object that was deleted first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earliest {
    /// Its deletion and 30 days, RFC 3339.
    pub date_time: String,
    /// When it was deleted, RFC 3339.
    pub deleted_date_time: String,
    /// Its change, by its position in the report's order.
    pub position: usize,
}

/// The deadline of all objects that lay in the bin when the job ran: those that recovery would restore, and
/// those of an action that is not known; `None` where there are none. `order` is the report's, by position in
/// input order.
pub(super) fn of(export: &Export, order: &[u32]) -> Option<Deadline> {
    let mut first: Option<(i64, u32)> = None;
    let mut told = Distinct::default();
    for item in export.items().filter(|item| may_be_restored(*item)) {
        let Some(deleted) = item.deleted_at() else { continue };
        told.add(item);
        if first.is_none_or(|(earliest, _)| deleted < earliest) {
            first = Some((deleted, item.index));
        }
    }
    let mut unknown = Distinct::default();
    let is_restored = |item: &ItemRef<'_>| *item.recovery_action() == RecoveryAction::Restore;
    for item in export.items().filter(is_restored) {
        if item.deleted_at().is_none() && !told.has(item) {
            unknown.add(item);
        }
    }
    let earliest = first.and_then(|(deleted, index)| {
        Some(Earliest {
            date_time: epoch_seconds_text(deleted + BIN_SECONDS)?,
            deleted_date_time: epoch_seconds_text(deleted)?,
            position: order.iter().position(|&other| other == index)?,
        })
    });
    let deadline = Deadline { earliest, objects: told.count(), unknown: unknown.count() };
    (deadline.objects + deadline.unknown > 0).then_some(deadline)
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

    /// The first deadline and whose it is, and how many objects say when they were deleted and how many not.
    type Told = (Option<(String, String)>, u64, u64);

    /// The deadline of items, each an action, an id and a time of deletion.
    fn deadline(items: &[(&str, &str, &str)]) -> Option<Told> {
        let item = |(action, id, deleted): &(&str, &str, &str)| {
            format!(
                r#"{{"id":"{id}","recoveryAction":{action},"currentState":{{"deletedDateTime":{deleted}}}}}"#
            )
        };
        let page = items.iter().map(item).collect::<Vec<_>>().join("\n");
        let inputs = vec![Input::Stdin(page.into_bytes())];
        let export = survey(inputs, &SurveyOptions::default(), crate::diff::extent, |_| ());
        let report = Report::new(&export, Options::default());
        let found = report.deadline()?;
        let first = found.earliest.as_ref();
        let first = first
            .map(|first| (first.date_time.clone(), report.object(first.position).change.id.into_owned()));
        Some((first, found.objects, found.unknown))
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
        let first = Some(("2026-12-17T00:00:00Z".to_owned(), "early".to_owned()));
        assert_eq!(found, Some((first, 2, 1)));
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
            assert_eq!(deadline(&[(RESTORE, "a", text)]), Some((None, 0, 1)), "{text}");
        }
    }
}
