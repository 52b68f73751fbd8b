//! Headings, heads of columns and standing sentences of the reports.

/// What the words of the operator are marked with.
pub const OPERATOR: &str = "stated by whoever made this report; it is not in the data";
/// What this data cannot show: a heading, and what it means.
pub const CANNOT_SHOW: [(&str, &str); 7] = [
    (
        "Credentials",
        "keys, secrets and federated credentials of applications and service principals; redirect URIs, app roles",
    ),
    ("Roles", "directory role and privileged role assignments, administrative units, licences"),
    (
        "Owners and consent",
        "owners of groups and applications, consent given by single users, rules of dynamic groups, users\u{2019} registered authentication methods",
    ),
    ("Tenant settings", "domain federation, cross-tenant access, security defaults"),
    ("What is gone", "objects deleted for good, and read-only properties"),
    ("Who and when", "who made a change, and when: that is in the audit logs"),
    ("What was applied", "the service lists only what failed, so nothing here says \u{201c}applied\u{201d}"),
];
/// What is to be known of [`CANNOT_SHOW`] before it is read.
pub const CANNOT_SHOW_SENTENCE: &str = "Most of this the service does not list as recoverable. Where it does not appear in this \
     report, that is no evidence that it was not touched. Changes of objects synchronised from on-premises appear in the \
     pages, but recovery leaves them out, group memberships excepted.";
/// The kind of document, above its title.
pub const KICKER: &str = "Microsoft Entra Backup and Recovery";
/// Headings of a report's parts, in their order.
pub const ABOUT: &str = "What this report is about";
/// The numbers.
pub const NUMBERS: &str = "The numbers";
/// The failures.
pub const FAILURES: &str = "Why changes failed";
/// The problems.
pub const PROBLEMS: &str = "Problems";
/// The deadline.
pub const DEADLINE: &str = "Restore before";
/// What the data cannot show.
pub const LIMITS: &str = "What this data cannot show";
/// The changes.
pub const CHANGES: &str = "The changes";
/// The signatures.
pub const SIGNATURES: &str = "Signatures";
/// The checks of completeness.
pub const CHECKS: &str = "Checks that ran";
/// What was not used.
pub const EXCLUSIONS: &str = "Not used";
/// The files that were read.
pub const INPUTS: &str = "Files that were read";
/// How values are written.
pub const NOTES: &str = "How values are written";
/// A link over the first part to the changes.
pub const SKIP: &str = "To the changes";
/// Whose tenant it is.
pub const ORGANIZATION: &str = "Organisation";
/// A case number.
pub const CASE: &str = "Case";
/// Who made the report.
pub const PREPARED_BY: &str = "Prepared by";
/// The jobs whose pages alone were asked for.
pub const ONLY_JOBS: &str = "Only the pages of job";
/// The backup's time.
pub const SNAPSHOT: &str = "Backup (snapshot)";
/// The preview or recovery job.
pub const JOB: &str = "Job";
/// Of which time current values are.
pub const STATE_AS_OF: &str = "Tenant state as of";
/// Whether all pages are there.
pub const COMPLETENESS: &str = "Are all pages there?";
/// Of something that the pages do not name.
pub const NOT_NAMED: &str = "not named in the pages";
/// An object without a name.
pub const NO_NAME: &str = "(no name)";
/// An object without an id.
pub const NO_ID: &str = "(no id)";
/// In the place of the failures, where pages of them were read.
pub const NO_FAILED_CHANGES: &str = "The saved pages of getFailedChanges hold no failed change.";
/// In the place of the failures, where no page of them was read.
pub const NO_FAILED_PAGES: &str =
    "No page of getFailedChanges is in the input: whether changes failed is not known here.";
/// In the place of the problems.
pub const NO_PROBLEMS: &str = "None was found while the files were read.";
/// In the place of the changes.
pub const NO_CHANGES: &str = "The pages list no change.";
/// In the place of the changes, where there is no page.
pub const NO_PAGES: &str = "No page of getChanges or getFailedChanges is in the input.";
/// In the place of what was not used.
pub const NO_EXCLUSIONS: &str = "Nothing: every file of the input was used.";
/// Of a row about a link.
pub const LINK: &str = "link";
/// Why something was removed, as OData says.
pub const REMOVED_REASON: &str = "marked @removed in the data; reason given:";
/// The columns of tables.
pub const OBJECTS: &str = "Objects";
/// A failure's reason.
pub const REASON: &str = "Reason";
/// A failure's message.
pub const MESSAGE: &str = "Message (ids replaced by {id})";
/// How much a problem weighs.
pub const SEVERITY: &str = "Severity";
/// Where a problem is.
pub const PLACE: &str = "Where";
/// What is wrong.
pub const WHAT: &str = "What";
/// What to do.
pub const ADVICE: &str = "What to do";
/// A file.
pub const FILE: &str = "File";
/// What a file was used as.
pub const ROLE: &str = "Read as";
/// A file's size.
pub const BYTES: &str = "Bytes";
/// A file's digest.
pub const SHA256: &str = "SHA-256";
/// What the signatures are for, before the report's title.
pub const SIGNED_FOR: &str = "Signed for:";
/// Below what is signed for.
pub const SIGNED_FILES: &str = "The files this report was made of are listed below with their SHA-256.";
/// The object of a failure.
pub const OBJECT: &str = "Object";
/// The meaning of outcomes.
pub const OUTCOMES: &str = "What the outcomes mean";
/// Who signs first.
pub const PREPARED: &str = "Prepared";
/// Who signs second.
pub const REVIEWED: &str = "Reviewed";
/// What stands under a signature line.
pub const SIGNATURE_LINE: [&str; 3] = ["Name", "Date", "Signature"];
/// Before the time of the deadline.
pub const RESTORE_BEFORE: &str = "restore before";
/// When the object with the earliest deadline was deleted.
pub const DELETED: &str = "deleted";
/// Of a job's numbers, where its pages name none.
pub const NO_JOB: &str = "no job named";
/// Secrets.
pub const REDACTION_NOTE: &str = "Passwords, client secrets, keys and password hints are masked as [redacted] in every \
     output; whether two of them differ is still told.";
/// Characters that cannot be seen.
pub const HIDDEN_NOTE: &str = "Characters that cannot be seen, or that reorder what stands beside them, are shown by \
     their number: \u{27e8}U+202E\u{27e9}. Where two values look the same, their type stands beside them.";
/// The guard against formulas.
pub const GUARD_NOTE: &str = "In changes.csv a cell that a spreadsheet could take for a formula begins with an \
     apostrophe; the rule can be undone.";
/// The guard against formulas, where restore artifacts have a table of their own.
pub const GUARD_NOTE_OF_BOTH: &str = "In changes.csv and restore-artifacts.csv a cell that a spreadsheet could take for \
     a formula begins with an apostrophe; the rule can be undone.";
