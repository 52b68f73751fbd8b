//! Lines 28 to 48 of the matrix: what is JSON and shaped otherwise than a page is expected to be.
//!
//! Line 46 is in `limits`. Two lines ask for marks that are no problems of the contract, and so are told in the head of
//! the report: pages of beta and v1.0 beside one another (45), and a link to another host (60).

use serde_json::{Value, json};

use super::super::scene::{ANA, Scene, failed, planned};
use super::{Case, Told, ZOE, assert_cases, at, beside, packed};

fn with(old: &str, new: &str) -> String {
    assert!(ZOE.contains(old), "{old}");
    failed(&[&ZOE.replace(old, new)])
}

fn named(name: &str) -> String {
    ZOE.replace("Zoe", name)
}

/// A case that is read without a word.
fn quiet(line: u32, what: &'static str, ids: &'static [&'static str], page: impl Into<Vec<u8>>) -> Case {
    let (file, err) = ("bad.json", String::new());
    Case { line, what, file, bytes: page.into(), code: 0, err, problems: &[], ids }
}

/// A page that links to another one.
pub(super) fn linked(items: &[&str], query: &str) -> String {
    let link = format!(r#""@odata.nextLink":"https://graph.microsoft.com/v1.0/getFailedChanges?{query}""#);
    failed(items).replace(&format!(r#""@odata.count":{}"#, items.len()), &link)
}

/// A page without a count and without a link.
pub(super) fn last(items: &[&str]) -> String {
    failed(items).replace(&format!(r#""@odata.count":{},"#, items.len()), "")
}

/// Lines 28 and 29: a page without items is a page, at the end of a chain and inside it.
#[test]
fn pages_without_items_are_pages() {
    let told = beside(&[("elsewhere/getFailedChanges.json", r#"{"value":[]}"#)]);
    told.keeps_ana("line 28");
    assert_eq!((told.ended.code, told.ended.err.as_str()), (Some(0), ""), "{}", told.ended);
    assert_eq!(told.verdicts("getFailedChanges"), ["noGapFound"]);
    assert_eq!(told.input("elsewhere/getFailedChanges.json")["role"], "page");
    let told = beside(&[
        ("1.json", linked(&[ZOE], "$skiptoken=a")),
        ("2.json", linked(&[], "$skiptoken=b")),
        ("3.json", last(&[&named("Yan")])),
    ]);
    told.keeps_ana("line 29");
    assert_eq!((told.ended.code, told.ended.err.as_str()), (Some(0), ""), "{}", told.ended);
    assert_eq!(
        (told.verdicts("getFailedChanges"), told.ids()),
        (vec!["noGapFound"], vec!["Ana-1", "Zoe-1", "Yan-1"])
    );
    assert_eq!(told.summary["pageSets"][1]["pages"], 3);
}

#[test]
fn errors_and_web_pages_are_told_for_what_they_are() {
    let error = r#"{"error":{"code":"Unknown\u001b[31m","message":"<b>no</b>\u0007"}}"#;
    let graph = Case {
        code: 3,
        err: "bad.json:1:1: graphError: this is a saved error, not a page: Unknown\\u{1b}[31m: <b>no</b>\\u{7}: repeat \
              the request once its cause is removed\n"
            .to_owned(),
        problems: &["graphError bad.json"],
        ..quiet(30, "a saved error", &[], error)
    };
    let html = Case {
        code: 3,
        err: "bad.json: html: this is a web page, not JSON: this is often a sign-in page: sign in and save the page \
              again\n"
            .to_owned(),
        problems: &["html bad.json"],
        ..quiet(31, "a sign-in page", &[], "<!DOCTYPE html>\n<html><title>Sign in</title></html>")
    };
    assert_cases(vec![graph, html]);
    let told = beside(&[("bad.json", error)]);
    let page = told.scene.read("out/report.html");
    assert!(!page.contains("<b>no</b>") && page.contains("bad.json"), "{page}");
}

/// Line 32: a saved job is no page; its totals stand beside the page set of its id.
#[test]
fn a_saved_job_is_told_beside_its_pages() {
    let job = json!({
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#directory/recovery/recoveryJobs/$entity",
        "id": "recovery", "status": "successful", "totalFailedChanges": 7,
        "jobStartDateTime": "2026-11-01T08:00:00Z", "jobCompletionDateTime": "2026-11-01T08:05:00Z",
    });
    let told = beside(&[("bad.json", failed(&[ZOE])), ("job.json", job.to_string())]);
    told.keeps_ana("line 32");
    assert_eq!((told.ended.code, told.ended.err.as_str()), (Some(0), ""), "{}", told.ended);
    assert_eq!(told.input("job.json")["role"], "job");
    let set = &told.summary["pageSets"][1];
    // A comparison, never a proof: another total than the items changes no verdict.
    assert_eq!(
        (&set["verdict"], &set["jobs"][0]["totalFailedChanges"]),
        (&json!("complete"), &json!(7)),
        "{set:#}"
    );
}

#[test]
fn arrays_of_pages_and_items_alone_are_read() {
    let pages = format!("[{},{}]", linked(&[ZOE], "$skiptoken=a"), last(&[&named("Yan")]));
    let unverifiable = |what, ids, text: String| {
        Case {
        err: "bad.json: unverifiable: completeness cannot be checked: the items stand without a page around them, so \
              there is no link or count to check: save whole pages, not only their value\n"
            .to_owned(),
        problems: &["unverifiable bad.json"],
        ..quiet(33, what, ids, text)
    }
    };
    assert_cases(vec![
        quiet(33, "an array of pages", &["Zoe-1", "Yan-1"], pages.clone()),
        unverifiable("an array of items", &["Zoe-1", "Yan-1"], format!("[{ZOE},{}]", named("Yan"))),
        unverifiable("an item a line", &["Zoe-1", "Yan-1"], format!("{ZOE}\n{}\n", named("Yan"))),
        unverifiable("an item", &["Zoe-1"], ZOE.to_owned()),
    ]);
    let told = beside(&[("bad.json", pages)]);
    assert_eq!(told.input("bad.json")["form"], "pageArray");
    assert_eq!(told.change("Yan-1")["source"], "bad.json#/1/value/0");
    assert_eq!(told.verdicts("getFailedChanges"), ["noGapFound"]);
}

/// Line 34, and of line 41 what the contract says is lost as a whole.
#[test]
fn sides_that_are_no_objects_are_lost_and_told_with_the_remedy() {
    let lost = |line, what, old: &str, new: &str| {
        let page = with(old, new);
        Case {
            code: 3,
            err: format!(
                "bad.json:{}: lostEvidence: nested values of object Zoe-1 (Zoe) were lost when the page was saved: 1 \
                 row: save the page again with ConvertTo-Json -Depth 100, or with Invoke-MgGraphRequest \
                 -OutputFilePath\n",
                at(&page, r#"{"entityTypeName""#)
            ),
            problems: &["lostEvidence bad.json#/value/0"],
            ..quiet(line, what, &["Zoe-1"], page)
        }
    };
    let (backup, current) = (r#"{"city":"Oslo"}"#, r#"{"city":"Bergen"}"#);
    assert_cases(vec![
        lost(34, "@{…}", backup, r#""@{city=Oslo}""#),
        lost(34, "System.Collections.Hashtable", backup, r#""System.Collections.Hashtable""#),
        lost(34, "a current state that is lost", current, r#""System.Collections.Hashtable""#),
        lost(34, "a value in a side", r#""Oslo""#, r#""@{a=1; b=System.Object[]}""#),
        lost(34, "in an array", r#""Oslo""#, r#"[1,"System.Object[]"]"#),
        lost(41, "a number", backup, "7"),
        lost(41, "an array", current, "[]"),
    ]);
    let told = beside(&[("bad.json", with(backup, r#""@{city=Oslo}""#))]);
    let row = json!([{"kind": "property", "property": "*", "sinceBackup": "unknown", "recoveryWill": "unknown", "note": "lostEvidence"}]);
    assert_eq!(told.change("Zoe-1")["changes"], row);
}

/// Line 41: what is missing is said to be missing.
#[test]
fn sides_that_are_missing_are_no_crash_and_no_claim() {
    let current = r#","currentState":{"city":"Bergen"}"#;
    let none = with(current, "").replace(r#","deltaFromCurrent":{"city":"Oslo"}"#, "");
    assert_cases(vec![
        quiet(41, "no current state", &["Zoe-1"], with(current, "")),
        quiet(41, "a current state that is null", &["Zoe-1"], with(r#"{"city":"Bergen"}"#, "null")),
        quiet(41, "a backup that is null", &["Zoe-1"], with(r#"{"city":"Oslo"}"#, "null")),
        quiet(41, "neither side", &["Zoe-1"], none.clone()),
    ]);
    let told = beside(&[("bad.json", with(current, ""))]);
    let row = json!([{"kind": "property", "property": "city", "sinceBackup": "unknown", "recoveryWill": "unknown", "backup": "Oslo", "note": "currentStateMissing"}]);
    assert_eq!(told.change("Zoe-1")["changes"], row);
    let told = beside(&[("bad.json", none)]);
    assert_eq!(told.change("Zoe-1")["changes"], json!([]));
}

#[test]
fn ids_that_are_spelled_otherwise_or_missing_cost_no_change() {
    let page = with(r#""id":"Zoe-1","#, "");
    let nameless = Case {
        err: format!(
            "bad.json:{}: unidentifiedObject: this item names no object: it has no id: find the object by its name and \
             values\n",
            at(&page, r#"{"entityTypeName""#)
        ),
        problems: &["unidentifiedObject bad.json#/value/0"],
        ..quiet(37, "no id", &[""], page)
    };
    let (restore, delete) = (ZOE.replace("update", "restore"), ZOE.replace("update", "softDelete"));
    let three = failed(&[ZOE, &restore, &delete]);
    assert_cases(vec![
        quiet(36, "objectId", &["Zoe-1"], with(r#""id""#, r#""objectId""#)),
        nameless,
        quiet(42, "one id three times", &["Zoe-1", "Zoe-1", "Zoe-1"], three.clone()),
    ]);
    let told = beside(&[("bad.json", three)]);
    let actions: Vec<&Value> = told.changes.iter().skip(1).map(|change| &change["recoveryAction"]).collect();
    assert_eq!(actions, ["update", "softDelete", "restore"]);
    assert_eq!(told.summary["totals"]["getFailedChanges"]["objects"], 3);
}

/// Line 38: what is not known stands in a group of its own, as it was written.
#[test]
fn actions_and_types_that_are_not_known_are_kept() {
    let page = failed(&[
        &named("Yan").replace(r#""update""#, r#""hardDelete""#),
        &named("Xia").replace(r#""user""#, r#""fleet""#),
        &named("Wim").replace(r#""user""#, r#""unknownFutureValue""#),
        &named("Vic").replace(r#""update""#, r#""unknownFutureValue""#),
    ]);
    let told = beside(&[("bad.json", page)]);
    told.keeps_ana("line 38");
    let err = "bad.json: unknownFutureValue: 2 items have a type or an action that the service hid as \
               unknownFutureValue: export again with the header Prefer: include-unknown-enum-members\n";
    assert_eq!((told.ended.code, told.ended.err.as_str()), (Some(0), err), "{}", told.ended);
    let groups: Vec<[&str; 2]> = (told.summary["groups"].as_array().expect("groups").iter().skip(1))
        .map(|group| ["recoveryAction", "entityTypeName"].map(|name| group[name].as_str().expect("a word")))
        .collect();
    assert_eq!(
        groups,
        [
            ["update", "fleet"],
            ["update", "unknownFutureValue"],
            ["hardDelete", "user"],
            ["unknownFutureValue", "user"],
        ]
    );
    assert_eq!(told.change("Yan-1")["sinceBackup"], "unknown");
}

/// Line 39: a side that is left out is what the data says: null is not missing in JSON and in the table.
#[test]
fn null_and_missing_are_told_apart() {
    let page = failed(&[
        &ZOE.replace(r#"{"city":"Oslo"}"#, r#"{"city":null}"#),
        &named("Yan").replace(r#"{"city":"Bergen"}"#, r#"{"city":null}"#),
        &named("Xia").replace(r#"{"city":"Bergen"}"#, "{}"),
        // Both are empty, so that there is no difference.
        &named("Wim").replace(r#"{"city":"Oslo"}"#, r#"{"city":null}"#).replace(r#"{"city":"Bergen"}"#, "{}"),
    ]);
    let told = beside(&[("bad.json", page)]);
    told.keeps_ana("line 39");
    let row = |since: &str, will: &str, current: Option<Value>, backup: Value| {
        let mut row =
            json!({"kind": "property", "property": "city", "sinceBackup": since, "recoveryWill": will});
        if let Some(current) = current {
            row["current"] = current;
        }
        row["backup"] = backup;
        json!([row])
    };
    assert_eq!(told.change("Zoe-1")["changes"], row("added", "remove", Some(json!("Bergen")), Value::Null));
    assert_eq!(told.change("Yan-1")["changes"], row("removed", "add", Some(Value::Null), json!("Oslo")));
    assert_eq!(told.change("Xia-1")["changes"], row("removed", "add", None, json!("Oslo")));
    assert_eq!(
        (&told.change("Wim-1")["changes"], &told.change("Wim-1")["unchanged"]),
        (&json!([]), &json!(1))
    );
    let table = told.scene.read("out/changes.csv");
    let types = |id: &str| {
        let line = table.lines().find(|line| line.contains(id)).expect("a row");
        line.rsplitn(3, ',').take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(types("Zoe-1"), ["string", "null"]);
    assert_eq!(types("Yan-1"), ["null", "string"]);
    assert_eq!(types("Xia-1"), ["missing", "string"]);
}

/// Line 40: links in both directions, whatever else stands in their elements.
#[test]
fn link_collections_are_rows_in_both_directions() {
    let links = r#"{"members@delta":[{"id":"m1","displayName":"Max","x":1},{"id":"m2","@removed":{"reason":"changed"},"y":{}}]}"#;
    let told = beside(&[("bad.json", with(r#"{"city":"Oslo"}"#, links))]);
    told.keeps_ana("line 40");
    assert_eq!((told.ended.code, told.ended.err.as_str()), (Some(0), ""), "{}", told.ended);
    assert_eq!(
        told.change("Zoe-1")["changes"],
        json!([
            {"kind": "link", "property": "members", "sinceBackup": "removed", "recoveryWill": "add",
             "backup": {"id": "m1", "displayName": "Max"}},
            {"kind": "link", "property": "members", "sinceBackup": "added", "recoveryWill": "remove",
             "current": {"id": "m2"}},
        ])
    );
    assert_eq!(told.summary["totals"]["getFailedChanges"]["linkChanges"], 2);
}

/// Lines 43 and 45: both functions, and pages of beta and v1.0, in one folder.
#[test]
fn pages_of_two_functions_are_two_sets() {
    let count = r#""@odata.count":1"#;
    let link = r#""@odata.nextLink":"https://graph.microsoft.com/v1.0/getChanges?$skiptoken=a""#;
    let first = planned(&[ANA]).replace(count, link);
    let second = planned(&[&named("Yan")]).replace("v1.0", "beta").replace(&format!("{count},"), "");
    let told =
        Told::of(Scene::of(&[("in/1.json", first), ("in/2.json", second), ("in/3.json", failed(&[ZOE]))]));
    assert_eq!((told.ended.code, told.ended.err.as_str()), (Some(0), ""), "{}", told.ended);
    assert_eq!(told.verdicts("getChanges"), ["noGapFound"]);
    assert_eq!(told.verdicts("getFailedChanges"), ["complete"]);
    let by = |function: &str| told.summary["totals"][function]["objects"].clone();
    assert_eq!((by("getChanges"), by("getFailedChanges")), (json!(2), json!(1)));
    let words = "Pages of v1.0 and of beta of the API are mixed in one page set, from 1.json on: they may come from two exports";
    assert!(told.ended.out.contains(words), "{}", told.ended);
    assert!(told.scene.read("out/report.html").contains("Pages of v1.0 and of beta of the API are mixed"));
}

/// Lines 35 and 47: times that PowerShell wrote are read; any other text stays as it is.
#[test]
fn times_of_any_kind_are_no_fault() {
    let times = ["9999-12-31T23:59:59.9999999Z", "0001-01-01T00:00:00Z", "2024-02-30T00:00:00Z", "/Date(x)/"];
    let members: Vec<String> =
        times.iter().enumerate().map(|(number, time)| format!(r#""t{number}":"{time}""#)).collect();
    let members = format!(r#"{},"city":"\/Date(1724630400000)\/""#, members.join(","));
    let told = beside(&[("bad.json", with(r#""city":"Oslo""#, &members))]);
    told.keeps_ana("line 47");
    assert_eq!((told.ended.code, told.ended.err.as_str()), (Some(0), ""), "{}", told.ended);
    let rows = told.change("Zoe-1")["changes"].as_array().expect("rows");
    let values: Vec<&str> = rows.iter().filter_map(|row| row["backup"].as_str()).collect();
    assert_eq!(values[..4], times);
    assert_eq!(values[4], "2024-08-26T00:00:00Z", "line 35: the contract reads it as the instant it is");
}

/// Line 48: no secret is in any output.
#[test]
fn secrets_are_masked_everywhere_and_said_to_be() {
    let secrets = r#""passwordProfile":{"password":"hunter2"},"keyCredentials":[{"keyId":"k","key":"hunter2"}],"x":{"secretText":"hunter2"}"#;
    let page = with(r#""city":"Oslo""#, secrets);
    for told in
        [beside(&[("bad.json", page.as_bytes())]), beside(&[("bad.json.gz", &packed(page.as_bytes()))])]
    {
        told.keeps_ana("line 48");
        assert_eq!((told.ended.code, told.ended.err.as_str()), (Some(0), ""), "{}", told.ended);
        assert_hushed(&told);
        let rows = told.change("Zoe-1")["changes"].as_array().expect("rows");
        assert_eq!(rows.len(), 3, "{rows:#?}");
        assert!(rows.iter().all(|row| row["note"] == "redacted"), "{rows:#?}");
    }
}

fn assert_hushed(told: &Told) {
    for name in told.scene.names("out") {
        let bytes = std::fs::read(told.scene.path(&format!("out/{name}"))).expect("an output");
        assert!(!String::from_utf8_lossy(&bytes).contains("hunter2"), "{name}");
    }
    assert!(told.scene.read("out/changes.csv").contains("[redacted]"));
}
