//! One export in every form in which people save it: the same object changes, and exit 0.

mod archives;
mod damage;
mod recordings;
mod spellings;
mod texts;
mod wrappers;

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::scene::Scene;
pub(crate) use spellings::windows_powershell;

/// A clean page of the samples.
pub(crate) struct Page {
    /// The function that it answers, also the folder it lies in.
    pub(crate) function: &'static str,
    /// The file's name without its extension.
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn value(&self) -> Value {
        serde_json::from_str(&self.text).expect("a page is JSON")
    }

    /// `getChanges/getChanges-1.json`, with another extension.
    pub(crate) fn file(&self, extension: &str) -> String {
        format!("{}/{}{extension}", self.function, self.name)
    }
}

/// The pages of the samples in their order.
pub(crate) fn pages() -> Vec<Page> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut pages = Vec::new();
    for function in ["getChanges", "getFailedChanges"] {
        for number in 1.. {
            let name = format!("{function}-{number}");
            let Ok(text) = fs::read_to_string(samples.join(format!("{function}/{name}.json"))) else { break };
            pages.push(Page { function, name, text });
        }
    }
    assert_eq!(pages.len(), 7, "the samples have seven pages");
    pages
}

/// Files with their paths.
pub(crate) type Files = Vec<(String, Vec<u8>)>;

/// A file for each page.
pub(crate) fn each(extension: &str, form: impl Fn(&Page) -> Vec<u8>) -> Files {
    pages().iter().map(|page| (page.file(extension), form(page))).collect()
}

/// One file for all pages.
pub(crate) fn together(name: &str, bytes: impl Into<Vec<u8>>) -> Files {
    vec![(name.to_owned(), bytes.into())]
}

/// Values, each on a line of its own.
pub(crate) fn lines(values: &[Value]) -> String {
    values.iter().map(|value| format!("{value}\n")).collect::<Vec<_>>().concat()
}

/// How much of an export a form keeps.
#[derive(Clone, Copy, PartialEq)]
enum Keeps {
    /// Everything, in its order.
    All,
    /// Everything; keys, and with them rows, stand in another order.
    NotTheOrderOfKeys,
    /// Everything; inside a value that is shown whole, an annotation is spelled as it was received.
    NotTheSpellingOfAnnotations,
    /// The items; the ids of snapshot and job are lost with the page around them.
    Items,
}

/// The forms: what is said of each in `summary.json`, what it keeps, and its files.
fn forms() -> Vec<(&'static str, &'static str, Keeps, Files)> {
    use Keeps::{All, Items, NotTheOrderOfKeys, NotTheSpellingOfAnnotations};
    let mut forms = vec![
        ("as the service sent it", "page", All, each(".json", |page| page.text.clone().into_bytes())),
        ("by another extension", "page", All, each(".txt", |page| page.text.clone().into_bytes())),
        ("UTF-8 with byte order mark", "utf-8-bom", All, each(".json", texts::utf8_bom)),
        ("UTF-16LE with byte order mark", "utf-16le-bom", All, each(".json", texts::utf16le_bom)),
        ("UTF-16LE without", "utf-16le", All, each(".txt", texts::utf16le)),
        ("UTF-16BE with byte order mark", "utf-16be-bom", All, each(".json", texts::utf16be_bom)),
        ("UTF-16BE without", "utf-16be", All, each(".txt", texts::utf16be)),
        ("UTF-32LE with byte order mark", "utf-32le-bom", All, each(".json", texts::utf32le_bom)),
        ("UTF-16 behind UTF-8", "utf-8+utf-16le", All, texts::appended(false)),
        ("UTF-16 behind UTF-16, each with its mark", "utf-16le-bom", All, texts::appended(true)),
        ("CRLF", "page", All, each(".json", texts::crlf)),
        ("in one line", "page", All, each(".json", texts::in_one_line)),
        ("comments", "page", All, each(".jsonc", texts::comments)),
        ("curl -i", "httpHead", All, each(".txt", texts::curl_i)),
        ("curl -i behind a proxy and a redirect", "httpHead", All, each(".txt", texts::curl_i_several)),
        ("curl -v, both streams in one file", "httpHead", All, each(".log", texts::curl_v)),
        ("pasted from documentation", "httpHead", All, each(".txt", texts::pasted_head)),
        ("several heads and pages in one file", "httpHead", All, texts::heads_together()),
        ("a transcript of requests and responses", "httpHead", All, texts::transcript()),
        ("fences of Markdown", "markdown", All, each(".txt", texts::fenced)),
        ("a terminal's colours", "colours", All, each(".json", texts::coloured)),
        ("back to back", "concatenated", All, texts::concatenated()),
        ("a page a line", "ndjson", All, texts::page_lines()),
        ("an array of pages", "pageArray", All, texts::page_array()),
        ("a page as a JSON string", "jsonText", All, each(".json", texts::json_string)),
        ("a page as Get-Content's string", "jsonText", All, each(".json", texts::get_content)),
        ("the items alone", "itemArray", Items, texts::items_alone()),
        ("an item a line", "item", Items, texts::item_lines()),
        ("gzip", "gzip+page", All, each(".json.gz", archives::gzip)),
        ("gzip of two members", "gzip+page", All, each(".json.gz", archives::gzip_of_two)),
        ("gzip of UTF-16", "utf-16le-bom", All, each(".gz", archives::gzip_of_utf16)),
        ("zip", "zip", All, archives::zip(|page| page.file(".json"), |page| page.text.clone().into_bytes())),
        ("zip with a folder around and backslashes", "zip", All, archives::zip_of_windows()),
        ("zip of UTF-16", "utf-16le-bom", All, archives::zip(|page| page.file(".txt"), texts::utf16le_bom)),
        ("HAR of Graph Explorer", "har", All, recordings::graph_explorer()),
        ("HAR of a browser", "har", All, recordings::browser()),
        ("HAR of a proxy, bodies packed", "har", All, recordings::proxy()),
        ("HARs and a page behind one another", "concatenated+har+page", All, recordings::several()),
        ("an array of HARs as a JSON string", "har+jsonText", All, recordings::array()),
        ("HAR in gzip", "gzip+har", All, recordings::packed()),
        ("$batch", "batch", All, recordings::batch(false)),
        ("$batch in another order", "batch", All, recordings::batch(true)),
        ("parts of $batch, one a line", "batch", All, recordings::parts()),
        ("a $batch in a HAR", "batch+har", All, recordings::batch_in_a_har()),
        ("PowerShell's wrapper of an array", "wrapper", All, spellings::wrapped()),
        ("Windows PowerShell's ConvertTo-Json", "page", All, each(".json", spellings::windows_powershell)),
        ("the SDK's PascalCase", "sdk", All, each(".json", spellings::pascal_case)),
        ("Kiota's additionalData", "sdk", All, each(".json", spellings::kiota)),
        ("Kiota for Python", "sdk", All, each(".json", spellings::python)),
        ("short control keys", "page", NotTheSpellingOfAnnotations, each(".json", spellings::short_keys)),
        ("delta in OData 4.0", "page", All, each(".json", spellings::odata_delta)),
        ("sorted keys", "page", NotTheOrderOfKeys, each(".json", spellings::sorted)),
        ("keys back to front", "page", NotTheOrderOfKeys, each(".json", spellings::reversed)),
    ];
    forms.extend(wrapped_forms());
    forms
}

/// Forms that stand in something else.
fn wrapped_forms() -> Vec<(&'static str, &'static str, Keeps, Files)> {
    use Keeps::{All, Items};
    vec![
        ("Kiota's nodes for Python", "page", All, each(".json", wrappers::nodes)),
        ("the outputs of a flow", "nested+page", All, wrappers::flow()),
        ("a file in a flow", "jsonText", All, wrappers::content()),
        ("what axios gives", "nested+page", All, wrappers::axios()),
        ("Invoke-WebRequest in ConvertTo-Json", "jsonText+nested", All, wrappers::invoke_web_request()),
        ("a task of .NET", "jsonText+nested", All, wrappers::task()),
        ("an array of strings", "jsonText", All, wrappers::strings()),
        ("a string in a string", "jsonText", All, wrappers::string_in_a_string()),
        ("the lines of Get-Content", "jsonText", All, wrappers::lines()),
        ("pages by their names", "nested+page", All, wrappers::by_name()),
        ("pages in a member", "nested+pageArray", All, wrappers::under_pages()),
        ("arrays five deep", "pageArray", All, wrappers::deep_arrays()),
        ("items by function", "itemArray+nested", Items, wrappers::by_function()),
        ("a container's log", "jsonText", Items, wrappers::container_log()),
        ("a collection of Postman", "jsonText+nested", All, wrappers::postman()),
        ("a run of newman", "jsonText+nested", All, wrappers::newman()),
        ("an export of Insomnia", "jsonText+nested", All, wrappers::insomnia()),
        ("a $batch of strings", "batch+jsonText", All, wrappers::batch_of_strings()),
    ]
}

/// The lines of `changes.ndjson`, without what a form cannot keep.
fn changes(text: &str, keeps: Keeps) -> Vec<Value> {
    let text = match keeps {
        Keeps::NotTheSpellingOfAnnotations => text.replace("@odata.", "@"),
        _ => text.to_owned(),
    };
    let mut lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    for line in &mut lines {
        let members = line.as_object_mut().expect("an object");
        assert!(members.shift_remove("source").is_some());
        if keeps == Keeps::NotTheOrderOfKeys {
            // The same operations, in the order of the same keys.
            members.sort_keys();
            for rows in ["changes", "patch"] {
                if let Some(rows) = members.get_mut(rows).and_then(Value::as_array_mut) {
                    rows.iter_mut().for_each(Value::sort_all_objects);
                    rows.sort_by_key(Value::to_string);
                }
            }
        }
        if keeps == Keeps::Items {
            // Which plans a failure may belong to is told by the ids, and by whether the failed ones are all there.
            for name in ["snapshotId", "snapshotDateTime", "jobId", "outcome"] {
                members.shift_remove(name);
            }
        }
    }
    lines.sort_by_key(|line| {
        (line["function"].to_string(), line["id"].to_string(), line["recoveryAction"].to_string())
    });
    lines
}

fn clean() -> String {
    let scene = Scene::of(
        &each(".json", |page| page.text.clone().into_bytes())
            .iter()
            .map(|(name, bytes)| (name.as_str(), bytes))
            .collect::<Vec<_>>(),
    );
    let ended = scene.run(&["report", ".", "-o", "-", "-f", "ndjson", "-q"]);
    assert_eq!(ended.code, Some(0), "{ended}");
    ended.out
}

#[test]
fn every_form_of_an_export_gives_the_same_object_changes() {
    let clean = clean();
    assert_eq!(clean.lines().count(), 88);
    for (what, told, keeps, files) in forms() {
        let scene = Scene::of::<&str>(&[]);
        for (path, bytes) in &files {
            scene.write(&format!("in/{path}"), bytes);
        }
        let ended = scene.run(&["report", "in", "-o", "out", "-f", "ndjson,json"]);
        assert_eq!(ended.code, Some(0), "{what}: {ended}");
        let found = changes(&scene.read("out/changes.ndjson"), keeps);
        let expected = changes(&clean, keeps);
        assert_eq!(found.len(), expected.len(), "{what}");
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found, expected, "{what}");
        }
        let summary = scene.json("out/summary.json");
        let inputs = summary["inputs"].as_array().expect("inputs");
        let says = |input: &Value| {
            [&input["form"], &input["encoding"]]
                .iter()
                .any(|said| said.as_str().is_some_and(|said| said.contains(told)))
        };
        assert!(inputs.iter().any(says), "{what}: {told} is not in {inputs:#?}");
        let checked = scene.run(&["verify", "out", "--inputs", "in"]);
        assert_eq!(checked.code, Some(0), "{what}: {checked}");
    }
}
