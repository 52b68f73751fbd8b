//! A column of a data sheet: its head, its width, what stands in it, and how that is shown.

use rust_xlsxwriter::Format;

use super::look::Look;

/// What wraps is shown up to so many lines; the cell has all. LibreOffice does not measure the rows of a file
/// it opens, so that heights are written here.
const SHOWN_LINES: usize = 6;

/// A column of a data sheet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) head: &'static str,
    /// In characters.
    pub(super) width: u16,
    pub(super) kind: Kind,
    pub(super) is_folded: bool,
    pub(super) is_coloured: bool,
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Words,
    Text,
    Count,
    Time,
    Link,
    /// Nothing: it is for the reader, who chooses among these words if there are any.
    Review(&'static [&'static str]),
}

impl Column {
    const fn of(head: &'static str, width: u16, kind: Kind) -> Self {
        Column { head, width, kind, is_folded: false, is_coloured: false }
    }

    /// A column of words that are never long.
    pub(super) const fn of_words(head: &'static str, width: u16) -> Self {
        Column::of(head, width, Kind::Words)
    }

    /// A column of whatever the data holds.
    pub(super) const fn of_text(head: &'static str, width: u16) -> Self {
        Column::of(head, width, Kind::Text)
    }

    /// A column of numbers that were counted.
    pub(super) const fn of_counts(head: &'static str, width: u16) -> Self {
        Column::of(head, width, Kind::Count)
    }

    /// A column of points in time.
    pub(super) const fn of_times(head: &'static str) -> Self {
        Column::of(head, 20, Kind::Time)
    }

    /// A column of links to other sheets.
    pub(super) const fn of_links(head: &'static str, width: u16) -> Self {
        Column::of(head, width, Kind::Link)
    }

    /// A column for the reader, who may choose among some words.
    pub(super) const fn of_review(head: &'static str, width: u16, choices: &'static [&'static str]) -> Self {
        Column::of(head, width, Kind::Review(choices))
    }

    /// Folded away behind a `+`, and not printed.
    pub(super) const fn folded(self) -> Self {
        Column { is_folded: true, ..self }
    }

    /// Its words are coloured.
    pub(super) const fn coloured(self) -> Self {
        Column { is_coloured: true, ..self }
    }

    pub(super) fn format(self, look: &Look) -> &Format {
        match self.kind {
            Kind::Words => &look.data,
            Kind::Text => &look.data_wrapped,
            Kind::Count => &look.data_number,
            Kind::Time => &look.data_time,
            Kind::Link => &look.data_link,
            Kind::Review(_) => &look.review,
        }
    }

    pub(super) fn head_format(self, look: &Look) -> &Format {
        if matches!(self.kind, Kind::Review(_)) { &look.review_head } else { &look.data_head }
    }

    /// How many lines of `text` are shown, going by its characters: as many as a wide font needs.
    pub(super) fn lines_of(self, text: &str) -> u16 {
        let is_one = text.len() <= usize::from(self.width) && !text.contains('\n');
        if self.kind != Kind::Text || self.is_folded || is_one {
            return 1;
        }
        // A width is counted in the default font's digits; the data's font is smaller, and letters are narrower.
        let width = usize::from(self.width) * 11 / 10;
        let mut shown = 0;
        for part in text.split('\n') {
            shown += wrapped_lines(part, width, SHOWN_LINES - shown);
            if shown >= SHOWN_LINES {
                break;
            }
        }
        u16::try_from(shown).expect("a few lines")
    }
}

/// How many lines of `width` characters `text` takes where lines end between words, `most` at most. A character of
/// East Asia is two wide.
fn wrapped_lines(text: &str, width: usize, most: usize) -> usize {
    let (mut lines, mut line, mut word) = (1, 0, 0);
    for character in text.chars() {
        let wide = if ('\u{1100}'..).contains(&character) { 2 } else { 1 };
        // A word that is longer than a line begins on one of its own and is parted.
        if line + word + wide > width {
            lines += 1;
            if line == 0 {
                word = 0;
            }
            line = 0;
            if lines >= most {
                return most;
            }
        }
        word += wide;
        if matches!(character, ' ' | '-' | '/') {
            line += word;
            word = 0;
        }
    }
    lines.min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_as_high_as_its_words_need() {
        let column = Column::of_text("x", 20);
        for (text, lines) in [
            ("", 1),
            ("twenty-two characters", 1),
            ("authenticationMethodPolicy", 2),
            ("Update failed: Another object with the same value", 3),
            ("a\nb\nc", 3),
            ("a\n\nb", 3),
            ("日本語日本語日本語日本語", 2),
            ("a b c d e f g h i j k", 1),
        ] {
            assert_eq!(column.lines_of(text), lines, "{text}");
        }
        assert_eq!(column.lines_of(&"a".repeat(40_000)), 6);
        assert_eq!(column.lines_of(&"a\n".repeat(300)), 6);
        assert_eq!(Column::of_words("x", 4).lines_of("several words"), 1);
    }
}
