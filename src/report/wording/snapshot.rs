//! What saved snapshot objects say: which backups there are, and whether the report compares with one of them.

use crate::model::PageSet;

use super::super::as_of::Backups;
use super::super::time_zone::TimeZone;
use super::job::time;
use super::number::{counted, number};
use super::sentence::{Sentence, listed};

/// How many backups are named in one sentence.
const NAMED: usize = 3;

/// The backups that a saved list has, and where those that the report compares with are.
#[must_use]
pub fn backups(backups: &Backups<'_>, zone: &TimeZone) -> Sentence {
    let count = counted(backups.count, "backup", "backups");
    let listing = Sentence::ours(format!("The saved list has {count}"));
    let range = match backups.range {
        None => Sentence::ours(", whose times are not in the data"),
        Some((first, last)) if first == last => Sentence::ours(", of ").then(time(zone, first)),
        Some((first, last)) => {
            Sentence::ours(", from ").then(time(zone, first)).and(" to ").then(time(zone, last))
        }
    };
    let names = |sets: &[&PageSet]| {
        let mut names: Vec<Sentence> = sets.iter().take(NAMED).map(|set| name(set, zone)).collect();
        let more = sets.len().saturating_sub(NAMED) as u64;
        names.extend((more > 0).then(|| Sentence::ours(format!("{} more", number(more)))));
        listed(names)
    };
    let place = match (&backups.among[..], &backups.missing[..]) {
        ([], []) => Sentence::ours("; which of them this report compares with is not in the data"),
        ([_], []) => Sentence::ours("; the one that this report compares with is among them: "),
        (_, []) => Sentence::ours("; those that this report compares with are among them: "),
        (_, [_]) => Sentence::ours("; not among them is one that this report compares with: "),
        (_, _) => Sentence::ours("; not among them are some that this report compares with: "),
    };
    let told = if backups.missing.is_empty() { &backups.among } else { &backups.missing };
    listing.then(range).then(place).then(names(told)).and(".")
}

fn name(set: &PageSet, zone: &TimeZone) -> Sentence {
    match (&set.snapshot_date_time, &set.snapshot_id) {
        (Some(written), _) => time(zone, written),
        (None, id) => Sentence::default().theirs(id.as_deref().unwrap_or_default()),
    }
}

/// When a backup was made whose id does not tell it.
#[must_use]
pub fn snapshot_time(written: &str, zone: &TimeZone) -> Sentence {
    let made = Sentence::ours("made ").then(time(zone, written));
    let made = if zone.shown(written).is_some() { made.and(" (").theirs(written).and(")") } else { made };
    made.and(", says the saved object of this backup")
}
