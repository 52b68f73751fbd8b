//! Parts of a saved `$batch` response: each has a status and a body of its own (docs/service.md).

use std::collections::BTreeMap;

use crate::model::{Json, Object, Transfer};

use super::about::is_about_recovery;
use super::http::{keep_field, public_url};
use super::outline::{Member, Span};
use super::page::key_text;
use super::reader;
use super::url;

/// The URLs of a `$batch` request by the ids of its parts, where the request was saved with the response.
pub(super) type Requests = BTreeMap<String, String>;

/// One response of a batch.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) transfer: Transfer,
    pub(super) body: Option<Span>,
}

/// The part that an object's members make: it has a status, and where it stands alone a body or headers.
pub(super) fn part(
    text: &str,
    members: &[Member],
    is_alone: bool,
    requests: Option<&Requests>,
) -> Option<Part> {
    let of = |name: &str| members.iter().find(|member| key_text(text, member).eq_ignore_ascii_case(name));
    let value = |name: &str| Some(reader::read(&text[of(name)?.value.clone()]).ok()?.value);
    let status = value("status")?.to_text().parse().ok().filter(|status| (100..600).contains(status))?;
    let (body, headers) = (of("body"), of("headers"));
    if of("value").is_some() || (is_alone && body.is_none() && headers.is_none()) {
        return None;
    }
    let mut transfer = Transfer { status: Some(status), ..Transfer::default() };
    if let Some(Json::Object(headers)) = value("headers") {
        for (name, value) in headers.iter() {
            keep_field(&mut transfer, name, &value.to_text());
        }
    }
    if let Some(requests) = requests {
        let id = value("id")?.to_text().into_owned();
        transfer.url = requests.get(&id).and_then(|url| public_url(url));
    }
    Some(Part { transfer, body: body.map(|body| body.value.clone()) })
}

/// Whether the response to a part of a known request is about something else. What the part itself says goes before
/// what was asked by its id.
pub(super) fn is_foreign(text: &str, part: &Part, requests: Option<&Requests>) -> bool {
    let says_otherwise = || part.body.as_ref().is_some_and(|body| is_about_recovery(&text[body.clone()]));
    requests.is_some()
        && !part.transfer.url.as_deref().is_some_and(url::is_of_the_service)
        && !says_otherwise()
}

/// The URLs in the body of a `$batch` request.
pub(super) fn requests(body: &str) -> Option<Requests> {
    let read = reader::read(body).ok()?;
    let parts = read.value.as_object()?.get_any_case("requests")?.as_array()?;
    let url_of = |part: &Object<'_>| {
        let text = |key: &str| Some(part.get_any_case(key)?.to_text().into_owned());
        Some((text("id")?, text("url")?))
    };
    Some(parts.iter().filter_map(|part| url_of(part.as_object()?)).collect())
}
