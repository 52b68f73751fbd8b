//! The program's own errors: what they are, and how they are told.

use std::io;
use std::path::{Path, PathBuf};

use entra_diff::render;

use super::args::UsageError;
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
    let place = |path: &Path| shown(&path.to_string_lossy()).into_owned();
    match failure {
        Failure::Closed => return ExitStatus::Complete,
        Failure::Usage(error) => {
            messages.tell(&match error {
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
            });
            return ExitStatus::Usage;
        }
        Failure::Stdin(error) => messages.tell(&format!("standard input cannot be read: -: {error}")),
        Failure::Threads(error) => messages.tell(&format!("the threads cannot be started: -j: {error}")),
        Failure::Memory(limit) => {
            messages.tell(&format!(
                "reading the inputs takes more than {} MiB, which is what this run may hold: nothing is written: \
                 give fewer of them, give the run more memory, or more of it with --max-memory",
                limit >> 20
            ));
            return ExitStatus::Limit;
        }
        Failure::NoDate => {
            let file = render::Format::Xlsx.file_name();
            messages.tell(&format!(
                "the output cannot be written: {file}: the clock stands before 1970, and a workbook has no such date"
            ));
        }
        Failure::Folder(path, error) => {
            messages.tell(&format!("the folder cannot be read: {}: {error}", place(path)));
        }
        Failure::Publish(error) => return explain_unpublished(error, messages),
        Failure::Terminal(error) => messages.tell(&format!("the terminal cannot be written to: {error}")),
    }
    ExitStatus::Output
}

/// Where there is no report, why.
fn explain_unpublished(error: &PublishError, messages: Messages) -> ExitStatus {
    let place = |path: &Path| shown(&path.to_string_lossy()).into_owned();
    let mut status = ExitStatus::Output;
    messages.tell(&match error {
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
    });
    status
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
