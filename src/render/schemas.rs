//! The published schemas of the tables, held against what is written: `docs/changes.schema.json` and
//! `docs/restore-artifacts.schema.json`.

use serde_json::Value;

use crate::model::{
    FailureCategory, Function, Note, ObjectSinceBackup, Outcome, RestoreErrorCategory, RowKind, SinceBackup,
};
use crate::report::wording::workbook::{COLUMN_HEADS, RESTORE_HEADS};

use super::Column;
use super::restore::FIELDS;

/// The fields of a schema.
fn fields(schema: &str) -> Vec<Value> {
    let schema: Value = serde_json::from_str(schema).expect("a schema is JSON");
    let fields = schema["fields"].as_array().expect("fields").clone();
    for field in &fields {
        assert_eq!(field["type"], "string", "{field}");
        assert!(field["description"].as_str().is_some_and(|text| text.ends_with('.')), "{field}");
    }
    fields
}

fn of_changes() -> Vec<Value> {
    fields(include_str!("../../docs/changes.schema.json"))
}

fn of_restore_artifacts() -> Vec<Value> {
    fields(include_str!("../../docs/restore-artifacts.schema.json"))
}

/// A member of each field.
fn each<'f>(fields: &'f [Value], member: &str) -> Vec<&'f str> {
    fields.iter().map(|field| field[member].as_str().unwrap_or_default()).collect()
}

/// The fields that hold nothing but certain words, each with them.
fn enums(fields: &[Value]) -> Vec<(&str, Vec<&str>)> {
    let mut found = Vec::new();
    for field in fields {
        if let (Some(name), Some(words)) = (field["name"].as_str(), field["constraints"]["enum"].as_array()) {
            found.push((name, words.iter().filter_map(Value::as_str).collect()));
        }
    }
    found
}

#[test]
fn the_schemas_have_the_columns_in_their_order_under_the_heads_of_the_workbook() {
    let (changes, artifacts) = (of_changes(), of_restore_artifacts());
    assert_eq!(each(&changes, "name"), Column::ALL.map(|column| column.name));
    assert_eq!(each(&changes, "title"), COLUMN_HEADS.map(|(_, head)| head));
    assert_eq!(each(&artifacts, "name"), FIELDS.map(|(name, _)| name));
    assert_eq!(each(&artifacts, "title"), RESTORE_HEADS.map(|(_, head)| head));
}

#[test]
fn the_words_that_the_schemas_list_are_those_of_the_program() {
    let rows = [SinceBackup::Added, SinceBackup::Removed, SinceBackup::Modified, SinceBackup::Unknown];
    // Of the words that objects have, the others are those of rows, too.
    let objects = [ObjectSinceBackup::Deleted, ObjectSinceBackup::CreatedOrRestored];
    let since = [&rows.map(SinceBackup::as_str)[..], &objects.map(ObjectSinceBackup::as_str)].concat();
    let outcomes = [Outcome::Planned, Outcome::Failed, Outcome::NotReportedFailed, Outcome::Unknown];
    let types = vec!["missing", "null", "string", "number", "boolean", "object", "array", "link"];
    let expected = vec![
        ("function", Function::ALL.map(Function::as_str).to_vec()),
        ("kind", [RowKind::Property, RowKind::Link].map(RowKind::as_str).to_vec()),
        ("sinceBackup", since),
        ("recoveryWill", rows.map(|row| row.recovery_will().as_str()).to_vec()),
        ("outcome", outcomes.map(Outcome::as_str).to_vec()),
        ("failureCategory", FailureCategory::ALL.map(FailureCategory::as_str).to_vec()),
        ("note", Note::ALL.map(Note::as_str).to_vec()),
        ("backupType", types.clone()),
        ("currentType", types),
    ];
    assert_eq!(enums(&of_changes()), expected);
    let kinds_of_error = [
        RestoreErrorCategory::Session,
        RestoreErrorCategory::Artifact,
        RestoreErrorCategory::ProtectionUnit,
        RestoreErrorCategory::Bulk,
        RestoreErrorCategory::Other,
    ];
    let expected = vec![("errorCategory", kinds_of_error.map(RestoreErrorCategory::as_str).to_vec())];
    assert_eq!(enums(&of_restore_artifacts()), expected);
}
