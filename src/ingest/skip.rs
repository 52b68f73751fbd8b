//! What the outline of a document and the reader of a value step over alike: white space, comments, and what stands for
//! itself in a string.

use wide::u8x16;

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
#[inline]
pub(super) fn plain_run(bytes: &[u8]) -> Option<usize> {
    let (blocks, rest) = bytes.as_chunks::<16>();
    for (number, block) in blocks.iter().enumerate() {
        let hits = hits(*block);
        if hits != 0 {
            return Some(number * 16 + hits.trailing_zeros() as usize);
        }
    }
    plain_run_at_end(rest).map(|at| blocks.len() * 16 + at)
}

/// A bit for each byte that does not stand for itself in a string, that of the first the lowest.
#[inline]
fn hits(block: [u8; 16]) -> u32 {
    const LAST_CONTROL: u8x16 = u8x16::splat(0x1f);
    let block = u8x16::new(block);
    let control = block.max(LAST_CONTROL).simd_eq(LAST_CONTROL);
    let quote = block.simd_eq(u8x16::splat(b'"'));
    let backslash = block.simd_eq(u8x16::splat(b'\\'));
    (control | quote | backslash).to_bitmask()
}

/// The same in fewer than sixteen bytes, which stand at the end of a text alone.
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
