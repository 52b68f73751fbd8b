//! Text → [`Json`], strict about JSON and tolerant about what people's files have.
//!
//! `serde_json` reads none of what this program must: comments, a lone surrogate (it refuses the whole
//! document), repeated keys (it drops them silently), numbers as text next to borrowed strings, and the
//! place where the document ends (docs/service.md; contract section 10). What is accepted
//! beyond RFC 8259 is exactly: `//` and `/* */` comments where white space may stand, and lone surrogates.

use std::borrow::Cow;

use crate::model::{Json, Object};

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
}

/// Reads the whole of `text` as one JSON value.
///
/// # Errors
/// Where `text` is not exactly one JSON value: what was expected, and the byte where.
pub fn read(text: &str) -> Result<Read<'_>, ReadError> {
    read_whole(text).map_err(|error| *error)
}

fn read_whole(text: &str) -> Outcome<Read<'_>> {
    let mut reader = Reader {
        text,
        at: 0,
        members: Vec::with_capacity(OPEN_MEMBERS),
        elements: Vec::new(),
        repeated_keys: Vec::new(),
        lone_surrogate: false,
    };
    reader.skip_blank()?;
    reader.value(1, None)?;
    reader.skip_blank()?;
    if reader.at < text.len() {
        return Err(reader.expected("the end of the value"));
    }
    let value = reader.elements.pop().unwrap_or(Json::Null);
    Ok(Read { value, repeated_keys: reader.repeated_keys, lone_surrogate: reader.lone_surrogate })
}

/// What reading a part of a text gives. An error is boxed, so that a result without one needs no room of its own: there
/// is one for every value.
type Outcome<T> = Result<T, Box<ReadError>>;

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// What was read of the objects and arrays that are open, those of the innermost last: when one is closed it is
    /// moved into room of just its size. A vector for each that grows was measured to cost a seventh of the time.
    members: Vec<(Cow<'a, str>, Json<'a>)>,
    elements: Vec<Json<'a>>,
    repeated_keys: Vec<Cow<'a, str>>,
    lone_surrogate: bool,
}

impl<'a> Reader<'a> {
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
        let cut = self.at >= self.text.len();
        let kind = if cut { ReadErrorKind::Cut } else { ReadErrorKind::Expected(what) };
        Box::new(ReadError { at: self.at, kind })
    }

    /// Reads a value, the member `key` of the innermost open object, or without a key an element of the innermost open
    /// array. Each case keeps it by itself: so it is written where it stays, part by part. One that is returned, or has
    /// one place for all cases, is put together elsewhere and then copied, for which a processor waits; that was measured
    /// to be half of the time of reading.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "whether there is a key is known where it is called")]
    fn value(&mut self, depth: usize, key: Option<Cow<'a, str>>) -> Outcome<()> {
        match self.peek() {
            Some(b'"') => {
                if let Some(text) = self.plain_string() {
                    self.keep(key, Json::String(Cow::Borrowed(text)));
                } else {
                    let text = self.string_with_escapes()?;
                    self.keep(key, Json::String(Cow::Owned(text)));
                }
            }
            Some(b'{' | b'[') if depth > DEPTH_LIMIT => {
                return Err(Box::new(ReadError { at: self.at, kind: ReadErrorKind::TooDeep }));
            }
            Some(b'{') => {
                let object = self.object(depth)?;
                self.keep(key, Json::Object(object));
            }
            Some(b'[') => {
                let elements = self.array(depth)?;
                self.keep(key, Json::Array(elements));
            }
            Some(b'-' | b'0'..=b'9') => {
                let number = self.number()?;
                self.keep(key, Json::Number(number));
            }
            Some(b't') => {
                self.word("true")?;
                self.keep(key, Json::Bool(true));
            }
            Some(b'f') => {
                self.word("false")?;
                self.keep(key, Json::Bool(false));
            }
            Some(b'n') => {
                self.word("null")?;
                self.keep(key, Json::Null);
            }
            _ => return Err(self.expected("a value")),
        }
        Ok(())
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a value that is handed on is put together first")]
    fn keep(&mut self, key: Option<Cow<'a, str>>, value: Json<'a>) {
        match key {
            Some(key) => self.members.push((key, value)),
            None => self.elements.push(value),
        }
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

    fn object(&mut self, depth: usize) -> Outcome<Object<'a>> {
        self.at += 1;
        self.skip_blank()?;
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Object::default());
        }
        let first = self.members.len();
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.expected("a key in double quotes"));
            }
            if let Some(key) = self.plain_string() {
                self.member(Cow::Borrowed(key), depth)?;
            } else {
                let key = self.string_with_escapes()?;
                self.member(Cow::Owned(key), depth)?;
            }
            self.skip_blank()?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.expected("a comma or a closing brace")),
            }
            self.skip_blank()?;
        }
        self.at += 1;
        let (object, repeated) = Object::new(self.members.split_off(first));
        self.repeated_keys.extend(repeated);
        Ok(object)
    }

    /// Reads the value of a member of an object, behind its key.
    #[inline]
    fn member(&mut self, key: Cow<'a, str>, depth: usize) -> Outcome<()> {
        self.skip_blank()?;
        if self.peek() != Some(b':') {
            return Err(self.expected("a colon"));
        }
        self.at += 1;
        self.skip_blank()?;
        self.value(depth + 1, Some(key))
    }

    fn array(&mut self, depth: usize) -> Outcome<Vec<Json<'a>>> {
        self.at += 1;
        self.skip_blank()?;
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Vec::new());
        }
        let first = self.elements.len();
        self.elements.reserve(OPEN_ELEMENTS);
        loop {
            self.value(depth + 1, None)?;
            self.skip_blank()?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err(self.expected("a comma or a closing bracket")),
            }
            self.skip_blank()?;
        }
        self.at += 1;
        Ok(self.elements.split_off(first))
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
    #[cold]
    fn string_with_escapes(&mut self) -> Outcome<String> {
        let mut text = String::with_capacity(USUAL_ESCAPED);
        self.at += 1;
        loop {
            let Some(run) = plain_run(&self.text.as_bytes()[self.at..]) else {
                self.at = self.text.len();
                return Err(self.expected("a closing quote"));
            };
            text.push_str(&self.text[self.at..self.at + run]);
            self.at += run;
            match self.text.as_bytes()[self.at] {
                b'"' => {
                    self.at += 1;
                    return Ok(text);
                }
                b'\\' => {
                    self.at += 1;
                    text.push(self.escape()?);
                }
                _ => return Err(self.expected("an escape where a control character stands")),
            }
        }
    }

    /// Reads what stands behind a backslash.
    fn escape(&mut self) -> Outcome<char> {
        let character = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode_escape();
            }
            _ => return Err(self.expected("an escape that JSON knows")),
        };
        self.at += 1;
        Ok(character)
    }

    fn unicode_escape(&mut self) -> Outcome<char> {
        let first = self.four_hex_digits()?;
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        let is_leading = (0xD800..0xDC00).contains(&first);
        if is_leading && self.text[self.at..].starts_with("\\u") {
            let before = self.at;
            self.at += 2;
            let second = self.four_hex_digits()?;
            if (0xDC00..0xE000).contains(&second) {
                let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = before;
        }
        self.lone_surrogate = true;
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn four_hex_digits(&mut self) -> Outcome<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            code = code * 16 + digit.ok_or_else(|| self.expected("four hexadecimal digits"))?;
            self.at += 1;
        }
        Ok(code)
    }
}

/// How many members of open objects there is room for before they are moved; most items have fewer, and more would be more
/// than what allocators keep at hand for the next.
const OPEN_MEMBERS: usize = 18;

/// How many bytes a string with escapes has room for before it is moved.
const USUAL_ESCAPED: usize = 32;

/// How many elements an open array has room for before the others are moved.
const OPEN_ELEMENTS: usize = 8;

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
}
