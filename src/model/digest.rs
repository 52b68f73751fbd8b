//! SHA-256, which every system has a command to check.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// The SHA-256 of some bytes; shown as 64 lower-case hexadecimal digits, as `sha256sum` writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Of bytes that are all there.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Digest(Sha256::digest(bytes).into())
    }

    /// Its 32 bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads 64 hexadecimal digits, of either case: PowerShell writes the greater ones.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut value = [0; 32];
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        if text.len() != 2 * value.len() {
            return None;
        }
        for (byte, pair) in value.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Digest(value))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The digest of bytes that pass by.
#[derive(Debug, Clone, Default)]
pub struct Digester(Sha256);

impl Digester {
    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all of them.
    #[must_use]
    pub fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_what_sha256sum_writes() {
        // FIPS 180-4, the example of one block.
        let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Digest::of(b"abc").to_string(), text);
        assert_eq!(Digest::parse(text), Some(Digest::of(b"abc")));
        assert_eq!(Digest::parse(&text.to_uppercase()), Some(Digest::of(b"abc")));
        let mut passing = Digester::default();
        passing.update(b"a");
        passing.update(b"bc");
        assert_eq!(passing.finish(), Digest::of(b"abc"));
    }

    #[test]
    fn what_is_no_digest_is_not_read_as_one() {
        for text in ["", "ba78", &"g".repeat(64), &"0".repeat(65), &"é".repeat(32)] {
            assert_eq!(Digest::parse(text), None, "{text}");
        }
    }
}
