//! The RFC 6902 patch of an item: the only place that knows `json_patch` (contract, section 8).
//!
//! It turns `currentState` into `currentState` with the properties of `deltaFromCurrent` written over it: objects member by
//! member, everything else as a whole, an array too, so that a patch is no longer than what it writes and its paths.
//! It is evidence to be replayed, not a request to send to Graph.

use json_patch::jsonptr::PointerBuf;
use json_patch::{AddOperation, Patch, PatchOperation, ReplaceOperation};
use serde_json::{Number, Value};

use crate::model::{Json, KeyIndex, Object, REDACTED, Record};

use super::lost;
use super::secret::Below;

/// The patch of `record` as compact JSON; `None` where a side is missing or lost. Operations whose path or
/// value holds a secret carry `[redacted]` in its place.
///
/// # Panics
/// Never: a patch is made of JSON values, which serialize.
#[must_use]
pub fn patch(record: &Record<'_>) -> Option<String> {
    let (delta, current) = (record.delta.as_object()?, record.current.as_object()?);
    let mut overlay = Overlay::default();
    overlay.write(current, delta, Below::default(), false);
    Some(serde_json::to_string(&overlay.patch).expect("a patch is made of JSON values"))
}

/// The operations that write one object over another, while they are found.
#[derive(Default)]
struct Overlay {
    patch: Patch,
    /// Where the objects stand that are looked at now.
    path: PointerBuf,
}

impl Overlay {
    /// Writes the members of `delta` over `current`. `below` is where both stand, `secret` whether a key above them names
    /// a secret.
    fn write(&mut self, current: &Object<'_>, delta: &Object<'_>, below: Below, secret: bool) {
        let index = KeyIndex::new(current);
        for (key, value) in delta.iter().filter(|(key, _)| !key.contains('@')) {
            let (now, below, secret) = (index.get(key), below.enter(key), secret || below.is_secret(key));
            self.path.push_back(key.as_ref());
            match (now, value) {
                (Some(Json::Object(current)), Json::Object(delta)) => {
                    self.write(current, delta, below, secret);
                }
                _ => self.write_value(now, value, below, secret),
            }
            self.path.pop_back();
        }
    }

    fn write_value(&mut self, now: Option<&Json<'_>>, value: &Json<'_>, below: Below, secret: bool) {
        let mut value = written(value);
        if now.is_some_and(|now| as_received(now) == value) {
            return;
        }
        if secret && !is_empty(&value) {
            value = Value::from(REDACTED);
        } else {
            let key = self.path.back().map(|token| token.decoded().into_owned());
            mask(&mut value, below, key.as_deref());
        }
        let path = self.path.clone();
        self.patch.0.push(match now {
            Some(_) => PatchOperation::Replace(ReplaceOperation { path, value }),
            None => PatchOperation::Add(AddOperation { path, value }),
        });
    }
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
