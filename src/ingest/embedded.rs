//! Strings that hold JSON → documents of their own. Their content is added to the end of the text, and read as what
//! stands there is; strings in strings the same, up to a stated limit (docs/input-forms.md).

use crate::model::ProblemKind;

use super::decode::Decoded;
use super::document::{Piece, split};
use super::fault::{Unplaced, fault_kind};
use super::mark::{last_sign_of_changes, seems_to_hold_changes};
use super::neighbour::Neighbour;
use super::outline::Span;
use super::passed_over::PassedOverReason;
use super::restore_session::RESTORE_SESSION;
use super::survey::{Around, Findings, Reading, Survey, Waiting};
use super::understood::Understood;

/// A string in a string is read, and one in that, and no more.
const STRING_LEVELS: u32 = 3;

/// Reads the strings that wait in `found`, and tells of what was passed over and seems to hold changes.
pub(super) fn read(
    label: &str,
    mut decoded: Decoded,
    reading: Reading<'_>,
    mut found: Findings,
) -> (Decoded, Findings) {
    for _ in 0..STRING_LEVELS {
        let texts: Vec<(Waiting, Span)> = std::mem::take(&mut found.texts)
            .into_iter()
            .map(|mut text| {
                // What stands at the end of the file's own text is not what was added.
                decoded.text.push('\n');
                let start = decoded.text.len();
                decoded.text.push_str(&std::mem::take(&mut text.content));
                (text, start..decoded.text.len())
            })
            .collect();
        if texts.is_empty() {
            break;
        }
        found.forms.insert("jsonText");
        let mut survey = Survey::of(label, &decoded, reading, found);
        for (text, span) in &texts {
            survey.embedded(text, span);
        }
        found = survey.found;
    }
    for text in std::mem::take(&mut found.texts) {
        if seems_to_hold_changes(&text.content) {
            found.unread(1, text.number, Some(text.pointer));
        }
    }
    let is_used = ["page", RESTORE_SESSION].iter().any(|role| found.roles.contains(role));
    if found.roles.contains("page") {
        found.roles.extend((!found.doubtful.is_empty()).then_some("error"));
        found.problems.append(std::mem::take(&mut found.doubtful));
    }
    let is_told = !found.roles.is_empty() || !found.problems.is_empty() || !found.passed_over.is_empty();
    if !is_used && (!found.held.is_empty() || !is_told) && seems_to_hold_changes(&decoded.text) {
        found.unread(1, None, None);
    } else if !is_told && found.held.is_empty() {
        // Whatever it is, it is named.
        found.passed_over.insert(PassedOverReason::NothingOfUse);
    }
    (decoded, found)
}

impl Survey<'_> {
    /// The documents in the content of a string.
    fn embedded(&mut self, text: &Waiting, span: &Span) {
        let pieces = split(&self.decoded.text[..span.end], span.start, self.reading.held);
        let documents = pieces.iter().filter(|piece| piece.document().is_some()).count();
        // Found once for all of them: each would look at everything behind it.
        let mut last_change = None;
        let mut position = 0;
        for piece in pieces {
            match piece {
                Piece::Document(document) => {
                    // What several documents in one string hold has a place of its own all the same.
                    let pointer = if documents > 1 {
                        format!("{}/{position}", text.pointer)
                    } else {
                        text.pointer.clone()
                    };
                    position += 1;
                    let around = Around {
                        number: text.number,
                        transfer: text.transfer.as_deref(),
                        pointer: &pointer,
                        embedded: Some(text.trust),
                        ..Around::default()
                    };
                    let own = document.span.clone();
                    let mut understood = self.understand(document, around);
                    if let Some(error) = understood.broken.take()
                        && seems_to_hold_changes(&self.decoded.text[own])
                    {
                        understood.problems.push((String::new(), fault_kind(error, 0)));
                    }
                    self.understood(understood, span.start, around, true, &mut Vec::new());
                }
                Piece::Stray(error) => {
                    let behind =
                        *last_change.get_or_insert_with(|| last_sign_of_changes(&self.decoded.text, span));
                    if behind.is_some_and(|last| last >= error.at) {
                        self.found.unread(1, text.number, Some(text.pointer.clone()));
                    }
                }
                Piece::Heads(_) | Piece::Fence => {}
            }
        }
    }
}

impl Findings {
    /// Takes over what was found inside a document that is something else.
    pub(super) fn nested(&mut self, understood: Understood, around: Around<'_>) {
        let within = |pointer: &str| {
            Some(format!("{}{pointer}", around.pointer)).filter(|pointer| !pointer.is_empty())
        };
        for (pointer, kind) in understood.problems {
            let problem = Unplaced::new(kind, None, around.number);
            self.problems.push(Unplaced { pointer: within(&pointer), ..problem });
        }
        if let Some((pointer, places)) = understood.unread {
            self.unread(places, around.number, within(&pointer));
        }
        for (pointer, neighbour) in understood.doubtful {
            let Neighbour::Error(error) = neighbour else { continue };
            let problem = Unplaced::new(error.into(), None, around.number);
            self.doubtful.push(Unplaced { pointer: within(&pointer), ..problem });
        }
        self.texts.extend(understood.texts.into_iter().map(|text| Waiting {
            number: around.number,
            pointer: format!("{}{}", around.pointer, text.pointer),
            content: text.content,
            trust: text.trust,
            transfer: text.transfer.or_else(|| around.transfer.map(|transfer| Box::new(transfer.clone()))),
        }));
    }

    /// Tells that changes seem to be in `places` that were not read, of a file once: where the first is.
    fn unread(&mut self, places: u64, document: Option<u32>, pointer: Option<String>) {
        let told = self.unread.and_then(|at| self.problems.get_mut(at)).map(|problem| &mut problem.kind);
        if let Some(ProblemKind::UnreadChanges { places: told }) = told {
            *told += places;
        } else {
            let problem = Unplaced::new(ProblemKind::UnreadChanges { places }, None, document);
            self.unread = self.problems.push(Unplaced { pointer, ..problem });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unread_is_told_once_wherever_it_stands_among_other_problems() {
        let mut found = Findings::default();
        found.problem(ProblemKind::EmptyFile, None);
        found.unread(1, Some(2), Some("/a".to_owned()));
        found.problem(ProblemKind::NoItems, None);
        found.unread(3, Some(4), Some("/b".to_owned()));
        let told: Vec<_> = found.problems.iter().map(|problem| (&problem.kind, problem.document)).collect();
        let unread = ProblemKind::UnreadChanges { places: 4 };
        assert_eq!(
            told,
            [(&ProblemKind::EmptyFile, None), (&unread, Some(2)), (&ProblemKind::NoItems, None)]
        );
        // Not searched for: at another place it would be a second problem.
        found.unread = Some(0);
        found.unread(1, None, None);
        assert_eq!((found.unread, found.problems.len()), (Some(3), 4));
    }
}
