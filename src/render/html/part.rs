//! Every function, action and type with its objects, as finished values for the template.

use crate::model::{Function, ObjectSinceBackup};
use crate::report::{Group, Report, wording};

use super::object::{Markup, anchor, led};
use super::select::Selection;
use super::text::Text;

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
    pub(super) objects: Vec<&'v Markup>,
}

/// How the parts are made: what is the same for all of them.
#[derive(Clone, Copy)]
pub(super) struct Maker<'v, 'e> {
    pub(super) report: &'v Report<'e>,
    pub(super) selection: &'v Selection,
}

impl<'v, 'e> Maker<'v, 'e> {
    /// The parts of the functions that have changes.
    pub(super) fn parts(self) -> Vec<Part<'v>> {
        let functions = self.report.totals().iter().filter(|totals| totals.objects > 0);
        functions.map(|totals| self.part(totals.function)).collect()
    }

    fn part(self, function: Function) -> Part<'v> {
        let groups: Vec<(usize, &Group<'e>)> =
            self.report.groups().iter().enumerate().filter(|(_, group)| group.function == function).collect();
        let shown: Vec<(usize, &Group<'e>)> =
            groups.iter().filter(|(_, group)| self.selection.has_group(group)).copied().collect();
        let by_action = shown.chunk_by(|(_, a), (_, b)| a.recovery_action == b.recovery_action);
        let sections = by_action.map(|groups| self.section(groups)).collect();
        let hidden = (groups.len() - shown.len()) as u64;
        let left_out = (hidden > 0).then(|| wording::groups_left_out(hidden));
        Part { title: wording::function_title(function), sections, left_out }
    }

    fn section(self, groups: &[(usize, &Group<'e>)]) -> Section<'v> {
        let action = groups[0].1.recovery_action;
        let since = wording::object_since_backup(ObjectSinceBackup::of(action)).to_owned();
        let will = wording::recovery_of(groups[0].1.function, action);
        let (lead, follow) = led(self.report.options().perspective, since, will);
        Section {
            action: Text::name(wording::recovery_action(action)),
            lead: Text::name(lead),
            follow: Text::name(follow),
            groups: groups.iter().map(|(position, group)| self.group(*position, group)).collect(),
        }
    }

    fn group(self, position: usize, group: &Group<'e>) -> GroupPart<'v> {
        let objects: Vec<&Markup> = self.selection.of_group(group).map(|(_, shown)| &shown.markup).collect();
        let shown = objects.len() as u64;
        GroupPart {
            anchor: anchor(position),
            entity_type: Text::name(group.entity_type.as_str()),
            count: wording::group_counts(group),
            shown: (shown < group.objects()).then(|| wording::objects_shown(shown, group)),
            heads: wording::columns(group.function, self.report.options().perspective),
            objects,
        }
    }
}
