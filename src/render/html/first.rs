//! The changes that are told first, as finished values for the template.

use crate::model::EntityType;
use crate::report::{FirstChange, Report, wording::first as words};

use super::object::object_anchor;
use super::select::Selection;
use super::text::Words;

/// The part that is looked at first.
pub(super) struct FirstPart {
    pub(super) changes: Vec<ToldPart>,
    /// How many changes are not told, and of which types.
    pub(super) more: Option<Words>,
}

/// A change in a sentence, around the object's name.
pub(super) struct ToldPart {
    /// Where the object is, if it is in the page.
    pub(super) anchor: Option<String>,
    pub(super) failed: bool,
    pub(super) lead: &'static str,
    pub(super) before: Words,
    pub(super) object: Words,
    pub(super) after: Words,
}

impl FirstPart {
    /// What is told first; `None` where there is no change.
    pub(super) fn of(report: &Report<'_>, selection: &Selection) -> Option<Self> {
        let first = report.first();
        let more: &[(&EntityType, u64)] = &first.more;
        let more = (!more.is_empty()).then(|| Words(words::more(more)));
        let changes = first.changes.into_iter().map(|change| ToldPart::of(change, selection));
        let part = FirstPart { changes: changes.collect(), more };
        (!part.changes.is_empty()).then_some(part)
    }
}

impl ToldPart {
    fn of(change: FirstChange, selection: &Selection) -> Self {
        let FirstChange { position, failed, told } = change;
        ToldPart {
            anchor: selection.has(position).then(|| object_anchor(position)),
            failed,
            lead: told.lead,
            before: Words(told.before),
            object: Words(told.object),
            after: Words(told.after),
        }
    }
}
