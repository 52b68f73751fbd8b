//! A batch as consultants have them: two hundred small cases, two large ones, some broken, one empty, one with two jobs,
//! two of the same name.

use std::collections::BTreeMap;

use serde_json::json;

use super::folder::{ANA_OF, assert_listed, contents, field, told};
use super::scene::{ANA_FAILED, Scene, failed, page, planned};

/// How many changes a large case has.
const LARGE: usize = 5_000;

fn many() -> Scene {
    let scene = Scene::of::<String>(&[]);
    let items = |from: usize, count: usize| -> Vec<String> { (from..from + count).map(ANA_OF).collect() };
    let written = |items: &[String]| planned(&items.iter().map(String::as_str).collect::<Vec<_>>());
    for case in 0..200 {
        scene.write(&format!("cases/small-{case:03}/1.json"), written(&items(case, 1 + case % 3)));
    }
    for case in 0..2 {
        scene.write(&format!("cases/large-{case}/1.json"), written(&items(0, LARGE + case)));
    }
    for case in [7, 77] {
        scene.write(
            &format!("cases/small-{case:03}/1.json"),
            r#"{"@odata.context":"x/getChanges","value":[{"id":"#,
        );
    }
    scene.write("cases/small-100/1.json", "");
    let jobs =
        ["job-1", "job-2"].map(|job| page(&format!("recoveryPreviewJobs/{job}/getChanges"), &[&ANA_OF(1)]));
    for (job, page) in jobs.into_iter().enumerate() {
        scene.write(&format!("cases/small-101/{job}.json"), page);
    }
    scene.write("cases/small-102/2.json", failed(&[ANA_FAILED]));
    scene.write("more/small-000/1.json", planned(&[]));
    scene
}

#[test]
fn every_case_of_a_large_batch_has_its_report_or_its_error() {
    let scene = many();
    let options = ["-f", "csv,json", "--max-memory", "512", "-j", "2"];
    let ended = scene.run(&[&["batch", "cases", "more", "-o", "out"], options.as_slice()].concat());
    ended.tells(4, &["203 cases: 202 with a report", "Wrote out/index.html"], &["[203/203] "]);
    assert_eq!(ended.err.lines().count(), 203);
    let mut codes: BTreeMap<u64, u64> = BTreeMap::new();
    for code in field(&scene, "out", "exitCode") {
        *codes.entry(code.as_u64().expect("a code")).or_default() += 1;
    }
    assert_eq!(codes, BTreeMap::from([(0, 200), (3, 2), (4, 1)]));
    let told = told(&scene, "out");
    let of = |name: &str| told.iter().find(|case| case["case"] == name).unwrap_or_else(|| panic!("{name}"));
    assert_eq!(of("large-1")["totals"][0]["objects"], json!(LARGE + 1));
    assert_eq!(of("small-007")["verdict"], "incomplete");
    assert_eq!(of("small-100")["verdict"], json!(null));
    assert_eq!(of("small-101")["jobs"], json!(["job-1", "job-2"]));
    assert_eq!(of("small-102")["failedChanges"], 1);
    assert_eq!(of("small-000 (2)")["source"], "more/small-000");
    assert_eq!(told.len(), 203);
    assert_eq!(told[0]["case"], "large-0", "the order of the names, not that of the work");
    assert_listed(&scene, "out");
    let again =
        scene.run(&[&["batch", "cases", "more", "-o", "out", "--resume"], options.as_slice()].concat());
    again.tells(4, &["202 unchanged and left as they were"], &["small-100: no report"]);
    assert!(contents(&scene.path("out")).len() > 202 * 5);
}
