//! What changed in an object, clause by clause: known properties with their values or items, all others by their
//! paths, and apart from both what the input does not tell.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::model::{EntityType, Json, Note, ObjectChange, Row, RowKind, SinceBackup};

use super::super::options::Perspective;
use super::first::Told;
use super::number::{counted, plural};
use super::property::{self, ENTRY, Property, method, named};
use super::sentence::{Sentence, listed};

/// How many clauses tell of properties with names, how many others are named, and how many items.
const NAMED: usize = 2;
const OTHERS: usize = 3;
const ITEMS: usize = 3;

/// How many characters a value has at most that stands in a sentence.
const VALUE_CHARACTERS: usize = 60;

/// A clause about what is an object's: `one account was added to` · `exclusions` · nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Clause {
    before: Sentence,
    /// What of the object it is about, behind an article or "its".
    what: What,
    after: Sentence,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    /// `the exclusions of …`, `its exclusions`.
    The(Sentence),
    /// `the state of the method “Sms” of …`, `the state of the method “Sms”`.
    Part(Sentence),
    /// `3 properties of …`, `3 more properties`.
    Some(u64),
}

impl Default for What {
    fn default() -> Self {
        What::The(Sentence::default())
    }
}

impl Clause {
    /// The clause with the object's name in it.
    pub(super) fn of(self, object: Told) -> Told {
        let what = match self.what {
            What::The(name) | What::Part(name) => Sentence::ours("the ").then(name),
            What::Some(count) => Sentence::ours(some(count, "property", "properties")),
        };
        let before = self.before.then(what).and(" of ").then(object.before);
        Told { before, ..object }.and(self.after)
    }

    /// The clause behind another about the same object.
    pub(super) fn of_it(self) -> Sentence {
        let what = match self.what {
            What::The(name) => Sentence::ours("its ").then(name),
            What::Part(name) => Sentence::ours("the ").then(name),
            What::Some(count) => Sentence::ours(some(count, "more property", "more properties")),
        };
        self.before.then(what).then(self.after)
    }
}

/// What is told of an update.
pub(super) struct Clauses {
    pub(super) known: Vec<Clause>,
    /// About what the input does not tell.
    pub(super) not_known: Option<Clause>,
}

/// What is told of the rows of `change`.
pub(super) fn clauses(change: &ObjectChange<'_>, perspective: Perspective) -> Clauses {
    let mut facts: Vec<(usize, Fact<'_>)> = Vec::new();
    // Where those are that take more rows; an item can have as many collections of links as it has room for.
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut others, mut not_known) = (Vec::new(), Vec::new());
    for row in &change.changes {
        if row.since_backup == SinceBackup::Unknown {
            not_known.push(row.property.as_ref());
        } else if let Some((place, fact)) = Fact::of(&change.entity_type, row) {
            match fact.key().map(|key| open.entry(key)) {
                Some(Entry::Occupied(known)) => facts[*known.get()].1.rows.push(row),
                Some(Entry::Vacant(vacant)) => {
                    vacant.insert(facts.len());
                    facts.push((place, fact));
                }
                None => facts.push((place, fact)),
            }
        } else {
            others.push(row.property.as_ref());
        }
    }
    facts.sort_by_key(|(place, _)| *place);
    let beyond = facts.split_off(facts.len().min(NAMED));
    let names = beyond.into_iter().map(|(_, fact)| fact.name);
    let others: Vec<Sentence> = names.chain(others.into_iter().map(beginning)).collect();
    let not_known: Vec<Sentence> = not_known.into_iter().map(beginning).collect();
    let mut known: Vec<Clause> =
        facts.into_iter().map(|(_, fact)| fact.clause(&change.entity_type, perspective)).collect();
    known.extend(of_others(others, perspective));
    Clauses { known, not_known: of_unknown(not_known) }
}

/// A path up to the element of a collection: what is behind it tells a reader nothing in a sentence.
fn beginning(path: &str) -> Sentence {
    let end = path.find('[').filter(|end| *end > 0).unwrap_or(path.len());
    Sentence::default().theirs(&path[..end])
}

fn of_others(names: Vec<Sentence>, perspective: Perspective) -> Option<Clause> {
    let count = (!names.is_empty()).then_some(names.len() as u64)?;
    let (before, after) = match perspective {
        Perspective::Incident => ("", plural(count, " was changed", " were changed")),
        Perspective::Recovery => ("set ", " back"),
    };
    let after = Sentence::ours(after).then(in_brackets(names));
    Some(Clause { before: Sentence::ours(before), what: What::Some(count), after })
}

fn of_unknown(names: Vec<Sentence>) -> Option<Clause> {
    let count = (!names.is_empty()).then_some(names.len() as u64)?;
    let after = Sentence::ours(" is not known").then(in_brackets(names));
    Some(Clause { before: Sentence::default(), what: What::Some(count), after })
}

/// The first names, and how many more there are; what several properties share is named once.
fn in_brackets(mut names: Vec<Sentence>) -> Sentence {
    names.dedup();
    let count = names.len();
    names.truncate(OTHERS);
    names.extend(rest(count, OTHERS));
    Sentence::ours(" (").then(listed(names)).and(")")
}

/// `one` thing, or `1,234` of them.
pub(super) fn some(count: u64, one: &'static str, many: &'static str) -> String {
    if count == 1 { format!("one {one}") } else { counted(count, one, many) }
}

/// Texts of the input, the first ones, and how many more there are.
pub(super) fn texts(texts: &[&str]) -> Sentence {
    let list = texts.iter().take(ITEMS).map(|text| quoted(text));
    listed(list.chain(rest(texts.len(), ITEMS)).collect())
}

fn rest(count: usize, named: usize) -> Option<Sentence> {
    let rest = count.saturating_sub(named);
    (rest > 0).then(|| Sentence::ours(format!("{} more", super::number(rest as u64))))
}

/// A text of the input, set off from the words around it.
pub(super) fn quoted(text: &str) -> Sentence {
    Sentence::ours("\u{201c}").theirs(text).and("\u{201d}")
}

/// Rows that are told together, as one thing with a name.
struct Fact<'c> {
    name: Sentence,
    known: Option<Property>,
    /// Whether the name says of what it is, beside the object.
    is_part: bool,
    rows: Vec<&'c Row<'c>>,
}

impl<'c> Fact<'c> {
    /// What a row of an object is told as, with its place among others; `None` where it has no name.
    fn of(entity_type: &EntityType, row: &'c Row<'c>) -> Option<(usize, Self)> {
        let path = row.property.as_ref();
        let fact = |name, known| Fact { name, known, is_part: false, rows: vec![row] };
        if let Some((place, known)) = named(entity_type, path) {
            return Some((place, fact(Sentence::ours(known.name), Some(known))));
        }
        if let Some((method, member)) = method(entity_type, path) {
            let of = match member {
                "" => Sentence::ours("configuration of the method "),
                "state" => Sentence::ours("state of the method "),
                other => quoted(other).and(" of the method "),
            };
            // Methods that were turned on or off stand before all else of them.
            let fact = Fact { is_part: true, ..fact(of.then(quoted(method)), None) };
            return Some((usize::from(member != "state"), fact));
        }
        (row.kind == RowKind::Link).then(|| (usize::MAX, fact(quoted(path), None)))
    }

    /// What all rows share that are told as this; `None` where it is one row.
    fn key(&self) -> Option<&'c str> {
        let branch = self.known.filter(|known| known.is_branch());
        let row = self.rows[0];
        branch
            .map(|known| known.path)
            .or_else(|| (row.kind == RowKind::Link).then_some(row.property.as_ref()))
    }

    fn clause(self, entity_type: &EntityType, perspective: Perspective) -> Clause {
        let row = self.rows[0];
        let item = self.known.map_or(("link", "links"), |known| known.item);
        let what = if self.is_part { What::Part(self.name) } else { What::The(self.name) };
        if row.kind == RowKind::Link {
            let count = |since| self.rows.iter().filter(|row| row.since_backup == since).count() as u64;
            let items = |since| Items { count: count(since), texts: Vec::new(), item };
            return collection(what, &items(SinceBackup::Added), &items(SinceBackup::Removed), perspective);
        }
        if let Some(known) = self.known.filter(|known| known.is_branch()) {
            let decisive = self.rows.iter().find(|row| known.is_decisive(&row.property));
            let since = decisive.map_or(SinceBackup::Modified, |row| row.since_backup);
            return whole(what, since, "was", perspective);
        }
        if let Some((added, removed)) = gained_and_lost(entity_type, row) {
            let item = self.known.map_or(ENTRY, |known| known.item);
            let items = |of: &[&str], count| Items::of(of, count, item);
            let (added, removed) = (items(&added.0, added.1), items(&removed.0, removed.1));
            if added.count + removed.count > 0 {
                return collection(what, &added, &removed, perspective);
            }
        }
        let was = if self.known.is_some_and(|known| known.is_plural) { "were" } else { "was" };
        single(what, row, was, perspective)
    }
}

/// The texts among some elements, and how many elements there are.
type Elements<'c> = (Vec<&'c str>, usize);

/// What a collection gained and lost; the permissions of a grant are one, written as a text.
fn gained_and_lost<'c>(entity_type: &EntityType, row: &'c Row<'c>) -> Option<(Elements<'c>, Elements<'c>)> {
    let all = |elements: &'c [Json<'c>]| (elements.iter().filter_map(Json::as_str).collect(), elements.len());
    if let Some(items) = &row.items {
        return Some((all(&items.added), all(&items.removed)));
    }
    let is_scope =
        *entity_type == EntityType::OAuth2PermissionGrant && row.property.eq_ignore_ascii_case("scope");
    let words = |side: &'c Option<Json<'c>>| -> Vec<&'c str> {
        let text = side.as_ref().and_then(Json::as_str).filter(|_| is_scope);
        text.unwrap_or_default().split_ascii_whitespace().collect()
    };
    let (current, backup) = (words(&row.current), words(&row.backup));
    let beside = |these: &[&'c str], those: &[&str]| -> Vec<&'c str> {
        these.iter().filter(|word| !those.contains(word)).copied().collect()
    };
    let (added, removed) = (beside(&current, &backup), beside(&backup, &current));
    let counted = |of: Vec<&'c str>| {
        let count = of.len();
        (of, count)
    };
    is_scope.then(|| (counted(added), counted(removed)))
}

/// Items that a collection gained or lost.
struct Items {
    count: u64,
    /// All of them, where a reader knows them by their texts and they are few.
    texts: Vec<String>,
    item: (&'static str, &'static str),
}

impl Items {
    fn of(texts: &[&str], count: usize, item: (&'static str, &'static str)) -> Self {
        let tells = |text: &&str| !is_guid(text) && text.chars().count() <= VALUE_CHARACTERS;
        let is_told = texts.len() == count && count <= ITEMS && texts.iter().all(tells);
        // A word among ids, such as "All", is none of what the ids are.
        let has_words = texts.iter().any(|text| !is_guid(text)) && texts.iter().any(|text| is_guid(text));
        let texts = if is_told { texts.iter().map(|text| (*text).to_owned()).collect() } else { Vec::new() };
        Items { count: count as u64, texts, item: if has_words { ENTRY } else { item } }
    }

    fn told(&self) -> Sentence {
        if self.texts.is_empty() {
            return Sentence::ours(some(self.count, self.item.0, self.item.1));
        }
        texts(&self.texts.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

fn is_guid(text: &str) -> bool {
    let is_fitting = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(is_fitting)
}

/// A collection that gained or lost something.
fn collection(what: What, added: &Items, removed: &Items, perspective: Perspective) -> Clause {
    let told = |items: &Items, one: &'static str, many: &'static str| {
        items.told().and(plural(items.count, one, many))
    };
    let parts = match perspective {
        Perspective::Incident => [
            (added, told(added, " was added to", " were added to")),
            (removed, told(removed, " was removed from", " were removed from")),
        ],
        Perspective::Recovery => [
            (added, Sentence::ours("remove ").then(added.told()).and(" from")),
            (removed, Sentence::ours("add ").then(removed.told()).and(" back to")),
        ],
    };
    let parts = parts.into_iter().filter(|(items, _)| items.count > 0).map(|(_, told)| told);
    Clause { before: listed(parts.collect()).and(" "), what, after: Sentence::default() }
}

/// Something that came, went or changed as a whole; `was` is the word that fits its name.
fn whole(what: What, since: SinceBackup, was: &str, perspective: Perspective) -> Clause {
    let (before, after) = match (perspective, since) {
        (Perspective::Incident, SinceBackup::Added) => ("", format!(" {was} added")),
        (Perspective::Incident, SinceBackup::Removed) => ("", format!(" {was} removed")),
        (Perspective::Incident, _) => ("", format!(" {was} changed")),
        (Perspective::Recovery, SinceBackup::Added) => ("remove ", String::new()),
        (Perspective::Recovery, SinceBackup::Removed) => ("put ", " back".to_owned()),
        (Perspective::Recovery, _) => ("set ", " back".to_owned()),
    };
    Clause { before: Sentence::ours(before), what, after: Sentence::ours(after) }
}

/// A property with one value on each side.
fn single(what: What, row: &Row<'_>, was: &str, perspective: Perspective) -> Clause {
    let side = |side: &Option<Json<'_>>| value(row, side.as_ref());
    let (backup, current) = (side(&row.backup), side(&row.current));
    let to = |lead: String, value: Sentence| Sentence::ours(lead).then(value);
    let (before, after) = match (perspective, row.since_backup, backup, current) {
        (Perspective::Incident, SinceBackup::Modified, Some(backup), Some(current)) => {
            ("", to(format!(" {was} changed from "), backup).and(" to ").then(current))
        }
        (Perspective::Incident, SinceBackup::Added, _, Some(current)) => {
            ("", to(format!(" {was} set to "), current))
        }
        (Perspective::Incident, SinceBackup::Removed, Some(backup), _) => {
            ("", to(format!(" {was} cleared (before: "), backup).and(")"))
        }
        (Perspective::Recovery, SinceBackup::Modified, Some(backup), Some(current)) => {
            ("set ", Sentence::ours(" back from ").then(current).and(" to ").then(backup))
        }
        (Perspective::Recovery, SinceBackup::Added, _, Some(current)) => {
            ("clear ", Sentence::ours(" (now ").then(current).and(")"))
        }
        (Perspective::Recovery, SinceBackup::Removed, Some(backup), _) => {
            ("set ", Sentence::ours(" back to ").then(backup))
        }
        (_, since, ..) => return whole(what, since, was, perspective),
    };
    Clause { before: Sentence::ours(before), what, after }
}

/// A value that can stand in a sentence.
fn value(row: &Row<'_>, value: Option<&Json<'_>>) -> Option<Sentence> {
    let value = value.filter(|value| !matches!(value, Json::Array(_) | Json::Object(_) | Json::Null))?;
    let text = value.to_text();
    if row.note == Some(Note::Redacted) || text.is_empty() || text.chars().count() > VALUE_CHARACTERS {
        return None;
    }
    let role = property::role_of_guests(&row.property, &text);
    Some(role.map_or_else(|| quoted(&text), Sentence::ours))
}
