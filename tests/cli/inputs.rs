//! What may be given as input.

use std::io::Write as _;
use std::process::Stdio;

use super::scene::{ANA, ANA_FAILED, Scene, failed, page, planned};

#[test]
fn a_folder_of_pages_becomes_files_and_a_table() {
    let scene = Scene::of(&[("pages/1.json", planned(&[ANA])), ("pages/2.json", failed(&[ANA_FAILED]))]);
    scene.run(&["report", "pages", "-o", "out", "-f", "md,json,ndjson,xlsx,csv,html"]).is(
        0,
        "\
Planned changes (getChanges): 1 object, 2 changed properties, 0 changed links

  type   update  total  of which failed
  user        1      1                1
  total       1      1                1

Failed changes (getFailedChanges): 1 object, 1 changed property, 0 changed links

  type   update  total
  user        1      1
  total       1      1

Why changes failed

  1  missing privileges: Insufficient privileges.

Are all pages there?

  getChanges: 1 page, 1 item: complete: as many items as @odata.count says (1)
    snapshot 2026-07-27T22:00:00Z
    job preview
  getFailedChanges: 1 page, 1 item: complete: as many items as @odata.count says (1)
    snapshot 2026-07-27T22:00:00Z
    job recovery

Problems: 0 errors, 0 warnings
Wrote out/report.html (3 rows)
Wrote out/changes.csv (3 rows)
Wrote out/report.xlsx (3 rows)
Wrote out/changes.ndjson (2 lines)
Wrote out/summary.json
Wrote out/report.md
Wrote out/INPUTS.sha256
Wrote out/manifest.json
Wrote out/SHA256SUMS
Evidence id: 05f2d104291f19001600c42f7753796f19f3b4df3c810576ae60247f6551b87c
",
        "",
    );
    let all = ["changes.csv", "changes.ndjson", "report.html", "report.md", "report.xlsx", "summary.json"];
    scene.holds("out", &all);
}

#[test]
fn the_default_output_is_a_folder_in_the_working_folder() {
    let scene = Scene::of_ana();
    scene.run(&["report", "pages", "-q"]).is(0, "", "");
    assert_eq!(scene.names("."), ["entra-diff-report", "pages"]);
    scene.holds("entra-diff-report", &["changes.csv", "report.html", "report.xlsx"]);
}

#[test]
fn a_dash_is_standard_input() {
    let scene = Scene::of_ana();
    let mut command = scene.command(&["report", "-", "-o", "-", "-f", "csv", "-q"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(planned(&[ANA]).as_bytes()).expect("the program reads");
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    let out = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
    let sources: Vec<&str> = out.lines().skip(1).filter_map(|line| line.split(',').nth(19)).collect();
    assert_eq!(sources, ["'-#/value/0"; 2], "as any cell that begins with a dash: {out}");
}

#[test]
fn an_empty_page_is_a_page() {
    let scene = Scene::of(&[("getChanges.json", r#"{"value":[]}"#)]);
    scene.run(&["summary", "getChanges.json"]).is(
        0,
        "\
Planned changes (getChanges): 0 objects, 0 changed properties, 0 changed links

  no changes

Are all pages there?

  getChanges: 1 page, 0 items: no gap found: every link is consistent and there is one last page; a page that \
nothing refers to could be missing unseen

Problems: 0 errors, 0 warnings
",
        "",
    );
}

#[test]
fn an_input_without_a_page_ends_with_4_and_writes_nothing() {
    let scene = Scene::of(&[("pages/notes.txt", "nothing to see")]);
    let told = "entra-diff: nothing to report: no page of getChanges or getFailedChanges is in the input\n";
    scene.run(&["report", "pages", "-o", "out"]).is(4, "", told);
    scene.run(&["summary", "pages"]).is(4, "", told);
    scene.run(&["show", "pages", "--id", "x"]).is(4, "", told);
    assert_eq!(scene.names("."), ["pages"]);
}

#[test]
fn a_missing_input_is_a_problem_beside_a_good_one() {
    let scene = Scene::of_ana();
    scene.run(&["report", "pages/1.json", "pages/nowhere.json", "-o", "out", "-f", "csv,json", "-q"]).tells(
        3,
        &[],
        &[
            "nowhere.json: unreadableFile: the file cannot be read: ",
            ": check the path and the file's permissions\n",
        ],
    );
    assert!(scene.read("out/changes.csv").contains("Ana"));
    assert_eq!(scene.json("out/summary.json")["problems"][0]["source"], "nowhere.json");
}

#[test]
fn a_missing_input_alone_leaves_nothing_to_report() {
    let scene = Scene::of_ana();
    scene.run(&["summary", "nowhere"]).tells(
        4,
        &[],
        &["nowhere: unreadableFile: ", "entra-diff: nothing to report: "],
    );
}

/// Whoever runs the tests as root may read every file; the mode is then no obstacle, and only the link that
/// leads nowhere and the socket are looked at.
#[cfg(unix)]
#[test]
fn files_that_cannot_be_read_are_told_and_cost_nothing_else() {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let scene = Scene::of(&[("pages/1.json", planned(&[ANA])), ("pages/locked.json", planned(&[]))]);
    symlink("nowhere", scene.path("pages/link.json")).expect("a link");
    let _socket = std::os::unix::net::UnixListener::bind(scene.path("pages/socket.json")).expect("a socket");
    let locked = scene.path("pages/locked.json");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).expect("a mode");
    let is_root = fs::read(&locked).is_ok();
    let ended = scene.run(&["report", "pages", "-o", "-", "-f", "csv", "-q"]);
    ended.tells(
        3,
        &["Ana"],
        &[
            "link.json: unreadableFile: the file cannot be read: ",
            "socket.json: unreadableFile: the file cannot be read: not a regular file",
        ],
    );
    assert_eq!(ended.err.contains("locked.json: unreadableFile: "), !is_root, "{ended}");
}

#[test]
fn a_job_may_be_reported_alone() {
    let (one, two) = (ANA.replace("Ana", "One"), ANA.replace("Ana", "Two"));
    let scene = Scene::of(&[
        ("pages/1.json", page("recoveryPreviewJobs/First/getChanges", &[&one])),
        ("pages/2.json", page("recoveryPreviewJobs/second/getChanges", &[&two])),
    ]);
    let both = scene.run(&["report", "pages", "-o", "-", "-f", "ndjson", "-q"]);
    both.tells(0, &["One-1", "Two-1"], &[]);
    scene.run(&["summary", "pages"]).tells(
        0,
        &["2 objects", "Problems: 0 errors, 1 warning\n"],
        &["1.json: severalJobs: pages of 2 jobs of getChanges are mixed: First, second: report one job alone with --job ID\n"],
    );
    let alone = scene.run(&["report", "pages", "--job", "FIRST", "-o", "-", "-f", "ndjson", "-q"]);
    alone.tells(0, &["One-1"], &[]);
    assert!(!alone.out.contains("Two-1"), "{alone}");
    let each =
        scene.run(&["report", "pages", "--job", "first", "--job", "second", "-o", "-", "-f", "ndjson", "-q"]);
    assert_eq!((each.code, each.out), (both.code, both.out));
    scene.run(&["summary", "pages", "--job", "third"]).tells(4, &[], &["entra-diff: nothing to report: "]);
}

#[test]
fn its_own_output_inside_the_input_is_not_read_again() {
    let scene = Scene::of(&[("1.json", planned(&[ANA]))]);
    let formats = "html,csv,xlsx,ndjson,json,md";
    scene.run(&["report", ".", "-f", formats, "-q"]).is(0, "", "");
    let first = scene.read("entra-diff-report/changes.ndjson");
    scene.run(&["report", ".", "-f", formats, "-q", "--force"]).is(0, "", "");
    assert_eq!(scene.read("entra-diff-report/changes.ndjson"), first);
    let summary = scene.json("entra-diff-report/summary.json");
    let passed: Vec<(&str, &str)> = (summary["passedOver"].as_array().expect("a list").iter())
        .filter_map(|passed| Some((passed["source"].as_str()?, passed["reason"].as_str()?)))
        .collect();
    let made = "made by entra-diff";
    assert_eq!(
        passed,
        [
            ("entra-diff-report/INPUTS.sha256", made),
            ("entra-diff-report/SHA256SUMS", made),
            ("entra-diff-report/changes.csv", made),
            ("entra-diff-report/changes.ndjson", made),
            ("entra-diff-report/manifest.json", made),
            ("entra-diff-report/report.html", made),
            ("entra-diff-report/report.md", made),
            ("entra-diff-report/report.xlsx", made),
            ("entra-diff-report/summary.json", made),
        ]
    );
}

#[test]
fn one_thread_and_many_give_the_same_bytes() {
    let scene = Scene::of_ana();
    let one = scene.run(&["report", "pages", "-j", "1", "-o", "-", "-f", "ndjson", "-q"]);
    let many = scene.run(&["report", "pages", "--jobs", "9", "-o", "-", "-f", "ndjson", "-q"]);
    one.tells(0, &["\"id\":\"Ana-1\""], &[]);
    many.is(0, &one.out, "");
}
