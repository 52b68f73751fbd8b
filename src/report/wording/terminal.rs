//! What only a terminal says.

use super::number::{counted, number};

/// In the place of a matrix without a line.
pub const NO_CHANGES: &str = "no changes";

/// How many problems of a code are not told one by one.
#[must_use]
pub fn more_problems(code: &str, problems: u64) -> String {
    format!("{code}: {} more of this kind; all of them are told with -v", number(problems))
}

/// The messages of failed changes that are not told one by one, behind the number of their objects.
#[must_use]
pub fn other_messages(messages: u64) -> String {
    format!("with {} other messages; all of them are told with -v", number(messages))
}

/// How many jobs without pages are not told one by one.
#[must_use]
pub fn more_jobs(jobs: u64) -> String {
    format!("and {}; all of them are told with -v", counted(jobs, "more job", "more jobs"))
}

/// What is said where no report is made, behind which pages are missing.
#[must_use]
pub fn nothing_to_report(of_job: bool) -> &'static str {
    if of_job {
        "nothing to report: no page of getChanges or getFailedChanges of the job asked for is in the input"
    } else {
        "nothing to report: no page of getChanges or getFailedChanges is in the input"
    }
}

/// How many groups of restore artifacts are not told.
#[must_use]
pub fn more_groups(groups: u64) -> String {
    format!("and {}; all of them are told with -v", counted(groups, "more group", "more groups"))
}

/// How many files were not used.
#[must_use]
pub fn passed_over(files: u64) -> String {
    format!("Passed over: {}, named with -v", counted(files, "file", "files"))
}

/// Of an output that is one file, or standard output.
pub const NO_BUNDLE: &str = "No list of checksums and no manifest: they go with a folder (-o FOLDER)";
/// Of a file in a report's folder.
pub const NOT_OF_THE_REPORT: &str = "not of this report, left alone; verify will name it as added";
/// Of a signature in a report's folder.
pub const OLD_SIGNATURE: &str = "of an earlier report, left alone; SHA256SUMS is another now: sign it again";
