//! The RFC 6902 patch of an item: the only place that knows `json_patch` (contract, section 8).
//!
//! It turns `currentState` into `currentState` with the properties of `deltaFromCurrent` written over it.
//! It is evidence to be replayed, not a request to send to Graph.

use json_patch::{AddOperation, PatchOperation, ReplaceOperation};
use serde_json::{Map, Number, Value};

use crate::model::{Json, KeyIndex, Object, Record};

use super::lost;
use super::secret::{Below, REDACTED};

/// The patch of `record` as compact JSON; `None` where a side is missing or lost. Operations whose path or
/// value holds a secret carry `[redacted]` in its place.
///
/// # Panics
/// Never: a patch is made of JSON values, which serialize.
#[must_use]
pub fn patch(record: &Record<'_>) -> Option<String> {
    let (delta, current) = (record.delta.as_object()?, record.current.as_object()?);
    let (from, to) = differing(current, delta);
    let mut patch = json_patch::diff(&Value::Object(from), &Value::Object(to));
    for operation in &mut patch.0 {
        if let PatchOperation::Add(AddOperation { path, value })
        | PatchOperation::Replace(ReplaceOperation { path, value }) = operation
        {
            mask_operation(
                &path.tokens().map(|token| token.decoded().into_owned()).collect::<Vec<_>>(),
                value,
            );
        }
    }
    Some(serde_json::to_string(&patch).expect("a patch is made of JSON values"))
}

/// Those members of both sides that writing `delta` over `current` changes, so that only they are compared.
fn differing(current: &Object<'_>, delta: &Object<'_>) -> (Map<String, Value>, Map<String, Value>) {
    let (mut from, mut to) = (Map::new(), Map::new());
    let index = KeyIndex::new(current);
    for (key, value) in delta.iter().filter(|(key, _)| !key.contains('@')) {
        match (index.get(key), value) {
            (Some(Json::Object(current)), Json::Object(delta)) => {
                let (inner_from, inner_to) = differing(current, delta);
                from.insert(key.to_string(), Value::Object(inner_from));
                to.insert(key.to_string(), Value::Object(inner_to));
            }
            (now, _) => {
                let (now, then) = (now.map(as_received), written(value));
                if now.as_ref() == Some(&then) {
                    continue;
                }
                if let Some(now) = now {
                    from.insert(key.to_string(), now);
                }
                to.insert(key.to_string(), then);
            }
        }
    }
    (from, to)
}

/// A value of the current state, all of it.
fn as_received(value: &Json<'_>) -> Value {
    to_value(value, &|_| true)
}

/// A value of the backup as it would be written: annotations and link collections left out at every depth.
fn written(value: &Json<'_>) -> Value {
    to_value(value, &|key| !key.contains('@'))
}

fn to_value(value: &Json<'_>, keep: &dyn Fn(&str) -> bool) -> Value {
    match value {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(text) => Value::Number(Number::from_string_unchecked((*text).to_owned())),
        Json::String(text) => Value::String(text.clone().into_owned()),
        Json::Array(elements) => Value::Array(elements.iter().map(|one| to_value(one, keep)).collect()),
        Json::Object(object) => Value::Object(
            object
                .iter()
                .filter(|(key, _)| keep(key))
                .map(|(key, member)| (key.to_string(), to_value(member, keep)))
                .collect(),
        ),
    }
}

/// Masks what a secret is in the value that an operation writes at the path of `tokens`.
fn mask_operation(tokens: &[String], value: &mut Value) {
    let (mut below, mut secret) = (Below::default(), false);
    for token in tokens {
        secret |= below.is_secret(token);
        below = below.enter(token);
    }
    if secret && !is_empty(value) {
        *value = Value::from(REDACTED);
    } else {
        mask(value, below, tokens.last().map(String::as_str));
    }
}

fn mask(value: &mut Value, below: Below, key: Option<&str>) {
    match value {
        Value::String(text) if lost::is_lost_string(text, key) && below.hides_lost_text(text) => {
            *value = Value::from(REDACTED);
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| mask(element, below, None)),
        Value::Object(members) => {
            for (key, member) in members {
                if !below.is_secret(key) {
                    let name = lost::link_collection(key).unwrap_or(key);
                    mask(member, below.enter(name), Some(key));
                } else if !is_empty(member) {
                    *member = Value::from(REDACTED);
                }
            }
        }
        _ => {}
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}
