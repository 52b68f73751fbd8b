//! The kinds of input that tests for readers of JSON are made of: what is JSON and has to be read, what is none and has
//! to be refused, and what RFC 8259 leaves open. Each is tried as a value inside an item, between two others, and as a
//! file of its own beside a good page.

mod json;
mod left_open;
mod no_json;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::matrix::Told;
use super::scene::{ANA, Scene, planned};

/// The report of a folder with a file for each text, and with Ana's page.
struct Tried {
    told: Told,
    changes: BTreeMap<String, Value>,
    problems: BTreeMap<String, Vec<Value>>,
}

impl Tried {
    fn of(files: impl Iterator<Item = (String, Vec<u8>)>) -> Self {
        let scene = Scene::of(&[("in/good.json", planned(&[ANA]))]);
        for (name, bytes) in files {
            scene.write(&format!("in/{name}"), bytes);
        }
        let told = Told::of(scene);
        told.keeps_ana("the good page");
        let mut problems: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for problem in told.summary["problems"].as_array().expect("problems") {
            let source = problem["source"].as_str().expect("a source");
            let file =
                source.split('#').next().unwrap_or_default().split(".json:").next().unwrap_or_default();
            let file = file.trim_end_matches(".json").to_owned();
            problems.entry(file).or_default().push(problem.clone());
        }
        let id = |change: &Value| change["id"].as_str().expect("an id").to_owned();
        let changes = told.changes.iter().map(|change| (id(change), change.clone())).collect();
        Tried { told, changes, problems }
    }

    /// Each text as an element of a property's value, in the backup of one item and in the current state of another;
    /// an item stands in front of them and one behind.
    fn as_values<T: AsRef<[u8]>>(texts: &[T]) -> Self {
        let pages = texts.iter().enumerate().map(|(number, text)| {
            let item = |id: &str, backup: &[u8], current: &[u8]| {
                let head = format!(r#"{{"id":"{id}-{number}","recoveryAction":"update","failureMessage":"no","deltaFromCurrent":{{"v":["#);
                [head.as_bytes(), backup, br#"]},"currentState":{"v":["#, current, b"]}}"].concat()
            };
            let (plain, other) = (b"1".as_slice(), br#""other""#.as_slice());
            let text = text.as_ref();
            let items = [
                item("before", plain, other),
                item("backup", text, other),
                item("current", other, text),
                item("behind", plain, other),
            ];
            let context = format!(
                r#"{{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#directory/recovery/snapshots/s{number}/recoveryJobs/r/getFailedChanges","@odata.count":4,"value":["#
            );
            (format!("v{number}.json"), [context.as_bytes(), &items.join(&b","[..]), b"]}"].concat())
        });
        Tried::of(pages)
    }

    /// Each text as a file of its own.
    fn as_files<T: AsRef<[u8]>>(texts: &[T]) -> Self {
        let files = texts.iter().enumerate();
        Tried::of(files.map(|(number, text)| (format!("d{number}.json"), text.as_ref().to_vec())))
    }

    /// The codes of the problems of a file.
    fn codes(&self, file: &str) -> Vec<&str> {
        let problems = self.problems.get(file).map(Vec::as_slice).unwrap_or_default();
        problems.iter().map(|problem| problem["code"].as_str().expect("a code")).collect()
    }

    /// The value that is reported of the text, of each side; `None` where its item is not in the report.
    fn value(&self, side: &str, number: usize) -> Option<&Value> {
        let change = self.changes.get(&format!("{side}-{number}"))?;
        assert_eq!(change["changes"].as_array().map(Vec::len), Some(1), "{change:#}");
        Some(&change["changes"][0][side])
    }

    fn is_there(&self, id: &str, number: usize) -> bool {
        self.changes.contains_key(&format!("{id}-{number}"))
    }

    fn is_passed_over(&self, file: &str) -> bool {
        self.told.passed_over().contains(&format!("{file}.json").as_str())
    }
}

/// Whether a text leaves a string, a comment or a bracket open, or closes one that is not: then what is behind it in its
/// page may be lost with it.
fn leaves_open(text: &[u8]) -> bool {
    let (mut open, mut is_string, mut is_escaped) = (Vec::new(), false, false);
    for byte in text {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_string => is_escaped = true,
            b'"' => is_string = !is_string,
            b'[' if !is_string => open.push(b']'),
            b'{' if !is_string => open.push(b'}'),
            b']' | b'}' if !is_string && open.pop() != Some(*byte) => return true,
            _ => {}
        }
    }
    is_string || is_escaped || !open.is_empty() || text.windows(2).any(|bytes| bytes == b"/*")
}

fn shown(text: &[u8]) -> String {
    text.escape_ascii().to_string()
}

#[test]
fn what_is_json_is_read_as_a_value() {
    let texts = json::texts();
    assert!(texts.len() >= 95, "{}", texts.len());
    let tried = Tried::as_values(&texts);
    assert_eq!(tried.told.ended.code, Some(0), "{}", tried.told.ended);
    for (number, text) in texts.iter().enumerate() {
        let expected: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let expected = json!([expected]);
        for side in ["backup", "current"] {
            assert_eq!(tried.value(side, number), Some(&expected), "{text}");
        }
        assert!(tried.is_there("before", number) && tried.is_there("behind", number), "{text}");
        let is_twice = text.matches(r#""a":"#).count() > 1;
        assert!(
            tried.codes(&format!("v{number}")).iter().all(|code| is_twice && *code == "duplicateKey"),
            "{text}"
        );
    }
}

#[test]
fn what_is_json_and_nothing_of_ours_is_passed_over_and_named() {
    let texts = json::texts();
    let tried = Tried::as_files(&texts);
    assert_eq!((tried.told.ended.code, tried.told.ended.err.as_str()), (Some(0), ""), "{}", tried.told.ended);
    for (number, text) in texts.iter().enumerate() {
        assert!(tried.is_passed_over(&format!("d{number}")), "{text}");
    }
    // Alone it is nothing to report.
    let scene = Scene::of(&[("1.json", "{\"a\":[1]}")]);
    scene.run(&["report", "1.json", "-o", "out"]).tells(4, &[], &["entra-diff: nothing to report: "]);
}

#[test]
fn what_is_no_json_costs_its_item_and_no_other() {
    let texts = no_json::values();
    assert!(texts.len() >= 187, "{}", texts.len());
    let tried = Tried::as_values(&texts);
    assert_eq!(tried.told.ended.code, Some(3), "{}", tried.told.ended);
    let mut wrong = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let file = format!("v{number}");
        let (codes, what) = (tried.codes(&file), shown(text));
        let is_text = std::str::from_utf8(text).is_ok();
        let is_kept = tried.value("backup", number).or(tried.value("current", number)).is_none();
        let others = match (is_text, leaves_open(text)) {
            // Bytes that are no text cost their document.
            (false, _) => codes == ["invalidEncoding"],
            (true, false) => {
                codes == ["unrecognisedItem"; 2]
                    && tried.is_there("before", number)
                    && tried.is_there("behind", number)
            }
            (true, true) => !codes.is_empty() && tried.is_there("before", number),
        };
        let has_place = tried.problems.get(&file).is_some_and(|problems| {
            problems
                .iter()
                .filter(|problem| problem["code"] != "incomplete")
                .all(|problem| problem["line"].is_u64())
        });
        if !(is_kept && others && has_place) {
            wrong.push(format!("{what}: {codes:?} {is_kept} {others} {has_place}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_no_json_is_told_as_a_file() {
    let texts = no_json::documents();
    assert!(texts.len() >= 187, "{}", texts.len());
    let tried = Tried::as_files(&texts);
    assert_eq!(tried.told.ended.code, Some(3), "{}", tried.told.ended);
    let known = [
        "notJson",
        "truncatedJson",
        "invalidEncoding",
        "emptyFile",
        "html",
        "powershellText",
        "unrecognisedItem",
    ];
    let mut wrong = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let codes = tried.codes(&format!("d{number}"));
        if codes.is_empty() || !codes.iter().all(|code| known.contains(code)) {
            wrong.push(format!("{}: {codes:?}", shown(text)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let input = tried.told.summary["inputs"].as_array().expect("inputs").len();
    assert_eq!(input, 1 + texts.len(), "every file is among the inputs, with its digest");
}

/// What is no JSON and accepted on purpose: comments, several documents in a file, marks between them.
#[test]
fn what_is_no_json_and_accepted_on_purpose_is_read() {
    let values = no_json::accepted_values();
    let tried = Tried::as_values(&values.map(|(text, _)| text));
    assert_eq!(tried.told.ended.code, Some(0), "{}", tried.told.ended);
    for (number, (text, value)) in values.iter().enumerate() {
        let expected: Value = serde_json::from_str(value).expect("JSON");
        assert_eq!(tried.value("backup", number), Some(&expected), "{text}");
        assert_eq!(tried.value("current", number), Some(&expected), "{text}");
    }
    let documents = no_json::accepted_documents();
    let tried = Tried::as_files(&documents);
    assert_eq!((tried.told.ended.code, tried.told.ended.err.as_str()), (Some(0), ""), "{}", tried.told.ended);
    for (number, text) in documents.iter().enumerate() {
        assert!(tried.is_passed_over(&format!("d{number}")), "{text}");
    }
}

/// What the grammar leaves to the reader, as a value: what is reported, and the problem that tells of it.
#[test]
fn what_is_left_open_has_a_stated_outcome_as_a_value() {
    let cases = left_open::values();
    let tried = Tried::as_values(&cases.iter().map(|(text, _, _)| text).collect::<Vec<_>>());
    let mut wrong = Vec::new();
    for (number, (text, expected, codes)) in cases.iter().enumerate() {
        let expected = expected.as_ref().map(|value| json!([value]));
        let found = (
            tried.value("backup", number),
            tried.value("current", number),
            tried.codes(&format!("v{number}")),
        );
        let is_around = tried.is_there("before", number) && tried.is_there("behind", number);
        if found != (expected.as_ref(), expected.as_ref(), codes.to_vec()) || !is_around {
            let text: String = text.chars().take(80).collect();
            wrong.push(format!("{text}: {:?} {is_around}", found.2));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The same as a file: passed over where it is read, else the problem.
#[test]
fn what_is_left_open_has_a_stated_outcome_as_a_file() {
    let cases = left_open::documents();
    assert!(cases.len() + left_open::values().len() >= 35);
    let tried = Tried::as_files(&cases.iter().map(|(text, _)| text).collect::<Vec<_>>());
    let mut wrong = Vec::new();
    for (number, (text, codes)) in cases.iter().enumerate() {
        let file = format!("d{number}");
        let found = tried.codes(&file);
        if found != *codes || (codes.is_empty() && !tried.is_passed_over(&file)) {
            wrong.push(format!(
                "{}: {found:?} {}",
                shown(&text[..text.len().min(40)]),
                tried.is_passed_over(&file)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
