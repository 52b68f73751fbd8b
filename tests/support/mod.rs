//! What several test files do alike: read an export from disk and write its report to memory.

use std::path::PathBuf;

use entra_diff::ingest::{self, Export, Input, SurveyOptions};
use entra_diff::render::{self, Format, Options, Output};
use entra_diff::report::Report;
use entra_diff::{diff, report};

/// Reads files and folders as the program does.
pub(crate) fn survey(paths: &[PathBuf]) -> Export {
    let inputs = paths.iter().cloned().map(Input::Path).collect();
    ingest::survey(inputs, &SurveyOptions::default(), diff::extent, |_| ())
}

/// The report of `export` without any words of an operator.
pub(crate) fn report(export: &Export) -> Report<'_> {
    Report::new(export, report::Options::default())
}

/// The bytes of each of `formats`, all written in one go, and how many rows or objects each has.
pub(crate) fn write(report: &Report<'_>, formats: &[Format], options: &Options) -> Vec<(Vec<u8>, u64)> {
    let mut sinks = vec![Vec::new(); formats.len()];
    let outputs = sinks.iter_mut().zip(formats).map(|(sink, &format)| Output { format, sink }).collect();
    let written =
        render::write(report, outputs, options, &mut |_| ()).expect("writing to memory cannot fail");
    let records = |counts: render::Counts| counts.rows.or(counts.object_changes).unwrap_or_default();
    sinks.into_iter().zip(written).map(|(bytes, written)| (bytes, records(written.counts))).collect()
}
