//! A string that does not stand for itself: its escapes, strict about JSON and tolerant of half a character pair.

use super::read_error::{ReadError, ReadErrorKind};
use super::skip::plain_run;

/// What stands in a string.
pub(super) struct Escaped {
    pub(super) content: String,
    /// The byte behind the closing quote.
    pub(super) end: usize,
    /// Whether half a character pair was read as U+FFFD.
    pub(super) lone_surrogate: bool,
}

/// How many bytes a string with escapes has room for before it is moved.
const USUAL: usize = 32;

impl Escaped {
    /// Reads the string whose content begins at byte `at` of `text`.
    #[cold]
    pub(super) fn read(text: &str, at: usize) -> Result<Self, Box<ReadError>> {
        let mut reading = Reading { text, at, lone_surrogate: false };
        let content = reading.content().map_err(Box::new)?;
        Ok(Escaped { content, end: reading.at, lone_surrogate: reading.lone_surrogate })
    }
}

struct Reading<'t> {
    text: &'t str,
    at: usize,
    lone_surrogate: bool,
}

impl Reading<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn expected(&self, what: &'static str) -> ReadError {
        ReadError::expected(what, self.text, self.at)
    }

    fn content(&mut self) -> Result<String, ReadError> {
        let mut content = String::with_capacity(USUAL);
        loop {
            let Some(run) = plain_run(&self.text.as_bytes()[self.at..]) else {
                return Err(ReadError { at: self.text.len(), kind: ReadErrorKind::Cut });
            };
            content.push_str(&self.text[self.at..self.at + run]);
            self.at += run;
            match self.text.as_bytes()[self.at] {
                b'"' => {
                    self.at += 1;
                    return Ok(content);
                }
                b'\\' => {
                    self.at += 1;
                    content.push(self.escape()?);
                }
                _ => return Err(self.expected("an escape where a control character stands")),
            }
        }
    }

    /// Reads what stands behind a backslash.
    fn escape(&mut self) -> Result<char, ReadError> {
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

    fn unicode_escape(&mut self) -> Result<char, ReadError> {
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

    fn four_hex_digits(&mut self) -> Result<u32, ReadError> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            code = code * 16 + digit.ok_or_else(|| self.expected("four hexadecimal digits"))?;
            self.at += 1;
        }
        Ok(code)
    }
}
