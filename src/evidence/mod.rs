//! What lets a report be checked later, by this program or without it: the files beside it in its folder.
//!
//! `INPUTS.sha256` lists what was read, `manifest.json` tells how it was read and what was written,
//! `SHA256SUMS` lists every other file of the folder and is written last. [`verify()`] holds all of them
//! against the files that are there. Nothing here makes a file: [`Manifest`] gives its text, and whoever
//! publishes a report writes it.

mod batch;
mod finding;
mod hash;
mod inputs;
mod manifest;
mod options;
mod summary;
mod verify;
mod verify_batch;
mod whole;

pub use batch::{Asked, BATCH_SCHEMA_VERSION, BatchManifest, CaseEntry, ManifestKind};
pub use finding::{Checked, Contradiction, Finding, Part};
pub use hash::digest_of;
pub use manifest::{
    EntryFile, Host, Manifest, OutputFile, PageTransfer, PassedOver, Run, SCHEMA_VERSION, Tool,
};
pub use options::ManifestOptions;
pub use verify::verify;
pub use verify_batch::{is_batch, verify_batch};
pub use whole::{evidence_id_of, is_as_listed, listed_sums, whole_sums};

/// The list of what was read.
pub const INPUTS: &str = "INPUTS.sha256";
/// What was read and written, and how.
pub const MANIFEST: &str = "manifest.json";
/// The list of every other file of a report's folder.
pub const SUMS: &str = "SHA256SUMS";

/// What a signature of [`SUMS`] is called, by the tool that makes it: `ssh-keygen -Y sign`, minisign, `GnuPG`, and the
/// answer of a time-stamping service (RFC 3161). They are made afterwards, so that no list can have them.
pub const SIGNATURES: [&str; 4] =
    ["SHA256SUMS.sig", "SHA256SUMS.minisig", "SHA256SUMS.asc", "SHA256SUMS.tsr"];
