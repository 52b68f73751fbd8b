//! Action × type with the number of objects in each cell: the table every summary begins with.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::model::{EntityType, Function, RecoveryAction};

use super::group::Group;

/// How many actions have a column of their own; the service knows three.
const ACTION_COLUMNS: usize = 8;

/// How many types have a line of their own; the service knows twelve.
const TYPE_LINES: usize = 100;

/// The same of a drawing, which is to be taken in at a glance.
const DRAWN_ACTIONS: usize = 4;
const DRAWN_TYPES: usize = 12;

/// The object changes of one function by action and type. Objects are never added up over functions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix<'e> {
    /// Function of the pages.
    pub function: Function,
    /// The actions, each a column in contract order; `None` stands for all others together.
    pub actions: Vec<Option<&'e RecoveryAction>>,
    /// The types, each a line in contract order; where they are too many, those with the most objects.
    pub lines: Vec<Line<'e>>,
    /// All lines together.
    pub total: Line<'e>,
    /// For how many types the line of all others stands.
    pub other_types: u64,
    /// Whether there is a column "of which failed": only planned changes can fail or not.
    pub shows_failed: bool,
}

/// One line of a matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'e> {
    /// The type; `None` stands for all others together, or for all types.
    pub entity_type: Option<&'e EntityType>,
    /// A cell for each of the matrix's actions.
    pub cells: Vec<Cell>,
    /// Objects of all actions.
    pub objects: u64,
    /// How many of them failed.
    pub failed: u64,
}

/// One cell of a matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    /// Object changes.
    pub objects: u64,
    /// The group they are, by its position in [`Report::groups`](super::Report::groups); `None` where they
    /// are several or none.
    pub group: Option<usize>,
}

impl<'e> Matrix<'e> {
    /// The matrix of `function`, out of all groups of the report.
    pub(super) fn of(groups: &[Group<'e>], function: Function) -> Self {
        Matrix::within(groups, function, ACTION_COLUMNS, TYPE_LINES)
    }

    /// The same, no larger than can be drawn.
    pub(super) fn drawn(groups: &[Group<'e>], function: Function) -> Self {
        Matrix::within(groups, function, DRAWN_ACTIONS, DRAWN_TYPES)
    }

    fn within(groups: &[Group<'e>], function: Function, columns: usize, types: usize) -> Self {
        let of_function = || groups.iter().enumerate().filter(|(_, group)| group.function == function);
        // The groups stand by action, then type.
        let mut actions: Vec<_> = of_function().map(|(_, group)| Some(group.recovery_action)).collect();
        actions.dedup();
        if actions.len() > columns {
            actions.truncate(columns);
            actions.push(None);
        }
        let mut total = Line::new(None, actions.len());
        let mut lines: BTreeMap<&EntityType, Line<'e>> = BTreeMap::new();
        for (position, group) in of_function() {
            let own = actions.iter().position(|action| *action == Some(group.recovery_action));
            let column = own.unwrap_or(actions.len() - 1);
            let line = lines.entry(group.entity_type);
            let line = line.or_insert_with(|| Line::new(Some(group.entity_type), actions.len()));
            line.add(column, group, own.map(|_| position));
            total.add(column, group, None);
        }
        let mut lines: Vec<Line<'e>> = lines.into_values().collect();
        let other_types = lines.len().saturating_sub(types) as u64;
        if other_types > 0 {
            // Those with the most objects keep their lines, so that what is added up is least.
            lines.sort_by_key(|line| Reverse(line.objects));
            let others = lines.split_off(types);
            lines.sort_by_key(|line| line.entity_type);
            lines.push(others.iter().fold(Line::new(None, actions.len()), Line::and));
        }
        let shows_failed = function == Function::GetChanges && total.failed > 0;
        Matrix { function, actions, lines, total, other_types, shows_failed }
    }
}

impl<'e> Line<'e> {
    fn new(entity_type: Option<&'e EntityType>, columns: usize) -> Self {
        Line { entity_type, cells: vec![Cell::default(); columns], objects: 0, failed: 0 }
    }

    fn add(&mut self, column: usize, group: &Group<'_>, position: Option<usize>) {
        self.cells[column].objects += group.objects();
        self.cells[column].group = position;
        self.objects += group.objects();
        self.failed += group.failed;
    }

    fn and(mut self, other: &Line<'_>) -> Self {
        for (cell, more) in self.cells.iter_mut().zip(&other.cells) {
            cell.objects += more.objects;
        }
        self.objects += other.objects;
        self.failed += other.failed;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A group of two objects, one of which failed.
    fn group<'e>(action: &'e RecoveryAction, kind: &'e EntityType) -> Group<'e> {
        Group {
            function: Function::GetChanges,
            recovery_action: action,
            entity_type: kind,
            positions: 0..2,
            property_changes: 0,
            link_changes: 0,
            failed: 1,
        }
    }

    #[test]
    fn more_actions_and_types_than_a_reader_can_take_in_are_added_up() {
        let actions: Vec<RecoveryAction> =
            (10..22).map(|number| RecoveryAction::Other(format!("a{number}"))).collect();
        let kinds: Vec<EntityType> =
            (100..222).map(|number| EntityType::Other(format!("t{number}"))).collect();
        let groups: Vec<Group<'_>> =
            actions.iter().flat_map(|action| kinds.iter().map(move |kind| group(action, kind))).collect();
        let matrix = Matrix::of(&groups, Function::GetChanges);
        assert_eq!((matrix.actions.len(), matrix.actions.last()), (ACTION_COLUMNS + 1, Some(&None)));
        assert_eq!((matrix.lines.len(), matrix.lines[TYPE_LINES].entity_type), (TYPE_LINES + 1, None));
        assert_eq!(matrix.lines[0].cells[0], Cell { objects: 2, group: Some(0) });
        assert_eq!(matrix.lines[0].cells[ACTION_COLUMNS], Cell { objects: 4 * 2, group: None });
        assert_eq!(
            (matrix.lines[TYPE_LINES].objects, matrix.lines[TYPE_LINES].failed),
            (22 * 12 * 2, 22 * 12)
        );
        let objects: u64 = groups.iter().map(Group::objects).sum();
        assert_eq!((matrix.total.objects, matrix.total.failed), (objects, objects / 2));
        assert_eq!(matrix.lines.iter().map(|line| line.objects).sum::<u64>(), objects);
        assert_eq!(Matrix::of(&groups, Function::Unknown).lines.len(), 0);
        let drawn = Matrix::drawn(&groups, Function::GetChanges);
        let marks: usize = drawn.lines.iter().map(|line| line.cells.len()).sum();
        assert_eq!((marks, drawn.other_types), ((DRAWN_TYPES + 1) * (DRAWN_ACTIONS + 1), 110));
        assert_eq!(drawn.lines.iter().map(|line| line.objects).sum::<u64>(), objects);
    }

    #[test]
    fn the_types_with_the_most_objects_keep_their_lines() {
        let action = RecoveryAction::Other("a".to_owned());
        let kinds: Vec<EntityType> = (10..30).map(|number| EntityType::Other(format!("t{number}"))).collect();
        let mut groups: Vec<Group<'_>> = kinds.iter().map(|kind| group(&action, kind)).collect();
        groups[19].positions = 0..9;
        let drawn = Matrix::drawn(&groups, Function::GetChanges);
        let types: Vec<_> = drawn.lines.iter().filter_map(|line| line.entity_type).collect();
        let expected: Vec<_> = kinds[..DRAWN_TYPES - 1].iter().chain(&kinds[19..]).collect();
        assert_eq!(types, expected, "in contract order");
        assert_eq!(drawn.lines[DRAWN_TYPES].objects, 2 * 8);
    }
}
