//! Text → [`Json`], strict about JSON and tolerant about what people's files have.
//!
//! `serde_json` reads none of what this program must: comments, a lone surrogate (it refuses the whole
//! document), repeated keys (it drops them silently), numbers as text next to borrowed strings, and the
//! place where the document ends (docs/service.md; contract section 10). What is accepted
//! beyond RFC 8259 is exactly: `//` and `/* */` comments where white space may stand, and lone surrogates.

use std::borrow::Cow;
use std::mem::ManuallyDrop;

use crate::model::{Json, Object};

use super::escaped::Escaped;
use super::read_error::{ReadError, ReadErrorKind};
use super::skip::{plain_run, skip_blank};

/// The deepest nesting that is read, the outermost value being 1 (contract, section 10).
pub const DEPTH_LIMIT: usize = 127;

/// What was read, and what was odd about it.
#[derive(Debug)]
pub struct Read<'a> {
    /// The value.
    pub value: Json<'a>,
    /// Keys that stood more than once in one object; the last value was kept.
    pub repeated_keys: Vec<Cow<'a, str>>,
    /// Whether half a character pair was read as U+FFFD.
    pub lone_surrogate: bool,
    /// Whether a string begins with `/`, or a key is `value`: else no value is in PowerShell's or an SDK's wrapping.
    pub(super) may_be_wrapped: bool,
}

/// Reads the whole of `text` as one JSON value.
///
/// # Errors
/// Where `text` is not exactly one JSON value: what was expected, and the byte where.
pub fn read(text: &str) -> Result<Read<'_>, ReadError> {
    Reader::default().read(text)
}

/// A member of an open object. What would have to be dropped if making room for it failed is put together where it can be
/// dropped, and then copied; this is written where it stays (see [`Reader::value`]).
type Member<'a> = (ManuallyDrop<Cow<'a, str>>, ManuallyDrop<Json<'a>>);

/// Where a value is kept.
#[derive(Clone, Copy)]
enum Place {
    /// It is that of the last member of the innermost open object, where null stands for it until it is read.
    Member,
    /// It is the next element of the innermost open array, or alone.
    Element,
}

/// What reading a part of a text gives. An error is boxed, so that a result without one needs no room of its own: there
/// is one for every value.
type Outcome<T> = Result<T, Box<ReadError>>;

/// Reads one text after the other, in room that is used again.
#[derive(Debug, Default)]
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// What was read of the objects and arrays that are open, those of the innermost last: when one is closed it is
    /// moved into room of just its size. A vector for each that grows was measured to cost a seventh of the time.
    members: Vec<Member<'a>>,
    elements: Vec<ManuallyDrop<Json<'a>>>,
    repeated_keys: Vec<Cow<'a, str>>,
    lone_surrogate: bool,
    may_be_wrapped: bool,
}

impl<'a> Reader<'a> {
    /// Reads the whole of `text` as one JSON value.
    ///
    /// # Errors
    /// As [`read`] has them.
    pub(super) fn read(&mut self, text: &'a str) -> Result<Read<'a>, ReadError> {
        (self.text, self.at) = (text, 0);
        let read = self.whole();
        // Of a text that is broken, what was open is still there.
        drop(self.close_members(0));
        drop(self.close_elements(0));
        if self.members.capacity() > KEPT_MEMBERS || self.elements.capacity() > KEPT_ELEMENTS {
            (self.members, self.elements) = (Vec::new(), Vec::new());
        }
        let repeated_keys = std::mem::take(&mut self.repeated_keys);
        let lone_surrogate = std::mem::take(&mut self.lone_surrogate);
        let may_be_wrapped = std::mem::take(&mut self.may_be_wrapped);
        read.map(|value| Read { value, repeated_keys, lone_surrogate, may_be_wrapped })
            .map_err(|error| *error)
    }

    fn whole(&mut self) -> Outcome<Json<'a>> {
        self.skip_blank()?;
        self.value(1, Place::Element)?;
        self.skip_blank()?;
        if self.at < self.text.len() {
            return Err(self.expected("the end of the value"));
        }
        Ok(self.elements.pop().map_or(Json::Null, ManuallyDrop::into_inner))
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    fn skip_blank(&mut self) -> Outcome<()> {
        if self.peek().is_none_or(|byte| byte <= b' ' || byte == b'/') {
            self.at = skip_blank(self.text, self.at)?;
        }
        Ok(())
    }

    /// The error that `what` should stand here; at the end of the text, that it is cut.
    #[cold]
    #[expect(clippy::unnecessary_box_returns, reason = "as an Outcome has it")]
    fn expected(&self, what: &'static str) -> Box<ReadError> {
        Box::new(ReadError::expected(what, self.text, self.at))
    }

    /// Reads a value to its place. Every kind is kept by itself, and the kinds that are not strings in functions of their
    /// own: so it is written where it stays, part by part. One that is returned, or is kept in one place with others, is put
    /// together elsewhere and then copied, for which a processor waits; that was measured to be half of the time of reading.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the place is known where it is called")]
    fn value(&mut self, depth: usize, place: Place) -> Outcome<()> {
        match self.peek() {
            Some(b'"') => {
                let Some(text) = self.plain_string() else { return self.escaped_value(place) };
                self.may_be_wrapped |= text.as_bytes().first() == Some(&b'/');
                self.keep(place, Json::String(Cow::Borrowed(text)));
                Ok(())
            }
            Some(b'{' | b'[') if depth > DEPTH_LIMIT => {
                Err(Box::new(ReadError { at: self.at, kind: ReadErrorKind::TooDeep }))
            }
            Some(b'{') => self.object(depth, place),
            Some(b'[') => self.array(depth, place),
            Some(b'-' | b'0'..=b'9') => self.number_value(place),
            _ => self.word_value(place),
        }
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a value that is handed on is put together first")]
    fn keep(&mut self, place: Place, value: Json<'a>) {
        let value = ManuallyDrop::new(value);
        match place {
            Place::Member => {
                let last = self.members.len() - 1;
                self.members[last].1 = value;
            }
            Place::Element => self.elements.push(value),
        }
    }

    /// The members that were read from position `first` on.
    fn close_members(&mut self, first: usize) -> Vec<(Cow<'a, str>, Json<'a>)> {
        let members = self.members.drain(first..);
        members.map(|(key, value)| (ManuallyDrop::into_inner(key), ManuallyDrop::into_inner(value))).collect()
    }

    /// The elements that were read from position `first` on.
    fn close_elements(&mut self, first: usize) -> Vec<Json<'a>> {
        self.elements.drain(first..).map(ManuallyDrop::into_inner).collect()
    }

    #[cold]
    #[inline(never)]
    fn escaped_value(&mut self, place: Place) -> Outcome<()> {
        let text = self.string_with_escapes()?;
        self.may_be_wrapped |= text.starts_with('/');
        self.keep(place, Json::String(Cow::Owned(text)));
        Ok(())
    }

    #[inline(never)]
    fn number_value(&mut self, place: Place) -> Outcome<()> {
        let number = self.number()?;
        self.keep(place, Json::Number(number));
        Ok(())
    }

    #[inline(never)]
    fn word_value(&mut self, place: Place) -> Outcome<()> {
        let value = match self.peek() {
            Some(b't') => {
                self.word("true")?;
                Json::Bool(true)
            }
            Some(b'f') => {
                self.word("false")?;
                Json::Bool(false)
            }
            Some(b'n') => {
                self.word("null")?;
                Json::Null
            }
            _ => return Err(self.expected("a value")),
        };
        self.keep(place, value);
        Ok(())
    }

    fn word(&mut self, word: &'static str) -> Outcome<()> {
        let rest = &self.text[self.at..];
        if rest.starts_with(word) {
            self.at += word.len();
            Ok(())
        } else if word.starts_with(rest) {
            self.at = self.text.len();
            Err(self.expected(word))
        } else {
            Err(self.expected("a value"))
        }
    }

    fn object(&mut self, depth: usize, place: Place) -> Outcome<()> {
        self.at += 1;
        self.skip_blank()?;
        if self.peek() == Some(b'}') {
            self.at += 1;
            self.keep(place, Json::Object(Object::default()));
            return Ok(());
        }
        let first = self.members.len();
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.expected("a key in double quotes"));
            }
            if let Some(key) = self.plain_string() {
                self.may_be_wrapped |= key == "value";
                self.push_key(Cow::Borrowed(key));
            } else {
                self.escaped_key()?;
            }
            self.member(depth)?;
            self.skip_blank()?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.expected("a comma or a closing brace")),
            }
            self.skip_blank()?;
        }
        self.at += 1;
        let keys = self.members[first..].iter().map(|(key, _)| &***key);
        if Object::may_repeat(&keys) {
            self.repeating(first, place);
        } else {
            let members = self.close_members(first);
            self.keep(place, Json::Object(Object::of_distinct(members)));
        }
        Ok(())
    }

    /// Closes an object that may have a key more than once.
    #[cold]
    #[inline(never)]
    fn repeating(&mut self, first: usize, place: Place) {
        let (object, repeated) = Object::new(self.close_members(first));
        self.repeated_keys.extend(repeated);
        self.keep(place, Json::Object(object));
    }

    #[cold]
    #[inline(never)]
    fn escaped_key(&mut self) -> Outcome<()> {
        let key = self.string_with_escapes()?;
        self.may_be_wrapped |= key == "value";
        self.push_key(Cow::Owned(key));
        Ok(())
    }

    /// Keeps a key whose value is to be read.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as for a value")]
    fn push_key(&mut self, key: Cow<'a, str>) {
        self.members.push((ManuallyDrop::new(key), ManuallyDrop::new(Json::Null)));
    }

    /// Reads the value of a member of an object, behind its key, which is kept already.
    #[inline]
    fn member(&mut self, depth: usize) -> Outcome<()> {
        self.skip_blank()?;
        if self.peek() != Some(b':') {
            return Err(self.expected("a colon"));
        }
        self.at += 1;
        self.skip_blank()?;
        self.value(depth + 1, Place::Member)
    }

    fn array(&mut self, depth: usize, place: Place) -> Outcome<()> {
        self.at += 1;
        self.skip_blank()?;
        if self.peek() == Some(b']') {
            self.at += 1;
            self.keep(place, Json::Array(Vec::new()));
            return Ok(());
        }
        let first = self.elements.len();
        loop {
            self.value(depth + 1, Place::Element)?;
            self.skip_blank()?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err(self.expected("a comma or a closing bracket")),
            }
            self.skip_blank()?;
        }
        self.at += 1;
        let elements = self.close_elements(first);
        self.keep(place, Json::Array(elements));
        Ok(())
    }

    fn number(&mut self) -> Outcome<&'a str> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return Err(self.expected("a number without leading zeros"));
            }
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(&self.text[start..self.at])
    }

    fn digits(&mut self) -> Outcome<()> {
        let count = self.text.as_bytes()[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 {
            return Err(self.expected("a digit"));
        }
        self.at += count;
        Ok(())
    }

    /// Reads a string that stands for itself, as most do, the present byte being its opening quote; any other stays.
    #[inline]
    fn plain_string(&mut self) -> Option<&'a str> {
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let end = start + plain_run(&bytes[start..])?;
        if bytes[end] != b'"' {
            return None;
        }
        self.at = end + 1;
        Some(&self.text[start..end])
    }

    /// Reads a string that does not stand for itself, the present byte being its opening quote.
    fn string_with_escapes(&mut self) -> Outcome<String> {
        let read = Escaped::read(self.text, self.at + 1)?;
        self.at = read.end;
        self.lone_surrogate |= read.lone_surrogate;
        Ok(read.content)
    }
}

/// Room for so many members and elements of open objects and arrays is kept for the next text; most items have fewer.
const KEPT_MEMBERS: usize = 1 << 12;
const KEPT_ELEMENTS: usize = 1 << 12;

#[cfg(test)]
mod tests {
    use super::*;

    fn compact(text: &str) -> String {
        read(text).expect("JSON").value.to_compact()
    }

    fn error(text: &str) -> (usize, ReadErrorKind) {
        let error = read(text).expect_err(text);
        (error.at, error.kind)
    }

    #[test]
    fn values_come_back_as_they_were_written() {
        let text = r#"{"a":[1.10,-0,1E400,true,false,null,""],"b":{"c":"é"},"d":{},"e":[]}"#;
        assert_eq!(compact(text), text);
        assert_eq!(compact("\t{ \"a\" :1 , \"b\":[ ] }\r\n"), r#"{"a":1,"b":[]}"#);
    }

    #[test]
    fn escapes_are_read_and_strings_without_them_borrowed() {
        assert_eq!(compact(r#""\u0041\/\ud83d\ude00\n""#), "\"A/😀\\n\"");
        let plain = read(r#""plain""#).expect("JSON").value;
        assert!(matches!(plain, Json::String(Cow::Borrowed("plain"))));
    }

    #[test]
    fn a_lone_surrogate_is_replaced_and_told() {
        for text in [r#""\ud83d""#, r#""\udc00""#, r#""\ud83dx""#, r#""\ud83d\n""#] {
            let read = read(text).expect(text);
            assert!(
                read.lone_surrogate && read.value.as_str().is_some_and(|s| s.contains('\u{fffd}')),
                "{text}"
            );
        }
        assert_eq!(compact(r#""\ud83d\ud83d\ude00""#), "\"\u{fffd}😀\"");
    }

    #[test]
    fn comments_stand_where_white_space_may() {
        assert_eq!(compact("/*a*/{//b\n\"a\"/*c*/:/**/1,//d\r\n\"b\":2}//end"), r#"{"a":1,"b":2}"#);
        assert_eq!(compact(r#""/* text */""#), r#""/* text */""#);
        assert_eq!(error("[1] /* x").1, ReadErrorKind::Cut);
        assert_eq!(error("[1 / 2]"), (3, ReadErrorKind::Expected("a value")));
    }

    #[test]
    fn what_is_not_json_is_named_with_its_place() {
        for (text, at) in [
            ("[1,]", 3),
            ("{\"a\":1,}", 7),
            ("[01]", 2),
            ("[+1]", 1),
            ("[.5]", 1),
            ("{a:1}", 1),
            ("[NaN]", 1),
            ("'a'", 0),
            ("[1] x", 4),
            ("\"a\nb\"", 2),
            (r#""\x""#, 2),
            (r#""\u12g4""#, 5),
            ("[1 2]", 3),
            ("{\"a\" 1}", 5),
            ("[tru]", 1),
            ("[1.]", 3),
            ("[-]", 2),
            ("[1e]", 3),
        ] {
            let (found, kind) = error(text);
            assert!(matches!(kind, ReadErrorKind::Expected(_)), "{text}: {kind:?}");
            assert_eq!(found, at, "{text}");
        }
    }

    #[test]
    fn a_text_cut_anywhere_is_cut() {
        let text = r#"{"a":["b\u0041",-1.5e3,true,null],"c":{"d":false}}"#;
        for end in 0..text.len() {
            assert_eq!(error(&text[..end]).1, ReadErrorKind::Cut, "{}", &text[..end]);
        }
    }

    #[test]
    fn nesting_is_read_to_its_limit_and_no_deeper() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(read(&nested(DEPTH_LIMIT)).is_ok());
        assert_eq!(error(&nested(DEPTH_LIMIT + 1)), (DEPTH_LIMIT, ReadErrorKind::TooDeep));
        assert_eq!(error(&"[".repeat(1_000_000)).1, ReadErrorKind::TooDeep);
    }

    #[test]
    fn repeated_keys_are_told() {
        let read = read(r#"{"a":1,"b":{"c":1,"c":2},"a":3}"#).expect("JSON");
        assert_eq!(read.value.to_compact(), r#"{"a":3,"b":{"c":2}}"#);
        assert_eq!(read.repeated_keys, ["c", "a"]);
    }

    #[test]
    fn nothing_of_a_text_is_left_for_the_next() {
        let mut reader = Reader::default();
        let broken = [
            r#"{"a\n":[{"value":"\/x","b":["\ud800"#,
            r#"{"a":1,"a":2,"#,
            r#"[[[["\ud800x",1"#,
            r#"{"value":{}"#,
        ];
        for text in broken {
            reader.read(text).expect_err(text);
            assert!(reader.members.is_empty() && reader.elements.is_empty(), "{text}");
            let next = reader.read(r#"{"a":{"b":[1,{}]}}"#).expect("JSON");
            assert_eq!(next.value.to_compact(), r#"{"a":{"b":[1,{}]}}"#, "behind {text}");
            assert!(next.repeated_keys.is_empty() && !next.lone_surrogate && !next.may_be_wrapped, "{text}");
        }
    }

    #[test]
    fn what_may_be_wrapped_is_told_however_it_is_written() {
        for text in
            [r#"{"value":1}"#, r#"{"valu\u0065":1}"#, r#"["/"]"#, r#"["\/Date(0)\/"]"#, r#"{"a":"/"}"#]
        {
            assert!(read(text).expect(text).may_be_wrapped, "{text}");
        }
        assert!(!read(r#"{"values":"a/","/":["value"]}"#).expect("JSON").may_be_wrapped);
    }

    #[test]
    fn a_repeated_key_is_found_among_few_and_many_and_with_escapes() {
        let of = |keys: &[String]| {
            let members: Vec<String> = keys.iter().map(|key| format!("\"{key}\":0")).collect();
            let text = format!("{{{}}}", members.join(","));
            read(&text).expect("JSON").repeated_keys.len()
        };
        for count in [2_usize, 15, 16, 17, 40] {
            let mut keys: Vec<String> = (0..count).map(|number| format!("key{number}")).collect();
            assert_eq!(of(&keys), 0, "{count}");
            keys[count - 1] = "key0".to_owned();
            assert_eq!(of(&keys), 1, "{count}");
            keys[count - 1] = r"key\u0030".to_owned();
            assert_eq!(of(&keys), 1, "{count}");
        }
        for (a, b) in [("", ""), ("a", "a"), ("ab", "ab")] {
            assert_eq!(of(&[a.to_owned(), b.to_owned()]), 1);
        }
        assert_eq!(of(&[String::new(), "a".to_owned(), "b".to_owned(), "ab".to_owned(), "ba".to_owned()]), 0);
    }
}
