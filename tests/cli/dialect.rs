//! How CSV is written: `--csv-delimiter`, `--csv-bom`, `--csv-raw`.

use serde_json::json;

use super::scene::{Scene, planned};

/// A user whose name any delimiter cuts, and whose values begin like formulas or with a delimiter.
const CUT: &str = r#"{"entityTypeName":"user","id":"1","displayName":"a,b;c\td|e","recoveryAction":"update",
 "deltaFromCurrent":{"city":"=1","state":"|x","country":"plain"},"currentState":{"city":"\ty","state":";z","country":"-"}}"#;

/// The marks that stand in front of a text file.
const BOM: &str = "\u{feff}";

fn scene() -> Scene {
    Scene::of(&[("pages/1.json", planned(&[CUT]))])
}

/// The table on standard output, with these options.
#[track_caller]
fn table(scene: &Scene, options: &[&str]) -> String {
    let ended = scene.run(&[&["report", "pages", "-o", "-", "-f", "csv", "-q"][..], options].concat());
    ended.tells(0, &["function"], &[]);
    ended.out
}

/// The cells of a table, by a reader that knows the delimiter.
fn cells(table: &str, delimiter: u8) -> Vec<Vec<String>> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(table.as_bytes());
    let cells = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
    reader.records().map(|record| cells(record.expect("as many cells as the header has"))).collect()
}

#[test]
fn a_delimiter_is_a_word_or_the_character_itself() {
    let scene = scene();
    for (typed, delimiter) in [
        (&["comma", ",", "Comma"][..], ','),
        (&["semicolon", ";", "SEMICOLON"], ';'),
        (&["tab", "\t", "\\t"], '\t'),
        (&["pipe", "|"], '|'),
    ] {
        for word in typed {
            let table = table(&scene, &["--csv-delimiter", word]);
            let head =
                format!("{BOM}function{delimiter}recoveryAction{delimiter}entityTypeName{delimiter}id");
            assert!(table.starts_with(&head), "{word:?}: {table}");
        }
    }
    assert_eq!(table(&scene, &["--csv-delimiter", ","]), table(&scene, &[]));
}

#[test]
fn what_is_no_delimiter_is_refused_with_those_that_are() {
    let scene = scene();
    for typed in ["", "x", "\"", "'", "\n", ";;", "colon", "é"] {
        let ended = scene.run(&["report", "pages", "-o", "-", "-f", "csv", "--csv-delimiter", typed]);
        ended.tells(2, &[], &["--csv-delimiter <WHICH>", "[possible values: comma, semicolon, tab, pipe]"]);
    }
    let ended = scene.run(&["report", "pages", "-o", "-", "-f", "csv", "--csv-bom", "maybe"]);
    ended.tells(2, &[], &["--csv-bom <WHETHER>", "[possible values: yes, no]"]);
}

#[test]
fn every_delimiter_has_the_same_cells_guarded_or_raw() {
    let scene = scene();
    for raw in [&[][..], &["--csv-raw"]] {
        let expected = cells(&table(&scene, raw), b',');
        assert_eq!(expected[1][4], "a,b;c\td|e");
        let guard = if raw.is_empty() { "'" } else { "" };
        let values: Vec<&str> = expected[1..].iter().flat_map(|row| [&row[9][..], &row[10]]).collect();
        let guarded = ["=1", "\ty", "|x"].map(|value| format!("{guard}{value}"));
        assert_eq!(values[..5], [&guarded[0], &guarded[1], &guarded[2], ";z", "plain"]);
        for (word, delimiter) in [("semicolon", b';'), ("tab", b'\t'), ("pipe", b'|')] {
            let table = table(&scene, &[raw, &["--csv-delimiter", word]].concat());
            assert_eq!(cells(&table, delimiter), expected, "{word}");
        }
    }
}

/// A program may be told of several delimiters at once, as LibreOffice proposes: a cell that one of them would cut is
/// quoted, so that nothing behind it begins a cell.
#[test]
fn what_any_delimiter_would_cut_is_quoted() {
    let scene = scene();
    for word in ["comma", "semicolon", "tab", "pipe"] {
        let table = table(&scene, &["--csv-delimiter", word]);
        for quoted in ["\"a,b;c\td|e\"", "\"'|x\"", "\";z\""] {
            assert!(table.contains(quoted), "{word}: {quoted}: {table}");
        }
        assert!(!table.contains("\"plain\""), "{table}");
    }
}

#[test]
fn a_byte_order_mark_is_a_choice_apart_from_guard_and_delimiter() {
    let scene = scene();
    for (raw, usual) in [(&[][..], true), (&["--csv-raw"], false)] {
        for (word, delimiter) in [("comma", b','), ("tab", b'\t')] {
            let options = [raw, &["--csv-delimiter", word]].concat();
            let table = |bom: &[&str]| table(&scene, &[&options[..], bom].concat());
            let (yes, no) = (table(&["--csv-bom", "yes"]), table(&["--csv-bom", "no"]));
            assert_eq!(yes.strip_prefix(BOM), Some(&no[..]));
            assert_eq!(table(&[]), if usual { yes } else { no.clone() }, "{options:?}");
            assert_eq!(cells(&no, delimiter)[1][9].starts_with('\''), raw.is_empty());
        }
    }
}

/// Pages, and a restore session with a name that delimiters cut.
fn with_session() -> Scene {
    let scene = scene();
    let artifact = r#"{"id":"a;b","status":"=x,y"}"#;
    scene.write("pages/session.json", format!(r#"{{"siteRestoreArtifacts@delta":[{artifact}]}}"#));
    scene
}

#[test]
fn restore_artifacts_are_written_alike() {
    let scene = with_session();
    let arguments = ["report", "pages", "-o", "-", "-f", "restore-csv", "-q", "--csv-delimiter"];
    let run = |options: &[&str]| scene.run(&[&arguments[..], options].concat()).out;
    let table = run(&[";"]);
    assert!(table.starts_with("\u{feff}collection;id;restorePointId;"), "{table}");
    assert!(table.contains("\r\nsiteRestoreArtifacts;\"a;b\";;;\"'=x,y\";"), "{table}");
    assert_eq!(run(&["tab", "--csv-raw", "--csv-bom", "yes"]), {
        let raw = run(&["tab", "--csv-bom", "no"]).replace("\"'=x,y\"", "\"=x,y\"");
        format!("{BOM}{raw}")
    });
}

#[test]
fn the_manifest_tells_how_and_verify_counts_in_it() {
    let scene = with_session();
    for (options, delimiter, bom, raw) in [
        (&[][..], ",", true, false),
        (&["--csv-raw"], ",", false, true),
        (&["--csv-delimiter", ";"], ";", true, false),
        (&["--csv-delimiter", "tab", "--csv-bom", "no"], "\t", false, false),
        (&["--csv-delimiter", "pipe", "--csv-raw", "--csv-bom", "yes"], "|", true, true),
    ] {
        let arguments = ["report", "pages", "-o", "out", "-f", "csv,ndjson", "-q", "--force"];
        scene.run(&[&arguments[..], options].concat()).is(0, "", "");
        let manifest = scene.json("out/manifest.json");
        let told = ["csvDelimiter", "csvBom", "csvRaw"].map(|member| manifest["options"][member].clone());
        assert_eq!(told, [json!(delimiter), json!(bom), json!(raw)]);
        let counted = [
            "changes.csv: unchanged, and holds 3 rows, 3 changed properties, 0 changed links\n",
            "restore-artifacts.csv: unchanged, and holds 1 restore artifact\n",
            "the report is as it was written",
        ];
        scene.run(&["verify", "out"]).tells(0, &counted, &[]);
    }
}

/// The same file, its bytes and its lists as they have to be, under a manifest that tells another delimiter.
#[test]
fn a_table_that_is_not_written_as_its_manifest_tells_is_seen() {
    use entra_diff::model::Digest;
    let scene = scene();
    let arguments = ["report", "pages", "-o", "out", "-f", "csv", "-q", "--csv-delimiter", ";"];
    scene.run(&arguments).is(0, "", "");
    let forged = |scene: &Scene, from: &str, to: &str| {
        let manifest = scene.read("out/manifest.json");
        let changed = manifest.replace(from, to);
        assert_ne!(changed, manifest);
        let sums = scene.read("out/SHA256SUMS");
        let digest = |text: &str| Digest::of(text.as_bytes()).to_string();
        scene.write("out/SHA256SUMS", sums.replace(&digest(&manifest), &digest(&changed)));
        scene.write("out/manifest.json", changed);
    };
    forged(&scene, "\"csvDelimiter\": \";\"", "\"csvDelimiter\": \"|\"");
    let told = "changes.csv: cannot be counted: it is not what this version writes\n";
    scene.run(&["verify", "out"]).tells(7, &["NOT"], &[told]);
    forged(&scene, "\"csvDelimiter\": \"|\"", "\"csvDelimiter\": \"=\"");
    scene.run(&["verify", "out"]).tells(
        7,
        &["NOT"],
        &["manifest.json: not a manifest that this version reads"],
    );
}

/// A manifest of before there was a choice does not tell; its tables have commas.
#[test]
fn a_manifest_that_tells_no_delimiter_is_of_the_comma() {
    use entra_diff::evidence::ManifestOptions;
    let scene = scene();
    scene.run(&["report", "pages", "-o", "out", "-f", "csv", "-q"]).is(0, "", "");
    let mut options = scene.json("out/manifest.json")["options"].clone();
    let members = options.as_object_mut().expect("an object");
    let removed = ["csvDelimiter", "csvBom"].map(|member| members.remove(member).is_some());
    assert_eq!(removed, [true, true]);
    let read: ManifestOptions = serde_json::from_value(options).expect("it has everything it had");
    assert_eq!((read.csv_delimiter.as_str(), read.csv_bom), (",", None));
}
