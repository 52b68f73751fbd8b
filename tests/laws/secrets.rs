//! No output ever holds a secret.

use proptest::prelude::*;

use entra_diff::render::{Format, Options};

use super::exports::{files, on_disk};
use super::generate::{MARKER, Spice, object};
use super::page;
use super::support::{report, survey, write};
use super::workbook;

proptest! {
    #[test]
    fn a_planted_secret_is_in_no_output(files in files()) {
        let (_scene, root) = on_disk(&files);
        let export = survey(&[root]);
        for csv_raw in [false, true] {
            let outputs = write(&report(&export), &Format::ALL, &Options { csv_raw, ..Options::default() });
            for (format, (bytes, _)) in Format::ALL.into_iter().zip(outputs) {
                let text = if format == Format::Xlsx {
                    workbook::parts(&bytes).into_iter().map(|(_, text)| text).collect()
                } else {
                    let text = String::from_utf8(bytes).expect("outputs are UTF-8");
                    if format == Format::Html { page::unpacked(&text) } else { text }
                };
                let found = text.lines().find(|line| line.contains(MARKER));
                prop_assert_eq!(found, None, "{:?}", format);
            }
        }
    }
}

/// The law above says nothing unless secrets are really planted.
#[test]
fn most_generated_sides_hold_a_secret() {
    use proptest::strategy::{Strategy as _, ValueTree as _};
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut side = || object(Spice::ALL, 2).new_tree(&mut runner).expect("a value").current().to_string();
    let planted = (0..200).filter(|_| side().contains(MARKER)).count();
    assert!(planted > 60, "only {planted} of 200");
}
