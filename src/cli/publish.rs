//! Where output files are made: written and synced beside their place, then renamed into it, `SHA256SUMS` last.
//! Where it is, the report is whole; where something fails, what was there before is there again.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use entra_diff::evidence::{self, Manifest, OutputFile};
use entra_diff::ingest::{Export, OWN_NAMES, UNFINISHED, is_unfinished};
use entra_diff::model::{Digest, SumLine, Sums};
use entra_diff::render::{self, Format, Output, Written};
use entra_diff::report::Report;

use super::destination::Destination;
use super::interrupt::Unfinished;
use super::messages::Messages;
use super::moves::{MoveError, Moves, is_own_file, sync_folder};
use super::staged_file::{ListedFile, StagedFile};
use super::staging::{Plan, Staging, StagingError};

/// Output that could not be written.
#[derive(Debug)]
pub(super) enum PublishError {
    /// The folder has files in it, or the file is there, and `--force` was not given.
    InTheWay(PathBuf),
    /// A file that was read would be written over.
    IsInput(PathBuf),
    /// No folder for unfinished files.
    Staging(StagingError),
    /// A file or folder that could not be made.
    Path(PathBuf, io::Error),
    /// One that could not be put in its place, and what was there could not be put back.
    NotPutBack {
        path: PathBuf,
        error: io::Error,
        /// The folder with what was there.
        kept: PathBuf,
    },
    /// A format that could not be written.
    Format(render::Error),
}

impl From<StagingError> for PublishError {
    fn from(error: StagingError) -> Self {
        PublishError::Staging(error)
    }
}

/// What was written, and where.
pub(super) struct Published {
    /// Each file, with what its format's writer counted.
    pub(super) files: Vec<(PathBuf, Option<Written>)>,
    /// Names in the folder that are not of this report.
    pub(super) others: Vec<String>,
    /// The folder of unfinished files, where it could not be removed. The report is whole all the same.
    pub(super) left: Option<StagingError>,
}

/// Refuses a destination that is in use or cannot be written to, before anything is read.
pub(super) fn check(
    destination: &Destination,
    force: bool,
    unfinished: &Unfinished,
    messages: Messages,
) -> Result<(), PublishError> {
    for path in targets(destination) {
        if path.is_dir() {
            return Err(PublishError::Path(path, io::ErrorKind::IsADirectory.into()));
        }
    }
    if matches!(destination, Destination::Stdout(_)) {
        return Ok(());
    }
    check_free(destination, force)?;
    // A place that cannot be written to is told before the work and not behind it.
    stage(destination, force, unfinished, messages)?;
    Ok(())
}

/// Refuses a destination where something is already, unless that is to be replaced.
fn check_free(destination: &Destination, force: bool) -> Result<(), PublishError> {
    let in_the_way = match destination {
        Destination::Stdout(_) => None,
        // A link that leads nowhere is something, too.
        Destination::File(path, _) => fs::symlink_metadata(path).is_ok().then_some(path),
        Destination::Folder(path, _) => match names(path) {
            // Whose the unfinished files are is found when this run's are to be made.
            Ok(names) => names.iter().any(|name| !is_unfinished(name)).then_some(path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(PublishError::Path(path.clone(), error)),
        },
    };
    match in_the_way {
        Some(path) if !force => Err(PublishError::InTheWay(path.clone())),
        _ => Ok(()),
    }
}

/// Refuses to replace or remove a file that was read: it is evidence.
pub(super) fn check_inputs(destination: &Destination, export: &Export) -> Result<(), PublishError> {
    // A link that leads nowhere is something, too: it is where its own name is.
    let real = |path: &Path| {
        let own_name = || Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?));
        fs::symlink_metadata(path).ok().and_then(|_| path.canonicalize().ok().or_else(own_name))
    };
    let mut touched = targets(destination);
    if let Destination::Folder(folder, _) = destination {
        touched.extend(OWN_NAMES.iter().map(|name| folder.join(name)));
    }
    let existing: Vec<(PathBuf, PathBuf)> =
        touched.into_iter().filter_map(|path| Some((real(&path)?, path))).collect();
    if existing.is_empty() {
        return Ok(());
    }
    let is_stdin = export.files_read().any(|file| file.path.is_none());
    if let Some((_, path)) = existing.iter().find(|(file, _)| is_stdin && is_standard_input(file)) {
        return Err(PublishError::IsInput(path.clone()));
    }
    // What could not be read is an input all the same.
    let files = export.files_read().filter_map(|file| file.path.as_ref());
    let inputs: BTreeSet<PathBuf> = files.chain(export.unreadable()).filter_map(|path| real(path)).collect();
    for (file, path) in existing {
        if inputs.contains(&file) {
            return Err(PublishError::IsInput(path));
        }
    }
    Ok(())
}

/// Whether standard input comes from this file.
#[cfg(unix)]
fn is_standard_input(path: &Path) -> bool {
    use std::os::fd::AsFd as _;
    use std::os::unix::fs::MetadataExt as _;

    let stdin = io::stdin().as_fd().try_clone_to_owned().and_then(|stdin| fs::File::from(stdin).metadata());
    let Ok(stdin) = stdin else { return false };
    fs::metadata(path).is_ok_and(|file| (file.dev(), file.ino()) == (stdin.dev(), stdin.ino()))
}

/// Other systems do not tell.
#[cfg(not(unix))]
fn is_standard_input(_: &Path) -> bool {
    false
}

/// The files of a destination.
fn targets(destination: &Destination) -> Vec<PathBuf> {
    match destination {
        Destination::Stdout(_) => Vec::new(),
        Destination::File(path, _) => vec![path.clone()],
        Destination::Folder(folder, formats) => {
            let formats = formats.iter().map(|format| format.file_name());
            formats.chain(BESIDE).map(|name| folder.join(name)).collect()
        }
    }
}

/// What stands beside the formats in a folder.
const BESIDE: [&str; 3] = [evidence::INPUTS, evidence::MANIFEST, evidence::SUMS];

/// The folder a destination's files stand in.
fn folder_of(destination: &Destination) -> &Path {
    match destination {
        Destination::Stdout(_) => Path::new("."),
        Destination::Folder(folder, _) => folder,
        Destination::File(path, _) => match path.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        },
    }
}

/// A folder for the unfinished files of a destination. That of one file is called by it, so that runs for
/// others can stand beside it.
fn stage(
    destination: &Destination,
    force: bool,
    unfinished: &Unfinished,
    messages: Messages,
) -> Result<Staging, StagingError> {
    let within = folder_of(destination);
    let plan = match destination {
        Destination::File(path, _) => {
            let name = path.file_name().unwrap_or_default().as_encoded_bytes();
            let name = format!("{UNFINISHED}-{}", &Digest::of(name).to_string()[..16]);
            Plan { name, within, makes_folders: false, force, told: path, messages }
        }
        Destination::Folder(..) | Destination::Stdout(_) => {
            Plan { name: UNFINISHED.to_owned(), within, makes_folders: true, force, told: within, messages }
        }
    };
    Staging::begin(&plan, unfinished)
}

/// How a report is published.
pub(super) struct Publisher<'p> {
    pub(super) destination: &'p Destination,
    pub(super) force: bool,
    pub(super) options: render::Options,
    /// The manifest of a folder with these outputs.
    pub(super) manifest: &'p (dyn Fn(Vec<OutputFile>) -> Manifest + Sync),
    pub(super) unfinished: &'p Unfinished,
    pub(super) messages: Messages,
}

/// A finished file in the folder of unfinished ones.
struct Finished {
    name: String,
    sha256: Digest,
    bytes: u64,
    written: Option<Written>,
}

impl Publisher<'_> {
    /// Writes `report` to its destination and tells what was written where.
    pub(super) fn publish(
        &self,
        report: &Report<'_>,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Published, PublishError> {
        match self.destination {
            Destination::Stdout(format) => {
                let mut stdout = io::stdout();
                let outputs = vec![Output { format: *format, sink: &mut stdout }];
                let written = render::write(report, outputs, &self.options, progress);
                let written = written.map_err(PublishError::Format)?.into_iter();
                let files = written.map(|written| (PathBuf::from("-"), Some(written))).collect();
                Ok(Published { files, others: Vec::new(), left: None })
            }
            Destination::File(path, format) => self.publish_file(report, path, *format, progress),
            Destination::Folder(folder, formats) => self.publish_folder(report, folder, formats, progress),
        }
    }

    fn publish_file(
        &self,
        report: &Report<'_>,
        path: &Path,
        format: Format,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Published, PublishError> {
        let mut staging = self.stage()?;
        let mut file = self.file(&staging, format)?;
        let output = Output { format, sink: &mut file };
        // Who asked for one file knows it by its path.
        let at_path = |error| match error {
            PublishError::Format(render::Error::Sink { source, .. }) => {
                PublishError::Path(path.into(), source)
            }
            other => other,
        };
        let written = self.render(report, &staging, vec![output], progress).map_err(at_path)?;
        file.finish().map_err(|source| PublishError::Path(path.into(), source))?;
        let new = staging.folder().join(format.file_name());
        self.put(&mut staging, |moves| moves.replace_file(&new, path))?;
        let left = staging.end();
        let files = written.into_iter().map(|written| (path.to_owned(), Some(written))).collect();
        Ok(Published { files, others: Vec::new(), left })
    }

    /// A folder for the unfinished files, where nothing is in the way. That is looked at once more: another run may
    /// have ended while this one read.
    fn stage(&self) -> Result<Staging, PublishError> {
        let staging = stage(self.destination, self.force, self.unfinished, self.messages)?;
        check_free(self.destination, self.force)?;
        Ok(staging)
    }

    /// Puts finished files in their places while no signal can come between.
    fn put(
        &self,
        staging: &mut Staging,
        moving: impl FnOnce(&mut Moves) -> Result<(), MoveError>,
    ) -> Result<(), PublishError> {
        let mut leftovers = self.unfinished.lock();
        // Writing takes its time: somebody may have put something there meanwhile.
        check_free(self.destination, self.force)?;
        let mut moves = Moves::beside(staging.folder(), self.force);
        let Err(MoveError(path, error)) = moving(&mut moves) else { return Ok(()) };
        if moves.undo() {
            return Err(PublishError::Path(path, error));
        }
        staging.leave(&mut leftovers);
        Err(PublishError::NotPutBack { path, error, kept: moves.replaced().to_owned() })
    }

    fn publish_folder(
        &self,
        report: &Report<'_>,
        folder: &Path,
        formats: &[Format],
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Published, PublishError> {
        let mut staging = self.stage()?;
        let mut files = self.write(report, &staging, formats, progress)?;
        let inputs = report.inputs().text().as_bytes();
        files.push(put_text(&staging, evidence::INPUTS, inputs)?);
        let manifest = (self.manifest)(files.iter().map(Finished::output).collect());
        files.push(put_text(&staging, evidence::MANIFEST, &manifest.to_json())?);
        let lines = files.iter().map(|file| SumLine { name: file.name.clone(), sha256: file.sha256 });
        let sums = Sums::of(lines.collect());
        files.push(put_text(&staging, evidence::SUMS, sums.to_string().as_bytes())?);
        let others = others(folder, &files)?;
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        for made in staging.made() {
            // That the folder is there has to be on the disk, too.
            let above = made.parent().filter(|above| *above != Path::new("")).unwrap_or(Path::new("."));
            sync_folder(above).map_err(|MoveError(path, error)| PublishError::Path(path, error))?;
        }
        self.put(&mut staging, |moves| moves.replace_files(folder, &names, &OWN_NAMES))?;
        staging.keep_folders();
        let left = staging.end();
        let files = files.into_iter().map(|file| (folder.join(file.name), file.written)).collect();
        Ok(Published { files, others, left })
    }

    /// Writes every format into the folder of unfinished files.
    fn write(
        &self,
        report: &Report<'_>,
        staging: &Staging,
        formats: &[Format],
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Vec<Finished>, PublishError> {
        let staged = formats.iter().map(|&format| self.file(staging, format).map(ListedFile::new));
        let mut staged: Vec<ListedFile> = staged.collect::<Result<_, _>>()?;
        let outputs = staged
            .iter_mut()
            .zip(formats)
            .map(|(file, &format)| Output { format, sink: file as &mut (dyn Write + Send) })
            .collect();
        let written = self.render(report, staging, outputs, progress)?;
        let finished = staged.into_iter().zip(written).map(|(file, written)| {
            let format = written.format;
            let finished = file.finish();
            let (sha256, bytes) =
                finished.map_err(|source| PublishError::Format(render::Error::Sink { format, source }))?;
            Ok(Finished { name: format.file_name().to_owned(), sha256, bytes, written: Some(written) })
        });
        finished.collect()
    }

    /// A file for `format` in the folder of unfinished files.
    fn file(&self, staging: &Staging, format: Format) -> Result<StagedFile, PublishError> {
        let name = format.file_name();
        let file = staging.file(name);
        file.map_err(|error| PublishError::Path(folder_of(self.destination).join(name), error))
    }

    fn render(
        &self,
        report: &Report<'_>,
        staging: &Staging,
        outputs: Vec<Output<'_>>,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Vec<Written>, PublishError> {
        let temporary_folder = Some(staging.folder().to_owned());
        let options = render::Options { temporary_folder, ..self.options.clone() };
        render::write(report, outputs, &options, progress).map_err(PublishError::Format)
    }
}

impl Finished {
    fn output(&self) -> OutputFile {
        OutputFile {
            file: self.name.clone(),
            bytes: self.bytes,
            sha256: self.sha256.to_string(),
            counts: self.written.map(|written| written.counts),
        }
    }
}

/// Writes a small file into the folder of unfinished ones.
fn put_text(staging: &Staging, name: &str, text: &[u8]) -> Result<Finished, PublishError> {
    let put = staging.file(name).map(ListedFile::new).and_then(|mut file| {
        file.write_all(text)?;
        file.finish()
    });
    let (sha256, bytes) = put.map_err(|error| PublishError::Path(PathBuf::from(name), error))?;
    Ok(Finished { name: name.to_owned(), sha256, bytes, written: None })
}

/// The names in a folder.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    Ok(entries.into_iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
}

/// The names in a folder that are not of the report that is to be put there, and stay.
fn others(folder: &Path, files: &[Finished]) -> Result<Vec<String>, PublishError> {
    let mut others = names(folder).map_err(|error| PublishError::Path(folder.to_owned(), error))?;
    others.retain(|name| {
        !is_unfinished(name) && !is_own_file(folder, name) && files.iter().all(|file| file.name != *name)
    });
    others.sort();
    Ok(others)
}
