//! Whom an item is about, in a fixed size.

use crate::model::Digest;

/// Whom an item is about, without regard to case, in a fixed size: a GUID's value, or of any other id the
/// first half of its SHA-256, so that no two ids that somebody made up can be taken for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    form: IdentityForm,
    value: [u8; 16],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum IdentityForm {
    Empty,
    Guid,
    Digest,
}

impl Identity {
    /// The identity that `id` gives.
    #[must_use]
    pub fn of(id: &str) -> Self {
        let mut value = [0; 16];
        if id.is_empty() {
            return Identity { form: IdentityForm::Empty, value };
        }
        if let Some(guid) = guid_value(id) {
            return Identity { form: IdentityForm::Guid, value: guid.to_be_bytes() };
        }
        value.copy_from_slice(&Digest::of(id.to_lowercase().as_bytes()).bytes()[..16]);
        Identity { form: IdentityForm::Digest, value }
    }

    /// Whether the item names no object; such items are never taken to be about the same one.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.form == IdentityForm::Empty
    }
}

fn guid_value(id: &str) -> Option<u128> {
    let mut value: u128 = 0;
    if id.len() != 36 {
        return None;
    }
    for (at, byte) in id.bytes().enumerate() {
        match (at, byte) {
            (8 | 13 | 18 | 23, b'-') => {}
            (8 | 13 | 18 | 23, _) => return None,
            _ => value = value << 4 | u128::from(char::from(byte).to_digit(16)?),
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_are_blind_to_case_and_to_nothing_else() {
        let guid = "AAAAAAAA-0000-4000-8000-00000000000f";
        assert_eq!(Identity::of(guid), Identity::of(&guid.to_lowercase()));
        assert_eq!(Identity::of("Ärger"), Identity::of("äRGER"));
        assert_ne!(
            Identity::of("632f6bb2-3ec8-4c1f-9073-0027a8c6859"),
            Identity::of("632f6bb2-3ec8-4c1f-9073-0027a8c6858")
        );
        assert_ne!(Identity::of("a"), Identity::of("b"));
        assert!(
            Identity::of("").is_empty() && !Identity::of("00000000-0000-0000-0000-000000000000").is_empty()
        );
    }
}
