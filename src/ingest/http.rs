//! HTTP heads in front of documents: of `curl -i` and `curl -v`, of `.http` transcripts, pasted from documentation
//! (docs/input-forms.md). Of a head only the five facts of a [`Transfer`] are kept.

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
    heads_in_line(text, at, line(text, at))
}

/// The heads that begin at byte `at`, in a line of which the rest and the byte behind it are known. Much may begin in
/// one line: what is none is told by its first bytes, never by reading on.
pub(super) fn heads_in_line(text: &str, at: usize, first: (&str, usize)) -> Option<Heads> {
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
    while heads.blocks.len() < MOST {
        let (line, next) = if heads.end == at { first } else { line(text, heads.end) };
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
            break;
        }
    }
    (heads.end > at).then_some(heads)
}

/// How many heads are taken at a time; others are found behind them.
const MOST: usize = 256;

/// Reads the fields of a head from byte `at` on, and gives the byte behind them. They end with an empty line; where one
/// was lost in pasting, with the first line that is no field.
fn fields(transfer: &mut Transfer, text: &str, mut at: usize, of_curl: bool) -> usize {
    loop {
        let (line, next) = line(text, at);
        // No field has a NUL character: something else was written over it.
        if line.contains('\0') {
            return at;
        }
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
            let host = Some(value.trim()).filter(|host| is_host(host)).unwrap_or(TAKEN_OFF);
            transfer.url = path.map(|path| format!("https://{host}{path}")).or(transfer.url.take());
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
    let code = behind_word(version)?.1.split_ascii_whitespace().next()?;
    code.parse().ok().filter(|code| (100..600).contains(code))
}

/// The URL of `GET https://… HTTP/1.1`.
fn target(line: &str) -> Option<&str> {
    let (method, rest) = behind_word(line.trim_ascii_start())?;
    if !["GET", "POST", "PATCH", "PUT", "DELETE"].contains(&method) {
        return None;
    }
    let mut words = rest.split_ascii_whitespace();
    let url = words
        .next()
        .filter(|url| url.starts_with("http://") || url.starts_with("https://") || url.starts_with('/'))?;
    let is_end = words.next().is_none_or(|version| version.starts_with("HTTP/"));
    (is_end && words.next().is_none()).then_some(url)
}

/// The first word of a line, and what stands behind it, if it is as short as methods and versions are.
fn behind_word(line: &str) -> Option<(&str, &str)> {
    const LONGEST: usize = 16;
    let blank = line.bytes().take(LONGEST).position(|byte| byte.is_ascii_whitespace())?;
    Some(line.split_at(blank))
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

/// More than the columns of a progress meter and blanks behind them take, in bytes.
const LONGEST_METER: usize = 256;

/// A line of curl's progress meter: twelve columns, rewritten behind carriage returns.
fn is_meter(line: &str) -> bool {
    let from = line.len().saturating_sub(LONGEST_METER);
    let from = (from..=line.len()).find(|from| line.is_char_boundary(*from)).unwrap_or(line.len());
    // Of a longer line the columns that are seen first may be the rest of others.
    let seen = if from == 0 { Some(line) } else { line[from..].split_once('\r').map(|(_, seen)| seen) };
    let last = seen.unwrap_or_default().rsplit('\r').find(|part| !part.trim().is_empty()).unwrap_or_default();
    let columns: Vec<&str> = last.split_ascii_whitespace().collect();
    let is_column =
        |column: &&str| column.bytes().all(|byte| byte.is_ascii_digit() || b".:-kMG".contains(&byte));
    columns.len() == 12 && columns.iter().all(is_column) && columns.iter().any(|column| column.contains(':'))
}

/// The longest time that is kept as it is written, in bytes: fractions of a second may be written without an end.
const LONGEST_TIME: usize = 64;

/// Whether `text` is a time as it is kept.
pub(super) fn is_time(text: &str) -> bool {
    text.len() <= LONGEST_TIME && Instant::parse(text).is_some()
}

/// The time of a `Date` field, RFC 3339 (RFC 9110, section 5.6.7). One that is written so already stays as it is.
pub(super) fn date(text: &str) -> Option<String> {
    if is_time(text) {
        return Some(text.to_owned());
    }
    let parsed = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(parsed.to_string())
}

/// Whether `value` can be the id of a request: Graph's are GUIDs. A token is none, whatever field it stands in.
pub(super) fn is_id(value: &str) -> bool {
    (8..=64).contains(&value.len())
        && value.contains('-')
        && value.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// What stands in a URL where something was taken off.
pub(super) const TAKEN_OFF: &str = "…";

/// The longest URL of which something is kept, in bytes: a server has to take 8,000 (RFC 9110, section 4.1), and what is
/// kept of one is kept with every page that came with it.
const LONGEST_URL: usize = 8 << 10;

/// A URL without what may be secret in it: of the host what is a plain name, the path from the service's own part on,
/// and OData's parameters. The rest is [`TAKEN_OFF`], and so is a URL longer than [`LONGEST_URL`]; user and fragment go without
/// a mark.
pub(super) fn public_url(url: &str) -> Option<String> {
    let url = url.trim().split('#').next().unwrap_or_default();
    let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
    let scheme = ["https://", "http://"].into_iter().find(|scheme| begins_with(path, scheme));
    let (server, path) = match scheme {
        Some(scheme) => {
            let rest = &path[scheme.len()..];
            let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let host = host.rsplit('@').next().unwrap_or_default();
            (format!("{scheme}{}", if is_host(host) { host } else { TAKEN_OFF }), path)
        }
        None => (String::new(), path),
    };
    let mut public = server + &public_path(path) + &query.map(public_query).unwrap_or_default();
    if public.len() > LONGEST_URL {
        TAKEN_OFF.clone_into(&mut public);
    }
    (!public.is_empty()).then_some(public)
}

fn begins_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}

/// Whether `host` is a plain name with a dot in it, perhaps with a port. What else stands there is no host.
fn is_host(host: &str) -> bool {
    const NAME_LIMIT: usize = 253;
    const LABEL_LIMIT: usize = 63;
    let (name, port) = host.split_once(':').unwrap_or((host, "0"));
    let is_label = |label: &str| {
        (1..=LABEL_LIMIT).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    name.len() <= NAME_LIMIT
        && name.contains('.')
        && name.split('.').all(is_label)
        && (1..=5).contains(&port.len())
        && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// The path from the last segment on that is the service's, with its version; what stood before may be anything.
fn public_path(path: &str) -> String {
    let segments: Vec<&str> = path.split('/').collect();
    let is = |segment: &str, names: [&str; 2]| names.iter().any(|name| segment.eq_ignore_ascii_case(name));
    let is_version = |segment: &str| is(segment, ["v1.0", "beta"]);
    let own = segments.iter().rposition(|segment| is(segment, ["directory", "solutions"]));
    let from = match own {
        Some(own) => Some(own - usize::from(own > 0 && is_version(segments[own - 1]))),
        None => segments.iter().rposition(|segment| is_version(segment)),
    };
    match from {
        _ if matches!(path, "" | "/") => path.to_owned(),
        None => format!("/{TAKEN_OFF}"),
        Some(from) => {
            let is_all = segments[..from].iter().all(|segment| segment.is_empty());
            let (slash, before) =
                (if path.starts_with('/') { "/" } else { "" }, if is_all { "" } else { "…/" });
            format!("{slash}{before}{}", segments[from..].join("/"))
        }
    }
}

/// The parameters that OData names. Those that choose the page are kept without their `$`, too.
fn public_query(query: &str) -> String {
    const ODATA: [&str; 12] = [
        "top",
        "skip",
        "skiptoken",
        "count",
        "select",
        "filter",
        "search",
        "apply",
        "orderby",
        "expand",
        "deltatoken",
        "format",
    ];
    const WITHOUT_SIGN: usize = 5;
    let is_public = |parameter: &str| {
        let name = parameter.split('=').next().unwrap_or_default();
        let plain = name.strip_prefix('$').or_else(|| name.strip_prefix("%24"));
        let known = if plain.is_some() { &ODATA[..] } else { &ODATA[..WITHOUT_SIGN] };
        known.iter().any(|known| known.eq_ignore_ascii_case(plain.unwrap_or(name)))
    };
    let mut kept: Vec<&str> = Vec::new();
    let mut is_whole = true;
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        // Some servers part parameters by semicolons, too.
        let first = parameter.split([';', '?']).next().unwrap_or_default();
        let is_kept = is_public(first);
        kept.extend(is_kept.then_some(first));
        is_whole &= is_kept && first.len() == parameter.len();
    }
    kept.extend((!is_whole).then_some(TAKEN_OFF));
    if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) }
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
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nrequest-id: 0f3e0f0e-12\r\nDate: Tue, 28 Jul 2026 01:02:03 GMT\r\n\r\n{}",
            "HTTP/2 200\ndate: Tue, 28 Jul 2026 01:02:03 GMT\nrequest-id: 0f3e0f0e-12\nset-cookie: secret\n{}",
        ] {
            let (transfer, rest) = found(text);
            assert_eq!(rest, "{}");
            let expected = Transfer {
                status: Some(200),
                date: Some("2026-07-28T01:02:03Z".to_owned()),
                request_id: Some("0f3e0f0e-12".to_owned()),
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
        let url = "https://graph.microsoft.com/beta/x?$top=1&%24skip=2&…";
        assert_eq!((transfer.url.as_deref(), transfer.status, rest), (Some(url), Some(200), "{}"));
        assert!(!format!("{transfer:?}").contains("secret"));
    }

    #[test]
    fn of_a_url_nothing_is_kept_that_may_be_secret() {
        const PATH: &str = "directory/recovery/snapshots/a/recoveryPreviewJobs/b/getChanges";
        for (url, public) in [
            (
                format!("https://graph.microsoft.com/v1.0/{PATH}"),
                format!("https://graph.microsoft.com/v1.0/{PATH}"),
            ),
            (
                format!("HTTPS://u:hush@10.0.0.1:8443/hush/beta/{PATH}#hush"),
                format!("https://10.0.0.1:8443/…/beta/{PATH}"),
            ),
            (
                format!("https://graph.microsoft.com/v1.0/;tok=hush/{PATH}"),
                format!("https://graph.microsoft.com/…/{PATH}"),
            ),
            (format!("/{PATH}?$skip=2;sig=hush&sig=hush"), format!("/{PATH}?$skip=2&…")),
            (format!("{PATH}?skiptoken=b&$hush=1"), format!("{PATH}?skiptoken=b&…")),
            (format!("{PATH}?$top=2?sig=hush"), format!("{PATH}?$top=2&…")),
            (format!("/{PATH}?filter=hush"), format!("/{PATH}?…")),
            (
                "https://proxy.test/fetch/https%3A%2F%2Fgraph%3Fx%3D1%26access_token%3Dhush".to_owned(),
                "https://proxy.test/…".to_owned(),
            ),
            ("https://graph.microsoft.com\\@u:hush/x".to_owned(), "https://…/…".to_owned()),
            ("https://hush/beta/me".to_owned(), "https://…/beta/me".to_owned()),
            ("https://x.test/".to_owned(), "https://x.test/".to_owned()),
            ("hush://x.test/hush".to_owned(), "/…".to_owned()),
        ] {
            assert_eq!(public_url(&url), Some(public), "{url}");
        }
        assert_eq!(public_url("#hush"), None);
        let time = |digits: usize| format!("2026-07-28T01:02:03.{}Z", "7".repeat(digits));
        assert_eq!((date(&time(43)), date(&time(44))), (Some(time(43)), None));
        let long = |length| format!("/directory/{}", "a".repeat(length - "/directory/".len()));
        assert_eq!(public_url(&long(LONGEST_URL)), Some(long(LONGEST_URL)));
        assert_eq!(public_url(&long(LONGEST_URL + 1)).as_deref(), Some(TAKEN_OFF));
    }

    #[test]
    fn a_host_that_is_none_and_an_id_that_is_a_token_are_not_kept() {
        let text = "GET /v1.0/directory/x HTTP/1.1\nHost: hush\n\nHTTP/1.1 200 OK\nrequest-id: Bearer-hush\nclient-request-id: eyJ0eXAi.hush-1\n\n{}";
        let (transfer, _) = found(text);
        assert_eq!(transfer.url.as_deref(), Some("https://…/v1.0/directory/x"));
        assert!(!format!("{transfer:?}").contains("hush"));
        assert!(is_id("0F3E0F0E-0000-4000-8000-000000000001") && is_id("aa-1111-"));
        assert!(!is_id("0f3e0f0e") && !is_id("aa-1") && !is_id(&"a-".repeat(40)) && !is_id("face-off-me"));
    }

    #[test]
    fn what_curl_tells_beside_heads_is_no_text() {
        let text = "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0* Trying\n* Connected\n> GET /beta/x?$top=1 HTTP/2\r\n> Host: graph.microsoft.com\r\n> Authorization: Bearer secret\r\n> \r\n{ [5 bytes data]\n< HTTP/2 200\r\n< request-id: 0f3e0f0e-7\r\n< \r\n{ [100 bytes data]\n{\"a\":1}";
        let text = text.replace("    0* Trying", "    0\n* Trying");
        let (transfer, rest) = found(&text);
        assert_eq!(rest, "{\"a\":1}");
        assert_eq!(transfer.url.as_deref(), Some("https://graph.microsoft.com/beta/x?$top=1"));
        assert_eq!((transfer.status, transfer.request_id.as_deref()), (Some(200), Some("0f3e0f0e-7")));
    }

    #[test]
    fn a_progress_meter_is_told_by_the_end_of_its_line() {
        let meter = "100  1000  100  1000    0     0   9000      0 --:--:-- --:--:-- --:--:--  9000";
        for (line, expected) in [
            (meter.to_owned(), true),
            (format!("\r{}", [meter; 20].join("\r")), true),
            (format!("{}\r{meter}\r  ", "é".repeat(300)), true),
            (format!("{} {meter}", "1 ".repeat(300)), false),
            (format!("{}{meter}", " ".repeat(300)), false),
            (format!("{meter}\r{}", "x".repeat(300)), false),
        ] {
            assert_eq!(is_meter(&line), expected, "{line:?}");
        }
    }

    #[test]
    fn a_line_of_many_beginnings_is_not_read_from_each() {
        for (text, is_head) in [
            ("HTTP/1.1 200", true),
            ("HTTP/1.12345678901234567890 200", false),
            ("  GET /x HTTP/1.1", true),
            ("GET", false),
            ("GETTING-ALL-OF-THE-WORLD /x", false),
        ] {
            assert_eq!(status(text).is_some() || target(text).is_some(), is_head, "{text}");
        }
    }

    #[test]
    fn other_text_is_no_head() {
        for text in ["{}", "GET well soon", "HTTP/x 200", "<html>", "> quoted", "note: x", "* ", ""] {
            assert!(heads(text, 0).is_none_or(|heads| heads.blocks.is_empty()), "{text}");
        }
    }
}
