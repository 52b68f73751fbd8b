//! Which objects stand in the page: all of a small report; of a large one the failed ones and the first of
//! each group, so that it always opens. What is left out is said, and where it is.

use std::collections::BTreeSet;

use crate::report::{Group, Report};

/// How many rows a page has at most. A browser lays out a table of so many in a moment, of 100,000 in 43
/// seconds (measured in Chromium).
const PAGE_ROWS: u64 = 2_000;

/// How many of them the first object of each group may take, so that failures find room whatever the number
/// of groups; and how many these two together, so that every group shows more than its failures.
const FIRST_ROWS: u64 = PAGE_ROWS / 4;
const FIRST_AND_FAILED_ROWS: u64 = PAGE_ROWS * 3 / 4;

/// How many rows of one object are shown where not all rows are.
const OBJECT_ROWS: u64 = 200;

/// The objects of a page.
pub(super) struct Selection {
    /// Their positions in the report's order, ascending.
    positions: Vec<usize>,
    /// Whether it is all of them, with all their rows.
    pub(super) is_all: bool,
    /// How many rows are shown.
    pub(super) rows: u64,
    /// How many object changes failed, and how many of them are shown.
    pub(super) failed: u64,
    pub(super) failed_shown: u64,
}

impl Selection {
    pub(super) fn of(report: &Report<'_>) -> Self {
        let rows = report.table_rows();
        if rows <= PAGE_ROWS {
            let positions = (0..report.len()).collect();
            return Selection { positions, is_all: true, rows, failed: 0, failed_shown: 0 };
        }
        let mut chosen = Chosen { report, positions: BTreeSet::new(), rows: 0 };
        let groups: Vec<&Group<'_>> = report.groups().iter().collect();
        chosen.round(0, &groups, FIRST_ROWS);
        let failed = |position: &usize| report.has_failed(*position);
        (0..report.len()).filter(failed).all(|position| chosen.add(position, FIRST_AND_FAILED_ROWS));
        let mut round = 1;
        let mut groups = groups;
        while chosen.rows < PAGE_ROWS && !groups.is_empty() {
            groups.retain(|group| group.positions.len() > round);
            chosen.round(round, &groups, PAGE_ROWS);
            round += 1;
        }
        Selection {
            rows: chosen.rows,
            failed: (0..report.len()).filter(failed).count() as u64,
            failed_shown: chosen.positions.iter().filter(|position| failed(position)).count() as u64,
            positions: chosen.positions.into_iter().collect(),
            is_all: false,
        }
    }

    /// The chosen objects of a group.
    pub(super) fn of_group(&self, group: &Group<'_>) -> &[usize] {
        let start = self.positions.partition_point(|position| *position < group.positions.start);
        let end = self.positions.partition_point(|position| *position < group.positions.end);
        &self.positions[start..end]
    }

    /// Whether an object is in the page.
    pub(super) fn has(&self, position: usize) -> bool {
        self.positions.binary_search(&position).is_ok()
    }

    /// How many rows of an object are shown at most.
    pub(super) fn rows_of_object(&self) -> usize {
        if self.is_all { usize::MAX } else { usize::try_from(OBJECT_ROWS).unwrap_or(usize::MAX) }
    }
}

/// Objects chosen so far.
struct Chosen<'r, 'e> {
    report: &'r Report<'e>,
    positions: BTreeSet<usize>,
    rows: u64,
}

impl Chosen<'_, '_> {
    /// Takes the object that stands at `round` in each group, while there are fewer than `limit` rows.
    fn round(&mut self, round: usize, groups: &[&Group<'_>], limit: u64) {
        groups.iter().all(|group| self.add(group.positions.start + round, limit));
    }

    /// Takes an object, unless it makes more than `limit` rows; tells whether there is room for another.
    fn add(&mut self, position: usize, limit: u64) -> bool {
        let rows = self.report.table_rows_of(position).min(OBJECT_ROWS);
        if self.rows + rows <= limit && self.positions.insert(position) {
            self.rows += rows;
        }
        self.rows < limit
    }
}
