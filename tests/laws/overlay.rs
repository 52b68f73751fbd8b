//! The patch applied to the current state gives the overlay of the contract's section 8.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use entra_diff::{diff, ingest};

use super::derive::derived;
use super::generate::{Spice, item, object};

/// `current` with the members of `delta` written over it: nested objects merged key by key, everything else
/// replaced, annotations and link collections left out at every depth.
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

/// `value` with every secret that is not empty masked, wherever it stands.
fn masked(value: &Value, holder: Option<&str>) -> Value {
    match value {
        Value::Array(elements) => elements.iter().map(|element| masked(element, holder)).collect(),
        Value::Object(members) => {
            let mask = |(key, member): (&String, &Value)| {
                let lower = key.to_lowercase();
                let is_secret = matches!(
                    (lower.as_str(), holder),
                    ("password" | "secrettext", _)
                        | ("key", Some("keycredentials"))
                        | ("hint", Some("passwordcredentials"))
                );
                let holds = matches!(lower.as_str(), "keycredentials" | "passwordcredentials");
                let member = match member {
                    Value::Null => Value::Null,
                    Value::Array(elements) if elements.is_empty() => json!([]),
                    _ if is_secret => json!("[redacted]"),
                    other => masked(other, if holds { Some(&lower) } else { holder }),
                };
                (key.clone(), member)
            };
            members.iter().map(mask).collect()
        }
        other => other.clone(),
    }
}

/// The current state after the item's patch, and the overlay it should be.
fn patched(delta: &Value, current: &Value) -> (Value, Value) {
    let text = item("update", Some(delta), Some(current));
    let record = ingest::read_record(&text).expect("an item").record;
    let patch = diff::patch(&record).expect("both sides are there");
    let patch: json_patch::Patch = serde_json::from_str(&patch).expect("a patch of RFC 6902");
    let mut result = current.clone();
    json_patch::patch(&mut result, &patch).unwrap_or_else(|error| panic!("{patch} does not apply: {error}"));
    let (Value::Object(delta), Value::Object(current)) = (delta, current) else {
        panic!("sides are objects")
    };
    (result, overlay(current, delta))
}

fn patch_of(delta: &str, current: &str) -> String {
    let item = format!(r#"{{"deltaFromCurrent":{delta},"currentState":{current}}}"#);
    let record = ingest::read_record(&item).expect("an item").record;
    diff::patch(&record).expect("both sides are there")
}

#[test]
fn an_array_is_replaced_as_a_whole() {
    let patch = patch_of(r#"{"a":{"b":["x","z"],"c":1}}"#, r#"{"a":{"b":["x","y","z"],"c":1},"d":2}"#);
    assert_eq!(patch, r#"[{"op":"replace","path":"/a/b","value":["x","z"]}]"#);
}

#[test]
fn a_patch_is_no_longer_than_what_it_writes_and_its_paths() {
    let key = "k".repeat(10_000);
    let (old, new) = (vec!["1"; 10_000].join(","), vec!["2"; 10_000].join(","));
    let patch = patch_of(&format!(r#"{{"{key}":[{new}]}}"#), &format!(r#"{{"{key}":[{old}]}}"#));
    assert!(patch.len() < key.len() + new.len() + 100, "{}", patch.len());
}

proptest! {
    #[test]
    fn the_patch_gives_the_overlay(
        delta in object(Spice { links: true, lost: true, secrets: false }, 3),
        other in object(Spice { links: true, lost: true, secrets: false }, 2),
        choices: [u8; 16],
    ) {
        for current in [derived(&delta, &choices), other] {
            let (found, expected) = patched(&delta, &current);
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn the_patch_gives_the_overlay_but_for_the_secrets(
        delta in object(Spice { links: true, lost: false, secrets: true }, 3),
        choices: [u8; 16],
    ) {
        let (found, expected) = patched(&delta, &derived(&delta, &choices));
        prop_assert_eq!(masked(&found, None), masked(&expected, None));
    }

    #[test]
    fn a_side_that_is_missing_or_lost_has_no_patch(side in object(Spice::ALL, 2)) {
        let (null, lost) = (Value::Null, json!("System.Collections.Hashtable"));
        for gone in [None, Some(&null), Some(&lost)] {
            for text in [item("update", gone, Some(&side)), item("update", Some(&side), gone)] {
                let record = ingest::read_record(&text).expect("an item").record;
                prop_assert_eq!(diff::patch(&record), None);
            }
        }
    }
}
