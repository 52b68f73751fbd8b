//! Is everything there: verdicts and what they rest on, checks, jobs, times.

use crate::model::{Basis, Check, Finding, Function, PageSet, Verdict};

use super::super::as_of::StateBasis;
use super::super::deadline::Deadline;
use super::super::summary::Standing;
use super::heading;
use super::number::{counted, number, plural};

/// A verdict in a word or two.
#[must_use]
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unverifiable => "cannot be checked",
        Verdict::Incomplete => "INCOMPLETE",
        Verdict::Suspicious => "SUSPICIOUS",
        Verdict::Complete => "complete",
        Verdict::NoGapFound => "no gap found",
    }
}

/// Why a page set got its verdict.
#[must_use]
pub fn basis(basis: &Basis) -> String {
    match basis {
        Basis::NoPageAround => "the items stand without a page around them, so there is no link or count to check".to_owned(),
        Basis::CutShort { pages } => format!("{} cut short or broken", pages_are(*pages)),
        Basis::NoLastPage => "every page links to a next one: the last page is missing".to_owned(),
        Basis::OffsetGap { from, to } => format!("no page holds the items {from} to {} (offsets)", to - 1),
        Basis::FewerThanCount { items, repeated: 0, count } => format!("{items} {} there, and @odata.count says {count}", are_items(*items)),
        Basis::FewerThanCount { items, count, .. } => {
            let are = plural(*items, "item is", "different items are");
            format!("{items} {are} there, and @odata.count says {count}; the others are the same again")
        }
        Basis::LinkNotFollowed { links: 1 } => "a nextLink leads to a page that is not among those recorded".to_owned(),
        Basis::LinkNotFollowed { links } => format!("{links} nextLinks lead to pages that are not among those recorded"),
        Basis::SeveralLastPages { pages } => format!("{pages} pages have no nextLink: pages of several runs are mixed"),
        Basis::OffsetOverlap { at } => format!("more than one page holds the item at offset {at}"),
        Basis::RepeatedNextLink => "two pages link to the same next page".to_owned(),
        Basis::MoreThanCount { items, count } => format!("{items} {} there, and @odata.count says only {count}", are_items(*items)),
        Basis::CountMatches { count } => format!("as many items as @odata.count says ({})", number(*count)),
        Basis::ChainRecorded { pages: 1 } => "the page's own request is recorded, and it asked for all changes".to_owned(),
        Basis::ChainRecorded { .. } => {
            "every page's own request is recorded, and each but the first follows another's nextLink".to_owned()
        }
        Basis::LinksConsistent => {
            "every link is consistent and there is one last page; a page that nothing refers to could be missing unseen"
                .to_owned()
        }
    }
}

fn pages_are(pages: u64) -> String {
    if pages == 1 { "one page is".to_owned() } else { format!("{pages} pages are") }
}

/// How complete a report is, in a word or two.
#[must_use]
pub fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Incomplete => "Incomplete",
        Standing::Suspicious => "Suspicious",
        Standing::DataMissing => "Data is missing",
        Standing::NoPages => "Restore sessions alone",
        Standing::Unverifiable => "Cannot be checked",
        Standing::NoGapFound => "No gap found",
        Standing::Complete => "Complete",
    }
}

/// How complete a report is, in a sentence that a reader who stops here may rely on.
#[must_use]
pub fn standing_sentence(standing: Standing) -> &'static str {
    match standing {
        Standing::Incomplete => {
            "Changes are missing: it is proved that at least one saved list is not whole. Do not rely on this report \
             as a full account."
        }
        Standing::Suspicious => {
            "The saved pages contradict each other: changes may be missing, or of different runs."
        }
        Standing::DataMissing => {
            "Part of the input could not be read or used, and is not in this report: see the problems."
        }
        Standing::NoPages => {
            "No page of changes is in the input. Nothing in a restore session tells whether all of its artifacts \
             are in what was saved."
        }
        Standing::Unverifiable => {
            "Whether all changes are here cannot be checked: some stand without the page they came in."
        }
        Standing::NoGapFound => {
            "Nothing is missing that can be seen: every link between the saved pages is consistent. The service \
             gave no count that would prove it."
        }
        Standing::Complete => {
            "Every list that was saved is proved to be whole, by the service's own count or by the recorded requests. \
             What the service does not list, no report can have."
        }
    }
}

/// What a check of completeness demands.
#[must_use]
pub fn check(check: Check) -> &'static str {
    match check {
        Check::PagesAround => "every item came in a saved page",
        Check::PagesWhole => "no page is cut short or broken",
        Check::OneLastPage => "exactly one page is the last one",
        Check::Offsets => "the offsets ($skip) of the links leave no gap and no overlap",
        Check::NextLinks => "no two pages link to the same next page",
        Check::LinksFollowed => "every nextLink leads to one of the pages whose requests are recorded",
        Check::Count => "there are as many items as @odata.count says",
    }
}

/// What a check found.
#[must_use]
pub fn finding(finding: Finding) -> &'static str {
    match finding {
        Finding::Passed => "passed",
        Finding::Failed => "FAILED",
        Finding::NotPossible => "not applicable: the pages do not carry what it needs",
    }
}

/// Of which time the current values are, where the job of a page set or the fetching of its pages tells.
#[must_use]
pub fn state_as_of(function: Function, shown: Option<(&str, StateBasis)>) -> String {
    match (shown, function) {
        (None, _) => "time not in the data: save the job object beside its pages".to_owned(),
        (Some((time, StateBasis::Date)), _) => {
            format!("{time} at the latest, when its first page was fetched")
        }
        (Some((time, StateBasis::Job)), Function::GetFailedChanges) => {
            format!(
                "{time} at the latest, when the recovery job ended; the values may be from before it wrote"
            )
        }
        (Some((time, StateBasis::Job)), Function::GetChanges | Function::Unknown) => {
            format!("{time} at the latest, when the preview job ended")
        }
    }
}

/// In the place of the failures, where there are none.
#[must_use]
pub fn no_failures(has_failed_pages: bool) -> &'static str {
    if has_failed_pages { heading::NO_FAILED_CHANGES } else { heading::NO_FAILED_PAGES }
}

/// In the place of the changes, where there are none.
#[must_use]
pub fn no_changes(has_pages: bool) -> &'static str {
    if has_pages { heading::NO_CHANGES } else { heading::NO_PAGES }
}

/// By when deleted objects must be restored; `shown` is the earliest time.
#[must_use]
pub fn deadline(deadline: &Deadline, shown: Option<&str>) -> String {
    const LIMIT: &str = "The limit is documented for users, groups, applications and service principals, and taken \
                         to hold for other types; some types have no bin.";
    let unknown = counted(deadline.unknown, "object is", "objects are");
    let Some(shown) = shown else {
        return format!(
            "{unknown} to be restored, and none says when it was deleted: 30 days after its deletion the service \
             removes an object for good. {LIMIT}"
        );
    };
    let first = match deadline.objects {
        1 => "One object to be restored says when it was deleted".to_owned(),
        objects => {
            format!("The first of {} objects to be restored that say when they were deleted", number(objects))
        }
    };
    let more = match deadline.unknown {
        0 => String::new(),
        more => format!(
            " {} when they were deleted.",
            counted(
                more,
                "more object to be restored does not say",
                "more objects to be restored do not say"
            )
        ),
    };
    format!(
        "{first}: if it has not been restored since the job ran, restore it before {shown}. That is 30 days after \
         its deletion; then the service removes it for good, and no backup brings it back. {LIMIT}{more}"
    )
}

/// The completeness of a page set in a sentence.
#[must_use]
pub fn page_set(set: &PageSet) -> String {
    format!(
        "{}: {} {}, {} {}: {}: {}",
        set.function,
        set.pages,
        plural(set.pages, "page", "pages"),
        set.items,
        plural(set.items, "item", "items"),
        verdict(set.verdict()),
        basis(&set.basis)
    )
}

pub(super) fn are_items(items: u64) -> &'static str {
    plural(items, "item is", "items are")
}

/// `5 pages, 82 items`.
#[must_use]
pub fn set_counts(set: &PageSet) -> String {
    format!("{}, {}", counted(set.pages, "page", "pages"), counted(set.items, "item", "items"))
}
