//! The words of `report.md`, which has no room for more.

use super::super::options::Perspective;

use super::number::counted;
use super::page::ELSEWHERE;

/// What stands for a text without characters.
pub const EMPTY: &str = "(empty)";
/// What stands for a name that is not in the data.
pub const NO_NAME: &str = "no name";
/// Behind a path, where a row is one of a link.
pub const LINK: &str = "(link)";
/// The heading of the changes that are looked at first.
pub const FIRST_LOOK: &str = "First look: policies, applications, grants";
/// What stands for a matrix without a line.
pub const NO_CHANGES: &str = "No changes.";
/// The heads of the columns of failures by reason.
pub const FAILURE_COLUMNS: [&str; 3] = ["objects", "reason", "message"];
/// Before a page set's facts: the snapshot, the job, when the current values were read.
pub const SNAPSHOT: &str = "snapshot";
/// Before a job's id.
pub const JOB: &str = "job";
/// Before the time of the current values.
pub const STATE_AS_OF: &str = "tenant state as of";

/// What each of the operator's words is.
pub const OPERATOR_WORDS: [&str; 4] = ["title", "organisation", "case", "prepared by"];

/// What made the report, and out of what.
#[must_use]
pub fn made_by(version: &str, files: u64, passed_over: u64) -> String {
    let passed_over = match passed_over {
        0 => String::new(),
        count => format!("; {} passed over", counted(count, "file", "files")),
    };
    format!(
        "Made by entra-diff {version} out of {}{passed_over}.",
        counted(files, "saved file", "saved files")
    )
}

/// Which way the values of a changed property are told.
#[must_use]
pub fn direction(perspective: Perspective) -> &'static str {
    match perspective {
        Perspective::Incident => {
            "Values are told backup \u{2192} current; + and \u{2212} are items added and removed since the backup."
        }
        Perspective::Recovery => {
            "Values are told current \u{2192} backup; + and \u{2212} are items that recovery will add and remove."
        }
    }
}

/// Both directions of a change, the one that leads first.
#[must_use]
pub fn both(perspective: Perspective, since_backup: &str, recovery_will: &str) -> String {
    match perspective {
        Perspective::Incident => format!("{since_backup}; {recovery_will}"),
        Perspective::Recovery => format!("{recovery_will}; {since_backup}"),
    }
}

/// How long a text is that is not shown whole.
#[must_use]
pub fn whole_length(characters: usize) -> String {
    format!("({})", counted(characters as u64, "character", "characters"))
}

/// How many items of a collection are not told.
#[must_use]
pub fn more_items(items: u64) -> String {
    not_shown(items, "more item", "more items")
}

/// How many page sets are not told.
#[must_use]
pub fn more_sets(sets: u64) -> String {
    not_shown(sets, "more page set", "more page sets")
}

/// How many jobs are not told.
#[must_use]
pub fn more_jobs(jobs: u64) -> String {
    not_shown(jobs, "more job", "more jobs")
}

/// How many problems of a code are not told.
#[must_use]
pub fn more_problems(problems: u64) -> String {
    not_shown(problems, "more", "more")
}

/// How many messages of failed changes are not told.
#[must_use]
pub fn more_messages(messages: u64) -> String {
    elsewhere(messages, "more message", "more messages")
}

/// How many objects of the first look are not told.
#[must_use]
pub fn more_objects(objects: u64) -> String {
    elsewhere(objects, "more object of these types", "more objects of these types")
}

/// How many rows of an object are not told.
#[must_use]
pub fn more_rows(rows: u64) -> String {
    elsewhere(rows, "more change of this object", "more changes of this object")
}

fn not_shown(count: u64, one: &'static str, many: &'static str) -> String {
    format!("{} not shown here", counted(count, one, many))
}

/// The same of what other formats have.
fn elsewhere(count: u64, one: &'static str, many: &'static str) -> String {
    format!("{}; {ELSEWHERE}", not_shown(count, one, many))
}
