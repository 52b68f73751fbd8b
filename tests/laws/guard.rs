//! The guard of CSV cells: nothing that a spreadsheet could run gets through, and it can be undone.

use std::borrow::Cow;

use proptest::prelude::*;

use entra_diff::render::guarded;

use super::generate::one_of;

/// The cells the contract's section 8 is about, said again in its words.
fn is_trigger(cell: &str) -> bool {
    let ignored = |c: char| c.is_whitespace() || "\0\u{feff}\u{200b}\u{200c}\u{200d}\u{2060}".contains(c);
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
        "\u{feff}", "\u{200b}", "\u{2060}", "a", "1", "é", "\"", ",", "\u{2003}",
    ];
    prop_oneof![
        4 => proptest::collection::vec(one_of(characters), 0..6).prop_map(|parts| parts.concat()),
        1 => any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn the_guard_can_be_undone(text in cell().prop_filter("NUL is rewritten", |text| !text.contains('\0'))) {
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
