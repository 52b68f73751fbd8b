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

/// A line of the matrix, pages that are one set, the exit code, the verdict and how its reason begins.
type Case = (u32, Vec<String>, i32, &'static str, &'static str);

fn nothing_missing() -> Vec<Case> {
    let (skip2, skip4) = (middle(0, "$skip=2"), middle(2, "$skip=4"));
    let (token, other) = (middle(0, "$skiptoken=a"), middle(2, "$skiptoken=b"));
    let five = counted(&skip2, "5");
    let of = |line, verdict, reason, pages: Vec<&str>| {
        (line, pages.into_iter().map(str::to_owned).collect(), 0, verdict, reason)
    };
    let (last, three) = (end(4), counted(&skip2, "\"3\""));
    let no_gap = "every link is consistent and there is one last page";
    let all = "as many items as @odata.count says (5)";
    vec![
        of(49, "complete", all, vec![&five, &skip4, &last]),
        of(49, "complete", all, vec![&last, &skip4, &five]),
        of(49, "complete", "as many items as @odata.count says (3)", vec![&three, &end(2)]),
        of(52, "noGapFound", no_gap, vec![&skip2, &skip4, &last]),
        of(52, "noGapFound", no_gap, vec![&token, &other, &last]),
        of(52, "noGapFound", no_gap, vec![&token, &skip4, &last]),
    ]
}

fn something_missing() -> Vec<Case> {
    let (five, skip4) = (counted(&middle(0, "$skip=2"), "5"), middle(2, "$skip=4"));
    let four = failed(&slices(&items(0, 4))).replace(r#""@odata.count":4"#, r#""@odata.count":5"#);
    let three = counted(&last(&slices(&items(0, 3))), "2");
    let of = |line, verdict, reason, pages| (line, pages, 3, verdict, reason);
    let no_last = "every page links to a next one: the last page is missing";
    let mixed = "2 pages have no nextLink: pages of several runs are mixed";
    let gap = vec![five.clone(), middle(4, "$skip=6"), end(6)];
    vec![
        of(50, "incomplete", "no page holds the items 2 to 3 (offsets)", gap),
        of(50, "incomplete", "no page holds the items 0 to 1 (offsets)", vec![skip4.clone(), end(4)]),
        of(51, "incomplete", no_last, vec![five, skip4]),
        of(56, "suspicious", mixed, vec![end(0), end(1)]),
        of(57, "incomplete", "4 items are there, and @odata.count says 5", vec![four]),
        of(57, "suspicious", "3 items are there, and @odata.count says only 2", vec![three]),
    ]
}

#[test]
fn each_verdict_stands_in_the_summary_with_its_reason_and_its_exit_code() {
    let cases = [nothing_missing(), something_missing()].concat();
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
    assert!(
        told.ended.out.contains("leads to another host than its @odata.context: evil.example. "),
        "{}",
        told.ended
    );
    assert!(page.contains("leads to another host than its @odata.context: "), "{page}");
    assert!(!page.contains("href=\"http") && !page.contains("src=\"http"), "{page}");
}
