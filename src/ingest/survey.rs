//! A file's text while it is surveyed: how it is read, what is known around a document, and what was found. What is done
//! with it is told in `contents`, `embedded`, `surveyed_page` and `told`.

use std::collections::BTreeSet;

use crate::model::{Extent, Job, ProblemKind, Record, RestoreArtifact, Snapshot, Transfer};

use super::batch::Batch;
use super::decode::Decoded;
use super::export::Page;
use super::fault::Unplaced;
use super::limits::{Held, Limits};
use super::listed::Listed;
use super::outline::Span;
use super::passed_over::PassedOverReason;
use super::transcript::Answer;
use super::trust::Trust;
use super::url::Requests;

/// Maps a function over runs of items, each with the position of its first, results in order, possibly side by side.
type Batches<'r> = dyn Fn(&[Span], &(dyn Fn(usize, &[Span]) -> Batch + Sync)) -> Vec<Batch> + Sync + 'r;

/// How files are read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'r> {
    /// The name of the input root, which may tell the function.
    pub(super) root_name: &'r str,
    /// Tells how an item's rows count.
    pub(super) examine: &'r (dyn Fn(&Record<'_>) -> Extent + Sync),
    pub(super) batches: &'r Batches<'r>,
    pub(super) limits: Limits,
    pub(super) held: &'r Held,
}

/// What a text holds.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// How much of the text is the file's own, in bytes: only there a line and a column mean something.
    pub(super) own: usize,
    pub(super) pages: Vec<SurveyedPage>,
    pub(super) jobs: Vec<Job>,
    pub(super) snapshots: Vec<Snapshot>,
    pub(super) restore_artifacts: Vec<RestoreArtifact>,
    pub(super) problems: Listed,
    /// Which of them tells of changes that were not read.
    pub(super) unread: Option<usize>,
    /// Problems if the file turns out to hold pages.
    pub(super) held: Listed,
    pub(super) forms: BTreeSet<&'static str>,
    pub(super) roles: BTreeSet<&'static str>,
    pub(super) passed_over: BTreeSet<PassedOverReason>,
    /// JSON in strings that is not read yet.
    pub(super) texts: Vec<Waiting>,
    /// Errors that are told if the file turns out to hold pages.
    pub(super) doubtful: Listed,
}

/// A page with its items; the items' kinds count within their batch.
#[derive(Debug)]
pub(super) struct SurveyedPage {
    pub(super) page: Page,
    pub(super) batches: Vec<Batch>,
}

/// The content of a string, and where that stands.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) number: Option<u32>,
    pub(super) pointer: String,
    pub(super) content: String,
    pub(super) trust: Trust,
    pub(super) transfer: Option<Box<Transfer>>,
}

/// A text, and what was found in it so far.
pub(super) struct Survey<'s> {
    pub(super) label: &'s str,
    pub(super) decoded: &'s Decoded,
    pub(super) reading: Reading<'s>,
    pub(super) found: Findings,
    /// How many documents of the text, and recorded responses that are pages, have a number.
    pub(super) number: u32,
}

/// What is known of a document from outside.
#[derive(Clone, Copy, Default)]
pub(super) struct Around<'a> {
    /// Its number in a file of several.
    pub(super) number: Option<u32>,
    pub(super) transfer: Option<&'a Transfer>,
    /// Whether it tells of a failure that was none in the end.
    pub(super) was_repeated: bool,
    pub(super) requests: Option<&'a Requests>,
    /// The pointer of a recorded response, or of the string that it is the content of.
    pub(super) pointer: &'a str,
    /// What may be read of the content of a string.
    pub(super) embedded: Option<Trust>,
}

impl<'a> From<&'a Answer> for Around<'a> {
    fn from(answer: &'a Answer) -> Self {
        let Answer { transfer, was_repeated } = answer;
        Around { transfer: Some(transfer), was_repeated: *was_repeated, ..Around::default() }
    }
}

impl<'s> Survey<'s> {
    pub(super) fn of(label: &'s str, decoded: &'s Decoded, reading: Reading<'s>, found: Findings) -> Self {
        Survey { label, decoded, reading, found, number: 0 }
    }
}

impl Findings {
    /// Nothing yet, in a text that is `own` bytes of the file.
    pub(super) fn of(own: usize, limits: Limits) -> Self {
        let listed = || Listed::up_to(limits.problems);
        Findings { own, problems: listed(), held: listed(), doubtful: listed(), ..Findings::default() }
    }

    pub(super) fn problem(&mut self, kind: ProblemKind, at: Option<usize>) {
        self.push(kind, at, None);
    }

    pub(super) fn push(&mut self, kind: ProblemKind, at: Option<usize>, document: Option<u32>) {
        self.problems.push(Unplaced::new(kind, at, document));
    }

    pub(super) fn add_page(&mut self, page: Page, mut batches: Vec<Batch>) {
        for batch in &mut batches {
            self.problems.append(std::mem::take(&mut batch.problems));
        }
        self.pages.push(SurveyedPage { page, batches });
    }
}
