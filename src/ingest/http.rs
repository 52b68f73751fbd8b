//! HTTP heads in front of documents: of `curl -i` and `curl -v`, of `.http` transcripts, pasted from documentation
//! (docs/input-forms.md). Of a head only the five facts of a [`Transfer`] are kept.

use std::borrow::Cow;

use jiff::fmt::rfc2822;

use crate::model::{Instant, Transfer};

/// Heads one behind the other, without the noise of the program that printed them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Heads {
    pub(super) blocks: Vec<Head>,
    /// The byte behind them.
    pub(super) end: usize,
}

/// One head.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// A request's; of its transfer the URL is known.
    Request(Transfer),
    /// A response's.
    Response(Transfer),
    /// A response that has no document of its own: of a proxy, of a redirect, or one that only announces another.
    Passing,
}

/// The heads that begin at byte `at`; `None` where none does.
pub(super) fn heads(text: &str, at: usize) -> Option<Heads> {
    // What begins like a document is one: no line of it is looked for.
    let may_begin = match text.as_bytes().get(at..) {
        Some([b'{' | b'}', rest @ ..]) => rest.starts_with(b" ["),
        Some([first, ..]) => b"HGPD*<>#%".contains(first),
        _ => false,
    };
    if !may_begin {
        return None;
    }
    let mut heads = Heads { blocks: Vec::new(), end: at };
    loop {
        let (line, next) = line(text, heads.end);
        let (plain, of_curl) = without_mark(line);
        let mut transfer = Transfer::default();
        if let Some(status) = status(plain) {
            transfer.status = Some(status);
            heads.end = fields(&mut transfer, text, next, of_curl);
            let is_proxy = plain.to_ascii_lowercase().ends_with("connection established");
            let is_passing = is_proxy || matches!(status, 100..=199 | 300..=303 | 305..=399);
            heads.blocks.push(if is_passing { Head::Passing } else { Head::Response(transfer) });
        } else if let Some(target) = target(plain) {
            transfer.url = Some(target.to_owned());
            heads.end = fields(&mut transfer, text, next, of_curl);
            transfer.url = transfer.url.as_deref().and_then(public_url);
            heads.blocks.push(Head::Request(transfer));
        } else if is_noise(line) || (heads.end > at && line.trim().is_empty() && next > heads.end) {
            heads.end = next;
        } else {
            return (heads.end > at).then_some(heads);
        }
    }
}

/// Reads the fields of a head from byte `at` on, and gives the byte behind them. They end with an empty line; where one
/// was lost in pasting, with the first line that is no field.
fn fields(transfer: &mut Transfer, text: &str, mut at: usize, of_curl: bool) -> usize {
    loop {
        let (line, next) = line(text, at);
        let (plain, marked) = without_mark(line);
        if plain.trim().is_empty() && marked == of_curl {
            return next;
        }
        if line.trim_start().starts_with(['{', '[']) {
            return at;
        }
        if line.starts_with("* ") || line.starts_with([' ', '\t']) && !of_curl {
            at = next;
            continue;
        }
        let Some((name, value)) = field(plain).filter(|_| marked == of_curl) else { return at };
        if transfer.status.is_none() {
            // A request line that has only a path gets its host.
            let path = transfer.url.take_if(|url| name.eq_ignore_ascii_case("host") && url.starts_with('/'));
            transfer.url = path.map(|path| format!("https://{}{path}", value.trim())).or(transfer.url.take());
        } else {
            keep_field(transfer, name, value);
        }
        at = next;
    }
}

/// Keeps a field of a response's head, if it is one of those that are kept.
pub(super) fn keep_field(transfer: &mut Transfer, name: &str, value: &str) {
    let value = value.trim();
    let id = || is_id(value).then(|| value.to_owned());
    match name.to_ascii_lowercase().as_str() {
        "date" => transfer.date = date(value),
        "request-id" => transfer.request_id = id(),
        "client-request-id" => transfer.client_request_id = id(),
        _ => {}
    }
}

/// The line at byte `at` without its end, and the byte behind it.
fn line(text: &str, at: usize) -> (&str, usize) {
    let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |end| at + end + 1);
    (text[at..end].trim_end_matches(['\n', '\r']), end)
}

/// A line without the mark that `curl -v` sets in front of heads, and whether it had one.
fn without_mark(line: &str) -> (&str, bool) {
    match line.strip_prefix(['<', '>']) {
        Some(rest) if rest.is_empty() || rest.starts_with(' ') => (rest.trim_start(), true),
        _ => (line, false),
    }
}

/// The status code of `HTTP/1.1 200 OK`.
fn status(line: &str) -> Option<u16> {
    let version = line.strip_prefix("HTTP/").filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))?;
    let code = version.split_ascii_whitespace().nth(1)?;
    code.parse().ok().filter(|code| (100..600).contains(code))
}

/// The URL of `GET https://… HTTP/1.1`.
fn target(line: &str) -> Option<&str> {
    let mut words = line.split_ascii_whitespace();
    let is_method = ["GET", "POST", "PATCH", "PUT", "DELETE"].contains(&words.next()?);
    let url = words
        .next()
        .filter(|url| url.starts_with("http://") || url.starts_with("https://") || url.starts_with('/'))?;
    let is_end = words.next().is_none_or(|version| version.starts_with("HTTP/"));
    (is_method && is_end && words.next().is_none()).then_some(url)
}

/// Name and value of a field.
fn field(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let is_name =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    is_name.then_some((name, value))
}

/// What curl prints beside heads: what it does, how many bytes came, its progress; and the line between two requests
/// of an `.http` file.
fn is_noise(line: &str) -> bool {
    let is_count = |line: &str| {
        let inside = line.strip_prefix("{ [").or_else(|| line.strip_prefix("} ["));
        inside.is_some_and(|rest| rest.ends_with(" bytes data]"))
    };
    let trimmed = line.trim_start();
    let is_progress =
        trimmed.starts_with("% Total") || trimmed.starts_with("Dload  Upload") || is_meter(line);
    line.starts_with("* ") || line.starts_with("###") || is_count(line) || is_progress
}

/// A line of curl's progress meter: twelve columns, rewritten behind carriage returns.
fn is_meter(line: &str) -> bool {
    let last = line.rsplit('\r').find(|part| !part.trim().is_empty()).unwrap_or_default();
    let columns: Vec<&str> = last.split_ascii_whitespace().collect();
    let is_column =
        |column: &&str| column.bytes().all(|byte| byte.is_ascii_digit() || b".:-kMG".contains(&byte));
    columns.len() == 12 && columns.iter().all(is_column) && columns.iter().any(|column| column.contains(':'))
}

/// The time of a `Date` field, RFC 3339 (RFC 9110, section 5.6.7). One that is written so already stays as it is.
pub(super) fn date(text: &str) -> Option<String> {
    if Instant::parse(text).is_some() {
        return Some(text.to_owned());
    }
    let parsed = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(parsed.to_string())
}

/// Whether `value` can be the id of a request: Graph's are GUIDs, clients may choose others.
pub(super) fn is_id(value: &str) -> bool {
    !value.is_empty() && value.len() <= 128 && value.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A URL without what may be secret in it: user, fragment, and parameters that are not OData's.
pub(super) fn public_url(url: &str) -> Option<String> {
    let url = url.split('#').next().unwrap_or_default();
    let (path, query) = url.split_once('?').map_or((url, ""), |(path, query)| (path, query));
    let path: Cow<'_, str> = match path.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let host = host.rsplit('@').next().unwrap_or_default();
            Cow::Owned(format!("{scheme}://{host}{path}"))
        }
        None => Cow::Borrowed(path),
    };
    let is_public = |parameter: &&str| parameter.starts_with('$') || parameter.starts_with("%24");
    let parameters: Vec<&str> = query.split('&').filter(is_public).collect();
    let url =
        if parameters.is_empty() { path.into_owned() } else { format!("{path}?{}", parameters.join("&")) };
    (!url.is_empty()).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (Transfer, &str) {
        let at = text.len() - text.trim_start().len();
        let mut heads = heads(text, at).expect("a head");
        let url = heads.blocks.iter().find_map(|head| match head {
            Head::Request(transfer) => transfer.url.clone(),
            Head::Response(_) | Head::Passing => None,
        });
        match heads.blocks.pop() {
            Some(Head::Response(transfer)) => (Transfer { url, ..transfer }, &text[heads.end..]),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_head_is_read_with_and_without_the_empty_line() {
        for text in [
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nrequest-id: 1-2\r\nDate: Tue, 28 Jul 2026 01:02:03 GMT\r\n\r\n{}",
            "HTTP/2 200\ndate: Tue, 28 Jul 2026 01:02:03 GMT\nrequest-id: 1-2\nset-cookie: secret\n{}",
        ] {
            let (transfer, rest) = found(text);
            assert_eq!(rest, "{}");
            let expected = Transfer {
                status: Some(200),
                date: Some("2026-07-28T01:02:03Z".to_owned()),
                request_id: Some("1-2".to_owned()),
                ..Transfer::default()
            };
            assert_eq!(transfer, expected, "{text}");
        }
    }

    #[test]
    fn a_head_of_a_proxy_or_a_redirect_has_no_document() {
        let text = "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 302 Found\r\nLocation: /x\r\n\r\nHTTP/1.1 403 Forbidden\r\n\r\n{}";
        let blocks = heads(text, 0).expect("heads").blocks;
        assert!(matches!(&blocks[..], [Head::Passing, Head::Passing, Head::Response(_)]), "{blocks:?}");
    }

    #[test]
    fn a_transcript_tells_the_url_without_its_secrets() {
        let text = "### a\nGET https://u:p@graph.microsoft.com/beta/x?$top=1&sig=secret&%24skip=2#f HTTP/1.1\nAuthorization: Bearer secret\n\nHTTP/1.1 200 OK\n\n{}";
        let (transfer, rest) = found(text);
        let url = "https://graph.microsoft.com/beta/x?$top=1&%24skip=2";
        assert_eq!((transfer.url.as_deref(), transfer.status, rest), (Some(url), Some(200), "{}"));
        assert!(!format!("{transfer:?}").contains("secret"));
    }

    #[test]
    fn what_curl_tells_beside_heads_is_no_text() {
        let text = "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0* Trying\n* Connected\n> GET /beta/x?$top=1 HTTP/2\r\n> Host: graph.microsoft.com\r\n> Authorization: Bearer secret\r\n> \r\n{ [5 bytes data]\n< HTTP/2 200\r\n< request-id: 7\r\n< \r\n{ [100 bytes data]\n{\"a\":1}";
        let text = text.replace("    0* Trying", "    0\n* Trying");
        let (transfer, rest) = found(&text);
        assert_eq!(rest, "{\"a\":1}");
        assert_eq!(transfer.url.as_deref(), Some("https://graph.microsoft.com/beta/x?$top=1"));
        assert_eq!((transfer.status, transfer.request_id.as_deref()), (Some(200), Some("7")));
    }

    #[test]
    fn other_text_is_no_head() {
        for text in ["{}", "GET well soon", "HTTP/x 200", "<html>", "> quoted", "note: x", "* ", ""] {
            assert!(!heads(text, 0).is_some_and(|heads| !heads.blocks.is_empty()), "{text}");
        }
    }
}
