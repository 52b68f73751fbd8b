//! What is known of a transfer, and forms that are damaged: the good part is reported, the rest is told, and nothing
//! hush-token is in any output.

use base64::Engine;
use serde_json::{Value, json};

use super::super::scene::{ANA, Ended, Scene, failed, planned};
use super::{Files, archives, forms, pages, recordings};

fn scene(files: &Files) -> Scene {
    let scene = Scene::of::<&str>(&[]);
    for (path, bytes) in files {
        scene.write(&format!("in/{path}"), bytes);
    }
    scene
}

fn report(scene: &Scene) -> Ended {
    scene.run(&["report", "in", "-o", "out", "-f", "html,csv,xlsx,ndjson,json,md", "-v", "--force"])
}

#[test]
fn a_recording_proves_that_all_pages_are_there() {
    let mut files = recordings::browser();
    let recorded = scene(&files);
    // Without the service's own count nothing else proves it.
    let text = String::from_utf8(files.remove(0).1).expect("UTF-8");
    let mut har: Value = serde_json::from_str(&text).expect("a HAR");
    for (entry, page) in har["log"]["entries"]
        .as_array_mut()
        .expect("entries")
        .iter_mut()
        .filter(|entry| is_page(entry))
        .zip(pages())
    {
        let mut page = page.value();
        page.as_object_mut().expect("a page").shift_remove("@odata.count");
        entry["response"]["content"] = json!({"text": page.to_string()});
    }
    recorded.write("in/browser.har", har.to_string());
    assert_eq!(report(&recorded).code, Some(0));
    let sets = &recorded.json("out/summary.json")["pageSets"];
    for set in sets.as_array().expect("page sets") {
        assert_eq!(set["verdict"], "complete", "{set}");
        assert!(
            set["reason"]
                .as_str()
                .is_some_and(|reason| reason.starts_with("every page's own request is recorded")),
            "{set}"
        );
        assert_eq!(set["stateAsOfBasis"], "date", "{set}");
    }
    // One page less, and nothing is proved any more.
    let entries = har["log"]["entries"].as_array_mut().expect("entries");
    let second = entries
        .iter()
        .position(|entry| {
            is_page(entry) && entry["request"]["url"].as_str().is_some_and(|url| url.contains("skiptoken"))
        })
        .expect("a second page");
    entries.remove(second);
    recorded.write("in/browser.har", har.to_string());
    report(&recorded);
    let sets = &recorded.json("out/summary.json")["pageSets"];
    assert_ne!(sets[0]["verdict"], "complete", "{sets}");
}

fn is_page(entry: &Value) -> bool {
    let url = entry["request"]["url"].as_str().unwrap_or_default();
    entry["response"]["status"] == 200 && url.contains("/directory/recovery/")
}

#[test]
fn of_a_transfer_five_facts_are_kept_and_nothing_else() {
    let page = planned(&[ANA]);
    let head = "HTTP/1.1 200 OK\r\nDate: Tue, 17 Nov 2026 08:00:01 GMT\r\nrequest-id: 0f3e0f0e-0000-4000-8000-000000000001\r\nclient-request-id: 00000000-0000-0000-0000-00000000000C\r\nSet-Cookie: hush-token\r\n\r\n";
    let request = "GET https://user:hush-token@graph.microsoft.com/v1.0/directory/recovery/snapshots/MTc4NTE4OTYwMA==/recoveryPreviewJobs/preview/getChanges?$top=5&sig=hush-token#hush-token HTTP/1.1\r\nAuthorization: Bearer hush-token\r\n\r\n";
    let scene = Scene::of(&[("in/page.http", format!("{request}{head}{page}"))]);
    assert_eq!(report(&scene).code, Some(0));
    assert_eq!(
        scene.json("out/manifest.json")["transfers"],
        json!([{
            "source": "page.http",
            "url": "https://graph.microsoft.com/v1.0/directory/recovery/snapshots/MTc4NTE4OTYwMA==/recoveryPreviewJobs/preview/getChanges?$top=5&…",
            "status": 200,
            "date": "2026-11-17T08:00:01Z",
            "requestId": "0f3e0f0e-0000-4000-8000-000000000001",
            "clientRequestId": "00000000-0000-0000-0000-00000000000C",
        }])
    );
    let set = &scene.json("out/summary.json")["pageSets"][0];
    assert_eq!((&set["stateAsOf"], &set["stateAsOfBasis"]), (&json!("2026-11-17T08:00:01Z"), &json!("date")));
    assert!(scene.read("out/report.html").contains("17 Nov 2026, 08:00:01 UTC"));
}

#[test]
fn no_header_cookie_or_token_reaches_any_output() {
    let mut seen = 0;
    for (what, _, _, files) in forms() {
        if !files.iter().any(|(_, bytes)| contains(bytes, b"hush-token")) {
            continue;
        }
        seen += 1;
        let scene = scene(&files);
        let ended = report(&scene);
        assert!(!format!("{}{}", ended.out, ended.err).contains("hush-token"), "{what}: {ended}");
        for name in scene.names("out") {
            let bytes = std::fs::read(scene.path(&format!("out/{name}"))).expect("an output");
            assert!(!contains(&bytes, b"hush-token"), "{what}: {name}");
        }
    }
    assert!(seen >= 6, "{seen}");
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_part_of_a_batch_that_failed_is_told_and_the_others_are_read() {
    let page: Value = serde_json::from_str(&planned(&[ANA])).expect("JSON");
    let throttled = json!({"error": {"code": "TooManyRequests", "message": "wait"}});
    let responses = json!([
        {"id": "1", "status": 429, "headers": {"Retry-After": "7"}, "body": throttled},
        {"id": "2", "status": 200, "body": page},
        {"id": "3", "status": 424},
        {"id": "4", "status": 403, "body": "e30="},
    ]);
    let scene = Scene::of(&[("in/batch.json", json!({"responses": responses}).to_string())]);
    let ended = report(&scene);
    ended.tells(
        3,
        &["1 object"],
        &[
            "batch.json#/responses/0",
            "(status 429)",
            "batch.json#/responses/2",
            "(status 424)",
            "(status 403)",
        ],
    );
    assert_eq!(scene.read("out/changes.ndjson").lines().count(), 1);
    assert!(scene.read("out/changes.ndjson").contains("batch.json#/responses/1/body/value/0"));
}

#[test]
fn heads_that_say_a_request_failed_are_told() {
    for (text, told) in [
        ("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".to_owned(), "(status 403)"),
        ("HTTP/2 500\r\n\r\nsomething broke".to_owned(), "(status 500)"),
        (
            "HTTP/1.1 400 Bad Request\n\n{\"error\":{\"code\":\"x\",\"message\":\"y\"}}".to_owned(),
            "(status 400), not a page: x: y",
        ),
        ("HTTP/1.1 200 OK\r\nDate: Tue, 17 Nov 2026 08:00:01 GMT\r\n\r\n".to_owned(), "without its body"),
    ] {
        let scene = Scene::of(&[("in/good.json", planned(&[ANA])), ("in/head.json", text)]);
        report(&scene).tells(3, &["1 object"], &["head.json", told]);
    }
    let cut =
        format!("HTTP/1.1 200 OK\r\n\r\n{}HTTP/1.1 200 OK\r\n\r\n{}", &planned(&[ANA])[..200], failed(&[]));
    let scene = Scene::of(&[("in/both.txt", cut.replace("}HTTP", "}\r\nHTTP"))]);
    report(&scene).tells(3, &["Are all pages there?"], &["both.txt"]);
}

#[test]
fn a_cut_recording_keeps_its_whole_responses() {
    let (name, bytes) = recordings::graph_explorer().remove(0);
    let scene = Scene::of(&[(format!("in/{name}").as_str(), &bytes[..bytes.len() / 2])]);
    let ended = report(&scene);
    ended.tells(3, &["Are all pages there?"], &["explorer.har: truncatedJson"]);
    assert!(scene.read("out/changes.ndjson").lines().count() >= 20);
}

#[test]
fn a_cut_batch_keeps_the_whole_items_of_the_cut_page() {
    let (_, bytes) = recordings::batch(false).remove(0);
    let scene = Scene::of(&[("in/batch.json", &bytes[..bytes.len() / 2])]);
    let ended = report(&scene);
    ended.tells(3, &["Are all pages there?"], &["truncatedJson"]);
    let lines = scene.read("out/changes.ndjson");
    assert!(lines.lines().count() > 25, "{}", lines.lines().count());
}

#[test]
fn a_recording_without_bodies_says_so() {
    let (name, bytes) = recordings::graph_explorer().remove(0);
    let mut har: Value = serde_json::from_slice(&bytes).expect("a HAR");
    har["log"]["entries"][2]["response"]["content"] = json!({"size": 100});
    let scene = Scene::of(&[(format!("in/{name}").as_str(), har.to_string())]);
    let ended = report(&scene);
    ended.tells(
        3,
        &["Are all pages there?"],
        &["explorer.har#/log/entries/2: emptyFile: this response was saved without its body"],
    );
}

#[test]
fn what_is_packed_in_a_recording_keeps_to_one_limit() {
    let page = planned(&[ANA]);
    let packed = |blanks: usize| {
        let body = [page.as_bytes(), &vec![b' '; blanks << 20]].concat();
        base64::prelude::BASE64_STANDARD.encode(archives::packed(&body))
    };
    let entry = |(number, blanks): (usize, usize)| {
        let path = "directory/recovery/snapshots/a/recoveryPreviewJobs/b/getChanges";
        let url = format!("https://graph.microsoft.com/beta/{path}?$skiptoken={number}");
        let content = json!({"encoding": "base64", "text": packed(blanks)});
        json!({"request": {"method": "GET", "url": url}, "response": {"status": 200, "content": content}})
    };
    let entries: Vec<Value> = [12, 12, 2].into_iter().enumerate().map(entry).collect();
    let scene = Scene::of(&[("in/x.har", json!({"log": {"entries": entries}}).to_string())]);
    let ended = report(&scene);
    ended.tells(3, &["1 object"], &["x.har#/log/entries/1: limit: more than 250 times the packed size"]);
    assert!(!ended.err.contains("entries/2: limit"), "what still has room is read: {ended}");
}

#[test]
fn archives_keep_to_their_limits_and_say_so() {
    let bomb = archives::packed(&vec![b' '; 64 << 20]);
    let page = planned(&[ANA]);
    let scene = Scene::of(&[("in/good.json", page.as_bytes()), ("in/bomb.json.gz", &bomb)]);
    report(&scene).tells(3, &["1 object"], &["bomb.json.gz: limit: more than 250 times the packed size"]);
    let wider =
        scene.run(&["report", "in", "-o", "wide", "--max-archive-ratio", "2000", "--max-archive-size", "32"]);
    wider.tells(3, &["Are all pages there?"], &["more than 32 MiB unpacked from an archive"]);
    let nested = archives::packed(&archives::packed(page.as_bytes()));
    let scene = Scene::of(&[("in/good.json", page.as_bytes()), ("in/twice.json.gz", &nested)]);
    report(&scene).tells(3, &["1 object"], &["an archive in an archive is not opened"]);
    let many = archives::zip(|page| page.file(".json"), |page| page.text.clone().into_bytes());
    let scene = self::scene(&many);
    let few = scene.run(&["report", "in", "-o", "out", "--max-archive-entries", "3"]);
    assert_eq!(few.code, Some(4), "{few}");
    assert!(few.err.contains("more than 3 entries in an archive"), "{few}");
}

#[test]
fn a_cut_archive_gives_what_came_out_of_it() {
    let page = pages().remove(0);
    let bytes = archives::gzip(&page);
    let scene = Scene::of(&[("in/getChanges-1.json.gz", &bytes[..bytes.len() - 900])]);
    let ended = report(&scene);
    ended.tells(3, &["Are all pages there?"], &["truncatedJson", "the archive ends in the middle"]);
    assert!(scene.read("out/changes.ndjson").lines().count() > 3);
    // A zip without its list of entries has the entries all the same.
    let (_, zip) = archives::zip(|page| page.file(".json"), |page| page.text.clone().into_bytes()).remove(0);
    let scene = Scene::of(&[("in/pages.zip", &zip[..zip.len() - 100])]);
    let told = ["pages.zip: unreadableFile", "the archive cannot be unpacked"];
    report(&scene).tells(3, &["82 objects"], &told);
}

#[test]
fn entries_are_named_behind_their_archive() {
    let scene = scene(&archives::zip(
        |page| format!("../../{}", page.file(".json")),
        |page| page.text.clone().into_bytes(),
    ));
    let ended = report(&scene);
    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(scene.read("out/changes.csv").contains("pages.zip!../../getChanges/getChanges-1.json#/value/0"));
    let manifest = scene.json("out/manifest.json");
    assert_eq!(manifest["inputs"].as_array().map(Vec::len), Some(1));
    assert_eq!(manifest["entries"].as_array().map(Vec::len), Some(7));
    assert_eq!(
        (&manifest["inputs"][0]["form"], &manifest["inputs"][0]["role"]),
        (&json!("zip"), &json!("archive"))
    );
    assert!(ended.out.contains("notes.md"), "what was not used is named: {ended}");
}
