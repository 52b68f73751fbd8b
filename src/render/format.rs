//! The formats of a report: their names, and what their files are called.

/// A format of the report, in the order in which they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// A page to read and to print.
    Html,
    /// One row a changed property or link.
    Csv,
    /// A workbook.
    Xlsx,
    /// One object change a line.
    Ndjson,
    /// Every number, input and problem.
    SummaryJson,
    /// A summary for a ticket.
    Markdown,
    /// One row a restore artifact.
    RestoreCsv,
    /// One restore artifact a line.
    RestoreNdjson,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 8] = [
        Format::Html,
        Format::Csv,
        Format::Xlsx,
        Format::Ndjson,
        Format::SummaryJson,
        Format::Markdown,
        Format::RestoreCsv,
        Format::RestoreNdjson,
    ];

    /// The formats that are written unless others are asked for: one to read, one for pipelines, one to
    /// work in.
    pub const DEFAULT: [Format; 3] = [Format::Html, Format::Csv, Format::Xlsx];

    /// Its name on the command line and in `manifest.json`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Html => "html",
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
            Format::Ndjson => "ndjson",
            Format::SummaryJson => "json",
            Format::Markdown => "md",
            Format::RestoreCsv => "restore-csv",
            Format::RestoreNdjson => "restore-ndjson",
        }
    }

    /// The file name in a folder of reports.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Format::Html => "report.html",
            Format::Csv => "changes.csv",
            Format::Xlsx => "report.xlsx",
            Format::Ndjson => "changes.ndjson",
            Format::SummaryJson => "summary.json",
            Format::Markdown => "report.md",
            Format::RestoreCsv => "restore-artifacts.csv",
            Format::RestoreNdjson => "restore-artifacts.ndjson",
        }
    }

    /// The format that has the restore artifacts in the manner of this one, where that is another file: it goes with
    /// it into a folder where there are some.
    #[must_use]
    pub fn of_restore_artifacts(self) -> Option<Format> {
        match self {
            Format::Csv => Some(Format::RestoreCsv),
            Format::Ndjson => Some(Format::RestoreNdjson),
            Format::Html
            | Format::Xlsx
            | Format::SummaryJson
            | Format::Markdown
            | Format::RestoreCsv
            | Format::RestoreNdjson => None,
        }
    }
}
