//! What flows, libraries, logs and people put around pages; and what only seems to hold them.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

use super::super::scene::{ANA, Scene, planned};
use super::{Files, Page, each, pages, together};

/// Headers as a tool writes them beside a body.
fn headers() -> Value {
    json!({"Date": "Tue, 17 Nov 2026 08:00:01 GMT", "Set-Cookie": "hush-token"})
}

fn object(page: &Page, around: impl Fn(Value) -> Value) -> Vec<u8> {
    around(page.value()).to_string().into_bytes()
}

pub(super) fn flow() -> Files {
    each(".json", |page| {
        object(page, |value| json!({"statusCode": 200, "headers": headers(), "body": value}))
    })
}

pub(super) fn axios() -> Files {
    let around = |value: Value| {
        json!({
            "status": 200, "statusText": "OK", "headers": headers(), "data": value,
            "config": {"url": "https://graph.microsoft.com/v1.0/directory/recovery/x/getChanges",
                       "headers": {"Authorization": "Bearer hush-token"}},
        })
    };
    each(".json", |page| object(page, around))
}

pub(super) fn invoke_web_request() -> Files {
    each(".json", |page| {
        let raw = format!("HTTP/1.1 200 OK\r\nSet-Cookie: hush-token\r\n\r\n{}", page.text);
        json!({"StatusCode": 200, "StatusDescription": "OK", "Content": page.text, "RawContent": raw})
            .to_string()
            .into_bytes()
    })
}

pub(super) fn task() -> Files {
    each(".json", |page| json!({"Result": page.text, "Id": 7, "Status": 5}).to_string().into_bytes())
}

/// What a flow keeps of an answer that it took for a file.
pub(super) fn content() -> Files {
    each(".json", |page| {
        let packed = BASE64_STANDARD.encode(&page.text);
        json!({"$content-type": "application/octet-stream", "$content": packed}).to_string().into_bytes()
    })
}

pub(super) fn strings() -> Files {
    let strings: Vec<String> = pages().into_iter().map(|page| page.text).collect();
    together("all.json", json!(strings).to_string())
}

pub(super) fn string_in_a_string() -> Files {
    each(".json", |page| json!(json!(page.text).to_string()).to_string().into_bytes())
}

/// `Get-Content page.json | ConvertTo-Json`.
pub(super) fn lines() -> Files {
    each(".json", |page| json!(page.text.lines().collect::<Vec<_>>()).to_string().into_bytes())
}

pub(super) fn by_name() -> Files {
    let named: Map<String, Value> = pages().iter().map(|page| (page.name.clone(), page.value())).collect();
    together("all.json", Value::Object(named).to_string())
}

pub(super) fn under_pages() -> Files {
    let values: Vec<Value> = pages().iter().map(Page::value).collect();
    together("all.json", json!({"count": 7, "pages": values, "note": "all of them"}).to_string())
}

pub(super) fn deep_arrays() -> Files {
    each(".json", |page| object(page, |value| json!([[[[[value]]]]])))
}

fn items(function: &str) -> Vec<Value> {
    let of = |page: &Page| page.value()["value"].as_array().expect("items").clone();
    pages().iter().filter(|page| page.function == function).flat_map(of).collect()
}

pub(super) fn by_function() -> Files {
    let of = |function: &str| (function.to_owned(), json!(items(function)));
    let both: Map<String, Value> = ["getChanges", "getFailedChanges"].into_iter().map(of).collect();
    together("all.json", Value::Object(both).to_string())
}

/// What a container printed, as its log keeps it.
pub(super) fn container_log() -> Files {
    let line = |item: &Value| json!({"log": format!("{item}\n"), "stream": "stdout"});
    ["getChanges", "getFailedChanges"]
        .map(|function| {
            let lines: Vec<Value> = items(function).iter().map(line).collect();
            (format!("{function}/pod.json"), super::lines(&lines).into_bytes())
        })
        .to_vec()
}

const URL: &str = "https://graph.microsoft.com/v1.0/directory/recovery/x/getChanges";

pub(super) fn postman() -> Files {
    let responses: Vec<Value> = pages()
        .iter()
        .map(|page| {
            json!({"id": "r", "name": page.name, "originalRequest": {"method": "GET", "url": {"raw": URL}},
                   "status": "OK", "code": 200, "header": [{"key": "Set-Cookie", "value": "hush-token"}],
                   "body": page.text})
        })
        .collect();
    let request = json!({"method": "GET", "url": {"raw": URL}, "header": [{"value": "Bearer hush-token"}]});
    let item = json!([{"name": "get", "request": request, "response": responses}]);
    together("all.postman_collection.json", json!({"info": {"name": "x"}, "item": item}).to_string())
}

pub(super) fn newman() -> Files {
    let run = |page: &Page| {
        let stream = json!({"type": "Buffer", "data": page.text.as_bytes()});
        json!({"response": {"status": "OK", "code": 200, "stream": stream}})
    };
    let runs: Vec<Value> = pages().iter().map(run).collect();
    together("all.json", json!({"run": {"executions": runs}}).to_string())
}

pub(super) fn insomnia() -> Files {
    let of = |page: &Page| json!({"_type": "response", "_id": "res_1", "body": page.text});
    let resources: Vec<Value> = pages().iter().map(of).collect();
    together("all.json", json!({"_type": "export", "resources": resources}).to_string())
}

/// A batch whose bodies are text, plain and packed in turn.
pub(super) fn batch_of_strings() -> Files {
    let part = |(number, page): (usize, &Page)| {
        let body =
            if number % 2 == 0 { page.text.clone() } else { BASE64_STANDARD.encode(page.text.as_bytes()) };
        json!({"id": number.to_string(), "status": 200, "headers": headers(), "body": body})
    };
    let parts: Vec<Value> = pages().iter().enumerate().map(part).collect();
    together("all.json", json!({"responses": parts}).to_string())
}

/// What Kiota for Python makes of members without a type.
pub(super) fn nodes(page: &Page) -> Vec<u8> {
    fn node(value: &Value) -> Value {
        let inner = match value {
            Value::Object(members) => {
                Value::Object(members.iter().map(|(key, value)| (key.clone(), node(value))).collect())
            }
            Value::Array(elements) => elements.iter().map(node).collect(),
            other => other.clone(),
        };
        json!({"value": inner})
    }
    let mut value = page.value();
    for item in value["value"].as_array_mut().expect("items") {
        for side in ["deltaFromCurrent", "currentState"] {
            if let Some(side) = item.get_mut(side).filter(|side| side.is_object()) {
                *side = node(side);
            }
        }
    }
    value.to_string().into_bytes()
}

/// Ana's page, and a file beside it that is told in these words, with this code.
fn beside(name: &str, text: &str, code: i32, told: &[&str]) {
    let scene =
        Scene::of(&[("in/getChanges-1.json", planned(&[ANA])), (&format!("in/{name}"), text.to_owned())]);
    let ended = scene.run(&["report", "in", "-o", "out", "-f", "html,csv,xlsx,ndjson,json,md"]);
    ended.tells(code, &["1 object"], told);
    assert_eq!(scene.read("out/changes.ndjson").lines().count(), 1, "{text}");
    assert_eq!(scene.run(&["verify", "out", "--inputs", "in"]).code, Some(0));
}

#[test]
fn what_seems_to_hold_changes_is_never_passed_over_without_a_word() {
    let typed = json!([{"id": "u", "displayName": "x", "jobTitle": planned(&[ANA])}]).to_string();
    beside("users.json", &typed, 3, &["users.json#/0: unrecognisedItem: changes seem to be in this"]);
    let list = json!({"@odata.context": "https://x/$metadata#users", "value": [{"id": "u", "ext": {"recoveryAction": "update", "id": "1"}}]});
    beside("list.json", &list.to_string(), 3, &["list.json: unrecognisedItem: changes seem"]);
    beside(
        "notes.txt",
        &format!("{{ not JSON\n recoveryAction: update\n {}", "}"),
        3,
        &["notes.txt: unrecognisedItem"],
    );
    let lines = format!("{}\n{}\n", json!({"a": ANA}), json!({"a": ANA}));
    beside("a.json", &lines, 3, &["a.json:1#/a: unrecognisedItem", "2 places, this is the first"]);
    let cut = json!({"body": &planned(&[ANA])[..150]}).to_string();
    beside("cut.json", &cut, 3, &["cut.json"]);
}

#[test]
fn strangers_beside_pages_are_passed_over_quietly() {
    for text in [
        json!({"records": [{"properties": {"requestUri": URL, "responseStatusCode": 200}}]}),
        json!([{"id": "u", "displayName": "x", "jobTitle": "the recoveryAction of a change"}]),
        json!({"results": [{"value": []}, {"error": {"code": "x", "message": "y"}}]}),
        json!({"permissions": ["EntraBackup.Read.All"], "description": "Allows getChanges and getFailedChanges."}),
    ] {
        beside("other.json", &text.to_string(), 0, &[]);
    }
}

#[test]
fn an_answer_that_is_none_is_told() {
    for (name, text, told) in [
        ("getChanges-2.json", "null", "getChanges-2.json"),
        ("getChanges-2.json", "{}", "this page has no items"),
        (
            "a.json",
            r#"{"Message":"Authorization has been denied for this request."}"#,
            "Authorization has been denied",
        ),
        (
            "a.json",
            r#"{"statusCode":429,"body":{"error":{"code":"TooManyRequests","message":"wait"}}}"#,
            "(status 429)",
        ),
        (
            "a.json",
            r#"["System.Collections.Hashtable","System.Collections.Hashtable"]"#,
            "2 values are only the name of a type",
        ),
        (
            "a.json",
            r#"{"responses":[{"id":"1","status":200,"body":"System.Collections.Hashtable"}]}"#,
            "a.json#/responses/0/body: lostEvidence",
        ),
        ("a.json", r#"{"responses":[{"id":"1","status":200}]}"#, "a.json#/responses/0: emptyFile"),
    ] {
        beside(name, text, 3, &[told]);
    }
}

#[test]
fn batches_in_batches_do_no_harm() {
    let deep = format!("{}{{}}{}", r#"{"status":200,"body":"#.repeat(50_000), "}".repeat(50_000));
    beside("deep.json", &deep, 3, &["more than 2 batches in one another"]);
}

#[test]
fn what_an_sdk_left_of_a_side_is_lost() {
    for side in [r#"{"ValueKind":1}"#, "{}"] {
        let item = format!(
            r#"{{"Id":"1","entityTypeName":"user","recoveryAction":"update","deltaFromCurrent":{side},"currentState":{side}}}"#
        );
        let scene = Scene::of(&[("in/1.json", planned(&[&item]))]);
        let ended = scene.run(&["report", "in", "-o", "out", "-f", "ndjson"]);
        ended.tells(3, &["1 object"], &["1.json:1:175: lostEvidence"]);
        assert!(scene.read("out/changes.ndjson").contains("lostEvidence"));
    }
}
