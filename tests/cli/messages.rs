//! Messages for programs: a JSON object a line on standard error, nothing else there, every problem among them.

use serde_json::{Value, json};

use super::scene::{ANA, Ended, Scene, planned};

/// The messages of a run; each line has to be one.
fn messages(ended: &Ended) -> Vec<Value> {
    let message =
        |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}: {ended}"));
    ended.err.lines().map(message).collect()
}

fn damaged() -> Scene {
    let items: Vec<String> = (0..6).map(|number| format!("{{\"id\":\"x\",\"a\":nul{number}}}\n")).collect();
    let items: Vec<&str> = items.iter().map(String::as_str).chain([ANA]).collect();
    Scene::of(&[("pages/1.json", planned(&items)), ("pages/b\u{1b}[2J.json", String::new())])
}

#[test]
fn every_problem_is_a_message_with_its_place() {
    let scene = damaged();
    let ended = scene.run(&["report", "pages", "-o", "out", "--message-format", "json"]);
    assert_eq!(ended.code, Some(3), "{ended}");
    let messages = messages(&ended);
    let codes: Vec<&Value> = messages.iter().map(|message| &message["code"]).collect();
    assert_eq!(codes.iter().filter(|code| **code == "unrecognisedItem").count(), 6, "{ended}");
    assert_eq!(
        messages[0],
        json!({
            "reason": "problem", "code": "unrecognisedItem", "severity": "error", "source": "1.json#/value/0",
            "file": "1.json", "document": null, "pointer": "/value/0", "line": 1, "column": 189,
            "message": "this item is not JSON: expected a value; it is left out",
            "advice": "compare the file with the service's response; save the page again",
        }),
        "{ended}"
    );
    assert!(!ended.err.contains('\u{1b}'), "{ended}");
    assert!(messages.iter().any(|message| message["file"] == "b\u{1b}[2J.json"), "{ended}");
    assert_eq!(messages.last(), Some(&json!({"reason": "finished", "exitCode": 3})), "{ended}");
}

#[test]
fn with_strict_all_of_them_are_told_and_nothing_is_written() {
    let scene = damaged();
    let ended = scene.run(&["report", "pages", "-o", "out", "--strict", "-q", "--message-format=json"]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(4), ""), "{ended}");
    let messages = messages(&ended);
    assert_eq!(messages.iter().filter(|message| message["reason"] == "problem").count(), 7, "{ended}");
    let words = "nothing written: data would be missing from the report, and --strict was given";
    assert_eq!(
        messages[messages.len() - 2..],
        [json!({"reason": "run", "message": words}), json!({"reason": "finished", "exitCode": 4})]
    );
    assert_eq!(scene.names("."), ["pages"]);
}

#[test]
fn a_run_that_fails_says_so_to_programs_too() {
    let scene = Scene::of_ana();
    scene.write("out/mine.txt", "");
    for (arguments, code, told) in [
        (&["report", "pages", "-o", "out"][..], 5, "the output is in use: out: "),
        (&["summary", "nowhere"], 4, "nothing to report: "),
        (&["show", "pages", "--id", "Bob"], 4, "no change of this object: Bob: "),
        (&["verify", "nowhere"], 5, "the folder cannot be read: nowhere: "),
        (&["summary", "pages", "--max-memory", "0"], 6, "reading the inputs takes more than 0 MiB"),
    ] {
        let ended = scene.run(&[arguments, &["--message-format", "json"]].concat());
        assert_eq!(ended.code, Some(code), "{ended}");
        let messages = messages(&ended);
        let run = messages.iter().find(|message| message["reason"] == "run");
        let run = run.unwrap_or_else(|| panic!("nothing is said: {ended}"));
        assert!(run["message"].as_str().is_some_and(|message| message.starts_with(told)), "{ended}");
        assert_eq!(messages.last(), Some(&json!({"reason": "finished", "exitCode": code})), "{ended}");
    }
}

/// Also where the command line itself is wrong, and where the report goes to standard output.
#[test]
fn standard_error_holds_nothing_but_messages() {
    let scene = Scene::of_ana();
    for (arguments, code) in [
        (&["report", "pages", "--bogus", "--message-format", "json"][..], 2),
        (&["--message-format=json", "nothing"], 2),
        (&["report", "pages", "-o", "-", "-f", "csv", "--message-format", "json"], 0),
        (&["summary", "pages", "-v", "--message-format", "json"], 0),
    ] {
        let ended = scene.run(arguments);
        assert_eq!(ended.code, Some(code), "{ended}");
        let messages = messages(&ended);
        assert_eq!(messages.last(), Some(&json!({"reason": "finished", "exitCode": code})), "{ended}");
        assert_eq!(messages.iter().any(|message| message["reason"] == "run"), code == 2, "{ended}");
    }
}
