//! A problem: anything that was read and is not in the report as data (contract, section 7).
//!
//! A problem carries facts and a place; its words are in `report`'s wording.

use super::Function;

/// How much a problem weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Data is missing from the report.
    Error,
    /// The data is there; mind it.
    Warning,
}

impl Severity {
    /// The contract's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// A place in a text, both numbers from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line.
    pub line: u64,
    /// Column.
    pub column: u64,
}

/// Where a problem is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file below the input root.
    pub file: String,
    /// The document in a file of several, `None` in a file of one.
    pub document: Option<u32>,
    /// The RFC 6901 pointer of the item, where the problem is one of an item.
    pub pointer: Option<String>,
    /// Where in the file's text.
    pub position: Option<Position>,
}

impl Place {
    /// The place of a whole file.
    #[must_use]
    pub fn file(file: &str) -> Self {
        Place { file: file.to_owned(), document: None, pointer: None, position: None }
    }

    /// The contract's `source`: `path`, `path:N`, `path#pointer`.
    #[must_use]
    pub fn source(&self) -> String {
        let mut source = self.file.clone();
        if let Some(document) = self.document {
            source.push(':');
            source.push_str(&document.to_string());
        }
        if let Some(pointer) = &self.pointer {
            source.push('#');
            source.push_str(pointer);
        }
        source
    }
}

/// What is wrong with an archive, or with an entry of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArchiveFault {
    /// It ends in the middle.
    Cut,
    /// It cannot be unpacked.
    Damaged {
        /// What the library says of it.
        reason: String,
    },
    /// One entry cannot be unpacked.
    DamagedEntry {
        /// Which one, from 1, where its name cannot be read either.
        number: u64,
    },
    /// A file by the name of an archive that is none.
    NoArchive,
    /// Bytes in front of an archive or behind it, which may be another one.
    MoreBytes,
    /// An archive in an archive.
    Nested,
    /// An entry that is encrypted.
    Encrypted,
    /// Entries of the same name, of which only the last can be read.
    SameNames,
}

/// What a limit is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LimitOn {
    /// Bytes of a file.
    File,
    /// Bytes of a file that the system makes up, and that has no size of its own.
    FileWithoutSize,
    /// Bytes of an item.
    Item,
    /// Bytes of memory that an item takes while it is compared.
    ItemMemory,
    /// Bytes that the rows of one change take in a table.
    Rows,
    /// The same where there is memory for fewer than are allowed.
    RowsMemory,
    /// Levels of nesting.
    Levels,
    /// Bytes of the pointer of a page, or of a restore session.
    Pointer,
    /// Bytes of the name of an archive's entry.
    EntryName,
    /// How many times its packed size something in an archive has.
    ArchiveRatio,
    /// Entries of an archive.
    ArchiveEntries,
    /// Bytes that come out of an archive.
    ArchiveBytes,
    /// Bytes that were unpacked of an archive and refused.
    ArchiveRefused,
    /// Batches in one another.
    Batches,
}

/// What is wrong, with the facts a message needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemKind {
    /// A file that could not be read.
    UnreadableFile {
        /// The system's reason.
        reason: String,
    },
    /// A file that changed while it was read.
    FileChanged {
        /// How many bytes of it were read.
        read: u64,
    },
    /// An archive that could not be opened, or not whole.
    Archive(ArchiveFault),
    /// A file without anything in it.
    EmptyFile,
    /// NUL characters at the end of a text, or in the place of all of it.
    NulPadding {
        /// How many.
        characters: u64,
        /// Whether there is nothing else.
        is_all: bool,
    },
    /// Bytes that are no UTF-8.
    InvalidEncoding {
        /// Offset of the first such byte in the file.
        offset: u64,
    },
    /// Text that is not JSON.
    NotJson {
        /// What was expected there.
        expected: &'static str,
        /// How many items were read around it all the same.
        items: u64,
    },
    /// JSON that ends in the middle.
    TruncatedJson {
        /// How many whole items stand before the cut.
        items: u64,
    },
    /// A saved error response.
    GraphError {
        /// HTTP status, where it is known.
        status: Option<String>,
        /// Graph's code.
        code: String,
        /// Graph's message.
        message: String,
    },
    /// A table or list that PowerShell printed.
    PowershellText,
    /// PowerShell's `Export-Clixml`.
    Clixml,
    /// A web page.
    Html,
    /// An element of `value` that is no item.
    UnrecognisedItem {
        /// What was expected there; `None` where it is JSON, but no object.
        expected: Option<&'static str>,
    },
    /// What stands in the place of a restore artifact, or of a whole collection of them, and is none.
    UnrecognisedArtifact {
        /// Whether it is a collection.
        is_collection: bool,
    },
    /// A page of the service's functions that has no `value`.
    NoItems,
    /// A response that was saved without its body.
    NoBody,
    /// Recorded requests that were given up, or whose answer is not in the recording.
    NoAnswer {
        /// How many.
        requests: u64,
    },
    /// Texts that stand in the place of nested values.
    LostEvidence {
        /// The object's id.
        id: String,
        /// The object's name.
        name: Option<String>,
        /// How many rows are lost.
        rows: u32,
    },
    /// Names of types that stand in the place of whole pages.
    LostPages {
        /// How many of them.
        values: u64,
    },
    /// Something that was passed over, and seems to hold changes.
    UnreadChanges {
        /// In how many places; the first of them is the problem's.
        places: u64,
    },
    /// Something larger than a stated limit.
    Limit {
        /// What the limit is on.
        on: LimitOn,
        /// The limit, in the unit of what it is on.
        limit: u64,
    },
    /// Problems of a file that are counted and not listed one by one.
    MoreProblems {
        /// The code that all of them have.
        code: &'static str,
        /// How much they weigh.
        severity: Severity,
        /// How many.
        problems: u64,
    },
    /// A page set that is proved to lack something.
    Incomplete(super::Basis),
    /// A page set that contradicts itself.
    Suspicious(super::Basis),
    /// An item that names no object.
    UnidentifiedObject,
    /// Values that the request's headers did not allow the service to send.
    UnknownFutureValue {
        /// How many items have one.
        items: u64,
    },
    /// A key that stands more than once in one object.
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// A document that is byte for byte an earlier one.
    DuplicatePage {
        /// The earlier one's source.
        of: String,
    },
    /// Items whose text is the same as an earlier item's.
    DuplicateChange {
        /// How many were left out.
        items: u64,
        /// Where: their sources, the first few.
        sources: Vec<String>,
    },
    /// Half of a character pair, read as U+FFFD.
    LoneSurrogate,
    /// Items without a page around them.
    Unverifiable,
    /// More than one job of a kind in one input.
    SeveralJobs {
        /// The kind, by the function that reads it.
        function: Function,
        /// Their ids.
        jobs: Vec<String>,
    },
}

impl ProblemKind {
    /// The contract's code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            ProblemKind::UnreadableFile { .. }
            | ProblemKind::FileChanged { .. }
            | ProblemKind::Archive(_) => "unreadableFile",
            ProblemKind::EmptyFile
            | ProblemKind::NulPadding { is_all: true, .. }
            | ProblemKind::NoBody
            | ProblemKind::NoAnswer { .. } => "emptyFile",
            ProblemKind::InvalidEncoding { .. } => "invalidEncoding",
            ProblemKind::NotJson { .. } | ProblemKind::NulPadding { .. } => "notJson",
            ProblemKind::TruncatedJson { .. } => "truncatedJson",
            ProblemKind::GraphError { .. } => "graphError",
            ProblemKind::PowershellText => "powershellText",
            ProblemKind::Clixml => "clixml",
            ProblemKind::Html => "html",
            ProblemKind::NoItems
            | ProblemKind::UnrecognisedItem { .. }
            | ProblemKind::UnrecognisedArtifact { .. }
            | ProblemKind::UnreadChanges { .. } => "unrecognisedItem",
            ProblemKind::LostEvidence { .. } | ProblemKind::LostPages { .. } => "lostEvidence",
            ProblemKind::Limit { .. } => "limit",
            ProblemKind::MoreProblems { code, .. } => code,
            ProblemKind::Incomplete(_) => "incomplete",
            ProblemKind::Suspicious(_) => "suspicious",
            ProblemKind::UnidentifiedObject => "unidentifiedObject",
            ProblemKind::UnknownFutureValue { .. } => "unknownFutureValue",
            ProblemKind::DuplicateKey { .. } => "duplicateKey",
            ProblemKind::DuplicatePage { .. } => "duplicatePage",
            ProblemKind::DuplicateChange { .. } => "duplicateChange",
            ProblemKind::LoneSurrogate => "loneSurrogate",
            ProblemKind::Unverifiable => "unverifiable",
            ProblemKind::SeveralJobs { .. } => "severalJobs",
        }
    }

    /// Whether data is missing from the report because of it.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            ProblemKind::MoreProblems { severity, .. } => *severity,
            ProblemKind::UnreadableFile { .. }
            | ProblemKind::FileChanged { .. }
            | ProblemKind::Archive(_)
            | ProblemKind::EmptyFile
            | ProblemKind::NulPadding { .. }
            | ProblemKind::InvalidEncoding { .. }
            | ProblemKind::NotJson { .. }
            | ProblemKind::TruncatedJson { .. }
            | ProblemKind::GraphError { .. }
            | ProblemKind::PowershellText
            | ProblemKind::Clixml
            | ProblemKind::Html
            | ProblemKind::NoItems
            | ProblemKind::NoBody
            | ProblemKind::NoAnswer { .. }
            | ProblemKind::UnrecognisedItem { .. }
            | ProblemKind::UnrecognisedArtifact { .. }
            | ProblemKind::UnreadChanges { .. }
            | ProblemKind::LostEvidence { .. }
            | ProblemKind::LostPages { .. }
            | ProblemKind::Limit { .. }
            | ProblemKind::Incomplete(_)
            | ProblemKind::Suspicious(_) => Severity::Error,
            ProblemKind::UnidentifiedObject
            | ProblemKind::UnknownFutureValue { .. }
            | ProblemKind::DuplicateKey { .. }
            | ProblemKind::DuplicatePage { .. }
            | ProblemKind::DuplicateChange { .. }
            | ProblemKind::LoneSurrogate
            | ProblemKind::Unverifiable
            | ProblemKind::SeveralJobs { .. } => Severity::Warning,
        }
    }
}

/// One problem: what and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// Where.
    pub place: Place,
}

impl Problem {
    /// A problem of a whole file.
    #[must_use]
    pub fn of_file(kind: ProblemKind, file: &str) -> Self {
        Problem { kind, place: Place::file(file) }
    }

    /// The contract's code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// How much it weighs.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.kind.severity()
    }

    /// How many it stands for.
    #[must_use]
    pub fn count(&self) -> u64 {
        match self.kind {
            ProblemKind::MoreProblems { problems, .. } => problems,
            _ => 1,
        }
    }
}
