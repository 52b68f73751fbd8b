//! Items → rows: the laws of the contract, against another reader of JSON and another writer of patches.

use entra_diff::model::{Note, RowKind, SinceBackup};
use entra_diff::{diff, ingest, render};
use serde_json::{Map, Value, json};

/// Any text is read as another reader reads it, and any item has the rows it must have.
pub(crate) fn holds(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    reads_as_another(&text);
    rows_hold_together(&text);
    if let Some(object) = other(&text).filter(Value::is_object) {
        against_itself(&object);
    }
}

fn other(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// What the other reader takes is taken, as the same value; what it refuses has something that is read on purpose.
fn reads_as_another(text: &str) {
    match (ingest::read(text), other(text)) {
        (Ok(ours), Some(theirs)) => {
            let again = other(&ours.value.to_compact()).expect("compact JSON is JSON");
            assert_eq!(again, theirs);
        }
        (Ok(ours), None) => {
            let tolerated = ours.lone_surrogate || text.contains("//") || text.contains("/*");
            assert!(tolerated, "{text:?} is no JSON");
        }
        (Err(error), Some(_)) => panic!("{text:?} is JSON: {error}"),
        (Err(error), None) => assert!(error.at <= text.len()),
    }
}

fn rows_hold_together(text: &str) {
    let Ok(read) = ingest::read_record(text) else { return };
    let changes = diff::changes(&read.record);
    assert_eq!(diff::extent(&read.record).tally, changes.tally);
    let mut out = Vec::new();
    render::write_rows(&changes.rows, &mut out);
    let rows: Vec<Value> = serde_json::from_slice(&out).expect("rows are JSON");
    for row in &rows {
        let is_empty = |side: &str| row.get(side).is_none_or(|value| value.is_null() || *value == json!([]));
        let sides = (is_empty("backup"), is_empty("current"));
        let will = match row["sinceBackup"].as_str() {
            Some("added") => ("remove", sides == (true, false)),
            Some("removed") => ("add", sides == (false, true)),
            Some("modified") => ("revert", sides == (false, false)),
            _ => ("unknown", row.get("note").is_some() && row.get("itemsAdded").is_none()),
        };
        assert_eq!((&row["recoveryWill"], true), (&json!(will.0), will.1), "{row}");
        assert_eq!(row.get("itemsAdded").is_some(), row.get("itemsRemoved").is_some(), "{row}");
    }
    if let Some(patch) = diff::patch(&read.record) {
        let patch: json_patch::Patch = serde_json::from_str(&patch).expect("a patch of RFC 6902");
        applies(text, &patch);
    }
}

/// The patch makes of the current state what the contract's section 8 says, where nothing in the item is a secret
/// or was rewritten by PowerShell.
fn applies(text: &str, patch: &json_patch::Patch) {
    let Some(Value::Object(item)) = other(text) else { return };
    let lower = text.to_lowercase();
    let is_special = ["pass", "secret", "key", "hint", "date", "count", "\\u", "additional"]
        .iter()
        .any(|word| lower.contains(word));
    let sides = ["deltaFromCurrent", "currentState"].map(|side| item.get(side).and_then(Value::as_object));
    let [Some(delta), Some(current)] = sides else { return };
    let is_plain = item.keys().all(|key| {
        ["id", "recoveryAction", "entityTypeName", "displayName", "deltaFromCurrent", "currentState"]
            .contains(&key.as_str())
    });
    if is_special || !is_plain {
        return;
    }
    let mut result = Value::Object(current.clone());
    json_patch::patch(&mut result, patch).unwrap_or_else(|error| panic!("{patch} does not apply: {error}"));
    assert_eq!(result, overlay(current, delta), "{patch}");
}

fn overlay(current: &Map<String, Value>, delta: &Map<String, Value>) -> Value {
    let mut result = current.clone();
    for (key, value) in delta.iter().filter(|(key, _)| !key.contains('@')) {
        let written = match (current.get(key), value) {
            (Some(Value::Object(now)), Value::Object(then)) => overlay(now, then),
            _ => without_annotations(value),
        };
        result.insert(key.clone(), written);
    }
    Value::Object(result)
}

fn without_annotations(value: &Value) -> Value {
    match value {
        Value::Array(elements) => elements.iter().map(without_annotations).collect(),
        Value::Object(members) => members
            .iter()
            .filter(|(key, _)| !key.contains('@'))
            .map(|(key, member)| (key.clone(), without_annotations(member)))
            .collect(),
        other => other.clone(),
    }
}

/// An object against itself has only links and what stands for lost values.
fn against_itself(object: &Value) {
    let item =
        json!({"id": "1", "recoveryAction": "update", "deltaFromCurrent": object, "currentState": object});
    let text = item.to_string();
    // Too deep, where it was not before.
    let Ok(read) = ingest::read_record(&text) else { return };
    for row in diff::changes(&read.record).rows {
        let is_lost = row.since_backup == SinceBackup::Unknown
            && matches!(row.note, Some(Note::LostEvidence | Note::Redacted));
        assert!(row.kind == RowKind::Link || is_lost, "{row:?}");
    }
}
