//! Are all pages there? Each verdict with its exit code, and in words.

use super::scene::{ANA, Scene};

/// A page of `items` users, numbered from `first`, with these other members.
fn part(first: usize, items: usize, members: &str) -> String {
    let users: Vec<String> = (first..first + items).map(|id| ANA.replace("Ana-1", &id.to_string())).collect();
    format!(r#"{{{members}"value":[{}]}}"#, users.join(","))
}

fn link(query: &str) -> String {
    format!(r#""@odata.nextLink":"https://x/getChanges?{query}","#)
}

/// The exit code and the sentence of a folder of these pages.
fn verdict(pages: &[String]) -> (Option<i32>, String) {
    let names: Vec<String> = (1..=pages.len()).map(|number| format!("getChanges/{number}.json")).collect();
    let files: Vec<(&str, &String)> = names.iter().map(String::as_str).zip(pages).collect();
    let ended = Scene::of(&files).run(&["summary", "getChanges"]);
    let sentence = ended.out.lines().find_map(|line| line.strip_prefix("  getChanges: "));
    (ended.code, sentence.unwrap_or_else(|| panic!("no verdict: {ended}")).to_owned())
}

const NO_GAP: &str = "no gap found: every link is consistent and there is one last page; a page that nothing refers \
    to could be missing unseen";

/// A whole answer in pages of two, with offsets and without a count.
fn chain() -> [String; 3] {
    [part(0, 2, &link("$top=2&$skip=2")), part(2, 2, &link("$top=2&$skip=4")), part(4, 1, "")]
}

fn count(count: usize) -> String {
    format!(r#""@odata.count":{count},"#)
}

#[track_caller]
fn assert_verdicts(code: i32, cases: &[(&[String], &str)]) {
    for (pages, sentence) in cases {
        assert_eq!(verdict(pages), (Some(code), (*sentence).to_owned()), "{pages:?}");
    }
}

#[test]
fn pages_that_nothing_speaks_against_end_with_0_and_say_what_that_rests_on() {
    let (one, other) = (link("$skiptoken=a"), link("$skiptoken=b"));
    let no_gap = format!("3 pages, 5 items: {NO_GAP}");
    assert_verdicts(
        0,
        &[
            (&chain(), &no_gap),
            (&[part(0, 2, &one), part(2, 2, &other), part(4, 1, "")], &no_gap),
            (
                &[part(0, 2, &format!("{one}{}", count(3))), part(2, 1, "")],
                "2 pages, 3 items: complete: as many items as @odata.count says (3)",
            ),
            (
                &[part(0, 1, r#""@odata.count":"1","#)],
                "1 page, 1 item: complete: as many items as @odata.count says (1)",
            ),
            (
                &[format!("[{ANA}]")],
                "1 page, 1 item: cannot be checked: the items stand without a page around them, so there is no link \
                 or count to check",
            ),
        ],
    );
}

#[test]
fn pages_that_lack_something_end_with_3_and_say_what() {
    let [first, middle, last] = chain();
    assert_verdicts(
        3,
        &[
            (
                &[first.clone(), middle.clone()],
                "2 pages, 4 items: INCOMPLETE: every page links to a next one: the last page is missing",
            ),
            (
                &[middle, last.clone()],
                "2 pages, 3 items: INCOMPLETE: no page holds the items 0 to 1 (offsets)",
            ),
            (
                &[first, part(4, 2, &link("$skip=6")), part(6, 1, "")],
                "3 pages, 5 items: INCOMPLETE: no page holds the items 2 to 3 (offsets)",
            ),
            (
                &[part(0, 2, &count(3))],
                "1 page, 2 items: INCOMPLETE: 2 items are there, and @odata.count says 3",
            ),
            (
                // The page between was not saved, but the first one twice, each time with another link.
                &[
                    part(0, 2, &format!("{}{}", count(5), link("$skiptoken=a"))),
                    part(0, 2, &link("$skiptoken=b")),
                    part(4, 1, ""),
                ],
                "3 pages, 5 items: INCOMPLETE: 3 different items are there, and @odata.count says 5; the others are \
                 the same again",
            ),
        ],
    );
}

#[test]
fn pages_that_contradict_each_other_end_with_3_and_say_how() {
    let [first, _, last] = chain();
    let token = link("$skiptoken=a");
    assert_verdicts(
        3,
        &[
            (
                &[part(0, 2, &count(1))],
                "1 page, 2 items: SUSPICIOUS: 2 items are there, and @odata.count says only 1",
            ),
            (
                &[last.clone(), part(7, 1, "")],
                "2 pages, 2 items: SUSPICIOUS: 2 pages have no nextLink: pages of several runs are mixed",
            ),
            (
                &[first, part(2, 2, &link("$skip=3")), last.clone()],
                "3 pages, 5 items: SUSPICIOUS: more than one page holds the item at offset 1",
            ),
            (
                &[part(0, 1, &token), part(1, 1, &token), last],
                "3 pages, 3 items: SUSPICIOUS: two pages link to the same next page",
            ),
        ],
    );
}

#[test]
fn a_page_saved_twice_counts_once() {
    let page = part(0, 2, "");
    let scene = Scene::of(&[("getChanges/1.json", &page), ("getChanges/1 (copy).json", &page)]);
    scene.run(&["summary", "getChanges"]).tells(
        0,
        &["Planned changes (getChanges): 2 objects", "  getChanges: 1 page, 2 items: no gap found: "],
        &["duplicatePage: this is byte for byte the same as 1"],
    );
}
