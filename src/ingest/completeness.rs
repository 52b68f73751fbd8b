//! Is a page set all there? The checks of the contract's section 6, the first that applies.

use std::collections::BTreeSet;

use crate::model::{Basis, Check, Finding};

use super::url;

/// What of a page speaks for or against completeness.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageFacts<'p> {
    /// Whether there is an envelope around the items.
    pub(super) enveloped: bool,
    /// Whether the page is cut short, or broken outside its items.
    pub(super) cut: bool,
    /// The URL of the next page.
    pub(super) next_link: Option<&'p str>,
    /// `@odata.count`.
    pub(super) count: Option<u64>,
    /// The URL of its request, where that was saved.
    pub(super) request_url: Option<&'p str>,
    /// How many elements its `value` has, understood or not.
    pub(super) items: u64,
}

/// What a set of pages tells about its own completeness.
pub(super) struct Completeness {
    enveloped: bool,
    items: u64,
    cut: u64,
    /// Pages without a nextLink.
    last: u64,
    offsets: Offsets,
    has_links: bool,
    repeats_a_link: bool,
    /// The smallest and the largest `@odata.count`, and the first.
    counts: Option<(u64, u64, u64)>,
    /// How many pages, if their requests prove that they are all there.
    recorded: Option<u64>,
}

impl Completeness {
    pub(super) fn of(pages: &[PageFacts<'_>]) -> Self {
        let links: Vec<&str> = pages.iter().filter_map(|page| page.next_link).collect();
        let distinct: BTreeSet<&str> = links.iter().copied().collect();
        let counts = || pages.iter().filter_map(|page| page.count);
        Completeness {
            enveloped: pages.iter().all(|page| page.enveloped),
            items: pages.iter().map(|page| page.items).sum(),
            cut: pages.iter().filter(|page| page.cut).count() as u64,
            last: pages.iter().filter(|page| page.next_link.is_none()).count() as u64,
            offsets: Offsets::of(pages),
            has_links: !links.is_empty(),
            repeats_a_link: distinct.len() < links.len(),
            counts: counts().min().zip(counts().max()).zip(counts().next()).map(|((a, b), c)| (a, b, c)),
            recorded: is_recorded(pages).then_some(pages.len() as u64),
        }
    }

    /// The fact that the verdict rests on: the first that applies.
    pub(super) fn basis(&self) -> Basis {
        let items = self.items;
        if !self.enveloped {
            Basis::NoPageAround
        } else if self.cut > 0 {
            Basis::CutShort { pages: self.cut }
        } else if self.last == 0 {
            Basis::NoLastPage
        } else if let Some((from, to)) = self.offsets.gap {
            Basis::OffsetGap { from, to }
        } else if let Some((_, count, _)) = self.counts.filter(|&(_, most, _)| items < most) {
            Basis::FewerThanCount { items, count }
        } else if self.last > 1 {
            Basis::SeveralLastPages { pages: self.last }
        } else if let Some(at) = self.offsets.overlap {
            Basis::OffsetOverlap { at }
        } else if self.repeats_a_link {
            Basis::RepeatedNextLink
        } else if let Some((count, _, _)) = self.counts.filter(|&(least, _, _)| items > least) {
            Basis::MoreThanCount { items, count }
        } else if let Some((_, _, count)) = self.counts {
            Basis::CountMatches { count }
        } else if let Some(pages) = self.recorded {
            Basis::ChainRecorded { pages }
        } else {
            Basis::LinksConsistent
        }
    }

    /// Every check, and what it found. Items without a page around them allow none of the others.
    pub(super) fn checks(&self) -> [(Check, Finding); Check::ALL.len()] {
        Check::ALL.map(|check| {
            let holds = match check {
                Check::PagesAround => Some(self.enveloped),
                _ if !self.enveloped => None,
                Check::PagesWhole => Some(self.cut == 0),
                Check::OneLastPage => Some(self.last == 1),
                Check::Offsets => {
                    self.offsets.known.then_some(self.offsets.gap.is_none() && self.offsets.overlap.is_none())
                }
                Check::NextLinks => self.has_links.then_some(!self.repeats_a_link),
                Check::Count => self.counts.map(|(least, most, _)| least == self.items && most == self.items),
            };
            let finding = match holds {
                Some(true) => Finding::Passed,
                Some(false) => Finding::Failed,
                None => Finding::NotPossible,
            };
            (check, finding)
        })
    }
}

/// Whether the requests of all pages are known, all but one are another page's nextLink, and that one asked for
/// all changes from the first on. That there is one last page is for another check.
fn is_recorded(pages: &[PageFacts<'_>]) -> bool {
    let Some(requests) = pages.iter().map(|page| page.request_url).collect::<Option<Vec<_>>>() else {
        return false;
    };
    let links: BTreeSet<String> = pages.iter().filter_map(|page| page.next_link.map(url::resource)).collect();
    let mut first = requests.iter().filter(|request| !links.contains(&url::resource(request)));
    let distinct: BTreeSet<String> = requests.iter().map(|request| url::resource(request)).collect();
    let begins = first.next().is_some_and(|request| url::begins_at_the_start(request));
    begins && first.next().is_none() && distinct.len() == pages.len() && links.len() + 1 == pages.len()
}

/// Where the `$skip` offsets of the nextLinks leave a gap, and where they cover a place twice.
#[derive(Default)]
struct Offsets {
    /// Whether every nextLink has an offset, and there is one.
    known: bool,
    gap: Option<(u64, u64)>,
    overlap: Option<u64>,
}

impl Offsets {
    fn of(pages: &[PageFacts<'_>]) -> Self {
        let links = pages.iter().filter_map(|page| page.next_link.map(|link| (url::skip(link), page.items)));
        // Unless every link has an offset, none tells where its page stands.
        let Some(mut ends) = links.map(|(skip, items)| Some((skip?, items))).collect::<Option<Vec<_>>>()
        else {
            return Offsets::default();
        };
        ends.sort_by_key(|&(end, items)| (i128::from(end) - i128::from(items), end));
        let mut found = Offsets { known: !ends.is_empty(), ..Offsets::default() };
        let mut covered = 0;
        for (end, items) in ends {
            match end.checked_sub(items) {
                Some(start) if start > covered => found.gap = found.gap.or(Some((covered, start))),
                Some(start) if start == covered => {}
                start => found.overlap = found.overlap.or(Some(start.unwrap_or(0))),
            }
            covered = covered.max(end);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Verdict;

    fn page(next_link: Option<&'static str>, items: u64) -> PageFacts<'static> {
        PageFacts { enveloped: true, cut: false, next_link, count: None, request_url: None, items }
    }

    fn basis(pages: &[PageFacts<'_>]) -> Basis {
        Completeness::of(pages).basis()
    }

    fn verdict(pages: &[PageFacts<'_>]) -> Verdict {
        basis(pages).verdict()
    }

    #[test]
    fn offsets_prove_a_gap_and_betray_an_overlap() {
        let (first, second, last) = (page(Some("x?$skip=2"), 2), page(Some("x?$skip=4"), 2), page(None, 1));
        assert_eq!(basis(&[first, second, last]), Basis::LinksConsistent);
        assert_eq!(basis(&[last, second, first]), Basis::LinksConsistent, "order does not matter");
        assert_eq!(basis(&[second, last]), Basis::OffsetGap { from: 0, to: 2 });
        assert_eq!(basis(&[first, page(Some("x?$skip=6"), 2), last]), Basis::OffsetGap { from: 2, to: 4 });
        assert_eq!(basis(&[first, page(Some("x?$skip=3"), 2), last]), Basis::OffsetOverlap { at: 1 });
        assert_eq!(basis(&[page(Some("x?$skip=1"), 2), last]), Basis::OffsetOverlap { at: 0 });
        assert_eq!(
            basis(&[second, page(Some("x?$skiptoken=1"), 2), last]),
            Basis::LinksConsistent,
            "a token tells no place"
        );
    }

    #[test]
    fn the_last_page_is_there_exactly_once() {
        assert_eq!(basis(&[page(Some("x"), 1)]), Basis::NoLastPage);
        assert_eq!(basis(&[page(None, 1), page(None, 1)]), Basis::SeveralLastPages { pages: 2 });
        assert_eq!(basis(&[page(Some("x"), 1), page(Some("x"), 1), page(None, 1)]), Basis::RepeatedNextLink);
        assert_eq!(verdict(&[page(None, 0)]), Verdict::NoGapFound);
    }

    #[test]
    fn the_count_proves_either_way() {
        let counted = |count, items| PageFacts { count: Some(count), ..page(None, items) };
        assert_eq!(basis(&[counted(5, 5)]), Basis::CountMatches { count: 5 });
        assert_eq!(basis(&[counted(5, 4)]), Basis::FewerThanCount { items: 4, count: 5 });
        assert_eq!(basis(&[counted(5, 6)]), Basis::MoreThanCount { items: 6, count: 5 });
        let contradicting = PageFacts { count: Some(7), ..page(Some("x"), 1) };
        assert_eq!(verdict(&[contradicting, counted(5, 4)]), Verdict::Incomplete, "the largest count counts");
    }

    #[test]
    fn recorded_requests_prove_the_chain() {
        let asked =
            |request_url, next_link| PageFacts { request_url: Some(request_url), ..page(next_link, 2) };
        let (first, second) = (
            asked("https://a/v1.0/x/getChanges?$top=2", Some("https://a/v1.0/x/getChanges?$skiptoken=t%3D")),
            asked("https://a/v1.0/x/getChanges?%24skiptoken=t=", None),
        );
        assert_eq!(basis(&[second, first]), Basis::ChainRecorded { pages: 2 });
        assert_eq!(basis(&[second]), Basis::LinksConsistent, "the first page is missing");
        assert_eq!(
            basis(&[asked("x/getChanges?$filter=a", None)]),
            Basis::LinksConsistent,
            "a filter hides changes"
        );
        assert_eq!(basis(&[first, page(None, 1)]), Basis::LinksConsistent, "one request is not known");
        assert_eq!(
            basis(&[first, asked("x/getChanges?$skiptoken=u", None)]),
            Basis::LinksConsistent,
            "a page between is missing"
        );
    }

    #[test]
    fn every_check_tells_what_it_found() {
        use Finding::{Failed, NotPossible, Passed};
        let findings = |pages: &[PageFacts<'_>]| Completeness::of(pages).checks().map(|(_, finding)| finding);
        let (first, last) = (page(Some("x?$skip=2"), 2), page(None, 1));
        assert_eq!(findings(&[first, last]), [Passed, Passed, Passed, Passed, Passed, NotPossible]);
        let counted = PageFacts { count: Some(4), ..last };
        assert_eq!(findings(&[first, counted]), [Passed, Passed, Passed, Passed, Passed, Failed]);
        assert_eq!(findings(&[counted]), [Passed, Passed, Passed, NotPossible, NotPossible, Failed]);
        let cut = PageFacts { cut: true, ..page(Some("x?$skip=5"), 2) };
        assert_eq!(findings(&[cut, cut]), [Passed, Failed, Failed, Failed, Failed, NotPossible]);
        let bare = PageFacts { enveloped: false, ..last };
        assert_eq!(findings(&[bare])[..2], [Failed, NotPossible]);
    }

    #[test]
    fn what_has_no_page_around_it_cannot_be_checked() {
        let bare = PageFacts { enveloped: false, ..page(None, 3) };
        assert_eq!(verdict(&[bare, page(Some("x"), 1)]), Verdict::Unverifiable);
        assert_eq!(verdict(&[PageFacts { cut: true, ..page(None, 3) }]), Verdict::Incomplete);
    }
}
