//! A document → what it is: a page with its identity and items, items alone, or a neighbour of the pages.

use std::borrow::Cow;

use crate::model::{Json, Object};

use super::document::{Document, Member, Root, Span, outline};
use super::neighbour::{self, Neighbour};
use super::reader::{self, ReadError, ReadErrorKind};
use super::record;
use super::url;

/// What a document turned out to be.
#[derive(Debug)]
pub(super) enum Understood {
    /// Pages: one, or the elements of an array of pages.
    Pages(Vec<PageOutline>, PageShape),
    /// A job, a snapshot, an error, a restore session, or something else; and its fault, if it has one.
    Neighbours(Vec<Neighbour>),
    /// Not JSON: nothing in it could be used.
    Broken(ReadError),
}

/// How the items of a page stand in their document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageShape {
    /// A page object.
    Page,
    /// Page objects in an array.
    PageArray,
    /// Items in an array, without a page around them.
    ItemArray,
    /// One item.
    Item,
}

/// A page: what its envelope says, and where its items lie.
#[derive(Debug, Default)]
pub(super) struct PageOutline {
    /// Where the page lies in the file.
    pub(super) span: Span,
    /// Whether there is an envelope; without one there is no link and no count to go by.
    pub(super) enveloped: bool,
    pub(super) context: Option<String>,
    pub(super) next_link: Option<String>,
    pub(super) count: Option<u64>,
    /// RFC 6901 pointer of the array that holds the items, or of the one item.
    pub(super) pointer: String,
    /// Whether the items are elements at `pointer`, or one item is at `pointer` itself.
    pub(super) is_array: bool,
    pub(super) items: Vec<Span>,
    /// Keys of the envelope that stand more than once.
    pub(super) repeated_keys: Vec<String>,
    /// Where the page is cut, broken outside its items, or nested too deeply.
    pub(super) fault: Option<ReadError>,
}

/// Finds out what `document` is.
pub(super) fn understand(text: &str, document: Document) -> Understood {
    match document.root {
        Root::Object(_) => understand_object(text, document),
        Root::Array(_) => understand_array(text, document),
        Root::Scalar => match reader::read(&text[document.span.clone()]) {
            Ok(_) => Understood::Neighbours(vec![Neighbour::Other]),
            Err(error) => Understood::Broken(shifted(error, document.span.start)),
        },
    }
}

fn understand_object(text: &str, document: Document) -> Understood {
    let Document { span, root, fault } = document;
    let Root::Object(members) = root else { unreachable!("the caller matched an object") };
    if let Some(page) = page(text, span.clone(), &members, fault, "") {
        let shape = if page.enveloped { PageShape::Page } else { PageShape::ItemArray };
        return Understood::Pages(vec![page], shape);
    }
    let whole = match reader::read(&text[span.clone()]) {
        Ok(read) => read.value,
        Err(error) => return broken_object(text, span, &members, fault, error),
    };
    let Json::Object(object) = &whole else { unreachable!("an outlined object reads as one") };
    if has_item_mark(text, &members) {
        return Understood::Pages(vec![lone_item(span)], PageShape::Item);
    }
    Understood::Neighbours(neighbour::recognise(object))
}

/// An object that is no JSON: an item that can be named, a page cut before its items, or nothing usable.
fn broken_object(
    text: &str,
    span: Span,
    members: &[Member],
    fault: Option<ReadError>,
    error: ReadError,
) -> Understood {
    let error = shifted(error, span.start);
    let fault = fault.unwrap_or(error);
    let envelope = Envelope::read(text, members);
    if envelope.names_a_function() {
        let page = PageOutline { span, enveloped: true, fault: Some(fault), ..envelope.into_page() };
        return Understood::Pages(vec![page], PageShape::Page);
    }
    let item = has_item_mark(text, members);
    if item && fault.kind != ReadErrorKind::Cut {
        return Understood::Pages(vec![lone_item(span)], PageShape::Item);
    }
    Understood::Broken(if fault.kind == ReadErrorKind::Cut { fault } else { error })
}

fn lone_item(span: Span) -> PageOutline {
    PageOutline { items: vec![span.clone()], span, ..PageOutline::default() }
}

/// An array: of pages, of items, or of something else.
fn understand_array(text: &str, document: Document) -> Understood {
    let Document { span, root, fault } = document;
    let Root::Array(elements) = root else { unreachable!("the caller matched an array") };
    let mut pages = Vec::new();
    let mut items = Vec::new();
    let mut neighbours = Vec::new();
    let mut has_item = false;
    for (position, element) in elements.iter().enumerate() {
        let inner = outline(text, element.start);
        let page = match &inner.root {
            Root::Object(members) => {
                page(text, element.clone(), members, inner.fault, &format!("/{position}"))
            }
            Root::Array(_) | Root::Scalar => None,
        };
        if let Some(page) = page {
            pages.push(page);
            continue;
        }
        if let Root::Object(members) = &inner.root {
            has_item |= has_item_mark(text, members);
        }
        items.push((position, element.clone()));
    }
    if pages.is_empty() && !has_item {
        if let Err(error) = reader::read(&text[span.clone()]) {
            return Understood::Broken(fault.unwrap_or(shifted(error, span.start)));
        }
        for (_, element) in &items {
            if let Ok(Json::Object(object)) = reader::read(&text[element.clone()]).map(|read| read.value) {
                neighbours.extend(neighbour::recognise(&object));
            }
        }
        return Understood::Neighbours(if neighbours.is_empty() {
            vec![Neighbour::Other]
        } else {
            neighbours
        });
    }
    let shape = if pages.is_empty() { PageShape::ItemArray } else { PageShape::PageArray };
    if pages.is_empty() {
        let items = items.into_iter().map(|(_, item)| item).collect();
        pages.push(PageOutline { span, is_array: true, items, fault, ..PageOutline::default() });
    } else {
        // Elements beside pages that are no page: each stands alone, so that none is lost.
        for (position, element) in items {
            pages.push(PageOutline { pointer: format!("/{position}"), ..lone_item(element) });
        }
        if let Some(first) = pages.first_mut().filter(|first| first.fault.is_none()) {
            first.fault = fault;
        }
    }
    Understood::Pages(pages, shape)
}

/// Whether an outlined object is a change item by its keys, and no line that this program wrote.
fn has_item_mark(text: &str, members: &[Member]) -> bool {
    let has = |name: &str| members.iter().any(|member| key_text(text, member) == name);
    members.iter().any(|member| record::is_mark(&key_text(text, member)))
        && !neighbour::OWN_LINE.iter().all(|own| has(own))
}

/// The key of a member, without its quotes and escapes.
fn key_text<'t>(text: &'t str, member: &Member) -> Cow<'t, str> {
    let plain = &text[member.key.start + 1..member.key.end - 1];
    if !plain.contains('\\') {
        return Cow::Borrowed(plain);
    }
    match reader::read(&text[member.key.clone()]).map(|read| read.value) {
        Ok(Json::String(key)) => key,
        _ => Cow::Borrowed(plain),
    }
}

/// The page that an object's members make, if they make one.
fn page(
    text: &str,
    span: Span,
    members: &[Member],
    fault: Option<ReadError>,
    pointer: &str,
) -> Option<PageOutline> {
    let envelope = Envelope::read(text, members);
    let value = envelope.value?;
    let items = value.elements.clone().unwrap_or_else(|| {
        let absent = &text[value.value.clone()] == "null";
        if absent { Vec::new() } else { vec![value.value.clone()] }
    });
    if !envelope.is_page(text, &items) {
        return None;
    }
    let key = Json::String(envelope.value_key.clone().into());
    let pointer = format!("{pointer}/{}", escape_pointer(&key.to_text()));
    let is_array = value.elements.is_some();
    // `{"value": […], "Count": n}` is how Windows PowerShell writes a bare array.
    let enveloped = !(members.len() == 2 && is_array && members.iter().any(|m| key_text(text, m) == "Count"));
    let fault = fault.or(envelope.fault);
    Some(PageOutline { span, enveloped, pointer, is_array, items, fault, ..envelope.into_page() })
}

/// `token` as a reference token of an RFC 6901 pointer.
fn escape_pointer(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// What the members of a page object say, `value` aside.
#[derive(Default)]
struct Envelope<'m> {
    context: Option<String>,
    next_link: Option<String>,
    count: Option<u64>,
    value: Option<&'m Member>,
    value_key: String,
    repeated_keys: Vec<String>,
    /// The first member that is no JSON.
    fault: Option<ReadError>,
}

impl<'m> Envelope<'m> {
    fn read(text: &str, members: &'m [Member]) -> Self {
        let mut envelope = Envelope::default();
        let mut control = Vec::new();
        let mut seen: Vec<(String, &'m Member)> = Vec::new();
        for member in members {
            let Some(key) =
                envelope.value_of(text, &member.key).and_then(|key| key.as_str().map(str::to_owned))
            else {
                continue;
            };
            if let Some(earlier) = seen.iter_mut().find(|(name, _)| *name == key) {
                earlier.1 = member;
                envelope.repeated_keys.push(key);
            } else {
                seen.push((key, member));
            }
        }
        let find = |name: &str| {
            let exact = seen.iter().find(|(key, _)| key == name);
            exact.or_else(|| seen.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)))
        };
        if let Some((key, member)) = find("value") {
            envelope.value = Some(member);
            envelope.value_key.clone_from(key);
        }
        for (key, member) in &seen {
            if envelope.value.is_some_and(|value| std::ptr::eq(value, *member)) {
                continue;
            }
            if let Some(value) = envelope.value_of(text, &member.value) {
                control.push((Cow::Owned(key.clone()), value));
            }
        }
        let control = Object::new(control).0;
        let string = |value: Option<&Json<'_>>| {
            value.and_then(Json::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        envelope.context =
            string(control.control("context").or_else(|| control.get_any_case("odata.metadata")));
        let plain = || control.get_any_case("odata.nextLink").or_else(|| control.get_any_case("nextLink"));
        envelope.next_link = string(control.control("nextLink").or_else(plain));
        envelope.count = control.control("count").and_then(|count| count.to_text().parse().ok());
        envelope
    }

    /// Reads a member's key or value; what is no JSON is the envelope's fault.
    fn value_of<'t>(&mut self, text: &'t str, span: &Span) -> Option<Json<'t>> {
        match reader::read(&text[span.clone()]) {
            Ok(read) => Some(read.value),
            Err(error) => {
                self.fault.get_or_insert(shifted(error, span.start));
                None
            }
        }
    }

    fn urls(&self) -> impl Iterator<Item = &str> + Clone {
        [self.context.as_deref(), self.next_link.as_deref()].into_iter().flatten()
    }

    fn names_a_function(&self) -> bool {
        url::function(&self.urls()).is_some() && !self.is_list_of_neighbours()
            || self.urls().any(|url| url.to_ascii_lowercase().contains("recoverychangeobjectbase"))
    }

    /// A list of jobs of a snapshot has a URL that looks like a job's.
    fn is_list_of_neighbours(&self) -> bool {
        self.context.as_deref().is_some_and(|context| {
            let context = context.to_ascii_lowercase();
            let path = context.trim_end_matches("/$entity").trim_end_matches('/');
            !context.contains("getchanges")
                && !context.contains("getfailedchanges")
                && ["/recoveryjobs", "/recoverypreviewjobs", "/jobs", "/snapshots", "/$entity"]
                    .iter()
                    .any(|end| path.ends_with(end) || context.ends_with(end))
        })
    }

    /// Whether `items` under this envelope are change items. An envelope that names the functions says so;
    /// one that names something else, or nothing, is believed only with an item that looks like a change.
    fn is_page(&self, text: &str, items: &[Span]) -> bool {
        if self.names_a_function() {
            return true;
        }
        if self.is_list_of_neighbours() {
            return false;
        }
        let objects = || items.iter().filter(|item| text[(*item).clone()].starts_with('{'));
        let looks_like_change = || {
            objects().any(|item| match outline(text, item.start).root {
                Root::Object(members) => has_item_mark(text, &members),
                Root::Array(_) | Root::Scalar => false,
            })
        };
        let nameless = self.context.is_none();
        // An empty page is a page; so is one whose elements are no objects at all: they are told as such.
        (nameless && objects().next().is_none()) || looks_like_change()
    }

    fn into_page(self) -> PageOutline {
        PageOutline {
            context: self.context,
            next_link: self.next_link,
            count: self.count,
            repeated_keys: self.repeated_keys,
            ..PageOutline::default()
        }
    }
}

/// An error of a part of the text that begins at byte `start`, as one of the whole.
pub(super) fn shifted(error: ReadError, start: usize) -> ReadError {
    ReadError { at: error.at + start, kind: error.kind }
}

#[cfg(test)]
mod tests {
    use super::super::document::{Piece, split};
    use super::*;

    fn understood(text: &str) -> Understood {
        match split(text, 0).remove(0) {
            Piece::Document(document) => understand(text, document),
            Piece::Stray(error) => panic!("{error}"),
        }
    }

    fn pages(text: &str) -> Vec<PageOutline> {
        match understood(text) {
            Understood::Pages(pages, _) => pages,
            other => panic!("no page: {text}: {other:?}"),
        }
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
        assert_eq!(pages(r#"{"id":"1","currentState":{}}"#)[0].items.len(), 1);
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
            assert!(matches!(understood(text), Understood::Neighbours(_)), "{text}");
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
        assert!(matches!(understood(r#"{"@odata.con"#), Understood::Broken(_)));
    }
}
