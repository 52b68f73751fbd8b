//! What a saved error of the service means, and what to do about it (docs/service.md, *Errors of the service*).

/// A situation that the service answers with an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Situation {
    /// The changes of a job were asked for before it was successful.
    BeforeCompletion,
    /// The backup is not one of those there are.
    NoSuchBackup,
    /// A job was started while another one ran.
    JobInProgress,
    /// Whoever asked is signed in no longer.
    Token,
    /// Whoever asked may not read this.
    Role,
    /// There were too many requests.
    Throttled,
    /// What the request names is not there: mostly the job.
    NotFound,
    /// The service failed.
    Service,
    /// Anything else.
    Other,
}

/// Texts in a code or a message, in lower case, by which a situation is known. The first that fits counts:
/// what the service says of its own comes before what any part of Graph says.
const MARKS: [(&str, Situation); 21] = [
    ("must have completed successfully", Situation::BeforeCompletion),
    ("valid timestamp for recovery", Situation::NoSuchBackup),
    ("snapshot with identifier", Situation::NoSuchBackup),
    ("recovery job is currently in progress", Situation::JobInProgress),
    ("invalidauthenticationtoken", Situation::Token),
    ("token is expired", Situation::Token),
    ("token has expired", Situation::Token),
    ("authorization has been denied", Situation::Role),
    ("authorization_requestdenied", Situation::Role),
    ("insufficient privileges", Situation::Role),
    ("accessdenied", Situation::Role),
    ("toomanyrequests", Situation::Throttled),
    ("too many requests", Situation::Throttled),
    ("throttled", Situation::Throttled),
    ("resourcenotfound", Situation::NotFound),
    ("job with identifier", Situation::NotFound),
    ("internalservererror", Situation::Service),
    ("serviceunavailable", Situation::Service),
    ("service unavailable", Situation::Service),
    ("gatewaytimeout", Situation::Service),
    ("gateway timeout", Situation::Service),
];

/// Codes that are the name of a status.
const NAMES: [(&str, u16); 5] = [
    ("conflict", 409),
    ("forbidden", 403),
    ("notfound", 404),
    ("unauthenticated", 401),
    ("unauthorized", 401),
];

/// What the error means, and what to do.
pub(super) fn advice(status: Option<&str>, code: &str, message: &str) -> &'static str {
    match Situation::of(status, code, message) {
        Situation::BeforeCompletion => {
            "the changes of a job can be read only once it was successful: wait until the preview job's status is \
             successful, then fetch the pages"
        }
        Situation::NoSuchBackup => {
            "the request names a backup that the service did not find: take its id from the list of snapshots \
             (directory/recovery/snapshots); a backup is kept for a few days only, and even a listed one may not be \
             found when it is asked for alone"
        }
        Situation::JobInProgress => {
            "there is one job at a time in a tenant: wait until the one that runs has ended, then repeat the request"
        }
        Situation::Token => "the sign-in has expired or is not valid: sign in again, then repeat the request",
        Situation::Role => {
            "whoever asked may not read this: to read takes the role Entra Backup Reader and the permission \
             EntraBackup.Read.All, consented to; then repeat the request"
        }
        Situation::Throttled => {
            "there were too many requests: wait as many seconds as the response's header Retry-After says, then \
             repeat the request"
        }
        Situation::NotFound => {
            "the request names a job that the service did not find: take its id from the list of jobs \
             (directory/recovery/jobs); a job is kept for a few days only"
        }
        Situation::Service => "the service failed, not the request: wait some minutes, then repeat it",
        Situation::Other => "repeat the request once its cause is removed",
    }
}

impl Situation {
    /// A status is a number, or a name; what the body says is closer to the cause.
    fn of(status: Option<&str>, code: &str, message: &str) -> Self {
        let (code, message) = (code.to_ascii_lowercase(), message.to_ascii_lowercase());
        let is_told = |mark: &str| code.contains(mark) || message.contains(mark);
        if let Some((_, situation)) = MARKS.iter().find(|(mark, _)| is_told(mark)) {
            return *situation;
        }
        let status = status.map(str::trim).unwrap_or_default().to_ascii_lowercase();
        let named = |name: &str| NAMES.iter().find(|(of, _)| *of == name).map(|(_, number)| *number);
        let number = status.parse().ok().or_else(|| named(&status)).or_else(|| named(&code));
        match number {
            Some(401) => Situation::Token,
            Some(403) => Situation::Role,
            Some(404) => Situation::NotFound,
            Some(409) => Situation::JobInProgress,
            Some(429) => Situation::Throttled,
            Some(500..=599) => Situation::Service,
            _ => Situation::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_errors_are_known_by_their_texts_without_a_status() {
        for (code, message, situation) in [
            (
                "BadRequest",
                "Job with identifier 1 must have completed successfully prior to enumerating changes.",
                Situation::BeforeCompletion,
            ),
            (
                "NotFound",
                "This isn't a valid timestamp for recovery. The provided timestamp should be in the list of available backups.",
                Situation::NoSuchBackup,
            ),
            ("NotFound", "Snapshot with identifier MTc= not found", Situation::NoSuchBackup),
            (
                "Conflict",
                "A recovery job is currently in progress. Wait for it to complete before initiating a new job.",
                Situation::JobInProgress,
            ),
            (
                "Forbidden",
                "Authorization has been denied for this request. Check your credentials.",
                Situation::Role,
            ),
            (
                "Authorization_RequestDenied",
                "Insufficient privileges to complete the operation.",
                Situation::Role,
            ),
            (
                "InvalidAuthenticationToken",
                "Lifetime validation failed, the token is expired.",
                Situation::Token,
            ),
            ("", "FORBIDDEN({\"error\":{\"code\":\"AUTHORIZATION_REQUESTDENIED\"}})", Situation::Role),
            ("TooManyRequests", "", Situation::Throttled),
            ("Request_ThrottledTemporarily", "", Situation::Throttled),
            ("Request_ResourceNotFound", "", Situation::NotFound),
            ("Service_InternalServerError", "", Situation::Service),
            ("Request_BadRequest", "no", Situation::Other),
            ("", "", Situation::Other),
        ] {
            assert_eq!(Situation::of(None, code, message), situation, "{code}: {message}");
        }
    }

    #[test]
    fn a_status_tells_where_the_texts_do_not() {
        for (status, code, situation) in [
            ("401", "x", Situation::Token),
            ("403", "x", Situation::Role),
            (" Forbidden ", "x", Situation::Role),
            ("404", "x", Situation::NotFound),
            ("409", "x", Situation::JobInProgress),
            ("429", "x", Situation::Throttled),
            ("500", "x", Situation::Service),
            ("503", "x", Situation::Service),
            ("400", "notFound", Situation::Other),
            ("", "notFound", Situation::NotFound),
            ("6000000", "x", Situation::Other),
        ] {
            assert_eq!(Situation::of(Some(status), code, "no"), situation, "{status} {code}");
        }
        let expired = Situation::of(Some("403"), "InvalidAuthenticationToken", "no");
        assert_eq!(expired, Situation::Token, "what the body says is closer to the cause");
    }

    #[test]
    fn the_advice_names_what_it_takes() {
        assert!(advice(Some("403"), "", "").contains("Entra Backup Reader"));
        assert!(advice(Some("429"), "", "").contains("Retry-After"));
        assert_eq!(advice(None, "x", "y"), "repeat the request once its cause is removed");
    }
}
