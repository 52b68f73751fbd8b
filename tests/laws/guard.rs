//! The guard of CSV cells: nothing that a spreadsheet could run gets through, and it can be undone.

use std::borrow::Cow;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use entra_diff::render::guarded;

use super::generate::one_of;
use super::tools;

/// The characters without width of docs/columns.md, one by one.
const WITHOUT_WIDTH: &str =
    "\u{feff}\u{180e}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2060}\u{2061}\u{2062}\u{2063}\u{2064}";

/// The cells the contract's section 8 is about, said again in its words.
fn is_trigger(cell: &str) -> bool {
    let ignored = |c: char| c.is_whitespace() || c == '\0' || WITHOUT_WIDTH.contains(c);
    let first = cell.chars().find(|&c| !ignored(c));
    first.is_some_and(|first| "=+-@|%＝＋－＠".contains(first)) || cell.starts_with(['\t', '\r', '\n', '\0'])
}

fn is_harmless(cell: &str) -> bool {
    !cell.contains('\0') && !is_trigger(cell.trim_start_matches('\''))
}

/// What a reader does who wants the text back: one `'` is taken off where the rule put it.
fn undone(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_trigger(rest.trim_start_matches('\'')) => rest,
        _ => cell,
    }
}

/// Text out of the characters the rule is about, and a few it is not about.
fn cell() -> impl Strategy<Value = String> {
    let characters = [
        "'", "'", "=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠", "\t", "\r", "\n", " ", "\u{a0}",
        "\u{feff}", "\u{200b}", "\u{200f}", "\u{2060}", "\u{2064}", "\u{180e}", "\u{1c}", "\u{85}", "\u{ad}",
        "\u{2003}", "\u{2400}", "a", "1", "é", "\"", ",", ";",
    ];
    prop_oneof![
        4 => proptest::collection::vec(one_of(characters), 0..6).prop_map(|parts| parts.concat()),
        1 => any::<String>(),
    ]
}

/// Text in which nothing is rewritten.
fn without_nul() -> impl Strategy<Value = String> {
    cell().prop_map(|text| text.replace('\0', ""))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn the_guard_can_be_undone(text in without_nul()) {
        let guarded = guarded(Cow::Borrowed(&text));
        prop_assert_eq!(undone(&guarded), &text);
    }

    #[test]
    fn no_guarded_cell_begins_like_a_formula(text in cell(), nul in 0_usize..3) {
        let guarded = guarded(Cow::Owned("\0".repeat(nul) + &text)).into_owned();
        prop_assert!(!is_trigger(&guarded), "{:?}", guarded);
        prop_assert!(!guarded.contains('\0'));
    }

    #[test]
    fn a_harmless_cell_stays_as_it_is(text in cell().prop_filter("harmless", |text| is_harmless(text))) {
        prop_assert_eq!(guarded(Cow::Borrowed(&text)), Cow::Borrowed(&text));
    }
}

/// The lines of Python that docs/columns.md has to undo the guard.
fn documented() -> &'static str {
    let page = include_str!("../../docs/columns.md");
    let (_, rest) = page.split_once("<!-- test: undo -->\n```python\n").expect("a block of Python");
    rest.split_once("```").expect("its end").0
}

/// The cells that a report's reader has in the place of `cells`, by the documented lines; and the rows of the table that
/// they read.
fn undone_by_python(table: &[u8], cells: &[String]) -> (Vec<String>, Vec<Vec<String>>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(folder.path().join("entra-diff-report")).expect("a folder can be made");
    std::fs::write(folder.path().join("entra-diff-report/changes.csv"), table)
        .expect("a file can be written");
    let script = documented().to_owned()
        + "import json, sys\nprint(json.dumps([[undo(cell) for cell in json.load(sys.stdin)], rows]))\n";
    let input = serde_json::to_string(cells).expect("texts");
    serde_json::from_str(&tools::python(folder.path(), &script, &[], &input)).expect("what it printed")
}

#[test]
fn the_documented_lines_of_python_undo_the_guard() {
    if !tools::has("python3") {
        return;
    }
    let corpus: Vec<[String; 2]> =
        serde_json::from_str(include_str!("../support/guard.json")).expect("pairs of cells");
    let corpus = corpus.into_iter().map(|[cell, _]| cell).filter(|cell| !cell.contains('\0'));
    let mut runner = TestRunner::default();
    let generated = std::iter::repeat_with(|| without_nul().new_tree(&mut runner).expect("a text").current());
    let texts: Vec<String> = corpus.chain(generated.take(20_000)).collect();
    let cells: Vec<String> = texts.iter().map(|text| guarded(Cow::Borrowed(text)).into_owned()).collect();
    let guards = cells.iter().zip(&texts).filter(|(cell, text)| cell != text).count();
    assert!((texts.len() / 4..texts.len() * 3 / 4).contains(&guards), "{guards} of {}", texts.len());
    let table: Vec<u8> =
        cells.iter().flat_map(|cell| format!("\"{}\"\r\n", cell.replace('"', "\"\"")).into_bytes()).collect();
    let table = ["\u{feff}".as_bytes(), &table].concat();
    let (undone, rows) = undone_by_python(&table, &cells);
    assert_eq!(rows.concat(), texts, "read from a table");
    for ((undone, text), cell) in undone.iter().zip(&texts).zip(&cells) {
        assert_eq!(undone, text, "{cell:?}");
    }
}

/// Text may begin like a cell that NUL was written in; nothing is taken off either, and no value comes to harm.
#[test]
fn what_had_nul_is_left_as_it_stands() {
    if !tools::has("python3") {
        return;
    }
    let pairs =
        [("\0x", "'\u{2400}x"), ("'\u{2400}x", "'\u{2400}x"), ("\0=1", "'\u{2400}=1"), ("=\0", "=\u{2400}")];
    let cells = pairs.map(|(text, _)| guarded(Cow::Borrowed(text)).into_owned());
    assert_eq!(undone_by_python(b"", &cells).0, pairs.map(|(_, undone)| undone));
}
