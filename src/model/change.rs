//! An object change: one item, understood, compared and joined with the rest of the export.

use std::borrow::Cow;

use super::{EntityType, Function, Json, RecoveryAction, Row, RowKind};

/// What happened to the object as a whole since the backup (contract, section 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectSinceBackup {
    /// It was edited.
    Modified,
    /// It was soft-deleted.
    Deleted,
    /// It was created, or brought back from the bin; the item does not say which.
    CreatedOrRestored,
    /// The action is none of the three that are known.
    Unknown,
}

impl ObjectSinceBackup {
    /// What `action` tells of the time since the backup.
    #[must_use]
    pub fn of(action: &RecoveryAction) -> Self {
        match action {
            RecoveryAction::Update => ObjectSinceBackup::Modified,
            RecoveryAction::Restore => ObjectSinceBackup::Deleted,
            RecoveryAction::SoftDelete => ObjectSinceBackup::CreatedOrRestored,
            RecoveryAction::Missing | RecoveryAction::Other(_) => ObjectSinceBackup::Unknown,
        }
    }

    /// The contract's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ObjectSinceBackup::Modified => "modified",
            ObjectSinceBackup::Deleted => "deleted",
            ObjectSinceBackup::CreatedOrRestored => "createdOrRestored",
            ObjectSinceBackup::Unknown => "unknown",
        }
    }
}

/// How recovery ended for a change, as far as the input tells (contract, section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// No recovery of this snapshot is in the input.
    Planned,
    /// Recovery tried and could not do it.
    Failed,
    /// The failed changes are there in full and this is not among them; the service never lists successes.
    NotReportedFailed,
    /// The input does not tell.
    Unknown,
}

impl Outcome {
    /// The contract's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Planned => "planned",
            Outcome::Failed => "failed",
            Outcome::NotReportedFailed => "notReportedFailed",
            Outcome::Unknown => "unknown",
        }
    }
}

/// Why recovery could not make a change, out of the text of its message (contract, section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FailureCategory {
    /// Another service owns the object.
    ManagedElsewhere,
    /// The object is synchronised from on-premises.
    OnPremisesSynced,
    /// Another object has the same value.
    DuplicateValue,
    /// A live object took what the deleted one needs back.
    RestoreConflict,
    /// Something it depends on is not there.
    MissingDependency,
    /// The link to add is there already.
    LinkExists,
    /// The link to remove is gone already.
    LinkMissing,
    /// A group cannot lose its last owner.
    LastOwner,
    /// The object does not exist.
    NotFound,
    /// A directory limit is reached.
    Quota,
    /// The caller may not.
    Permission,
    /// Too many requests.
    Throttled,
    /// A passing fault.
    Transient,
    /// The request was refused as malformed.
    BadRequest,
    /// None of these.
    Other,
}

impl FailureCategory {
    /// All of them, in contract order.
    pub const ALL: [FailureCategory; 15] = [
        FailureCategory::ManagedElsewhere,
        FailureCategory::OnPremisesSynced,
        FailureCategory::DuplicateValue,
        FailureCategory::RestoreConflict,
        FailureCategory::MissingDependency,
        FailureCategory::LinkExists,
        FailureCategory::LinkMissing,
        FailureCategory::LastOwner,
        FailureCategory::NotFound,
        FailureCategory::Quota,
        FailureCategory::Permission,
        FailureCategory::Throttled,
        FailureCategory::Transient,
        FailureCategory::BadRequest,
        FailureCategory::Other,
    ];

    /// The contract's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            FailureCategory::ManagedElsewhere => "managedElsewhere",
            FailureCategory::OnPremisesSynced => "onPremisesSynced",
            FailureCategory::DuplicateValue => "duplicateValue",
            FailureCategory::RestoreConflict => "restoreConflict",
            FailureCategory::MissingDependency => "missingDependency",
            FailureCategory::LinkExists => "linkExists",
            FailureCategory::LinkMissing => "linkMissing",
            FailureCategory::LastOwner => "lastOwner",
            FailureCategory::NotFound => "notFound",
            FailureCategory::Quota => "quota",
            FailureCategory::Permission => "permission",
            FailureCategory::Throttled => "throttled",
            FailureCategory::Transient => "transient",
            FailureCategory::BadRequest => "badRequest",
            FailureCategory::Other => "other",
        }
    }
}

/// What an export index keeps of an item's rows: enough for every number of a summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Rows of kind property.
    pub property_rows: u32,
    /// Rows of kind link.
    pub link_rows: u32,
    /// Compared values that were equal.
    pub unchanged: u32,
    /// Rows whose evidence was lost when the page was saved.
    pub lost_rows: u32,
}

/// How the rows of an item count, and how much room they take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extent {
    /// How many rows of each kind there are.
    pub tally: Tally,
    /// How long the paths of all rows are together, in bytes; `u32::MAX` where they are longer.
    pub path_bytes: u32,
}

impl Tally {
    /// How many rows a table has for the object: an object without rows has one.
    #[must_use]
    pub fn table_rows(self) -> u64 {
        (u64::from(self.property_rows) + u64::from(self.link_rows)).max(1)
    }
}

impl Extent {
    /// Counts a row at a path of so many bytes.
    pub fn count(&mut self, kind: RowKind, lost: bool, path: usize) {
        match kind {
            RowKind::Property => self.tally.property_rows += 1,
            RowKind::Link => self.tally.link_rows += 1,
        }
        self.tally.lost_rows += u32::from(lost);
        self.path_bytes = self.path_bytes.saturating_add(u32::try_from(path).unwrap_or(u32::MAX));
    }
}

/// One object change of the report: the fields of the contract's section 2, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectChange<'a> {
    /// Which function's page it stood in.
    pub function: Function,
    /// The snapshot, as the URLs name it.
    pub snapshot_id: Option<&'a str>,
    /// The preview or recovery job.
    pub job_id: Option<&'a str>,
    /// The snapshot's time, RFC 3339.
    pub snapshot_date_time: Option<&'a str>,
    /// What recovery does.
    pub recovery_action: RecoveryAction,
    /// What happened to the object since the backup.
    pub since_backup: ObjectSinceBackup,
    /// The kind of object.
    pub entity_type: EntityType,
    /// The object's id; the empty string where the item names none.
    pub id: Cow<'a, str>,
    /// The object's name, usually its current one.
    pub display_name: Option<Cow<'a, str>>,
    /// Whether the object is synchronised from on-premises.
    pub on_premises_synced: bool,
    /// How recovery ended for it.
    pub outcome: Outcome,
    /// Its own message, or that of the failed change it joins.
    pub failure_message: Option<Json<'a>>,
    /// Its reason, `None` without a message.
    pub failure_category: Option<FailureCategory>,
    /// OData's reason of a removal.
    pub removed_reason: Option<Cow<'a, str>>,
    /// The rows, in the order found.
    pub changes: Vec<Row<'a>>,
    /// How many compared values were equal.
    pub unchanged: u64,
    /// Where the item stands: `path#pointer` below the input root.
    pub source: String,
}
