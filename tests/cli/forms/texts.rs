//! Encodings, heads and what else stands around the text of a page.

use serde_json::{Value, json};

use super::{Files, Page, pages, together};

const MARK: char = '\u{feff}';

pub(super) fn utf8_bom(page: &Page) -> Vec<u8> {
    format!("{MARK}{}", page.text).into_bytes()
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

pub(super) fn utf16le(page: &Page) -> Vec<u8> {
    utf16(&page.text, u16::to_le_bytes)
}

pub(super) fn utf16le_bom(page: &Page) -> Vec<u8> {
    utf16(&format!("{MARK}{}\r\n", page.text), u16::to_le_bytes)
}

pub(super) fn utf16be(page: &Page) -> Vec<u8> {
    utf16(&page.text, u16::to_be_bytes)
}

pub(super) fn utf16be_bom(page: &Page) -> Vec<u8> {
    utf16(&format!("{MARK}{}", page.text), u16::to_be_bytes)
}

pub(super) fn utf32le_bom(page: &Page) -> Vec<u8> {
    format!("{MARK}{}", page.text).chars().flat_map(|c| u32::from(c).to_le_bytes()).collect()
}

/// All pages of a function behind one another in a file, as `>>` of different shells writes them.
pub(super) fn appended(with_marks: bool) -> Files {
    let mut files: Files = Vec::new();
    for page in pages() {
        let name = page.file(".json").replace(|c: char| c.is_ascii_digit(), "").replace("-.", ".");
        let first = files.iter_mut().find(|(known, _)| *known == name);
        match first {
            Some((_, bytes)) if with_marks => bytes.extend(utf16le_bom(&page)),
            Some((_, bytes)) => bytes.extend(utf16(&format!("{}\r\n", page.text), u16::to_le_bytes)),
            None if with_marks => files.push((name, utf16le_bom(&page))),
            None => files.push((name, page.text.into_bytes())),
        }
    }
    assert_eq!(files.len(), 2);
    files
}

pub(super) fn crlf(page: &Page) -> Vec<u8> {
    page.text.replace('\n', "\r\n").into_bytes()
}

pub(super) fn in_one_line(page: &Page) -> Vec<u8> {
    page.value().to_string().into_bytes()
}

pub(super) fn comments(page: &Page) -> Vec<u8> {
    format!("// saved by hand\n/* {{ */ {}", page.text.replacen("\"value\"", "/* the items */ \"value\"", 1))
        .into_bytes()
}

/// The head that Graph sends, and what must not be kept of it.
const HEAD: &str = "Date: Tue, 17 Nov 2026 08:00:0N GMT\r\nContent-Type: application/json;odata.metadata=minimal\r\nrequest-id: 0f3e0f0e-0000-4000-8000-00000000000N\r\nSet-Cookie: hush-token=1\r\nx-ms-ags-diagnostic: {\"ServerInfo\":{\"DataCenter\":\"x\"}}\r\n";

fn head(page: &Page) -> String {
    HEAD.replace('N', &page.name[page.name.len() - 1..])
}

pub(super) fn curl_i(page: &Page) -> Vec<u8> {
    format!("HTTP/2 200 \r\n{}\r\n{}", head(page).to_lowercase(), page.text).into_bytes()
}

pub(super) fn curl_i_several(page: &Page) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 302 Found\r\nLocation: https://graph.microsoft.com/x\r\n\r\nHTTP/1.1 200 OK\r\n{}\r\n{}",
        head(page),
        page.text
    )
    .into_bytes()
}

pub(super) fn curl_v(page: &Page) -> Vec<u8> {
    let head = format!("HTTP/2 200 \r\n{}", head(page)).replace("\r\n", "\r\n< ");
    format!(
        "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0\n* Host graph.microsoft.com:443 was resolved.\n> GET /v1.0/x HTTP/2\r\n> Host: graph.microsoft.com\r\n> Authorization: Bearer hush-token\r\n> \r\n< {head}\r\n{{ [1369 bytes data]\n{}\n* Connection #0 to host graph.microsoft.com left intact\n",
        page.text
    )
    .into_bytes()
}

pub(super) fn pasted_head(page: &Page) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\nContent-Type: application/json\n{}", page.text).into_bytes()
}

pub(super) fn heads_together() -> Files {
    let of = |page: &Page| format!("HTTP/1.1 200 OK\r\n{}\r\n{}\r\n", head(page), page.text);
    let text = pages().iter().map(of).collect::<Vec<_>>().concat();
    together("everything.txt", text)
}

pub(super) fn transcript() -> Files {
    let of = |page: &Page| {
        format!(
            "### {}\nGET https://graph.microsoft.com/v1.0/directory/recovery/x/{} HTTP/1.1\nAuthorization: Bearer hush-token\n\nHTTP/1.1 200 OK\n{}\n{}\n\n",
            page.name,
            page.function,
            head(page).replace('\r', ""),
            page.text
        )
    };
    together("requests.http", pages().iter().map(of).collect::<Vec<_>>().concat())
}

pub(super) fn fenced(page: &Page) -> Vec<u8> {
    format!("```json\n{}\n```\n", page.text).into_bytes()
}

/// What `az rest -o jsonc` makes of keys and strings.
pub(super) fn coloured(page: &Page) -> Vec<u8> {
    let mut text = String::new();
    for line in page.text.lines() {
        let plain = line.trim_start();
        let indent = &line[..line.len() - plain.len()];
        let painted = match plain.split_once("\": ") {
            Some((key, value)) => format!(
                "{indent}\u{1b}[94m{key}\"\u{1b}[39;49;00m:\u{1b}[37m \u{1b}[39;49;00m\u{1b}[33m{value}\u{1b}[39;49;00m\n"
            ),
            None => format!("{indent}\u{1b}[33m{plain}\u{1b}[39;49;00m\n"),
        };
        text.push_str(&painted);
    }
    text.into_bytes()
}

pub(super) fn concatenated() -> Files {
    together("all.json", pages().iter().map(|page| page.text.trim().to_owned()).collect::<String>())
}

pub(super) fn page_lines() -> Files {
    together(
        "all.ndjson",
        pages().iter().map(|page| format!("{}\n\n", page.value())).collect::<Vec<_>>().concat(),
    )
}

pub(super) fn page_array() -> Files {
    let pages: Vec<Value> = pages().iter().map(Page::value).collect();
    together("all.json", json!(pages).to_string())
}

pub(super) fn json_string(page: &Page) -> Vec<u8> {
    json!(page.text).to_string().into_bytes()
}

pub(super) fn get_content(page: &Page) -> Vec<u8> {
    let wrapped = json!({"value": page.text, "PSPath": "C:\\pages", "PSParentPath": "C:\\", "ReadCount": 1});
    serde_json::to_vec_pretty(&wrapped).expect("JSON")
}

fn items(function: &str) -> Vec<Value> {
    let of = |page: &Page| page.value()["value"].as_array().expect("items").clone();
    pages().iter().filter(|page| page.function == function).flat_map(of).collect()
}

pub(super) fn items_alone() -> Files {
    ["getChanges", "getFailedChanges"]
        .map(|function| (format!("{function}/items.json"), json!(items(function)).to_string().into_bytes()))
        .to_vec()
}

pub(super) fn item_lines() -> Files {
    let lines = |function: &str| super::lines(&items(function));
    ["getChanges", "getFailedChanges"]
        .map(|function| (format!("{function}/items.ndjson"), lines(function).into_bytes()))
        .to_vec()
}
