//! What is wrong with the input, and what to do about it.

use crate::ingest::PassedOverReason;
use crate::model::{ArchiveFault, LimitOn, Position, Problem, ProblemKind, Severity};

use super::completeness::{are_items, basis};
use super::graph_error;
use super::number::{counted, number, plural};
use crate::model::Basis;

/// Why something was passed over.
#[must_use]
pub fn passed_over(reason: PassedOverReason) -> &'static str {
    match reason {
        PassedOverReason::NothingOfUse => "holds nothing that is read here",
        PassedOverReason::OwnMaking => "made by entra-diff",
        PassedOverReason::Hidden => "its name begins with a dot: read only where it begins like JSON",
        PassedOverReason::LinkToFolder => "a symbolic link to a folder is not followed",
        PassedOverReason::CaseFile => "tells whose case it is, to entra-diff batch",
        PassedOverReason::OtherJob => "a page of another job than the one asked for",
        PassedOverReason::OtherRequest => "recorded requests that are about something else",
        PassedOverReason::Documentation => {
            "recorded pages of sites that explain the service: what looks like changes there is an example"
        }
    }
}

/// What is wrong.
#[must_use]
#[expect(clippy::too_many_lines, reason = "one table, a case a line or two")]
pub fn problem_message(kind: &ProblemKind) -> String {
    match kind {
        ProblemKind::UnreadableFile { reason } => format!("the file cannot be read: {reason}"),
        ProblemKind::FileChanged { read } => {
            format!(
                "the file changed while it was read: {} of it are reported",
                counted(*read, "byte", "bytes")
            )
        }
        ProblemKind::Archive(fault) => archive_fault(fault),
        ProblemKind::EmptyFile => "the file is empty".to_owned(),
        ProblemKind::NulPadding { characters, is_all: true } => {
            let characters = counted(*characters, "character", "characters");
            format!("the file holds nothing but NUL padding, {characters}: it was never written")
        }
        ProblemKind::NulPadding { characters, is_all: false } => format!(
            "the text ends in NUL padding, {}: the file was not written to its end, or copied before it was",
            counted(*characters, "character", "characters")
        ),
        ProblemKind::InvalidEncoding { offset } => {
            format!("the bytes from offset {offset} on are no text in the encoding of the file")
        }
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
            let told = parts.map(|part| format!(": {part}")).collect::<Vec<_>>().concat();
            format!("this is a saved error{status}, not a page{told}")
        }
        ProblemKind::PowershellText => "this is a table or list that PowerShell printed, not JSON".to_owned(),
        ProblemKind::Clixml => "this is PowerShell's CLIXML, not JSON".to_owned(),
        ProblemKind::Html => "this is a web page, not JSON".to_owned(),
        ProblemKind::NoBody => "this response was saved without its body".to_owned(),
        ProblemKind::NoAnswer { requests } => {
            format!("{} no answer in the recording", counted(*requests, "request has", "requests have"))
        }
        ProblemKind::NoItems => "this page has no items: it has no member named value".to_owned(),
        ProblemKind::UnrecognisedItem { expected: None } => {
            "this element is no object, and so no change".to_owned()
        }
        ProblemKind::UnrecognisedItem { expected: Some(expected) } => {
            format!("this item is not JSON: expected {expected}; it is left out")
        }
        ProblemKind::UnrecognisedArtifact { is_collection: true } => {
            "this collection is no array, and so holds no restore artifacts".to_owned()
        }
        ProblemKind::UnrecognisedArtifact { is_collection: false } => {
            "this element is no whole object, and so no restore artifact".to_owned()
        }
        ProblemKind::LostEvidence { id, name, rows } => {
            let name = name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
            format!(
                "nested values of object {id}{name} were lost when the page was saved: {rows} {}",
                plural(u64::from(*rows), "row", "rows")
            )
        }
        ProblemKind::LostPages { values } => format!(
            "pages were lost when this was saved: {values} {} only the name of a type",
            plural(*values, "value is", "values are")
        ),
        ProblemKind::UnreadChanges { places: 1 } => {
            "changes seem to be in this, and could not be read".to_owned()
        }
        ProblemKind::UnreadChanges { places } => {
            format!("changes seem to be in this, and could not be read: {places} places, this is the first")
        }
        ProblemKind::Limit { on, limit } => limit_message(*on, *limit),
        ProblemKind::MoreProblems { problems, .. } => {
            format!(
                "{} of this kind in this file, not listed one by one",
                counted(*problems, "more problem", "more problems")
            )
        }
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

/// What is more than a limit allows.
fn limit_message(on: LimitOn, limit: u64) -> String {
    let limit = match on {
        LimitOn::File
        | LimitOn::FileWithoutSize
        | LimitOn::ItemMemory
        | LimitOn::Rows
        | LimitOn::RowsMemory
        | LimitOn::ArchiveBytes
            if limit >= 1 << 20 =>
        {
            format!("{} MiB", number(limit >> 20))
        }
        LimitOn::File
        | LimitOn::FileWithoutSize
        | LimitOn::ItemMemory
        | LimitOn::Rows
        | LimitOn::RowsMemory
        | LimitOn::ArchiveBytes
        | LimitOn::Item
        | LimitOn::Pointer
        | LimitOn::EntryName => counted(limit, "byte", "bytes"),
        _ => number(limit),
    };
    match on {
        LimitOn::File => format!("more than {limit} in a file; it is left out"),
        LimitOn::FileWithoutSize => {
            format!("more than {limit} in a file without a size of its own; it is left out")
        }
        LimitOn::Item => format!("more than {limit} in an item; it is left out"),
        LimitOn::ItemMemory => format!("more than {limit} of memory for one item; it is left out"),
        LimitOn::Rows => format!("more than {limit} in the rows of one change; it is left out"),
        LimitOn::RowsMemory => {
            format!("more than {limit} in the rows of one change, for which there is memory; it is left out")
        }
        LimitOn::Levels => format!("more than {limit} levels of nesting; it is left out"),
        LimitOn::Pointer => format!("more than {limit} in the pointer to this; it is left out"),
        LimitOn::EntryName => format!("more than {limit} in the name of an entry; it is left out"),
        LimitOn::ArchiveRatio => format!("more than {limit} times the packed size; it is left out"),
        LimitOn::ArchiveEntries => format!("more than {limit} entries in an archive; it is left out"),
        LimitOn::ArchiveBytes => format!("more than {limit} unpacked from an archive; it is left out"),
        LimitOn::ArchiveRefused => {
            "too much of this archive was unpacked and refused; this entry is left out unread".to_owned()
        }
        LimitOn::Batches => format!("more than {limit} batches in one another; it is left out"),
    }
}

/// What to do about it.
fn limit_advice(on: LimitOn) -> &'static str {
    match on {
        LimitOn::File => "if it is meant to be so large, raise --max-file-size",
        LimitOn::FileWithoutSize => "copy what is in it into a file, or raise --max-stream-size",
        LimitOn::ItemMemory | LimitOn::RowsMemory => {
            "give the run more memory, or more of it with --max-memory"
        }
        LimitOn::Rows => {
            "look at the item: its names or keys are very long; if they are meant to be, raise --max-change-size"
        }
        LimitOn::ArchiveRatio => "look at the archive; if it is what it should be, raise --max-archive-ratio",
        LimitOn::ArchiveEntries => {
            "look at the archive; if it is what it should be, raise --max-archive-entries"
        }
        LimitOn::ArchiveBytes => "look at the archive; if it is what it should be, raise --max-archive-size",
        LimitOn::ArchiveRefused => "unpack it, and give the folder with what was in it",
        LimitOn::EntryName => "unpack it, and give the folder with what was in it, or raise --max-name-size",
        LimitOn::Pointer => {
            "look at the file: the service does not send this; if it is meant to be, raise --max-name-size"
        }
        LimitOn::Item | LimitOn::Levels | LimitOn::Batches => {
            "look at the file: the service does not send this"
        }
    }
}

/// What is wrong with an archive.
#[must_use]
pub fn archive_fault(fault: &ArchiveFault) -> String {
    match fault {
        ArchiveFault::Cut => "the archive ends in the middle".to_owned(),
        ArchiveFault::Damaged { reason } => format!("the archive cannot be unpacked: {reason}"),
        ArchiveFault::DamagedEntry { number } => format!("entry {number} of the archive cannot be read"),
        ArchiveFault::NoArchive => "this is no archive, by its first bytes".to_owned(),
        ArchiveFault::MoreBytes => {
            "there is something in front of the archive or behind it, which is not read".to_owned()
        }
        ArchiveFault::Nested => "an archive in an archive is not opened".to_owned(),
        ArchiveFault::Encrypted => "this entry of the archive is encrypted".to_owned(),
        ArchiveFault::SameNames => {
            "entries of the archive have the same name, and only the last of them can be read".to_owned()
        }
    }
}

const SAVE_AGAIN: &str = "save the page again as the service sent it (Invoke-MgGraphRequest -OutputFilePath)";

/// What to do about it.
#[must_use]
pub fn problem_advice(kind: &ProblemKind) -> &'static str {
    match kind {
        ProblemKind::UnreadableFile { .. } => "check the path and the file's permissions",
        ProblemKind::FileChanged { .. } => "read it again when nothing writes to it any more",
        ProblemKind::Archive(ArchiveFault::Nested | ArchiveFault::Encrypted) => {
            "unpack it, and give the folder with what was in it"
        }
        ProblemKind::Archive(_) => {
            "copy the archive again from where it was made, or unpack it and give the folder"
        }
        ProblemKind::EmptyFile
        | ProblemKind::NulPadding { .. }
        | ProblemKind::NotJson { .. }
        | ProblemKind::TruncatedJson { .. } => SAVE_AGAIN,
        ProblemKind::InvalidEncoding { .. } => "save the page again as UTF-8, or as the service sent it",
        ProblemKind::GraphError { status, code, message } => {
            graph_error::advice(status.as_deref(), code, message)
        }
        ProblemKind::PowershellText | ProblemKind::Clixml => {
            "save the response itself: Invoke-MgGraphRequest -OutputFilePath, or ConvertTo-Json -Depth 100"
        }
        ProblemKind::Html => "this is often a sign-in page: sign in and save the page again",
        ProblemKind::NoAnswer { .. } => "ask again, and save the page alone or record it anew",
        ProblemKind::NoBody => "save it with its content, or save the page alone",
        ProblemKind::NoItems
        | ProblemKind::UnrecognisedItem { .. }
        | ProblemKind::UnrecognisedArtifact { .. } => {
            "compare the file with the service's response; save the page again"
        }
        ProblemKind::UnreadChanges { .. } => {
            "look at the place: if the service's pages are in it, save them in files of their own"
        }
        ProblemKind::LostEvidence { .. } | ProblemKind::LostPages { .. } => {
            "save the page again with ConvertTo-Json -Depth 100, or with Invoke-MgGraphRequest -OutputFilePath"
        }
        ProblemKind::MoreProblems { .. } => "list more of them with --max-problems",
        ProblemKind::Limit { on, .. } => limit_advice(*on),
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

/// `line 3, column 17`.
#[must_use]
pub fn position(position: Position) -> String {
    format!("line {}, column {}", number(position.line), number(position.column))
}

/// How many problems there are.
#[must_use]
pub fn problem_counts(problems: &[Problem]) -> String {
    let count = |severity: Severity| {
        let of = problems.iter().filter(|problem| problem.severity() == severity);
        of.map(Problem::count).sum()
    };
    let (errors, warnings): (u64, u64) = (count(Severity::Error), count(Severity::Warning));
    let meaning = if errors > 0 { " (data is missing from the report)" } else { "" };
    format!("{}{meaning}, {}", counted(errors, "error", "errors"), counted(warnings, "warning", "warnings"))
}
