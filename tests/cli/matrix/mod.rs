//! The matrix of faults of an input, line by line: each beside a page that nothing is wrong with, with its exit code,
//! what is told on standard error, and what stands in the report.
//!
//! A line is the number of a fault in the project's list of them; the files here are that list's headings. Lines that
//! other tests show wholly:
//!
//! - line 11, a page cut at any byte: also `damaged::a_page_cut_at_any_byte_never_costs_the_page_beside_it`
//! - line 14, the kinds of input of a suite of tests for readers of JSON: `json_suite`
//! - lines 50, 51, 57 in words: `completeness`
//! - line 60, that nothing is fetched: `network::no_socket_is_ever_opened` of the tests of faults

mod broken;
mod completeness;
mod cuts;
mod files;
mod limits;
mod shape;
mod syntax;

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use super::scene::{ANA, Ended, Scene, planned};

/// A failed change, for pages that something is wrong with.
pub(crate) const ZOE: &str = r#"{"entityTypeName":"user","id":"Zoe-1","displayName":"Zoe","recoveryAction":"update","deltaFromCurrent":{"city":"Oslo"},"currentState":{"city":"Bergen"},"failureMessage":"no"}"#;

/// What a report of Ana's page and other files says.
pub(crate) struct Told {
    pub(crate) scene: Scene,
    pub(crate) ended: Ended,
    pub(crate) summary: Value,
    pub(crate) changes: Vec<Value>,
}

/// Reports a folder with Ana's page, `good.json`, and these files.
pub(crate) fn beside<T: AsRef<[u8]>>(files: &[(&str, T)]) -> Told {
    let scene = Scene::of(&[("in/good.json", planned(&[ANA]))]);
    for (path, bytes) in files {
        scene.write(&format!("in/{path}"), bytes);
    }
    Told::of(scene)
}

impl Told {
    /// Reports the folder `in` of a scene.
    pub(crate) fn of(scene: Scene) -> Self {
        let ended = scene.run(&["report", "in", "-o", "out", "-f", "html,csv,ndjson,json"]);
        assert!(matches!(ended.code, Some(0 | 3)), "{ended}");
        let summary = scene.json("out/summary.json");
        let lines = scene.read("out/changes.ndjson");
        let changes = lines.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
        Told { scene, ended, summary, changes }
    }

    /// The problems of the summary, each as its code and its source.
    pub(crate) fn problems(&self) -> Vec<String> {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let problems = self.summary["problems"].as_array().expect("problems");
        problems
            .iter()
            .map(|problem| format!("{} {}", text(&problem["code"]), text(&problem["source"])))
            .collect()
    }

    /// The ids of the changes, in order.
    pub(crate) fn ids(&self) -> Vec<&str> {
        self.changes.iter().map(|change| change["id"].as_str().expect("an id")).collect()
    }

    /// The change of an object.
    #[track_caller]
    pub(crate) fn change(&self, id: &str) -> &Value {
        let mut found = self.changes.iter().filter(|change| change["id"] == *id);
        let change = found.next().unwrap_or_else(|| panic!("no change of {id}: {}", self.ended));
        assert!(found.next().is_none(), "more than one change of {id}: {}", self.ended);
        change
    }

    /// A file among the inputs of the summary.
    #[track_caller]
    pub(crate) fn input(&self, file: &str) -> &Value {
        let inputs = self.summary["inputs"].as_array().expect("inputs");
        let found = inputs.iter().find(|input| input["file"] == *file);
        found.unwrap_or_else(|| panic!("{file} is not among {inputs:#?}: {}", self.ended))
    }

    /// What was passed over, each with the reason.
    pub(crate) fn passed_over(&self) -> Vec<&str> {
        let passed = self.summary["passedOver"].as_array().expect("what was passed over");
        passed.iter().map(|passed| passed["source"].as_str().expect("a source")).collect()
    }

    /// The verdicts of the page sets of a function, in order.
    pub(crate) fn verdicts(&self, function: &str) -> Vec<&str> {
        let sets = self.summary["pageSets"].as_array().expect("page sets");
        let of = sets.iter().filter(|set| set["function"] == *function);
        of.map(|set| set["verdict"].as_str().expect("a verdict")).collect()
    }

    /// Ana's page is there as if it were alone: both rows in every format, and its page set complete.
    #[track_caller]
    pub(crate) fn keeps_ana(&self, what: &str) {
        let ana = self.change("Ana-1");
        assert_eq!(ana["changes"].as_array().map(Vec::len), Some(2), "{what}: {}", self.ended);
        assert_eq!(ana["source"], "good.json#/value/0", "{what}");
        let table = self.scene.read("out/changes.csv");
        for row in ["Ana-1,Ana,property,city,modified", "Ana-1,Ana,property,state,added"] {
            assert!(table.contains(row), "{what}: {row} is not in {table}");
        }
        assert!(self.scene.read("out/report.html").contains("Ana-1"), "{what}");
        assert_eq!(self.verdicts("getChanges").first(), Some(&"complete"), "{what}: {}", self.ended);
    }
}

/// A file with something wrong, and what is told of it.
pub(crate) struct Case {
    /// The line of the matrix.
    pub(crate) line: u32,
    pub(crate) what: &'static str,
    pub(crate) file: &'static str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) code: i32,
    /// All of standard error.
    pub(crate) err: String,
    /// The problems of the summary, each as its code and source.
    pub(crate) problems: &'static [&'static str],
    /// The ids of the changes beside Ana's.
    pub(crate) ids: &'static [&'static str],
}

/// Runs each case beside Ana's page; what is unlike what was expected is told together.
#[track_caller]
pub(crate) fn assert_cases(cases: Vec<Case>) {
    let mut wrong = Vec::new();
    for case in cases {
        let what = format!("line {}: {}", case.line, case.what);
        let told = beside(&[(case.file, &case.bytes)]);
        told.keeps_ana(&what);
        let ids: Vec<&str> = told.ids().into_iter().filter(|id| *id != "Ana-1").collect();
        let found = (told.ended.code, told.ended.err.as_str(), told.problems(), ids);
        let problems: Vec<String> = case.problems.iter().map(ToString::to_string).collect();
        let expected = (Some(case.code), case.err.as_str(), problems, case.ids.to_vec());
        if found != expected {
            wrong.push(format!("{what}:\n   found {found:?}\nexpected {expected:?}"));
        }
        assert_named(&told, case.file, &what);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What every document that is no JSON needs.
pub(crate) const SAVE_AGAIN: &str =
    "save the page again as the service sent it (Invoke-MgGraphRequest -OutputFilePath)";

/// What is told of a page set with a page that is cut or broken.
pub(crate) fn cut_short(file: &str) -> String {
    format!(
        "{file}: incomplete: changes are missing: one page is cut short or broken: fetch the missing pages by following \
         every @odata.nextLink, while the service still has them\n"
    )
}

/// The line and column where `part` stands in a text.
#[track_caller]
pub(crate) fn at(text: &str, part: &str) -> String {
    let before = &text[..text.find(part).unwrap_or_else(|| panic!("{part} is not in {text}"))];
    let line = before.rsplit('\n').next().unwrap_or_default();
    format!("{}:{}", before.matches('\n').count() + 1, line.chars().count() + 1)
}

pub(crate) fn utf16le(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

pub(crate) fn utf16be(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// These bytes as a gzip file.
pub(crate) fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// A file is among the inputs, the problems, or what was passed over.
#[track_caller]
pub(crate) fn assert_named(told: &Told, file: &str, what: &str) {
    let inputs = told.summary["inputs"].as_array().expect("inputs");
    let is_input = inputs.iter().any(|input| input["file"] == *file);
    let is_problem = told.problems().iter().any(|problem| problem.contains(file));
    assert!(is_input || is_problem || told.passed_over().contains(&file), "{what}: {file} is not named");
}
