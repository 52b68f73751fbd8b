//! A saved snapshot object, or one of a saved list: one of the backups there are (docs/service.md).

/// A backup, as the service lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// `path#pointer` of the object.
    pub source: String,
    /// Its id.
    pub id: Option<String>,
    /// The time that this id encodes, RFC 3339.
    pub id_date_time: Option<String>,
    /// When it was made, as written.
    pub created_date_time: Option<String>,
    /// How many objects differ, where the service says so: it mostly does not, and absent is not 0.
    pub total_changed_objects: Option<u64>,
}
