//! The elements of link collections: one row each (contract, section 3.4).

use std::borrow::Cow;

use crate::model::{EntityType, Json, Note, Object, SinceBackup, is_lost_text, last_segment};

/// An element of a link collection that can be understood.
pub(super) enum Link<'j, 'a> {
    Object(&'j Object<'a>),
    /// An id alone.
    Id(&'j Cow<'a, str>),
}

/// The elements of a collection as it is written: an array, one element alone, or none.
pub(super) fn elements<'j, 'a>(collection: &'j Json<'a>) -> &'j [Json<'a>] {
    match collection {
        Json::Null => &[],
        Json::Array(elements) => elements,
        one => std::slice::from_ref(one),
    }
}

/// Reads one element; `None` where it is neither object nor text, or PowerShell's text: no link can be told
/// from it.
pub(super) fn read<'j, 'a>(element: &'j Json<'a>) -> Option<Link<'j, 'a>> {
    match element {
        Json::Object(object) => Some(Link::Object(object)),
        Json::String(text) if !is_lost_text(text) => Some(Link::Id(text)),
        _ => None,
    }
}

impl<'a> Link<'_, 'a> {
    /// A link that recovery removes exists now; one without the mark is missing now.
    pub(super) fn since_backup(&self) -> SinceBackup {
        if self.removed().is_some() { SinceBackup::Added } else { SinceBackup::Removed }
    }

    pub(super) fn note(&self) -> Option<Note> {
        let reason = self.removed()?.as_object()?.get("reason")?;
        (reason.as_str() == Some("deleted")).then_some(Note::TargetDeleted)
    }

    /// The object `{id, displayName?, userPrincipalName?, type?}` that the link points to.
    pub(super) fn target(&self) -> Json<'a> {
        let object = match self {
            Link::Id(id) => return target([("id", Some((*id).clone()))]),
            Link::Object(object) => object,
        };
        let text = |key: &str| string(object.get(key));
        let id = text("id")
            .or_else(|| text("@odata.id").or_else(|| text("@id")).map(|url| Cow::Owned(last_segment(&url))))
            .unwrap_or_default();
        let kind = string(object.control("type"));
        target([
            ("id", Some(id)),
            ("displayName", text("displayName")),
            ("userPrincipalName", text("userPrincipalName")),
            ("type", kind.map(|name| Cow::Owned(EntityType::strip_namespace(&name).to_owned()))),
        ])
    }

    fn removed(&self) -> Option<&Json<'a>> {
        match self {
            Link::Object(object) => object.control("removed").filter(|mark| !mark.is_null()),
            Link::Id(_) => None,
        }
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
