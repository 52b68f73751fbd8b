//! The words about restore sessions of Microsoft 365 Backup Storage: what their artifacts are, how they ended, and
//! what an error of the service means (docs/service.md).

use crate::model::{RestoreErrorCode as Code, RestoreOutcome};

use super::super::restore::{RestoreCollection, RestoreGroup};
use super::number::{counted, number};

/// The heading of the part.
pub const HEADING: &str = "Restore sessions of Microsoft 365 Backup";
/// The title of a report that has nothing else.
pub const TITLE: &str = "Restore sessions of Microsoft 365 Backup";
/// The kind of document, above that title.
pub const KICKER: &str = "Microsoft 365 Backup Storage";
/// What is to be known before its tables are read.
pub const SENTENCE: &str = "One row an element of a saved request or response, each counted where it stands: what was \
     asked for and what the service answered are not joined. The service says nothing of removals that succeeded.";
/// The heads of its columns.
pub const COLLECTION: &str = "Collection";
/// How it ended.
pub const OUTCOME: &str = "Outcome";
/// How many there are.
pub const ARTIFACTS: &str = "Artifacts";
/// Which one it is.
pub const ARTIFACT: &str = "Artifact";
/// What it is restored from, and where to.
pub const RESTORED_FROM: &str = "Restore point and destination";
/// What the service says of it.
pub const SERVICE_SAYS: &str = "What the service says";
/// What that means, and what to do about it.
pub const MEANING: &str = "What it means, and what to do";
/// Whatever else is known of it.
pub const DETAILS: &str = "Details";
/// Before an artifact's members, by what they are called.
pub const STATUS: &str = "status";
/// When it was made.
pub const CREATED: &str = "created";
/// What was tried.
pub const OPERATION: &str = "operation";
/// The response code.
pub const RESPONSE_CODE: &str = "response code";
/// What an error is about.
pub const TARGET: &str = "target";
/// What it is told apart by.
pub const CONTENT_ID: &str = "content id";
/// Why it was removed.
pub const REMOVED_REASON: &str = "reason";
/// Of an artifact without an id.
pub const NO_ID: &str = "no id: not made yet";
/// Of a failed one that the service did not name.
pub const NO_RESTORE_POINT: &str = "not named";
/// Of a failure without code and message.
pub const NO_ERROR: &str = "the data says that it failed, and not why";

/// Where everything is that a page or a ticket leaves out, whatever formats were asked for together with it.
const ELSEWHERE: &str = "all of them are in restore-artifacts.csv, restore-artifacts.ndjson and report.xlsx";

/// What a collection's artifacts are, where that is known.
#[must_use]
pub fn collection(name: &str) -> Option<&'static str> {
    const KNOWN: [(&str, &str); 6] = [
        ("mailboxRestoreArtifacts", "Mailboxes"),
        ("driveRestoreArtifacts", "OneDrive drives"),
        ("siteRestoreArtifacts", "SharePoint sites"),
        ("granularMailboxRestoreArtifacts", "Items of mailboxes"),
        ("granularDriveRestoreArtifacts", "Files of OneDrive drives"),
        ("granularSiteRestoreArtifacts", "Files of SharePoint sites"),
    ];
    KNOWN.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, words)| words)
}

/// An outcome in words; a status is the service's own word.
#[must_use]
pub fn outcome(outcome: &RestoreOutcome) -> &str {
    match outcome {
        RestoreOutcome::Failed => "failed",
        RestoreOutcome::Removed => "marked as removed",
        RestoreOutcome::Status(status) => status,
        RestoreOutcome::Unknown => "no status in the data",
    }
}

/// What is to be known of a status the service documents.
#[must_use]
pub fn outcome_meaning(outcome: &RestoreOutcome) -> Option<&'static str> {
    match outcome {
        RestoreOutcome::Failed => Some("the service refused or could not restore it"),
        RestoreOutcome::Removed => {
            Some("a removal from the session, asked for or told; the service confirms none that succeeds")
        }
        RestoreOutcome::Status(status) => match status.as_str() {
            "added" => Some("in the session; nothing is restored before the session is activated"),
            "scheduling" | "scheduled" => Some("waiting for its turn"),
            "inProgress" => Some("being restored when the answer was saved"),
            "succeeded" => Some("restored"),
            "unknownFutureValue" => {
                Some("a status that the service hid: ask with Prefer: include-unknown-enum-members")
            }
            _ => None,
        },
        RestoreOutcome::Unknown => Some("asked for, or answered without a status"),
    }
}

/// Where an artifact is restored to.
#[must_use]
pub fn destination(destination_type: &str) -> &str {
    match destination_type {
        "new" => "to a new site or folder (new)",
        "inPlace" => "over what is there (inPlace)",
        other => other,
    }
}

/// `12 artifacts, 1 failed`.
#[must_use]
pub fn counts(total: u64, failed: u64) -> String {
    let total = counted(total, "artifact", "artifacts");
    if failed == 0 { total } else { format!("{total}, {} failed", number(failed)) }
}

/// The counts of all collections together.
#[must_use]
pub fn all_counts(collections: &[RestoreCollection<'_>]) -> String {
    let sum = |of: fn(&RestoreCollection<'_>) -> u64| collections.iter().map(of).sum();
    counts(sum(|collection| collection.total), sum(|collection| collection.failed))
}

/// How many artifacts of a group are in the page, where not all are.
#[must_use]
pub fn shown(shown: usize, group: &RestoreGroup<'_>) -> Option<String> {
    let shown = shown as u64;
    let (some, all) = (number(shown), number(group.count()));
    (shown < group.count()).then(|| format!("{some} of {all} artifacts are shown here; {ELSEWHERE}"))
}

/// How many groups are not shown.
#[must_use]
pub fn more_groups(groups: u64) -> String {
    format!("{} not shown here; {ELSEWHERE}", counted(groups, "more group is", "more groups are"))
}

/// How many failed artifacts are not shown.
#[must_use]
pub fn more_failed(artifacts: u64) -> String {
    let artifacts = counted(artifacts, "more failed artifact is", "more failed artifacts are");
    format!("{artifacts} not shown here; {ELSEWHERE}")
}

/// What a code means and what to do about it; `None` of a code that is not in the service's catalogue.
#[must_use]
pub fn error(code: &str) -> Option<(&'static str, &'static str)> {
    Code::named(code).map(error_of)
}

/// What to do about an error whose code is not in the catalogue.
pub const OTHER_ADVICE: &str = "read the service's message; ask for the session and compare";

const READ_AGAIN: &str = "read the session and its artifacts again before the next change";
const CORRECT: &str = "correct the request and send it again";
const WAIT: &str = "wait until it is done, then ask again";

#[expect(clippy::too_many_lines, reason = "one table, a case a line or two")]
fn error_of(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::InvalidRestoreSessionId => ("the id of the session is none", CORRECT),
        Code::InvalidPatchRequest => ("the request has nothing that can be changed", CORRECT),
        Code::InvalidPathType => ("the path is of another kind of session", CORRECT),
        Code::InvalidRestorePoint => {
            ("the restore point is not one of this object", "look for the restore points of the object again")
        }
        Code::InvalidArtifactRequest => ("the artifact is not described as it has to be", CORRECT),
        Code::DifferentRestoreDestinationType => (
            "one session restores to one kind of destination, and the artifacts name several",
            "make a session for each kind of destination",
        ),
        Code::DuplicateArtifactInList => ("the artifact stands twice in the request", CORRECT),
        Code::RestoreArtifactsLimitBreached => {
            ("the request has more than 50 artifacts", "send at most 50 artifacts a request")
        }
        Code::RestoreSessionActionNotAllowed => (
            "only a session that is a draft can be changed, deleted or activated",
            "make a new session for what is still to be restored",
        ),
        Code::RestoreSessionNotFound => (
            "there is no such session; a finished one is removed after a year",
            "list the sessions, and make a new one",
        ),
        Code::IncompleteArtifactDeletion => ("not every artifact was taken out of the session", READ_AGAIN),
        Code::TooManyActiveRestoreSessions => ("more than 25 sessions are active", WAIT),
        Code::UnknownError => ("the service does not say what went wrong", "try again; then ask its support"),
        Code::ArtifactNotFound => ("the session has no such artifact", READ_AGAIN),
        Code::InvalidRestoreTime => {
            ("the time is outside of what is kept", "choose a restore point that is still kept")
        }
        Code::ArtifactCannotBeRestored => (
            "the object cannot be restored as it is, for one because it is held by a preservation lock",
            "release the lock, or restore to a new place",
        ),
        Code::DuplicateArtifactRestoreRequest => ("the object is being restored already", WAIT),
        Code::ProtectionUnitNotFound => {
            ("the mailbox, drive or site is not protected", "look for it in the protection policies")
        }
        Code::ProtectionUnitAlreadyExists => ("the mailbox, drive or site is protected already", "nothing"),
        Code::DuplicateProtectionUnitInList => {
            ("a mailbox, drive or site stands twice in the request", CORRECT)
        }
        Code::ProtectionUnitActionNotAllowed => {
            ("the state of the protected object does not allow it", "look at its protection status first")
        }
        Code::InvalidArtifactId => ("the id of the artifact is none", CORRECT),
        Code::QuotaExceeded => ("a limit of the service is reached", "ask for less, or later"),
        Code::InvalidBulkRestoreArtifactId => ("the id of the bulk request is none", CORRECT),
        Code::BulkRestoreInvalidCreateRequest => ("the bulk request is not as it has to be", CORRECT),
        Code::BulkRestoreRestorationResourcesCountExceedsLimit => {
            ("the bulk request names too many objects", "split the request")
        }
        Code::BulkRestoreInvalidCreateRequestSiteUrl => ("a site's URL in the bulk request is none", CORRECT),
        Code::BulkRestoreInvalidCreateRequestUserEmail => {
            ("a user's address in the bulk request is none", CORRECT)
        }
        Code::BulkRestoreArtifactsNotFound => {
            ("the bulk request found nothing to restore", "check the names and the times it asks for")
        }
        Code::InvalidStateForBulkRequestDeletion => ("the bulk request is running", WAIT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_meaning_of_its_own() {
        let meanings: std::collections::BTreeSet<&str> =
            Code::ALL.iter().filter_map(|code| Some(error(code.as_str())?.0)).collect();
        assert_eq!(meanings.len(), Code::ALL.len());
        assert_eq!(error("Invalid"), None);
    }

    #[test]
    fn counts_tell_failures_where_there_are_some() {
        assert_eq!(counts(1, 0), "1 artifact");
        assert_eq!(counts(1234, 2), "1,234 artifacts, 2 failed");
    }
}
