//! Bytes → text. Only UTF-8 so far, with or without a byte order mark.

/// A file's text with what is known of its bytes.
#[derive(Debug)]
pub(super) struct Decoded {
    /// The text; where the bytes are no UTF-8, U+FFFD stands.
    pub(super) text: String,
    /// Where the text begins: behind a byte order mark.
    pub(super) start: usize,
    pub(super) encoding: Encoding,
    /// Where bytes were no UTF-8: offset in the text, offset in the file.
    pub(super) invalid: Vec<(usize, usize)>,
}

/// How a file's text is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8Bom,
}

impl Encoding {
    /// The name in `summary.json`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf8Bom => "utf-8-bom",
        }
    }
}

const BYTE_ORDER_MARK: &str = "\u{feff}";

pub(super) fn decode(bytes: Vec<u8>) -> Decoded {
    let (text, invalid) = match String::from_utf8(bytes) {
        Ok(text) => (text, Vec::new()),
        Err(error) => replace_invalid(error.as_bytes()),
    };
    let marked = text.starts_with(BYTE_ORDER_MARK);
    let start = if marked { BYTE_ORDER_MARK.len() } else { 0 };
    let encoding = if marked { Encoding::Utf8Bom } else { Encoding::Utf8 };
    Decoded { text, start, encoding, invalid }
}

fn replace_invalid(bytes: &[u8]) -> (String, Vec<(usize, usize)>) {
    let (mut text, mut invalid, mut offset) = (String::with_capacity(bytes.len()), Vec::new(), 0);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        offset += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            invalid.push((text.len(), offset));
            text.push(char::REPLACEMENT_CHARACTER);
            offset += chunk.invalid().len();
        }
    }
    (text, invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_bytes_are_told_with_their_offset_in_the_file() {
        let decoded = decode(b"ab\xff\xfecd\xed".to_vec());
        assert_eq!(decoded.text, "ab\u{fffd}\u{fffd}cd\u{fffd}");
        assert_eq!(decoded.invalid, [(2, 2), (5, 3), (10, 6)]);
    }

    #[test]
    fn a_byte_order_mark_is_no_text() {
        let decoded = decode("\u{feff}{}".into());
        assert_eq!((decoded.start, decoded.encoding), (3, Encoding::Utf8Bom));
    }
}
