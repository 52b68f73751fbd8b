//! `manifest.json`: what was read, by which version, with which options, and what was written. Its schema is
//! `docs/manifest.schema.json`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::ingest::SourceFile;
use crate::model::{Digest, PageSet, Problem, ProblemKind, Severity, Transfer};
use crate::render::{Counts, Format};
use crate::report::{Report, wording};

use super::{MANIFEST, ManifestOptions, SUMS};

/// The code of the problem that an unreadable file is.
const UNREADABLE_FILE: &str = "unreadableFile";

/// The version of the shape of `manifest.json`.
pub const SCHEMA_VERSION: u32 = 1;

/// The whole document. Times and the machine are told in [`Run`] alone; everything else is the same wherever and
/// whenever the same bytes are read with the same options.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What made it.
    pub tool: Tool,
    /// The SHA-256 of `INPUTS.sha256`.
    pub evidence_id: String,
    /// When and where.
    pub run: Run,
    /// What was asked for.
    pub options: ManifestOptions,
    /// Every file that was read, in the order of `INPUTS.sha256`.
    pub inputs: Vec<InputFile>,
    /// The entries of archives among them that were read.
    pub entries: Vec<EntryFile>,
    /// What was saved of the transfer of pages, by their sources.
    pub transfers: Vec<PageTransfer>,
    /// What could not be read, and why; it is in no list, since nothing is known of its bytes.
    pub unreadable: Vec<PassedOver>,
    /// What was not used, and why.
    pub passed_over: Vec<PassedOver>,
    /// The page sets with their verdicts.
    pub page_sets: Vec<PageSetFile>,
    /// How many problems there are of each code.
    pub problems: Vec<ProblemCount>,
    /// What the survey counted, before anything was written.
    pub surveyed: Counts,
    /// Every other file but `SHA256SUMS`, in the order of their names.
    pub outputs: Vec<OutputFile>,
}

/// The program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// When and where a report was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// When the run began: RFC 3339, UTC. With `SOURCE_DATE_EPOCH` that time.
    pub started_date_time: String,
    /// When everything but this file and `SHA256SUMS` was written; with `SOURCE_DATE_EPOCH` that time.
    pub finished_date_time: String,
    /// The value of `SOURCE_DATE_EPOCH`, in seconds since 1970, where it was set.
    pub source_date_epoch: Option<i64>,
    /// What the run ends with, unless publishing fails.
    pub exit_code: u8,
    /// The machine; null with `SOURCE_DATE_EPOCH`, which asks for the same bytes everywhere.
    pub host: Option<Host>,
}

/// The machine a report was made on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Host {
    /// `linux`, `windows`, `macos`.
    pub operating_system: String,
    /// `x86_64`, `aarch64`.
    pub architecture: String,
    /// How many threads were used.
    pub threads: u64,
    /// The command line as it was typed; what is no UTF-8 in it is replaced by U+FFFD.
    pub arguments: Vec<String>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InputFile {
    /// Its path below the input root, as the reports show it.
    pub file: String,
    /// Its name in `INPUTS.sha256`.
    pub checksum_name: String,
    /// The bytes of its path below the input root in hexadecimal, where they are no UTF-8.
    pub path_bytes: Option<String>,
    /// Its size.
    pub bytes: u64,
    /// Its digest.
    pub sha256: String,
    /// How its text is encoded.
    pub encoding: String,
    /// How its documents stand in it.
    pub form: String,
    /// What it was used as; `none` where it was passed over.
    pub role: String,
}

/// An entry of an archive. It is in no list of checksums: what is there to be checked is the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryFile {
    /// `archive!entry`, as the reports show it.
    pub file: String,
    /// Its size, unpacked.
    pub bytes: u64,
    /// The digest of its bytes, unpacked.
    pub sha256: String,
    /// How its text is encoded.
    pub encoding: String,
    /// In which forms it was saved.
    pub form: String,
    /// What it was used as; `none` where it was passed over.
    pub role: String,
}

/// What an HTTP head or a HAR tells of how a page came. Nothing else of them is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageTransfer {
    /// The page.
    pub source: String,
    /// The request's URL, without user, fragment and parameters that are not OData's.
    pub url: Option<String>,
    /// The response's status code.
    pub status: Option<u16>,
    /// When the response was sent, RFC 3339.
    pub date: Option<String>,
    /// Microsoft Graph's id of the request.
    pub request_id: Option<String>,
    /// The id that the client gave it.
    pub client_request_id: Option<String>,
}

/// A file, or a part of one, that was not used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOver {
    /// Its path below the input root.
    pub source: String,
    /// Why.
    pub reason: String,
}

/// A page set with its verdict and every check that ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageSetFile {
    /// Function of its pages.
    pub function: String,
    /// The snapshot.
    pub snapshot_id: Option<String>,
    /// The snapshot's time.
    pub snapshot_date_time: Option<String>,
    /// The job.
    pub job_id: Option<String>,
    /// Where its first page stands.
    pub first_source: String,
    /// How many pages.
    pub pages: u64,
    /// How many items.
    pub items: u64,
    /// Whether all pages are there.
    pub verdict: String,
    /// What the verdict rests on.
    pub reason: String,
    /// Each check, and what it found: `passed`, `failed` or `notPossible`.
    pub checks: BTreeMap<String, String>,
}

/// How many problems there are of one code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemCount {
    /// The code.
    pub code: String,
    /// `error` or `warning`.
    pub severity: String,
    /// How many.
    pub count: u64,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputFile {
    /// Its name.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// Its digest.
    pub sha256: String,
    /// What its writer counted; null of a file that no writer of a format made.
    pub counts: Option<Counts>,
}

impl Tool {
    /// This program.
    pub(super) fn this() -> Self {
        Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

impl Manifest {
    /// The manifest of `report`, written into `outputs`.
    #[must_use]
    pub fn of(report: &Report<'_>, run: Run, options: ManifestOptions, outputs: Vec<OutputFile>) -> Self {
        let export = report.export();
        let mut inputs: Vec<InputFile> = export.files_read().map(InputFile::of).collect();
        inputs.sort_by(|a, b| (&a.checksum_name, &a.sha256).cmp(&(&b.checksum_name, &b.sha256)));
        let mut outputs = outputs;
        outputs.sort_by(|a, b| a.file.cmp(&b.file));
        let mut problems: BTreeMap<(Severity, &str), u64> = BTreeMap::new();
        for problem in export.problems() {
            *problems.entry((problem.severity(), problem.code())).or_default() += 1;
        }
        let count = |((severity, code), count): ((Severity, &str), u64)| ProblemCount {
            code: code.to_owned(),
            severity: severity.as_str().to_owned(),
            count,
        };
        Manifest {
            schema_version: SCHEMA_VERSION,
            tool: Tool::this(),
            evidence_id: report.inputs().evidence_id().to_string(),
            run,
            options,
            inputs,
            entries: export.entries().map(EntryFile::of).collect(),
            transfers: export.transfers().map(PageTransfer::of).collect(),
            unreadable: export.problems().iter().filter_map(unreadable).collect(),
            passed_over: export
                .passed_over()
                .iter()
                .map(|passed| PassedOver {
                    source: passed.source.clone(),
                    reason: wording::passed_over(passed.reason).to_owned(),
                })
                .collect(),
            page_sets: export.page_sets().iter().map(PageSetFile::of).collect(),
            problems: problems.into_iter().map(count).collect(),
            surveyed: Counts::of_survey(report),
            outputs,
        }
    }

    /// Whether it does not contradict itself: every name and code once, no file that lists this one, an exit code
    /// that its problems and verdicts give, and as many unreadable files as problems of that code.
    #[must_use]
    pub fn holds_together(&self) -> bool {
        let once = |names: Vec<&str>| names.iter().collect::<BTreeSet<_>>().len() == names.len();
        let outputs: Vec<&str> = self.outputs.iter().map(|output| output.file.as_str()).collect();
        let codes = self.problems.iter().map(|problem| problem.code.as_str()).collect();
        let is_listed = outputs.iter().any(|name| [MANIFEST, SUMS].contains(name));
        let unreadable = self.problems.iter().find(|problem| problem.code == UNREADABLE_FILE);
        let lacks_data = self.problems.iter().any(|problem| problem.severity == Severity::Error.as_str())
            || self.page_sets.iter().any(|set| ["incomplete", "suspicious"].contains(&set.verdict.as_str()));
        once(outputs)
            && once(codes)
            && !is_listed
            && unreadable.map_or(0, |problem| problem.count) == self.unreadable.len() as u64
            && (self.run.exit_code == 3) == lacks_data
    }

    /// The document's text.
    ///
    /// # Panics
    /// Never: a manifest is made of JSON values.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let mut text = serde_json::to_vec_pretty(self).expect("a manifest is made of JSON values");
        text.push(b'\n');
        text
    }
}

fn unreadable(problem: &Problem) -> Option<PassedOver> {
    let reason = match &problem.kind {
        ProblemKind::UnreadableFile { reason } => reason.clone(),
        ProblemKind::Archive(fault) => wording::archive_fault(fault),
        _ => return None,
    };
    Some(PassedOver { source: problem.place.file.clone(), reason })
}

impl InputFile {
    fn of(file: &SourceFile) -> Self {
        InputFile {
            file: file.label.clone(),
            checksum_name: file.checksum_name.clone(),
            path_bytes: file.path_bytes().map(|bytes| hexadecimal(&bytes)),
            bytes: file.bytes,
            sha256: file.sha256().to_string(),
            encoding: file.encoding.clone(),
            form: file.form.clone(),
            role: file.role.clone(),
        }
    }
}

impl EntryFile {
    fn of(file: &SourceFile) -> Self {
        EntryFile {
            file: file.label.clone(),
            bytes: file.bytes,
            sha256: file.sha256().to_string(),
            encoding: file.encoding.clone(),
            form: file.form.clone(),
            role: file.role.clone(),
        }
    }
}

impl PageTransfer {
    fn of((source, transfer): (String, &Transfer)) -> Self {
        let Transfer { url, status, date, request_id, client_request_id } = transfer.clone();
        PageTransfer { source, url, status, date, request_id, client_request_id }
    }
}

impl PageSetFile {
    fn of(set: &PageSet) -> Self {
        let checks = set.checks.iter();
        PageSetFile {
            function: set.function.as_str().to_owned(),
            snapshot_id: set.snapshot_id.clone(),
            snapshot_date_time: set.snapshot_date_time.clone(),
            job_id: set.job_id.clone(),
            first_source: set.first_source.clone(),
            pages: set.pages,
            items: set.items,
            verdict: set.verdict().as_str().to_owned(),
            reason: wording::basis(&set.basis),
            checks: checks
                .map(|(check, finding)| (check.as_str().to_owned(), finding.as_str().to_owned()))
                .collect(),
        }
    }
}

impl OutputFile {
    /// A file with these bytes that no format's writer made.
    #[must_use]
    pub fn of_bytes(file: &str, bytes: &[u8]) -> Self {
        let sha256 = Digest::of(bytes).to_string();
        OutputFile { file: file.to_owned(), bytes: bytes.len() as u64, sha256, counts: None }
    }

    /// The format it is in, by its name.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.file_name() == self.file)
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}
