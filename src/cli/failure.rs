//! The program's own errors: what they are, and how they are told.

use std::io;
use std::path::{Path, PathBuf};

use entra_diff::render;

use super::batch::BatchError;
use super::destination::UsageError;
use super::exit::ExitStatus;
use super::messages::Messages;
use super::publish::PublishError;
use super::staging::StagingError;
use super::text::shown;

/// Why a run could not go on.
pub(super) enum Failure {
    Usage(UsageError),
    Stdin(io::Error),
    Threads(rayon::ThreadPoolBuildError),
    Publish(PublishError),
    /// The inputs are more text than this many bytes.
    Memory(u64),
    /// The clock stands where no workbook can be dated.
    NoDate,
    /// A report's folder that cannot be looked into.
    Folder(PathBuf, io::Error),
    /// A batch that cannot be made.
    Batch(BatchError),
    /// Standard output is gone, which is how `| head` says that it has enough.
    Closed,
    Terminal(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Failure::Closed } else { Failure::Terminal(error) }
    }
}

impl From<PublishError> for Failure {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::Format(render::Error::Sink { ref source, .. })
                if source.kind() == io::ErrorKind::BrokenPipe =>
            {
                Failure::Closed
            }
            error => Failure::Publish(error),
        }
    }
}

/// Tells what failed, where and why, and gives the status it ends with.
pub(super) fn explain(failure: &Failure, messages: Messages) -> ExitStatus {
    let (status, words) = words(failure);
    if let Some(words) = words {
        messages.tell(&words);
    }
    status
}

/// The status that a failure ends a run with, and what failed, where and why; nothing is said where nobody hears it.
pub(super) fn words(failure: &Failure) -> (ExitStatus, Option<String>) {
    let place = |path: &Path| shown(&path.to_string_lossy()).into_owned();
    let mut status = ExitStatus::Output;
    let words = match failure {
        Failure::Closed => return (ExitStatus::Complete, None),
        Failure::Usage(error) => {
            status = ExitStatus::Usage;
            match error {
                UsageError::StdoutNeedsOneFormat => {
                    "-o - needs exactly one format: give one with -f".to_owned()
                }
                UsageError::SourceDateEpoch(value) => {
                    format!("SOURCE_DATE_EPOCH is no whole number of seconds since 1970: {}", shown(value))
                }
                UsageError::FormatConflicts(path) => {
                    format!(
                        "the output is one file: {}: its extension and -f contradict each other",
                        place(path)
                    )
                }
            }
        }
        Failure::Stdin(error) => format!("standard input cannot be read: -: {error}"),
        Failure::Threads(error) => format!("the threads cannot be started: -j: {error}"),
        Failure::Memory(limit) => {
            status = ExitStatus::Limit;
            format!(
                "reading the inputs takes more than {} MiB, which is what this run may hold: nothing is written: \
                 give fewer of them, give the run more memory, or more of it with --max-memory",
                limit >> 20
            )
        }
        Failure::NoDate => {
            let file = render::Format::Xlsx.file_name();
            format!(
                "the output cannot be written: {file}: the clock stands before 1970, and a workbook has no such date"
            )
        }
        Failure::Folder(path, error) => format!("the folder cannot be read: {}: {error}", place(path)),
        Failure::Publish(error) => return unpublished(error),
        Failure::Batch(error) => return (error.status(), Some(error.words())),
        Failure::Terminal(error) => format!("the terminal cannot be written to: {error}"),
    };
    (status, Some(words))
}

/// Where there is no report, why.
fn unpublished(error: &PublishError) -> (ExitStatus, Option<String>) {
    let place = |path: &Path| shown(&path.to_string_lossy()).into_owned();
    let mut status = ExitStatus::Output;
    let words = match error {
        PublishError::InTheWay(path) => {
            format!("the output is in use: {}: choose another with -o, or give --force", place(path))
        }
        PublishError::Staging(StagingError::Unfinished(path)) => {
            format!(
                "a run that did not end left its unfinished files: {}: give --force to clear them and to put back what they were to replace",
                place(path)
            )
        }
        PublishError::Staging(StagingError::Busy(path)) => {
            format!(
                "another run is writing there: {}: wait for it, or choose another output with -o",
                place(path)
            )
        }
        PublishError::IsInput(path) => {
            format!("the output would replace an input: {}: choose another with -o", place(path))
        }
        PublishError::Path(path, error) | PublishError::Staging(StagingError::Path(path, error)) => {
            format!("the output cannot be written: {}: {error}", place(path))
        }
        PublishError::NotPutBack { path, error, kept } => format!(
            "the output cannot be written: {}: {error}: what was there is now in {}, from where the next run with --force puts it back",
            place(path),
            place(kept)
        ),
        PublishError::Format(render::Error::Sink { format, source }) => {
            format!("the output cannot be written: {}: {source}", format.file_name())
        }
        PublishError::Format(render::Error::Miscounted { format, .. }) => {
            status = ExitStatus::Internal;
            let file = format.file_name();
            format!(
                "internal error: {file} does not hold what was read: nothing is written: please report this"
            )
        }
    };
    (status, Some(words))
}

/// Tells what went wrong when the report was in its place already, which changes no exit code: what the report's
/// manifest says of it holds.
pub(super) fn tell_of_the_end(left: Option<&StagingError>, told: io::Result<()>, messages: Messages) {
    if let Some(StagingError::Path(path, error)) = left {
        let path = path.to_string_lossy();
        messages.tell(&format!(
            "the unfinished files cannot be removed: {}: {error}: the report is written",
            shown(&path)
        ));
    }
    if let Err(error) = told {
        messages.tell(&format!("the terminal cannot be written to: {error}: the report is written"));
    }
}
