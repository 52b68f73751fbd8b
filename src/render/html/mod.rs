//! `report.html`: one file to read, to search, to print and to put before others; nothing is loaded.
//!
//! The template gets finished values: words out of [`wording`], and text of the input as [`text::Text`], the
//! only way for it into the page. What a large report leaves out of the page is decided in `select`.

mod batch;
mod chart;
mod data;
mod explore;
mod first;
mod head;
mod jobs;
mod object;
mod part;
mod restore;
mod select;
mod text;
mod value;

use std::fmt;

use askama::Template as _;
use askama::filters::HtmlSafe;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::report::wording::{self, evidence, heading, restore as words};

use super::count::Counts;
use super::run::Run;

pub(super) use batch::batch_page;
pub(super) use data::{Columns, Explored};
pub(super) use explore::Tail;

use first::FirstPart;
use head::{
    DeadlinePart, ExclusionPart, Fact, FailurePart, InputPart, NumbersPart, ProblemPart, SetPart,
    StandingPart,
};
use jobs::Neighbours;
use part::{Maker, Part};
use restore::RestorePart;
use select::{LeftOut, Selection};
use text::{Plain, Text};

/// The finished page.
pub(super) struct Page {
    pub(super) bytes: Vec<u8>,
    /// What was chosen to stand in it, by the numbers of the survey.
    pub(super) chosen: Counts,
    /// What stands behind the data of the changes.
    pub(super) tail: Tail,
}

/// The style sheet, the same in every report of a version, and what restore sessions add to it: the policy names
/// its hash.
#[derive(Clone, Copy)]
struct Style {
    has_restore_sessions: bool,
    is_explored: bool,
}

impl HtmlSafe for Style {}

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(include_str!("../../../templates/report.css"))?;
        f.write_str(if self.has_restore_sessions {
            include_str!("../../../templates/restore.css")
        } else {
            ""
        })?;
        f.write_str(if self.is_explored { include_str!("../../../templates/explore.css") } else { "" })
    }
}

/// Everything the template shows.
#[derive(askama::Template)]
#[template(path = "report.html")]
struct Document<'v> {
    style: Style,
    /// Of the script, which can make no markup out of text; `None` where there is nothing to explore.
    script_hash: Option<String>,
    style_hash: String,
    page_title: Plain<'v>,
    kicker: &'static str,
    title: Text<'v>,
    standing: StandingPart,
    neighbours: Neighbours,
    /// How much of the input is a problem.
    problem_counts: Option<String>,
    evidence_id: String,
    operator: Vec<Fact<'v>>,
    only_jobs: Vec<Text<'v>>,
    more_only_jobs: Option<String>,
    sets: Vec<SetPart<'v>>,
    more_sets: Option<String>,
    look_first: Option<FirstPart>,
    numbers: Vec<NumbersPart<'v>>,
    /// In the place of the failures.
    no_failures: &'static str,
    failures: Vec<FailurePart<'v>>,
    more_failures: Option<String>,
    problems: Vec<ProblemPart<'v>>,
    more_problems: Vec<String>,
    deadline: Option<DeadlinePart<'v>>,
    /// Where not all rows are in the page.
    selection: Option<String>,
    /// The outcomes that occur, and what they mean.
    outcomes: Vec<(&'static str, &'static str)>,
    /// In the place of the changes.
    /// Without a page, what is said about changes alone says nothing.
    has_pages: bool,
    no_changes: &'static str,
    parts: Vec<Part<'v>>,
    restore: Option<RestorePart<'v>>,
    inputs: Vec<InputPart<'v>>,
    more_inputs: Option<String>,
    exclusions: Vec<ExclusionPart<'v>>,
    more_exclusions: Option<String>,
    notes: Vec<&'static str>,
    version: &'static str,
}

/// The page of a report.
pub(super) fn document(run: Run<'_, '_>) -> Page {
    let report = run.report;
    let selection = Selection::of(report);
    let maker = Maker { report, selection: &selection };
    let title = report.title();
    let (only_jobs, more_only_jobs) = head::only_jobs(report);
    let (sets, more_sets) = head::sets(report);
    let (failures, more_failures) = head::failures(report, &selection);
    let (problems, more_problems) = head::problems(report);
    let (inputs, more_inputs) = head::inputs(report);
    let (exclusions, more_exclusions) = head::exclusions(report);
    let restore = restore::part(report);
    let style = Style { has_restore_sessions: restore.is_some(), is_explored: explore::is_explored(report) };
    let document = Document {
        style,
        script_hash: style.is_explored.then(|| hash(&explore::Script.to_string())),
        style_hash: hash(&style.to_string()),
        page_title: Plain(title),
        kicker: if report.has_pages() { heading::KICKER } else { words::KICKER },
        title: Text::new(title),
        standing: StandingPart::of(report.standing()),
        neighbours: Neighbours::of(report),
        problem_counts: (!report.export().problems().is_empty())
            .then(|| wording::problem_counts(report.export().problems())),
        evidence_id: report.inputs().evidence_id().to_string(),
        operator: head::operator(report),
        only_jobs,
        more_only_jobs,
        sets,
        more_sets,
        look_first: FirstPart::of(report, &selection),
        numbers: head::numbers(report, &selection),
        no_failures: wording::no_failures(report.has_failed_pages()),
        failures,
        more_failures,
        problems,
        more_problems,
        deadline: head::deadline(report),
        selection: selection.left_out.as_ref().map(selection_words),
        outcomes: report
            .outcomes()
            .into_iter()
            .map(|outcome| (wording::outcome_cell(outcome), wording::outcome_meaning(outcome)))
            .collect(),
        has_pages: report.has_pages(),
        no_changes: wording::no_changes(report.has_pages()),
        parts: maker.parts(),
        restore,
        inputs,
        more_inputs,
        exclusions,
        more_exclusions,
        notes: notes(run, style),
        version: env!("CARGO_PKG_VERSION"),
    };
    let rendered = document.render().expect(object::INFALLIBLE);
    let tail = Tail::of(report, run.options);
    Page { bytes: rendered.into_bytes(), chosen: selection.counts(report), tail }
}

/// How the policy names what is in the page itself.
fn hash(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text)))
}

fn selection_words(left_out: &LeftOut) -> String {
    wording::selection(left_out.rows, left_out.groups, left_out.failed)
}

/// What was done to values on their way into the files of this run.
fn notes(run: Run<'_, '_>, style: Style) -> Vec<&'static str> {
    let guard = if style.has_restore_sessions { heading::GUARD_NOTE_OF_BOTH } else { heading::GUARD_NOTE };
    let guard = (!run.options.csv_raw).then_some(guard);
    [Some(heading::REDACTION_NOTE), Some(heading::HIDDEN_NOTE), guard].into_iter().flatten().collect()
}
