//! What a run of the renderers is given: the report, and how to write it.

use std::path::PathBuf;

use crate::report::Report;

/// How to render.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// CSV without byte order mark and formula guard.
    pub csv_raw: bool,
    /// Where the sheets of a workbook stand while they grow; the system's folder for such files unless told.
    pub temporary_folder: Option<PathBuf>,
}

/// What is written, and how. A format does not know of the others: asked for together or alone, its bytes are
/// the same.
#[derive(Clone, Copy)]
pub(super) struct Run<'r, 'e> {
    pub(super) report: &'r Report<'e>,
    pub(super) options: &'r Options,
}
