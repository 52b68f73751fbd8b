//! Where a value ends, found by its quotes and brackets without reading it.

use super::skip::{plain_run, skip_blank};

/// The byte behind the quote that closes the string which begins at `start`.
pub(super) fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += plain_run(bytes.get(at..)?)?;
        match bytes[at] {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            // What may not stand in a string is told where it is read.
            _ => at += 1,
        }
    }
}

/// The byte behind a number, a word, or whatever else stands there without quotes or brackets.
pub(super) fn scalar_end(text: &str, start: usize) -> usize {
    let stop = |c: char| matches!(c, ',' | ']' | '}' | '{' | '[' | '"' | '/') || c.is_ascii_whitespace();
    let first = text[start..].chars().next().map_or(0, char::len_utf8);
    text[start + first..].find(stop).map_or(text.len(), |end| start + first + end)
}

/// The byte behind the bracket that closes the one at `start`; `None` where the text ends before.
///
/// A closing bracket of the wrong kind closes what was left open inside the one it fits; where it fits none,
/// it is taken for the right one. So a bad item ends where its own bracket does.
pub(super) fn matching_end(text: &str, start: usize, open: &mut Open) -> Option<usize> {
    let bytes = text.as_bytes();
    open.closers.clear();
    open.braces = 0;
    let mut at = start;
    loop {
        let byte = *bytes.get(at)?;
        // Most of what is no bracket is asked for first: which of the others comes next no processor can foresee.
        if byte == b'"' {
            at = string_end(bytes, at)?;
            continue;
        }
        if matches!(byte, b',' | b':') {
            at += 1;
            continue;
        }
        match byte {
            b'/' if matches!(bytes.get(at + 1), Some(b'/' | b'*')) => {
                at = skip_blank(text, at).ok()?;
                continue;
            }
            b'{' => open.push(b'}'),
            b'[' => open.push(b']'),
            close @ (b'}' | b']') => {
                open.close(close);
                if open.closers.is_empty() {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// The brackets that are open, by what closes them, and how many of them are braces.
#[derive(Default)]
pub(super) struct Open {
    closers: Vec<u8>,
    braces: usize,
}

impl Open {
    fn push(&mut self, closer: u8) {
        self.closers.push(closer);
        self.braces += usize::from(closer == b'}');
    }

    fn close(&mut self, closer: u8) {
        let of_kind = if closer == b'}' { self.braces } else { self.closers.len() - self.braces };
        while let Some(closed) = self.closers.pop() {
            self.braces -= usize::from(closed == b'}');
            if closed == closer || of_kind == 0 {
                break;
            }
        }
    }
}
