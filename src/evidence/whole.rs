//! Whether a report is still what it was, by digests alone: quicker than all that `verify` looks at, and enough to leave
//! a finished report as it is.

use std::fs;
use std::path::Path;

use crate::ingest::{self, Input};
use crate::model::{Digest, SumLine, Sums};

use super::SUMS;
use super::hash::digest_of;

/// The evidence id that a report of `inputs` would have now; `None` where one of them cannot be read.
#[must_use]
pub fn evidence_id_of(inputs: Vec<Input>) -> Option<Digest> {
    let located = ingest::locate(inputs);
    if !located.unreadable.is_empty() {
        return None;
    }
    let line = |(name, file): (String, ingest::LocatedFile)| {
        let sha256 = match file.input {
            Input::Stdin(bytes) => Digest::of(&bytes),
            Input::Path(path) => digest_of(&path).ok()?.0,
        };
        Some(SumLine { name, sha256 })
    };
    let lines: Option<Vec<SumLine>> = located.files.into_iter().map(line).collect();
    Some(Digest::of(Sums::of(lines?).to_string().as_bytes()))
}

/// The list of a report's folder, and its digest, where every file that it lists is as it was written; otherwise `None`.
#[must_use]
pub fn whole_sums(folder: &Path) -> Option<(Sums, Digest)> {
    let (sums, digest) = listed_sums(folder)?;
    let is_whole = |line: &SumLine| is_as_listed(folder, &sums, &line.name);
    sums.lines().iter().all(is_whole).then_some((sums, digest))
}

/// Whether a list names a file of its folder, and the file is as it was written.
#[must_use]
pub fn is_as_listed(folder: &Path, sums: &Sums, name: &str) -> bool {
    let path = folder.join(name);
    let is_beside = Path::new(name).file_name().is_some_and(|own| own == name);
    is_beside
        && fs::symlink_metadata(&path).is_ok_and(|data| data.is_file())
        && sums.get(name).is_some_and(|listed| digest_of(&path).is_ok_and(|(digest, _)| digest == listed))
}

/// The list of a report's folder, and its digest.
#[must_use]
pub fn listed_sums(folder: &Path) -> Option<(Sums, Digest)> {
    let list = folder.join(SUMS);
    let is_file = fs::symlink_metadata(&list).is_ok_and(|data| data.is_file());
    let text = is_file.then(|| fs::read(&list).ok())??;
    Some((Sums::parse(&text).ok()?, Digest::of(&text)))
}
