//! `changes.ndjson`: one object change a line, with its patch; nothing is cut (contract, section 8).

use crate::model::{CollectionItems, FailureCategory, Json, ObjectChange, Row, write_elements, write_string};
use crate::report::ObjectView;

use super::count::RowCounts;

/// Appends `object` as a line, and counts it with its rows.
pub(super) fn write_object(object: &ObjectView<'_>, out: &mut Vec<u8>, counts: &mut RowCounts) {
    out.push(b'{');
    write_fields(&object.change, out, counts);
    out.extend_from_slice(b",\"patch\":");
    out.extend_from_slice(object.patch().as_deref().unwrap_or("null").as_bytes());
    out.extend_from_slice(b"}\n");
    counts.object();
}

fn write_fields(change: &ObjectChange<'_>, out: &mut Vec<u8>, counts: &mut RowCounts) {
    write_member("function", Some(change.function.as_str()), out);
    write_member("snapshotId", change.snapshot_id, out);
    write_member("jobId", change.job_id, out);
    write_member("snapshotDateTime", change.snapshot_date_time, out);
    write_member("recoveryAction", change.recovery_action.as_str(), out);
    write_member("sinceBackup", Some(change.since_backup.as_str()), out);
    write_member("entityTypeName", Some(change.entity_type.as_str()), out);
    write_member("id", Some(&change.id), out);
    write_member("displayName", change.display_name.as_deref(), out);
    write_name("onPremisesSynced", out);
    Json::Bool(change.on_premises_synced).write_to(out);
    write_member("outcome", Some(change.outcome.as_str()), out);
    write_name("failureMessage", out);
    change.failure_message.as_ref().unwrap_or(&Json::Null).write_to(out);
    write_member("failureCategory", change.failure_category.map(FailureCategory::as_str), out);
    write_member("removedReason", change.removed_reason.as_deref(), out);
    write_name("changes", out);
    write_counted(&change.changes, out, counts);
    write_name("unchanged", out);
    out.extend_from_slice(change.unchanged.to_string().as_bytes());
    write_member("source", Some(&change.source), out);
}

/// Appends `rows` as the contract's JSON array: a side that has no value is left out, null stays null.
pub fn write_rows(rows: &[Row<'_>], out: &mut Vec<u8>) {
    write_counted(rows, out, &mut RowCounts::default());
}

fn write_counted(rows: &[Row<'_>], out: &mut Vec<u8>, counts: &mut RowCounts) {
    out.push(b'[');
    for (position, row) in rows.iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        write_row(row, out);
        counts.row(Some(row));
    }
    out.push(b']');
}

fn write_row(row: &Row<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"kind\":\"");
    out.extend_from_slice(row.kind.as_str().as_bytes());
    out.extend_from_slice(b"\",\"property\":");
    write_string(&row.property, out);
    for (name, word) in [
        ("sinceBackup", row.since_backup.as_str()),
        ("recoveryWill", row.since_backup.recovery_will().as_str()),
    ] {
        write_name(name, out);
        write_string(word, out);
    }
    for (name, side) in [("current", &row.current), ("backup", &row.backup)] {
        if let Some(value) = side {
            write_name(name, out);
            value.write_to(out);
        }
    }
    if let Some(CollectionItems { added, removed }) = &row.items {
        write_items("itemsAdded", added, out);
        write_items("itemsRemoved", removed, out);
    }
    if let Some(note) = row.note {
        write_name("note", out);
        write_string(note.as_str(), out);
    }
    out.push(b'}');
}

fn write_items(name: &str, items: &[Json<'_>], out: &mut Vec<u8>) {
    write_name(name, out);
    write_elements(items, out);
}

/// Appends a member whose value is a text, or null.
pub(super) fn write_member(name: &str, text: Option<&str>, out: &mut Vec<u8>) {
    write_name(name, out);
    match text {
        Some(text) => write_string(text, out),
        None => out.extend_from_slice(b"null"),
    }
}

/// Appends a member whose value is a number, as it is written.
pub(super) fn write_number(name: &str, digits: &str, out: &mut Vec<u8>) {
    write_name(name, out);
    out.extend_from_slice(digits.as_bytes());
}

/// Appends a member's name and colon, and the comma before it unless it is the first.
fn write_name(name: &str, out: &mut Vec<u8>) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}
