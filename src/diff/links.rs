//! The elements of link collections: one row each (contract, section 3.4).

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::model::{EntityType, Json, Note, Object, SinceBackup};

/// What an element of a link collection says.
pub(super) enum Link<'a> {
    /// A link to `target`, an object `{id, displayName?, userPrincipalName?, type?}`.
    Read { since_backup: SinceBackup, target: Json<'a>, note: Option<Note> },
    /// Neither object nor text, or PowerShell's text: no link can be told from it.
    Lost,
}

/// The elements of a collection as it is written: an array, one element alone, or none.
pub(super) fn elements<'j, 'a>(collection: &'j Json<'a>) -> &'j [Json<'a>] {
    match collection {
        Json::Null => &[],
        Json::Array(elements) => elements,
        one => std::slice::from_ref(one),
    }
}

/// Reads one element.
pub(super) fn read<'a>(element: &Json<'a>) -> Link<'a> {
    match element {
        Json::Object(object) => read_object(object),
        Json::String(text) if !super::lost::is_lost_text(text) => Link::Read {
            since_backup: SinceBackup::Removed,
            target: target([("id", Some(text.clone()))]),
            note: None,
        },
        _ => Link::Lost,
    }
}

fn read_object<'a>(object: &Object<'a>) -> Link<'a> {
    let text = |key: &str| string(object.get(key));
    let removed = object.control("removed").filter(|mark| !mark.is_null());
    let id = text("id")
        .or_else(|| text("@odata.id").or_else(|| text("@id")).map(|url| Cow::Owned(last_segment(&url))))
        .unwrap_or_default();
    let kind =
        string(object.control("type")).map(|name| Cow::Owned(EntityType::strip_namespace(&name).to_owned()));
    let destroyed = removed
        .and_then(Json::as_object)
        .and_then(|mark| mark.get("reason"))
        .is_some_and(|reason| reason.as_str() == Some("deleted"));
    Link::Read {
        since_backup: if removed.is_some() { SinceBackup::Added } else { SinceBackup::Removed },
        target: target([
            ("id", Some(id)),
            ("displayName", text("displayName")),
            ("userPrincipalName", text("userPrincipalName")),
            ("type", kind),
        ]),
        note: destroyed.then_some(Note::TargetDeleted),
    }
}

fn string<'a>(value: Option<&Json<'a>>) -> Option<Cow<'a, str>> {
    match value {
        Some(Json::String(text)) => Some(text.clone()),
        _ => None,
    }
}

fn target<'a, const N: usize>(members: [(&'static str, Option<Cow<'a, str>>); N]) -> Json<'a> {
    let present = members
        .into_iter()
        .filter_map(|(key, text)| text.map(|text| (Cow::Borrowed(key), Json::String(text))))
        .collect();
    Json::Object(Object::new(present).0)
}

/// The id in a URL: what stands in `('…')` at its end, else its last segment, percent-decoded.
fn last_segment(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let keyed = path.strip_suffix("')").and_then(|rest| rest.rfind("('").map(|at| &rest[at + 2..]));
    let segment = keyed.unwrap_or_else(|| path.rsplit('/').next().unwrap_or_default());
    percent_decode_str(segment).decode_utf8().map_or_else(|_| segment.to_owned(), Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::last_segment;

    #[test]
    fn the_id_is_found_in_every_form_of_url() {
        for (url, id) in [
            ("https://graph.microsoft.com/v1.0/directoryObjects/ab-1", "ab-1"),
            ("users/ab-1/?x=/y#/z", "ab-1"),
            ("https://graph.microsoft.com/v1.0/users('a%40b')", "a@b"),
            ("directoryObjects('a/b')/", "a/b"),
            ("x/%zz%41", "%zzA"),
            ("ab-1", "ab-1"),
            ("", ""),
        ] {
            assert_eq!(last_segment(url), id, "{url}");
        }
    }
}
