//! What `report.md` tells, and where it stops: a summary for a ticket, cut with sentences that say so.

use serde_json::{Value, json};

use entra_diff::ingest::{self, Input, SurveyOptions};
use entra_diff::render::{self, Format, Output};
use entra_diff::report::{Options, Perspective, Report};
use entra_diff::{diff, report};

/// The summary of a page of `function` with these items, written with `beside`.
fn summary(function: &str, items: &[Value], perspective: Perspective, beside: &[Format]) -> String {
    let context = format!("https://graph.microsoft.com/v1.0/$metadata#x/{function}");
    let page = json!({"@odata.context": context, "@odata.count": items.len(), "value": items});
    let input = Input::Stdin(page.to_string().into_bytes());
    let export = ingest::survey(vec![input], &SurveyOptions::default(), diff::extent, |_| ());
    let report = Report::new(&export, Options { perspective, ..report::Options::default() });
    let formats: Vec<Format> = [Format::Markdown].iter().chain(beside).copied().collect();
    let mut sinks = vec![Vec::new(); formats.len()];
    let outputs = sinks.iter_mut().zip(&formats).map(|(sink, &format)| Output { format, sink }).collect();
    render::write(&report, outputs, &render::Options::default(), &mut |_| ()).expect("memory can be written");
    String::from_utf8(sinks.remove(0)).expect("UTF-8")
}

fn planned(items: &[Value]) -> String {
    summary("getChanges", items, Perspective::Incident, &[])
}

fn application(backup: &Value, current: &Value) -> Value {
    json!({"entityTypeName": "application", "id": "1", "displayName": "App", "recoveryAction": "update",
        "deltaFromCurrent": backup, "currentState": current})
}

#[track_caller]
fn tells(summary: &str, lines: &[&str]) {
    for line in lines {
        assert!(summary.lines().any(|found| found == *line), "{line:?} is no line of:\n{summary}");
    }
}

#[test]
fn values_that_look_alike_are_told_apart() {
    let backup = json!({"a": 14, "b": "", "c": null, "d": "null", "e": true});
    let current = json!({"a": "14", "b": null, "c": "", "d": {}, "e": "true"});
    tells(
        &planned(&[application(&backup, &current)]),
        &[
            "### application: `App`",
            "`1`: modified since the backup; recovery will set the values below back",
            r#"- `a`: `14` → `"14"` (modified since the backup; recovery will set it back)"#,
            r#"- `b`: `""` → `null` (removed since the backup; recovery will put it back)"#,
            r#"- `c`: `null` → `""` (added since the backup; recovery will clear it)"#,
            r#"- `e`: `true` → `"true"` (modified since the backup; recovery will set it back)"#,
        ],
    );
    let missing = application(&json!({"a": "x", "b": null}), &json!({"b": "y"}));
    tells(
        &planned(&[missing]),
        &[
            r#"- `a`: `"x"` → no value (removed since the backup; recovery will put it back)"#,
            r#"- `b`: `null` → `"y"` (added since the backup; recovery will clear it)"#,
        ],
    );
}

#[test]
fn both_directions_are_told_and_the_one_asked_for_leads() {
    let item = application(
        &json!({"signInAudience": "mine", "tags": ["a", "b"], "owners@delta": [{"id": "2", "@removed": {"reason": "changed"}}]}),
        &json!({"signInAudience": "any", "tags": ["b", "c"]}),
    );
    tells(
        &planned(std::slice::from_ref(&item)),
        &[
            r#"- `signInAudience`: `"mine"` → `"any"` (modified since the backup; recovery will set it back)"#,
            r#"- `tags`: + `"c"` − `"a"` (modified since the backup; recovery will set it back)"#,
            "- `owners` (link): `2` (added since the backup; recovery will remove the link)",
        ],
    );
    tells(
        &summary("getChanges", &[item], Perspective::Recovery, &[]),
        &[
            "# What recovery will do in Microsoft Entra",
            "`1`: recovery will set the values below back; modified since the backup",
            r#"- `signInAudience`: `"any"` → `"mine"` (recovery will set it back; modified since the backup)"#,
            r#"- `tags`: + `"a"` − `"c"` (recovery will set it back; modified since the backup)"#,
        ],
    );
}

#[test]
fn long_values_that_begin_alike_are_shown_where_they_differ() {
    let (before, now) = (format!("{}old end", "x".repeat(500)), format!("{}new end", "x".repeat(500)));
    let line = format!(
        r#"- `a`: … `{0}old end"` (509 characters) → … `{0}new end"` (509 characters) (modified since the backup; recovery will set it back)"#,
        "x".repeat(20)
    );
    tells(&planned(&[application(&json!({"a": before}), &json!({"a": now}))]), &[&line]);
}

#[test]
fn every_list_is_cut_with_a_sentence_that_says_how_much_more_there_is_and_where() {
    let many = |number: usize| {
        let backup: Value = (0..10).map(|key| (format!("key{key}"), json!(key))).collect();
        let mut item = application(&backup, &json!({}));
        item["id"] = json!(format!("app-{number}"));
        item["failureMessage"] = json!(format!("reason {number:02}"));
        item
    };
    let mut items: Vec<Value> = (0..45).map(many).collect();
    items.extend((0..60).map(|number| json!({"entityTypeName": "user", "displayName": format!("{number}"), "recoveryAction": "update"})));
    let alone = planned(&items);
    tells(
        &alone,
        &[
            "- 2 more changes of this object not shown here; the formats csv, xlsx and ndjson have all of them",
            "25 more messages not shown here; the formats csv, xlsx and ndjson have all of them.",
            "- **warning** unidentifiedObject: 10 more not shown here",
        ],
    );
    let told = alone.matches("### application").count();
    assert!((30..=40).contains(&told), "{told} objects");
    let more = format!("**{} more objects of these types not shown here", 45 - told);
    assert!(alone.contains(&more), "{more}: {alone}");
    assert!(alone.len() < 65_536, "{} bytes: more than a ticket takes", alone.len());
    assert_eq!(alone.matches("no object: it has no id").count(), 50);
    let beside = summary("getChanges", &items, Perspective::Incident, &[Format::Csv, Format::Ndjson]);
    assert_eq!(beside, alone, "no format knows of the others");
}

#[test]
fn the_first_look_has_policies_and_applications_and_no_users() {
    let mut user = application(&json!({"city": "Oslo"}), &json!({"city": "Bergen"}));
    user["entityTypeName"] = json!("user");
    let users = planned(std::slice::from_ref(&user));
    assert!(!users.contains("First look"), "{users}");
    tells(
        &users,
        &["| type   | `update` | total |", "| ------ | -------: | ----: |", "| `user` |        1 |     1 |"],
    );
    let mut failed = application(&json!({"a": 1}), &json!({"a": 2}));
    failed["failureMessage"] = json!("Insufficient privileges.");
    tells(
        &summary("getFailedChanges", &[failed, user], Perspective::Incident, &[]),
        &[
            "## First look: policies, applications, grants",
            "- **failed:** missing privileges: `Insufficient privileges.`",
        ],
    );
}

#[test]
fn errors_stand_before_the_warnings_that_were_found_before_them() {
    let nameless = |number: usize| json!({"entityTypeName": "user", "displayName": format!("{number}"), "recoveryAction": "update"});
    let mut items: Vec<Value> = (0..60).map(nameless).collect();
    items.push(json!("no object"));
    let summary = planned(&items);
    let told: Vec<&str> = summary
        .lines()
        .filter(|line| line.starts_with("- **error**") || line.starts_with("- **warning**"))
        .collect();
    assert!(told[0].starts_with("- **error** unrecognisedItem"), "{told:#?}");
    assert_eq!(told.len(), 50 + 1);
    assert!(told[1..50].iter().all(|line| line.starts_with("- **warning** unidentifiedObject")), "{told:#?}");
    assert_eq!(told[50], "- **warning** unidentifiedObject: 11 more not shown here");
}
