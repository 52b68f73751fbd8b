//! An item's text → [`Record`]: the spellings of its members (contract, section 2).

use std::borrow::Cow;

use crate::model::{
    EntityType, Json, Object, REDACTED, Record, RecoveryAction, State, is_lost_text, last_segment,
    may_hold_secret,
};

use super::members::{Members, Name};
use super::powershell;
use super::read_error::{ReadError, ReadErrorKind};
use super::reader::Reader;

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
    RecordReader::default().read(text)
}

/// Reads one item after the other, in room that is used again: what making that anew costs is an eighth of reading an
/// item.
#[derive(Debug, Default)]
pub struct RecordReader<'a>(Reader<'a>);

impl<'a> RecordReader<'a> {
    /// Reads one item of a page.
    ///
    /// # Errors
    /// As [`read_record`] has them.
    pub fn read(&mut self, text: &'a str) -> Result<ReadRecord<'a>, ReadError> {
        let read = self.0.read(text)?;
        let Json::Object(object) = read.value else {
            return Err(ReadError { at: 0, kind: ReadErrorKind::NotAnObject });
        };
        let record = understand(object, read.may_be_wrapped);
        Ok(ReadRecord { record, repeated_keys: read.repeated_keys, lone_surrogate: read.lone_surrogate })
    }
}

fn text<'a>(value: Option<&Json<'a>>) -> Option<Cow<'a, str>> {
    match value {
        Some(Json::String(text)) => Some(text.clone()),
        _ => None,
    }
}

/// `may_be_wrapped` is what the reader says of the item's text.
fn understand<'a>(object: Object<'a>, may_be_wrapped: bool) -> Record<'a> {
    let mut item = Members::of(object);
    let mut delta = state(item.take(Name::DeltaFromCurrent), item.is_sdk, may_be_wrapped);
    let mut current = state(item.take(Name::CurrentState), item.is_sdk, may_be_wrapped);
    let entry = DeltaEntry::of(item.take_others());
    if delta == State::Missing && current == State::Missing {
        delta = entry.link.map_or(State::Missing, State::Object);
        if item.has_lost_bag && delta == State::Missing {
            // They stood in the bag, if anywhere.
            (delta, current) = (State::Lost, State::Lost);
        }
    }
    let recovery_action = action(item.take_word(Name::RecoveryAction).as_ref());
    let says_nothing = || [&delta, &current].iter().all(|side| is_empty(side));
    if item.is_sdk && recovery_action == RecoveryAction::Update && says_nothing() {
        // An update of nothing: an SDK wrote its untyped objects without their members.
        (delta, current) = (State::Lost, State::Lost);
    }
    let (entity_type, hidden_type) =
        entity_type(item.take_word(Name::EntityTypeName).as_ref(), &delta, &current);
    let mut ids = [Name::Id, Name::ObjectId].into_iter().filter_map(|name| item.take_text(name));
    let id = ids.find(|id| !id.is_empty()).or(entry.id.map(Cow::Owned));
    let name_of = |side: &State<'a>| text(side.as_object()?.get_any_case("displayName"));
    let is_synced = |side: &State<'a>| {
        let flag = side.as_object().and_then(|side| side.get_any_case("onPremisesSyncEnabled"));
        flag == Some(&Json::Bool(true))
    };
    let removed = item.removed.and_then(|at| reason(Some(&item.all[at].1)));
    let in_delta = delta.as_object().and_then(|side| reason(side.control("removed")));
    Record {
        has_unknown_future_value: hidden_type || recovery_action.as_str() == Some("unknownFutureValue"),
        recovery_action,
        entity_type,
        id: id.unwrap_or_default(),
        display_name: item
            .take_text(Name::DisplayName)
            .or_else(|| name_of(&current))
            .or_else(|| name_of(&delta))
            .map(without_secret),
        on_premises_synced: is_synced(&current) || is_synced(&delta),
        failure_message: item.take(Name::FailureMessage),
        removed_reason: in_delta.or(removed).or(entry.removed_reason),
        delta,
        current,
    }
}

/// What an item says in the forms of an OData delta payload (docs/service.md): none of them has been seen of this
/// service, all are legal, since its functions are declared to return deltas.
#[derive(Default)]
struct DeltaEntry<'a> {
    /// Of an entry without an id of its own: that of the object whose link it is, or the end of its `@id`.
    id: Option<String>,
    removed_reason: Option<Cow<'a, str>>,
    /// A `$link` or `$deletedLink` as the link collection that says the same inside `deltaFromCurrent`.
    link: Option<Object<'a>>,
}

impl<'a> DeltaEntry<'a> {
    fn of(others: Vec<(Cow<'a, str>, Json<'a>)>) -> Self {
        if others.is_empty() {
            return DeltaEntry::default();
        }
        let members = Object::new(others).0;
        let of = |key: &str| text(members.get_any_case(key));
        let context = text(members.control("context")).unwrap_or_default().to_ascii_lowercase();
        let is_removed_link = context.ends_with("$deletedlink");
        if is_removed_link || context.ends_with("$link") {
            let parts = of("source").zip(of("relationship")).zip(of("target"));
            let Some(((source, relationship), target)) = parts else { return DeltaEntry::default() };
            let mut element = vec![(Cow::Borrowed("id"), Json::String(last_segment(&target).into()))];
            if is_removed_link {
                let reason = of("reason").unwrap_or(Cow::Borrowed("changed"));
                let removed = Object::new(vec![(Cow::Borrowed("reason"), Json::String(reason))]).0;
                element.push((Cow::Borrowed("@removed"), Json::Object(removed)));
            }
            let links = Json::Array(vec![Json::Object(Object::new(element).0)]);
            let link = Object::new(vec![(Cow::Owned(format!("{relationship}@delta")), links)]).0;
            return DeltaEntry { id: Some(last_segment(&source)), removed_reason: None, link: Some(link) };
        }
        let id = text(members.control("id")).map(|id| last_segment(&id)).filter(|id| !id.is_empty());
        let removed_reason = of("reason").filter(|_| context.ends_with("$deletedentity"));
        DeltaEntry { id, removed_reason, link: None }
    }
}

/// A name, which stands in every output, or what stands for one with a secret in it.
fn without_secret(name: Cow<'_, str>) -> Cow<'_, str> {
    if is_lost_text(&name) && may_hold_secret(&name) { Cow::Borrowed(REDACTED) } else { name }
}

fn is_empty(side: &State<'_>) -> bool {
    side.as_object().is_some_and(Object::is_empty)
}

fn state(value: Option<Json<'_>>, is_sdk: bool, may_be_wrapped: bool) -> State<'_> {
    match value {
        None | Some(Json::Null) => State::Missing,
        Some(Json::Object(object)) if is_json_element(&object) => State::Lost,
        Some(Json::Object(object)) if !may_be_wrapped => State::Object(object),
        Some(Json::Object(object)) => {
            let mut object = without_nodes(object, is_sdk);
            object.iter_mut().for_each(|(_, member)| powershell::unwrap_values(member));
            State::Object(object)
        }
        Some(_) => State::Lost,
    }
}

/// Whether an object is what .NET writes of a `JsonElement`: the kind of its value, without the value.
fn is_json_element(object: &Object<'_>) -> bool {
    object.len() == 1 && matches!(object.get_any_case("ValueKind"), Some(Json::Number(_)))
}

/// A side without the nodes that Kiota for Python puts around what has no type, each an object with nothing but a
/// `value`. In an item that is no SDK's by its spelling, every member has to be one.
fn without_nodes(object: Object<'_>, is_sdk: bool) -> Object<'_> {
    let is_node = |value: &Json<'_>| node(value).is_some();
    match object.get("value") {
        Some(Json::Object(inner)) if object.len() == 1 => {
            let all = inner.iter().all(|(_, member)| is_node(member));
            match unwrapped(&Json::Object(object.clone()), all) {
                Json::Object(inner) if all || is_sdk => inner,
                _ => object,
            }
        }
        _ => object,
    }
}

fn node<'v, 'a>(value: &'v Json<'a>) -> Option<&'v Json<'a>> {
    value.as_object().filter(|object| object.len() == 1)?.get("value")
}

/// What is in a node, and where `all` are nodes what is in those inside it.
fn unwrapped<'a>(value: &Json<'a>, all: bool) -> Json<'a> {
    let inner = node(value).unwrap_or(value);
    match inner {
        Json::Object(object) if all => {
            let members = object.iter().map(|(key, member)| (key.clone(), unwrapped(member, true)));
            Json::Object(Object::new(members.collect()).0)
        }
        Json::Array(elements) if all => {
            Json::Array(elements.iter().map(|element| unwrapped(element, true)).collect())
        }
        other => other.clone(),
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
    fn what_sdks_write_is_read_in_their_spelling() {
        let item = record(
            r#"{"Id":"1","EntityTypeName":"OAuth2PermissionGrant","RecoveryAction":"SoftDelete","AdditionalProperties":{}}"#,
        );
        assert_eq!(
            (item.entity_type.as_str(), item.recovery_action),
            ("oAuth2PermissionGrant", RecoveryAction::SoftDelete)
        );
        let python = record(
            r#"{"recovery_action":"update","entity_type_name":"user","additional_data":{"currentState":{"a":1}}}"#,
        );
        assert_eq!((python.recovery_action.as_str(), python.entity_type.as_str()), (Some("update"), "user"));
        assert!(python.current.as_object().is_some());
        let own = record(r#"{"recoveryAction":"Update","entityTypeName":"User"}"#);
        assert_eq!(
            (own.recovery_action.as_str(), own.entity_type.as_str()),
            (Some("Update"), "User"),
            "verbatim"
        );
    }

    #[test]
    fn entries_of_a_delta_payload_are_read() {
        let deleted =
            record(r#"{"@context":"x/$metadata#users/$deletedEntity","id":"u","reason":"deleted"}"#);
        assert_eq!((deleted.id.as_ref(), deleted.removed_reason.as_deref()), ("u", Some("deleted")));
        let by_link = record(r#"{"@removed":{"reason":"changed"},"@id":"https://x/users('u-1')"}"#);
        assert_eq!((by_link.id.as_ref(), by_link.removed_reason.as_deref()), ("u-1", Some("changed")));
        let link = record(
            r#"{"@odata.context":"x#groups/$deletedLink","source":"groups/g","relationship":"members","target":"users/u"}"#,
        );
        let delta = link.delta.as_object().map(|delta| Json::Object(delta.clone()).to_compact());
        assert_eq!(
            delta.as_deref(),
            Some(r#"{"members@delta":[{"id":"u","@removed":{"reason":"changed"}}]}"#)
        );
        assert_eq!(link.id, "g");
        let added =
            record(r#"{"@context":"x#groups/$link","source":"g","relationship":"owners","target":"u"}"#);
        let delta = added.delta.as_object().map(|delta| Json::Object(delta.clone()).to_compact());
        assert_eq!(delta.as_deref(), Some(r#"{"owners@delta":[{"id":"u"}]}"#));
        assert_eq!(record(r#"{"reason":"deleted","id":"u"}"#).removed_reason, None);
    }

    #[test]
    fn every_bag_that_is_one_is_read() {
        for item in [
            r#"{"id":"1","AdditionalProperties":null,"additional_properties":{"deltaFromCurrent":{"a":1}}}"#,
            r#"{"id":"1","AdditionalProperties":{},"additionalProperties":{"deltaFromCurrent":{"a":1}}}"#,
            r#"{"id":"1","AdditionalProperties":{"a":1},"additionalData":{"deltaFromCurrent":{"a":1}}}"#,
        ] {
            assert!(record(item).delta.as_object().is_some(), "{item}");
        }
    }

    #[test]
    fn what_stood_in_a_bag_that_was_lost_is_lost() {
        for bag in [r#""System.Collections.Hashtable""#, r#"["x"]"#, "7"] {
            let text = format!(r#"{{"Id":"1","RecoveryAction":"update","AdditionalProperties":{bag}}}"#);
            let item = record(&text);
            assert_eq!((&item.delta, &item.current), (&State::Lost, &State::Lost), "{bag}");
            let text = format!(r#"{{"deltaFromCurrent":{{"a":1}},"AdditionalProperties":{bag}}}"#);
            let item = record(&text);
            assert_eq!((item.delta.as_object().is_some(), &item.current), (true, &State::Missing), "{bag}");
        }
        for bag in ["{}", "null", r#""""#] {
            let text = format!(r#"{{"Id":"1","AdditionalProperties":{bag}}}"#);
            assert_eq!(record(&text).delta, State::Missing, "{bag}");
        }
    }

    #[test]
    fn a_name_that_was_an_object_with_a_secret_is_hidden() {
        for item in [
            r#"{"displayName":"@{password=hunter2}"}"#,
            r#"{"currentState":{"displayName":"@{a=1; Key=hunter2}"}}"#,
            r#"{"deltaFromCurrent":{"displayName":"@{hint=hunter2}"}}"#,
        ] {
            assert_eq!(record(item).display_name.as_deref(), Some("[redacted]"), "{item}");
        }
        for name in ["@{a=1}", "password=none"] {
            let item = format!(r#"{{"displayName":"{name}"}}"#);
            assert_eq!(record(&item).display_name.as_deref(), Some(name));
        }
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
    fn what_sdks_write_in_the_place_of_a_side_is_lost() {
        for sides in [
            r#""deltaFromCurrent":{"ValueKind":1},"currentState":{"ValueKind":1}"#,
            r#""DisplayName":"x","deltaFromCurrent":{},"currentState":{}"#,
        ] {
            let text = format!(r#"{{"id":"1","recoveryAction":"update",{sides}}}"#);
            let item = record(&text);
            assert_eq!((item.delta, item.current), (State::Lost, State::Lost), "{text}");
        }
        for sides in [
            r#""recoveryAction":"update","deltaFromCurrent":{},"currentState":{"a":1}"#,
            r#""recoveryAction":"update","deltaFromCurrent":{},"currentState":{}"#,
            r#""DisplayName":"x","recoveryAction":"restore","deltaFromCurrent":{},"currentState":{}"#,
            r#""recoveryAction":"update","deltaFromCurrent":{"ValueKind":1,"a":1},"currentState":{}"#,
            r#""recoveryAction":"update","deltaFromCurrent":{"ValueKind":"1"},"currentState":null"#,
        ] {
            assert_ne!(record(&format!("{{{sides}}}")).delta, State::Lost, "{sides}");
        }
    }

    #[test]
    fn nodes_around_what_has_no_type_are_taken_off() {
        let delta = |text: &str| {
            let delta = record(text).delta;
            delta.as_object().map(|delta| Json::Object(delta.clone()).to_compact())
        };
        let nodes = r#"{"deltaFromCurrent":{"value":{"a":{"value":1},"b":{"value":[{"value":{"c":{"value":null}}}]}}}}"#;
        assert_eq!(delta(nodes).as_deref(), Some(r#"{"a":1,"b":[{"c":null}]}"#));
        let sdk = r#"{"recovery_action":"update","additional_data":{"deltaFromCurrent":{"value":{"a":1}}}}"#;
        assert_eq!(delta(sdk).as_deref(), Some(r#"{"a":1}"#));
        for own in [r#"{"value":{"a":1}}"#, r#"{"value":1}"#, r#"{"a":{"value":1}}"#] {
            assert_eq!(delta(&format!(r#"{{"deltaFromCurrent":{own}}}"#)).as_deref(), Some(own));
        }
    }

    #[test]
    fn the_hidden_type_is_told_by_the_annotation_of_either_side() {
        let item = record(
            r#"{"entityTypeName":"unknownFutureValue","deltaFromCurrent":{"x":1},
                 "currentState":{"@type":"microsoft.graph.countryNamedLocation"}}"#,
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
