//! The documents that lie beside pages: jobs, snapshots, saved errors, restore sessions
//! (docs/service.md). They are used or named, and never mistaken for pages.

use crate::model::{Job, JobKind, Json, Object, PageSet, ProblemKind, Snapshot};

use super::by_id::ById;
use super::export::Export;
use super::job::{self, type_name};
use super::limits::SHORT;
use super::members::is_bag;
use super::outline::{Member, Root, key_text, outline};
use super::powershell;
use super::reader;
use super::restore_session::{self, RestoreSession, restore_session, says_something};
use super::url;

/// A document, or an element of a list, that is no page.
#[derive(Debug)]
pub(super) enum Neighbour {
    /// A preview or recovery job; its source is filled in by the caller.
    Job(Box<Job>),
    /// A snapshot; its source is filled in by the caller.
    Snapshot(Snapshot),
    /// A saved error response.
    Error(GraphError),
    /// What a restore session holds, its places without the file.
    RestoreSession(RestoreSession),
    /// A file of this program's own.
    OwnMaking,
    /// Nothing that is of use here.
    Other,
}

/// What a saved error response says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct GraphError {
    /// HTTP status, where it is known.
    pub(super) status: Option<String>,
    pub(super) code: String,
    pub(super) message: String,
}

impl From<GraphError> for ProblemKind {
    fn from(GraphError { status, code, message }: GraphError) -> Self {
        ProblemKind::GraphError { status, code, message }
    }
}

/// Recognises what the object at `pointer` is: itself, or the elements of its `value`, each with its pointer.
pub(super) fn recognise(object: Object<'_>, pointer: &str) -> Vec<(String, Neighbour)> {
    let context = object.control("context").and_then(Json::as_str).unwrap_or_default().to_owned();
    if let Some(elements) = object.get_any_case("value").and_then(Json::as_array) {
        let in_list: Vec<_> = elements
            .iter()
            .enumerate()
            .filter_map(|(position, element)| Some((position, element.as_object()?)))
            .flat_map(|(position, element)| {
                recognise_one(element.clone(), &context, format!("{pointer}/value/{position}"))
            })
            .filter(|(_, neighbour)| !matches!(neighbour, Neighbour::Other))
            .collect();
        if !in_list.is_empty() {
            // A session may have a list beside its artifacts.
            let own = restore_session(&object, pointer).map(Neighbour::RestoreSession);
            return own.map(|own| (pointer.to_owned(), own)).into_iter().chain(in_list).collect();
        }
    }
    recognise_one(object, &context, pointer.to_owned())
}

/// What one object is; a session with an error of its own is both.
fn recognise_one(object: Object<'_>, context: &str, pointer: String) -> Vec<(String, Neighbour)> {
    if is_own_making(&object) {
        return vec![(pointer, Neighbour::OwnMaking)];
    }
    let mut found = Vec::new();
    if let Some(session) = restore_session(&object, &pointer) {
        found.push((pointer.clone(), Neighbour::RestoreSession(session)));
    }
    let mut whole = Json::Object(object);
    powershell::unwrap_values(&mut whole);
    let Json::Object(object) = &whole else {
        found.push((pointer, Neighbour::Other));
        return found;
    };
    let is_session = !found.is_empty();
    let error = object.get_any_case("error").filter(|error| !is_session || says_something(error));
    if let Some(error) = error.and_then(graph_error) {
        let status = object.get_any_case("status").map(|status| status.to_text().into_owned());
        found.push((pointer, Neighbour::Error(GraphError { status: status.or(error.status), ..error })));
    } else if !is_session {
        found.push((pointer, job_or_snapshot(object, context)));
    }
    found
}

fn job_or_snapshot(object: &Object<'_>, context: &str) -> Neighbour {
    let kind = job::kind(object, context);
    let has = |key: &str| object.get_any_case(key).is_some();
    let is_list = object.get_any_case("value").is_some_and(|value| value.as_array().is_some());
    if has("targetStateDateTime")
        || has("jobStartDateTime")
        || (kind != JobKind::Unknown && has("id") && !is_list)
    {
        return Neighbour::Job(Box::new(job::job(object, context, kind)));
    }
    let is_told = has("totalChangedObjects") || context.to_ascii_lowercase().contains("/snapshots");
    let is_snapshot =
        type_name(object).ends_with("snapshot") || (has("id") && has("createdDateTime") && is_told);
    if is_snapshot { Neighbour::Snapshot(snapshot(object)) } else { Neighbour::Other }
}

fn snapshot(object: &Object<'_>) -> Snapshot {
    let id = job::text(object, "id");
    Snapshot {
        source: String::new(),
        id_date_time: id.as_deref().and_then(url::snapshot_date_time),
        id,
        created_date_time: job::text(object, "createdDateTime"),
        total_changed_objects: job::count(object, "totalChangedObjects"),
    }
}

/// The members that only a line of `changes.ndjson` has all of.
pub(super) const OWN_LINE: [&str; 4] = ["sinceBackup", "changes", "unchanged", "source"];

/// The members that only a line of `restore-artifacts.ndjson` has all of.
const OWN_ARTIFACT: [&str; 4] = ["collection", "restorePointId", "outcome", "errorCategory"];

/// Whether `object` is one that this program wrote: `summary.json`, `manifest.json`, a line of
/// `changes.ndjson` or of `restore-artifacts.ndjson`.
pub(super) fn is_own_making(object: &Object<'_>) -> bool {
    let tool = object.get("tool").and_then(Json::as_object).and_then(|tool| tool.get("name"));
    let is_line =
        [OWN_LINE, OWN_ARTIFACT].iter().any(|line| line.iter().all(|key| object.get(key).is_some()));
    tool.and_then(Json::as_str) == Some("entra-diff") || is_line
}

/// Whether pages may lie in an object by its members: it is no restore session, and this program did not write it.
pub(super) fn may_hold_pages(text: &str, members: &[Member]) -> bool {
    let has = |name: &str| members.iter().any(|member| key_text(text, member) == name);
    let is_own_line = [OWN_LINE, OWN_ARTIFACT].iter().any(|line| line.iter().all(|key| has(key)));
    let is_delta = |member: &Member| restore_session::collection(&key_text(text, member)).is_some();
    let in_bag = |member: &Member| match outline(text, member.value.start).root {
        Root::Object(members) => members.iter().any(is_delta),
        Root::Array(_) | Root::Scalar => false,
    };
    let is_session =
        members.iter().any(|member| is_delta(member) || (is_bag(&key_text(text, member)) && in_bag(member)));
    let tool = members.iter().find(|member| key_text(text, member) == "tool");
    let tool = tool.filter(|tool| tool.value.len() < SHORT);
    let tool = tool.and_then(|tool| Some(reader::read(&text[tool.value.clone()]).ok()?.value));
    let name = tool.as_ref().and_then(|tool| tool.as_object()?.get("name")?.as_str());
    !is_own_line && !is_session && name != Some("entra-diff")
}

/// The error in an object that is nothing but a code and a message, or the message of a front end: `{"Message":"…"}`.
/// Where an answer is expected, any message alone is one.
pub(super) fn bare_error(object: &Object<'_>, is_expected: bool) -> Option<GraphError> {
    const OF_AN_ERROR: [&str; 12] = [
        "activityid",
        "code",
        "date",
        "details",
        "innererror",
        "message",
        "request-id",
        "requestid",
        "status",
        "statuscode",
        "target",
        "traceid",
    ];
    let is_known = |key: &str| OF_AN_ERROR.contains(&&*key.to_ascii_lowercase());
    let text = |key: &str| object.get_any_case(key).and_then(Json::as_str).filter(|text| !text.is_empty());
    let status = ["status", "statusCode"].iter().find_map(|key| object.get_any_case(key));
    let message = text("message")?;
    let is_alone = object.len() == 1 && (is_expected || object.get("Message").is_some());
    let says_what = text("code").is_some() || status.is_some() || is_alone;
    (says_what && object.iter().all(|(key, _)| is_known(key))).then(|| GraphError {
        status: status.map(|status| status.to_text().into_owned()),
        code: text("code").unwrap_or_default().to_owned(),
        message: message.to_owned(),
    })
}

/// The error in a saved response: Graph's object, or the text that a command line writes.
pub(super) fn graph_error(error: &Json<'_>) -> Option<GraphError> {
    match error {
        Json::Object(details) => {
            let of = |key: &str| details.get_any_case(key).map(|value| value.to_text().into_owned());
            let (code, message) = (of("code").unwrap_or_default(), of("message").unwrap_or_default());
            Some(GraphError { status: of("status"), code, message })
        }
        Json::String(text) if !text.is_empty() => {
            Some(GraphError { status: None, code: String::new(), message: text.to_string() })
        }
        _ => None,
    }
}

impl Export {
    /// The saved job objects, in input order.
    #[must_use]
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// The saved job objects of a page set's job: their totals stand beside the counts, as a comparison.
    pub fn jobs_of<'e>(&'e self, set: &'e PageSet) -> impl Iterator<Item = &'e Job> {
        let by_id = || self.by_id.get_or_init(|| ById::of(&self.jobs, &self.snapshots));
        let of_set = set.job_id.as_ref().and_then(|id| by_id().jobs.get(&id.to_ascii_lowercase()));
        of_set.into_iter().flatten().map(|&position| &self.jobs[position])
    }

    /// When the first saved object of the snapshot `id` that has a time says that the backup was made.
    #[must_use]
    pub fn snapshot_made(&self, id: &str) -> Option<&str> {
        let &position = self.by_id.get_or_init(|| ById::of(&self.jobs, &self.snapshots)).snapshots.get(id)?;
        self.snapshots[position].created_date_time.as_deref()
    }

    /// The saved snapshot objects, in input order.
    #[must_use]
    pub fn snapshots(&self) -> &[Snapshot] {
        &self.snapshots
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recognised(text: &str) -> Vec<Neighbour> {
        let value = super::super::reader::read(text).expect("JSON").value;
        let Json::Object(object) = value else { panic!("no object: {text}") };
        recognise(object, "").into_iter().map(|(_, neighbour)| neighbour).collect()
    }

    #[test]
    fn a_list_of_jobs_is_jobs() {
        let jobs = recognised(
            r##"{"@odata.context":"https://x/$metadata#directory/recovery/jobs","value":[
                {"@odata.type":"#microsoft.graph.entraRecoveryServices.recoveryJob","id":"1","status":2,"totalFailedChanges":0},
                {"@odata.type":"#microsoft.graph.entraRecoveryServices.recoveryPreviewJob","id":"2","status":"running"}]}"##,
        );
        let [Neighbour::Job(one), Neighbour::Job(two)] = &jobs[..] else { panic!("{jobs:?}") };
        assert_eq!((one.kind, two.kind), (JobKind::Recovery, JobKind::Preview));
        assert!(one.status.as_ref().is_some_and(crate::model::JobStatus::is_successful));
        assert_eq!(one.total_failed_changes, Some(0));
    }

    #[test]
    fn a_saved_error_has_code_and_message() {
        let error = recognised(r#"{"error":{"code":"Forbidden","message":"no","innerError":{}}}"#);
        assert!(
            matches!(&error[..], [Neighbour::Error(GraphError { code, message, .. })] if code == "Forbidden" && message == "no")
        );
        let cli = recognised(r#"{"error":"no"}"#);
        assert!(
            matches!(&cli[..], [Neighbour::Error(GraphError { code, message, .. })] if code.is_empty() && message == "no")
        );
    }

    #[test]
    fn a_snapshot_has_its_times_and_no_number_where_none_is_given() {
        let list = r##"{"value":[
            {"@odata.type":"#microsoft.graph.entraRecoveryServices.snapshot","id":"MTc4NTE4OTYwMA==",
             "createdDateTime":"2026-07-27T22:00:01Z"},
            {"id":"x","createdDateTime":"2026-07-26T22:00:00Z","totalChangedObjects":1230000}]}"##;
        let list = recognised(list);
        let [Neighbour::Snapshot(one), Neighbour::Snapshot(two)] = &list[..] else { panic!("{list:?}") };
        assert_eq!(one.id_date_time.as_deref(), Some("2026-07-27T22:00:00Z"));
        assert_eq!(one.created_date_time.as_deref(), Some("2026-07-27T22:00:01Z"));
        assert_eq!((one.total_changed_objects, two.total_changed_objects), (None, Some(1_230_000)));
        assert_eq!((two.id.as_deref(), two.id_date_time.as_deref()), (Some("x"), None));
    }

    #[test]
    fn snapshots_restore_sessions_and_strangers_are_told_apart() {
        let list = r#"{"@context":"https://x/$metadata#directory/recovery/snapshots","value":[{"id":"MTc=","createdDateTime":"2026-01-01T00:00:00Z"}]}"#;
        assert!(matches!(recognised(list)[..], [Neighbour::Snapshot(_)]));
        assert!(matches!(
            recognised(r#"{"driveRestoreArtifacts@delta":[]}"#)[..],
            [Neighbour::RestoreSession(_)]
        ));
        assert!(matches!(recognised(r#"{"name":"x","id":"1"}"#)[..], [Neighbour::Other]));
    }

    #[test]
    fn a_session_with_an_error_of_its_own_is_both() {
        let failed = r#"{"id":"s","driveRestoreArtifacts@delta":[{}],"error":{"code":"c","message":"m"}}"#;
        assert!(matches!(recognised(failed)[..], [Neighbour::RestoreSession(_), Neighbour::Error(_)]));
        let of_an_sdk =
            r#"{"Id":"s","driveRestoreArtifacts@delta":[{}],"Error":{"Code":null,"Details":null}}"#;
        assert!(matches!(recognised(of_an_sdk)[..], [Neighbour::RestoreSession(_)]));
    }

    #[test]
    fn lists_of_sessions_are_looked_into_also_where_powershell_wrapped_them() {
        let sessions =
            r#""value":[{"driveRestoreArtifacts@delta":[{}]},{"siteRestoreArtifacts@delta":[{},{}]}]"#;
        for list in [
            format!(r#"{{"@odata.context":"x#restoreSessions",{sessions}}}"#),
            format!(r#"{{{sessions},"Count":2}}"#),
            format!(r#"{{{sessions},"mailboxRestoreArtifacts@delta":[{{}}]}}"#),
        ] {
            let found = recognised(&list);
            let own = usize::from(list.contains("mailbox"));
            assert_eq!(found.len(), 2 + own, "{list}: {found:?}");
            assert!(found.iter().all(|found| matches!(found, Neighbour::RestoreSession(_))), "{list}");
        }
    }

    #[test]
    fn a_line_of_our_own_is_no_input() {
        let line =
            r#"{"collection":"x","id":null,"restorePointId":null,"outcome":"added","errorCategory":null}"#;
        assert!(matches!(recognised(line)[..], [Neighbour::OwnMaking]));
    }
}
