//! An item's text → [`Record`]: the spellings of its members (contract, section 2).

use std::borrow::Cow;

use crate::model::{EntityType, Json, Object, Record, RecoveryAction, State};

use super::powershell;
use super::reader::{self, ReadError, ReadErrorKind};

/// An item read, and what was odd about its text.
#[derive(Debug)]
pub struct ReadRecord<'a> {
    /// The item.
    pub record: Record<'a>,
    /// Keys that stood more than once in one object; the last value was kept.
    pub repeated_keys: Vec<Cow<'a, str>>,
    /// Whether half a character pair was read as U+FFFD.
    pub lone_surrogate: bool,
}

/// Reads one item of a page.
///
/// # Errors
/// Where `text` is no JSON, nested too deeply, or no object.
pub fn read_record(text: &str) -> Result<ReadRecord<'_>, ReadError> {
    let read = reader::read(text)?;
    let Json::Object(object) = read.value else {
        return Err(ReadError { at: 0, kind: ReadErrorKind::Expected("an object") });
    };
    let record = understand(object);
    Ok(ReadRecord { record, repeated_keys: read.repeated_keys, lone_surrogate: read.lone_surrogate })
}

/// The members that make an object a change item, whatever their values are. `id` and `displayName` stand in
/// every Graph object; `$select` can drop any of the others.
const MARKS: [&str; 5] =
    ["recoveryAction", "entityTypeName", "deltaFromCurrent", "currentState", "failureMessage"];

/// Whether a member by the name of `key` makes an object a change item, or may hold such members.
pub(super) fn is_mark(key: &str) -> bool {
    MARKS.iter().chain(&BAGS).any(|mark| key.eq_ignore_ascii_case(mark))
}

/// Where SDKs put the members their types do not declare (`api-facts` §8.5).
const BAGS: [&str; 2] = ["AdditionalProperties", "additionalData"];

/// An item's members: its own, and behind them those an SDK put into a bag of its own.
struct Members<'o, 'a> {
    own: &'o Object<'a>,
    bag: Option<&'o Object<'a>>,
}

impl<'o, 'a> Members<'o, 'a> {
    fn of(own: &'o Object<'a>) -> Self {
        let bag = BAGS.iter().find_map(|name| own.get_any_case(name).and_then(Json::as_object));
        Members { own, bag }
    }

    /// The first value at `key` that is not null: exact matches in the item and in its bag first, then those
    /// that differ in case.
    fn get(&self, key: &str) -> Option<&'o Json<'a>> {
        let both = || [Some(self.own), self.bag].into_iter().flatten();
        let exact = both().find_map(|object| object.get(key).filter(|value| !value.is_null()));
        exact.or_else(|| both().find_map(|object| object.get_any_case(key).filter(|value| !value.is_null())))
    }

    fn control(&self, name: &str) -> Option<&'o Json<'a>> {
        self.own.control(name).or_else(|| self.bag.and_then(|bag| bag.control(name)))
    }

    fn text(&self, key: &str) -> Option<Cow<'a, str>> {
        text(self.get(key))
    }
}

fn text<'a>(value: Option<&Json<'a>>) -> Option<Cow<'a, str>> {
    match value {
        Some(Json::String(text)) => Some(text.clone()),
        _ => None,
    }
}

fn understand<'a>(mut object: Object<'a>) -> Record<'a> {
    let delta = state(take(&mut object, "deltaFromCurrent"));
    let current = state(take(&mut object, "currentState"));
    let item = Members::of(&object);
    let recovery_action = action(item.get("recoveryAction"));
    let (entity_type, hidden_type) = entity_type(item.get("entityTypeName"), &delta, &current);
    let id = ["id", "objectId"].iter().find_map(|key| item.text(key).filter(|id| !id.is_empty()));
    let name_of = |side: &State<'a>| text(side.as_object()?.get_any_case("displayName"));
    let is_synced = |side: &State<'a>| {
        let flag = side.as_object().and_then(|side| side.get_any_case("onPremisesSyncEnabled"));
        flag == Some(&Json::Bool(true))
    };
    let in_delta = delta.as_object().and_then(|side| reason(side.control("removed")));
    Record {
        has_unknown_future_value: hidden_type || recovery_action.as_str() == Some("unknownFutureValue"),
        recovery_action,
        entity_type,
        id: id.unwrap_or_default(),
        display_name: item.text("displayName").or_else(|| name_of(&current)).or_else(|| name_of(&delta)),
        on_premises_synced: is_synced(&current) || is_synced(&delta),
        failure_message: item.get("failureMessage").filter(|message| !message.is_null()).cloned(),
        removed_reason: in_delta.or_else(|| reason(item.control("removed"))),
        delta,
        current,
    }
}

/// Takes a member out of an item, or out of the bag an SDK put it into, in the order of [`Members::get`].
fn take<'a>(object: &mut Object<'a>, key: &str) -> Option<Json<'a>> {
    let is_exact = |object: &Object<'_>| object.get(key).is_some_and(|value| !value.is_null());
    let bag =
        BAGS.into_iter().find(|bag| object.get_any_case(bag).is_some_and(|bag| bag.as_object().is_some()));
    let from_bag = |object: &mut Object<'a>| object.object_mut_any_case(bag?)?.take_any_case(key);
    let exact_in_bag =
        bag.and_then(|bag| object.get_any_case(bag)).and_then(Json::as_object).is_some_and(is_exact);
    let taken = if !is_exact(object) && exact_in_bag {
        from_bag(object)
    } else {
        object.take_any_case(key).filter(|value| !value.is_null()).or_else(|| from_bag(object))
    };
    taken.filter(|value| !value.is_null())
}

fn state(value: Option<Json<'_>>) -> State<'_> {
    match value {
        None | Some(Json::Null) => State::Missing,
        Some(Json::Object(mut object)) => {
            object.iter_mut().for_each(|(_, member)| powershell::unwrap_values(member));
            State::Object(object)
        }
        Some(_) => State::Lost,
    }
}

fn action(value: Option<&Json<'_>>) -> RecoveryAction {
    match value {
        None | Some(Json::Null) => RecoveryAction::Missing,
        Some(Json::Number(number)) => RecoveryAction::from_number(number),
        Some(other) => RecoveryAction::from_word(&other.to_text()),
    }
}

/// The object's type, and whether the service hid it behind `unknownFutureValue`.
fn entity_type(value: Option<&Json<'_>>, delta: &State<'_>, current: &State<'_>) -> (EntityType, bool) {
    let word = match value {
        None | Some(Json::Null) => None,
        Some(Json::Number(number)) => Some(Cow::Borrowed(EntityType::word_of_number(number))),
        Some(other) => Some(other.to_text()),
    };
    match word {
        Some(word) if word != "unknownFutureValue" => (EntityType::from_word(&word), false),
        hidden => {
            let annotated = [delta, current].into_iter().find_map(|side| {
                let name = EntityType::strip_namespace(side.as_object()?.control("type")?.as_str()?);
                (!name.is_empty()).then(|| EntityType::from_graph_type(name))
            });
            let stand_in = if hidden.is_some() { "unknownFutureValue" } else { "unknown" };
            (annotated.unwrap_or_else(|| EntityType::from_word(stand_in)), hidden.is_some())
        }
    }
}

fn reason<'a>(removed: Option<&Json<'a>>) -> Option<Cow<'a, str>> {
    text(removed?.as_object()?.get("reason"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(text: &str) -> Record<'_> {
        read_record(text).expect("an item").record
    }

    #[test]
    fn an_sdk_object_reads_like_the_services_own() {
        let sdk = record(
            r#"{"Id":"1","DisplayName":null,"EntityTypeName":12,"RecoveryAction":0,
                "AdditionalProperties":{"deltaFromCurrent":{"a":1},"displayName":"in the bag"}}"#,
        );
        assert_eq!(sdk.entity_type, EntityType::Organization);
        assert_eq!(sdk.recovery_action, RecoveryAction::SoftDelete);
        assert_eq!(sdk.display_name.as_deref(), Some("in the bag"));
        assert!(sdk.delta.as_object().is_some());
    }

    #[test]
    fn an_exact_key_goes_before_one_of_another_case() {
        assert_eq!(record(r#"{"ID":"upper","id":"exact"}"#).id, "exact");
        assert_eq!(record(r#"{"id":"","ObjectId":"second"}"#).id, "second");
        assert_eq!(record(r#"{"id":7}"#).id, "");
    }

    #[test]
    fn a_side_that_is_no_object_is_lost() {
        let item = record(r#"{"deltaFromCurrent":[],"currentState":"System.Collections.Hashtable"}"#);
        assert_eq!((item.delta, item.current), (State::Lost, State::Lost));
    }

    #[test]
    fn the_hidden_type_is_told_by_the_annotation_of_either_side() {
        let item = record(
            r##"{"entityTypeName":"unknownFutureValue","deltaFromCurrent":{"x":1},
                 "currentState":{"@type":"microsoft.graph.countryNamedLocation"}}"##,
        );
        assert_eq!(item.entity_type, EntityType::NamedLocationPolicy);
        assert!(item.has_unknown_future_value);
        assert_eq!(
            record(r#"{"entityTypeName":"unknownFutureValue"}"#).entity_type.as_str(),
            "unknownFutureValue"
        );
        assert_eq!(record(r#"{"entityTypeName":null}"#).entity_type.as_str(), "unknown");
    }
}
