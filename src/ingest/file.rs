//! One file → its pages, items, jobs and problems: the part of the survey that runs beside others.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::model::{Digest, Job, Place, Problem, ProblemKind, Record, RestoreArtifact, Tally};

use super::batch::{Batch, Home};
use super::decode::{self, Decoded};
use super::discover::{Found, Source, is_page_name};
use super::document::{Piece, split};
use super::export::{Item, Page, PassedOver, PassedOverReason, SourceFile, index_of};
use super::fault::{Unplaced, fault_kind, not_json_at_all, placed};
use super::neighbour::{GraphError, Neighbour};
use super::outline::{Document, Span};
use super::page::PageOutline;
use super::restore_session::{RESTORE_SESSION, RestoreSession};
use super::role::{Form, understand};
use super::url;

/// What one file holds.
#[derive(Debug, Default)]
pub(super) struct FileSurvey {
    pub(super) file: Option<SourceFile>,
    /// Where the file is, if it could not be read.
    pub(super) unreadable: Option<PathBuf>,
    pub(super) pages: Vec<SurveyedPage>,
    pub(super) jobs: Vec<Job>,
    pub(super) restore_artifacts: Vec<RestoreArtifact>,
    pub(super) passed_over: Vec<PassedOver>,
    /// Each with the page it is in, by its position in `pages`.
    pub(super) problems: Vec<(Option<u32>, Problem)>,
}

/// A page with its items; the items' kinds count within their batch.
#[derive(Debug)]
pub(super) struct SurveyedPage {
    pub(super) page: Page,
    pub(super) batches: Vec<Batch>,
}

/// Reads `found` and surveys its documents. `examine` tells how an item's rows count; `batches` maps a
/// function over runs of items, in order, possibly side by side.
pub(super) fn survey_file<E, B>(found: Found, root_name: &str, examine: &E, batches: &B) -> FileSurvey
where
    E: Fn(&Record<'_>) -> Tally + Sync,
    B: Fn(&[Span], &(dyn Fn(usize, &[Span]) -> Batch + Sync)) -> Vec<Batch> + Sync,
{
    let Found { label, checksum_name, source } = found;
    let (bytes, path) = match source {
        Source::Bytes(bytes) => (bytes, None),
        Source::Path(path) => match fs::read(&path) {
            Ok(bytes) => (bytes, Some(path)),
            Err(error) => {
                let kind = ProblemKind::UnreadableFile { reason: error.to_string() };
                let problems = vec![(None, Problem::of_file(kind, &label))];
                return FileSurvey { problems, unreadable: Some(path), ..FileSurvey::default() };
            }
        },
    };
    let (size, sha256) = (bytes.len() as u64, Digest::of(&bytes));
    let decoded = decode::decode(bytes);
    let found = Findings::default();
    let mut survey = Survey { label: &label, root_name, decoded: &decoded, examine, batches, found };
    survey.text();
    let findings = survey.found;
    findings.finish(Origin { label, checksum_name, path, bytes: size, sha256 }, decoded)
}

/// What is known of a file before its text is looked at.
struct Origin {
    label: String,
    checksum_name: String,
    path: Option<PathBuf>,
    bytes: u64,
    sha256: Digest,
}

struct Survey<'s, E, B> {
    label: &'s str,
    root_name: &'s str,
    decoded: &'s Decoded,
    examine: &'s E,
    batches: &'s B,
    found: Findings,
}

#[derive(Default)]
struct Findings {
    pages: Vec<SurveyedPage>,
    jobs: Vec<Job>,
    restore_artifacts: Vec<RestoreArtifact>,
    problems: Vec<Unplaced>,
    /// Problems if the file turns out to hold pages.
    held: Vec<Unplaced>,
    forms: BTreeSet<&'static str>,
    roles: BTreeSet<&'static str>,
    passed_over: BTreeSet<PassedOverReason>,
}

impl<E, B> Survey<'_, E, B>
where
    E: Fn(&Record<'_>) -> Tally + Sync,
    B: Fn(&[Span], &(dyn Fn(usize, &[Span]) -> Batch + Sync)) -> Vec<Batch> + Sync,
{
    fn text(&mut self) {
        let text = &self.decoded.text[self.decoded.start..];
        if text.trim_ascii().is_empty() {
            return self.found.problem(ProblemKind::EmptyFile, None);
        }
        let is_page = self.label == "-" || is_page_name(self.label);
        if let Some(kind) = not_json_at_all(text) {
            return self.not_json(is_page, kind, None, None);
        }
        let pieces = split(&self.decoded.text, self.decoded.start);
        let several = pieces.iter().filter(|piece| matches!(piece, Piece::Document(_))).count() > 1;
        let strange = self.invalid_outside(&pieces);
        if pieces.is_empty() {
            // Nothing but comments.
            return self.not_json(is_page, ProblemKind::EmptyFile, None, None);
        }
        let mut number = 0;
        let mut items_alone = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Stray(_) if strange.is_some() => {}
                Piece::Stray(error) => self.not_json(is_page, fault_kind(error, 0), Some(error.at), None),
                Piece::Document(document) => {
                    number += 1;
                    let number = several.then_some(number);
                    self.document(document, number, is_page, &mut items_alone);
                }
            }
        }
        if let Some((at, offset)) = strange {
            self.not_json(is_page, ProblemKind::InvalidEncoding { offset: offset as u64 }, Some(at), None);
        }
        self.items_alone(&items_alone);
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

    /// The first bytes outside every document that are no UTF-8: place in the text, offset in the file.
    fn invalid_outside(&self, pieces: &[Piece]) -> Option<(usize, usize)> {
        let spans = pieces.iter().filter_map(|piece| match piece {
            Piece::Document(document) => Some(&document.span),
            Piece::Stray(_) => None,
        });
        let spans: Vec<&Span> = spans.collect();
        let inside = |at: usize| {
            let behind = spans.partition_point(|span| span.start <= at);
            behind > 0 && spans[behind - 1].contains(&at)
        };
        self.decoded.invalid.iter().copied().find(|&(at, _)| !inside(at))
    }

    /// The first bytes in `span` that are no UTF-8.
    fn invalid_inside(&self, span: &Span) -> Option<(usize, usize)> {
        let first = self.decoded.invalid.partition_point(|&(at, _)| at < span.start);
        self.decoded.invalid.get(first).copied().filter(|(at, _)| *at < span.end)
    }

    fn document(
        &mut self,
        document: Document,
        number: Option<u32>,
        is_page: bool,
        alone: &mut Vec<(u32, Span)>,
    ) {
        if let Some((at, offset)) = self.invalid_inside(&document.span) {
            let kind = ProblemKind::InvalidEncoding { offset: offset as u64 };
            return self.found.push(kind, Some(at), number);
        }
        let start = document.span.start;
        let by_path = url::function_of_path(self.label, self.root_name).is_some();
        let understood = understand(&self.decoded.text, document, by_path);
        if let Some(error) = understood.broken {
            self.not_json(is_page, fault_kind(error, 0), Some(error.at), number);
        }
        if let Some(form) = understood.form {
            self.found.roles.insert("page");
            self.found.forms.insert(form_name(form));
        }
        alone.extend(understood.item.map(|item| (number.unwrap_or(0), item)));
        for outline in understood.pages {
            self.page(outline, number);
        }
        for (pointer, neighbour) in understood.neighbours {
            self.neighbour(neighbour, start, number, pointer);
        }
    }

    fn page(&mut self, outline: PageOutline, document: Option<u32>) {
        let spans = outline.items;
        let page = Page {
            document,
            pointer: outline.pointer,
            is_array: outline.is_array,
            enveloped: outline.enveloped,
            cut: outline.fault.is_some() || outline.error.is_some(),
            start: outline.span.start,
            end: outline.span.end,
            context: outline.context,
            next_link: outline.next_link,
            count: outline.count,
            elements: spans.len() as u64,
            ..Page::default()
        };
        let number = index_of(self.found.pages.len());
        let mut told: Vec<(ProblemKind, usize)> = outline
            .repeated_keys
            .into_iter()
            .map(|key| (ProblemKind::DuplicateKey { key }, page.start))
            .collect();
        told.extend(outline.lone_surrogate.then_some((ProblemKind::LoneSurrogate, page.start)));
        let graph_error = |error: GraphError| {
            let GraphError { status, code, message } = error;
            (ProblemKind::GraphError { status, code, message }, page.start)
        };
        told.extend(outline.error.map(graph_error));
        told.extend(outline.lacks_value.then_some((ProblemKind::NoItems, page.start)));
        told.extend(outline.fault.map(|fault| (fault_kind(fault, page.elements), fault.at)));
        for (kind, at) in told {
            let problem = Unplaced::new(kind, Some(at), document);
            self.found.problems.push(Unplaced { page: Some(number), ..problem });
        }
        let batches =
            (self.batches)(&spans, &|first, spans| self.batch(&page, number, document, first, spans));
        self.found.add_page(page, batches);
    }

    /// Items that are documents of their own: one page without an envelope for the file, or two where
    /// only some have a failure message, since that tells the function.
    fn items_alone(&mut self, alone: &[(u32, Span)]) {
        if alone.is_empty() {
            return;
        }
        let number = index_of(self.found.pages.len());
        let page = || Page { lone_documents: true, ..Page::default() };
        let spans: Vec<Span> = alone.iter().map(|(_, span)| span.clone()).collect();
        let surveyed = (self.batches)(&spans, &|first, spans| {
            let mut batch = self.batch(&page(), number, None, first, spans);
            for item in &mut batch.items {
                item.ordinal = alone[item.ordinal as usize].0;
            }
            for problem in &mut batch.problems {
                problem.document = problem.at.and_then(|at| {
                    let behind = alone.partition_point(|(_, span)| span.start <= at);
                    alone.get(behind.checked_sub(1)?).map(|(number, _)| *number).filter(|number| *number > 0)
                });
            }
            batch
        });
        let failed = |batch: &Batch| batch.items.iter().any(|item| item.has_failure_message);
        let planned = |batch: &Batch| batch.items.iter().any(|item| !item.has_failure_message);
        if !(surveyed.iter().any(failed) && surveyed.iter().any(planned)) {
            let elements = spans.len() as u64;
            return self.found.add_page(Page { elements, ..page() }, surveyed);
        }
        let part = |with_message: bool| -> Vec<Batch> {
            let keep = |item: &&Item| item.has_failure_message == with_message;
            surveyed
                .iter()
                .map(|batch| Batch {
                    items: batch.items.iter().filter(keep).copied().collect(),
                    kinds: batch.kinds.clone(),
                    problems: Vec::new(),
                })
                .collect()
        };
        let (planned, failed) = (part(false), part(true));
        let total = |batches: &[Batch]| batches.iter().map(|batch| batch.items.len() as u64).sum::<u64>();
        let unread = spans.len() as u64 - total(&planned) - total(&failed);
        self.found.add_page(Page { elements: total(&planned) + unread, ..page() }, planned);
        self.found.add_page(Page { elements: total(&failed), ..page() }, failed);
        self.found.problems.extend(surveyed.into_iter().flat_map(|batch| batch.problems));
    }

    fn batch(&self, page: &Page, number: u32, document: Option<u32>, first: usize, spans: &[Span]) -> Batch {
        let home = Home { text: &self.decoded.text, page, number, document };
        Batch::read(home, first, spans, self.examine)
    }

    fn neighbour(&mut self, neighbour: Neighbour, at: usize, document: Option<u32>, pointer: String) {
        let pointer = Some(pointer).filter(|pointer| !pointer.is_empty());
        let place = Place { document, pointer: pointer.clone(), ..Place::file(self.label) };
        match neighbour {
            Neighbour::Job(job) => {
                self.found.roles.insert("job");
                self.found.jobs.push(Job { source: place.source(), ..*job });
            }
            Neighbour::Snapshot => {
                self.found.roles.insert("snapshot");
            }
            Neighbour::Error(GraphError { status, code, message }) => {
                self.found.roles.insert("error");
                let problem =
                    Unplaced::new(ProblemKind::GraphError { status, code, message }, Some(at), document);
                self.found.problems.push(Unplaced { pointer, ..problem });
            }
            Neighbour::RestoreSession(session) => self.restore_session(session, at, document),
            Neighbour::OwnMaking => {
                self.found.passed_over.insert(PassedOverReason::OwnMaking);
            }
            Neighbour::Other => {
                self.found.passed_over.insert(PassedOverReason::NothingOfUse);
            }
        }
    }
}

impl<E, B> Survey<'_, E, B> {
    fn restore_session(&mut self, session: RestoreSession, at: usize, document: Option<u32>) {
        self.found.roles.insert(RESTORE_SESSION);
        for mut artifact in session.artifacts {
            let pointer = Some(std::mem::take(&mut artifact.source));
            artifact.source = Place { document, pointer, ..Place::file(self.label) }.source();
            self.found.restore_artifacts.push(artifact);
        }
        for (pointer, kind) in session.problems {
            let pointer = Some(pointer).filter(|pointer| !pointer.is_empty());
            self.found.problems.push(Unplaced { pointer, ..Unplaced::new(kind, Some(at), document) });
        }
    }
}

impl Findings {
    fn problem(&mut self, kind: ProblemKind, at: Option<usize>) {
        self.push(kind, at, None);
    }

    fn push(&mut self, kind: ProblemKind, at: Option<usize>, document: Option<u32>) {
        self.problems.push(Unplaced::new(kind, at, document));
    }

    fn add_page(&mut self, page: Page, mut batches: Vec<Batch>) {
        self.problems.extend(batches.iter_mut().flat_map(|batch| std::mem::take(&mut batch.problems)));
        self.pages.push(SurveyedPage { page, batches });
    }

    fn finish(self, origin: Origin, decoded: Decoded) -> FileSurvey {
        let Origin { label, checksum_name, path, bytes, sha256 } = origin;
        let Findings { mut problems, held, mut passed_over, .. } = self;
        if ["page", RESTORE_SESSION].iter().any(|role| self.roles.contains(role)) {
            problems.extend(held);
        } else if !held.is_empty() {
            passed_over.insert(PassedOverReason::NothingOfUse);
        }
        let problems = placed(problems, &label, &decoded.text);
        let is_own_making = passed_over.iter().eq([&PassedOverReason::OwnMaking]);
        let passed_over =
            passed_over.into_iter().map(|reason| PassedOver { source: label.clone(), reason }).collect();
        let joined = |names: BTreeSet<&str>, none: &str| {
            if names.is_empty() { none.to_owned() } else { names.into_iter().collect::<Vec<_>>().join("+") }
        };
        let is_passed_over = self.roles.is_empty() && problems.is_empty();
        let text = if self.pages.is_empty() { String::new() } else { decoded.text };
        let (form, role) = (joined(self.forms, "object"), joined(self.roles, "none"));
        let file = SourceFile {
            label,
            checksum_name,
            path,
            bytes,
            sha256,
            encoding: decoded.encoding,
            form,
            role,
            is_passed_over,
            text,
        };
        // What this program made itself is no input, wherever it lies.
        let file = Some(file).filter(|file| !(file.is_passed_over && is_own_making));
        let (pages, jobs, restore_artifacts) = (self.pages, self.jobs, self.restore_artifacts);
        FileSurvey { file, unreadable: None, pages, jobs, restore_artifacts, passed_over, problems }
    }
}

fn form_name(form: Form) -> &'static str {
    match form {
        Form::Page => "page",
        Form::PageArray => "pageArray",
        Form::ItemArray => "itemArray",
        Form::Item => "item",
    }
}
