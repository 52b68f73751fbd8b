//! A text while documents are looked for in it: where its lines and heads end, each looked for once.

use super::limits::Held;
use super::outline::{Document, outline_within};

/// How many times its own length the documents of a text may be run over. Pages that are cut are run over to their end
/// each, and many of them would never be done.
pub(super) const PATIENCE: usize = 32;

/// A line that begins like the head of a response.
pub(super) const HEAD_LINE: &str = "\nHTTP/";

/// The ends of lines, and the heads of responses, each looked for once; and how much may still be run over.
pub(super) struct Lines<'t> {
    pub(super) text: &'t str,
    held: &'t Held,
    end: usize,
    /// Where the line ends without the characters that end it.
    content_end: usize,
    /// How many bytes documents may still run over before they are looked for in parts of the text.
    pub(super) patience: usize,
    /// Whether there are heads; without any, none is looked for.
    pub(super) any_heads: bool,
    next_head: usize,
    /// Whether there seem to be strings that hold JSON, where that was looked for.
    pub(super) json_in_strings: Option<bool>,
}

impl<'t> Lines<'t> {
    /// Of the part of `text` from byte `at` on.
    pub(super) fn of(text: &'t str, at: usize, held: &'t Held) -> Self {
        let patience = (text.len() - at).saturating_mul(PATIENCE);
        Lines {
            text,
            held,
            end: 0,
            content_end: 0,
            patience,
            any_heads: false,
            next_head: 0,
            json_in_strings: None,
        }
    }

    /// Outlines what begins at byte `at` of `text`, which is a part of the whole. Where there is no room for it, nothing
    /// is reported.
    pub(super) fn outline(&mut self, text: &str, at: usize) -> Document {
        let found = match outline_within(text, at, self.held.room_in(text)) {
            (found, true) => found,
            (found, false) => {
                self.held.keep(u64::MAX);
                found
            }
        };
        self.patience = self.patience.saturating_sub(found.span.len());
        found
    }

    /// Whether what begins at byte `at` is a bracketed document without fault, with nothing behind it.
    pub(super) fn is_document(&mut self, text: &str, at: usize) -> bool {
        text[at..].starts_with(['{', '[']) && {
            let document = self.outline(text, at);
            document.fault.is_none() && text[document.span.end..].trim_ascii().is_empty()
        }
    }

    /// The first byte from `at` on at which the text can be parted.
    pub(super) fn boundary(&self, at: usize) -> usize {
        (at..self.text.len()).find(|at| self.text.is_char_boundary(*at)).unwrap_or(self.text.len())
    }

    /// The byte behind the line that byte `at` stands in; calls go from front to back.
    pub(super) fn end_of(&mut self, at: usize) -> usize {
        if at >= self.end {
            self.end = line_end(self.text, at);
            self.content_end = at + self.text[at..self.end].trim_end_matches(['\n', '\r']).len();
        }
        self.end
    }

    /// The line from byte `at` on without its end, and the byte behind it; calls go from front to back.
    pub(super) fn rest_of(&mut self, at: usize) -> (&'t str, usize) {
        let end = self.end_of(at);
        (&self.text[at..self.content_end.max(at)], end)
    }

    /// Where the next head begins behind byte `at`; calls go from front to back.
    pub(super) fn head_behind(&mut self, at: usize) -> usize {
        if !self.any_heads {
            return self.text.len();
        }
        if self.next_head <= at {
            let found = memchr::memmem::find(&self.text.as_bytes()[at..], HEAD_LINE.as_bytes());
            self.next_head = found.map_or(self.text.len(), |found| at + found + 1);
        }
        self.next_head
    }
}

/// The byte behind the line that byte `at` stands in.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}
