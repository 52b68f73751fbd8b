//! What the URLs in a page's envelope tell: function, snapshot, job and offset (contract, section 2).

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;

use crate::model::{Function, Instant, epoch_seconds_text};

/// The URLs of a `$batch` request by the ids of its parts, where the request was saved with the response.
pub(super) type Requests = BTreeMap<String, String>;

/// The function that `text`, a URL or a path, names (`getFailedChanges` tried first).
pub(super) fn function_named_in(text: &str) -> Option<Function> {
    let lower = text.to_ascii_lowercase();
    if lower.contains("getfailedchanges") {
        Some(Function::GetFailedChanges)
    } else if lower.contains("getchanges") {
        Some(Function::GetChanges)
    } else {
        None
    }
}

/// A component of the path, or the root's own name, that names a function; `getFailedChanges` first.
pub(super) fn function_of_path(label: &str, root_name: &str) -> Option<Function> {
    let named = || label.split('/').chain([root_name]).filter_map(function_named_in);
    named().find(|function| *function == Function::GetFailedChanges).or_else(|| named().next())
}

/// The function that a page's URLs tell, by its name or by the kind of job in them.
pub(super) fn function<'u>(urls: &(impl Iterator<Item = &'u str> + Clone)) -> Option<Function> {
    let has = |mark: &str| urls.clone().any(|url| url.to_ascii_lowercase().contains(mark));
    if has("getfailedchanges") || has("/recoveryjobs/") {
        Some(Function::GetFailedChanges)
    } else if has("getchanges") || has("/recoverypreviewjobs/") {
        Some(Function::GetChanges)
    } else {
        None
    }
}

/// The host of `url`, empty where it has none.
pub(super) fn host(url: &str) -> &str {
    let server =
        url.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or(""));
    let host = server.rsplit('@').next().unwrap_or_default();
    host.split(':').next().unwrap_or_default()
}

/// Whether `url` is one of the services whose responses are read here, by its path.
pub(super) fn is_of_the_service(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    service_path(&path).is_some() || path.contains("/backuprestore/") || path.starts_with("backuprestore/")
}

/// The part of a path in lower case that is the recovery service's; the URLs in a `$batch` may begin with it.
pub(super) fn service_path(path: &str) -> Option<&str> {
    const SERVICE: &str = "directory/recovery";
    let begins = |at: &usize| *at == 0 || path.as_bytes()[at - 1] == b'/';
    let ends = |at: &usize| path[at + SERVICE.len()..].chars().next().is_none_or(|next| "/(".contains(next));
    let mut found = path.rmatch_indices(SERVICE).map(|(at, _)| at).filter(|at| begins(at) && ends(at));
    found.next().map(|at| &path[at..])
}

/// What a request asked for, however its URL is spelled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asked {
    /// The service's path.
    path: String,
    /// The parameters that choose the changes it is answered with.
    choosing: Vec<String>,
    /// Whether parameters are not known.
    has_unknown: bool,
}

impl Asked {
    /// What a request by `url` asks for; `None` where it is not the recovery service's.
    pub(super) fn of(url: &str) -> Option<Self> {
        let url = url.split('#').next().unwrap_or_default();
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let path = percent_decode_str(path).decode_utf8_lossy().to_ascii_lowercase();
        let path = service_path(&path)?.trim_end_matches('/').to_owned();
        let mut asked = Asked { path, choosing: Vec::new(), has_unknown: false };
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            // A plus sign is a space to some, and to some it is none.
            let parameter = percent_decode_str(parameter).decode_utf8_lossy().replace(' ', "+");
            let (name, value) = parameter.split_once('=').unwrap_or((&parameter, ""));
            let name = name.strip_prefix('$').unwrap_or(name).to_ascii_lowercase();
            match name.as_str() {
                "top" | "select" | "count" => {}
                "skip" if value == "0" => {}
                "skip" | "skiptoken" | "deltatoken" | "filter" | "search" | "apply" | "orderby"
                | "expand" | "format" => asked.choosing.push(format!("{name}={value}")),
                _ => asked.has_unknown = true,
            }
        }
        asked.choosing.sort_unstable();
        Some(asked)
    }

    /// Whether it is answered with the first of all changes: it skips none and leaves none out.
    pub(super) fn begins_at_the_start(&self) -> bool {
        let function = self.path.rsplit('/').next().unwrap_or_default().trim_end_matches("()");
        let is_function = matches!(function.rsplit('.').next(), Some("getchanges" | "getfailedchanges"));
        is_function && self.choosing.is_empty() && !self.has_unknown
    }

    /// Whether not all that it asks for is known. Never is a parameter that chooses the page among what is not.
    pub(super) fn has_unknown(&self) -> bool {
        self.has_unknown
    }

    /// What is known of it.
    pub(super) fn known(&self) -> (&str, &[String]) {
        (&self.path, &self.choosing)
    }
}

/// The snapshot's id in `url`.
pub(super) fn snapshot_id(url: &str) -> Option<String> {
    segment_after(url, "/snapshots")
}

/// The job's id in `url`.
pub(super) fn job_id(url: &str) -> Option<String> {
    segment_after(url, "/recoveryJobs").or_else(|| segment_after(url, "/recoveryPreviewJobs"))
}

/// More than the id of a snapshot or a job has, in bytes: theirs have less than a hundred. What is longer is none, since
/// it would be kept with every page of its folder.
const LONGEST_ID: usize = 1024;

/// More than such an id takes where each of its bytes is percent-encoded, with what stands around it.
const LONGEST_SEGMENT: usize = 4 * LONGEST_ID;

/// The segment behind `name`, as a path segment or in the key form `('…')`; none where it begins with `$`, or is longer
/// than an id.
fn segment_after(url: &str, name: &str) -> Option<String> {
    let lower = url.to_ascii_lowercase();
    let mark = name.to_ascii_lowercase();
    let mut from = 0;
    while let Some(found) = lower[from..].find(&mark) {
        from += found + name.len();
        let end = (from + LONGEST_SEGMENT..url.len()).find(|end| url.is_char_boundary(*end));
        let rest = &url[from..end.unwrap_or(url.len())];
        let raw = if let Some(key) = rest.strip_prefix("('") {
            key.split("')").next()
        } else if let Some(key) = rest.strip_prefix("(%27") {
            key.split("%27)").next()
        } else if let Some(path) = rest.strip_prefix('/') {
            path.split(['/', '?', '#']).next()
        } else {
            continue;
        };
        let raw = raw.unwrap_or_default();
        let decoded = percent_decode_str(raw).decode_utf8().map_or_else(|_| raw.to_owned(), Cow::into_owned);
        let segment = decoded.trim_end_matches('.');
        if !segment.is_empty() && !segment.starts_with('$') && segment.len() <= LONGEST_ID {
            return Some(segment.to_owned());
        }
    }
    None
}

/// Ids are copied out of URLs, with and without their padding, and some with stray trailing bits.
const SNAPSHOT_ID: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The time that a snapshot's id encodes, RFC 3339: base64 of such a time as it stands, or of decimal epoch
/// seconds (docs/service.md).
pub(super) fn snapshot_date_time(id: &str) -> Option<String> {
    let bytes = SNAPSHOT_ID.decode(id).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    if Instant::parse(&text).is_some() {
        return Some(text);
    }
    let decimal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    decimal.then(|| text.parse().ok().and_then(epoch_seconds_text)).flatten()
}

/// The offset `$skip` in a nextLink, `$` plain or percent-encoded.
pub(super) fn skip(next_link: &str) -> Option<u64> {
    let query = next_link.split_once('?')?.1;
    let query = query.split('#').next().unwrap_or_default();
    query.split('&').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let name = percent_decode_str(name).decode_utf8().ok()?;
        name.eq_ignore_ascii_case("$skip").then(|| value.parse().ok()).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "https://graph.microsoft.com/beta/";

    #[test]
    fn what_is_longer_than_an_id_is_none() {
        let longest = "é".repeat(LONGEST_ID / 2);
        let encoded = longest.replace('é', "%C3%A9");
        for (path, expected) in [
            (format!("{longest}/recoveryJobs"), Some(&longest)),
            (format!("{encoded}/recoveryJobs"), Some(&longest)),
            (encoded, Some(&longest)),
            (format!("{longest}x/recoveryJobs"), None),
            ("é".repeat(10 * LONGEST_ID), None),
            (format!("{}/snapshots/{longest}", "x".repeat(10 * LONGEST_ID)), Some(&longest)),
        ] {
            assert_eq!(snapshot_id(&format!("{ROOT}directory/recovery/snapshots/{path}")).as_ref(), expected);
        }
        let keys = "/snapshots('$".repeat(100_000);
        assert_eq!(snapshot_id(&format!("{keys}/snapshots('a')")).as_deref(), Some("a"));
    }

    #[test]
    fn ids_are_found_in_every_form_of_url() {
        for (path, snapshot, job) in [
            (
                "$metadata#directory/recovery/snapshots/MTc=/recoveryPreviewJobs/j-1/getChanges",
                Some("MTc="),
                Some("j-1"),
            ),
            (
                "directory/recovery/snapshots/MTc%3D./recoveryJobs/j-1/getFailedChanges?$skip=2",
                Some("MTc="),
                Some("j-1"),
            ),
            ("directory/recovery/snapshots('MTc=')/recoveryJobs('j-1')/x", Some("MTc="), Some("j-1")),
            ("$metadata#directory/recovery/snapshots/$entity", None, None),
            ("directory/recovery/Snapshots/a%zz/RECOVERYJOBS/b#c", Some("a%zz"), Some("b")),
            (
                "$metadata#Collection(microsoft.graph.entraRecoveryServices.recoveryChangeObjectBase)",
                None,
                None,
            ),
        ] {
            let url = format!("{ROOT}{path}");
            assert_eq!(snapshot_id(&url).as_deref(), snapshot, "{path}");
            assert_eq!(job_id(&url).as_deref(), job, "{path}");
        }
    }

    #[test]
    fn a_snapshots_time_is_text_or_seconds() {
        assert_eq!(snapshot_date_time("MTc4NTE4OTYwMA==").as_deref(), Some("2026-07-27T22:00:00Z"));
        assert_eq!(snapshot_date_time("MTc4NTE4OTYwMA").as_deref(), Some("2026-07-27T22:00:00Z"));
        assert_eq!(
            snapshot_date_time("MjAyNC0wOC0yNlQwMjozMDowMFo=").as_deref(),
            Some("2024-08-26T02:30:00Z")
        );
        assert_eq!(snapshot_date_time("snapshot-1"), None);
        assert_eq!(snapshot_date_time("aGVsbG8="), None);
    }

    #[test]
    fn the_offset_is_not_a_token() {
        assert_eq!(skip("https://x/getChanges?$top=1&$skip=10"), Some(10));
        assert_eq!(skip("https://x/getChanges?%24skip=10&$top=1#x"), Some(10));
        assert_eq!(skip("https://x/getChanges?$skiptoken=10"), None);
        assert_eq!(skip("https://x/getChanges?$skip=-1"), None);
    }

    #[test]
    fn a_request_is_the_services_by_its_path() {
        for (url, expected) in [
            ("https://graph.microsoft.com/v1.0/directory/recovery/snapshots", true),
            ("directory/recovery/snapshots?$top=1", true),
            ("https://graph.microsoft.com/v1.0/solutions/backupRestore/x", true),
            ("https://x.test/permissions?requesturl=/directory/recovery/snapshots", false),
            ("https://learn.microsoft.com/directory/recovery-overview", false),
            ("https://x.test/my-directory/recovery", false),
        ] {
            assert_eq!(is_of_the_service(url), expected, "{url}");
        }
    }

    #[test]
    fn what_was_asked_for_is_the_same_in_every_spelling() {
        let of = |url: &str| Asked::of(&format!("{ROOT}directory/recovery/{url}")).expect("the service's");
        let page = of("getChanges?$top=2&$skiptoken=a%2Bb%3D");
        for same in ["getChanges?%24skiptoken=a+b=", "GETCHANGES/?skiptoken=a%20b=&top=9"] {
            assert_eq!(page, of(same), "{same}");
        }
        for other in ["getChanges?$skiptoken=c", "getFailedChanges?$skiptoken=a+b=", "getChanges"] {
            assert_ne!(page.known(), of(other).known(), "{other}");
        }
        let unknown = of("getChanges?$skiptoken=a+b=&…");
        assert!(page.known() == unknown.known() && page != unknown);
        assert_eq!(Asked::of("https://proxy.test/x"), None);
    }

    #[test]
    fn a_request_begins_at_the_start_if_it_leaves_nothing_out() {
        for (url, expected) in [
            ("x/getChanges", true),
            ("x/microsoft.graph.entraRecoveryServices.getChanges()?$top=5&$count=true&$select=id", true),
            ("x/getChanges?$skip=0", true),
            ("x/getChanges?$filter=a", false),
            ("x/getChanges?filter=a", false),
            ("x/getChanges?%20$filter=a", false),
            ("x/getChanges?skip=5", false),
            ("x/getChanges?skiptoken=a", false),
            ("x/getChanges?$search=a", false),
            ("x/getChanges?$apply=a", false),
            ("x/getChanges?…", false),
            ("x/getChanges/1", false),
            ("x", false),
        ] {
            let asked = Asked::of(&format!("{ROOT}directory/recovery/{url}")).expect("the service's");
            assert_eq!(asked.begins_at_the_start(), expected, "{url}");
        }
    }

    #[test]
    fn the_function_is_told_by_name_or_by_the_kind_of_job() {
        let of = |url: &'static str| function(&[url].into_iter());
        assert_eq!(of("x/recoveryJobs/1/microsoft.graph.y"), Some(Function::GetFailedChanges));
        assert_eq!(of("x/RecoveryPreviewJobs/1/"), Some(Function::GetChanges));
        assert_eq!(of("x/snapshots"), None);
        assert_eq!(function_named_in("a/getFailedChanges-1.json"), Some(Function::GetFailedChanges));
    }
}
