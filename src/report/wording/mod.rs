//! The text of every enum case, and every sentence and heading: the only home of the words a reader sees.
//!
//! Tokens of the contract (`getChanges`, `added`) are the model's; here are the words around them. Texts that
//! came from the input are put in as they are: a renderer escapes them for its format.

pub mod batch;
mod change;
pub mod chart;
mod clause;
mod completeness;
pub mod cut;
pub mod evidence;
pub mod explore;
pub mod first;
mod graph_error;
pub mod heading;
mod job;
mod number;
mod origin;
mod page;
mod problem;
mod property;
pub mod restore;
mod sentence;
mod snapshot;
pub mod terminal;
pub mod ticket;
pub mod workbook;

pub use change::{
    EMPTY_LIST, EMPTY_TEXT, NO_LINK, NO_MESSAGE, NO_VALUE, NOT_IN_DATA, NULL, OF_WHICH_FAILED, ON_BOTH_SIDES,
    ON_PREMISES_SYNCED, TOTAL, TYPE, absence, column_of, columns, empty_value, failure_category,
    function_title, group_counts, item, json_kind, line_of, note, numbers, object_since_backup, outcome,
    outcome_cell, outcome_meaning, recovery_action, recovery_of, recovery_of_row, recovery_will,
    recovery_will_cell, recovery_will_do, since_backup, since_backup_cell, title, totals, unchanged,
    without_rows,
};
pub use completeness::{
    basis, check, deadline, finding, no_changes, no_failures, page_set, set_counts, standing,
    standing_sentence, state_as_of, verdict,
};
pub use job::{job, job_alone, job_notice, job_state, more_notices, narrowed};
pub use number::{counted, names, number, number_or_dot, plural};
pub use origin::{link_elsewhere, mixed_versions};
pub use page::{
    TOO_LONG, cut_message, cut_name, excerpt, groups_left_out, more_files, more_items, more_jobs,
    more_messages, more_objects, more_problems, more_sets, objects_shown, rows_left_out, selection,
};
pub use problem::{archive_fault, passed_over, position, problem_advice, problem_counts, problem_message};
pub use sentence::{Piece, Sentence};
pub use snapshot::{backups, snapshot_time};
