//! What is itself nothing is looked into: flows, libraries, logs and people put objects around pages
//! (docs/input-forms.md). Members are looked into at any depth up to `trust::LEVELS`, and strings that hold JSON are read as
//! documents of their own.
//!
//! Whoever types values into a tenant may type JSON. So nothing below an object of a directory is read, and a string
//! only at a key where a body stands; changes that seem to be anywhere else are told, and never taken for changes.

use std::rc::Rc;

use crate::model::{Object, ProblemKind, Transfer};

use super::finder::Finder;
use super::json_batch::facts;
use super::json_string::{bytes_of_a_buffer, error_in, is_lost, json_in, line};
use super::limits::SHORT;
use super::mark::Marks;
use super::members;
use super::neighbour::{self, GraphError, Neighbour};
use super::outline::{Document, Member, Root, Span, escape_pointer, key_text, outline};
use super::page::PageOutline;
use super::reader;
use super::trust::{Nested, Trust};
use super::understood::Embedded;
use super::url;

impl Finder<'_> {
    /// Looks into an object that is nothing itself. Tells whether there is anything in it to use.
    pub(super) fn look_in(&mut self, span: &Span, members: &[Member], pointer: &str, levels: u32) -> bool {
        let before = self.found.len();
        self.lost_pages(members, pointer);
        let pages = self.found.pages.len() + self.found.texts.len();
        self.within(span, |finder| finder.members(span, members, pointer, levels));
        if self.found.pages.len() + self.found.texts.len() > pages {
            self.found.forms.insert("nested");
        }
        self.found.len() != before
    }

    /// Does `look` with the marks of `span`, where there are any.
    fn within(&mut self, span: &Span, look: impl FnOnce(&mut Self)) {
        let outer = self.nested.clone();
        if outer.is_none() {
            self.nested = Nested::of(self.text, span, Trust::Items);
        }
        if self.nested.is_some() {
            look(self);
        }
        self.nested = outer;
    }

    fn members(&mut self, span: &Span, members: &[Member], pointer: &str, levels: u32) {
        let Some(nested) = &mut self.nested else { return };
        nested.trust = nested.trust.min(trust_in(self.text, members));
        if let Some(transfer) = facts(self.text, members) {
            nested.transfer = Some(Box::new(transfer));
        }
        let (marks, trust) = (Rc::clone(&nested.marks), nested.trust);
        if trust == Trust::Nothing || levels == 0 {
            return self.unread(span, pointer);
        }
        if members.iter().any(|member| marks.tells(self.text, &member.key)) {
            self.found.unread(pointer);
        }
        if let Some(content) = bytes_of_a_buffer(self.text, members) {
            self.embedded(content, pointer.to_owned());
            return;
        }
        let is_wrapped = is_wrapped_text(self.text, members);
        let mut any_string = false;
        for member in members.iter().filter(|member| marks.any(&member.value)) {
            let key = key_text(self.text, member);
            // The answer once more, with its head.
            if any_string && key.eq_ignore_ascii_case("RawContent") {
                continue;
            }
            let is_body = is_body_key(&key) || (key == "value" && is_wrapped);
            let pointer = format!("{pointer}/{}", escape_pointer(&key));
            let outer = self.nested.clone();
            if let Some(nested) = &mut self.nested {
                nested.is_body = is_body;
            }
            if self.text[member.value.clone()].starts_with('"') {
                any_string |= self.string(&member.value, &pointer);
            } else {
                self.document(self.outline(member.value.start), &pointer, levels - 1);
            }
            self.nested = outer;
        }
    }

    /// A string that may hold JSON. Tells whether it does, and is read.
    pub(super) fn string(&mut self, span: &Span, pointer: &str) -> bool {
        let is_body = self.nested.as_ref().is_some_and(|nested| nested.is_body);
        let content = is_body.then(|| json_in(&self.text[span.clone()])).flatten();
        match content {
            Some(content) => self.embedded(content, pointer.to_owned()),
            None => self.unread(span, pointer),
        }
        is_body
    }

    /// An element that is a string; in an array that stands by itself it may be a document.
    pub(super) fn string_element(&mut self, span: &Span, pointer: &str) -> bool {
        let before = self.found.len();
        self.within(span, |finder| {
            finder.string(span, pointer);
        });
        self.found.len() != before
    }

    /// The lines of a file as elements of an array, as `Get-Content` gives them: together they are the text. Tells
    /// whether the array is one.
    pub(super) fn lines(&mut self, span: &Span, elements: &[Span], pointer: &str) -> bool {
        let is_open = |line: &str| {
            let start = line.len() - line.trim_start().len();
            line[start..].starts_with(['{', '[']) && outline(line, start).fault.is_some()
        };
        let first = elements.first().filter(|_| elements.len() > 1).and_then(|first| line(self.text, first));
        if !first.is_some_and(|first| is_open(&first)) {
            return false;
        }
        let lines: Option<Vec<String>> = elements.iter().map(|element| line(self.text, element)).collect();
        let Some(lines) = lines else { return false };
        let before = self.found.len();
        self.within(span, |finder| {
            if finder.nested.as_ref().is_some_and(|nested| nested.is_body) {
                finder.embedded(lines.join("\n"), pointer.to_owned());
            }
        });
        self.found.len() != before
    }

    pub(super) fn embedded(&mut self, content: String, pointer: String) {
        let nested = self.nested.as_ref();
        let trust = nested.map_or(Trust::Items, |nested| nested.trust);
        let transfer = nested.and_then(|nested| nested.transfer.clone());
        self.found.texts.push(Embedded { pointer, content, trust, transfer });
    }

    /// Tells of `span`, which is passed over, where it seems to hold changes.
    pub(super) fn unread(&mut self, span: &Span, pointer: &str) {
        let own;
        let marks = match &self.nested {
            Some(nested) => &*nested.marks,
            None => match Marks::of(self.text, span) {
                Some(marks) => {
                    own = marks;
                    &own
                }
                None => return,
            },
        };
        if marks.tells(self.text, span) {
            self.found.unread(pointer);
        } else if marks.tells_of_a_page(self.text, span) {
            self.found.unread_page.get_or_insert_with(|| pointer.to_owned());
        }
    }

    /// Whether a page may be taken for one where it lies. Deep in something else, a list that says nothing of itself
    /// is none.
    pub(super) fn may_be_page(&self, page: &PageOutline) -> bool {
        let Some(nested) = &self.nested else { return true };
        let is_strong = |item: &Span| match outline(self.text, item.start).root {
            Root::Object(members) => is_strong(self.text, &members),
            Root::Array(_) | Root::Scalar => false,
        };
        page.names_function || (nested.trust == Trust::Items && page.items.iter().any(is_strong))
    }

    /// Tells of members that seem to hold changes beside the one by the name of `read`: they are not read.
    pub(super) fn beside_items(&mut self, members: &[Member], read: &str, pointer: &str) {
        for member in members {
            let key = key_text(self.text, member);
            if !key.eq_ignore_ascii_case(read)
                && Marks::of(self.text, &member.value).is_some_and(|m| m.tells_of_a_member(self.text))
            {
                self.found.unread(&format!("{pointer}/{}", escape_pointer(&key)));
            }
        }
    }

    /// Whether an object with a mark of an item may be taken for one where it lies.
    pub(super) fn may_be_item(&self, members: &[Member]) -> bool {
        self.nested
            .as_ref()
            .is_none_or(|nested| nested.trust == Trust::Items && is_strong(self.text, members))
    }

    /// The error in an object that says how a request failed: `{"statusCode":429,"body":{"error":…}}`. Tells whether
    /// there is one.
    pub(super) fn failure(&mut self, members: &[Member], pointer: &str) -> bool {
        let Some(transfer) = facts(self.text, members).filter(Transfer::is_failure) else { return false };
        let error = members.iter().find_map(|member| {
            let key = key_text(self.text, member);
            let is_own = key.eq_ignore_ascii_case("error");
            if is_own || !self.text[member.value.clone()].starts_with(['{', '"']) {
                return None;
            }
            error_in(&self.text[member.value.clone()], is_body_key(&key))
        });
        let status = transfer.status.map(|status| status.to_string());
        let Some(error) = error else {
            // A response by what stands beside its status, without a word of why: told beside pages.
            let has = |name: &str| members.iter().any(|m| key_text(self.text, m).eq_ignore_ascii_case(name));
            if has("headers") && has("body") {
                let error = GraphError { status, ..GraphError::default() };
                self.found.doubtful.push((pointer.to_owned(), Neighbour::Error(error)));
            }
            return false;
        };
        let error = GraphError { status: error.status.or(status), ..error };
        self.neighbour(pointer.to_owned(), Neighbour::Error(error));
        true
    }

    /// What an object is itself in which something was found: its members that are short tell.
    pub(super) fn beside(&mut self, members: &[Member], pointer: &str) {
        let short = members.iter().filter(|member| member.value.len() < SHORT);
        let read = short.filter_map(|member| {
            let key = key_text(self.text, member);
            let value = reader::read(&self.text[member.value.clone()]).ok().filter(|_| key != "value")?.value;
            Some((key, value))
        });
        let found = neighbour::recognise(Object::new(read.collect()).0, pointer);
        for (pointer, found) in found {
            if !matches!(found, Neighbour::Other) {
                self.neighbour(pointer, found);
            }
        }
    }

    /// Tells of bodies and lists of pages of which only the names of types are left.
    fn lost_pages(&mut self, members: &[Member], pointer: &str) {
        let has_status = facts(self.text, members).is_some();
        for member in members {
            let key = key_text(self.text, member);
            if is_page_key(&key) || (has_status && is_body_key(&key)) {
                let own = std::slice::from_ref(&member.value);
                let values = member.elements.as_deref().unwrap_or(own);
                self.lost(values, &format!("{pointer}/{}", escape_pointer(&key)));
            }
        }
    }

    /// Tells of values that are all names of types. Tells whether they are.
    pub(super) fn lost(&mut self, values: &[Span], pointer: &str) -> bool {
        let is_lost = !values.is_empty() && values.iter().all(|value| is_lost(&self.text[value.clone()]));
        if is_lost {
            let problem = ProblemKind::LostPages { values: values.len() as u64 };
            self.found.problems.push((pointer.to_owned(), problem));
        }
        is_lost
    }
}

/// Keys at which tools write what a request was answered with.
fn is_body_key(key: &str) -> bool {
    const BODIES: [&str; 14] = [
        "body",
        "content",
        "data",
        "json",
        "log",
        "output",
        "payload",
        "raw",
        "response",
        "responsebody",
        "result",
        "results",
        "stdout",
        "text",
    ];
    let plain = key.trim_start_matches('$').replace('_', "").to_ascii_lowercase();
    BODIES.contains(&plain.as_str()) || is_page_key(key)
}

/// Keys that say that pages stand there.
fn is_page_key(key: &str) -> bool {
    let lower = key.to_ascii_lowercase();
    ["page", "responses", "getchanges", "getfailedchanges"].iter().any(|start| lower.starts_with(start))
}

/// Whether `value` holds what PowerShell was given a text for: with what it knows of the text, counted, or alone.
fn is_wrapped_text(text: &str, members: &[Member]) -> bool {
    let has = |name: &str| members.iter().any(|member| key_text(text, member) == name);
    members.len() == 1 || has("PSPath") || has("ReadCount") || (members.len() == 2 && has("Count"))
}

/// What may be read below an object with these members.
fn trust_in(text: &str, members: &[Member]) -> Trust {
    // What somebody typed may stand in any of their values.
    const OF_DIRECTORIES: [&str; 6] = [
        "displayname",
        "userprincipalname",
        "activitydisplayname",
        "userdisplayname",
        "appdisplayname",
        "modifiedproperties",
    ];
    let mut trust = Trust::Items;
    for member in members {
        let key = key_text(text, member).to_ascii_lowercase();
        if key.contains("@odata.") || key == "@context" || OF_DIRECTORIES.contains(&&*key.replace('_', "")) {
            return Trust::Nothing;
        }
        if key == "id" || key == "objectid" {
            trust = Trust::Pages;
        }
        // What others answer may be documentation, with pages as examples.
        if key.ends_with("request") && text[member.value.clone()].starts_with('{') {
            let request = &text[member.value.clone()];
            if !url::is_of_the_service(request) && !request.contains("$batch") {
                return Trust::Nothing;
            }
        }
    }
    trust
}

/// Whether an object has what a change has, each of the kind that it is of there: schemas and documentation have the
/// same names.
fn is_strong(text: &str, members: &[Member]) -> bool {
    let mut names: Vec<&str> = Vec::new();
    let mut add = |members: &[Member]| {
        for member in members {
            let Some(name) = members::name_spelled(&key_text(text, member)) else { continue };
            let is_object = text[member.value.clone()].starts_with(['{', '[']);
            let is_of_kind = match name {
                "deltaFromCurrent" | "currentState" => true,
                _ => !is_object,
            };
            if is_of_kind {
                names.push(name);
            }
        }
    };
    add(members);
    for bag in members.iter().filter(|member| members::is_bag(&key_text(text, member))) {
        if let Document { root: Root::Object(members), .. } = outline(text, bag.value.start) {
            add(&members);
        }
    }
    let has = |name: &str| names.contains(&name);
    let is_named = ["id", "objectId", "entityTypeName"].iter().any(|name| has(name));
    is_named && (has("recoveryAction") || (has("deltaFromCurrent") && has("currentState")))
}

#[cfg(test)]
mod tests {
    use super::super::document::{Piece, split_all};
    use super::super::finder::Hints;
    use super::super::limits::Held;
    use super::super::outline::work;
    use super::super::role::understand;
    use super::super::understood::Understood;
    use super::*;
    use crate::model::Json;
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;

    const PAGE: &str = r#"{"@odata.context":"https://x/$metadata#a/getChanges","value":[{"id":"1","recoveryAction":"update"}]}"#;
    const ITEM: &str = r#"{"id":"1","recoveryAction":"update","deltaFromCurrent":{},"currentState":{}}"#;

    fn understood(text: &str) -> Understood {
        match split_all(text).remove(0) {
            Piece::Document(document) => understand(text, document, Hints::default(), &Held::new(u64::MAX)),
            other => panic!("{other:?}"),
        }
    }

    /// Where pages and strings with pages are found, and where something is that was not read.
    fn found(text: &str) -> (Vec<String>, Vec<String>, Option<String>) {
        let found = understood(text);
        let texts = found.texts.into_iter().map(|text| text.pointer).collect();
        let pages = found.pages.into_iter().map(|page| page.pointer).collect();
        (pages, texts, found.unread.map(|(pointer, _)| pointer))
    }

    fn string(text: &str) -> String {
        let mut out = Vec::new();
        Json::String(text.into()).write_to(&mut out);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn pages_are_found_in_whatever_stands_around_them() {
        for (text, pointers) in [
            (format!(r#"{{"statusCode":200,"headers":{{}},"body":{PAGE}}}"#), vec!["/body/value"]),
            (format!(r#"{{"status":200,"headers":{{}},"data":{PAGE},"config":{{}}}}"#), vec!["/data/value"]),
            (format!(r#"{{"a":{PAGE},"b/c":{PAGE}}}"#), vec!["/a/value", "/b~1c/value"]),
            (format!(r#"{{"pages":[{PAGE},{PAGE}]}}"#), vec!["/pages/0/value", "/pages/1/value"]),
            (format!(r#"{{"getChanges":[{ITEM}]}}"#), vec!["/getChanges"]),
            (format!(r#"{{"x":{{"y":{ITEM}}}}}"#), vec!["/x/y"]),
            (format!("[[[[[{PAGE}]]]]]"), vec!["/0/0/0/0/0/value"]),
            (
                format!(r#"[{PAGE},{{"data":{PAGE}}},[{PAGE}]]"#),
                vec!["/0/value", "/1/data/value", "/2/0/value"],
            ),
            (format!(r#"{{"id":"7","body":{PAGE}}}"#), vec!["/body/value"]),
            (format!(r#"{{"value":[],"failed":{PAGE}}}"#), vec!["/failed/value"]),
            (
                format!(r#"{{"responses":[{{"id":"1","stat":200,"body":{PAGE}}}]}}"#),
                vec!["/responses/0/body/value"],
            ),
        ] {
            let expected = pointers.into_iter().map(str::to_owned).collect();
            assert_eq!(found(&text), (expected, vec![], None), "{text}");
        }
    }

    #[test]
    fn strings_are_read_where_a_body_stands() {
        let page = string(PAGE);
        let packed = BASE64_STANDARD.encode(PAGE);
        let bytes: Vec<String> = PAGE.bytes().map(|byte| byte.to_string()).collect();
        for (text, pointers) in [
            (format!("[{page},{page}]"), vec!["/0", "/1"]),
            (format!(r#"{{"value":[{page},{page}],"Count":2}}"#), vec!["/value/0", "/value/1"]),
            (format!(r#"{{"value":{page},"Count":1}}"#), vec!["/value"]),
            (format!(r#"{{"Result":{page},"Id":1}}"#), vec!["/Result"]),
            (
                format!(
                    r#"{{"StatusCode":200,"Content":{page},"RawContent":{}}}"#,
                    string(&format!("HTTP/1.1 200 OK {PAGE}"))
                ),
                vec!["/Content"],
            ),
            (format!(r#"{{"log":{},"stream":"stdout"}}"#, string(ITEM)), vec!["/log"]),
            (format!(r#"{{"$content-type":"x","$content":"{packed}"}}"#), vec!["/$content"]),
            (format!(r#"[{{"value":{page},"PSPath":"x"}}]"#), vec!["/0/value"]),
            (format!(r#"{{"stream":{{"type":"Buffer","data":[{}]}}}}"#, bytes.join(",")), vec!["/stream"]),
            (string(&page), vec![""]),
            (format!(r#"["{{",{},"}}"]"#, string("\"recoveryAction\": 1")), vec![""]),
        ] {
            let expected = pointers.into_iter().map(str::to_owned).collect();
            assert_eq!(found(&text), (vec![], expected, None), "{text}");
        }
    }

    #[test]
    fn what_somebody_typed_is_told_and_never_read() {
        let (page, item) = (string(PAGE), string(ITEM));
        for (text, pointer) in [
            (format!(r#"[{{"id":"u","displayName":{item}}}]"#), "/0"),
            (
                format!(
                    r#"{{"@odata.context":"https://x/$metadata#users","value":[{{"id":"u","aboutMe":{page}}}]}}"#
                ),
                "",
            ),
            (format!(r#"[{{"id":"u","displayName":"x","extensions":[{ITEM}]}}]"#), "/0"),
            (format!(r#"[{{"id":"u","extensions":[{ITEM}]}}]"#), "/0/extensions/0"),
            (format!(r#"{{"activityDisplayName":"x","body":{PAGE}}}"#), ""),
            (format!(r#"[{{"userAgent":{page}}}]"#), "/0/userAgent"),
            (format!(r#"{{"rows":[["x",{page}]]}}"#), "/rows/0/1"),
            (
                format!(r#"{{"request":{{"url":"https://docs.example.com"}},"response":{{"text":{page}}}}}"#),
                "",
            ),
            (
                format!(r#"{{"a":{{"b":{{"c":{{"d":{{"e":{{"f":{{"g":{{"h":{{"i":{PAGE}}}}}}}}}}}}}}}}}}}"#),
                "/a/b/c/d/e/f/g/h",
            ),
            (
                r#"{"properties":{"recoveryAction":{"type":"x"},"deltaFromCurrent":{},"id":{}}}"#.to_owned(),
                "/properties",
            ),
            (format!(r#"{{"value":[{ITEM}],"more":[{ITEM}]}}"#), "/more"),
        ] {
            let (pages, texts, unread) = found(&text);
            let is_page = text.starts_with(r#"{"value""#);
            assert!(pages.len() == usize::from(is_page), "{text}: {pages:?}");
            assert_eq!((texts, unread.as_deref()), (vec![], Some(pointer)), "{text}");
        }
    }

    #[test]
    fn strangers_stay_strangers() {
        for text in [
            r#"{"a":{"value":[]}}"#,
            r#"{"a":{"value":[],"note":"getChanges was asked"}}"#,
            r#"{"a":{"value":[{"id":"1","currentState":"x"}],"note":"getChanges was asked"}}"#,
            r#"{"list":[{"name":"x","value":[]},{"error":{"code":"x","message":"y"}}]}"#,
            r#"{"log":"{\"message\":\"x\"}"}"#,
            r#"{"records":[{"properties":{"requestUri":"https://graph.microsoft.com/v1.0/directory/recovery/snapshots/a/recoveryPreviewJobs/b/getChanges?$top=2","currentState":"x"}}]}"#,
            r#"{"text":"the recoveryAction of a change, and its deltaFromCurrent"}"#,
            r#"{"jobs":[{"failureMessage":"x","currentState":"done","id":"1"}],"getChanges":true}"#,
            r#"{"status":500,"detail":{"a":1}}"#,
            r#"{"x":["System.Object[]"],"y":{"body":"System.Object[]"}}"#,
        ] {
            let found = understood(text);
            assert!(found.pages.is_empty() && found.texts.is_empty() && found.unread.is_none(), "{found:?}");
            assert!(found.neighbours.iter().all(|(_, n)| matches!(n, Neighbour::Other)), "{found:?}");
            assert!(found.problems.is_empty() && !found.neighbours.is_empty(), "{text}: {found:?}");
        }
    }

    #[test]
    fn a_key_that_is_repeated_costs_one_look_each() {
        let members = vec![r#""value":"\"recoveryAction\": 1""#; 2_000];
        let text = format!(r#"{{"x":{{{}}}}}"#, members.join(","));
        let (found, work) = work::of(|| understood(&text));
        assert_eq!(found.unread, Some(("/x/value".to_owned(), 2_000)));
        assert!(work < 20 * text.len(), "{work} bytes for {}", text.len());
    }

    #[test]
    fn a_failure_has_its_status_and_its_error() {
        for (text, code) in [
            (r#"{"statusCode":429,"body":{"error":{"code":"c","message":"m"}}}"#, "c"),
            (r#"{"StatusCode":429,"Content":"{\"error\":{\"code\":\"c\"}}"}"#, "c"),
            (r#"{"status":"429","data":{"Message":"denied"}}"#, ""),
        ] {
            let found = understood(text);
            let [(_, Neighbour::Error(error))] = &found.neighbours[..] else { panic!("{text}: {found:?}") };
            assert_eq!((error.code.as_str(), error.status.as_deref()), (code, Some("429")), "{text}");
        }
        let both =
            understood(&format!(r#"{{"status":500,"body":{{"error":{{"code":"c"}}}},"pages":[{PAGE}]}}"#));
        assert_eq!((both.neighbours.len(), both.pages.len()), (1, 1), "{both:?}");
        let silent = understood(&format!(
            r#"[{{"statusCode":200,"headers":{{}},"body":{PAGE}}},{{"statusCode":500,"headers":{{}},"body":{{}}}}]"#
        ));
        let [(pointer, Neighbour::Error(error))] = &silent.doubtful[..] else { panic!("{silent:?}") };
        assert_eq!((pointer.as_str(), error.status.as_deref(), silent.pages.len()), ("/1", Some("500"), 1));
        let beside = understood(&format!(r#"{{"1":{PAGE},"2":{{"error":{{"code":"c","message":"m"}}}}}}"#));
        assert!(
            matches!(&beside.doubtful[..], [(pointer, Neighbour::Error(_))] if pointer == "/2"),
            "{beside:?}"
        );
    }

    #[test]
    fn jobs_and_sessions_are_found_too() {
        let found = understood(
            r#"{"statusCode":200,"body":{"id":"j","jobStartDateTime":"2026-01-01T00:00:00Z","totalChangedObjects":1}}"#,
        );
        assert!(
            matches!(&found.neighbours[..], [(pointer, Neighbour::Job(_))] if pointer == "/body"),
            "{found:?}"
        );
        let found = understood(r#"{"body":{"driveRestoreArtifacts@delta":[{"id":"a"}]}}"#);
        assert!(matches!(&found.neighbours[..], [(_, Neighbour::RestoreSession(_))]), "{found:?}");
        let sdk = r#"{"Id":"s","AdditionalProperties":{"driveRestoreArtifacts@delta":[{"id":"a"}]}}"#;
        for text in [sdk.to_owned(), format!(r#"{{"body":{sdk}}}"#), format!("[{sdk}]")] {
            assert_eq!(understood(&text).neighbours.len(), 1, "once: {text}");
        }
        let made_here = format!(r#"{{"tool":{{"name":"entra-diff"}},"x":{PAGE}}}"#);
        assert!(matches!(&understood(&made_here).neighbours[..], [(_, Neighbour::OwnMaking)]));
    }

    #[test]
    fn facts_of_the_transfer_come_with_the_page() {
        let text = format!(
            r#"{{"statusCode":200,"headers":{{"Date":"Tue, 17 Nov 2026 08:00:01 GMT","Set-Cookie":"hush"}},"body":{PAGE}}}"#
        );
        let transfer = understood(&text).pages.remove(0).transfer.expect("facts");
        assert_eq!((transfer.status, transfer.date.as_deref()), (Some(200), Some("2026-11-17T08:00:01Z")));
    }
}
