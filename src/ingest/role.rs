//! What a document is: pages, an item, neighbours of the pages, or nothing that can be used.

use std::collections::BTreeSet;

use crate::model::{Json, ProblemKind, Transfer};

use super::json_batch::{self, Part, Requests};
use super::neighbour::{self, GraphError, Neighbour};
use super::outline::{Document, Member, Root, Span, outline};
use super::page::{PageOutline, has_bag, has_item_mark, is_bare_object, key_text, page, within};
use super::reader::{self, Read, ReadError, ReadErrorKind};
use super::restore_session;
use super::url;

/// What a document turned out to hold.
#[derive(Debug, Default)]
pub(super) struct Understood {
    pub(super) pages: Vec<PageOutline>,
    /// The document is one item.
    pub(super) item: Option<Span>,
    /// Jobs, snapshots, errors and others, each with its pointer.
    pub(super) neighbours: Vec<(String, Neighbour)>,
    /// How the items stand in it, by the names of docs/input-forms.md.
    pub(super) forms: BTreeSet<&'static str>,
    /// Not JSON: nothing in it could be used.
    pub(super) broken: Option<ReadError>,
}

/// Arrays in arrays are looked into so deep; PowerShell wraps one or two around what it was given.
const ARRAY_LEVELS: u32 = 3;

/// What is known of a document from outside.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hints<'h> {
    /// Whether the file's path or the request's URL names one of the functions.
    pub(super) names_function: bool,
    /// The requests, if it is the response to a `$batch` that was saved with them.
    pub(super) requests: Option<&'h Requests>,
}

/// Finds out what `document` is.
pub(super) fn understand(text: &str, document: Document, hints: Hints<'_>) -> Understood {
    let mut found = Finder { text: &text[..document.limit], hints, found: Understood::default() };
    found.document(document, "", ARRAY_LEVELS);
    found.found
}

struct Finder<'t> {
    text: &'t str,
    hints: Hints<'t>,
    found: Understood,
}

/// What an element of an array looks like.
enum Element {
    Page(Box<PageOutline>),
    Item,
    Array,
    Other,
}

impl Finder<'_> {
    fn neighbour(&mut self, pointer: String, neighbour: Neighbour) {
        self.found.neighbours.push((pointer, neighbour));
    }

    fn document(&mut self, document: Document, pointer: &str, levels: u32) {
        match &document.root {
            Root::Object(_) => self.object(document, pointer),
            Root::Array(_) => self.array(document, pointer, levels),
            Root::Scalar => self.neighbour(pointer.to_owned(), Neighbour::Other),
        }
    }

    fn object(&mut self, document: Document, pointer: &str) {
        let Document { span, root: Root::Object(members), fault, open_element, .. } = document else {
            return;
        };
        let names_function = self.hints.names_function;
        if let Some(page) = page(self.text, span.clone(), &members, fault, pointer, names_function) {
            let is_wrapper = !page.enveloped && page.pointer != pointer;
            self.found.forms.insert(if page.enveloped { "page" } else { "itemArray" });
            self.found.forms.extend(is_wrapper.then_some("wrapper"));
            self.found.forms.extend(page.is_sdk.then_some("sdk"));
            self.found.pages.push(page);
            // Nobody saves both in one object; if somebody did, neither is lost.
            let session = restore_session::readable(self.text, &members);
            let session = session.and_then(|session| restore_session::restore_session(&session, ""));
            self.found.neighbours.extend(session.map(|s| (String::new(), Neighbour::RestoreSession(s))));
            return;
        }
        let is_cut = fault.is_some_and(|fault| fault.kind == ReadErrorKind::Cut);
        if has_item_mark(self.text, &members) && !is_cut {
            self.found.forms.insert("item");
            self.found.forms.extend(has_bag(self.text, &span).then_some("sdk"));
            if pointer.is_empty() {
                self.found.item = Some(span);
            } else {
                self.alone(&span, pointer.to_owned());
            }
            return;
        }
        if self.batch(&members, fault, open_element, pointer) || self.wrapped(&members, fault, pointer) {
            return;
        }
        match reader::read(&self.text[span.clone()]) {
            Ok(read) => {
                self.other_object(read, pointer);
            }
            Err(error) => {
                if let Some(session) = restore_session::readable(self.text, &members) {
                    self.found.neighbours.extend(neighbour::recognise(session, pointer));
                }
                self.found.broken = Some(fault.unwrap_or(within(self.text, error, &span)));
            }
        }
    }

    /// The responses of a `$batch`, or one of them alone. Tells whether there are any.
    fn batch(
        &mut self,
        members: &[Member],
        fault: Option<ReadError>,
        open_element: Option<usize>,
        pointer: &str,
    ) -> bool {
        if let Some(part) = json_batch::part(self.text, members, true, self.hints.requests) {
            self.part(&part, pointer);
            return true;
        }
        let responses =
            members.iter().find(|member| key_text(self.text, member).eq_ignore_ascii_case("responses"));
        let Some(elements) = responses.and_then(|responses| responses.elements.as_ref()) else {
            return false;
        };
        let key = responses.map(|responses| key_text(self.text, responses)).unwrap_or_default();
        let part_of = |element: &Span| match outline(self.text, element.start).root {
            Root::Object(members) => json_batch::part(self.text, &members, false, self.hints.requests),
            Root::Array(_) | Root::Scalar => None,
        };
        let parts: Vec<Option<Part>> = elements.iter().map(part_of).collect();
        if parts.iter().all(Option::is_none) && open_element.is_none() {
            return false;
        }
        for (position, (element, part)) in elements.iter().zip(parts).enumerate() {
            let pointer = format!("{pointer}/{key}/{position}");
            match part {
                Some(part) => self.part(&part, &pointer),
                None if self.other(element, &pointer) => {}
                None => self.neighbour(pointer, Neighbour::Other),
            }
        }
        if let Some(start) = open_element {
            // What the cut went through may have whole items.
            let body = self.text[start..].find(r#""body""#).map(|key| start + key + r#""body""#.len());
            let body = body.and_then(|behind| Some(behind + self.text[behind..].find('{')?));
            let pointer = format!("{pointer}/{key}/{}", elements.len());
            if let Some(body) = body {
                let part = Part { transfer: Transfer::default(), body: Some(body..self.text.len()) };
                self.part(&part, &pointer);
            }
        }
        self.found.forms.insert("batch");
        match fault {
            Some(fault) if self.found.pages.is_empty() => self.found.broken = Some(fault),
            fault => self.blame(fault),
        }
        true
    }

    /// One response of a batch: what its body is, and whether it failed.
    fn part(&mut self, part: &Part, pointer: &str) {
        self.found.forms.insert("batch");
        if json_batch::is_foreign(self.text, part, self.hints.requests) {
            return self.neighbour(pointer.to_owned(), Neighbour::Other);
        }
        let (url, text) = (part.transfer.url.as_deref(), self.text);
        let names_function =
            self.hints.names_function || url.is_some_and(|url| url::function_named_in(url).is_some());
        let mut inner =
            Finder { text, hints: Hints { names_function, requests: None }, found: Understood::default() };
        if let Some(body) = &part.body {
            let document = outline(text, body.start);
            inner.document(document, &format!("{pointer}/body"), ARRAY_LEVELS);
        }
        let Understood { mut pages, mut neighbours, forms, broken, .. } = inner.found;
        // A list without elements that says nothing of itself may answer any request.
        pages.retain(|page| names_function || page.context.is_some() || !page.items.is_empty());
        for page in &mut pages {
            page.transfer.get_or_insert_with(|| Box::new(part.transfer.clone()));
        }
        let status =
            part.transfer.status.filter(|_| part.transfer.is_failure()).map(|status| status.to_string());
        if status.is_some() {
            let is_error = |(_, neighbour): &(String, Neighbour)| matches!(neighbour, Neighbour::Error(_));
            if !neighbours.iter().any(is_error) && pages.is_empty() {
                let error = GraphError { status: None, code: String::new(), message: String::new() };
                neighbours = vec![(pointer.to_owned(), Neighbour::Error(error))];
            }
            for (_, neighbour) in &mut neighbours {
                if let Neighbour::Error(error) = neighbour {
                    error.status = error.status.take().or_else(|| status.clone());
                }
            }
        }
        if !pages.is_empty() {
            self.found.forms.extend(forms);
        }
        self.found.broken = self.found.broken.or(broken);
        self.found.pages.extend(pages);
        self.found.neighbours.extend(neighbours);
    }

    /// An element of an array that is neither page nor item nor array. Tells whether it is an object that can be read.
    fn other(&mut self, element: &Span, pointer: &str) -> bool {
        let Document { root, fault, open_element, .. } = outline(self.text, element.start);
        let Root::Object(members) = root else { return false };
        if self.batch(&members, fault, open_element, pointer) {
            return true;
        }
        reader::read(&self.text[element.clone()]).is_ok_and(|read| self.other_object(read, pointer))
    }

    /// An object that is neither page nor item; tells whether it is an object at all.
    fn other_object(&mut self, read: Read<'_>, pointer: &str) -> bool {
        let Json::Object(object) = read.value else { return false };
        let mut neighbours = neighbour::recognise(object, pointer);
        let session = neighbours.iter_mut().find_map(|(_, neighbour)| match neighbour {
            Neighbour::RestoreSession(session) => Some(session),
            _ => None,
        });
        if let Some(session) = session {
            // Of other neighbours only known members are used.
            let keys = read.repeated_keys.into_iter();
            let keys = keys.map(|key| ProblemKind::DuplicateKey { key: key.into_owned() });
            let surrogate = read.lone_surrogate.then_some(ProblemKind::LoneSurrogate);
            session.problems.extend(keys.chain(surrogate).map(|problem| (pointer.to_owned(), problem)));
        }
        self.found.neighbours.extend(neighbours);
        true
    }

    /// Pages or items in the `value` of an object that is no page: an array that PowerShell wrapped. Tells
    /// whether there are any.
    fn wrapped(&mut self, members: &[Member], fault: Option<ReadError>, pointer: &str) -> bool {
        let value = members.iter().find(|member| key_text(self.text, member) == "value");
        let Some(value) = value.filter(|value| value.elements.is_some()) else { return false };
        let hints = Hints { names_function: false, ..self.hints };
        let mut inner = Finder { text: self.text, hints, found: Understood::default() };
        inner.array(outline(self.text, value.value.start), &format!("{pointer}/value"), ARRAY_LEVELS - 1);
        if inner.found.pages.is_empty() {
            return false;
        }
        self.found = inner.found;
        self.found.forms.insert("wrapper");
        self.blame(fault);
        true
    }

    fn array(&mut self, document: Document, pointer: &str, levels: u32) {
        let Document { span, root: Root::Array(mut elements), fault, open_element, .. } = document else {
            return;
        };
        let kind_of =
            |(position, element): (usize, &Span)| self.element(element, &format!("{pointer}/{position}"));
        let mut kinds: Vec<Element> = elements.iter().enumerate().map(kind_of).collect();
        let whole = elements.len();
        if let Some(start) = open_element {
            // What the cut went through is no element, but may hold some.
            let open = start..self.text.len();
            let kind = self.element(&open, &format!("{pointer}/{whole}"));
            if matches!(kind, Element::Page(_) | Element::Array) {
                elements.push(open);
                kinds.push(kind);
            }
        }
        let any = |wanted: fn(&Element) -> bool| kinds.iter().any(wanted);
        if any(|kind| matches!(kind, Element::Page(_))) {
            self.pages(&elements, kinds, pointer);
            self.blame(fault);
        } else if any(|kind| matches!(kind, Element::Item)) {
            elements.truncate(whole);
            self.found.forms.insert("itemArray");
            self.found.forms.extend(elements.first().filter(|item| has_bag(self.text, item)).map(|_| "sdk"));
            let (pointer, is_array) = (pointer.to_owned(), true);
            let page =
                PageOutline { span, pointer, is_array, items: elements, fault, ..PageOutline::default() };
            self.found.pages.push(page);
        } else {
            self.others(&elements, &kinds, pointer, levels);
            let error = || reader::read(&self.text[span.clone()]).err();
            if !self.found.pages.is_empty() {
                self.blame(fault);
            } else if let Some(error) = error() {
                self.found.broken = Some(fault.unwrap_or(within(self.text, error, &span)));
            }
        }
    }

    /// Gives a fault that is no page's own to the page before it.
    fn blame(&mut self, fault: Option<ReadError>) {
        let Some(fault) = fault else { return };
        let is_told = |page: &PageOutline| page.fault.is_some_and(|told| told.at >= fault.at);
        if self.found.pages.iter().any(is_told) {
            return;
        }
        let before = self.found.pages.iter_mut().rev().find(|page| page.span.start <= fault.at);
        if let Some(page) = before {
            page.fault.get_or_insert(fault);
        }
    }

    fn element(&self, element: &Span, pointer: &str) -> Element {
        let Document { root, fault, .. } = outline(self.text, element.start);
        match root {
            Root::Array(_) => Element::Array,
            Root::Scalar => Element::Other,
            Root::Object(members) => {
                match page(self.text, element.clone(), &members, fault, pointer, false) {
                    Some(page) => Element::Page(Box::new(page)),
                    None if has_item_mark(self.text, &members) => Element::Item,
                    None if self.hints.names_function && is_bare_object(self.text, &members) => Element::Item,
                    None => Element::Other,
                }
            }
        }
    }

    /// An array with pages in it; what is no page beside them is a neighbour, or an item that stands alone,
    /// so that none is lost.
    fn pages(&mut self, elements: &[Span], kinds: Vec<Element>, pointer: &str) {
        self.found.forms.insert("pageArray");
        for (position, (element, kind)) in elements.iter().zip(kinds).enumerate() {
            let pointer = format!("{pointer}/{position}");
            match kind {
                Element::Page(page) => {
                    self.found.forms.extend(page.is_sdk.then_some("sdk"));
                    self.found.pages.push(*page);
                }
                Element::Other if self.other(element, &pointer) => {}
                Element::Other | Element::Item | Element::Array => self.alone(element, pointer),
            }
        }
    }

    /// A page around one element.
    fn alone(&mut self, element: &Span, pointer: String) {
        let (span, items) = (element.clone(), vec![element.clone()]);
        self.found.pages.push(PageOutline { span, pointer, items, ..PageOutline::default() });
    }

    /// An array without pages and items of its own: of arrays, of neighbours, or of something else.
    fn others(&mut self, elements: &[Span], kinds: &[Element], pointer: &str, levels: u32) {
        let mut unused = Vec::new();
        for (position, (element, kind)) in elements.iter().zip(kinds).enumerate() {
            let pointer = format!("{pointer}/{position}");
            if matches!(kind, Element::Array) && levels > 1 {
                let (pages, neighbours) = (self.found.pages.len(), self.found.neighbours.len());
                self.array(outline(self.text, element.start), &pointer, levels - 1);
                if (pages, neighbours) != (self.found.pages.len(), self.found.neighbours.len()) {
                    continue;
                }
            } else if self.other(element, &pointer) {
                continue;
            }
            unused.push((element, pointer));
        }
        if !self.found.pages.is_empty() {
            // Beside changes, what is none is told.
            self.found.broken = None;
            for (element, pointer) in unused {
                self.alone(element, pointer);
            }
        } else if self.found.neighbours.is_empty() {
            self.neighbour(pointer.to_owned(), Neighbour::Other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::document::{Piece, split};
    use super::*;

    fn understood(text: &str) -> Understood {
        match split(text, 0).remove(0) {
            Piece::Document(document) => understand(text, document, Hints::default()),
            other => panic!("{other:?}"),
        }
    }

    fn pages(text: &str) -> Vec<PageOutline> {
        let found = understood(text);
        assert!(!found.pages.is_empty(), "no page: {text}: {found:?}");
        found.pages
    }

    fn is_none(text: &str) -> bool {
        let found = understood(text);
        found.pages.is_empty()
            && found.item.is_none()
            && found.broken.is_none()
            && !found.neighbours.is_empty()
    }

    #[test]
    fn an_envelope_is_read_in_every_spelling() {
        for text in [
            r#"{"@odata.context":"c/getChanges","@odata.nextLink":"n","@odata.count":"7","value":[{}]}"#,
            r#"{"VALUE":[{}],"@COUNT":7,"@nextLink":"n","@context":"c/getChanges"}"#,
            r#"{"odata.metadata":"c/getChanges","nextLink":"n","value":[{}],"@odata.count":7}"#,
        ] {
            let page = pages(text).remove(0);
            let read = (page.context.as_deref(), page.next_link.as_deref(), page.count, page.items.len());
            assert_eq!(read, (Some("c/getChanges"), Some("n"), Some(7), 1), "{text}");
        }
    }

    #[test]
    fn items_are_found_without_a_page_around_them() {
        assert!(!pages(r#"[{"recoveryAction":"update"},7]"#)[0].enveloped);
        assert!(understood(r#"{"id":"1","currentState":{}}"#).item.is_some());
        assert!(!pages(r#"{"value":[{"currentState":{}}],"Count":1}"#)[0].enveloped);
        let several = pages(r#"[{"@context":"x/getChanges","value":[]},{"id":"1","currentState":{}}]"#);
        assert_eq!(several.iter().map(|page| page.pointer.as_str()).collect::<Vec<_>>(), ["/0/value", "/1"]);
    }

    #[test]
    fn an_empty_page_is_a_page_and_a_list_of_something_else_is_none() {
        assert_eq!(pages(r#"{"value":[]}"#)[0].items.len(), 0);
        for text in [
            r#"{"@odata.context":"https://x/$metadata#users","value":[{"id":"1"}]}"#,
            r#"{"@odata.context":"https://x/$metadata#users","value":[]}"#,
            r#"{"value":[{"id":"1","displayName":"x"}]}"#,
            "[1,2]",
            r#"{"a":1}"#,
            "7",
            "[]",
            r#"{"@context":"https://x/$metadata#directory/recovery/snapshots('a')/recoveryJobs","value":[{"id":"1"}]}"#,
        ] {
            assert!(is_none(text), "{text}");
        }
    }

    #[test]
    fn the_last_of_a_repeated_key_is_used_and_told() {
        let page = pages(r#"{"@odata.nextLink":"a","value":[],"@odata.nextLink":"b"}"#).remove(0);
        assert_eq!(page.next_link.as_deref(), Some("b"));
        assert_eq!(page.repeated_keys, ["@odata.nextLink"]);
    }

    #[test]
    fn a_page_cut_before_its_items_is_still_a_page() {
        let page = pages(r#"{"@odata.context":"https://x/getChanges","val"#).remove(0);
        assert!(page.fault.is_some() && page.items.is_empty());
        assert!(understood(r#"{"@odata.con"#).broken.is_some());
    }

    #[test]
    fn a_neighbour_beside_pages_is_no_change() {
        let found = understood(
            r#"[{"@context":"x/getChanges","value":[]},{"id":"j","jobStartDateTime":"2026-01-01T00:00:00Z"},
                {"error":{"code":"c"}},{"id":"u","displayName":"x"}]"#,
        );
        assert_eq!(found.pages.len(), 1);
        let pointers: Vec<&str> = found.neighbours.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(pointers, ["/1", "/2", "/3"]);
    }

    #[test]
    fn a_cut_array_of_pages_keeps_the_whole_items_of_the_cut_page() {
        let pages = pages(
            r#"[{"@context":"x/getChanges","value":[{}]},{"@context":"x/getFailedChanges","value":[{"id":"1"},{"id"#,
        );
        let facts: Vec<_> = pages.iter().map(|page| (page.items.len(), page.fault.is_some())).collect();
        assert_eq!(facts, [(1, false), (1, true)]);
    }

    #[test]
    fn arrays_around_arrays_are_looked_into() {
        assert_eq!(pages(r#"[[{"currentState":{}}]]"#)[0].pointer, "/0");
        assert_eq!(
            pages(r#"{"value":[{"@context":"x/getChanges","value":[]}],"Count":1}"#)[0].pointer,
            "/value/0/value"
        );
    }

    #[test]
    fn one_bad_item_or_a_cut_costs_no_wrapped_array() {
        for (text, items) in [
            (r#"[[{"currentState":{}},{bad},{"currentState":{}}]]"#, 3),
            (r#"[[{"currentState":{}},{"currentState":{}},{"id""#, 2),
            (r#"{"value":[{"@context":"x/getChanges","value":[{},{}]}],"Count":2"#, 2),
            (r#"{"value":[{"@context":"x/getChanges","value":[{},{bad}]}],"Count":2}"#, 2),
            (r#"[[{"currentState":{}}],7,[[[[{"currentState":{}}]]]]]"#, 3),
        ] {
            let found: usize = pages(text).iter().map(|page| page.items.len()).sum();
            assert_eq!(found, items, "{text}");
        }
    }

    #[test]
    fn an_error_beside_items_is_kept() {
        let page = pages(r#"{"value":[{"currentState":{}}],"error":{"code":"Timeout"}}"#).remove(0);
        assert_eq!(page.error.map(|error| error.code).as_deref(), Some("Timeout"));
        let alone = understood(r#"{"@odata.context":"x/getChanges","error":{"code":"c"}}"#);
        assert!(matches!(&alone.neighbours[..], [(_, Neighbour::Error(_))]), "{alone:?}");
        assert!(matches!(&understood(r#"{"error":null}"#).neighbours[..], [(_, Neighbour::Other)]));
    }

    #[test]
    fn a_page_without_value_is_told() {
        let page = pages(r#"{"@odata.context":"x/getFailedChanges","Items":[{}]}"#).remove(0);
        assert!(page.lacks_value && page.items.is_empty());
    }

    #[test]
    fn an_sdk_object_is_a_change_only_if_its_bag_says_so() {
        assert!(is_none(r#"[{"Id":"u","DisplayName":"x","AdditionalProperties":{}}]"#));
        assert_eq!(pages(r#"[{"Id":"u","AdditionalProperties":{"currentState":{}}}]"#)[0].items.len(), 1);
    }

    #[test]
    fn a_session_that_is_cut_or_has_a_bad_element_keeps_the_others() {
        for (text, artifacts, problems) in [
            (r#"{"id":"s","driveRestoreArtifacts@delta":[{"id":"a"},{"id":"b"},{"id"#, 2, 0),
            (r#"{"driveRestoreArtifacts@delta":[{"id":"a"},{"id":nope},{"id":"c"}],"status":"draft"}"#, 2, 1),
            (r#"{"driveRestoreArtifacts@delta":[{"id":"a"}],"status":nope}"#, 1, 0),
        ] {
            let found = understood(text);
            assert!(found.broken.is_some(), "{text}");
            let [(_, Neighbour::RestoreSession(session))] = &found.neighbours[..] else {
                panic!("{found:?}")
            };
            assert_eq!((session.artifacts.len(), session.problems.len()), (artifacts, problems), "{text}");
        }
    }

    #[test]
    fn a_session_is_no_change_wherever_it_lies() {
        let list =
            r#"[{"driveRestoreArtifacts@delta":[{"id":"a"}]},{"id":"s","siteRestoreArtifacts@delta":[]}]"#;
        for text in [list.to_owned(), format!(r#"{{"value":{list}}}"#)] {
            let Piece::Document(document) = split(&text, 0).remove(0) else { panic!("{text}") };
            let found = understand(&text, document, Hints { names_function: true, ..Hints::default() });
            assert!(found.pages.is_empty(), "{found:?}");
            assert_eq!(found.neighbours.len(), 2, "{found:?}");
        }
    }

    #[test]
    fn artifacts_beside_the_items_of_a_page_are_kept() {
        let found = understood(r#"{"value":[],"driveRestoreArtifacts@delta":[{"id":"a"}]}"#);
        assert_eq!(found.pages.len(), 1);
        let [(_, Neighbour::RestoreSession(session))] = &found.neighbours[..] else { panic!("{found:?}") };
        assert_eq!(session.artifacts.len(), 1);
    }

    #[test]
    fn repeated_keys_of_a_session_are_told() {
        let found = understood(r#"{"driveRestoreArtifacts@delta":[{"id":"a","id":"\ud83d"}]}"#);
        let [(_, Neighbour::RestoreSession(session))] = &found.neighbours[..] else { panic!("{found:?}") };
        let codes: Vec<&str> = session.problems.iter().map(|(_, problem)| problem.code()).collect();
        assert_eq!(codes, ["duplicateKey", "loneSurrogate"]);
    }
}
