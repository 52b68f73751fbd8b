//! Finished files are put in their places here, step by step, and what was there before is kept until all are:
//! where a step fails, those before it are undone.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use entra_diff::evidence;
use entra_diff::ingest::{BATCH_NAMES, OWN_NAMES, UNFINISHED};
use entra_diff::model::{Digest, Sums};

/// Where what a run replaces waits, in the folder of unfinished files, until the run is whole.
const REPLACED: &str = "replaced";

/// A file or folder that could not be moved, made or synced.
#[derive(Debug)]
pub(super) struct MoveError(pub(super) PathBuf, pub(super) io::Error);

impl MoveError {
    fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| MoveError(path, error)
    }
}

/// The steps that were made.
#[derive(Debug)]
pub(super) struct Moves {
    /// The folder of the finished files.
    staging: PathBuf,
    /// Below it, what they replace.
    replaced: PathBuf,
    made: Vec<(PathBuf, PathBuf)>,
    /// Whether a file that stands in a place may be replaced.
    replaces: bool,
}

impl Moves {
    /// No step yet. What is replaced waits in `staging`, the folder of the finished files; without `replaces`
    /// nothing is.
    pub(super) fn beside(staging: &Path, replaces: bool) -> Self {
        Moves { staging: staging.to_owned(), replaced: staging.join(REPLACED), made: Vec::new(), replaces }
    }

    /// Where that waits which was replaced.
    pub(super) fn replaced(&self) -> &Path {
        &self.replaced
    }

    /// Puts `new` at `path`.
    pub(super) fn replace_file(&mut self, new: &Path, path: &Path) -> Result<(), MoveError> {
        fs::create_dir(&self.replaced).map_err(MoveError::at(&self.replaced))?;
        let old = self.replaced.join(path.file_name().unwrap_or_default());
        // By a link the old file has two names until the new one takes the first of them, so that there is always
        // a file in the place. Not every disk has links.
        if fs::hard_link(path, &old).is_ok() {
            self.made.push((path.to_owned(), old));
        } else if fs::symlink_metadata(path).is_ok() {
            self.rename(path.to_owned(), old, path)?;
        }
        self.place(new.to_owned(), path.to_owned())?;
        sync_folder(match path.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        })
    }

    /// Puts the files of these names into `folder`, the last of them last, and takes away what else is there of the
    /// names that are this program's `own` in such a folder.
    pub(super) fn replace_files(
        &mut self,
        folder: &Path,
        names: &[&str],
        own: &[&str],
    ) -> Result<(), MoveError> {
        fs::create_dir(&self.replaced).map_err(MoveError::at(&self.replaced))?;
        // The list of the old files goes first: a mixture of old and new ones must not have one.
        let replaces = self.replaces;
        let is_there = |name: &&&str| replaces && is_file(&folder.join(name));
        for name in own.iter().rev().filter(is_there) {
            let path = folder.join(name);
            self.rename(path.clone(), self.replaced.join(name), &path)?;
        }
        sync_folder(folder)?;
        for name in names {
            let path = folder.join(name);
            if *name == evidence::SUMS {
                sync_folder(folder)?;
            }
            self.place(self.staging.join(name), path)?;
        }
        sync_folder(folder)
    }

    /// Puts a finished file in its place. One that somebody else puts there in this moment is replaced only where it
    /// may be: a second name cannot be given over another file, as a rename can. Not every disk has links.
    fn place(&mut self, new: PathBuf, path: PathBuf) -> Result<(), MoveError> {
        if self.replaces {
            return self.rename(new, path.clone(), &path);
        }
        match fs::hard_link(&new, &path) {
            Ok(()) => {
                fs::remove_file(&new).map_err(MoveError::at(&path)).inspect_err(|_| {
                    // It has two names still: this one was given just now.
                    let _ = fs::remove_file(&path);
                })?;
                self.made.push((new, path));
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(MoveError(path, error)),
            Err(_) => self.rename(new, path.clone(), &path),
        }
    }

    /// `told` is the one of both that somebody asked for.
    fn rename(&mut self, from: PathBuf, to: PathBuf, told: &Path) -> Result<(), MoveError> {
        fs::rename(&from, &to).map_err(MoveError::at(told))?;
        self.made.push((from, to));
        Ok(())
    }

    /// Undoes every step, the last first; whether all of them could be. It ends at the first that cannot be, as a
    /// kill would end it: from there [`put_back`] goes on, and no list stands above files that are not its own.
    pub(super) fn undo(&mut self) -> bool {
        while let Some((from, to)) = self.made.pop() {
            if fs::rename(to, from).is_err() {
                return false;
            }
        }
        true
    }
}

/// Undoes what a killed run began: what it had replaced, and still is in its folder `staging`, goes back to its
/// place, and what it had put there comes back. Where its report is whole, or nothing was replaced yet, nothing is
/// to be done. Tells whether anything was put back.
pub(super) fn put_back(staging: &Path) -> Result<bool, MoveError> {
    let mut is_put_back = false;
    let Some(folder) = staging.parent() else { return Ok(false) };
    let replaced = staging.join(REPLACED);
    if !fs::symlink_metadata(&replaced).is_ok_and(|data| data.is_dir()) {
        return Ok(false);
    }
    let rename = |from: &Path, to: &Path| fs::rename(from, to).map_err(MoveError::at(to));
    let is_of_folder = staging.file_name().is_some_and(|name| name == UNFINISHED);
    if is_of_folder && is_file(&folder.join(evidence::SUMS)) {
        return Ok(false);
    }
    let list = staging.join(evidence::SUMS);
    let is_list = fs::symlink_metadata(&list).is_ok_and(|data| data.is_file());
    let list = is_list.then(|| fs::read(&list).ok()).flatten();
    let Some(finished) = list.and_then(|text| Sums::parse(&text).ok()) else {
        return put_file_back(&replaced, folder);
    };
    let has_old = |name: &str| is_file(&replaced.join(name));
    let mut placed = Vec::new();
    let of_batch = BATCH_NAMES.into_iter().filter(|name| !OWN_NAMES.contains(name));
    let own_names = || OWN_NAMES.into_iter().chain(of_batch.clone());
    for name in own_names().filter(|name| is_file(&folder.join(name))) {
        let place = folder.join(name);
        let is_new = finished.get(name).is_some_and(|listed| is_the_file(&place, listed));
        if is_new && (has_old(name) || !is_file(&staging.join(name))) {
            placed.push(name);
        } else if has_old(name) {
            // Somebody has put another file there since: neither may be lost.
            return Err(MoveError(place, io::Error::other(TWO_FILES)));
        }
    }
    for name in placed {
        rename(&folder.join(name), &staging.join(name))?;
    }
    let (sums, others): (Vec<&str>, Vec<&str>) = own_names().partition(|name| *name == evidence::SUMS);
    for name in others.into_iter().chain(sums).filter(|name| has_old(name)) {
        rename(&replaced.join(name), &folder.join(name))?;
        is_put_back = true;
    }
    sync_folder(folder)?;
    Ok(is_put_back)
}

/// Why nothing is put back.
const TWO_FILES: &str = "a run that was killed had replaced this file, whose old one is among its unfinished files, and \
                         another stands there now: move one of them away";

/// Whether a regular file has this digest.
fn is_the_file(path: &Path, digest: Digest) -> bool {
    let is_regular = fs::symlink_metadata(path).is_ok_and(|data| data.is_file());
    is_regular && evidence::digest_of(path).is_ok_and(|(found, _)| found == digest)
}

/// The same for a run of one file: where its place is empty, the old one goes back to it.
fn put_file_back(replaced: &Path, folder: &Path) -> Result<bool, MoveError> {
    let mut is_put_back = false;
    let entries = fs::read_dir(replaced).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    for entry in entries.map_err(MoveError::at(replaced))? {
        let place = folder.join(entry.file_name());
        if fs::symlink_metadata(&place).is_err() {
            fs::rename(entry.path(), &place).map_err(MoveError::at(&place))?;
            is_put_back = true;
        }
    }
    sync_folder(folder)?;
    Ok(is_put_back)
}

/// Whether a name in a folder is that of an output, which every report in it replaces or takes away.
pub(super) fn is_own_file(folder: &Path, name: &str) -> bool {
    OWN_NAMES.contains(&name) && is_file(&folder.join(name))
}

/// Whether something that is no folder is there.
fn is_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|data| !data.is_dir())
}

/// Waits until the names in a folder are on the disk.
pub(super) fn sync_folder(folder: &Path) -> Result<(), MoveError> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // Some network disks know no such thing.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Ok(())
        }
        synced => synced.map_err(MoveError::at(folder)),
    }
}
