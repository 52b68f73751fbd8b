//! What looks for pages in a document, and what it knows.

use super::trust::{Nested, Trust};
use super::understood::Understood;
use super::url::Requests;

/// What is known of a document from outside.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hints<'h> {
    /// Whether the file's path or the request's URL names one of the functions.
    pub(super) names_function: bool,
    /// The requests, if it is the response to a `$batch` that was saved with them.
    pub(super) requests: Option<&'h Requests>,
    /// Whether the file's own name names one of the functions.
    pub(super) is_named_file: bool,
    /// What may be read, if it is the content of a string.
    pub(super) embedded: Option<Trust>,
}

/// What looks, and what it found; how is told in `role`, `nested` and `json_batch`.
pub(super) struct Finder<'t> {
    pub(super) text: &'t str,
    pub(super) hints: Hints<'t>,
    pub(super) found: Understood,
    /// What is known if it stands in something else.
    pub(super) nested: Option<Nested>,
    /// How many batches it stands in.
    pub(super) batches: u32,
}
