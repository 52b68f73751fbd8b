//! Which objects stand in the page: all of a small report; of a large one the first of each group and the
//! failed ones, so that it always opens. What is left out is said, and where it is.
//!
//! Rows alone do not bound a page, since a row may hold two long lists: every object is made into markup when
//! it is chosen, and counted with its bytes.

use std::collections::BTreeMap;

use crate::report::{Group, Report};

use super::super::count::Counts;
use super::object::{self, Rendered};

/// How many rows a page has at most. A browser lays out a table of so many in a moment, of 100,000 in 43
/// seconds (measured in Chromium).
const PAGE_ROWS: u64 = 2_000;

/// How many of them the first objects of the groups may take, and how many each: so many that a reader sees
/// what is in the group, so few that every group has room.
const FIRST_ROWS: u64 = PAGE_ROWS / 2;
const FIRST_OBJECT_ROWS: u64 = 20;

/// How many rows these and the failed changes may take together, so that groups show more than that.
const FIRST_AND_FAILED_ROWS: u64 = PAGE_ROWS * 3 / 4;

/// How many rows of one object are shown where not all rows are.
const OBJECT_ROWS: u64 = 200;

/// How many bytes all objects of a page take at most, but for the last one's last row.
const PAGE_BYTES: usize = 8_000_000;

/// The objects of a page.
pub(super) struct Selection {
    /// By position in the report's order.
    objects: BTreeMap<usize, Rendered>,
    /// What is not in the page; `None` where everything is.
    pub(super) left_out: Option<LeftOut>,
    /// How many rows are shown.
    pub(super) rows: u64,
}

/// How much of a large report stands in the page: what is shown, and of how many.
pub(super) struct LeftOut {
    pub(super) rows: (u64, u64),
    pub(super) groups: (u64, u64),
    /// Failed changes, as they are counted by reason.
    pub(super) failed: (u64, u64),
}

impl Selection {
    pub(super) fn of(report: &Report<'_>) -> Self {
        let rows = report.table_rows();
        if rows <= PAGE_ROWS
            && let Some(objects) = all(report)
        {
            return Selection { objects, left_out: None, rows };
        }
        let mut chosen = Chosen { report, objects: BTreeMap::new(), rows: 0, bytes: 0 };
        let mut groups: Vec<&Group<'_>> = report.groups().iter().collect();
        chosen.round(0, &groups, FIRST_OBJECT_ROWS, FIRST_ROWS);
        let failed = |position: &usize| report.is_failed_change(*position);
        (0..report.len())
            .filter(failed)
            .all(|position| chosen.add(position, OBJECT_ROWS, FIRST_AND_FAILED_ROWS));
        let mut round = 0;
        while chosen.has_room(PAGE_ROWS) && !groups.is_empty() {
            groups.retain(|group| group.positions.len() > round);
            chosen.round(round, &groups, OBJECT_ROWS, PAGE_ROWS);
            round += 1;
        }
        let selection = Selection { rows: chosen.rows, objects: chosen.objects, left_out: None };
        let shown_groups = report.groups().iter().filter(|group| selection.has_group(group)).count();
        let left_out = LeftOut {
            rows: (selection.rows, rows),
            groups: (shown_groups as u64, report.groups().len() as u64),
            failed: (
                selection.objects.keys().filter(|position| failed(position)).count() as u64,
                (0..report.len()).filter(failed).count() as u64,
            ),
        };
        Selection { left_out: Some(left_out), ..selection }
    }

    /// What the page has to hold: of an object that is shown whole as many rows as the survey counted.
    pub(super) fn counts(&self, report: &Report<'_>) -> Counts {
        let rows = |(position, shown): (&usize, &Rendered)| {
            if shown.is_whole { report.table_rows_of(*position) } else { shown.rows }
        };
        Counts {
            rows: Some(self.objects.iter().map(rows).sum()),
            object_changes: Some(self.objects.len() as u64),
            ..Counts::default()
        }
    }

    /// The chosen objects of a group, by their positions.
    pub(super) fn of_group(&self, group: &Group<'_>) -> impl Iterator<Item = (usize, &Rendered)> {
        self.objects.range(group.positions.clone()).map(|(position, shown)| (*position, shown))
    }

    /// Whether any object of a group is in the page.
    pub(super) fn has_group(&self, group: &Group<'_>) -> bool {
        self.of_group(group).next().is_some()
    }

    /// Whether an object is in the page.
    pub(super) fn has(&self, position: usize) -> bool {
        self.objects.contains_key(&position)
    }
}

/// All objects with all their rows; `None` where they are too long for a page.
fn all(report: &Report<'_>) -> Option<BTreeMap<usize, Rendered>> {
    let mut bytes = 0;
    let mut objects = BTreeMap::new();
    for position in 0..report.len() {
        let shown = object::render(report, position, u64::MAX, PAGE_BYTES - bytes);
        bytes += shown.bytes();
        if !shown.is_whole || bytes > PAGE_BYTES {
            return None;
        }
        objects.insert(position, shown);
    }
    Some(objects)
}

/// Objects chosen so far.
struct Chosen<'r, 'e> {
    report: &'r Report<'e>,
    objects: BTreeMap<usize, Rendered>,
    rows: u64,
    bytes: usize,
}

impl Chosen<'_, '_> {
    /// Whether there is room in the page for more than there is, if it is to have `limit` rows.
    fn has_room(&self, limit: u64) -> bool {
        self.rows < limit && self.bytes < PAGE_BYTES
    }

    /// Takes the object that stands at `round` in each group, while there are fewer than `limit` rows.
    fn round(&mut self, round: usize, groups: &[&Group<'_>], rows_each: u64, limit: u64) {
        groups.iter().all(|group| self.add(group.positions.start + round, rows_each, limit));
    }

    /// Takes an object with at most `rows_each` rows, and no more than make `limit` rows in all; tells
    /// whether there is room for another.
    fn add(&mut self, position: usize, rows_each: u64, limit: u64) -> bool {
        let (has, bytes) = self.objects.get(&position).map_or((0, 0), |shown| (shown.rows, shown.bytes()));
        let rows = self.report.table_rows_of(position).min(rows_each);
        let rows = rows.min(has + limit.saturating_sub(self.rows));
        if rows > has && self.has_room(limit) {
            let shown = object::render(self.report, position, rows, PAGE_BYTES - self.bytes + bytes);
            self.rows = self.rows - has + shown.rows;
            self.bytes = self.bytes - bytes + shown.bytes();
            self.objects.insert(position, shown);
        }
        self.has_room(limit)
    }
}
