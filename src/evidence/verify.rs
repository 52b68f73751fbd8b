//! A report's folder held against its own lists: every output hashed again and counted in the finished file,
//! and the inputs, where they are given.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use crate::ingest::{Input, is_unfinished};
use crate::model::{Digest, SumLine, Sums};
use crate::render::{Format, prints, recount};

use super::finding::{Checked, Contradiction, Finding, Part};
use super::hash::digest_of;
use super::inputs::Expected;
use super::manifest::{InputFile, Manifest, OutputFile, SCHEMA_VERSION};
use super::summary::Summary;
use super::{INPUTS, MANIFEST, SIGNATURES, SUMS};

/// Checks the report in `folder`, and `inputs` against it, where they are given: the same files and folders that
/// the report was made of. What was found of each file stands in the order of their names, outputs first.
///
/// # Errors
/// Where `folder` cannot be listed.
pub fn verify(folder: &Path, inputs: Option<Vec<Input>>) -> io::Result<Vec<Checked>> {
    let mut bundle = Bundle::of(folder)?;
    let manifest = bundle.check();
    let judged = inputs.map(|inputs| match bundle.inputs(manifest) {
        Some(expected) => super::inputs::check(inputs, &expected),
        None => vec![Checked { part: Part::Inputs, name: INPUTS.to_owned(), finding: Finding::NotJudged }],
    });
    let of_report = |(name, finding)| Checked { part: Part::Report, name, finding };
    Ok(bundle.found.into_iter().map(of_report).chain(judged.into_iter().flatten()).collect())
}

/// The names in a folder, with what is no UTF-8 in them replaced.
fn names(folder: &Path) -> io::Result<BTreeMap<String, OsString>> {
    let entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    let name = |entry: fs::DirEntry| (entry.file_name().to_string_lossy().into_owned(), entry.file_name());
    Ok(entries.into_iter().map(name).collect())
}

/// A folder with lists of its files.
pub(super) struct Bundle<'b> {
    pub(super) folder: &'b Path,
    /// What is in the folder.
    pub(super) there: BTreeMap<String, OsString>,
    pub(super) found: BTreeMap<String, Finding>,
}

impl<'b> Bundle<'b> {
    pub(super) fn of(folder: &'b Path) -> io::Result<Self> {
        Ok(Bundle { folder, there: names(folder)?, found: BTreeMap::new() })
    }
}

impl Bundle<'_> {
    /// Keeps what was found of a file, unless something worse is known of it.
    pub(super) fn find(&mut self, name: &str, finding: Finding) {
        if !self.found.get(name).is_some_and(Finding::is_mismatch) {
            self.found.insert(name.to_owned(), finding);
        }
    }

    /// Looks at every file, and gives the manifest where it is as it was written.
    fn check(&mut self) -> Option<Manifest> {
        let sums = self.sums()?;
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
        let manifest = self.manifest()?;
        self.compare(&manifest, &sums);
        for (name, what) in contradictions(&manifest) {
            self.find(&name, Finding::Contradiction(what));
        }
        self.count(&manifest);
        self.compare_summary(&manifest);
        Some(manifest)
    }

    /// The inputs by the manifest, or by their list; `None` where neither is as it was written.
    fn inputs(&self, manifest: Option<Manifest>) -> Option<Expected> {
        if let Some(manifest) = manifest {
            return Some(Expected::of(&manifest));
        }
        let text = self.is_unchanged(INPUTS).then(|| read(&self.folder.join(INPUTS)).ok()).flatten()?;
        Sums::parse(&text).ok().map(|list| Expected::of_list(&list))
    }

    /// The list of the folder's files; without it nothing else can be said.
    pub(super) fn sums(&mut self) -> Option<Sums> {
        let text = match read(&self.folder.join(SUMS)) {
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
    pub(super) fn hash(&self, name: &str, expected: Digest) -> Finding {
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
            Ok((digest, _)) if digest == expected => Finding::Unchanged(None),
            Ok(_) => Finding::Changed,
            Err(error) => Finding::Unreadable(error),
        }
    }

    /// What is in the folder, and not in its list.
    pub(super) fn unlisted(&self, name: &str) -> Finding {
        match fs::symlink_metadata(self.folder.join(name)) {
            Ok(data) if data.is_file() && SIGNATURES.contains(&name) => Finding::Signature,
            Ok(data) if data.is_dir() && is_unfinished(name) => Finding::Unfinished,
            _ => Finding::Added,
        }
    }

    pub(super) fn is_unchanged(&self, name: &str) -> bool {
        matches!(self.found.get(name), Some(Finding::Unchanged(_)))
    }

    /// The manifest, where it is as it was written.
    fn manifest(&mut self) -> Option<Manifest> {
        if !self.is_unchanged(MANIFEST) {
            return None;
        }
        let text = match read(&self.folder.join(MANIFEST)) {
            Ok(text) => text,
            Err(error) => {
                self.find(MANIFEST, Finding::Unreadable(error));
                return None;
            }
        };
        match serde_json::from_slice::<Manifest>(&text) {
            Ok(manifest) if manifest.tool.name != env!("CARGO_PKG_NAME") => {
                self.find(MANIFEST, Finding::NoManifest(format!("made by {}", manifest.tool.name)));
            }
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
                self.find(name, Finding::Contradiction(Contradiction::Bytes));
            }
        }
        for name in stated.keys().filter(|name| sums.get(name).is_none()) {
            self.find(name, Finding::Missing);
        }
        if self.is_unchanged(INPUTS) && !self.inputs_agree(manifest) {
            self.find(INPUTS, Finding::Contradiction(Contradiction::Bytes));
        }
    }

    /// The list of inputs is the one the evidence id names, and has the manifest's inputs.
    fn inputs_agree(&self, manifest: &Manifest) -> bool {
        let Ok(text) = read(&self.folder.join(INPUTS)) else { return false };
        let line = |input: &InputFile| {
            Some(SumLine { name: input.checksum_name.clone(), sha256: Digest::parse(&input.sha256)? })
        };
        let stated = manifest.inputs.iter().map(line).collect::<Option<Vec<SumLine>>>().map(Sums::of);
        Digest::of(&text).to_string() == manifest.evidence_id
            && stated.is_some_and(|stated| stated.to_string().as_bytes() == text)
    }

    /// Every finished file holds what its writer counted, and prints the evidence id. How another version writes
    /// its files is not known here.
    fn count(&mut self, manifest: &Manifest) {
        if manifest.tool.version != env!("CARGO_PKG_VERSION") {
            return self.find(MANIFEST, Finding::OtherVersion(manifest.tool.version.clone()));
        }
        for output in &manifest.outputs {
            let (Some(stated), Some(format)) = (output.counts, output.format()) else { continue };
            if !self.is_unchanged(&output.file) {
                continue;
            }
            let open = || File::open(self.folder.join(&output.file));
            let delimiter = manifest.options.csv_delimiter;
            let finding = match open().and_then(|file| recount(format, delimiter, file)) {
                Ok(found) if found == stated => Finding::Unchanged(Some(found)),
                Ok(found) => Finding::Miscounted { stated, found: Some(found) },
                Err(_) => Finding::Miscounted { stated, found: None },
            };
            let printed = open().and_then(|file| prints(format, file, &manifest.evidence_id));
            self.find(&output.file, finding);
            if !matches!(printed, Ok(None | Some(true))) {
                self.find(&output.file, Finding::Contradiction(Contradiction::EvidenceId));
            }
        }
    }

    /// A summary beside the manifest says the same of the page sets and the problems.
    fn compare_summary(&mut self, manifest: &Manifest) {
        let name = Format::SummaryJson.file_name();
        if !self.is_unchanged(name) {
            return;
        }
        let summary = read(&self.folder.join(name)).ok().and_then(|text| serde_json::from_slice(&text).ok());
        if !summary.is_some_and(|summary: Summary| summary.agrees(manifest)) {
            self.find(name, Finding::Contradiction(Contradiction::Summary));
        }
    }
}

/// What a manifest says against itself, by the file in question.
fn contradictions(manifest: &Manifest) -> Vec<(String, Contradiction)> {
    let mut found = Vec::new();
    if !manifest.holds_together() {
        found.push((MANIFEST.to_owned(), Contradiction::Manifest));
    }
    let written: BTreeSet<&str> =
        manifest.outputs.iter().filter_map(OutputFile::format).map(Format::as_str).collect();
    if !manifest.options.formats.iter().map(String::as_str).collect::<BTreeSet<_>>().eq(&written) {
        found.push((MANIFEST.to_owned(), Contradiction::Formats));
    }
    for output in &manifest.outputs {
        let agrees = match (output.format(), output.counts) {
            (None, counts) => counts.is_none(),
            (Some(Format::Html), Some(counts)) => {
                let is_part = |part: Option<u64>, all: Option<u64>| part.is_some() && part <= all;
                is_part(counts.rows, manifest.surveyed.rows)
                    && is_part(counts.object_changes, manifest.surveyed.object_changes)
            }
            (Some(format), counts) => counts == Some(manifest.surveyed.of_format(format)),
        };
        if !agrees {
            found.push((output.file.clone(), Contradiction::Counts));
        }
    }
    found
}

/// The bytes of a small file. Nothing but a file is opened: a pipe would keep its reader waiting.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    fs::read(path)
}
