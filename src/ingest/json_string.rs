//! What stands in strings: JSON, plain or as base64, the lines of a text, the name of a type in the place of a value.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::model::{Json, is_lost_text};

use super::neighbour::{self, GraphError};
use super::outline::{Member, Root, Span, key_text, outline};
use super::reader;

/// Whether a value is a string that stands in the place of a lost one.
pub(super) fn is_lost(value: &str) -> bool {
    let may_be = value.starts_with("\"System.") || value.starts_with("\"@{");
    let text = may_be.then(|| reader::read(value).ok()).flatten();
    text.is_some_and(|read| read.value.as_str().is_some_and(is_lost_text))
}

/// The JSON in a string of JSON, plain or as base64.
pub(super) fn json_in(string: &str) -> Option<String> {
    let Json::String(inner) = reader::read(string).ok()?.value else { return None };
    if begins_json(&inner) {
        return Some(inner.into_owned());
    }
    if !["ey", "ew", "W3", "Ww", "77u/"].iter().any(|start| inner.starts_with(start)) {
        return None;
    }
    let packed: Vec<u8> = inner.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let text = String::from_utf8(BASE64_STANDARD.decode(packed).ok()?).ok()?;
    begins_json(&text).then_some(text)
}

/// Whether a text begins like JSON that may hold a page; it may be a string once more.
fn begins_json(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.trim_start_matches(['"', '\\']).starts_with(['{', '['])
}

/// The error that a value holds, or a string in which one stands.
pub(super) fn error_in(value: &str, may_be_bare: bool) -> Option<GraphError> {
    let inner = if value.starts_with('"') { Some(json_in(value)?) } else { None };
    let read = reader::read(inner.as_deref().unwrap_or(value)).ok()?;
    let object = read.value.as_object()?;
    let error = object.get_any_case("error").and_then(neighbour::graph_error);
    error.or_else(|| neighbour::bare_error(object, true).filter(|_| may_be_bare))
}

/// A line of a text as an element: a string, or the object that `Get-Content` makes of one.
pub(super) fn line(text: &str, element: &Span) -> Option<String> {
    let string = match outline(text, element.start).root {
        Root::Scalar => element.clone(),
        Root::Object(members) => {
            let of = |name: &str| members.iter().find(|member| key_text(text, member) == name);
            of("PSPath").and(of("value"))?.value.clone()
        }
        Root::Array(_) => return None,
    };
    match reader::read(&text[string]).ok()?.value {
        Json::String(line) => Some(line.into_owned()),
        _ => None,
    }
}

/// The JSON whose bytes are the numbers of `{"type":"Buffer","data":[…]}`, as Node.js writes them.
pub(super) fn bytes_of_a_buffer(text: &str, members: &[Member]) -> Option<String> {
    let of = |name: &str| members.iter().find(|member| key_text(text, member) == name);
    of("type").filter(|kind| &text[kind.value.clone()] == "\"Buffer\"")?;
    let bytes = of("data")?.elements.as_ref()?.iter().map(|byte| text[byte.clone()].parse().ok());
    String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok().filter(|content| begins_json(content))
}
