//! Lines 49 to 60 of the matrix: are all pages there? The sentences of each verdict are in `completeness`, generated
//! chains in the tests of laws; here is what stands of each in the summary.

use super::super::scene::failed;
use super::shape::{last, linked};
use super::{Told, ZOE, beside};

fn items(first: usize, number: usize) -> Vec<String> {
    (first..first + number).map(|id| ZOE.replace("Zoe-1", &format!("Z{id}"))).collect()
}

fn slices(items: &[String]) -> Vec<&str> {
    items.iter().map(String::as_str).collect()
}

/// A page of two items from `first` on that links to `query`.
fn middle(first: usize, query: &str) -> String {
    linked(&slices(&items(first, 2)), query)
}

fn end(first: usize) -> String {
    last(&slices(&items(first, 1)))
}

fn counted(page: &str, count: &str) -> String {
    page.replace(r#""value":"#, &format!(r#""@odata.count":{count},"value":"#))
}

/// Reports these pages, which are one set, beside Ana's.
fn told(pages: &[String]) -> Told {
    let names: Vec<String> = (1..=pages.len()).map(|number| format!("{number}.json")).collect();
    let files: Vec<(&str, &String)> = names.iter().map(String::as_str).zip(pages).collect();
    beside(&files)
}

#[test]
fn each_verdict_stands_in_the_summary_with_its_reason_and_its_exit_code() {
    let (skip2, skip4) = (middle(0, "$skip=2"), middle(2, "$skip=4"));
    let (token, other) = (middle(0, "$skiptoken=a"), middle(2, "$skiptoken=b"));
    let five = counted(&skip2, "5");
    let four = failed(&slices(&items(0, 4))).replace(r#""@odata.count":4"#, r#""@odata.count":5"#);
    let cases: [(u32, Vec<String>, i32, &str, &str); 12] = [
        (
            49,
            vec![five.clone(), skip4.clone(), end(4)],
            0,
            "complete",
            "as many items as @odata.count says (5)",
        ),
        (
            49,
            vec![end(4), skip4.clone(), five.clone()],
            0,
            "complete",
            "as many items as @odata.count says (5)",
        ),
        (49, vec![counted(&skip2, "\"3\""), end(2)], 0, "complete", "as many items as @odata.count says (3)"),
        (
            50,
            vec![five.clone(), middle(4, "$skip=6"), end(6)],
            3,
            "incomplete",
            "no page holds the items 2 to 3 (offsets)",
        ),
        (50, vec![skip4.clone(), end(4)], 3, "incomplete", "no page holds the items 0 to 1 (offsets)"),
        (
            51,
            vec![five, skip4.clone()],
            3,
            "incomplete",
            "every page links to a next one: the last page is missing",
        ),
        (
            52,
            vec![skip2, skip4.clone(), end(4)],
            0,
            "noGapFound",
            "every link is consistent and there is one last page",
        ),
        (
            52,
            vec![token, other, end(4)],
            0,
            "noGapFound",
            "every link is consistent and there is one last page",
        ),
        (
            52,
            vec![middle(0, "$skiptoken=a"), skip4, end(4)],
            0,
            "noGapFound",
            "every link is consistent and there is one last page",
        ),
        (
            56,
            vec![end(0), end(1)],
            3,
            "suspicious",
            "2 pages have no nextLink: pages of several runs are mixed",
        ),
        (57, vec![four], 3, "incomplete", "4 items are there, and @odata.count says 5"),
        (
            57,
            vec![counted(&last(&slices(&items(0, 3))), "2")],
            3,
            "suspicious",
            "3 items are there, and @odata.count says only 2",
        ),
    ];
    for (line, pages, code, verdict, reason) in cases {
        let told = told(&pages);
        let what = format!("line {line}: {verdict}");
        told.keeps_ana(&what);
        assert_eq!(told.ended.code, Some(code), "{what}: {}", told.ended);
        let set = &told.summary["pageSets"][1];
        assert_eq!(
            (&set["verdict"], &set["pages"]),
            (&verdict.into(), &pages.len().into()),
            "{what}: {}",
            told.ended
        );
        assert!(set["reason"].as_str().is_some_and(|told| told.starts_with(reason)), "{what}: {set:#}");
        // A verdict that says that something is missing is a problem, and no other one is.
        let problems: Vec<String> = if code == 0 { Vec::new() } else { vec![format!("{verdict} 1.json")] };
        assert_eq!(told.problems(), problems, "{what}: {}", told.ended);
        assert_eq!(told.ended.err.is_empty(), code == 0, "{what}: {}", told.ended);
        assert_eq!(told.ended.err.contains(reason), code == 3, "{what}: {}", told.ended);
        assert!(told.scene.read("out/report.html").contains(reason), "{what}");
        // Whatever the verdict, every item that is there is reported.
        let expected: usize = pages.iter().map(|page| page.matches("entityTypeName").count()).sum();
        assert_eq!(told.changes.len(), 1 + expected, "{what}");
    }
}

/// Line 55: the same bytes by another name are one page.
#[test]
fn a_page_that_was_saved_twice_changes_no_total() {
    let page = failed(&[ZOE]);
    let told = beside(&[("1.json", &page), ("1 (copy).json", &page), ("other.json", &page)]);
    told.keeps_ana("line 55");
    let of = |file: &str| {
        format!(
            "{file}: duplicatePage: this is byte for byte the same as 1 (copy).json and is read once: nothing, if the page was \
             saved twice\n"
        )
    };
    let err = [of("1.json"), of("other.json")].concat();
    assert_eq!((told.ended.code, told.ended.err.as_str()), (Some(0), err.as_str()), "{}", told.ended);
    assert_eq!(told.ids(), ["Ana-1", "Zoe-1"]);
    assert_eq!(told.summary["totals"]["getFailedChanges"]["objects"], 1);
    assert_eq!(told.verdicts("getFailedChanges"), ["complete"]);
    for file in ["1.json", "1 (copy).json", "other.json"] {
        assert_eq!(told.input(file)["bytes"], page.len());
    }
}

/// Line 60: a link that leads elsewhere is a link; it is not followed, and no browser can follow it from the report.
#[test]
fn a_link_to_another_host_is_never_made_a_link_of_the_report() {
    let evil =
        middle(0, "$skiptoken=a").replace("https://graph.microsoft.com/v1.0/get", "http://evil.example/get");
    let told = told(&[evil, end(2)]);
    told.keeps_ana("line 60");
    assert_eq!((told.ended.code, told.ended.err.as_str()), (Some(0), ""), "{}", told.ended);
    assert_eq!(told.verdicts("getFailedChanges"), ["noGapFound"]);
    let page = told.scene.read("out/report.html");
    assert!(!page.contains("href=\"http") && !page.contains("src=\"http"), "{page}");
}
