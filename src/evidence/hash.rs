//! The digest of a file that is there.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use crate::model::{Digest, Digester};

/// The digest of a file and its size, read in pieces.
///
/// # Errors
/// Where it cannot be read, or is no regular file.
pub fn digest_of(path: &Path) -> io::Result<(Digest, u64)> {
    // Opening a pipe would wait for somebody to write into it.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    let mut file = File::open(path)?;
    let (mut digester, mut bytes) = (Digester::default(), 0);
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok((digester.finish(), bytes)),
            read => {
                digester.update(&piece[..read]);
                bytes += read as u64;
            }
        }
    }
}
