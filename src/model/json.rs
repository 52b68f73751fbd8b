//! A JSON value that borrows its text, keeps the order of keys, and keeps numbers as written.
//!
//! `serde_json::Value` owns every string and re-spells numbers; a report that is evidence may do neither
//! (contract, section 3: "numbers are written as the source wrote them"). The reader that makes these
//! values is `ingest`'s.

use std::borrow::Cow;

/// One JSON value of an input document.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Json<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, exactly as the source wrote it: `1.10`, `1E400`.
    Number(&'a str),
    /// A string, unescaped; borrowed where the source had no escapes.
    String(Cow<'a, str>),
    /// An array.
    Array(Vec<Json<'a>>),
    /// An object.
    Object(Object<'a>),
}

impl<'a> Json<'a> {
    /// The text of a string, `None` for any other kind of value.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// The object, `None` for any other kind of value.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Json::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The elements of an array, `None` for any other kind of value.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Json<'a>]> {
        match self {
            Json::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// Whether this is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Json::Null)
    }

    /// Whether this is one of the contract's empty values: `null` or `[]` (`""` and `{}` are values).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Json::Null => true,
            Json::Array(elements) => elements.is_empty(),
            _ => false,
        }
    }

    /// Appends the value as compact JSON, keys in source order and numbers as written.
    pub fn write_to(&self, out: &mut Vec<u8>) {
        match self {
            Json::Null => out.extend_from_slice(b"null"),
            Json::Bool(true) => out.extend_from_slice(b"true"),
            Json::Bool(false) => out.extend_from_slice(b"false"),
            Json::Number(text) => out.extend_from_slice(text.as_bytes()),
            Json::String(text) => write_string(text, out),
            Json::Array(elements) => {
                out.push(b'[');
                for (position, element) in elements.iter().enumerate() {
                    if position > 0 {
                        out.push(b',');
                    }
                    element.write_to(out);
                }
                out.push(b']');
            }
            Json::Object(object) => {
                out.push(b'{');
                for (position, (key, value)) in object.iter().enumerate() {
                    if position > 0 {
                        out.push(b',');
                    }
                    write_string(key, out);
                    out.push(b':');
                    value.write_to(out);
                }
                out.push(b'}');
            }
        }
    }

    /// The value as compact JSON.
    #[must_use]
    pub fn to_compact(&self) -> String {
        let mut out = Vec::with_capacity(USUAL_COMPACT);
        self.write_to(&mut out);
        text_of(out)
    }

    /// The text a reader sees: a string as it stands, anything else as compact JSON.
    #[must_use]
    pub fn to_text(&self) -> Cow<'_, str> {
        match self {
            Json::String(text) => Cow::Borrowed(text),
            other => Cow::Owned(other.to_compact()),
        }
    }
}

/// How many bytes a value has room for before it is moved.
const USUAL_COMPACT: usize = 64;

/// Text that was written as bytes.
pub(crate) fn text_of(written: Vec<u8>) -> String {
    String::from_utf8(written).unwrap_or_else(|bytes| String::from_utf8_lossy(bytes.as_bytes()).into_owned())
}

/// Appends `text` as a JSON string with the escapes RFC 8259 demands and no others.
pub(crate) fn write_string(text: &str, out: &mut Vec<u8>) {
    serde_json::to_writer(out, text).expect("writing a string to memory cannot fail");
}

/// A JSON object: its members in source order, every key once.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Object<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

/// Below this many members a look-up compares one by one; above it, an order is made first, so that an
/// object of a million keys costs no square.
const FEW_MEMBERS: usize = 16;

impl<'a> Object<'a> {
    /// An object of `members`, and the keys that stood in it more than once. Of those the last value is
    /// kept, standing where the first stood (contract, section 10).
    #[must_use]
    pub fn new(mut members: Vec<(Cow<'a, str>, Json<'a>)>) -> (Self, Vec<Cow<'a, str>>) {
        let repeated =
            if members.len() <= FEW_MEMBERS { fold_few(&mut members) } else { fold_many(&mut members) };
        (Object(members), repeated)
    }

    /// The members in source order.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Cow<'a, str>, &Json<'a>)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// The members in source order, their values to be changed in place.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Json<'a>)> {
        self.0.iter_mut().map(|(key, value)| (&**key, value))
    }

    /// The members themselves.
    #[must_use]
    pub fn into_members(self) -> Vec<(Cow<'a, str>, Json<'a>)> {
        self.0
    }

    /// The value at `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Json<'a>> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The value at `key`, an exact match first, then one that differs in ASCII case only.
    #[must_use]
    pub fn get_any_case(&self, key: &str) -> Option<&Json<'a>> {
        self.get(key).or_else(|| {
            self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)
        })
    }

    /// The control information `name`, written `@odata.name` or, in OData 4.01, `@name`.
    #[must_use]
    pub fn control(&self, name: &str) -> Option<&Json<'a>> {
        let spelled = |long: bool| {
            self.0.iter().find(|(key, _)| {
                let Some(rest) = key.strip_prefix('@') else { return false };
                let prefixed = rest.get(..6).is_some_and(|head| head.eq_ignore_ascii_case("odata."));
                let rest = if prefixed { &rest[6..] } else { rest };
                prefixed == long && rest.eq_ignore_ascii_case(name)
            })
        };
        spelled(true).or_else(|| spelled(false)).map(|(_, value)| value)
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn fold_few<'a>(members: &mut Vec<(Cow<'a, str>, Json<'a>)>) -> Vec<Cow<'a, str>> {
    let mut repeated = Vec::new();
    let mut position = 1;
    while position < members.len() {
        let (before, rest) = members.split_at_mut(position);
        let (key, value) = &mut rest[0];
        if let Some((_, first)) = before.iter_mut().find(|(name, _)| name == key) {
            *first = std::mem::replace(value, Json::Null);
            repeated.push(members.remove(position).0);
        } else {
            position += 1;
        }
    }
    repeated
}

fn fold_many<'a>(members: &mut Vec<(Cow<'a, str>, Json<'a>)>) -> Vec<Cow<'a, str>> {
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by(|&a, &b| members[a].0.cmp(&members[b].0).then(a.cmp(&b)));
    let mut superseded = vec![false; members.len()];
    let mut repeated = Vec::new();
    let runs: Vec<&[usize]> =
        order.chunk_by(|&a, &b| members[a].0 == members[b].0).filter(|run| run.len() > 1).collect();
    for run in runs {
        let (first, last) = (run[0], run[run.len() - 1]);
        members[first].1 = std::mem::replace(&mut members[last].1, Json::Null);
        for &position in &run[1..] {
            superseded[position] = true;
            repeated.push(members[position].0.clone());
        }
    }
    if !repeated.is_empty() {
        let mut keep = superseded.iter().map(|gone| !gone);
        members.retain(|_| keep.next().unwrap_or(true));
    }
    repeated
}

/// Look-ups in one object, without a square where it is large.
pub struct KeyIndex<'o, 'a> {
    object: &'o Object<'a>,
    sorted: Option<Vec<u32>>,
}

impl<'o, 'a> KeyIndex<'o, 'a> {
    /// Prepares look-ups in `object`.
    #[must_use]
    pub fn new(object: &'o Object<'a>) -> Self {
        let sorted = (object.len() > FEW_MEMBERS).then(|| {
            let mut order: Vec<u32> = (0..u32::try_from(object.len()).unwrap_or(u32::MAX)).collect();
            order.sort_unstable_by(|&a, &b| object.0[a as usize].0.cmp(&object.0[b as usize].0));
            order
        });
        KeyIndex { object, sorted }
    }

    /// The value at `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'o Json<'a>> {
        match &self.sorted {
            None => self.object.get(key),
            Some(order) => order
                .binary_search_by(|&position| self.object.0[position as usize].0.as_ref().cmp(key))
                .ok()
                .map(|found| &self.object.0[order[found] as usize].1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(keys: &[&'static str]) -> (Object<'static>, Vec<Cow<'static, str>>) {
        let values = keys.iter().enumerate();
        Object::new(values.map(|(at, key)| (Cow::Borrowed(*key), Json::Bool(at % 2 == 0))).collect())
    }

    #[test]
    fn a_repeated_key_keeps_the_last_value_at_the_first_place() {
        let (few, repeated) = object(&["a", "b", "a", "c"]);
        assert_eq!(few.iter().map(|(key, _)| key.as_ref()).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(few.get("a"), Some(&Json::Bool(true)));
        assert_eq!(repeated, ["a"]);
    }

    #[test]
    fn many_members_fold_as_few_do() {
        let mut keys: Vec<&'static str> = "a b c d e f g h i j k l m n o p q r s t".split(' ').collect();
        keys.push("c");
        let (many, repeated) = object(&keys);
        assert_eq!(many.len(), 20);
        assert_eq!(many.iter().nth(2).map(|(key, _)| key.as_ref()), Some("c"));
        assert_eq!(many.get("c"), Some(&Json::Bool(true)), "position 20 is even");
        assert_eq!(repeated, ["c"]);
        let index = KeyIndex::new(&many);
        assert!(keys.iter().all(|key| index.get(key) == many.get(key)));
        assert_eq!(index.get("zz"), None);
    }

    #[test]
    fn control_keys_are_found_in_both_spellings() {
        let (short, _) = object(&["@TYPE", "x@type"]);
        let (long, _) = object(&["@type", "@odata.type"]);
        assert_eq!(short.control("type"), Some(&Json::Bool(true)));
        assert_eq!(long.control("type"), Some(&Json::Bool(false)), "the long spelling goes first");
    }
}
