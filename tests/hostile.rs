//! Hostile text in every field, in every format: nothing that came from a tenant becomes markup, a link, a
//! formula or anything else but the text it is.
//!
//! The measure is the benign twin: the same export with harmless texts. Put the payloads in their places, and
//! its outputs must be those of the hostile one.

#[path = "support/hostile.rs"]
mod fixture;
#[expect(dead_code, reason = "an operator's words are payloads, too")]
mod support;
#[path = "support/workbook.rs"]
mod workbook;

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, parse_document};
use serde_json::{Map, Value};

use entra_diff::render::{Column, Format, Options, guarded};
use entra_diff::report::{Perspective, Report};

use fixture::{Fixture, MARKER, Payloads};

/// A fixture's output in a format.
fn bytes(fixture: &Fixture, format: Format, options: &Options) -> Vec<u8> {
    let export = support::survey(&[fixture.path()]);
    let report = Report::new(&export, fixture.operator.clone());
    support::write(&report, &[format], options).remove(0).0
}

/// A fixture's output in a format that is text.
fn output(fixture: &Fixture, format: Format, options: &Options) -> String {
    String::from_utf8(bytes(fixture, format, options)).expect("UTF-8")
}

/// A format of the hostile export, of its twin, and what stands in the place of what.
fn outputs(format: Format) -> (String, String, Payloads) {
    let (hostile, benign) = (fixture::hostile(), fixture::benign());
    let of = |fixture: &Fixture| output(fixture, format, &Options::default());
    (of(&hostile), of(&benign), hostile.payloads_by_twin())
}

fn has_payload(text: &str) -> bool {
    let digit = |at: usize| text.as_bytes().get(at + MARKER.len()).is_some_and(u8::is_ascii_digit);
    text.match_indices(MARKER).any(|(at, _)| digit(at))
}

// Markdown.

/// Everything that a ticket system may know beside plain Markdown.
fn options() -> comrak::Options<'static> {
    let mut options = comrak::Options::default();
    let extension = &mut options.extension;
    for known in [
        &mut extension.table,
        &mut extension.autolink,
        &mut extension.strikethrough,
        &mut extension.superscript,
        &mut extension.tasklist,
        &mut extension.footnotes,
        &mut extension.inline_footnotes,
        &mut extension.description_lists,
        &mut extension.multiline_block_quotes,
        &mut extension.alerts,
        &mut extension.math_dollars,
        &mut extension.math_code,
        &mut extension.wikilinks_title_after_pipe,
        &mut extension.underline,
        &mut extension.subscript,
        &mut extension.spoiler,
        &mut extension.highlight,
        &mut extension.insert,
    ] {
        *known = true;
    }
    options.parse.relaxed_autolinks = true;
    options.parse.smart = true;
    options
}

/// A node: how deep it stands, what it is, and its text if it has one.
type Seen = (usize, &'static str, String);

fn nodes(markdown: &str) -> Vec<Seen> {
    fn walk<'a>(node: &'a AstNode<'a>, depth: usize, seen: &mut Vec<Seen>) {
        let (kind, text) = match &node.data.borrow().value {
            NodeValue::Document => ("document", String::new()),
            NodeValue::Heading(_) => ("heading", String::new()),
            NodeValue::Paragraph => ("paragraph", String::new()),
            NodeValue::List(_) => ("list", String::new()),
            NodeValue::Item(_) => ("item", String::new()),
            NodeValue::Table(_) => ("table", String::new()),
            NodeValue::TableRow(_) => ("row", String::new()),
            NodeValue::TableCell => ("cell", String::new()),
            NodeValue::Strong => ("strong", String::new()),
            NodeValue::Text(text) => ("text", text.to_string()),
            NodeValue::Code(code) => ("code", code.literal.clone()),
            other => panic!("{other:?} has no place in a report"),
        };
        seen.push((depth, kind, text));
        node.children().for_each(|child| walk(child, depth + 1, seen));
    }
    let arena = Arena::new();
    let mut seen = Vec::new();
    walk(parse_document(&arena, markdown, &options()), 0, &mut seen);
    seen
}

/// Every `⟨U+000A⟩` put back.
fn received(shown: &str) -> String {
    let mut pieces = shown.split("⟨U+");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (code, rest) = piece.split_once('⟩').expect("a whole token");
        let code = u32::from_str_radix(code, 16).expect("a number");
        text.push(char::from_u32(code).expect("a character"));
        text.push_str(rest);
    }
    text
}

#[test]
fn markdown_has_the_nodes_of_its_twin_and_data_only_in_code() {
    let (hostile, benign, _) = outputs(Format::Markdown);
    let (hostile, benign) = (nodes(&hostile), nodes(&benign));
    for ((depth, kind, text), (twin_depth, twin_kind, twin)) in hostile.iter().zip(&benign) {
        assert_eq!((depth, kind), (twin_depth, twin_kind), "{text:?} and {twin:?}");
        assert!(*kind == "code" || !has_payload(text), "{text:?}");
        assert!(!text.contains(is_steering), "{text:?}");
    }
    assert_eq!(hostile.len(), benign.len());
    assert!(hostile.iter().filter(|(.., text)| has_payload(text)).count() > 200);
}

/// The evidence id, which other bytes make another.
fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.chars().all(|c| c.is_ascii_hexdigit())
}

/// Ends a line, turns the reading direction, or cannot be seen.
fn is_steering(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[test]
fn markdown_shows_the_payloads_as_they_are() {
    let (hostile, benign, payloads) = outputs(Format::Markdown);
    let spans = |markdown: &str| {
        nodes(markdown).into_iter().filter(|(_, kind, _)| *kind == "code").collect::<Vec<_>>()
    };
    let mut exact = 0;
    for ((.., found), (.., twin)) in spans(&hostile).into_iter().zip(spans(&benign)) {
        if is_digest(&found) && is_digest(&twin) {
            continue;
        }
        let found = received(&found);
        let is_quoted = twin.starts_with('"') && twin.ends_with('"');
        // What JSON or a path escapes is longer than its twin, and may be cut elsewhere.
        let is_escaped = !is_quoted && found.contains(['{', '[']) && twin.len() > 60;
        let expected = if is_escaped { continue } else { payloads.of_text(&twin) };
        let path = payloads.of_path(&twin);
        assert!(
            found == expected || found == path,
            "\n{found:?} is not\n{expected:?}, the twin of\n{twin:?}"
        );
        exact += 1;
    }
    assert!(exact > 200, "{exact}");
}

#[test]
fn markdown_tables_have_as_many_columns_in_every_row() {
    let (hostile, _, _) = outputs(Format::Markdown);
    let bars = |line: &str| line.match_indices('|').filter(|(at, _)| !line[..*at].ends_with('\\')).count();
    let mut rows = 0;
    for table in hostile.split("\n\n").filter(|block| block.starts_with('|')) {
        let columns = table.lines().next().map(bars);
        for line in table.lines() {
            assert_eq!(Some(bars(line)), columns, "{line}");
            rows += 1;
        }
    }
    assert!(rows > 100, "{rows}");
}

#[test]
fn markdown_leads_with_the_direction_that_was_asked_for() {
    let recovery = |mut fixture: Fixture| {
        fixture.operator.perspective = Perspective::Recovery;
        output(&fixture, Format::Markdown, &Options::default())
    };
    let (hostile, benign) = (recovery(fixture::hostile()), recovery(fixture::benign()));
    let shape = |markdown: &str| {
        nodes(markdown).into_iter().map(|(depth, kind, _)| (depth, kind)).collect::<Vec<_>>()
    };
    assert_eq!(shape(&hostile), shape(&benign));
    assert!(benign.contains("current → backup") && !benign.contains("backup → current"));
}

// HTML.

fn is_token(element: &scraper::node::Element) -> bool {
    element.name() == "span" && element.attr("class") == Some("u")
}

/// Every element of a page with its attributes; what stands for a character that cannot be seen, and for a
/// place where a path may break, is no element of the page's own.
fn elements(page: &scraper::Html) -> Vec<String> {
    let all = page.root_element().descendants().filter_map(|node| node.value().as_element());
    // Data that is not run stands in as many blocks as its size takes.
    let is_data = |element: &scraper::node::Element| element.attr("type") == Some("application/octet-stream");
    let own = all.filter(|element| !is_token(element) && element.name() != "wbr" && !is_data(element));
    own.map(|element| {
        let attributes = element.attrs().map(|(name, value)| format!(" {name}={value:?}"));
        format!("<{}{}>", element.name(), attributes.collect::<String>())
    })
    .collect()
}

/// The texts of the input in a page, characters that cannot be seen put back, and whether each is cut.
fn texts(page: &scraper::Html) -> Vec<(String, bool)> {
    let selector = scraper::Selector::parse("bdi").expect("a selector");
    let text = |bdi: scraper::ElementRef<'_>| {
        let mut text = String::new();
        for node in bdi.descendants() {
            let Some(piece) = node.value().as_text() else { continue };
            let is_in_token =
                node.parent().and_then(|parent| parent.value().as_element()).is_some_and(is_token);
            match piece.strip_prefix('\n') {
                _ if is_in_token => text.push_str(&received(piece)),
                // The line break itself stands behind its token.
                Some(rest) if text.ends_with('\n') => text.push_str(rest),
                _ => text.push_str(piece),
            }
        }
        let beside = [bdi.prev_sibling(), bdi.next_sibling()].into_iter().flatten();
        let classes = beside.filter_map(|node| node.value().as_element()?.attr("class"));
        let is_cut = classes.into_iter().any(|class| class == "cut");
        (text, is_cut)
    };
    page.select(&selector).map(text).collect()
}

#[test]
fn html_has_the_elements_of_its_twin_and_the_payloads_as_text() {
    let (hostile, benign, payloads) = outputs(Format::Html);
    let raw = hostile.find(is_steering_beside_newlines).map(|at| &hostile[at.saturating_sub(90)..at + 30]);
    assert_eq!(raw, None, "a raw control character");
    let (hostile, benign) = (scraper::Html::parse_document(&hostile), scraper::Html::parse_document(&benign));
    let (found, twin) = (elements(&hostile), elements(&benign));
    if let Some((found, twin)) = found.iter().zip(&twin).find(|(found, twin)| found != twin) {
        panic!("{found} is not {twin}");
    }
    assert_eq!(found.len(), twin.len());
    let mut exact = 0;
    for ((found, is_cut), (twin, twin_is_cut)) in texts(&hostile).into_iter().zip(texts(&benign)) {
        // What is escaped, or cannot be seen, is longer than its twin and cut elsewhere.
        if is_cut || twin_is_cut || found.chars().count() >= 2_048 {
            continue;
        }
        let (text, path) = (payloads.of_text(&twin), payloads.of_path(&twin));
        assert!(found == text || found == path, "\n{found:?} is not\n{text:?}, the twin of\n{twin:?}");
        exact += usize::from(has_payload(&found));
    }
    assert!(exact > 3_000, "{exact}");
}

fn is_steering_beside_newlines(c: char) -> bool {
    c != '\n' && is_steering(c)
}

// NDJSON and JSON.

/// An object's line of the twin with the payloads in their places.
fn line(payloads: &Payloads, twin: &Value) -> Value {
    let mut line = payloads.of_value(twin);
    let rows = twin["changes"].as_array().expect("rows");
    for (row, twin) in line["changes"].as_array_mut().expect("rows").iter_mut().zip(rows) {
        row["property"] = payloads.of_path(twin["property"].as_str().expect("a path")).into();
    }
    if let Some(operations) = twin["patch"].as_array() {
        for (operation, twin) in line["patch"].as_array_mut().expect("operations").iter_mut().zip(operations)
        {
            operation["path"] = payloads.of_pointer(twin["path"].as_str().expect("a pointer")).into();
        }
    }
    line
}

#[test]
fn every_line_of_ndjson_has_the_payloads_exactly() {
    let (hostile, benign, payloads) = outputs(Format::Ndjson);
    let parsed = |line: &str| serde_json::from_str::<Value>(line).expect("a line is JSON");
    // Only a newline ends a line: U+2028 and its like stand in one.
    let (hostile, benign): (Vec<&str>, Vec<&str>) =
        (hostile.split('\n').collect(), benign.split('\n').collect());
    assert_eq!(hostile.len(), benign.len());
    let lines = hostile.into_iter().zip(benign).filter(|(hostile, _)| !hostile.is_empty());
    for (hostile, benign) in lines {
        assert!(!hostile.contains(|c: char| c < ' '), "{hostile:?}");
        assert_eq!(parsed(hostile), line(&payloads, &parsed(benign)));
    }
}

#[test]
fn the_summary_has_the_payloads_exactly() {
    let (hostile, benign, payloads) = outputs(Format::SummaryJson);
    let parsed = |text: &str| {
        let mut summary: Value = serde_json::from_str(text).expect("the summary is JSON");
        for problem in summary["problems"].as_array_mut().expect("problems") {
            // Payloads that JSON escapes are longer.
            problem["column"] = Value::Null;
        }
        for input in summary["inputs"].as_array_mut().expect("inputs") {
            // So are the bytes others.
            input["sha256"] = Value::Null;
            input["bytes"] = Value::Null;
        }
        summary["evidenceId"] = Value::Null;
        summary
    };
    let (hostile, benign) = (parsed(&hostile), payloads.of_value(&parsed(&benign)));
    for (part, value) in benign.as_object().expect("an object") {
        assert_eq!(&hostile[part], value, "{part}");
    }
    assert_eq!(hostile.as_object().map(Map::len), benign.as_object().map(Map::len));
}

// CSV.

fn records(csv: &str) -> Vec<Vec<String>> {
    let mut table = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    let cells = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
    table.records().map(|record| cells(record.expect("RFC 4180"))).collect()
}

/// Said again in the words of the contract's section 8.
fn is_formula(cell: &str) -> bool {
    let ignored = |c: char| {
        c.is_whitespace() || "\0\u{feff}\u{180e}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2060}".contains(c)
    };
    let first = cell.chars().find(|&c| !ignored(c));
    cell.starts_with(['\t', '\r', '\n', '\0']) || first.is_some_and(|first| "=+-@|%＝＋－＠".contains(first))
}

#[test]
fn no_cell_of_the_csv_is_a_formula_and_the_guard_can_be_undone() {
    let hostile = fixture::hostile();
    let safe = output(&hostile, Format::Csv, &Options::default());
    let raw = output(&hostile, Format::Csv, &Options { csv_raw: true, ..Options::default() });
    let (safe, raw) = (records(safe.strip_prefix('\u{feff}').expect("a byte order mark")), records(&raw));
    assert_eq!(safe.len(), raw.len());
    let mut guards = 0;
    for (safe, raw) in safe.iter().flatten().zip(raw.iter().flatten()) {
        assert!(!is_formula(safe) && !safe.contains('\0'), "{safe:?}");
        assert_eq!(*safe, guarded(Cow::Borrowed(raw)));
        let undone = match safe.strip_prefix('\'') {
            Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest,
            _ => safe,
        };
        if !raw.contains('\0') {
            assert_eq!(undone, raw);
        }
        guards += usize::from(undone != safe);
    }
    assert!(guards > 100, "{guards}");
}

#[test]
fn the_csv_has_the_payloads_exactly_and_no_cell_more_than_its_twin() {
    let raw = |fixture: &Fixture| {
        records(&output(fixture, Format::Csv, &Options { csv_raw: true, ..Options::default() }))
    };
    let (hostile, benign) = (fixture::hostile(), fixture::benign());
    let (found, twins, payloads) = (raw(&hostile), raw(&benign), hostile.payloads_by_twin());
    assert_eq!(found.len(), twins.len());
    for (found, twins) in found.iter().zip(&twins) {
        assert_eq!(found.len(), Column::ALL.len());
        for ((found, twin), column) in found.iter().zip(twins).zip(&Column::ALL) {
            let expected =
                if column.name == "property" { payloads.of_path(twin) } else { payloads.of_text(twin) };
            assert_eq!(*found, expected, "{}", column.name);
        }
    }
}

#[test]
fn every_payload_stands_in_every_field_that_a_table_has() {
    let hostile = fixture::hostile();
    let csv = records(&output(&hostile, Format::Csv, &Options { csv_raw: true, ..Options::default() }));
    for name in
        ["id", "displayName", "entityTypeName", "recoveryAction", "property", "backupValue", "currentValue"]
    {
        let column = Column::ALL.iter().position(|column| column.name == name).expect("a column");
        let is_in = |part: &str| csv.iter().any(|row| row[column].contains(part));
        for part in [
            "<script>",
            "=HYPERLINK",
            "[2J",
            "\u{202e}",
            "{{7*7}}",
            "</style>",
            "](http",
            "_x0041_",
            "😀<b>Ä",
        ] {
            assert!(is_in(part), "{part:?} is in no cell of {name}");
        }
    }
}

// XLSX.

#[test]
fn the_workbook_has_the_payloads_exactly() {
    let hostile = fixture::hostile();
    let workbook = bytes(&hostile, Format::Xlsx, &Options::default());
    workbook::assert_well_formed(&workbook);
    let raw = Options { csv_raw: true, ..Options::default() };
    let csv = records(&output(&hostile, Format::Csv, &raw));
    let found = workbook::changes(&workbook);
    assert_eq!(found.len(), csv.len() - 1);
    for (found, expected) in found.iter().zip(&csv[1..]) {
        assert_eq!(found, expected);
    }
    let messages = workbook::strings(&workbook, "Failed changes");
    assert!(messages.iter().flatten().filter(|text| has_payload(text)).count() > 200);
    let problems = workbook::strings(&workbook, "Problems");
    assert!(problems.iter().flatten().any(|text| has_payload(text)));
}

// The page in a real browser.

/// Below the folder that `ENTRA_DIFF_EXPORTS` names: each of the two exports in a folder, and beside it, as a JSON
/// array, the options that say what its operator typed. `tests/browser` has the program report them.
#[test]
#[ignore = "writes files, for the tests of the page in a browser"]
fn both_exports_are_written() {
    let folder = std::env::var_os("ENTRA_DIFF_EXPORTS").expect("ENTRA_DIFF_EXPORTS names a folder");
    let folder = PathBuf::from(folder);
    for (name, fixture) in [("hostile", fixture::hostile()), ("benign", fixture::benign())] {
        copy(&fixture.path(), &folder.join(name));
        let said = &fixture.operator;
        let words = [
            ("title", &said.title),
            ("organization", &said.organization),
            ("case-id", &said.case_id),
            ("prepared-by", &said.prepared_by),
        ];
        let option =
            |(name, word): (&str, &Option<String>)| word.as_ref().map(|word| format!("--{name}={word}"));
        let options: Value = words.into_iter().filter_map(option).collect();
        fs::write(folder.join(format!("{name}.json")), options.to_string()).expect("a file can be written");
    }
}

/// A folder with all that is in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("a folder can be read") {
        let path = entry.expect("an entry can be read").path();
        let to = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).expect("a file can be copied");
        }
    }
}
