//! The same bytes: whatever the threads, the time zone, the language, the folder and the clock.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use super::folder::{ALL, contents, is_whole, many};
use super::machine::can;
use super::scene::Scene;

/// More than one batch of objects, so that threads have something to do at once.
const OBJECTS: usize = 5_000;

/// Names of variables and their values.
type Environment<'e> = &'e [(&'e str, &'e str)];

/// The files of a report, without those that tell of the run.
fn outputs(scene: &Scene, folder: &str) -> BTreeMap<String, Vec<u8>> {
    is_whole(scene, folder);
    let mut outputs = contents(&scene.path(folder));
    for name in ["manifest.json", "SHA256SUMS"] {
        assert!(outputs.remove(name).is_some(), "{name} is missing in {folder}");
    }
    outputs
}

#[track_caller]
fn are_same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>, told: &str) {
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(one), names(other), "{told}");
    for (name, bytes) in one {
        assert!(*bytes == other[name], "{name} is another: {told}");
    }
}

fn with(scene: &Scene, arguments: &[&str], environment: Environment<'_>) -> Command {
    let mut command = scene.command(&[&["report", "pages", "-f", ALL, "-q"], arguments].concat());
    for name in ["TZ", "LC_ALL", "LANG", "SOURCE_DATE_EPOCH", "RAYON_NUM_THREADS"] {
        command.env_remove(name);
    }
    command.envs(environment.iter().copied());
    command
}

#[test]
fn threads_time_zone_language_and_folder_change_no_byte_of_the_report() {
    let scene = Scene::of(&[("pages/1.json", many(OBJECTS)), ("other/place/x", String::new())]);
    scene.finish(with(&scene, &["-o", "first"], &[])).is(0, "", "");
    let first = outputs(&scene, "first");
    let runs: [(&[&str], Environment<'_>); 6] = [
        (&["-j", "1"], &[]),
        (&["-j", "16"], &[]),
        (&[], &[("RAYON_NUM_THREADS", "1")]),
        (&[], &[("TZ", "Asia/Kolkata"), ("LC_ALL", "tr_TR.UTF-8")]),
        (&[], &[("TZ", ":/nowhere"), ("LC_ALL", "de_DE.UTF-8"), ("LANG", "C")]),
        (&[], &[("LC_ALL", "no such language"), ("HOME", "/nowhere"), ("CI", "1")]),
    ];
    for (number, (arguments, environment)) in runs.into_iter().enumerate() {
        let folder = format!("out-{number}");
        scene.finish(with(&scene, &[arguments, &["-o", &folder]].concat(), environment)).is(0, "", "");
        are_same(&first, &outputs(&scene, &folder), &format!("{arguments:?} {environment:?}"));
    }
    let mut elsewhere = with(&scene, &["-o", "there"], &[]);
    let arguments: Vec<_> = elsewhere.get_args().map(std::ffi::OsStr::to_owned).collect();
    elsewhere = Command::new(env!("CARGO_BIN_EXE_entra-diff"));
    elsewhere.args(arguments.iter().map(|argument| {
        if argument == "pages" { scene.path("pages").into_os_string() } else { argument.clone() }
    }));
    elsewhere.current_dir(scene.path("other/place"));
    scene.finish(elsewhere).is(0, "", "");
    are_same(&first, &outputs(&scene, "other/place/there"), "another folder");
}

#[test]
fn with_source_date_epoch_the_whole_folder_is_the_same() {
    let epoch = ("SOURCE_DATE_EPOCH", "1700000000");
    let scene = Scene::of(&[("pages/1.json", many(OBJECTS))]);
    scene.finish(with(&scene, &["-o", "out", "-j", "1"], &[epoch])).is(0, "", "");
    is_whole(&scene, "out");
    // The time of a manifest has whole milliseconds.
    std::thread::sleep(Duration::from_millis(20));
    let other = Scene::of(&[("pages/1.json", many(OBJECTS))]);
    let environment = [epoch, ("TZ", "Asia/Kolkata"), ("LC_ALL", "tr_TR.UTF-8")];
    other.finish(with(&other, &["-o", "a/b", "-j", "16"], &environment)).is(0, "", "");
    let first = contents(&scene.path("out"));
    are_same(&first, &contents(&other.path("a/b")), "another folder, other threads, another time");
    let manifest = scene.json("out/manifest.json").to_string();
    assert!(manifest.contains("2023-11-14T22:13:20Z"), "{manifest}");
    // Without the variable the clock is told, so that the comparison above can fail.
    scene.finish(with(&scene, &["-o", "now"], &[])).is(0, "", "");
    let now = contents(&scene.path("now"));
    let differ: Vec<&String> = first.keys().filter(|name| first[*name] != now[*name]).collect();
    assert_eq!(differ, ["SHA256SUMS", "manifest.json"]);
}

#[test]
fn a_source_date_epoch_that_is_no_time_ends_with_2_before_anything_is_made() {
    let scene = Scene::of(&[("pages/1.json", many(1))]);
    for value in ["abc", "", "1.5", "1e9", "0x10", "99999999999999999999", "1700000000 "] {
        for output in ["out", "x.csv"] {
            let ended = scene.finish(with(&scene, &["-o", output], &[("SOURCE_DATE_EPOCH", value)]));
            let told =
                format!("entra-diff: SOURCE_DATE_EPOCH is no whole number of seconds since 1970: {value}\n");
            ended.is(2, "", &told);
        }
    }
    assert_eq!(scene.names("."), ["pages"]);
}

#[test]
fn every_clock_makes_a_report() {
    if !can(&["faketime", "2100-01-01 00:00:00", "true"]) {
        return;
    }
    let scene = Scene::of(&[("pages/1.json", many(3))]);
    scene.finish(with(&scene, &["-o", "now"], &[])).is(0, "", "");
    let now = outputs(&scene, "now");
    for (year, time) in
        [("1960", "1960-01-01 00:00:00"), ("1969", "1969-12-31 23:00:00"), ("2100", "2100-06-01 12:00:00")]
    {
        let at = |arguments: &[&str]| {
            let mut command = Command::new("faketime");
            command.args([time, env!("CARGO_BIN_EXE_entra-diff"), "report", "pages", "-q"]);
            command.args(arguments).env("TZ", "UTC").current_dir(scene.path("."));
            scene.finish(command)
        };
        let has_book = year > "1970";
        if !has_book {
            // The library dates each new workbook by the clock, and knows no day so early.
            let told = "entra-diff: the output cannot be written: report.xlsx: the clock stands before 1970, and a \
                        workbook has no such date\n";
            at(&["-o", year]).is(5, "", told);
            assert!(!scene.path(year).exists(), "{time}");
        }
        at(&["-o", year, "-f", if has_book { ALL } else { "html,csv,ndjson,json,md" }]).is(0, "", "");
        let mut expected = now.clone();
        if !has_book {
            expected.remove("report.xlsx");
        }
        are_same(&expected, &outputs(&scene, year), time);
        let manifest = scene.json(&format!("{year}/manifest.json")).to_string();
        assert!(manifest.contains(&format!("\"startedDateTime\":\"{year}-")), "{time}: {manifest}");
    }
}
