//! Where output files are made: written beside their target, renamed into place.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use entra_diff::ingest::{Export, OWN_NAMES};
use entra_diff::render::{self, Format, Output, Written};
use entra_diff::report::Report;

use super::args::Destination;

/// Output that could not be written.
#[derive(Debug)]
pub(super) enum PublishError {
    /// The folder has files in it, or the file is there, and `--force` was not given.
    InTheWay(PathBuf),
    /// A file that was read would be written over.
    IsInput(PathBuf),
    /// A file or folder that could not be made.
    Path(PathBuf, io::Error),
    /// A format that could not be written.
    Format(render::Error),
}

/// The first part of the name of a file that is not finished.
const UNFINISHED: &str = ".entra-diff-unfinished-";

/// Refuses a destination that is in use, before anything is read.
pub(super) fn check(destination: &Destination, force: bool) -> Result<(), PublishError> {
    for (path, _) in targets(destination) {
        if path.is_dir() {
            return Err(PublishError::Path(path, io::ErrorKind::IsADirectory.into()));
        }
    }
    match destination {
        Destination::File(path, _) if path.exists() && !force => Err(PublishError::InTheWay(path.clone())),
        Destination::Stdout(_) | Destination::File(..) => Ok(()),
        Destination::Folder(path, _) => match fs::read_dir(path) {
            Ok(entries) => {
                let empty = entries.count() == 0;
                if empty || force { Ok(()) } else { Err(PublishError::InTheWay(path.clone())) }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(PublishError::Path(path.clone(), error)),
        },
    }
}

/// Refuses to replace or remove a file that was read: it is evidence.
pub(super) fn check_inputs(destination: &Destination, export: &Export) -> Result<(), PublishError> {
    let real = |path: &Path| path.canonicalize().ok();
    let mut touched: Vec<PathBuf> = targets(destination).into_iter().map(|(path, _)| path).collect();
    if let Destination::Folder(folder, _) = destination {
        touched.extend(OWN_NAMES.iter().map(|name| folder.join(name)));
    }
    let existing: Vec<(PathBuf, PathBuf)> =
        touched.into_iter().filter_map(|path| Some((real(&path)?, path))).collect();
    if existing.is_empty() {
        return Ok(());
    }
    let inputs: BTreeSet<PathBuf> = export.files().filter_map(|file| real(file.path.as_ref()?)).collect();
    for (file, path) in existing {
        if inputs.contains(&file) {
            return Err(PublishError::IsInput(path));
        }
    }
    Ok(())
}

/// The files of a destination.
fn targets(destination: &Destination) -> Vec<(PathBuf, Format)> {
    match destination {
        Destination::Stdout(_) => Vec::new(),
        Destination::File(path, format) => vec![(path.clone(), *format)],
        Destination::Folder(folder, formats) => {
            formats.iter().map(|format| (folder.join(format.file_name()), *format)).collect()
        }
    }
}

/// Writes `report` to its destination and tells what was written where.
pub(super) fn publish(
    report: &Report<'_>,
    destination: &Destination,
    options: &render::Options,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Vec<(PathBuf, Written)>, PublishError> {
    match destination {
        Destination::Stdout(format) => {
            let mut stdout = io::stdout();
            let outputs = vec![Output { format: *format, sink: &mut stdout }];
            let written = render::write(report, outputs, options, progress).map_err(PublishError::Format)?;
            Ok(written.into_iter().map(|written| (PathBuf::from("-"), written)).collect())
        }
        Destination::File(path, _) => {
            let folder = match path.parent() {
                Some(parent) if parent != Path::new("") => parent.to_owned(),
                _ => PathBuf::from("."),
            };
            write_files(report, &folder, &targets(destination), options, progress)
        }
        Destination::Folder(folder, _) => {
            fs::create_dir_all(folder).map_err(|error| PublishError::Path(folder.clone(), error))?;
            let targets = targets(destination);
            let written = write_files(report, folder, &targets, options, progress)?;
            remove_others(folder, &targets)?;
            Ok(written)
        }
    }
}

fn write_files(
    report: &Report<'_>,
    folder: &Path,
    targets: &[(PathBuf, Format)],
    options: &render::Options,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<Vec<(PathBuf, Written)>, PublishError> {
    let staged = targets
        .iter()
        .map(|(path, _)| stage(folder).map_err(|error| PublishError::Path(path.clone(), error)));
    let mut staged: Vec<NamedTempFile> = staged.collect::<Result<_, _>>()?;
    let outputs = staged
        .iter_mut()
        .zip(targets)
        .map(|(file, (_, format))| Output { format: *format, sink: file as &mut (dyn Write + Send) })
        .collect();
    let options = render::Options { temporary_folder: Some(folder.to_owned()), ..options.clone() };
    let written = render::write(report, outputs, &options, progress).map_err(PublishError::Format)?;
    for (file, (path, _)) in staged.into_iter().zip(targets) {
        finish(file, path).map_err(|error| PublishError::Path(path.clone(), error))?;
    }
    Ok(targets.iter().map(|(path, _)| path.clone()).zip(written).collect())
}

/// An unfinished file in the target's folder, so that renaming it is one step. It has no buffer of its own,
/// since renderers write whole chunks.
fn stage(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(UNFINISHED);
    #[cfg(unix)]
    {
        // A report is an ordinary file: readable as the user's umask says, not only by the user.
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

fn finish(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.persist(path).map(|_: File| ()).map_err(|error| error.error)
}

/// Removes outputs of this program's names that were not asked for this time, and what a killed run left.
fn remove_others(folder: &Path, targets: &[(PathBuf, Format)]) -> Result<(), PublishError> {
    let entries = fs::read_dir(folder).map_err(|error| PublishError::Path(folder.to_owned(), error))?;
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        let is_ours = OWN_NAMES.contains(&name.as_str()) || name.starts_with(UNFINISHED);
        let is_file = entry.file_type().is_ok_and(|kind| !kind.is_dir());
        if is_ours && is_file && !targets.iter().any(|(target, _)| *target == path) {
            fs::remove_file(&path).map_err(|error| PublishError::Path(path, error))?;
        }
    }
    Ok(())
}
