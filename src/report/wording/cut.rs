//! What stands behind a text that a cell of the workbook cannot hold: how long all of it is, and where all of it stands.

use super::number::{counted, number};

/// The mark behind a text of so many characters and lines, all of which stands at `place`.
#[must_use]
pub fn mark(characters: u64, lines: u64, place: &str) -> String {
    let characters = counted(characters, "character", "characters");
    let lines = if lines > 1 { format!(" in {} lines", number(lines)) } else { String::new() };
    format!("… [cut: {characters}{lines}; whole in {place}]")
}

/// The place of what a sheet of changes cuts: the files of this run that have it, or where it was read.
#[must_use]
pub const fn place_of_change(has_csv: bool, has_ndjson: bool) -> &'static str {
    match (has_csv, has_ndjson) {
        (true, true) => "changes.csv and changes.ndjson",
        (true, false) => "changes.csv",
        (false, true) => "changes.ndjson",
        (false, false) => "the saved page that the row names",
    }
}

/// The same of the sheet of restore artifacts.
#[must_use]
pub const fn place_of_artifact(has_csv: bool, has_ndjson: bool) -> &'static str {
    match (has_csv, has_ndjson) {
        (true, true) => "restore-artifacts.csv and restore-artifacts.ndjson",
        (true, false) => "restore-artifacts.csv",
        (false, true) => "restore-artifacts.ndjson",
        (false, false) => "the saved file that the row names",
    }
}

/// The place of values that the sheet of properties shortens, and of each part of what was attempted.
pub const SHEET_OF_CHANGES: &str = "the sheet Changes";

/// The place of what the first and the last sheet cut.
#[must_use]
pub const fn place_of_summary(has_json: bool) -> &'static str {
    if has_json { "summary.json" } else { "the saved files" }
}

/// The place of a message that the first sheet cuts.
#[must_use]
pub const fn place_of_message(has_json: bool) -> &'static str {
    if has_json { "summary.json" } else { "the sheet Failed changes" }
}

/// The place of what the sheet of problems cuts.
#[must_use]
pub const fn place_of_problem(has_json: bool) -> &'static str {
    if has_json { "summary.json" } else { "the saved file that the row names" }
}
