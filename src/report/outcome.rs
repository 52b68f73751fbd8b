//! How recovery ended for each change: planned changes joined with failed ones (contract, section 5).

use std::collections::HashMap;

use rayon::prelude::*;

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
    let indexes = || (0..export.indexes()).into_par_iter();
    let attempts = Attempts::of(export);
    let sets = 0..u32::try_from(export.page_sets().len()).unwrap_or(u32::MAX);
    let without_failure: Vec<Outcome> = sets.map(|set| attempts.without_failure(set)).collect();
    let outcome = |item: ItemRef<'_>| {
        if item.is_left_out() {
            // Its page may be in no set.
            return Outcome::Unknown;
        }
        match item.page_set().function {
            Function::GetFailedChanges => Outcome::Failed,
            Function::GetChanges => without_failure[item.set_index() as usize],
            Function::Unknown => Outcome::Unknown,
        }
    };
    let mut joined: Vec<Joined> =
        indexes().map(|index| Joined { outcome: outcome(export.item(index)), failed_as: None }).collect();
    let mut failed: HashMap<Key, Vec<u32>> = HashMap::new();
    let mut marks = Marks::default();
    for (index, _) in (0..).zip(&joined).filter(|(_, joined)| joined.outcome == Outcome::Failed) {
        let item = export.item(index);
        if !item.identity().is_empty() {
            marks.add(item.identity());
            failed.entry(key(item)).or_default().push(index);
        }
    }
    if failed.is_empty() {
        return joined;
    }
    let has_failed = |item: &ItemRef<'_>| {
        !item.is_left_out()
            && marks.may_have(item.identity())
            && item.page_set().function == Function::GetChanges
            && failed.contains_key(&key(*item))
    };
    // Few of many, and each has to be looked up.
    let candidates: Vec<ItemRef<'_>> = indexes().map(|index| export.item(index)).filter(has_failed).collect();
    let mut planned: HashMap<(Key, Option<&SnapshotKey>), Vec<u32>> = HashMap::new();
    for item in candidates {
        planned.entry((key(item), attempts.snapshot(item.set_index()))).or_default().push(item.index);
    }
    let mut failures = Failures { export, attempts: &attempts, of_key: HashMap::new() };
    // Every entry writes only to its own items, so that the map's order does not matter.
    #[expect(clippy::iter_over_hash_type, reason = "the entries are independent of one another")]
    for ((key, snapshot), planned) in planned {
        for (item, failed_as) in failures.matches(key, snapshot, &planned, &failed[&key]) {
            joined[item as usize] = Joined { outcome: Outcome::Failed, failed_as: Some(failed_as) };
        }
    }
    joined
}

/// Which identities occur, by a few bits of each: most that do not are known by them, without a look into a map.
struct Marks(Vec<bool>);

impl Marks {
    const BITS: u32 = 20;

    fn place(identity: Identity) -> usize {
        usize::try_from(identity.mark() >> (u64::BITS - Self::BITS)).unwrap_or_default()
    }

    fn add(&mut self, identity: Identity) {
        self.0[Self::place(identity)] = true;
    }

    fn may_have(&self, identity: Identity) -> bool {
        self.0[Self::place(identity)]
    }
}

impl Default for Marks {
    fn default() -> Self {
        Marks(vec![false; 1 << Self::BITS])
    }
}

fn key(item: ItemRef<'_>) -> Key {
    (item.kind(), item.identity())
}

/// The failed items, in order for being asked for by snapshot and by rows, once for each key.
struct Failures<'e, 'a> {
    export: &'e Export,
    attempts: &'a Attempts,
    of_key: HashMap<Key, OfKey<'e, 'a>>,
}

struct OfKey<'e, 'a> {
    all: BySnapshot<'a>,
    /// Read where they are asked for.
    by_rows: Option<HashMap<Vec<Row<'e>>, BySnapshot<'a>>>,
}

impl<'e, 'a> Failures<'e, 'a> {
    /// Which of `planned`, items of `snapshot` that share `key`, failed, and as which of `failed`, all items that
    /// failed with this key.
    fn matches(
        &mut self,
        key: Key,
        snapshot: Option<&'a SnapshotKey>,
        planned: &[u32],
        failed: &[u32],
    ) -> Vec<(u32, u32)> {
        let (export, attempts) = (self.export, self.attempts);
        let snapshot_of = |item: u32| attempts.snapshot(export.item(item).set_index());
        if let ([only], [one]) = (planned, failed) {
            let of_one = snapshot_of(*one);
            let meets = snapshot.is_none() || of_one.is_none() || snapshot == of_one;
            return if meets { vec![(*only, *one)] } else { Vec::new() };
        }
        let by_snapshot =
            |items: &[u32]| BySnapshot::of(items.iter().map(|&item| (snapshot_of(item), item)).collect());
        let of_key =
            self.of_key.entry(key).or_insert_with(|| OfKey { all: by_snapshot(failed), by_rows: None });
        let Some(meeting) = of_key.all.meeting(snapshot) else { return Vec::new() };
        if let ([only], 1) = (planned, meeting.items) {
            return vec![(*only, meeting.first)];
        }
        let by_rows = of_key.by_rows.get_or_insert_with(|| {
            let mut by_rows: HashMap<Vec<Row<'e>>, Vec<u32>> = HashMap::new();
            for &item in failed {
                by_rows.entry(rows(export, item)).or_default().push(item);
            }
            by_rows.into_iter().map(|(rows, items)| (rows, by_snapshot(&items))).collect()
        });
        let same_rows =
            |&item: &u32| Some((item, by_rows.get(&rows(export, item))?.meeting(snapshot)?.first));
        let matched: Vec<(u32, u32)> = planned.iter().filter_map(same_rows).collect();
        if matched.is_empty() { planned.iter().map(|&item| (item, meeting.first)).collect() } else { matched }
    }
}

/// Some items: how many, and the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Candidates {
    first: u32,
    items: usize,
}

/// Items by their snapshot. What is of no known snapshot may be of any.
struct BySnapshot<'a> {
    all: Candidates,
    /// In the order of the snapshots.
    of: Vec<(Option<&'a SnapshotKey>, Candidates)>,
}

impl<'a> BySnapshot<'a> {
    /// Puts `items` in order, of which there is at least one.
    fn of(mut items: Vec<(Option<&'a SnapshotKey>, u32)>) -> Self {
        let some = |run: &[(Option<&'a SnapshotKey>, u32)]| Candidates {
            first: run.iter().map(|&(_, item)| item).min().unwrap_or_default(),
            items: run.len(),
        };
        let all = some(&items);
        items.sort_unstable();
        BySnapshot { all, of: items.chunk_by(|a, b| a.0 == b.0).map(|run| (run[0].0, some(run))).collect() }
    }

    /// Those that may be of `snapshot`, if any.
    fn meeting(&self, snapshot: Option<&SnapshotKey>) -> Option<Candidates> {
        if snapshot.is_none() {
            return Some(self.all);
        }
        let of = |snapshot: Option<&SnapshotKey>| {
            let place = self.of.binary_search_by_key(&snapshot, |&(own, _)| own).ok()?;
            Some(self.of[place].1)
        };
        match (of(snapshot), of(None)) {
            (Some(a), Some(b)) => Candidates { first: a.first.min(b.first), items: a.items + b.items }.into(),
            (one, other) => one.or(other),
        }
    }
}

fn rows(export: &Export, item: u32) -> Vec<Row<'_>> {
    export.item(item).read().map(|read| diff::changes(&read.record).rows).unwrap_or_default()
}

/// Which snapshot: its instant where its id tells one, so that ids padded differently are the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
}

/// Whether a saved job tells of a recovery in which nothing failed.
fn is_clean(job: &Job) -> bool {
    job.kind != JobKind::Preview
        && job.status.as_ref().is_some_and(JobStatus::is_successful)
        && job.total_failed_changes == Some(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ingest::{Input, SurveyOptions, survey};

    proptest! {
        #[test]
        fn those_that_meet_a_snapshot_are_of_it_or_of_none(
            of in prop::collection::vec(prop::option::of(0..4_u8), 1..12),
            asked in prop::option::of(0..5_u8),
        ) {
            let key = |snapshot: u8| SnapshotKey::Id(snapshot.to_string());
            let (of, asked): (Vec<_>, _) = (of.into_iter().map(|of| of.map(key)).collect(), asked.map(key));
            let items = of.iter().map(Option::as_ref).zip(3..);
            let meeting: Vec<u32> = items
                .clone()
                .filter(|(of, _)| asked.is_none() || of.is_none() || *of == asked.as_ref())
                .map(|(_, item)| item)
                .collect();
            let expected = meeting.first().map(|&first| Candidates { first, items: meeting.len() });
            prop_assert_eq!(BySnapshot::of(items.collect()).meeting(asked.as_ref()), expected);
        }
    }

    #[test]
    fn of_pages_that_are_all_left_out_nothing_is_told() {
        let page = r#"{"@odata.context":"x/recoveryPreviewJobs/a/getChanges","value":[{"id":"1","recoveryAction":"update"}]}"#;
        let inputs = vec![Input::Stdin(page.into())];
        let options = SurveyOptions { jobs: vec!["other".to_owned()], ..SurveyOptions::default() };
        let export = survey(inputs, &options, diff::extent, |_| ());
        assert_eq!((export.indexes(), export.items().count()), (1, 0));
        let joined = join(&export);
        assert_eq!(joined, [Joined { outcome: Outcome::Unknown, failed_as: None }]);
    }
}
