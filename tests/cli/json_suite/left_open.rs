//! What RFC 8259 leaves to whoever reads: halves of character pairs, numbers of any size, depth, encodings.

use serde_json::Value;

use super::super::matrix::{utf16be, utf16le};

/// A text, the value that is reported of it, and the problems of its page.
type Case = (String, Option<Value>, &'static [&'static str]);

pub(super) fn values() -> Vec<Case> {
    let twice: &[&str] = &["loneSurrogate", "loneSurrogate"];
    let half = |text: &str, read: &str| (text.to_owned(), Some(Value::from(read)), twice);
    let number = |text: &str| (text.to_owned(), Some(serde_json::from_str(text).expect("a number")), &[][..]);
    let plain = |text: String| (format!("\"{text}\""), Some(Value::from(text)), &[][..]);
    // The item, its side and the property's own array are three levels.
    let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    let limit: &[&str] = &["limit", "limit"];
    vec![
        half(r#""\ud83d""#, "\u{fffd}"),
        half(r#""\ude00""#, "\u{fffd}"),
        half(r#""\uD83Dx""#, "\u{fffd}x"),
        half(r#""\ud83d\ud83d""#, "\u{fffd}\u{fffd}"),
        half(r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
        half(r#""\ud83d\u0041""#, "\u{fffd}A"),
        half(r#""\ud800\n""#, "\u{fffd}\n"),
        half(r#""x\udfaa""#, "x\u{fffd}"),
        half(r#""\ud83d\ude00\ude00""#, "\u{1f600}\u{fffd}"),
        half(r#""\ud83d\ud83d\ude00""#, "\u{fffd}\u{1f600}"),
        number("1e400"),
        number("-1e400"),
        number("1e-400"),
        number("123456789012345678901234567890"),
        number("-9223372036854775809"),
        number("18446744073709551616"),
        number(&"9".repeat(400)),
        number(&format!("0.{}", "1".repeat(400))),
        number("1e99999999999999999999"),
        number("0.4e00669999999999999999999999999999999999999999999999"),
        number("-1e-99999999999999999999"),
        number("-0"),
        plain("\u{fffe}".to_owned()),
        plain("\u{fdd0}".to_owned()),
        plain("\u{e000}".to_owned()),
        plain("x".repeat(1 << 20)),
        (deep(125), None, limit),
        (deep(500), None, limit),
        (deep(100_000), None, limit),
        (format!("{}1{}", r#"{"a":"#.repeat(125), "}".repeat(125)), None, limit),
    ]
}

/// Bytes, and the problems of the file; without one it is passed over.
pub(super) fn documents() -> Vec<(Vec<u8>, &'static [&'static str])> {
    let text = "[\"\u{e9}\u{1f600}\"]";
    let marked = |mark: &[u8], bytes: Vec<u8>| [mark, bytes.as_slice()].concat();
    let wide =
        |bytes: fn(u32) -> [u8; 4]| text.chars().flat_map(|c| bytes(u32::from(c))).collect::<Vec<u8>>();
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels)).into_bytes();
    vec![
        (marked(b"\xef\xbb\xbf", text.into()), &[]),
        (marked(b"\xff\xfe", utf16le(text)), &[]),
        (marked(b"\xfe\xff", utf16be(text)), &[]),
        (utf16le(text), &[]),
        (utf16be(text), &[]),
        (marked(b"\xff\xfe\0\0", wide(u32::to_le_bytes)), &[]),
        (marked(b"\0\0\xfe\xff", wide(u32::to_be_bytes)), &[]),
        (b"[\"\xe9\"]".to_vec(), &["invalidEncoding"]),
        (b"[\"\xc0\xaf\"]".to_vec(), &["invalidEncoding"]),
        (b"[\"\xed\xa0\x80\"]".to_vec(), &["invalidEncoding"]),
        (b"[\"\xf4\xbf\xbf\xbf\"]".to_vec(), &["invalidEncoding"]),
        (b"[\"\xe0\xff\"]".to_vec(), &["invalidEncoding"]),
        (marked(b"\xff\xfe", b"[\0\"\0\0\xd8\"\0]\0".to_vec()), &["invalidEncoding"]),
        (br#"["\ud83d"]"#.to_vec(), &[]),
        (br#"{"a":1,"a":2}"#.to_vec(), &[]),
        (b"[1e999]".to_vec(), &[]),
        (deep(127), &[]),
        (deep(128), &["limit"]),
        (deep(500), &["limit"]),
        (deep(100_000), &["limit"]),
    ]
}
