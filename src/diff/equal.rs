//! When two values are the same (contract, section 3.2).
//!
//! Equality is decided two ways that must agree: value by value where that is direct, and by a canonical
//! text, equal exactly for equal values, where elements of unordered collections have to be matched
//! without comparing each with each.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::model::{CollectionItems, Instant, Json, KeyIndex, Object};

use super::lost::is_annotation;

/// Whether two sides are the same; a side that is missing is one of the empty values.
pub(super) fn same(a: Option<&Json<'_>>, b: Option<&Json<'_>>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(one), None) | (None, Some(one)) => one.is_empty(),
        (Some(a), Some(b)) => same_value(a, b),
    }
}

fn same_value(a: &Json<'_>, b: &Json<'_>) -> bool {
    match (a, b) {
        (Json::Bool(a), Json::Bool(b)) => a == b,
        (Json::Number(a), Json::Number(b)) => a == b || Number::parse(a) == Number::parse(b),
        (Json::String(a), Json::String(b)) => a == b || canonical_text(a) == canonical_text(b),
        (Json::Object(a), Json::Object(b)) => same_object(a, b),
        (Json::Array(a), Json::Array(b)) => same_elements(a, b),
        _ => a.is_empty() && b.is_empty(),
    }
}

fn same_object(a: &Object<'_>, b: &Object<'_>) -> bool {
    let index = KeyIndex::new(b);
    let counts = |object: &Object<'_>| object.iter().filter(|(key, value)| has_weight(key, value)).count();
    counts(a) == counts(b)
        && a.iter()
            .filter(|(key, value)| has_weight(key, value))
            .all(|(key, value)| index.get(key).is_some_and(|other| same_value(value, other)))
}

fn has_weight(key: &str, value: &Json<'_>) -> bool {
    !value.is_empty() && !is_annotation(key)
}

/// Whether two arrays are equal as multisets.
pub(super) fn same_elements(a: &[Json<'_>], b: &[Json<'_>]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let are_scalars =
        |side: &[Json<'_>]| side.iter().all(|one| one.as_array().is_none() && one.as_object().is_none());
    if are_scalars(a) && a.iter().zip(b).all(|(a, b)| same_value(a, b)) {
        return true;
    }
    // Not pair by pair: each level of nesting would double the work of the one below.
    sorted(a) == sorted(b)
}

/// Up to so many pairs, comparing each with each costs less than canonical texts.
const FEW_PAIRS: usize = 64;

/// What `current` has more and less than `backup`, as multisets in source order: taking away takes the
/// first equal element for each.
pub(super) fn difference<'a>(backup: &[Json<'a>], current: &[Json<'a>]) -> CollectionItems<'a> {
    if backup.len() * current.len() <= FEW_PAIRS {
        return CollectionItems { added: minus_few(current, backup), removed: minus_few(backup, current) };
    }
    let (of_backup, of_current) = (canonicals(backup), canonicals(current));
    CollectionItems {
        added: minus(current, &of_current, &of_backup),
        removed: minus(backup, &of_backup, &of_current),
    }
}

/// The same as [`minus`], comparing each with each.
fn minus_few<'a>(elements: &[Json<'a>], taken: &[Json<'a>]) -> Vec<Json<'a>> {
    let mut left: Vec<&Json<'a>> = taken.iter().collect();
    let mut rest = Vec::new();
    for element in elements {
        match left.iter().position(|other| same_value(element, other)) {
            Some(found) => drop(left.swap_remove(found)),
            None => rest.push(element.clone()),
        }
    }
    rest
}

fn minus<'a>(elements: &[Json<'a>], texts: &[Vec<u8>], taken: &[Vec<u8>]) -> Vec<Json<'a>> {
    let mut left: HashMap<&[u8], usize> = HashMap::with_capacity(taken.len());
    for text in taken {
        *left.entry(text).or_default() += 1;
    }
    let mut rest = Vec::new();
    for (element, text) in elements.iter().zip(texts) {
        match left.get_mut(text.as_slice()) {
            Some(count) if *count > 0 => *count -= 1,
            _ => rest.push(element.clone()),
        }
    }
    rest
}

fn canonicals(elements: &[Json<'_>]) -> Vec<Vec<u8>> {
    elements
        .iter()
        .map(|element| {
            let mut text = Vec::new();
            canonical(element, &mut text);
            text
        })
        .collect()
}

fn sorted(elements: &[Json<'_>]) -> Vec<Vec<u8>> {
    let mut texts = canonicals(elements);
    texts.sort_unstable();
    texts
}

/// Appends the canonical text of `value`.
fn canonical(value: &Json<'_>, out: &mut Vec<u8>) {
    match value {
        Json::Null => out.extend_from_slice(b"null"),
        Json::Bool(_) => value.write_to(out),
        Json::Number(text) => match Number::parse(text) {
            Number::Decimal { negative, digits, exponent } => {
                let sign = if negative { "-" } else { "" };
                out.extend_from_slice(format!("#{sign}{digits}e{exponent}").as_bytes());
            }
            Number::Beyond(text) => out.extend_from_slice(text.as_bytes()),
        },
        Json::String(text) => Json::String(canonical_text(text)).write_to(out),
        Json::Array(elements) if elements.is_empty() => out.extend_from_slice(b"null"),
        Json::Array(elements) => {
            out.push(b'[');
            for text in sorted(elements) {
                out.extend_from_slice(&text);
                out.push(b',');
            }
            out.push(b']');
        }
        Json::Object(object) => {
            let mut members: Vec<_> = object.iter().filter(|(key, value)| has_weight(key, value)).collect();
            members.sort_unstable_by(|a, b| a.0.cmp(b.0));
            out.push(b'{');
            for (key, member) in members {
                Json::String(Cow::Borrowed(key)).write_to(out);
                canonical(member, out);
                out.push(b',');
            }
            out.push(b'}');
        }
    }
}

/// The text that is equal exactly for equal strings: of a timestamp its instant, of a GUID its lower case,
/// of anything else the text itself. No text can pass for another's canonical form: the first two begin
/// with a character that marks them, and a text that begins with a mark is marked, too.
pub(super) fn canonical_text(text: &str) -> Cow<'_, str> {
    if let Some(instant) = Instant::parse(text) {
        return Cow::Owned(format!("\u{1}{}.{}", instant.seconds, instant.fraction));
    }
    if text.len() == 36 && text.bytes().any(|byte| byte.is_ascii_uppercase()) && is_guid(text) {
        return Cow::Owned(text.to_ascii_lowercase());
    }
    if text.starts_with('\u{1}') {
        return Cow::Owned(format!("\u{1}\u{1}{text}"));
    }
    Cow::Borrowed(text)
}

fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// A number's value, of any size: `0.digits × 10^exponent` without zeros at either end of the digits.
#[derive(Debug, PartialEq, Eq)]
enum Number<'a> {
    /// A value; zero has no digits and is not negative.
    Decimal { negative: bool, digits: String, exponent: i128 },
    /// An exponent of more than 30 digits: compared as written.
    Beyond(&'a str),
}

impl<'a> Number<'a> {
    fn parse(text: &'a str) -> Self {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, written) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        let leading = digits.len() - digits.trim_start_matches('0').len();
        let significant = digits.trim_matches('0');
        if significant.is_empty() {
            return Number::Decimal { negative: false, digits: String::new(), exponent: 0 };
        }
        let Some(written) = exponent(written) else { return Number::Beyond(text) };
        // The lengths are those of a text in memory, far below what an i128 holds.
        let point = whole.len() as i128 - leading as i128;
        Number::Decimal { negative, digits: significant.to_owned(), exponent: written + point }
    }
}

fn exponent(text: &str) -> Option<i128> {
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let digits = digits.trim_start_matches('0');
    if digits.len() > 30 {
        return None;
    }
    let value: i128 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers_are_same(a: &'static str, b: &'static str) -> bool {
        same_value(&Json::Number(a), &Json::Number(b))
    }

    #[test]
    fn numbers_are_compared_by_value() {
        for (a, b) in [
            ("14", "14.0"),
            ("1.4e1", "14"),
            ("-0", "0"),
            ("0e999", "-0.0"),
            ("1E400", "10e399"),
            ("0.00123e5", "123"),
            ("1e-3", "0.001"),
            ("1e+0000000000000000000000000000000000000000002", "100"),
            ("9007199254740993", "9007199254740993.0"),
        ] {
            assert!(numbers_are_same(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("9007199254740993", "9007199254740992"),
            ("0.1", "0.10000000000000001"),
            ("1", "-1"),
            ("1e400", "1e401"),
            ("10", "1"),
        ] {
            assert!(!numbers_are_same(a, b), "{a} {b}");
        }
    }

    #[test]
    fn no_text_passes_for_a_timestamp() {
        let real = canonical_text("1970-01-01T00:00:00Z").into_owned();
        assert_ne!(canonical_text(&real), real.as_str());
        assert_ne!(canonical_text("\u{1}\u{1}x"), canonical_text("\u{1}x"));
    }

    #[test]
    fn nesting_does_not_double_the_work() {
        // Comparing each level twice would be 2^120 comparisons.
        let nested = |leaf| (0..120).fold(Json::Number(leaf), |inner, _| Json::Array(vec![inner]));
        assert!(same_value(&nested("1"), &nested("1.0")));
        assert!(!same_value(&nested("1"), &nested("2")));
    }
}
