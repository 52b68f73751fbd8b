//! Documents → items: every element of a page is a change, or told.

use std::collections::BTreeSet;

use entra_diff::render::{Format, Options};
use serde_json::Value;

use super::{changes, is_told, output, page, survey};

/// Any page is read, and its report is written in every format that is text.
pub(crate) fn holds(data: &[u8]) {
    let export = survey(data);
    for format in [Format::Csv, Format::Ndjson, Format::SummaryJson, Format::Markdown] {
        output(&export, format, &Options::default());
    }
    let is_named = export.files().count() + export.passed_over().len() + export.problems().len() > 0;
    assert!(is_named, "the input is not accounted for");
    if let Ok(text) = std::str::from_utf8(data) {
        every_element_is_told(text);
    }
}

/// Another reader counts the elements of a page that holds `items`.
fn every_element_is_told(items: &str) {
    let text = page(items);
    let Ok(Value::Object(envelope)) = serde_json::from_str(&text) else { return };
    let is_plain = envelope.keys().eq(["@odata.context", "value"]);
    let Some(elements) = envelope.get("value").and_then(Value::as_array).filter(|_| is_plain) else { return };
    // In the text, an element may stand behind a first `value` that the last one replaced.
    let distinct: BTreeSet<String> =
        elements.iter().filter(|element| element.is_object()).map(Value::to_string).collect();
    let export = survey(text.as_bytes());
    let found = changes(&export);
    assert!(found.len() <= elements.len(), "{} changes of {} elements", found.len(), elements.len());
    assert!(found.len() >= distinct.len() || is_told(&export), "a change is missing, and nobody told");
    for change in found {
        let source = change["source"].as_str().expect("a source");
        let pointer = source.split_once('#').map(|(_, pointer)| pointer).expect("a pointer");
        let value = serde_json::from_str::<Value>(&text).expect("JSON");
        let item = value.pointer(pointer).expect("the pointer leads to the item");
        if let Some(id) = item.get("id").and_then(Value::as_str).filter(|id| !id.is_empty()) {
            assert_eq!(change["id"], id);
        }
    }
}
