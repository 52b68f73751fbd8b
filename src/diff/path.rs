//! How the path of a property is written (contract, end of section 3).

use crate::model::Json;

/// A path under construction: keys are pushed on the way down and cut off on the way up.
#[derive(Debug)]
pub(super) struct Path(String);

/// Room for most paths, so that one is seldom moved while it grows.
const USUAL_BYTES: usize = 64;

impl Default for Path {
    fn default() -> Self {
        Path(String::with_capacity(USUAL_BYTES))
    }
}

impl Path {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Where to [`cut`](Self::cut) to get back to the present path.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn cut(&mut self, length: usize) {
        self.0.truncate(length);
    }

    /// Goes down to member `key`.
    pub(super) fn push_key(&mut self, key: &str) {
        if is_plain(key) {
            if !self.0.is_empty() {
                self.0.push('.');
            }
            self.0.push_str(key);
        } else {
            self.0.push('[');
            self.push_quoted(key);
            self.0.push(']');
        }
    }

    /// Goes down to the element whose member `name` is `value`.
    pub(super) fn push_element(&mut self, name: &str, value: &str) {
        self.0.push('[');
        self.0.push_str(name);
        self.0.push('=');
        if is_plain(value) {
            self.0.push_str(value);
        } else {
            self.push_quoted(value);
        }
        self.0.push(']');
    }

    fn push_quoted(&mut self, text: &str) {
        self.0.push_str(&Json::String(text.into()).to_compact());
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.bytes().any(|byte| matches!(byte, b'.' | b'[' | b']' | b'"'))
}
