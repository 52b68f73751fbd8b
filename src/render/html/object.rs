//! Every function, action and type with its objects and their rows, as finished values for the template.

use crate::model::{
    FailureCategory, Function, Json, ObjectChange, ObjectSinceBackup, Outcome, Row, RowKind, SinceBackup,
};
use crate::report::{Group, ObjectView, Perspective, Report, wording};

use super::select::Selection;
use super::text::{Path, Text};
use super::value::{Side, sides};

/// The changes of one function.
pub(super) struct Part<'v> {
    pub(super) title: &'static str,
    pub(super) sections: Vec<Section<'v>>,
    /// Where not every group has an object in the page.
    pub(super) left_out: Option<String>,
}

/// The changes of one action.
pub(super) struct Section<'v> {
    pub(super) action: Text<'v>,
    /// Both directions in words; the action may be any text of the input, and stands in one of them.
    pub(super) lead: Text<'v>,
    pub(super) follow: Text<'v>,
    pub(super) groups: Vec<GroupPart<'v>>,
}

/// The changes of one type.
pub(super) struct GroupPart<'v> {
    pub(super) anchor: String,
    pub(super) entity_type: Text<'v>,
    pub(super) count: String,
    /// How many of the objects are shown, where not all are.
    pub(super) shown: Option<String>,
    pub(super) heads: [&'static str; 5],
    pub(super) objects: Vec<ObjectPart<'v>>,
}

/// One object change.
pub(super) struct ObjectPart<'v> {
    pub(super) anchor: String,
    pub(super) name: Option<Text<'v>>,
    pub(super) id: Option<Text<'v>>,
    pub(super) source: Text<'v>,
    pub(super) outcome: &'static str,
    pub(super) failed: bool,
    pub(super) failure: Option<Failure<'v>>,
    pub(super) facts: Vec<&'static str>,
    pub(super) removed_reason: Option<Text<'v>>,
    pub(super) rows: Vec<RowPart<'v>>,
    pub(super) more_rows: Option<String>,
    /// How many compared values are equal.
    pub(super) unchanged: Option<String>,
}

/// Why recovery could not make a change.
pub(super) struct Failure<'v> {
    pub(super) reason: &'static str,
    pub(super) message: Text<'v>,
}

/// One row: the sides and the words in the order of the perspective.
pub(super) struct RowPart<'v> {
    pub(super) property: Path<'v>,
    pub(super) is_link: bool,
    pub(super) note: Option<&'static str>,
    pub(super) heads: [&'static str; 5],
    pub(super) first: Side<'v>,
    pub(super) second: Side<'v>,
    pub(super) sign: &'static str,
    /// A word of ours for the style.
    pub(super) class: &'static str,
    pub(super) lead: &'static str,
    pub(super) follow: &'static str,
}

/// The objects that stand in the page, read once, by their position in the report's order.
pub(super) struct Objects<'e>(Vec<(usize, ObjectView<'e>)>);

impl<'e> Objects<'e> {
    pub(super) fn read(report: &Report<'e>, selection: &Selection) -> Self {
        let chosen = report.groups().iter().flat_map(|group| selection.of_group(group));
        Objects(chosen.map(|&position| (position, report.object(position))).collect())
    }

    fn of_group(&self, group: &Group<'_>) -> &[(usize, ObjectView<'e>)] {
        let start = self.0.partition_point(|(position, _)| *position < group.positions.start);
        let end = self.0.partition_point(|(position, _)| *position < group.positions.end);
        &self.0[start..end]
    }
}

/// How the parts are made: what is the same for all of them.
#[derive(Clone, Copy)]
pub(super) struct Maker<'v, 'e> {
    pub(super) report: &'v Report<'e>,
    pub(super) selection: &'v Selection,
}

impl<'v, 'e> Maker<'v, 'e> {
    /// The parts of the functions that have changes.
    pub(super) fn parts(self, objects: &'v Objects<'e>) -> Vec<Part<'v>> {
        let functions = self.report.totals().iter().filter(|totals| totals.objects > 0);
        functions.map(|totals| self.part(totals.function, objects)).collect()
    }

    fn part(self, function: Function, objects: &'v Objects<'e>) -> Part<'v> {
        let groups: Vec<(usize, &Group<'e>)> =
            self.report.groups().iter().enumerate().filter(|(_, group)| group.function == function).collect();
        let shown: Vec<(usize, &Group<'e>)> =
            groups.iter().filter(|(_, group)| !objects.of_group(group).is_empty()).copied().collect();
        let by_action = shown.chunk_by(|(_, a), (_, b)| a.recovery_action == b.recovery_action);
        let sections = by_action.map(|groups| self.section(groups, objects)).collect();
        let hidden = (groups.len() - shown.len()) as u64;
        let left_out = (hidden > 0).then(|| wording::groups_left_out(hidden));
        Part { title: wording::function_title(function), sections, left_out }
    }

    fn section(self, groups: &[(usize, &Group<'e>)], objects: &'v Objects<'e>) -> Section<'v> {
        let action = groups[0].1.recovery_action;
        let since = wording::object_since_backup(ObjectSinceBackup::of(action)).to_owned();
        let will = wording::recovery_will_do(action);
        let (lead, follow) = self.led(since, will);
        Section {
            action: Text::name(wording::recovery_action(action)),
            lead: Text::name(lead),
            follow: Text::name(follow),
            groups: groups.iter().map(|(position, group)| self.group(*position, group, objects)).collect(),
        }
    }

    /// What the perspective leads with, and the other: of an incident the first.
    fn led<T>(self, of_incident: T, of_recovery: T) -> (T, T) {
        match self.report.options().perspective {
            Perspective::Incident => (of_incident, of_recovery),
            Perspective::Recovery => (of_recovery, of_incident),
        }
    }

    fn group(self, position: usize, group: &Group<'e>, objects: &'v Objects<'e>) -> GroupPart<'v> {
        let of_group = objects.of_group(group);
        let shown = of_group.len() as u64;
        GroupPart {
            anchor: anchor(position),
            entity_type: Text::name(group.entity_type.as_str()),
            count: wording::group_counts(group),
            shown: (shown < group.objects()).then(|| wording::objects_shown(shown, group)),
            heads: wording::columns(self.report.options().perspective),
            objects: of_group
                .iter()
                .map(|(position, object)| self.object(*position, &object.change))
                .collect(),
        }
    }

    fn object(self, position: usize, change: &'v ObjectChange<'e>) -> ObjectPart<'v> {
        let shown = self.selection.rows_of_object().min(change.changes.len());
        let more = (change.changes.len() - shown) as u64;
        let facts = [
            change.on_premises_synced.then_some(wording::ON_PREMISES_SYNCED),
            change.changes.is_empty().then(|| wording::without_rows(&change.recovery_action)),
        ];
        ObjectPart {
            anchor: object_anchor(position),
            name: change.display_name.as_deref().map(Text::name),
            id: Some(change.id.as_ref()).filter(|id| !id.is_empty()).map(Text::new),
            source: Text::new(change.source.as_str()),
            outcome: wording::outcome_cell(change.outcome),
            failed: change.outcome == Outcome::Failed,
            failure: change.failure_message.as_ref().map(|message| failure(message, change.failure_category)),
            facts: facts.into_iter().flatten().collect(),
            removed_reason: change.removed_reason.as_deref().map(Text::new),
            rows: change.changes[..shown].iter().map(|row| self.row(row)).collect(),
            more_rows: (more > 0).then(|| wording::rows_left_out(more)),
            unchanged: (change.unchanged > 0).then(|| wording::unchanged(change.unchanged)),
        }
    }

    fn row(self, row: &'v Row<'e>) -> RowPart<'v> {
        let [backup, current] = sides(row, self.report.options().perspective);
        // An incident is read from the backup to the present, a recovery from the present to the backup.
        let (first, second) = self.led(backup, current);
        let since = wording::since_backup_cell(row.since_backup);
        let will = wording::recovery_will_cell(row.kind, row.since_backup.recovery_will());
        let (lead, follow) = self.led(since, will);
        let (sign, class) = sign(row.since_backup, self.report.options().perspective);
        RowPart {
            property: Path(&row.property),
            is_link: row.kind == RowKind::Link,
            note: row.note.map(wording::note),
            heads: wording::columns(self.report.options().perspective),
            first,
            second,
            sign,
            class,
            lead,
            follow,
        }
    }
}

/// The anchor of a group, by its position in the report.
pub(super) fn anchor(group: usize) -> String {
    format!("g{group}")
}

/// The anchor of an object change, by its position in the report.
pub(super) fn object_anchor(position: usize) -> String {
    format!("c{position}")
}

fn failure<'v>(message: &'v Json<'_>, category: Option<FailureCategory>) -> Failure<'v> {
    Failure {
        reason: category.map_or(wording::NO_MESSAGE, wording::failure_category),
        message: Text::new(message.to_text()),
    }
}

/// A sign beside the words that lead, and the style's name for it: colour alone tells nothing.
fn sign(since: SinceBackup, perspective: Perspective) -> (&'static str, &'static str) {
    let (comes, goes) = (("+", "comes"), ("−", "goes"));
    match (since, perspective) {
        (SinceBackup::Added, Perspective::Incident) | (SinceBackup::Removed, Perspective::Recovery) => comes,
        (SinceBackup::Removed, Perspective::Incident) | (SinceBackup::Added, Perspective::Recovery) => goes,
        (SinceBackup::Modified, _) => ("±", "differs"),
        (SinceBackup::Unknown, _) => ("?", "unknown"),
    }
}
