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
        if let Some(value) = guid_value(id) {
            return Identity { form: IdentityForm::Guid, value };
        }
        value.copy_from_slice(&Digest::of(id.to_lowercase().as_bytes()).bytes()[..16]);
        Identity { form: IdentityForm::Digest, value }
    }

    /// A number that is the same for equal identities, to look for them with. Whoever makes up ids can make them share it.
    pub(crate) fn mark(self) -> u64 {
        let (low, high) = self.value.split_at(8);
        let half = |bytes: &[u8]| bytes.iter().fold(0, |half, byte| half << 8 | u64::from(*byte));
        half(low).rotate_left(32) ^ half(high)
    }

    /// Whether the item names no object; such items are never taken to be about the same one.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.form == IdentityForm::Empty
    }
}

/// Where in a GUID's text each of its bytes stands.
const BYTES_AT: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

fn guid_value(id: &str) -> Option<[u8; 16]> {
    let text: &[u8; 36] = id.as_bytes().try_into().ok()?;
    if [8, 13, 18, 23].iter().any(|&at| text[at] != b'-') {
        return None;
    }
    let mut value = [0; 16];
    let mut digits = 0;
    for (byte, at) in value.iter_mut().zip(BYTES_AT) {
        let (high, low) = (hex_digit(text[at]), hex_digit(text[at + 1]));
        digits |= high | low;
        *byte = (high << 4) | (low & 0xf);
    }
    (digits < 0x10).then_some(value)
}

/// The value of a hexadecimal digit; of anything else more than one can have. Half of the digits of an id are letters,
/// in no order that a processor could foresee: a table asks for no decision.
fn hex_digit(byte: u8) -> u8 {
    static VALUES: [u8; 256] = {
        let mut values = [0xf0; 256];
        let mut digit = 0;
        while digit < 16 {
            values[b"0123456789abcdef"[digit as usize] as usize] = digit;
            values[b"0123456789ABCDEF"[digit as usize] as usize] = digit;
            digit += 1;
        }
        values
    };
    VALUES[usize::from(byte)]
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
