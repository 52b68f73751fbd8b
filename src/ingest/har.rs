//! HAR files: what a browser or Graph Explorer recorded (docs/input-forms.md). The responses of the services that are
//! read here are taken out of it; other requests are passed over, and no header but four ever leaves this file.

use std::collections::BTreeSet;

use memchr::memmem;
use percent_encoding::percent_decode_str;

use crate::model::{Json, Object, ProblemKind, Transfer};

use super::about::{is_about_recovery, is_documentation};
use super::archive::Room;
use super::har_body::{Body, body};
use super::http::{is_time, keep_field, public_url};
use super::json_batch;
use super::limits::Held;
use super::mark::seems_to_hold_changes;
use super::outline::{Document, Member, Root, Span, key_text, outline};
use super::read_error::{ReadError, ReadErrorKind};
use super::reader;
use super::skip::skip_blank;
use super::url::{self, Requests};

/// What a HAR holds that is of use here, in its order.
#[derive(Debug, Default)]
pub(super) struct Har {
    pub(super) responses: Vec<Response>,
    /// Whether other requests were passed over.
    pub(super) has_others: bool,
    /// Whether pages were passed over that explain the service.
    pub(super) has_documentation: bool,
    /// Where it is cut, or an entry is no JSON.
    pub(super) faults: Vec<ReadError>,
    /// How many bytes of memory there are for an entry, where one takes more.
    pub(super) too_much: Option<u64>,
}

/// A response of one of the services.
#[derive(Debug)]
pub(super) struct Response {
    /// RFC 6901 pointer of its entry.
    pub(super) pointer: String,
    pub(super) transfer: Transfer,
    /// Its body; `None` where the HAR was saved without.
    pub(super) body: Option<String>,
    /// What is wrong with it beside its body.
    pub(super) problem: Option<ProblemKind>,
    /// The requests of a `$batch`.
    pub(super) requests: Option<Requests>,
    /// Whether it failed, and what was asked for came all the same.
    pub(super) was_repeated: bool,
    /// What was asked for and is not answered here.
    open: Vec<Asked>,
    /// What was asked for and came.
    came: Vec<Asked>,
}

/// A request as others can be held against it: its method and URL. It has secrets in it and leaves this file nowhere.
type Asked = String;

/// The recordings that `document` is: one, or the elements of an array. What stands beside them there is told.
pub(super) fn read(text: &str, document: &Document, held: &Held, room: &mut Room) -> Vec<Har> {
    let has = |key: &str| memmem::find(text[document.span.clone()].as_bytes(), key.as_bytes()).is_some();
    if !(has("\"log\"") && has("\"entries\"")) {
        return Vec::new();
    }
    let elements = match &document.root {
        Root::Object(_) => {
            let mut found = recording(text, &document.span, "", held, room);
            // Also what is wrong behind a whole log: nobody knows what else stood there.
            if let Some(har) = found.as_mut().filter(|har| har.faults.is_empty()) {
                har.faults.extend(document.fault);
            }
            return found.into_iter().collect();
        }
        Root::Array(elements) => elements,
        Root::Scalar => return Vec::new(),
    };
    let (mut found, mut others) = (Vec::new(), Vec::new());
    for (number, span) in elements.iter().enumerate() {
        match recording(text, span, &format!("/{number}"), held, room) {
            Some(har) => found.push(har),
            None => others.push(ReadError { at: span.start, kind: ReadErrorKind::Expected("a recording") }),
        }
    }
    if let Some(first) = found.first_mut() {
        first.faults.extend(others);
        first.faults.extend(document.fault);
    }
    found
}

/// Reads the object at `span` as a HAR; `None` where it is none.
fn recording(text: &str, span: &Span, pointer: &str, held: &Held, room: &mut Room) -> Option<Har> {
    let text = &text[..span.end];
    let document = outline(text, log(text, span.start)?);
    let Root::Object(members) = &document.root else { return None };
    let entries = members.iter().find(|member| key_text(text, member) == "entries")?;
    let mut har = Har { faults: document.fault.into_iter().collect(), ..Har::default() };
    for (number, span) in entries.elements.as_ref()?.iter().enumerate() {
        let entry = &text[span.clone()];
        if let Some(limit) = held.too_much(entry) {
            har.too_much = Some(limit);
            continue;
        }
        match reader::read(entry).map(|read| read.value) {
            Ok(Json::Object(entry)) => har.entry(&entry, format!("{pointer}/log/entries/{number}"), room),
            Ok(_) => har.faults.push(ReadError { at: span.start, kind: ReadErrorKind::NotAnObject }),
            Err(error) => har.faults.push(super::page::within(text, error, span)),
        }
    }
    Some(har)
}

/// Where the object begins that is the member `log` of the object at byte `at`, also of one that is cut inside it.
fn log(text: &str, at: usize) -> Option<usize> {
    let Root::Object(members) = outline(text, at).root else { return None };
    let whole = members.iter().find(|member| key_text(text, member) == "log");
    let cut = || {
        let behind = members.last().map_or(at + 1, |member| member.value.end);
        let key = text.get(behind..)?.trim_start_matches([',', ' ', '\t', '\r', '\n']);
        let colon = skip_blank(text, text.len() - key.strip_prefix("\"log\"")?.len()).ok()?;
        skip_blank(text, colon + text.get(colon..)?.starts_with(':').then_some(1)?).ok()
    };
    let value = whole.map(|log| log.value.start).or_else(cut)?;
    text[value..].starts_with('{').then_some(value)
}

/// Leaves out what failed and was asked for again: only that stays which never came.
pub(super) fn leave_out_repeated_failures(recordings: &mut [Har]) {
    let responses = recordings.iter().flat_map(|har| &har.responses);
    let came: BTreeSet<Asked> = responses.flat_map(|response| response.came.iter().cloned()).collect();
    for har in recordings {
        har.responses.retain_mut(|response| {
            response.open.retain(|asked| !came.contains(asked));
            let requests = response.open.len() as u64;
            let is_read = response.body.is_some() && !response.transfer.is_failure();
            if is_read && requests > 0 {
                response.problem.get_or_insert(ProblemKind::NoAnswer { requests });
            } else if let Some(ProblemKind::NoAnswer { requests: told }) = &mut response.problem {
                *told = requests;
            }
            response.was_repeated = !is_read && requests == 0;
            // Changes are read wherever they are.
            !response.was_repeated || response.body.as_deref().is_some_and(seems_to_hold_changes)
        });
    }
}

fn member<'o, 'a>(object: &'o Object<'a>, key: &str) -> Option<&'o Object<'a>> {
    object.get(key).and_then(Json::as_object)
}

fn string<'o>(object: &'o Object<'_>, key: &str) -> Option<&'o str> {
    object.get(key).and_then(Json::as_str)
}

impl Har {
    fn entry(&mut self, entry: &Object<'_>, pointer: String, room: &mut Room) {
        let url = member(entry, "request").and_then(|request| string(request, "url")).unwrap_or_default();
        match response(entry, url, pointer, room) {
            Some(_) if is_documentation(url) => self.has_documentation = true,
            Some(response) => self.responses.push(response),
            None => self.has_others = true,
        }
    }
}

/// The response of an entry, if it is one of the services that are read here.
fn response(entry: &Object<'_>, url: &str, pointer: String, room: &mut Room) -> Option<Response> {
    let (request, response) = (member(entry, "request")?, member(entry, "response")?);
    let content = member(response, "content");
    let Body { text, problem } = content.map(|content| body(content, room)).unwrap_or_default();
    let requests = requests(entry, request, url);
    let is_named = url::is_of_the_service(url)
        || requests.as_ref().is_some_and(|parts| parts.values().any(|url| url::is_of_the_service(url)));
    // What was not unpacked may be about it.
    let is_left_out = matches!(problem, Some(ProblemKind::Limit { .. }));
    let is_of_use = is_left_out || text.as_deref().is_some_and(is_about_recovery);
    if !is_named && (content.is_some_and(is_code) || !is_of_use) {
        return None;
    }
    let status = response.get("status").and_then(|status| status.to_text().parse().ok());
    let method = string(request, "method").unwrap_or("GET");
    let mut transfer = Transfer { url: public_url(url), status, ..Transfer::default() };
    let asked = asked(method, url, requests.as_ref());
    // What was given up, and what the browser had already, has no body to be lost: only of changes it is told.
    let has_none = status.is_none_or(|status: u16| status < 200 || matches!(status, 202 | 204 | 300..400));
    let is_for_changes = asked.iter().any(|asked| url::function_named_in(asked).is_some());
    let problem = match (&text, problem) {
        (None, None) if !["GET", "POST"].contains(&method) || (has_none && !is_for_changes) => return None,
        (None, None) if has_none => Some(ProblemKind::NoAnswer { requests: 1 }),
        (None, None) if !transfer.is_failure() => Some(ProblemKind::NoBody),
        (_, problem) => problem,
    };
    for header in response.get("headers").and_then(Json::as_array).unwrap_or_default() {
        let Some(header) = header.as_object() else { continue };
        let of = |key| string(header, key).unwrap_or_default();
        keep_field(&mut transfer, of("name"), of("value"));
    }
    let began = || string(entry, "startedDateTime").filter(|time| is_time(time)).map(str::to_owned);
    transfer.date = transfer.date.or_else(began);
    let (open, came) = match (&text, &requests) {
        (Some(text), Some(requests)) if !transfer.is_failure() => answered(asked, text, requests),
        (Some(_), None) if !transfer.is_failure() => (Vec::new(), asked),
        _ => (asked, Vec::new()),
    };
    Some(Response { pointer, transfer, body: text, problem, requests, was_repeated: false, open, came })
}

/// Whether a body is something else than JSON by the word of who sent it.
fn is_code(content: &Object<'_>) -> bool {
    let kind = string(content, "mimeType").unwrap_or_default().to_ascii_lowercase();
    ["script", "html", "css", "markdown"].iter().any(|code| kind.contains(code))
}

/// The requests of a `$batch`.
fn requests(entry: &Object<'_>, request: &Object<'_>, url: &str) -> Option<Requests> {
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    // Graph Explorer puts the body of a request beside it.
    let posted = [member(request, "postData"), member(entry, "postData")];
    let posted = posted
        .into_iter()
        .flatten()
        .find_map(|posted| string(posted, "text").filter(|text| !text.is_empty()));
    posted.filter(|_| path.ends_with("/$batch") || path.ends_with("/%24batch")).and_then(json_batch::requests)
}

/// What was asked for: by one URL, or by those in a `$batch` that are about the services.
fn asked(method: &str, url: &str, requests: Option<&Requests>) -> Vec<Asked> {
    match requests {
        None => vec![request(method, url)],
        Some(parts) => {
            parts.values().filter(|url| url::is_of_the_service(url)).map(|url| request("GET", url)).collect()
        }
    }
}

/// A request in one spelling, from the service's path on.
fn request(method: &str, url: &str) -> Asked {
    let url = url.split('#').next().unwrap_or_default();
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let path = percent_decode_str(path).decode_utf8_lossy().to_ascii_lowercase();
    let path = url::service_path(&path).unwrap_or(&path);
    format!("{method} {path}?{}", percent_decode_str(query).decode_utf8_lossy())
}

/// Of what was `asked` for in a `$batch`: what its answer does not have, and what it has that did not fail.
fn answered(asked: Vec<Asked>, body: &str, requests: &Requests) -> (Vec<Asked>, Vec<Asked>) {
    let document = skip_blank(body, 0).ok().map(|at| outline(body, at));
    let Some(Document { root: Root::Object(members), fault: None, .. }) = document else {
        return Default::default();
    };
    let of = |members: &[Member], name: &str| {
        members.iter().position(|member| key_text(body, member).eq_ignore_ascii_case(name))
    };
    let responses = of(&members, "responses").and_then(|at| members[at].elements.as_deref());
    let answer = |element: &Span| {
        let Root::Object(members) = outline(body, element.start).root else { return None };
        let text = |name: &str| {
            let value = members[of(&members, name)?].value.clone();
            Some(reader::read(&body[value]).ok()?.value.to_text().into_owned())
        };
        let failed = text("status")?.parse().is_ok_and(|status: u16| status >= 400);
        Some((request("GET", requests.get(&text("id")?)?), failed))
    };
    let answers: Vec<(Asked, bool)> = responses.unwrap_or_default().iter().filter_map(answer).collect();
    let present: BTreeSet<&Asked> = answers.iter().map(|(asked, _)| asked).collect();
    let open = asked.into_iter().filter(|asked| !present.contains(asked)).collect();
    let came = answers.iter().filter(|(_, failed)| !failed).map(|(asked, _)| asked.clone()).collect();
    (open, came)
}

#[cfg(test)]
mod tests {
    use super::super::archive::ArchiveLimits;
    use crate::model::LimitOn;

    use super::*;

    const CHANGES: &str =
        "https://graph.microsoft.com/beta/directory/recovery/snapshots/a/recoveryPreviewJobs/b/getChanges";

    fn entry(url: &str, status: u16, content: &str) -> String {
        format!(
            r#"{{"startedDateTime":"2026-07-28T08:00:00.5Z","request":{{"method":"GET","url":"{url}","headers":[{{"name":"Authorization","value":"Bearer secret"}}],"cookies":[{{"name":"c","value":"secret"}}]}},
               "response":{{"status":{status},"headers":[{{"name":"request-id","value":"0f3e0f0e-7"}},{{"name":"Set-Cookie","value":"secret"}}],"content":{content}}}}}"#
        )
    }

    fn log(entries: &[String]) -> String {
        format!(r#"{{ "log": {{"version":"1.2","entries":[{}]}}}}"#, entries.join(","))
    }

    fn all(text: &str) -> Vec<Har> {
        let mut found = super::read(
            text,
            &outline(text, 0),
            &Held::new(u64::MAX),
            &mut Room::of(ArchiveLimits::default(), text.len()),
        );
        leave_out_repeated_failures(&mut found);
        found
    }

    fn read(text: &str) -> Option<Har> {
        all(text).pop()
    }

    fn har(entries: &[String]) -> Har {
        read(&log(entries)).expect("a HAR")
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
                r#"{"text":"{\"@odata.context\":\"https://x/directory/recovery/snapshots\"}"}"#,
            ),
        ]);
        let bodies: Vec<_> =
            found.responses.iter().map(|response| response.body.as_deref().unwrap_or("none")).collect();
        assert_eq!(
            bodies,
            [r#"{"value":[]}"#, "{}", r#"{"@odata.context":"https://x/directory/recovery/snapshots"}"#]
        );
        assert!(found.has_others && !format!("{found:?}").contains("secret"));
        let transfer = &found.responses[0].transfer;
        assert_eq!(
            (transfer.date.as_deref(), transfer.request_id.as_deref()),
            (Some("2026-07-28T08:00:00.5Z"), Some("0f3e0f0e-7"))
        );
        assert_eq!(found.responses[1].pointer, "/log/entries/2");
    }

    #[test]
    fn a_body_that_is_left_out_is_told_whatever_its_url() {
        let packed = "H4sIAAAAAAACA6tWSlSyMqwFAK+sG1YHAAAA";
        let content = format!(r#"{{"encoding":"base64","text":"{packed}"}}"#);
        let text = log(&[entry("https://proxy.test/x", 200, &content)]);
        let limits = ArchiveLimits { bytes: 3, ..ArchiveLimits::default() };
        let found =
            super::read(&text, &outline(&text, 0), &Held::new(u64::MAX), &mut Room::of(limits, text.len()));
        let limit = ProblemKind::Limit { on: LimitOn::ArchiveBytes, limit: 3 };
        assert_eq!(problems(&found[0]), [Some(limit)]);
        assert!(har(&[entry("https://proxy.test/x", 200, &content)]).responses.is_empty());
    }

    #[test]
    fn a_failure_counts_only_where_the_page_never_came() {
        let failed = || entry(CHANGES, 429, r#"{"text":"{\"error\":{}}"}"#);
        assert_eq!(har(&[failed(), entry(CHANGES, 200, r#"{"text":"{}"}"#)]).responses.len(), 1);
        assert_eq!(har(&[failed()]).responses.len(), 1);
        assert!(har(&[entry(CHANGES, 200, "{}")]).responses[0].body.is_none());
        for status in [0, 304] {
            let given_up = || entry(CHANGES, status, "{}");
            assert_eq!(problems(&har(&[given_up()])), [Some(ProblemKind::NoAnswer { requests: 1 })]);
            assert_eq!(problems(&har(&[given_up(), entry(CHANGES, 200, r#"{"text":"{}"}"#)])), [None]);
            let job = CHANGES.replace("/getChanges", "");
            assert!(
                har(&[entry(&job, status, "{}")]).responses.is_empty(),
                "a job is asked for again and again"
            );
        }
        let [other, again] = ["c", "%62"].map(|token| format!("{CHANGES}?skiptoken={token}"));
        let failed = || entry(&format!("{CHANGES}?skiptoken=b"), 429, r#"{"text":"{\"error\":{}}"}"#);
        assert_eq!(har(&[failed(), entry(&other, 200, r#"{"text":"{}"}"#)]).responses.len(), 2);
        assert_eq!(har(&[failed(), entry(&again, 200, r#"{"text":"{}"}"#)]).responses.len(), 1);
    }

    fn problems(har: &Har) -> Vec<Option<ProblemKind>> {
        har.responses.iter().map(|response| response.problem.clone()).collect()
    }

    /// A `$batch` for pages by their tokens, with this answer.
    fn batch(tokens: &[&str], status: u16, answer: &str) -> String {
        let part = |token: &&str| {
            format!(
                r#"{{\"id\":\"{token}\",\"url\":\"directory/recovery/x/getChanges?$skiptoken={token}\"}}"#
            )
        };
        let parts: Vec<String> = tokens.iter().map(part).collect();
        let posted =
            format!(r#""method":"POST","postData":{{"text":"{{\"requests\":[{}]}}"}},"#, parts.join(","));
        let entry = entry("https://graph.microsoft.com/v1.0/$batch", status, answer);
        entry.replace(r#""method":"GET","#, &posted)
    }

    #[test]
    fn a_batch_that_failed_or_lacks_answers_is_told() {
        let answer = |parts: &str| format!(r#"{{"text":"{{\"responses\":[{parts}]}}"}}"#);
        let part =
            |id: &str, status: u16| format!(r#"{{\"id\":\"{id}\",\"status\":{status},\"body\":{{}}}}"#);
        let whole = batch(&["a", "b"], 200, &answer(&[part("a", 200), part("b", 200)].join(",")));
        assert_eq!(problems(&har(std::slice::from_ref(&whole))), [None]);
        for (status, content, expected) in [
            (429, r#"{"text":"{\"error\":{}}"}"#, None),
            (200, "{}", Some(ProblemKind::NoBody)),
            (0, "{}", Some(ProblemKind::NoAnswer { requests: 2 })),
        ] {
            let lost = || batch(&["a", "b"], status, content);
            assert_eq!(problems(&har(&[lost()])), [expected], "{status}");
            assert_eq!(problems(&har(&[lost(), whole.clone()])), [None], "{status}");
        }
        let one = batch(&["a", "b"], 200, &answer(&part("a", 200)));
        assert_eq!(problems(&har(std::slice::from_ref(&one))), [Some(ProblemKind::NoAnswer { requests: 1 })]);
        assert_eq!(problems(&har(&[one.clone(), whole])), [None, None]);
        let failed = batch(&["b"], 200, &answer(&part("b", 429)));
        assert_eq!(problems(&har(&[one, failed])), [Some(ProblemKind::NoAnswer { requests: 1 }), None]);
    }

    #[test]
    fn other_sites_count_only_with_pages_of_the_service() {
        let page =
            r#"{"text":"{\"@odata.context\":\"https://x/$metadata#directory/recovery/x\",\"value\":[]}"}"#;
        let others = |url: &str, content: &str| {
            let found = har(&[entry(url, 200, content)]);
            (found.responses.len(), found.has_others, found.has_documentation)
        };
        assert_eq!(others("https://proxy.test/x", page), (1, false, false));
        assert_eq!(others("https://raw.githubusercontent.com/x.json", page), (0, false, true));
        let script = page.replacen('{', r#"{"mimeType":"text/javascript","#, 1);
        assert_eq!(others("https://portal.test/x.js", &script), (0, true, false));
        let code = r#"{"text":"var a=\"/directory/recovery/\",b={\"recoveryAction\":1}"}"#;
        assert_eq!(others("https://portal.test/x", code), (0, true, false));
        let asked = "https://x.test/permissions?requesturl=/directory/recovery/snapshots";
        assert_eq!(others(asked, r#"{"text":"[{\"value\":\"EntraBackup.Read.All\"}]"}"#), (0, true, false));
    }

    #[test]
    fn recordings_stand_in_arrays_and_behind_other_keys() {
        let one = log(&[entry(CHANGES, 200, r#"{"text":"{}"}"#)]);
        let commented = one.replacen('{', r#"{"_comment":"x","#, 1);
        assert_eq!(read(&commented).expect("a HAR").responses.len(), 1);
        assert_eq!(read(&commented[..commented.len() - 3]).expect("a cut HAR").faults.len(), 1);
        let array = format!("[{one},7,{one}]");
        let found = all(&array);
        let pointers: Vec<&str> =
            found.iter().flat_map(|har| &har.responses).map(|response| &*response.pointer).collect();
        assert_eq!(pointers, ["/0/log/entries/0", "/2/log/entries/0"]);
        assert_eq!(found[0].faults.len(), 1, "what is no recording is told");
    }

    #[test]
    fn a_cut_har_keeps_its_whole_entries() {
        let text = format!(r#"{{"log":{{"entries":[{},{{"request"#, entry(CHANGES, 200, r#"{"text":"{}"}"#));
        let found = read(&text).expect("a HAR");
        assert_eq!((found.responses.len(), found.faults.len()), (1, 1));
        let whole = log(&[entry(CHANGES, 200, r#"{"text":"{}"}"#)]);
        for cut in 1..4 {
            let found = read(&whole[..whole.len() - cut]).expect("a HAR");
            assert_eq!((found.responses.len(), found.faults.len()), (1, 1), "{cut} bytes less");
        }
        assert!(
            read(r#"{"value":[]}"#).is_none()
                && read(r#"{"log":7}"#).is_none()
                && read("x {\"log\":{").is_none()
        );
    }
}
