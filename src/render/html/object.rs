//! One object with its rows, made into markup.

use std::fmt;

use askama::Template as _;
use askama::filters::HtmlSafe;

use crate::model::{FailureCategory, Function, Json, ObjectChange, Outcome, Row, RowKind, SinceBackup};
use crate::report::wording::{self, heading};
use crate::report::{Perspective, Report};

use super::text::{Path, Text};
use super::value::{Mark, Side, sides};

/// One object change, what stands above its rows.
#[derive(askama::Template)]
#[template(path = "object.html")]
struct ObjectPart<'v> {
    anchor: String,
    name: Option<Text<'v>>,
    id: Option<Text<'v>>,
    source: Text<'v>,
    outcome: &'static str,
    failed: bool,
    failure: Option<Failure<'v>>,
    facts: Vec<&'static str>,
    removed_reason: Option<Text<'v>>,
    /// How many compared values are equal.
    unchanged: Option<String>,
    rows: Markup,
    more_rows: Option<String>,
}

/// What a template of ours made.
pub(super) struct Markup(String);

impl HtmlSafe for Markup {}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An object change as it stands in the page.
pub(super) struct Rendered {
    pub(super) markup: Markup,
    /// How many rows of a table of changes it shows.
    pub(super) rows: u64,
    /// Whether these are all it has.
    pub(super) is_whole: bool,
}

impl Rendered {
    /// How many bytes of the page it takes.
    pub(super) fn bytes(&self) -> usize {
        self.markup.0.len()
    }
}

/// The object change at `position` with at most `rows` rows, and no more once they are `bytes` long.
pub(super) fn render(report: &Report<'_>, position: usize, rows: u64, bytes: usize) -> Rendered {
    let change = report.object(position).change;
    let limit = usize::try_from(rows).unwrap_or(usize::MAX);
    let mut markup = String::new();
    let mut shown = 0;
    for row in change.changes.iter().take(limit) {
        if markup.len() > bytes {
            break;
        }
        let part = row_part(row, change.function, report.options().perspective);
        markup.push('\n');
        part.render_into(&mut markup).expect(INFALLIBLE);
        shown += 1;
    }
    let more = (change.changes.len() - shown) as u64;
    let markup = object_part(position, &change, Markup(markup), more).render().expect(INFALLIBLE);
    Rendered { markup: Markup(markup), rows: shown.max(1) as u64, is_whole: more == 0 }
}

/// Why a template never fails.
pub(super) const INFALLIBLE: &str = "writing to memory cannot fail, and the template calls nothing else";

/// Why recovery could not make a change.
struct Failure<'v> {
    reason: &'static str,
    message: Text<'v>,
}

/// One row: the sides and the words in the order of the perspective.
#[derive(askama::Template)]
#[template(path = "row.html")]
struct RowPart<'v> {
    property: Path<'v>,
    is_link: bool,
    note: Option<&'static str>,
    heads: [&'static str; 5],
    first: Side<'v>,
    second: Side<'v>,
    sign: &'static str,
    /// A word of ours for the style.
    class: &'static str,
    lead: &'static str,
    follow: &'static str,
}

fn object_part<'v>(
    position: usize,
    change: &'v ObjectChange<'_>,
    rows: Markup,
    more_rows: u64,
) -> ObjectPart<'v> {
    let facts = [
        change.on_premises_synced.then_some(wording::ON_PREMISES_SYNCED),
        change.changes.is_empty().then(|| wording::without_rows(&change.recovery_action)),
    ];
    let name = change.display_name.as_deref().filter(|name| !name.is_empty());
    ObjectPart {
        anchor: object_anchor(position),
        name: name.map(Text::name),
        id: Some(change.id.as_ref()).filter(|id| !id.is_empty()).map(Text::new),
        source: Text::new(change.source.as_str()),
        outcome: wording::outcome_cell(change.outcome),
        failed: change.outcome == Outcome::Failed,
        failure: change.failure_message.as_ref().map(|message| failure(message, change.failure_category)),
        facts: facts.into_iter().flatten().collect(),
        removed_reason: change.removed_reason.as_deref().map(Text::new),
        unchanged: (change.unchanged > 0).then(|| wording::unchanged(change.unchanged)),
        rows,
        more_rows: (more_rows > 0).then(|| wording::rows_left_out(more_rows)),
    }
}

fn row_part<'v>(row: &'v Row<'_>, function: Function, perspective: Perspective) -> RowPart<'v> {
    let [backup, current] = sides(row, perspective);
    // An incident is read from the backup to the present, a recovery from the present to the backup.
    let (first, second) = led(perspective, backup, current);
    let since = wording::since_backup_cell(row.since_backup);
    let will = wording::recovery_will_cell(row.kind, row.since_backup.recovery_will());
    let (lead, follow) = led(perspective, since, will);
    let (sign, class) = sign(row.since_backup, perspective);
    RowPart {
        property: Path(&row.property),
        is_link: row.kind == RowKind::Link,
        note: row.note.map(wording::note),
        heads: wording::columns(function, perspective),
        first,
        second,
        sign,
        class,
        lead,
        follow,
    }
}

/// What the perspective leads with, and the other: of an incident the first.
pub(super) fn led<T>(perspective: Perspective, of_incident: T, of_recovery: T) -> (T, T) {
    match perspective {
        Perspective::Incident => (of_incident, of_recovery),
        Perspective::Recovery => (of_recovery, of_incident),
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
