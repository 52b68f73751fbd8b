//! The one way for text of the input into the page: as text, escaped, with everything visible.
//!
//! What stands in a template and is no [`Text`] or [`Plain`] is a word of ours. Both may stand between tags
//! only, never in an attribute, a style or a script.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use askama::filters::HtmlSafe;

use crate::model::{Token, is_hidden};
use crate::report::wording::{self, Piece, Sentence};

/// Text of the input, isolated from the reading direction around it. Characters that cannot be seen stand as
/// `⟨U+202E⟩`, marked so that the same letters in the data are not taken for one.
pub(super) struct Text<'t> {
    text: Cow<'t, str>,
    /// How many characters there are, where not all are shown.
    cut: Option<usize>,
}

/// The path of a property, which may break between its parts.
pub(super) struct Path<'t>(pub(super) &'t str);

/// The same as [`Text`] without markup, for a title.
pub(super) struct Plain<'t>(pub(super) &'t str);

/// A name in a drawing, where no markup can stand: the same as [`Plain`], and short.
pub(super) struct Label<'t>(Text<'t>);

/// A sentence of ours with texts of the input in it.
pub(super) struct Words(pub(super) Sentence);

/// How many characters a text is shown with, and how many a name: of a type, an action, an object. A
/// character that cannot be seen counts as the token that stands for it. Longer ones tell nothing more to a
/// reader, and would push everything else out of sight; what compares two values cuts them itself.
pub(super) const TEXT_CHARACTERS: usize = 2_048;
const NAME_CHARACTERS: usize = 200;

/// How many bytes a token takes in the page.
const TOKEN_BYTES: usize = "<span class=\"u\">⟨U+202E⟩</span>".len();

/// How many characters of a token are seen.
const TOKEN_CHARACTERS: usize = "⟨U+202E⟩".len() - 4;

/// How many characters are seen of one.
pub(super) fn seen_characters(character: char) -> usize {
    if is_hidden(character) { TOKEN_CHARACTERS } else { 1 }
}

impl<'t> Text<'t> {
    /// A text, which is cut where it is very long.
    pub(super) fn new(text: impl Into<Cow<'t, str>>) -> Self {
        Text::cut_after(text.into(), TEXT_CHARACTERS)
    }

    /// A text that is short enough, or was cut by somebody who says where.
    pub(super) fn whole(text: impl Into<Cow<'t, str>>) -> Self {
        Text { text: text.into(), cut: None }
    }

    /// A name, which is cut earlier.
    pub(super) fn name(text: impl Into<Cow<'t, str>>) -> Self {
        Text::cut_after(text.into(), NAME_CHARACTERS)
    }

    /// How many bytes it takes in the page, markup around it left out.
    pub(super) fn bytes(&self) -> usize {
        let hidden = self.text.chars().filter(|character| is_hidden(*character)).count();
        self.text.len() + hidden * TOKEN_BYTES
    }

    fn cut_after(text: Cow<'t, str>, limit: usize) -> Self {
        // A character has at least a byte, and a token stands for one that has at least a byte.
        if text.len() <= limit / TOKEN_CHARACTERS {
            return Text { text, cut: None };
        }
        let mut seen = 0;
        let past = |(_, character): &(usize, char)| {
            seen += seen_characters(*character);
            seen > limit
        };
        let Some((end, _)) = text.char_indices().find(past) else { return Text { text, cut: None } };
        let cut = Some(text.chars().count());
        let text = match text {
            Cow::Borrowed(text) => Cow::Borrowed(&text[..end]),
            Cow::Owned(text) => Cow::Owned(text[..end].to_owned()),
        };
        Text { text, cut }
    }
}

impl HtmlSafe for Text<'_> {}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.text.is_empty() {
            return write!(f, "<span class=\"none\">{}</span>", wording::EMPTY_TEXT);
        }
        f.write_str("<bdi>")?;
        write_visible(&self.text, f, marked)?;
        f.write_str("</bdi>")?;
        match self.cut {
            None => Ok(()),
            Some(length) => write!(f, "<span class=\"cut\">{}</span>", wording::cut_name(length)),
        }
    }
}

impl<'t> Label<'t> {
    /// A name with no more than so many characters.
    pub(super) fn new(name: impl Into<Cow<'t, str>>, characters: usize) -> Self {
        Label(Text::cut_after(name.into(), characters))
    }
}

impl HtmlSafe for Label<'_> {}

impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Plain(&self.0.text).fmt(f)?;
        f.write_str(if self.0.cut.is_some() { "…" } else { "" })
    }
}

impl HtmlSafe for Words {}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.pieces().iter().try_for_each(|piece| match piece {
            Piece::Ours(words) => write_visible(words, f, |space, f| f.write_char(space)),
            Piece::Theirs(text) => Text::name(text.as_str()).fmt(f),
        })
    }
}

impl HtmlSafe for Path<'_> {}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (head, tail) = ends(self.0);
        f.write_str("<bdi>")?;
        write_parts(head, f)?;
        if let Some(tail) = tail {
            let length = self.0.chars().count();
            write!(f, "</bdi><span class=\"cut\">{}</span><bdi>", wording::cut_name(length))?;
            write_parts(tail, f)?;
        }
        f.write_str("</bdi>")
    }
}

/// How many characters are shown of either end of a path that is very long: paths of one object differ at
/// their ends.
const PATH_END_CHARACTERS: usize = 300;

/// A path's two ends, where it is too long to be shown whole.
fn ends(path: &str) -> (&str, Option<&str>) {
    if path.chars().count() <= 2 * PATH_END_CHARACTERS {
        return (path, None);
    }
    let head = path.char_indices().nth(PATH_END_CHARACTERS).map_or(path.len(), |(at, _)| at);
    let tail = path.char_indices().rev().nth(PATH_END_CHARACTERS - 1).map_or(0, |(at, _)| at);
    (&path[..head], Some(&path[tail..]))
}

/// Writes a path that may break behind its dots.
fn write_parts(path: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (position, part) in path.split_inclusive('.').enumerate() {
        f.write_str(if position > 0 { "<wbr>" } else { "" })?;
        write_visible(part, f, marked)?;
    }
    Ok(())
}

/// A character that cannot be seen, by its number; a line break breaks the line, too.
fn marked(hidden: char, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "<span class=\"u\">{}</span>", Token(hidden))?;
    if hidden == '\n' { f.write_char('\n') } else { Ok(()) }
}

impl HtmlSafe for Plain<'_> {}

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_visible(self.0, f, |hidden, f| write!(f, "{}", Token(hidden)))
    }
}

/// Writes `text` escaped, and hands every character that cannot be seen to `shown`: also the spaces at its
/// ends, by which two values may differ.
fn write_visible(
    text: &str,
    f: &mut fmt::Formatter<'_>,
    shown: impl Fn(char, &mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    let body = text.trim_start_matches(' ');
    let leading = text.len() - body.len();
    let end = leading + body.trim_end_matches(' ').len();
    let mut written = 0;
    for (at, character) in text.char_indices() {
        let is_outer = at < leading || at >= end;
        let escaped = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            character if is_outer || is_hidden(character) => "",
            _ => continue,
        };
        f.write_str(&text[written..at])?;
        if escaped.is_empty() {
            shown(character, f)?;
        } else {
            f.write_str(escaped)?;
        }
        written = at + character.len_utf8();
    }
    f.write_str(&text[written..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> String {
        Text::new(text).to_string()
    }

    #[test]
    fn markup_is_text() {
        assert_eq!(
            text("<img src=x onerror=\"a('b')\">&amp;"),
            "<bdi>&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;amp;</bdi>"
        );
        assert_eq!(Plain("</title><script>").to_string(), "&lt;/title&gt;&lt;script&gt;");
    }

    #[test]
    fn a_sentence_keeps_our_words_and_escapes_both() {
        let words = Words(Sentence::ours("a & b ").theirs("<b>\u{202e}").and(" c"));
        let token = "<span class=\"u\">⟨U+202E⟩</span>";
        assert_eq!(words.to_string(), format!("a &amp; b <bdi>&lt;b&gt;{token}</bdi> c"));
    }

    #[test]
    fn what_cannot_be_seen_is_shown() {
        assert_eq!(text("a\u{202e}b"), "<bdi>a<span class=\"u\">⟨U+202E⟩</span>b</bdi>");
        assert_eq!(text("a\nb"), "<bdi>a<span class=\"u\">⟨U+000A⟩</span>\nb</bdi>");
        assert_eq!(text("\0"), "<bdi><span class=\"u\">⟨U+0000⟩</span></bdi>");
        assert_eq!(text("⟨U+202E⟩"), "<bdi>⟨U+202E⟩</bdi>", "the data's own is not marked");
        assert_eq!(Plain("a\u{202e}b").to_string(), "a⟨U+202E⟩b");
    }

    #[test]
    fn a_name_that_is_very_long_is_cut_and_says_so() {
        let name = Text::name("é".repeat(5_000)).to_string();
        let shown = "é".repeat(NAME_CHARACTERS);
        assert_eq!(name, format!("<bdi>{shown}</bdi><span class=\"cut\">… (5,000 characters)</span>"));
        assert_eq!(Text::name(shown.as_str()).to_string(), format!("<bdi>{shown}</bdi>"));
    }

    #[test]
    fn a_label_has_no_markup_and_is_short() {
        assert_eq!(Label::new("<b>\u{202e}", 40).to_string(), "&lt;b&gt;⟨U+202E⟩");
        assert_eq!(Label::new("x".repeat(50), 8).to_string(), "xxxxxxxx…");
        assert_eq!(Label::new("\u{202e}".repeat(50), 16).to_string(), "⟨U+202E⟩⟨U+202E⟩…");
    }

    #[test]
    fn no_text_makes_a_page_that_does_not_open() {
        let longest = |text: String| Text::new(text).to_string().len();
        assert!(longest("x".repeat(5_000_000)) < 3_000);
        assert!(longest("\u{202e}".repeat(1_000_000)) < 12_000);
        let path = format!("{}.{}last", "a".repeat(200_000), "b.".repeat(100_000));
        let path = Path(&path).to_string();
        assert!(path.len() < 3_000 && path.starts_with("<bdi>aaa") && path.ends_with("last</bdi>"), "{path}");
    }

    #[test]
    fn paths_may_break_between_their_parts() {
        assert_eq!(Path("a.b<").to_string(), "<bdi>a.<wbr>b&lt;</bdi>");
        assert_eq!(Path("a").to_string(), "<bdi>a</bdi>");
    }

    #[test]
    fn spaces_at_the_ends_are_shown_and_those_between_are_not() {
        let space = "<span class=\"u\">⟨U+0020⟩</span>";
        assert_eq!(text("a b "), format!("<bdi>a b{space}</bdi>"));
        assert_eq!(text(" a"), format!("<bdi>{space}a</bdi>"));
        assert_eq!(text("  "), format!("<bdi>{space}{space}</bdi>"));
        assert_eq!(text(""), "<span class=\"none\">empty text</span>");
    }

    /// What a reader sees of `text`, told without the sink.
    fn seen(text: &str) -> String {
        let characters: Vec<char> = text.chars().collect();
        let first = characters.iter().position(|c| *c != ' ').unwrap_or(characters.len());
        let last = characters.iter().rposition(|c| *c != ' ').map_or(0, |last| last + 1);
        let shown = |(at, c): (usize, &char)| match c {
            '\n' => "⟨U+000A⟩\n".to_owned(),
            c if at < first || at >= last || is_hidden(*c) => format!("⟨U+{:04X}⟩", u32::from(*c)),
            c => c.to_string(),
        };
        characters.iter().enumerate().map(shown).collect()
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_text_and_all_of_it_is_seen(
            text in "[a<>&\"'/=` \\-!\\]\\[\\u{0}-\\u{ffff}]{0,12}|\\PC{0,12}|.{0,12}",
        ) {
            for html in [Text::new(text.as_str()).to_string(), Path(&text).to_string()] {
                let page = scraper::Html::parse_document(&format!("<!doctype html><p>{html}</p>"));
                let names = page.root_element().descendants().filter_map(|node| {
                    Some(node.value().as_element()?.name().to_owned())
                });
                let strangers: Vec<String> = names
                    .filter(|name| !["html", "head", "body", "p", "bdi", "span", "wbr"].contains(&name.as_str()))
                    .collect();
                proptest::prop_assert_eq!(strangers, Vec::<String>::new());
                let found: String = page.root_element().text().collect();
                let parts: Vec<String> = text.split_inclusive('.').map(seen).collect();
                let expected = match () {
                    () if html.contains("\"none\"") => wording::EMPTY_TEXT.to_owned(),
                    () if html.contains("<wbr>") => parts.concat(),
                    () => seen(&text),
                };
                proptest::prop_assert_eq!(found, expected);
            }
        }
    }
}
