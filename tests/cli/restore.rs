//! Restore sessions of Microsoft 365 Backup: alone, beside pages, and where nothing of the kind is there.

use serde_json::json;

use super::scene::{ANA, Scene, planned};

const REQUEST: &str = r#"{"mailboxRestoreArtifacts@delta":[
    {"restorePoint":{"id":"point-1"},"destinationType":"inPlace"}, // asked for
    {"@removed":{"reason":"changed"},"id":"artifact-9"}]}"#;

const RESPONSE: &str = r#"{"mailboxRestoreArtifacts@delta":[
    {"id":"artifact-1","restorePoint":{"id":"point-1"},"destinationType":"inPlace","status":"added",
     "createdDateTime":"2026-01-01T00:00:00Z"},
    {"@contentId":"content-1","@Core.DataModificationException":{"info":{"code":"ArtifactNotFound",
     "message":"does not exist"},"failedOperation":"remove","responseCode":409},"id":"artifact-9"}]}"#;

const HEAD: &str = "collection,id,restorePointId,destinationType,status,createdDateTime,contentId,errorCode,errorMessage,\
    errorTarget,failedOperation,responseCode,removedReason,source,outcome,errorCategory\r\n";

fn sessions() -> Scene {
    Scene::of(&[("saved/1-request.json", REQUEST), ("saved/2-response.json", RESPONSE)])
}

fn beside_pages() -> Scene {
    let scene = sessions();
    scene.write("saved/page.json", planned(&[ANA]));
    scene
}

#[test]
fn a_folder_of_restore_sessions_is_a_report_of_its_own() {
    let scene = sessions();
    let told = [
        "Restore sessions of Microsoft 365 Backup: 4 artifacts, 1 failed\n",
        "  1  mailboxRestoreArtifacts: failed\n",
        "  1  mailboxRestoreArtifacts: marked as removed\n",
        "  1  mailboxRestoreArtifacts: added\n",
        "  1  mailboxRestoreArtifacts: no status in the data\n",
        "No page of getChanges or getFailedChanges is in the input.\n",
        "Problems: 0 errors, 0 warnings\n",
    ];
    scene.run(&["summary", "saved"]).tells(0, &told, &[]);
    let ended = scene.run(&["report", "saved", "-o", "out", "-f", "html,csv,xlsx,ndjson,json,md"]);
    ended.tells(0, &[&told[..], &["Wrote out/restore-artifacts.csv (4 rows)\n"]].concat(), &[]);
    scene.holds(
        "out",
        &[
            "changes.csv",
            "changes.ndjson",
            "report.html",
            "report.md",
            "report.xlsx",
            "restore-artifacts.csv",
            "restore-artifacts.ndjson",
            "summary.json",
        ],
    );
    let summary = scene.json("out/summary.json");
    let expected = json!([{"collection": "mailboxRestoreArtifacts", "total": 4, "failed": 1,
        "byStatus": {"added": 1, "unknown": 3}}]);
    assert_eq!(summary["restoreArtifacts"], expected);
    assert_eq!(summary["inputs"][0]["role"], "restoreSession");
    assert_eq!(summary["passedOver"], json!([]));
    for name in ["report.html", "report.md"] {
        let text = scene.read(&format!("out/{name}"));
        assert!(text.contains("Restore sessions alone") && text.contains("artifact-9"), "{name}");
    }
    scene.run(&["verify", "out", "--inputs", "saved", "-q"]).is(0, "", "");
}

#[test]
fn a_table_of_artifacts_can_be_asked_for_alone() {
    let scene = sessions();
    let row = "mailboxRestoreArtifacts,artifact-9,,,,,content-1,ArtifactNotFound,does not exist,,remove,409,,\
        2-response.json#/mailboxRestoreArtifacts@delta/1,failed,artifact\r\n";
    let ended = scene.run(&["report", "saved", "-o", "-", "-f", "restore-csv", "-q"]);
    ended.tells(0, &[row], &[]);
    assert!(ended.out.starts_with(&format!("\u{feff}{HEAD}")) && ended.out.lines().count() == 5, "{ended}");
    let raw = scene.run(&["report", "saved", "-o", "-", "-f", "restore-csv", "-q", "--csv-raw"]);
    raw.is(0, ended.out.trim_start_matches('\u{feff}'), "");
    scene.run(&["report", "saved", "-o", "x.csv", "-f", "restore-csv", "-q"]).is(0, "", "");
    assert_eq!(scene.read("x.csv"), ended.out);
    let lines = scene.run(&["report", "saved", "-o", "-", "-f", "restore-ndjson", "-q"]);
    let first: serde_json::Value =
        serde_json::from_str(lines.out.lines().next().expect("a line")).expect("JSON");
    let expected = json!({"collection": "mailboxRestoreArtifacts", "id": "artifact-9", "restorePointId": null,
        "destinationType": null, "status": null, "createdDateTime": null, "contentId": "content-1",
        "errorCode": "ArtifactNotFound", "errorMessage": "does not exist", "errorTarget": null,
        "failedOperation": "remove", "responseCode": 409, "removedReason": null,
        "source": "2-response.json#/mailboxRestoreArtifacts@delta/1", "outcome": "failed", "errorCategory": "artifact"});
    assert_eq!((first, lines.out.lines().count()), (expected, 4));
    let none = Scene::of_ana().run(&["report", "pages", "-o", "-", "-f", "restore-csv", "-q"]);
    none.is(0, &format!("\u{feff}{HEAD}"), "");
}

#[test]
fn the_table_goes_with_that_of_the_changes_only_where_there_are_artifacts() {
    let names = ["changes.csv", "restore-artifacts.csv"];
    let scene = beside_pages();
    scene.run(&["report", "saved", "-o", "out", "-f", "csv", "-q"]).is(0, "", "");
    scene.holds("out", &names);
    let manifest = scene.json("out/manifest.json");
    assert_eq!(manifest["options"]["formats"], json!(["csv", "restore-csv"]));
    assert_eq!(manifest["surveyed"]["restoreArtifacts"], 4);
    assert_eq!(manifest["outputs"][2]["counts"], json!({"restoreArtifacts": 4}));
    scene.run(&["report", "saved", "-o", "lines", "-f", "ndjson", "-q"]).is(0, "", "");
    scene.holds("lines", &["changes.ndjson", "restore-artifacts.ndjson"]);
    scene.run(&["report", "saved", "-o", "page", "-f", "html", "-q"]).is(0, "", "");
    scene.holds("page", &["report.html"]);
    // One that is no longer there leaves no table behind.
    scene.run(&["report", "saved/page.json", "-o", "out", "-f", "csv", "-q", "--force"]).is(0, "", "");
    scene.holds("out", &["changes.csv"]);
    assert_eq!(scene.json("out/manifest.json")["surveyed"].get("restoreArtifacts"), None);
}

#[test]
fn sessions_change_nothing_of_what_is_told_about_changes() {
    let (with, without) = (beside_pages(), Scene::of(&[("saved/page.json", planned(&[ANA]))]));
    for format in ["csv", "ndjson"] {
        let alone = without.run(&["report", "saved", "-o", "-", "-f", format, "-q"]);
        with.run(&["report", "saved", "-o", "-", "-f", format, "-q"]).is(0, &alone.out, "");
    }
    let page = with.run(&["report", "saved", "-o", "-", "-f", "html", "-q"]);
    page.tells(0, &["What changed in Microsoft Entra since the backup", "id=\"restore\"", "Mailboxes"], &[]);
    let page = without.run(&["report", "saved", "-o", "-", "-f", "html", "-q"]);
    assert!(!page.out.to_lowercase().contains("restore sessions"), "{page}");
}

#[test]
fn what_is_no_artifact_is_a_problem_and_the_others_are_reported() {
    let scene = Scene::of(&[(
        "saved/session.json",
        r#"{"driveRestoreArtifacts@delta":[7,{"id":"a","status":"added"}],"siteRestoreArtifacts@delta":"System.Object[]"}"#,
    )]);
    let problems = [
        "unrecognisedItem: this element is no whole object",
        "unrecognisedItem: this collection is no array",
    ];
    scene.run(&["summary", "saved"]).tells(3, &["driveRestoreArtifacts: added\n"], &problems);
    scene.run(&["report", "saved", "-o", "out", "-f", "json,csv", "-q"]).tells(3, &[], &problems);
    let summary = scene.json("out/summary.json");
    assert_eq!(summary["problems"][0]["source"], "session.json#/driveRestoreArtifacts@delta/0");
    assert_eq!(summary["restoreArtifacts"][0]["total"], 1);
    scene.run(&["verify", "out", "-q"]).is(0, "", "");
    scene.run(&["report", "saved", "-o", "strict", "--strict"]).tells(4, &[], &problems);
}

#[test]
fn a_session_that_is_cut_keeps_its_whole_artifacts() {
    let cut = &RESPONSE[..RESPONSE.find("\"failedOperation\"").expect("it is there")];
    for name in ["saved/response.json", "saved/response.txt"] {
        let scene = Scene::of(&[(name, cut)]);
        let ended = scene.run(&["summary", "saved"]);
        ended.tells(3, &["1 artifact\n", "mailboxRestoreArtifacts: added\n"], &["truncatedJson: "]);
    }
}

#[test]
fn lists_and_lines_of_sessions_are_all_read() {
    let line = |id: &str| format!(r#"{{"siteRestoreArtifacts@delta":[{{"id":"{id}","status":"added"}}]}}"#);
    let (a, b) = (line("a"), line("b"));
    for text in
        [format!("{a}\n{b}"), format!("{a}{b}"), format!("[{a},{b}]"), format!(r#"{{"value":[{a},{b}]}}"#)]
    {
        let scene = Scene::of(&[("getChanges/sessions.json", text)]);
        let ended = scene.run(&["report", "getChanges", "-o", "-", "-f", "restore-csv", "-q"]);
        ended.tells(0, &["siteRestoreArtifacts,a,", "siteRestoreArtifacts,b,"], &[]);
    }
}

#[test]
fn sessions_are_of_no_job_and_hold_no_object() {
    let scene = beside_pages();
    let of_another = scene.run(&["summary", "saved", "--job", "another"]);
    of_another.tells(4, &[], &["nothing to report", "of the job asked for"]);
    scene.run(&["summary", "saved", "--job", "preview"]).tells(0, &["4 artifacts, 1 failed"], &[]);
    scene.run(&["show", "saved", "--id", "artifact-9"]).tells(4, &[], &["no change of this object"]);
}

#[test]
fn a_session_without_artifacts_is_read_and_adds_nothing() {
    let scene = Scene::of(&[("saved/session.json", r#"{"mailboxRestoreArtifacts@delta":[]}"#)]);
    scene.run(&["report", "saved", "-o", "out", "-f", "html,csv", "-q"]).is(0, "", "");
    scene.holds("out", &["changes.csv", "report.html"]);
    assert_eq!(scene.json("out/manifest.json")["inputs"][0]["role"], "restoreSession");
}

#[test]
fn hostile_text_is_text_in_every_format() {
    let trap = r"<img src=x onerror=alert(1)>|`|\u202e[x](javascript:1) @everyone";
    let session = format!(
        r#"{{"{trap}RestoreArtifacts@delta":[{{"id":"=1+1","error":{{"code":"=2+2","message":"{trap}","target":"+3"}}}},
            {{"status":"{trap}","id":"-4"}}]}}"#
    );
    let scene = Scene::of(&[("saved/session.json", session)]);
    scene.run(&["report", "saved", "-o", "out", "-f", "html,csv,xlsx,ndjson,json,md", "-q"]).is(0, "", "");
    let page = scene.read("out/report.html");
    assert!(!page.contains("<img") && page.contains("&lt;img src=x") && page.contains("U+202E"));
    let ticket = scene.read("out/report.md");
    assert!(ticket.contains("``<img src=x onerror=alert(1)>") && !ticket.contains('\u{202e}'), "{ticket}");
    let table = scene.read("out/restore-artifacts.csv");
    assert!(
        ["'=1+1", "'=2+2", "'+3", "'-4"].iter().all(|cell| table.contains(&format!(",{cell},"))),
        "{table}"
    );
    scene.run(&["verify", "out", "-q"]).is(0, "", "");
}

#[test]
fn of_many_artifacts_the_page_and_the_ticket_show_a_part_and_say_so() {
    let artifact =
        |id: usize| format!(r#"{{"id":"f-{id}","status":"failed"}},{{"id":"a-{id}","status":"added"}}"#);
    let artifacts: Vec<String> = (0..1_000).map(artifact).collect();
    let session = format!(r#"{{"siteRestoreArtifacts@delta":[{}]}}"#, artifacts.join(","));
    let scene = Scene::of(&[("saved/session.json", session)]);
    scene.run(&["report", "saved", "-o", "out", "-f", "html,csv,md", "-q"]).is(0, "", "");
    let page = scene.read("out/report.html");
    let elsewhere = "all of them are in restore-artifacts.csv, restore-artifacts.ndjson and report.xlsx";
    for part in [
        "300 of 1,000 artifacts are shown here",
        "50 of 1,000 artifacts are shown here",
        elsewhere,
        "f-299<",
        "a-49<",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("f-300<") && !page.contains("a-50<"));
    let ticket = scene.read("out/report.md");
    assert!(ticket.contains("980 more failed artifacts are not shown here") && ticket.contains(elsewhere));
    assert_eq!(scene.read("out/restore-artifacts.csv").lines().count(), 2_001);
}
