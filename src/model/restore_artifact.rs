//! A restore artifact of Microsoft 365 Backup Storage: one mailbox, drive or site of a restore session
//! (contract, section 9).

use super::RestoreErrorCode;

/// One element of a restore session's delta, every field as the input has it; a value that is no string is its
/// text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreArtifact {
    /// The name of its collection, without `@delta`.
    pub collection: String,
    /// Its id; what is asked for has none yet.
    pub id: Option<String>,
    /// What it is restored from.
    pub restore_point_id: Option<String>,
    /// `new` or `inPlace`.
    pub destination_type: Option<String>,
    /// How far it came.
    pub status: Option<String>,
    /// When it was made, as written.
    pub created_date_time: Option<String>,
    /// What the service tells two artifacts apart by.
    pub content_id: Option<String>,
    /// The service's code of what failed.
    pub error_code: Option<String>,
    /// The service's message.
    pub error_message: Option<String>,
    /// What the error is about.
    pub error_target: Option<String>,
    /// What was tried.
    pub failed_operation: Option<String>,
    /// The HTTP status the service would have answered with.
    pub response_code: Option<String>,
    /// The reason of `@removed`.
    pub removed_reason: Option<String>,
    /// `path#pointer` of the element.
    pub source: String,
    /// How it ended, or how far it is.
    pub outcome: RestoreOutcome,
    /// What kind of error it has, where it has one.
    pub error_category: Option<RestoreErrorCategory>,
}

impl RestoreArtifact {
    /// Its status, where there is a word.
    #[must_use]
    pub fn status_word(&self) -> Option<&str> {
        self.status.as_deref().filter(|status| !status.is_empty())
    }
}

/// How an artifact ended. The order is the report's: what failed stands first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RestoreOutcome {
    /// It has an error, or its status says so.
    Failed,
    /// It is taken out of the session.
    Removed,
    /// Its status.
    Status(String),
    /// The input does not tell.
    Unknown,
}

impl RestoreOutcome {
    /// What a status says. A word is the same outcome wherever it comes from.
    #[must_use]
    pub fn of_status(status: Option<&str>) -> Self {
        match status {
            None | Some("" | "unknown") => RestoreOutcome::Unknown,
            Some("removed") => RestoreOutcome::Removed,
            // A missed failure is the worst fault: SDKs write words of an enum in other cases.
            Some(status) if status.eq_ignore_ascii_case("failed") => RestoreOutcome::Failed,
            Some(status) => RestoreOutcome::Status(status.to_owned()),
        }
    }

    /// The contract's word, or the service's.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            RestoreOutcome::Failed => "failed",
            RestoreOutcome::Removed => "removed",
            RestoreOutcome::Status(status) => status,
            RestoreOutcome::Unknown => "unknown",
        }
    }
}

/// Which part of the service's catalogue an error code is of (docs/service.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RestoreErrorCategory {
    /// Of making or changing a session.
    Session,
    /// Of one artifact.
    Artifact,
    /// Of a protected mailbox, drive or site.
    ProtectionUnit,
    /// Of a request for many artifacts at once.
    Bulk,
    /// Not in the catalogue, or an error without a code.
    Other,
}

impl RestoreErrorCategory {
    /// Of an error with this code, without regard to case.
    #[must_use]
    pub fn of(code: Option<&str>) -> Self {
        code.and_then(RestoreErrorCode::named).map_or(RestoreErrorCategory::Other, RestoreErrorCode::category)
    }

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            RestoreErrorCategory::Session => "session",
            RestoreErrorCategory::Artifact => "artifact",
            RestoreErrorCategory::ProtectionUnit => "protectionUnit",
            RestoreErrorCategory::Bulk => "bulk",
            RestoreErrorCategory::Other => "other",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_one_outcome_wherever_it_comes_from() {
        for (status, outcome) in [
            (None, RestoreOutcome::Unknown),
            (Some(""), RestoreOutcome::Unknown),
            (Some("unknown"), RestoreOutcome::Unknown),
            (Some("FAILED"), RestoreOutcome::Failed),
            (Some("removed"), RestoreOutcome::Removed),
        ] {
            assert_eq!(RestoreOutcome::of_status(status), outcome, "{status:?}");
        }
        assert_eq!(RestoreOutcome::of_status(Some("inProgress")).as_str(), "inProgress");
    }

    #[test]
    fn what_failed_stands_first_and_what_is_not_known_last() {
        let status = |word: &str| RestoreOutcome::Status(word.to_owned());
        let order = [RestoreOutcome::Failed, RestoreOutcome::Removed, status("added"), status("\u{1f600}")];
        assert!(order.is_sorted() && order[3] < RestoreOutcome::Unknown);
    }

    #[test]
    fn codes_are_of_the_part_of_the_catalogue_that_has_them() {
        for (code, category) in [
            (Some("RestoreSessionNotFound"), "session"),
            (Some("artifactnotfound"), "artifact"),
            (Some("QuotaExceeded"), "protectionUnit"),
            (Some("BulkRestoreArtifactsNotFound"), "bulk"),
            (Some("Invalid"), "other"),
            (None, "other"),
        ] {
            assert_eq!(RestoreErrorCategory::of(code).as_str(), category, "{code:?}");
        }
    }
}
