//! Where output files are made: written and synced beside their place, then renamed into it, `SHA256SUMS` last.
//! Where it is, the report is whole; where something fails, what was there before is there again.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use entra_diff::evidence::{self, Manifest, OutputFile};
use entra_diff::ingest::{Export, OWN_NAMES, UNFINISHED};
use entra_diff::model::{Digest, SumLine, Sums};
use entra_diff::render::{self, Format, Output, Written};
use entra_diff::report::Report;

use super::args::Destination;
use super::interrupt::Unfinished;
use super::staging::{Plan, StagedFile, Staging, StagingError};

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
}

/// Refuses a destination that is in use or cannot be written to, before anything is read.
pub(super) fn check(
    destination: &Destination,
    force: bool,
    unfinished: &Unfinished,
) -> Result<(), PublishError> {
    for path in targets(destination) {
        if path.is_dir() {
            return Err(PublishError::Path(path, io::ErrorKind::IsADirectory.into()));
        }
    }
    match destination {
        Destination::Stdout(_) => return Ok(()),
        Destination::File(path, _) => {
            if path.exists() && !force {
                return Err(PublishError::InTheWay(path.clone()));
            }
        }
        Destination::Folder(path, _) => match fs::read_dir(path) {
            Ok(entries) => {
                if !force && entries.count() > 0 {
                    return Err(PublishError::InTheWay(path.clone()));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(PublishError::Path(path.clone(), error)),
        },
    }
    // A place that cannot be written to is told before the work and not behind it.
    stage(destination, force, unfinished)?;
    Ok(())
}

/// Refuses to replace or remove a file that was read: it is evidence.
pub(super) fn check_inputs(destination: &Destination, export: &Export) -> Result<(), PublishError> {
    let real = |path: &Path| path.canonicalize().ok();
    let mut touched = targets(destination);
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

/// Where what a run replaces waits, in the folder of unfinished files, until the run is whole.
const REPLACED: &str = "replaced";

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
fn stage(destination: &Destination, force: bool, unfinished: &Unfinished) -> Result<Staging, StagingError> {
    let within = folder_of(destination);
    let plan = match destination {
        Destination::File(path, _) => {
            let name = path.file_name().unwrap_or_default().as_encoded_bytes();
            let name = format!("{UNFINISHED}-{}", &Digest::of(name).to_string()[..16]);
            Plan { name, within, makes_folders: false, force, told: path }
        }
        Destination::Folder(..) | Destination::Stdout(_) => {
            Plan { name: UNFINISHED.to_owned(), within, makes_folders: true, force, told: within }
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
                Ok(Published { files, others: Vec::new() })
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
        let staging = stage(self.destination, self.force, self.unfinished)?;
        let finished = self.write(report, &staging, &[format], progress)?;
        {
            let _held = self.unfinished.lock();
            let put = fs::rename(staging.folder().join(format.file_name()), path)
                .and_then(|()| sync_folder(folder_of(self.destination)));
            put.map_err(|error| PublishError::Path(path.to_owned(), error))?;
        }
        staging.end()?;
        let files = finished.into_iter().map(|file| (path.to_owned(), file.written)).collect();
        Ok(Published { files, others: Vec::new() })
    }

    fn publish_folder(
        &self,
        report: &Report<'_>,
        folder: &Path,
        formats: &[Format],
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Published, PublishError> {
        let mut staging = stage(self.destination, self.force, self.unfinished)?;
        let mut files = self.write(report, &staging, formats, progress)?;
        let inputs = report.inputs().text().as_bytes();
        files.push(put_text(&staging, evidence::INPUTS, inputs)?);
        let manifest = (self.manifest)(files.iter().map(Finished::output).collect());
        files.push(put_text(&staging, evidence::MANIFEST, &manifest.to_json())?);
        let lines = files.iter().map(|file| SumLine { name: file.name.clone(), sha256: file.sha256 });
        let sums = Sums::of(lines.collect());
        files.push(put_text(&staging, evidence::SUMS, sums.to_string().as_bytes())?);
        {
            let _held = self.unfinished.lock();
            replace(&staging, folder, &files)?;
        }
        staging.keep_folders();
        staging.end()?;
        let others = others(folder, &files)?;
        let files = files.into_iter().map(|file| (folder.join(file.name), file.written)).collect();
        Ok(Published { files, others })
    }

    /// Writes every format into the folder of unfinished files.
    fn write(
        &self,
        report: &Report<'_>,
        staging: &Staging,
        formats: &[Format],
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Vec<Finished>, PublishError> {
        let staged = formats.iter().map(|format| {
            let name = format.file_name();
            staging
                .file(name)
                .map_err(|error| PublishError::Path(folder_of(self.destination).join(name), error))
        });
        let mut staged: Vec<StagedFile> = staged.collect::<Result<_, _>>()?;
        let outputs = staged
            .iter_mut()
            .zip(formats)
            .map(|(file, &format)| Output { format, sink: file as &mut (dyn Write + Send) })
            .collect();
        let temporary_folder = Some(staging.folder().to_owned());
        let options = render::Options { temporary_folder, ..self.options.clone() };
        let written = render::write(report, outputs, &options, progress).map_err(PublishError::Format)?;
        let finished = staged.into_iter().zip(written).map(|(file, written)| {
            let format = written.format;
            let finished = file.finish();
            let (sha256, bytes) =
                finished.map_err(|source| PublishError::Format(render::Error::Sink { format, source }))?;
            Ok(Finished { name: format.file_name().to_owned(), sha256, bytes, written: Some(written) })
        });
        finished.collect()
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
    let put = staging.file(name).and_then(|mut file| {
        file.write_all(text)?;
        file.finish()
    });
    let (sha256, bytes) = put.map_err(|error| PublishError::Path(PathBuf::from(name), error))?;
    Ok(Finished { name: name.to_owned(), sha256, bytes, written: None })
}

/// Puts the finished files in their places, the last of them last, and takes away what else of this program's
/// names is there. Where a step fails, those before it are undone.
fn replace(staging: &Staging, folder: &Path, files: &[Finished]) -> Result<(), PublishError> {
    let mut moved = Vec::new();
    let replaced = move_all(staging, folder, files, &mut moved);
    if replaced.is_err() {
        for (from, to) in moved.into_iter().rev() {
            // A disk that refuses this, too, leaves a folder without SHA256SUMS, which claims nothing.
            let _: io::Result<()> = fs::rename(to, from);
        }
    }
    replaced
}

fn move_all(
    staging: &Staging,
    folder: &Path,
    files: &[Finished],
    moved: &mut Vec<(PathBuf, PathBuf)>,
) -> Result<(), PublishError> {
    let mut rename = |from: PathBuf, to: PathBuf, told: &Path| {
        fs::rename(&from, &to).map_err(|error| PublishError::Path(told.to_owned(), error))?;
        moved.push((from, to));
        Ok::<(), PublishError>(())
    };
    let synced = || sync_folder(folder).map_err(|error| PublishError::Path(folder.to_owned(), error));
    let replaced = staging.folder().join(REPLACED);
    fs::create_dir(&replaced).map_err(|error| PublishError::Path(replaced.clone(), error))?;
    // The list of the old files goes first: a mixture of old and new ones must not have one.
    let old = OWN_NAMES
        .iter()
        .rev()
        .filter(|name| fs::symlink_metadata(folder.join(name)).is_ok_and(|data| !data.is_dir()));
    for name in old {
        let path = folder.join(name);
        rename(path.clone(), replaced.join(name), &path)?;
    }
    synced()?;
    for file in files {
        let path = folder.join(&file.name);
        if file.name == evidence::SUMS {
            synced()?;
        }
        rename(staging.folder().join(&file.name), path.clone(), &path)?;
    }
    synced()
}

/// Waits until the names in a folder are on the disk.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // Some network disks know no such thing.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        synced => synced,
    }
}

/// The names in a folder that are not of the report in it.
fn others(folder: &Path, files: &[Finished]) -> Result<Vec<String>, PublishError> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| PublishError::Path(folder.to_owned(), error))?;
    let names = entries.into_iter().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut others: Vec<String> = names.filter(|name| files.iter().all(|file| file.name != *name)).collect();
    others.sort();
    Ok(others)
}
