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

    /// How many lines of `text` are shown, going by its characters: a little more than most fonts need.
    pub(super) fn lines_of(self, text: &str) -> u16 {
        let is_one = text.len() <= usize::from(self.width) && !text.contains('\n');
        if self.kind != Kind::Text || self.is_folded || is_one {
            return 1;
        }
        let width = usize::from(self.width);
        let lines = text.split('\n').map(|part| part.chars().count().div_ceil(width).max(1));
        let mut shown = 0;
        for lines in lines {
            shown += lines;
            if shown >= SHOWN_LINES {
                break;
            }
        }
        u16::try_from(shown.min(SHOWN_LINES)).expect("a few lines")
    }
}
