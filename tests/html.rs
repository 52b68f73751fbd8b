//! `report.html`, read as a browser reads it: what is in it, in which order, and what can never be in it.

#[expect(dead_code, reason = "other test files use the rest of it")]
mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use entra_diff::render::{Format, Options};
use entra_diff::report::{self, Perspective, Report, TimeZone};
use scraper::{ElementRef, Html, Selector};
use sha2::{Digest as _, Sha256};

/// The page of the files in `folder`.
fn page_of(folder: &Path, options: report::Options) -> String {
    let export = support::survey(&[folder.to_owned()]);
    let report = Report::new(&export, options);
    let mut outputs = support::write(&report, &[Format::Html], &Options::default());
    String::from_utf8(outputs.remove(0).0).expect("the page is UTF-8")
}

fn samples(options: report::Options) -> String {
    page_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples"), options)
}

/// The page of one page of `getChanges` with these items.
fn planned(items: &[String]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (count, items) = (items.len(), items.join(","));
    let page = format!(
        r#"{{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#x/recoveryPreviewJobs/p/getChanges","@odata.count":{count},"value":[{items}]}}"#
    );
    std::fs::write(folder.path().join("1.json"), page).expect("a file can be written");
    page_of(folder.path(), report::Options::default())
}

fn select<'h>(page: &'h Html, selector: &str) -> Vec<ElementRef<'h>> {
    page.select(&Selector::parse(selector).expect("a selector")).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn texts(page: &Html, selector: &str) -> Vec<String> {
    select(page, selector).into_iter().map(text).collect()
}

#[test]
fn the_policy_allows_this_style_and_nothing_else() {
    let page = Html::parse_document(&samples(report::Options::default()));
    let policy = select(&page, "meta[http-equiv]")[0];
    let style: String = select(&page, "style")[0].text().collect();
    let hash = base64::prelude::BASE64_STANDARD.encode(Sha256::digest(style));
    assert_eq!(
        policy.attr("content"),
        Some(&*format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"))
    );
    let before: Vec<&str> =
        policy.prev_siblings().filter_map(|node| Some(node.value().as_element()?.name())).collect();
    assert_eq!(before, ["meta"], "only the encoding stands before the policy");
}

#[test]
fn nothing_is_loaded_and_nothing_runs() {
    let page = Html::parse_document(&samples(report::Options::default()));
    for element in select(&page, "*") {
        let name = element.value().name();
        let loads = ["script", "link", "img", "iframe", "object", "embed", "form", "base", "audio", "video"];
        assert!(!loads.contains(&name), "{name}");
        for (attribute, value) in element.value().attrs() {
            let known = [
                "aria-hidden",
                "aria-label",
                "charset",
                "class",
                "colspan",
                "content",
                "data-l",
                "href",
                "http-equiv",
                "id",
                "lang",
                "name",
                "scope",
            ];
            assert!(known.contains(&attribute), "{name} {attribute}");
            assert!(attribute != "href" || value.starts_with('#'), "{value}");
        }
    }
    let style = select(&page, "style")[0].inner_html();
    assert!(!style.contains("url(") && !style.contains("@import"));
}

#[test]
fn every_link_leads_to_a_place_of_the_page() {
    let page = Html::parse_document(&samples(report::Options::default()));
    let ids: Vec<&str> = select(&page, "[id]").iter().filter_map(|element| element.attr("id")).collect();
    let places: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(places.len(), ids.len(), "an id stands once");
    let links = select(&page, "a[href]");
    assert!(links.len() > 30);
    for link in links {
        let place = link.attr("href").and_then(|href| href.strip_prefix('#')).expect("a place");
        assert!(places.contains(place), "{place}");
    }
}

#[test]
fn the_parts_stand_in_the_order_of_their_weight() {
    let page = Html::parse_document(&samples(report::Options::default()));
    let ids: Vec<&str> = select(&page, "main > section").iter().filter_map(|part| part.attr("id")).collect();
    let expected = [
        "about",
        "numbers",
        "failures",
        "problems",
        "deadline",
        "limits",
        "changes",
        "signatures",
        "checks",
        "inputs",
        "exclusions",
        "notes",
    ];
    assert_eq!(ids, expected);
    assert!(texts(&page, "main > section")[0].contains("Every list that was saved is whole"));
}

#[test]
fn every_object_and_every_row_is_there() {
    let page = Html::parse_document(&samples(report::Options::default()));
    assert_eq!(select(&page, "table.rows > tbody").len(), 82 + 6);
    assert_eq!(select(&page, "table.rows > tbody > tr > th.p").len(), 144 + 7 + 6 + 1);
    assert_eq!(select(&page, "tbody.failed").len(), 12);
    let cells = texts(&page, ".matrix tfoot tr").join(" | ");
    assert_eq!(cells, "total601111826 | total426", "the matrices add up");
}

#[test]
fn the_names_that_are_traps_are_text() {
    let page = Html::parse_document(&samples(report::Options::default()));
    let names = texts(&page, ".name");
    assert!(names.iter().any(|name| name.starts_with("<img src=x onerror=")), "{names:?}");
    assert!(names.iter().any(|name| name.starts_with("=HYPERLINK(")), "{names:?}");
    assert!(select(&page, "bdi *").iter().all(|inner| matches!(inner.value().name(), "span" | "wbr")));
}

#[test]
fn the_operators_words_stand_marked_in_the_head() {
    let page = Html::parse_document(&samples(report::Options {
        title: Some("Night <b>of</b> 16\u{202e} November".to_owned()),
        organization: Some("Havlund".to_owned()),
        case_id: Some("IR-7".to_owned()),
        prepared_by: Some("Ana".to_owned()),
        ..report::Options::default()
    }));
    assert_eq!(texts(&page, "h1"), ["Night <b>of</b> 16⟨U+202E⟩ November"]);
    assert_eq!(texts(&page, "title"), ["Night <b>of</b> 16⟨U+202E⟩ November"]);
    assert_eq!(texts(&page, ".facts dd"), ["Havlund", "IR-7", "Ana"]);
    assert_eq!(texts(&page, ".mark"), ["stated by whoever made this report; it is not in the data"]);
}

#[test]
fn the_perspective_decides_which_direction_leads_and_leaves_none_out() {
    let of = |perspective| {
        Html::parse_document(&samples(report::Options { perspective, ..report::Options::default() }))
    };
    let (incident, recovery) = (of(Perspective::Incident), of(Perspective::Recovery));
    let heads = |page: &Html| texts(page, "table.rows thead tr:last-child th")[..5].to_vec();
    assert_eq!(
        heads(&incident),
        ["Property", "Backup value", "Current value", "Since the backup", "Recovery will"]
    );
    assert_eq!(
        heads(&recovery),
        ["Property", "Current value", "Backup value", "Recovery will", "Since the backup"]
    );
    let first = |page: &Html| texts(page, "table.rows > tbody > tr:nth-child(2)")[0].clone();
    assert_eq!(first(&incident), "accountEnabledfalsetrue ± modifiedset it back");
    assert_eq!(first(&recovery), "accountEnabledtruefalse ± set it backmodified");
    assert!(texts(&incident, "ins").iter().any(|item| item == "+ added +44 7700 900417"));
    assert!(texts(&recovery, "del").iter().any(|item| item == "− will be removed +44 7700 900417"));
}

#[test]
fn times_are_shown_in_the_zone_with_the_text_of_the_data_beside() {
    let zone = TimeZone::named("Europe/Copenhagen").expect("a zone");
    let page = samples(report::Options { time_zone: zone, ..report::Options::default() });
    let page = Html::parse_document(&page);
    let snapshot = &texts(&page, ".set dd")[0];
    assert_eq!(snapshot, "16 Nov 2026, 23:00:00 Europe/Copenhagen (UTC+01:00) 2026-11-16T22:00:00Z");
    let deadline = &texts(&page, "#deadline p")[0];
    assert!(deadline.contains("before 17 Dec 2026, 00:48:21 Europe/Copenhagen (UTC+01:00)"), "{deadline}");
    let first = &texts(&page, "#deadline p")[1];
    assert!(
        first.starts_with("conditionalAccessPolicy CA09")
            && first.ends_with("restore before 2026-12-16T23:48:21Z")
    );
}

#[test]
fn a_report_of_ten_changes_is_small() {
    let item = |number: usize| {
        format!(
            r#"{{"id":"{number}","entityTypeName":"user","displayName":"User {number}","recoveryAction":"update",
            "deltaFromCurrent":{{"city":"Oslo","otherMails":["a@example.com"],"state":null}},
            "currentState":{{"city":"Bergen","otherMails":["b@example.com"],"state":"Vestland"}}}}"#
        )
    };
    let page = planned(&(0..10).map(item).collect::<Vec<_>>());
    assert!(page.len() < 40_000, "{} bytes; 120,000 are allowed", page.len());
}

#[test]
fn a_large_report_shows_failures_and_the_first_of_each_group_and_says_so() {
    let item = |id: &str, kind: &str, rows: usize| {
        let members: Vec<String> = (0..rows).map(|row| format!(r#""p{row}":{row}"#)).collect();
        let members = members.join(",");
        format!(
            r#"{{"id":"{id}","entityTypeName":"{kind}","recoveryAction":"update","deltaFromCurrent":{{{members}}},"currentState":{{}}}}"#
        )
    };
    let mut items: Vec<String> = (0..3_000).map(|number| item(&format!("u{number}"), "user", 1)).collect();
    items.push(item("wide", "group", 900));
    items.push(item("policy", "conditionalAccessPolicy", 2));
    let page = planned(&items);
    let page = Html::parse_document(&page);
    let rows = select(&page, "th.p").len();
    assert_eq!(rows, 2_000);
    let told = texts(&page, ".selection");
    assert_eq!(
        told[0],
        "2,000 of 3,902 rows are shown here: the first objects of each group; the formats csv, xlsx and ndjson \
         have all of them."
    );
    assert_eq!(told[1], "1,798 of 3,000 objects are shown here");
    assert_eq!(
        texts(&page, "td.more"),
        [
            "700 more rows of this object are not shown here; the formats csv, xlsx and ndjson have all of them"
        ]
    );
    assert_eq!(texts(&page, ".group h5").len(), 3, "every group has its first object");
}

/// What cannot be checked by looking at one page: no template has a place where text could be more than text.
#[test]
fn templates_have_no_place_for_data_but_text() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let paths = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let templates: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "html")).collect();
    assert!(templates.len() >= 4);
    for path in templates {
        let template = std::fs::read_to_string(&path).expect("a template");
        for forbidden in ["={{", "='{{", "|safe", "| safe", "<script", " style=", " on", "javascript:"] {
            let found = template.lines().find(|line| {
                line.contains(forbidden)
                    && !(forbidden == " on" && !line.contains("on=") && !line.contains("onclick"))
            });
            assert_eq!(found, None, "{}: {forbidden}", path.display());
        }
    }
}
