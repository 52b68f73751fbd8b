//! A folder for files that are not finished, beside the place they will have: on the same disk, so that
//! putting one in its place is one step.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use entra_diff::model::{Digest, Digester};

use super::interrupt::{Leftover, Unfinished};

/// In the folder as long as its run lives, and locked: that is how a folder of a killed run is told from one
/// of a run that still writes.
const LOCK: &str = "lock";

/// A folder for unfinished files that could not be made, or removed.
#[derive(Debug)]
pub(super) enum StagingError {
    /// A run that did not end left this folder, and `--force` was not given.
    Unfinished(PathBuf),
    /// Another run writes there now.
    Busy(PathBuf),
    /// A file or folder that could not be made or removed.
    Path(PathBuf, io::Error),
}

/// Which folder is to be made.
#[derive(Debug)]
pub(super) struct Plan<'p> {
    /// What it is called.
    pub(super) name: String,
    /// Where it is to be.
    pub(super) within: &'p Path,
    /// Whether that folder is made, too, with those above it.
    pub(super) makes_folders: bool,
    /// Whether what a killed run left there is cleared.
    pub(super) force: bool,
    /// The place that somebody named, for an error.
    pub(super) told: &'p Path,
}

/// A folder of unfinished files. It is removed when this value is, however the run ends; only a kill leaves it.
#[derive(Debug)]
pub(super) struct Staging {
    folder: PathBuf,
    /// The folder it is in, and those above that this run made.
    made: Vec<PathBuf>,
    unfinished: Unfinished,
    /// Held until the end.
    _lock: File,
}

impl Staging {
    /// Makes the folder that `plan` tells.
    pub(super) fn begin(plan: &Plan<'_>, unfinished: &Unfinished) -> Result<Self, StagingError> {
        let folder = plan.within.join(&plan.name);
        // No signal comes between the making of a folder and the note that it is to be removed.
        let mut leftovers = unfinished.lock();
        let missing = if plan.makes_folders { missing_folders(plan.within) } else { Vec::new() };
        leftovers.extend(missing.iter().cloned().map(Leftover::Folder));
        leftovers.push(Leftover::Staging(folder.clone()));
        let made = make(plan, &folder);
        match made {
            Ok(lock) => Ok(Staging { folder, made: missing, unfinished: unfinished.clone(), _lock: lock }),
            Err(error) => {
                // Another run's folder is its own; this one has made nothing else.
                leftovers.retain(|leftover| !matches!(leftover, Leftover::Staging(own) if *own == folder));
                drop(leftovers);
                remove_folders(&missing, unfinished);
                Err(error)
            }
        }
    }

    /// The folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A new file in it.
    pub(super) fn file(&self, name: &str) -> io::Result<StagedFile> {
        let path = self.folder.join(name);
        let file = OpenOptions::new().write(true).create_new(true).open(path)?;
        Ok(StagedFile { file, digester: Digester::default(), bytes: 0 })
    }

    /// What is published now stands in folders that stay.
    pub(super) fn keep_folders(&mut self) {
        for folder in std::mem::take(&mut self.made) {
            self.unfinished.forget(&folder);
        }
    }

    /// Removes the folder with everything in it.
    pub(super) fn end(mut self) -> Result<(), StagingError> {
        let removed = self.remove();
        removed.map_err(|error| StagingError::Path(self.folder.clone(), error))
    }

    fn remove(&mut self) -> io::Result<()> {
        let removed = Leftover::Staging(self.folder.clone()).remove();
        if removed.is_ok() {
            self.unfinished.forget(&self.folder);
        }
        removed
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // If this fails, too, there is nothing more to do: the error that ends the run is told already.
        let _ = self.remove();
        remove_folders(&std::mem::take(&mut self.made), &self.unfinished);
    }
}

fn make(plan: &Plan<'_>, folder: &Path) -> Result<File, StagingError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| StagingError::Path(path, error)
    };
    if plan.makes_folders {
        fs::create_dir_all(plan.within).map_err(failed(plan.told))?;
    }
    match fs::create_dir(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            clear(folder, plan.force)?;
            fs::create_dir(folder).map_err(failed(folder))?;
        }
        Err(error) => return Err(failed(plan.told)(error)),
    }
    let lock = File::create_new(folder.join(LOCK)).and_then(|lock| {
        // A disk without locks has no other runs that could be told from killed ones.
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
            Ok(()) | Err(TryLockError::Error(_)) => Ok(lock),
        }
    });
    lock.map_err(|error| {
        // It was made just now, and is empty but for the lock.
        let _ = fs::remove_dir_all(folder);
        StagingError::Path(folder.to_owned(), error)
    })
}

/// Removes what another run left, unless that run still lives.
fn clear(folder: &Path, force: bool) -> Result<(), StagingError> {
    if let Ok(lock) = File::open(folder.join(LOCK))
        && matches!(lock.try_lock(), Err(TryLockError::WouldBlock))
    {
        return Err(StagingError::Busy(folder.to_owned()));
    }
    if !force {
        return Err(StagingError::Unfinished(folder.to_owned()));
    }
    let is_folder = fs::symlink_metadata(folder).is_ok_and(|data| data.is_dir());
    let removed = if is_folder { fs::remove_dir_all(folder) } else { fs::remove_file(folder) };
    removed.map_err(|error| StagingError::Path(folder.to_owned(), error))
}

/// The folders of `path` that are not there, the highest first.
fn missing_folders(path: &Path) -> Vec<PathBuf> {
    let above = path.ancestors().filter(|folder| !folder.as_os_str().is_empty());
    let mut missing: Vec<PathBuf> = above.take_while(|folder| !folder.exists()).map(Path::to_owned).collect();
    missing.reverse();
    missing
}

/// Removes folders that this run made, the lowest first, unless something is in them.
fn remove_folders(made: &[PathBuf], unfinished: &Unfinished) {
    for folder in made.iter().rev() {
        // One that somebody else has put something into stays.
        let _ = Leftover::Folder(folder.clone()).remove();
        unfinished.forget(folder);
    }
}

/// A file while it is written. It has no buffer of its own, since renderers write whole chunks.
#[derive(Debug)]
pub(super) struct StagedFile {
    file: File,
    digester: Digester,
    bytes: u64,
}

impl StagedFile {
    /// Waits until every byte is on the disk, and gives the digest and the size of what was written.
    pub(super) fn finish(self) -> io::Result<(Digest, u64)> {
        self.file.sync_all()?;
        Ok((self.digester.finish(), self.bytes))
    }
}

impl Write for StagedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.digester.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
