//! Any bytes in any file: never a panic, and no file that is not accounted for.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use entra_diff::ingest::{self, Export, Input, SurveyOptions};
use entra_diff::render::{Format, Options};
use entra_diff::{diff, render};

use super::exports::on_disk;
use super::generate::one_of;
use super::support::{report, survey, write};

/// Fragments that mean something to a reader of pages, whole and cut.
const FRAGMENTS: [&[u8]; 34] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\",
    b"null",
    b"1e5",
    b"\"value\":[",
    b"{\"id\":\"1\",",
    b"\"deltaFromCurrent\":{\"a\":1}",
    b"\"currentState\":{\"a\":[2]}}",
    b"\"@odata.nextLink\":\"x?$skip=1\"",
    b"\"@odata.context\":\"https://x/snapshots/MTc=/recoveryJobs/j/getFailedChanges\",",
    b"// note\n",
    b"/*",
    b"*/",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\0",
    b"\n",
    b"\"\\ud83d\"",
    b"<html>",
    b"<Objs",
    b"error",
    b"{\"error\":{\"code\":\"x\",\"message\":\"y\"}}",
    b"Name  Value\n",
    b"{\"value\":[],\"Count\":0}",
    b"{\"schemaVersion\":1,\"tool\":{\"name\":\"entra-diff\"}}",
    b"\xe2\x80\xae",
    b"\"members@delta\":\"a b\"",
];

/// A whole page, to be damaged.
const PAGE: &str = r#"{"@odata.context":"https://x/snapshots/MTc=/recoveryPreviewJobs/j/getChanges","@odata.count":2,
 "value":[{"id":"1","recoveryAction":"update","deltaFromCurrent":{"tags":["é","a"],"x":{"y":1}},"currentState":null},
 {"objectId":"2","deltaFromCurrent":{"members@delta":[{"id":"3"}]},"failureMessage":"no \ud83d\ude00"}]}"#;

fn content() -> impl Strategy<Value = Vec<u8>> {
    let fragments = vec(one_of(FRAGMENTS), 0..24).prop_map(|parts| parts.concat());
    let damaged = vec((0..PAGE.len(), any::<u8>(), 0..3_u8), 0..4).prop_map(|damages| {
        let mut bytes = PAGE.as_bytes().to_vec();
        for (at, byte, how) in damages {
            let at = at.min(bytes.len().saturating_sub(1));
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ if at > 0 => bytes.truncate(at),
                _ => {}
            }
        }
        bytes
    });
    prop_oneof![vec(any::<u8>(), 0..40), fragments, damaged]
}

fn name() -> impl Strategy<Value = &'static str> {
    one_of([
        "a.json",
        "b.JSONC",
        "c.ndjson",
        "d.jsonl",
        "e",
        "getChanges-1",
        "notes.txt",
        ".hidden",
        "summary.json",
        "x/a.json",
        "x/changes.ndjson",
        "getFailedChanges/1.json",
        "sp ace/é.json",
    ])
}

/// Whether the file is among the inputs, or passed over, or has a problem.
fn is_named(export: &Export, name: &str) -> bool {
    export.files().any(|file| file.label == name)
        || export.passed_over().iter().any(|passed| passed.source == name)
        || export.problems().iter().any(|problem| problem.place.file == name)
}

proptest! {
    #[test]
    fn any_bytes_are_read_and_every_file_is_named(files in btree_map(name(), content(), 1..5)) {
        let files: BTreeMap<String, Vec<u8>> =
            files.into_iter().map(|(name, content)| (name.to_owned(), content)).collect();
        let (_scene, root) = on_disk(&files);
        let export = survey(&[root]);
        let report = report(&export);
        let outputs = write(&report, &Format::ALL, &Options::default());
        let lines = Format::ALL.iter().position(|format| *format == Format::Ndjson).expect("a format");
        prop_assert_eq!(outputs[lines].1, report.len() as u64);
        for name in files.keys() {
            prop_assert!(is_named(&export, name), "{} is not accounted for", name);
        }
    }

    #[test]
    fn any_bytes_on_standard_input_are_read_and_named(content in content()) {
        let inputs = vec![Input::Stdin(content)];
        let export = ingest::survey(inputs, &SurveyOptions::default(), diff::extent, |_| ());
        write(&report(&export), &Format::ALL, &Options::default());
        prop_assert!(is_named(&export, "-"));
    }

    #[test]
    fn any_item_is_told_in_a_line_that_is_json(content in content()) {
        let text = String::from_utf8_lossy(&content);
        if let Ok(read) = ingest::read_record(&text) {
            let changes = diff::changes(&read.record);
            prop_assert_eq!(diff::extent(&read.record).tally, changes.tally);
            let mut rows = Vec::new();
            render::write_rows(&changes.rows, &mut rows);
            prop_assert!(serde_json::from_slice::<serde_json::Value>(&rows).is_ok());
        }
    }
}
