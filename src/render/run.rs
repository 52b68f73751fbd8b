//! What a run of the renderers is given: the report, and how to write it.

use std::path::PathBuf;

use crate::report::Report;
use crate::report::wording::cut;

use super::dialect::{Delimiter, Dialect};
use super::format::Format;

/// How to render.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// CSV with cells as they are, without the guard against formulas; without byte order mark unless told.
    pub csv_raw: bool,
    /// What stands between two cells of CSV.
    pub csv_delimiter: Delimiter,
    /// Whether a byte order mark stands in front of CSV; where it is not said, in front of what is not raw.
    pub csv_bom: Option<bool>,
    /// Where the sheets of a workbook stand while they grow; the system's folder for such files unless told.
    pub temporary_folder: Option<PathBuf>,
}

impl Options {
    /// Whether a byte order mark stands in front of CSV.
    #[must_use]
    pub fn has_csv_bom(&self) -> bool {
        self.csv_bom.unwrap_or(!self.csv_raw)
    }

    /// What they say of CSV.
    pub(super) fn dialect(&self) -> Dialect {
        Dialect { delimiter: self.csv_delimiter, has_bom: self.has_csv_bom(), is_guarded: !self.csv_raw }
    }
}

/// What is written, and how. Asked for together or alone, the bytes of a format are the same, but for the words of a
/// workbook that say in which other file of the run all of a text stands that a cell cannot hold.
#[derive(Clone, Copy)]
pub(super) struct Run<'r, 'e> {
    pub(super) report: &'r Report<'e>,
    pub(super) options: &'r Options,
    /// All that are written.
    pub(super) formats: &'r [Format],
}

/// Where all of a text stands that a cell of the sheets of changes cannot hold: files of the run, or where it was read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Whole {
    /// Of what both `changes.csv` and `changes.ndjson` have.
    pub(super) of_both: &'static str,
    /// Of what `changes.ndjson` alone has.
    pub(super) of_lines: &'static str,
}

impl Run<'_, '_> {
    fn has(&self, format: Format) -> bool {
        self.formats.contains(&format)
    }

    /// Where all of a text stands that the sheets of changes cut.
    pub(super) fn whole_changes(&self) -> Whole {
        let (csv, ndjson) = (self.has(Format::Csv), self.has(Format::Ndjson));
        Whole { of_both: cut::place_of_change(csv, ndjson), of_lines: cut::place_of_change(false, ndjson) }
    }

    /// The same of the first and the last sheet.
    pub(super) fn whole_summary(&self) -> &'static str {
        cut::place_of_summary(self.has(Format::SummaryJson))
    }

    /// The same of a message on the first sheet.
    pub(super) fn whole_message(&self) -> &'static str {
        cut::place_of_message(self.has(Format::SummaryJson))
    }

    /// The same of the sheet of problems.
    pub(super) fn whole_problems(&self) -> &'static str {
        cut::place_of_problem(self.has(Format::SummaryJson))
    }

    /// The same of the sheet of restore artifacts.
    pub(super) fn whole_artifacts(&self) -> &'static str {
        cut::place_of_artifact(self.has(Format::RestoreCsv), self.has(Format::RestoreNdjson))
    }
}
