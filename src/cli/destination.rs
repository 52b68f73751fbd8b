//! Where a report goes, by what was typed.

use std::path::{Path, PathBuf};

use entra_diff::render::Format;

use super::args::ReportArgs;

/// Where the report goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Destination {
    /// A folder, with these formats.
    Folder(PathBuf, Vec<Format>),
    /// One file.
    File(PathBuf, Format),
    /// Standard output.
    Stdout(Format),
}

/// A combination of options that cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum UsageError {
    /// `-o -` without exactly one format.
    StdoutNeedsOneFormat,
    /// An extension and a format that contradict each other.
    FormatConflicts(PathBuf),
    /// A `SOURCE_DATE_EPOCH` that is no whole number of seconds.
    SourceDateEpoch(String),
}

impl Destination {
    /// The formats that go there.
    pub(super) fn formats(&self) -> &[Format] {
        match self {
            Destination::Folder(_, formats) => formats,
            Destination::File(_, format) | Destination::Stdout(format) => std::slice::from_ref(format),
        }
    }

    /// The same with the files that restore artifacts have of their own: in a folder, beside those of the changes.
    pub(super) fn with_restore_artifacts(self) -> Self {
        let Destination::Folder(folder, mut formats) = self else { return self };
        let more: Vec<Format> = formats.iter().filter_map(|format| format.of_restore_artifacts()).collect();
        formats.extend(more);
        formats.sort_unstable();
        formats.dedup();
        Destination::Folder(folder, formats)
    }
}

impl ReportArgs {
    /// Where it goes: a folder, unless the output has the extension of a format, or is standard output.
    pub(super) fn destination(&self) -> Result<Destination, UsageError> {
        let formats = self.formats();
        if self.output == Path::new("-") {
            return match formats[..] {
                [format] => Ok(Destination::Stdout(format)),
                _ => Err(UsageError::StdoutNeedsOneFormat),
            };
        }
        let extension =
            self.output.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
        // Two formats share an extension; that of the changes is meant unless the other one is asked for.
        let or_restore = |changes: Format| {
            changes.of_restore_artifacts().filter(|restore| formats == [*restore]).unwrap_or(changes)
        };
        let by_extension = match extension.as_deref() {
            Some("html" | "htm") => Format::Html,
            Some("csv") => or_restore(Format::Csv),
            Some("xlsx") => Format::Xlsx,
            Some("ndjson") => or_restore(Format::Ndjson),
            Some("json") => Format::SummaryJson,
            Some("md") => Format::Markdown,
            _ => {
                let formats = if formats.is_empty() { Format::DEFAULT.to_vec() } else { formats };
                return Ok(Destination::Folder(self.output.clone(), formats));
            }
        };
        if formats.iter().any(|format| *format != by_extension) {
            return Err(UsageError::FormatConflicts(self.output.clone()));
        }
        Ok(Destination::File(self.output.clone(), by_extension))
    }
}
