//! What the outline of a document and the reader of a value step over alike: white space, comments, and what stands for
//! itself in a string.

use super::read_error::{ReadError, ReadErrorKind};

/// Skips white space and comments from byte `at` on, and tells where
/// the next thing begins.
///
/// # Errors
/// A `/` that begins no comment, and a comment that does not end.
pub(super) fn skip_blank(text: &str, mut at: usize) -> Result<usize, ReadError> {
    let bytes = text.as_bytes();
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\n' | b'\r' | b'\t') => at += 1,
            Some(b'/') => match bytes.get(at + 1) {
                Some(b'/') => at = text[at..].find(['\n', '\r']).map_or(text.len(), |end| at + end + 1),
                Some(b'*') => match text[at + 2..].find("*/") {
                    Some(end) => at += 2 + end + 2,
                    None => return Err(ReadError { at: text.len(), kind: ReadErrorKind::Cut }),
                },
                None => return Err(ReadError { at: text.len(), kind: ReadErrorKind::Cut }),
                Some(_) => return Err(ReadError { at, kind: ReadErrorKind::Expected("a value") }),
            },
            _ => return Ok(at),
        }
    }
}

/// How many bytes stand for themselves in a string before one that does not; `None` where none follows.
///
/// Eight bytes are looked at together: in `(word ^ 0x02…) - 0x21…` a byte's high bit is set if it was below 0x20 or a
/// quote, which the exclusive or makes 0x20, and in `(word ^ c…) - 0x01…` if it was `c`. A borrow can set the bit of the
/// byte behind a hit, never of one before it, so the lowest hit is right.
#[inline]
pub(super) fn plain_run(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGHS: u64 = ONES * 0x80;
    let (words, rest) = bytes.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let control_or_quote = (word ^ (ONES * 2)).wrapping_sub(ONES * 0x21);
        let backslash = (word ^ (ONES * u64::from(b'\\'))).wrapping_sub(ONES);
        let hits = (control_or_quote | backslash) & !word & HIGHS;
        if hits != 0 {
            return Some(number * 8 + hits.trailing_zeros() as usize / 8);
        }
    }
    plain_run_at_end(rest).map(|at| words.len() * 8 + at)
}

/// The same in fewer than eight bytes, which stand at the end of a text alone.
#[cold]
#[inline(never)]
fn plain_run_at_end(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_run_ends_at_the_first_byte_that_is_not_plain() {
        for end in [b'"', b'\\', 0, 0x1f] {
            for before in 0..40 {
                let mut text = vec![b'\x7f'; before];
                text.extend([end, b'"', 0x80, 0xff, 0x20, 0x21, b'\\', 0x1f]);
                assert_eq!(plain_run(&text), Some(before), "{end} behind {before}");
            }
        }
        assert_eq!(plain_run(&(0x20..=0xff).filter(|b| !b"\"\\".contains(b)).collect::<Vec<u8>>()), None);
    }
}
