//! Which values are secrets, and how they are masked (contract, section 3.7).
//!
//! Masking happens where a row is made, before any output exists; two secrets are compared before.

use std::borrow::Cow;

use crate::model::{Json, REDACTED, may_hold_secret};

use super::lost;

/// Which of the members that hold credentials a value stands at or below.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Below {
    password_profile: bool,
    password_credentials: bool,
    key_credentials: bool,
}

impl Below {
    /// One step down, to the member or link collection by the name of `key`.
    pub(super) fn enter(self, key: &str) -> Self {
        Below {
            password_profile: self.password_profile || key.eq_ignore_ascii_case("passwordProfile"),
            password_credentials: self.password_credentials
                || key.eq_ignore_ascii_case("passwordCredentials"),
            key_credentials: self.key_credentials || key.eq_ignore_ascii_case("keyCredentials"),
        }
    }

    /// Whether the value at `key`, a member of what stands here, is a secret.
    pub(super) fn is_secret(self, key: &str) -> bool {
        key.eq_ignore_ascii_case("password")
            || key.eq_ignore_ascii_case("secretText")
            || (self.key_credentials && key.eq_ignore_ascii_case("key"))
            || (self.password_credentials && key.eq_ignore_ascii_case("hint"))
    }

    /// Whether a lost text that stands here may hold a secret.
    pub(super) fn hides_lost_text(self, text: &str) -> bool {
        self.password_profile || self.password_credentials || self.key_credentials || may_hold_secret(text)
    }
}

/// A copy of `value` to be shown, and whether anything in it was masked. `below` is where the value stands,
/// its own `key` included; `key` is `None` for an element of an array; `secret` says that the value itself
/// is one.
pub(super) fn shown<'a>(value: &Json<'a>, below: Below, key: Option<&str>, secret: bool) -> (Json<'a>, bool) {
    if secret {
        return if value.is_empty() { (value.clone(), false) } else { (redacted(), true) };
    }
    let mut copy = value.clone();
    let masked = mask(&mut copy, below, key);
    (copy, masked)
}

/// Masks every secret in a value that stands outside both sides of an item.
pub fn mask_secrets(value: &mut Json<'_>) {
    mask(value, Below::default(), None);
}

fn mask(value: &mut Json<'_>, below: Below, key: Option<&str>) -> bool {
    match value {
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
        Json::String(text) => {
            let hidden = lost::is_lost_string(text, key) && below.hides_lost_text(text);
            if hidden {
                *value = redacted();
            }
            hidden
        }
        Json::Array(elements) => {
            let mut masked = false;
            for element in elements {
                masked |= mask(element, below, None);
            }
            masked
        }
        Json::Object(object) => {
            let mut masked = false;
            for (key, member) in object.iter_mut() {
                if !below.is_secret(key) {
                    let name = lost::link_collection(key).unwrap_or(key);
                    masked |= mask(member, below.enter(name), Some(key));
                } else if !member.is_empty() {
                    *member = redacted();
                    masked = true;
                }
            }
            masked
        }
    }
}

fn redacted() -> Json<'static> {
    Json::String(Cow::Borrowed(REDACTED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_text_with_a_secret_in_a_sentence_of_any_case_is_hidden() {
        assert!(Below::default().hides_lost_text("@{a=1; PassWord=hunter2}"));
        assert!(!Below::default().hides_lost_text("@{a=1; pass=hunter2}"));
        assert!(Below::default().enter("KEYCREDENTIALS").hides_lost_text("@{}"));
    }
}
