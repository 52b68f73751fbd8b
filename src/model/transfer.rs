//! What a saved HTTP head or a HAR tells of how a document came: five facts and nothing else, so that no
//! token, cookie or other header of a request reaches any output.

/// The facts of a transfer; `None` of what was not saved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transfer {
    /// The request's URL, without user, fragment and parameters that are not OData's.
    pub url: Option<String>,
    /// The response's status code.
    pub status: Option<u16>,
    /// When the response was sent, RFC 3339.
    pub date: Option<String>,
    /// Microsoft Graph's id of the request.
    pub request_id: Option<String>,
    /// The id that the client gave it.
    pub client_request_id: Option<String>,
}

impl Transfer {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Transfer::default()
    }

    /// Whether the response says that the request failed.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        self.status.is_some_and(|status| status >= 400)
    }
}
