//! One file → what it holds: the part of the survey that runs beside others. A file is one text; an archive is as many
//! as it has entries.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::OnceLock;

use crate::model::{ArchiveFault, Digest, Job, LimitOn, Problem, ProblemKind, RestoreArtifact, Snapshot};

use super::archive::{self, ArchiveLimits, Contents, Entry, Room, Unpacked, is_archive_name};
use super::contents::contents;
use super::decode::Decoded;
use super::discover::{Found, Source, natural};
use super::disk::{self, Unread};
use super::fault::placed;
use super::passed_over::{PassedOver, PassedOverReason};
use super::restore_session::RESTORE_SESSION;
use super::source_file::SourceFile;
use super::survey::{Findings, Reading, SurveyedPage};
use super::wanted::is_wanted_entry;

/// What one file, or an entry of an archive, holds.
#[derive(Debug, Default)]
pub(super) struct FileSurvey {
    pub(super) file: Option<SourceFile>,
    /// Where the file is, if it could not be read.
    pub(super) unreadable: Option<PathBuf>,
    pub(super) pages: Vec<SurveyedPage>,
    pub(super) jobs: Vec<Job>,
    pub(super) snapshots: Vec<Snapshot>,
    pub(super) restore_artifacts: Vec<RestoreArtifact>,
    pub(super) passed_over: Vec<PassedOver>,
    /// Each with the page it is in, by its position in `pages`.
    pub(super) problems: Vec<(Option<u32>, Problem)>,
}

/// Reads `found` and surveys its documents: one text, or an archive and its entries in their order. There is nothing
/// where there is no room for it among the texts that are held.
pub(super) fn survey_file(found: Found, reading: Reading<'_>) -> Vec<FileSurvey> {
    let held = reading.held;
    let Found { label, checksum_name, source } = found;
    let (bytes, path, changed) = match source {
        Source::Bytes(bytes) if bytes.len() as u64 > reading.limits.file => {
            let kind = ProblemKind::Limit { on: LimitOn::File, limit: reading.limits.file };
            let problems = vec![(None, Problem::of_file(kind, &label))];
            return vec![FileSurvey { problems, ..FileSurvey::default() }];
        }
        Source::Bytes(bytes) if held.fits_file(bytes.len() as u64) => (bytes, None, None),
        Source::Bytes(_) => return Vec::new(),
        Source::Path(path) => match disk::read(&path, reading.limits, held) {
            Ok((bytes, changed)) => (bytes, Some(path), changed),
            Err(Unread::NoRoom) => return Vec::new(),
            Err(Unread::Problem(kind)) => {
                let problems = vec![(None, Problem::of_file(kind, &label))];
                return vec![FileSurvey { problems, unreadable: Some(path), ..FileSurvey::default() }];
            }
        },
    };
    let changed = changed.map(|kind| (None, Problem::of_file(kind, &label)));
    let size = bytes.len() as u64;
    let is_archive = archive::is_archive(&bytes);
    let sha256 = is_archive.then(|| Digest::of(&bytes));
    let is_named = is_archive_name(&label) && !is_archive;
    let origin = Origin { label: label.clone(), checksum_name, path, archive: None, bytes: size, sha256 };
    // What is packed in a recording, which may be packed itself, counts with the rest of its file.
    let ArchiveLimits { bytes: most, .. } = reading.limits.archives;
    let archives = ArchiveLimits { bytes: most.min(reading.limits.memory / 2), ..reading.limits.archives };
    let mut room = Room::of(archives, bytes.len());
    let contents = archive::unpack(bytes, &mut room, &is_wanted_entry);
    let mut surveys = match contents {
        Contents::Plain(bytes) => vec![text(origin, (bytes, None), None, reading, &mut room)],
        Contents::Gzip(unpacked) => vec![text(origin, unpacked, Some("gzip"), reading, &mut room)],
        Contents::Zip(entries, problems) => zip(origin, entries, problems, reading, &mut room),
    };
    let kept: usize = surveys.iter().filter_map(|survey| Some(survey.file.as_ref()?.text.len())).sum();
    held.keep(kept as u64);
    if let Some(survey) = surveys.first_mut() {
        // What is no archive and yet of use is read; anything else by such a name is one that was damaged.
        let is_lost = is_named && survey.file.as_ref().is_some_and(|file| file.is_passed_over);
        let lost = is_lost.then(|| {
            survey.passed_over.clear();
            (None, Problem::of_file(ProblemKind::Archive(ArchiveFault::NoArchive), &label))
        });
        let told: Vec<_> = changed.into_iter().chain(lost).collect();
        if let Some(file) = survey.file.as_mut().filter(|_| !told.is_empty()) {
            file.is_passed_over = false;
        }
        survey.problems.extend(told);
    }
    surveys
}

/// What is known of a file before its text is looked at.
struct Origin {
    label: String,
    checksum_name: String,
    path: Option<PathBuf>,
    /// The archive that it is an entry of.
    archive: Option<String>,
    bytes: u64,
    /// Taken already of what is unpacked; of anything else, its text can tell.
    sha256: Option<Digest>,
}

/// Surveys a file that is one text, packed in the way of `form`.
fn text(
    origin: Origin,
    (bytes, problem): Unpacked,
    form: Option<&'static str>,
    reading: Reading<'_>,
    room: &mut Room,
) -> FileSurvey {
    let problem = problem.map(|kind| (None, Problem::of_file(kind, &origin.label)));
    if bytes.is_empty() && problem.is_some() {
        // Nothing came out of it, and why is told; that it is empty is not.
        let sha256 = origin.sha256.or(Some(Digest::of(&bytes)));
        let origin = Origin { sha256, ..origin };
        let file = Some(binary(origin, form.unwrap_or("object"), "none", false));
        return FileSurvey { file, problems: problem.into_iter().collect(), ..FileSurvey::default() };
    }
    let (decoded, mut found) = contents(&origin.label, bytes, reading, room);
    found.forms.extend(form);
    let mut survey = finished(origin, decoded, found);
    if let Some(problem) = problem {
        if let Some(file) = &mut survey.file {
            file.is_passed_over = false;
        }
        survey.problems.push(problem);
    }
    survey
}

/// Surveys an archive and its entries in natural order.
fn zip(
    origin: Origin,
    mut entries: Vec<Entry>,
    problems: Vec<ProblemKind>,
    reading: Reading<'_>,
    room: &mut Room,
) -> Vec<FileSurvey> {
    entries.sort_by(|a, b| natural(&a.name, &b.name));
    let label = origin.label.clone();
    let mut archive = FileSurvey {
        problems: problems.into_iter().map(|kind| (None, Problem::of_file(kind, &label))).collect(),
        ..FileSurvey::default()
    };
    let mut surveys = Vec::new();
    for Entry { name, unpacked } in entries {
        let limit = reading.limits.name;
        if name.len() as u64 > limit {
            let kind = ProblemKind::Limit { on: LimitOn::EntryName, limit };
            archive.problems.push((None, Problem::of_file(kind, &label)));
            continue;
        }
        let name = format!("{label}!{name}");
        match unpacked {
            None => {
                let reason = PassedOverReason::NothingOfUse;
                archive.passed_over.push(PassedOver { source: name, reason });
            }
            Some((bytes, problem)) => {
                let entry = Origin {
                    checksum_name: name.clone(),
                    label: name,
                    path: None,
                    archive: Some(label.clone()),
                    bytes: bytes.len() as u64,
                    sha256: None,
                };
                surveys.push(text(entry, (bytes, problem), None, reading, room));
            }
        }
    }
    let is_used = |survey: &FileSurvey| survey.file.as_ref().is_some_and(|file| !file.is_passed_over);
    let is_passed_over = archive.problems.is_empty() && !surveys.iter().any(is_used);
    if is_passed_over && surveys.is_empty() && archive.passed_over.is_empty() {
        // There is no entry to be named.
        archive.passed_over.push(PassedOver { source: label, reason: PassedOverReason::NothingOfUse });
    }
    archive.file = Some(binary(origin, "zip", "archive", is_passed_over));
    surveys.insert(0, archive);
    surveys
}

/// A file without a text of its own.
fn binary(origin: Origin, form: &str, role: &str, is_passed_over: bool) -> SourceFile {
    let Origin { label, checksum_name, path, archive, bytes, sha256 } = origin;
    let sha256 = sha256.map(OnceLock::from).unwrap_or_default();
    let (encoding, form, role) = ("binary".to_owned(), form.to_owned(), role.to_owned());
    let text = String::new();
    SourceFile {
        label,
        checksum_name,
        path,
        archive,
        bytes,
        sha256,
        encoding,
        form,
        role,
        is_passed_over,
        text,
    }
}

fn finished(mut origin: Origin, mut decoded: Decoded, found: Findings) -> FileSurvey {
    let Findings {
        own,
        pages,
        jobs,
        snapshots,
        restore_artifacts,
        mut problems,
        held,
        forms,
        roles,
        mut passed_over,
        ..
    } = found;
    if ["page", RESTORE_SESSION].iter().any(|role| roles.contains(role)) {
        problems.append(held);
    } else if !held.is_empty() {
        passed_over.insert(PassedOverReason::NothingOfUse);
    }
    for problem in problems.iter_mut() {
        problem.at = problem.at.filter(|at| *at <= own && own > 0);
    }
    let (problems, more) = problems.into_parts();
    let mut problems = placed(problems, &origin.label, &decoded.text);
    problems.extend(more.into_iter().map(|kind| (None, Problem::of_file(kind, &origin.label))));
    let is_own_making = passed_over.iter().eq([&PassedOverReason::OwnMaking]);
    let is_passed_over = roles.is_empty() && problems.is_empty();
    let (form, role) = (joined(&forms, "object"), joined(&roles, "none"));
    let source = origin.label.clone();
    if pages.is_empty() {
        decoded.take_digest();
        decoded.text = String::new();
    }
    origin.sha256 = origin.sha256.or(decoded.digest);
    let text = decoded.text;
    let file =
        SourceFile { encoding: decoded.encoding, text, ..binary(origin, &form, &role, is_passed_over) };
    // What this program made itself is no input, wherever it lies.
    let file = Some(file).filter(|file| !(file.is_passed_over && is_own_making));
    let passed_over =
        passed_over.into_iter().map(|reason| PassedOver { source: source.clone(), reason }).collect();
    FileSurvey { file, unreadable: None, pages, jobs, snapshots, restore_artifacts, passed_over, problems }
}

fn joined(names: &BTreeSet<&str>, none: &str) -> String {
    if names.is_empty() { none.to_owned() } else { names.iter().copied().collect::<Vec<_>>().join("+") }
}
