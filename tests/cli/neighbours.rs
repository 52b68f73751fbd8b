//! What lies beside pages: jobs, lists of backups, saved errors. They are told in words and never mistaken for
//! pages.

use serde_json::{Value, json};

use super::scene::{ANA, Scene, failed, planned};

const ROOT: &str = "https://graph.microsoft.com/v1.0/$metadata#directory/recovery/snapshots";

/// The preview job whose pages `planned` makes, with these other members.
fn preview(members: &Value) -> String {
    job("recoveryPreviewJobs", "preview", members)
}

/// The recovery job whose pages `failed` makes, with these other members.
fn recovery(members: &Value) -> String {
    job("recoveryJobs", "recovery", members)
}

fn job(collection: &str, id: &str, members: &Value) -> String {
    let context = format!("{ROOT}('MTc4NTE4OTYwMA==')/{collection}/$entity");
    let mut job = json!({"@context": context, "id": id, "jobStartDateTime": "2026-07-28T06:00:00Z"});
    let own = job.as_object_mut().expect("an object");
    own.extend(members.as_object().expect("an object").clone());
    job.to_string()
}

fn list(snapshots: &Value) -> String {
    json!({"@context": ROOT, "value": snapshots}).to_string()
}

/// A folder with Ana's page and these other files.
fn beside(files: &[(&str, String)]) -> Scene {
    let scene = Scene::of(files);
    scene.write("getChanges/1.json", planned(&[ANA]));
    scene
}

/// The formats that have a head, and the terminal's summary, by a run that ends with this code.
fn heads(scene: &Scene, code: i32) -> [(&'static str, String); 4] {
    let ended = scene.run(&["report", ".", "-o", "out", "--force", "--format", "html,md,xlsx,json"]);
    assert_eq!(ended.code, Some(code), "{ended}");
    let workbook = scene.path("out/report.xlsx");
    let cells = cells(&std::fs::read(workbook).expect("a workbook"));
    [
        ("terminal", ended.out),
        ("html", text_of(&scene.read("out/report.html"))),
        ("md", scene.read("out/report.md").replace('`', "")),
        ("xlsx", cells),
    ]
}

/// The text between the tags of a page.
fn text_of(html: &str) -> String {
    let page = scraper::Html::parse_document(html);
    let main = scraper::Selector::parse("main").expect("a selector");
    page.select(&main).flat_map(|main| main.text()).collect()
}

/// The text of a workbook's cells: the first sheet is held in memory, and its texts stand in a part of their own.
fn cells(bytes: &[u8]) -> String {
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip file");
    let (mut first, mut others) = (String::new(), String::new());
    for number in 0..book.len() {
        let mut part = book.by_index(number).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let text = if name == "xl/sharedStrings.xml" { &mut first } else { &mut others };
        if name == "xl/sharedStrings.xml" || name.starts_with("xl/worksheets/sheet") {
            std::io::Read::read_to_string(&mut part, text).expect("text");
        }
    }
    first + &others
}

#[track_caller]
fn everywhere(scene: &Scene, code: i32, sentences: &[&str]) {
    for (format, text) in heads(scene, code) {
        for sentence in sentences {
            assert!(text.contains(sentence), "{format} lacks {sentence:?}:\n{text}");
        }
    }
}

#[test]
fn a_job_is_told_in_the_words_of_the_admin_center() {
    let scene = beside(&[
        (
            "preview.json",
            preview(&json!({"status": "successful", "jobCompletionDateTime": "2026-07-28T07:00:00Z",
                "filteringCriteria": null, "totalChangedObjectsCalculated": 1})),
        ),
        ("recovery.json", recovery(&json!({"status": 2, "totalFailedChanges": 3}))),
    ]);
    scene.write("getFailedChanges/1.json", failed(&[]));
    everywhere(
        &scene,
        0,
        &[
            "the job reports: completed (successful); filter: everything; from 28 Jul 2026, 06:00:00 UTC to \
             28 Jul 2026, 07:00:00 UTC; 1 object calculated",
            "the job reports: completed with warnings (successful); filter: everything; begun 28 Jul 2026, \
             06:00:00 UTC; 3 failed changes of objects and links together",
        ],
    );
}

#[test]
fn a_job_that_was_narrowed_is_said_in_every_head() {
    let criteria = json!({"@odata.type": "#microsoft.graph.entraRecoveryServices.recoveryJobEntityNamesFilter",
        "entityTypes": ["user", "group"]});
    let scene =
        beside(&[("job.json", preview(&json!({"status": "successful", "filteringCriteria": criteria})))]);
    everywhere(
        &scene,
        0,
        &[
            "The preview job preview was narrowed (only users and groups): the report cannot show changes outside this filter.",
        ],
    );
    for (format, text) in heads(&scene, 0) {
        let first = |what: &str| text.find(what).unwrap_or_else(|| panic!("{format} lacks {what}: {text}"));
        let numbers = if format == "terminal" { "Planned changes" } else { "getChanges" };
        assert!(first("was narrowed") < first(numbers), "{format}: a reader must not miss it");
    }
    assert_eq!(scene.json("out/summary.json")["jobs"][0]["filteringCriteria"], criteria);
}

#[test]
fn a_filter_by_ids_and_one_of_a_strange_shape_are_told() {
    let ids = json!({"FilterValues": [{"EntityType": 0, "EntityIds": ["a", "b"]},
        {"EntityType": "Group", "EntityIds": ["c"]}]});
    let scene = beside(&[("job.json", preview(&json!({"filteringCriteria": ids})))]);
    everywhere(&scene, 0, &["was narrowed (only 2 users and 1 group, by their ids)"]);
    let scene = beside(&[("job.json", preview(&json!({"filteringCriteria": {"since": 7}})))]);
    let out = scene.run(&["summary", "."]);
    out.tells(0, &["The preview job preview was narrowed ({\"since\":7}): "], &[]);
}

#[test]
fn jobs_without_pages_are_told_too_and_how_they_ended_stands_in_the_head() {
    let scene = beside(&[(
        "jobs.json",
        json!({"@context": "https://graph.microsoft.com/v1.0/$metadata#directory/recovery/jobs", "value": [
            {"@type": "#microsoft.graph.entraRecoveryServices.recoveryJob", "id": "lost", "status": "failed",
             "targetStateDateTime": "2026-07-27T22:00:00Z", "totalFailedChanges": 0},
            {"@type": "#microsoft.graph.entraRecoveryServices.recoveryJob", "id": "stopped", "status": "abandoned"},
            {"@type": "#microsoft.graph.entraRecoveryServices.recoveryPreviewJob", "id": "new", "status": "loadingData"},
            {"@type": "#microsoft.graph.entraRecoveryServices.recoveryPreviewJob", "id": "old", "status": "successful",
             "filteringCriteria": {"entityTypes": ["user"]}},
        ]})
        .to_string(),
    )]);
    everywhere(
        &scene,
        0,
        &[
            "The recovery job lost has failed: changes made before it stopped stay applied, ",
            "The recovery job stopped was cancelled: changes made before it stopped stay applied, ",
            "The preview job new was still loading data when it was saved: a job that has not ended has no changes \
             to read yet.",
            "The recovery job lost, to the backup of 27 Jul 2026, 22:00:00 UTC: failed (failed); filter: everything; \
             0 failed changes of objects and links together; no page of it is in this report",
            "The preview job old: completed (successful); filter: only users; no totals; no page of it",
        ],
    );
    for (format, text) in heads(&scene, 0) {
        assert!(!text.contains("job old was narrowed"), "{format}: it has no pages here");
    }
}

#[test]
fn a_job_without_any_page_is_no_report_and_says_how_far_it_came() {
    let of =
        |status: &str| Scene::of(&[("job.json", preview(&json!({"status": status})))]).run(&["summary", "."]);
    let told = |state: &str| {
        format!(
            "entra-diff: nothing to report: no page of getChanges or getFailedChanges is in the input; the preview \
             job preview {state}\n"
        )
    };
    of("running").is(4, "", &told("was still in progress when it was saved"));
    of("failed").is(4, "", &told("has failed"));
    of("successful").is(4, "", &told("has completed"));
    of("\u{1b}[2J").is(4, "", &told("has the status \\u{1b}[2J"));
}

#[test]
fn a_job_whose_object_is_hostile_stays_text() {
    let hostile = "</b><script>x</script> **x** \u{202e}";
    let members = json!({"status": hostile, "filteringCriteria": {"x": hostile}, "id": hostile});
    let scene = beside(&[("job.json", recovery(&members))]);
    let ended = scene.run(&["report", ".", "-o", "out", "--format", "html,md"]);
    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(!ended.out.contains('\u{202e}') && ended.out.contains("\\u{202e}"), "{ended}");
    let html = scene.read("out/report.html");
    assert!(!html.contains("<script>x") && html.contains("&lt;script&gt;x&lt;/script&gt;"), "{html}");
    let md = scene.read("out/report.md");
    assert!(md.contains("has the status `</b><script>x</script> **x** ⟨U+202E⟩`: "), "{md}");
}

#[test]
fn saved_backups_are_counted_and_the_one_that_is_compared_with_is_found() {
    let snapshots = json!([{"id": "MTc4NTE4OTYwMA==", "createdDateTime": "2026-07-27T22:00:00Z"},
        {"id": "MTc4NDY3MTIwMA==", "createdDateTime": "2026-07-21T22:00:00Z", "totalChangedObjects": 5}]);
    let scene = beside(&[("snapshots.json", list(&snapshots))]);
    everywhere(
        &scene,
        0,
        &[
            "The saved list has 2 backups, from 21 Jul 2026, 22:00:00 UTC to 27 Jul 2026, 22:00:00 UTC; the one that \
           this report compares with is among them: 27 Jul 2026, 22:00:00 UTC.",
        ],
    );
    let summary = scene.json("out/summary.json");
    let told = &summary["snapshots"];
    assert_eq!(told[0]["source"], "snapshots.json#/value/0");
    assert_eq!(told[0]["totalChangedObjects"], Value::Null, "absent is not 0");
    assert_eq!(told[1]["totalChangedObjects"], 5);
    assert_eq!(told[1]["createdDateTime"], "2026-07-21T22:00:00Z");
    let other = json!([{"id": "MTc4NDY3MTIwMA==", "createdDateTime": "2026-07-21T22:00:00Z"}]);
    let scene = beside(&[("snapshots.json", list(&other))]);
    scene.run(&["summary", "."]).tells(
        0,
        &["; not among them is one that this report compares with: 27 Jul"],
        &[],
    );
}

#[test]
fn the_time_of_a_backup_whose_id_is_no_time_is_taken_from_its_saved_object() {
    let page = planned(&[ANA]).replace("MTc4NTE4OTYwMA==", "odd");
    let snapshots = json!([{"id": "odd", "createdDateTime": "2026-07-27T22:00:00Z"}]);
    let scene = Scene::of(&[("getChanges/1.json", page), ("snapshots.json", list(&snapshots))]);
    everywhere(
        &scene,
        0,
        &["made 27 Jul 2026, 22:00:00 UTC (2026-07-27T22:00:00Z), says the saved object of this backup"],
    );
    assert_eq!(scene.json("out/summary.json")["pageSets"][0]["snapshotDateTime"], Value::Null);
}

#[test]
fn the_state_is_as_of_the_jobs_end_and_else_not_in_the_data() {
    let ended = preview(&json!({"jobCompletionDateTime": "2026-07-28T07:00:00Z"}));
    let scene = beside(&[("job.json", ended)]);
    heads(&scene, 0);
    let set = &scene.json("out/summary.json")["pageSets"][0];
    assert_eq!((&set["stateAsOf"], &set["stateAsOfBasis"]), (&json!("2026-07-28T07:00:00Z"), &json!("job")));
    let scene = beside(&[]);
    heads(&scene, 0);
    let set = &scene.json("out/summary.json")["pageSets"][0];
    assert_eq!((&set["stateAsOf"], &set["stateAsOfBasis"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_saved_error_says_what_it_means() {
    let error = |code: &str, message: &str| json!({"error": {"code": code, "message": message}}).to_string();
    for (body, words) in [
        (
            error(
                "BadRequest",
                "Job with identifier 1 must have completed successfully prior to enumerating changes.",
            ),
            "wait until the preview job's status is successful, then fetch the pages",
        ),
        (
            error("NotFound", "This isn't a valid timestamp for recovery."),
            "take its id from the list of snapshots",
        ),
        (error("Forbidden", "Authorization has been denied for this request."), "Entra Backup Reader"),
        (error("InvalidAuthenticationToken", "Access token has expired."), "sign in again"),
        (error("TooManyRequests", ""), "Retry-After"),
        (json!({"status": 409, "error": {"code": "x", "message": "y"}}).to_string(), "one job at a time"),
        (
            json!({"status": 404, "error": {"code": "x", "message": "y"}}).to_string(),
            "take its id from the list of jobs",
        ),
        (json!({"status": 503, "error": {"code": "x", "message": "y"}}).to_string(), "the service failed"),
        (error("x", "y"), "repeat the request once its cause is removed"),
    ] {
        let scene = beside(&[("error.json", body.clone())]);
        let ended = scene.run(&["summary", "."]);
        ended.tells(3, &["1 error"], &["error.json:1:1: graphError: this is a saved error", words]);
    }
}
