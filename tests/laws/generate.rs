//! Generators of values and items, biased to what the contract is about: empty values, numbers and GUIDs
//! spelled differently, timestamps, keyed arrays, links, secrets, lost texts, annotations.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Select, select, subsequence};
use serde_json::{Map, Value, json};

/// The text that is planted wherever a secret may stand.
pub(crate) const MARKER: &str = "hunter2";

/// What stands in a generated value beside plain data and annotations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Spice {
    pub(crate) links: bool,
    pub(crate) lost: bool,
    pub(crate) secrets: bool,
}

impl Spice {
    pub(crate) const NONE: Spice = Spice { links: false, lost: false, secrets: false };
    pub(crate) const ALL: Spice = Spice { links: true, lost: true, secrets: true };
}

/// Spellings of the same instant, a line each.
pub(crate) const INSTANTS: [[&str; 3]; 3] = [
    ["2026-07-27T22:00:00Z", "2026-07-28T00:00:00.000+02:00", "2026-07-27t21:30:00-00:30"],
    ["0001-01-01T00:00:00Z", "0001-01-01T23:59:00+23:59", "0001-01-01T00:00:00.0z"],
    ["9999-12-31T23:59:59.9999999Z", "9999-12-31t23:59:59.99999990z", "9999-12-31T22:59:59.9999999-01:00"],
];

pub(crate) const GUIDS: [&str; 4] = [
    "0b2c8a4e-1111-4abc-9def-00000000000a",
    "0B2C8A4E-1111-4ABC-9DEF-00000000000A",
    "c0ffee00-2222-4abc-9def-00000000000b",
    "c0ffee00-2222-4abc-9def-00000000000c",
];

/// A number as it is written.
pub(crate) fn number(text: &str) -> Value {
    serde_json::from_str(text).expect("the text of a number")
}

/// One of `values`, which need not live as long as the strategy.
pub(crate) fn one_of<T: Clone + std::fmt::Debug + 'static, const N: usize>(values: [T; N]) -> Select<T> {
    select(Vec::from(values))
}

fn leaf() -> BoxedStrategy<Value> {
    let numbers = ["14", "14.0", "1.4e1", "0", "-0", "-3.50", "1e400", "9007199254740993", "0.1"];
    let instants = INSTANTS.concat();
    let texts = ["", "Oslo", "Bergen", "2026-02-30T00:00:00Z", "=1+1", "a,\"b\"\r\nc", "\u{202e}gnp"];
    prop_oneof![
        2 => Just(Value::Null),
        1 => Just(json!([])),
        1 => Just(json!({})),
        2 => any::<bool>().prop_map(Value::from),
        2 => one_of(numbers).prop_map(number),
        3 => one_of(texts).prop_map(Value::from),
        1 => "\\PC{0,5}".prop_map(Value::from),
        2 => one_of(GUIDS).prop_map(Value::from),
        2 => select(instants).prop_map(Value::from),
    ]
    .boxed()
}

/// A text that PowerShell leaves behind; some have a secret in them.
fn lost_text(secrets: bool) -> BoxedStrategy<Value> {
    let plain = one_of(["System.Collections.Hashtable", "System.Object[]", "@{city=Oslo}", "@{}"]);
    let telling =
        one_of(["@{Password=hunter2; a=}", "@{secretText=hunter2}", "@{a=System.Object[]; key=hunter2}"]);
    if secrets {
        prop_oneof![plain, telling].prop_map(Value::from).boxed()
    } else {
        plain.prop_map(Value::from).boxed()
    }
}

fn plain_key() -> impl Strategy<Value = String> {
    let keys = [
        "city",
        "jobTitle",
        "conditions",
        "users",
        "state",
        "settings",
        "x.y",
        "",
        "a[0]",
        "say \"so\"",
        "Id",
    ];
    prop_oneof![9 => one_of(keys).prop_map(str::to_owned), 1 => "[a-c~/ é]{1,3}"]
}

fn annotation() -> impl Strategy<Value = (String, Value)> {
    let keys = one_of(["@odata.type", "manager@odata.bind", "@odata.id"]);
    (keys, leaf()).prop_map(|(key, value)| (key.to_owned(), value))
}

/// A member that holds a secret, in one of the shapes the contract names.
fn secret(lost: bool) -> BoxedStrategy<(String, Value)> {
    let password = one_of(["password", "secretText", "PASSWORD", "SecretText"]);
    let shape = one_of([
        json!("hunter2"),
        json!("hunter2!"),
        json!({"old": "hunter2"}),
        json!(["hunter2"]),
        json!(null),
        json!([]),
    ]);
    let bags = one_of([
        ("keyCredentials", "key"),
        ("passwordCredentials", "hint"),
        ("KEYCREDENTIALS", "Key"),
        ("passwordProfile", "password"),
    ]);
    let whole = prop_oneof![
        (password, shape.clone()).prop_map(|(key, value)| (key.to_owned(), value)),
        (bags.clone(), vec((shape, any::<bool>()), 0..3)).prop_map(|((bag, key), secrets)| {
            let credentials = secrets.into_iter().enumerate().map(|(number, (secret, keyed))| {
                let mut credential =
                    Map::from_iter([(key.to_owned(), secret), ("x".to_owned(), json!(number))]);
                if keyed {
                    credential.insert("keyId".to_owned(), json!(format!("credential {number}")));
                }
                Value::Object(credential)
            });
            (bag.to_owned(), credentials.collect())
        }),
    ];
    let damaged = one_of([
        json!("@{x=hunter2}"),
        json!({"inner": "System.Object[] hunter2 System.Object[]"}),
        json!({"value": [{"secretText": "hunter2", "password": "hunter2"}], "Count": 1}),
    ]);
    let damaged = (one_of(["keyCredentials", "passwordCredentials"]), damaged)
        .prop_map(|(bag, damaged)| (bag.to_owned(), damaged));
    if lost { prop_oneof![2 => whole, 1 => damaged].boxed() } else { whole.boxed() }
}

fn link(lost: bool) -> BoxedStrategy<Value> {
    let whole = [
        json!({"id": "1", "@odata.type": "#microsoft.graph.user", "displayName": "Ana"}),
        json!({"id": "2", "@removed": {"reason": "changed"}}),
        json!({"@odata.id": "https://x/users('3')", "@removed": {"reason": "deleted"}, "password": "hunter2"}),
        json!({}),
        json!("4"),
    ];
    let damaged = [json!("@{id=5; password=hunter2}"), json!(7), json!(["8"])];
    if lost { prop_oneof![4 => one_of(whole), 1 => one_of(damaged)].boxed() } else { one_of(whole).boxed() }
}

fn links(lost: bool) -> BoxedStrategy<(String, Value)> {
    let keys = one_of(["members@delta", "owners@odata.delta", "memberOf@delta"]);
    let whole = prop_oneof![6 => vec(link(lost), 0..4).prop_map(Value::from), 1 => Just(Value::Null), 1 => link(false)
        .prop_filter("a lone text is a lost collection", Value::is_object)];
    let collection = if lost { prop_oneof![5 => whole, 1 => lost_text(true)].boxed() } else { whole.boxed() };
    (keys, collection).prop_map(|(key, collection)| (key.to_owned(), collection)).boxed()
}

fn lost(secrets: bool) -> BoxedStrategy<(String, Value)> {
    prop_oneof![
        (plain_key(), lost_text(secrets)),
        (plain_key(), vec(lost_text(secrets), 1..3).prop_map(Value::from)),
        (one_of(["tags", "businessPhones", "includeUsers"]).prop_map(str::to_owned), Just(json!("a b"))),
    ]
    .boxed()
}

/// An object with members of `spice`, nested to `depth`.
pub(crate) fn object(spice: Spice, depth: u32) -> BoxedStrategy<Value> {
    let plain = (plain_key(), value(spice, depth));
    let none = Just(Vec::new()).boxed();
    let some = |wanted: bool, member: BoxedStrategy<(String, Value)>| {
        if wanted { vec(member, 0..2).boxed() } else { none.clone() }
    };
    (
        vec(plain, 0..5),
        vec(annotation(), 0..2),
        some(spice.links, links(spice.lost)),
        some(spice.lost, lost(spice.secrets)),
        some(spice.secrets, secret(spice.lost)),
    )
        .prop_map(|(plain, annotations, links, lost, secrets)| {
            Value::Object([plain, annotations, links, lost, secrets].into_iter().flatten().collect())
        })
        .boxed()
}

fn value(spice: Spice, depth: u32) -> BoxedStrategy<Value> {
    if depth == 0 {
        return leaf();
    }
    prop_oneof![
        5 => leaf(),
        2 => object(spice, depth - 1),
        2 => vec(value(spice, depth - 1), 0..4).prop_map(Value::from),
        2 => keyed_array(spice, depth - 1),
    ]
    .boxed()
}

/// Objects that can be paired by a member that is unique among them.
fn keyed_array(spice: Spice, depth: u32) -> BoxedStrategy<Value> {
    let name = one_of(["id", "keyId", "resourceAppId"]);
    let ids = subsequence(vec!["Sms", "a.b", "", GUIDS[0], GUIDS[2], GUIDS[3], INSTANTS[0][0]], 1..4);
    (name, ids)
        .prop_flat_map(move |(name, ids)| {
            let elements = vec(object(spice, depth), ids.len());
            (Just(name), Just(ids), elements)
        })
        .prop_map(|(name, ids, elements)| {
            let keyed = ids.into_iter().zip(elements).map(|(id, mut element)| {
                element[name] = Value::from(id);
                element
            });
            keyed.collect()
        })
        .boxed()
}

/// The text of an item with these sides; one that is `None` is left out.
pub(crate) fn item(action: &str, delta: Option<&Value>, current: Option<&Value>) -> String {
    let mut item = json!({"id": GUIDS[2], "entityTypeName": "user", "recoveryAction": action});
    for (key, side) in [("deltaFromCurrent", delta), ("currentState", current)] {
        if let Some(side) = side {
            item[key] = side.clone();
        }
    }
    item.to_string()
}

/// Any item at all: any action, either side missing, null or lost, ids that repeat, failure messages.
pub(crate) fn any_item() -> BoxedStrategy<Value> {
    let side = || {
        prop_oneof![
            8 => object(Spice::ALL, 2).prop_map(Some),
            1 => one_of([None, Some(Value::Null), Some(json!("@{password=hunter2}")), Some(json!(["hunter2"]))]),
        ]
    };
    let actions = one_of([
        json!("update"),
        json!("softDelete"),
        json!("restore"),
        json!("merge"),
        json!(1),
        json!(null),
    ]);
    let types =
        one_of([json!("user"), json!("group"), json!("unknownFutureValue"), json!("device"), json!(null)]);
    let messages = one_of([
        None,
        None,
        None,
        None,
        Some(json!("Resource '0b2c8a4e-1111-4abc-9def-00000000000a' does not exist")),
        Some(json!("@{code=1; password=hunter2}")),
        Some(json!({"code": "x", "secretText": "hunter2"})),
    ]);
    let ids = one_of([json!("u1"), json!("U1"), json!(GUIDS[0]), json!(GUIDS[1]), json!(""), json!(7)]);
    let names = one_of([json!("Ana"), json!("=1+1"), json!("\u{1b}[2J"), json!(null)]);
    (ids, names, types, actions, (side(), side()), messages, any::<[u8; 12]>())
        .prop_map(|(id, name, kind, action, (delta, current), message, choices)| {
            let mut item =
                json!({"id": id, "displayName": name, "entityTypeName": kind, "recoveryAction": action});
            // Half of the current states are relatives of the backup, so that much is equal.
            let related = delta.as_ref().filter(|delta| delta.is_object() && choices[0].is_multiple_of(2));
            let current = match related {
                Some(delta) => Some(super::derive::derived(delta, &choices)),
                None => current,
            };
            let members =
                [("deltaFromCurrent", delta), ("currentState", current), ("failureMessage", message)];
            for (key, value) in members {
                if let Some(value) = value {
                    item[key] = value;
                }
            }
            item
        })
        .boxed()
}
