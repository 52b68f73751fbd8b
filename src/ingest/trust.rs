//! What is known while something that is itself nothing is looked into: what may be read below it, and what it says of a
//! transfer.

use std::rc::Rc;

use crate::model::Transfer;

use super::mark::Marks;
use super::outline::Span;

/// So many levels are looked into, and as many arrays in arrays.
pub(super) const LEVELS: u32 = 8;

/// What may be read below an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trust {
    /// Nothing: an object of a directory, or a list of them.
    Nothing,
    /// Pages that the service's own URL is in: something that has an id of its own.
    Pages,
    /// Also items without a page around them.
    Items,
}

/// What is known while something is looked into.
#[derive(Debug, Clone)]
pub(super) struct Nested {
    pub(super) marks: Rc<Marks>,
    pub(super) trust: Trust,
    /// Whether it stands where a body stands: a string may be a document.
    pub(super) is_body: bool,
    /// What the innermost object around it says of a transfer.
    pub(super) transfer: Option<Box<Transfer>>,
}

impl Nested {
    pub(super) fn of(text: &str, span: &Span, trust: Trust) -> Option<Self> {
        let marks = Rc::new(Marks::of(text, span)?);
        Some(Nested { marks, trust, is_body: true, transfer: None })
    }
}
