//! A restore session of Microsoft 365 Backup Storage → its artifacts (contract, section 9): a request, a response,
//! or a session object, whose deltas are members by the name of `…RestoreArtifacts@delta`.
//!
//! What is no artifact where one should stand is told, never lost without a word.

use std::borrow::Cow;

use crate::model::{
    Json, Object, ProblemKind, RestoreArtifact, RestoreErrorCategory, RestoreOutcome, is_lost_text,
    last_segment,
};

use super::export::Export;
use super::members::is_bag;
use super::outline::{Member, Span, escape_pointer, key_text};
use super::powershell;
use super::reader;

/// What one document of a restore session holds.
#[derive(Debug, Default)]
pub(super) struct RestoreSession {
    /// Its artifacts; the source of each is its pointer, the file is filled in by the caller.
    pub(super) artifacts: Vec<RestoreArtifact>,
    /// What could not be used, each with its pointer.
    pub(super) problems: Vec<(String, ProblemKind)>,
}

/// What the names of the collections end in.
const COLLECTION: &str = "RestoreArtifacts";

/// The name of the collection of artifacts whose delta `key` is.
pub(super) fn collection(key: &str) -> Option<&str> {
    let (name, delta) = key.rsplit_once('@')?;
    let is_delta = ["delta", "odata.delta"].iter().any(|word| delta.eq_ignore_ascii_case(word));
    let end = name.len().checked_sub(COLLECTION.len())?;
    let is_collection = name.get(end..).is_some_and(|end| end.eq_ignore_ascii_case(COLLECTION));
    (is_delta && is_collection).then_some(name)
}

/// The session that the object at `pointer` is, or is a message of; `None` where it has no delta of artifacts.
pub(super) fn restore_session(object: &Object<'_>, pointer: &str) -> Option<RestoreSession> {
    let mut session = None;
    session_members(object, pointer, &mut session);
    session
}

/// Adds the members of an object, and those that an SDK put into a bag.
fn session_members(object: &Object<'_>, pointer: &str, session: &mut Option<RestoreSession>) {
    for (key, value) in object.iter() {
        let within = || format!("{pointer}/{}", escape_pointer(key));
        if let Some(name) = collection(key) {
            session.get_or_insert_default().collection(name, value, &within());
        } else if let Json::Object(bag) = value
            && is_bag(key)
        {
            session_members(bag, &within(), session);
        }
    }
}

impl RestoreSession {
    fn collection(&mut self, name: &str, value: &Json<'_>, pointer: &str) {
        let (elements, pointer) = match (value, powershell::wrapped_list(value)) {
            // Nothing is lost with it.
            (Json::Null, _) => return,
            (Json::Array(elements), _) => (elements.as_slice(), Cow::Borrowed(pointer)),
            (_, Some(elements)) => (elements, Cow::Owned(format!("{pointer}/value"))),
            (_, None) => {
                let problem = ProblemKind::UnrecognisedArtifact { is_collection: true };
                return self.problems.push((pointer.to_owned(), problem));
            }
        };
        for (position, element) in elements.iter().enumerate() {
            self.element(name, element, format!("{pointer}/{position}"));
        }
    }

    fn element(&mut self, collection: &str, element: &Json<'_>, pointer: String) {
        let mut element = element.clone();
        powershell::unwrap_values(&mut element);
        let Json::Object(object) = &element else {
            let problem = ProblemKind::UnrecognisedArtifact { is_collection: false };
            return self.problems.push((pointer, problem));
        };
        let members = Members(object);
        let lost = members.lost();
        let artifact = members.artifact(collection, pointer);
        if lost > 0 {
            let id = artifact.id.clone().or_else(|| artifact.restore_point_id.clone()).unwrap_or_default();
            let problem = ProblemKind::LostEvidence { id, name: None, rows: lost };
            self.problems.push((artifact.source.clone(), problem));
        }
        self.artifacts.push(artifact);
    }
}

/// The members of an element: its own, and behind them those that an SDK put into a bag. Null is no value.
#[derive(Clone, Copy)]
struct Members<'o, 'a>(&'o Object<'a>);

/// What an exception is called, and what an element is told apart by (docs/service.md).
const EXCEPTION: [&str; 2] =
    ["@Core.DataModificationException", "@Org.OData.Core.V1.DataModificationException"];
const CONTENT_ID: [&str; 3] = ["@contentId", "@Core.ContentID", "@Org.OData.Core.V1.ContentID"];
/// How the restore point is named where it is no object.
const RESTORE_POINT_LINK: &str = "restorePoint@odata.bind";

impl<'o, 'a> Members<'o, 'a> {
    fn artifact(self, collection: &str, source: String) -> RestoreArtifact {
        let exception = EXCEPTION.iter().find_map(|name| self.get(name));
        let error = self.get("error").filter(|error| says_something(error));
        // An exception without an `info` is its own.
        let info = exception.map(|exception| member(exception, "info").unwrap_or(exception));
        let of_error =
            |name: &str| [info, error].into_iter().flatten().find_map(|from| member_text(from, name));
        let of_exception = |name: &str| exception.and_then(|from| member_text(from, name));
        let message = || [info, error].into_iter().flatten().find_map(plain_text);
        let status = self.text("status");
        let removed = self.control("removed");
        let error_code = of_error("code");
        let has_error = exception.or(error).is_some();
        let outcome = match RestoreOutcome::of_status(status.as_deref()) {
            _ if has_error => RestoreOutcome::Failed,
            RestoreOutcome::Failed => RestoreOutcome::Failed,
            _ if removed.is_some() => RestoreOutcome::Removed,
            outcome => outcome,
        };
        RestoreArtifact {
            collection: collection.to_owned(),
            id: self.text("id"),
            restore_point_id: self.restore_point_id(),
            destination_type: self.text("destinationType"),
            status,
            created_date_time: self.text("createdDateTime"),
            content_id: CONTENT_ID.iter().find_map(|name| self.text(name)),
            error_message: of_error("message").or_else(message),
            error_target: of_error("target"),
            failed_operation: of_exception("failedOperation"),
            response_code: of_exception("responseCode"),
            removed_reason: removed.and_then(|mark| member_text(mark, "reason").or_else(|| plain_text(mark))),
            source,
            outcome,
            error_category: has_error.then(|| RestoreErrorCategory::of(error_code.as_deref())),
            error_code,
        }
    }

    /// The value of a member, an exact name first.
    fn get(self, name: &str) -> Option<&'o Json<'a>> {
        let own = |object: &'o Object<'a>| {
            let value = |(_, value): (&'o Cow<'a, str>, &'o Json<'a>)| (!value.is_null()).then_some(value);
            let exact = object.iter().filter(|(key, _)| *key == name).find_map(value);
            exact.or_else(|| object.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name)).find_map(value))
        };
        own(self.0).or_else(|| self.bags().find_map(own))
    }

    fn control(self, name: &str) -> Option<&'o Json<'a>> {
        let own = |object: &'o Object<'a>| object.control(name).filter(|value| !value.is_null());
        own(self.0).or_else(|| self.bags().find_map(own))
    }

    fn bags(self) -> impl Iterator<Item = &'o Object<'a>> {
        self.0.iter().filter(|(key, _)| is_bag(key)).filter_map(|(_, value)| value.as_object())
    }

    fn text(self, name: &str) -> Option<String> {
        self.get(name).map(|value| value.to_text().into_owned())
    }

    /// The restore point's id, or the last segment of the link to it.
    fn restore_point_id(self) -> Option<String> {
        let link = |value: &Json<'_>| last_segment(&value.to_text());
        match self.get("restorePoint") {
            Some(Json::Object(point)) => {
                let point = Members(point);
                let id = point.text("id").filter(|id| !id.is_empty());
                id.or_else(|| point.control("id").map(link))
            }
            Some(other) => Some(other.to_text().into_owned()),
            None => self.get(RESTORE_POINT_LINK).map(link),
        }
    }

    /// How many members hold what PowerShell wrote in the place of a nested value.
    fn lost(self) -> u32 {
        let exception = EXCEPTION.iter().find_map(|name| self.get(name));
        let info = exception.and_then(|exception| member(exception, "info"));
        let places = [self.get("restorePoint"), exception, info, self.get("error"), self.control("removed")];
        let texts = places.into_iter().flatten().filter_map(Json::as_str);
        texts.map(|text| u32::from(is_lost_text(text))).sum()
    }
}

fn member<'v, 'a>(value: &'v Json<'a>, name: &str) -> Option<&'v Json<'a>> {
    Members(value.as_object()?).get(name)
}

fn member_text(value: &Json<'_>, name: &str) -> Option<String> {
    member(value, name).map(|value| value.to_text().into_owned())
}

/// The text of a value where an object is expected.
fn plain_text(value: &Json<'_>) -> Option<String> {
    (value.as_object().is_none()).then(|| value.to_text().into_owned())
}

/// Whether there is any value in `error`: SDKs write an error that is none with all its members, each without
/// a value.
pub(super) fn says_something(error: &Json<'_>) -> bool {
    match error {
        Json::Null => false,
        Json::Bool(_) | Json::Number(_) => true,
        Json::String(text) => !text.is_empty(),
        Json::Array(elements) => elements.iter().any(says_something),
        Json::Object(object) => object.iter().any(|(_, value)| says_something(value)),
    }
}

/// The role of a file that holds a restore session.
pub(super) const RESTORE_SESSION: &str = "restoreSession";

impl Export {
    /// The artifacts of restore sessions, in input order.
    #[must_use]
    pub fn restore_artifacts(&self) -> &[RestoreArtifact] {
        &self.restore_artifacts
    }

    /// Whether there is a restore session, if only one without artifacts.
    #[must_use]
    pub fn has_restore_sessions(&self) -> bool {
        self.files.iter().any(|file| file.role.split('+').any(|role| role == RESTORE_SESSION))
    }
}

/// The readable members of a session that is cut or broken; an element that is no JSON is null. `None` where
/// no member is a delta of artifacts.
pub(super) fn readable<'t>(text: &'t str, members: &[Member]) -> Option<Object<'t>> {
    let read = |span: &Span| reader::read(&text[span.clone()]).ok().map(|read| read.value);
    let is_delta = |member: &Member| collection(&key_text(text, member)).is_some();
    members.iter().any(is_delta).then(|| {
        let readable = |member: &Member| {
            let elements = member.elements.as_ref();
            let elements = elements.map(|spans| spans.iter().map(|span| read(span).unwrap_or(Json::Null)));
            let value =
                elements.map(|values| Json::Array(values.collect())).or_else(|| read(&member.value))?;
            Some((key_text(text, member), value))
        };
        Object::new(members.iter().filter_map(readable).collect()).0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(text: &str) -> RestoreSession {
        let value = reader::read(text).expect("JSON").value;
        restore_session(value.as_object().expect("an object"), "").expect("a session")
    }

    /// The one artifact that `element` makes.
    fn artifact(element: &str) -> RestoreArtifact {
        let mut session = session(&format!(r#"{{"siteRestoreArtifacts@delta":[{element}]}}"#));
        assert_eq!((session.artifacts.len(), session.problems.len()), (1, 0), "{element}");
        session.artifacts.remove(0)
    }

    #[test]
    fn collections_are_known_by_the_end_of_their_name() {
        for (key, name) in [
            ("mailboxRestoreArtifacts@delta", Some("mailboxRestoreArtifacts")),
            ("granularDriveRestoreArtifacts@odata.delta", Some("granularDriveRestoreArtifacts")),
            ("DRIVERESTOREARTIFACTS@Delta", Some("DRIVERESTOREARTIFACTS")),
            ("RestoreArtifacts@delta", Some("RestoreArtifacts")),
            ("a@bRestoreArtifacts@delta", Some("a@bRestoreArtifacts")),
            ("mailboxRestoreArtifacts", None),
            ("mailboxRestoreArtifacts@odata.nextLink", None),
            ("mailboxProtectionUnits@delta", None),
            ("siteRestoreArtifactsBulkAdditionRequests@delta", None),
            ("\u{e9}storeArtifacts@delta", None),
        ] {
            assert_eq!(collection(key), name, "{key}");
        }
    }

    #[test]
    fn a_response_has_what_was_added_and_what_failed() {
        let added = artifact(
            r#"{"id":"a","restorePoint":{"id":"p"},"destinationType":"new","status":"added","createdDateTime":"2015-06-19T12-01-03.45Z"}"#,
        );
        assert_eq!(added.id.as_deref(), Some("a"));
        assert_eq!(added.restore_point_id.as_deref(), Some("p"));
        assert_eq!(added.destination_type.as_deref(), Some("new"));
        assert_eq!(added.created_date_time.as_deref(), Some("2015-06-19T12-01-03.45Z"), "as written");
        assert_eq!((added.outcome.as_str(), added.error_category), ("added", None));
        let failed = artifact(
            r#"{"@contentId":"c","@Core.DataModificationException":{"info":{"code":"ArtifactNotFound","message":"m",
                "target":"t"},"failedOperation":"remove","responseCode":409},"id":"b","status":"added"}"#,
        );
        let told = [&failed.content_id, &failed.error_code, &failed.error_message, &failed.error_target];
        assert_eq!(told.map(Option::as_deref), ["c", "ArtifactNotFound", "m", "t"].map(Some));
        let tried = [&failed.failed_operation, &failed.response_code, &failed.id, &failed.status];
        assert_eq!(tried.map(Option::as_deref), ["remove", "409", "b", "added"].map(Some));
        assert_eq!(failed.outcome, RestoreOutcome::Failed, "whatever its status says");
        assert_eq!(failed.error_category, Some(RestoreErrorCategory::Artifact));
        assert_eq!(failed.source, "/siteRestoreArtifacts@delta/0");
    }

    #[test]
    fn every_spelling_of_an_error_is_a_failure() {
        for element in [
            r#"{"@Org.OData.Core.V1.DataModificationException":{"info":{"code":"X","message":"m"}},"@Core.ContentID":"c"}"#,
            r#"{"@core.datamodificationexception":{"INFO":{"Code":"X","Message":"m"}},"@Org.OData.Core.V1.ContentID":"c"}"#,
            r#"{"@Core.DataModificationException":{"code":"X","message":"m"},"@contentid":"c"}"#,
            r#"{"error":{"code":"X","message":"m"},"@contentId":"c"}"#,
            r#"{"Error":{"AdditionalProperties":{},"Code":"X","Message":"m"},"AdditionalProperties":{"@contentId":"c"}}"#,
        ] {
            let artifact = artifact(element);
            assert_eq!(artifact.outcome, RestoreOutcome::Failed, "{element}");
            assert_eq!(artifact.error_category, Some(RestoreErrorCategory::Other), "{element}");
            let told = [&artifact.error_code, &artifact.error_message, &artifact.content_id];
            assert_eq!(told.map(Option::as_deref), ["X", "m", "c"].map(Some), "{element}");
        }
        let status = artifact(r#"{"id":"a","status":"Failed","error":null}"#);
        assert_eq!((status.outcome.as_str(), status.error_category), ("failed", None));
        for (element, message) in [
            (r#"{"error":"text"}"#, Some("text")),
            (r#"{"@Core.DataModificationException":{"info":"text"}}"#, Some("text")),
            (r#"{"@Core.DataModificationException":{}}"#, None),
            (r#"{"@Core.DataModificationException":{},"error":{"message":"text"}}"#, Some("text")),
        ] {
            let artifact = artifact(element);
            assert_eq!(artifact.outcome, RestoreOutcome::Failed, "{element}");
            assert_eq!(artifact.error_message.as_deref(), message, "{element}");
        }
    }

    #[test]
    fn an_error_that_says_nothing_is_none() {
        let artifact = artifact(
            r#"{"Status":"succeeded","Error":{"Code":null,"Details":[],"AdditionalProperties":{}}}"#,
        );
        assert_eq!((artifact.outcome.as_str(), artifact.error_category), ("succeeded", None));
    }

    #[test]
    fn what_is_taken_out_is_removed_unless_it_failed() {
        let removed = artifact(r#"{"@removed":{"reason":"changed"},"id":"a","status":"added"}"#);
        assert_eq!(
            (removed.outcome.as_str(), removed.removed_reason.as_deref()),
            ("removed", Some("changed"))
        );
        let failed = artifact(r#"{"@removed":{"reason":"changed"},"error":{"code":"ArtifactNotFound"}}"#);
        assert_eq!(failed.outcome, RestoreOutcome::Failed);
        assert_eq!(artifact(r#"{"@odata.removed":"deleted"}"#).removed_reason.as_deref(), Some("deleted"));
        assert_eq!(artifact(r#"{"@removed":null}"#).outcome, RestoreOutcome::Unknown);
    }

    #[test]
    fn restore_points_are_found_in_every_form() {
        for (element, id) in [
            (r#"{"restorePoint":{"id":"p"}}"#, Some("p")),
            (r#"{"restorePoint":{"@odata.id":"p"}}"#, Some("p")),
            (r#"{"RestorePoint":{"Id":"","@id":"https://x/restorePoints('a%40b')"}}"#, Some("a@b")),
            (r#"{"restorePoint@odata.bind":"https://x/restorePoints/p"}"#, Some("p")),
            (r#"{"restorePoint":"p"}"#, Some("p")),
            (r#"{"restorePoint":{"id":7.10}}"#, Some("7.10")),
            (r#"{"restorePoint":null}"#, None),
        ] {
            assert_eq!(artifact(element).restore_point_id.as_deref(), id, "{element}");
        }
    }

    #[test]
    fn a_session_object_and_its_bag_hold_artifacts() {
        let session = session(
            r#"{"Id":"s","Status":"draft","AdditionalProperties":{"a~/b":1,"mailboxRestoreArtifacts@delta":
                {"value":[{"id":"1"}],"Count":1},"x/~RestoreArtifacts@delta":[{"id":"2"}]}}"#,
        );
        let sources: Vec<&str> = session.artifacts.iter().map(|artifact| artifact.source.as_str()).collect();
        let expected = ["mailboxRestoreArtifacts@delta/value/0", "x~1~0RestoreArtifacts@delta/0"];
        assert_eq!(sources, expected.map(|end| format!("/AdditionalProperties/{end}")));
    }

    #[test]
    fn what_is_no_artifact_is_told() {
        let found = session(
            r#"{"siteRestoreArtifacts@delta":[7,"System.Object[]",null,{"id":"a"}],"driveRestoreArtifacts@delta":"x",
                "mailboxRestoreArtifacts@delta":{"id":"b"},"granularSiteRestoreArtifacts@delta":null}"#,
        );
        assert_eq!(found.artifacts.len(), 1);
        let told: Vec<(&str, &str)> =
            found.problems.iter().map(|(pointer, problem)| (pointer.as_str(), problem.code())).collect();
        let places = [
            "/siteRestoreArtifacts@delta/0",
            "/siteRestoreArtifacts@delta/1",
            "/siteRestoreArtifacts@delta/2",
            "/driveRestoreArtifacts@delta",
            "/mailboxRestoreArtifacts@delta",
        ];
        assert_eq!(told, places.map(|place| (place, "unrecognisedItem")));
    }

    #[test]
    fn what_powershell_lost_is_shown_as_it_is_and_told() {
        let found = session(
            r#"{"siteRestoreArtifacts@delta":[{"id":"a","restorePoint":"@{id=1}","@Core.DataModificationException":
                {"info":"@{code=Invalid; message=no}","failedOperation":"remove"}}]}"#,
        );
        assert_eq!(found.artifacts[0].error_message.as_deref(), Some("@{code=Invalid; message=no}"));
        assert_eq!(found.artifacts[0].outcome, RestoreOutcome::Failed);
        let expected = ProblemKind::LostEvidence { id: "a".to_owned(), name: None, rows: 2 };
        assert_eq!(found.problems, [("/siteRestoreArtifacts@delta/0".to_owned(), expected)]);
    }
}
