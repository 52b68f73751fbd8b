//! The inputs of a report, held against those that were read.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Component, PathBuf};

use crate::ingest::{self, Input, Located, path_of_checksum_name};
use crate::model::{Digest, Sums};

use super::finding::{Checked, Finding, Part};
use super::hash::digest_of;
use super::manifest::{InputFile, Manifest};

/// The name of standard input.
const STANDARD_INPUT: &str = "-";

/// What was read when a report was made.
pub(super) struct Expected {
    /// By the name in `INPUTS.sha256`; the size where the manifest tells it.
    files: BTreeMap<String, (Digest, Option<u64>)>,
    /// What could not be read, as reports show it.
    unread: BTreeSet<String>,
}

impl Expected {
    /// By a manifest. A digest that is none is that of nothing.
    pub(super) fn of(manifest: &Manifest) -> Self {
        let file = |input: &InputFile| {
            let sha256 = Digest::parse(&input.sha256).unwrap_or(Digest::of(b""));
            (input.checksum_name.clone(), (sha256, Some(input.bytes)))
        };
        Expected {
            files: manifest.inputs.iter().map(file).collect(),
            unread: manifest.unreadable.iter().map(|unread| unread.source.clone()).collect(),
        }
    }

    /// By `INPUTS.sha256`.
    pub(super) fn of_list(list: &Sums) -> Self {
        let files = list.lines().iter().map(|line| (line.name.clone(), (line.sha256, None)));
        Expected { files: files.collect(), unread: BTreeSet::new() }
    }
}

/// Holds what is found at `inputs` against what was read.
pub(super) fn check(inputs: Vec<Input>, expected: &Expected) -> Vec<Checked> {
    let located = ingest::locate(inputs);
    let mut found: BTreeMap<String, Finding> = BTreeMap::new();
    for (place, reason) in &located.unreadable {
        let is_known = expected.unread.contains(place);
        let unreadable = || Finding::Unreadable(io::Error::other(reason.clone()));
        found.insert(place.clone(), if is_known { Finding::Unread } else { unreadable() });
    }
    for (name, (sha256, bytes)) in &expected.files {
        let finding = match hash(name, &located) {
            Some(Ok((digest, size))) if digest == *sha256 && bytes.is_none_or(|bytes| bytes == size) => {
                Finding::Unchanged(None)
            }
            Some(Ok(_)) => Finding::Changed,
            Some(Err(error)) if !is_missing(&error) => Finding::Unreadable(error),
            None | Some(Err(_)) => Finding::Missing,
        };
        found.insert(name.clone(), finding);
    }
    for (name, file) in located.files {
        if !expected.files.contains_key(&name) {
            let is_known = expected.unread.contains(&file.label);
            found.insert(name, if is_known { Finding::Unread } else { Finding::Added });
        }
    }
    found.into_iter().map(|(name, finding)| Checked { part: Part::Inputs, name, finding }).collect()
}

/// The digest and the size of the file `name`; `None` where there is none.
fn hash(name: &str, located: &Located) -> Option<io::Result<(Digest, u64)>> {
    match located.files.get(name).map(|file| &file.input) {
        Some(Input::Stdin(bytes)) => Some(Ok((Digest::of(bytes), bytes.len() as u64))),
        Some(Input::Path(path)) => Some(digest_of(path)),
        None => given_by_name(name, located).map(|path| digest_of(&path)),
    }
}

/// Where a file would be that was given by its name, and is not among those that a folder is searched for.
fn given_by_name(name: &str, located: &Located) -> Option<PathBuf> {
    let path = path_of_checksum_name(name);
    let is_below = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let has_root = !located.root.as_os_str().is_empty();
    (is_below && has_root && name != STANDARD_INPUT).then(|| located.root.join(path))
}

/// No file is there, or none can be by that name.
fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::InvalidFilename
    )
}
