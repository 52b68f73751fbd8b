//! Kinds of broken input, each beside a good page: an exit code that is documented, the good page in the report, and
//! the bad one named on standard error and in the summary.

use super::super::scene::{ANA, Scene, failed, planned};
use super::files::zip_of;
use super::{Told, ZOE, assert_named, packed, utf16le};

/// A kind of broken input: what it is, its file, its bytes, and the problems of the summary as codes.
type Broken = (&'static str, &'static str, Vec<u8>, &'static [&'static str]);

/// Kinds without a character of JSON that was meant to be a page.
fn texts() -> Vec<Broken> {
    let kinds: [(&'static str, &[u8], &'static [&'static str]); 30] = [
        ("nothing", b"", &["emptyFile"]),
        ("blanks", b" \t\r\n", &["emptyFile"]),
        ("NULs", &[0; 512], &["emptyFile"]),
        ("a byte order mark alone", b"\xff\xfe", &["emptyFile"]),
        ("text", b"no page at all", &["notJson"]),
        ("a web page", b"\r\n<html lang=\"en\"><body>Sign in</body></html>", &["html"]),
        ("an XML error of a proxy", b"<?xml version=\"1.0\"?><Error><Code>AuthFailed</Code></Error>", &["html"]),
        (
            "CLIXML",
            b"<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\"><Obj/></Objs>",
            &["clixml"],
        ),
        ("CLIXML of a remote shell", b"#< CLIXML\r\n<Objs Version=\"1.1.0.1\"><S S=\"Error\">no</S></Objs>", &["clixml"]),
        (
            "a table of a hash table",
            b"\nName                           Value\n----                           -----\nvalue                          {System.Collections.Hashtable}\n",
            &["powershellText"],
        ),
        ("a list of an object", b"\n@odata.context : https://x\nvalue          : {@{id=1; recoveryAction=update}}\n", &["powershellText"]),
        (
            "Invoke-WebRequest, printed",
            b"\nStatusCode        : 200\nStatusDescription : OK\nContent           : {\"value\":[{\"id\":\"1\"...\nRawContent        : HTTP/1.1 200 OK\n",
            &["powershellText"],
        ),
        (
            "HttpResponseMessage, printed",
            b"StatusCode: 200, ReasonPhrase: 'OK', Version: 1.1, Content: System.Net.Http.HttpConnectionResponseContent\r\n",
            &["notJson"],
        ),
        (
            "an error of Graph",
            br#"{"error":{"code":"Forbidden","message":"Missing role.","innerError":{"date":"2026-11-01T08:00:00"}}}"#,
            &["graphError"],
        ),
        ("an error of the CLI for Microsoft 365", br#"{"error":"Request failed with status code 403"}"#, &["graphError"]),
        (
            "an error in colour",
            b"\x1b[31;1mInvoke-MgGraphRequest: \x1b[31;1mGET https://x\x1b[0m\nHTTP/2.0 403 Forbidden\n\n{\"error\":{\"code\":\"Forbidden\",\"message\":\"no\"}}\x1b[0m\n",
            &["notJson", "graphError"],
        ),
        ("an error of az", b"ERROR: AADSTS700082: The refresh token has expired.\n", &["notJson"]),
        ("YAML", b"value:\n- id: Zoe-1\n  recoveryAction: update\n", &["notJson"]),
        ("YAML with quotes", b"\"@odata.context\": https://x\nvalue:\n- id: Zoe-1\n", &["notJson"]),
        ("a table of az", b"Id     RecoveryAction\n-----  --------------\nZoe-1  update\n", &["notJson"]),
        ("CSV", b"id,recoveryAction\r\nZoe-1,update\r\n", &["notJson"]),
        ("CSV in quotes", b"\"id\",\"recoveryAction\"\r\n\"Zoe-1\",\"update\"\r\n", &["notJson"]),
        ("CSV of a German Excel", b"\"id\";\"recoveryAction\"\r\n\"Zoe-1\";\"update\"\r\n", &["notJson"]),
        ("an assignment of JavaScript", b"const page = 7;\n", &["notJson"]),
        ("a dictionary of Python", b"{'value': [{'id': 'Zoe-1', 'ok': True, 'none': None}]}", &["notJson"]),
        ("JSON5 without quotes", b"{value: [{id: 1}]}", &["notJson"]),
        ("a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", &["invalidEncoding"]),
        ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &["invalidEncoding"]),
        ("UTF-7", b"+AHsAIg-value+ACI-:+AFsAXQB9-", &["notJson"]),
        ("the patterns of a shell", b"$(cat page.json)", &["notJson"]),
    ];
    kinds.into_iter().map(|(what, bytes, problems)| (what, "bad.json", bytes.to_vec(), problems)).collect()
}

/// Kinds of pages that were damaged on their way.
fn pages() -> Vec<Broken> {
    let page = failed(&[ZOE]);
    let with = |old: &str, new: &str| failed(&[&ZOE.replace(old, new)]).into_bytes();
    let bytes = |old: &str, new: &[u8]| {
        let place = page.find(old).expect("a part of the page");
        [&page.as_bytes()[..place], new, &page.as_bytes()[place + old.len()..]].concat()
    };
    let utf16 = [b"\xff\xfe", utf16le(&page).as_slice()].concat();
    let deep = format!("{}1{}", "[".repeat(126), "]".repeat(126));
    let kinds: Vec<(&'static str, Vec<u8>, &'static [&'static str])> = vec![
        ("a page that is cut", page.as_bytes()[..300].to_vec(), &["truncatedJson", "incomplete"]),
        (
            "a page of which the beginning is gone",
            page.as_bytes()[20..].to_vec(),
            &["notJson", "notJson", "unverifiable"],
        ),
        ("Latin-1", bytes("Zoe\"", b"Zo\xeb\""), &["invalidEncoding"]),
        ("an overlong sequence", bytes("Zoe\"", b"Zo\xc0\xaf\""), &["invalidEncoding"]),
        ("bytes of a surrogate", bytes("Zoe\"", b"Zo\xed\xa0\x80\""), &["invalidEncoding"]),
        ("UTF-16 cut inside a character", utf16[..301].to_vec(), &["truncatedJson", "incomplete"]),
        ("UTF-16 without its last byte", utf16[..utf16.len() - 1].to_vec(), &["truncatedJson", "incomplete"]),
        ("UTF-16 with a byte too many", [&utf16[..201], b"\0", &utf16[201..]].concat(), &["truncatedJson"]),
        ("NaN", with("\"Oslo\"", "NaN"), &["unrecognisedItem"]),
        ("a comma behind the last member", with("\"no\"}", "\"no\",}"), &["unrecognisedItem"]),
        ("a comma behind the last item", page.replace("]}", ",]}").into_bytes(), &["notJson", "incomplete"]),
        ("single quotes", page.replace('"', "'").into_bytes(), &["notJson"]),
        ("typographic quotes", page.replace('"', "\u{201d}").into_bytes(), &["notJson"]),
        ("an item that is no JSON", failed(&["{nope}", ZOE]).into_bytes(), &["unrecognisedItem"]),
        ("an item that is a number", failed(&["7", ZOE]).into_bytes(), &["unrecognisedItem"]),
        ("an item that is null", failed(&["null", ZOE]).into_bytes(), &["unrecognisedItem"]),
        ("128 levels", with("\"Oslo\"", &deep), &["limit"]),
        (
            "a lost item",
            failed(&["\"System.Collections.Hashtable\"", ZOE]).into_bytes(),
            &["unrecognisedItem"],
        ),
        (
            "an item as PowerShell prints it",
            failed(&["\"@{id=1; x=}\"", ZOE]).into_bytes(),
            &["unrecognisedItem"],
        ),
        ("a lost side", with("{\"city\":\"Oslo\"}", "\"@{city=Oslo}\""), &["lostEvidence"]),
        (
            "items under another name",
            page.replace("\"value\"", "\"values\"").into_bytes(),
            &["unrecognisedItem", "unrecognisedItem", "incomplete"],
        ),
        ("a NUL inside", bytes("Zoe\"", b"Zo\0\""), &["unrecognisedItem"]),
        ("a line break inside a string", bytes("Zoe\"", b"Zo\ne\""), &["unrecognisedItem"]),
        ("an escape that is none", bytes("Zoe\"", br#"Zo\x65""#), &["unrecognisedItem"]),
    ];
    kinds.into_iter().map(|(what, bytes, problems)| (what, "bad.json", bytes, problems)).collect()
}

fn archives() -> Vec<Broken> {
    let page = failed(&[ZOE]);
    let gzip = packed(page.as_bytes());
    let mut sum = gzip.clone();
    let place = sum.len() - 6;
    sum[place] ^= 0xff;
    let zip = zip_of(&[("1.json", page.as_bytes())]);
    let mut encrypted = zip.clone();
    let list = encrypted.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").expect("a list");
    encrypted[6] |= 1;
    encrypted[list + 8] |= 1;
    let list = zip.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").expect("a list");
    vec![
        ("the list of a zip alone", "bad.zip", zip[list..].to_vec(), &["unreadableFile"]),
        ("a zip that is none", "bad.zip", b"MZ and something else".to_vec(), &["unreadableFile"]),
        ("a gzip that is none", "bad.json.gz", vec![7; 40], &["notJson"]),
        ("two zips behind one another", "bad.zip", [zip.as_slice(), &zip].concat(), &["unreadableFile"]),
        (
            "a zip with a page behind it",
            "bad.zip",
            [zip.as_slice(), page.as_bytes()].concat(),
            &["unreadableFile"],
        ),
        (
            "gzip that is cut",
            "bad.json.gz",
            gzip[..gzip.len() - 60].to_vec(),
            &["truncatedJson", "unreadableFile", "incomplete"],
        ),
        ("gzip with a wrong sum", "bad.json.gz", sum, &["unreadableFile"]),
        ("a gzip bomb", "bad.json.gz", packed(&vec![b' '; 32 << 20]), &["limit"]),
        ("gzip in gzip", "bad.json.gz", packed(&gzip), &["unreadableFile"]),
        ("gzip that is none", "bad.json.gz", b"\x1f\x8bno".to_vec(), &["unreadableFile"]),
        ("an encrypted zip", "bad.zip", encrypted, &["unreadableFile"]),
        ("a zip that is cut", "bad.zip", zip[..zip.len() - 30].to_vec(), &["unreadableFile"]),
        ("a zip in a zip", "bad.zip", zip_of(&[("in.zip", &zip)]), &["unreadableFile"]),
    ]
}

#[test]
fn every_kind_of_broken_input_costs_itself_and_is_named() {
    let kinds = [texts(), pages(), archives()].concat();
    assert!(kinds.len() >= 60, "{}", kinds.len());
    let mut wrong = Vec::new();
    for (what, file, bytes, problems) in kinds {
        let scene = Scene::of(&[("in/good.json", planned(&[ANA]))]);
        scene.write(&format!("in/{file}"), &bytes);
        let alone = scene.run(&["summary", &format!("in/{file}"), "-q"]);
        if !matches!(alone.code, Some(3 | 4)) || !alone.err.starts_with("bad.") {
            wrong.push(format!("{what} alone: {alone}"));
        }
        let strict = scene.run(&["report", "in", "-o", "strict", "--strict", "-q"]);
        if strict.code != Some(4) || scene.names(".") != ["in"] {
            wrong.push(format!("{what} with --strict: {strict}"));
        }
        let told = Told::of(scene);
        told.keeps_ana(what);
        assert_named(&told, file, what);
        let codes: Vec<String> = told
            .problems()
            .iter()
            .map(|problem| problem.split(' ').next().unwrap_or_default().to_owned())
            .collect();
        let is_named = told.ended.err.lines().all(|line| line.starts_with(file));
        if told.ended.code != Some(3) || codes != problems || !is_named {
            wrong.push(format!(
                "{what}: expected {problems:?}, found {codes:?}: {:?} {}",
                told.ended.code, told.ended.err
            ));
        }
        let page = told.scene.read("out/report.html");
        assert!(page.contains(file), "{what} is not named in the page");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
