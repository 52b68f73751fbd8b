//! `restore-artifacts.csv` and `restore-artifacts.ndjson`: the artifacts of restore sessions, and the one list of
//! their fields that tables share (contract, section 9). It only ever grows at its end.

use crate::model::{RestoreArtifact, RestoreErrorCategory};

use super::count::Counts;
use super::csv;
use super::ndjson;
use super::run::Run;

/// A field of an artifact: its name, which is its contract, and its value.
type Field = (&'static str, fn(&RestoreArtifact) -> Option<&str>);

/// All fields in order.
pub(super) const FIELDS: [Field; 16] = [
    ("collection", |artifact| Some(&artifact.collection)),
    ("id", |artifact| artifact.id.as_deref()),
    ("restorePointId", |artifact| artifact.restore_point_id.as_deref()),
    ("destinationType", |artifact| artifact.destination_type.as_deref()),
    ("status", |artifact| artifact.status.as_deref()),
    ("createdDateTime", |artifact| artifact.created_date_time.as_deref()),
    ("contentId", |artifact| artifact.content_id.as_deref()),
    ("errorCode", |artifact| artifact.error_code.as_deref()),
    ("errorMessage", |artifact| artifact.error_message.as_deref()),
    ("errorTarget", |artifact| artifact.error_target.as_deref()),
    ("failedOperation", |artifact| artifact.failed_operation.as_deref()),
    (RESPONSE_CODE, |artifact| artifact.response_code.as_deref()),
    ("removedReason", |artifact| artifact.removed_reason.as_deref()),
    ("source", |artifact| Some(&artifact.source)),
    ("outcome", |artifact| Some(artifact.outcome.as_str())),
    ("errorCategory", |artifact| artifact.error_category.map(RestoreErrorCategory::as_str)),
];

/// An HTTP status code.
const RESPONSE_CODE: &str = "responseCode";

fn is_code(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0')
}

/// The table, head and all, and how many artifacts it was given.
pub(super) fn table(run: Run<'_, '_>) -> (Vec<u8>, Counts) {
    let dialect = run.options.dialect();
    let mut document = csv::head(dialect, &FIELDS.map(|(name, _)| name));
    let mut artifacts = 0;
    for artifact in run.report.restore_artifacts() {
        for (_, value) in FIELDS {
            csv::encode(dialect, value(artifact).unwrap_or_default(), &mut document);
            document.push(dialect.delimiter.byte());
        }
        csv::end_row(&mut document);
        artifacts += 1;
    }
    (document, Counts::of_restore_artifacts(artifacts))
}

/// One artifact a line, every field always there, and how many lines there are.
pub(super) fn lines(run: Run<'_, '_>) -> (Vec<u8>, Counts) {
    let mut document = Vec::new();
    let mut artifacts = 0;
    for artifact in run.report.restore_artifacts() {
        document.push(b'{');
        for (name, value) in FIELDS {
            match value(artifact) {
                // The one number among them; what is none stays the text that it was.
                Some(code) if name == RESPONSE_CODE && is_code(code) => {
                    ndjson::write_number(name, code, &mut document);
                }
                value => ndjson::write_member(name, value, &mut document),
            }
        }
        document.extend_from_slice(b"}\n");
        artifacts += 1;
    }
    (document, Counts::of_restore_artifacts(artifacts))
}
