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
    /// Bytes of a name that stands with every item: the pointer of a page in its file, the name of an archive's entry.
    /// What has a longer one is left out. Nothing that people save has keys of such a length.
    pub name: u64,
    /// Bytes of a file that has no size and yet is not empty: the system makes it up, and it may have no end.
    pub stream: u64,
    /// How much may come out of an archive.
    pub archives: ArchiveLimits,
}

impl Limits {
    /// Bytes of memory that one item may take while it is compared: as much again is for texts.
    pub(super) fn item_memory(self) -> u64 {
        self.memory / 2
    }

    /// Bytes that the rows of one change may take in a table, where they have to stand in memory several times over.
    #[must_use]
    pub fn change_rows(self) -> u64 {
        self.rows.min(self.memory / 16)
    }
}

impl Default for Limits {
    fn default() -> Self {
        let (file, rows) = (4 << 30, 256 << 20);
        let archives = ArchiveLimits::default();
        Limits { file, memory: u64::MAX, rows, problems: 10_000, name: 1024, stream: 16 << 20, archives }
    }
}

/// What members of a job, a snapshot or an error are shorter than, in bytes.
pub(super) const SHORT: usize = 1 << 16;

/// How many bytes of an item the index and what is made of it take.
const OF_AN_ITEM: u64 = 128;

/// How many bytes a document of a text takes until its file is done: a file may be nothing but small ones (measured).
const OF_A_DOCUMENT: u64 = 256;

/// How many bytes something takes that was found in a document: a page, a job, an error (measured).
const OF_A_FIND: u64 = 768;

/// How many bytes a bracket or a comma stands for in a value that is read (measured: of members, small objects and
/// elements at most so many).
const OF_A_TOKEN: u64 = 128;

/// How many bytes each member of an object takes while it is found out whether it is a page (measured).
const OF_A_MEMBER: u64 = 320;

/// Below this size, in bytes, what a value takes while it is read is not reckoned.
const SMALL: usize = 1 << 20;

/// How much is kept while files are read side by side: texts that hold items, and the index of these. It only grows,
/// so that whether it is too much does not depend on which file is read first.
#[derive(Debug)]
pub(super) struct Held {
    limit: u64,
    /// What may be kept before the survey stops: the limit, or less where others are read beside it. Nothing else may
    /// go by it, so that a survey that does not stop finds what it would find alone.
    most: u64,
    kept: AtomicU64,
}

impl Held {
    pub(super) fn new(limit: u64) -> Self {
        Held { limit, most: limit, kept: AtomicU64::new(0) }
    }

    /// The same with no more than `share`, where there is one.
    pub(super) fn sharing(self, share: Option<u64>) -> Self {
        Held { most: share.unwrap_or(self.limit).min(self.limit), ..self }
    }

    /// How many bytes may be kept.
    pub(super) fn most(&self) -> u64 {
        self.most
    }

    /// Whether there is room for a file of so many bytes, if nothing else is kept: its bytes and its text.
    #[must_use]
    pub(super) fn fits_file(&self, bytes: u64) -> bool {
        self.fits(bytes.saturating_mul(2))
    }

    /// Whether there is room for so many bytes, if nothing else is kept. Where there is none, nothing is reported.
    #[must_use]
    pub(super) fn fits(&self, bytes: u64) -> bool {
        let fits = bytes <= self.most && !self.is_over();
        if bytes > self.most {
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

    /// Keeps so many documents of a text with all that stands in them directly, in bytes, and tells whether there is
    /// room for it.
    #[must_use]
    pub(super) fn keep_document(&self, parts: usize) -> bool {
        // A list that grows has room for as much again.
        self.keep(OF_A_DOCUMENT + 2 * parts as u64);
        !self.is_over()
    }

    /// Keeps so many pages, jobs and others that were found.
    pub(super) fn keep_finds(&self, finds: usize) {
        self.keep(finds as u64 * OF_A_FIND);
    }

    /// Whether there is room for so many pages, jobs and others, if nothing else is kept.
    #[must_use]
    pub(super) fn fits_finds(&self, finds: usize) -> bool {
        self.fits(finds as u64 * OF_A_FIND)
    }

    /// The limit, if the members of an object take more while they are looked at.
    pub(super) fn too_many(&self, members: usize) -> Option<u64> {
        (members as u64 * OF_A_MEMBER > self.limit).then_some(self.limit)
    }

    /// The limit, if `value` takes more while it is read.
    pub(super) fn too_much(&self, value: &str) -> Option<u64> {
        let bytes = reckoned(value, OF_A_TOKEN, OF_A_TOKEN);
        if self.most < bytes && bytes <= self.limit {
            // Alone there is room for it.
            self.keep(bytes);
        }
        (bytes > self.limit).then_some(self.limit)
    }

    /// How many bytes the members and elements of one document of `text` may take, beside the text and its file.
    pub(super) fn room_in(&self, text: &str) -> u64 {
        (self.limit.saturating_sub(2 * text.len() as u64) / 2).max(self.limit / 8)
    }

    /// Keeps the index of so many items, and tells whether there is room for it.
    #[must_use]
    pub(super) fn keep_items(&self, items: usize) -> bool {
        self.keep(items as u64 * OF_AN_ITEM);
        !self.is_over()
    }

    /// Whether more is kept than may be.
    pub(super) fn is_over(&self) -> bool {
        self.kept.load(Ordering::Relaxed) > self.most
    }
}

/// About how many bytes a value takes for which each comma in it stands for `comma` bytes, and each opening bracket for
/// `bracket`. Of a small one nothing that matters.
pub(super) fn reckoned(value: &str, comma: u64, bracket: u64) -> u64 {
    if value.len() < SMALL {
        return 0;
    }
    let bytes = value.as_bytes();
    let commas = memchr::memchr_iter(b',', bytes).count() as u64;
    let brackets = memchr::memchr2_iter(b'{', b'[', bytes).count() as u64;
    value.len() as u64 + commas * comma + brackets * bracket
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_stops_what_would_fit_alone_and_decides_nothing_else() {
        let shared = || Held::new(1_000).sharing(Some(100));
        assert!(!shared().fits(101) && !shared().keep_items(1));
        assert_eq!(shared().too_many(3), None, "960 bytes are below the limit");
        let (own, large) = (shared(), "[".repeat(SMALL));
        assert_eq!(own.too_much(&large), Some(1_000));
        assert!(!own.is_over(), "left out alone, too");
        let own = Held::new(u64::MAX).sharing(Some(100));
        assert_eq!((own.too_much(&large), own.is_over()), (None, true));
        assert_eq!(Held::new(10).sharing(Some(100)).most(), 10);
        assert_eq!(Held::new(10).sharing(None).most(), 10);
    }

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
        assert!(Held::new(300).keep_document(20) && !Held::new(300).keep_document(30));
        assert!(Held::new(768).fits_finds(1) && !Held::new(767).fits_finds(1));
        let text = "[{},{},{}]".repeat(200_000);
        let most = 2_000_000 + 1_200_000 * OF_A_TOKEN;
        assert_eq!(Held::new(most).too_much(&text), None);
        assert_eq!(Held::new(most - 1).too_much(&text), Some(most - 1));
        assert_eq!(Held::new(0).too_much(&text[..SMALL - 1]), None, "a small one is not reckoned");
        let other = Held::new(10);
        assert!(!other.fits(u64::MAX) && other.is_over());
        other.keep(u64::MAX);
        assert!(other.is_over());
    }
}
