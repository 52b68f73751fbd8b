//! What must hold for any bytes: one law a fuzz target. They look at the program through its public interface only.
//!
//! The ordinary tests hold them, too, for the seeds and for everything that was found (`tests/fuzzed.rs`).

#![allow(dead_code, reason = "a fuzz target holds one of the laws")]

pub(crate) mod csv;
pub(crate) mod decoding;
pub(crate) mod documents;
pub(crate) mod html;
pub(crate) mod normaliser;
pub(crate) mod pages;
pub(crate) mod xlsx;

use entra_diff::ingest::{self, Export, Input, SurveyOptions};
use entra_diff::render::{self, Format, Options, Output};
use entra_diff::report::{self, Report};
use entra_diff::{diff, model};

/// Makes every input take the same way each time it is tried.
pub(crate) fn one_thread() {
    // Where there is a pool already, it is used.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global();
}

/// What a survey finds in some bytes, given on standard input.
pub(crate) fn survey(bytes: &[u8]) -> Export {
    let inputs = vec![Input::Stdin(bytes.to_vec())];
    ingest::survey(inputs, &SurveyOptions::default(), diff::extent, |_| ())
}

/// The output of an export in a format.
pub(crate) fn output(export: &Export, format: Format, options: &Options) -> Vec<u8> {
    let report = Report::new(export, report::Options::default());
    let mut bytes = Vec::new();
    let outputs = vec![Output { format, sink: &mut bytes }];
    render::write(&report, outputs, options, &mut |_| ()).expect("writing to memory cannot fail");
    bytes
}

/// The lines of `changes.ndjson`.
pub(crate) fn changes(export: &Export) -> Vec<serde_json::Value> {
    let lines = output(export, Format::Ndjson, &Options::default());
    lines
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).expect("a line is JSON"))
        .collect()
}

/// Whether data is missing by what the report says itself.
pub(crate) fn is_told(export: &Export) -> bool {
    export.problems().iter().any(|problem| problem.severity() == model::Severity::Error)
}

/// A page around the text of its items.
pub(crate) fn page(items: &str) -> String {
    let context =
        "https://graph.microsoft.com/v1.0/$metadata#x/snapshots/MTc=/recoveryPreviewJobs/p/getChanges";
    format!(r#"{{"@odata.context":"{context}","value":[{items}]}}"#)
}

/// An item that has `text` wherever a text may stand.
pub(crate) fn item_of(text: &str) -> String {
    use serde_json::json;
    let link = json!([{"id": text, "displayName": text}, {"id": "gone", "@removed": {"reason": text}}]);
    json!({
        "entityTypeName": text, "id": text, "displayName": text, "recoveryAction": text,
        "deltaFromCurrent": {"city": text, "tags": [text, "b"], text: text, "members@delta": link},
        "currentState": {"city": "x", "tags": ["c"], "displayName": text},
        "failureMessage": text,
    })
    .to_string()
}
