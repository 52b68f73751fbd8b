//! `report.html`, read as a browser reads it: what is in it, in which order, and what can never be in it.

#[expect(dead_code, reason = "other test files use the rest of it")]
mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use entra_diff::render::{Format, Options};
use entra_diff::report::{self, Perspective, Report, TimeZone, wording};
use scraper::{ElementRef, Html, Selector};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// The page of the files in `folder`.
fn page_of(folder: &Path, options: report::Options) -> String {
    page_with(folder, options, &Options::default())
}

/// The page of the files in `folder`, written with these options.
fn page_with(folder: &Path, options: report::Options, writing: &Options) -> String {
    let export = support::survey(&[folder.to_owned()]);
    let report = Report::new(&export, options);
    let mut outputs = support::write(&report, &[Format::Html], writing);
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

/// The page of one backup's planned and failed changes.
fn joined(planned: &[Value], failed: &[Value], perspective: Perspective) -> Html {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let jobs = [("recoveryPreviewJobs/p/getChanges", planned), ("recoveryJobs/r/getFailedChanges", failed)];
    for (number, (path, items)) in jobs.into_iter().enumerate().filter(|(_, (_, items))| !items.is_empty()) {
        let snapshots = "https://graph.microsoft.com/v1.0/$metadata#directory/recovery/snapshots";
        let context = format!("{snapshots}/MTc4NTE4OTYwMA==/{path}");
        let page = json!({"@odata.context": context, "@odata.count": items.len(), "value": items});
        std::fs::write(folder.path().join(format!("{number}.json")), page.to_string())
            .expect("a file can be written");
    }
    let options = report::Options { perspective, ..report::Options::default() };
    Html::parse_document(&page_of(folder.path(), options))
}

/// An update of an object of this type with these sides.
fn update(id: &str, kind: &str, backup: &Value, current: &Value) -> Value {
    json!({"id": id, "entityTypeName": kind, "displayName": format!("{kind} {id}"), "recoveryAction": "update",
        "deltaFromCurrent": backup, "currentState": current})
}

/// An update of one property.
fn small(id: &str, kind: &str) -> Value {
    update(id, kind, &json!({"a": 1}), &json!({"a": 2}))
}

/// The same, failed.
fn small_failed(id: &str, kind: &str) -> Value {
    let mut item = small(id, kind);
    item["failureMessage"] = json!("Insufficient privileges.");
    item
}

/// Every link of the page leads to an id that is in it.
fn assert_no_dead_link(page: &Html) {
    let places: BTreeSet<&str> =
        select(page, "[id]").iter().filter_map(|element| element.attr("id")).collect();
    for link in select(page, "a[href]") {
        let place = link.attr("href").and_then(|href| href.strip_prefix('#')).expect("a place");
        assert!(places.contains(place), "{place} is not in the page: {}", text(link));
    }
}

/// The texts at `selector` in the part of the page that has `title`.
fn in_part(page: &Html, title: &str, selector: &str) -> Vec<String> {
    let heading = Selector::parse("h3").expect("a selector");
    let parts = select(page, ".part");
    let mut parts =
        parts.into_iter().filter(|part| part.select(&heading).map(text).collect::<String>() == title);
    let part = parts.next().unwrap_or_else(|| panic!("no part {title}"));
    part.select(&Selector::parse(selector).expect("a selector")).map(text).collect()
}

/// The cells of the row of a property: its words, and the class of the one with the sign.
fn row(page: &Html, property: &str) -> (Vec<String>, String) {
    let rows = select(page, "table.rows > tbody > tr");
    let head = Selector::parse("th.p").expect("a selector");
    let cell = Selector::parse("td").expect("a selector");
    let is_meant =
        |row: &ElementRef<'_>| row.select(&head).map(text).collect::<String>().starts_with(property);
    let row = rows.into_iter().find(is_meant).unwrap_or_else(|| panic!("no row {property}"));
    let class = row.select(&cell).nth(2).and_then(|cell| cell.attr("class")).expect("a class").to_owned();
    (row.select(&cell).map(text).collect(), class)
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
fn the_policy_allows_this_style_and_this_script_and_nothing_else() {
    let page = Html::parse_document(&samples(report::Options::default()));
    let policy = select(&page, "meta[http-equiv]")[0];
    let hash = |selector: &str| {
        let text: String = select(&page, selector)[0].text().collect();
        base64::prelude::BASE64_STANDARD.encode(Sha256::digest(text))
    };
    let (style, script) = (hash("style"), hash("script:not([type])"));
    assert_eq!(
        policy.attr("content"),
        Some(&*format!(
            "default-src 'none'; script-src 'sha256-{script}'; require-trusted-types-for 'script'; trusted-types \
             'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
        ))
    );
    let other = Html::parse_document(&planned(&[update("1", "user", &json!("a"), &json!("b")).to_string()]));
    let text = |page: &Html| select(page, "script:not([type])")[0].inner_html();
    assert_eq!(text(&page), text(&other), "the script is the same in every report");
    let empty = planned(&[]);
    assert!(!empty.contains("<script") && !empty.contains("script-src"), "nothing to explore, nothing runs");
    let before: Vec<&str> =
        policy.prev_siblings().filter_map(|node| Some(node.value().as_element()?.name())).collect();
    assert_eq!(before, ["meta"], "only the encoding stands before the policy");
}

#[test]
fn nothing_is_loaded_and_one_script_runs() {
    let page = Html::parse_document(&samples(report::Options::default()));
    for element in select(&page, "*") {
        let name = element.value().name();
        let loads = ["link", "img", "iframe", "object", "embed", "form", "base", "audio", "video"];
        assert!(!loads.contains(&name), "{name}");
        for (attribute, value) in element.value().attrs() {
            let known = [
                "aria-hidden",
                "aria-label",
                "aria-labelledby",
                "charset",
                "class",
                "colspan",
                "content",
                "d",
                "data-l",
                "hidden",
                "height",
                "href",
                "http-equiv",
                "id",
                "lang",
                "name",
                "role",
                "scope",
                "tabindex",
                "type",
                "viewBox",
                "width",
                "x",
                "y",
            ];
            assert!(known.contains(&attribute), "{name} {attribute}");
            assert!(attribute != "href" || value.starts_with('#'), "{value}");
        }
    }
    let style = select(&page, "style")[0].inner_html();
    assert!(!style.contains("url(") && !style.contains("@import"));
    assert_eq!(select(&page, "script:not([type])").len(), 1);
    let inert = select(&page, "script[type]");
    let is_inert = |script: &&ElementRef<'_>| {
        matches!(script.attr("type"), Some("application/octet-stream" | "application/json"))
    };
    assert!(inert.len() == 3 && inert.iter().all(|script| is_inert(&script)), "two of data, one of words");
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
        "first",
        "about",
        "numbers",
        "failures",
        "problems",
        "deadline",
        "limits",
        "changes",
        "signatures",
        "evidence",
        "checks",
        "inputs",
        "exclusions",
        "notes",
    ];
    assert_eq!(ids, expected);
    assert!(texts(&page, "main > section")[0].contains("Every list that was saved is proved to be whole"));
}

/// What is told first.
fn first(page: &Html) -> Vec<String> {
    texts(page, "#first li")
}

#[test]
fn what_decides_about_access_is_told_first_and_users_last() {
    let kinds = [
        "user",
        "group",
        "organization",
        "appRoleAssignment",
        "oAuth2PermissionGrant",
        "servicePrincipal",
        "application",
        "zebra",
        "authorizationPolicy",
        "conditionalAccessPolicy",
    ];
    let items: Vec<Value> = kinds.iter().map(|kind| small("1", kind)).collect();
    let page = joined(&items, &[], Perspective::Incident);
    let told = first(&page);
    assert_eq!(
        told[0],
        "Since the backup, one property of the conditional access policy conditionalAccessPolicy 1 was changed (a)."
    );
    let names = texts(&page, "#first li a");
    let expected = [
        "conditionalAccessPolicy 1",
        "authorizationPolicy 1",
        "application 1",
        "servicePrincipal 1",
        "oAuth2PermissionGrant 1",
        "appRoleAssignment 1",
        "organization 1",
        "zebra 1",
        "user 1",
        "group 1",
    ];
    assert_eq!(names, expected);
    assert_eq!(texts(&page, "#first .more").len(), 1, "nothing is left");
    let recovery = first(&joined(&items, &[], Perspective::Recovery));
    assert_eq!(recovery[9], "Recovery will set one property of the group group 1 back (a).");
    assert_no_dead_link(&page);
}

#[test]
fn twelve_changes_are_told_first_the_others_are_counted_and_no_link_is_dead() {
    let kinds = ["user", "application", "conditionalAccessPolicy"];
    let items: Vec<Value> = (0..3_000).map(|number| small(&format!("{number}"), kinds[number % 3])).collect();
    let page = joined(&items, &[], Perspective::Incident);
    assert_eq!(first(&page).len(), 12);
    assert_eq!(
        texts(&page, "#first .more")[0],
        "2,988 more changes are not told here: 994 of conditionalAccessPolicy, 994 of application and 1,000 of user."
    );
    assert_no_dead_link(&page);
    // Where the page has no room for an object, its name stands without a link.
    let wide: Value = (0..250).map(|key| (format!("p{key:03}"), json!(key))).collect();
    let wide: Vec<Value> =
        (0..30).map(|number| update(&format!("{number}"), "application", &wide, &json!({}))).collect();
    let page = joined(&wide, &[], Perspective::Incident);
    let links = select(&page, "#first li a").len();
    assert!((1..12).contains(&links), "{links}");
    assert_eq!(select(&page, "#first li > b").len(), 12 - links);
    assert_no_dead_link(&page);
}

#[test]
fn what_is_told_first_stands_in_the_other_perspective_too_where_nothing_shows_it() {
    let items = [small("1", "user"), small("2", "conditionalAccessPolicy")];
    let perspectives = [Perspective::Incident, Perspective::Recovery];
    let pages = perspectives.map(|perspective| joined(&items, &[], perspective));
    for (page, other) in pages.iter().zip(pages.iter().rev()) {
        assert_eq!(first(page).len(), 2, "what a template holds is no part of the page");
        let template = select(page, "#first > template")[0].html();
        let turned = Html::parse_fragment(&template.replace("template>", "section>"));
        assert_eq!(texts(&turned, "li"), first(other));
        assert_eq!(select(&turned, "ol.first").len(), 1);
    }
}

#[test]
fn a_change_that_failed_is_told_once() {
    let planned = [small("1", "application"), small("2", "application")];
    let page = joined(&planned, &[small_failed("1", "application")], Perspective::Incident);
    let change = |id: u8| {
        format!("Since the backup, one property of the application application {id} was changed (a)")
    };
    assert_eq!(
        first(&page),
        [
            format!("{}; recovery tried to undo this and failed: missing privileges.", change(1)),
            format!("{}.", change(2)),
        ]
    );
    assert_eq!(select(&page, "#first .failed").len(), 1);
    let page = joined(&[], &[small_failed("1", "application")], Perspective::Recovery);
    assert_eq!(
        first(&page),
        [
            "Recovery was to set one property of the application application 1 back (a); it failed: missing privileges."
        ]
    );
}

#[test]
fn hostile_names_are_text_in_sentences_and_in_drawings() {
    let hostile = "</title></svg><script>alert(1)</script><b>\u{202e}\" onload=\"x";
    let mut item = update("1", hostile, &json!({"<i>": "<u>"}), &json!({"<i>": "x"}));
    item["displayName"] = json!("<img src=x>");
    let mut strange = item.clone();
    strange["recoveryAction"] = json!("</text><a href=x>");
    let mut grant = update("2", "oAuth2PermissionGrant", &json!({"scope": "a"}), &json!({"scope": "a <s>"}));
    grant["displayName"] = json!("<h1>");
    let page = joined(&[item, strange, grant], &[], Perspective::Incident);
    for strange in [
        "script:not([type]) ~ script",
        "#first script",
        "#numbers script",
        "#changes script",
        "img",
        "i",
        "u",
        "s",
        "h1 h1",
        "svg a",
        "#first h1",
        "#numbers b bdi",
    ] {
        assert_eq!(select(&page, strange).len(), 0, "{strange}");
    }
    let told = first(&page);
    assert_eq!(told[0], "Since the backup, “<s>” was added to the permissions of the permission grant <h1>.");
    assert!(
        told[1].contains("object of type “</title></svg><script>alert(1)</script><b>⟨U+202E⟩\" onload"),
        "{told:?}"
    );
    assert!(told[1].contains("<img src=x> was changed (<i>)."), "{told:?}");
    let labels = texts(&page, "svg text");
    assert!(labels.iter().any(|label| label == "</title></svg><script>alert(…"), "{labels:?}");
    assert!(labels.iter().any(|label| label == "</text><a href…"), "{labels:?}");
}

#[test]
fn the_drawing_has_the_numbers_of_the_table() {
    let page = Html::parse_document(&samples(report::Options::default()));
    let drawings = select(&page, "svg[role=img]");
    assert_eq!(drawings.len(), 2);
    for (drawing, table) in drawings.iter().zip(select(&page, "table.matrix")) {
        let of = |element: &ElementRef<'_>, selector: &str| -> Vec<String> {
            element.select(&Selector::parse(selector).expect("a selector")).map(text).collect()
        };
        let counts = of(drawing, "text.n");
        assert_eq!(counts, of(&table, "tbody td.n:not(.sum) a"), "each count beside its bar");
        assert_eq!(of(drawing, "rect").len(), counts.len());
        assert!(counts.len() <= 60, "{} bars", counts.len());
        let named: Vec<&str> = drawing.attr("aria-labelledby").unwrap_or_default().split(' ').collect();
        let parts = [of(drawing, &format!("title#{}", named[0])), of(drawing, &format!("desc#{}", named[1]))];
        assert!(parts.iter().all(|part| part.len() == 1 && !part[0].is_empty()), "{parts:?}");
    }
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
    assert_eq!(texts(&page, "head > title"), ["Night <b>of</b> 16⟨U+202E⟩ November"]);
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
    assert!(page.len() < 110_000, "{} bytes; 120,000 are allowed", page.len());
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

const PLANNED: &str = "Planned changes (getChanges)";
const FAILED: &str = "Failed changes (getFailedChanges)";

#[test]
fn a_large_report_shows_every_failed_change_that_has_room() {
    // So many groups that their first objects alone would not come to the last failed one.
    let kind = |number: usize| format!("kind{:02}", number % 60);
    let mut planned: Vec<Value> =
        (0..3_000).map(|number| small(&format!("u{number}"), &kind(number))).collect();
    let wide: Value = (0..250).map(|key| (format!("p{key:03}"), json!(key))).collect();
    planned.push(update("wide", "conditionalAccessPolicy", &wide, &json!({})));
    let failed: Vec<Value> =
        (0..40).map(|number| small_failed(&format!("u{}", number * 60), &kind(0))).collect();
    let page = joined(&planned, &failed, Perspective::Incident);
    let told = texts(&page, ".selection");
    assert_eq!(
        told[0],
        "2,000 of 3,290 rows are shown here: the first objects of each group and the failed changes; the formats \
         csv, xlsx and ndjson have all of them."
    );
    assert_eq!(texts(&page, ".verdict p").iter().filter(|line| **line == told[0]).count(), 1);
    assert_eq!(select(&page, "th.p").len(), 2_000);
    let ids: BTreeSet<String> = in_part(&page, FAILED, ".object .id").into_iter().collect();
    assert_eq!(ids, (0..40).map(|number| format!("u{}", number * 60)).collect());
    assert_eq!(in_part(&page, FAILED, ".selection"), Vec::<String>::new(), "nothing of it is left out");
    let first = |group: usize| format!("u{group}");
    let planned_ids: BTreeSet<String> = in_part(&page, PLANNED, ".object .id").into_iter().collect();
    assert!((0..60).all(|group| planned_ids.contains(&first(group))), "every group has its first object");
    assert_eq!(texts(&page, ".group h5").len(), 60 + 1 + 1);
    assert_eq!(
        texts(&page, "td.more"),
        ["50 more rows of this object are not shown here; the formats csv, xlsx and ndjson have all of them"]
    );
    assert_eq!(select(&page, ".matrix td a[href]").len(), 60 + 1 + 1);
    assert_eq!(select(&page, "#failures td a[href]").len(), 5, "the examples are in the page");
    assert_no_dead_link(&page);
}

#[test]
fn a_page_without_room_for_all_groups_and_failures_says_how_many_it_has() {
    let planned: Vec<Value> =
        (0..2_400).map(|number| small(&format!("p{number}"), &format!("kind{number:04}"))).collect();
    let failed = |kind: &'static str, count: usize| {
        (0..count).map(move |number| small_failed(&format!("{kind}{number}"), kind))
    };
    let mut failed: Vec<Value> = failed("user", 600).chain(failed("zebra", 10)).collect();
    for zebra in &mut failed[600..] {
        zebra["failureMessage"] = json!("Quota exceeded.");
    }
    let page = joined(&planned, &failed, Perspective::Incident);
    let told = texts(&page, ".selection");
    assert_eq!(
        told[0],
        "2,000 of 3,010 rows are shown here: the first objects of 1,501 of 2,402 groups and 500 of 610 failed \
         changes; the formats csv, xlsx and ndjson have all of them."
    );
    assert_eq!(select(&page, "th.p").len(), 2_000);
    assert_eq!(select(&page, ".group").len(), 1_501);
    assert_eq!(in_part(&page, FAILED, ".object .id").len(), 500);
    let left_out = "more group is not shown here; the formats csv, xlsx and ndjson have all of them";
    assert_eq!(
        in_part(&page, FAILED, ".selection"),
        [&format!("1 {left_out}"), "500 of 600 objects are shown here"]
    );
    assert_eq!(
        in_part(&page, PLANNED, ".selection"),
        ["900 more groups are not shown here; the formats csv, xlsx and ndjson have all of them"]
    );
    let lines = texts(&page, ".matrix tbody tr");
    assert!(lines.iter().any(|line| line.starts_with("zebra")), "the matrix has what the page has not");
    assert_eq!(select(&page, ".matrix td a[href]").len(), 100 + 1, "each type that has a line and is shown");
    let reasons = texts(&page, "#failures tbody tr");
    assert!(reasons[1].contains("Quota exceeded.") && reasons[1].contains("zebra zebra0"), "{reasons:?}");
    assert_eq!(select(&page, "#failures tbody a[href]").len(), 5, "examples that are shown, and no other");
    assert_no_dead_link(&page);
}

#[test]
fn a_page_of_long_values_stays_below_its_limit_and_says_what_it_leaves_out() {
    let long = |end: &str| format!("{}{end}", "&".repeat(2_000));
    let (backup, current) = (json!({"a": long("old")}), json!({"a": long("new")}));
    let items: Vec<String> =
        (0..600).map(|number| update(&format!("{number}"), "user", &backup, &current).to_string()).collect();
    let page = planned(&items);
    assert!((7_000_000..9_000_000).contains(&page.len()), "{} bytes", page.len());
    let page = Html::parse_document(&page);
    let shown = select(&page, "th.p").len();
    let told = texts(&page, ".selection");
    let sentence = format!("{shown} of 600 rows are shown here: the first objects of each group; ");
    assert!(shown < 600 && told[0].starts_with(&sentence), "{shown}: {}", told[0]);
    assert_eq!(told[1], format!("{shown} of 600 objects are shown here"));
}

#[test]
fn the_last_object_of_a_page_of_long_values_is_cut_where_the_page_is_full() {
    let side = |end: &str| -> Value {
        let value = format!("{}{end}", "&".repeat(2_040));
        (0..180).map(|key| (format!("p{key:03}"), json!(value))).collect()
    };
    let (backup, current) = (side("old"), side("new"));
    let items = ["1", "2", "3"].map(|id| update(id, "user", &backup, &current).to_string());
    let page = planned(&items);
    assert!((7_000_000..9_000_000).contains(&page.len()), "{} bytes", page.len());
    let page = Html::parse_document(&page);
    let shown = select(&page, "th.p").len();
    let more = texts(&page, "td.more");
    let sentence = format!("{} more rows of this object are not shown here; ", 3 * 180 - shown);
    assert!(more.len() == 1 && more[0].starts_with(&sentence), "{shown}: {more:?}");
    assert!(texts(&page, ".selection")[0].starts_with(&format!("{shown} of 540 rows are shown here")));
}

#[test]
fn what_the_data_does_not_tell_is_told_apart_from_no_value() {
    let mut alone = small("1", "user");
    alone["deltaFromCurrent"] = json!({"unknown": "Oslo"});
    alone.as_object_mut().expect("an object").remove("currentState");
    let nested = update("2", "user", &json!({"o": {"x": 1}}), &json!({"o": {"x": 2, "key": 3}}));
    let mut deleted =
        update("3", "user", &json!({"deletedDateTime": "2026-11-16T22:00:00Z"}), &json!({"x": 1}));
    deleted["recoveryAction"] = json!("softDelete");
    let removed = update(
        "4",
        "group",
        &json!({"gone": "x", "owners@delta": [{"id": "9", "@removed": {"reason": "changed"}}]}),
        &json!({}),
    );
    let page = joined(&[alone, nested, deleted, removed], &[], Perspective::Incident);
    let sides = |property: &str| row(&page, property).0[..2].to_vec();
    assert_eq!(sides("unknown"), ["Oslo", "not in the data"], "currentStateMissing");
    assert_eq!(sides("o.key"), ["not in the data", "3"], "notInDelta");
    assert_eq!(sides("deletedDateTime"), ["2026-11-16T22:00:00Z", "no value"], "lifecycle");
    assert_eq!(sides("gone"), ["x", "no value"]);
    assert_eq!(sides("owners"), ["no link", "9"]);
}

#[test]
fn the_sign_and_the_colour_follow_the_words_that_lead() {
    let item = update(
        "1",
        "group",
        &json!({
            "removed": "x", "added": null, "modified": 1, "o": {},
            "members@delta": [{"id": "8"}], "owners@delta": [{"id": "9", "@removed": {"reason": "changed"}}],
        }),
        &json!({"added": "y", "modified": 2, "o": {"key": 3}}),
    );
    let told = |perspective| {
        let page = joined(std::slice::from_ref(&item), &[], perspective);
        ["removed", "added", "modified", "members", "owners"].map(|property| {
            let (cells, class) = row(&page, property);
            format!("{class}: {} | {}", cells[2], cells[3])
        })
    };
    assert_eq!(
        told(Perspective::Incident),
        [
            "goes: − removed | put it back",
            "comes: + added | clear it",
            "differs: ± modified | set it back",
            "goes: − removed | add the link back",
            "comes: + added | remove the link",
        ]
    );
    assert_eq!(
        told(Perspective::Recovery),
        [
            "comes: + put it back | removed",
            "goes: − clear it | added",
            "differs: ± set it back | modified",
            "comes: + add the link back | removed",
            "goes: − remove the link | added",
        ]
    );
}

#[test]
fn the_heading_of_an_action_leads_with_the_direction_that_was_asked_for() {
    let mut deleted = small("2", "user");
    deleted["recoveryAction"] = json!("softDelete");
    let items = [small("1", "user"), deleted];
    assert_eq!(
        texts(&joined(&items, &[], Perspective::Incident), "h4"),
        [
            "update modified since the backup recovery will set the values below back",
            "softDelete created or restored since the backup recovery will soft-delete it",
        ]
    );
    assert_eq!(
        texts(&joined(&items, &[], Perspective::Recovery), "h4"),
        [
            "update recovery will set the values below back modified since the backup",
            "softDelete recovery will soft-delete it created or restored since the backup",
        ]
    );
}

#[test]
fn errors_stand_before_warnings_and_many_of_a_kind_are_counted() {
    let mut items: Vec<String> = (0..60)
        .map(|number| {
            json!({"entityTypeName": "user", "displayName": number, "recoveryAction": "update"}).to_string()
        })
        .collect();
    items.push(r#""no object""#.to_owned());
    let page = Html::parse_document(&planned(&items));
    let severities = texts(&page, ".problems .badge");
    assert_eq!(severities[0], "error");
    assert_eq!(severities[1..], vec!["warning"; 50]);
    assert_eq!(texts(&page, "#problems .more"), ["unidentifiedObject: 10 more of this kind"]);
}

#[test]
fn long_collections_say_how_many_items_are_not_listed() {
    let numbers = |from: usize, to: usize| (from..to).map(|number| json!(format!("item {number}")));
    let common: Vec<Value> = numbers(0, 30).collect();
    let added: Vec<Value> = numbers(0, 30).chain(numbers(1_000, 1_250)).collect();
    let item = update("1", "user", &json!({"tags": common}), &json!({"tags": added}));
    let cuts = |perspective| texts(&joined(std::slice::from_ref(&item), &[], perspective), ".cut");
    assert_eq!(
        cuts(Perspective::Incident),
        ["and 10 more on both sides", "and 50 more added; and 10 more on both sides"]
    );
    assert_eq!(
        cuts(Perspective::Recovery),
        ["and 50 more will be removed; and 10 more on both sides", "and 10 more on both sides"]
    );
    let page = joined(&[item], &[], Perspective::Incident);
    assert_eq!(select(&page, "ins").len(), 200);
    assert_eq!(select(&page, "table.rows li").len(), 200 + 20 + 20);
}

#[test]
fn a_text_that_reads_like_words_of_the_page_tells_that_it_is_a_text() {
    let words = [
        "null",
        "no value",
        "no link",
        "not in the data",
        "empty text",
        "empty list",
        "(no id)",
        "14",
        "true",
    ];
    let side = |words: &[&str]| -> Value {
        words.iter().enumerate().map(|(key, word)| (format!("p{key}"), json!(word))).collect()
    };
    let plain = vec!["an ordinary text"; words.len()];
    let item = update("1", "user", &side(&words), &side(&plain));
    let page = joined(&[item], &[], Perspective::Incident);
    for (key, word) in words.iter().enumerate() {
        let (cells, _) = row(&page, &format!("p{key}"));
        assert_eq!(cells[..2], [format!("{word} text"), "an ordinary text".to_owned()]);
    }
}

#[test]
fn the_guard_of_the_csv_is_told_only_where_there_is_one() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    for csv_raw in [false, true] {
        let writing = Options { csv_raw, ..Options::default() };
        let page = Html::parse_document(&page_with(&folder, report::Options::default(), &writing));
        let notes = texts(&page, "#notes li");
        let has = |note: &str| notes.iter().any(|found| found == note);
        assert_eq!(has(wording::heading::GUARD_NOTE), !csv_raw, "{notes:?}");
        assert!(has(wording::heading::REDACTION_NOTE) && has(wording::heading::HIDDEN_NOTE), "{notes:?}");
    }
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

#[test]
fn page_sets_that_are_not_listed_are_counted_wherever_sets_stand() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for job in 0..53 {
        let page = format!(r#"{{"@odata.context":"x/recoveryPreviewJobs/j{job}/getChanges","value":[]}}"#);
        std::fs::write(folder.path().join(format!("{job}.json")), page).expect("a file can be written");
    }
    let page = Html::parse_document(&page_of(folder.path(), report::Options::default()));
    assert_eq!(select(&page, ".set").len(), 50);
    for part in ["#about", "#checks"] {
        assert_eq!(texts(&page, &format!("{part} > .more")), ["and 3 more sets of pages"], "{part}");
    }
}
