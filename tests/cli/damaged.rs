//! Damaged pages: never a crash, always a place and a remedy, and nothing lost beside them.

use super::scene::{ANA, Scene, failed, planned};

/// A page cut at any byte is told, its exit code is one of the documented ones, and the page beside it is
/// reported whole.
#[test]
fn a_page_cut_at_any_byte_never_costs_the_page_beside_it() {
    let whole = planned(&[&ANA.replace("Ana", "Cut")]);
    let scene = Scene::of(&[("good.json", planned(&[ANA]))]);
    for length in 0..whole.len() {
        scene.write("cut.json", &whole[..length]);
        let beside = scene.run(&["report", "good.json", "cut.json", "-o", "-", "-f", "csv", "-q"]);
        beside.tells(
            3,
            &["Ana-1,Ana,property,city,modified", "Ana-1,Ana,property,state,added"],
            &["cut.json"],
        );
        let alone = scene.run(&["report", "cut.json", "-o", "-", "-f", "csv", "-q"]);
        assert!(matches!(alone.code, Some(3 | 4)), "cut at {length}: {alone}");
        assert_eq!(alone.out.is_empty(), alone.code == Some(4), "cut at {length}: {alone}");
        assert!(alone.err.starts_with("cut.json"), "cut at {length}: {alone}");
    }
}

/// Each kind of damage: what the file holds, what is told of it, and whether the rest of it is used.
#[test]
fn every_kind_of_damage_is_told_with_its_place_and_a_remedy() {
    let ana = planned(&[ANA]);
    let save = "save the page again as the service sent it (Invoke-MgGraphRequest -OutputFilePath)";
    let cases: &[(&str, String)] = &[
        ("", format!("bad.json: emptyFile: the file is empty: {save}\n")),
        (" \n ", format!("bad.json: emptyFile: the file is empty: {save}\n")),
        (
            "<!DOCTYPE html><title>Sign in</title>",
            "bad.json: html: this is a web page, not JSON: this is often a sign-in page: sign in and save the page again\n"
                .to_owned(),
        ),
        (
            "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">",
            "bad.json: clixml: this is PowerShell's CLIXML, not JSON: save the response itself: Invoke-MgGraphRequest \
             -OutputFilePath, or ConvertTo-Json -Depth 100\n"
                .to_owned(),
        ),
        (
            "id             : 1\nrecoveryAction : update\n",
            "bad.json: powershellText: this is a table or list that PowerShell printed, not JSON: save the response \
             itself: Invoke-MgGraphRequest -OutputFilePath, or ConvertTo-Json -Depth 100\n"
                .to_owned(),
        ),
        (
            r#"{"error":{"code":"Forbidden","message":"Missing role."}}"#,
            "bad.json:1:1: graphError: this is a saved error, not a page: Forbidden: Missing role.: whoever asked may not \
             read this: to read takes the role Entra Backup Reader and the permission EntraBackup.Read.All, consented \
             to; then repeat the request\n"
                .to_owned(),
        ),
        (
            "GET https://graph.microsoft.com/v1.0/directory/recovery/x/getChanges",
            "bad.json: emptyFile: this response was saved without its body: save it with its content, or save the page \
             alone\n"
                .to_owned(),
        ),
        (
            "ana\n\n  x",
            format!("bad.json:1:1: notJson: the text is not JSON: expected a JSON document: {save}\n"),
        ),
    ];
    for (content, told) in cases {
        let scene = Scene::of(&[("good.json", ana.as_str()), ("bad.json", content)]);
        let ended = scene.run(&["report", ".", "-o", "-", "-f", "csv", "-q"]);
        ended.tells(3, &["Ana-1"], &[told]);
        assert_eq!(&ended.err, told, "{ended}");
    }
}

#[test]
fn bytes_that_are_no_utf_8_are_told_with_their_offset() {
    let scene = Scene::of(&[("good.json", planned(&[ANA])), ("latin.json", planned(&[]))]);
    let mut bytes = planned(&[&ANA.replace("Ana", "Zoe")]).into_bytes();
    let offset = bytes.windows(3).position(|window| window == b"Zoe").expect("a name");
    bytes[offset + 2] = 0xEB;
    scene.write("latin.json", &bytes);
    let ended = scene.run(&["report", "good.json", "latin.json", "-o", "-", "-f", "csv", "-q"]);
    let told = format!(
        "invalidEncoding: the bytes from offset {} on are no text in the encoding of the file: ",
        offset + 2
    );
    ended.tells(3, &["Ana-1"], &["latin.json:1:", &told]);
}

/// Room that was made for a file and not written: the page in front of it is reported, and that it is not certain to
/// be all is told.
#[test]
fn nul_padding_is_named_and_costs_no_whole_page() {
    let ana = planned(&[ANA]);
    let utf16 = |text: &str| ana_in_utf16(text, 7);
    let padded = [ana.as_bytes(), &[0; 1_000]].concat();
    let line = [ana.as_bytes(), b"\n", &[0]].concat();
    for (content, place, characters) in [
        (padded, "2:104", "1,000 characters"),
        (line, "3:1", "1 character"),
        (utf16(&ana), "2:104", "7 characters"),
    ] {
        let scene = Scene::of(&[("padded.json", content)]);
        let ended = scene.run(&["report", "padded.json", "-o", "-", "-f", "csv", "-q"]);
        let told = format!("padded.json:{place}: notJson: the text ends in NUL padding, {characters}: ");
        ended.tells(3, &["Ana-1,Ana,property,city"], &[&told]);
    }
    let cut = [&ana.as_bytes()[..ana.len() - 30], &[0; 40]].concat();
    let scene = Scene::of(&[("good.json", ana.into_bytes()), ("cut.json", cut), ("all.json", vec![0; 9])]);
    let ended = scene.run(&["report", ".", "-o", "-", "-f", "csv", "-q"]);
    ended.tells(
        3,
        &["Ana-1"],
        &[
            "all.json: emptyFile: the file holds nothing but NUL padding, 9 characters: ",
            ": truncatedJson: ",
            "NUL padding, 40 characters",
        ],
    );
}

/// A text in UTF-16 with NUL characters behind it.
fn ana_in_utf16(text: &str, nuls: usize) -> Vec<u8> {
    let padded = format!("\u{feff}{text}{}", "\0".repeat(nuls));
    padded.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn an_item_that_is_no_json_is_left_out_alone() {
    let scene = Scene::of(&[("1.json", planned(&[r#"{"id":"x","deltaFromCurrent":{"a":nul}}"#, ANA, "7"]))]);
    let ended = scene.run(&["report", "1.json", "-o", "-", "-f", "csv", "-q"]);
    ended.tells(
        3,
        &["Ana-1,Ana,property,city,modified"],
        &[
            "1.json:1:",
            ": unrecognisedItem: this item is not JSON: expected ",
            ": unrecognisedItem: this element is no object, and so no change: ",
        ],
    );
    assert_eq!(ended.out.lines().count(), 3, "{ended}");
}

#[test]
fn too_deep_an_item_is_left_out_and_one_at_the_limit_is_not() {
    let nested = |levels: usize| {
        let inner = format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        format!(
            r#"{{"id":"deep","recoveryAction":"update","deltaFromCurrent":{{"a":{inner}}},"currentState":{{}}}}"#
        )
    };
    // The item and the side are two levels.
    let scene = Scene::of(&[("1.json", planned(&[&nested(125), ANA]))]);
    scene.run(&["report", "1.json", "-o", "-", "-f", "csv", "-q"]).tells(0, &["deep", "Ana-1"], &[]);
    for levels in [126, 100_000] {
        scene.write("1.json", planned(&[&nested(levels), ANA]));
        let ended = scene.run(&["report", "1.json", "-o", "-", "-f", "csv", "-q"]);
        ended.tells(
            3,
            &["Ana-1"],
            &["1.json:1:", ": limit: more than 127 levels of nesting; it is left out: "],
        );
        assert!(!ended.out.contains("deep"), "{ended}");
    }
}

#[test]
fn a_missing_page_is_told_and_the_rest_is_reported() {
    let first = planned(&[ANA])
        .replace(r#""@odata.count":1"#, r#""@odata.nextLink":"https://x/getChanges?$skiptoken=a""#);
    let scene = Scene::of(&[("1.json", first)]);
    scene.run(&["report", "1.json", "-o", "-", "-f", "csv", "-q"]).tells(
        3,
        &["Ana-1"],
        &["1.json: incomplete: changes are missing: every page links to a next one: the last page is missing: fetch "],
    );
}

#[test]
fn lost_values_are_told_with_the_object_and_the_remedy() {
    let item = r#"{"id":"p-1","displayName":"CA01","recoveryAction":"update",
        "deltaFromCurrent":{"conditions":"System.Collections.Hashtable"},"currentState":{"conditions":{}}}"#;
    let scene = Scene::of(&[("1.json", planned(&[item]))]);
    let ended = scene.run(&["report", "1.json", "-o", "-", "-f", "csv", "-q"]);
    ended.tells(
        3,
        &["property,conditions,unknown,unknown,System.Collections.Hashtable,{},", ",lostEvidence,"],
        &[": lostEvidence: nested values of object p-1 (CA01) were lost when the page was saved: 1 row: save the page \
           again with ConvertTo-Json -Depth 100, or with Invoke-MgGraphRequest -OutputFilePath\n"],
    );
}

#[test]
fn thousands_of_problems_of_one_kind_are_told_as_one_with_a_count() {
    let nameless = |number: usize| {
        format!("{{\"recoveryAction\":\"update\",\"deltaFromCurrent\":{{\"n\":{number}}}}}\n")
    };
    let items: Vec<String> = (0..2_500).map(nameless).collect();
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    let scene = Scene::of(&[("1.json", planned(&items))]);
    let ended = scene.run(&["report", "1.json", "-o", "out", "-f", "json"]);
    ended.tells(0, &["2,500 objects", "0 errors, 2,500 warnings"], &["unidentifiedObject"]);
    let lines: Vec<&str> = ended.err.lines().collect();
    assert_eq!(lines.len(), 4, "{ended}");
    let told = ": unidentifiedObject: this item names no object: it has no id: find the object by its name and values";
    assert!(lines[..3].iter().all(|line| line.starts_with("1.json:") && line.ends_with(told)), "{ended}");
    assert!(lines[3].starts_with("unidentifiedObject: 2,497 more of this kind; "), "{ended}");
    assert_eq!(scene.json("out/summary.json")["problems"].as_array().map(Vec::len), Some(2_500));
    let verbose = scene.run(&["summary", "1.json", "-v"]);
    verbose.tells(0, &["2,500 objects"], &[told]);
    assert_eq!(verbose.err.lines().count(), 2_500, "{verbose}");
    scene.run(&["report", "1.json", "-o", "quiet", "-q"]).is(0, "", "");
}

/// What is broken and no page ends before a line that begins with a whole page, whatever it ran into.
#[test]
fn a_broken_line_costs_no_page_behind_it() {
    let (ana, bob) =
        (planned(&[ANA]).replace('\n', ""), failed(&[&ANA.replace("Ana", "Bob").replace('\n', "")]));
    for broken in [
        r#"{"level":"info","msg":"a"b"}"#,
        "{x",
        "{id: 1",
        r#"{{"a":1}"#,
        "{\"a\":1\n{\"a\":1",
        r#"{"id":"1","status":200,"body":"eyJ"x, "y"#,
    ] {
        let scene = Scene::of(&[("1.json", format!("{ana}\n{broken}\n{bob}\n"))]);
        let ended = scene.run(&["report", "1.json", "-o", "-", "-f", "csv", "-q"]);
        ended.tells(3, &["Ana-1,Ana,property,city", "Bob-1,Bob,property,city"], &["1.json:", ": notJson: "]);
    }
}

/// Rows of a table are text; pages in strings are pages, in rows too.
#[test]
fn pages_in_strings_are_read_in_rows_of_a_table_too() {
    let (ana, bob) = (planned(&[ANA]), planned(&[&ANA.replace("Ana", "Bob")]));
    let string = |page: &str| serde_json::to_string(page).expect("JSON");
    for rows in [
        format!("\"note\",\n{},\n{}", string(&ana), string(&bob)),
        format!("\"a\",{}\n\"b\";{}\n", string(&ana), string(&bob)),
    ] {
        let scene = Scene::of(&[("getChanges.json", rows)]);
        let ended = scene.run(&["report", ".", "-o", "-", "-f", "csv", "-q"]);
        ended.tells(3, &["Ana-1,Ana", "Bob-1,Bob"], &["suspicious: "]);
        assert!(!ended.err.contains("notJson"), "{ended}");
    }
}
