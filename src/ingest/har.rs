//! HAR files: what a browser or Graph Explorer recorded (docs/input-forms.md). The responses of the services that are
//! read here are taken out of it; other requests are passed over, and no header but four ever leaves this file.

use std::collections::BTreeSet;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::model::{Instant, Json, Object, Transfer};

use super::http::{keep_field, public_url};
use super::json_batch::{self, Requests};
use super::outline::{Member, Root, outline};
use super::page::key_text;
use super::reader::{self, ReadError, ReadErrorKind, skip_blank};
use super::url;

/// What a HAR holds that is of use here, in its order.
#[derive(Debug, Default)]
pub(super) struct Har {
    pub(super) responses: Vec<Response>,
    /// Whether other requests were passed over.
    pub(super) has_others: bool,
    /// Where it is cut, or an entry is no JSON.
    pub(super) faults: Vec<ReadError>,
}

/// A response of one of the services.
#[derive(Debug)]
pub(super) struct Response {
    /// RFC 6901 pointer of its entry.
    pub(super) pointer: String,
    pub(super) transfer: Transfer,
    /// Its body; `None` where the HAR was saved without.
    pub(super) body: Option<String>,
    /// The requests of a `$batch`.
    pub(super) requests: Option<Requests>,
}

/// Reads `text` as a HAR; `None` where it is none.
pub(super) fn read(text: &str) -> Option<Har> {
    let log = log(text)?;
    let document = outline(text, log);
    let Root::Object(members) = &document.root else { return None };
    let entries: &Member = members.iter().find(|member| key_text(text, member) == "entries")?;
    let mut har = Har { faults: document.fault.into_iter().collect(), ..Har::default() };
    for (number, span) in entries.elements.as_ref()?.iter().enumerate() {
        match reader::read(&text[span.clone()]).map(|read| read.value) {
            Ok(Json::Object(entry)) => match response(&entry, format!("/log/entries/{number}")) {
                Some(response) => har.responses.push(response),
                None => har.has_others = true,
            },
            Ok(_) => har.faults.push(ReadError { at: span.start, kind: ReadErrorKind::NotAnObject }),
            Err(error) => har.faults.push(super::page::within(text, error, span)),
        }
    }
    har.leave_out_repeated_failures();
    Some(har)
}

/// Where the object begins that is the only member of a HAR, `log`.
fn log(text: &str) -> Option<usize> {
    let key = skip_blank(text, text.find('{')? + 1).ok()?;
    let begins = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with('{');
    let behind = text.get(key..)?.strip_prefix("\"log\"").filter(|_| begins)?;
    let colon = skip_blank(text, text.len() - behind.len()).ok()?;
    let value =
        skip_blank(text, text.get(colon..)?.strip_prefix(':').map(|rest| text.len() - rest.len())?).ok()?;
    text[value..].starts_with('{').then_some(value)
}

impl Har {
    /// A request that failed and was made again is no gap: only those stay that never came.
    fn leave_out_repeated_failures(&mut self) {
        let came: BTreeSet<String> = self
            .responses
            .iter()
            .filter(|response| !response.transfer.is_failure() && response.body.is_some())
            .filter_map(|response| response.transfer.url.clone())
            .collect();
        self.responses.retain(|response| {
            let is_empty = response.transfer.is_failure() || response.body.is_none();
            !(is_empty && response.transfer.url.as_ref().is_some_and(|url| came.contains(url)))
        });
    }
}

fn member<'o, 'a>(object: &'o Object<'a>, key: &str) -> Option<&'o Object<'a>> {
    object.get(key).and_then(Json::as_object)
}

fn string<'o>(object: &'o Object<'_>, key: &str) -> Option<&'o str> {
    object.get(key).and_then(Json::as_str)
}

/// The response of an entry, if it is one of the services that are read here.
fn response(entry: &Object<'_>, pointer: String) -> Option<Response> {
    let (request, response) = (member(entry, "request")?, member(entry, "response")?);
    let url = string(request, "url").unwrap_or_default();
    let content = member(response, "content");
    let body = content.and_then(body);
    let is_batch = url.split('?').next().is_some_and(|path| path.to_ascii_lowercase().ends_with("/$batch"));
    let is_named = url::is_of_the_service(url);
    if !(is_named || body.as_deref().is_some_and(is_about_recovery)) {
        return None;
    }
    let status = response.get("status").and_then(|status| status.to_text().parse().ok());
    let method = string(request, "method").unwrap_or("GET");
    // What a browser asks first, what it gave up, and what it had already, has no body to be lost.
    let has_none = status.is_none_or(|status: u16| status < 200 || matches!(status, 202 | 204 | 300..400));
    if body.is_none() && (has_none || !["GET", "POST"].contains(&method)) {
        return None;
    }
    let mut transfer = Transfer { url: public_url(url), status, ..Transfer::default() };
    for header in response.get("headers").and_then(Json::as_array).unwrap_or_default() {
        let Some(header) = header.as_object() else { continue };
        keep_field(
            &mut transfer,
            string(header, "name").unwrap_or_default(),
            string(header, "value").unwrap_or_default(),
        );
    }
    let began =
        || string(entry, "startedDateTime").filter(|time| Instant::parse(time).is_some()).map(str::to_owned);
    transfer.date = transfer.date.or_else(began);
    // Graph Explorer puts the body of a request beside it.
    let posted = member(request, "postData").or_else(|| member(entry, "postData"));
    let requests =
        posted.filter(|_| is_batch).and_then(|posted| json_batch::requests(string(posted, "text")?));
    Some(Response { pointer, transfer, body, requests })
}

/// The text of a response's body.
fn body(content: &Object<'_>) -> Option<String> {
    let text = match content.get("text")? {
        Json::String(text) => text.to_string(),
        value @ (Json::Object(_) | Json::Array(_)) => value.to_compact(),
        _ => return None,
    };
    if string(content, "encoding").is_some_and(|encoding| encoding.eq_ignore_ascii_case("base64")) {
        let bytes = BASE64_STANDARD.decode(text.as_bytes()).ok()?;
        return String::from_utf8(bytes).ok();
    }
    Some(text).filter(|text| !text.trim().is_empty())
}

/// Whether a body whose URL does not say so is of one of the services: it came through a proxy or in a `$batch`.
fn is_about_recovery(body: &str) -> bool {
    const MARKS: [&str; 5] = [
        "directory/recovery",
        "entraRecoveryServices",
        "\"recoveryAction\"",
        "\"deltaFromCurrent\"",
        "RestoreArtifacts@",
    ];
    MARKS.iter().any(|mark| memchr::memmem::find(body.as_bytes(), mark.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGES: &str =
        "https://graph.microsoft.com/beta/directory/recovery/snapshots/a/recoveryPreviewJobs/b/getChanges";

    fn entry(url: &str, status: u16, content: &str) -> String {
        format!(
            r#"{{"startedDateTime":"2026-07-28T08:00:00.5Z","request":{{"method":"GET","url":"{url}","headers":[{{"name":"Authorization","value":"Bearer secret"}}],"cookies":[{{"name":"c","value":"secret"}}]}},
               "response":{{"status":{status},"headers":[{{"name":"request-id","value":"0f3e0f0e-7"}},{{"name":"Set-Cookie","value":"secret"}}],"content":{content}}}}}"#
        )
    }

    fn har(entries: &[String]) -> Har {
        read(&format!(r#"{{ "log": {{"version":"1.2","entries":[{}]}}}}"#, entries.join(","))).expect("a HAR")
    }

    #[test]
    fn bodies_are_taken_out_and_nothing_secret_with_them() {
        let found = har(&[
            entry(CHANGES, 200, r#"{"text":"{\"value\":[]}"}"#),
            entry("https://graph.microsoft.com/v1.0/me", 200, r#"{"text":"{\"value\":[]}"}"#),
            entry(CHANGES, 200, r#"{"text":"e30=","encoding":"base64"}"#),
            entry(
                "https://proxy.test/x",
                200,
                r#"{"text":"{\"a\":\"https://x/directory/recovery/snapshots\"}"}"#,
            ),
        ]);
        let bodies: Vec<_> =
            found.responses.iter().map(|response| response.body.as_deref().unwrap_or("none")).collect();
        assert_eq!(bodies, [r#"{"value":[]}"#, "{}", r#"{"a":"https://x/directory/recovery/snapshots"}"#]);
        assert!(found.has_others && !format!("{found:?}").contains("secret"));
        let transfer = &found.responses[0].transfer;
        assert_eq!(
            (transfer.date.as_deref(), transfer.request_id.as_deref()),
            (Some("2026-07-28T08:00:00.5Z"), Some("0f3e0f0e-7"))
        );
        assert_eq!(found.responses[1].pointer, "/log/entries/2");
    }

    #[test]
    fn a_failure_counts_only_where_the_page_never_came() {
        let failed = || entry(CHANGES, 429, r#"{"text":"{\"error\":{}}"}"#);
        assert_eq!(har(&[failed(), entry(CHANGES, 200, r#"{"text":"{}"}"#)]).responses.len(), 1);
        assert_eq!(har(&[failed()]).responses.len(), 1);
        assert!(har(&[entry(CHANGES, 200, "{}")]).responses[0].body.is_none());
        assert!(har(&[entry(CHANGES, 0, "{}")]).responses.is_empty());
    }

    #[test]
    fn a_cut_har_keeps_its_whole_entries() {
        let text = format!(r#"{{"log":{{"entries":[{},{{"request"#, entry(CHANGES, 200, r#"{"text":"{}"}"#));
        let found = read(&text).expect("a HAR");
        assert_eq!((found.responses.len(), found.faults.len()), (1, 1));
        assert!(
            read(r#"{"value":[]}"#).is_none()
                && read(r#"{"log":7}"#).is_none()
                && read("x {\"log\":{").is_none()
        );
    }
}
