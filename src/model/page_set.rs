//! A page set: the pages of one function, snapshot and job, and whether they are all there
//! (contract, section 6).

use super::Function;

/// What can be said about the completeness of a page set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// There is no page around the items, so no link and no count to go by.
    Unverifiable,
    /// Proved: something is missing.
    Incomplete,
    /// The pages contradict each other.
    Suspicious,
    /// Proved: all is there.
    Complete,
    /// Every link seen is consistent; nothing is missing that can be seen.
    NoGapFound,
}

impl Verdict {
    /// The contract's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Unverifiable => "unverifiable",
            Verdict::Incomplete => "incomplete",
            Verdict::Suspicious => "suspicious",
            Verdict::Complete => "complete",
            Verdict::NoGapFound => "noGapFound",
        }
    }

    /// Whether nothing speaks against the set: what is not in it was not on the service's list.
    #[must_use]
    pub fn is_sound(self) -> bool {
        match self {
            Verdict::Complete | Verdict::NoGapFound => true,
            Verdict::Unverifiable | Verdict::Incomplete | Verdict::Suspicious => false,
        }
    }
}

/// The fact a verdict rests on: the first check that applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// Items without a page around them.
    NoPageAround,
    /// Pages that end in the middle, or whose JSON is broken outside an item.
    CutShort {
        /// How many pages.
        pages: u64,
    },
    /// Every page has a nextLink: the last page is missing.
    NoLastPage,
    /// No page covers these offsets.
    OffsetGap {
        /// First missing offset.
        from: u64,
        /// First offset that is there again.
        to: u64,
    },
    /// Fewer items than `@odata.count`.
    FewerThanCount {
        /// Items that are there, each once.
        items: u64,
        /// Items that are the same as others.
        repeated: u64,
        /// Items there should be.
        count: u64,
    },
    /// The requests of all pages are known, and none of them is for a page that others link to.
    LinkNotFollowed {
        /// How many links.
        links: u64,
    },
    /// More than one page without a nextLink: pages of several runs.
    SeveralLastPages {
        /// How many.
        pages: u64,
    },
    /// Two pages cover this offset.
    OffsetOverlap {
        /// The first offset that is covered twice.
        at: u64,
    },
    /// Two pages link to the same next page.
    RepeatedNextLink,
    /// More items than `@odata.count`.
    MoreThanCount {
        /// Items that are there.
        items: u64,
        /// Items there should be.
        count: u64,
    },
    /// `@odata.count` equals the items.
    CountMatches {
        /// The count.
        count: u64,
    },
    /// The requests of all pages are known, and each but the first is another page's nextLink.
    ChainRecorded {
        /// How many pages.
        pages: u64,
    },
    /// One last page, and every link seen is consistent.
    LinksConsistent,
}

impl Basis {
    /// The verdict that rests on this fact.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self {
            Basis::NoPageAround => Verdict::Unverifiable,
            Basis::CutShort { .. }
            | Basis::NoLastPage
            | Basis::OffsetGap { .. }
            | Basis::FewerThanCount { .. }
            | Basis::LinkNotFollowed { .. } => Verdict::Incomplete,
            Basis::SeveralLastPages { .. }
            | Basis::OffsetOverlap { .. }
            | Basis::RepeatedNextLink
            | Basis::MoreThanCount { .. } => Verdict::Suspicious,
            Basis::CountMatches { .. } | Basis::ChainRecorded { .. } => Verdict::Complete,
            Basis::LinksConsistent => Verdict::NoGapFound,
        }
    }
}

/// A check of completeness, in the order in which they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// Every item stands in a page, with its links and counts.
    PagesAround,
    /// No page is cut short or broken outside its items.
    PagesWhole,
    /// Exactly one page has no nextLink.
    OneLastPage,
    /// The `$skip` offsets of the nextLinks leave no gap and no overlap.
    Offsets,
    /// No two pages link to the same next page.
    NextLinks,
    /// Every nextLink is the request of a page, where the requests of all pages are known.
    LinksFollowed,
    /// There are as many items as `@odata.count` says, and enough different ones.
    Count,
}

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Finding {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed,
    /// The pages do not carry what it needs.
    NotPossible,
}

impl Finding {
    /// Its name in `manifest.json`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Finding::Passed => "passed",
            Finding::Failed => "failed",
            Finding::NotPossible => "notPossible",
        }
    }
}

impl Check {
    /// Its name in `manifest.json`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Check::PagesAround => "pagesAround",
            Check::PagesWhole => "pagesWhole",
            Check::OneLastPage => "oneLastPage",
            Check::Offsets => "offsets",
            Check::NextLinks => "nextLinks",
            Check::LinksFollowed => "linksFollowed",
            Check::Count => "count",
        }
    }

    /// All checks.
    pub const ALL: [Check; 7] = [
        Check::PagesAround,
        Check::PagesWhole,
        Check::OneLastPage,
        Check::Offsets,
        Check::NextLinks,
        Check::LinksFollowed,
        Check::Count,
    ];
}

/// The pages of one function, snapshot and job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageSet {
    /// The function they answer.
    pub function: Function,
    /// The snapshot.
    pub snapshot_id: Option<String>,
    /// The snapshot's time, RFC 3339.
    pub snapshot_date_time: Option<String>,
    /// The job.
    pub job_id: Option<String>,
    /// Where its first page stands: a file below the input root.
    pub first_source: String,
    /// How many pages, duplicates left out.
    pub pages: u64,
    /// How many elements their `value` arrays have, understood or not.
    pub items: u64,
    /// When the first of its pages was fetched, RFC 3339: the earliest HTTP `Date`, where that was saved.
    pub read_at: Option<String>,
    /// The first of its pages whose nextLink leads to another host than its context names: the page's file, and that
    /// host.
    pub link_elsewhere: Option<(String, String)>,
    /// The versions of the API that its pages' contexts name, each once, in order.
    pub versions: Vec<&'static str>,
    /// What the verdict rests on.
    pub basis: Basis,
    /// Every check and what it found, also of those behind the one that the verdict rests on.
    pub checks: [(Check, Finding); Check::ALL.len()],
}

impl PageSet {
    /// Whether all pages are there.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.basis.verdict()
    }
}
