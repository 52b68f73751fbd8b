//! Text → a table: no cell begins like a formula, and every text can be had back.

use std::borrow::Cow;

use entra_diff::render::{Format, Options, guarded};

use super::{item_of, output, page, survey};

/// The columns in which an item of [`item_of`] has its text, whole.
const COLUMNS: [&str; 5] = ["entityTypeName", "id", "displayName", "recoveryAction", "failureMessage"];

/// A text as a cell, and in a whole table.
pub(crate) fn holds(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let cell = guarded(Cow::Borrowed(&text));
    assert!(!is_dangerous(&cell), "{cell:?}");
    assert_undone(&cell, &text);
    if text.is_empty() {
        return;
    }
    let export = survey(page(&item_of(&text)).as_bytes());
    for raw in [false, true] {
        let options = Options { csv_raw: raw, ..Options::default() };
        let table = String::from_utf8(output(&export, Format::Csv, &options)).expect("UTF-8");
        let table = if raw { &table } else { table.strip_prefix('\u{feff}').expect("a byte order mark") };
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let header = reader.headers().expect("a header").clone();
        let mut rows = 0;
        for row in reader.records() {
            let row = row.expect("as many cells as the header has");
            rows += 1;
            assert!(raw || row.iter().all(|cell| !is_dangerous(cell)), "{row:?}");
            for column in COLUMNS {
                let at = header.iter().position(|name| name == column).expect("a column");
                if raw {
                    assert_eq!(&row[at], text);
                } else {
                    assert_undone(&row[at], &text);
                }
            }
        }
        assert!(rows >= 3, "a row for each property and link");
    }
}

/// The cells of the contract's section 8, said again in its words.
fn is_formula(cell: &str) -> bool {
    let ignored = |c: char| c.is_whitespace() || "\0\u{feff}\u{200b}\u{200c}\u{200d}\u{2060}".contains(c);
    let first = cell.chars().find(|&c| !ignored(c));
    first.is_some_and(|first| "=+-@|%＝＋－＠".contains(first)) || cell.starts_with(['\t', '\r', '\n', '\0'])
}

fn is_dangerous(cell: &str) -> bool {
    is_formula(cell) || cell.contains('\0')
}

/// The text of a cell can be had back; of one that has NUL, all but that, and the `'` that it may have brought.
fn assert_undone(cell: &str, text: &str) {
    if text.contains('\0') {
        assert_eq!(cell.trim_start_matches('\''), text.replace('\0', "␀").trim_start_matches('\''));
    } else {
        assert_eq!(undone(cell), text);
    }
}

/// A cell without the `'` that the rule put in front of it. More characters are without width than those named in
/// [`is_formula`], and what is guarded beyond the contract is undone by the same rule.
fn undone(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if matches!(guarded(Cow::Borrowed(rest)), Cow::Owned(_)) => rest,
        _ => cell,
    }
}
