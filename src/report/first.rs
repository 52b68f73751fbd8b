//! Which changes are told first, each in a sentence: those of policies, applications and consent before those
//! of users and groups, in a fixed order that weighs nothing (docs/model.md, decisions about outputs).
//!
//! The groups alone decide; only the few objects that are chosen are read.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::model::{EntityType, Outcome};

use super::group::Group;
use super::wording::first::{self as words, Told};
use super::{Perspective, Report};

/// How many changes are told.
const TOLD: usize = 12;

/// The changes that are told first, and how many are not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct First<'e> {
    /// In the order in which they are told.
    pub changes: Vec<FirstChange>,
    /// How many changes of each type are not told, in the order of the types.
    pub more: Vec<(&'e EntityType, u64)>,
}

/// A change that is told first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstChange {
    /// Its place in the order of the report.
    pub position: usize,
    /// Whether recovery could not make it.
    pub failed: bool,
    /// The sentence.
    pub told: Told,
}

/// The place of a type: users and groups stand last, all others as in the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place<'e> {
    is_last: bool,
    entity_type: &'e EntityType,
}

impl<'e> Place<'e> {
    fn of(entity_type: &'e EntityType) -> Self {
        Place { is_last: matches!(entity_type, EntityType::User | EntityType::Group), entity_type }
    }
}

/// Positions chosen of each type, and how many are left.
type Choice<'e> = Vec<(&'e EntityType, Vec<usize>, u64)>;

impl<'e> Report<'e> {
    /// The changes that are told first, each with its sentence in a perspective; which they are does not depend on
    /// that.
    #[must_use]
    pub fn first(&self, perspective: Perspective) -> First<'e> {
        let choice = choose(&self.groups, &self.failures_of_plans());
        let changes = choice.iter().flat_map(|(_, positions, _)| positions);
        let changes = changes.map(|&position| self.first_change(position, perspective)).collect();
        let more = choice.into_iter().map(|(entity_type, _, left)| (entity_type, left));
        First { changes, more: more.filter(|(_, left)| *left > 0).collect() }
    }

    fn first_change(&self, position: usize, perspective: Perspective) -> FirstChange {
        let change = self.object(position).change;
        let failed = change.outcome == Outcome::Failed;
        FirstChange { position, failed, told: words::told(&change, perspective) }
    }
}

/// The changes of each type that are told, in the order of the report; `twice` are failed ones that stand in
/// planned ones. Each type has its turn until there is no room: the first object of each of its groups, then the
/// second. Users and groups have theirs where the others leave room.
fn choose<'e>(groups: &[Group<'e>], twice: &BTreeSet<usize>) -> Choice<'e> {
    let mut types: BTreeMap<Place<'e>, Queue<'_>> = BTreeMap::new();
    for group in groups {
        let queue = types.entry(Place::of(group.entity_type));
        queue.or_insert_with(|| Queue::new(twice)).add(group.positions.clone());
    }
    let mut chosen: BTreeMap<Place<'e>, Vec<usize>> = BTreeMap::new();
    let mut room = TOLD;
    for is_last in [false, true] {
        loop {
            let before = room;
            for (place, queue) in types.iter_mut().filter(|(place, _)| place.is_last == is_last) {
                if room == 0 {
                    break;
                }
                if let Some(position) = queue.next() {
                    chosen.entry(*place).or_default().push(position);
                    room -= 1;
                }
            }
            if room == before || room == 0 {
                break;
            }
        }
    }
    let of_type = |(place, queue): (Place<'e>, Queue<'_>)| {
        let mut positions = chosen.remove(&place).unwrap_or_default();
        positions.sort_unstable();
        let left = queue.changes - positions.len() as u64;
        (place.entity_type, positions, left)
    };
    types.into_iter().map(of_type).collect()
}

/// The changes of a type, in the order in which they have their turn.
struct Queue<'t> {
    twice: &'t BTreeSet<usize>,
    groups: Vec<Range<usize>>,
    /// Whose turn it is.
    turn: usize,
    /// How many changes there are, those that stand in others left out.
    changes: u64,
}

impl<'t> Queue<'t> {
    fn new(twice: &'t BTreeSet<usize>) -> Self {
        Queue { twice, groups: Vec::new(), turn: 0, changes: 0 }
    }

    fn add(&mut self, positions: Range<usize>) {
        self.changes += (positions.len() - self.twice.range(positions.clone()).count()) as u64;
        self.groups.push(positions);
    }
}

impl Iterator for Queue<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        for _ in 0..self.groups.len() {
            let turn = self.turn % self.groups.len();
            self.turn = turn + 1;
            if let Some(position) = self.groups[turn].find(|position| !self.twice.contains(position)) {
                return Some(position);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Function, RecoveryAction};

    use super::*;

    /// Groups of so many updates of these types, one behind the other.
    fn groups(types: &[(EntityType, RecoveryAction, usize)]) -> Vec<Group<'_>> {
        let mut start = 0;
        let mut groups = Vec::new();
        for (entity_type, recovery_action, objects) in types {
            let positions = start..start + objects;
            start = positions.end;
            groups.push(Group {
                function: Function::GetChanges,
                recovery_action,
                entity_type,
                positions,
                property_changes: 0,
                link_changes: 0,
                failed: 0,
            });
        }
        groups
    }

    fn updates(types: &[(&str, usize)]) -> Vec<(EntityType, RecoveryAction, usize)> {
        types
            .iter()
            .map(|(word, objects)| (EntityType::from_word(word), RecoveryAction::Update, *objects))
            .collect()
    }

    fn words(choice: &Choice<'_>) -> Vec<String> {
        choice
            .iter()
            .map(|(entity_type, positions, left)| format!("{} {positions:?} {left}", entity_type.as_str()))
            .collect()
    }

    #[test]
    fn types_stand_in_their_order_with_users_and_groups_last() {
        let types = updates(&[
            ("user", 1),
            ("group", 1),
            ("conditionalAccessPolicy", 1),
            ("namedLocationPolicy", 1),
            ("authenticationMethodPolicy", 1),
            ("authorizationPolicy", 1),
            ("authenticationStrengthPolicy", 1),
            ("application", 1),
            ("servicePrincipal", 1),
            ("oAuth2PermissionGrant", 1),
            ("appRoleAssignment", 1),
            ("organization", 1),
            ("zebra", 1),
        ]);
        let groups = groups(&types);
        let choice = choose(&groups, &BTreeSet::new());
        let order: Vec<&str> = choice.iter().map(|(entity_type, ..)| entity_type.as_str()).collect();
        let mut expected: Vec<&str> = groups.iter().map(|group| group.entity_type.as_str()).collect();
        expected.rotate_left(2);
        assert_eq!(order, expected);
        assert_eq!(words(&choice)[11..], ["user [0] 0", "group [] 1"], "the last one has no room");
    }

    #[test]
    fn every_type_has_its_turn_and_every_group_of_it() {
        let mut types = updates(&[("user", 50), ("conditionalAccessPolicy", 600), ("organization", 1)]);
        types.push((EntityType::ConditionalAccessPolicy, RecoveryAction::SoftDelete, 2));
        types.push((EntityType::ConditionalAccessPolicy, RecoveryAction::Restore, 1));
        assert_eq!(
            words(&choose(&groups(&types), &BTreeSet::new())),
            [
                "conditionalAccessPolicy [50, 51, 52, 53, 54, 55, 56, 57, 651, 652, 653] 592",
                "organization [650] 0",
                "user [] 50",
            ]
        );
    }

    #[test]
    fn users_have_the_room_that_others_leave() {
        let types = updates(&[("user", 50), ("group", 1), ("application", 2)]);
        assert_eq!(
            words(&choose(&groups(&types), &BTreeSet::new())),
            ["application [51, 52] 0", "user [0, 1, 2, 3, 4, 5, 6, 7, 8] 41", "group [50] 0"]
        );
    }

    #[test]
    fn a_failed_change_that_a_planned_one_tells_is_told_once() {
        let types = updates(&[("application", 2), ("user", 1), ("application", 3)]);
        assert_eq!(
            words(&choose(&groups(&types), &BTreeSet::from([3, 5]))),
            ["application [0, 1, 4] 0", "user [2] 0"]
        );
    }
}
