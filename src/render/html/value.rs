//! A row's two values as cells: what is there, what is not, and where one could be taken for the other.

use std::borrow::Cow;

use crate::model::{Json, Row, RowKind};
use crate::report::Perspective;
use crate::report::wording::{self, heading};

use super::text::{TEXT_CHARACTERS, Text, seen_characters};

/// How many characters stand before the place where two long values begin to differ.
const CONTEXT_CHARACTERS: usize = 100;

/// How many added or removed items of a collection are listed, and how many that both sides have.
const CHANGED_ITEMS: usize = 200;
const COMMON_ITEMS: usize = 20;

/// How many bytes all listed items of a side have together, before the last one.
const ITEMS_BYTES: usize = 8_192;

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
    pub(super) mark: Mark,
    /// Words in the place of a text.
    pub(super) none: Option<&'static str>,
    pub(super) text: Option<Text<'v>>,
    /// Its type, where it could be taken for one of another.
    pub(super) kind: Option<&'static str>,
    /// Which part of it is shown.
    pub(super) cut: Option<String>,
}

impl<'v> Item<'v> {
    /// An item, shown from the character `from` on where it is long.
    fn of(item: &'v Json<'v>, mark: Mark, from: usize) -> Self {
        let none = wording::empty_value(item);
        let (text, cut) = if none.is_some() { ("".into(), None) } else { excerpt(item.to_text(), from) };
        Item {
            mark,
            none,
            text: none.is_none().then(|| Text::whole(text)),
            kind: (none.is_none() && is_ambiguous(item)).then(|| wording::json_kind(item)),
            cut,
        }
    }
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
            collection(row, backup, [&items.removed, &items.added], Mark::of(Only::Backup, perspective)),
            collection(row, current, [&items.added, &items.removed], Mark::of(Only::Current, perspective)),
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
            let part = |name: &str| member(target, name);
            let name = ["displayName", "userPrincipalName", "id"].into_iter().find_map(part);
            name.unwrap_or(heading::NO_ID).into()
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
    let mut side = Side { none: wording::absence(row, value), ..Side::default() };
    let (Some(value), Some(text)) = (value, text) else { return side };
    if side.none.is_some() {
        return side;
    }
    let (text, cut) = excerpt(text, from);
    side.text = Some(Text::whole(text));
    side.cut = cut;
    if let (RowKind::Link, Some(target)) = (row.kind, value.as_object()) {
        side.target = target_facts(target);
    }
    side
}

/// A member that is a text with something in it.
fn member<'v>(target: &'v crate::model::Object<'v>, name: &str) -> Option<&'v str> {
    target.get(name).and_then(Json::as_str).filter(|text| !text.is_empty())
}

/// What else a target tells beside its name.
fn target_facts<'v>(target: &'v crate::model::Object<'v>) -> Vec<Text<'v>> {
    let part = |name: &str| member(target, name);
    let named = part("displayName").is_some();
    let principal = part("userPrincipalName").filter(|_| named);
    let id = part("id").filter(|_| named || part("userPrincipalName").is_some());
    [part("type"), principal, id].into_iter().flatten().map(Text::new).collect()
}

/// Whether a text could be taken for a value of another type, or for words of ours.
fn is_ambiguous(value: &Json<'_>) -> bool {
    let Json::String(text) = value else { return false };
    let words = [
        wording::NULL,
        wording::NO_VALUE,
        wording::NO_LINK,
        wording::NOT_IN_DATA,
        wording::EMPTY_TEXT,
        wording::EMPTY_LIST,
        heading::NO_ID,
    ];
    words.contains(&text.as_ref()) || serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// The elements of a collection, those that only this side has first; long ones are shown where they begin
/// to differ from the one that stands at the same place among those of the other side.
fn collection<'v>(
    row: &Row<'_>,
    value: Option<&'v Json<'v>>,
    [only_here, of_other]: [&'v [Json<'v>]; 2],
    mark: Mark,
) -> Side<'v> {
    let mut side = Side { none: wording::absence(row, value), ..Side::default() };
    let elements = value.and_then(Json::as_array).unwrap_or_default();
    // What only this side has stands in source order, so that one pass takes it out of the whole.
    let mut taken = only_here.iter().peekable();
    let common: Vec<&Json<'_>> =
        elements.iter().filter(|element| taken.next_if(|only| only == element).is_none()).collect();
    let mut bytes = 0;
    for (position, item) in only_here.iter().take(CHANGED_ITEMS).enumerate() {
        let texts = [Some(item), of_other.get(position)].map(|item| item.map(Json::to_text));
        let item = Item::of(item, mark, first_shown(&texts));
        bytes += item.text.as_ref().map_or(0, Text::bytes);
        side.items.push(item);
        if bytes > ITEMS_BYTES {
            break;
        }
    }
    let changed_shown = side.items.len();
    let common_shown = if bytes > ITEMS_BYTES { 0 } else { COMMON_ITEMS.min(common.len()) };
    side.items.extend(common.iter().take(common_shown).map(|item| Item::of(item, Mark::Common, 0)));
    let changed = match mark {
        Mark::Comes(words) | Mark::Goes(words) => words,
        Mark::Common => "",
    };
    side.cut = wording::more_items(&[
        (only_here.len() - changed_shown, changed),
        (common.len() - common_shown, wording::ON_BOTH_SIDES),
    ]);
    side
}

/// The first character that is shown of two texts: the beginning, unless they differ too far behind it.
fn first_shown(texts: &[Option<Cow<'_, str>>; 2]) -> usize {
    let [Some(one), Some(other)] = texts else { return 0 };
    if !is_long(one) && !is_long(other) {
        return 0;
    }
    let alike = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a);
    let (same, seen) =
        alike.fold((0_usize, 0), |(same, seen), character| (same + 1, seen + seen_characters(character)));
    if seen < TEXT_CHARACTERS / 2 { 0 } else { same.saturating_sub(CONTEXT_CHARACTERS) }
}

/// Whether a text is too long to be shown whole.
fn is_long(text: &str) -> bool {
    let most = text.len().saturating_mul(seen_characters('\n'));
    most > TEXT_CHARACTERS && text.chars().map(seen_characters).sum::<usize>() > TEXT_CHARACTERS
}

/// As much of `text` as is shown, beginning at character `from` where it is too long, and what to say of the
/// rest.
fn excerpt(text: Cow<'_, str>, from: usize) -> (Cow<'_, str>, Option<String>) {
    if !is_long(&text) {
        return (text, None);
    }
    let length = text.chars().count();
    let from = if from < length { from } else { 0 };
    let mut seen = 0;
    let fits = |character: &char| {
        seen += seen_characters(*character);
        seen <= TEXT_CHARACTERS
    };
    let shown: String = text.chars().skip(from).take_while(fits).collect();
    let to = from + shown.chars().count();
    (shown.into(), Some(wording::excerpt(from + 1, to, length)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CollectionItems, SinceBackup};

    fn row(backup: Option<Json<'static>>, current: Option<Json<'static>>) -> Row<'static> {
        Row {
            kind: RowKind::Property,
            property: "p".into(),
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
                let text = |item: &Item<'_>| item.text.as_ref().map_or(String::new(), ToString::to_string);
                let shown = |item: &Item<'_>| format!("{}{}", word(item.mark), text(item));
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
    fn items_that_look_alike_are_told_apart() {
        let mut row = row(Some(Json::Array(Vec::new())), Some(Json::Array(Vec::new())));
        let long = |end: &str| text(&format!("{}{end}", "x".repeat(3_000)));
        row.items = Some(CollectionItems {
            added: vec![text("14"), text(""), text("null"), long("intruders")],
            removed: vec![Json::Number("14"), Json::Null, Json::Bool(true), long("all-staff")],
        });
        let told = |item: &Item<'_>| {
            let text = item.text.as_ref().map(ToString::to_string).unwrap_or_default();
            let text = text.get(text.len().saturating_sub(15)..).unwrap_or(&text).to_owned();
            (item.none, item.kind, text)
        };
        let [backup, current] =
            sides(&row, Perspective::Incident).map(|side| side.items.iter().map(told).collect::<Vec<_>>());
        let shown = |text: &str| format!("<bdi>{text}</bdi>");
        assert_eq!(backup[0], (None, None, shown("14")));
        assert_eq!(current[0], (None, Some("text"), shown("14")));
        assert_eq!((backup[1].0, current[1].0), (Some(wording::NULL), Some(wording::EMPTY_TEXT)));
        assert_eq!(current[2].1, Some("text"));
        assert!(backup[3].2.contains("all-staff") && current[3].2.contains("intruders"), "{backup:?}");
    }

    #[test]
    fn values_of_hidden_characters_are_shown_where_they_differ_too() {
        for same in
            ["line of text\r\n".repeat(140), "\n".repeat(1_000), format!("{}{}", "q\n".repeat(600), "")]
        {
            let row =
                row(Some(text(&format!("{same}ALLOW{same}"))), Some(text(&format!("{same}BLOCK!{same}"))));
            let [backup, current] = sides(&row, Perspective::Incident);
            let shown = |side: &Side<'_>| side.text.as_ref().map(ToString::to_string).unwrap_or_default();
            assert!(shown(&backup).contains("ALLOW") && shown(&current).contains("BLOCK!"), "{same:?}");
            assert!(backup.cut.is_some() && current.cut.is_some());
        }
    }

    #[test]
    fn long_values_are_shown_where_they_begin_to_differ() {
        let (backup, current) = (format!("{}old", "x".repeat(5_000)), format!("{}new", "x".repeat(5_000)));
        let row = row(Some(text(&backup)), Some(text(&current)));
        let [backup, current] = sides(&row, Perspective::Incident);
        assert!(backup.text.is_some_and(|text| text.to_string().ends_with("old</bdi>")));
        assert!(current.text.is_some_and(|text| text.to_string().ends_with("new</bdi>")));
        let told = backup.cut.expect("it is cut");
        assert!(told.contains("4,901") && told.contains("5,003") && told.contains("ndjson"), "{told}");
    }
}
