//! Which HTTP head belongs to which document, and which responses never came.
//!
//! A head belongs to the document behind it. Where heads stand one behind the other, as programs leave them that print
//! heads and bodies through two streams, none can be told to belong to any, and what is known of a transfer is
//! dropped: a page that is given another one's URL would be a false report.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Transfer;

use super::document::Piece;
use super::http::{Head, Heads, TAKEN_OFF};
use super::outline::Document;
use super::read_error::ReadError;

/// What a text holds once heads and documents are brought together.
#[derive(Debug, Default)]
pub(super) struct Transcript {
    pub(super) parts: Vec<Part>,
    /// What is known of the transfers of documents, by their positions among the parts. Most have none.
    pub(super) answers: BTreeMap<usize, Answer>,
    /// Whether there are heads.
    pub(super) has_heads: bool,
    pub(super) has_fences: bool,
    /// Requests that failed, without a document that says so, and were not made again.
    pub(super) failed: Vec<Transfer>,
    /// How many responses should have a document and have none.
    pub(super) missing: usize,
}

/// A document, or text that is none.
#[derive(Debug)]
pub(super) enum Part {
    Document(Document),
    Stray(ReadError),
}

/// What a document answers.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) transfer: Transfer,
    /// Whether it tells of a failure, and the same request succeeded behind or before it.
    pub(super) was_repeated: bool,
}

impl Transcript {
    pub(super) fn of(pieces: Vec<Piece>) -> Self {
        let mut reading = Reading::default();
        let mut count = 0;
        let part = |piece: Piece| {
            let part = match piece {
                Piece::Heads(heads) => {
                    reading.heads(heads);
                    return None;
                }
                Piece::Fence => {
                    reading.found.has_fences = true;
                    return None;
                }
                Piece::Document(document) => {
                    reading.answer(count);
                    Part::Document(document)
                }
                // What a failed request was answered with is no JSON.
                Piece::Stray(_) if reading.pending.as_ref().is_some_and(Transfer::is_failure) => {
                    reading.lost();
                    return None;
                }
                Piece::Stray(error) => Part::Stray(error),
            };
            count += 1;
            Some(part)
        };
        // Where the pieces stood, so that nothing is held twice.
        let parts = pieces.into_iter().filter_map(part).collect();
        Transcript { parts, ..reading.finish() }
    }

    pub(super) fn documents(&self) -> impl Iterator<Item = &Document> {
        self.parts.iter().filter_map(|part| match part {
            Part::Document(document) => Some(document),
            Part::Stray(_) => None,
        })
    }
}

#[derive(Default)]
struct Reading {
    found: Transcript,
    /// The head in front of the next document.
    pending: Option<Transfer>,
    /// The URL of a request whose response may follow behind the request's own body.
    url: Option<String>,
    /// How many responses there are whose document does not stand behind them, and how many documents have no head.
    without_document: usize,
    without_head: usize,
}

impl Reading {
    fn heads(&mut self, heads: Heads) {
        for head in heads.blocks {
            self.found.has_heads = true;
            match head {
                Head::Passing => {}
                Head::Request(transfer) => {
                    self.lost();
                    self.url.clone_from(&transfer.url);
                    self.pending = Some(transfer);
                }
                Head::Response(transfer) => {
                    // Who is asked to sign in is answered again.
                    let asked = self.pending.as_ref().and_then(|before| before.status);
                    let url = self.pending.as_mut().and_then(|before| before.url.take());
                    if !matches!(asked, None | Some(401 | 407)) {
                        if let Some(before) = &mut self.pending {
                            before.url.clone_from(&url);
                        }
                        self.lost();
                    }
                    let url =
                        if asked.is_some_and(|status| ![401, 407].contains(&status)) { None } else { url };
                    let url = url.or(self.url.take());
                    self.pending = Some(Transfer { url, ..transfer });
                }
            }
        }
    }

    /// What is waiting for a document gets none.
    fn lost(&mut self) {
        let Some(transfer) = self.pending.take() else { return };
        match transfer.status {
            Some(_) if transfer.is_failure() => self.found.failed.push(transfer),
            // These have no body; a request's head alone says nothing of an answer.
            None | Some(202 | 204 | 205 | 304) => {}
            Some(_) => self.without_document += 1,
        }
    }

    /// The document that comes now, part number `part`, gets what is waiting for one.
    fn answer(&mut self, part: usize) {
        let transfer = self.pending.take();
        if transfer.as_ref().is_none_or(|transfer| transfer.status.is_none()) {
            self.without_head += 1;
        } else {
            self.url = None;
        }
        let answer = transfer.map(|transfer| Answer { transfer, was_repeated: false });
        self.found.answers.extend(answer.map(|answer| (part, answer)));
    }

    fn finish(mut self) -> Transcript {
        self.lost();
        let is_shifted = self.without_document > 0 && self.without_head > 0;
        let mut found = self.found;
        found.missing = self.without_document.saturating_sub(self.without_head);
        if is_shifted {
            found.answers.clear();
        }
        let transfers = found.answers.values().map(|answer| &answer.transfer);
        let came: BTreeSet<String> = transfers
            .filter(|transfer| !transfer.is_failure())
            .filter_map(|transfer| transfer.url.clone())
            .collect();
        // Of two URLs of which something was taken off nobody can say that they are the same.
        let is_known = |url: &&String| !url.contains(TAKEN_OFF);
        let again = |transfer: &Transfer| {
            let url = transfer.url.as_ref().filter(is_known);
            transfer.is_failure() && url.is_some_and(|url| came.contains(url))
        };
        for answer in found.answers.values_mut() {
            answer.was_repeated = again(&answer.transfer);
        }
        found.failed.retain(|transfer| !again(transfer));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::document::split_all;
    use super::*;

    /// The statuses of the documents (0 for none), of what failed, and how many are missing.
    fn read(text: &str) -> (Vec<u16>, Vec<u16>, usize) {
        let found = Transcript::of(split_all(text));
        let status = |transfer: &Transfer| transfer.status.unwrap_or_default();
        let documents = found.parts.iter().enumerate().filter_map(|(part, what)| match what {
            Part::Document(_) => Some(found.answers.get(&part).map_or(0, |answer| status(&answer.transfer))),
            Part::Stray(_) => None,
        });
        (documents.collect(), found.failed.iter().map(status).collect(), found.missing)
    }

    const OK: &str = "HTTP/2 200\n\n";
    const BUSY: &str = "HTTP/2 429\n\n";

    #[test]
    fn a_head_belongs_to_the_document_behind_it() {
        assert_eq!(read(&format!("{OK}{{}}\n{OK}{{}}")), (vec![200, 200], vec![], 0));
        assert_eq!(read(&format!("HTTP/1.1 401 x\n\n{OK}{{}}")), (vec![200], vec![], 0));
        assert_eq!(read(&format!("POST /x\n\n{{}}\n{OK}{{}}")), (vec![0, 200], vec![], 0));
    }

    #[test]
    fn heads_whose_documents_stand_elsewhere_belong_to_none() {
        assert_eq!(read(&format!("{OK}{OK}{{}}\n{{}}")), (vec![0, 0], vec![], 0));
        assert_eq!(read(&format!("{OK}{OK}{{}}")), (vec![200], vec![], 1));
        assert_eq!(read(OK), (vec![], vec![], 1));
        assert_eq!(read("HTTP/2 204\n\n"), (vec![], vec![], 0));
    }

    #[test]
    fn a_failure_is_told_unless_the_same_request_succeeded() {
        assert_eq!(read(&format!("{OK}{{}}\n{BUSY}{OK}{{}}")), (vec![200, 200], vec![429], 0));
        assert_eq!(read(&format!("{BUSY}too many\n")), (vec![], vec![429], 0));
        let get = "GET https://graph.microsoft.com/v1.0/directory/x HTTP/2\n\n";
        assert_eq!(read(&format!("{get}{BUSY}{get}{OK}{{}}")), (vec![200], vec![], 0));
        let secret = get.replace("/x", "/x?skiptoken=1&a=2");
        let others = secret.replace("a=2", "a=3");
        assert_eq!(read(&format!("{secret}{BUSY}{others}{OK}{{}}")), (vec![200], vec![429], 0));
        let other = get.replace("/x", "/y");
        assert_eq!(read(&format!("{other}{BUSY}{get}{OK}{{}}")), (vec![200], vec![429], 0));
        let found = Transcript::of(split_all(&format!("{get}{BUSY}{{}}\n{get}{OK}{{}}")));
        let repeated: Vec<(usize, bool)> =
            found.answers.iter().map(|(part, answer)| (*part, answer.was_repeated)).collect();
        assert_eq!(repeated, [(0, true), (1, false)]);
    }
}
