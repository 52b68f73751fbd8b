//! How much is read at most, so that no input takes all of a machine. What is above a limit is told, and left out;
//! only where the texts of all files together are too much, nothing is reported.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::archive::ArchiveLimits;

/// How much is read at most. Each is an option of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a file. A larger one is left out.
    pub file: u64,
    /// Bytes of text that are held, of all files together. Where there is more, the survey stops.
    pub memory: u64,
    /// Bytes that the rows of one change may take in a table: its names stand on each row, and a long one before a
    /// million rows would fill any disk. A change that takes more is left out.
    pub rows: u64,
    /// How many problems of one code are listed of a file; the others are counted.
    pub problems: u64,
    /// How much may come out of an archive.
    pub archives: ArchiveLimits,
}

/// How long the pointer of a page may be, in bytes: it stands with every item. Nothing that people save has keys of
/// such a length.
pub(super) const LONGEST_POINTER: usize = 1024;

impl Default for Limits {
    fn default() -> Self {
        let (file, rows) = (4 << 30, 256 << 20);
        Limits { file, memory: u64::MAX, rows, problems: 10_000, archives: ArchiveLimits::default() }
    }
}

/// How many bytes of text are held while files are read side by side.
#[derive(Debug)]
pub(super) struct Held {
    limit: u64,
    pub(super) bytes: AtomicU64,
    is_over: AtomicBool,
}

impl Held {
    pub(super) fn new(limit: u64) -> Self {
        Held { limit, bytes: AtomicU64::new(0), is_over: AtomicBool::new(false) }
    }

    /// Takes room for some bytes, or tells that there is none.
    #[must_use]
    pub(super) fn take(&self, bytes: u64) -> bool {
        let before = self.bytes.fetch_add(bytes, Ordering::Relaxed);
        let fits = before.saturating_add(bytes) <= self.limit;
        self.is_over.fetch_or(!fits, Ordering::Relaxed);
        fits
    }

    pub(super) fn give_back(&self, bytes: u64) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    pub(super) fn left(&self) -> u64 {
        self.limit.saturating_sub(self.bytes.load(Ordering::Relaxed))
    }

    /// Whether there was no room once.
    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_taken_and_given_back() {
        let held = Held::new(10);
        assert!(held.take(6) && held.take(4));
        assert_eq!(held.left(), 0);
        held.give_back(6);
        assert!(held.take(6) && !held.is_over());
        assert!(!held.take(1) && held.is_over());
    }
}
