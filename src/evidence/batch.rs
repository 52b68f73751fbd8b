//! `manifest.json` of a batch: which cases there are, what each was made of, and what was written beside them. Its schema is
//! `docs/batch-manifest.schema.json`.

use serde::{Deserialize, Serialize};

use crate::report::batch::{Batch, Case, LeftOut, LeftOutReason};
use crate::report::wording;

use super::manifest::{OutputFile, PassedOver, Run, Tool};
use super::options::ManifestOptions;

/// The version of the shape of a batch's `manifest.json`.
pub const BATCH_SCHEMA_VERSION: u32 = 1;

/// Which of the two documents called `manifest.json` this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ManifestKind {
    /// That of a batch; that of a report does not say.
    Batch,
}

/// The whole document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchManifest {
    /// [`BATCH_SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What made it.
    pub tool: Tool,
    /// Always the same.
    pub kind: ManifestKind,
    /// When and where.
    pub run: Run,
    /// What was asked for; the words of each case are in its own manifest.
    pub options: ManifestOptions,
    /// What a case is: `folder` or `job`.
    pub by: String,
    /// Whether the index alone was written.
    pub summary_only: bool,
    /// Every case, in their order.
    pub cases: Vec<CaseEntry>,
    /// What lay beside them, and why it is in none.
    pub left_out: Vec<PassedOver>,
    /// Every file of the index but this one and `SHA256SUMS`, in the order of their names.
    pub outputs: Vec<OutputFile>,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseEntry {
    /// The name of its folder.
    pub case: String,
    /// Where it lay, as the operator said.
    pub source: String,
    /// The job whose pages alone it is.
    pub job: Option<String>,
    /// What its run ended with.
    pub exit_code: u8,
    /// What went wrong.
    pub error: Option<String>,
    /// That of its report; null where there is none.
    pub evidence_id: Option<String>,
    /// The SHA-256 of its `SHA256SUMS`; null where no report was written.
    pub sums_sha256: Option<String>,
}

impl CaseEntry {
    /// The entry of `case`, whose list has the digest `sums`.
    #[must_use]
    pub fn of(case: &Case, sums: Option<String>) -> Self {
        CaseEntry {
            case: case.name.clone(),
            source: case.source.clone(),
            job: case.job.clone(),
            exit_code: case.exit_code,
            error: case.error.clone(),
            evidence_id: case.report.as_ref().map(|report| report.evidence_id.clone()),
            sums_sha256: sums,
        }
    }
}

/// What is asked of all cases of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The options of each report.
    pub options: ManifestOptions,
    /// What a case is.
    pub by: String,
    /// Whether the index alone is written.
    pub summary_only: bool,
}

impl BatchManifest {
    /// The manifest of `batch`.
    #[must_use]
    pub fn of(
        batch: &Batch,
        run: Run,
        asked: Asked,
        cases: Vec<CaseEntry>,
        outputs: Vec<OutputFile>,
    ) -> Self {
        let left = |left: &LeftOut| PassedOver { source: left.source.clone(), reason: reason(left.reason) };
        let mut outputs = outputs;
        outputs.sort_by(|a, b| a.file.cmp(&b.file));
        BatchManifest {
            schema_version: BATCH_SCHEMA_VERSION,
            tool: Tool::this(),
            kind: ManifestKind::Batch,
            run,
            options: asked.options,
            by: asked.by,
            summary_only: asked.summary_only,
            cases,
            left_out: batch.left_out.iter().map(left).collect(),
            outputs,
        }
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

fn reason(reason: LeftOutReason) -> String {
    wording::batch::left_out(reason).to_owned()
}
