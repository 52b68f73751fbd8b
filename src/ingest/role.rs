//! What a document is: pages, an item, neighbours of the pages, or nothing that can be used.

use crate::model::{Json, ProblemKind};

use super::finder::{Finder, Hints};
use super::limits::Held;
use super::neighbour::{self, Neighbour};
use super::outline::{Document, Member, Root, Span, key_text};
use super::page::{PageOutline, has_bag, has_item_mark, is_bare_object, page, within};
use super::read_error::{ReadError, ReadErrorKind};
use super::reader::{self, Read};
use super::restore_session;
use super::trust::{LEVELS, Nested};
use super::understood::Understood;

/// Finds out what `document` is.
pub(super) fn understand(text: &str, document: Document, hints: Hints<'_>, held: &Held) -> Understood {
    let text = &text[..document.limit];
    let nested = hints.embedded.and_then(|trust| Nested::of(text, &document.span, trust));
    if hints.embedded.is_some() && nested.is_none() {
        return Understood::default();
    }
    let fault = document.fault;
    let mut finder = Finder { text, hints, held, found: Understood::default(), nested, batches: 0 };
    finder.document(document, "", LEVELS);
    finder.found.finish(fault)
}

/// What an element of an array looks like.
enum Element {
    Page(Box<PageOutline>),
    Item,
    Array,
    Other,
}

impl Finder<'_> {
    pub(super) fn neighbour(&mut self, pointer: String, neighbour: Neighbour) {
        match (&self.nested, &neighbour) {
            // Something else is told by what it stands in.
            (Some(_), Neighbour::Other) => {}
            (Some(_), Neighbour::Error(_)) => self.found.doubtful.push((pointer, neighbour)),
            _ => self.found.neighbours.push((pointer, neighbour)),
        }
    }

    pub(super) fn document(&mut self, document: Document, pointer: &str, levels: u32) {
        match &document.root {
            Root::Object(_) => self.object(document, pointer, levels),
            Root::Array(_) => self.array(document, pointer, levels),
            Root::Scalar => self.scalar(&document.span, pointer),
        }
    }

    fn scalar(&mut self, span: &Span, pointer: &str) {
        if self.nested.is_some() {
            self.string(span, pointer);
        } else if self.lost(std::slice::from_ref(span), pointer) {
        } else if ["null", "\"\""].contains(&&self.text[span.clone()]) && self.hints.is_named_file {
            self.found.problems.push((pointer.to_owned(), ProblemKind::NoItems));
        } else if !self.string_element(span, pointer) {
            self.unread(span, pointer);
            self.neighbour(pointer.to_owned(), Neighbour::Other);
        }
    }

    fn object(&mut self, document: Document, pointer: &str, levels: u32) {
        let Document { span, root: Root::Object(members), fault, open_element, .. } = document else {
            return;
        };
        if self.has_too_much(&members, pointer) {
            return;
        }
        let names_function = self.hints.names_function;
        let page = page(self.text, span.clone(), &members, fault, pointer, names_function);
        if let Some(page) = page.filter(|page| self.may_be_page(page)) {
            return self.page(page, &members, pointer);
        }
        let is_cut = fault.is_some_and(|fault| fault.kind == ReadErrorKind::Cut);
        if has_item_mark(self.text, &members) && !is_cut && self.may_be_item(&members) {
            self.found.forms.insert("item");
            self.found.forms.extend(has_bag(self.text, &span).then_some("sdk"));
            if pointer.is_empty() && self.nested.is_none() {
                self.found.item = Some(span);
            } else {
                self.alone(&span, pointer.to_owned());
            }
            return;
        }
        if self.batch(&members, fault, open_element, pointer) {
            return;
        }
        if self.nested.is_none() && self.wrapped(&members, fault, pointer) {
            return;
        }
        self.something_else(&span, &members, fault, pointer, levels);
    }

    fn page(&mut self, page: PageOutline, members: &[Member], pointer: &str) {
        let is_wrapper = !page.enveloped && page.pointer != pointer;
        self.found.forms.insert(if page.enveloped { "page" } else { "itemArray" });
        self.found.forms.extend(is_wrapper.then_some("wrapper"));
        self.found.forms.extend(page.is_sdk.then_some("sdk"));
        self.add_page(page);
        // Nobody saves both in one object; if somebody did, neither is lost.
        let session = restore_session::readable(self.text, members);
        let session = session.and_then(|session| restore_session::restore_session(&session, pointer));
        self.found.neighbours.extend(session.map(|s| (pointer.to_owned(), Neighbour::RestoreSession(s))));
        self.beside_items(members, "value", pointer);
    }

    fn add_page(&mut self, mut page: PageOutline) {
        if let Some(nested) = &self.nested {
            page.transfer = page.transfer.or_else(|| nested.transfer.clone());
        }
        self.found.pages.push(page);
    }

    /// An object that is no page, no item and no batch. What it holds is looked for first, so that a large one is not
    /// read as a whole.
    fn something_else(
        &mut self,
        span: &Span,
        members: &[Member],
        fault: Option<ReadError>,
        pointer: &str,
        levels: u32,
    ) {
        if self.failure(members, pointer) {
            // Pages may lie beside the error.
            self.look_in(span, members, pointer, levels);
            return;
        }
        if members.is_empty() && fault.is_none() && self.nested.is_none() && self.hints.is_named_file {
            return self.found.problems.push((pointer.to_owned(), ProblemKind::NoItems));
        }
        let told = self.found.unread_places();
        if neighbour::may_hold_pages(self.text, members) && self.look_in(span, members, pointer, levels) {
            self.beside(members, pointer);
            match fault {
                Some(fault) if self.found.pages.is_empty() => self.found.broken = Some(fault),
                fault => self.blame(fault),
            }
            return;
        }
        if self.is_too_much(span, pointer) {
            return;
        }
        match reader::read(&self.text[span.clone()]) {
            Ok(read) => {
                self.other_object(read, pointer);
            }
            Err(_) if self.nested.is_some() => {
                if self.found.unread_places() == told {
                    self.unread(span, pointer);
                }
            }
            Err(error) => {
                if let Some(session) = restore_session::readable(self.text, members) {
                    self.found.neighbours.extend(neighbour::recognise(session, pointer));
                }
                self.found.broken = Some(fault.unwrap_or(within(self.text, error, span)));
            }
        }
    }

    /// An element of an array that is neither page nor item nor array. Tells whether it is an object that can be read,
    /// or has something in it.
    pub(super) fn other(&mut self, element: &Span, pointer: &str, levels: u32) -> bool {
        let Document { root, fault, open_element, .. } = self.outline(element.start);
        let Root::Object(members) = root else { return false };
        if self.batch(&members, fault, open_element, pointer) {
            return true;
        }
        let before = self.found.len();
        self.failure(&members, pointer);
        if neighbour::may_hold_pages(self.text, &members) {
            self.look_in(element, &members, pointer, levels.saturating_sub(1));
        }
        if self.found.len() != before {
            self.beside(&members, pointer);
            return true;
        }
        self.is_too_much(element, pointer)
            || reader::read(&self.text[element.clone()]).is_ok_and(|read| self.other_object(read, pointer))
    }

    /// An object that is neither page nor item; tells whether it is an object at all.
    fn other_object(&mut self, read: Read<'_>, pointer: &str) -> bool {
        let Json::Object(object) = read.value else { return false };
        let is_answer = self.hints.is_named_file || self.batches > 0;
        let bare = neighbour::bare_error(&object, is_answer);
        let mut neighbours = neighbour::recognise(object, pointer);
        if let (Some(error), [(_, found @ Neighbour::Other)]) = (bare, &mut neighbours[..]) {
            *found = Neighbour::Error(error);
            if !pointer.is_empty() && self.batches == 0 {
                // In a list of something it is told only beside pages.
                self.found.doubtful.append(&mut neighbours);
                return true;
            }
        }
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
        for (pointer, found) in neighbours {
            self.neighbour(pointer, found);
        }
        true
    }

    /// Pages or items in the `value` of an object that is no page: an array that PowerShell wrapped. Tells
    /// whether there are any.
    fn wrapped(&mut self, members: &[Member], fault: Option<ReadError>, pointer: &str) -> bool {
        let value = members.iter().find(|member| key_text(self.text, member) == "value");
        let Some(value) = value.filter(|value| value.elements.is_some()) else { return false };
        let hints = Hints { names_function: false, ..self.hints };
        let mut inner = Finder { hints, found: Understood::default(), nested: None, ..*self };
        inner.array(self.outline(value.value.start), &format!("{pointer}/value"), LEVELS - 1);
        if inner.found.pages.is_empty() && inner.found.texts.is_empty() {
            return false;
        }
        self.found.add(inner.found);
        self.found.forms.insert("wrapper");
        self.blame(fault);
        true
    }

    fn array(&mut self, document: Document, pointer: &str, levels: u32) {
        let Document { span, root: Root::Array(mut elements), fault, open_element, .. } = document else {
            return;
        };
        let mut kinds: Vec<Element> = Vec::new();
        let mut pages = 0;
        for (position, element) in elements.iter().enumerate() {
            let kind = self.element(element, &format!("{pointer}/{position}"));
            pages += usize::from(matches!(kind, Element::Page(_)));
            if !self.held.fits_finds(pages) {
                return;
            }
            kinds.push(kind);
        }
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
            self.pages(&elements, kinds, pointer, levels);
            self.blame(fault);
        } else if any(|kind| matches!(kind, Element::Item)) {
            elements.truncate(whole);
            self.found.forms.insert("itemArray");
            self.found.forms.extend(elements.first().filter(|item| has_bag(self.text, item)).map(|_| "sdk"));
            let (pointer, is_array) = (pointer.to_owned(), true);
            let page =
                PageOutline { span, pointer, is_array, items: elements, fault, ..PageOutline::default() };
            self.add_page(page);
        } else {
            if !self.lines(&span, &elements, pointer) {
                self.others(&elements, &kinds, pointer, levels);
            }
            let error = || reader::read(&self.text[span.clone()]).err();
            if !self.found.pages.is_empty() {
                self.blame(fault);
            } else if self.nested.is_none()
                && !self.is_too_much(&span, pointer)
                && let Some(error) = error()
            {
                self.found.broken = Some(fault.unwrap_or(within(self.text, error, &span)));
            }
        }
    }

    /// Gives a fault that is no page's own to the page before it.
    pub(super) fn blame(&mut self, fault: Option<ReadError>) {
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
        let Document { root, fault, .. } = self.outline(element.start);
        match root {
            Root::Array(_) => Element::Array,
            Root::Scalar => Element::Other,
            Root::Object(members) => {
                let page = page(self.text, element.clone(), &members, fault, pointer, false);
                match page.filter(|page| self.may_be_page(page)) {
                    Some(page) => Element::Page(Box::new(page)),
                    None if self.nested.is_some() => {
                        let is_item = has_item_mark(self.text, &members) && self.may_be_item(&members);
                        if is_item { Element::Item } else { Element::Other }
                    }
                    None if has_item_mark(self.text, &members) => Element::Item,
                    None if self.hints.names_function && is_bare_object(self.text, &members) => Element::Item,
                    None => Element::Other,
                }
            }
        }
    }

    /// An array with pages in it; what is no page beside them is a neighbour, or an item that stands alone,
    /// so that none is lost.
    fn pages(&mut self, elements: &[Span], kinds: Vec<Element>, pointer: &str, levels: u32) {
        self.found.forms.insert("pageArray");
        for (position, (element, kind)) in elements.iter().zip(kinds).enumerate() {
            if self.is_full() {
                return;
            }
            let pointer = format!("{pointer}/{position}");
            match kind {
                Element::Page(page) => {
                    self.found.forms.extend(page.is_sdk.then_some("sdk"));
                    self.add_page(*page);
                }
                Element::Other if self.other(element, &pointer, levels) => {}
                Element::Other if self.string_element(element, &pointer) => {}
                Element::Array if levels > 1 && self.array_in(element, &pointer, levels - 1) => {}
                Element::Other | Element::Item | Element::Array => self.alone(element, pointer),
            }
        }
    }

    /// A page around one element.
    fn alone(&mut self, element: &Span, pointer: String) {
        let (span, items) = (element.clone(), vec![element.clone()]);
        self.add_page(PageOutline { span, pointer, items, ..PageOutline::default() });
    }

    /// An array in an array. Tells whether there is anything in it.
    fn array_in(&mut self, element: &Span, pointer: &str, levels: u32) -> bool {
        let before = self.found.len();
        self.array(self.outline(element.start), pointer, levels);
        self.found.len() != before
    }

    /// An array without pages and items of its own: of arrays, of neighbours, or of something else.
    fn others(&mut self, elements: &[Span], kinds: &[Element], pointer: &str, levels: u32) {
        if self.lost(elements, pointer) {
            return;
        }
        let before = self.found.len();
        let mut unused: Vec<usize> = Vec::new();
        for (position, (element, kind)) in elements.iter().zip(kinds).enumerate() {
            if self.is_full() {
                return;
            }
            let pointer = format!("{pointer}/{position}");
            let is_used = match kind {
                Element::Array if levels > 1 => self.array_in(element, &pointer, levels - 1),
                Element::Array => {
                    self.unread(element, &pointer);
                    false
                }
                _ => self.other(element, &pointer, levels) || self.string_element(element, &pointer),
            };
            if !is_used {
                unused.push(position);
            }
        }
        if self.nested.is_some() {
            return;
        }
        if !self.found.pages.is_empty() {
            // Beside changes, what is none is told.
            self.found.broken = None;
            for position in unused {
                self.alone(&elements[position], format!("{pointer}/{position}"));
            }
        } else if self.found.len() == before {
            self.neighbour(pointer.to_owned(), Neighbour::Other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::document::{Piece, split_all};
    use super::*;

    fn understood(text: &str) -> Understood {
        match split_all(text).remove(0) {
            Piece::Document(document) => understand(text, document, Hints::default(), &Held::new(u64::MAX)),
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
    fn a_count_beyond_all_numbers_stays_one() {
        for (count, read) in [
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", Some(u64::MAX)),
            (r#""99999999999999999999999""#, Some(u64::MAX)),
            ("1e400", Some(u64::MAX)),
            ("-99999999999999999999999", None),
            ("1.5", None),
            (r#""Infinity""#, None),
            ("null", None),
        ] {
            let page = format!(r#"{{"@odata.context":"c/getChanges","@odata.count":{count},"value":[]}}"#);
            assert_eq!(pages(&page)[0].count, read, "{count}");
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
    fn an_error_is_known_without_its_wrapper() {
        for text in [
            r#"{"Message":"Authorization has been denied for this request."}"#,
            r#"{"code":"Forbidden","message":"no","innerError":{"date":"x"}}"#,
            r#"{"statusCode":401,"message":"no"}"#,
        ] {
            let found = understood(text);
            assert!(matches!(&found.neighbours[..], [(_, Neighbour::Error(_))]), "{text}: {found:?}");
            let beside = understood(&format!(r#"[{text},{{"@odata.context":"x/getChanges","value":[]}}]"#));
            assert_eq!((beside.pages.len(), beside.doubtful.len()), (1, 1), "{text}: {beside:?}");
        }
        for text in [
            r#"{"message":"hello"}"#,
            r#"{"id":"1","code":"c","message":"m"}"#,
            r#"{"code":"c","message":"m","user":"u"}"#,
            r#"{"Message":7}"#,
        ] {
            assert!(is_none(text), "{text}");
        }
    }

    #[test]
    fn nothing_where_the_name_promises_a_page_is_told() {
        let understood = |text: &str, is_named_file| match split_all(text).remove(0) {
            Piece::Document(document) => {
                understand(text, document, Hints { is_named_file, ..Hints::default() }, &Held::new(u64::MAX))
            }
            other => panic!("{other:?}"),
        };
        for text in ["null", "{}", "\"\""] {
            assert_eq!(understood(text, true).problems[0].1.code(), "unrecognisedItem", "{text}");
            assert!(understood(text, false).problems.is_empty(), "{text}");
        }
        assert!(understood("[]", true).problems.is_empty(), "no changes");
    }

    #[test]
    fn names_of_types_in_the_place_of_pages_are_told() {
        for text in [
            r#"["System.Collections.Hashtable","System.Collections.Hashtable"]"#,
            r#""System.Collections.Hashtable System.Collections.Hashtable""#,
            r#"{"responses":"System.Object[]"}"#,
            r#"{"StatusCode":200,"body":"System.Collections.Hashtable"}"#,
        ] {
            let found = understood(text);
            assert!(matches!(&found.problems[..], [(_, ProblemKind::LostPages { .. })]), "{text}: {found:?}");
        }
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
            let Piece::Document(document) = split_all(&text).remove(0) else { panic!("{text}") };
            let found = understand(
                &text,
                document,
                Hints { names_function: true, ..Hints::default() },
                &Held::new(u64::MAX),
            );
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
