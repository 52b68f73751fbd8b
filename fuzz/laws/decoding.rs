//! Bytes → text: a page says the same in every encoding, and bytes that are no text are told.

use super::{changes, is_told, page, survey};

/// Any bytes are read; and a text comes back from each encoding in which it may have been saved.
pub(crate) fn holds(data: &[u8]) {
    let export = survey(data);
    if std::str::from_utf8(data).is_err() && !data.contains(&0) && !data.starts_with(&[0x1f, 0x8b]) {
        // In no other encoding either: what it holds may be good, but something is not.
        let is_named = is_told(&export) || !export.passed_over().is_empty();
        assert!(is_named || begins_like_utf16(data) || data.starts_with(b"PK"), "no text, and nobody told");
    }
    // Not alone, so that it stands for nothing lost.
    let text = format!("text: {}", String::from_utf8_lossy(data));
    let item = serde_json::json!({
        "id": "1", "recoveryAction": "update", "deltaFromCurrent": {"a": text}, "currentState": {"a": null},
    });
    let page = page(&item.to_string());
    let expected = changes(&survey(page.as_bytes()));
    assert_eq!(expected.len(), 1);
    assert_eq!(expected[0]["changes"][0]["backup"], text);
    // One of them: the bytes decide which.
    let encodings = encodings(&page);
    let bytes = &encodings[usize::from(data.first().copied().unwrap_or_default()) % encodings.len()];
    let export = survey(bytes);
    assert_eq!(changes(&export), expected, "{:?}", &bytes[..8]);
    assert!(!is_told(&export));
}

fn begins_like_utf16(data: &[u8]) -> bool {
    data.starts_with(&[0xff, 0xfe]) || data.starts_with(&[0xfe, 0xff])
}

/// A text in every other encoding that is read, with and without a byte order mark.
fn encodings(text: &str) -> Vec<Vec<u8>> {
    let mut all = vec![format!("\u{feff}{text}").into_bytes()];
    for mark in ["", "\u{feff}"] {
        let text = format!("{mark}{text}");
        all.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        all.push(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
        all.push(text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect());
        all.push(text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect());
    }
    all
}
