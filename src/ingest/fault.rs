//! What is wrong with a file's text: faults as problems, and their places.

use crate::model::{LimitOn, Place, Position, Problem, ProblemKind};

use super::read_error::{ReadError, ReadErrorKind};
use super::reader::DEPTH_LIMIT;

/// A problem before its line and column are known.
#[derive(Debug)]
pub(super) struct Unplaced {
    pub(super) kind: ProblemKind,
    /// Byte offset in the text.
    pub(super) at: Option<usize>,
    pub(super) document: Option<u32>,
    pub(super) pointer: Option<String>,
    pub(super) page: Option<u32>,
}

impl Unplaced {
    pub(super) fn new(kind: ProblemKind, at: Option<usize>, document: Option<u32>) -> Self {
        Unplaced { kind, at, document, pointer: None, page: None }
    }
}

/// Gives every problem its line and column in one pass over the text.
pub(super) fn placed(mut problems: Vec<Unplaced>, label: &str, text: &str) -> Vec<(Option<u32>, Problem)> {
    problems.sort_by_key(|problem| problem.at.unwrap_or(0));
    let (mut at, mut position) = (0, Position { line: 1, column: 1 });
    let mut advance = |to: usize| {
        let to = (at..=to.min(text.len())).rev().find(|&to| text.is_char_boundary(to)).unwrap_or(at);
        for character in text[at..to].chars() {
            if character == '\n' {
                position = Position { line: position.line + 1, column: 1 };
            } else if character != '\u{feff}' {
                position.column += 1;
            }
        }
        at = to;
        position
    };
    let placed = problems.into_iter().map(|problem| {
        let position = problem.at.map(&mut advance);
        let (document, pointer) = (problem.document, problem.pointer);
        let place = Place { file: label.to_owned(), document, pointer, position };
        (problem.page, Problem { kind: problem.kind, place })
    });
    placed.collect()
}

/// The problem of a document or a page that is cut or broken, of which `items` could be used.
pub(super) fn fault_kind(error: ReadError, items: u64) -> ProblemKind {
    match error.kind {
        ReadErrorKind::Cut => ProblemKind::TruncatedJson { items },
        ReadErrorKind::Expected(expected) => ProblemKind::NotJson { expected, items },
        ReadErrorKind::NotAnObject => ProblemKind::NotJson { expected: "an object", items },
        ReadErrorKind::TooDeep => too_deep(),
    }
}

/// The problem of an element of `value` that is no item.
pub(super) fn item_fault(error: ReadError) -> ProblemKind {
    match error.kind {
        ReadErrorKind::TooDeep => too_deep(),
        ReadErrorKind::NotAnObject => ProblemKind::UnrecognisedItem { expected: None },
        ReadErrorKind::Expected(expected) => ProblemKind::UnrecognisedItem { expected: Some(expected) },
        ReadErrorKind::Cut => ProblemKind::UnrecognisedItem { expected: Some("the end of the item") },
    }
}

fn too_deep() -> ProblemKind {
    ProblemKind::Limit { on: LimitOn::Levels, limit: DEPTH_LIMIT as u64 }
}

/// What a text is that begins no JSON but is known all the same (docs/service.md).
pub(super) fn not_json_at_all(text: &str) -> Option<ProblemKind> {
    let text = text.trim_start();
    // What a remote shell writes in front of CLIXML.
    let text = text.strip_prefix("#< CLIXML").unwrap_or(text).trim_start();
    if text.starts_with(['{', '[', '/']) {
        return None;
    }
    if text.starts_with('<') {
        let clixml = text.starts_with("<Objs") || text.contains("schemas.microsoft.com/powershell/2004/04");
        return Some(if clixml { ProblemKind::Clixml } else { ProblemKind::Html });
    }
    let first = text.lines().next().unwrap_or_default();
    let table = first.starts_with("Name ") && first.trim_end().ends_with("Value");
    let named = |line: &str| {
        line.split_once(" : ").is_some_and(|(name, _)| {
            let name = name.trim_end();
            !name.is_empty() && !name.contains([' ', '"', '{'])
        })
    };
    (table || named(first)).then_some(ProblemKind::PowershellText)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_is_known_by_its_beginning() {
        for text in ["<Objs Version=\"1.1.0.1\">", "\r\n#< CLIXML\r\n<Objs Version=\"1.1.0.1\">"] {
            assert_eq!(not_json_at_all(text), Some(ProblemKind::Clixml), "{text}");
        }
        for text in ["#< CLIXML\n{}", "# notes", " [7]", "// x"] {
            assert_eq!(not_json_at_all(text), None, "{text}");
        }
    }
}
