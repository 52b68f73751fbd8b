//! What PowerShell's `ConvertTo-Json` does to values inside an item (docs/service.md).

use crate::model::{Json, milliseconds_text};

/// Reads PowerShell's dates and wrappers everywhere in `value` as what they stand for: a string that is
/// wholly `/Date(ms)/` as its instant, an object with exactly the keys `value`, `DisplayHint`, `DateTime`, or
/// `value` (an array) and `Count`, as its `value` (contract, end of section 3).
pub(super) fn unwrap_values(value: &mut Json<'_>) {
    match value {
        Json::String(text) => {
            if let Some(instant) = date(text) {
                *value = Json::String(instant.into());
            }
        }
        Json::Array(elements) => elements.iter_mut().for_each(unwrap_values),
        Json::Object(object) => {
            // From the inside out: what a wrapper holds may be one, too.
            object.iter_mut().for_each(|(_, member)| unwrap_values(member));
            if let Some(inner) = wrapped(object) {
                *value = inner;
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

fn wrapped<'a>(object: &crate::model::Object<'a>) -> Option<Json<'a>> {
    let inner = object.get("value")?;
    let date = object.len() == 3 && object.get("DisplayHint").is_some() && object.get("DateTime").is_some();
    let list = object.len() == 2 && object.get("Count").is_some() && inner.as_array().is_some();
    (date || list).then(|| inner.clone())
}

/// The elements of an array that is wrapped.
pub(super) fn wrapped_list<'v, 'a>(value: &'v Json<'a>) -> Option<&'v [Json<'a>]> {
    let object = value.as_object().filter(|object| object.len() == 2 && object.get("Count").is_some())?;
    object.get("value")?.as_array()
}

fn date(text: &str) -> Option<String> {
    let inside = text.strip_prefix("/Date(")?.strip_suffix(")/")?;
    let sign = usize::from(inside.starts_with('-'));
    let digits = inside[sign..].bytes().take_while(u8::is_ascii_digit).count();
    let (milliseconds, offset) = inside.split_at(sign + digits);
    let is_offset = match offset.as_bytes() {
        [] => true,
        [b'+' | b'-', digits @ ..] => digits.len() == 4 && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    if digits == 0 || !is_offset {
        return None;
    }
    milliseconds_text(milliseconds.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unwrapped(text: &str) -> String {
        let mut value = super::super::reader::read(text).expect("JSON").value;
        unwrap_values(&mut value);
        value.to_compact()
    }

    #[test]
    fn dates_are_read_as_their_instant() {
        assert_eq!(unwrapped(r#"["\/Date(1724630400000)\/"]"#), r#"["2024-08-26T00:00:00Z"]"#);
        assert_eq!(unwrapped(r#""/Date(1724630400000+0200)/""#), r#""2024-08-26T00:00:00Z""#);
        assert_eq!(unwrapped(r#""/Date(-1)/""#), r#""1969-12-31T23:59:59.999Z""#);
        for text in [
            r#""/Date()/""#,
            r#""/Date(1)/ ""#,
            r#""/Date(1x)/""#,
            r#""/Date(99999999999999999999)/""#,
            r#""/Date(253402300800000)/""#,
        ] {
            assert_eq!(unwrapped(text), text);
        }
    }

    #[test]
    fn wrappers_are_read_as_their_value() {
        let wrapped = r#"{"a":{"value":"/Date(0)/","DisplayHint":2,"DateTime":"x"},"b":{"value":[{"value":[],"Count":0}],"Count":1}}"#;
        assert_eq!(unwrapped(wrapped), r#"{"a":"1970-01-01T00:00:00Z","b":[[]]}"#);
        for text in
            [r#"{"value":"x","Count":1}"#, r#"{"value":[],"Count":0,"x":1}"#, r#"{"value":14,"type":"days"}"#]
        {
            assert_eq!(unwrapped(text), text);
        }
    }
}
