//! Lines 1 to 27 of the matrix but those of its limits: syntax and encoding.
//!
//! Line 13 (a file padded with NULs) and line 26 (a string of 100 MB) are not here.

use serde_json::Value;

use super::super::scene::{ANA, Scene, failed, planned};
use super::{Case, SAVE_AGAIN, ZOE, assert_cases, at, beside, cut_short, utf16be, utf16le};

/// Zoe's page with one part of her item written differently.
fn with(old: &str, new: &str) -> String {
    assert!(ZOE.contains(old), "{old}");
    failed(&[&ZOE.replace(old, new)])
}

/// Zoe's page with these bytes in her name.
fn named(bytes: &[u8]) -> Vec<u8> {
    let page = with(r#""Zoe""#, r#""Zo~""#).into_bytes();
    let tilde = page.iter().position(|byte| *byte == b'~').expect("a mark");
    [&page[..tilde], bytes, &page[tilde + 1..]].concat()
}

fn case(line: u32, what: &'static str, bytes: impl Into<Vec<u8>>) -> Case {
    Case {
        line,
        what,
        file: "bad.json",
        bytes: bytes.into(),
        code: 3,
        err: String::new(),
        problems: &[],
        ids: &[],
    }
}

#[test]
fn files_without_anything_in_them_are_told() {
    let told = |line, what, bytes: &[u8]| Case {
        err: format!("bad.json: emptyFile: the file is empty: {SAVE_AGAIN}\n"),
        problems: &["emptyFile bad.json"],
        ..case(line, what, bytes)
    };
    assert_cases(vec![
        told(1, "an empty file", b""),
        told(2, "white space", b" \r\n\t "),
        told(2, "a byte order mark", b"\xef\xbb\xbf"),
        told(2, "a byte order mark and white space", b"\xef\xbb\xbf\r\n"),
    ]);
}

#[test]
fn pages_in_any_encoding_of_unicode_give_the_same_changes() {
    let page = with(r#""Zoe""#, "\"Zo\u{eb} \u{1f600}\"");
    let plain = beside(&[("bad.json", &page)]);
    let (little, big) = (utf16le(&page), utf16be(&page));
    for (line, encoding, bytes) in [
        (3, "utf-8-bom", [b"\xef\xbb\xbf", page.as_bytes()].concat()),
        (4, "utf-16le-bom", [b"\xff\xfe", little.as_slice()].concat()),
        (5, "utf-16be-bom", [b"\xfe\xff", big.as_slice()].concat()),
        (6, "utf-16le", little),
        (6, "utf-16be", big),
    ] {
        let told = beside(&[("bad.json", &bytes)]);
        assert_eq!((told.ended.code, told.ended.err.as_str()), (Some(0), ""), "line {line}: {}", told.ended);
        assert_eq!(told.changes, plain.changes, "line {line}");
        assert_eq!(told.input("bad.json")["encoding"], encoding, "line {line}");
        assert_eq!(told.input("bad.json")["bytes"], bytes.len(), "line {line}");
        let manifest = told.scene.json("out/manifest.json");
        let inputs = manifest["inputs"].as_array().expect("inputs");
        assert!(inputs.iter().any(|input| input["encoding"] == encoding), "line {line}: {manifest:#}");
    }
    assert_eq!(plain.change("Zoe-1")["displayName"], "Zo\u{eb} \u{1f600}");
}

#[test]
fn bytes_that_are_no_text_are_told_with_their_offset_and_cost_their_document() {
    let tilde = with(r#""Zoe""#, r#""Zo~""#).find('~').expect("a mark");
    let told = |line, what, bytes: Vec<u8>, offset: usize| Case {
        err: format!(
            "bad.json:1:{}: invalidEncoding: the bytes from offset {offset} on are no text in the encoding of the \
             file: save the page again as UTF-8, or as the service sent it\n",
            tilde + 1
        ),
        problems: &["invalidEncoding bad.json"],
        ..case(line, what, bytes)
    };
    let marked = [b"\xef\xbb\xbf", named(b"\xff").as_slice()].concat();
    // In UTF-16 half of a pair in the bytes themselves is no text; an escape that says so is.
    let halves: Vec<u16> = with(r#""Zoe""#, r#""Zo~""#).encode_utf16().collect();
    let halves: Vec<u8> = (halves.iter())
        .flat_map(|unit| if *unit == u16::from(b'~') { 0xd83d } else { *unit }.to_le_bytes())
        .collect();
    assert_cases(vec![
        told(7, "Latin-1", named(b"\xeb"), tilde),
        told(7, "a byte of no encoding", named(b"\xff"), tilde),
        told(8, "an overlong slash", named(b"\xc0\xaf"), tilde),
        told(8, "an overlong NUL", named(b"\xe0\x80\x80"), tilde),
        told(8, "a surrogate", named(b"\xed\xa0\x80"), tilde),
        told(8, "a pair of surrogates", named(b"\xed\xa0\xbd\xed\xb8\x80"), tilde),
        told(8, "beyond Unicode", named(b"\xf4\x90\x80\x80"), tilde),
        told(8, "a sequence without its end", named(b"\xe2\x80"), tilde),
        told(8, "a continuation alone", named(b"\x80"), tilde),
        told(8, "behind a byte order mark", marked, tilde + 3),
        told(8, "half of a pair in UTF-16", [b"\xff\xfe", halves.as_slice()].concat(), 2 + 2 * tilde),
    ]);
}

#[test]
fn half_of_a_pair_is_a_replacement_character_and_told() {
    let told = |line, what, page: &str| Case {
        code: 0,
        err: format!(
            "bad.json:{}: loneSurrogate: half of a character pair is read as U+FFFD: compare with the service's \
             response\n",
            at(page, r#"{"entityTypeName""#)
        ),
        problems: &["loneSurrogate bad.json#/value/0"],
        ids: &["Zoe-1"],
        ..case(line, what, page)
    };
    let (name, key) = (with(r#""Zoe""#, r#""Zo\ud83d""#), with(r#""city":"Oslo""#, r#""ci\udc00ty":"Oslo""#));
    assert_cases(vec![told(9, "in a name", &name), told(10, "in a key", &key)]);
    assert_eq!(beside(&[("bad.json", name)]).change("Zoe-1")["displayName"], "Zo\u{fffd}");
    let told = beside(&[("bad.json", key)]);
    assert_eq!(told.change("Zoe-1")["changes"][0]["property"], "ci\u{fffd}ty");
    assert_eq!(told.summary["problems"][0]["severity"], "warning");
}

#[test]
fn what_stands_behind_a_page_is_told_or_read() {
    let page = failed(&[ZOE]);
    let stray = |what, behind: &str| Case {
        err: format!(
            "bad.json:1:{}: notJson: the text is not JSON: expected a JSON document: {SAVE_AGAIN}\n",
            page.len() + 1 + usize::from(behind.starts_with(' '))
        ),
        problems: &["notJson bad.json"],
        ids: &["Zoe-1"],
        ..case(12, what, format!("{page}{behind}"))
    };
    // The second page is one of another job, or both together would contradict each other.
    let second =
        failed(&[&ZOE.replace("Zoe", "Yan")]).replace("recoveryJobs/recovery/", "recoveryJobs/second/");
    let several = "bad.json: severalJobs: pages of 2 jobs of getFailedChanges are mixed: recovery, second: report one \
                   job alone with --job ID\n";
    let both = |what, between: &str| Case {
        code: 0,
        err: several.to_owned(),
        problems: &["severalJobs bad.json"],
        ids: &["Zoe-1", "Yan-1"],
        ..case(12, what, format!("{page}{between}{second}"))
    };
    assert_cases(vec![
        stray("a word", " trailing"),
        stray("a closing bracket", "}"),
        Case {
            err: format!(
                "bad.json:1:{}: truncatedJson: the text ends in the middle: {SAVE_AGAIN}\n",
                page.len() + 1
            ),
            problems: &["truncatedJson bad.json"],
            ..stray("a quote", "\"")
        },
        both("a document on a line of its own", "\n"),
        both("a document behind it", ""),
    ]);
}

#[test]
fn too_deep_an_item_is_left_out_and_one_at_the_limit_is_read() {
    let arrays = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    let objects = |levels: usize| format!("{}1{}", r#"{"a":"#.repeat(levels), "}".repeat(levels));
    let property = |value: &str| with(r#""city":"Oslo""#, &format!(r#""a":{value}"#));
    // The item and its side are two levels; a member that nobody knows is in the item alone.
    let unknown =
        |value: &str| with(r#""failureMessage""#, &format!(r#""unheard":{value},"failureMessage""#));
    let left_out = |line, what, page: String| {
        // The place is that of the first bracket too many.
        let nested = r#""a":{"a":"#;
        let value = page.find("[[").or(page.find(nested).map(|side| side + 4)).expect("something nested");
        let width = if page[value..].starts_with('[') { 1 } else { 5 };
        let levels = if page.contains("unheard") { 126 } else { 125 };
        Case {
            err: format!(
                "bad.json:1:{}: limit: more than 127 levels of nesting; it is left out: look at the file: the service \
                 does not send this\n",
                value + levels * width + 1
            ),
            problems: &["limit bad.json#/value/0"],
            ..case(line, what, page)
        }
    };
    assert_cases(vec![
        left_out(16, "128 levels of arrays", property(&arrays(126))),
        left_out(16, "128 levels of objects", property(&objects(126))),
        left_out(16, "10,000 levels", property(&arrays(10_000))),
        left_out(16, "10,000 levels of objects", property(&objects(10_000))),
        left_out(16, "a million levels", property(&arrays(1_000_000))),
        left_out(17, "128 levels in an unknown member", unknown(&arrays(127))),
        left_out(17, "a million levels in an unknown member", unknown(&arrays(1_000_000))),
    ]);
    // What is reported of an item at the limit is itself nested deeper than many readers go, so its text is looked at.
    for (line, page, value) in [
        (15, property(&arrays(125)), arrays(125)),
        (15, property(&objects(125)), objects(125)),
        (17, unknown(&arrays(126)), r#""property":"city""#.to_owned()),
    ] {
        let scene = Scene::of(&[("in/good.json", planned(&[ANA])), ("in/bad.json", page)]);
        scene.run(&["report", "in", "-o", "-", "-f", "ndjson", "-q"]).tells(
            0,
            &["Ana-1", "Zoe-1", &value],
            &[],
        );
        scene.run(&["report", "in", "-o", "out", "-f", "html,csv,xlsx,ndjson,json,md", "-q"]).is(0, "", "");
        let verified = scene.run(&["verify", "out"]);
        assert_eq!(verified.code, Some(0), "line {line}: {verified}");
    }
    // In the page itself, beside its items, it costs no item; but who knows what it was.
    let page = failed(&[ZOE]).replace(r#""value""#, &format!(r#""unheard":{},"value""#, arrays(10_000)));
    let told = beside(&[("bad.json", page)]);
    told.keeps_ana("line 17");
    assert_eq!(told.problems(), ["limit bad.json", "incomplete bad.json"], "{}", told.ended);
    assert_eq!((told.ended.code, told.ids()), (Some(3), vec!["Ana-1", "Zoe-1"]), "{}", told.ended);
}

#[test]
fn of_a_key_that_stands_twice_the_last_value_is_used_and_that_is_told() {
    let told = |line, what, key: &str, place: &str, problem: &'static [&'static str], page: String| Case {
        code: 0,
        err: format!(
            "bad.json:{place}: duplicateKey: the key \"{key}\" stands more than once in one object; its last value is \
             used: compare with the service's response\n"
        ),
        problems: problem,
        ids: &["Zoe-1"],
        ..case(line, what, page)
    };
    let item = at(&failed(&[ZOE]), r#"{"entityTypeName""#);
    let name = r#""displayName":"Zoe""#;
    let other = with(name, r#""displayName":"Ida","displayName":"Zoe""#);
    let city = with(r#""city":"Oslo""#, r#""city":"Rome","x":1,"city":"Oslo""#);
    let whole = failed(&[ZOE]);
    let values =
        whole.replace(r#""value":["#, r#""value":[{"id":"lost","recoveryAction":"update"}],"value":["#);
    let links = whole.replace(
        r#""value":["#,
        r#""@odata.nextLink":"https://x/getFailedChanges?$skiptoken=a","@odata.nextLink":"","value":["#,
    );
    let of_item = &["duplicateKey bad.json#/value/0"];
    let of_page = &["duplicateKey bad.json"];
    assert_cases(vec![
        told(18, "the same value", "displayName", &item, of_item, with(name, &format!("{name},{name}"))),
        told(19, "another value", "displayName", &item, of_item, other.clone()),
        told(19, "another value of a property", "city", &item, of_item, city.clone()),
        told(20, "value", "value", "1:1", of_page, values),
        told(20, "a nextLink", "@odata.nextLink", "1:1", of_page, links),
    ]);
    assert_eq!(beside(&[("bad.json", other)]).change("Zoe-1")["displayName"], "Zoe");
    let changes = beside(&[("bad.json", city)]).change("Zoe-1")["changes"].clone();
    assert_eq!(
        changes
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| (&row["property"], &row["backup"]))
            .collect::<Vec<_>>(),
        [(&Value::from("city"), &Value::from("Oslo")), (&Value::from("x"), &Value::from(1))],
        "the last value, where the first one stood"
    );
    // The other way round the last link says that there is another page.
    let open = whole.replace(
        r#""value":["#,
        r#""@odata.nextLink":"","@odata.nextLink":"https://x/getFailedChanges?$skiptoken=a","value":["#,
    );
    let told = beside(&[("bad.json", open)]);
    told.keeps_ana("line 20");
    assert_eq!(told.problems(), ["duplicateKey bad.json", "incomplete bad.json"], "{}", told.ended);
}

/// Lines 21 to 23: numbers are shown as they are written, in every output, and compared by their value.
#[test]
fn numbers_are_text_of_any_size() {
    let digits = "9".repeat(400);
    let numbers = ["9007199254740993", "18446744073709551616", &digits, "1e999", "-0.10", "1E+2", "1e-999"];
    for number in numbers {
        let told = beside(&[("bad.json", with(r#""Oslo""#, number))]);
        assert_eq!((told.ended.code, told.ended.err.as_str()), (Some(0), ""), "{}", told.ended);
        for file in ["changes.ndjson", "changes.csv", "report.html"] {
            let text = told.scene.read(&format!("out/{file}"));
            assert!(text.contains(number), "{number} is not in {file}: {text}");
        }
    }
    for (backup, current) in
        [("1.0", "1"), ("1e2", "100"), ("-0", "0"), ("1e999", "10e998"), ("0.10", "1e-1")]
    {
        let page = with(r#""Oslo""#, backup).replace(r#""Bergen""#, current);
        let told = beside(&[("bad.json", page)]);
        assert_eq!(told.ended.code, Some(0), "{}", told.ended);
        // The contract knows no mark for a number that is only written differently.
        let zoe = told.change("Zoe-1");
        assert_eq!((zoe["changes"].as_array().map(Vec::len), &zoe["unchanged"]), (Some(0), &Value::from(1)));
    }
    for (backup, current) in [("9007199254740992", "9007199254740993"), ("1e999", "1e998"), ("1", "\"1\"")] {
        let page = with(r#""Oslo""#, backup).replace(r#""Bergen""#, current);
        let zoe = beside(&[("bad.json", page)]).change("Zoe-1").clone();
        assert_eq!(zoe["changes"][0]["sinceBackup"], "modified", "{backup} {current}");
    }
}

#[test]
fn what_is_no_value_costs_its_item() {
    let left_out = |line, what, expected: &str, bad: &str, offset: usize, page: String| Case {
        err: format!(
            "bad.json:1:{}: unrecognisedItem: this item is not JSON: expected {expected}; it is left out: compare the \
             file with the service's response; save the page again\n",
            page.find(bad).expect("the fault") + offset + 1
        ),
        problems: &["unrecognisedItem bad.json#/value/0"],
        ids: &["Yan-1"],
        ..case(line, what, page)
    };
    // Another item stands behind it.
    let with = |old: &str, new: &str| failed(&[&ZOE.replace(old, new), &ZOE.replace("Zoe", "Yan")]);
    let key = "a key in double quotes";
    assert_cases(vec![
        left_out(23, "NaN", "a value", "NaN", 0, with(r#""Oslo""#, "NaN")),
        left_out(23, "Infinity", "a value", "Infinity", 0, with(r#""Oslo""#, "Infinity")),
        left_out(23, "-Infinity", "a digit", "-Infinity", 1, with(r#""Oslo""#, "-Infinity")),
        left_out(25, "a trailing comma", key, "\"no\",}", 5, with(r#""no""#, r#""no","#)),
        left_out(25, "a key without quotes", key, ",displayName", 1, with(r#""displayName""#, "displayName")),
        left_out(25, "single quotes", key, "'displayName'", 0, with(r#""displayName""#, "'displayName'")),
        left_out(
            25,
            "a hexadecimal number",
            "a comma or a closing brace",
            "0x1F",
            1,
            with(r#""Oslo""#, "0x1F"),
        ),
    ]);
}

#[test]
fn comments_are_accepted_and_commas_too_many_are_told() {
    let page = failed(&[ZOE]);
    let commented = format!(
        "// saved\r\n/* by hand */{}// end",
        page.replace(r#""value":["#, "/* here */\"value\"://x\n[/* an item */")
    );
    let broken = |what, expected: &str, place: usize, text: String| Case {
        err: format!(
            "bad.json:1:{place}: notJson: the page is not JSON: expected {expected}; 1 item is read all the same: \
             {SAVE_AGAIN}\n{}",
            cut_short("bad.json")
        ),
        problems: &["notJson bad.json", "incomplete bad.json"],
        ids: &["Zoe-1"],
        ..case(25, what, text)
    };
    let end = page.len();
    assert_cases(vec![
        Case { code: 0, ids: &["Zoe-1"], ..case(25, "comments", commented) },
        broken("a comma behind the items", "an element behind the comma", end, page.replace("]}", ",]}")),
        broken("a comma behind the members", "a key in double quotes", end + 1, page.replace("]}", "],}")),
    ]);
}

#[test]
fn keys_that_look_alike_are_told_apart_and_paths_are_escaped() {
    let keys = ["\u{e9}", "e\u{301}", r"\u0000", "/", "~", "~1", ".", "a.b", "", r#"\""#];
    let members = |value: &str| keys.map(|key| format!(r#""{key}":"{value}""#)).join(",");
    let page = with(r#""city":"Oslo""#, &members("then")).replace(r#""city":"Bergen""#, &members("now"));
    let told = beside(&[("bad.json", page)]);
    assert_eq!((told.ended.code, told.ended.err.as_str()), (Some(0), ""), "{}", told.ended);
    let zoe = told.change("Zoe-1");
    let rows = zoe["changes"].as_array().expect("rows");
    let paths: Vec<&str> = rows.iter().filter_map(|row| row["property"].as_str()).collect();
    let expected =
        ["\u{e9}", "e\u{301}", "\0", "/", "~", "~1", r#"["."]"#, r#"["a.b"]"#, r#"[""]"#, r#"["\""]"#];
    assert_eq!(paths, expected);
    assert!(rows.iter().all(|row| row["backup"] == "then" && row["current"] == "now"), "{rows:#?}");
    let patch = zoe["patch"].as_array().expect("a patch");
    let mut pointers: Vec<&str> = patch.iter().filter_map(|step| step["path"].as_str()).collect();
    pointers.sort_unstable();
    let mut expected =
        ["/\u{e9}", "/e\u{301}", "/\0", "/~1", "/~0", "/~01", "/.", "/a.b", "/", "/\""].to_vec();
    expected.sort_unstable();
    assert_eq!(pointers, expected);
}
