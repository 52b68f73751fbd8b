//! The recordings in a file's text: their responses are taken out, and the bodies stand behind the text of the file, or
//! in its place where the file holds nothing else.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{LimitOn, ProblemKind};

use super::archive::Room;
use super::decode::Decoded;
use super::document::Piece;
use super::fault::{Unplaced, fault_kind};
use super::har::{self, Har, Response};
use super::limits::Held;
use super::outline::Span;
use super::passed_over::PassedOverReason;

/// A document that holds recordings.
#[derive(Debug, Default)]
pub(super) struct Recording {
    /// Its number, where the file has several such documents.
    pub(super) number: Option<u32>,
    /// Each with the part of the text that is its body.
    pub(super) responses: Vec<(Response, Span)>,
}

/// The recordings in a text.
#[derive(Debug, Default)]
pub(super) struct Recordings {
    /// By the places where their documents begin.
    pub(super) by_start: BTreeMap<usize, Recording>,
    /// Whether nothing else is in the text, so that the bodies are the text from now on.
    pub(super) are_all: bool,
    pub(super) passed_over: BTreeSet<PassedOverReason>,
    pub(super) problems: Vec<Unplaced>,
}

impl Recordings {
    /// Takes the responses out of the recordings among `pieces`; what is packed in them has `room`.
    pub(super) fn of(pieces: &[Piece], decoded: &mut Decoded, held: &Held, room: &mut Room) -> Self {
        let documents = pieces.iter().filter_map(Piece::document);
        let (mut spans, mut recordings): (Vec<Span>, Vec<Har>) = (Vec::new(), Vec::new());
        for document in documents {
            let read = har::read(&decoded.text, document, held, room);
            spans.extend(std::iter::repeat_n(document.span.clone(), read.len()));
            recordings.extend(read);
        }
        if recordings.is_empty() {
            return Recordings::default();
        }
        har::leave_out_repeated_failures(&mut recordings);
        let starts: BTreeSet<usize> = spans.iter().map(|span| span.start).collect();
        let is_recording = |piece: &Piece| match piece {
            Piece::Document(document) => starts.contains(&document.span.start),
            Piece::Fence | Piece::Heads(_) => true,
            Piece::Stray(_) => false,
        };
        let mut found = Recordings { are_all: pieces.iter().all(is_recording), ..Recordings::default() };
        let is_inside = |at: usize| {
            let behind = spans.partition_point(|span| span.start <= at);
            behind > 0 && spans[behind - 1].contains(&at)
        };
        let invalid = decoded.invalid.iter().find(|(at, _)| is_inside(*at));
        found.problems.extend(invalid.map(|(_, offset)| {
            Unplaced::new(ProblemKind::InvalidEncoding { offset: *offset as u64 }, None, None)
        }));
        if found.are_all {
            decoded.take_digest();
            (decoded.text, decoded.start) = (String::new(), 0);
            decoded.invalid.clear();
        }
        let numbers: BTreeMap<usize, u32> = starts.iter().copied().zip(1..).collect();
        let bodies =
            recordings.iter().flat_map(|har| &har.responses).filter_map(|response| response.body.as_ref());
        held.keep(bodies.map(|body| body.len() as u64).sum());
        for (har, span) in recordings.into_iter().zip(spans) {
            let number = numbers.get(&span.start).copied().filter(|_| starts.len() > 1);
            found.take(har, (span.start, number), &mut decoded.text);
        }
        found
    }

    /// Adds a recording; the bodies of its responses are put behind `text`.
    fn take(&mut self, har: Har, (start, number): (usize, Option<u32>), text: &mut String) {
        self.passed_over.extend(har.has_others.then_some(PassedOverReason::OtherRequest));
        self.passed_over.extend(har.has_documentation.then_some(PassedOverReason::Documentation));
        let on = LimitOn::ItemMemory;
        let limit = har.too_much.map(|limit| ProblemKind::Limit { on, limit });
        self.problems.extend(limit.map(|limit| Unplaced::new(limit, None, number)));
        let faults = har.faults.into_iter();
        self.problems.extend(faults.map(|fault| Unplaced::new(fault_kind(fault, 0), None, number)));
        let recording = self.by_start.entry(start).or_default();
        recording.number = number;
        recording.responses.extend(har.responses.into_iter().map(|mut response| {
            let start = text.len();
            text.push_str(&response.body.take().unwrap_or_default());
            (response, start..text.len())
        }));
    }
}
