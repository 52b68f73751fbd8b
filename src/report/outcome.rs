//! How recovery ended for each change: planned changes joined with failed ones (contract, section 5).

use std::collections::HashMap;

use crate::diff;
use crate::ingest::{Export, Identity, ItemRef};
use crate::model::{Function, Instant, Job, JobKind, JobStatus, Outcome, PageSet, Row};

/// The outcome of an item, and the failed item whose message it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Joined {
    pub(super) outcome: Outcome,
    /// Position in input order, where that is another item.
    pub(super) failed_as: Option<u32>,
}

/// What two changes must share to be the same change, planned and failed.
type Key = (u32, Identity);

/// The outcomes of all items, by position in input order; of items left out, `Unknown`.
pub(super) fn join(export: &Export) -> Vec<Joined> {
    let length = export.items().last().map_or(0, |item| item.index as usize + 1);
    let mut joined = vec![Joined { outcome: Outcome::Unknown, failed_as: None }; length];
    let attempts = Attempts::of(export);
    let mut failed: HashMap<Key, Vec<u32>> = HashMap::new();
    for item in export.items() {
        let outcome = match item.page_set().function {
            Function::GetFailedChanges => {
                if !item.identity().is_empty() {
                    failed.entry(key(item)).or_default().push(item.index);
                }
                Outcome::Failed
            }
            Function::GetChanges => attempts.without_failure(item.set_index()),
            Function::Unknown => Outcome::Unknown,
        };
        joined[item.index as usize].outcome = outcome;
    }
    let mut planned: HashMap<(Option<&str>, Key), Vec<u32>> = HashMap::new();
    for item in export.items().filter(|item| item.page_set().function == Function::GetChanges) {
        if failed.contains_key(&key(item)) {
            let snapshot = item.page_set().snapshot_id.as_deref();
            planned.entry((snapshot, key(item))).or_default().push(item.index);
        }
    }
    // Every entry writes only to its own items, so that the map's order does not matter.
    #[expect(clippy::iter_over_hash_type, reason = "the entries are independent of one another")]
    for ((_, key), planned) in planned {
        for (item, failed_as) in matches(export, &attempts, &planned, &failed[&key]) {
            joined[item as usize] = Joined { outcome: Outcome::Failed, failed_as: Some(failed_as) };
        }
    }
    joined
}

fn key(item: ItemRef<'_>) -> Key {
    (item.kind(), item.identity())
}

/// Which of `planned`, items of one snapshot that share a key, failed, and as which of `failed`.
fn matches(export: &Export, attempts: &Attempts, planned: &[u32], failed: &[u32]) -> Vec<(u32, u32)> {
    let set = export.item(planned[0]).set_index();
    let candidates: Vec<u32> =
        failed.iter().copied().filter(|&item| attempts.meet(set, export.item(item).set_index())).collect();
    let Some(&first) = candidates.first() else { return Vec::new() };
    if let ([only], [_]) = (planned, &candidates[..]) {
        return vec![(*only, first)];
    }
    let mut by_rows: HashMap<Vec<Row<'_>>, u32> = HashMap::new();
    for &item in &candidates {
        by_rows.entry(rows(export, item)).or_insert(item);
    }
    let same_rows: Vec<(u32, u32)> =
        planned.iter().filter_map(|&item| Some((item, *by_rows.get(&rows(export, item))?))).collect();
    if same_rows.is_empty() { planned.iter().map(|&item| (item, first)).collect() } else { same_rows }
}

fn rows(export: &Export, item: u32) -> Vec<Row<'_>> {
    export.item(item).read().map(|read| diff::changes(&read.record).rows).unwrap_or_default()
}

/// Which recoveries of which snapshots the input knows of.
struct Attempts {
    /// For each page set, by position: the sets of failed changes of its snapshot, and what a change that is
    /// in none of them is.
    of_set: Vec<(Vec<u32>, Outcome)>,
}

impl Attempts {
    fn of(export: &Export) -> Self {
        let sets = export.page_sets();
        let failed: Vec<(u32, &PageSet)> =
            (0..).zip(sets).filter(|(_, set)| set.function == Function::GetFailedChanges).collect();
        let of_set = |set: &PageSet| {
            let met: Vec<_> = failed.iter().filter(|(_, failed)| share_snapshot(set, failed)).collect();
            let clean_job = export.jobs().iter().any(|job| {
                job.kind != JobKind::Preview
                    && job.status.as_ref().is_some_and(JobStatus::is_successful)
                    && job.total_failed_changes == Some(0)
                    && is_of_snapshot(job, set)
            });
            let outcome = if met.is_empty() && !clean_job {
                Outcome::Planned
            } else if met.iter().all(|(_, failed)| failed.verdict().is_sound()) {
                Outcome::NotReportedFailed
            } else {
                Outcome::Unknown
            };
            (met.into_iter().map(|&(number, _)| number).collect(), outcome)
        };
        Attempts { of_set: sets.iter().map(of_set).collect() }
    }

    /// The outcome of a planned change of `set` that is among no failed ones.
    fn without_failure(&self, set: u32) -> Outcome {
        self.of_set[set as usize].1
    }

    /// Whether `failed` is a set of failed changes of the snapshot of `planned`.
    fn meet(&self, planned: u32, failed: u32) -> bool {
        self.of_set[planned as usize].0.contains(&failed)
    }
}

/// A snapshot that is not known may be any; ids of the same time are the same, however they are padded.
fn share_snapshot(a: &PageSet, b: &PageSet) -> bool {
    let (Some(id_a), Some(id_b)) = (&a.snapshot_id, &b.snapshot_id) else { return true };
    id_a == id_b || is_same_time(a.snapshot_date_time.as_deref(), b.snapshot_date_time.as_deref())
}

/// Whether `job` recovered the snapshot of `set`: by the id in its URL, else by its time.
fn is_of_snapshot(job: &Job, set: &PageSet) -> bool {
    let Some(snapshot) = &set.snapshot_id else { return true };
    match (&job.snapshot_id, &job.target_state_date_time) {
        (Some(id), _) if id == snapshot => true,
        (_, Some(target)) => is_same_time(Some(target), set.snapshot_date_time.as_deref()),
        (Some(_), None) => false,
        (None, None) => true,
    }
}

fn is_same_time(a: Option<&str>, b: Option<&str>) -> bool {
    let instant = |text: Option<&str>| -> Option<(i64, String)> {
        Instant::parse(text?).map(|instant| (instant.seconds, instant.fraction.to_owned()))
    };
    instant(a).is_some_and(|time| instant(b) == Some(time))
}
