//! What was read, or found, and is of no use.

/// A file, or a part of one, that was not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOver {
    /// Its path below the input root.
    pub source: String,
    /// Why.
    pub reason: PassedOverReason,
}

/// Why something was passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PassedOverReason {
    /// It holds nothing that this program reads.
    NothingOfUse,
    /// This program made it.
    OwnMaking,
    /// Its name begins with a dot, and it does not begin like JSON; or a folder of such a name.
    Hidden,
    /// A symbolic link to a folder.
    LinkToFolder,
    /// It tells whose case a folder is, for a batch.
    CaseFile,
    /// A page of another job than the one asked for.
    OtherJob,
    /// Requests in a recording that are about something else.
    OtherRequest,
    /// Pages of documentation in a recording, with examples of changes.
    Documentation,
}
