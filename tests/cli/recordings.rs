//! Recordings of a browser (HAR): what never came is told, what proves nothing proves nothing, and what is about
//! something else is no change.

use serde_json::{Value, json};

use super::scene::{ANA, ANA_FAILED, Ended, Scene, failed, page};

const JOB: &str =
    "https://graph.microsoft.com/v1.0/directory/recovery/snapshots/MTc4NTE4OTYwMA==/recoveryPreviewJobs";

fn url(query: &str) -> String {
    format!("{JOB}/preview/getChanges{query}")
}

/// A page of one user, with a link to the page by `next`.
fn body(user: &str, next: Option<&str>) -> Value {
    let page = page("recoveryPreviewJobs/preview/getChanges", &[&ANA.replace("Ana-1", user)]);
    let mut page: Value = serde_json::from_str(&page).expect("JSON");
    let members = page.as_object_mut().expect("a page");
    members.shift_remove("@odata.count");
    if let Some(next) = next {
        members.insert("@odata.nextLink".to_owned(), json!(url(next)));
    }
    page
}

fn entry(url: &str, status: u16, body: &Value) -> Value {
    let text = if body.is_null() { json!({}) } else { json!({"text": body.to_string()}) };
    json!({"request": {"method": "GET", "url": url}, "response": {"status": status, "content": text}})
}

fn har(entries: &[Value]) -> String {
    json!({"log": {"entries": entries}}).to_string()
}

fn report(entries: &[Value]) -> (Scene, Ended) {
    let scene = Scene::of(&[("in/x.har", har(entries))]);
    let ended = scene.run(&["report", "in", "-o", "out", "-f", "ndjson,json", "-v"]);
    (scene, ended)
}

#[test]
fn a_request_for_changes_that_never_came_is_told() {
    let (first, last) = (body("1", Some("?$skiptoken=a")), body("3", None));
    let second = |status, body: &Value| entry(&url("?$skiptoken=a"), status, body);
    for (lost, told) in [
        (
            second(0, &Value::Null),
            "x.har#/log/entries/1: emptyFile: 1 request has no answer in the recording",
        ),
        (
            second(304, &Value::Null),
            "x.har#/log/entries/1: emptyFile: 1 request has no answer in the recording",
        ),
        (
            second(200, &Value::Null),
            "x.har#/log/entries/1: emptyFile: this response was saved without its body",
        ),
        (second(429, &json!({"error": {"code": "TooManyRequests", "message": "x"}})), "(status 429)"),
    ] {
        let around = |between: &[Value]| {
            let first = entry(&url("?$top=1"), 200, &first);
            report(&[&[first], between, &[entry(&url("?$skiptoken=b"), 200, &last)]].concat()).1
        };
        around(std::slice::from_ref(&lost)).tells(
            3,
            &["a nextLink leads to a page that is not among those"],
            &[told],
        );
        // What came by another entry is told no more.
        let between = [lost, second(200, &body("2", Some("?$skiptoken=b")))];
        let whole = around(&between);
        assert_eq!((whole.code, whole.err.as_str()), (Some(0), ""), "{whole}");
        assert!(whole.out.contains("complete: every page's own request is recorded"), "{whole}");
    }
}

#[test]
fn a_batch_that_was_not_answered_is_told() {
    let batch = |status: u16, answers: &Value| {
        let parts = json!([{"id": "1", "url": url("").split_off(32)}, {"id": "2", "url": url("?$skiptoken=a").split_off(33)}]);
        let mut entry = entry("https://graph.microsoft.com/v1.0/$batch", status, answers);
        entry["request"]["method"] = json!("POST");
        entry["request"]["postData"] = json!({"text": json!({"requests": parts}).to_string()});
        entry
    };
    let part = |id: &str, body: Value| json!({"id": id, "status": 200, "body": body});
    let (first, last) = (part("1", body("1", Some("?$skiptoken=a"))), part("2", body("2", None)));
    let (_, ended) = report(&[batch(200, &json!({"responses": [&first]}))]);
    ended.tells(
        3,
        &["1 object"],
        &["x.har#/log/entries/0: emptyFile: 1 request has no answer in the recording"],
    );
    let failed = batch(503, &json!({"error": {"code": "x", "message": "y"}}));
    let (_, ended) = report(&[failed.clone(), entry(&url("?$filter=a"), 200, &body("3", None))]);
    ended.tells(3, &["1 object"], &["x.har#/log/entries/0: graphError", "(status 503)"]);
    let (scene, ended) = report(&[failed, batch(200, &json!({"responses": [last, first]}))]);
    ended.tells(0, &["2 objects", "complete: every page's own request"], &[]);
    assert_eq!(scene.read("out/changes.ndjson").lines().count(), 2);
}

#[test]
fn a_page_says_itself_what_it_is() {
    // The recording gives the page another job's request, and a batch gives it none of the service's.
    let other = JOB.replace("PreviewJobs", "Jobs");
    let (scene, ended) = report(&[entry(&format!("{other}/1/getFailedChanges"), 200, &body("1", None))]);
    assert_eq!(ended.code, Some(0), "{ended}");
    let set = &scene.json("out/summary.json")["pageSets"][0];
    assert_eq!((&set["function"], &set["jobId"]), (&json!("getChanges"), &json!("preview")), "{set}");
    assert_eq!(set["verdict"], "noGapFound", "another request proves nothing");
    let answers = json!({"responses": [{"id": "1", "status": 200, "body": body("1", None)}]});
    let mut batch = entry("https://graph.microsoft.com/v1.0/$batch", 200, &answers);
    batch["request"]["postData"] = json!({"text": r#"{"requests":[{"id":"1","url":"/me"}]}"#});
    report(&[batch]).1.tells(0, &["1 object"], &[]);
    // Two jobs of which neither page says which it is of.
    let empty = json!({"value": []});
    let (scene, ended) =
        report(&["a", "b"].map(|job| entry(&format!("{JOB}/{job}/getChanges"), 200, &empty)));
    assert_eq!(scene.json("out/summary.json")["pageSets"].as_array().map(Vec::len), Some(2), "{ended}");
}

#[test]
fn a_page_that_answers_two_requests_word_for_word_answers_both() {
    let last = body("2", None);
    let (_, ended) = report(&[
        entry(&url("?$filter=a"), 200, &last),
        entry(&url(""), 200, &body("1", Some("?$skiptoken=a"))),
        entry(&url("?$skiptoken=a"), 200, &last),
    ]);
    ended.tells(0, &["complete: every page's own request is recorded"], &["x.har:3: duplicatePage"]);
}

#[test]
fn what_may_have_left_changes_out_proves_nothing() {
    for (query, verdict) in [
        ("?$top=5&$count=true&$select=id", "complete"),
        ("?top=5", "complete"),
        ("?filter=startswith(displayName,'A')", "noGapFound"),
        ("?%20$filter=a", "noGapFound"),
        ("?$search=a", "noGapFound"),
        ("?$apply=a", "noGapFound"),
        ("?skip=5", "noGapFound"),
        ("?skiptoken=a", "noGapFound"),
        ("?other=a", "noGapFound"),
        ("/1", "noGapFound"),
    ] {
        let (scene, ended) = report(&[entry(&url(query), 200, &body("1", None))]);
        assert_eq!(scene.json("out/summary.json")["pageSets"][0]["verdict"], verdict, "{query}: {ended}");
    }
}

#[test]
fn other_sites_and_other_requests_are_no_changes() {
    let own = || entry(&url(""), 200, &body("1", None));
    let text = |url: &str, text: &str| {
        let mut entry = entry(url, 200, &Value::Null);
        entry["response"]["content"] = json!({"text": text});
        entry
    };
    let example = body("example", None).to_string();
    for (other, named) in [
        (
            text("https://raw.githubusercontent.com/x/example.json", &example),
            "sites that explain the service",
        ),
        (
            text("https://example.test/x.md", &format!("# x\n```json\n{example}\n```\n")),
            "about something else",
        ),
        (
            text("https://example.test/x.js", "var a=\"/directory/recovery/snapshots\"; {"),
            "about something else",
        ),
        (
            text("https://example.test/?requesturl=/directory/recovery/snapshots", "[{\"value\":\"x\"}]"),
            "about something else",
        ),
    ] {
        let (_, ended) = report(&[own(), other]);
        ended.tells(0, &["1 object", named, "complete: the page's own request"], &[]);
    }
    let (_, ended) = report(&[text("https://proxy.test/x", &example)]);
    ended.tells(0, &["1 object"], &[]);
}

#[test]
fn a_job_is_reported_alone_out_of_a_recording_and_verified() {
    let page = json!({"value": [serde_json::from_str::<Value>(ANA).expect("JSON")]});
    let scene = Scene::of(&[(
        "in/x.har",
        har(&["a", "b"].map(|job| entry(&format!("{JOB}/{job}/getChanges"), 200, &page))),
    )]);
    let ended = scene.run(&["report", "in", "-o", "out", "-f", "ndjson,json", "--job", "b"]);
    ended.tells(0, &["1 object", "complete: the page's own request"], &[]);
    assert!(scene.read("out/changes.ndjson").contains("x.har:2#/value/0"));
    assert_eq!(scene.run(&["verify", "out", "--inputs", "in"]).code, Some(0));
}

#[test]
fn nothing_secret_of_a_url_or_a_head_is_kept() {
    let at = |url: String| entry(&url, 200, &body("1", None));
    let path = url("").split_off("https://graph.microsoft.com/v1.0".len());
    for (request, kept) in [
        (
            at(format!(
                "https://u:hush-token@graph.microsoft.com/v1.0{path}?$top=1&sig=hush-token#hush-token"
            )),
            format!("https://graph.microsoft.com/v1.0{path}?$top=1&…"),
        ),
        (at(format!("https://proxy.test/hush-token/v1.0{path}")), format!("https://proxy.test/…/v1.0{path}")),
        (
            at(format!("https://graph.microsoft.com/v1.0/;tok=hush-token{path}")),
            format!("https://graph.microsoft.com/…{path}"),
        ),
        (
            at("https://proxy.test/https%3A%2F%2Fx%3Faccess_token%3Dhush-token".to_owned()),
            "https://proxy.test/…".to_owned(),
        ),
        (at(format!("https://graph.microsoft.com\\@u:hush-token{path}")), format!("https://…{path}")),
    ] {
        let mut request = request;
        request["response"]["headers"] = json!([
            {"name": "request-id", "value": "Bearer-hush-token"},
            {"name": "client-request-id", "value": "0f3e0f0e-0000-4000-8000-000000000001"},
        ]);
        let (scene, ended) = report(&[request]);
        let manifest = scene.read("out/manifest.json");
        assert!(!format!("{manifest}{ended}").contains("hush-token"), "{manifest}");
        let transfer = &scene.json("out/manifest.json")["transfers"][0];
        assert_eq!((&transfer["url"], &transfer["requestId"]), (&json!(kept), &Value::Null), "{transfer}");
        assert_eq!(transfer["clientRequestId"], "0f3e0f0e-0000-4000-8000-000000000001");
    }
}

#[test]
fn what_stands_between_recordings_in_an_array_is_told() {
    let one: Value = serde_json::from_str(&har(&[entry(&url(""), 200, &body("1", None))])).expect("JSON");
    let scene = Scene::of(&[("in/x.har", json!([one, {"value": []}]).to_string())]);
    let ended = scene.run(&["report", "in", "-o", "out", "-f", "ndjson"]);
    ended.tells(3, &["1 object"], &["x.har: notJson: the text is not JSON: expected a recording"]);
}

/// Recordings of a page of changes and of the answer to a request for the failed ones, which was made again if there is
/// another answer.
fn answered(status: u16, answer: &str, again: Option<&str>) -> Vec<(&'static str, String)> {
    let failed_url = url("").replace("Preview", "").replace("getChanges", "getFailedChanges");
    let all = [(url(""), 200, body("1", None).to_string()), (failed_url.clone(), status, answer.to_owned())];
    let again = again.map(|again| (failed_url, 200, again.to_owned()));
    let all: Vec<_> = all.into_iter().chain(again).collect();
    let in_har = |(url, status, body): &(String, u16, String)| json!({"request": {"method": "GET", "url": url}, "response": {"status": status, "content": {"text": body}}});
    let in_text = |(url, status, body): &(String, u16, String)| {
        format!("GET {url} HTTP/1.1\n\nHTTP/1.1 {status} x\n\n{body}\n")
    };
    vec![
        ("x.har", har(&all.iter().map(in_har).collect::<Vec<_>>())),
        ("x.http", all.iter().map(in_text).collect()),
    ]
}

#[test]
fn a_failure_is_told_whatever_json_it_was_answered_with() {
    let page = failed(&[]);
    for answer in ["{}", "[]", r#"{"x":1}"#, r#"{"value":[]}"#, r#"{"error":{}}"#, "null", &page] {
        for (name, file) in answered(429, answer, None) {
            let scene = Scene::of(&[(&*format!("in/{name}"), file)]);
            let ended = scene.run(&["report", "in", "-o", "out", "-f", "json"]);
            ended.tells(3, &["1 object"], &["graphError", "(status 429)"]);
            let sets = &scene.json("out/summary.json")["pageSets"];
            assert_eq!(sets.as_array().map(Vec::len), Some(1), "{name}, {answer}: {sets}");
        }
        for (name, file) in answered(429, answer, Some(&page)) {
            let scene = Scene::of(&[(&*format!("in/{name}"), file)]);
            let ended = scene.run(&["report", "in", "-o", "out", "-f", "json"]);
            assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{name}, {answer}: {ended}");
        }
    }
}

#[test]
fn changes_that_a_failure_was_answered_with_are_read_and_prove_nothing() {
    let page = failed(&[ANA_FAILED]);
    for again in [None, Some(&*failed(&[]))] {
        for (name, file) in answered(500, &page, again) {
            let scene = Scene::of(&[(&*format!("in/{name}"), file)]);
            let ended = scene.run(&["report", "in", "-o", "out", "-f", "ndjson,json"]);
            ended.tells(3, &["INCOMPLETE"], &["graphError", "(status 500)"]);
            assert!(scene.read("out/changes.ndjson").contains("Insufficient privileges"), "{name}: {ended}");
        }
    }
}

#[test]
fn a_part_of_a_batch_that_failed_proves_nothing() {
    let part = |status: u16, body: &str| format!(r#"{{"id":"{status}","status":{status},"body":{body}}}"#);
    let planned = body("1", None).to_string();
    for (answer, told) in [(failed(&[]), "Planned changes"), (failed(&[ANA_FAILED]), "INCOMPLETE")] {
        let batch = format!(r#"{{"responses":[{},{}]}}"#, part(200, &planned), part(500, &answer));
        let scene = Scene::of(&[("in/b.json", batch)]);
        let ended = scene.run(&["report", "in", "-o", "out", "-f", "json"]);
        ended.tells(3, &[told], &["graphError", "(status 500)"]);
    }
}
