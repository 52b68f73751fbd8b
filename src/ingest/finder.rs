//! What looks for pages in a document, and what it knows.

use crate::model::{LimitOn, ProblemKind};

use super::limits::Held;
use super::outline::{Document, Member, Span, key_text, outline_within};
use super::trust::{Nested, Trust};
use super::understood::Understood;
use super::url::Requests;

/// What is known of a document from outside.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hints<'h> {
    /// Whether the file's path or the request's URL names one of the functions.
    pub(super) names_function: bool,
    /// The requests, if it is the response to a `$batch` that was saved with them.
    pub(super) requests: Option<&'h Requests>,
    /// Whether the file's own name names one of the functions.
    pub(super) is_named_file: bool,
    /// What may be read, if it is the content of a string.
    pub(super) embedded: Option<Trust>,
}

/// What looks, and what it found; how is told in `role`, `nested` and `json_batch`.
pub(super) struct Finder<'t> {
    pub(super) text: &'t str,
    pub(super) hints: Hints<'t>,
    pub(super) held: &'t Held,
    pub(super) found: Understood,
    /// What is known if it stands in something else.
    pub(super) nested: Option<Nested>,
    /// How many batches it stands in.
    pub(super) batches: u32,
}

impl Finder<'_> {
    /// Outlines what begins at byte `at`. Where there is no room for it, nothing is reported.
    pub(super) fn outline(&self, at: usize) -> Document {
        let (found, fits) = outline_within(self.text, at, self.held.room_in(self.text));
        if !fits {
            self.held.keep(u64::MAX);
        }
        found
    }

    /// Whether there is no room for more than was found. Then nothing is reported.
    pub(super) fn is_full(&self) -> bool {
        !self.held.fits_finds(self.found.len())
    }

    /// Whether `span` takes more while it is read than there is room for; that is told.
    pub(super) fn is_too_much(&mut self, span: &Span, pointer: &str) -> bool {
        self.is_above(self.held.too_much(&self.text[span.clone()]), pointer)
    }

    /// Tells of the `limit` that something is above; whether it is above one.
    pub(super) fn is_above(&mut self, limit: Option<u64>, pointer: &str) -> bool {
        let on = LimitOn::ItemMemory;
        self.found.problems.extend(limit.map(|limit| (pointer.to_owned(), ProblemKind::Limit { on, limit })));
        limit.is_some()
    }

    /// Whether something beside the items of an object takes more while it is read than there is room for; that is
    /// told.
    pub(super) fn has_too_much(&mut self, members: &[Member], pointer: &str) -> bool {
        let is_items = |member: &Member| key_text(self.text, member).eq_ignore_ascii_case("value");
        if self.is_above(self.held.too_many(members.len()), pointer) {
            return true;
        }
        if !members.iter().any(is_items) {
            return false;
        }
        let beside = members.iter().filter(|member| !is_items(member)).map(|member| &member.value);
        let large = beside.filter(|value| self.held.too_much(&self.text[(*value).clone()]).is_some());
        let large: Option<Span> = { large }.next().cloned();
        large.is_some_and(|value| self.is_too_much(&value, pointer))
    }
}
