//! How much is told, and in which colours.

use super::scene::{ANA, Scene, planned};

const BOLD: &str = "\u{1b}[1m";

#[test]
fn quiet_prints_nothing_but_errors() {
    let nameless = ANA.replace("\"id\":\"Ana-1\",", "");
    let scene = Scene::of(&[("pages/1.json", planned(&[&nameless]))]);
    scene.run(&["report", "pages", "-o", "one", "-q"]).is(0, "", "");
    scene.write("pages/2.json", "");
    let ended = scene.run(&["report", "pages", "-o", "two", "--quiet"]);
    ended.is(
        3,
        "",
        "2.json: emptyFile: the file is empty: save the page again as the service sent it (Invoke-MgGraphRequest \
         -OutputFilePath)\n",
    );
}

#[test]
fn verbose_prints_what_each_file_was_read_as() {
    let scene = Scene::of(&[("pages/1.json", planned(&[ANA])), ("pages/notes.txt", "x".to_owned())]);
    let digest = "SHA-256 ";
    let ended = scene.run(&["summary", "pages", "-v"]);
    let bytes = planned(&[ANA]).len();
    let told = format!("1.json: page, page, utf-8, {bytes} bytes, {digest}");
    ended.tells(
        0,
        &[&told, "\nnotes.txt: passed over: holds nothing that is read here\n", "Planned changes"],
        &[],
    );
    let report = scene.run(&["report", "pages", "-o", "out", "-f", "csv,json", "-v"]);
    report.tells(0, &[&told, "Wrote out/changes.csv (2 rows)\n"], &[]);
    let sha256 = scene.json("out/summary.json")["inputs"][0]["sha256"].as_str().map(str::to_owned);
    assert!(report.out.contains(&sha256.expect("a digest")), "{report}");
}

#[test]
fn the_summary_writes_nothing_and_says_what_the_report_says() {
    let scene = Scene::of_ana();
    let summary = scene.run(&["summary", "pages"]);
    assert_eq!(scene.names("."), ["pages"]);
    let report = scene.run(&["report", "pages", "-o", "out"]);
    report.tells(0, &["Planned changes"], &[]);
    let (numbers, _) = report.out.split_once("Wrote").expect("files are named");
    summary.is(0, numbers, "");
}

#[test]
fn colour_is_for_terminals_unless_it_is_asked_for() {
    let scene = Scene::of_ana();
    for (option, variables, coloured) in [
        ("auto", &[][..], false),
        ("always", &[], true),
        ("never", &[], false),
        ("auto", &[("FORCE_COLOR", "1")], true),
        ("auto", &[("FORCE_COLOR", "0")], false),
        ("auto", &[("FORCE_COLOR", "")], false),
        ("auto", &[("NO_COLOR", "1")], false),
        ("auto", &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], false),
        ("auto", &[("NO_COLOR", ""), ("FORCE_COLOR", "1")], true),
        ("always", &[("NO_COLOR", "1")], true),
        ("never", &[("FORCE_COLOR", "1")], false),
    ] {
        for arguments in [
            &["summary", "pages", "--color", option][..],
            &["--color", option, "show", "pages", "--id", "Ana-1"],
        ] {
            let mut command = scene.command(arguments);
            command.envs(variables.iter().copied());
            let ended = scene.finish(command);
            ended.tells(0, &[if arguments[0] == "summary" { "Planned changes" } else { "user Ana" }], &[]);
            assert_eq!(ended.out.contains(BOLD), coloured, "{option} {variables:?} {ended}");
            assert_eq!(ended.out.contains('\u{1b}'), coloured, "{option} {variables:?} {ended}");
        }
    }
}

#[test]
fn colour_changes_no_word() {
    let scene = Scene::of_ana();
    for arguments in [&["summary", "pages"][..], &["show", "pages", "--id", "Ana-1"]] {
        let plain = scene.run(arguments);
        let coloured = scene.run(&[arguments, &["--color", "always"]].concat());
        let mut words = coloured.out.clone();
        for code in ["0", "1", "2", "31", "32", "33"] {
            words = words.replace(&format!("\u{1b}[{code}m"), "");
        }
        plain.is(0, &words, "");
        assert_ne!(coloured.out, plain.out);
    }
}

#[test]
fn numbers_stand_in_groups_and_names_in_columns() {
    let items: Vec<String> = (0..1_234).map(|number| ANA.replace("Ana-1", &format!("李-{number}"))).collect();
    let mut items: Vec<&str> = items.iter().map(String::as_str).collect();
    let other = ANA.replace("\"user\"", "\"名前\"").replace("\"update\"", "\"restore\"");
    items.push(&other);
    let scene = Scene::of(&[("1.json", planned(&items))]);
    scene.run(&["summary", "1.json"]).tells(
        0,
        &["\
Planned changes (getChanges): 1,235 objects, 2,470 changed properties, 0 changed links

  type   update  restore  total
  user    1,234        ·  1,234
  名前        ·        1      1
  total   1,234        1  1,235
"],
        &[],
    );
}
