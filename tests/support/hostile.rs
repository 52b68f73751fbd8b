//! An export in which every text is a payload, and its benign twin: the same pages with harmless texts of the
//! same length and the same order, so that whatever differs in an output, beside the texts, is an injection.
//!
//! A payload carries a marker of its own, `pwn00042`; its twin is `zq00007xxx…`, by which it is found again.

mod payloads;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use entra_diff::report::Options;

use payloads::PAYLOADS;

/// What stands before the number of every payload.
pub(crate) const MARKER: &str = "pwn";

/// What stands before the number of every benign text.
const BENIGN: &str = "zq";

/// A folder of pages, and how they were reported.
pub(crate) struct Fixture {
    folder: TempDir,
    /// What the operator typed.
    pub(crate) operator: Options,
    /// Every text in it, in the order of their making.
    pub(crate) texts: Vec<String>,
}

impl Fixture {
    /// The folder of pages.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// The payload for each benign text; of the hostile one, to look up what its twin says.
    pub(crate) fn payloads_by_twin(&self) -> Payloads {
        let pairs = benign_twins(&self.texts).into_iter().zip(self.texts.iter().cloned());
        Payloads(pairs.collect())
    }
}

/// The payload that stands where the twin has a benign text.
pub(crate) struct Payloads(BTreeMap<String, String>);

impl Payloads {
    /// `benign` with every text that was put into it as `spell` writes its payload behind what stands before.
    /// Of a text that was cut, the payload is cut after as many characters.
    pub(crate) fn spelled(&self, benign: &str, spell: impl Fn(&str, &mut String)) -> String {
        let mut hostile = String::new();
        let mut rest = benign;
        while let Some(at) = rest.find(BENIGN) {
            hostile.push_str(&rest[..at]);
            rest = &rest[at..];
            let number = rest.get(..BENIGN.len() + 5).unwrap_or(rest);
            let (text, payload) = self.0.range(number.to_owned()..).next().expect("a text of the twin");
            if let Some(behind) = rest.strip_prefix(text.as_str()) {
                spell(payload, &mut hostile);
                rest = behind;
            } else {
                assert!(text.starts_with(rest), "{rest:?} is no text of the twin");
                let cut: String = payload.chars().take(rest.chars().count()).collect();
                spell(&cut, &mut hostile);
                rest = "";
            }
        }
        hostile.push_str(rest);
        hostile
    }

    /// The payloads as they are; in a text that is a JSON object or array, as JSON writes them.
    pub(crate) fn of_text(&self, benign: &str) -> String {
        if benign.starts_with(['{', '['])
            && let Ok(value) = serde_json::from_str(benign)
        {
            return self.of_value(&value).to_string();
        }
        self.spelled(benign, |payload, hostile| hostile.push_str(payload))
    }

    /// The payloads in a path of a property (contract, section 3).
    pub(crate) fn of_path(&self, benign: &str) -> String {
        self.spelled(benign, |payload, path| {
            let in_brackets = path.ends_with("[id=");
            if !payload.contains(['.', '[', ']', '"']) {
                path.push_str(payload);
            } else if in_brackets {
                path.push_str(&json!(payload).to_string());
            } else {
                if path.ends_with('.') {
                    path.pop();
                }
                path.push_str(&json!([payload]).to_string());
            }
        })
    }

    /// The payloads in an RFC 6901 pointer.
    pub(crate) fn of_pointer(&self, benign: &str) -> String {
        let escape = |payload: &str| payload.replace('~', "~0").replace('/', "~1");
        self.spelled(benign, |payload, pointer| pointer.push_str(&escape(payload)))
    }

    /// The payloads in every key and every text of a value.
    pub(crate) fn of_value(&self, benign: &Value) -> Value {
        match benign {
            Value::String(text) => self.of_text(text).into(),
            Value::Array(elements) => elements.iter().map(|element| self.of_value(element)).collect(),
            Value::Object(members) => {
                let members = members.iter().map(|(key, value)| (self.of_text(key), self.of_value(value)));
                members.collect()
            }
            other => other.clone(),
        }
    }
}

/// The export of payloads.
pub(crate) fn hostile() -> Fixture {
    build(None)
}

/// The export of harmless texts.
pub(crate) fn benign() -> Fixture {
    build(Some(&benign_twins(&hostile().texts)))
}

/// A harmless text for each of `texts`: as many characters, and in the same order.
fn benign_twins(texts: &[String]) -> Vec<String> {
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.sort_by_key(|&at| &texts[at]);
    let mut twins = vec![String::new(); texts.len()];
    for (rank, at) in order.into_iter().enumerate() {
        let length = texts[at].chars().count();
        twins[at] = format!("{:x<length$}", format!("{BENIGN}{rank:05}"));
    }
    twins
}

/// Where a text stands, and so what it must not have in it to be read as such.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    /// Anything goes.
    Text,
    /// `@` would make it an annotation.
    Key,
    /// A `$` in front, or a dot behind, is the URL's own.
    Segment,
    /// What a file system takes.
    FileName,
    /// What a command line takes.
    Argument,
}

impl Field {
    fn takes(self, text: &str) -> bool {
        match self {
            Field::Text => true,
            Field::Key => !text.contains('@'),
            Field::Segment => !text.starts_with('$') && !text.ends_with('.'),
            Field::FileName if cfg!(windows) => {
                !text.contains(|c: char| c.is_control() || "<>:\"/\\|?*".contains(c)) && text.len() < 200
            }
            Field::FileName => !text.contains(['/', '\0']) && text.len() < 200,
            Field::Argument => !text.contains('\0'),
        }
    }
}

/// Makes text after text: payloads, or what `twins` has in their places.
struct Texts<'t> {
    made: Vec<String>,
    twins: Option<&'t [String]>,
}

impl Texts<'_> {
    fn next(&mut self, field: Field) -> String {
        let number = self.made.len();
        let text = match self.twins {
            Some(twins) => twins[number].clone(),
            None => (number..number + PAYLOADS.len())
                .map(|turn| payload(turn, number))
                .find(|text| field.takes(text))
                .expect("one of them"),
        };
        self.made.push(text.clone());
        text
    }

    fn text(&mut self) -> Value {
        self.next(Field::Text).into()
    }

    fn key(&mut self) -> String {
        self.next(Field::Key)
    }
}

fn payload(turn: usize, number: usize) -> String {
    let marker = format!("{MARKER}{number:05}");
    match PAYLOADS[turn % PAYLOADS.len()] {
        "LONG" => format!("{marker}{}", "Ä😀<b>".repeat(600)),
        payload => payload.replace('§', &marker),
    }
}

/// Types that a first look has, so that a summary shows the objects.
const KNOWN_TYPES: [&str; 5] =
    ["conditionalAccessPolicy", "application", "servicePrincipal", "oAuth2PermissionGrant", "user"];
const KNOWN_ACTIONS: [&str; 3] = ["update", "restore", "softDelete"];

/// Members of both sides that make rows of every kind, in an order that `turn` turns: keys, nested keys,
/// values, items, keyed elements, links, secrets.
fn sides(texts: &mut Texts<'_>, turn: usize) -> (Value, Value) {
    let key = texts.key();
    let nested = json!({texts.key(): texts.text(), key.clone(): {texts.key(): texts.text()}});
    let nested_now = json!({key.clone(): texts.text()});
    let (id, inner) = (texts.text(), texts.key());
    let both = texts.text();
    let link = |texts: &mut Texts<'_>| {
        let kind = format!("#microsoft.graph.{}", texts.next(Field::Text));
        json!({"@odata.type": kind, "id": texts.text(), "displayName": texts.text(), "userPrincipalName": texts.text()})
    };
    let mut removed = link(texts);
    removed["@removed"] = json!({"reason": texts.text()});
    let links = json!([link(texts), removed, texts.text()]);
    let mut members = vec![
        (texts.key(), texts.text(), texts.text()),
        (texts.key(), texts.text(), Value::Null),
        (texts.key(), Value::Null, texts.text()),
        (texts.key(), nested, nested_now),
        (texts.key(), json!([texts.text(), both]), json!([both, texts.text()])),
        (
            texts.key(),
            json!([{"id": id, inner.clone(): texts.text()}]),
            json!([{"id": id, inner: texts.text()}]),
        ),
        (texts.key(), json!([{texts.key(): texts.text()}]), json!([])),
        (texts.key(), json!(14), json!("14")),
        (format!("{}@delta", texts.key()), links, Value::Null),
        ("passwordProfile".to_owned(), json!({"password": texts.text()}), json!({"password": texts.text()})),
        ("tags".to_owned(), texts.text(), json!([texts.text()])),
    ];
    let turn = turn % members.len();
    members.rotate_left(turn);
    let (mut backup, mut current) = (Map::new(), Map::new());
    backup.insert("@removed".to_owned(), json!({"reason": texts.text()}));
    for (key, before, now) in members {
        backup.insert(key.clone(), before);
        if !now.is_null() {
            current.insert(key, now);
        }
    }
    (backup.into(), current.into())
}

fn item(texts: &mut Texts<'_>, number: usize, is_known: bool) -> Value {
    let (delta, current) = sides(texts, number);
    let (kind, action) = (texts.text(), texts.text());
    let (kind, action) = if is_known {
        let known = json!(KNOWN_TYPES[number % KNOWN_TYPES.len()]);
        (
            known,
            if number.is_multiple_of(7) {
                action
            } else {
                json!(KNOWN_ACTIONS[number % KNOWN_ACTIONS.len()])
            },
        )
    } else {
        (kind, action)
    };
    json!({
        "id": texts.text(), "displayName": texts.text(), "entityTypeName": kind, "recoveryAction": action,
        "deltaFromCurrent": delta, "currentState": current,
    })
}

/// A job, by the texts that its URLs have in them.
struct Job {
    id: String,
    url: String,
}

impl Job {
    fn new(texts: &mut Texts<'_>, collection: &str, snapshot: &str) -> Self {
        let id = texts.next(Field::Segment);
        let segment = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let snapshots = "https://graph.microsoft.com/v1.0/$metadata#directory/recovery/snapshots";
        let url = format!("{snapshots}/{}/{collection}/{}", segment(snapshot), segment(&id));
        Job { id, url }
    }

    fn page(&self, texts: &mut Texts<'_>, function: &str, items: &[String], has_next: bool) -> String {
        let context = format!("{}/{function}?{}", self.url, texts.next(Field::Text));
        let next = format!("{}/{function}?$skiptoken={}", self.url, texts.next(Field::Text));
        let next = if has_next { format!(r#""@odata.nextLink":{},"#, json!(next)) } else { String::new() };
        format!(r#"{{"@odata.context":{},{next}"value":[{}]}}"#, json!(context), items.join(","))
    }

    fn object(&self, texts: &mut Texts<'_>, kind: &str) -> Value {
        json!({
            "@odata.type": format!("#microsoft.graph.{kind}"), "id": self.id, "status": texts.text(),
            "targetStateDateTime": texts.text(), "jobStartDateTime": texts.text(),
            "jobCompletionDateTime": texts.text(), "filteringCriteria": {texts.key(): texts.text()},
            "totalChangedObjectsCalculated": 1, "totalFailedChanges": 2,
        })
    }
}

/// Items that are problems, too: no id, a side that is lost, a key twice, half a character, one item twice.
/// Their types are known ones, since "unknown" stands elsewhere among payloads than among their twins.
fn problematic(texts: &mut Texts<'_>) -> Vec<String> {
    let mut item = |members: &str| {
        format!(
            r#"{{"entityTypeName":"user","recoveryAction":"update","displayName":{},{members}}}"#,
            texts.text()
        )
    };
    let (nameless, again) = (item(r#""currentState":{}"#), item(r#""id":"again""#));
    let half = item(r#""id":"half","deltaFromCurrent":{"half":"\ud83d"}"#);
    let (key, id, side) = (json!(texts.key()), texts.text(), texts.text());
    let item =
        |members: String| format!(r#"{{"entityTypeName":"user","recoveryAction":"update",{members}}}"#);
    let twice = item(format!(r#""id":{id},"deltaFromCurrent":{{{key}:1,{key}:2}}"#));
    let lost = item(format!(r#""id":{},"deltaFromCurrent":{side}"#, texts.text()));
    vec![nameless, half, twice, lost, again.clone(), again]
}

/// What recovery could not do: every other planned change, with a message; two share one that is an object.
fn failed(texts: &mut Texts<'_>, planned: &[Value]) -> Vec<String> {
    let shared = json!({"code": texts.text(), "message": texts.text()});
    let failed = planned.iter().step_by(2).enumerate().map(|(number, item)| {
        let mut item = item.clone();
        item["failureMessage"] = if number < 2 { shared.clone() } else { texts.text() };
        item.to_string()
    });
    failed.collect()
}

/// Jobs of which no page is there, and backups.
fn neighbours(texts: &mut Texts<'_>) -> String {
    let (kind, other) = (texts.text(), texts.text());
    let mut job = |filter: Value| {
        json!({
            "@odata.type": "#microsoft.graph.recoveryJob", "id": texts.text(), "status": texts.text(),
            "targetStateDateTime": texts.text(), "jobStartDateTime": texts.text(), "filteringCriteria": filter,
        })
    };
    let types = json!({"entityTypes": ["user", kind]});
    let jobs = [job(types), job(json!({"filterValues": [{"entityType": other, "entityIds": ["1"]}]}))];
    let backup = json!({
        "@odata.type": "#microsoft.graph.snapshot", "id": texts.text(), "createdDateTime": texts.text(),
    });
    json!({"value": [jobs[0], jobs[1], backup]}).to_string()
}

fn build(twins: Option<&[String]>) -> Fixture {
    let mut texts = Texts { made: Vec::new(), twins };
    let texts = &mut texts;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let snapshot = texts.next(Field::Segment);
    let preview = Job::new(texts, "recoveryPreviewJobs", &snapshot);
    let other = Job::new(texts, "recoveryPreviewJobs", "MTc4NTE4OTYwMA==");
    let recovery = Job::new(texts, "recoveryJobs", &snapshot);
    let planned: Vec<Value> =
        (0..2 * PAYLOADS.len()).map(|number| item(texts, number, number < PAYLOADS.len())).collect();
    let (first, second) = planned.split_at(PAYLOADS.len());
    let lines = |items: &[Value]| items.iter().map(Value::to_string).collect::<Vec<_>>();
    let failures = failed(texts, &planned);
    let failures = recovery.page(texts, "getFailedChanges", &failures, false);
    let problems = problematic(texts);
    let files = [
        preview.page(texts, "getChanges", &lines(first), true),
        preview.page(texts, "getChanges", &lines(second), false),
        other.page(texts, "getChanges", &problems, false),
        failures.clone(),
        failures,
        json!({"value": [preview.object(texts, "recoveryPreviewJob"), recovery.object(texts, "recoveryJob")]})
            .to_string(),
        neighbours(texts),
        json!({"error": {"code": texts.text(), "message": texts.text()}}).to_string(),
        json!({texts.key(): texts.text()}).to_string(),
        r#"{"value": ["#.to_owned(),
    ];
    let below = folder.path().join(format!("0 {}", texts.next(Field::FileName)));
    fs::create_dir(&below).expect("a folder can be made");
    for (number, content) in files.into_iter().enumerate() {
        let name = format!("{number} {}.json", texts.next(Field::FileName));
        fs::write(below.join(name), content).expect("a file can be written");
    }
    fs::write(folder.path().join("plain.json"), "").expect("a file can be written");
    let mut words = || Some(texts.next(Field::Argument));
    let operator = Options {
        title: words(),
        organization: words(),
        case_id: words(),
        prepared_by: words(),
        ..Options::default()
    };
    Fixture { folder, operator, texts: std::mem::take(&mut texts.made) }
}
