//! A page cut at any byte, in the forms in which pages are saved: told, never a crash, never a change that is not in the
//! whole file, and every item in front of the cut is reported.
//!
//! Bytes near both ends are all tried, and those between in steps that meet every place of a character of two bytes.

use serde_json::{Value, json};

use super::super::forms::{Page, windows_powershell};
use super::super::scene::Scene;
use super::{ZOE, packed, utf16le};

/// Where the cuts of a form are, and what is whole in front of each.
struct Form {
    name: &'static str,
    bytes: Vec<u8>,
    /// For each item, in order, the number of bytes with which it is whole.
    ends: Vec<usize>,
    /// With so many bytes nothing but white space is cut.
    whole: usize,
}

/// Two pages of two items each, of which the first links to the second.
fn pages() -> [Value; 2] {
    [0, 1].map(|page| {
        let items: Vec<Value> = (1..=2)
            .map(|item| {
                let number = (page * 2 + item).to_string();
                let item = ZOE.replace("Zoe", &format!("Z\u{f6}e{number}")).replace("\"no\"", &format!("\"stop{number}\""));
                serde_json::from_str(&item).expect("an item")
            })
            .collect();
        let context = "https://graph.microsoft.com/v1.0/$metadata#directory/recovery/snapshots/MTc4NTE4OTYwMA==/recoveryJobs/r/getFailedChanges";
        let mut whole = json!({"@odata.context": context});
        if page == 0 {
            whole["@odata.nextLink"] =
                json!("https://graph.microsoft.com/v1.0/directory/recovery/snapshots/MTc4NTE4OTYwMA==/recoveryJobs/r/getFailedChanges?$skiptoken=a");
        } else {
            whole["@odata.count"] = json!(4);
        }
        whole["value"] = json!(items);
        whole
    })
}

/// The bytes with which each item of a text is whole: up to the bracket behind its last member.
fn item_ends(text: &str) -> Vec<usize> {
    ends(text, "}")
}

fn ends(text: &str, close: &str) -> Vec<usize> {
    let marks = (1..=4).filter_map(|number| text.find(&format!("stop{number}")));
    marks.map(|mark| mark + text[mark..].find(close).expect("the end of an item") + close.len()).collect()
}

fn form(name: &'static str, text: &str) -> Form {
    Form { name, bytes: text.as_bytes().to_vec(), ends: item_ends(text), whole: text.trim_end().len() }
}

/// The lines of `changes.ndjson`, without their place: a file of which one document is left is a file of one.
fn changes(out: &str) -> Vec<Value> {
    let mut lines: Vec<Value> =
        out.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    for line in &mut lines {
        line.as_object_mut().expect("an object").shift_remove("source");
    }
    lines
}

#[track_caller]
fn assert_cuts(form: &Form) {
    let Form { name, bytes, ends, whole } = form;
    let scene = Scene::of::<&str>(&[]);
    let run = |bytes: &[u8]| {
        scene.write(name, bytes);
        scene.run(&["report", name, "-o", "-", "-f", "ndjson", "-q"])
    };
    let all = run(bytes);
    assert_eq!((all.code, all.err.as_str()), (Some(0), ""), "{name}: {all}");
    let all = changes(&all.out);
    assert!(all.len() >= 2 && (ends.is_empty() || ends.len() == all.len()), "{name}: {} items", all.len());
    let near_an_end =
        |cut: &usize| *cut < 60 || cut + 90 > bytes.len() || ends.iter().any(|end| cut.abs_diff(*end) < 4);
    let mut before = 0;
    for cut in (0..bytes.len()).filter(|cut| cut % 7 == 0 || near_an_end(cut)) {
        let ended = run(&bytes[..cut]);
        let what = format!("{name} cut at {cut} of {}", bytes.len());
        if cut >= *whole {
            assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{what}: {ended}");
        } else {
            assert!(matches!(ended.code, Some(3 | 4)), "{what}: {ended}");
            assert!(ended.err.starts_with(name), "{what}: {ended}");
        }
        let found = changes(&ended.out);
        // Nothing is invented, and nothing that is whole is left out.
        assert!(all.starts_with(&found), "{what}: {ended}");
        let expected = ends.iter().filter(|end| **end <= cut).count();
        assert!(found.len() >= expected, "{what}: {expected} whole items: {ended}");
        assert!(ends.is_empty() || found.len() == expected, "{what}: {expected} whole items: {ended}");
        assert!(found.len() >= before, "{what}: {before} items of a shorter file: {ended}");
        before = found.len();
    }
}

/// A page as the service writes it, with the line ends of Windows.
#[test]
fn a_page_with_line_ends_of_windows() {
    let [_, mut page] = pages();
    page["@odata.count"] = json!(2);
    assert_cuts(&form("crlf.json", &format!("{page:#}\n").replace('\n', "\r\n")));
}

#[test]
fn a_page_in_utf_16() {
    let [_, mut page] = pages();
    page["@odata.count"] = json!(2);
    let text = page.to_string();
    let units = |end: usize| 2 + 2 * text[..end].encode_utf16().count();
    let bytes = [b"\xff\xfe", utf16le(&text).as_slice()].concat();
    let ends = item_ends(&text).into_iter().map(units).collect();
    assert_cuts(&Form { name: "utf16.json", ends, whole: bytes.len(), bytes });
}

#[test]
fn a_page_of_windows_powershell() {
    let [_, mut page] = pages();
    page["@odata.count"] = json!(2);
    let page = Page { function: "getFailedChanges", name: "1".to_owned(), text: page.to_string() };
    let text = String::from_utf8(windows_powershell(&page)).expect("UTF-8");
    assert_cuts(&form("ps51.json", &text));
}

#[test]
fn a_transcript_of_curl() {
    let head =
        "HTTP/1.1 200 OK\r\nDate: Tue, 17 Nov 2026 08:00:01 GMT\r\nContent-Type: application/json\r\n\r\n";
    let text = pages().map(|page| format!("{head}{page}")).join("\r\n");
    assert_cuts(&form("curl.json", &text));
}

#[test]
fn a_page_a_line() {
    let text = pages().map(|page| format!("{page}\n")).concat();
    assert_cuts(&form("pages.ndjson", &text));
}

#[test]
fn a_page_in_gzip() {
    let [_, mut page] = pages();
    page["@odata.count"] = json!(2);
    let bytes = packed(page.to_string().as_bytes());
    // Where in what is packed an item ends cannot be told.
    assert_cuts(&Form { name: "page.json.gz", ends: Vec::new(), whole: bytes.len(), bytes });
}

#[test]
fn pages_in_a_batch() {
    let parts = pages().map(|page| json!({"status": 200, "body": page}));
    assert_cuts(&form("batch.json", &json!({"responses": parts}).to_string()));
}

/// Of a recording whole responses are promised: what is in a body that is cut was in a string without an end.
#[test]
fn pages_in_a_recording() {
    let url = "https://graph.microsoft.com/v1.0/directory/recovery/snapshots/MTc4NTE4OTYwMA==/recoveryJobs/r/getFailedChanges";
    let entries = [("", 0), ("?$skiptoken=a", 1)].map(|(query, number)| {
        let content = json!({"mimeType": "application/json", "text": pages()[number].to_string()});
        json!({"request": {"method": "GET", "url": format!("{url}{query}")}, "response": {"status": 200, "content": content}})
    });
    let text = json!({"log": {"version": "1.2", "entries": entries}}).to_string();
    let ends = ends(&text, r#"]}"}}}"#);
    assert_cuts(&Form { name: "recording.har", whole: text.len(), bytes: text.into_bytes(), ends });
}
