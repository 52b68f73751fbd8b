//! Chains of pages that nobody saw before: the verdict is the one that the contract's section 6 gives, worked out here
//! anew from what the pages say.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use entra_diff::render::{Format, Options};

use super::exports::on_disk;
use super::generate::one_of;
use super::support::{report, survey, write};

/// What a nextLink names the next page by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Next {
    Skip(i64),
    Token(usize),
    Both(i64),
}

/// A page, as far as completeness is concerned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Page {
    items: Vec<i64>,
    next: Option<Next>,
    count: Option<i64>,
}

/// Where a chain says how many items there are.
#[derive(Debug, Clone, Copy)]
enum Counts {
    Nowhere,
    First(i64),
    Last(i64),
    Everywhere(i64),
}

/// What was done to a whole chain.
#[derive(Debug, Clone, Copy)]
enum Damage {
    Nothing,
    Lost(usize),
    Twice(usize),
    /// Fetched again, and its link is another one.
    Again(usize),
    /// It has no link.
    Ends(usize),
    /// Its link skips more or fewer items.
    Skips(usize, i64),
    /// It links to where the first page links.
    Circle(usize),
    /// It begins with the last item of the page before.
    Overlaps(usize),
}

fn chain() -> impl Strategy<Value = Vec<Page>> {
    let kinds = one_of([[0_u8, 0], [1, 1], [0, 1], [2, 2], [0, 2]]);
    let counts = prop_oneof![
        3 => Just(Counts::Nowhere),
        2 => (-1..2_i64).prop_map(Counts::First),
        1 => (-1..2_i64).prop_map(Counts::Last),
        1 => (-1..2_i64).prop_map(Counts::Everywhere),
        2 => Just(Counts::Everywhere(0)),
    ];
    (vec(0..4_i64, 1..6), kinds, counts).prop_map(|(sizes, kinds, counts)| {
        let total: i64 = sizes.iter().sum();
        let mut first = 0;
        let mut pages = Vec::new();
        for (number, size) in sizes.iter().enumerate() {
            let items: Vec<i64> = (first..first + size).collect();
            first += size;
            let next = match kinds[number % 2] {
                0 => Next::Skip(first),
                1 => Next::Token(number),
                _ => Next::Both(first),
            };
            let is_last = number + 1 == sizes.len();
            let count = match counts {
                Counts::First(more) if number == 0 => Some(total + more),
                Counts::Last(more) if is_last => Some(total + more),
                Counts::Everywhere(more) => Some(total + more),
                _ => None,
            };
            pages.push(Page {
                items,
                next: (!is_last).then_some(next),
                count: count.filter(|count| *count >= 0),
            });
        }
        pages
    })
}

fn damage() -> impl Strategy<Value = Damage> {
    let page = 0..6_usize;
    prop_oneof![
        2 => Just(Damage::Nothing),
        3 => page.clone().prop_map(Damage::Lost),
        1 => page.clone().prop_map(Damage::Twice),
        2 => page.clone().prop_map(Damage::Again),
        1 => page.clone().prop_map(Damage::Ends),
        2 => (page.clone(), -2..3_i64).prop_map(|(page, by)| Damage::Skips(page, by)),
        1 => page.clone().prop_map(Damage::Circle),
        1 => page.prop_map(Damage::Overlaps),
    ]
}

fn damaged(mut pages: Vec<Page>, damage: Damage) -> Vec<Page> {
    let length = pages.len();
    match damage {
        Damage::Lost(page) if length > 1 => drop(pages.remove(page % length)),
        Damage::Twice(page) => pages.push(pages[page % length].clone()),
        Damage::Again(page) => {
            let mut again = pages[page % length].clone();
            again.next = again.next.map(|_| Next::Token(99));
            pages.push(again);
        }
        Damage::Ends(page) => pages[page % length].next = None,
        Damage::Skips(page, by) => {
            if let Some(Next::Skip(skip) | Next::Both(skip)) = &mut pages[page % length].next {
                *skip = (*skip + by).max(0);
            }
        }
        Damage::Circle(page) => pages[page % length].next = pages[0].next,
        Damage::Overlaps(page) => {
            let page = page % length;
            if let Some(before) = page.checked_sub(1).and_then(|before| pages[before].items.last().copied()) {
                pages[page].items.insert(0, before);
            }
        }
        Damage::Nothing | Damage::Lost(_) => {}
    }
    pages
}

/// Section 6, read from top to bottom.
fn verdict(pages: &[Page]) -> &'static str {
    // The same bytes again are read once.
    let mut seen = BTreeSet::new();
    let pages: Vec<&Page> = pages.iter().filter(|page| seen.insert(*page)).collect();
    let items: i64 = pages.iter().map(|page| size(page)).sum();
    let different = items - repeated(&pages);
    let links: Vec<Next> = pages.iter().filter_map(|page| page.next).collect();
    let ends = pages.len() - links.len();
    let counts: Vec<i64> = pages.iter().filter_map(|page| page.count).collect();
    let (is_gap, is_overlap) = offsets(&pages);
    let is_fewer = counts.iter().any(|count| items < *count || different < *count);
    if ends == 0 || is_gap || is_fewer {
        return "incomplete";
    }
    let is_link_twice = links.iter().collect::<BTreeSet<_>>().len() < links.len();
    if ends > 1 || is_overlap || is_link_twice || counts.iter().any(|count| items > *count) {
        return "suspicious";
    }
    if counts.is_empty() { "noGapFound" } else { "complete" }
}

fn size(page: &Page) -> i64 {
    i64::try_from(page.items.len()).expect("few")
}

/// The items of pages of more than one item that hold nothing but items of pages before: fetched again, they prove
/// nothing.
fn repeated(pages: &[&Page]) -> i64 {
    let mut before: BTreeSet<i64> = BTreeSet::new();
    let mut repeated = 0;
    for page in pages {
        if page.items.len() > 1 && page.items.iter().all(|item| before.contains(item)) {
            repeated += size(page);
        }
        before.extend(&page.items);
    }
    repeated
}

/// Whether a place before the largest offset is in no page, and whether one is in two or in front of the first.
fn offsets(pages: &[&Page]) -> (bool, bool) {
    let mut parts = Vec::new();
    for page in pages {
        match page.next {
            Some(Next::Skip(end) | Next::Both(end)) => parts.push((end - size(page), end)),
            Some(Next::Token(_)) => return (false, false),
            None => {}
        }
    }
    let last = parts.iter().map(|part| part.1).max().unwrap_or(0);
    let holds = |place: i64| parts.iter().filter(|(start, end)| (*start..*end).contains(&place)).count();
    // A page without items covers no place; inside another one it is out of its own all the same.
    let is_inside = |at: i64| parts.iter().any(|(start, end)| *start < at && at < *end);
    let is_astray = parts.iter().any(|(start, end)| *start < 0 || (start == end && is_inside(*start)));
    ((0..last).any(|place| holds(place) == 0), is_astray || (0..last).any(|place| holds(place) > 1))
}

fn text(page: &Page, number_is_text: bool) -> String {
    let url =
        "https://graph.microsoft.com/v1.0/directory/recovery/snapshots/s/recoveryPreviewJobs/j/getChanges";
    let item = |number: &i64| json!({"id": format!("u{number}"), "recoveryAction": "update", "deltaFromCurrent": {"a": number}, "currentState": {"a": "x"}});
    let mut whole = json!({"@odata.context": url});
    whole["@odata.nextLink"] = match page.next {
        Some(Next::Skip(skip)) => json!(format!("{url}?$top=3&$skip={skip}")),
        Some(Next::Token(token)) => json!(format!("{url}?$skiptoken={token}")),
        Some(Next::Both(skip)) => json!(format!("{url}?$skip={skip}&$skiptoken=t{skip}")),
        // An empty link is none.
        None => json!(""),
    };
    if let Some(count) = page.count {
        whole["@odata.count"] = if number_is_text { json!(count.to_string()) } else { json!(count) };
    }
    whole["value"] = page.items.iter().map(item).collect();
    whole.to_string()
}

proptest! {
    #[test]
    fn a_chain_has_the_verdict_of_the_contract(
        whole in chain(),
        damages in vec(damage(), 1..3),
        turn in 0..6_usize,
        number_is_text: bool,
    ) {
        let mut pages = damages.into_iter().fold(whole, damaged);
        let turn = turn % pages.len();
        pages.rotate_left(turn);
        let files: BTreeMap<String, String> = (pages.iter().enumerate())
            .map(|(number, page)| (format!("{number}.json"), text(page, number_is_text)))
            .collect();
        let (_scene, root) = on_disk(&files);
        let export = survey(&[root]);
        let outputs = write(&report(&export), &[Format::SummaryJson], &Options::default());
        let summary: Value = serde_json::from_slice(&outputs[0].0).expect("the summary is JSON");
        let sets = summary["pageSets"].as_array().expect("page sets");
        prop_assert_eq!(sets.len(), 1);
        let expected = verdict(&pages);
        prop_assert_eq!(&sets[0]["verdict"], expected, "{}", sets[0]);
        // What is missing is a problem by the same name, and every object that is there is reported once.
        let named = summary["problems"].as_array().expect("problems").iter().any(|problem| problem["code"] == *expected);
        prop_assert_eq!(named, matches!(expected, "incomplete" | "suspicious"));
        let different: BTreeSet<&i64> = pages.iter().flat_map(|page| &page.items).collect();
        let objects = summary["totals"]["getChanges"]["objects"].as_u64().unwrap_or_default();
        prop_assert_eq!(objects, different.len() as u64);
    }
}
