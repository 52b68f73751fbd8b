//! The first look: changes of what decides who may do what, object by object, as far as a ticket has room.

use std::borrow::Cow;

use crate::model::{EntityType, Function, Json, Object, ObjectChange, RecoveryAction, Row, RowKind};
use crate::report::Perspective;
use crate::report::wording::{self, ticket};

use super::super::run::Run;
use super::page::{Page, SHOWN_CHARACTERS};
use super::text;

/// How many objects are told.
const TOLD_OBJECTS: usize = 40;
/// How many rows of an object are told.
const TOLD_ROWS: usize = 8;
/// How many items that a collection gained, and how many it lost, are told.
const TOLD_ITEMS: usize = 8;
/// How long the document is when no further object is told: GitHub takes 65,536 characters.
const TOLD_BYTES: usize = 45_000;
/// How many characters of a value are shown.
const VALUE_CHARACTERS: usize = 120;
/// How many characters before the first difference are shown, where two long values begin alike.
const CHARACTERS_BEFORE: usize = 20;

/// The objects that are looked at first, in the order of the report.
pub(super) fn first_look(run: Run<'_, '_>, page: &mut Page) {
    let groups = || run.report.groups().iter().filter(|group| is_looked_at_first(group.entity_type));
    // A failed change whose message a planned one carries is told there.
    let told_by_plans = run.report.failures_of_plans();
    let positions: Vec<usize> = groups()
        .flat_map(|group| group.positions.clone())
        .filter(|position| !told_by_plans.contains(position))
        .collect();
    if positions.is_empty() {
        return;
    }
    let perspective = run.report.options().perspective;
    page.heading(2, ticket::FIRST_LOOK);
    page.block(ticket::direction(perspective));
    let mut told = 0;
    for &position in positions.iter().take(TOLD_OBJECTS) {
        if page.text.len() > TOLD_BYTES {
            break;
        }
        object(run, &run.report.object(position).change, page);
        told += 1;
    }
    if told < positions.len() {
        let more = (positions.len() - told) as u64;
        let more = ticket::more_objects(more);
        page.block(&format!("**{more}.**"));
    }
}

/// Policies, applications, permissions and the tenant's settings; not the many users and groups, nor what
/// this version does not know.
fn is_looked_at_first(entity_type: &EntityType) -> bool {
    match entity_type {
        EntityType::ConditionalAccessPolicy
        | EntityType::NamedLocationPolicy
        | EntityType::AuthenticationMethodPolicy
        | EntityType::AuthorizationPolicy
        | EntityType::AuthenticationStrengthPolicy
        | EntityType::Application
        | EntityType::ServicePrincipal
        | EntityType::OAuth2PermissionGrant
        | EntityType::AppRoleAssignment
        | EntityType::Organization => true,
        EntityType::User | EntityType::Group | EntityType::Other(_) => false,
    }
}

fn object(run: Run<'_, '_>, change: &ObjectChange<'_>, page: &mut Page) {
    let perspective = run.report.options().perspective;
    let name = change.display_name.as_deref();
    let name = name.map_or(ticket::NO_NAME.to_owned(), |name| text::cut(name, VALUE_CHARACTERS));
    page.heading(3, &format!("{}: {name}", change.entity_type.as_str()));
    let will = wording::recovery_of(change.function, &change.recovery_action);
    let will = match change.recovery_action {
        RecoveryAction::Other(_) => text::cut(&will, SHOWN_CHARACTERS),
        RecoveryAction::Update
        | RecoveryAction::SoftDelete
        | RecoveryAction::Restore
        | RecoveryAction::Missing => will,
    };
    let words = ticket::both(perspective, wording::object_since_backup(change.since_backup), &will);
    page.block(&format!("{}: {words}", text::cut(&change.id, VALUE_CHARACTERS)));
    if let Some(message) = &change.failure_message {
        let category = change.failure_category.map_or(wording::NO_MESSAGE, wording::failure_category);
        let message = text::cut(&message.to_text(), SHOWN_CHARACTERS);
        page.item(0, &format!("**{}:** {category}: {message}", wording::outcome(change.outcome)));
    }
    let (told, rest) = change.changes.split_at(change.changes.len().min(TOLD_ROWS));
    for told in told {
        page.item(0, &row(told, change.function, perspective));
    }
    if !rest.is_empty() {
        let more = rest.len() as u64;
        page.item(0, &ticket::more_rows(more));
    }
}

/// Path, values and words of a row.
fn row(row: &Row<'_>, function: Function, perspective: Perspective) -> String {
    let path = text::cut(&row.property, SHOWN_CHARACTERS);
    let kind = if row.kind == RowKind::Link { format!(" {}", ticket::LINK) } else { String::new() };
    let will = wording::recovery_of_row(function, row.kind, row.since_backup.recovery_will());
    let words = ticket::both(perspective, wording::since_backup(row.since_backup), &will);
    let note = row.note.map_or(String::new(), |note| format!("; {}", wording::note(note)));
    format!("{path}{kind}: {} ({words}{note})", values(row, perspective))
}

fn values(row: &Row<'_>, perspective: Perspective) -> String {
    if row.kind == RowKind::Link {
        let targets = [&row.backup, &row.current].into_iter().flatten();
        return targets.map(target).collect::<Vec<_>>().join(", ");
    }
    let (from, to) = match perspective {
        Perspective::Incident => (&row.backup, &row.current),
        Perspective::Recovery => (&row.current, &row.backup),
    };
    let items = row.items.as_ref().map(|items| match perspective {
        Perspective::Incident => (&items.added, &items.removed),
        Perspective::Recovery => (&items.removed, &items.added),
    });
    match items {
        Some((added, removed)) if !(added.is_empty() && removed.is_empty()) => {
            let signed = [signed('+', added, removed), signed('−', removed, added)];
            signed.into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        Some(_) | None => compared(row, from.as_ref(), to.as_ref()),
    }
}

/// The items that a collection gained or lost, each behind its sign; a long one is shown where it begins to
/// differ from the one at the same place among `others`.
fn signed(sign: char, items: &[Json<'_>], others: &[Json<'_>]) -> Vec<String> {
    let (told, rest) = items.split_at(items.len().min(TOLD_ITEMS));
    let shown = |(position, item): (usize, &Json<'_>)| {
        let item = spelled(item);
        let start = first_shown(Some(&item), others.get(position).map(spelled).as_deref());
        format!("{sign} {}", text::window(&item, start, VALUE_CHARACTERS))
    };
    let mut signed: Vec<String> = told.iter().enumerate().map(shown).collect();
    if !rest.is_empty() {
        signed.push(format!("{sign} {}", ticket::more_items(rest.len() as u64)));
    }
    signed
}

/// The first character that is shown of two texts: of long ones that begin alike, a little before they differ.
fn first_shown(one: Option<&str>, other: Option<&str>) -> usize {
    let (Some(one), Some(other)) = (one, other) else { return 0 };
    let alike = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    if alike + CHARACTERS_BEFORE > VALUE_CHARACTERS { alike - CHARACTERS_BEFORE } else { 0 }
}

/// `from → to`; of two long values that begin alike, what stands around their first difference.
fn compared(row: &Row<'_>, from: Option<&Json<'_>>, to: Option<&Json<'_>>) -> String {
    let (from, to) = (from.map(spelled), to.map(spelled));
    let start = first_shown(from.as_deref(), to.as_deref());
    let side = |value: Option<String>| match value {
        None => wording::absence(row, None).unwrap_or(wording::NO_VALUE).to_owned(),
        Some(value) => text::window(&value, start, VALUE_CHARACTERS),
    };
    format!("{} → {}", side(from), side(to))
}

/// A value so that no two that differ look alike: a string in quotes, anything else as compact JSON.
fn spelled(value: &Json<'_>) -> String {
    match value {
        Json::String(text) => format!("\"{text}\""),
        other => other.to_compact(),
    }
}

/// The object at the other end of a link: its name, type and id.
fn target(target: &Json<'_>) -> String {
    let Json::Object(target) = target else { return text::cut(&spelled(target), VALUE_CHARACTERS) };
    let shown = |key: &str| member(target, key).map(|text| text::cut(&text, VALUE_CHARACTERS));
    let name = shown("displayName").or_else(|| shown("userPrincipalName"));
    let parts = [shown("type"), name, shown("id")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn member<'t>(target: &'t Object<'_>, key: &str) -> Option<Cow<'t, str>> {
    Some(target.get(key)?.to_text())
}
