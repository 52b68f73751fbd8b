//! How the path of a property is written (contract, end of section 3).

use crate::model::Json;

/// A path under construction: keys are pushed on the way down and cut off on the way up. Where only the length is asked
/// for, nothing is written down.
#[derive(Debug)]
pub(super) enum Path {
    Text(String),
    Length(usize),
}

/// Room for most paths, so that one is seldom moved while it grows.
const USUAL_BYTES: usize = 64;

impl Path {
    /// The path of the item itself, to be written down.
    pub(super) fn with_text() -> Self {
        Path::Text(String::with_capacity(USUAL_BYTES))
    }

    /// The same, only to be measured.
    pub(super) fn without_text() -> Self {
        Path::Length(0)
    }

    /// The text; `None` where only the length is known.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Path::Text(text) => Some(text),
            Path::Length(_) => None,
        }
    }

    /// How long it is in bytes, and where to [`cut`](Self::cut) to get back to it.
    pub(super) fn len(&self) -> usize {
        match self {
            Path::Text(text) => text.len(),
            Path::Length(length) => *length,
        }
    }

    pub(super) fn cut(&mut self, length: usize) {
        match self {
            Path::Text(text) => text.truncate(length),
            Path::Length(own) => *own = length,
        }
    }

    /// Goes down to member `key`.
    pub(super) fn push_key(&mut self, key: &str) {
        if !is_plain(key) {
            self.push(&["[", &quoted(key), "]"]);
        } else if self.len() > 0 {
            self.push(&[".", key]);
        } else {
            self.push(&[key]);
        }
    }

    /// Goes down to the element whose member `name` is `value`.
    pub(super) fn push_element(&mut self, name: &str, value: &str) {
        if is_plain(value) {
            self.push(&["[", name, "=", value, "]"]);
        } else {
            self.push(&["[", name, "=", &quoted(value), "]"]);
        }
    }

    #[inline]
    fn push(&mut self, parts: &[&str]) {
        match self {
            Path::Text(text) => parts.iter().for_each(|part| text.push_str(part)),
            Path::Length(length) => *length += parts.iter().map(|part| part.len()).sum::<usize>(),
        }
    }
}

fn quoted(text: &str) -> String {
    Json::String(text.into()).to_compact()
}

fn is_plain(name: &str) -> bool {
    // Asked of all bytes together, which a processor does for sixteen at once.
    let is_special = |byte: u8| matches!(byte, b'.' | b'[' | b']' | b'"');
    !name.is_empty() && !name.bytes().fold(false, |any, byte| any | is_special(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_that_of_the_text() {
        let (mut text, mut length) = (Path::with_text(), Path::without_text());
        let keys = ["a", "", "b.c", "d\"e", "[f]", "é", "\u{1}", "g"];
        for (depth, key) in keys.iter().enumerate() {
            let before = (text.len(), length.len());
            for path in [&mut text, &mut length] {
                path.push_key(key);
                if depth % 2 == 0 {
                    path.push_element("id", key);
                }
            }
            assert_eq!(Some(text.len()), text.text().map(str::len));
            assert_eq!(text.len(), length.len(), "{text:?}");
            if depth % 3 == 2 {
                text.cut(before.0);
                length.cut(before.1);
            }
        }
        assert_eq!(length.text(), None);
        let told = "a[id=a][\"\"][\"d\\\"e\"][\"[f]\"][id=\"[f]\"].\u{1}[id=\u{1}].g";
        assert_eq!(text.text(), Some(told));
    }
}
