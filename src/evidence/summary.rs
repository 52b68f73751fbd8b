//! `summary.json` held against the manifest beside it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::manifest::{Manifest, PageSetFile, Tool};

/// What is looked at of `summary.json`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Summary {
    tool: Tool,
    evidence_id: String,
    inputs: Vec<SummaryInput>,
    page_sets: Vec<SummarySet>,
    problems: Vec<SummaryProblem>,
}

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct SummaryInput {
    file: String,
    bytes: u64,
    sha256: String,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
struct SummarySet {
    function: String,
    snapshot_id: Option<String>,
    job_id: Option<String>,
    pages: u64,
    items: u64,
    verdict: String,
    reason: String,
}

#[derive(Deserialize)]
struct SummaryProblem {
    code: String,
    severity: String,
}

impl Summary {
    /// Whether both say the same of the tool, the inputs, the page sets and the problems. A summary does not list
    /// files that were read and passed over.
    pub(super) fn agrees(&self, manifest: &Manifest) -> bool {
        let mut problems: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        for problem in &self.problems {
            *problems.entry((&problem.code, &problem.severity)).or_default() += 1;
        }
        let stated = manifest.problems.iter();
        let stated =
            stated.map(|problem| ((problem.code.as_str(), problem.severity.as_str()), problem.count));
        self.tool == manifest.tool
            && self.evidence_id == manifest.evidence_id
            && self.inputs_agree(manifest)
            && self.page_sets.iter().eq(manifest
                .page_sets
                .iter()
                .map(SummarySet::of)
                .collect::<Vec<_>>()
                .iter())
            && stated.collect::<BTreeMap<_, _>>() == problems
    }

    fn inputs_agree(&self, manifest: &Manifest) -> bool {
        let files = manifest
            .inputs
            .iter()
            .map(|file| (SummaryInput::of(&file.file, file.bytes, &file.sha256), &file.role));
        let entries = manifest
            .entries
            .iter()
            .map(|file| (SummaryInput::of(&file.file, file.bytes, &file.sha256), &file.role));
        let all: BTreeMap<SummaryInput, &String> = files.chain(entries).collect();
        let told: BTreeSet<&SummaryInput> = self.inputs.iter().collect();
        let mut used = all
            .iter()
            .filter(|(_, role)| !["none", "archive"].contains(&role.as_str()))
            .map(|(input, _)| input);
        told.iter().all(|input| all.contains_key(*input)) && used.all(|input| told.contains(input))
    }
}

impl SummaryInput {
    fn of(file: &str, bytes: u64, sha256: &str) -> Self {
        SummaryInput { file: file.to_owned(), bytes, sha256: sha256.to_owned() }
    }
}

impl SummarySet {
    fn of(set: &PageSetFile) -> Self {
        SummarySet {
            function: set.function.clone(),
            snapshot_id: set.snapshot_id.clone(),
            job_id: set.job_id.clone(),
            pages: set.pages,
            items: set.items,
            verdict: set.verdict.clone(),
            reason: set.reason.clone(),
        }
    }
}
