//! What the index tells, and that whatever stands in a name is text in every format of it.

use std::collections::BTreeSet;
use std::fs;

use calamine::Data;
use scraper::{Html, Selector};
use serde_json::json;

use super::folder::{POLICY, field, three};
use super::scene::{ANA, ANA_FAILED, Scene, failed, planned};
use super::workbook;

fn select(page: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("a selector");
    page.select(&selector).map(|element| element.text().collect::<String>()).collect()
}

/// The numbers of a row, without those that stand below them.
fn numbers(page: &Html, row: &str) -> Vec<String> {
    let selector = Selector::parse(&format!("{row} td.n")).expect("a selector");
    let own = |cell: scraper::ElementRef<'_>| cell.text().next().unwrap_or_default().to_owned();
    page.select(&selector).map(own).collect()
}

fn page(scene: &Scene) -> Html {
    Html::parse_document(&scene.read("out/index.html"))
}

#[test]
fn the_page_has_a_row_a_case_and_leads_into_its_report() {
    let scene = three();
    scene.run(&["batch", "cases", "-o", "out", "-q", "--title", "Night run"]);
    let page = page(&scene);
    assert_eq!(select(&page, "h1"), ["Night run"]);
    assert_eq!(select(&page, "#table tbody th > a"), ["Alpha", "Beta"]);
    let row = |number: usize| select(&page, &format!("#table tbody tr:nth-child({number}) td"));
    let expected = ["Alpha AS A-1", "27 Jul 2026, 22:00:00 UTC2026-07-27T22:00:00Z", "Complete"];
    assert_eq!(row(1)[..3], expected);
    let counts = |number: usize| numbers(&page, &format!("#table tbody tr:nth-child({number})"));
    assert_eq!(counts(1), ["1", "1", "·", "·", "·", "1", "·", "·", "0"]);
    assert_eq!(counts(2), ["2", "2", "·", "·", "·", "–", "·", "·", "0"]);
    let changes = |number: usize| select(&page, &format!("#table tbody tr:nth-child({number}) td.n small"));
    assert_eq!([changes(1), changes(2)], [["2", "2"], ["3", "3"]]);
    assert_eq!(
        row(3)[2..4],
        ["No reportnothing to report: no page of getChanges or getFailedChanges is in the input", "–"]
    );
    assert_eq!(numbers(&page, "#table tfoot"), ["3", "3", "0", "0", "0", "1", "0", "0", "4"]);
    assert_eq!(select(&page, "#table tfoot small"), ["5", "5"]);
    let links = Selector::parse("a[href]").expect("a selector");
    let links: BTreeSet<&str> = page.select(&links).filter_map(|link| link.attr("href")).collect();
    let expected = [
        "#cases",
        "Alpha/changes.csv",
        "Alpha/report.html",
        "Alpha/report.xlsx",
        "Beta/changes.csv",
        "Beta/report.html",
        "Beta/report.xlsx",
    ];
    assert_eq!(links, BTreeSet::from(expected));
    for link in &expected[1..] {
        assert!(scene.path(&format!("out/{link}")).exists(), "{link}");
    }
}

#[test]
fn the_page_tells_which_cases_need_a_look_first() {
    let scene = three();
    scene.run(&["batch", "cases", "-o", "out", "-q"]);
    let page = page(&scene);
    let looks = select(&page, ".looks > li");
    let starts =
        ["Gamma: there is no report", "Alpha (Alpha AS): 1 change failed.", "Beta: 1 change of policies"];
    assert_eq!(looks.len(), 3);
    for (look, start) in looks.iter().zip(starts) {
        assert!(look.starts_with(start), "{look}");
    }
    assert!(
        looks[2].contains("the state of the conditional access policy Require MFA was changed"),
        "{}",
        looks[2]
    );
    assert_eq!(
        select(&page, "#types h3"),
        ["Planned changes (getChanges)", "Failed changes (getFailedChanges)"]
    );
    assert_eq!(select(&page, ".matrix")[0].matches("conditionalAccessPolicy").count(), 1);
}

#[test]
fn a_batch_without_a_fault_says_so() {
    let scene = Scene::of(&[("cases/a/1.json", planned(&[ANA]))]);
    scene.run(&["batch", "cases", "-o", "out", "-q"]).is(0, "", "");
    let page = page(&scene);
    assert_eq!(select(&page, ".verdict .word"), ["Every case has its report"]);
    assert_eq!(select(&page, ".looks li").len(), 0);
}

/// Names and words that an intruder, or a careless colleague, may have typed.
const HOSTILE: [&str; 6] = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "=HYPERLINK(\"http://x\",\"y\")",
    "\u{202e}gnp.exe\u{7}",
    "javascript:alert(3)",
    "\"' onmouseover=alert(4) x='",
];

#[test]
fn a_hostile_name_is_text_in_every_format() {
    let scene = Scene::of::<String>(&[]);
    for (number, text) in HOSTILE.iter().enumerate() {
        let folder = if cfg!(unix) { text.replace('/', "∕") } else { number.to_string() };
        let escaped = serde_json::to_string(text).expect("JSON");
        let item = POLICY.replace("\"Require MFA\"", &escaped);
        scene.write(&format!("cases/{folder}/1.json"), planned(&[&item]));
        let toml = format!("organization = {0}\ntitle = {0}\ncase-id = {0}\n", toml_text(text));
        scene.write(&format!("cases/{folder}/case.toml"), toml);
    }
    scene.run(&["batch", "cases", "-o", "out", "-q", "--title", HOSTILE[1]]).is(0, "", "");
    let text = scene.read("out/index.html");
    assert_eq!(text.matches("<script").count(), 1, "ours");
    assert!(!text.contains("<img") && !text.contains('\u{202e}') && !text.contains('\u{7}'));
    let page = Html::parse_document(&text);
    let own: BTreeSet<&str> = [
        "href",
        "class",
        "id",
        "scope",
        "data-s",
        "data-l",
        "aria-label",
        "aria-hidden",
        "role",
        "tabindex",
        "hidden",
        "type",
        "autocomplete",
        "spellcheck",
        "data-of",
        "colspan",
        "lang",
        "charset",
        "name",
        "content",
        "http-equiv",
    ]
    .into();
    for element in page.root_element().descendants().filter_map(|node| node.value().as_element()) {
        for (name, value) in element.attrs() {
            assert!(own.contains(name), "{name}={value}");
            let is_ours = |c: char| c.is_ascii_alphanumeric() || "-._~%/#".contains(c);
            assert!(name != "href" || value.chars().all(is_ours), "{value}");
        }
    }
    let table = scene.read("out/batch.csv");
    let mut reader = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    for row in reader.records() {
        let row = row.expect("a row");
        assert!(row.iter().all(|cell| !cell.trim_start().starts_with(['=', '+', '-', '@'])), "{row:?}");
    }
    let book = std::fs::read(scene.path("out/batch.xlsx")).expect("a workbook");
    workbook::assert_well_formed(&book);
    assert!(workbook::parts(&book).iter().all(|(_, part)| !part.contains("<f>")), "no formula");
    let organizations: BTreeSet<String> =
        workbook::sheet(&book, "Cases").into_iter().skip(1).map(|row| row[4].to_string()).collect();
    assert_eq!(organizations, HOSTILE.iter().map(|text| (*text).to_owned()).collect());
}

/// A text as TOML has it.
fn toml_text(text: &str) -> String {
    let escape = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

#[test]
fn the_page_loads_nothing_and_its_policy_names_its_style_and_script() {
    let scene = three();
    scene.run(&["batch", "cases", "-o", "out", "-q"]);
    let page = page(&scene);
    let policy = Selector::parse("meta[http-equiv=Content-Security-Policy]").expect("a selector");
    let policy = page.select(&policy).next().and_then(|meta| meta.attr("content")).expect("a policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert!(policy.contains("require-trusted-types-for 'script'; trusted-types 'none'"), "{policy}");
    let text = scene.read("out/index.html");
    for word in ["http://", "https://", "src=", "@import", "url("] {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn the_workbook_has_numbers_that_can_be_reckoned_with() {
    let scene = three();
    scene.run(&["batch", "cases", "-o", "out", "-q"]);
    let book = std::fs::read(scene.path("out/batch.xlsx")).expect("a workbook");
    workbook::assert_well_formed(&book);
    let cases = workbook::sheet(&book, "Cases");
    assert_eq!(cases.len(), 4);
    assert_eq!(cases[0][10], Data::String("objects".to_owned()));
    assert_eq!(cases[2][10], Data::Float(2.0));
    assert_eq!(cases[3][10], Data::Empty, "not known");
    let types = workbook::sheet(&book, "Planned by type");
    let heads: Vec<String> = types[0].iter().map(ToString::to_string).collect();
    assert_eq!(heads, ["Case", "Organisation", "type", "Objects"]);
    assert_eq!((types.len(), &types[3][3]), (4, &Data::Float(1.0)));
}

#[test]
fn the_table_for_spreadsheets_has_a_line_a_case() {
    let scene = three();
    scene.run(&["batch", "cases", "-o", "out", "-q", "--csv-raw"]);
    let table = scene.read("out/batch.csv");
    let lines: Vec<&str> = table.split("\r\n").collect();
    assert!(lines[0].starts_with("case,source,exitCode,verdict,organization,"), "without a byte order mark");
    assert!(
        lines[1].starts_with("Alpha,cases/Alpha,0,complete,Alpha AS,A-1,,,2026-07-27T22:00:00Z,"),
        "{}",
        lines[1]
    );
    assert!(lines[1].ends_with(",,Alpha/report.html,"), "{}", lines[1]);
    assert!(lines[3].starts_with("Gamma,cases/Gamma,4,,,"), "{}", lines[3]);
    assert_eq!(lines.len(), 5);
}

#[test]
fn changes_of_an_unknown_function_are_in_every_number() {
    let unknown = format!(r#"{{"value":[{POLICY}]}}"#);
    let scene = Scene::of(&[("cases/a/1.json", planned(&[ANA])), ("cases/b/1.json", unknown)]);
    let ended = scene.run(&["batch", "cases", "-o", "out"]);
    ended.tells(
        0,
        &["1 object, 1 object of an unknown function, 0 failed"],
        &["1 object of an unknown function"],
    );
    let page = page(&scene);
    let looks = select(&page, ".looks > li");
    assert_eq!(looks.len(), 1, "{looks:?}");
    assert!(looks[0].starts_with("b: 1 change of policies"), "{}", looks[0]);
    let head = "unknown function";
    assert_eq!(select(&page, "#table thead th").iter().filter(|text| *text == head).count(), 1);
    assert_eq!(numbers(&page, "#table tbody tr:nth-child(2)")[..6], ["–", "–", "–", "–", "–", "1"]);
    assert_eq!(numbers(&page, "#table tfoot")[..6], ["1", "1", "0", "0", "0", "1"]);
    assert_eq!(select(&page, "#table tfoot small"), ["2", "2", "1"]);
    let book = std::fs::read(scene.path("out/batch.xlsx")).expect("a workbook");
    let summary = format!("{:?}", workbook::sheet(&book, "Summary"));
    assert!(summary.contains("1 object of an unknown function"), "{summary}");
}

#[test]
fn nothing_is_said_of_what_lies_in_no_case() {
    let scene = Scene::of(&[("cases/a/1.json", planned(&[ANA]))]);
    let look = || select(&page(&scene), "#look > p").remove(0);
    scene.run(&["batch", "cases", "-o", "out", "-q"]).is(0, "", "");
    assert!(look().ends_with("no change failed, and only users and groups changed."), "{}", look());
    scene.write("cases/1.json", planned(&[POLICY]));
    scene.run(&["batch", "cases", "-o", "out", "-q", "--force"]).is(3, "", "");
    assert!(
        !look().contains("only users and groups") && !look().contains("nothing is missing"),
        "{}",
        look()
    );
    fs::remove_file(scene.path("cases/1.json")).expect("it is there");
    scene.write("cases/a/session.json", r#"{"siteRestoreArtifacts@delta":[{"id":"s"}]}"#);
    scene.run(&["batch", "cases", "-o", "out", "-q", "--force"]).is(0, "", "");
    assert!(look().contains("restore session"), "{}", look());
}

#[test]
fn the_failed_changes_are_those_that_the_report_gives_reasons_for() {
    let told = ANA.replace("\"recoveryAction\"", "\"failureMessage\":\"no\",\"recoveryAction\"");
    let scene = Scene::of(&[
        ("cases/listed/1.json", planned(&[ANA])),
        ("cases/listed/2.json", failed(&[ANA_FAILED])),
        ("cases/none/1.json", planned(&[ANA])),
        ("cases/told/1.json", planned(&[&told, POLICY])),
        ("cases/told too/1.json", planned(&[&told, POLICY])),
        ("cases/told too/2.json", failed(&[])),
    ]);
    scene.run(&["batch", "cases", "-o", "out", "-q", "-f", "json"]).is(0, "", "");
    let failures = |case: &str| {
        let reasons = scene.json(&format!("out/{case}/summary.json"))["failures"].clone();
        let objects = reasons.as_array().expect("a list").iter().map(|reason| reason["objects"].as_u64());
        objects.flatten().sum::<u64>()
    };
    assert_eq!(["listed", "none", "told", "told too"].map(failures), [1, 0, 1, 1]);
    assert_eq!(field(&scene, "out", "failedChanges"), [json!(1), json!(null), json!(1), json!(1)]);
}
