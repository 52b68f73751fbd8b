//! `INPUTS.sha256`: every file that was read, and by its own digest the evidence id of the report.

use crate::ingest::Export;
use crate::model::{Digest, SumLine, Sums};

/// The list of the files that were read, as `sha256sum -c` reads it: in each line a digest, two spaces and a
/// name, in the order of the names' bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputList {
    text: String,
    evidence_id: Digest,
}

impl InputList {
    pub(super) fn of(export: &Export) -> Self {
        let files = export.files_read();
        let lines = files.map(|file| SumLine { name: file.checksum_name.clone(), sha256: file.sha256() });
        let text = Sums::of(lines.collect()).to_string();
        let evidence_id = Digest::of(text.as_bytes());
        InputList { text, evidence_id }
    }

    /// The file's text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The digest of the text: it names the bytes that a report was made of, and no others.
    #[must_use]
    pub fn evidence_id(&self) -> Digest {
        self.evidence_id
    }
}
