//! Out of a generated value another one: the same spelled differently, or a relative of it.

use serde_json::{Map, Value, json};

use super::generate::{GUIDS, INSTANTS, number};

/// A row of choices that never ends.
struct Choices<'c> {
    bytes: &'c [u8],
    at: usize,
}

impl Choices<'_> {
    /// One of `count` possibilities.
    fn of(&mut self, count: usize) -> usize {
        self.at += 1;
        // The step makes the choices of a second round differ from those of the first.
        (usize::from(self.bytes[self.at % self.bytes.len()]) + self.at / self.bytes.len()) % count
    }
}

/// `value` in another spelling that the contract calls equal (section 3.2).
pub(crate) fn respelled(value: &Value, choices: &[u8]) -> Value {
    respell(value, &mut Choices { bytes: choices, at: 0 })
}

fn respell(value: &Value, choices: &mut Choices<'_>) -> Value {
    match value {
        Value::Null if choices.of(2) == 0 => json!([]),
        Value::Array(elements) if elements.is_empty() && choices.of(2) == 0 => Value::Null,
        Value::Null | Value::Bool(_) => value.clone(),
        Value::Number(written) => respell_number(&written.to_string(), choices),
        Value::String(text) => respell_text(text, choices).into(),
        Value::Array(elements) => {
            let mut elements: Vec<Value> = elements.iter().map(|element| respell(element, choices)).collect();
            let turn = choices.of(elements.len().max(1));
            elements.rotate_left(turn);
            elements.into()
        }
        Value::Object(members) => respell_object(members, choices),
    }
}

fn respell_number(text: &str, choices: &mut Choices<'_>) -> Value {
    match (text.contains(['e', 'E']), choices.of(3)) {
        (true, 0) => number(&text.replace("e+", "E")),
        (false, 0) => number(&format!("{text}e0")),
        (false, 1) if text.contains('.') => number(&format!("{text}00")),
        (false, 1) => number(&format!("{text}.0")),
        _ => number(text),
    }
}

fn respell_text(text: &str, choices: &mut Choices<'_>) -> String {
    if let Some(spellings) = INSTANTS.iter().find(|spellings| spellings.contains(&text)) {
        return spellings[choices.of(spellings.len())].to_owned();
    }
    match choices.of(3) {
        0 if GUIDS.contains(&text) => text.to_uppercase(),
        1 if GUIDS.contains(&text) => text.to_lowercase(),
        _ => text.to_owned(),
    }
}

/// Members in another order, without empty ones that only the current state lacks, and with an annotation.
fn respell_object(members: &Map<String, Value>, choices: &mut Choices<'_>) -> Value {
    let mut spelled: Vec<(String, Value)> = Vec::new();
    for (key, value) in members {
        if !(is_empty(value) && choices.of(3) == 0) {
            spelled.push((key.clone(), respell(value, choices)));
        }
    }
    if choices.of(4) == 0 {
        spelled.push(("extra@odata.type".to_owned(), json!("#Collection(String)")));
    }
    let turn = choices.of(spelled.len().max(1));
    spelled.rotate_left(turn);
    Value::Object(spelled.into_iter().collect())
}

/// A relative of the object `value`: some members equal, some changed, some missing, some new.
pub(crate) fn derived(value: &Value, choices: &[u8]) -> Value {
    relative(value, &mut Choices { bytes: choices, at: 0 }, true)
}

/// A relative of `value` that has the same keys at every depth, its values and elements changed.
pub(crate) fn with_same_keys(value: &Value, choices: &[u8]) -> Value {
    relative(value, &mut Choices { bytes: choices, at: 0 }, false)
}

fn relative(value: &Value, choices: &mut Choices<'_>, other_keys: bool) -> Value {
    match value {
        Value::Object(members) => {
            let mut relatives = Map::new();
            for (key, member) in members {
                let member = match choices.of(6) {
                    0 if other_keys => continue,
                    1 if !matches!(key.as_str(), "id" | "keyId" | "resourceAppId") => {
                        replaced(member, choices)
                    }
                    2 => member.clone(),
                    _ => relative(member, choices, other_keys),
                };
                relatives.insert(key.clone(), member);
            }
            if other_keys && choices.of(3) == 0 {
                relatives.insert("onlyNow".to_owned(), json!({"a": [1, {"b": null}]}));
            }
            Value::Object(relatives)
        }
        Value::Array(elements) => {
            let mut relatives: Vec<Value> = Vec::new();
            for element in elements {
                if choices.of(4) > 0 {
                    relatives.push(relative(element, choices, other_keys));
                }
            }
            let turn = choices.of(relatives.len().max(1));
            relatives.rotate_left(turn);
            relatives.into()
        }
        other => other.clone(),
    }
}

/// Something else in the place of `value`, never an object.
fn replaced(value: &Value, choices: &mut Choices<'_>) -> Value {
    match choices.of(5) {
        0 => Value::Null,
        1 => json!([]),
        2 => json!([value]),
        3 => json!("replaced"),
        _ => json!(-1.5),
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}
