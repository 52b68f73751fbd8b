//! What shells and SDKs make of the keys and values of a page.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{Files, Page, pages, together};

pub(super) fn wrapped() -> Files {
    let pages: Vec<Value> = pages().iter().map(Page::value).collect();
    together("all.json", json!({"Count": pages.len(), "value": pages}).to_string())
}

/// Two spaces behind the colon, children below the value, characters of HTML escaped, times in milliseconds.
pub(crate) fn windows_powershell(page: &Page) -> Vec<u8> {
    let mut text = String::new();
    spelled(&page.value(), 0, &mut text);
    let mut escaped = String::new();
    for character in text.replace('\n', "\r\n").chars() {
        match character {
            '<' | '>' | '&' | '\'' => write!(escaped, "\\u{:04x}", u32::from(character)).expect("memory"),
            other => escaped.push(other),
        }
    }
    escaped.into_bytes()
}

fn spelled(value: &Value, column: usize, out: &mut String) {
    let pad = |out: &mut String, column: usize| write!(out, "\n{:column$}", "").expect("memory");
    match value {
        Value::Object(members) => {
            out.push('{');
            for (number, (key, member)) in members.iter().enumerate() {
                out.push_str(if number > 0 { "," } else { "" });
                pad(out, column + 4);
                let key = format!("{}:  ", json!(key));
                out.push_str(&key);
                spelled(member, column + 4 + key.chars().count(), out);
            }
            pad(out, column);
            out.push('}');
        }
        Value::Array(elements) => {
            out.push('[');
            for (number, element) in elements.iter().enumerate() {
                out.push_str(if number > 0 { "," } else { "" });
                pad(out, column + 4);
                spelled(element, column + 4, out);
            }
            pad(out, column);
            out.push(']');
        }
        Value::String(text) => match milliseconds(text) {
            Some(milliseconds) => write!(out, "\"\\/Date({milliseconds})\\/\"").expect("memory"),
            None => out.push_str(&value.to_string()),
        },
        other => out.push_str(&other.to_string()),
    }
}

/// A whole second of UTC in milliseconds since 1970.
fn milliseconds(text: &str) -> Option<i64> {
    let parsed: jiff::Timestamp =
        text.strip_suffix('Z').filter(|rest| rest.len() == 19).and(text.parse().ok())?;
    Some(parsed.as_millisecond())
}

fn pascal(key: &str) -> String {
    let (first, rest) = key.split_at(1);
    first.to_ascii_uppercase() + rest
}

const DYNAMIC: [&str; 2] = ["deltaFromCurrent", "currentState"];

const ACTIONS: [&str; 3] = ["softDelete", "update", "restore"];

/// Items whose dynamic members are in a bag, their other keys as `name` spells them.
fn with_bag(
    page: &Page,
    bag: &str,
    name: impl Fn(&str) -> String,
    word: impl Fn(&str, &Value) -> Value,
) -> Vec<Value> {
    let page = page.value();
    let item = |item: &Value| {
        let item = item.as_object().expect("an item");
        let mut own = Map::new();
        let mut dynamic = Map::new();
        for (key, value) in item {
            if DYNAMIC.contains(&key.as_str()) {
                dynamic.insert(key.clone(), value.clone());
            } else {
                own.insert(name(key), word(key, value));
            }
        }
        own.insert(bag.to_owned(), Value::Object(dynamic));
        Value::Object(own)
    };
    page["value"].as_array().expect("items").iter().map(item).collect()
}

pub(super) fn pascal_case(page: &Page) -> Vec<u8> {
    let envelope = page.value();
    let word = |key: &str, value: &Value| match (key, value.as_str()) {
        ("recoveryAction", Some(word)) => json!(ACTIONS.iter().position(|action| *action == word)),
        ("entityTypeName", Some(word)) => json!(pascal(word)),
        _ => value.clone(),
    };
    let mut members = Map::new();
    members.insert("OdataCount".to_owned(), envelope["@odata.count"].clone());
    members.insert("OdataNextLink".to_owned(), envelope["@odata.nextLink"].clone());
    members.insert("Value".to_owned(), json!(with_bag(page, "AdditionalProperties", pascal, word)));
    members.insert("AdditionalProperties".to_owned(), json!({"@odata.context": envelope["@odata.context"]}));
    Value::Object(members).to_string().into_bytes()
}

pub(super) fn kiota(page: &Page) -> Vec<u8> {
    let mut envelope = page.value();
    envelope["value"] = json!(with_bag(page, "additionalData", str::to_owned, |_, value| value.clone()));
    envelope["backingStore"] = Value::Null;
    envelope.to_string().into_bytes()
}

pub(super) fn python(page: &Page) -> Vec<u8> {
    let envelope = page.value();
    let snake = |key: &str| {
        key.chars().fold(String::new(), |text, c| {
            if c.is_ascii_uppercase() {
                format!("{text}_{}", c.to_ascii_lowercase())
            } else {
                format!("{text}{c}")
            }
        })
    };
    let items = with_bag(page, "additional_data", snake, |_, value| value.clone());
    json!({
        "additional_data": {"@odata.context": envelope["@odata.context"]},
        "odata_count": envelope["@odata.count"],
        "odata_next_link": envelope["@odata.nextLink"],
        "value": items,
    })
    .to_string()
    .into_bytes()
}

/// `value` with every key as `name` spells it.
fn each_key(value: &Value, name: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::Object(members) => {
            let members: Map<String, Value> =
                members.iter().map(|(key, member)| (name(key), each_key(member, name))).collect();
            Value::Object(members)
        }
        Value::Array(elements) => elements.iter().map(|element| each_key(element, name)).collect(),
        other => other.clone(),
    }
}

pub(super) fn short_keys(page: &Page) -> Vec<u8> {
    each_key(&page.value(), &|key| key.replace("@odata.", "@")).to_string().into_bytes()
}

pub(super) fn odata_delta(page: &Page) -> Vec<u8> {
    each_key(&page.value(), &|key| key.replace("@delta", "@odata.delta")).to_string().into_bytes()
}

pub(super) fn sorted(page: &Page) -> Vec<u8> {
    let mut value = page.value();
    value.sort_all_objects();
    serde_json::to_vec_pretty(&value).expect("JSON")
}

pub(super) fn reversed(page: &Page) -> Vec<u8> {
    fn back_to_front(value: &Value) -> Value {
        match value {
            Value::Object(members) => Value::Object(
                members.iter().rev().map(|(key, member)| (key.clone(), back_to_front(member))).collect(),
            ),
            Value::Array(elements) => elements.iter().map(back_to_front).collect(),
            other => other.clone(),
        }
    }
    back_to_front(&page.value()).to_string().into_bytes()
}
