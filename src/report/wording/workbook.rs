//! What only the workbook says: the names of its sheets, its heads and its notes.

use super::number::{counted, number};

/// The first sheet.
pub const SUMMARY: &str = "Summary";
/// The sheet with a row for every changed property and link.
pub const CHANGES: &str = "Changes";
/// The sheet with a row for every failed change.
pub const FAILED_CHANGES: &str = "Failed changes";
/// The sheet with a row for every artifact of a restore session, where there are some.
pub const RESTORE_ARTIFACTS: &str = "Restore artifacts";
/// The sheet of problems.
pub const PROBLEMS: &str = "Problems";
/// The sheet that tells what this was made of.
pub const ABOUT: &str = "About";

/// What each sheet is for, where they are more than a heading.
pub const SHEETS: [(&str, &str); 4] = [
    (CHANGES, "one row for each changed property or link; an object without any has one row"),
    (FAILED_CHANGES, "one row for each change that recovery could not make, and why"),
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

/// The heads of the sheet of failed changes.
pub const FAILED_HEADS: [&str; 10] = [
    "Type",
    "Name",
    "Object id",
    "Recovery action",
    "Reason",
    "Message",
    "What was attempted",
    "Snapshot time",
    "Job id",
    "Source",
];

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

/// The heads of the table of inputs.
pub const INPUT_HEADS: [&str; 6] = ["File", "Bytes", "SHA-256", "Encoding", "Form", "Used as"];

/// The heads of the table of totals, after that of the functions.
pub const TOTALS_HEADS: [&str; 6] =
    ["Function", "Objects", "Changed properties", "Changed links", "Equal values", "Failed"];

/// The heads of a matrix beside its actions; the second is that of the last line, too.
pub const MATRIX_HEADS: [&str; 3] = ["Type", "Total", "Of which failed"];

/// The heads of the failures by reason.
pub const FAILURE_HEADS: [&str; 3] = ["Reason", "Objects", "Message"];

/// Where a sheet of changes has none.
pub const NO_CHANGES: &str = "The saved pages hold no change.";
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
     holds is cut, and says so",
);
/// What was passed over.
pub const PASSED_OVER: &str = "Passed over";
/// The heads of what was passed over.
pub const PASSED_OVER_HEADS: [&str; 2] = ["File", "Why it was not used"];

/// Where a list of the first sheet goes on.
pub const ALL_IN_SUMMARY_JSON: &str = "summary.json has all";

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

/// Behind a text that is longer than a cell may be.
#[must_use]
pub fn cut(characters: u64) -> String {
    format!(
        "… [cut: {}; whole in the formats csv and ndjson]",
        counted(characters, "character", "characters")
    )
}

/// The line below a list that is not told to its end.
#[must_use]
pub fn and_more(more: u64, where_all: &str) -> String {
    format!("and {} more: {where_all}", number(more))
}
