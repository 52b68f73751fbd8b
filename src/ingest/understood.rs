//! What a document turned out to hold, before its items are read.

use std::collections::BTreeSet;

use crate::model::{ProblemKind, Severity, Transfer};

use super::neighbour::{GraphError, Neighbour};
use super::outline::Span;
use super::page::PageOutline;
use super::read_error::ReadError;
use super::trust::Trust;

/// What a document turned out to hold.
#[derive(Debug, Default)]
pub(super) struct Understood {
    pub(super) pages: Vec<PageOutline>,
    /// The document is one item.
    pub(super) item: Option<Span>,
    /// Jobs, snapshots, errors and others, each with its pointer.
    pub(super) neighbours: Vec<(String, Neighbour)>,
    /// How the items stand in it, by the names of docs/input-forms.md.
    pub(super) forms: BTreeSet<&'static str>,
    /// Not JSON: nothing in it could be used.
    pub(super) broken: Option<ReadError>,
    /// JSON in strings of it.
    pub(super) texts: Vec<Embedded>,
    /// What must be told of it, each with its pointer.
    pub(super) problems: Vec<(String, ProblemKind)>,
    /// Where changes seem to be that were not read: the first place, and how many there are.
    pub(super) unread: Option<(String, u64)>,
    /// Where a page seems to be, if nothing else is found.
    pub(super) unread_page: Option<String>,
    /// Errors that mean something only beside pages.
    pub(super) doubtful: Vec<(String, Neighbour)>,
}

/// JSON in a string, to be read as a document of its own.
#[derive(Debug)]
pub(super) struct Embedded {
    /// The string's.
    pub(super) pointer: String,
    pub(super) content: String,
    pub(super) trust: Trust,
    pub(super) transfer: Option<Box<Transfer>>,
}

impl Understood {
    /// How much there is in it to use or to tell of.
    pub(super) fn len(&self) -> usize {
        let others = self.neighbours.len() + self.problems.len() + self.doubtful.len();
        self.pages.len() + self.texts.len() + usize::from(self.item.is_some()) + others
    }

    /// Notes that changes seem to be at `pointer` that are not read.
    pub(super) fn unread(&mut self, pointer: &str) {
        self.unread.get_or_insert_with(|| (pointer.to_owned(), 0)).1 += 1;
    }

    /// In how many places changes seem to be that were not read.
    pub(super) fn unread_places(&self) -> u64 {
        self.unread.as_ref().map_or(0, |(_, places)| *places)
    }

    /// Adds what was found in a part of it.
    pub(super) fn add(&mut self, part: Understood) {
        self.pages.extend(part.pages);
        self.neighbours.extend(part.neighbours);
        self.forms.extend(part.forms);
        self.broken = self.broken.or(part.broken);
        self.texts.extend(part.texts);
        self.problems.extend(part.problems);
        self.doubtful.extend(part.doubtful);
        if let Some((pointer, places)) = part.unread {
            self.unread.get_or_insert((pointer, 0)).1 += places;
        }
        self.unread_page = self.unread_page.take().or(part.unread_page);
    }

    /// Judges what answered a request that failed, by its own transfer or by `transfer`, that of the document: it proves
    /// nothing. A page without items is none. One with items is read, so that no change is lost, with the error beside
    /// them, so that its page set is not whole. `is_document` tells that this is all that `transfer` brought: then it
    /// has an error, whatever else it is.
    pub(super) fn judge(&mut self, transfer: Option<&Transfer>, is_document: bool) {
        let mut errors = Vec::new();
        self.pages.retain_mut(|page| {
            let is_told = page.error.is_some() || page.transfer.is_some() || !is_document;
            let failed = page.transfer.as_deref().or(transfer).filter(|transfer| transfer.is_failure());
            let Some(status) = failed.and_then(|failed| failed.status) else { return true };
            let error = page.error.get_or_insert_default();
            error.status.get_or_insert_with(|| status.to_string());
            if page.items.is_empty() && is_told {
                errors.push((page.pointer.clone(), Neighbour::Error(error.clone())));
            }
            !page.items.is_empty()
        });
        self.neighbours.append(&mut errors);
        if !(is_document && transfer.is_some_and(Transfer::is_failure)) {
            return;
        }
        self.problems.retain(|(_, problem)| !matches!(problem, ProblemKind::NoItems));
        self.neighbours.retain(|(_, neighbour)| match neighbour {
            Neighbour::Error(_) | Neighbour::RestoreSession(_) | Neighbour::OwnMaking => true,
            Neighbour::Job(_) | Neighbour::Snapshot(_) | Neighbour::Other => false,
        });
        let is_error = |(_, neighbour): &(String, Neighbour)| matches!(neighbour, Neighbour::Error(_));
        if !self.neighbours.iter().any(is_error) && self.pages.iter().all(|page| page.error.is_none()) {
            let own = || (String::new(), Neighbour::Error(GraphError::default()));
            let first = self.doubtful.iter().position(is_error).map(|at| self.doubtful.remove(at));
            self.neighbours.push(first.unwrap_or_else(own));
        }
    }

    /// A page that seems to be there is told where nothing else was found, and so is the `fault` of the document:
    /// what stands behind it may have been taken for a part of it.
    pub(super) fn finish(mut self, fault: Option<ReadError>) -> Self {
        let is_error = |(_, problem): &(String, ProblemKind)| problem.severity() == Severity::Error;
        if !self.pages.iter().any(|page| page.fault.is_some()) && !self.problems.iter().any(is_error) {
            self.broken = self.broken.or(fault);
        }
        if let Some(pointer) = self.unread_page.take()
            && self.pages.is_empty()
            && self.texts.is_empty()
            && self.unread.is_none()
        {
            self.unread(&pointer);
        }
        self
    }
}
