//! Which files are worth reading whole: by their names, and by their first bytes.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use super::archive::{is_archive, is_archive_name};
use super::disk;
use super::http;

/// The beginning of a file; `None` where it cannot be read.
pub(super) fn first_bytes(path: &Path) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    disk::open(path).ok()?.take(FIRST_BYTES).read_to_end(&mut head).ok()?;
    Some(head)
}

/// How much of a file is looked at to tell whether it is worth reading whole.
const FIRST_BYTES: u64 = 64 << 10;

/// Whether a file by this name should hold pages, so that it is a problem if it does not.
pub(super) fn is_page_name(label: &str) -> bool {
    let lower = label.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or_default();
    let name = name.strip_suffix(".gz").unwrap_or(name);
    [".json", ".jsonc", ".ndjson", ".jsonl", ".har"].iter().any(|end| name.ends_with(end))
        || name.contains("getchanges")
        || name.contains("getfailedchanges")
}

/// How archives and packed files are called that are not read here. What is called `.gz` alone is a page.
const FOREIGN_ARCHIVES: [&str; 14] = [
    ".7z", ".rar", ".tar", ".tar.gz", ".tgz", ".bz2", ".tbz", ".tbz2", ".xz", ".txz", ".zst", ".tzst",
    ".lz4", ".cab",
];

/// Whether a file by this name is an archive that may hold pages and is not read.
#[must_use]
pub fn is_foreign_archive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    FOREIGN_ARCHIVES.iter().any(|end| name.ends_with(end))
}

/// Whether the first bytes of a file with another name look like JSON, in any form that is read here, so that it is
/// worth reading whole.
pub(super) fn begins_like_json(path: &Path) -> bool {
    let Some(head) = first_bytes(path) else { return true };
    // An archive by another name is a document of an office, a program or a picture.
    let name = path.to_string_lossy();
    (is_archive_name(&name) || name.to_ascii_lowercase().ends_with(".har")) && is_archive(&head)
        || looks_like_json(&head)
        || is_log_name(&path.to_string_lossy()) && tells_of_changes(&head)
        // Any number of blanks may stand in front.
        || head.trim_ascii().is_empty() && fs::metadata(path).is_ok_and(|data| data.len() >= FIRST_BYTES)
}

/// Whether a text that begins with `head` looks like JSON: in UTF-8, UTF-16 or UTF-32, behind a comment, an HTTP head, a
/// fence of Markdown or what curl tells, or as text in a JSON string.
fn looks_like_json(head: &[u8]) -> bool {
    let plain: Vec<u8> = match head {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [_, 0, ..] | [0, ..] => {
            head.iter().copied().filter(|byte| !matches!(byte, 0 | 0xfe | 0xff)).collect()
        }
        _ => head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(head).to_vec(),
    };
    let plain = plain.trim_ascii_start();
    let starts = |mark: &str| plain.starts_with(mark.as_bytes());
    matches!(plain, [b'{' | b'[', ..] | [b'/', b'/' | b'*', ..])
        || ["```", "\"{", "\"[", "\x1b["].iter().any(|mark| starts(mark))
        || http::heads(&String::from_utf8_lossy(plain), 0).is_some_and(|heads| !heads.blocks.is_empty())
}

/// Whether an entry of an archive is worth reading whole, by its name and its first bytes.
pub(super) fn is_wanted_entry(name: &str, head: &[u8]) -> bool {
    let is_hidden = name.split('/').any(|part| part.starts_with('.'));
    looks_like_json(head)
        || (is_log_name(name) && tells_of_changes(head))
        || (is_page_name(name) && !is_hidden)
}

/// Whether a file by this name may be what a shell or a program wrote down, with pages behind other text. A text of
/// another kind (`.md`, `.html`, a script) may show a page as an example, and an example is no change.
fn is_log_name(label: &str) -> bool {
    let lower = label.to_ascii_lowercase();
    let name = lower.rsplit(['/', '\\']).next().unwrap_or_default();
    !name.contains('.') || [".txt", ".log", ".http", ".rest", ".out"].iter().any(|end| name.ends_with(end))
}

/// Whether a text, in UTF-8 or UTF-16, has something that stands in pages only.
fn tells_of_changes(head: &[u8]) -> bool {
    const MARKS: [&str; 4] =
        ["directory/recovery/", "\"recoveryAction\"", "\"deltaFromCurrent\"", "RestoreArtifacts@delta"];
    let plain: Vec<u8> = head.iter().copied().filter(|byte| *byte != 0).collect();
    MARKS.iter().any(|mark| memchr::memmem::find(&plain, mark.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_expected_by_its_name() {
        assert!(is_page_name("a/x.JSON") && is_page_name("getChanges-3") && is_page_name("x.jsonl"));
        assert!(!is_page_name("getChanges/notes.md") && !is_page_name("notes.txt"));
    }

    #[test]
    fn json_is_recognised_in_every_form_by_its_first_bytes() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        for head in [
            b"{\"a\"".to_vec(),
            b"\xef\xbb\xbf [".to_vec(),
            utf16("\u{feff}{\r\n"),
            utf16("[{"),
            b"// saved".to_vec(),
            b"HTTP/1.1 200 OK\r\n".to_vec(),
            b"GET https://graph.microsoft.com/x".to_vec(),
            b"```json".to_vec(),
            b"\"{\\\"value".to_vec(),
            b"\x1b[94m{".to_vec(),
        ] {
            assert!(looks_like_json(&head), "{}", String::from_utf8_lossy(&head));
        }
        for head in ["# notes", "PK\u{3}\u{4}", "GET well soon", "\"text\"", "", "- a"] {
            assert!(!looks_like_json(head.as_bytes()), "{head}");
        }
    }
}
