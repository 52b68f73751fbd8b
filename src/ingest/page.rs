//! An outlined object → the page it makes: identity and items (contract, sections 2 and 6).

use std::borrow::Cow;
use std::collections::HashMap;

use crate::model::{Json, Object, Transfer};

use super::mark::seems_to_hold_changes;
use super::members;
use super::neighbour;
use super::outline::{Member, Root, Span, escape_pointer, key_text, outline};
use super::read_error::{ReadError, ReadErrorKind};
use super::reader;
use super::restore_session;
use super::url;

/// A page: what its envelope says, and where its items lie.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, none excludes another")]
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
    /// Whether half a character pair in the envelope is read as U+FFFD.
    pub(super) lone_surrogate: bool,
    /// An error beside the items: the service broke off.
    pub(super) error: Option<neighbour::GraphError>,
    /// Whether the service's function is named, but there is no `value`.
    pub(super) lacks_value: bool,
    /// Whether a URL of the envelope is one of the functions'.
    pub(super) names_function: bool,
    /// Whether it is spelled as an SDK writes it.
    pub(super) is_sdk: bool,
    /// What is known of its transfer.
    pub(super) transfer: Option<Box<Transfer>>,
    /// Where the page is cut, broken outside its items, or nested too deeply.
    pub(super) fault: Option<ReadError>,
}

/// The page that an object's members make, if they make one. `by_path` tells that the file's path names one
/// of the functions; `pointer` is the object's own.
pub(super) fn page(
    text: &str,
    span: Span,
    members: &[Member],
    fault: Option<ReadError>,
    pointer: &str,
    by_path: bool,
) -> Option<PageOutline> {
    let envelope = Envelope::read(text, members);
    let Some(value) = envelope.value else {
        let is_error = members.iter().any(|member| key_text(text, member).eq_ignore_ascii_case("error"));
        if is_error && fault.is_none() {
            return None;
        }
        let fault = fault.or(envelope.fault);
        let lacks_value = fault.is_none() && envelope.error.is_none();
        return envelope.is_named().then(|| PageOutline {
            span,
            enveloped: true,
            lacks_value,
            fault,
            ..envelope.into_page()
        });
    };
    let items = value.elements.clone().unwrap_or_else(|| {
        let absent = &text[value.value.clone()] == "null";
        if absent { Vec::new() } else { vec![value.value.clone()] }
    });
    if !envelope.is_page(text, &items, by_path) || envelope.is_wrapper(text, value, members) {
        return None;
    }
    let pointer = format!("{pointer}/{}", escape_pointer(&envelope.value_key));
    let is_array = value.elements.is_some();
    // `{"value": […], "Count": n}` is how Windows PowerShell writes a bare array.
    let enveloped = !(members.len() == 2 && is_array && members.iter().any(|m| key_text(text, m) == "Count"));
    let fault = fault.or(envelope.fault);
    let is_sdk = envelope.is_sdk || items.first().is_some_and(|item| has_bag(text, item));
    Some(PageOutline { span, enveloped, pointer, is_array, items, is_sdk, fault, ..envelope.into_page() })
}

/// Whether the object at `item` has a bag for what its type does not declare.
pub(super) fn has_bag(text: &str, item: &Span) -> bool {
    match outline(text, item.start).root {
        Root::Object(members) => members.iter().any(|member| members::is_bag(&key_text(text, member))),
        Root::Array(_) | Root::Scalar => false,
    }
}

/// Whether an outlined object is a change item by its keys, and no line that this program wrote.
pub(super) fn has_item_mark(text: &str, members: &[Member]) -> bool {
    let is_mark = |member: &Member| {
        let key = key_text(text, member);
        members::is_mark(&key) || (members::is_bag(&key) && marks_inside(text, member))
    };
    let has = |name: &str| members.iter().any(|member| key_text(text, member) == name);
    members.iter().any(is_mark) && !neighbour::OWN_LINE.iter().all(|own| has(own))
}

/// Whether the bag of an SDK's object holds members of a change item.
fn marks_inside(text: &str, bag: &Member) -> bool {
    match outline(text, bag.value.start).root {
        Root::Object(members) => members.iter().any(|member| members::is_mark(&key_text(text, member))),
        Root::Array(_) | Root::Scalar => false,
    }
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
    lone_surrogate: bool,
    error: Option<neighbour::GraphError>,
    is_sdk: bool,
    /// The first member that is no JSON.
    fault: Option<ReadError>,
}

/// What SDKs make of control keys: their properties have no `@` and no dot, some have `_` between words.
const SDK_KEYS: [(&str, &str); 3] = [
    ("odatacontext", "@odata.context"),
    ("odatanextlink", "@odata.nextLink"),
    ("odatacount", "@odata.count"),
];

/// The control key that an SDK's key stands for.
fn control_key(key: &str) -> Option<&'static str> {
    let may_be = key.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("odata"));
    let plain = may_be.then(|| key.replace('_', "").to_ascii_lowercase())?;
    SDK_KEYS.iter().find(|(sdk, _)| *sdk == plain).map(|(_, control)| *control)
}

/// The count that `text` is. One that is larger than any number of items stays larger.
fn count_of(text: &str) -> Option<u64> {
    let beyond = || {
        // Not the words that stand for infinity.
        let number: f64 = text.parse().ok().filter(|_| text.starts_with(|c: char| c.is_ascii_digit()))?;
        (number >= 18_446_744_073_709_551_616.0).then_some(u64::MAX)
    };
    text.parse().ok().or_else(beyond)
}

impl<'m> Envelope<'m> {
    fn read(text: &str, members: &'m [Member]) -> Self {
        let mut envelope = Envelope::default();
        let mut seen: Vec<(Cow<'_, str>, &'m Member)> = Vec::new();
        let mut places: HashMap<Cow<'_, str>, usize> = HashMap::new();
        for member in members {
            let Some(Json::String(key)) = envelope.value_of(text, &member.key) else { continue };
            if let Some(&place) = places.get(&key) {
                seen[place].1 = member;
                envelope.repeated_keys.push(key.into_owned());
            } else {
                places.insert(key.clone(), seen.len());
                seen.push((key, member));
            }
        }
        let exact = seen.iter().find(|(key, _)| key == "value");
        let found = exact.or_else(|| seen.iter().find(|(key, _)| key.eq_ignore_ascii_case("value")));
        if let Some((key, member)) = found {
            envelope.value = Some(member);
            envelope.value_key = key.to_string();
            envelope.is_sdk = key == "Value";
        }
        // Without items there is nothing to lose: only what could name the page is read.
        let decode_all = envelope.value.is_some();
        let (mut control, mut bags) = (Vec::new(), Vec::new());
        for (key, member) in seen {
            let is_bag = members::is_bag(&key);
            let is_wanted =
                decode_all || is_bag || key.starts_with('@') || key.to_ascii_lowercase().starts_with("odata");
            if is_wanted
                && !envelope.value.is_some_and(|value| std::ptr::eq(value, member))
                && let Some(value) = envelope.value_of(text, &member.value)
            {
                match value {
                    Json::Object(bag) if is_bag => bags.extend(bag.into_members()),
                    value => control.push((key, value)),
                }
            }
        }
        envelope.is_sdk |= !bags.is_empty();
        control.extend(bags);
        for (key, _) in &mut control {
            if let Some(name) = control_key(key) {
                *key = Cow::Borrowed(name);
                envelope.is_sdk = true;
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
        envelope.error = control.get_any_case("error").and_then(neighbour::graph_error);
        envelope.count = control.control("count").and_then(|count| count_of(&count.to_text()));
        envelope
    }

    /// Reads a member's key or value; what is no JSON is the envelope's fault.
    fn value_of<'t>(&mut self, text: &'t str, span: &Span) -> Option<Json<'t>> {
        match reader::read(&text[span.clone()]) {
            Ok(read) => {
                self.repeated_keys.extend(read.repeated_keys.into_iter().map(Cow::into_owned));
                self.lone_surrogate |= read.lone_surrogate;
                Some(read.value)
            }
            Err(error) => {
                self.fault.get_or_insert(within(text, error, span));
                None
            }
        }
    }

    fn urls(&self) -> impl Iterator<Item = &str> + Clone {
        [self.context.as_deref(), self.next_link.as_deref()].into_iter().flatten()
    }

    /// Whether a URL has one of the functions by its name.
    fn is_named(&self) -> bool {
        self.urls().any(|url| url::function_named_in(url).is_some())
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
    /// one that names something else, or nothing, is believed only with an item that looks like a change,
    /// or where the file's path names a function and the items have ids.
    fn is_page(&self, text: &str, items: &[Span], by_path: bool) -> bool {
        if self.names_a_function() {
            return true;
        }
        if self.is_list_of_neighbours() {
            return false;
        }
        let nameless = self.context.is_none();
        let mut objects = items
            .iter()
            .filter(|item| text[(*item).clone()].starts_with('{'))
            .filter_map(|item| match outline(text, item.start).root {
                Root::Object(members) => Some(members),
                Root::Array(_) | Root::Scalar => None,
            })
            .peekable();
        if objects.peek().is_none() {
            // An empty page is a page; so is one whose elements are no objects: they are told as such.
            return nameless;
        }
        let mut all_have_ids = true;
        for members in objects {
            if has_item_mark(text, &members) {
                return true;
            }
            all_have_ids &= is_bare_object(text, &members);
        }
        nameless && by_path && all_have_ids
    }

    /// Whether what looks like a page without items is something around pages: its `value` is a text of JSON, or what
    /// stands beside it seems to hold changes.
    fn is_wrapper(&self, text: &str, value: &Member, members: &[Member]) -> bool {
        if self.urls().next().is_some() {
            return false;
        }
        let is_text =
            |value: &Span| ["\"{", "\"["].iter().any(|start| text[value.clone()].starts_with(start));
        let elements = value.elements.as_deref();
        if is_text(elements.and_then(<[Span]>::first).unwrap_or(&value.value)) {
            return seems_to_hold_changes(&text[value.value.clone()]);
        }
        let mut others = members.iter().filter(|member| !std::ptr::eq(*member, value));
        elements.is_some_and(<[Span]>::is_empty)
            && others.any(|member| seems_to_hold_changes(&text[member.value.clone()]))
    }

    fn into_page(self) -> PageOutline {
        PageOutline {
            names_function: self.names_a_function(),
            context: self.context,
            next_link: self.next_link,
            count: self.count,
            repeated_keys: self.repeated_keys,
            lone_surrogate: self.lone_surrogate,
            error: self.error,
            is_sdk: self.is_sdk,
            ..PageOutline::default()
        }
    }
}

/// Whether an object could be a change item of which `$select` left only the id and the name.
pub(super) fn is_bare_object(text: &str, members: &[Member]) -> bool {
    members.iter().all(|member| {
        let key = key_text(text, member);
        ["id", "objectId", "displayName"].iter().any(|name| key.eq_ignore_ascii_case(name))
            || (key.contains('@') && restore_session::collection(&key).is_none())
    })
}

/// The error of a part of a text as one of the whole; a part is not cut where the text goes on.
pub(super) fn within(text: &str, error: ReadError, part: &Span) -> ReadError {
    let kind = match error.kind {
        ReadErrorKind::Cut if part.end < text.len() => ReadErrorKind::Expected("the rest of a value"),
        kind => kind,
    };
    ReadError { at: error.at + part.start, kind }
}
