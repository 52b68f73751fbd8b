//! Text from the input as Markdown shows it: the only way by which data gets into the document.
//!
//! Data always stands in a code span, whatever it is. Backslashes would keep a parser from seeing markup, but
//! what a tracker does behind its parser (mentions, issue references, commit ids, emoji, links of its own)
//! looks at the text that comes out, where no backslash is left; all of them pass over code. The raw text
//! stays readable, too: between the backticks it is what was received, a few characters excepted.

use std::borrow::Cow;
use std::fmt::Write;

use crate::model::{Token, is_hidden};
use crate::report::wording::ticket;

/// `text` as a code span: for headings, paragraphs and list items.
pub(super) fn code(text: &str) -> String {
    if text.is_empty() {
        // Two backticks are no code span; text of our own cannot be markup either.
        return ticket::EMPTY.to_owned();
    }
    let text = visible(text);
    let fence = "`".repeat(fence(&text));
    // One space at either end belongs to the fence and is taken off, unless there is nothing but spaces. So
    // it is added where a backtick would lengthen the fence, and where a space of the text would be taken.
    let is_blank = text.bytes().all(|byte| byte == b' ');
    let takes_spaces = text.starts_with(' ') && text.ends_with(' ') && !is_blank;
    let pad = if takes_spaces || text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// `text` as a code span of at most `limit` characters, and how long it is where that is more.
pub(super) fn cut(text: &str, limit: usize) -> String {
    window(text, 0, limit)
}

/// [`cut`], in a cell of a table. A table is cut into cells before anything else is read, at every `|` without
/// a backslash before it, and that backslash is taken off again. What two backslashes before a `|` mean,
/// parsers do not agree on: behind a backslash of the text it is a token.
pub(super) fn cut_cell(text: &str, limit: usize) -> String {
    cut(text, limit).replace("\\|", "\\⟨U+007C⟩").replace('|', "\\|")
}

/// `limit` characters of `text` from the character `start` on as a code span, and how long it is where there
/// are others.
pub(super) fn window(text: &str, start: usize, limit: usize) -> String {
    let at = |character: usize| text.char_indices().nth(character).map(|(at, _)| at);
    let from = at(start).unwrap_or(text.len());
    let to = at(start + limit);
    if from == 0 && to.is_none() {
        return code(text);
    }
    let before = if from == 0 { "" } else { "… " };
    let after = if to.is_none() { "" } else { "…" };
    let shown = code(&text[from..to.unwrap_or(text.len())]);
    format!("{before}{shown}{after} {}", ticket::whole_length(text.chars().count()))
}

/// `text` with every character that hides something as `⟨U+202E⟩`. A newline would end a cell or an item, NUL
/// is replaced by every parser, and what turns the reading direction would turn the text around it.
///
/// `⟨` itself is written so where it begins what looks like such a token: each token is one character.
fn visible(text: &str) -> Cow<'_, str> {
    const TOKEN: char = '⟨';
    if !text.chars().any(|c| c == TOKEN || is_hidden(c)) {
        return Cow::Borrowed(text);
    }
    let mut seen = String::with_capacity(text.len() * 2);
    for (at, character) in text.char_indices() {
        let is_token = character == TOKEN && text[at..].starts_with("⟨U+");
        if is_token || is_hidden(character) {
            write!(seen, "{}", Token(character)).expect("a string takes any text");
        } else {
            seen.push(character);
        }
    }
    Cow::Owned(seen)
}

/// The smallest number of backticks that `text` has nowhere in a row: only that many end the span. Not one
/// more than the longest row, since parsers refuse a fence that is very long.
fn fence(text: &str) -> usize {
    let rows = text.split(|c| c != '`').map(str::len);
    let mut rows: Vec<usize> = rows.filter(|&length| length > 0).collect();
    rows.sort_unstable();
    rows.dedup();
    (1..).zip(&rows).find(|(free, row)| free != *row).map_or(rows.len() + 1, |(free, _)| free)
}

#[cfg(test)]
mod tests {
    use comrak::nodes::NodeValue;
    use comrak::{Arena, Options, parse_document};
    use proptest::prelude::*;

    use super::*;

    /// No text here is longer.
    const WHOLE: usize = 10_000;

    /// The code spans of `markdown`, and whether each of its texts is one of `words`.
    fn code_spans(markdown: &str, words: &[&str]) -> Vec<String> {
        let mut options = Options::default();
        options.extension.table = true;
        options.extension.autolink = true;
        options.extension.strikethrough = true;
        options.extension.tasklist = true;
        options.extension.footnotes = true;
        options.extension.math_dollars = true;
        options.extension.math_code = true;
        let arena = Arena::new();
        let mut spans = Vec::new();
        for node in parse_document(&arena, markdown, &options).descendants() {
            match &node.data.borrow().value {
                NodeValue::Code(code) => spans.push(code.literal.clone()),
                NodeValue::Text(text) => assert!(words.contains(&text.trim()), "{text:?} in {markdown:?}"),
                NodeValue::Document
                | NodeValue::Paragraph
                | NodeValue::Heading(_)
                | NodeValue::List(_)
                | NodeValue::Item(_)
                | NodeValue::Table(_)
                | NodeValue::TableRow(_)
                | NodeValue::TableCell => {}
                other => panic!("{other:?} in {markdown:?}"),
            }
        }
        spans
    }

    /// Every token put back.
    fn received(shown: &str) -> String {
        let mut pieces = shown.split("⟨U+");
        let mut text = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (code, rest) = piece.split_once('⟩').expect("a whole token");
            let code = u32::from_str_radix(code, 16).expect("a number");
            text.push(char::from_u32(code).expect("a character"));
            text.push_str(rest);
        }
        text
    }

    /// Text out of the pieces that mean something to some parser, and any other text.
    fn any_text() -> impl Strategy<Value = String> {
        let pieces = [
            "`",
            "``",
            "```",
            " ",
            "  ",
            "|",
            "\\",
            "\\|",
            "\n",
            "\r\n",
            "\0",
            "\t",
            "<b>",
            "<!--",
            "]]>",
            "&amp;",
            "*",
            "_",
            "~~",
            "[x](http://evil.example)",
            "![x](y)",
            "[^1]",
            "www.evil.example",
            "a@b.example",
            "@all",
            "#1",
            ":+1:",
            "$x$",
            "$`",
            "---",
            "# ",
            "- ",
            "> ",
            "    ",
            "a",
            "é",
            "\u{202e}",
            "\u{feff}",
            "⟨",
            "U+",
            "⟨U+0041⟩",
            "\u{fffe}",
            "\u{10ffff}",
            "😀",
            "ي",
        ];
        let pieces = proptest::sample::select(Vec::from(pieces));
        prop_oneof![
            4 => proptest::collection::vec(pieces, 1..8).prop_map(|pieces| pieces.concat()),
            1 => any::<String>().prop_filter("there is a word for the empty text", |text| !text.is_empty()),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2048))]

        #[test]
        fn any_text_comes_out_of_a_cell_an_item_and_a_heading_as_it_went_in(text in any_text(), other in any_text()) {
            let both = |spans: Vec<String>| spans.iter().map(|span| received(span)).collect::<Vec<_>>();
            let expected = [text.clone(), other.clone()];
            let table = format!("| a | b |\n|---|--:|\n| {} | x {} |\n", cut_cell(&text, WHOLE), cut_cell(&other, WHOLE));
            prop_assert_eq!(both(code_spans(&table, &["a", "b", "x"])), &expected, "{}", table);
            let item = format!("- {} x {}\n", code(&text), code(&other));
            prop_assert_eq!(both(code_spans(&item, &["x"])), &expected, "{}", item);
            let heading = format!("### {} {}\n", code(&text), code(&other));
            prop_assert_eq!(both(code_spans(&heading, &[""])), &expected, "{}", heading);
        }
    }

    #[test]
    fn text_stays_readable_where_nothing_is_in_the_way() {
        for text in ["Ana Berg", "ana@contoso.com", "<img src=x>", "*a* [b](c)", "李晓云", "a  b", " a", "  "]
        {
            assert_eq!(code(text), format!("`{text}`"));
        }
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`a``"), "``` `a`` ```");
        assert_eq!(code(" a "), "`  a  `");
        assert_eq!(code("a|b"), "`a|b`");
        assert_eq!(cut_cell(r"a|b\|c\", WHOLE), r"`a\|b\⟨U+007C⟩c\`");
        assert_eq!(code(""), ticket::EMPTY);
    }

    #[test]
    fn what_hides_is_a_token_and_a_token_is_one_character() {
        assert_eq!(visible("a\nb\u{202e}c\u{e0041}\0"), "a⟨U+000A⟩b⟨U+202E⟩c⟨U+E0041⟩⟨U+0000⟩");
        assert_eq!(visible("⟨U+000A⟩"), "⟨U+27E8⟩U+000A⟩");
        assert_eq!(visible("⟨x⟩"), "⟨x⟩");
    }

    #[test]
    fn the_fence_is_the_shortest_that_ends_nowhere_else() {
        for (text, expected) in [("", 1), ("`", 2), ("``", 1), ("a`b``c````d", 3), ("`` ` ```", 4)] {
            assert_eq!(fence(text), expected, "{text}");
        }
    }

    #[test]
    fn long_text_is_cut_and_says_so() {
        assert_eq!(cut("abc", 3), "`abc`");
        assert_eq!(cut("äbcd", 3), "`äbc`… (4 characters)");
        assert_eq!(window("abcdef", 2, 3), "… `cde`… (6 characters)");
        assert_eq!(window("abcdef", 2, 4), "… `cdef` (6 characters)");
    }
}
