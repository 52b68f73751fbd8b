//! What can be found of a file when a report is checked.

use std::io;

use crate::render::Counts;

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
    /// Every byte of a manifest is as it was written, by this other version; how that one writes its files is not
    /// known, so that nothing was counted in them.
    OtherVersion(String),
    /// It could not be read when the report was made, which the report tells.
    Unread,
    /// Nothing can be said of the inputs: neither their list nor the manifest is as it was written.
    NotJudged,
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
    /// Something that the files of the report do not agree on.
    Contradiction(Contradiction),
    /// It does not hold what the manifest says; `None` where it cannot be counted at all.
    Miscounted {
        /// What the manifest says.
        stated: Counts,
        /// What was counted in the file.
        found: Option<Counts>,
    },
}

/// What the files of a report do not agree on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contradiction {
    /// A digest or a size of the file: `SHA256SUMS`, `INPUTS.sha256` and `manifest.json`.
    Bytes,
    /// What the file holds: what its writer counted, and what the survey had counted.
    Counts,
    /// Which formats there are: the manifest's options and its outputs.
    Formats,
    /// The evidence id: what the file prints, and the manifest.
    EvidenceId,
    /// Inputs, page sets, problems, version or evidence id: the manifest and `summary.json`.
    Summary,
    /// What the manifest says of itself: a name twice, an exit code that its problems do not give, or an
    /// unreadable file that is none of them.
    Manifest,
}

impl Finding {
    /// Whether it speaks against the report.
    #[must_use]
    pub fn is_mismatch(&self) -> bool {
        !matches!(
            self,
            Finding::Unchanged(_)
                | Finding::Signature
                | Finding::Unfinished
                | Finding::Unread
                | Finding::OtherVersion(_)
                | Finding::Unreadable(_)
        )
    }
}
