//! Text → a page: whatever the text is, a browser sees the elements and attributes of a harmless one's page.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use entra_diff::render::{Format, Options};
use scraper::Html;

use super::{item_of, output, page, survey};

/// The elements that stand around a character which cannot be seen, a text that is cut, and an empty one; where a path may break.
const OF_TEXTS: [&str; 4] = ["wbr", r#"span class="u""#, r#"span class="cut""#, r#"span class="none""#];

/// Texts without markup that make every part of a page there is: a name, none, a lost value, an action and a type.
const HARMLESS_TEXTS: [&str; 10] = [
    "harmless",
    "",
    "@{a=1}",
    "update",
    "softDelete",
    "restore",
    "user",
    "14",
    "two\nlines of it",
    "members@delta",
];

/// A text in every field of a page.
pub(crate) fn holds(data: &[u8]) {
    thread_local! {
        static HARMLESS: OnceCell<BTreeSet<String>> = const { OnceCell::new() };
    }
    let text = String::from_utf8_lossy(data);
    let html = html_of(&text);
    let seen = elements(&html);
    HARMLESS.with(|harmless| {
        let harmless = harmless
            .get_or_init(|| HARMLESS_TEXTS.iter().flat_map(|text| elements(&html_of(text))).collect());
        let odd: Vec<&String> =
            seen.difference(harmless).filter(|element| !OF_TEXTS.contains(&element.as_str())).collect();
        assert!(odd.is_empty(), "{text:?} makes {odd:?}");
    });
    let is_steering =
        |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\0' | '\u{1b}');
    assert!(!html.contains(is_steering), "{text:?} can steer a reader");
}

fn html_of(text: &str) -> String {
    let export = survey(page(&item_of(text)).as_bytes());
    String::from_utf8(output(&export, Format::Html, &Options::default())).expect("UTF-8")
}

/// The start tags of a page, as a browser reads them; numbers in values left out, and of texts that are no markup
/// those of scripts and styles.
fn elements(html: &str) -> BTreeSet<String> {
    let page = Html::parse_document(html);
    let mut seen = BTreeSet::new();
    for node in page.tree.nodes() {
        match node.value() {
            scraper::Node::Element(element) => {
                let mut tag = element.name().to_owned();
                for (name, value) in element.attrs() {
                    let value: String = value.chars().filter(|c| !c.is_ascii_digit()).collect();
                    write!(tag, " {name}={value:?}").expect("memory");
                }
                // What the script reads is packed, and other for every text; its words are those of the page.
                let is_run = matches!(element.attr("type"), None | Some("application/json"));
                if matches!(element.name(), "script" | "style") && is_run {
                    let inner: String = node
                        .children()
                        .filter_map(|child| child.value().as_text().map(|t| t.to_string()))
                        .collect();
                    tag.push_str(&inner);
                }
                seen.insert(tag);
            }
            scraper::Node::Comment(comment) => {
                seen.insert(format!("<!--{}-->", &**comment));
            }
            _ => {}
        }
    }
    seen
}
