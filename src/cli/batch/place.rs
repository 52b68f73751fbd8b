//! The folder of a batch: who may write there, and what is kept of each finished case so that it can be left alone later.
//!
//! Beside the index and the cases' folders it has one of its own, [`STATE`]: a file that is locked while a batch runs, and
//! a record of each case, written when the case's report is in its place. A record says nothing that is not checked
//! again before it is believed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use entra_diff::evidence;
use entra_diff::ingest::{BATCH_STATE as STATE, Input, OWN_NAMES, UNFINISHED, is_unfinished};
use entra_diff::model::Digest;
use entra_diff::report::batch::Case;

use super::super::interrupt::Unfinished;
use super::super::messages::Messages;
use super::super::moves::{MoveError, Moves};
use super::super::publish::PublishError;
use super::super::staging::{Plan, Staging, StagingError};
use super::args::BatchArgs;
use super::cases::Planned;
use super::own;

/// In it, the file that is locked, and the folder of the records.
const LOCK: &str = "lock";
const RECORDS: &str = "cases";

/// The shape of a record; one of another shape is none.
const RECORD_VERSION: u32 = 2;

/// What is kept of a finished case.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    /// [`RECORD_VERSION`].
    shape: u32,
    tool_version: String,
    /// The options that it was made with.
    made_as: Vec<String>,
    /// The digest of its SHA256SUMS; `None` where no report was to be written.
    sums: Option<String>,
    case: Case,
}

/// The folder, locked as long as this lives.
#[derive(Debug)]
pub(super) struct Place {
    folder: PathBuf,
    /// Held until the end.
    _lock: File,
}

impl Place {
    /// Makes the folder and locks it, where nothing is in the way.
    pub(super) fn take(args: &BatchArgs) -> Result<Self, PublishError> {
        let folder = args.report.output.clone();
        let at = |path: &Path| {
            let path = path.to_owned();
            move |error| PublishError::Path(path, error)
        };
        let state = folder.join(STATE);
        let is_batch = fs::symlink_metadata(&state).is_ok_and(|data| data.is_dir());
        // A folder of another batch is told to be busy first, then to be in use.
        let lock = if is_batch { Some(lock(&state, &folder)?) } else { None };
        let names = match fs::read_dir(&folder).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
            Ok(entries) => entries.into_iter().map(|entry| entry.file_name()).collect(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(at(&folder)(error)),
        };
        let is_free = names.iter().all(|name| name == STATE || is_unfinished(&name.to_string_lossy()));
        // What is kept may be gone, and the index is still one of ours.
        let is_resumed = args.resume && (is_batch || own::has_batch_manifest(&folder));
        if !(is_free || args.report.force || is_resumed) {
            return Err(PublishError::InTheWay(folder));
        }
        let records = state.join(RECORDS);
        fs::create_dir_all(&records).map_err(at(&records))?;
        let lock = match lock {
            Some(lock) => lock,
            None => self::lock(&state, &folder)?,
        };
        Ok(Place { folder, _lock: lock })
    }

    /// The folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Takes away the list of the files of an earlier batch: it must not stand above files that are not those it lists.
    pub(super) fn retire(&self) -> Result<(), PublishError> {
        let list = self.folder.join(evidence::SUMS);
        match fs::remove_file(&list) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(PublishError::Path(list, error)),
            _ => Ok(()),
        }
    }

    fn record_path(&self, name: &str) -> PathBuf {
        // By the digest of the name: with an ending the name itself may be longer than a disk can have.
        self.folder.join(STATE).join(RECORDS).join(format!("{}.json", Digest::of(name.as_bytes())))
    }

    /// Keeps a finished case. It is whole or not there, whatever comes between.
    pub(super) fn keep(&self, case: &Case, made_as: Vec<String>, is_written: bool) -> io::Result<()> {
        let sums = evidence::listed_sums(&self.folder.join(&case.name)).filter(|_| is_written);
        let record = Record {
            shape: RECORD_VERSION,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            made_as,
            sums: sums.map(|(_, digest)| digest.to_string()),
            case: case.clone(),
        };
        let path = self.record_path(&case.name);
        let new = path.with_extension("new");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&new)?;
        file.write_all(&serde_json::to_vec(&record)?)?;
        file.sync_all()?;
        fs::rename(new, path)
    }

    /// Whether there is a report in the folder of a case.
    pub(super) fn has_report(&self, name: &str) -> bool {
        evidence::listed_sums(&self.folder.join(name)).is_some()
    }

    /// Takes away the report that an earlier run wrote of a case: each file that its list names and that is as the list says,
    /// and the list. What is not ours, or was changed since, stays; so does the folder then.
    pub(super) fn retire_report(
        &self,
        name: &str,
        unfinished: &Unfinished,
        messages: Messages,
    ) -> Result<(), PublishError> {
        let folder = self.folder.join(name);
        // A link would lead elsewhere.
        let is_folder = fs::symlink_metadata(&folder).is_ok_and(|data| data.is_dir());
        let Some((sums, _)) = evidence::listed_sums(&folder).filter(|_| is_folder) else { return Ok(()) };
        let is_ours = |name: &&str| *name == evidence::SUMS || evidence::is_as_listed(&folder, &sums, name);
        let ours: Vec<&str> = OWN_NAMES.into_iter().filter(is_ours).collect();
        let mut staging = Staging::begin(&plan(&folder, messages), unfinished)?;
        replace_files(&mut staging, unfinished, &folder, &[], &ours)?;
        if let Some(error) = staging.end() {
            return Err(error.into());
        }
        match fs::remove_dir(&folder) {
            Err(error) if error.kind() != io::ErrorKind::DirectoryNotEmpty => {
                Err(PublishError::Path(folder, error))
            }
            _ => Ok(()),
        }
    }

    /// Forgets a case that is about to be made again.
    pub(super) fn forget(&self, name: &str) {
        // One that cannot be removed is not believed: its report has another list by then.
        let _ = fs::remove_file(self.record_path(name));
    }

    /// A case as it was finished, where nothing has changed since: not the program, not its options, not one of its
    /// inputs, not one of the files of its report.
    pub(super) fn finished(&self, planned: &Planned, made_as: &[String], is_written: bool) -> Option<Case> {
        let text = fs::read(self.record_path(&planned.name)).ok()?;
        let record: Record = serde_json::from_slice(&text).ok()?;
        let report = record.case.report.as_ref()?;
        let is_same = record.shape == RECORD_VERSION
            && record.tool_version == env!("CARGO_PKG_VERSION")
            && record.made_as == made_as
            && record.case.name == planned.name
            // A report that is there and whole is of the index, also where none would be written.
            && (record.sums.is_some() || !is_written);
        if !is_same {
            return None;
        }
        if let Some(sums) = &record.sums {
            let (_, found) = evidence::whole_sums(&self.folder.join(&planned.name))?;
            (found.to_string() == *sums).then_some(())?;
        }
        let inputs = planned.inputs.iter().cloned().map(Input::Path).collect();
        let evidence_id = evidence::evidence_id_of(inputs)?;
        (evidence_id.to_string() == report.evidence_id).then_some(record.case)
    }
}

/// A folder for unfinished files in one that this batch alone writes to: what is unfinished there is of a run that was killed.
pub(super) fn plan(within: &Path, messages: Messages) -> Plan<'_> {
    Plan { name: UNFINISHED.to_owned(), within, makes_folders: false, force: true, told: within, messages }
}

/// Puts the finished files of `staging` into `folder`, and takes away what else is there of its `own` names, while no signal
/// can come between.
pub(super) fn replace_files(
    staging: &mut Staging,
    unfinished: &Unfinished,
    folder: &Path,
    names: &[&str],
    own: &[&str],
) -> Result<(), PublishError> {
    let mut leftovers = unfinished.lock();
    let mut moves = Moves::beside(staging.folder(), true);
    let Err(MoveError(path, error)) = moves.replace_files(folder, names, own) else {
        return Ok(());
    };
    if moves.undo() {
        return Err(PublishError::Path(path, error));
    }
    staging.leave(&mut leftovers);
    Err(PublishError::NotPutBack { path, error, kept: moves.replaced().to_owned() })
}

/// Locks a batch's folder, unless another batch has it.
fn lock(state: &Path, folder: &Path) -> Result<File, PublishError> {
    let path = state.join(LOCK);
    let opened = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
    let file = opened.map_err(|error| PublishError::Path(path, error))?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(PublishError::Staging(StagingError::Busy(folder.to_owned()))),
        // Not every disk has locks.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
    }
}
