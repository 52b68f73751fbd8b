//! What this program wrote and what therefore is no case. A folder is left out for it only where that is certain: a tenant
//! that is missing would be the worst fault, and an intruder can write a list of ours into the folder of his own.

use std::fs::{self, DirEntry, File};
use std::io::{self, BufReader};
use std::path::Path;

use serde::Deserialize;

use entra_diff::evidence::{self, ManifestKind};
use entra_diff::ingest::{BATCH_NAMES, BATCH_STATE, OWN_NAMES, is_unfinished};

/// Of a `manifest.json`, who made it and of what.
#[derive(Deserialize)]
struct Maker {
    tool: Tool,
    kind: Option<ManifestKind>,
}

#[derive(Deserialize)]
struct Tool {
    name: String,
}

/// What a manifest of ours is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Making {
    Report,
    Batch,
}

/// What the manifest in `folder` is of, if it is one of ours.
fn making_in(folder: &Path) -> Option<Making> {
    let path = folder.join(evidence::MANIFEST);
    // What waits for a writer is no manifest, and what is not one may be larger than the memory there is.
    fs::symlink_metadata(&path).ok().filter(fs::Metadata::is_file)?;
    let maker: Maker = serde_json::from_reader(BufReader::new(File::open(path).ok()?)).ok()?;
    let making = match maker.kind {
        None => Making::Report,
        Some(ManifestKind::Batch) => Making::Batch,
    };
    (maker.tool.name == env!("CARGO_PKG_NAME")).then_some(making)
}

/// Whether the manifest in `folder` is that of a batch.
pub(super) fn has_batch_manifest(folder: &Path) -> bool {
    making_in(folder) == Some(Making::Batch)
}

/// Whether a folder holds a report or a batch, and nothing else.
pub(super) fn is_own_output(folder: &Path) -> bool {
    is_report(folder) || is_batch(folder)
}

/// The folder of a report has its manifest and its lists, and beside them what a report writes and what signs it.
fn is_report(folder: &Path) -> bool {
    making_in(folder) == Some(Making::Report)
        && [evidence::INPUTS, evidence::SUMS].iter().all(|name| folder.join(name).is_file())
        && has_only(folder, |name, entry| is_file(entry) && (OWN_NAMES.contains(&name) || is_signature(name)))
}

/// The folder of a batch has its manifest, or where it was killed before that, what it keeps for the next run; beside them
/// its index and the folders of reports.
fn is_batch(folder: &Path) -> bool {
    let is_of_batch = |name: &str, entry: &DirEntry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => name == BATCH_STATE || is_unfinished(name) || is_report(&entry.path()),
        Ok(kind) => kind.is_file() && (BATCH_NAMES.contains(&name) || is_signature(name)),
        Err(_) => false,
    };
    let is_kept = || fs::symlink_metadata(folder.join(BATCH_STATE)).is_ok_and(|data| data.is_dir());
    (has_batch_manifest(folder) || is_kept()) && has_only(folder, is_of_batch)
}

fn has_only(folder: &Path, is_own: impl Fn(&str, &DirEntry) -> bool) -> bool {
    let is_own = |entry: io::Result<DirEntry>| {
        entry.is_ok_and(|entry| is_own(&entry.file_name().to_string_lossy(), &entry))
    };
    fs::read_dir(folder).is_ok_and(|mut entries| entries.all(is_own))
}

fn is_file(entry: &DirEntry) -> bool {
    entry.file_type().is_ok_and(|kind| kind.is_file())
}

fn is_signature(name: &str) -> bool {
    evidence::SIGNATURES.contains(&name)
}
