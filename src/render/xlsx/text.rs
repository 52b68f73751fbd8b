//! The one sink of strings: what is written here is text in Excel, whatever it looks like.
//!
//! It keeps Excel's limits, which the library checks only in part, and goes around one place where the
//! library's escapes can be misread. Nothing else in this module's neighbours writes a string that may come
//! from the input.

use std::borrow::Cow;

use rust_xlsxwriter::{ColNum, Format, RowNum, Worksheet, XlsxError};

use crate::model::{Token, is_hidden};
use crate::report::wording;

/// How many UTF-16 code units a cell holds (Excel specifications and limits,
/// <https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3>).
pub(super) const CELL_UNITS: usize = 32_767;

/// How many characters of a document property Excel shows and keeps.
const PROPERTY_CHARACTERS: usize = 255;

/// How many line feeds a cell holds (as above).
const CELL_LINE_FEEDS: usize = 253;

/// `text` as a cell can hold it: cut between two characters, and marked with where all of it stands, where it is too long or has
/// too many lines; and as [`write()`] can write it.
pub(super) fn fit<'t>(text: &'t str, whole_in: &str) -> Cow<'t, str> {
    let fitting = shortened(text, CELL_UNITS, whole_in);
    // No byte has an escape that is longer.
    let may_have_no_room = RICH_TAGS + fitting.len() * (ESCAPE_START + 1) > CELL_UNITS;
    if may_have_no_room && is_misread(&fitting) && rich_units(&fitting) > CELL_UNITS {
        return Cow::Owned(pictured(&fitting));
    }
    fitting
}

/// The same with no more than `most` UTF-16 units, of which the mark takes some.
pub(super) fn shortened<'t>(text: &'t str, most: usize, whole_in: &str) -> Cow<'t, str> {
    if text.len() <= CELL_LINE_FEEDS.min(most) {
        return Cow::Borrowed(text);
    }
    // A character has no more UTF-16 units than bytes.
    let is_short = text.len() <= most || text.encode_utf16().count() <= most;
    let mut line_feeds = memchr::memchr_iter(b'\n', text.as_bytes());
    let past_feeds = line_feeds.nth(CELL_LINE_FEEDS);
    if is_short && past_feeds.is_none() {
        return Cow::Borrowed(text);
    }
    let lines = past_feeds.map_or(0, |_| CELL_LINE_FEEDS + 2 + line_feeds.count());
    let mark = wording::cut::mark(text.chars().count() as u64, lines as u64, whole_in);
    let room = most.saturating_sub(mark.encode_utf16().count());
    let mut units = 0;
    let past = |(_, character): &(usize, char)| {
        units += character.len_utf16();
        units > room
    };
    let end = text.char_indices().find(past).map_or(text.len(), |(at, _)| at);
    Cow::Owned(format!("{}{mark}", &text[..end.min(past_feeds.unwrap_or(end))]))
}

/// Writes `text`, which [`fit`]s, as a string; nothing where it is empty.
pub(super) fn write(
    sheet: &mut Worksheet,
    (row, column): (RowNum, ColNum),
    text: &str,
    format: Option<&Format>,
) -> Result<(), XlsxError> {
    if is_misread(text) {
        // A rich string's text is written without the library's protection of literal escapes, so that it
        // can come with all of them done right.
        let escaped = escaped(text);
        let runs = [(&Format::default(), escaped.as_str())];
        match format {
            Some(format) => sheet.write_rich_string_with_format(row, column, &runs, format)?,
            None => sheet.write_rich_string(row, column, &runs)?,
        };
    } else {
        match format {
            Some(format) => sheet.write_string_with_format(row, column, text, format)?,
            None => sheet.write_string(row, column, text)?,
        };
    }
    Ok(())
}

/// How long an escape `_xHHHH_` is without its last `_`.
const ESCAPE_START: usize = 6;

/// Whether the library's escapes would be read as another text: it writes U+0001 as `_x0001_`, and protects
/// a literal `_x0041_`, but not a literal `_x0041` whose missing `_` is that of an escaped character.
fn is_misread(text: &str) -> bool {
    if !text.contains("_x") {
        return false;
    }
    escape_starts(text).any(|at| text[at + ESCAPE_START..].starts_with(is_escaped))
}

/// Where `text` has `_x` and four hexadecimal digits.
fn escape_starts(text: &str) -> impl Iterator<Item = usize> {
    text.match_indices("_x").map(|(at, _)| at).filter(|at| {
        let digits = text.as_bytes().get(at + 2..at + ESCAPE_START);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

/// Whether the library writes `character` as `_xHHHH_`.
fn is_escaped(character: char) -> bool {
    (character < ' ' && !matches!(character, '\t' | '\n')) || matches!(character, '\u{fffe}' | '\u{ffff}')
}

/// `text` with every `_` before `xHHHH` escaped, so that no reader takes what follows for an escape.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + ESCAPE_START);
    let mut copied = 0;
    for at in escape_starts(text) {
        escaped.push_str(&text[copied..at]);
        escaped.push_str("_x005F_");
        copied = at + 1;
    }
    escaped.push_str(&text[copied..]);
    escaped
}

/// The tags around a rich string of one run: `<r><t xml:space="preserve">…</t></r>`.
const RICH_TAGS: usize = 35;

/// How many UTF-16 units `text` has as a rich string, to whose tags and escapes the library applies the limit of a cell.
fn rich_units(text: &str) -> usize {
    let units = |character: char| match character {
        '&' => "&amp;".len(),
        '<' | '>' => "&lt;".len(),
        escaped if is_escaped(escaped) => ESCAPE_START + 1,
        other => other.len_utf16(),
    };
    RICH_TAGS + escape_starts(text).count() * ESCAPE_START + text.chars().map(units).sum::<usize>()
}

/// `text`, as long as it is, with a picture (`␁`) in the place of each character whose escape would be misread.
fn pictured(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut copied = 0;
    for behind in escape_starts(text).map(|at| at + ESCAPE_START) {
        let Some(hidden) = text[behind..].chars().next().filter(|next| is_escaped(*next)) else { continue };
        shown.push_str(&text[copied..behind]);
        shown.push(match hidden {
            '\0'..' ' => char::from_u32(0x2400 + u32::from(hidden)).unwrap_or(char::REPLACEMENT_CHARACTER),
            _ => char::REPLACEMENT_CHARACTER,
        });
        copied = behind + hidden.len_utf8();
    }
    shown.push_str(&text[copied..]);
    shown
}

/// `text` as a document property: what is hidden is shown, and it ends where Excel ends it.
pub(super) fn property(text: &str) -> String {
    visible(text).chars().take(PROPERTY_CHARACTERS).collect()
}

/// How many characters of a name of the data stand at a chart.
const LABEL_CHARACTERS: usize = 40;

/// A name in a table that a chart shows.
pub(super) struct Label {
    pub(super) text: String,
    pub(super) is_cut: bool,
}

/// `text` for a chart, into which the library writes it without any escape but those of markup: on one line, what is
/// hidden is shown, and it is cut where it would leave the bars no room.
pub(super) fn label(text: &str) -> Label {
    let start: String = text.chars().take(LABEL_CHARACTERS + 1).collect();
    let mut text = visible(&start);
    let end = text.char_indices().nth(LABEL_CHARACTERS).map(|(end, _)| end);
    if let Some(end) = end {
        text.truncate(end);
        text.push('…');
    }
    Label { text, is_cut: end.is_some() }
}

/// `text` with hidden characters as `⟨U+0001⟩`.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) {
            shown.push_str(&Token(character).to_string());
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays_and_what_does_not_is_cut_between_characters() {
        let longest = "a".repeat(CELL_UNITS);
        let whole = wording::cut::place_of_change(true, true);
        assert_eq!(fit(&longest, whole), longest);
        let emoji = "\u{1f600}".repeat(CELL_UNITS / 2);
        assert_eq!(fit(&emoji, whole), emoji, "two units each");
        for lead in ["", "a"] {
            let text = format!("{lead}{}", "\u{1f600}".repeat(20_000));
            let cut = fit(&text, whole);
            let (kept, mark) = cut.split_once('…').expect("it is marked");
            assert!(text.starts_with(kept));
            let characters = if lead.is_empty() { "20,000" } else { "20,001" };
            assert_eq!(mark, format!(" [cut: {characters} characters; whole in {whole}]"));
            let units = cut.encode_utf16().count();
            assert!((CELL_UNITS - 1..=CELL_UNITS).contains(&units), "{units}");
        }
    }

    #[test]
    fn more_lines_than_a_cell_has_are_cut_and_counted() {
        let whole = wording::cut::place_of_summary(true);
        let most = "é\n".repeat(CELL_LINE_FEEDS);
        assert_eq!(fit(&most, whole), most);
        let cut = fit(&format!("{most}é\né"), whole).into_owned();
        assert_eq!(cut, format!("{most}é… [cut: 509 characters in 255 lines; whole in {whole}]"));
        assert_eq!(cut.matches('\n').count(), CELL_LINE_FEEDS);
        let short = shortened(&most, 100, whole);
        assert!(short.encode_utf16().count() <= 100 && short.starts_with("é\n"), "{short}");
    }

    #[test]
    fn escapes_that_would_be_misread_are_found() {
        for text in ["_x0041\u{1}", "a_x005F\r", "_x00aF\u{fffe}b", "_x_x0041\u{0}"] {
            assert!(is_misread(text), "{text:?}");
        }
        for text in ["_x0041_", "_x0041", "_x0041\n", "_x004\u{1}", "\u{1}_x0041_", "_xé041\u{1}"] {
            assert!(!is_misread(text), "{text:?}");
        }
        assert_eq!(escaped("_x0041\u{1}_x0042_x"), "_x005F_x0041\u{1}_x005F_x0042_x");
        assert_eq!(
            pictured("_x0041\u{1}\u{1}_x0042_x\u{ffff}_x00aF\u{ffff}é"),
            "_x0041␁\u{1}_x0042_x\u{ffff}_x00aF\u{fffd}é"
        );
        assert_eq!(
            rich_units("_x0041\u{1}<é&"),
            "<r><t xml:space=\"preserve\">_x005F_x0041_x0001_&lt;é&amp;</t></r>".encode_utf16().count()
        );
    }

    #[test]
    fn what_just_has_room_with_its_escapes_is_written_as_it_is() {
        let start = " _x0041\u{1}";
        for more in [0, 1] {
            let text = format!("{start}{}", "a".repeat(CELL_UNITS - rich_units(start) + more));
            let fitting = fit(&text, "").into_owned();
            assert_eq!(fitting == text, more == 0);
            write(&mut Worksheet::new(), (0, 0), &fitting, None).expect("it has room");
        }
    }

    #[test]
    fn labels_are_short_lines_that_hide_nothing() {
        let of = |text: &str| (label(text).text, label(text).is_cut);
        assert_eq!(of("user"), ("user".to_owned(), false));
        assert_eq!(of("a\u{1}\n\u{202e}\u{ffff}"), ("a⟨U+0001⟩⟨U+000A⟩⟨U+202E⟩⟨U+FFFF⟩".to_owned(), false));
        assert_eq!(of(&"é".repeat(40)), ("é".repeat(40), false));
        assert_eq!(of(&"é".repeat(40_000)), (format!("{}…", "é".repeat(40)), true));
    }

    #[test]
    fn properties_show_what_is_hidden() {
        assert_eq!(property("a\u{1}\u{202e}<é\u{ffff}"), "a⟨U+0001⟩⟨U+202E⟩<é⟨U+FFFF⟩");
        assert_eq!(property(&"é".repeat(300)).chars().count(), 255);
    }
}
