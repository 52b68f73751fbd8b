//! What any reader is told, complete, ordered and worded before anything renders.
//!
//! A [`Report`] knows every number before a byte is written: groups in contract order, outcomes joined over
//! the functions, failures by reason, problems with their words. The objects themselves it reads again from
//! the export's bytes, a few hundred at a time, when a renderer walks them.

mod as_of;
pub mod batch;
mod case;
mod chunk;
mod deadline;
mod edits;
mod failure;
mod first;
mod group;
mod input_list;
mod jobs;
mod matrix;
mod options;
mod outcome;
mod restore;
mod summary;
mod time_zone;
pub mod wording;

use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;
use std::sync::OnceLock;

use crate::ingest::{Export, Identity, RecordReader};
use crate::model::{Function, Outcome, RestoreArtifact, Severity};

pub use as_of::{Backups, StateBasis};
pub use chunk::ObjectView;
pub use deadline::{Deadline, Earliest};
pub use edits::{EditCounts, Edits, IdenticalEdit, PropertyLine, PropertyTable, without_keys};
pub use failure::{FailureGroup, classify};
pub use first::{First, FirstChange};
pub use group::Group;
pub use input_list::InputList;
pub use matrix::{Cell, Line, Matrix};
pub use options::{Options, Perspective};
pub use restore::{RestoreCollection, RestoreGroup};
pub use summary::{JobTotals, Standing, Totals};
pub use time_zone::TimeZone;

use failure::Failures;
use outcome::Joined;

/// An export, counted, joined and put in order.
#[derive(Debug)]
pub struct Report<'e> {
    export: &'e Export,
    /// Made when it is first asked for.
    inputs: OnceLock<InputList>,
    options: Options,
    groups: Vec<Group<'e>>,
    /// The items in the order of the report, by their position in input order.
    order: Vec<u32>,
    /// By position in input order.
    outcomes: Vec<Joined>,
    totals: Vec<Totals>,
    jobs: Vec<JobTotals<'e>>,
    failed: Failures,
    failures: Vec<FailureGroup>,
    deadline: Option<Deadline>,
    restore_groups: Vec<RestoreGroup<'e>>,
}

/// How many bytes a row takes in all formats beside the names of its object (measured).
const OF_A_ROW: u64 = 640;

impl<'e> Report<'e> {
    /// Counts, joins and orders `export`.
    #[must_use]
    pub fn new(export: &'e Export, options: Options) -> Self {
        let outcomes = outcome::join(export);
        let ((groups, order), of_sets) =
            rayon::join(|| group::arrange(export, &outcomes), || summary::of_sets(export, &outcomes));
        let totals = summary::totals(&of_sets);
        let jobs = summary::jobs(export, &of_sets);
        let failed = Failures::of(&totals);
        let (failures, deadline) = rayon::join(
            || failure::count(export, (&groups, &order), failed),
            || deadline::of(export, &order),
        );
        Report {
            export,
            inputs: OnceLock::new(),
            options,
            groups,
            order,
            outcomes,
            totals,
            jobs,
            failed,
            failures,
            deadline,
            restore_groups: restore::groups(export),
        }
    }

    /// What was read.
    #[must_use]
    pub fn export(&self) -> &'e Export {
        self.export
    }

    /// The files that were read, and the evidence id.
    #[must_use]
    pub fn inputs(&self) -> &InputList {
        // Side by side, and before the cell is entered: whoever waits in there for others may be given their work.
        self.export.take_digests();
        self.inputs.get_or_init(|| InputList::of(self.export))
    }

    /// The operator's words.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The groups in contract order.
    #[must_use]
    pub fn groups(&self) -> &[Group<'e>] {
        &self.groups
    }

    /// The totals of each function that occurs, in contract order.
    #[must_use]
    pub fn totals(&self) -> &[Totals] {
        &self.totals
    }

    /// The totals of each job, where there is more than one of a function; otherwise empty.
    #[must_use]
    pub fn jobs(&self) -> &[JobTotals<'e>] {
        &self.jobs
    }

    /// The failed changes by reason, most first.
    #[must_use]
    pub fn failures(&self) -> &[FailureGroup] {
        &self.failures
    }

    /// The object changes of `function` by action and type.
    #[must_use]
    pub fn matrix(&self, function: Function) -> Matrix<'e> {
        Matrix::of(&self.groups, function)
    }

    /// The same with so few actions and types that it can be drawn; all others are added up.
    #[must_use]
    pub fn drawn_matrix(&self, function: Function) -> Matrix<'e> {
        Matrix::drawn(&self.groups, function)
    }

    /// By when soft-deleted objects must be restored; `None` where there are none.
    #[must_use]
    pub fn deadline(&self) -> Option<&Deadline> {
        self.deadline.as_ref()
    }

    /// The artifacts of restore sessions by collection and outcome, in the order of the report.
    #[must_use]
    pub fn restore_groups(&self) -> &[RestoreGroup<'e>] {
        &self.restore_groups
    }

    /// The numbers of each collection of restore artifacts, in the same order.
    #[must_use]
    pub fn restore_collections(&self) -> Vec<RestoreCollection<'e>> {
        restore::collections(&self.restore_groups)
    }

    /// The artifacts of restore sessions in the order of the report.
    pub fn restore_artifacts(&self) -> impl Iterator<Item = &'e RestoreArtifact> {
        self.restore_groups.iter().flat_map(|group| group.artifacts.iter().copied())
    }

    /// How many object changes there are; [`object`](Self::object) takes positions below it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is no object change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// About how many bytes the object change at `position` of the report's order takes when it is made into rows.
    #[must_use]
    pub fn weight(&self, position: usize) -> u64 {
        let item = self.export.item(self.order[position]);
        let rows = item.tally().table_rows();
        let failed_as = self.outcomes[item.index as usize].failed_as;
        // Its message stands on each row, and is shorter than the item that it is of.
        let message = failed_as.map_or(0, |failed| self.export.item(failed).length());
        let repeated = rows.saturating_mul(OF_A_ROW + message.min(chunk::longest_message(self.export, rows)));
        item.weight().saturating_mul(2).saturating_add(repeated)
    }

    /// The object change at `position` of the report's order, read again from its bytes.
    ///
    /// # Panics
    /// Where `position` is not below [`len`](Self::len).
    #[must_use]
    pub fn object(&self, position: usize) -> ObjectView<'e> {
        chunk::object(&self.found(position), &mut RecordReader::default())
    }

    /// The object changes at `positions` of the report's order, each read again when it is asked for.
    ///
    /// # Panics
    /// Where one is not below [`len`](Self::len).
    pub fn objects(&self, positions: Range<usize>) -> impl Iterator<Item = (usize, ObjectView<'e>)> {
        // They lie far from one another: a processor that looks several up at once waits for memory once.
        const LOOKED_UP: usize = 16;
        let mut found: VecDeque<chunk::Found<'e>> = VecDeque::with_capacity(LOOKED_UP);
        let mut reader = RecordReader::default();
        positions.clone().map(move |position| {
            if found.is_empty() {
                let some = position..positions.end.min(position + LOOKED_UP);
                found.extend(some.map(|position| self.found(position)));
            }
            let found = found.pop_front().expect("what is behind this position was looked up");
            (position, chunk::object(&found, &mut reader))
        })
    }

    /// What the object change at `position` is made of.
    fn found(&self, position: usize) -> chunk::Found<'e> {
        let item = self.export.item(self.order[position]);
        let outcome::Joined { outcome, failed_as } = self.outcomes[item.index as usize];
        let failed_as = failed_as.map(|failed| self.export.item(failed));
        let longest_message = chunk::longest_message(self.export, item.tally().table_rows());
        let text = item.text();
        // Every line of memory of it is asked for now, and not one by one when it is read.
        std::hint::black_box(text.bytes().step_by(64).fold(0, |all, byte| all | byte));
        chunk::Found { item, text, outcome, failed_as, longest_message }
    }

    /// The positions of the changes of the object `id`, without regard to case; none for the empty id.
    pub fn positions_of(&self, id: &str) -> impl Iterator<Item = usize> {
        let identity = Identity::of(id);
        let is_meant =
            move |index: u32| !identity.is_empty() && self.export.item(index).identity() == identity;
        self.order
            .iter()
            .enumerate()
            .filter(move |(_, index)| is_meant(**index))
            .map(|(position, _)| position)
    }

    /// How many rows a table of all changes has.
    #[must_use]
    pub fn table_rows(&self) -> u64 {
        self.export.items().map(|item| item.tally().table_rows()).sum()
    }

    /// How many of them are of the object change at `position` of the report's order.
    ///
    /// # Panics
    /// Where `position` is not below [`len`](Self::len).
    #[must_use]
    pub fn table_rows_of(&self, position: usize) -> u64 {
        self.export.item(self.order[position]).tally().table_rows()
    }

    /// The outcomes that occur.
    #[must_use]
    pub fn outcomes(&self) -> BTreeSet<Outcome> {
        self.order.iter().map(|&index| self.outcomes[index as usize].outcome).collect()
    }

    /// Whether the object change at `position` of the report's order is counted by reason: an item of
    /// `getFailedChanges`, or where there are none, one that carries a message.
    ///
    /// # Panics
    /// Where `position` is not below [`len`](Self::len).
    #[must_use]
    pub fn is_failed_change(&self, position: usize) -> bool {
        self.failed.has(self.export.item(self.order[position]))
    }

    /// The failed changes that planned ones are told by: those whose message a planned change carries.
    /// Positions of the report's order.
    #[must_use]
    pub fn failures_of_plans(&self) -> BTreeSet<usize> {
        let joined: BTreeSet<u32> = self.outcomes.iter().filter_map(|joined| joined.failed_as).collect();
        let positions = self.order.iter().enumerate();
        positions.filter(|(_, index)| joined.contains(index)).map(|(position, _)| position).collect()
    }

    /// The title: the operator's, or one that says what leads.
    #[must_use]
    pub fn title(&self) -> &str {
        self.title_in(self.options.perspective)
    }

    /// The title of the same report in a perspective.
    #[must_use]
    pub fn title_in(&self, perspective: Perspective) -> &str {
        let own = || if self.has_pages() { wording::title(perspective) } else { wording::restore::TITLE };
        self.options.title.as_deref().filter(|title| !title.is_empty()).unwrap_or_else(own)
    }

    /// Whether there is a page of changes: without one the report is of restore sessions alone.
    #[must_use]
    pub fn has_pages(&self) -> bool {
        !self.export.page_sets().is_empty()
    }

    /// Whether data is missing from the report.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.export.problems().iter().any(|problem| problem.severity() == Severity::Error)
    }

    /// How far the report can be trusted to have everything.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing::of(self.export.page_sets(), self.has_errors())
    }

    /// Whether there is a page of failed changes, if only an empty one: without one, nothing is known of them.
    #[must_use]
    pub fn has_failed_pages(&self) -> bool {
        self.totals.iter().any(|totals| totals.function == Function::GetFailedChanges)
    }

    /// Whether there is a change that recovery could not make.
    #[must_use]
    pub fn has_failed_changes(&self) -> bool {
        self.totals.iter().any(|totals| totals.failed > 0)
    }
}
