//! Laws of one item: its rows, and how they are counted.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use entra_diff::model::{Note, RowKind, SinceBackup};
use entra_diff::{diff, ingest, render};

use super::derive::{respelled, with_same_keys};
use super::generate::{self, Spice, any_item, item, object};

/// The rows of an item as the contract's JSON.
fn rows(text: &str) -> Vec<Value> {
    let record = ingest::read_record(text).expect("an item").record;
    let mut out = Vec::new();
    render::write_rows(&diff::changes(&record).rows, &mut out);
    serde_json::from_slice(&out).expect("rows are JSON")
}

fn unchanged(text: &str) -> u32 {
    diff::changes(&ingest::read_record(text).expect("an item").record).tally.unchanged
}

/// How many values are compared where an object is compared with itself: each member that is neither an
/// object nor a paired array is one.
fn compared(members: &Map<String, Value>) -> u32 {
    let of_member = |(key, value): (&String, &Value)| match value {
        _ if key.contains('@') => 0,
        Value::Object(members) => compared(members),
        Value::Array(elements) if is_keyed(elements) => {
            elements.iter().filter_map(Value::as_object).map(compared).sum()
        }
        _ => 1,
    };
    members.iter().map(of_member).sum()
}

/// Whether one of the three members is a text in every element, and unique among them.
fn is_keyed(elements: &[Value]) -> bool {
    let folded = |text: &str| {
        let instant = generate::INSTANTS.iter().find(|spellings| spellings.contains(&text));
        let guid = generate::GUIDS.contains(&text).then(|| text.to_lowercase());
        instant.map(|spellings| spellings[0].to_owned()).or(guid).unwrap_or_else(|| text.to_owned())
    };
    !elements.is_empty()
        && ["id", "keyId", "resourceAppId"].iter().any(|name| {
            let ids: Option<Vec<String>> =
                elements.iter().map(|element| element.get(name)?.as_str().map(folded)).collect();
            ids.is_some_and(|mut ids| {
                ids.sort();
                ids.windows(2).all(|pair| pair[0] != pair[1])
            })
        })
}

/// A row told in the other direction.
fn mirrored(row: &Value) -> Value {
    let turn = |word: &Value| match word.as_str() {
        Some("added") => "removed",
        Some("removed") => "added",
        Some("add") => "remove",
        Some("remove") => "add",
        Some("modified") => "modified",
        other => other.map_or("", |_| "revert"),
    };
    let mut mirror = Map::new();
    for (key, value) in row.as_object().expect("a row is an object") {
        let (key, value) = match key.as_str() {
            "current" => ("backup", value.clone()),
            "backup" => ("current", value.clone()),
            "itemsAdded" => ("itemsRemoved", value.clone()),
            "itemsRemoved" => ("itemsAdded", value.clone()),
            "sinceBackup" | "recoveryWill" => (key.as_str(), turn(value).into()),
            other => (other, value.clone()),
        };
        mirror.insert(key.to_owned(), value);
    }
    Value::Object(mirror)
}

fn sorted(mut rows: Vec<Value>) -> Vec<Value> {
    rows.iter_mut().for_each(Value::sort_all_objects);
    rows.sort_by_key(Value::to_string);
    rows
}

proptest! {
    #[test]
    fn plain_values_against_themselves_have_no_rows_and_all_count_as_unchanged(side in object(Spice::NONE, 3)) {
        let text = item("update", Some(&side), Some(&side));
        prop_assert_eq!(rows(&text), Vec::<Value>::new());
        prop_assert_eq!(unchanged(&text), compared(side.as_object().expect("an object")));
    }

    #[test]
    fn plain_values_in_another_spelling_have_no_rows_either(side in object(Spice::NONE, 3), choices: [u8; 16]) {
        let text = item("update", Some(&side), Some(&respelled(&side, &choices)));
        prop_assert_eq!(rows(&text), Vec::<Value>::new());
        prop_assert_eq!(unchanged(&text), compared(side.as_object().expect("an object")));
    }

    /// Links are told by the backup side alone, and a text that stands for something lost is never equal
    /// to anything: of a value against itself there are no other rows than theirs.
    #[test]
    fn any_value_against_itself_has_only_links_and_lost_evidence(side in object(Spice::ALL, 3)) {
        let text = item("update", Some(&side), Some(&side));
        let record = ingest::read_record(&text).expect("an item").record;
        for row in diff::changes(&record).rows {
            let is_lost = row.since_backup == SinceBackup::Unknown
                && matches!(row.note, Some(Note::LostEvidence | Note::Redacted));
            prop_assert!(row.kind == RowKind::Link || is_lost, "{:?}", row);
        }
    }

    #[test]
    fn exchanging_the_sides_mirrors_every_row(side in object(Spice::NONE, 3), choices: [u8; 16]) {
        let other = with_same_keys(&side, &choices);
        let there = rows(&item("update", Some(&side), Some(&other)));
        let back = rows(&item("update", Some(&other), Some(&side)));
        prop_assert_eq!(sorted(there.iter().map(mirrored).collect()), sorted(back));
    }

    #[test]
    fn what_recovery_will_do_mirrors_what_happened(item in any_item()) {
        for row in rows(&item.to_string()) {
            let will = match row["sinceBackup"].as_str() {
                Some("added") => "remove",
                Some("removed") => "add",
                Some("modified") => "revert",
                _ => "unknown",
            };
            prop_assert_eq!(&row["recoveryWill"], will);
        }
    }

    #[test]
    fn a_tally_counts_the_rows_without_making_them(item in any_item()) {
        let text = item.to_string();
        let record = ingest::read_record(&text).expect("an item").record;
        let changes = diff::changes(&record);
        let tally = diff::extent(&record).tally;
        prop_assert_eq!(tally, changes.tally);
        let count = |kind| changes.rows.iter().filter(|row| row.kind == kind).count();
        prop_assert_eq!(tally.property_rows as usize, count(RowKind::Property));
        prop_assert_eq!(tally.link_rows as usize, count(RowKind::Link));
        prop_assert_eq!(tally.table_rows(), changes.rows.len().max(1) as u64);
        let noted = |note| changes.rows.iter().filter(|row| row.note == Some(note)).count();
        let lost = noted(Note::LostEvidence)..=noted(Note::LostEvidence) + noted(Note::Redacted);
        prop_assert!(lost.contains(&(tally.lost_rows as usize)));
    }

    /// Sections 3.1, 3.3 and 3.6: which parts a row has.
    #[test]
    fn every_row_has_the_sides_its_direction_tells_of(item in any_item()) {
        for row in rows(&item.to_string()) {
            let is_empty = |side: &str| row.get(side).is_none_or(|value| value.is_null() || *value == json!([]));
            let sides = (is_empty("backup"), is_empty("current"));
            match row["sinceBackup"].as_str() {
                Some("added") => prop_assert_eq!(sides, (true, false), "{}", row),
                Some("removed") => prop_assert_eq!(sides, (false, true), "{}", row),
                Some("modified") => prop_assert_eq!(sides, (false, false), "{}", row),
                _ => prop_assert!(row.get("note").is_some() && row.get("itemsAdded").is_none(), "{}", row),
            }
            prop_assert_eq!(row.get("itemsAdded").is_some(), row.get("itemsRemoved").is_some(), "{}", row);
        }
    }
}
