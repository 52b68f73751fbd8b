//! Why and where a text is not JSON.

/// Why a text could not be read as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadError {
    /// Byte offset in the text that was given.
    pub at: usize,
    /// What is wrong there.
    pub kind: ReadErrorKind,
}

/// The ways in which a text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadErrorKind {
    /// Something else was expected.
    Expected(&'static str),
    /// The text ends in the middle.
    Cut,
    /// Nesting is deeper than [`DEPTH_LIMIT`](super::DEPTH_LIMIT).
    TooDeep,
    /// JSON, but not an object where an item should be one.
    NotAnObject,
}

impl ReadError {
    /// That `what` should stand at byte `at` of `text`; at its end, that it is cut.
    pub(super) fn expected(what: &'static str, text: &str, at: usize) -> Self {
        let kind = if at >= text.len() { ReadErrorKind::Cut } else { ReadErrorKind::Expected(what) };
        ReadError { at, kind }
    }
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.kind {
            ReadErrorKind::Expected(what) => write!(f, "expected {what} at byte {}", self.at),
            ReadErrorKind::Cut => write!(f, "the text ends in the middle, at byte {}", self.at),
            ReadErrorKind::NotAnObject => write!(f, "expected an object at byte {}", self.at),
            ReadErrorKind::TooDeep => {
                write!(f, "nested deeper than {} at byte {}", super::DEPTH_LIMIT, self.at)
            }
        }
    }
}

impl std::error::Error for ReadError {}
