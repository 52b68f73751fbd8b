//! A row: one property or one link that differs, told in both directions (contract, sections 1 and 3).

use std::borrow::Cow;

use super::Json;

/// What happened since the backup: backup → current.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SinceBackup {
    /// There is a value (a link) now, there was none in the backup.
    Added,
    /// The backup has a value (a link), there is none now.
    Removed,
    /// Both sides have one, and they differ.
    Modified,
    /// The input does not tell.
    Unknown,
}

/// What recovery will do: current → backup. Always the mirror of [`SinceBackup`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecoveryWill {
    /// Takes away what was added.
    Remove,
    /// Puts back what was removed.
    Add,
    /// Sets back what was modified.
    Revert,
    /// The input does not tell.
    Unknown,
}

impl SinceBackup {
    /// The contract's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            SinceBackup::Added => "added",
            SinceBackup::Removed => "removed",
            SinceBackup::Modified => "modified",
            SinceBackup::Unknown => "unknown",
        }
    }

    /// The same row told in the direction of recovery.
    #[must_use]
    pub fn recovery_will(self) -> RecoveryWill {
        match self {
            SinceBackup::Added => RecoveryWill::Remove,
            SinceBackup::Removed => RecoveryWill::Add,
            SinceBackup::Modified => RecoveryWill::Revert,
            SinceBackup::Unknown => RecoveryWill::Unknown,
        }
    }
}

impl RecoveryWill {
    /// The contract's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            RecoveryWill::Remove => "remove",
            RecoveryWill::Add => "add",
            RecoveryWill::Revert => "revert",
            RecoveryWill::Unknown => "unknown",
        }
    }
}

/// Whether a row is a property or an element of a link collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKind {
    /// A property of the object.
    Property,
    /// A link to another object, such as a member.
    Link,
}

impl RowKind {
    /// The contract's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            RowKind::Property => "property",
            RowKind::Link => "link",
        }
    }
}

/// What a reader must mind about a row; the order is the contract's, the first that applies is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Note {
    /// A secret is masked.
    Redacted,
    /// A text stands in the place of a nested value that was lost when the page was saved.
    LostEvidence,
    /// The item has no current state to compare with.
    CurrentStateMissing,
    /// Only the current state has this nested key.
    NotInDelta,
    /// The row tells what happens to the object, not what was edited.
    Lifecycle,
    /// The link's target does not exist any more.
    TargetDeleted,
}

impl Note {
    /// All of them, in contract order.
    pub const ALL: [Note; 6] = [
        Note::Redacted,
        Note::LostEvidence,
        Note::CurrentStateMissing,
        Note::NotInDelta,
        Note::Lifecycle,
        Note::TargetDeleted,
    ];

    /// The contract's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Note::Redacted => "redacted",
            Note::LostEvidence => "lostEvidence",
            Note::CurrentStateMissing => "currentStateMissing",
            Note::NotInDelta => "notInDelta",
            Note::Lifecycle => "lifecycle",
            Note::TargetDeleted => "targetDeleted",
        }
    }
}

/// What an unordered collection gained and lost since the backup, in source order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct CollectionItems<'a> {
    /// Current minus backup.
    pub added: Vec<Json<'a>>,
    /// Backup minus current.
    pub removed: Vec<Json<'a>>,
}

/// One changed property or link, secrets already masked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Row<'a> {
    /// Property or link.
    pub kind: RowKind,
    /// The path of the property, or of the link collection (contract, section 3: how paths are written).
    pub property: Cow<'a, str>,
    /// Backup → current.
    pub since_backup: SinceBackup,
    /// The value in the tenant when the job ran; `None` where that side has no value at all.
    /// A link's value is an object with `id` and what else is known of its target.
    pub current: Option<Json<'a>>,
    /// The value in the snapshot; `None` where that side has no value at all.
    pub backup: Option<Json<'a>>,
    /// Only on rows that compare two collections.
    pub items: Option<CollectionItems<'a>>,
    /// What to mind.
    pub note: Option<Note>,
}
