//! Text → documents, and of each document an outline: where its members and elements lie.
//!
//! An outline is found by matching brackets outside strings, without reading a value, so that one bad item
//! never costs its page, a page cut short is used up to the cut, and items can be read in parallel
//! (contract, section 10). Whether a value is JSON is found out by [`super::reader`] when it is read.

use std::ops::Range;

use super::reader::{self, ReadError, ReadErrorKind, skip_blank};

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

/// What the text of a file holds, in order.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Document(Document),
    /// Text that begins no JSON value.
    Stray(ReadError),
}

/// Splits the part of `text` from byte `at` on into documents: one, several on lines of their own
/// (NDJSON), or several back to back.
pub(super) fn split(text: &str, mut at: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    // Once a line of NDJSON was cut, documents end with their line; and text in front of a bracket is tried
    // only so often. Both keep a file of nothing but damage from being read again and again.
    let mut by_line = false;
    let mut tries = CANDIDATE_TRIES;
    loop {
        at = match skip_blank(text, at) {
            Ok(at) => at,
            Err(error) => {
                pieces.push(Piece::Stray(error));
                error.at
            }
        };
        if text[at..].starts_with('\u{feff}') {
            at += '\u{feff}'.len_utf8();
            continue;
        }
        let Some(byte) = text.as_bytes().get(at) else { return pieces };
        let stray = if begins_value(*byte) {
            let document = document(text, at, &mut by_line);
            match stray_scalar(text, &document) {
                None => {
                    at = document.span.end;
                    pieces.push(Piece::Document(document));
                    continue;
                }
                Some(error) => error,
            }
        } else {
            ReadError { at, kind: ReadErrorKind::Expected("a JSON document") }
        };
        if !matches!(pieces.last(), Some(Piece::Stray(before)) if before.at == stray.at) {
            pieces.push(Piece::Stray(stray));
        }
        at = next_candidate(text, at, &mut tries);
    }
}

/// How often text in front of a bracket is tried as a document of its own line.
const CANDIDATE_TRIES: u32 = 16;

/// The document that begins at byte `at`. One that runs over a line which is a document itself, and is cut or
/// breaks where a line begins, was a line of NDJSON: it ends before that line.
fn document(text: &str, at: usize, by_line: &mut bool) -> Document {
    if *by_line {
        return outline(&text[..line_end(text, at)], at);
    }
    let whole = outline(text, at);
    let Some(fault) = whole.fault else { return whole };
    let mut first = None;
    let mut line = line_end(text, at);
    while line < whole.span.end {
        let end = line_end(text, line);
        if first.is_none() && is_document(&text[..end], line) {
            first = Some(line);
        }
        // A string without its closing quote breaks inside the line it ran into.
        let breaks_here = fault.at == line || (first == Some(line) && (line..end).contains(&fault.at));
        if let Some(first) = first.filter(|_| breaks_here || fault.kind == ReadErrorKind::Cut) {
            *by_line = true;
            return outline(&text[..first], at);
        }
        line = end;
    }
    whole
}

/// The byte behind the line that byte `at` stands in.
fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

/// Whether what begins at byte `at` is a bracketed document without fault, with nothing behind it.
fn is_document(text: &str, at: usize) -> bool {
    text[at..].starts_with(['{', '[']) && {
        let document = outline(text, at);
        document.fault.is_none() && text[document.span.end..].trim_ascii().is_empty()
    }
}

/// What is wrong with a root that is no bracket and no JSON either: text, not a document.
fn stray_scalar(text: &str, document: &Document) -> Option<ReadError> {
    if document.root != Root::Scalar {
        return None;
    }
    let error = reader::read(&text[document.span.clone()]).err()?;
    let kind = match error.kind {
        ReadErrorKind::Expected(_) => ReadErrorKind::Expected("a JSON document"),
        other => other,
    };
    Some(ReadError { at: document.span.start, kind })
}

fn begins_value(byte: u8) -> bool {
    matches!(byte, b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n')
}

/// Behind text that is no JSON, a bracket on the same line that begins a document, else the next line that
/// begins with a bracket.
fn next_candidate(text: &str, at: usize, tries: &mut u32) -> usize {
    let end = line_end(text, at);
    let first = text[at..].chars().next().map_or(0, char::len_utf8);
    if let Some(bracket) = text[at + first..end].find(['{', '[']).filter(|_| *tries > 0) {
        *tries -= 1;
        if outline(text, at + first + bracket).fault.is_none() {
            return at + first + bracket;
        }
    }
    let mut line = end;
    while line < text.len() {
        let start = text[line..].trim_start_matches([' ', '\t', '\u{1e}', '\u{feff}']);
        if start.starts_with(['{', '[']) {
            return text.len() - start.len();
        }
        line = line_end(text, line);
    }
    text.len()
}

/// Outlines the value that begins at byte `at`.
pub(super) fn outline(text: &str, at: usize) -> Document {
    let mut scan = Scan { text, at, fault: None, open_element: None };
    let root = match text.as_bytes().get(at) {
        Some(b'{') => Root::Object(scan.members()),
        Some(b'[') => Root::Array(scan.elements()),
        _ => {
            scan.skip_value();
            Root::Scalar
        }
    };
    Document { span: at..scan.at, root, fault: scan.fault, open_element: scan.open_element }
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    fault: Option<ReadError>,
    open_element: Option<usize>,
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Notes that `what` should stand here; only the first fault of a document is kept.
    fn expected(&mut self, what: &'static str) {
        let cut = self.at >= self.text.len();
        let kind = if cut { ReadErrorKind::Cut } else { ReadErrorKind::Expected(what) };
        self.fault.get_or_insert(ReadError { at: self.at, kind });
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
            members.push(member);
            if !self.skip_blank() {
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
            self.at = matching_end(self.text, start).unwrap_or(self.text.len());
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
                    elements.push(element);
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
            Some(b'{' | b'[') => matching_end(self.text, start),
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

/// The byte behind the quote that closes the string which begins at `start`.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += reader::plain_run(bytes.get(at..)?)?;
        match bytes[at] {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// The byte behind a number, a word, or whatever else stands there without quotes or brackets.
fn scalar_end(text: &str, start: usize) -> usize {
    let stop = |c: char| matches!(c, ',' | ']' | '}' | '{' | '[' | '"' | '/') || c.is_ascii_whitespace();
    let first = text[start..].chars().next().map_or(0, char::len_utf8);
    text[start + first..].find(stop).map_or(text.len(), |end| start + first + end)
}

/// The byte behind the bracket that closes the one at `start`; `None` where the text ends before.
///
/// A closing bracket of the wrong kind closes what was left open inside the one it fits; where it fits none,
/// it is taken for the right one. So a bad item ends where its own bracket does.
fn matching_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut open = Open::default();
    let mut at = start;
    loop {
        match *bytes.get(at)? {
            b'"' => {
                at = string_end(bytes, at)?;
                continue;
            }
            b'/' if matches!(bytes.get(at + 1), Some(b'/' | b'*')) => {
                at = skip_blank(text, at).ok()?;
                continue;
            }
            b'{' => open.push(b'}'),
            b'[' => open.push(b']'),
            close @ (b'}' | b']') => {
                open.close(close);
                if open.closers.is_empty() {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// The brackets that are open, by what closes them, and how many of them are braces.
#[derive(Default)]
struct Open {
    closers: Vec<u8>,
    braces: usize,
}

impl Open {
    fn push(&mut self, closer: u8) {
        self.closers.push(closer);
        self.braces += usize::from(closer == b'}');
    }

    fn close(&mut self, closer: u8) {
        let of_kind = if closer == b'}' { self.braces } else { self.closers.len() - self.braces };
        while let Some(closed) = self.closers.pop() {
            self.braces -= usize::from(closed == b'}');
            if closed == closer || of_kind == 0 {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(text: &str) -> Vec<Document> {
        let only = |piece| match piece {
            Piece::Document(document) => document,
            Piece::Stray(error) => panic!("stray text in {text}: {error}"),
        };
        split(text, 0).into_iter().map(only).collect()
    }

    /// The elements of the first array member, and the fault.
    fn elements(text: &str) -> (Vec<&str>, Option<ReadErrorKind>) {
        let document = documents(text).remove(0);
        let Root::Object(members) = document.root else { panic!("no object: {text}") };
        let spans = members.into_iter().find_map(|member| member.elements).unwrap_or_default();
        (spans.into_iter().map(|span| &text[span]).collect(), document.fault.map(|fault| fault.kind))
    }

    #[test]
    fn documents_stand_on_lines_or_back_to_back() {
        for text in ["{\"a\":1}\n\n{\"b\":2}\n[3]", "{\"a\":1}{\"b\":2}[3]", " {} \r\n[] // x\n {}"] {
            assert_eq!(documents(text).len(), 3, "{text}");
        }
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
            assert_eq!(documents(text)[0].span, 0..text.len(), "{text}");
        }
    }

    #[test]
    fn text_between_documents_is_stray_and_costs_none() {
        let pieces = split("note: see below\nmore\n{\"a\":1}\n} {\n[2]", 0);
        let kinds: Vec<_> = pieces.iter().map(|piece| matches!(piece, Piece::Document(_))).collect();
        assert_eq!(kinds, [false, true, false, true]);
    }

    #[test]
    fn a_cut_line_costs_no_line_behind_it() {
        for cut in ["{\"a\":[1", "{\"value\":", "{\"a\":\"x"] {
            let documents = documents(&format!("{cut}\n{{\"b\":1}}\n{cut}\n[2]\n"));
            let whole: Vec<bool> = documents.iter().map(|document| document.fault.is_none()).collect();
            assert_eq!(whole, [false, true, false, true], "{cut}");
        }
    }

    #[test]
    fn a_document_behind_a_mark_or_text_on_its_line_is_found() {
        for text in
            ["\u{feff}{\"a\":1}\n\u{feff}{\"b\":2}", "{\"a\":1},{\"b\":2}", "x {\"a\":1}\n\u{1e}{\"b\":2}"]
        {
            let found = split(text, 0).iter().filter(|piece| matches!(piece, Piece::Document(_))).count();
            assert_eq!(found, 2, "{text}");
        }
    }

    #[test]
    fn a_million_wrong_brackets_are_linear() {
        let text = format!("{}{}", "[".repeat(500_000), "}".repeat(500_000));
        assert_eq!(matching_end(&text, 0), Some(text.len()));
    }
}
