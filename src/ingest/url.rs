//! What the URLs in a page's envelope tell: function, snapshot, job and offset (contract, section 2).

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;

use crate::model::{Function, Instant, epoch_seconds_text};

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

/// Whether `url` is one of the services whose responses are read here.
pub(super) fn is_of_the_service(url: &str) -> bool {
    let lower = url.to_ascii_lowercase();
    ["/directory/recovery", "/backuprestore/"].iter().any(|path| lower.contains(path))
}

/// What two URLs of the same resource share, however they are spelled: path and query from the service's own part
/// on, without percent-encoding and case.
pub(super) fn resource(url: &str) -> String {
    let decoded = percent_decode_str(url).decode_utf8_lossy().to_ascii_lowercase();
    let from = decoded.find("/directory/").unwrap_or(0);
    decoded[from..].to_owned()
}

/// Whether a request by `url` is answered with the first of all changes: it skips none and filters none.
pub(super) fn begins_at_the_start(url: &str) -> bool {
    let resource = resource(url);
    let query = resource.split_once('?').map_or("", |(_, query)| query);
    !query.split('&').any(|parameter| {
        ["$skiptoken", "$filter", "$deltatoken"].iter().any(|name| parameter.starts_with(name))
            || parameter.strip_prefix("$skip=").is_some_and(|skip| skip != "0")
    })
}

/// The snapshot's id in `url`.
pub(super) fn snapshot_id(url: &str) -> Option<String> {
    segment_after(url, "/snapshots")
}

/// The job's id in `url`.
pub(super) fn job_id(url: &str) -> Option<String> {
    segment_after(url, "/recoveryJobs").or_else(|| segment_after(url, "/recoveryPreviewJobs"))
}

/// The segment behind `name`, as a path segment or in the key form `('…')`; none where it begins with `$`.
fn segment_after(url: &str, name: &str) -> Option<String> {
    let lower = url.to_ascii_lowercase();
    let mark = name.to_ascii_lowercase();
    let mut from = 0;
    while let Some(found) = lower[from..].find(&mark) {
        let rest = &url[from + found + name.len()..];
        from += found + name.len();
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
        if !segment.is_empty() && !segment.starts_with('$') {
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
    fn the_function_is_told_by_name_or_by_the_kind_of_job() {
        let of = |url: &'static str| function(&[url].into_iter());
        assert_eq!(of("x/recoveryJobs/1/microsoft.graph.y"), Some(Function::GetFailedChanges));
        assert_eq!(of("x/RecoveryPreviewJobs/1/"), Some(Function::GetChanges));
        assert_eq!(of("x/snapshots"), None);
        assert_eq!(function_named_in("a/getFailedChanges-1.json"), Some(Function::GetFailedChanges));
    }
}
