//! The text of every enum case: the only home of the words a reader sees.
//!
//! Tokens of the contract (`getChanges`, `added`) are the model's; here are the sentences around them.
//! Texts that came from the input are put in as they are: a renderer escapes them for its format.

use crate::ingest::PassedOverReason;
use crate::model::{
    Basis, EntityType, FailureCategory, Function, Job, Note, ObjectSinceBackup, Outcome, PageSet,
    ProblemKind, RecoveryAction, RecoveryWill, RowKind, SinceBackup, Verdict,
};

use super::summary::Totals;

/// The heading of a function's part.
#[must_use]
pub fn function_title(function: Function) -> &'static str {
    match function {
        Function::GetChanges => "Planned changes (getChanges)",
        Function::GetFailedChanges => "Failed changes (getFailedChanges)",
        Function::Unknown => "Changes of an unknown function",
    }
}

/// What recovery does with an object, as a column head.
#[must_use]
pub fn recovery_action(action: &RecoveryAction) -> &str {
    action.as_str().unwrap_or("(no action)")
}

/// What an action tells of the time since the backup.
#[must_use]
pub fn object_since_backup(since: ObjectSinceBackup) -> &'static str {
    match since {
        ObjectSinceBackup::Modified => "modified since the backup",
        ObjectSinceBackup::Deleted => "deleted since the backup",
        ObjectSinceBackup::CreatedOrRestored => "created, or brought back from the bin, since the backup",
        ObjectSinceBackup::Unknown => "what happened since the backup is not known",
    }
}

/// What recovery does with an object, as a sentence's end.
#[must_use]
pub fn recovery_will_do(action: &RecoveryAction) -> String {
    match action {
        RecoveryAction::Update => "recovery will set the values below back".to_owned(),
        RecoveryAction::SoftDelete => "recovery will soft-delete it".to_owned(),
        RecoveryAction::Restore => "recovery will bring it back from the bin".to_owned(),
        RecoveryAction::Missing => "the item does not say what recovery will do".to_owned(),
        RecoveryAction::Other(word) => {
            format!("recovery will \u{201c}{word}\u{201d} it, an action this version does not know")
        }
    }
}

/// The head of the column of types.
pub const TYPE: &str = "type";
/// The head of the column, and of the line, that adds up.
pub const TOTAL: &str = "total";
/// The head of the column of failed changes.
pub const OF_WHICH_FAILED: &str = "of which failed";

/// The head of a matrix's column; `None` stands for all other actions.
#[must_use]
pub fn column_of(action: Option<&RecoveryAction>) -> &str {
    action.map_or("other actions", recovery_action)
}

/// The head of a matrix's line; `None` stands for all other types.
#[must_use]
pub fn line_of(entity_type: Option<&EntityType>) -> &str {
    entity_type.map_or("other types", EntityType::as_str)
}

/// `1234567` as `1,234,567`.
#[must_use]
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `one` or `many` behind its number: `1,234 objects`.
#[must_use]
pub fn counted(count: u64, one: &'static str, many: &'static str) -> String {
    format!("{} {}", number(count), plural(count, one, many))
}

/// `82 objects, 144 changed properties, 7 changed links`.
#[must_use]
pub fn totals(totals: &Totals) -> String {
    format!(
        "{}, {}, {}",
        counted(totals.objects, "object", "objects"),
        counted(totals.property_changes, "changed property", "changed properties"),
        counted(totals.link_changes, "changed link", "changed links"),
    )
}

/// What happened to a property or link since the backup.
#[must_use]
pub fn since_backup(since: SinceBackup) -> &'static str {
    match since {
        SinceBackup::Added => "added since the backup",
        SinceBackup::Removed => "removed since the backup",
        SinceBackup::Modified => "modified since the backup",
        SinceBackup::Unknown => "not known what happened since the backup",
    }
}

/// What recovery will do with a property or link.
#[must_use]
pub fn recovery_will(kind: RowKind, will: RecoveryWill) -> &'static str {
    match (kind, will) {
        (RowKind::Property, RecoveryWill::Remove) => "recovery will clear it",
        (RowKind::Property, RecoveryWill::Add) => "recovery will put it back",
        (RowKind::Link, RecoveryWill::Remove) => "recovery will remove the link",
        (RowKind::Link, RecoveryWill::Add) => "recovery will add the link back",
        (_, RecoveryWill::Revert) => "recovery will set it back",
        (_, RecoveryWill::Unknown) => "not known what recovery will do",
    }
}

/// What to mind about a row.
#[must_use]
pub fn note(note: Note) -> &'static str {
    match note {
        Note::Redacted => "a secret is masked",
        Note::LostEvidence => "the value was lost when the page was saved",
        Note::CurrentStateMissing => "the item has no current state to compare with",
        Note::NotInDelta => {
            "only the current state has this key; the backup may have meant a value without it"
        }
        Note::Lifecycle => "tells what happens to the object, not what was edited",
        Note::TargetDeleted => "the object linked to was deleted",
    }
}

/// How recovery ended.
#[must_use]
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Planned => "planned: no recovery of this snapshot is in the input",
        Outcome::Failed => "failed",
        Outcome::NotReportedFailed => {
            "not reported failed: the service does not list what it applied, and a narrower or cancelled job may \
             never have tried it"
        }
        Outcome::Unknown => "unknown: the list of failed changes may not be whole",
    }
}

/// A failure's reason in words.
#[must_use]
pub fn failure_category(category: FailureCategory) -> &'static str {
    match category {
        FailureCategory::ManagedElsewhere => "managed by another service",
        FailureCategory::OnPremisesSynced => "synchronised from on-premises",
        FailureCategory::DuplicateValue => "another object has the same value",
        FailureCategory::RestoreConflict => "a live object took its address or name",
        FailureCategory::MissingDependency => "something it depends on is missing",
        FailureCategory::LinkExists => "the link is there already",
        FailureCategory::LinkMissing => "the link is gone already",
        FailureCategory::LastOwner => "a group needs an owner",
        FailureCategory::NotFound => "the object does not exist",
        FailureCategory::Quota => "a directory limit is reached",
        FailureCategory::Permission => "missing privileges",
        FailureCategory::Throttled => "too many requests",
        FailureCategory::Transient => "a passing fault",
        FailureCategory::BadRequest => "refused as malformed",
        FailureCategory::Other => "another reason",
    }
}

/// A verdict in a word or two.
#[must_use]
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unverifiable => "cannot be checked",
        Verdict::Incomplete => "INCOMPLETE",
        Verdict::Suspicious => "SUSPICIOUS",
        Verdict::Complete => "complete",
        Verdict::NoGapFound => "no gap found",
    }
}

/// Why a page set got its verdict.
#[must_use]
pub fn basis(basis: &Basis) -> String {
    match basis {
        Basis::NoPageAround => "the items stand without a page around them, so there is no link or count to check".to_owned(),
        Basis::CutShort { pages } => format!("{} cut short or broken", pages_are(*pages)),
        Basis::NoLastPage => "every page links to a next one: the last page is missing".to_owned(),
        Basis::OffsetGap { from, to } => format!("no page holds the items {from} to {} (offsets)", to - 1),
        Basis::FewerThanCount { items, count } => format!("{items} {} there, and @odata.count says {count}", are_items(*items)),
        Basis::SeveralLastPages { pages } => format!("{pages} pages have no nextLink: pages of several runs are mixed"),
        Basis::OffsetOverlap { at } => format!("more than one page holds the item at offset {at}"),
        Basis::RepeatedNextLink => "two pages link to the same next page".to_owned(),
        Basis::MoreThanCount { items, count } => format!("{items} {} there, and @odata.count says only {count}", are_items(*items)),
        Basis::CountMatches { count } => format!("@odata.count is {count}, and so many items are there"),
        Basis::LinksConsistent => {
            "every link is consistent and there is one last page; a page that nothing refers to could be missing unseen"
                .to_owned()
        }
    }
}

fn pages_are(pages: u64) -> String {
    if pages == 1 { "one page is".to_owned() } else { format!("{pages} pages are") }
}

/// The completeness of a page set in a sentence.
#[must_use]
pub fn page_set(set: &PageSet) -> String {
    format!(
        "{}: {} {}, {} {}: {}: {}",
        set.function,
        set.pages,
        plural(set.pages, "page", "pages"),
        set.items,
        plural(set.items, "item", "items"),
        verdict(set.verdict()),
        basis(&set.basis)
    )
}

/// What a saved job object says, to be read beside the counts of its pages.
#[must_use]
pub fn job(job: &Job) -> String {
    let status = job.status.as_ref().map_or("status not in the data", |status| status.0.as_str());
    let narrowed = if job.filtering_criteria.is_some() { ", narrowed by a filter" } else { "" };
    let totals = [
        (job.total_changed_objects_calculated, "objects calculated"),
        (job.total_changed_links_calculated, "links calculated"),
        (job.total_objects_modified, "objects modified"),
        (job.total_links_modified, "links modified"),
        (job.total_failed_changes, "changes failed"),
    ];
    let totals: Vec<String> =
        totals.into_iter().filter_map(|(count, what)| Some(format!("{} {what}", count?))).collect();
    let totals = if totals.is_empty() { "no totals".to_owned() } else { totals.join(", ") };
    format!("the job itself says: {status}{narrowed}; {totals}")
}

/// `one` or `many`, as `count` wants it.
#[must_use]
pub fn plural(count: u64, one: &'static str, many: &'static str) -> &'static str {
    if count == 1 { one } else { many }
}

/// Why something was passed over.
#[must_use]
pub fn passed_over(reason: PassedOverReason) -> &'static str {
    match reason {
        PassedOverReason::NothingOfUse => "holds nothing that is read here",
        PassedOverReason::OwnMaking => "made by entra-diff",
        PassedOverReason::Hidden => "its name begins with a dot: read only where it begins like JSON",
        PassedOverReason::LinkToFolder => "a symbolic link to a folder is not followed",
        PassedOverReason::OtherJob => "a page of another job than the one asked for",
        PassedOverReason::RestoreSession => "a restore session, which this version does not report yet",
    }
}

/// What is wrong.
#[must_use]
#[expect(clippy::too_many_lines, reason = "one table, a case a line or two")]
pub fn problem_message(kind: &ProblemKind) -> String {
    match kind {
        ProblemKind::UnreadableFile { reason } => format!("the file cannot be read: {reason}"),
        ProblemKind::EmptyFile => "the file is empty".to_owned(),
        ProblemKind::InvalidEncoding { offset } => format!("the bytes from offset {offset} on are no UTF-8"),
        ProblemKind::NotJson { expected, items: 0 } => format!("the text is not JSON: expected {expected}"),
        ProblemKind::NotJson { expected, items } => {
            format!(
                "the page is not JSON: expected {expected}; {items} {} read all the same",
                are_items(*items)
            )
        }
        ProblemKind::TruncatedJson { items: 0 } => "the text ends in the middle".to_owned(),
        ProblemKind::TruncatedJson { items } => {
            format!("the page ends in the middle; {items} whole {} used", are_items(*items))
        }
        ProblemKind::GraphError { status, code, message } => {
            let status = status.as_ref().map(|status| format!(" (status {status})")).unwrap_or_default();
            let parts = [code.as_str(), message].into_iter().filter(|part| !part.is_empty());
            format!("this is a saved error{status}, not a page: {}", parts.collect::<Vec<_>>().join(": "))
        }
        ProblemKind::PowershellText => "this is a table or list that PowerShell printed, not JSON".to_owned(),
        ProblemKind::Clixml => "this is PowerShell's CLIXML, not JSON".to_owned(),
        ProblemKind::Html => "this is a web page, not JSON".to_owned(),
        ProblemKind::NoItems => "this page has no items: it has no member named value".to_owned(),
        ProblemKind::UnrecognisedItem { expected: None } => {
            "this element is no object, and so no change".to_owned()
        }
        ProblemKind::UnrecognisedItem { expected: Some(expected) } => {
            format!("this item is not JSON: expected {expected}; it is left out")
        }
        ProblemKind::LostEvidence { id, name, rows } => {
            let name = name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
            format!(
                "nested values of object {id}{name} were lost when the page was saved: {rows} {}",
                plural(u64::from(*rows), "row", "rows")
            )
        }
        ProblemKind::Limit { what, limit } => format!("more than {limit} {what}; it is left out"),
        ProblemKind::Incomplete(found) => format!("changes are missing: {}", basis(found)),
        ProblemKind::Suspicious(found) => format!("the pages contradict each other: {}", basis(found)),
        ProblemKind::UnidentifiedObject => "this item names no object: it has no id".to_owned(),
        ProblemKind::UnknownFutureValue { items } => format!(
            "{items} {} a type or an action that the service hid as unknownFutureValue",
            plural(*items, "item has", "items have")
        ),
        ProblemKind::DuplicateKey { key } => {
            format!("the key \"{key}\" stands more than once in one object; its last value is used")
        }
        ProblemKind::DuplicatePage { of } => {
            format!("this is byte for byte the same as {of} and is read once")
        }
        ProblemKind::DuplicateChange { items, sources } => {
            let more = if *items > sources.len() as u64 { ", …" } else { "" };
            format!(
                "{items} {} word for word the same as an earlier one and counted once: {}{more}",
                plural(*items, "change is", "changes are"),
                sources.join(", ")
            )
        }
        ProblemKind::LoneSurrogate => "half of a character pair is read as U+FFFD".to_owned(),
        ProblemKind::Unverifiable => {
            format!("completeness cannot be checked: {}", basis(&Basis::NoPageAround))
        }
        ProblemKind::SeveralJobs { function, jobs } => {
            format!("pages of {} jobs of {function} are mixed: {}", jobs.len(), jobs.join(", "))
        }
    }
}

fn are_items(items: u64) -> &'static str {
    plural(items, "item is", "items are")
}

const SAVE_AGAIN: &str = "save the page again as the service sent it (Invoke-MgGraphRequest -OutputFilePath)";

/// What to do about it.
#[must_use]
pub fn problem_advice(kind: &ProblemKind) -> &'static str {
    match kind {
        ProblemKind::UnreadableFile { .. } => "check the path and the file's permissions",
        ProblemKind::EmptyFile | ProblemKind::NotJson { .. } | ProblemKind::TruncatedJson { .. } => {
            SAVE_AGAIN
        }
        ProblemKind::InvalidEncoding { .. } => "save the page again as UTF-8, or as the service sent it",
        ProblemKind::GraphError { .. } => "repeat the request once its cause is removed",
        ProblemKind::PowershellText | ProblemKind::Clixml => {
            "save the response itself: Invoke-MgGraphRequest -OutputFilePath, or ConvertTo-Json -Depth 100"
        }
        ProblemKind::Html => "this is often a sign-in page: sign in and save the page again",
        ProblemKind::NoItems | ProblemKind::UnrecognisedItem { .. } => {
            "compare the file with the service's response; save the page again"
        }
        ProblemKind::LostEvidence { .. } => {
            "save the page again with ConvertTo-Json -Depth 100, or with Invoke-MgGraphRequest -OutputFilePath"
        }
        ProblemKind::Limit { .. } => "look at the file: the service does not send this",
        ProblemKind::Incomplete(_) => {
            "fetch the missing pages by following every @odata.nextLink, while the service still has them"
        }
        ProblemKind::Suspicious(_) => "keep the pages of each run in a folder of their own",
        ProblemKind::UnidentifiedObject => "find the object by its name and values",
        ProblemKind::UnknownFutureValue { .. } => {
            "export again with the header Prefer: include-unknown-enum-members"
        }
        ProblemKind::DuplicateKey { .. } | ProblemKind::LoneSurrogate => {
            "compare with the service's response"
        }
        ProblemKind::DuplicatePage { .. } | ProblemKind::DuplicateChange { .. } => {
            "nothing, if the page was saved twice"
        }
        ProblemKind::Unverifiable => "save whole pages, not only their value",
        ProblemKind::SeveralJobs { .. } => "report one job alone with --job ID",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups() {
        assert_eq!([0, 12, 123, 1234, 1_234_567].map(number), ["0", "12", "123", "1,234", "1,234,567"]);
    }
}
