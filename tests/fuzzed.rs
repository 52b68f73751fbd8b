//! The laws of the fuzz targets, held for their seeds and for every input that fuzzing found (docs/testing.md).

use std::fs;
use std::path::Path;

#[path = "../fuzz/laws/mod.rs"]
mod laws;

/// Holds a law for each file in the target's folders of `fuzz`, and tells how many there are.
fn hold(target: &str, law: fn(&[u8])) -> usize {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let mut held = 0;
    for folder in ["seeds", "found"].map(|kind| fuzz.join(kind).join(target)) {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.expect("an entry").path();
            let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let holds = std::panic::catch_unwind(|| law(&bytes)).is_ok();
            assert!(holds, "the law does not hold for {}", path.display());
            held += 1;
        }
    }
    held
}

#[test]
fn a_page_says_the_same_in_every_encoding() {
    assert!(hold("decoding", laws::decoding::holds) >= 30);
}

#[test]
fn what_stands_between_pages_costs_none_without_a_word() {
    assert!(hold("documents", laws::documents::holds) >= 40);
}

#[test]
fn every_element_of_a_page_is_a_change_or_told() {
    assert!(hold("pages", laws::pages::holds) >= 90);
}

#[test]
fn rows_hold_the_laws_of_the_contract() {
    assert!(hold("normaliser", laws::normaliser::holds) >= 50);
}

#[test]
fn no_cell_begins_like_a_formula() {
    assert!(hold("csv", laws::csv::holds) >= 30);
}

#[test]
fn no_text_makes_markup() {
    assert!(hold("html", laws::html::holds) >= 30);
}

#[test]
fn every_text_comes_back_out_of_a_workbook() {
    assert!(hold("xlsx", laws::xlsx::holds) >= 30);
}
