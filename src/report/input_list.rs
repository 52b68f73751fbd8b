//! `INPUTS.sha256`: every file that was read, and by its own digest the evidence id of the report.

use std::fmt::Write as _;

use crate::ingest::Export;
use crate::model::Digest;

/// The list of the files that were read, as `sha256sum -c` reads it: in each line a digest, two spaces and a
/// name, in the order of the names' bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputList {
    text: String,
    evidence_id: Digest,
}

impl InputList {
    pub(super) fn of(export: &Export) -> Self {
        let mut files: Vec<(&str, Digest)> =
            export.files_read().iter().map(|file| (file.checksum_name.as_str(), file.sha256)).collect();
        files.sort_unstable();
        let mut text = String::new();
        for (name, sha256) in files {
            writeln!(text, "{sha256}  {name}").expect("writing to a string cannot fail");
        }
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
