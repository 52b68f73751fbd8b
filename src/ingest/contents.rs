//! The bytes of one file → what they hold: pages with their items, jobs, problems, and the forms in which it was saved.

use crate::model::ProblemKind;

use super::archive::Room;
use super::decode::{self, Decoded};
use super::document::{Piece, documents, split};
use super::embedded;
use super::fault::{Unplaced, fault_kind, not_json_at_all};
use super::finder::Hints;
use super::har::Response;
use super::neighbour::{GraphError, Neighbour};
use super::outline::{Document, Span};
use super::recordings::{Recording, Recordings};
use super::role::understand;
use super::survey::{Around, Findings, Reading, Survey};
use super::transcript::{Part, Transcript};
use super::understood::Understood;
use super::url::{self};
use super::wanted::is_page_name;

/// Finds out what the `bytes` of the file `label` hold; what is packed in them has `room`.
pub(super) fn contents(
    label: &str,
    bytes: Vec<u8>,
    reading: Reading<'_>,
    room: &mut Room,
) -> (Decoded, Findings) {
    let mut decoded = decode::decode(bytes);
    reading.held.keep(decoded.places() as u64);
    let mut found = Findings::of(decoded.text.len(), reading.limits);
    let (mut pieces, mut any_embedded) = documents(&mut decoded.text, decoded.start, reading.held);
    let is_broken = |piece: &Piece| match piece {
        Piece::Document(document) => document.fault.is_some(),
        Piece::Stray(_) => true,
        Piece::Heads(_) | Piece::Fence => false,
    };
    if !any_embedded && pieces.iter().any(is_broken) && decoded.take_out_colours() {
        // A page that begins without colours may have them further on.
        drop(pieces);
        (pieces, any_embedded) = documents(&mut decoded.text, decoded.start, reading.held);
        found.own = decoded.text.len();
    }
    found.forms.extend(decoded.had_colours.then_some("colours"));
    found.forms.extend(any_embedded.then_some("jsonText"));
    let mut recordings = Recordings::of(&pieces, &mut decoded, reading.held, room);
    found.problems.extend(recordings.problems.drain(..));
    found.passed_over.append(&mut recordings.passed_over);
    found.forms.extend((!recordings.by_start.is_empty()).then_some("har"));
    let mut survey = Survey::of(label, &decoded, reading, found);
    if recordings.are_all {
        survey.found.own = 0;
        recordings.by_start.into_values().for_each(|recording| survey.responses(recording));
    } else {
        survey.text(Transcript::of(pieces), recordings);
    }
    survey.padding();
    found = survey.found;
    embedded::read(label, decoded, reading, found)
}

impl Survey<'_> {
    fn text(&mut self, transcript: Transcript, mut recordings: Recordings) {
        let text = &self.decoded.text[self.decoded.start..];
        if text.trim_ascii().is_empty() {
            // Where there is nothing but padding, that is what is told.
            if self.decoded.padding == 0 {
                self.found.problem(ProblemKind::EmptyFile, None);
            }
            return;
        }
        let is_page = self.label == "-" || is_page_name(self.label);
        let has_heads = transcript.has_heads;
        if let Some(kind) = not_json_at_all(text).filter(|_| !has_heads) {
            return self.not_json(is_page, kind, None, None);
        }
        let all: Vec<&Document> = transcript.documents().collect();
        let several = all.len() > 1 || !recordings.by_start.is_empty();
        if let Some(first) = all.first().filter(|_| several) {
            let is_line = !self.decoded.text[first.span.clone()].contains('\n');
            self.found.forms.insert(if is_line { "ndjson" } else { "concatenated" });
        }
        let strange = self.invalid_outside(&all);
        let is_any_stray = transcript.parts.iter().any(|part| matches!(part, Part::Stray(_)));
        let overwritten = self.overwritten(&all).filter(|_| strange.is_none() && !is_any_stray);
        if transcript.parts.is_empty() && !has_heads {
            // Nothing but comments.
            return self.not_json(is_page, ProblemKind::EmptyFile, None, None);
        }
        self.found.forms.extend(has_heads.then_some("httpHead"));
        self.found.forms.extend(transcript.has_fences.then_some("markdown"));
        for failed in &transcript.failed {
            self.failure(Around { transfer: Some(failed), ..Around::default() });
        }
        // Nothing but requests: what was asked for is not here either.
        let asks_only = transcript.parts.is_empty() && transcript.failed.is_empty();
        for _ in 0..transcript.missing.max(usize::from(asks_only)) {
            // A file of heads alone lies beside the page that they came with.
            self.not_json(is_page || several, ProblemKind::NoBody, None, None);
        }
        let mut items_alone = Vec::new();
        for (position, part) in transcript.parts.into_iter().enumerate() {
            match part {
                Part::Stray(_) if strange.is_some() => {}
                Part::Stray(error) => self.not_json(is_page, fault_kind(error, 0), Some(error.at), None),
                Part::Document(document) => {
                    if let Some(recording) = recordings.by_start.remove(&document.span.start) {
                        self.responses(recording);
                        continue;
                    }
                    self.number += 1;
                    let number = several.then_some(self.number);
                    let answer = transcript.answers.get(&position);
                    let around = Around { number, ..answer.map(Around::from).unwrap_or_default() };
                    self.document(document, around, is_page, &mut items_alone);
                }
            }
        }
        if let Some((at, offset)) = strange {
            self.not_json(is_page, ProblemKind::InvalidEncoding { offset: offset as u64 }, Some(at), None);
        }
        if let Some(at) = overwritten {
            let kind = ProblemKind::NotJson { expected: "text in one encoding", items: 0 };
            self.not_json(is_page, kind, Some(at), None);
        }
        self.items_alone(&items_alone);
    }

    /// Tells of NUL characters behind the text.
    fn padding(&mut self) {
        let Decoded { text, start, padding, .. } = self.decoded;
        if *padding > 0 {
            let is_all = text[*start..].trim_ascii().is_empty();
            let is_page = is_all || self.label == "-" || is_page_name(self.label);
            let kind = ProblemKind::NulPadding { characters: *padding as u64, is_all };
            self.not_json(is_page, kind, (!is_all).then_some(text.len()), None);
        }
    }

    /// Tells of a request that failed without a document that says so.
    fn failure(&mut self, around: Around<'_>) {
        self.neighbour(Neighbour::Error(GraphError::default()), 0, around, "");
    }

    /// The responses of a recording, each with the part of the text that is its body.
    fn responses(&mut self, Recording { number, responses }: Recording) {
        for (response, body) in responses {
            let Response { pointer, transfer, requests, .. } = &response;
            let told = |kind: ProblemKind| {
                let pointer = Some(pointer.clone());
                Unplaced { pointer, ..Unplaced::new(kind, None, number) }
            };
            let around = Around {
                number,
                transfer: Some(transfer),
                was_repeated: response.was_repeated,
                requests: requests.as_ref(),
                pointer,
                ..Around::default()
            };
            let pieces = split(&self.decoded.text[..body.end], body.start, self.reading.held);
            let has_document = pieces.iter().any(|piece| piece.document().is_some());
            if transfer.is_failure() && !has_document {
                self.failure(around);
                continue;
            }
            self.found.problems.extend(response.problem.clone().map(told));
            let mut alone = Vec::new();
            for piece in pieces {
                match piece {
                    Piece::Document(document) => {
                        let start = document.span.start;
                        let understood = self.understand(document, around);
                        let is_page = !understood.pages.is_empty() || understood.item.is_some();
                        self.number += u32::from(is_page);
                        let number = if is_page { Some(self.number) } else { number };
                        let around = Around { number, ..around };
                        self.understood(understood, start, around, true, &mut alone);
                    }
                    Piece::Stray(error) => {
                        self.found.problems.push(told(fault_kind(error, 0)));
                    }
                    Piece::Heads(_) | Piece::Fence => {}
                }
            }
            self.items_alone(&alone);
        }
    }

    /// A file that is no JSON and by its name no page either is passed over; otherwise that is a problem. So it
    /// is in a file that holds pages all the same.
    fn not_json(&mut self, is_page: bool, kind: ProblemKind, at: Option<usize>, document: Option<u32>) {
        let problem = Unplaced::new(kind, at, document);
        if is_page {
            self.found.problems.push(problem);
        } else {
            self.found.held.push(problem);
        }
    }

    /// The first bytes outside every document that are no text: place in the text, offset in the file.
    fn invalid_outside(&self, documents: &[&Document]) -> Option<(usize, usize)> {
        self.decoded.invalid.iter().copied().find(|&(at, _)| !is_inside(documents, at))
    }

    /// Where something was written over text that is stepped over, a comment or a head: a NUL character, or another
    /// encoding in the middle of a line, outside every document.
    fn overwritten(&self, documents: &[&Document]) -> Option<usize> {
        let text = &self.decoded.text;
        let nul = memchr::memchr_iter(0, text.as_bytes()).find(|at| !is_inside(documents, *at));
        // Blanks are looked over only so far: a change in the midst of many is none of a line.
        let is_blank = |c: &char| matches!(c, ' ' | '\t' | '\u{feff}');
        let blanks = |chars: &mut dyn Iterator<Item = char>| {
            chars.take(SEEN_BLANKS).take_while(is_blank).map(char::len_utf8).sum::<usize>()
        };
        let ends_something = |at: usize| {
            let before = &text[..at - blanks(&mut text[..at].chars().rev())];
            let behind = documents.partition_point(|document| document.span.start < at);
            let is_behind_document = behind > 0 && documents[behind - 1].span.end >= before.len();
            before.is_empty() || before.ends_with(['\n', '\r', ' ']) || is_behind_document
        };
        let begins_document = |at: usize| is_inside(documents, at + blanks(&mut text[at..].chars()));
        let mut changes = self.decoded.changes.iter().copied();
        nul.or_else(|| changes.find(|&at| at < text.len() && !ends_something(at) && !begins_document(at)))
    }

    /// The first bytes in `span` that are no text.
    fn invalid_inside(&self, span: &Span) -> Option<(usize, usize)> {
        let first = self.decoded.invalid.partition_point(|&(at, _)| at < span.start);
        self.decoded.invalid.get(first).copied().filter(|(at, _)| *at < span.end)
    }

    fn document(
        &mut self,
        document: Document,
        around: Around<'_>,
        is_page: bool,
        alone: &mut Vec<(u32, Span)>,
    ) {
        if let Some((at, offset)) = self.invalid_inside(&document.span) {
            let kind = ProblemKind::InvalidEncoding { offset: offset as u64 };
            return self.found.push(kind, Some(at), around.number);
        }
        let start = document.span.start;
        let understood = self.understand(document, around);
        self.understood(understood, start, around, is_page, alone);
    }

    pub(super) fn understand(&self, document: Document, around: Around<'_>) -> Understood {
        let by_url = around.transfer.and_then(|transfer| url::function_named_in(transfer.url.as_deref()?));
        let by_path = || url::function_of_path(self.label, self.reading.root_name);
        let file_name = self.label.rsplit('/').next().unwrap_or_default();
        let hints = Hints {
            names_function: by_url.or_else(by_path).is_some(),
            requests: around.requests,
            is_named_file: url::function_named_in(file_name).is_some(),
            embedded: around.embedded,
        };
        let mut understood = understand(&self.decoded.text, document, hints, self.reading.held);
        understood.judge(around.transfer, around.embedded.is_none());
        understood
    }

    pub(super) fn understood(
        &mut self,
        mut understood: Understood,
        start: usize,
        around: Around<'_>,
        is_page: bool,
        alone: &mut Vec<(u32, Span)>,
    ) {
        let number = around.number;
        self.reading.held.keep_finds(understood.len());
        // A failure that was answered with a change is told, also where another answer came: the change is used.
        let was_repeated = around.was_repeated && understood.item.is_none();
        let around = Around { was_repeated, ..around };
        if let Some(error) = understood.broken {
            self.not_json(is_page, fault_kind(error, 0), Some(error.at), number);
        }
        if !understood.pages.is_empty() || understood.item.is_some() {
            self.found.roles.insert("page");
        }
        self.found.forms.append(&mut understood.forms);
        alone.extend(understood.item.take().map(|item| (number.unwrap_or(0), item)));
        for mut outline in std::mem::take(&mut understood.pages) {
            if outline.transfer.is_none() {
                outline.transfer = around.transfer.map(|transfer| Box::new(transfer.clone()));
            }
            if around.embedded.is_some() {
                outline.pointer.insert_str(0, around.pointer);
            }
            self.page(outline, number);
        }
        for (pointer, neighbour) in std::mem::take(&mut understood.neighbours) {
            self.neighbour(neighbour, start, around, &pointer);
        }
        self.found.nested(understood, around);
    }
}

/// How many blanks are looked over around a change of the encoding.
const SEEN_BLANKS: usize = 64;

/// Whether byte `at` stands in one of these documents, which are in the order of the text.
fn is_inside(documents: &[&Document], at: usize) -> bool {
    let behind = documents.partition_point(|document| document.span.start <= at);
    behind > 0 && documents[behind - 1].span.contains(&at)
}
