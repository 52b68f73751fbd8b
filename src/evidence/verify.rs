//! A report's folder held against its own lists: every output hashed again and counted in the finished file,
//! and the inputs, where they are given.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path};

use crate::ingest::{self, Input, UNFINISHED, path_of_checksum_name};
use crate::model::{Digest, Digester, SumLine, Sums};
use crate::render::{Counts, recount};

use super::manifest::{Manifest, OutputFile, SCHEMA_VERSION};
use super::{INPUTS, MANIFEST, SIGNATURES, SUMS};

/// A file that was looked at, and what was found.
#[derive(Debug)]
pub struct Checked {
    /// Where it belongs.
    pub part: Part,
    /// Its name in the report's folder, or in the list of inputs.
    pub name: String,
    /// What was found.
    pub finding: Finding,
}

/// What a file belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The report's folder.
    Report,
    /// What the report was made of.
    Inputs,
}

/// What was found of a file.
#[derive(Debug)]
pub enum Finding {
    /// Every byte is as it was written or read; with what was counted in it, of a format that can be counted.
    Unchanged(Option<Counts>),
    /// A signature of `SHA256SUMS`, which only the tool that made it can check.
    Signature,
    /// What a run that was killed, or that writes now, has not finished. It is no part of the report.
    Unfinished,
    /// Its bytes are others.
    Changed,
    /// It is listed, and not there.
    Missing,
    /// It is there, and not listed.
    Added,
    /// It cannot be read.
    Unreadable(io::Error),
    /// A list of checksums that is none, from this line on.
    NoList(u64),
    /// A manifest that is none, or of a version that this program does not know.
    NoManifest(String),
    /// A digest or a size that `SHA256SUMS`, `INPUTS.sha256` and `manifest.json` do not agree on.
    Contradiction,
    /// It does not hold what the manifest says; `None` where it cannot be counted at all.
    Miscounted {
        /// What the manifest says.
        stated: Counts,
        /// What was counted in the file.
        found: Option<Counts>,
    },
}

impl Finding {
    /// Whether it speaks against the report.
    #[must_use]
    pub fn is_mismatch(&self) -> bool {
        !matches!(
            self,
            Finding::Unchanged(_) | Finding::Signature | Finding::Unfinished | Finding::Unreadable(_)
        )
    }
}

/// Checks the report in `folder`, and `inputs` against it, where they are given: the same files and folders that
/// the report was made of. What was found of each file stands in the order of their names, outputs first.
///
/// # Errors
/// Where `folder` cannot be listed.
pub fn verify(folder: &Path, inputs: Option<Vec<Input>>) -> io::Result<Vec<Checked>> {
    let mut bundle = Bundle { folder, there: names(folder)?, found: BTreeMap::new() };
    bundle.check();
    let mut checked: Vec<Checked> = bundle
        .found
        .into_iter()
        .map(|(name, finding)| Checked { part: Part::Report, name, finding })
        .collect();
    if let Some(inputs) = inputs {
        let listed = fs::read(folder.join(INPUTS)).ok().and_then(|text| Sums::parse(&text).ok());
        checked.extend(check_inputs(inputs, &listed.unwrap_or_default()));
    }
    Ok(checked)
}

/// The names in a folder, with what is no UTF-8 in them replaced.
fn names(folder: &Path) -> io::Result<BTreeMap<String, OsString>> {
    let entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    let name = |entry: fs::DirEntry| (entry.file_name().to_string_lossy().into_owned(), entry.file_name());
    Ok(entries.into_iter().map(name).collect())
}

struct Bundle<'b> {
    folder: &'b Path,
    /// What is in the folder.
    there: BTreeMap<String, OsString>,
    found: BTreeMap<String, Finding>,
}

impl Bundle<'_> {
    /// Keeps what was found of a file, unless something worse is known of it.
    fn find(&mut self, name: &str, finding: Finding) {
        if !self.found.get(name).is_some_and(Finding::is_mismatch) {
            self.found.insert(name.to_owned(), finding);
        }
    }

    fn check(&mut self) {
        let Some(sums) = self.sums() else { return };
        for SumLine { name, sha256 } in sums.lines() {
            let finding = self.hash(name, *sha256);
            self.find(name, finding);
        }
        for name in [INPUTS, MANIFEST].into_iter().filter(|name| sums.get(name).is_none()) {
            // Whoever takes a file out of the list has to take it out of the folder, too; neither is how it was.
            self.find(name, Finding::Missing);
        }
        let unlisted: Vec<String> =
            self.there.keys().filter(|name| *name != SUMS && sums.get(name).is_none()).cloned().collect();
        for name in unlisted {
            let finding = self.unlisted(&name);
            self.find(&name, finding);
        }
        if let Some(manifest) = self.manifest() {
            self.compare(&manifest, &sums);
            self.count(&manifest);
        }
    }

    /// The list of the folder's files; without it nothing else can be said.
    fn sums(&mut self) -> Option<Sums> {
        let text = match fs::read(self.folder.join(SUMS)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.find(SUMS, Finding::Missing);
                return None;
            }
            Err(error) => {
                self.find(SUMS, Finding::Unreadable(error));
                return None;
            }
        };
        match Sums::parse(&text) {
            Err(line) => {
                self.find(SUMS, Finding::NoList(line));
                None
            }
            Ok(sums) => Some(sums),
        }
    }

    /// Hashes a listed file. A name that leads out of the folder is never followed.
    fn hash(&self, name: &str, expected: Digest) -> Finding {
        if !self.there.contains_key(name) {
            return Finding::Missing;
        }
        let path = self.folder.join(name);
        match fs::symlink_metadata(&path) {
            Ok(data) if !data.is_file() => return Finding::Changed,
            Ok(_) => {}
            Err(error) => return Finding::Unreadable(error),
        }
        match digest_of(&path) {
            Ok(digest) if digest == expected => Finding::Unchanged(None),
            Ok(_) => Finding::Changed,
            Err(error) => Finding::Unreadable(error),
        }
    }

    /// What is in the folder, and not in its list.
    fn unlisted(&self, name: &str) -> Finding {
        let is_folder = || fs::symlink_metadata(self.folder.join(name)).is_ok_and(|data| data.is_dir());
        if SIGNATURES.contains(&name) {
            Finding::Signature
        } else if name.starts_with(UNFINISHED) && is_folder() {
            Finding::Unfinished
        } else {
            Finding::Added
        }
    }

    fn is_unchanged(&self, name: &str) -> bool {
        matches!(self.found.get(name), Some(Finding::Unchanged(_)))
    }

    /// The manifest, where it is as it was written.
    fn manifest(&mut self) -> Option<Manifest> {
        if !self.is_unchanged(MANIFEST) {
            return None;
        }
        let text = match fs::read(self.folder.join(MANIFEST)) {
            Ok(text) => text,
            Err(error) => {
                self.find(MANIFEST, Finding::Unreadable(error));
                return None;
            }
        };
        match serde_json::from_slice::<Manifest>(&text) {
            Ok(manifest) if manifest.schema_version == SCHEMA_VERSION => return Some(manifest),
            Ok(manifest) => {
                self.find(
                    MANIFEST,
                    Finding::NoManifest(format!("schemaVersion {}", manifest.schema_version)),
                );
            }
            Err(error) => self.find(MANIFEST, Finding::NoManifest(error.to_string())),
        }
        None
    }

    /// The lists say the same of each file.
    fn compare(&mut self, manifest: &Manifest, sums: &Sums) {
        let stated: BTreeMap<&str, &OutputFile> =
            manifest.outputs.iter().map(|output| (output.file.as_str(), output)).collect();
        for SumLine { name, sha256 } in sums.lines().iter().filter(|line| line.name != MANIFEST) {
            let size = fs::metadata(self.folder.join(name)).map(|data| data.len());
            let agrees = stated.get(name.as_str()).is_some_and(|output| {
                output.sha256 == sha256.to_string()
                    && (!self.is_unchanged(name) || size.is_ok_and(|size| size == output.bytes))
            });
            if !agrees {
                self.find(name, Finding::Contradiction);
            }
        }
        for name in stated.keys().filter(|name| sums.get(name).is_none()) {
            self.find(name, Finding::Missing);
        }
        if self.is_unchanged(INPUTS) && !self.inputs_agree(manifest) {
            self.find(INPUTS, Finding::Contradiction);
        }
    }

    /// The list of inputs is the one the evidence id names, and has the manifest's inputs.
    fn inputs_agree(&self, manifest: &Manifest) -> bool {
        let Ok(text) = fs::read(self.folder.join(INPUTS)) else { return false };
        let line = |input: &super::manifest::InputFile| {
            Some(SumLine { name: input.checksum_name.clone(), sha256: Digest::parse(&input.sha256)? })
        };
        let stated = manifest.inputs.iter().map(line).collect::<Option<Vec<SumLine>>>().map(Sums::of);
        Digest::of(&text).to_string() == manifest.evidence_id
            && stated.is_some_and(|stated| stated.to_string().as_bytes() == text)
    }

    /// Every finished file holds what its writer counted.
    fn count(&mut self, manifest: &Manifest) {
        for output in &manifest.outputs {
            let (Some(stated), Some(format)) = (output.counts, output.format()) else { continue };
            if !self.is_unchanged(&output.file) {
                continue;
            }
            let counted = File::open(self.folder.join(&output.file)).and_then(|file| recount(format, file));
            let finding = match counted {
                Ok(found) if found == stated => Finding::Unchanged(Some(found)),
                Ok(found) => Finding::Miscounted { stated, found: Some(found) },
                Err(_) => Finding::Miscounted { stated, found: None },
            };
            self.find(&output.file, finding);
        }
    }
}

/// Holds what is found at `inputs` against the list of those that were read.
fn check_inputs(inputs: Vec<Input>, listed: &Sums) -> Vec<Checked> {
    let located = ingest::locate(inputs);
    let mut found: BTreeMap<String, Finding> = BTreeMap::new();
    for (place, reason) in located.unreadable {
        found.insert(place, Finding::Unreadable(io::Error::other(reason)));
    }
    for SumLine { name, sha256 } in listed.lines() {
        // A file that was given by its name is not among those that a folder is searched for.
        let path = path_of_checksum_name(name);
        let is_below = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        let other = || is_below.then(|| Input::Path(located.root.join(path)));
        let digest = match located.files.get(name).cloned().or_else(other) {
            Some(Input::Stdin(bytes)) => Ok(Digest::of(&bytes)),
            Some(Input::Path(path)) => digest_of(&path),
            None => Err(io::ErrorKind::NotFound.into()),
        };
        let finding = match digest {
            Ok(digest) if digest == *sha256 => Finding::Unchanged(None),
            Ok(_) => Finding::Changed,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Finding::Missing,
            Err(error) => Finding::Unreadable(error),
        };
        found.insert(name.clone(), finding);
    }
    for name in located.files.into_keys().filter(|name| listed.get(name).is_none()) {
        found.insert(name, Finding::Added);
    }
    found.into_iter().map(|(name, finding)| Checked { part: Part::Inputs, name, finding }).collect()
}

/// The digest of a file, read in pieces.
fn digest_of(path: &Path) -> io::Result<Digest> {
    // Opening a pipe would wait for somebody to write into it.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    let mut file = File::open(path)?;
    let mut digester = Digester::default();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(digester.finish()),
            read => digester.update(&piece[..read]),
        }
    }
}
