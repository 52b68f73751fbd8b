//! The index of a batch, put in its place whole or not at all: what tells of all cases, the list of every file last.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use entra_diff::evidence::{self, Asked, BatchManifest, CaseEntry, OutputFile};
use entra_diff::ingest::{BATCH_NAMES, BATCH_STATE, is_unfinished};
use entra_diff::model::{Digest, SumLine, Sums};
use entra_diff::render::{self, BatchFormat, BatchOptions};
use entra_diff::report::batch::{Batch, Case};

use super::super::clock::Clock;
use super::super::interrupt::Unfinished;
use super::super::messages::Messages;
use super::super::moves::{MoveError, sync_folder};
use super::super::publish::PublishError;
use super::super::staged_file::ListedFile;
use super::super::staging::{Staging, StagingError};
use super::args::{BatchArgs, By};
use super::place;

/// How the index is made.
pub(super) struct Index<'i> {
    pub(super) args: &'i BatchArgs,
    pub(super) clock: &'i Clock,
    pub(super) arguments: &'i [std::ffi::OsString],
    pub(super) unfinished: &'i Unfinished,
    pub(super) messages: Messages,
}

/// The index in its place.
pub(super) struct Placed {
    /// Its files.
    pub(super) files: Vec<&'static str>,
    /// Names in the folder that are not of this batch.
    pub(super) others: Vec<String>,
    /// The folder of unfinished files, where it could not be removed.
    pub(super) left: Option<StagingError>,
}

impl Index<'_> {
    /// Writes the index of `batch` into `folder`.
    pub(super) fn publish(&self, batch: &Batch, folder: &Path) -> Result<Placed, PublishError> {
        let mut staging = Staging::begin(&place::plan(folder, self.messages), self.unfinished)?;
        let mut outputs = Vec::new();
        for format in BatchFormat::ALL {
            outputs.push(self.write(batch, format, &staging)?);
        }
        let (entries, mut lines) = lists(batch, folder);
        let run = self.clock.run(batch.exit_code, self.arguments);
        let manifest = BatchManifest::of(batch, run, self.asked(), entries, outputs.clone());
        outputs.push(put(&staging, evidence::MANIFEST, &manifest.to_json())?);
        let line = |output: &OutputFile| {
            Some(SumLine { name: output.file.clone(), sha256: Digest::parse(&output.sha256)? })
        };
        lines.extend(outputs.iter().filter_map(line));
        put(&staging, evidence::SUMS, Sums::of(lines).to_string().as_bytes())?;
        let names = BatchFormat::ALL.map(BatchFormat::file_name);
        let names = [names.as_slice(), &[evidence::MANIFEST, evidence::SUMS]].concat();
        place::replace_files(&mut staging, self.unfinished, folder, &names, &BATCH_NAMES)?;
        let others = others(folder, batch);
        Ok(Placed { files: names, others, left: staging.end() })
    }

    fn write(
        &self,
        batch: &Batch,
        format: BatchFormat,
        staging: &Staging,
    ) -> Result<OutputFile, PublishError> {
        let report = &self.args.report;
        let temporary_folder = Some(staging.folder().to_owned());
        let options = BatchOptions {
            written: render::Options { temporary_folder, ..report.dialect.options() },
            time_zone: report.options().time_zone,
        };
        let name = format.file_name();
        let written = staging.file(name).map(ListedFile::new).and_then(|mut file| {
            render::write_batch(batch, format, &options, &mut file)?;
            file.finish()
        });
        let (sha256, bytes) = written.map_err(|error| PublishError::Path(report.output.join(name), error))?;
        Ok(OutputFile { file: name.to_owned(), bytes, sha256: sha256.to_string(), counts: None })
    }

    fn asked(&self) -> Asked {
        let by = match self.args.by {
            By::Folder => "folder",
            By::Job => "job",
        };
        Asked {
            options: self.args.report.manifest_options(&self.args.formats()),
            by: by.to_owned(),
            summary_only: self.args.summary_only,
        }
    }
}

fn put(staging: &Staging, name: &str, text: &[u8]) -> Result<OutputFile, PublishError> {
    let written = staging.file(name).map(ListedFile::new).and_then(|mut file| {
        file.write_all(text)?;
        file.finish()
    });
    written.map_err(|error: io::Error| PublishError::Path(name.into(), error))?;
    Ok(OutputFile::of_bytes(name, text))
}

/// What the manifest says of each case, and the lines of all files in the cases' folders.
fn lists(batch: &Batch, folder: &Path) -> (Vec<CaseEntry>, Vec<SumLine>) {
    let (mut entries, mut lines) = (Vec::new(), Vec::new());
    for case in &batch.cases {
        let is_there = !case.files.is_empty();
        let listed = is_there.then(|| evidence::listed_sums(&folder.join(&case.name))).flatten();
        entries.push(CaseEntry::of(case, listed.as_ref().map(|(_, digest)| digest.to_string())));
        let Some((sums, digest)) = listed else { continue };
        let name = |file: &str| format!("{}/{file}", case.name);
        lines.push(SumLine { name: name(evidence::SUMS), sha256: digest });
        lines.extend(sums.lines().iter().map(|line| SumLine { name: name(&line.name), sha256: line.sha256 }));
    }
    (entries, lines)
}

/// The names in the folder that are of no case and not of the index.
fn others(folder: &Path, batch: &Batch) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let is_of_batch = |name: &str| {
        BATCH_NAMES.contains(&name)
            || name == BATCH_STATE
            || is_unfinished(name)
            || batch.cases.iter().any(|case: &Case| case.name == name && !case.files.is_empty())
    };
    let names = entries.filter_map(Result::ok).map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut others: Vec<String> = names.filter(|name| !is_of_batch(name)).collect();
    others.sort();
    others
}

/// Waits until the names of the cases' folders are on the disk, before the list that names their files is.
pub(super) fn sync(folder: &Path) -> Result<(), PublishError> {
    sync_folder(folder).map_err(|MoveError(path, error)| PublishError::Path(path, error))
}
