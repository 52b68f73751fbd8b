//! Bytes → text: UTF-8, UTF-16 and UTF-32, with or without a byte order mark, also one behind the other in a file:
//! Windows PowerShell's `>>` appends UTF-16 to whatever a file is encoded in (docs/service.md).
//!
//! An encoding changes between documents only. Where it does is told by the pattern of NUL bytes, which no JSON
//! text has in UTF-8; a file without NUL bytes is UTF-8 and pays for one look.

use std::ops::Range;

use memchr::memchr;

use crate::model::Digest;

/// A file's text with what is known of its bytes.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    /// The text; where bytes are no text in their encoding, U+FFFD stands.
    pub(super) text: String,
    /// Where the text begins: behind a byte order mark.
    pub(super) start: usize,
    /// The encodings in the order in which they occur, joined by `+`.
    pub(super) encoding: String,
    /// Where bytes were no text: offset in the text, offset in the file.
    pub(super) invalid: Vec<(usize, usize)>,
    /// Where the last of these ends in the text.
    replaced_to: Option<usize>,
    /// Whether a terminal's colours were taken out.
    pub(super) had_colours: bool,
    /// Where in the text another encoding begins.
    pub(super) changes: Vec<usize>,
    /// How many NUL characters the text ended with; they are taken off.
    pub(super) padding: usize,
    /// The digest of the file's bytes. Where it is not taken yet, they are what the text begins with, so many of them: then
    /// it can be taken when somebody asks for it.
    pub(super) digest: Option<Digest>,
    bytes: usize,
}

/// How some bytes are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    Utf32Le,
    Utf32Be,
}

/// Bytes in one encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Segment {
    encoding: Encoding,
    has_mark: bool,
    /// Its bytes, the byte order mark among them.
    bytes: Range<usize>,
}

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// How far into a file the first colour stands, in bytes: `az rest -o jsonc` paints the first key.
const FIRST_COLOUR: usize = 4096;

pub(super) fn decode(bytes: Vec<u8>) -> Decoded {
    // A byte order mark alone has no NUL byte either.
    let is_utf8 = memchr(0, &bytes).is_none() && !matches!(bytes[..], [0xff, 0xfe] | [0xfe, 0xff]);
    let mut decoded = if is_utf8 { utf8(bytes) } else { mixed(&bytes) };
    decoded.take_off_padding();
    let head = &decoded.text.as_bytes()[..decoded.text.len().min(FIRST_COLOUR)];
    if memchr(ESCAPE, head).is_some() {
        decoded.take_out_colours();
    }
    decoded
}

/// How many encodings of a file are named: one that changes it with every document has no end of them.
const NAMED: usize = 8;

const ESCAPE: u8 = 0x1b;

/// `text` without the sequences that set a terminal's colours or clear its line: `ESC [ … m`, `ESC [ … K`.
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut parts = text.split(char::from(ESCAPE));
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let numbers = part
            .strip_prefix('[')
            .map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';'));
        if let Some(rest) = numbers.and_then(|rest| rest.strip_prefix(['m', 'K'])) {
            plain.push_str(rest);
        } else {
            plain.push(char::from(ESCAPE));
            plain.push_str(part);
        }
    }
    plain
}

fn mixed(bytes: &[u8]) -> Decoded {
    let segments = Scanner::new(bytes).segments();
    let mut decoded = Decoded::default();
    let mut names: Vec<&str> = Vec::new();
    for segment in &segments {
        decoded.changes.push(decoded.text.len());
        decoded.push(segment, bytes);
        names.push(segment.name());
    }
    decoded.forgive_the_cut(bytes, segments.last().map_or(Encoding::Utf8, |last| last.encoding));
    names.dedup();
    if names.len() > NAMED {
        names.truncate(NAMED);
        names.push("…");
    }
    decoded.encoding = names.join("+");
    decoded.start = if decoded.text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    decoded.digest = Some(Digest::of(bytes));
    decoded
}

fn utf8(bytes: Vec<u8>) -> Decoded {
    let (text, invalid, digest) = match String::from_utf8(bytes) {
        Ok(text) => (text, Vec::new(), None),
        Err(error) => {
            let bytes = error.as_bytes();
            let mut decoded = Decoded::default();
            decoded.push_utf8(bytes, 0);
            decoded.forgive_the_cut(bytes, Encoding::Utf8);
            (decoded.text, decoded.invalid, Some(Digest::of(bytes)))
        }
    };
    let has_mark = text.starts_with(BYTE_ORDER_MARK);
    let start = if has_mark { BYTE_ORDER_MARK.len() } else { 0 };
    let encoding = Segment { encoding: Encoding::Utf8, has_mark, bytes: 0..0 }.name().to_owned();
    let bytes = text.len();
    Decoded { text, start, encoding, invalid, digest, bytes, ..Decoded::default() }
}

impl Segment {
    /// Its name in `summary.json`.
    fn name(&self) -> &'static str {
        match (self.encoding, self.has_mark) {
            (Encoding::Utf8, false) => "utf-8",
            (Encoding::Utf8, true) => "utf-8-bom",
            (Encoding::Utf16Le, false) => "utf-16le",
            (Encoding::Utf16Le, true) => "utf-16le-bom",
            (Encoding::Utf16Be, false) => "utf-16be",
            (Encoding::Utf16Be, true) => "utf-16be-bom",
            (Encoding::Utf32Le, false) => "utf-32le",
            (Encoding::Utf32Le, true) => "utf-32le-bom",
            (Encoding::Utf32Be, false) => "utf-32be",
            (Encoding::Utf32Be, true) => "utf-32be-bom",
        }
    }
}

impl Decoded {
    /// Takes the digest of the file's bytes, before the text is changed.
    pub(super) fn take_digest(&mut self) -> Digest {
        *self.digest.get_or_insert_with(|| Digest::of(&self.text.as_bytes()[..self.bytes]))
    }

    /// Takes a terminal's colours out of the text, if there are any, and tells whether there were. No JSON holds an
    /// escape as it is. Where bytes are no text it is left, since their offsets would be wrong behind it.
    pub(super) fn take_out_colours(&mut self) -> bool {
        let has =
            !self.had_colours && self.invalid.is_empty() && memchr(ESCAPE, self.text.as_bytes()).is_some();
        if has {
            self.take_digest();
            self.text = without_colours(&self.text);
            self.had_colours = true;
        }
        has
    }

    /// Takes off the NUL characters at the end: what systems leave where room was made for a file that was then not
    /// written to its end.
    fn take_off_padding(&mut self) {
        let kept = self.text.trim_end_matches('\0').len();
        self.padding = self.text.len() - kept;
        // A text with NUL characters is never taken for plain UTF-8: its digest is taken already.
        self.text.truncate(kept);
    }

    fn push(&mut self, segment: &Segment, bytes: &[u8]) {
        let (of_segment, offset) = (&bytes[segment.bytes.clone()], segment.bytes.start);
        match segment.encoding {
            Encoding::Utf8 => self.push_utf8(of_segment, offset),
            Encoding::Utf16Le => self.push_utf16(of_segment, offset, u16::from_le_bytes),
            Encoding::Utf16Be => self.push_utf16(of_segment, offset, u16::from_be_bytes),
            Encoding::Utf32Le => self.push_utf32(of_segment, offset, u32::from_le_bytes),
            Encoding::Utf32Be => self.push_utf32(of_segment, offset, u32::from_be_bytes),
        }
    }

    /// A `file` that ends inside a character is cut, as one is that ends behind it: the rest of its text is whole.
    fn forgive_the_cut(&mut self, file: &[u8], encoding: Encoding) {
        let replaced = char::REPLACEMENT_CHARACTER.len_utf8();
        // In UTF-8, a byte that begins no character is no part of one either.
        let is_part = |offset: usize| {
            encoding != Encoding::Utf8
                || str::from_utf8(&file[offset..]).is_err_and(|error| error.error_len().is_none())
        };
        let last = |&(at, offset): &(usize, usize)| {
            at + replaced == self.text.len() && offset + 4 > file.len() && is_part(offset)
        };
        if self.invalid.last().is_some_and(last) {
            self.invalid.pop();
            self.text.truncate(self.text.len() - replaced);
        }
    }

    /// Of bytes that stand one behind the other and are no text, the place of the first is kept.
    fn replace(&mut self, offset: usize) {
        if self.replaced_to != Some(self.text.len()) {
            self.invalid.push((self.text.len(), offset));
        }
        self.text.push(char::REPLACEMENT_CHARACTER);
        self.replaced_to = Some(self.text.len());
    }

    /// How many bytes the places take that are known of the text.
    pub(super) fn places(&self) -> usize {
        size_of_val(&self.invalid[..]) + size_of_val(&self.changes[..])
    }

    fn push_utf8(&mut self, bytes: &[u8], mut offset: usize) {
        self.text.reserve(bytes.len());
        for chunk in bytes.utf8_chunks() {
            self.text.push_str(chunk.valid());
            offset += chunk.valid().len();
            if !chunk.invalid().is_empty() {
                self.replace(offset);
                offset += chunk.invalid().len();
            }
        }
    }

    fn push_utf16(&mut self, bytes: &[u8], mut offset: usize, unit: fn([u8; 2]) -> u16) {
        let (units, rest) = bytes.as_chunks::<2>();
        for decoded in char::decode_utf16(units.iter().map(|bytes| unit(*bytes))) {
            if let Ok(character) = decoded {
                self.text.push(character);
                offset += 2 * character.len_utf16();
            } else {
                self.replace(offset);
                offset += 2;
            }
        }
        self.push_rest(rest, offset);
    }

    fn push_utf32(&mut self, bytes: &[u8], offset: usize, unit: fn([u8; 4]) -> u32) {
        let (units, rest) = bytes.as_chunks::<4>();
        for (number, bytes) in units.iter().enumerate() {
            match char::from_u32(unit(*bytes)) {
                Some(character) => self.text.push(character),
                None => self.replace(offset + 4 * number),
            }
        }
        self.push_rest(rest, offset + 4 * units.len());
    }

    /// A part of a character at the end: half a line break is what is left where lines are joined as bytes.
    fn push_rest(&mut self, rest: &[u8], offset: usize) {
        if !rest.iter().all(|byte| *byte == 0 || byte.is_ascii_whitespace()) {
            self.replace(offset);
        }
    }
}

/// Finds where the encoding changes.
struct Scanner<'b> {
    bytes: &'b [u8],
    at: usize,
    encoding: Encoding,
    depth: u64,
    in_string: bool,
    is_escaped: bool,
}

impl<'b> Scanner<'b> {
    fn new(bytes: &'b [u8]) -> Self {
        Scanner { bytes, at: 0, encoding: Encoding::Utf8, depth: 0, in_string: false, is_escaped: false }
    }

    fn segments(mut self) -> Vec<Segment> {
        let whole = 0..self.bytes.len();
        match *self.bytes {
            [0xff, 0xfe, 0, 0, ..] => {
                return vec![Segment { encoding: Encoding::Utf32Le, has_mark: true, bytes: whole }];
            }
            [0, 0, 0xfe, 0xff, ..] => {
                return vec![Segment { encoding: Encoding::Utf32Be, has_mark: true, bytes: whole }];
            }
            [a, 0, 0, 0, ..] if begins_document(a) => {
                return vec![Segment { encoding: Encoding::Utf32Le, has_mark: false, bytes: whole }];
            }
            [0, 0, 0, d, ..] if begins_document(d) => {
                return vec![Segment { encoding: Encoding::Utf32Be, has_mark: false, bytes: whole }];
            }
            _ => {}
        }
        let mut segments: Vec<Segment> = Vec::new();
        while self.at < self.bytes.len() {
            let change =
                if self.depth == 0 || self.encoding == Encoding::Utf8 { self.change() } else { None };
            if change.is_some() || segments.is_empty() {
                let (encoding, has_mark) = change.unwrap_or((Encoding::Utf8, false));
                if let Some(last) = segments.last_mut() {
                    last.bytes.end = self.at;
                }
                segments.push(Segment { encoding, has_mark, bytes: self.at..self.bytes.len() });
                self.encoding = encoding;
                (self.depth, self.in_string, self.is_escaped) = (0, false, false);
                self.at += if has_mark { mark_length(encoding) } else { 0 };
                continue;
            }
            self.step();
        }
        segments
    }

    /// The encoding that begins here, if it is another one, or the same with a byte order mark.
    fn change(&self) -> Option<(Encoding, bool)> {
        let rest = &self.bytes[self.at..];
        let marks: [(&[u8], Encoding); 3] = [
            (&[0xff, 0xfe], Encoding::Utf16Le),
            (&[0xfe, 0xff], Encoding::Utf16Be),
            (&[0xef, 0xbb, 0xbf], Encoding::Utf8),
        ];
        // The two bytes of a mark of UTF-16 stand in no UTF-8, so that it counts inside a cut document, too.
        for (mark, encoding) in marks {
            if rest.starts_with(mark) && (self.depth == 0 || encoding != Encoding::Utf8) {
                return Some((encoding, true));
            }
        }
        if self.depth > 0 {
            return None;
        }
        let is_text = |byte: u8| byte != 0 && byte.is_ascii();
        let found = match *rest {
            [a, 0, c, 0, ..] if is_text(a) && c != 0 => Encoding::Utf16Le,
            [0, b, 0, d, ..] if is_text(b) && d != 0 => Encoding::Utf16Be,
            [b'H', b'T', b'T', b'P', b'/', ..] => Encoding::Utf8,
            // In UTF-16 these two would be one character that begins no document.
            [a, b, ..] if begins_document(a) && is_text(b) => Encoding::Utf8,
            _ => return None,
        };
        (found != self.encoding).then_some((found, false))
    }

    /// One code unit further.
    fn step(&mut self) {
        let rest = &self.bytes[self.at..];
        let (unit, length) = match (self.encoding, rest) {
            (Encoding::Utf16Le, [low, high, ..]) => (u16::from_le_bytes([*low, *high]), 2),
            (Encoding::Utf16Be, [high, low, ..]) => (u16::from_be_bytes([*high, *low]), 2),
            _ => (u16::from(rest[0]), 1),
        };
        self.at += length;
        let unit = u8::try_from(unit).unwrap_or(0);
        if self.is_escaped {
            self.is_escaped = false;
            return;
        }
        match unit {
            b'\\' if self.in_string => self.is_escaped = true,
            // A quote outside of brackets is one of text around documents.
            b'"' if self.depth > 0 => self.in_string = !self.in_string,
            b'{' | b'[' if !self.in_string => self.depth += 1,
            b'}' | b']' if !self.in_string => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

/// In bytes.
fn mark_length(encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => 3,
        Encoding::Utf16Le | Encoding::Utf16Be => 2,
        Encoding::Utf32Le | Encoding::Utf32Be => 4,
    }
}

/// A bracket, or what may stand before one.
fn begins_document(byte: u8) -> bool {
    matches!(byte, b'{' | b'[' | b'/' | b' ' | b'\t' | b'\r' | b'\n')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn invalid_bytes_are_told_with_their_offset_in_the_file() {
        let decoded = decode(b"ab\xff\xfecd\xed".to_vec());
        assert_eq!(decoded.text, "ab\u{fffd}\u{fffd}cd");
        assert_eq!(
            decoded.invalid,
            [(2, 2)],
            "of two in a row the first; a character that the end cut is none"
        );
    }

    #[test]
    fn a_byte_order_mark_is_no_text() {
        let decoded = decode("\u{feff}{}".into());
        assert_eq!((decoded.start, decoded.encoding.as_str()), (3, "utf-8-bom"));
    }

    fn encode(text: &str, encoding: Encoding, has_mark: bool) -> Vec<u8> {
        let mark = if has_mark { BYTE_ORDER_MARK } else { "" };
        let marked = format!("{mark}{text}");
        match encoding {
            Encoding::Utf8 => marked.into_bytes(),
            Encoding::Utf16Le => marked.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => marked.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Encoding::Utf32Le => marked.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(),
            Encoding::Utf32Be => marked.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect(),
        }
    }

    #[test]
    fn of_encodings_without_end_the_first_are_named() {
        let other = encode("{}\n", Encoding::Utf16Le, true);
        let file = |documents: usize| [b"{}\n".as_slice(), &other].concat().repeat(documents / 2);
        assert_eq!(decode(file(8)).encoding, ["utf-8+utf-16le-bom"; 4].join("+"));
        let decoded = decode(file(2_000));
        assert_eq!(decoded.encoding, format!("{}+…", ["utf-8+utf-16le-bom"; 4].join("+")));
        assert_eq!(decoded.text.matches("{}").count(), 2_000);
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "{\"a\": \"é 李 😀 \\\"[\"}\r\n";
        for (encoding, has_mark, name) in [
            (Encoding::Utf8, false, "utf-8"),
            (Encoding::Utf8, true, "utf-8-bom"),
            (Encoding::Utf16Le, false, "utf-16le"),
            (Encoding::Utf16Le, true, "utf-16le-bom"),
            (Encoding::Utf16Be, false, "utf-16be"),
            (Encoding::Utf16Be, true, "utf-16be-bom"),
            (Encoding::Utf32Le, false, "utf-32le"),
            (Encoding::Utf32Le, true, "utf-32le-bom"),
            (Encoding::Utf32Be, false, "utf-32be"),
            (Encoding::Utf32Be, true, "utf-32be-bom"),
        ] {
            let decoded = decode(encode(text, encoding, has_mark));
            assert_eq!(decoded.text[decoded.start..], *text, "{name}");
            assert_eq!((decoded.encoding.as_str(), decoded.invalid.len()), (name, 0));
        }
    }

    #[test]
    fn half_a_character_at_the_end_is_invalid_and_half_a_line_break_is_none() {
        let mut cut = encode("{\"a\": \"é\"", Encoding::Utf16Le, true);
        cut.extend([0x7d]);
        let decoded = decode(cut);
        assert_eq!((decoded.text.as_str(), decoded.invalid.len()), ("\u{feff}{\"a\": \"é\"", 0), "it is cut");
        assert_eq!(decode(b"{\"a\":\"\xc3".to_vec()).invalid.len(), 0);
        assert_eq!(decode(b"{\"a\":\"\xff\xff \xff\xff\"}".to_vec()).invalid, [(6, 6), (13, 9)]);
        let mut broken = encode("{}\r\n", Encoding::Utf16Le, true);
        broken.extend(b"\n");
        let decoded = decode(broken);
        assert_eq!((decoded.text.as_str(), decoded.invalid.len()), ("\u{feff}{}\r\n", 0));
        let lone = [0x7b_u16, 0x22, 0xd83d, 0x22].into_iter().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(lone).invalid, [(2, 4)]);
    }

    #[test]
    fn colours_are_taken_out_and_nothing_else() {
        let decoded = decode(b"{\x1b[94m\"a\"\x1b[39;49;00m:\x1b[37m \x1b[0m1} \x1b]x\x1b".to_vec());
        assert_eq!((decoded.text.as_str(), decoded.had_colours), ("{\"a\": 1} \x1b]x\x1b", true));
    }

    #[test]
    fn nul_bytes_behind_a_page_are_no_other_encoding() {
        let decoded = decode(b"{}\n\0\0\0\0\0\0".to_vec());
        assert_eq!((decoded.text.as_str(), decoded.encoding.as_str()), ("{}\n", "utf-8"));
        assert_eq!(decoded.padding, 6);
    }

    #[test]
    fn a_byte_order_mark_alone_is_an_empty_text() {
        for (mark, encoding) in [
            (&b"\xff\xfe"[..], "utf-16le-bom"),
            (b"\xfe\xff", "utf-16be-bom"),
            (b"\xef\xbb\xbf", "utf-8-bom"),
        ] {
            let decoded = decode(mark.to_vec());
            assert_eq!((&decoded.text[decoded.start..], decoded.encoding.as_str()), ("", encoding));
            assert!(decoded.invalid.is_empty());
        }
    }

    #[test]
    fn a_byte_that_begins_no_character_is_no_cut() {
        for (bytes, is_cut) in
            [(&b"{}\xff"[..], false), (b"{}\xe5", true), (b"{}\xf0\x9f\x98", true), (b"{}\x80", false)]
        {
            assert_eq!(decode(bytes.to_vec()).invalid.is_empty(), is_cut, "{bytes:?}");
        }
    }

    prop_compose! {
        fn document()(key in "[a-zé李😀\\[{]{1,9}", value in "\\PC{0,9}", spaces in "( |\r\n){0,2}") -> String {
            let text = serde_json::json!({key: [value, 1]}).to_string();
            format!("{text}{spaces}\r\n")
        }
    }

    fn encoding() -> impl Strategy<Value = Encoding> {
        prop_oneof![Just(Encoding::Utf8), Just(Encoding::Utf16Le)]
    }

    proptest! {
        /// What `>>` of one shell and of another makes of a file.
        #[test]
        fn documents_of_any_encodings_stand_in_one_file(
            documents in prop::collection::vec((document(), encoding(), any::<bool>()), 1..5)
        ) {
            let bytes = documents.iter().flat_map(|(text, encoding, mark)| encode(text, *encoding, *mark));
            let decoded = decode(bytes.collect());
            let expected: String = documents.iter().map(|(text, ..)| text.as_str()).collect();
            prop_assert_eq!(decoded.text.replace(BYTE_ORDER_MARK, ""), expected.replace(BYTE_ORDER_MARK, ""));
            prop_assert_eq!(decoded.invalid, []);
        }
    }
}
