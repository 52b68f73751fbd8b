//! Parts of a saved `$batch` response: each has a status and a body of its own (docs/service.md).

use crate::model::{Json, LimitOn, Object, ProblemKind, Transfer};

use super::about::is_about_recovery;
use super::finder::{Finder, Hints};
use super::http::{keep_field, public_url};
use super::json_string::{error_in, json_in};
use super::limits::SHORT;
use super::mark::seems_to_hold_changes;
use super::neighbour::Neighbour;
use super::outline::{Member, Root, Span, key_text, outline};
use super::read_error::ReadError;
use super::reader;
use super::trust::LEVELS;
use super::understood::Understood;
use super::url::{self, Requests};

/// A batch in a batch is looked into, and no more.
const BATCH_LEVELS: u32 = 2;

/// One response of a batch.
#[derive(Debug)]
struct Part {
    transfer: Transfer,
    body: Option<Span>,
    /// Whether it has nothing else.
    is_bare: bool,
}

/// The part that an object's members make: it has a status, and where it stands alone a body or headers, and nothing
/// else.
fn part(text: &str, members: &[Member], is_alone: bool, requests: Option<&Requests>) -> Option<Part> {
    let of = |name: &str| member(text, members, name);
    let (body, headers) = (of("body"), of("headers"));
    let stands_alone = (body.is_some() || headers.is_some()) && is_bare(text, members);
    if of("value").is_some() || (is_alone && !stands_alone) {
        return None;
    }
    let status = status(text, of("status")?)?;
    let mut transfer = Transfer { status: Some(status), ..Transfer::default() };
    keep_headers(text, members, &mut transfer);
    if let Some(requests) = requests {
        let id = of("id")
            .filter(|id| id.value.len() < SHORT)
            .and_then(|id| Some(reader::read(&text[id.value.clone()]).ok()?.value));
        let url = id.and_then(|id| requests.get(&*id.to_text()));
        transfer.url = url.and_then(|url| public_url(url));
    }
    Some(Part { transfer, body: body.map(|body| body.value.clone()), is_bare: is_bare(text, members) })
}

fn member<'m>(text: &str, members: &'m [Member], name: &str) -> Option<&'m Member> {
    members.iter().find(|member| key_text(text, member).eq_ignore_ascii_case(name))
}

/// Whether there is nothing that a part of a batch does not have.
fn is_bare(text: &str, members: &[Member]) -> bool {
    const OF_A_PART: [&str; 4] = ["id", "status", "headers", "body"];
    members.iter().all(|member| {
        let key = key_text(text, member);
        OF_A_PART.iter().any(|name| key.eq_ignore_ascii_case(name))
    })
}

fn status(text: &str, member: &Member) -> Option<u16> {
    let value = &text[member.value.clone()];
    // A status is short: nothing else is read for it.
    let value =
        Some(value).filter(|value| value.len() < 16).and_then(|value| reader::read(value).ok())?.value;
    value.to_text().parse().ok().filter(|status| (100..600).contains(status))
}

fn keep_headers(text: &str, members: &[Member], transfer: &mut Transfer) {
    let headers = member(text, members, "headers").filter(|headers| headers.value.len() < SHORT);
    let read = headers.and_then(|headers| reader::read(&text[headers.value.clone()]).ok());
    if let Some(Json::Object(headers)) = read.map(|read| read.value) {
        for (name, value) in headers.iter() {
            keep_field(transfer, name, &value.to_text());
        }
    }
}

/// What an object around a body says of its transfer, if it has the status of one.
pub(super) fn facts(text: &str, members: &[Member]) -> Option<Transfer> {
    const STATUS: [&str; 4] = ["statusCode", "status", "status_code", "code"];
    let found = STATUS.iter().find_map(|name| status(text, member(text, members, name)?))?;
    let mut transfer = Transfer { status: Some(found), ..Transfer::default() };
    keep_headers(text, members, &mut transfer);
    Some(transfer)
}

/// Whether the response to a part of a known request is about something else. What the part itself says goes before
/// what was asked by its id.
fn is_foreign(text: &str, part: &Part, requests: Option<&Requests>) -> bool {
    let says_otherwise = || part.body.as_ref().is_some_and(|body| is_about_recovery(&text[body.clone()]));
    requests.is_some()
        && !part.transfer.url.as_deref().is_some_and(url::is_of_the_service)
        && !says_otherwise()
}

/// The URLs in the body of a `$batch` request.
pub(super) fn requests(body: &str) -> Option<Requests> {
    let read = reader::read(body).ok()?;
    let parts = read.value.as_object()?.get_any_case("requests")?.as_array()?;
    let url_of = |part: &Object<'_>| {
        let text = |key: &str| Some(part.get_any_case(key)?.to_text().into_owned());
        Some((text("id")?, text("url")?))
    };
    Some(parts.iter().filter_map(|part| url_of(part.as_object()?)).collect())
}

impl Finder<'_> {
    /// The responses of a `$batch`, or one of them alone. Tells whether there are any.
    pub(super) fn batch(
        &mut self,
        members: &[Member],
        fault: Option<ReadError>,
        open_element: Option<usize>,
        pointer: &str,
    ) -> bool {
        if let Some(part) = part(self.text, members, true, self.hints.requests) {
            self.part(&part, members, pointer);
            return true;
        }
        let Some(responses) = member(self.text, members, "responses") else { return false };
        let Some(elements) = &responses.elements else { return false };
        let key = key_text(self.text, responses);
        let members_of = |element: &Span| match outline(self.text, element.start).root {
            Root::Object(members) => Some(members),
            Root::Array(_) | Root::Scalar => None,
        };
        let parts: Vec<Option<(Part, Vec<Member>)>> = elements
            .iter()
            .map(|element| {
                let members = members_of(element)?;
                Some((part(self.text, &members, false, self.hints.requests)?, members))
            })
            .collect();
        if parts.iter().all(Option::is_none) && open_element.is_none() {
            return false;
        }
        for (position, (element, part)) in elements.iter().zip(parts).enumerate() {
            if self.is_full() {
                return true;
            }
            let pointer = format!("{pointer}/{key}/{position}");
            match part {
                Some((part, members)) => self.part(&part, &members, &pointer),
                None if self.other(element, &pointer, LEVELS) => {}
                None if self.lost(std::slice::from_ref(element), &pointer) => {}
                None if self.string_element(element, &pointer) => {}
                None => self.found.problems.push((pointer, ProblemKind::NoBody)),
            }
        }
        if let Some(start) = open_element {
            self.cut_part(start, &format!("{pointer}/{key}/{}", elements.len()));
        }
        self.found.forms.insert("batch");
        match fault {
            Some(fault) if self.found.pages.is_empty() => self.found.broken = Some(fault),
            fault => self.blame(fault),
        }
        true
    }

    /// What a cut went through may have whole items.
    fn cut_part(&mut self, start: usize, pointer: &str) {
        let body = self.text[start..].find(r#""body""#).map(|key| start + key + r#""body""#.len());
        let body = body.and_then(|behind| Some(behind + self.text[behind..].find('{')?));
        if let Some(body) = body {
            let body = Some(body..self.text.len());
            let part = Part { transfer: Transfer::default(), body, is_bare: false };
            self.part(&part, &[], pointer);
        }
    }

    /// One response of a batch: what its body is, and whether it failed.
    fn part(&mut self, part: &Part, members: &[Member], pointer: &str) {
        self.found.forms.insert("batch");
        if is_foreign(self.text, part, self.hints.requests) {
            if let Some(body) = &part.body {
                self.unread(body, pointer);
            }
            return self.neighbour(pointer.to_owned(), Neighbour::Other);
        }
        if self.batches == BATCH_LEVELS {
            let limit = ProblemKind::Limit { on: LimitOn::Batches, limit: BATCH_LEVELS.into() };
            return self.found.problems.push((pointer.to_owned(), limit));
        }
        let url = part.transfer.url.as_deref();
        let names_function =
            self.hints.names_function || url.is_some_and(|url| url::function_named_in(url).is_some());
        let mut inner = Finder {
            text: self.text,
            held: self.held,
            hints: Hints { names_function, ..Hints::default() },
            found: Understood::default(),
            nested: self.nested.clone(),
            batches: self.batches + 1,
        };
        inner.body(part, members, pointer);
        let mut found = inner.found;
        // A list without elements that says nothing of itself may answer any request.
        found.pages.retain(|page| names_function || page.context.is_some() || !page.items.is_empty());
        if part.transfer.is_failure() {
            failed(&mut found, part, pointer);
        }
        for page in &mut found.pages {
            page.transfer.get_or_insert_with(|| Box::new(part.transfer.clone()));
        }
        for text in &mut found.texts {
            text.transfer.get_or_insert_with(|| Box::new(part.transfer.clone()));
        }
        if found.pages.is_empty() && found.texts.is_empty() {
            found.forms.clear();
        }
        self.found.add(found);
    }

    /// What the body of a part holds; a part without one is told.
    fn body(&mut self, part: &Part, members: &[Member], pointer: &str) {
        let body = part.body.as_ref().filter(|body| &self.text[(*body).clone()] != "null");
        let within = format!("{pointer}/body");
        let Some(body) = body else {
            // What answers a change of something else has no body: no content, or accepted.
            let should_have = part.transfer.status.is_some_and(|status| matches!(status, 200..300));
            let may_lack = matches!(part.transfer.status, Some(202 | 204));
            if part.is_bare && should_have && !may_lack {
                self.found.problems.push((pointer.to_owned(), ProblemKind::NoBody));
            } else if !part.is_bare {
                let span = members.first().map_or(0, |first| first.key.start)
                    ..members.last().map_or(0, |last| last.value.end);
                let before = self.found.len();
                self.look_in(&span, members, pointer, LEVELS);
                if self.found.len() == before {
                    self.unread(&span, pointer);
                }
            }
            return;
        };
        self.beside_items(members, "body", pointer);
        if !self.text[body.clone()].starts_with('"') {
            self.document(self.outline(body.start), &within, LEVELS);
        } else if part.transfer.is_failure() {
            let text = &self.text[body.clone()];
            if let Some(error) = error_in(text, true) {
                self.found.neighbours.push((within, Neighbour::Error(error)));
            } else if let Some(content) = json_in(text).filter(|content| seems_to_hold_changes(content)) {
                self.embedded(content, within);
            }
        } else if self.lost(std::slice::from_ref(body), &within) {
            // Told.
        } else if let Some(content) = json_in(&self.text[body.clone()]) {
            self.embedded(content, within);
        } else {
            self.unread(body, &within);
            self.neighbour(within, Neighbour::Other);
        }
    }
}

/// Gives a part that failed its status, and an error where its body has none.
fn failed(found: &mut Understood, part: &Part, pointer: &str) {
    let status = part.transfer.status.map(|status| status.to_string());
    found.judge(Some(&part.transfer), true);
    for (place, neighbour) in &mut found.neighbours {
        if let Neighbour::Error(error) = neighbour {
            error.status = error.status.take().or_else(|| status.clone());
            if place.is_empty() {
                pointer.clone_into(place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::document::{Piece, split_all};
    use super::super::limits::Held;
    use super::super::role::understand;
    use super::*;

    fn understood(responses: &str) -> Understood {
        let text = format!(r#"{{"responses":[{responses}]}}"#);
        match split_all(&text).remove(0) {
            Piece::Document(document) => understand(&text, document, Hints::default(), &Held::new(u64::MAX)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_part_without_its_body_is_told() {
        for (part, code) in [
            (r#"{"id":"1","status":200}"#, "emptyFile"),
            (r#"{"id":"1","status":"201","headers":{},"body":null}"#, "emptyFile"),
            (r#"{"id":"1","status":200,"body":"System.Collections.Hashtable"}"#, "lostEvidence"),
            (r#"{"id":"1","status":200,"body":"@{value=System.Object[]}"}"#, "lostEvidence"),
            (r#""System.Collections.Hashtable""#, "lostEvidence"),
        ] {
            let found = understood(&format!(r#"{part},{{"id":"2","status":204}}"#));
            let codes: Vec<_> = found.problems.iter().map(|(_, problem)| problem.code()).collect();
            assert_eq!(codes, [code], "{part}: {found:?}");
            assert!(found.problems[0].0.starts_with("/responses/0"), "{found:?}");
        }
        let search = understood(r#"{"took":1,"hits":{"total":0},"status":200}"#);
        assert!(search.problems.is_empty(), "another service's: {search:?}");
        let failed =
            understood(r#"{"id":"1","status":504},{"id":"2","status":401,"body":{"Message":"denied"}}"#);
        let messages: Vec<_> = failed
            .neighbours
            .iter()
            .map(|(_, found)| match found {
                Neighbour::Error(error) => (error.status.as_deref(), error.message.as_str()),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(messages, [(Some("504"), ""), (Some("401"), "denied")]);
    }

    #[test]
    fn what_stands_beside_a_body_is_told_and_a_body_by_another_name_is_read() {
        let page = r#"{"@odata.context":"x/getChanges","value":[{"recoveryAction":"update"}]}"#;
        let misspelled =
            understood(&format!(r#"{{"id":"1","status":200,"bdy":{page}}},{{"id":"2","status":204}}"#));
        assert_eq!((misspelled.pages.len(), &misspelled.unread), (1, &None), "{misspelled:?}");
        let beside = understood(&format!(r#"{{"id":"1","status":200,"body":{page},"more":{page}}}"#));
        assert_eq!(beside.unread, Some(("/responses/0/more".to_owned(), 1)), "{beside:?}");
    }

    #[test]
    fn a_body_may_be_a_string_or_base64() {
        for body in [r#""{\"value\":[]}""#, r#""eyJ2YWx1ZSI6W119""#] {
            let found = understood(&format!(r#"{{"id":"1","status":200,"body":{body}}}"#));
            let [text] = &found.texts[..] else { panic!("{found:?}") };
            assert_eq!(
                (text.pointer.as_str(), text.content.as_str()),
                ("/responses/0/body", r#"{"value":[]}"#)
            );
        }
        let found = understood(r#"{"id":"1","status":403,"body":"{\"error\":{\"code\":\"c\"}}"}"#);
        assert!(
            matches!(&found.neighbours[..], [(_, Neighbour::Error(error))] if error.code == "c"),
            "{found:?}"
        );
    }

    #[test]
    fn batches_in_batches_end_somewhere() {
        for (around, behind) in
            [(r#"{"status":200,"body":"#, "}"), (r#"{"responses":[{"status":200,"body":"#, "}]}")]
        {
            let text = format!("{}{{}}{}", around.repeat(100_000), behind.repeat(100_000));
            let Piece::Document(document) = split_all(&text).remove(0) else { panic!("no document") };
            let found = understand(&text, document, Hints::default(), &Held::new(u64::MAX));
            let codes: Vec<_> = found.problems.iter().map(|(_, problem)| problem.code()).collect();
            assert_eq!(codes, ["limit"]);
        }
        let page = r#"{"responses":[{"status":200,"body":{"responses":[{"status":200,"body":{"@odata.context":"x/getChanges","value":[]}}]}}]}"#;
        let found = understood(&format!(r#"{{"status":"x","body":{page}}}"#));
        assert_eq!(found.pages.len(), 1, "{found:?}");
    }
}
