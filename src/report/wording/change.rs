//! Changes: what happened since the backup, what recovery will do, how it ended, and values that are none.

use crate::model::{
    EntityType, FailureCategory, Function, Json, Note, ObjectSinceBackup, Outcome, RecoveryAction,
    RecoveryWill, Row, RowKind, SinceBackup,
};

use super::super::group::Group;
use super::super::options::Perspective;
use super::super::summary::Totals;
use super::number::{counted, number, plural};

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
        ObjectSinceBackup::CreatedOrRestored => "created or restored since the backup",
        ObjectSinceBackup::Unknown => "what happened since the backup is not known",
    }
}

/// What recovery does with an object, as a sentence's end.
#[must_use]
pub fn recovery_will_do(action: &RecoveryAction) -> String {
    match action {
        RecoveryAction::Update => "recovery will set the values below back".to_owned(),
        RecoveryAction::SoftDelete => "recovery will soft-delete it".to_owned(),
        RecoveryAction::Restore => "recovery will restore it".to_owned(),
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

/// What recovery does with an object of a function's pages, as a sentence's end: what stands in
/// `getFailedChanges` it has tried already.
#[must_use]
pub fn recovery_of(function: Function, action: &RecoveryAction) -> String {
    match (function, action) {
        (Function::GetFailedChanges, RecoveryAction::Update) => {
            "recovery could not set the values below back".to_owned()
        }
        (Function::GetFailedChanges, RecoveryAction::SoftDelete) => {
            "recovery could not soft-delete it".to_owned()
        }
        (Function::GetFailedChanges, RecoveryAction::Restore) => "recovery could not restore it".to_owned(),
        (Function::GetFailedChanges | Function::GetChanges | Function::Unknown, action) => {
            recovery_will_do(action)
        }
    }
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

/// What happened to a property or link since the backup, as a cell.
#[must_use]
pub fn since_backup_cell(since: SinceBackup) -> &'static str {
    match since {
        SinceBackup::Added => "added",
        SinceBackup::Removed => "removed",
        SinceBackup::Modified => "modified",
        SinceBackup::Unknown => "not known",
    }
}

/// What recovery will do with a property or link, as a cell.
#[must_use]
pub fn recovery_will_cell(kind: RowKind, will: RecoveryWill) -> &'static str {
    match (kind, will) {
        (RowKind::Property, RecoveryWill::Remove) => "clear it",
        (RowKind::Property, RecoveryWill::Add) => "put it back",
        (RowKind::Link, RecoveryWill::Remove) => "remove the link",
        (RowKind::Link, RecoveryWill::Add) => "add the link back",
        (_, RecoveryWill::Revert) => "set it back",
        (_, RecoveryWill::Unknown) => "not known",
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
        Note::Lifecycle => "about the deletion of the object as a whole, not an edit",
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
        FailureCategory::LinkExists => "the link already exists",
        FailureCategory::LinkMissing => "the link is gone already",
        FailureCategory::LastOwner => "a group needs an owner",
        FailureCategory::NotFound => "the object does not exist",
        FailureCategory::Quota => "a directory limit is reached",
        FailureCategory::Permission => "missing privileges",
        FailureCategory::Throttled => "too many requests",
        FailureCategory::Transient => "a temporary fault",
        FailureCategory::BadRequest => "refused as malformed",
        FailureCategory::Other => "another reason",
    }
}

/// In the place of a value: there is none on this side.
pub const NO_VALUE: &str = "no value";

/// In the place of a link: there is none on this side.
pub const NO_LINK: &str = "no link";

/// In the place of a value that the input does not tell.
pub const NOT_IN_DATA: &str = "not in the data";

/// JSON's `null`.
pub const NULL: &str = "null";

/// A text without characters.
pub const EMPTY_TEXT: &str = "empty text";

/// A collection without elements.
pub const EMPTY_LIST: &str = "empty list";

/// Of items that backup and current have both.
pub const ON_BOTH_SIDES: &str = "on both sides";

/// The words for a side of `row` without a value that could be read as such.
#[must_use]
pub fn absence(row: &Row<'_>, value: Option<&Json<'_>>) -> Option<&'static str> {
    match value {
        // Of a deletion both directions are unknown, and both sides are known all the same.
        None if row.since_backup == SinceBackup::Unknown && row.note != Some(Note::Lifecycle) => {
            Some(NOT_IN_DATA)
        }
        None if row.kind == RowKind::Link => Some(NO_LINK),
        None => Some(NO_VALUE),
        Some(value) => empty_value(value),
    }
}

/// The words for a value that is one and shows nothing.
#[must_use]
pub fn empty_value(value: &Json<'_>) -> Option<&'static str> {
    match value {
        Json::Null => Some(NULL),
        Json::String(text) if text.is_empty() => Some(EMPTY_TEXT),
        Json::Array(elements) if elements.is_empty() => Some(EMPTY_LIST),
        _ => None,
    }
}

/// The type of a value, for readers who do not write JSON.
#[must_use]
pub fn json_kind(value: &Json<'_>) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "number",
        Json::String(_) => "text",
        Json::Array(_) => "list",
        Json::Object(_) => "object",
    }
}

/// What became of an item that one side of a collection has, or will become of it.
#[must_use]
pub fn item(is_current: bool, perspective: Perspective) -> &'static str {
    match (is_current, perspective) {
        (true, Perspective::Incident) => "added",
        (false, Perspective::Incident) => "removed",
        (true, Perspective::Recovery) => "will be removed",
        (false, Perspective::Recovery) => "will be added back",
    }
}

/// The heads of a table of rows of a function, what the perspective leads with first.
#[must_use]
pub fn columns(function: Function, perspective: Perspective) -> [&'static str; 5] {
    let will = match function {
        Function::GetFailedChanges => "Recovery was to",
        Function::GetChanges | Function::Unknown => "Recovery will",
    };
    match perspective {
        Perspective::Incident => ["Property", "Backup value", "Current value", "Since the backup", will],
        Perspective::Recovery => ["Property", "Current value", "Backup value", will, "Since the backup"],
    }
}

/// What recovery does with a property or link of a function's pages: what stands in `getFailedChanges` it has
/// tried already.
#[must_use]
pub fn recovery_of_row(function: Function, kind: RowKind, will: RecoveryWill) -> String {
    let words = recovery_will(kind, will);
    match function {
        Function::GetFailedChanges => words.replacen("recovery will", "recovery was to", 1),
        Function::GetChanges | Function::Unknown => words.to_owned(),
    }
}

/// `44 objects, 51 changed properties, 2 failed`.
#[must_use]
pub fn group_counts(group: &Group<'_>) -> String {
    let mut counts = vec![counted(group.objects(), "object", "objects")];
    let more = [
        (group.property_changes, "changed property", "changed properties"),
        (group.link_changes, "changed link", "changed links"),
        (group.failed, "failed", "failed"),
    ];
    counts.extend(
        more.into_iter().filter(|(count, ..)| *count > 0).map(|(count, one, many)| counted(count, one, many)),
    );
    counts.join(", ")
}

/// How many compared values have no row.
#[must_use]
pub fn unchanged(values: u64) -> String {
    counted(values, "compared value is unchanged", "compared values are unchanged")
}

/// An object that is synchronised from on-premises.
pub const ON_PREMISES_SYNCED: &str =
    "synchronised from on-premises: recovery leaves such objects out, change it there";

/// A failure without a message.
pub const NO_MESSAGE: &str = "no message";

/// An object change without rows: what is known of it all the same.
#[must_use]
pub fn without_rows(action: &RecoveryAction) -> &'static str {
    match action {
        RecoveryAction::SoftDelete | RecoveryAction::Restore => {
            "the object as a whole: the item names no property that differs"
        }
        RecoveryAction::Update | RecoveryAction::Missing | RecoveryAction::Other(_) => {
            "the item names no property that differs"
        }
    }
}

/// How recovery ended, as a badge.
#[must_use]
pub fn outcome_cell(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Planned => "planned",
        Outcome::Failed => "recovery failed",
        Outcome::NotReportedFailed => "not reported failed",
        Outcome::Unknown => "outcome unknown",
    }
}

/// What an outcome means, for a reader who sees its badge.
#[must_use]
pub fn outcome_meaning(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Planned => "no recovery of this snapshot is in the input",
        Outcome::Failed => "recovery tried, and the service gave the reason that stands beside it",
        Outcome::NotReportedFailed => {
            "recovery did not list it as failed; that is no proof that it was applied, and a narrower or cancelled \
             job may never have tried it"
        }
        Outcome::Unknown => "the list of failed changes may not be whole",
    }
}

/// The title of a report that was given none.
#[must_use]
pub fn title(perspective: Perspective) -> &'static str {
    match perspective {
        Perspective::Incident => "What changed in Microsoft Entra since the backup",
        Perspective::Recovery => "What recovery will do in Microsoft Entra",
    }
}

/// The numbers of a function with what they count.
#[must_use]
pub fn numbers(totals: &Totals) -> Vec<(String, &'static str)> {
    let all = [
        (totals.objects, plural(totals.objects, "object", "objects")),
        (totals.property_changes, plural(totals.property_changes, "changed property", "changed properties")),
        (totals.link_changes, plural(totals.link_changes, "changed link", "changed links")),
        (totals.failed, "failed"),
        (totals.unchanged, plural(totals.unchanged, "value unchanged", "values unchanged")),
    ];
    all.into_iter().map(|(count, what)| (number(count), what)).collect()
}
