//! What is told of a batch: a row for each case, all of them added up, types beside cases, and which cases need a look
//! first. Nothing here is read again: a case is what was kept of its report.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{EntityType, Function};

use super::Standing;

pub use super::case::{ACTIONS, Case, CaseGroup, CaseReport, CaseTotals, CaseWords, TOLD, problems_of};

/// Something in the place of the cases that is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// Where it is, as the operator said.
    pub source: String,
    /// Why it is no case.
    pub reason: LeftOutReason,
}

/// Why something is no case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LeftOutReason {
    /// It cannot be looked into.
    Unreadable,
    /// A page outside of every case: nothing tells whose it is.
    LoosePage,
    /// Pages that name no job, where each job is a case.
    NoJob,
    /// A symbolic link to a folder that is in no case.
    LinkToFolder,
    /// An archive of a kind that is not read.
    ForeignArchive,
    /// It lies in another case, or is one under another name.
    Twice,
    /// Its name begins with a dot.
    Hidden,
    /// This program made it, or is about to.
    OwnMaking,
    /// It holds nothing that this program reads.
    NothingOfUse,
}

impl LeftOutReason {
    /// Whether changes are missing from the batch by it.
    #[must_use]
    pub fn is_error(self) -> bool {
        match self {
            LeftOutReason::Unreadable
            | LeftOutReason::LoosePage
            | LeftOutReason::NoJob
            | LeftOutReason::LinkToFolder
            | LeftOutReason::ForeignArchive => true,
            LeftOutReason::Twice
            | LeftOutReason::Hidden
            | LeftOutReason::OwnMaking
            | LeftOutReason::NothingOfUse => false,
        }
    }

    /// Whether it is told to whoever asks for no details: what lacks, what is counted elsewhere, and what is taken for a
    /// work of this program, which an intruder may imitate.
    #[must_use]
    pub fn is_always_told(self) -> bool {
        self.is_error() || matches!(self, LeftOutReason::OwnMaking | LeftOutReason::Twice)
    }
}

/// All cases of a batch, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// The cases.
    pub cases: Vec<Case>,
    /// What lay beside them, and is none.
    pub left_out: Vec<LeftOut>,
    /// The operator's title of all of them.
    pub title: Option<String>,
    /// What the batch ends with.
    pub exit_code: u8,
}

/// All cases added up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BatchTotals {
    /// How many cases there are.
    pub cases: u64,
    /// How many have a report.
    pub reports: u64,
    /// Planned changes: all, and those of each of [`ACTIONS`], and others.
    pub objects: u64,
    /// Their changed properties and links.
    pub changes: u64,
    /// Planned changes by action, all others last.
    pub actions: [u64; 4],
    /// Their changed properties and links.
    pub action_changes: [u64; 4],
    /// Changes of an unknown function; `None` where no case has a page of them.
    pub others: Option<u64>,
    /// Their changed properties and links.
    pub other_changes: u64,
    /// Changes that failed.
    pub failed: u64,
    /// Problems by which data is missing.
    pub errors: u64,
    /// Other problems.
    pub warnings: u64,
}

/// The object changes of one function by case and type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseMatrix {
    /// The function.
    pub function: Function,
    /// The types, each a column in contract order; `None` stands for all others together.
    pub types: Vec<Option<EntityType>>,
    /// The cases that have pages of it, by their position, with a number for each type.
    pub lines: Vec<(usize, Vec<u64>)>,
    /// All lines together.
    pub total: Vec<u64>,
}

/// How many types have a column of their own; the service knows twelve.
const TYPE_COLUMNS: usize = 14;

/// Why a case is to be looked at before others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LookReason {
    /// There is no report.
    NoReport,
    /// Data is missing from it, or may be.
    Incomplete,
    /// Something else is wrong that the row tells.
    Faulty,
    /// Recovery could not make so many changes.
    Failed(u64),
    /// So many changes are of what is neither a user nor a group.
    BesidePeople(u64),
}

impl LookReason {
    /// The place of its kind in the order.
    fn place(self) -> u8 {
        match self {
            LookReason::NoReport => 0,
            LookReason::Incomplete => 1,
            LookReason::Faulty => 2,
            LookReason::Failed(_) => 3,
            LookReason::BesidePeople(_) => 4,
        }
    }

    /// How many changes it is about.
    fn changes(self) -> u64 {
        match self {
            LookReason::Failed(changes) | LookReason::BesidePeople(changes) => changes,
            LookReason::NoReport | LookReason::Incomplete | LookReason::Faulty => 0,
        }
    }
}

impl Case {
    /// Why it is to be looked at, the gravest reason first; nothing where it has no such reason.
    #[must_use]
    pub fn look_reasons(&self) -> Vec<LookReason> {
        let Some(report) = &self.report else { return vec![LookReason::NoReport] };
        let is_lacking =
            matches!(report.standing, Standing::Incomplete | Standing::Suspicious | Standing::DataMissing);
        let failed = report.failed().unwrap_or_default() + report.restore_artifacts.1;
        let beside = report.beside_people();
        let reasons = [
            is_lacking.then_some(LookReason::Incomplete),
            self.error.is_some().then_some(LookReason::Faulty),
            (failed > 0).then_some(LookReason::Failed(failed)),
            (beside > 0).then_some(LookReason::BesidePeople(beside)),
        ];
        reasons.into_iter().flatten().collect()
    }
}

impl Batch {
    /// The cases that need a look, by their positions: those without a report first, then those from which data is
    /// missing, then those with a fault, then those with failed changes, most first, then those with changes of what is
    /// neither a user nor a group, most first; among equals, in the order of the cases.
    #[must_use]
    pub fn look_first(&self) -> Vec<(usize, Vec<LookReason>)> {
        let cases = self.cases.iter().map(Case::look_reasons).enumerate();
        let mut needed: Vec<(usize, Vec<LookReason>)> =
            cases.filter(|(_, reasons)| !reasons.is_empty()).collect();
        let place = |reason: Option<&LookReason>| {
            reason.map(|reason| (reason.place(), std::cmp::Reverse(reason.changes())))
        };
        needed.sort_by_key(|(position, reasons)| (place(reasons.first()), *position));
        needed
    }

    /// All cases added up.
    #[must_use]
    pub fn totals(&self) -> BatchTotals {
        let mut totals = BatchTotals { cases: self.cases.len() as u64, ..BatchTotals::default() };
        for case in &self.cases {
            totals.errors += case.errors;
            totals.warnings += case.warnings;
            let Some(report) = &case.report else { continue };
            totals.reports += 1;
            totals.objects += report.totals_of(Function::GetChanges).map_or(0, |totals| totals.objects);
            if let Some(others) = report.totals_of(Function::Unknown) {
                *totals.others.get_or_insert_default() += others.objects;
                totals.other_changes += others.property_changes + others.link_changes;
            }
            totals.failed += report.failed().unwrap_or_default();
            for (place, action) in ACTIONS.iter().map(Some).chain([None]).enumerate() {
                let changes = report.planned_changes(action).unwrap_or_default();
                totals.actions[place] += report.planned(action).unwrap_or_default();
                totals.action_changes[place] += changes;
                totals.changes += changes;
            }
        }
        totals
    }

    /// Cases × types, for each function that has a change.
    #[must_use]
    pub fn matrices(&self) -> Vec<CaseMatrix> {
        let matrices = Function::ALL.into_iter().map(|function| self.matrix(function));
        matrices.filter(|matrix| !matrix.types.is_empty()).collect()
    }

    fn matrix(&self, function: Function) -> CaseMatrix {
        let mut counts: BTreeMap<EntityType, BTreeMap<usize, u64>> = BTreeMap::new();
        let reports =
            self.cases.iter().enumerate().filter_map(|(at, case)| Some((at, case.report.as_ref()?)));
        let of_function: Vec<(usize, &CaseReport)> =
            reports.filter(|(_, report)| report.totals_of(function).is_some()).collect();
        for (position, report) in &of_function {
            for group in report.groups_of(function) {
                let of_type = counts.entry(EntityType::from_word(&group.entity_type)).or_default();
                *of_type.entry(*position).or_default() += group.objects;
            }
        }
        let columns: Vec<(EntityType, BTreeMap<usize, u64>)> = counts.into_iter().collect();
        let (own, others) = columns.split_at(columns.len().min(TYPE_COLUMNS));
        let count = |of_type: &BTreeMap<usize, u64>, at: usize| of_type.get(&at).copied().unwrap_or_default();
        let line = |at: usize| {
            let mut line: Vec<u64> = own.iter().map(|(_, of_type)| count(of_type, at)).collect();
            let other = || others.iter().map(|(_, of_type)| count(of_type, at)).sum::<u64>();
            line.extend((!others.is_empty()).then(other));
            line
        };
        let lines: Vec<(usize, Vec<u64>)> = of_function.iter().map(|(at, _)| (*at, line(*at))).collect();
        let mut types: Vec<Option<EntityType>> = own.iter().map(|(kind, _)| Some(kind.clone())).collect();
        types.extend((!others.is_empty()).then_some(None));
        let sum = |column: usize| lines.iter().map(|(_, line)| line[column]).sum();
        let total = (0..types.len()).map(sum).collect();
        CaseMatrix { function, types, lines, total }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Input, SurveyOptions, survey};
    use crate::report::{Options, Report};

    fn case(name: &str, documents: &[&str]) -> Case {
        let inputs = vec![Input::Stdin(documents.join("\n").into_bytes())];
        let export = survey(inputs, &SurveyOptions::default(), crate::diff::extent, |_| ());
        let report = CaseReport::of(&Report::new(&export, Options::default()));
        let (errors, warnings) = problems_of(export.problems());
        Case { name: name.to_owned(), errors, warnings, report: Some(report), ..Case::default() }
    }

    fn planned(items: &[(&str, &str)]) -> String {
        let item = |(number, (kind, action)): (usize, &(&str, &str))| {
            format!(
                r#"{{"id":"{number}","entityTypeName":"{kind}","displayName":"N","recoveryAction":"{action}",
                    "deltaFromCurrent":{{"a":1}},"currentState":{{"a":2}}}}"#
            )
        };
        let items = items.iter().enumerate().map(item).collect::<Vec<_>>().join(",");
        format!(r#"{{"@odata.context":"x/getChanges","value":[{items}]}}"#)
    }

    fn batch(cases: Vec<Case>) -> Batch {
        Batch { cases, ..Batch::default() }
    }

    #[test]
    fn cases_are_added_up_by_action_and_type() {
        let one = case("one", &[&planned(&[("user", "update"), ("user", "restore"), ("group", "zap")])]);
        let two = case("two", &[&planned(&[("application", "softDelete")])]);
        let none = Case { name: "none".to_owned(), ..Case::default() };
        let batch = batch(vec![one, none, two]);
        let totals = batch.totals();
        assert_eq!((totals.cases, totals.reports, totals.objects), (3, 2, 4));
        assert_eq!((totals.actions, totals.failed), ([1, 1, 1, 1], 0));
        assert_eq!(totals.changes, totals.action_changes.iter().sum::<u64>());
        let rows = |case: &Case| case.report.as_ref().map_or(0, |report| report.totals[0].property_changes);
        assert_eq!(totals.changes, batch.cases.iter().map(rows).sum::<u64>());
        let matrices = batch.matrices();
        assert_eq!(matrices.len(), 1);
        assert_eq!(matrices[0].lines, [(0, vec![2, 1, 0]), (2, vec![0, 0, 1])]);
        assert_eq!(matrices[0].total, [2, 1, 1]);
    }

    #[test]
    fn more_types_than_a_reader_can_take_in_are_added_up() {
        let words: Vec<String> = (10..30).map(|number| format!("t{number}")).collect();
        let items: Vec<(&str, &str)> = words.iter().map(|word| (word.as_str(), "update")).collect();
        let matrices = batch(vec![case("one", &[&planned(&items)])]).matrices();
        assert_eq!((matrices[0].types.len(), matrices[0].types.last()), (TYPE_COLUMNS + 1, Some(&None)));
        assert_eq!(matrices[0].lines[0].1.last(), Some(&6));
    }

    #[test]
    fn the_gravest_cases_are_looked_at_first() {
        let users = planned(&[("user", "update")]);
        let failed =
            r#"{"@odata.context":"x/getFailedChanges","value":[{"id":"1","entityTypeName":"user"}]}"#;
        let open = r#"{"@odata.context":"x/getFailedChanges","@odata.nextLink":"x","value":[]}"#;
        let mut faulty = case("faulty", &[&users]);
        faulty.error = Some("x".to_owned());
        let cases = vec![
            case("quiet", &[&users]),
            case("policies", &[&planned(&[("conditionalAccessPolicy", "update")])]),
            case("failed", &[&users, failed]),
            faulty,
            case("open", &[&users, open]),
            Case { name: "none".to_owned(), exit_code: 4, ..Case::default() },
            case("applications", &[&planned(&[("application", "update"), ("application", "restore")])]),
        ];
        let batch = batch(cases);
        let order: Vec<&str> =
            batch.look_first().into_iter().map(|(at, _)| batch.cases[at].name.as_str()).collect();
        assert_eq!(order, ["none", "open", "faulty", "failed", "applications", "policies"]);
    }

    #[test]
    fn a_case_is_kept_whole() {
        let case = case("one", &[&planned(&[("user", "update")])]);
        let kept = serde_json::to_string(&case).expect("a case is made of JSON values");
        assert_eq!(serde_json::from_str::<Case>(&kept).expect("it is read back"), case);
        assert_eq!(case.report.expect("a report").first.len(), 1);
    }
}
