//! How much is read at most, so that no input takes all of a machine. What is above a limit is told, and left out;
//! only where the texts of all files together are too much, nothing is reported.

use std::sync::atomic::{AtomicU64, Ordering};

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
        let (file, rows) = (4 << 30, 1 << 30);
        Limits { file, memory: u64::MAX, rows, problems: 10_000, archives: ArchiveLimits::default() }
    }
}

/// How many bytes of an item the index and what is made of it take.
const OF_AN_ITEM: u64 = 128;

/// How much is kept while files are read side by side: texts that hold items, and the index of these. It only grows,
/// so that whether it is too much does not depend on which file is read first.
#[derive(Debug)]
pub(super) struct Held {
    limit: u64,
    kept: AtomicU64,
}

impl Held {
    pub(super) fn new(limit: u64) -> Self {
        Held { limit, kept: AtomicU64::new(0) }
    }

    /// Whether there is room for so many bytes, if nothing else is kept. Where there is none, nothing is reported.
    #[must_use]
    pub(super) fn fits(&self, bytes: u64) -> bool {
        let fits = bytes <= self.limit && !self.is_over();
        if bytes > self.limit {
            self.keep(bytes);
        }
        fits
    }

    /// Keeps so many bytes of text.
    pub(super) fn keep(&self, bytes: u64) {
        // Not beyond the largest number, at which it stays.
        let _ = self
            .kept
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |kept| Some(kept.saturating_add(bytes)));
    }

    /// Keeps the index of so many items, and tells whether there is room for it.
    #[must_use]
    pub(super) fn keep_items(&self, items: usize) -> bool {
        self.keep(items as u64 * OF_AN_ITEM);
        !self.is_over()
    }

    /// Whether more is kept than may be.
    pub(super) fn is_over(&self) -> bool {
        self.kept.load(Ordering::Relaxed) > self.limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_only_grows() {
        let held = Held::new(1_000);
        assert!(held.fits(1_000) && !held.is_over(), "alone it would fit");
        held.keep(400);
        assert!(held.keep_items(4));
        held.keep(88);
        assert!(!held.is_over() && held.fits(900), "what is kept of it may be less");
        held.keep(1);
        assert!(held.is_over() && !held.fits(1));
        let other = Held::new(10);
        assert!(!other.fits(u64::MAX) && other.is_over());
        other.keep(u64::MAX);
        assert!(other.is_over());
    }
}
