//! Is a page set all there? The checks of the contract's section 6, the first that applies.

use std::collections::BTreeSet;

use crate::model::{Basis, Check, Finding};

use super::http::public_url;
use super::url::{self, Asked};

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
    /// The URLs of other requests that it answered word for word.
    pub(super) more_requests: &'p [String],
    /// How many elements its `value` has, understood or not.
    pub(super) items: u64,
}

/// What a set of pages tells about its own completeness.
pub(super) struct Completeness {
    enveloped: bool,
    items: u64,
    /// Items that are the same as earlier ones.
    repeated: u64,
    cut: u64,
    /// Pages without a nextLink.
    last: u64,
    offsets: Offsets,
    has_links: bool,
    repeats_a_link: bool,
    /// The smallest and the largest `@odata.count`, and the first.
    counts: Option<(u64, u64, u64)>,
    chain: Chain,
}

impl Completeness {
    /// Looks at the `pages` of a set, of whose items so many are `repeated`.
    pub(super) fn of(pages: &[PageFacts<'_>], repeated: u64) -> Self {
        let links: Vec<&str> = pages.iter().filter_map(|page| page.next_link).collect();
        let distinct: BTreeSet<&str> = links.iter().copied().collect();
        let counts = || pages.iter().filter_map(|page| page.count);
        Completeness {
            enveloped: pages.iter().all(|page| page.enveloped),
            items: pages.iter().map(|page| page.items).sum(),
            repeated,
            cut: pages.iter().filter(|page| page.cut).count() as u64,
            last: pages.iter().filter(|page| page.next_link.is_none()).count() as u64,
            offsets: Offsets::of(pages),
            has_links: !links.is_empty(),
            repeats_a_link: distinct.len() < links.len(),
            counts: counts().min().zip(counts().max()).zip(counts().next()).map(|((a, b), c)| (a, b, c)),
            chain: Chain::of(pages),
        }
    }

    /// The fact that the verdict rests on: the first that applies.
    pub(super) fn basis(&self) -> Basis {
        let (items, different) = (self.items, self.different());
        if !self.enveloped {
            Basis::NoPageAround
        } else if self.cut > 0 {
            Basis::CutShort { pages: self.cut }
        } else if self.last == 0 {
            Basis::NoLastPage
        } else if let Some((from, to)) = self.offsets.gap {
            Basis::OffsetGap { from, to }
        } else if let Some((_, count, _)) = self.counts.filter(|&(_, most, _)| items < most) {
            Basis::FewerThanCount { items, repeated: 0, count }
        } else if let Some((_, count, _)) = self.counts.filter(|&(_, most, _)| different < most) {
            Basis::FewerThanCount { items: different, repeated: self.repeated, count }
        } else if self.chain.not_followed > 0 {
            Basis::LinkNotFollowed { links: self.chain.not_followed }
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
        } else if let Some(pages) = self.chain.proved {
            Basis::ChainRecorded { pages }
        } else {
            Basis::LinksConsistent
        }
    }

    /// How many items there are, each once.
    fn different(&self) -> u64 {
        self.items.saturating_sub(self.repeated)
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
                Check::LinksFollowed => self.chain.known.then_some(self.chain.not_followed == 0),
                Check::Count => self.counts.map(|(least, most, _)| {
                    least == self.items && most == self.items && self.different() == most
                }),
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

/// What the recorded requests of the pages tell about their chain.
#[derive(Default)]
struct Chain {
    /// Whether the requests of all pages are known, and there are nextLinks.
    known: bool,
    /// Links that are no page's request.
    not_followed: u64,
    /// How many pages, if their requests prove that they are all there.
    proved: Option<u64>,
}

impl Chain {
    fn of(pages: &[PageFacts<'_>]) -> Self {
        // Of a request only the public form is kept, and so a link is compared in it.
        let link = |page: &PageFacts<'_>| match page.next_link {
            Some(link) => Asked::of(&public_url(link)?).map(Some),
            None => Some(None),
        };
        let asked = |page: &PageFacts<'_>| {
            let urls = page.request_url?;
            [urls].into_iter().chain(page.more_requests.iter().map(String::as_str)).map(Asked::of).collect()
        };
        let requests: Option<Vec<Vec<Asked>>> = pages.iter().map(asked).collect();
        let links: Option<Vec<Option<Asked>>> = pages.iter().map(link).collect();
        let Some((requests, links)) = requests.zip(links) else { return Chain::default() };
        Chain {
            known: links.iter().any(Option::is_some),
            not_followed: not_followed(&requests, &links),
            proved: is_proved(&requests, &links).then_some(pages.len() as u64),
        }
    }
}

/// How many of the pages' `links` were not followed. Where a page was fetched twice, and each has another link, one of
/// them is enough.
fn not_followed(requests: &[Vec<Asked>], links: &[Option<Asked>]) -> u64 {
    let asked: BTreeSet<_> = requests.iter().flatten().map(Asked::known).collect();
    let is_open = |link: &Option<Asked>| link.as_ref().is_some_and(|link| !asked.contains(&link.known()));
    let (open, closed): (Vec<_>, Vec<_>) = requests.iter().zip(links).partition(|(_, link)| is_open(link));
    let went_on: BTreeSet<_> = closed.iter().flat_map(|(requests, _)| *requests).map(Asked::known).collect();
    let again = |requests: &[Asked]| requests.iter().any(|asked| went_on.contains(&asked.known()));
    open.iter().filter(|(requests, _)| !again(requests)).count() as u64
}

/// Whether all pages but one are surely the answers to another page's nextLink, and that one to a request for all
/// changes from the first on. That there is one last page is for another check.
fn is_proved(requests: &[Vec<Asked>], links: &[Option<Asked>]) -> bool {
    let surely = |asked: &&Asked| !asked.has_unknown();
    let linked: BTreeSet<&Asked> = links.iter().flatten().filter(surely).collect();
    let distinct: BTreeSet<&Asked> = requests.iter().flatten().collect();
    let mut first = requests.iter().filter(|asked| !asked.iter().any(|asked| linked.contains(asked)));
    let begins = first.next().is_some_and(|asked| asked.iter().any(Asked::begins_at_the_start));
    begins && first.next().is_none() && distinct.len() >= requests.len() && linked.len() + 1 == requests.len()
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
        PageFacts {
            enveloped: true,
            cut: false,
            next_link,
            count: None,
            request_url: None,
            more_requests: &[],
            items,
        }
    }

    fn basis(pages: &[PageFacts<'_>]) -> Basis {
        Completeness::of(pages, 0).basis()
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
        assert_eq!(basis(&[counted(5, 4)]), Basis::FewerThanCount { items: 4, repeated: 0, count: 5 });
        assert_eq!(basis(&[counted(5, 6)]), Basis::MoreThanCount { items: 6, count: 5 });
        let contradicting = PageFacts { count: Some(7), ..page(Some("x"), 1) };
        assert_eq!(verdict(&[contradicting, counted(5, 4)]), Verdict::Incomplete, "the largest count counts");
    }

    #[test]
    fn items_that_are_the_same_again_prove_nothing() {
        let counted = |count, items| PageFacts { count: Some(count), ..page(None, items) };
        let basis = |page, repeated| Completeness::of(&[page], repeated).basis();
        assert_eq!(basis(counted(5, 5), 2), Basis::FewerThanCount { items: 3, repeated: 2, count: 5 });
        assert_eq!(basis(counted(5, 6), 2), Basis::FewerThanCount { items: 4, repeated: 2, count: 5 });
        assert_eq!(basis(counted(5, 7), 2), Basis::MoreThanCount { items: 7, count: 5 }, "all are there");
        assert_eq!(basis(page(None, 5), 2), Basis::LinksConsistent);
        let (_, count) = Completeness::of(&[counted(5, 5)], 2).checks()[6];
        assert_eq!(count, Finding::Failed);
    }

    /// A page that answers a request for the changes of a job with such parameters, and links to others.
    fn asked(request: &str, next: Option<&str>) -> PageFacts<'static> {
        let url = |query: &str| {
            let url = format!("https://a/v1.0/directory/recovery/x/getChanges{query}");
            &*String::leak(url)
        };
        PageFacts { request_url: Some(url(request)), ..page(next.map(url), 2) }
    }

    #[test]
    fn recorded_requests_prove_the_chain() {
        let first = asked("?$top=2", Some("?$skiptoken=t%3D"));
        let second = asked("?%24skiptoken=t=", None);
        assert_eq!(basis(&[second, first]), Basis::ChainRecorded { pages: 2 });
        assert_eq!(basis(&[second]), Basis::LinksConsistent, "the first page is missing");
        for request in ["?$filter=a", "?filter=a", "?…", "?$skip=2", "?$search=a", "/1"] {
            assert_eq!(basis(&[asked(request, None)]), Basis::LinksConsistent, "{request}");
        }
        assert_eq!(basis(&[asked("", None)]), Basis::ChainRecorded { pages: 1 });
        assert_eq!(basis(&[first, page(None, 1)]), Basis::LinksConsistent, "one request is not known");
        let proxied = PageFacts { request_url: Some("https://proxy.test/…"), ..page(None, 2) };
        assert_eq!(basis(&[first, proxied]), Basis::LinksConsistent, "one request says nothing");
    }

    #[test]
    fn a_link_that_was_never_asked_for_is_a_gap() {
        let (first, last) = (asked("", Some("?$skiptoken=a")), asked("?$skiptoken=b", None));
        assert_eq!(basis(&[first, last]), Basis::LinkNotFollowed { links: 1 });
        let counted = PageFacts { count: Some(9), ..last };
        assert_eq!(basis(&[first, counted]), Basis::FewerThanCount { items: 4, repeated: 0, count: 9 });
        let vague = asked("?$skiptoken=a&…", Some("?$skiptoken=b"));
        assert_eq!(basis(&[first, vague, last]), Basis::LinksConsistent, "it may be the one");
        let more = ["https://a/v1.0/directory/recovery/x/getChanges?$skiptoken=a".to_owned()];
        let same = PageFacts { more_requests: &more, ..last };
        assert_eq!(basis(&[first, same]), Basis::ChainRecorded { pages: 2 }, "it answered that request, too");
    }

    #[test]
    fn a_page_that_was_fetched_again_needs_one_way_on() {
        let (before, first) = (asked("?$top=5", Some("?$skiptoken=old")), asked("", Some("?$skiptoken=new")));
        assert_eq!(basis(&[before, first, asked("?$skiptoken=new", None)]), Basis::LinksConsistent);
        assert_eq!(
            basis(&[before, first, asked("?$skiptoken=x", None)]),
            Basis::LinkNotFollowed { links: 2 },
            "neither goes on"
        );
    }

    #[test]
    fn every_check_tells_what_it_found() {
        use Finding::{Failed, NotPossible, Passed};
        let findings =
            |pages: &[PageFacts<'_>]| Completeness::of(pages, 0).checks().map(|(_, finding)| finding);
        let (first, last) = (page(Some("x?$skip=2"), 2), page(None, 1));
        assert_eq!(
            findings(&[first, last]),
            [Passed, Passed, Passed, Passed, Passed, NotPossible, NotPossible]
        );
        let counted = PageFacts { count: Some(4), ..last };
        assert_eq!(
            findings(&[first, counted]),
            [Passed, Passed, Passed, Passed, Passed, NotPossible, Failed]
        );
        assert_eq!(
            findings(&[counted]),
            [Passed, Passed, Passed, NotPossible, NotPossible, NotPossible, Failed]
        );
        let cut = PageFacts { cut: true, ..page(Some("x?$skip=5"), 2) };
        assert_eq!(findings(&[cut, cut]), [Passed, Failed, Failed, Failed, Failed, NotPossible, NotPossible]);
        let gap = [asked("", Some("?$skiptoken=a")), asked("?$skiptoken=b", None)];
        assert_eq!(findings(&gap)[5], Failed);
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
