//! Text from the input never steers the terminal.

use super::scene::{Ended, Scene, failed, planned};

/// Clears a screen, sets a title, writes over a line, reverses the reading direction, hides.
const TRAP: &str = r"\u001b[2J\u001b]0;pwn\u0007\u009b1m\r\u0000\u202egnp.exe\u2066\u200b\ufeff\u061c\u2028";

/// Nothing that a terminal obeys stands in either text.
#[track_caller]
fn assert_tame(ended: &Ended) {
    let is_wild = |c: &char| {
        (c.is_control() && *c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' | '\u{feff}')
    };
    let wild: Vec<char> = ended.out.chars().chain(ended.err.chars()).filter(is_wild).collect();
    assert!(wild.is_empty(), "{wild:?}: {:?} {:?}", ended.out, ended.err);
}

/// An item with the trap in everything that is text.
fn trapped(message: bool) -> String {
    let message = if message { format!(r#","failureMessage":"{TRAP}""#) } else { String::new() };
    format!(
        r#"{{"entityTypeName":"t{TRAP}","id":"i{TRAP}","displayName":"n{TRAP}","recoveryAction":"a{TRAP}",
        "deltaFromCurrent":{{"k{TRAP}":"b{TRAP}","list":["{TRAP}"],"lost":"@{{{TRAP}}}","m{TRAP}@delta":[{{"id":"{TRAP}"}}]}},
        "currentState":{{"k{TRAP}":"c{TRAP}","list":[]}}{message}}}"#
    )
}

fn scene() -> Scene {
    let job = format!("recoveryPreviewJobs/{TRAP}/getChanges");
    Scene::of(&[
        ("pages/1.json", planned(&[&trapped(false)])),
        ("pages/2.json", failed(&[&trapped(true)])),
        ("pages/3.json", super::scene::page(&job, &[])),
        ("pages/error.json", format!(r#"{{"error":{{"code":"{TRAP}","message":"{TRAP}"}}}}"#)),
        (
            "pages/session.json",
            format!(
                r#"{{"{TRAP}RestoreArtifacts@delta":[{{"status":"{TRAP}","id":"{TRAP}"}},7,{{"error":{{"code":"{TRAP}"}}}}]}}"#
            ),
        ),
        (
            "pages/twice.json",
            format!(r#"{{"value":[{{"id":"x","deltaFromCurrent":{{"{TRAP}":1,"{TRAP}":2}}}}]}}"#),
        ),
    ])
}

#[test]
fn no_table_and_no_problem_obeys_the_input() {
    for options in [&["summary", "pages"][..], &["summary", "pages", "-v"], &["report", "pages", "-o", "out"]]
    {
        let ended = scene().run(options);
        ended.tells(
            3,
            &[r"t\u{1b}[2J", r"a\u{1b}[2J", r"\u{202e}gnp.exe"],
            &[r"graphError: ", r"\u{1b}]0;pwn\u{7}"],
        );
        assert_tame(&ended);
    }
}

#[test]
fn showing_an_object_does_not_obey_the_input() {
    let scene = scene();
    // An id with NUL cannot be typed, so this one's is plain.
    scene.write("pages/4.json", planned(&[&trapped(true).replace(&format!("i{TRAP}"), "plain")]));
    let ended = scene.run(&["show", "pages", "--id", "plain"]);
    ended.tells(
        3,
        &[r"n\u{1b}[2J", r#"["k\u001b[2J\u001b]0;pwn"#, r"\u{202e}gnp.exe", r#"["m\u001b[2J"#],
        &["graphError"],
    );
    assert_tame(&ended);
    let unknown = scene.run(&["show", "pages", "--id", "\u{1b}[2J\u{202e}"]);
    unknown.tells(4, &[], &[r"entra-diff: no change of this object: \u{1b}[2J\u{202e}: "]);
    assert_tame(&unknown);
}

#[test]
fn long_text_is_cut_in_tables_and_whole_where_two_values_are_compared() {
    let long = "x".repeat(10_000);
    let item = format!(
        r#"{{"id":"1","displayName":"{long}","recoveryAction":"{long}","deltaFromCurrent":{{"a":"{}"}},"currentState":{{}}}}"#,
        "y".repeat(10_000)
    );
    let scene = Scene::of(&[("1.json", planned(&[&item]))]);
    let cut = format!("{}…", "x".repeat(200));
    for arguments in [&["summary", "1.json"][..], &["show", "1.json", "--id", "1"]] {
        let ended = scene.run(arguments);
        ended.tells(0, &[&cut], &[]);
        assert!(!ended.out.contains(&"x".repeat(201)), "{ended}");
    }
    scene.run(&["show", "1.json", "--id", "1"]).tells(0, &[&"y".repeat(10_000)], &[]);
    scene.run(&["report", "1.json", "-o", "-", "-f", "csv", "-q"]).tells(0, &[&long], &[]);
}

#[cfg(unix)]
#[test]
fn hostile_names_of_files_are_shown_tamely_and_kept_in_the_summary() {
    let scene = Scene::of(&[("pages/a\u{1b}[2J\n\u{202e}.json", "")]);
    scene.write("pages/b\u{1b}.json", planned(&[&trapped(false)]));
    for arguments in
        [&["summary", "pages", "-v"][..], &["report", "pages", "-o", "o\u{1b}[2J", "-f", "html,csv,json"]]
    {
        let ended = scene.run(arguments);
        ended.tells(3, &["Planned changes"], &[r"a\u{1b}[2J\u{a}\u{202e}.json: emptyFile: "]);
        assert_tame(&ended);
    }
    let problems = &scene.json("o\u{1b}[2J/summary.json")["problems"];
    assert_eq!(problems[0]["source"], "a\u{1b}[2J\n\u{202e}.json");
    let refused = scene.run(&["report", "pages", "-o", "o\u{1b}[2J"]);
    refused.tells(5, &[], &[r"the output is in use: o\u{1b}[2J: "]);
    assert_tame(&refused);
}
