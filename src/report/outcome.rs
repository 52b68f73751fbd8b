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
    let sets = 0..u32::try_from(export.page_sets().len()).unwrap_or(u32::MAX);
    let without_failure: Vec<Outcome> = sets.map(|set| attempts.without_failure(set)).collect();
    let mut failed: HashMap<Key, Vec<u32>> = HashMap::new();
    for item in export.items() {
        let outcome = match item.page_set().function {
            Function::GetFailedChanges => {
                if !item.identity().is_empty() {
                    failed.entry(key(item)).or_default().push(item.index);
                }
                Outcome::Failed
            }
            Function::GetChanges => without_failure[item.set_index() as usize],
            Function::Unknown => Outcome::Unknown,
        };
        joined[item.index as usize].outcome = outcome;
    }
    let mut planned: HashMap<(Key, Option<&SnapshotKey>), Vec<u32>> = HashMap::new();
    if failed.is_empty() {
        return joined;
    }
    for item in export.items().filter(|item| item.page_set().function == Function::GetChanges) {
        if failed.contains_key(&key(item)) {
            planned.entry((key(item), attempts.snapshot(item.set_index()))).or_default().push(item.index);
        }
    }
    let mut rows = RowsOf { export, of_key: HashMap::new() };
    // Every entry writes only to its own items, so that the map's order does not matter.
    #[expect(clippy::iter_over_hash_type, reason = "the entries are independent of one another")]
    for ((key, snapshot), planned) in planned {
        let meets = |item: &u32| attempts.meet(snapshot, export.item(*item).set_index());
        let candidates: Vec<u32> = failed[&key].iter().copied().filter(meets).collect();
        for (item, failed_as) in rows.matches(key, &planned, &candidates, &failed[&key]) {
            joined[item as usize] = Joined { outcome: Outcome::Failed, failed_as: Some(failed_as) };
        }
    }
    joined
}

fn key(item: ItemRef<'_>) -> Key {
    (item.kind(), item.identity())
}

/// The rows of failed items, read once for each key.
struct RowsOf<'e> {
    export: &'e Export,
    of_key: HashMap<Key, HashMap<Vec<Row<'e>>, Vec<u32>>>,
}

impl<'e> RowsOf<'e> {
    /// Which of `planned`, items of one snapshot that share `key`, failed, and as which of `candidates`: those
    /// of `failed`, all items that failed with this key, that meet the snapshot.
    fn matches(&mut self, key: Key, planned: &[u32], candidates: &[u32], failed: &[u32]) -> Vec<(u32, u32)> {
        let Some(&first) = candidates.first() else { return Vec::new() };
        if let ([only], [_]) = (planned, candidates) {
            return vec![(*only, first)];
        }
        let export = self.export;
        let by_rows = self.of_key.entry(key).or_insert_with(|| {
            let mut by_rows: HashMap<Vec<Row<'e>>, Vec<u32>> = HashMap::new();
            for &item in failed {
                by_rows.entry(rows(export, item)).or_default().push(item);
            }
            by_rows
        });
        let same_rows = |&item: &u32| {
            let same = by_rows.get(&rows(export, item))?;
            let found = same.iter().find(|failed| candidates.binary_search(failed).is_ok())?;
            Some((item, *found))
        };
        let matched: Vec<(u32, u32)> = planned.iter().filter_map(same_rows).collect();
        if matched.is_empty() { planned.iter().map(|&item| (item, first)).collect() } else { matched }
    }
}

fn rows(export: &Export, item: u32) -> Vec<Row<'_>> {
    export.item(item).read().map(|read| diff::changes(&read.record).rows).unwrap_or_default()
}

/// Which snapshot: its instant where its id tells one, so that ids padded differently are the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum SnapshotKey {
    Time(i64, String),
    Id(String),
}

impl SnapshotKey {
    fn of(id: Option<&str>, time: Option<&str>) -> Option<Self> {
        let instant = time.and_then(Instant::parse);
        instant
            .map(|instant| SnapshotKey::Time(instant.seconds, instant.fraction.to_owned()))
            .or_else(|| id.or(time).map(|id| SnapshotKey::Id(id.to_owned())))
    }
}

/// What is known of the recoveries of a snapshot.
#[derive(Debug, Clone, Copy)]
struct Attempt {
    /// Whether there is one.
    any: bool,
    /// Whether every list of its failed changes is whole.
    sound: bool,
}

impl Attempt {
    const NONE: Attempt = Attempt { any: false, sound: true };

    fn and(self, other: Attempt) -> Self {
        Attempt { any: self.any || other.any, sound: self.sound && other.sound }
    }

    /// The outcome of a planned change that is among no failed ones.
    fn without_failure(self) -> Outcome {
        match self {
            Attempt { any: false, .. } => Outcome::Planned,
            Attempt { sound: true, .. } => Outcome::NotReportedFailed,
            Attempt { .. } => Outcome::Unknown,
        }
    }
}

/// Which recoveries of which snapshots the input knows of. A snapshot that is not known may be any.
struct Attempts {
    /// The snapshot of each page set, by position.
    of_set: Vec<Option<SnapshotKey>>,
    known: HashMap<SnapshotKey, Attempt>,
    nameless: Attempt,
    all: Attempt,
}

impl Attempts {
    fn of(export: &Export) -> Self {
        let key =
            |set: &PageSet| SnapshotKey::of(set.snapshot_id.as_deref(), set.snapshot_date_time.as_deref());
        let of_set = export.page_sets().iter().map(key).collect();
        let mut attempts =
            Attempts { of_set, known: HashMap::new(), nameless: Attempt::NONE, all: Attempt::NONE };
        for set in export.page_sets().iter().filter(|set| set.function == Function::GetFailedChanges) {
            attempts.add(key(set), Attempt { any: true, sound: set.verdict().is_sound() });
        }
        for job in export.jobs().iter().filter(|job| is_clean(job)) {
            // The job's URL names its snapshot; without one its time does.
            let by_url = SnapshotKey::of(job.snapshot_id.as_deref(), job.snapshot_date_time.as_deref());
            let by_time = SnapshotKey::of(None, job.target_state_date_time.as_deref());
            let clean = Attempt { any: true, sound: true };
            for snapshot in [by_url.clone(), by_time.clone()].into_iter().flatten() {
                attempts.add(Some(snapshot), clean);
            }
            if by_url.or(by_time).is_none() {
                attempts.add(None, clean);
            }
        }
        attempts
    }

    fn add(&mut self, snapshot: Option<SnapshotKey>, attempt: Attempt) {
        self.all = self.all.and(attempt);
        let known = match snapshot {
            Some(snapshot) => self.known.entry(snapshot).or_insert(Attempt::NONE),
            None => &mut self.nameless,
        };
        *known = known.and(attempt);
    }

    fn snapshot(&self, set: u32) -> Option<&SnapshotKey> {
        self.of_set[set as usize].as_ref()
    }

    fn without_failure(&self, set: u32) -> Outcome {
        let attempt = match self.snapshot(set) {
            None => self.all,
            Some(snapshot) => self.known.get(snapshot).copied().unwrap_or(Attempt::NONE).and(self.nameless),
        };
        attempt.without_failure()
    }

    /// Whether the failed changes of `failed`, a page set, are of `snapshot`.
    fn meet(&self, snapshot: Option<&SnapshotKey>, failed: u32) -> bool {
        let of_failed = self.snapshot(failed);
        snapshot.is_none() || of_failed.is_none() || snapshot == of_failed
    }
}

/// Whether a saved job tells of a recovery in which nothing failed.
fn is_clean(job: &Job) -> bool {
    job.kind != JobKind::Preview
        && job.status.as_ref().is_some_and(JobStatus::is_successful)
        && job.total_failed_changes == Some(0)
}
