//! The changes that are told first, as finished values for the template.

use crate::report::wording::first as words;
use crate::report::{First, FirstChange, Perspective, Report};

use super::object::{led, object_anchor};
use super::select::Selection;
use super::text::Words;

/// The part that is looked at first.
pub(super) struct FirstPart {
    pub(super) changes: Vec<ToldPart>,
    /// The same in the other perspective, which the page's script turns to.
    pub(super) turned: Vec<ToldPart>,
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
        let (shown, other) = led(report.options().perspective, Perspective::Incident, Perspective::Recovery);
        let told = |changes: Vec<FirstChange>| {
            changes.into_iter().map(|change| ToldPart::of(change, selection)).collect()
        };
        let First { changes, more } = report.first(shown);
        let part = FirstPart {
            changes: told(changes),
            turned: told(report.first(other).changes),
            more: (!more.is_empty()).then(|| Words(words::more(&more))),
        };
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
