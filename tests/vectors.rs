//! The vectors of the contract, `tests/vectors/*.json`: each holds an item and exactly the rows it has.

use std::fs;
use std::path::Path;

use entra_diff::model::{Json, ObjectSinceBackup};
use entra_diff::{diff, ingest, render, report};

/// Every member of `expect`, out of the item.
fn facts(item: &str) -> Vec<(&'static str, String)> {
    let record = ingest::read_record(item).expect("the vector's item is JSON").record;
    let changes = diff::changes(&record);
    let string =
        |text: Option<&str>| text.map_or("null".to_owned(), |text| Json::String(text.into()).to_compact());
    let category = record.failure_message.as_ref().map(|message| report::classify(message).as_str());
    vec![
        ("recoveryAction", string(record.recovery_action.as_str())),
        ("sinceBackup", string(Some(ObjectSinceBackup::of(&record.recovery_action).as_str()))),
        ("entityTypeName", string(Some(record.entity_type.as_str()))),
        ("id", string(Some(&record.id))),
        ("displayName", string(record.display_name.as_deref())),
        ("onPremisesSynced", record.on_premises_synced.to_string()),
        ("failureMessage", record.failure_message.as_ref().unwrap_or(&Json::Null).to_compact()),
        ("failureCategory", string(category)),
        ("removedReason", string(record.removed_reason.as_deref())),
        ("unchanged", changes.tally.unchanged.to_string()),
    ]
}

fn rows(item: &str) -> String {
    let record = ingest::read_record(item).expect("the vector's item is JSON").record;
    let mut out = Vec::new();
    render::write_rows(&diff::changes(&record).rows, &mut out);
    String::from_utf8(out).expect("rows are UTF-8")
}

#[test]
fn every_vector_has_exactly_its_rows() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut count = 0;
    for entry in fs::read_dir(&folder).expect("tests/vectors is there") {
        let path = entry.expect("a folder entry").path();
        let text = fs::read_to_string(&path).expect("a vector is UTF-8");
        let vector = ingest::read(&text).expect("a vector is JSON").value;
        let vector = vector.as_object().expect("a vector is an object");
        let item = vector.get("item").expect("a vector has an item").to_compact();
        let why = vector.get("why").and_then(Json::as_str).unwrap_or_default();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        assert_eq!(rows(&item), vector.get("changes").expect("rows").to_compact(), "{name}: {why}");
        let expected = vector.get("expect").and_then(Json::as_object).expect("facts");
        let found = facts(&item);
        assert_eq!(found.len(), expected.len(), "{name}");
        for (key, value) in found {
            assert_eq!(expected.get(key).map(Json::to_compact), Some(value), "{name}: {key}");
        }
        count += 1;
    }
    assert_eq!(count, 69, "vectors are missing from {}", folder.display());
}
