//! Text → documents: one in a file, several on lines of their own, or several back to back, behind HTTP heads or
//! between the fences of Markdown, or as text inside a JSON string.
//!
//! Text between documents is told and stepped over, and a document that is cut costs none behind it
//! (contract, section 10).

use crate::model::Json;

use super::http::{self, Head, Heads};
use super::limits::Held;
use super::lines::{HEAD_LINE, Lines, line_end};
use super::outline::{Document, Member, Root, begins_value, key_text};
use super::read_error::{ReadError, ReadErrorKind};
use super::reader;
use super::skip::skip_blank;

/// What the text of a file holds, in order.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Document(Document),
    /// HTTP heads in front of what follows.
    Heads(Heads),
    /// A line that begins or ends a block of code in Markdown.
    Fence,
    /// Text that begins no JSON value.
    Stray(ReadError),
}

impl Piece {
    /// The document, `None` of anything else.
    pub(super) fn document(&self) -> Option<&Document> {
        match self {
            Piece::Document(document) => Some(document),
            Piece::Heads(_) | Piece::Fence | Piece::Stray(_) => None,
        }
    }

    /// How many bytes it takes beside itself.
    fn parts(&self) -> usize {
        match self {
            Piece::Document(document) => document.parts(),
            Piece::Heads(heads) => heads.blocks.len() * size_of::<Head>(),
            Piece::Fence | Piece::Stray(_) => 0,
        }
    }
}

/// Splits `text` from byte `at` on as [`split`] does. A document that is a string with JSON in it, as a shell writes
/// that was given a text for an object, is taken for what is in it: that is added to the end of `text`. Tells whether
/// there is such a one.
pub(super) fn documents(text: &mut String, at: usize, held: &Held) -> (Vec<Piece>, bool) {
    let found = split(text, at, held);
    let strings = found.iter().enumerate().filter_map(|(position, piece)| {
        let inner = embedded(text, piece.document()?)?;
        Some((position, inner))
    });
    let strings: Vec<(usize, String)> = strings.collect();
    if strings.is_empty() {
        return (found, false);
    }
    let mut strings = strings.into_iter().peekable();
    let mut pieces = Vec::new();
    for (position, piece) in found.into_iter().enumerate() {
        let Some((_, inner)) = strings.next_if(|(of, _)| *of == position) else {
            pieces.push(piece);
            continue;
        };
        // What stands at the end of the file's own text is not what was added.
        text.push('\n');
        let start = text.len();
        text.push_str(&inner);
        held.keep(inner.len() as u64);
        pieces.extend(split(text, start, held));
    }
    (pieces, true)
}

/// The JSON in a document that is a string, or such a string in the object that `Get-Content` makes of it.
fn embedded(text: &str, document: &Document) -> Option<String> {
    let string = match &document.root {
        Root::Scalar => document.span.clone(),
        Root::Object(members) => {
            let of = |name: &str| members.iter().find(|member| key_text(text, member) == name);
            of("PSPath").and(of("value"))?.value.clone()
        }
        Root::Array(_) => return None,
    };
    if !text[string.clone()].starts_with('"') {
        return None;
    }
    match reader::read(&text[string]).ok()?.value {
        Json::String(inner) if inner.trim_start().starts_with(['{', '[']) => Some(inner.into_owned()),
        _ => None,
    }
}

/// Splits the part of `text` from byte `at` on into documents: one, several on lines of their own
/// (NDJSON), or several back to back. All of them are `held`; where there is no room for more, it ends.
pub(super) fn split(text: &str, mut at: usize, held: &Held) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    // Once a line of NDJSON was cut, documents end with their line; and text in front of a bracket is tried
    // only so often. Both keep a file of nothing but damage from being read again and again.
    let mut by_line = false;
    let mut tries = CANDIDATE_TRIES;
    let mut lines = Lines::of(text, at, held);
    let mut kept = 0;
    loop {
        for piece in &pieces[kept..] {
            if !held.keep_document(piece.parts()) {
                return pieces;
            }
        }
        kept = pieces.len();
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
        if text[at..].starts_with(FENCE) {
            pieces.push(Piece::Fence);
            at = lines.end_of(at);
            continue;
        }
        if let Some(behind) = separator(text, at, &mut lines) {
            at = behind;
            continue;
        }
        // Progress of curl begins with digits, its counts with a bracket.
        if let Some(heads) = http::heads_in_line(text, at, lines.rest_of(at)) {
            at = heads.end;
            lines.any_heads = true;
            pieces.push(Piece::Heads(heads));
            continue;
        }
        let stray = if begins_value(*byte) {
            let document = document(&mut lines, at, &mut by_line);
            match stray_scalar(&mut lines, &document) {
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
        at = next_candidate(&mut lines, at, by_line, &mut tries);
    }
}

/// What stands around a block of code in Markdown.
const FENCE: &str = "```";

/// How often a bracket behind text may turn out to begin no document.
const CANDIDATE_TRIES: u32 = 16;

/// The byte behind a mark that stands between documents and says nothing: a comma or semicolon, a record separator
/// (RFC 7464), the end that DOS sets, a line of dashes.
fn separator(text: &str, at: usize, lines: &mut Lines<'_>) -> Option<usize> {
    match text.as_bytes()[at] {
        b',' | b';' | 0x1e | 0x1a => Some(at + 1),
        b'-' | b'=' => {
            let (line, _) = lines.rest_of(at);
            let dashes = line.bytes().take_while(|byte| matches!(byte, b'-' | b'=')).count();
            let is_all = dashes >= 3 && line[dashes..].chars().all(char::is_whitespace);
            is_all.then_some(at + dashes)
        }
        _ => None,
    }
}

/// The document that begins at byte `at`. One that runs over a line which is a document itself, and is cut or
/// breaks where a line begins, was a line of NDJSON: it ends before that line. One that runs over a whole page is
/// a page that was cut: it ends before that page. And no JSON holds a line that begins like an HTTP head.
fn document(lines: &mut Lines<'_>, at: usize, by_line: &mut bool) -> Document {
    let text = lines.text;
    if *by_line {
        let end = lines.end_of(at).min(lines.head_behind(at));
        return lines.outline(&text[..end], at);
    }
    let mut reach = FIRST_REACH;
    loop {
        let all = lines.head_behind(at);
        let end = if lines.patience > 0 { all } else { lines.boundary(at.saturating_add(reach)).min(all) };
        match document_in(lines, &text[..end], at, end < all, by_line) {
            Some(found) if end == all || found.span.end < end => return found,
            Some(_) => reach = reach.saturating_mul(2),
            // It runs over a head, and ends before that.
            None => {}
        }
    }
}

/// The document that begins at byte `at` of `text`; `None` where it runs over the first head that is seen. Of a part of
/// the text, what runs to its end may be whole: that it is cut is told by a page inside it alone.
fn document_in(
    lines: &mut Lines<'_>,
    text: &str,
    at: usize,
    is_part: bool,
    by_line: &mut bool,
) -> Option<Document> {
    let whole = lines.outline(text, at);
    let Some(fault) = whole.fault else { return Some(whole) };
    if !lines.any_heads && text[at..whole.span.end].contains(HEAD_LINE) {
        lines.any_heads = true;
        return None;
    }
    let is_cut = fault.kind == ReadErrorKind::Cut && !is_part;
    let mut first = None;
    let mut line = lines.end_of(at);
    while line < whole.span.end {
        let end = line_end(text, line);
        if first.is_none() && lines.is_document(&text[..end], line) {
            first = Some(line);
        }
        // A string without its closing quote breaks inside the line it ran into.
        let breaks_here = fault.at == line || (first == Some(line) && (line..end).contains(&fault.at));
        if let Some(first) = first.filter(|_| breaks_here || is_cut) {
            *by_line = true;
            return Some(lines.outline(&text[..first], at));
        }
        line = end;
    }
    Some(match page_inside(lines, text, &whole) {
        Some(page) => lines.outline(&text[..page], at),
        None => whole,
    })
}

/// How many pages inside a broken page are looked at.
const PAGE_TRIES: usize = 64;

/// Where in a page that is broken another one begins that is whole: what stands between was lost. In anything else that
/// is broken, only a line that begins with a whole page is one: what is broken ran into it.
fn page_inside(lines: &mut Lines<'_>, text: &str, broken: &Document) -> Option<usize> {
    let Root::Object(members) = &broken.root else { return None };
    let is_page_key = |key: &str| {
        key.eq_ignore_ascii_case("value")
            || key.starts_with("@odata.")
            || ["@context", "@nextLink"].contains(&key)
    };
    let is_page = members.iter().any(|member| is_page_key(&key_text(text, member)));
    let inside = &text[..broken.span.end];
    let behind_key = |mark: &'static str| {
        inside[broken.span.start + 1..].match_indices(mark).filter_map(move |(found, _)| {
            let before = inside[..broken.span.start + 1 + found].trim_end_matches([' ', '\t', '\r', '\n']);
            before.ends_with('{').then(|| before.len() - 1)
        })
    };
    let at_line =
        inside[broken.span.start + 1..].match_indices("\n{").map(|(found, _)| broken.span.start + found + 2);
    let keys = ["\"@odata.context\"", "\"@context\""].into_iter().filter(|_| is_page).flat_map(behind_key);
    let mut begins: Vec<usize> = keys.chain(at_line).collect();
    begins.sort_unstable();
    begins.dedup();
    let is_whole_page = |&at: &usize| {
        let found = lines.outline(text, at);
        match &found.root {
            Root::Object(members) => {
                let has_value = |member: &Member| {
                    member.elements.is_some() && key_text(text, member).eq_ignore_ascii_case("value")
                };
                let is_enveloped = |member: &Member| key_text(text, member).starts_with('@');
                found.fault.is_none()
                    && members.iter().any(has_value)
                    && (is_page || members.iter().any(is_enveloped))
            }
            Root::Array(_) | Root::Scalar => false,
        }
    };
    // What was read whole is the page's own.
    let spans = members.iter().flat_map(|member| {
        let elements = member
            .elements
            .as_ref()
            .map_or(member.value.end, |elements| elements.last().map_or(0, |last| last.end));
        [member.key.end, elements]
    });
    let own = spans.chain(broken.open_element).max().unwrap_or(0).max(broken.span.start);
    begins.into_iter().filter(|at| *at > own).take(PAGE_TRIES).find(is_whole_page)
}

/// How much of a text a document is looked for in at first, once all patience is gone, in bytes. It is doubled until
/// the document ends inside it.
const FIRST_REACH: usize = 1 << 10;

/// What is wrong with a root that is no bracket and no JSON either, or one of a row of values: text, not a document.
fn stray_scalar(lines: &mut Lines<'_>, document: &Document) -> Option<ReadError> {
    if document.root != Root::Scalar {
        return None;
    }
    let kind = match reader::read(&lines.text[document.span.clone()]).err().map(|error| error.kind) {
        None if !is_in_a_row(lines, document) => return None,
        None | Some(ReadErrorKind::Expected(_)) => ReadErrorKind::Expected("a JSON document"),
        Some(other) => other,
    };
    Some(ReadError { at: document.span.start, kind })
}

/// Whether a value that is no bracket is the first of a row of them, as in CSV. Where a string holds JSON, here or
/// further on, strings are documents.
fn is_in_a_row(lines: &mut Lines<'_>, document: &Document) -> bool {
    let text = lines.text;
    let behind = text[document.span.end..].trim_start_matches([' ', '\t']);
    let holds_json = || ["\"{", "\"["].iter().any(|mark| text[document.span.start..].contains(mark));
    behind.starts_with([',', ';', '"']) && !*lines.json_in_strings.get_or_insert_with(holds_json)
}

/// Behind text that is no JSON, a bracket on the same line that begins a document, else the next line that
/// begins with a bracket.
fn next_candidate(lines: &mut Lines<'_>, at: usize, by_line: bool, tries: &mut u32) -> usize {
    let (text, end) = (lines.text, lines.end_of(at));
    let first = text[at..].chars().next().map_or(0, char::len_utf8);
    if let Some(bracket) = text[at + first..end].find(['{', '[']).filter(|_| *tries > 0) {
        let bracket = at + first + bracket;
        // What is whole in all of the text, and will be cut before its end, would be run over once more each time.
        let is_found = if lines.patience > 0 {
            lines.outline(text, bracket).fault.is_none()
        } else {
            by_line || document(lines, bracket, &mut false).fault.is_none()
        };
        if is_found {
            return bracket;
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

/// Splits a whole text.
#[cfg(test)]
pub(super) fn split_all(text: &str) -> Vec<Piece> {
    split(text, 0, &Held::new(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::super::lines::PATIENCE;
    use super::super::outline::work;
    use super::*;

    fn documents(text: &str) -> Vec<Document> {
        let only = |piece| match piece {
            Piece::Document(document) => document,
            other => panic!("no document in {text}: {other:?}"),
        };
        split_all(text).into_iter().map(only).collect()
    }

    #[test]
    fn documents_stand_on_lines_or_back_to_back() {
        for text in ["{\"a\":1}\n\n{\"b\":2}\n[3]", "{\"a\":1}{\"b\":2}[3]", " {} \r\n[] // x\n {}"] {
            assert_eq!(documents(text).len(), 3, "{text}");
        }
    }

    #[test]
    fn text_between_documents_is_stray_and_costs_none() {
        let pieces = split_all("note: see below\nmore\n{\"a\":1}\n} {\n[2]");
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
    fn heads_and_fences_stand_around_documents() {
        let text = "```json\n{\"a\":1}\n```\nHTTP/1.1 200 OK\n\n{\"b\":[\nHTTP/2 200\n\n{\n \"c\":1}\n";
        let kinds: Vec<char> = split_all(text)
            .iter()
            .map(|piece| match piece {
                Piece::Document(document) if document.fault.is_some() => 'c',
                Piece::Document(_) => 'd',
                Piece::Heads(_) => 'h',
                Piece::Fence => 'f',
                Piece::Stray(_) => 's',
            })
            .collect();
        assert_eq!(kinds, ['f', 'd', 'f', 'h', 'c', 'h', 'd']);
    }

    #[test]
    fn a_cut_page_costs_no_page_behind_it() {
        let page = |id: &str| {
            format!("{{\n \"@odata.context\": \"x/getChanges\",\n \"value\": [{{\"id\": \"{id}\"}}]\n}}\n")
        };
        let cut = &page("cut")[..40];
        for text in [
            format!("{cut}\n{}{}", page("a"), page("b")),
            format!("{cut}{}{}", page("a").replace('\n', ""), page("b")),
            format!("{cut}\n{cut}\n{}{}", page("a"), page("b")),
        ] {
            let whole: Vec<bool> = documents(&text).iter().map(|document| document.fault.is_none()).collect();
            assert_eq!(&whole[whole.len() - 2..], [true, true], "{text}");
            assert!(!whole[0], "{text}");
        }
        let items = "{\"value\":[\n{\"a\":1},\n{\"b\":2},\n{\"c\"";
        assert_eq!(documents(items).len(), 1, "items are no pages");
    }

    #[test]
    fn a_line_of_dashes_is_one_up_to_blanks() {
        let held = Held::new(u64::MAX);
        for (text, behind) in
            [("---", Some(3)), ("=-= \t\u{a0}\r\n{}", Some(3)), ("--", None), ("---x", None), ("--- -", None)]
        {
            assert_eq!(separator(text, 0, &mut Lines::of(text, 0, &held)), behind, "{text:?}");
        }
    }

    #[test]
    fn many_cuts_are_run_over_a_limited_number_of_times() {
        const CUT: &str = "{\"@odata.context\":\"x/getChanges\",\"value\":[{\"id\":\n";
        const WHOLE: &str = "{\n\"@odata.context\":\"x/getChanges\",\n\"value\":[{\"id\":\"é\"}\n]}\n";
        let nest = |line: &str, end: &str| format!("{}{}", line.repeat(1_000), end.repeat(1_000));
        for (text, whole) in [
            (nest(&format!("{CUT}{WHOLE}"), ""), 1_000),
            (nest(&format!("x {CUT}{WHOLE}"), ""), 1_000),
            (nest(&format!("x {{\"value\":[{{\"k\":\n{WHOLE}"), "}]}"), 1),
            (format!("{{\"a\":[1\n{{\"b\":1}}\n{}", nest("x ,[\n", "]")), 1),
            (nest("x ,[[\nHTTP/1.1 200 OK\n\n", "]]"), 0),
            (nest("{\"a\":[[\n{\"b\":1}\n", ""), 1_000),
        ] {
            let (pieces, work) = work::of(|| split_all(&text));
            let found =
                pieces.iter().filter_map(Piece::document).filter(|found| found.fault.is_none()).count();
            assert!(found >= whole, "{found} of {}", &text[..60]);
            assert!(work < 3 * PATIENCE * text.len(), "{} times {}", work / text.len(), &text[..60]);
        }
    }

    #[test]
    fn a_whole_document_is_found_in_parts_of_a_text_too() {
        let page = "{\n\"value\":[\n{\"id\":\n\"é\"},\n{\"id\":\n[{}]}\n]}\n";
        let long = format!("[\n{}\n]\n", vec![page; 100].join(","));
        for text in [
            page.repeat(3),
            long.clone(),
            format!("{long}HTTP/1.1 200 OK\n\n{page}"),
            format!("{page}7"),
            format!("{{\"value\":[{{\"a\":\n{}", page.repeat(50)),
            "{\"a\":[[\n{\"b\":1}\n".repeat(90),
        ] {
            let held = Held::new(u64::MAX);
            let (mut by_line, mut by_line_in_parts) = (false, false);
            let whole = document(&mut Lines::of(&text, 0, &held), 0, &mut by_line);
            let mut lines = Lines::of(&text, 0, &held);
            lines.patience = 0;
            let in_parts = document(&mut lines, 0, &mut by_line_in_parts);
            assert_eq!((whole.span, whole.fault), (in_parts.span, in_parts.fault), "{text}");
            assert_eq!(by_line, by_line_in_parts, "{text}");
        }
    }

    #[test]
    fn separators_say_nothing() {
        let text = "{\"a\":1},\n{\"b\":2};\n---\n\u{1e}{\"c\":3}\n=====\n{\"d\":-4}\u{1a}";
        assert_eq!(documents(text).len(), 4);
    }

    #[test]
    fn a_row_of_values_is_text() {
        for text in ["\"id\",\"name\"\r\n\"1\",\"Ana\"\r\n", "\"id\" ; 7", "7,8", "\"id\"\t\"name\"\n"] {
            let [Piece::Stray(error)] = &split_all(text)[..] else { panic!("{text}") };
            assert_eq!((error.at, error.kind), (0, ReadErrorKind::Expected("a JSON document")), "{text}");
        }
        for (text, found) in
            [("7\n8\n", 2), ("\"a\"\n\"b\"", 2), ("\"a\" // x", 1), (r#""{\"a\":1}","[2]""#, 2)]
        {
            assert_eq!(documents(text).len(), found, "{text}");
        }
    }

    #[test]
    fn json_in_a_string_is_what_is_in_it() {
        for text in [r#""{\"a\":1}""#, r#"{"value":"[1]","PSPath":"x","ReadCount":1}"#] {
            let mut grown = text.to_owned();
            let (pieces, any) = super::documents(&mut grown, 0, &Held::new(u64::MAX));
            let [Piece::Document(document)] = &pieces[..] else { panic!("{pieces:?}") };
            assert!(any && document.span.start == text.len() + 1, "{text}");
        }
        let mut plain = r#""text" {"value":"[1]"}"#.to_owned();
        assert!(!super::documents(&mut plain, 0, &Held::new(u64::MAX)).1);
    }

    #[test]
    fn a_document_behind_a_mark_or_text_on_its_line_is_found() {
        for text in
            ["\u{feff}{\"a\":1}\n\u{feff}{\"b\":2}", "{\"a\":1},{\"b\":2}", "x {\"a\":1}\n\u{1e}{\"b\":2}"]
        {
            let found = split_all(text).iter().filter(|piece| matches!(piece, Piece::Document(_))).count();
            assert_eq!(found, 2, "{text}");
        }
    }
}
