//! A row's two values as cells: what is there, what is not, and where one could be taken for the other.

use std::borrow::Cow;

use crate::model::{Json, Note, Row, RowKind, SinceBackup};
use crate::report::{Perspective, wording};

use super::text::Text;

/// How many characters of a value are shown; what is cut is said.
const VALUE_CHARACTERS: usize = 2_048;

/// How many characters stand before the place where two long values begin to differ.
const CONTEXT_CHARACTERS: usize = 200;

/// How many added or removed items of a collection are listed, and how many that both sides have.
const CHANGED_ITEMS: usize = 200;
const COMMON_ITEMS: usize = 20;

/// A value as a cell.
#[derive(Default)]
pub(super) struct Side<'v> {
    /// Words in the place of a value.
    pub(super) none: Option<&'static str>,
    pub(super) text: Option<Text<'v>>,
    /// What else is known of a link's target.
    pub(super) target: Vec<Text<'v>>,
    pub(super) items: Vec<Item<'v>>,
    /// The value's type, where another value looks the same.
    pub(super) kind: Option<&'static str>,
    /// What is cut or not listed.
    pub(super) cut: Option<String>,
}

/// An element of a collection.
pub(super) struct Item<'v> {
    pub(super) text: Text<'v>,
    pub(super) mark: Mark,
}

/// Whether the other side has an element, too, as the perspective tells it. The sign and the words stand
/// beside the colour.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// It comes: it was added, or recovery will add it back.
    Comes(&'static str),
    /// It goes: it was removed, or recovery will remove it.
    Goes(&'static str),
    Common,
}

impl Mark {
    fn of(side: Only, perspective: Perspective) -> Self {
        let words = wording::item(side == Only::Current, perspective);
        match (side, perspective) {
            (Only::Current, Perspective::Incident) | (Only::Backup, Perspective::Recovery) => {
                Mark::Comes(words)
            }
            (Only::Backup, Perspective::Incident) | (Only::Current, Perspective::Recovery) => {
                Mark::Goes(words)
            }
        }
    }
}

/// Which side alone has an element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Only {
    Backup,
    Current,
}

/// The backup's and the current value of a row.
pub(super) fn sides<'v>(row: &'v Row<'_>, perspective: Perspective) -> [Side<'v>; 2] {
    let (backup, current) = (row.backup.as_ref(), row.current.as_ref());
    if let Some(items) = &row.items {
        return [
            collection(row, backup, &items.removed, Mark::of(Only::Backup, perspective)),
            collection(row, current, &items.added, Mark::of(Only::Current, perspective)),
        ];
    }
    let texts = [backup, current].map(|side| side.map(|value| shown_text(row, value)));
    let alike = texts[0].is_some() && texts[0] == texts[1] && backup != current;
    let from = first_shown(&texts);
    let [backup_text, current_text] = texts;
    let side = |value: Option<&'v Json<'v>>, text: Option<Cow<'v, str>>| {
        let mut side = plain(row, value, text, from);
        if side.none.is_none() {
            side.kind = value.filter(|value| alike || is_ambiguous(value)).map(wording::json_kind);
        }
        side
    };
    [side(backup, backup_text), side(current, current_text)]
}

/// The text of a value: of a link's target its name, of anything else what it is.
fn shown_text<'v>(row: &Row<'_>, value: &'v Json<'v>) -> Cow<'v, str> {
    match value.as_object() {
        Some(target) if row.kind == RowKind::Link => {
            let part = |name: &str| target.get(name).and_then(Json::as_str);
            ["displayName", "userPrincipalName", "id"].into_iter().find_map(part).unwrap_or_default().into()
        }
        _ => value.to_text(),
    }
}

fn plain<'v>(
    row: &Row<'_>,
    value: Option<&'v Json<'v>>,
    text: Option<Cow<'v, str>>,
    from: usize,
) -> Side<'v> {
    let mut side = Side { none: absence(row, value), ..Side::default() };
    let (Some(value), Some(text)) = (value, text) else { return side };
    if side.none.is_some() {
        return side;
    }
    let (text, cut) = excerpt(text, from);
    side.text = Some(Text::new(text));
    side.cut = cut;
    if let (RowKind::Link, Some(target)) = (row.kind, value.as_object()) {
        side.target = target_facts(target);
    }
    side
}

/// The words for a side without a value that could be read as such.
fn absence(row: &Row<'_>, value: Option<&Json<'_>>) -> Option<&'static str> {
    match value {
        None if row.since_backup == SinceBackup::Unknown && row.note != Some(Note::Lifecycle) => {
            Some(wording::NOT_IN_DATA)
        }
        None if row.kind == RowKind::Link => Some(wording::NO_LINK),
        None => Some(wording::NO_VALUE),
        Some(Json::Null) => Some(wording::NULL),
        Some(Json::String(text)) if text.is_empty() => Some(wording::EMPTY_TEXT),
        Some(Json::Array(elements)) if elements.is_empty() => Some(wording::EMPTY_LIST),
        Some(_) => None,
    }
}

/// What else a target tells beside its name.
fn target_facts<'v>(target: &'v crate::model::Object<'v>) -> Vec<Text<'v>> {
    let part = |name: &str| target.get(name).and_then(Json::as_str);
    let named = part("displayName").is_some();
    let principal = part("userPrincipalName").filter(|_| named);
    let id = part("id").filter(|_| named || part("userPrincipalName").is_some());
    [part("type"), principal, id].into_iter().flatten().map(Text::new).collect()
}

/// Whether a text could be taken for a value of another type.
fn is_ambiguous(value: &Json<'_>) -> bool {
    let Json::String(text) = value else { return false };
    let looks_like_a_word =
        [wording::NULL, wording::NO_VALUE, wording::EMPTY_TEXT, wording::EMPTY_LIST].contains(&text.as_ref());
    looks_like_a_word || serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// The elements of a collection, those that only this side has first.
fn collection<'v>(
    row: &Row<'_>,
    value: Option<&'v Json<'v>>,
    only_here: &'v [Json<'v>],
    mark: Mark,
) -> Side<'v> {
    let mut side = Side { none: absence(row, value), ..Side::default() };
    let elements = value.and_then(Json::as_array).unwrap_or_default();
    // What only this side has stands in source order, so that one pass takes it out of the whole.
    let mut taken = only_here.iter().peekable();
    let common: Vec<&Json<'_>> =
        elements.iter().filter(|element| taken.next_if(|only| only == element).is_none()).collect();
    let changed = only_here.iter().take(CHANGED_ITEMS).map(|item| (item, mark));
    let unchanged = common.iter().take(COMMON_ITEMS).map(|item| (*item, Mark::Common));
    let mut cut = false;
    for (item, mark) in changed.chain(unchanged) {
        let (text, is_cut) = excerpt(item.to_text(), 0);
        cut |= is_cut.is_some();
        side.items.push(Item { text: Text::new(text), mark });
    }
    let changed = match mark {
        Mark::Comes(words) | Mark::Goes(words) => words,
        Mark::Common => "",
    };
    let more = [
        (only_here.len().saturating_sub(CHANGED_ITEMS), changed),
        (common.len().saturating_sub(COMMON_ITEMS), wording::ON_BOTH_SIDES),
    ];
    side.cut = wording::more_items(&more, cut);
    side
}

/// The first character that is shown of two texts: the beginning, unless they differ too far behind it.
fn first_shown(texts: &[Option<Cow<'_, str>>; 2]) -> usize {
    let [Some(backup), Some(current)] = texts else { return 0 };
    if backup.len().max(current.len()) <= VALUE_CHARACTERS {
        return 0;
    }
    let same = backup.chars().zip(current.chars()).take_while(|(a, b)| a == b).count();
    if same < VALUE_CHARACTERS - CONTEXT_CHARACTERS { 0 } else { same - CONTEXT_CHARACTERS }
}

/// At most [`VALUE_CHARACTERS`] of `text`, beginning at character `from` where it is so long, and what to
/// say of the rest.
fn excerpt(text: Cow<'_, str>, from: usize) -> (Cow<'_, str>, Option<String>) {
    if text.len() <= VALUE_CHARACTERS {
        return (text, None);
    }
    let length = text.chars().count();
    let from = if from < length { from } else { 0 };
    let to = (from + VALUE_CHARACTERS).min(length);
    if to - from == length {
        return (text, None);
    }
    let shown: String = text.chars().skip(from).take(VALUE_CHARACTERS).collect();
    (shown.into(), Some(wording::excerpt(from + 1, to, length)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CollectionItems;

    fn row(backup: Option<Json<'static>>, current: Option<Json<'static>>) -> Row<'static> {
        Row {
            kind: RowKind::Property,
            property: "p".to_owned(),
            since_backup: SinceBackup::Modified,
            current,
            backup,
            items: None,
            note: None,
        }
    }

    fn text(value: &str) -> Json<'static> {
        Json::String(value.to_owned().into())
    }

    fn list(values: &[&'static str]) -> Vec<Json<'static>> {
        values.iter().map(|value| Json::String((*value).into())).collect()
    }

    #[test]
    fn values_that_look_alike_tell_their_type() {
        let row = row(Some(Json::Number("14")), Some(text("14")));
        let kinds = sides(&row, Perspective::Incident).map(|side| side.kind);
        assert_eq!(kinds, [Some("number"), Some("text")]);
        let plain = super::tests::row(Some(text("Oslo")), Some(text("Bergen")));
        assert_eq!(sides(&plain, Perspective::Incident).map(|side| side.kind), [None, None]);
        let word = super::tests::row(Some(text("null")), Some(Json::Null));
        let [backup, current] = sides(&word, Perspective::Incident);
        assert_eq!((backup.kind, backup.none, current.none), (Some("text"), None, Some("null")));
    }

    #[test]
    fn what_is_not_there_is_told_apart() {
        let found =
            |value| sides(&row(value, Some(text("x"))), Perspective::Incident).map(|side| side.none)[0];
        assert_eq!(found(None), Some(wording::NO_VALUE));
        assert_eq!(found(Some(Json::Null)), Some(wording::NULL));
        assert_eq!(found(Some(text(""))), Some(wording::EMPTY_TEXT));
        assert_eq!(found(Some(Json::Array(Vec::new()))), Some(wording::EMPTY_LIST));
        assert_eq!(found(Some(text(" "))), None);
    }

    #[test]
    fn items_of_a_collection_are_marked_one_by_one() {
        let mut row =
            row(Some(Json::Array(list(&["a", "b", "a"]))), Some(Json::Array(list(&["b", "c", "a"]))));
        row.items = Some(CollectionItems { added: list(&["c"]), removed: list(&["a"]) });
        let word = |mark: Mark| match mark {
            Mark::Comes(words) => format!("+ {words} "),
            Mark::Goes(words) => format!("- {words} "),
            Mark::Common => String::new(),
        };
        let shown = |perspective: Perspective| {
            sides(&row, perspective).map(|side| {
                let shown = |item: &Item<'_>| format!("{}{}", word(item.mark), item.text);
                side.items.iter().map(shown).collect::<Vec<_>>().join(" ")
            })
        };
        let of_incident = [
            "- removed <bdi>a</bdi> <bdi>b</bdi> <bdi>a</bdi>",
            "+ added <bdi>c</bdi> <bdi>b</bdi> <bdi>a</bdi>",
        ];
        assert_eq!(shown(Perspective::Incident), of_incident);
        let [backup, current] = shown(Perspective::Recovery);
        assert!(backup.starts_with("+ will be added back <bdi>a</bdi>"), "{backup}");
        assert!(current.starts_with("- will be removed <bdi>c</bdi>"), "{current}");
    }

    #[test]
    fn long_values_are_shown_where_they_begin_to_differ() {
        let (backup, current) = (format!("{}old", "x".repeat(5_000)), format!("{}new", "x".repeat(5_000)));
        let row = row(Some(text(&backup)), Some(text(&current)));
        let [backup, current] = sides(&row, Perspective::Incident);
        assert!(backup.text.is_some_and(|text| text.to_string().ends_with("old</bdi>")));
        assert!(current.text.is_some_and(|text| text.to_string().ends_with("new</bdi>")));
        let told = backup.cut.expect("it is cut");
        assert!(told.contains("4,801") && told.contains("5,003") && told.contains("csv"), "{told}");
    }
}
