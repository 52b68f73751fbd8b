//! A folder for files that are not finished, beside the place they will have: on the same disk, so that
//! putting one in its place is one step.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::interrupt::{Leftover, Unfinished};
use super::messages::Messages;
use super::moves::{self, MoveError};
use super::staged_file::StagedFile;
use super::text::shown;
use super::turn::Turn;

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
    pub(super) messages: Messages,
}

/// A folder of unfinished files. It is removed when this value is, however the run ends; only a kill leaves it.
#[derive(Debug)]
pub(super) struct Staging {
    folder: PathBuf,
    /// The folder it is in, and those above that this run made.
    made: Vec<PathBuf>,
    /// Whether it stays where it is when this value goes.
    stays: bool,
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
            Ok(lock) => {
                let unfinished = unfinished.clone();
                Ok(Staging { folder, made: missing, stays: false, unfinished, _lock: lock })
            }
            Err(error) => {
                // Another run's folder is its own; this one has made nothing else.
                leftovers.retain(|leftover| !leftover.is(&folder));
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
        Ok(StagedFile::new(file))
    }

    /// The folders that this run made, the highest first.
    pub(super) fn made(&self) -> &[PathBuf] {
        &self.made
    }

    /// What is published now stands in folders that stay.
    pub(super) fn keep_folders(&mut self) {
        for folder in std::mem::take(&mut self.made) {
            self.unfinished.forget(&folder);
        }
    }

    /// Leaves the folder where it is: something in it is nowhere else. `leftovers` is the list that whoever
    /// calls this holds, so that no signal removes it meanwhile.
    pub(super) fn leave(&mut self, leftovers: &mut Vec<Leftover>) {
        self.stays = true;
        leftovers.retain(|leftover| !leftover.is(&self.folder));
    }

    /// Removes the folder with everything in it; gives the error where it is still there.
    pub(super) fn end(mut self) -> Option<StagingError> {
        let removed = self.remove();
        self.stays = true;
        removed.err().map(|error| StagingError::Path(self.folder.clone(), error))
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
        if !self.stays {
            // If this fails, too, there is nothing more to do: the error that ends the run is told already.
            let _ = self.remove();
        }
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
    let Ok(_turn) = Turn::take(plan.within) else { return Err(StagingError::Busy(folder.to_owned())) };
    match fs::create_dir(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            clear(folder, plan)?;
            fs::create_dir(folder).map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => StagingError::Busy(folder.to_owned()),
                _ => failed(folder)(error),
            })?;
        }
        Err(error) => return Err(failed(plan.told)(error)),
    }
    lock_new(folder).inspect_err(|_| {
        // What is in it is of a run that was quicker; it is removed if nothing is.
        let _ = fs::remove_dir(folder);
    })
}

/// Makes and locks the file that tells that the run lives.
fn lock_new(folder: &Path) -> Result<File, StagingError> {
    let path = folder.join(LOCK);
    let failed = |error| StagingError::Path(folder.to_owned(), error);
    let lock = File::create_new(&path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound => StagingError::Busy(folder.to_owned()),
        _ => failed(error),
    })?;
    // Another run may hold it for the moment in which it looks whether this one lives, and may then have removed
    // it. A disk without locks has no other runs that could be told from killed ones.
    let is_locked = lock.lock().is_ok();
    if is_locked && !is_at(&lock, &path).map_err(failed)? {
        return Err(StagingError::Busy(folder.to_owned()));
    }
    Ok(lock)
}

/// Whether `file` is what stands at `path`.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;

    let file = file.metadata()?;
    Ok(fs::symlink_metadata(path).is_ok_and(|there| (there.dev(), there.ino()) == (file.dev(), file.ino())))
}

/// An open file cannot be taken away on other systems.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "other systems can fail here")]
fn is_at(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}

/// Removes what another run left, unless that run still lives. What that run had replaced, without coming to its
/// end, is put back.
fn clear(folder: &Path, plan: &Plan<'_>) -> Result<(), StagingError> {
    let is_folder = fs::symlink_metadata(folder).is_ok_and(|data| data.is_dir());
    // Held until all is removed, so that no other run begins in the folder meanwhile.
    let _lock = if is_folder { lock_old(folder, plan.force)? } else { None };
    if !plan.force {
        return Err(StagingError::Unfinished(folder.to_owned()));
    }
    let cleared = if is_folder {
        // What a run had replaced when it was killed is nowhere else.
        let put_back = moves::put_back(folder);
        if put_back.map_err(|MoveError(path, error)| StagingError::Path(path, error))? {
            plan.messages.tell(&format!(
                "what a killed run had replaced is put back: {}",
                shown(&folder.to_string_lossy())
            ));
        }
        fs::remove_dir_all(folder)
    } else {
        fs::remove_file(folder)
    };
    cleared.map_err(|error| StagingError::Path(folder.to_owned(), error))
}

/// Locks a folder that is there, to clear it; one whose run lives is [`StagingError::Busy`].
fn lock_old(folder: &Path, force: bool) -> Result<Option<File>, StagingError> {
    let path = folder.join(LOCK);
    let opened = match fs::symlink_metadata(&path) {
        Ok(data) if data.is_file() => File::open(&path),
        // Its run was killed, or is about to make one: whoever makes it has the folder.
        Err(error) if force && error.kind() == io::ErrorKind::NotFound => File::create_new(&path),
        // Nothing that a run makes: a link would lead elsewhere, and to open a pipe is to wait for its other end.
        _ => return Ok(None),
    };
    let busy = || StagingError::Busy(folder.to_owned());
    let lock = match opened {
        Ok(lock) => lock,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(busy()),
        Err(_) => return Ok(None),
    };
    match lock.try_lock() {
        Err(TryLockError::Error(_)) => Ok(Some(lock)),
        Ok(()) if is_at(&lock, &path).is_ok_and(|is_at| is_at) => Ok(Some(lock)),
        Err(TryLockError::WouldBlock) | Ok(()) => Err(busy()),
    }
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
