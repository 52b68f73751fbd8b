//! A JSON value that borrows its text, keeps the order of keys, and keeps numbers as written.
//!
//! `serde_json::Value` owns every string and re-spells numbers; a report that is evidence may do neither
//! (contract, section 3: "numbers are written as the source wrote them"). The reader that makes these
//! values is `ingest`'s.

use std::borrow::Cow;
use std::cell::Cell;

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
            Json::Array(elements) => write_elements(elements, out),
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
            Json::Number(text) => Cow::Borrowed(text),
            Json::Null => Cow::Borrowed("null"),
            Json::Bool(true) => Cow::Borrowed("true"),
            Json::Bool(false) => Cow::Borrowed("false"),
            structure => Cow::Owned(structure.to_compact()),
        }
    }
}

/// How many bytes a value has room for before it is moved.
const USUAL_COMPACT: usize = 64;

/// Text that was written as bytes.
pub(crate) fn text_of(written: Vec<u8>) -> String {
    String::from_utf8(written).unwrap_or_else(|bytes| String::from_utf8_lossy(bytes.as_bytes()).into_owned())
}

/// Appends an array of `elements` as compact JSON.
pub(crate) fn write_elements(elements: &[Json<'_>], out: &mut Vec<u8>) {
    out.push(b'[');
    for (position, element) in elements.iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        element.write_to(out);
    }
    out.push(b']');
}

/// Appends `text` as a JSON string with the escapes RFC 8259 demands and no others.
pub(crate) fn write_string(text: &str, out: &mut Vec<u8>) {
    // Asked of all bytes together, which a processor does for sixteen at once; most strings need no escape.
    let needs_escape = |byte: &u8| *byte < 0x20 || *byte == b'"' || *byte == b'\\';
    if text.as_bytes().iter().fold(false, |any, byte| any | needs_escape(byte)) {
        serde_json::to_writer(out, text).expect("writing a string to memory cannot fail");
        return;
    }
    out.reserve(text.len() + 2);
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
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

    /// An object of `members` no two of which have the same key.
    pub(crate) fn of_distinct(members: Vec<(Cow<'a, str>, Json<'a>)>) -> Self {
        Object(members)
    }

    /// Whether a key is among `keys` more than once; of many keys, always: then it is to be looked for.
    pub(crate) fn may_repeat<'k>(keys: &(impl ExactSizeIterator<Item = &'k str> + Clone)) -> bool {
        if keys.len() > FEW_MEMBERS {
            return true;
        }
        let mut marks = 0;
        keys.clone().enumerate().any(|(position, key)| {
            let mark = mark_of(key);
            let is_new = marks & mark == 0;
            marks |= mark;
            !is_new && keys.clone().take(position).any(|before| before == key)
        })
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
        let mut other_case = None;
        for (name, value) in &self.0 {
            if name.eq_ignore_ascii_case(key) {
                if name == key {
                    return Some(value);
                }
                other_case = other_case.or(Some(value));
            }
        }
        other_case
    }

    /// The control information `name`, written `@odata.name` or, in OData 4.01, `@name`.
    #[must_use]
    pub fn control(&self, name: &str) -> Option<&Json<'a>> {
        let mut short = None;
        for (key, value) in &self.0 {
            let Some(rest) = key.strip_prefix('@') else { continue };
            let long = rest.get(..6).filter(|head| head.eq_ignore_ascii_case("odata.")).map(|_| &rest[6..]);
            if long.is_some_and(|rest| rest.eq_ignore_ascii_case(name)) {
                return Some(value);
            }
            if rest.eq_ignore_ascii_case(name) {
                short = short.or(Some(value));
            }
        }
        short
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
    if !Object::may_repeat(&members.iter().map(|(key, _)| &**key)) {
        return repeated;
    }
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

/// One of 64 bits, the same for equal keys: most keys of an object differ in it, and need not be compared.
fn mark_of(key: &str) -> u64 {
    let [first, .., last] = *key.as_bytes() else { return 1 };
    let ends = first.wrapping_mul(5).wrapping_add(last.wrapping_mul(11));
    1 << ((key.len() ^ usize::from(ends)) % 64)
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
    /// Behind the member that was found last: objects that are compared mostly have their keys in one order.
    next: Cell<usize>,
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
        KeyIndex { object, sorted, next: Cell::new(0) }
    }

    /// The value at `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'o Json<'a>> {
        let next = self.next.get();
        if let Some((_, value)) = self.object.0.get(next).filter(|(name, _)| name == key) {
            self.next.set(next + 1);
            return Some(value);
        }
        match &self.sorted {
            None => {
                let found = self.object.0.iter().position(|(name, _)| name == key)?;
                self.next.set(found + 1);
                Some(&self.object.0[found].1)
            }
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
