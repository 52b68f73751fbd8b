//! What was asked for, as `manifest.json` tells it. It only ever grows: a manifest of before has less, and is read.

use serde::{Deserialize, Serialize};

use crate::render::Delimiter;

/// What decides what stands in the outputs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestOptions {
    /// The formats, by the names that the command line has for them.
    pub formats: Vec<String>,
    /// CSV with cells as they are, without the guard against formulas.
    pub csv_raw: bool,
    /// Nothing would have been written had data been missing.
    pub strict: bool,
    /// The conditions that end a run with exit code 1.
    pub fail_on: Vec<String>,
    /// The jobs whose pages alone were asked for; empty means all.
    pub jobs: Vec<String>,
    /// Which direction leads: `incident` or `recovery`.
    pub perspective: String,
    /// The IANA time zone of shown times.
    pub time_zone: String,
    /// The operator's title.
    pub title: Option<String>,
    /// The operator's organisation.
    pub organization: Option<String>,
    /// The operator's case number.
    pub case_id: Option<String>,
    /// Who made the report, in the operator's words.
    pub prepared_by: Option<String>,
    /// What stands between two cells of CSV; before there was a choice it was the comma.
    #[serde(default)]
    pub csv_delimiter: Delimiter,
    /// Whether a byte order mark stands in front of CSV; null where the manifest was made before there was a choice.
    #[serde(default)]
    pub csv_bom: Option<bool>,
}
