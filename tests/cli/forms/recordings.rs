//! HAR files and responses of `$batch`.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::archives::packed as gzip;
use super::{Files, Page, lines, pages, together};

/// The URL by which a page was asked for: the nextLink of the one before it, or the first.
fn url(pages: &[Page], number: usize) -> String {
    let page = &pages[number];
    let before =
        number.checked_sub(1).map(|before| &pages[before]).filter(|before| before.function == page.function);
    let link = before.and_then(|before| before.value()["@odata.nextLink"].as_str().map(str::to_owned));
    let first = || {
        let next = page.value()["@odata.nextLink"].as_str().expect("a first page has a link").to_owned();
        next.split('?').next().unwrap_or_default().to_owned() + "?$top=20"
    };
    link.unwrap_or_else(first)
}

fn har(creator: &str, entries: &[Value]) -> Vec<u8> {
    let log = json!({"version": "1.2", "creator": {"name": creator, "version": "4.0"}, "entries": entries});
    serde_json::to_vec_pretty(&json!({"log": log})).expect("JSON")
}

fn entry(url: &str, status: u16, content: &Value) -> Value {
    json!({
        "startedDateTime": "2026-11-17T08:00:00.000Z",
        "request": {"method": "GET", "url": url, "headers": [{"name": "Authorization", "value": "Bearer hush-token"}], "cookies": []},
        "response": {"status": status, "headers": [{"name": "Set-Cookie", "value": "hush-token"}], "content": content},
        "postData": {"mimeType": "", "text": ""},
    })
}

fn recorded(content: impl Fn(&Page) -> Value) -> Vec<Value> {
    let pages = pages();
    (0..pages.len()).map(|number| entry(&url(&pages, number), 200, &content(&pages[number]))).collect()
}

pub(super) fn graph_explorer() -> Files {
    let text = |page: &Page| json!({"mimeType": "application/json", "text": page.value().to_string()});
    together("explorer.har", har("Graph Explorer", &recorded(text)))
}

/// With other requests between, a preflight, one that was throttled and made again, and bodies in base64.
pub(super) fn browser() -> Files {
    let text = |page: &Page| json!({"mimeType": "application/json", "text": BASE64_STANDARD.encode(&page.text), "encoding": "base64"});
    let mut entries = recorded(text);
    let again = entries[1]["request"]["url"].as_str().expect("a URL").to_owned();
    let throttled = json!({"text": r#"{"error":{"code":"TooManyRequests","message":"wait"}}"#});
    entries.insert(1, entry(&again, 429, &throttled));
    entries.insert(1, entry(&again, 0, &json!({})));
    entries.insert(
        0,
        entry(
            "https://graph.microsoft.com/v1.0/me?access_token=hush-token",
            200,
            &json!({"text": r#"{"value":[],"id":"x"}"#}),
        ),
    );
    entries.push(entry("https://entra.microsoft.com/telemetry", 404, &json!({"text": "not JSON"})));
    together("browser.har", har("WebInspector", &entries))
}

/// Bodies as they came over the wire, in lines of base64; saved behind a comment.
pub(super) fn proxy() -> Files {
    let text = |page: &Page| {
        let packed = BASE64_STANDARD.encode(gzip(page.text.as_bytes()));
        let lines: Vec<&str> =
            packed.as_bytes().chunks(76).map(|line| str::from_utf8(line).expect("ASCII")).collect();
        json!({"mimeType": "application/json", "text": lines.join("\r\n"), "encoding": "base64"})
    };
    let recorded = String::from_utf8(har("mitmproxy", &recorded(text))).expect("UTF-8");
    together("proxy.har", recorded.replacen('{', r#"{"_comment":"of this morning","#, 1))
}

/// A recording, another one behind it, and a page behind both.
pub(super) fn several() -> Files {
    let text = |page: &Page| json!({"text": page.value().to_string()});
    let mut entries = recorded(text);
    let last = pages().remove(6).text;
    entries.truncate(6);
    let behind = entries.split_off(3);
    together("all.txt", [har("a", &entries), har("b", &behind), last.into_bytes()].join(&b'\n'))
}

/// An array of recordings, as a string in JSON.
pub(super) fn array() -> Files {
    let text = |page: &Page| json!({"text": page.value().to_string()});
    let recordings: Vec<Value> = recorded(text)
        .chunks(3)
        .map(|entries| serde_json::from_slice(&har("a", entries)).expect("JSON"))
        .collect();
    together("all.json", json!(json!(recordings).to_string()).to_string())
}

pub(super) fn packed() -> Files {
    let (_, bytes) = graph_explorer().remove(0);
    together("explorer.har.gz", gzip(&bytes))
}

fn responses() -> Vec<Value> {
    let part = |(number, page): (usize, &Page)| json!({"id": number.to_string(), "status": 200, "headers": {"Content-Type": "application/json"}, "body": page.value()});
    pages().iter().enumerate().map(part).collect()
}

pub(super) fn batch(back_to_front: bool) -> Files {
    let mut responses = responses();
    if back_to_front {
        responses.reverse();
    }
    together("batch.json", serde_json::to_vec_pretty(&json!({"responses": responses})).expect("JSON"))
}

pub(super) fn parts() -> Files {
    together("parts.ndjson", lines(&responses()))
}

/// Beside the parts that are pages, one that failed and is about something else.
pub(super) fn batch_in_a_har() -> Files {
    let pages = pages();
    let mut requests: Vec<Value> = (0..pages.len())
        .map(|number| json!({"id": number.to_string(), "method": "GET", "url": url(&pages, number).replace("https://graph.microsoft.com/v1.0", "")}))
        .collect();
    requests.push(json!({"id": "me", "method": "GET", "url": "/me"}));
    let mut responses = responses();
    responses
        .push(json!({"id": "me", "status": 403, "body": {"error": {"code": "Forbidden", "message": "no"}}}));
    let mut entry = entry(
        "https://graph.microsoft.com/v1.0/$batch",
        200,
        &json!({"text": json!({"responses": responses}).to_string()}),
    );
    entry["request"]["postData"] = json!({"text": json!({"requests": requests}).to_string()});
    together("portal.har", har("Firefox", &[entry]))
}
