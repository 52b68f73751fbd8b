//! Paths as they stand in a list of checksums (`INPUTS.sha256`): one line each, whatever they are made of.
//!
//! Tools that read such lists disagree on names with line feeds and backslashes (GNU's begin their line with
//! a backslash, `BagIt` writes `%0A`), and print the others as they are. So a name stands as it is, and is found by
//! every tool, unless a character of it cannot be seen, is a backslash, or looks like an escape (`%41`): the bytes of
//! such stand as `%XX`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

use crate::model::is_hidden;

use super::source_file::SourceFile;

/// The name of standard input, for this program and for `sha256sum`.
pub(super) const STANDARD_INPUT: &str = "-";

/// The path below the input root, with `/` between its parts. No two paths have the same.
pub(super) fn checksum_name(below_root: &Path) -> String {
    let mut name = String::new();
    for part in below_root.components() {
        if !name.is_empty() && !name.ends_with('/') {
            name.push('/');
        }
        for chunk in part.as_os_str().as_encoded_bytes().utf8_chunks() {
            push_text(chunk.valid(), &mut name);
            push_bytes(chunk.invalid(), &mut name);
        }
    }
    if name == STANDARD_INPUT { format!("./{name}") } else { name }
}

/// The path that has this name, as far as the system can have it.
#[must_use]
pub fn path_of_checksum_name(name: &str) -> PathBuf {
    let bytes = bytes_of_checksum_name(name);
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt as _;
        std::ffi::OsString::from_vec(bytes).into()
    }
    #[cfg(not(unix))]
    {
        String::from_utf8_lossy(&bytes).into_owned().into()
    }
}

/// The bytes of the path that has this name.
fn bytes_of_checksum_name(name: &str) -> Vec<u8> {
    percent_decode_str(name).collect()
}

fn push_text(text: &str, name: &mut String) {
    for (at, character) in text.char_indices() {
        let is_escape = character == '%' && begins_with_two_digits(&text[at + 1..]);
        if character == '\\' || is_hidden(character) || is_escape {
            push_bytes(character.encode_utf8(&mut [0; 4]).as_bytes(), name);
        } else {
            name.push(character);
        }
    }
}

fn begins_with_two_digits(text: &str) -> bool {
    matches!(text.as_bytes(), [a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
}

fn push_bytes(bytes: &[u8], name: &mut String) {
    for byte in bytes {
        write!(name, "%{byte:02X}").expect("writing to a string cannot fail");
    }
}

impl SourceFile {
    /// The bytes of its path below the input root, where they are no UTF-8.
    #[must_use]
    pub fn path_bytes(&self) -> Option<Vec<u8>> {
        let bytes = bytes_of_checksum_name(&self.checksum_name);
        str::from_utf8(&bytes).is_err().then_some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_can_be_seen_stand_as_they_are() {
        for name in ["page 1.json", "a/b/c.json", "Ärger.json", "50% off.json", "100%", "*x", "- 1"] {
            assert_eq!(checksum_name(Path::new(name)), name);
            assert_eq!(path_of_checksum_name(name), Path::new(name));
        }
    }

    #[test]
    fn what_cannot_be_seen_or_read_stands_as_bytes() {
        for (path, name) in [
            ("a\nb", "a%0Ab"),
            ("a\\b", "a%5Cb"),
            ("\u{1b}[2J", "%1B[2J"),
            ("\u{202e}x", "%E2%80%AEx"),
            ("a%0Ab", "a%250Ab"),
            ("%%0A", "%%250A"),
            ("%\n", "%%0A"),
            ("-", "./-"),
        ] {
            assert_eq!(checksum_name(Path::new(path)), name, "{path:?}");
            assert_eq!(
                path_of_checksum_name(name).components().next_back(),
                Path::new(path).components().next()
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_text_are_kept() {
        use std::os::unix::ffi::OsStrExt as _;
        let path = Path::new(std::ffi::OsStr::from_bytes(b"p\xff\xfe.json"));
        assert_eq!(checksum_name(path), "p%FF%FE.json");
        assert_eq!(path_of_checksum_name("p%FF%FE.json"), path);
    }
}
