//! An outlined page → its items, read; and items that stand alone → the pages that are made around them.

use crate::model::{LimitOn, ProblemKind};

use super::batch::{Batch, Home};
use super::export::{Item, Page, index_of};
use super::fault::{Unplaced, fault_kind};
use super::listed::Listed;
use super::neighbour::GraphError;
use super::outline::Span;
use super::page::PageOutline;
use super::survey::Survey;

impl Survey<'_> {
    pub(super) fn page(&mut self, outline: PageOutline, document: Option<u32>) {
        let limit = self.reading.limits.name;
        if outline.pointer.len() as u64 > limit {
            let kind = ProblemKind::Limit { on: LimitOn::Pointer, limit };
            return self.found.push(kind, Some(outline.span.start), document);
        }
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
            transfer: outline.transfer,
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
        if !self.reading.held.keep_items(spans.len()) {
            // Nothing will be reported.
            return;
        }
        let batches =
            (self.reading.batches)(&spans, &|first, spans| self.batch(&page, number, document, first, spans));
        self.found.add_page(page, batches);
    }

    /// Items that are documents of their own: one page without an envelope for the file, or two where
    /// only some have a failure message, since that tells the function.
    pub(super) fn items_alone(&mut self, alone: &[(u32, Span)]) {
        if alone.is_empty() {
            return;
        }
        if !self.reading.held.keep_items(alone.len()) {
            return;
        }
        let number = index_of(self.found.pages.len());
        let page = || Page { lone_documents: true, ..Page::default() };
        let spans: Vec<Span> = alone.iter().map(|(_, span)| span.clone()).collect();
        let surveyed = (self.reading.batches)(&spans, &|first, spans| {
            let mut batch = self.batch(&page(), number, None, first, spans);
            for item in &mut batch.items {
                item.ordinal = alone[item.ordinal as usize].0;
            }
            for problem in batch.problems.iter_mut() {
                problem.document = problem.at.and_then(|at| {
                    let behind = alone.partition_point(|(_, span)| span.start <= at);
                    alone.get(behind.checked_sub(1)?).map(|(number, _)| *number).filter(|number| *number > 0)
                });
            }
            batch
        });
        let failed = |batch: &Batch| batch.items.iter().any(|item| item.facts.has_failure_message());
        let planned = |batch: &Batch| batch.items.iter().any(|item| !item.facts.has_failure_message());
        if !(surveyed.iter().any(failed) && surveyed.iter().any(planned)) {
            let elements = spans.len() as u64;
            return self.found.add_page(Page { elements, ..page() }, surveyed);
        }
        let part = |with_message: bool| -> Vec<Batch> {
            let keep = |item: &&Item| item.facts.has_failure_message() == with_message;
            surveyed
                .iter()
                .map(|batch| Batch {
                    items: batch.items.iter().filter(keep).copied().collect(),
                    kinds: batch.kinds.clone(),
                    problems: Listed::default(),
                })
                .collect()
        };
        let (planned, failed) = (part(false), part(true));
        let total = |batches: &[Batch]| batches.iter().map(|batch| batch.items.len() as u64).sum::<u64>();
        let unread = spans.len() as u64 - total(&planned) - total(&failed);
        self.found.add_page(Page { elements: total(&planned) + unread, ..page() }, planned);
        self.found.add_page(Page { elements: total(&failed), ..page() }, failed);
        for batch in surveyed {
            self.found.problems.append(batch.problems);
        }
    }

    fn batch(&self, page: &Page, number: u32, document: Option<u32>, first: usize, spans: &[Span]) -> Batch {
        let home = Home { text: &self.decoded.text, page, number, document, limits: self.reading.limits };
        Batch::read(home, first, spans, &self.reading.examine)
    }
}
