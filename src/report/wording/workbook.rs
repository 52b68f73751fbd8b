//! What only the workbook says: the names of its sheets, its heads and its notes.

use super::number::{counted, number};

/// The first sheet.
pub const SUMMARY: &str = "Summary";
/// The sheet with a row for every changed property and link.
pub const CHANGES: &str = "Changes";
/// The sheet with a row for every object change.
pub const OBJECTS: &str = "Objects";
/// The sheet with a row for every changed link.
pub const LINKS: &str = "Links";
/// The sheet of properties by the number of objects on which they changed.
pub const PROPERTIES: &str = "Properties";
/// The sheet with a row for every failed change.
pub const FAILED_CHANGES: &str = "Failed changes";
/// The sheet with a row for every artifact of a restore session, where there are some.
pub const RESTORE_ARTIFACTS: &str = "Restore artifacts";
/// The sheet of problems.
pub const PROBLEMS: &str = "Problems";
/// The sheet that tells what this was made of.
pub const ABOUT: &str = "About";

/// What each sheet is for, where they are more than a heading, in their order.
pub const SHEETS: [(&str, &str); 7] = [
    (
        CHANGES,
        "one row for each changed property or link; an object without any has one row; at the right, columns for \
         your review; some columns are folded away behind the + above them",
    ),
    (OBJECTS, "one row for each object change, with how many properties and links changed"),
    (LINKS, "the rows of Changes that are about links, with what is known of their targets"),
    (FAILED_CHANGES, "one row for each change that recovery could not make, and why"),
    (PROPERTIES, "which properties changed on how many objects, and the edits that are the same on several"),
    (PROBLEMS, "everything that was read and is not in this workbook as data, and what to do about it"),
    (ABOUT, "the files this was made of with their SHA-256, the checks, and what this data cannot show"),
];

/// What [`RESTORE_ARTIFACTS`] is for.
pub const RESTORE_SHEET: &str =
    "one row for each artifact of a restore session, as the saved requests and answers have it";

/// A column's name in the contract, and its head in the workbook.
pub const COLUMN_HEADS: [(&str, &str); 22] = [
    ("function", "Function"),
    ("recoveryAction", "Recovery action"),
    ("entityTypeName", "Type"),
    ("id", "Object id"),
    ("displayName", "Name"),
    ("kind", "Kind"),
    ("property", "Property"),
    ("sinceBackup", "Since the backup"),
    ("recoveryWill", "Recovery will"),
    ("backupValue", "Backup value"),
    ("currentValue", "Current value"),
    ("itemsAdded", "Items added"),
    ("itemsRemoved", "Items removed"),
    ("outcome", "Outcome"),
    ("failureMessage", "Failure message"),
    ("failureCategory", "Failure reason"),
    ("note", "Note"),
    ("snapshotDateTime", "Snapshot time"),
    ("jobId", "Job id"),
    ("source", "Source"),
    ("backupType", "Backup type"),
    ("currentType", "Current type"),
];

/// The head of a time as a date of Excel, beside the time as it was written.
pub const TIME_HEAD: &str = "Snapshot time (UTC)";

/// The heads of the columns for a review, which are empty.
pub const REVIEW_HEADS: [&str; 4] = ["Decision", "Owner", "Ticket", "Review note"];

/// What can be chosen as a decision; no other word is taken.
pub const DECISIONS: [&str; 4] = ["recover", "keep", "investigate", "done"];

/// What is said where a decision is chosen.
pub const DECISION_TITLE: &str = "Decision";
/// Below that.
pub const DECISION_MESSAGE: &str = "recover: take the backup value. keep: leave the current value.";
/// What is said where another word is typed.
pub const NO_DECISION: &str =
    "One of recover, keep, investigate and done; anything else has room in Review note.";

/// The heads of the sheet of objects.
pub const OBJECT_HEADS: [&str; 19] = [
    "Function",
    "Recovery action",
    "Since the backup",
    "Type",
    "Object id",
    "Name",
    "Changed properties",
    "Changed links",
    "Equal values",
    "Outcome",
    "Failure message",
    "Failure reason",
    "On-premises",
    "Reason of removal",
    TIME_HEAD,
    "Snapshot time",
    "Job id",
    "Source",
    "In Changes",
];

/// Below [`OBJECT_HEADS`]' "On-premises": of an object that is mastered there.
pub const SYNCED: &str = "synchronised";

/// The heads of the sheet of links.
pub const LINK_HEADS: [&str; 18] = [
    "Function",
    "Recovery action",
    "Type",
    "Object id",
    "Name",
    "Relation",
    "Since the backup",
    "Recovery will",
    "Target id",
    "Target name",
    "Target user name",
    "Target type",
    "Outcome",
    "Note",
    TIME_HEAD,
    "Snapshot time",
    "Job id",
    "Source",
];

/// The heads of the sheet of failed changes.
pub const FAILED_HEADS: [&str; 12] = [
    "Type",
    "Name",
    "Object id",
    "Recovery action",
    "Since the backup",
    "Reason",
    "Message",
    "What was attempted",
    TIME_HEAD,
    "Snapshot time",
    "Job id",
    "Source",
];

/// The heads of the sheet of properties.
pub const PROPERTY_HEADS: [&str; 11] = [
    "Line",
    "Function",
    "Type",
    "Kind",
    "Property",
    "Objects",
    "Rows",
    "Since the backup",
    "Recovery will",
    "Backup value",
    "Current value",
];

/// The lines of that sheet: a property.
pub const PROPERTY_LINE: &str = "property";
/// An edit that is the same on several objects, below its property.
pub const EDIT_LINE: &str = "identical edit";
/// What the sheet does not list one by one.
pub const REST_LINE: &str = "not listed";

/// A field of a restore artifact in the contract, and its head in the workbook.
pub const RESTORE_HEADS: [(&str, &str); 16] = [
    ("collection", "Collection"),
    ("id", "Artifact id"),
    ("restorePointId", "Restore point id"),
    ("destinationType", "Destination"),
    ("status", "Status"),
    ("createdDateTime", "Created"),
    ("contentId", "Content id"),
    ("errorCode", "Error code"),
    ("errorMessage", "Error message"),
    ("errorTarget", "Error target"),
    ("failedOperation", "Failed operation"),
    ("responseCode", "Response code"),
    ("removedReason", "Reason of removal"),
    ("source", "Source"),
    ("outcome", "Outcome"),
    ("errorCategory", "Kind of error"),
];

/// The heads of the sheet of problems.
pub const PROBLEM_HEADS: [&str; 7] =
    ["Severity", "Code", "Source", "Line", "Column", "What is wrong", "What to do about it"];

/// The heads of the table of times.
pub const TIMES_HEADS: [&str; 4] = ["What", "UTC", "As written", "Of"];
/// Its heading.
pub const TIMES: &str = "Times";
/// What the times are of.
pub const SNAPSHOT_TIME: &str = "Snapshot";
/// When a saved job began.
pub const JOB_START: &str = "Job started";
/// When a saved job ended.
pub const JOB_END: &str = "Job completed";
/// Of which time the current values are at the latest.
pub const STATE_TIME: &str = "Tenant state, at the latest";

/// The heads of the table of inputs.
pub const INPUT_HEADS: [&str; 6] = ["File", "Bytes", "SHA-256", "Encoding", "Form", "Used as"];

/// The heads of the table of totals, after that of the functions.
pub const TOTALS_HEADS: [&str; 6] =
    ["Function", "Objects", "Changed properties", "Changed links", "Equal values", "Failed"];

/// The heads of a matrix beside its actions; the second is that of the last line, too.
pub const MATRIX_HEADS: [&str; 3] = ["Type", "Total", "Of which failed"];

/// Below a matrix some of whose types are longer.
pub const LABELS_CUT: &str =
    "Types and actions of more than 40 characters are cut here, at the …: the sheet Objects has them whole.";

/// The heads of the failures by reason.
pub const FAILURE_HEADS: [&str; 3] = ["Reason", "Objects", "Message"];

/// Where a sheet of changes has none.
pub const NO_CHANGES: &str = "The saved pages hold no change.";
/// Where no object changed.
pub const NO_OBJECTS: &str = "The saved pages hold no object change.";
/// Where no link changed.
pub const NO_LINKS: &str = "No link to another object changed.";
/// Where no property or link changed.
pub const NO_PROPERTIES: &str = "No property or link changed.";
/// Where there was no problem.
pub const NO_PROBLEMS: &str = "No problem was found while the files were read.";

/// How the sides and directions of a change are to be read, where the report leads with what happened
/// since the backup; with the other one, the last two change places.
pub const READING: [(&str, &str); 4] = [
    ("Backup value", "the value in the snapshot, which recovery would write"),
    ("Current value", "the value in the tenant when the job ran"),
    ("Since the backup", "what happened: from the backup value to the current value"),
    ("Recovery will", "what recovery will do: from the current value back to the backup value"),
];

/// Below the title.
pub const SUBTITLE: &str = "Microsoft Entra Backup and Recovery: the saved answers of the service, compared \
     property by property";

/// The headings of the first sheet.
pub const IN_NUMBERS: &str = "In numbers";
/// The numbers of each job.
pub const BY_JOB: &str = "By job";
/// Pages that name no job.
pub const NO_JOB: &str = "pages that name no job";
/// What the chart shows.
pub const CHART: &str = "Object changes by type and recovery action";
/// The table of what the chart shows, where it is not all of the table of types: the rest is added up in it.
pub const IN_THE_CHART: &str = "In the chart";
/// What the sheets are.
pub const IN_THIS_WORKBOOK: &str = "In this workbook";
/// How to read a change.
pub const HOW_TO_READ: &str = "How to read a change";

/// The labels of a page set.
pub const VERDICT: &str = "Verdict";
/// The basis of a verdict.
pub const BECAUSE: &str = "Because";
/// A set's pages and items.
pub const READ: &str = "Read";
/// What a job object says.
pub const JOB_SAYS: &str = "Saved job object";

/// The saved list of backups.
pub const BACKUPS: &str = "Backups";

/// The headings of the last sheet.
pub const MADE_WITH: &str = "Made with";
/// The tool.
pub const TOOL: &str = "Tool";
/// The time zone.
pub const TIME_ZONE: &str = "Times are shown in";
/// The direction that leads.
pub const LEADS: &str = "The report leads with";
/// What happened since the backup leads.
pub const LEADS_INCIDENT: &str = "what happened since the backup";
/// What recovery will do leads.
pub const LEADS_RECOVERY: &str = "what recovery will do";
/// About secrets.
pub const SECRETS: (&str, &str) = (
    "Secrets",
    "passwords, keys and their hints are written as [redacted]; whether they differ is still told",
);
/// About strings.
pub const STRINGS: (&str, &str) = (
    "Cells",
    "every value is the text that was received, never a formula or a link; one that is longer than a cell \
     holds (32,767 UTF-16 units, 253 line feeds) is cut, and names what has it whole: files of the same run, another \
     sheet, or what was read; the formats csv, ndjson and json make such files of the same inputs",
);
/// What was passed over.
pub const PASSED_OVER: &str = "Passed over";
/// The heads of what was passed over.
pub const PASSED_OVER_HEADS: [&str; 2] = ["File", "Why it was not used"];

/// Where a list of the first sheet goes on, whether this run wrote it or not.
pub const ALL_IN_SUMMARY_JSON: &str = "summary.json (format json) has all";

/// How many problems there are, and where they stand.
#[must_use]
pub fn problems(errors: u64, warnings: u64) -> String {
    let (errors, warnings) = (counted(errors, "error", "errors"), counted(warnings, "warning", "warnings"));
    format!("The sheet {PROBLEMS} has {errors} (data is missing) and {warnings}.")
}

/// A time as it is shown, and as it stands in the data.
#[must_use]
pub fn both_times(shown: &str, written: &str) -> String {
    format!("{shown} ({written})")
}

/// The place of a row on a sheet of changes, which is named where it is not the first.
#[must_use]
pub fn row_of_changes(sheet: &str, row: u64) -> String {
    let row = number(row);
    if sheet == CHANGES { format!("row {row}") } else { format!("row {row} of {sheet}") }
}

/// The chart for who cannot see it; its numbers stand in this table.
#[must_use]
pub fn chart_in_words(table: &str) -> String {
    format!("Bars of the numbers of the table {table}: object changes by type, parted by recovery action")
}

/// The last line of a sheet of properties that does not follow every one of them.
pub const OTHER_PROPERTIES: &str =
    "rows of further properties, of which there are too many to count each: the sheet of changes has them";

/// The last line of a sheet of properties that does not list every edit.
#[must_use]
pub fn other_edits(edits: u64) -> String {
    format!(
        "{} more, which are not listed: the sheet of changes has them",
        counted(edits, "identical edit", "identical edits")
    )
}

/// The last line of a sheet of properties where there were too many different edits to tell which are the same.
#[must_use]
pub fn not_followed(rows: u64) -> String {
    format!(
        "{} not compared with one another, behind too many different ones: identical edits among them are not told",
        counted(rows, "row was", "rows were")
    )
}

/// The line below a list that is not told to its end.
#[must_use]
pub fn and_more(more: u64, where_all: &str) -> String {
    format!("and {} more: {where_all}", number(more))
}
