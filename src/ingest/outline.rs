//! An outline of a document: where its members and elements lie.
//!
//! It is found by matching brackets outside strings, without reading a value, so that one bad item never
//! costs its page, a page cut short is used up to the cut, and items can be read in parallel (contract,
//! section 10). Whether a value is JSON is found out by [`super::reader`] when it is read.

use std::borrow::Cow;
use std::ops::Range;

use crate::model::Json;

use super::brackets::{Open, matching_end, scalar_end, string_end};
use super::read_error::{ReadError, ReadErrorKind};
use super::reader;
use super::skip::skip_blank;

/// Where something lies in a file's text, in bytes.
pub(super) type Span = Range<usize>;

/// One JSON document of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) span: Span,
    pub(super) root: Root,
    /// The first place where the document is cut, or broken outside the elements of its arrays.
    pub(super) fault: Option<ReadError>,
    /// Where the element begins that a cut went through.
    pub(super) open_element: Option<usize>,
    /// Where the text ends that it stands in: no part of it is behind.
    pub(super) limit: usize,
}

/// The outermost value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Root {
    Object(Vec<Member>),
    Array(Vec<Span>),
    /// A string, a number or a word.
    Scalar,
}

/// A member of an outlined object.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// The key with its quotes.
    pub(super) key: Span,
    pub(super) value: Span,
    /// Where the elements lie, if the value is an array.
    pub(super) elements: Option<Vec<Span>>,
}

impl Document {
    /// How many bytes its members and elements take.
    pub(super) fn parts(&self) -> usize {
        match &self.root {
            Root::Object(members) => {
                let elements = members.iter().filter_map(|member| member.elements.as_ref());
                size_of_val(&members[..]) + elements.map(|elements| size_of_val(&elements[..])).sum::<usize>()
            }
            Root::Array(elements) => size_of_val(&elements[..]),
            Root::Scalar => 0,
        }
    }
}

/// Whether `byte` can begin a JSON value.
pub(super) fn begins_value(byte: u8) -> bool {
    matches!(byte, b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n')
}

/// Outlines the value that begins at byte `at`, to look for something in it. Of one with more than a million members or
/// elements, those at the front are there.
pub(super) fn outline(text: &str, at: usize) -> Document {
    outline_within(text, at, FRONT).0
}

/// How many bytes the members and elements take that are looked at where nothing is held against a limit.
const FRONT: u64 = 64 << 20;

/// Outlines the value that begins at byte `at`, where its members and elements take no more than `room` bytes. Tells
/// whether they do; of one that takes more, those at the front are there.
pub(super) fn outline_within(text: &str, at: usize, room: u64) -> (Document, bool) {
    let (found, fits) = outlined(text, at, room);
    #[cfg(test)]
    work::add(found.span.len());
    (found, fits)
}

fn outlined(text: &str, at: usize, most: u64) -> (Document, bool) {
    let mut scan = Scan { text, at, fault: None, open_element: None, room: most, open: Open::default() };
    let root = match text.as_bytes().get(at) {
        Some(b'{') => Root::Object(exact(scan.members())),
        Some(b'[') => Root::Array(exact(scan.elements())),
        _ => {
            scan.skip_value();
            Root::Scalar
        }
    };
    let Scan { at: end, fault, open_element, room: left, .. } = scan;
    (Document { span: at..end, root, fault, open_element, limit: text.len() }, left > 0)
}

/// Small ones without room for more: there may be one for every few bytes of a text.
fn exact<T>(mut found: Vec<T>) -> Vec<T> {
    if found.len() < SMALL {
        found.shrink_to_fit();
    }
    found
}

/// Fewer than this many members or elements are few.
const SMALL: usize = 4;

struct Scan<'a> {
    text: &'a str,
    at: usize,
    fault: Option<ReadError>,
    open_element: Option<usize>,
    /// How many bytes members and elements may still take.
    room: u64,
    /// Room for the brackets of one value.
    open: Open,
}

impl Scan<'_> {
    /// Adds to members or elements, as long as there is room.
    fn add<T>(&mut self, found: &mut Vec<T>, one: T) -> bool {
        self.room = self.room.saturating_sub(size_of::<T>() as u64);
        found.push(one);
        if self.room == 0 {
            // What is behind is not there, as of a text that is cut.
            self.fault.get_or_insert(ReadError { at: self.at, kind: ReadErrorKind::Cut });
        }
        self.room > 0
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Notes that `what` should stand here; only the first fault of a document is kept.
    fn expected(&mut self, what: &'static str) {
        self.fault.get_or_insert(ReadError::expected(what, self.text, self.at));
    }

    /// Skips white space and comments; what cannot be skipped is a fault.
    fn skip_blank(&mut self) -> bool {
        match skip_blank(self.text, self.at) {
            Ok(at) => {
                self.at = at;
                true
            }
            Err(error) => {
                self.at = error.at;
                self.fault.get_or_insert(error);
                false
            }
        }
    }

    fn members(&mut self) -> Vec<Member> {
        let start = self.at;
        let mut members = Vec::new();
        self.at += 1;
        if self.skip_blank() && self.peek() == Some(b'}') {
            self.at += 1;
            return members;
        }
        while let Some(member) = self.member() {
            if !self.add(&mut members, member) || !self.skip_blank() {
                break;
            }
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return members;
                }
                _ => {
                    self.expected("a comma or a closing brace");
                    break;
                }
            }
        }
        // The rest of a broken object cannot be told apart; its end still can.
        if self.at < self.text.len() {
            self.at = matching_end(self.text, start, &mut self.open).unwrap_or(self.text.len());
        }
        members
    }

    fn member(&mut self) -> Option<Member> {
        if !self.skip_blank() {
            return None;
        }
        if self.peek() != Some(b'"') {
            self.expected("a key in double quotes");
            return None;
        }
        let key = self.skip_value()?;
        if !self.skip_blank() {
            return None;
        }
        if self.peek() != Some(b':') {
            self.expected("a colon");
            return None;
        }
        self.at += 1;
        if !self.skip_blank() {
            return None;
        }
        let start = self.at;
        if self.peek() == Some(b'[') {
            let elements = self.elements();
            return Some(Member { key, value: start..self.at, elements: Some(elements) });
        }
        if !self.peek().is_some_and(begins_value) {
            self.expected("a value");
            return None;
        }
        let value = self.skip_value()?;
        Some(Member { key, value, elements: None })
    }

    /// The whole elements of the array that begins here.
    fn elements(&mut self) -> Vec<Span> {
        let mut elements = Vec::new();
        let mut after_comma = false;
        self.at += 1;
        loop {
            if !self.skip_blank() && self.at >= self.text.len() {
                return elements;
            }
            match self.peek() {
                None => {
                    self.expected("a closing bracket");
                    return elements;
                }
                Some(b']') => {
                    if after_comma {
                        self.expected("an element behind the comma");
                    }
                    self.at += 1;
                    return elements;
                }
                Some(b',') => {
                    self.expected("an element before the comma");
                    self.at += 1;
                    after_comma = true;
                    continue;
                }
                Some(_) => {
                    let start = self.at;
                    let Some(element) = self.skip_value() else {
                        self.open_element = Some(start);
                        return elements;
                    };
                    if !self.add(&mut elements, element) {
                        return elements;
                    }
                }
            }
            after_comma = self.end_of_element();
        }
    }

    /// Behind an element: steps over the comma, or notes that there should be one.
    fn end_of_element(&mut self) -> bool {
        if !self.skip_blank() {
            return false;
        }
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                true
            }
            Some(b']') => false,
            _ => {
                self.expected("a comma or a closing bracket");
                false
            }
        }
    }

    /// Steps over the value that begins here; `None` where the text ends inside it.
    fn skip_value(&mut self) -> Option<Span> {
        let start = self.at;
        let end = match self.peek() {
            Some(b'{' | b'[') => matching_end(self.text, start, &mut self.open),
            Some(b'"') => string_end(self.text.as_bytes(), start),
            _ => Some(scalar_end(self.text, start)),
        };
        if let Some(end) = end {
            self.at = end;
            Some(start..end)
        } else {
            self.at = self.text.len();
            self.expected("the end of a value");
            None
        }
    }
}

/// The key of a member, without its quotes and escapes.
pub(super) fn key_text<'t>(text: &'t str, member: &Member) -> Cow<'t, str> {
    #[cfg(test)]
    work::add(member.key.len());
    let plain = &text[member.key.start + 1..member.key.end - 1];
    if !plain.contains('\\') {
        return Cow::Borrowed(plain);
    }
    match reader::read(&text[member.key.clone()]).map(|read| read.value) {
        Ok(Json::String(key)) => key,
        _ => Cow::Borrowed(plain),
    }
}

/// `token` as a reference token of an RFC 6901 pointer.
pub(super) fn escape_pointer(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// How many bytes were run over: tests hold that against the size of a text, since a text of some megabytes that is run
/// over from each of its lines is never done.
#[cfg(test)]
pub(super) mod work {
    use std::cell::Cell;

    thread_local! {
        static DONE: Cell<usize> = const { Cell::new(0) };
    }

    pub(super) fn add(bytes: usize) {
        DONE.set(DONE.get() + bytes);
    }

    /// What `run` gives, and how many bytes outlines and keys in it ran over.
    pub(in super::super) fn of<T>(run: impl FnOnce() -> T) -> (T, usize) {
        let before = DONE.get();
        let found = run();
        (found, DONE.get() - before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The elements of the first array member, and the fault.
    fn elements(text: &str) -> (Vec<&str>, Option<ReadErrorKind>) {
        let document = outline(text, 0);
        let Root::Object(members) = document.root else { panic!("no object: {text}") };
        let spans = members.into_iter().find_map(|member| member.elements).unwrap_or_default();
        (spans.into_iter().map(|span| &text[span]).collect(), document.fault.map(|fault| fault.kind))
    }

    #[test]
    fn a_whole_page_has_no_fault() {
        let text = r#"{"@odata.context":"x","value":[{"a":"]}"},{"b":[1,{"c":"\""}]}, 3 /* , */],"n":null}"#;
        assert_eq!(elements(text), (vec![r#"{"a":"]}"}"#, r#"{"b":[1,{"c":"\""}]}"#, "3"], None));
    }

    #[test]
    fn a_page_cut_anywhere_keeps_its_whole_items() {
        let text = r#"{"value":[{"a":"x"},{"b":[1]}],"n":"y"}"#;
        for end in 1..text.len() {
            let (items, fault) = elements(&text[..end]);
            assert_eq!(fault, Some(ReadErrorKind::Cut), "{}", &text[..end]);
            let whole = usize::from(end >= 19) + usize::from(end >= 29);
            assert_eq!(items.len(), whole, "{}", &text[..end]);
        }
    }

    #[test]
    fn a_bad_item_ends_where_its_bracket_does() {
        for bad in [
            r#"{"a": nope}"#,
            r#"{"a": [1, }"#,
            r#"{"a": 1]"#,
            r#"{"a" 1, "b": {"c": [}}"#,
            "{,,}",
            r#"{"a": {"b": 1], "c": 2}"#,
        ] {
            let text = format!(r#"{{"value":[{{"x":1}},{bad},{{"y":2}}]}}"#);
            let (items, fault) = elements(&text);
            assert_eq!((items, fault), (vec![r#"{"x":1}"#, bad, r#"{"y":2}"#], None), "{text}");
        }
    }

    #[test]
    fn what_is_broken_between_items_costs_none() {
        for text in [
            r#"{"value":[{"x":1}{"y":2}]}"#,
            r#"{"value":[{"x":1},{"y":2},]}"#,
            r#"{"value":[,{"x":1},{"y":2}]}"#,
            r#"{"value":[{"x":1},,{"y":2}]}"#,
            r#"{"value":[{"x":1},{"y":2}],}"#,
            r#"{"value":[{"x":1},{"y":2}] "n":1}"#,
        ] {
            let (items, fault) = elements(text);
            assert_eq!(items, [r#"{"x":1}"#, r#"{"y":2}"#], "{text}");
            assert!(matches!(fault, Some(ReadErrorKind::Expected(_))), "{text}");
            assert_eq!(outline(text, 0).span, 0..text.len(), "{text}");
        }
    }

    #[test]
    fn what_has_no_room_is_outlined_at_its_front() {
        let text = r#"{"a":1,"value":[1,2,3],"b":2}"#;
        let within = |room: usize| {
            let (document, fits) = outline_within(text, 0, room as u64);
            assert_eq!(document.fault.is_none(), fits, "what is left out is a fault");
            (document.parts(), fits)
        };
        let (member, element) = (size_of::<Member>(), size_of::<Span>());
        let all = 3 * member + 3 * element;
        assert_eq!(within(all + 1), (all, true));
        assert_eq!(within(all), (all, false));
        assert_eq!(within(member + 2 * element).0, 2 * member + 2 * element);
        assert_eq!(within(1), (member, false));
    }

    #[test]
    fn a_million_wrong_brackets_are_linear() {
        let text = format!("{}{}", "[".repeat(500_000), "}".repeat(500_000));
        assert_eq!(matching_end(&text, 0, &mut Open::default()), Some(text.len()));
    }
}
