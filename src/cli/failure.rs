//! The program's own errors: what they are, and how they are told.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use entra_diff::render;

use super::args::UsageError;
use super::console::shown;
use super::exit::ExitStatus;
use super::publish::PublishError;
use super::staging::StagingError;

/// Why a run could not go on.
pub(super) enum Failure {
    Usage(UsageError),
    Stdin(io::Error),
    Threads(rayon::ThreadPoolBuildError),
    Publish(PublishError),
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
pub(super) fn explain(failure: &Failure) -> ExitStatus {
    let place = |path: &Path| shown(&path.to_string_lossy()).into_owned();
    match failure {
        Failure::Closed => return ExitStatus::Complete,
        Failure::Usage(error) => {
            tell(&match error {
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
        Failure::Stdin(error) => tell(&format!("standard input cannot be read: -: {error}")),
        Failure::Threads(error) => tell(&format!("the threads cannot be started: -j: {error}")),
        Failure::Publish(PublishError::InTheWay(path)) => {
            tell(&format!("the output is in use: {}: choose another with -o, or give --force", place(path)));
        }
        Failure::Publish(PublishError::Staging(StagingError::Unfinished(path))) => {
            tell(&format!(
                "a run that did not end left its unfinished files: {}: give --force to clear them",
                place(path)
            ));
        }
        Failure::Publish(PublishError::Staging(StagingError::Busy(path))) => {
            tell(&format!(
                "another run is writing there: {}: wait for it, or choose another output with -o",
                place(path)
            ));
        }
        Failure::Folder(path, error) => tell(&format!("the folder cannot be read: {}: {error}", place(path))),
        Failure::Publish(PublishError::IsInput(path)) => {
            tell(&format!("the output would replace an input: {}: choose another with -o", place(path)));
        }
        Failure::Publish(
            PublishError::Path(path, error) | PublishError::Staging(StagingError::Path(path, error)),
        ) => {
            tell(&format!("the output cannot be written: {}: {error}", place(path)));
        }
        Failure::Publish(PublishError::Format(render::Error::Sink { format, source })) => {
            tell(&format!("the output cannot be written: {}: {source}", format.file_name()));
        }
        Failure::Publish(PublishError::Format(render::Error::Miscounted { format, .. })) => {
            let file = format.file_name();
            tell(&format!(
                "internal error: {file} does not hold what was read: nothing is written: please report this"
            ));
            return ExitStatus::Internal;
        }
        Failure::Terminal(error) => tell(&format!("the terminal cannot be written to: {error}")),
    }
    ExitStatus::Output
}

/// One line on standard error; if that is closed there is nobody to tell.
pub(super) fn tell(message: &str) {
    let _ = writeln!(io::stderr(), "entra-diff: {message}");
}
