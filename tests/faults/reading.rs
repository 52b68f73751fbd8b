//! Lines 26, 86, 88 and 90 of the matrix: files that change while they are read, that have no end, and that are more
//! than there is memory for.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::process::Command;
use std::thread;
use std::time::Duration;

use super::machine::{can, can_trace};
use super::scene::{ANA, Ended, Scene, failed, planned};

const PROGRAM: &str = env!("CARGO_BIN_EXE_entra-diff");

/// Runs a report of `pages` in which every read of the large page takes a moment, and does `change` meanwhile.
fn while_reading(scene: &Scene, change: impl FnOnce() + Send) -> Ended {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o", "log", "-P", "pages/large.json", "-e", "trace=read"]);
    command.args(["-e", "inject=read:delay_exit=1500000:when=1"]);
    command.arg(PROGRAM).args(["report", "pages", "-o", "out", "-f", "csv,json", "-q", "-j", "1"]);
    command.current_dir(scene.path("."));
    thread::scope(|scope| {
        scope.spawn(|| {
            // The first read has begun, and takes longer than this.
            thread::sleep(Duration::from_millis(700));
            change();
        });
        scene.finish(command)
    })
}

/// What is in the report is what was read and hashed; that there was something else before or is now, is told.
#[test]
fn a_file_that_changes_while_it_is_read_is_told() {
    if !can_trace() {
        return;
    }
    let large = planned(&[&ANA.replace("Ana-1", &"x".repeat(100_000))]);
    let append = |scene: &Scene| {
        let mut file = OpenOptions::new().append(true).open(scene.path("pages/large.json")).expect("a file");
        file.write_all(b"\n").expect("a file can be written");
    };
    let truncate = |scene: &Scene| {
        let file = OpenOptions::new().write(true).open(scene.path("pages/large.json")).expect("a file");
        file.set_len(1_000).expect("a file can be cut");
    };
    let changes: [&(dyn Fn(&Scene) + Sync); 2] = [&append, &truncate];
    for change in changes {
        let scene = Scene::of(&[("pages/good.json", planned(&[ANA])), ("pages/large.json", large.clone())]);
        let ended = while_reading(&scene, || change(&scene));
        let told = "large.json: unreadableFile: the file changed while it was read: ";
        ended.tells(3, &[], &[told, ": read it again when nothing writes to it any more\n"]);
        assert!(scene.read("out/changes.csv").contains("Ana-1"), "{ended}");
    }
    let scene = Scene::of(&[("pages/large.json", large)]);
    let calm = while_reading(&scene, || ());
    assert!(calm.code == Some(0) && !calm.err.contains("unreadableFile"), "{calm}");
}

/// A pipe, a device and a file of the system that would wait for ever are told, and nothing waits.
#[test]
fn what_has_no_end_is_told_and_not_waited_for() {
    let scene = Scene::of(&[("pages/good.json", planned(&[ANA]))]);
    let path = |name: &str| scene.path(&format!("pages/{name}"));
    for (target, name) in
        [("/dev/zero", "zero.json"), ("/proc/kmsg", "kmsg.json"), ("/proc/self/pagemap", "map.json")]
    {
        std::os::unix::fs::symlink(target, path(name)).expect("a link can be made");
    }
    if can(&["mkfifo", "--version"]) {
        let made = Command::new("mkfifo").arg(path("pipe.json")).status().expect("mkfifo runs");
        assert!(made.success());
    }
    let ended = scene.run(&["summary", "pages", "-v"]);
    let told = [
        "zero.json: unreadableFile: ",
        "kmsg.json: unreadableFile: ",
        "map.json: ",
        "pipe.json: unreadableFile: ",
    ];
    ended.tells(3, &["1 object"], &told);
    std::os::unix::fs::symlink("/proc/version", path("version.json")).expect("a link can be made");
    let told = "version.json: limit: more than 0 bytes in a file without a size of its own; it is left out: \
                copy what is in it into a file, or raise --max-stream-size\n";
    scene.run(&["summary", "pages/version.json", "--max-stream-size", "0"]).tells(4, &[], &[told]);
}

/// Runs the program with `mebibytes` of address space.
fn within(scene: &Scene, mebibytes: u64, arguments: &str) -> Ended {
    let mut command = Command::new("sh");
    let limited = format!("ulimit -v {} && exec \"$0\" {arguments}", mebibytes * 1024);
    command.args(["-c", &limited, PROGRAM]).current_dir(scene.path("."));
    scene.finish(command)
}

/// Line 90: more than there is memory for ends with 6, less is reported; nothing is aborted.
#[test]
fn with_little_memory_a_run_completes_or_says_that_it_cannot() {
    if !can(&["sh", "-c", "ulimit -v 1000000"]) {
        return;
    }
    let scene = Scene::of_ana();
    let context = planned(&[]).replace(r#""@odata.count":0,"value":[]}"#, "");
    for page in 0..40 {
        let items: Vec<String> = (0..10_000)
            .map(|item| ANA.replace("Ana-1", &format!("{page}-{item}")).replace('\n', ""))
            .collect();
        let next = format!(r#""@odata.nextLink":"https://x/getChanges?$skiptoken={page}","#);
        let next = if page < 39 { next } else { String::new() };
        scene
            .write(&format!("many/{page}.json"), format!("{context}{next}\"value\":[{}]}}", items.join(",")));
    }
    let size: u64 = (0..40)
        .map(|page| fs::metadata(scene.path(&format!("many/{page}.json"))).expect("a page").len())
        .sum();
    assert!(size > 60 << 20, "{size}");
    for (mebibytes, arguments, code) in [
        (320, "report many -o out -f csv,xlsx,html -q -j 2", 6),
        (900, "report many -o out -f csv,xlsx,html -q -j 2", 0),
        (320, "report pages -o small -f csv,xlsx,html -q -j 2", 0),
    ] {
        let ended = within(&scene, mebibytes, arguments);
        assert_eq!(ended.code, Some(code), "{mebibytes} MiB: {ended}");
        assert_eq!(ended.err.contains("MiB, which is what this run may hold"), code == 6, "{ended}");
    }
}

/// The size of a text of small things, in bytes.
const SIZE: usize = 6_000_000;

/// A text of nothing but small things takes many times its size. Where there is no room for that, the run ends with 6, or
/// what does not fit is told; nothing is aborted.
#[test]
fn with_little_memory_a_text_of_small_things_is_no_end() {
    if !can(&["sh", "-c", "ulimit -v 1000000"]) {
        return;
    }
    let again = |part: &str| part.repeat(SIZE / part.len());
    let joined = |part: &dyn Fn(usize) -> String| {
        let parts: Vec<String> = (0..SIZE / part(0).len()).map(part).collect();
        parts.join(",")
    };
    let page = planned(&[ANA]);
    let item = |sides: [String; 2]| {
        let [delta, current] = sides;
        planned(&[
            ANA,
            &format!(r#"{{"id":"Max-1","deltaFromCurrent":{{{delta}}},"currentState":{{{current}}}}}"#),
        ])
    };
    let long = "m".repeat(100_000);
    let keys = |count: usize| (0..count).map(|key| format!("\"k{key}\":{key}")).collect::<Vec<_>>().join(",");
    for (name, text, codes) in [
        ("numbers", again("1 ") + &page, [6, 6]),
        ("objects", again("{}\n") + &page, [6, 6]),
        ("fences", again("```\n") + &page, [6, 6]),
        ("text", again("x\n{}\n") + &page, [6, 6]),
        ("heads", again("HTTP/1.1 200 OK\n\n{\"value\":[\n"), [6, 6]),
        ("errors", again("{\"error\":{}}\n") + &page, [6, 6]),
        ("items", planned(&[&joined(&|_| "0".to_owned())]), [6, 6]),
        ("parts", format!(r#"{{"responses":[{}]}}"#, joined(&|_| r#"{"status":500}"#.to_owned())), [6, 6]),
        ("pages", again("{\"@odata.context\":\"#x/getChanges\",\"value\":[]}\n"), [6, 6]),
        ("values", format!("{{{}}}", joined(&|n| format!(r#""k{n:06}":{{"a":[{{"b":[]}}]}}"#))), [4, 4]),
        ("members", format!("{{{}}}", joined(&|n| format!(r#""k{n:06}":1"#))), [6, 4]),
        ("one item", item([keys(400_000), keys(400_000)]), [3, 3]),
        ("nested", item([format!(r#""a":[{}]"#, joined(&|_| "[[[]]]".to_owned())), String::new()]), [3, 3]),
        ("long key", item([format!(r#""{}":{{{}}}"#, &long[..2_000], keys(20_000)), String::new()]), [3, 3]),
        (
            "message",
            format!(
                "{}\n{}",
                planned(&[&format!(
                    r#"{{"id":"1","deltaFromCurrent":{{{}}},"currentState":{{}}}}"#,
                    keys(3_000)
                )]),
                failed(&[&format!(r#"{{"id":"1","deltaFromCurrent":{{}},"failureMessage":"{long}"}}"#)])
            ),
            [0, 0],
        ),
    ] {
        let scene = Scene::of(&[("getChanges.json", &text)]);
        for (mebibytes, code) in [320, 400].into_iter().zip(codes) {
            let ended =
                within(&scene, mebibytes, "report . -o out --force -f csv,xlsx,html,json,ndjson -q -j 2");
            assert_eq!(ended.code, Some(code), "{name}, {mebibytes} MiB: {ended}");
        }
    }
}

/// A million keys take more than their text does: an item that does not fit is told, and the others are reported.
#[test]
fn with_little_memory_an_item_of_a_million_keys_is_told() {
    if !can(&["sh", "-c", "ulimit -v 1000000"]) {
        return;
    }
    let keys: Vec<String> = (0..500_000).map(|key| format!("\"k{key}\":{key}")).collect();
    let keys = keys.join(",");
    let item = format!(r#"{{"id":"Max-1","deltaFromCurrent":{{{keys}}},"currentState":{{{keys}}}}}"#);
    let scene = Scene::of(&[("pages/1.json", planned(&[ANA, &item]))]);
    let ended = within(&scene, 400, "report pages -o out -f csv,xlsx,html -q -j 2");
    ended.tells(3, &[], &["1.json:2:", ": limit: more than ", " of memory for one item; it is left out: "]);
    assert!(scene.read("out/changes.csv").contains("Ana-1"), "{ended}");
    scene.run(&["report", "pages", "-o", "all", "-f", "csv", "-q"]).is(0, "", "");
}

/// Line 26: a string of 100 MB is read, and takes a few times its size.
#[test]
fn a_string_of_a_hundred_megabytes_is_read() {
    let long = "x".repeat(100_000_000);
    let item = ANA.replace("Bergen", &long);
    let scene = Scene::of(&[("pages/1.json", planned(&[&item])), ("pages/2.json", String::new())]);
    let ended = scene.run(&["report", "pages/1.json", "-o", "out", "-f", "html,xlsx,json,md", "-q"]);
    ended.is(0, "", "");
    let small = scene.run(&["report", "pages", "-o", "-", "-f", "csv", "-q", "--max-file-size", "50"]);
    assert_eq!(small.code, Some(4), "{small}");
    assert!(small.err.contains("1.json: limit: more than 50 MiB in a file; it is left out: "), "{small}");
}
