//! Text → documents: one in a file, several on lines of their own, or several back to back.
//!
//! Text between documents is told and stepped over, and a document that is cut costs none behind it
//! (contract, section 10).

use super::outline::{Document, Root, begins_value, outline};
use super::reader::{self, ReadError, ReadErrorKind, skip_blank};

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
    let mut lines = Lines { text, end: 0 };
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
            let document = document(&mut lines, at, &mut by_line);
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
        at = next_candidate(&mut lines, at, &mut tries);
    }
}

/// How often a bracket behind text may turn out to begin no document.
const CANDIDATE_TRIES: u32 = 16;

/// The document that begins at byte `at`. One that runs over a line which is a document itself, and is cut or
/// breaks where a line begins, was a line of NDJSON: it ends before that line.
fn document(lines: &mut Lines<'_>, at: usize, by_line: &mut bool) -> Document {
    let text = lines.text;
    if *by_line {
        return outline(&text[..lines.end_of(at)], at);
    }
    let whole = outline(text, at);
    let Some(fault) = whole.fault else { return whole };
    let mut first = None;
    let mut line = lines.end_of(at);
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

/// The ends of lines, each looked for once.
struct Lines<'t> {
    text: &'t str,
    end: usize,
}

impl Lines<'_> {
    /// The byte behind the line that byte `at` stands in; calls go from front to back.
    fn end_of(&mut self, at: usize) -> usize {
        if at >= self.end {
            self.end = line_end(self.text, at);
        }
        self.end
    }
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

/// Behind text that is no JSON, a bracket on the same line that begins a document, else the next line that
/// begins with a bracket.
fn next_candidate(lines: &mut Lines<'_>, at: usize, tries: &mut u32) -> usize {
    let (text, end) = (lines.text, lines.end_of(at));
    let first = text[at..].chars().next().map_or(0, char::len_utf8);
    if let Some(bracket) = text[at + first..end].find(['{', '[']).filter(|_| *tries > 0) {
        if outline(text, at + first + bracket).fault.is_none() {
            return at + first + bracket;
        }
        *tries -= 1;
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

    #[test]
    fn documents_stand_on_lines_or_back_to_back() {
        for text in ["{\"a\":1}\n\n{\"b\":2}\n[3]", "{\"a\":1}{\"b\":2}[3]", " {} \r\n[] // x\n {}"] {
            assert_eq!(documents(text).len(), 3, "{text}");
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
}
