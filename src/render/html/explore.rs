//! What the page's script needs beside the data: its words, its own text, and how many objects it has.

use std::fmt;

use askama::filters::HtmlSafe;
use serde_json::{Map, Value, json};

use crate::model::{
    FailureCategory, Function, Note, ObjectSinceBackup, Outcome, RecoveryAction, RowKind, SinceBackup,
};
use crate::report::wording::{self, explore, heading};
use crate::report::{Perspective, Report};

use super::super::{Column, Options};
use super::data::MOST_BYTES;

/// The script, the same in every report of a version: the policy names its hash.
#[derive(Clone, Copy)]
pub(super) struct Script;

impl HtmlSafe for Script {}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Each makes one name out of those before it.
        let sources = [
            include_str!("../../../templates/explore-texts.js"),
            include_str!("../../../templates/explore-core.js"),
            include_str!("../../../templates/explore-order.js"),
            include_str!("../../../templates/explore-elements.js"),
            include_str!("../../../templates/explore-view.js"),
            include_str!("../../../templates/explore-object.js"),
            include_str!("../../../templates/explore-results.js"),
            include_str!("../../../templates/explore-controls.js"),
            include_str!("../../../templates/explore-lead.js"),
            include_str!("../../../templates/explore.js"),
        ];
        // No text of the script goes over a line, so that what stands before a line and comments mean nothing to it.
        let lines = sources.iter().flat_map(|source| source.lines()).map(str::trim_start);
        lines
            .filter(|line| !line.is_empty() && !line.starts_with("//"))
            .try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// What is written behind the data.
pub(in super::super) struct Tail {
    /// The words of the script; `None` where there is nothing to explore.
    words: Option<Map<String, Value>>,
    objects: u64,
    bytes: usize,
    is_full: bool,
}

impl Tail {
    pub(super) fn of(report: &Report<'_>, options: &Options) -> Self {
        let words = is_explored(report).then(|| words(report, options));
        Tail { words, objects: 0, bytes: 0, is_full: false }
    }

    /// How many of these chunks, told by their objects and bytes, have room in the page behind those before.
    pub(in super::super) fn room_for(&mut self, chunks: impl Iterator<Item = (u64, usize)>) -> usize {
        let mut room = 0;
        for (objects, bytes) in chunks {
            self.is_full |= self.bytes + bytes > MOST_BYTES;
            if self.is_full {
                break;
            }
            self.objects += objects;
            self.bytes += bytes;
            room += 1;
        }
        room
    }

    /// The words and the script, and the end of the document.
    pub(in super::super) fn into_string(self) -> String {
        let mut end = String::new();
        if let Some(mut words) = self.words {
            words.insert("explored".to_owned(), self.objects.into());
            // In an element that is not run only its end means anything, and that begins with this character.
            let words = Value::Object(words).to_string().replace('<', "\\u003c");
            end = format!(
                "\n<script type=\"application/json\" id=\"words\">{words}</script>\n<script>{Script}</script>"
            );
        }
        end + "\n</body>\n</html>\n"
    }
}

/// Whether a page has anything for the script.
pub(super) fn is_explored(report: &Report<'_>) -> bool {
    !report.is_empty()
}

/// Everything that the script says, and what it has to know of the report.
fn words(report: &Report<'_>, options: &Options) -> Map<String, Value> {
    let mut words: Map<String, Value> =
        explore::WORDS.iter().map(|(key, text)| ((*key).to_owned(), (*text).into())).collect();
    let columns: Vec<&str> = Column::ALL.iter().map(|column| column.name).collect();
    let perspective = |leads: Perspective| {
        let of =
            |function: Function| (function.as_str().to_owned(), json!(wording::columns(function, leads)));
        let heads: Map<String, Value> = FUNCTIONS.map(of).into_iter().collect();
        json!({ "heads": heads, "title": report.title_in(leads), "items": [
            wording::item(true, leads), wording::item(false, leads)] })
    };
    let facts = [
        ("objectsOfReport", json!(report.len())),
        ("columns", json!(columns)),
        ("raw", json!(options.csv_raw)),
        ("perspective", json!(report.options().perspective.as_str())),
        ("incident", perspective(Perspective::Incident)),
        ("recovery", perspective(Perspective::Recovery)),
    ];
    words.extend(facts.into_iter().chain(of_tokens()).map(|(key, value)| (key.to_owned(), value)));
    words
}

/// The words of the contract's tokens, and of what is no value.
fn of_tokens() -> Vec<(&'static str, Value)> {
    vec![
        ("functions", named(&FUNCTIONS, Function::as_str, wording::function_title)),
        ("outcomes", named(&OUTCOMES, Outcome::as_str, wording::outcome_cell)),
        ("categories", named(&FailureCategory::ALL, FailureCategory::as_str, wording::failure_category)),
        ("notes", named(&Note::ALL, Note::as_str, wording::note)),
        ("objectSince", named(&OBJECT_SINCE, ObjectSinceBackup::as_str, wording::object_since_backup)),
        ("since", json!(SINCE.map(wording::since_backup_cell))),
        ("sinceTokens", json!(SINCE.map(SinceBackup::as_str))),
        ("willTokens", json!(SINCE.map(|since| since.recovery_will().as_str()))),
        (
            "will",
            json!(
                [RowKind::Property, RowKind::Link]
                    .map(|kind| SINCE
                        .map(|since| { wording::recovery_will_cell(kind, since.recovery_will()) }))
            ),
        ),
        ("noAction", json!(wording::recovery_action(&RecoveryAction::Missing))),
        ("noName", json!(heading::NO_NAME)),
        ("noId", json!(heading::NO_ID)),
        ("link", json!(heading::LINK)),
        (
            "none",
            json!({
                "value": wording::NO_VALUE, "link": wording::NO_LINK, "unknown": wording::NOT_IN_DATA,
                "null": wording::NULL, "text": wording::EMPTY_TEXT, "list": wording::EMPTY_LIST,
            }),
        ),
        (
            "kinds",
            json!({
                "boolean": "true or false", "number": "number", "string": "text", "array": "list", "object": "object",
            }),
        ),
        ("synced", json!(wording::ON_PREMISES_SYNCED)),
        ("removedReason", json!(heading::REMOVED_REASON)),
    ]
}

const FUNCTIONS: [Function; 3] = [Function::GetChanges, Function::GetFailedChanges, Function::Unknown];
const OUTCOMES: [Outcome; 4] =
    [Outcome::Planned, Outcome::Failed, Outcome::NotReportedFailed, Outcome::Unknown];
const OBJECT_SINCE: [ObjectSinceBackup; 4] = [
    ObjectSinceBackup::Modified,
    ObjectSinceBackup::Deleted,
    ObjectSinceBackup::CreatedOrRestored,
    ObjectSinceBackup::Unknown,
];
/// In the order of the numbers that stand for them in the data.
const SINCE: [SinceBackup; 4] =
    [SinceBackup::Added, SinceBackup::Removed, SinceBackup::Modified, SinceBackup::Unknown];

/// The words of an enumeration by the contract's token.
fn named<T: Copy>(all: &[T], token: fn(T) -> &'static str, word: fn(T) -> &'static str) -> Value {
    all.iter().map(|one| (token(*one).to_owned(), Value::from(word(*one)))).collect::<Map<_, _>>().into()
}
