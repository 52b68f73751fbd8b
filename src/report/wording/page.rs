//! What a page says of what it does not show.

use super::super::group::Group;
use super::number::{counted, number};

/// Behind a name that is not shown whole.
#[must_use]
pub fn cut_name(characters: usize) -> String {
    format!("… ({} characters)", number(characters as u64))
}

/// Which part of a long value is shown, characters counted from 1, and where it is whole.
#[must_use]
pub fn excerpt(from: usize, to: usize, length: usize) -> String {
    let [from, to, length] = [from, to, length].map(|count| number(count as u64));
    format!("characters {from} to {to} of {length}; whole in the format ndjson")
}

/// How many items of a collection are not listed, each number with what they are.
#[must_use]
pub fn more_items(more: &[(usize, &str)]) -> Option<String> {
    let listed = more.iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> =
        listed.map(|(count, what)| format!("and {} more {what}", number(*count as u64))).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

/// Where everything is that a page leaves out, whatever formats were asked for together with it.
pub(super) const ELSEWHERE: &str = "the formats csv, xlsx and ndjson have all of them";

/// How many objects of a group are in the page.
#[must_use]
pub fn objects_shown(shown: u64, group: &Group<'_>) -> String {
    format!("{} of {} objects are shown here", number(shown), number(group.objects()))
}

/// How many groups have no object in the page.
#[must_use]
pub fn groups_left_out(groups: u64) -> String {
    format!("{} not shown here; {ELSEWHERE}", counted(groups, "more group is", "more groups are"))
}

/// How many rows of an object are not in the page.
#[must_use]
pub fn rows_left_out(rows: u64) -> String {
    let rows = counted(rows, "more row of this object is", "more rows of this object are");
    format!("{rows} not shown here; {ELSEWHERE}")
}

/// What is in a page that does not show all: rows, groups and failed changes, each as shown here and of how
/// many.
#[must_use]
pub fn selection(rows: (u64, u64), groups: (u64, u64), failed: (u64, u64)) -> String {
    let failed = match failed {
        (_, 0) => String::new(),
        (shown, all) if shown == all => " and the failed changes".to_owned(),
        (shown, all) => format!(" and {} of {} failed changes", number(shown), number(all)),
    };
    let groups = match groups {
        (shown, all) if shown == all => "each group".to_owned(),
        (shown, all) => format!("{} of {} groups", number(shown), number(all)),
    };
    let (shown, all) = (number(rows.0), number(rows.1));
    format!("{shown} of {all} rows are shown here: the first objects of {groups}{failed}; {ELSEWHERE}.")
}

/// How many page sets are not listed.
#[must_use]
pub fn more_sets(sets: u64) -> String {
    format!("and {}", counted(sets, "more set of pages", "more sets of pages"))
}

/// How many objects are not named.
#[must_use]
pub fn more_objects(objects: u64) -> String {
    format!("and {}", counted(objects, "more object", "more objects"))
}

/// How many jobs are not listed.
#[must_use]
pub fn more_jobs(jobs: u64) -> String {
    format!("and {}", counted(jobs, "more job", "more jobs"))
}

/// How many messages are not listed.
#[must_use]
pub fn more_messages(messages: u64) -> String {
    format!("and {}", counted(messages, "more message", "more messages"))
}

/// How many problems of a code are not listed.
#[must_use]
pub fn more_problems(code: &str, problems: u64) -> String {
    format!("{code}: {} more of this kind", number(problems))
}

/// How many files are not listed.
#[must_use]
pub fn more_files(files: u64) -> String {
    format!("and {}", counted(files, "more file", "more files"))
}

/// The front of a message that is longer than `most` bytes; `None` of a shorter one.
#[must_use]
pub fn cut_message(message: &str, most: u64) -> Option<String> {
    let most = usize::try_from(most).ok().filter(|most| message.len() > *most)?;
    let end = (0..=most).rev().find(|&end| message.is_char_boundary(end)).unwrap_or(0);
    Some(format!("{} … (cut: the whole message stands with the failed change)", &message[..end]))
}

/// In the place of values that are too long for a page.
pub const TOO_LONG: &str = "too long for this page; the formats csv and ndjson have it";
