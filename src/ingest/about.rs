//! Whether a text that came from somewhere else is about recovery: by its own URLs and by the keys of its items, never
//! by words somewhere in it.

use memchr::memmem;

use crate::model::Json;

use super::outline::{Root, key_text, outline};
use super::reader;
use super::skip::skip_blank;
use super::url;

/// Whether `text` is JSON that names the service itself, or has items of a kind that no other service has.
pub(super) fn is_about_recovery(text: &str) -> bool {
    const MARKS: [&str; 6] = [
        "\"recoveryAction\"",
        "\"deltaFromCurrent\"",
        "RestoreArtifacts@",
        "entraRecoveryServices",
        "$metadata#directory/recovery",
        "$metadata#directory\\/recovery",
    ];
    let plain = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    plain.starts_with(['{', '['])
        && (MARKS.iter().any(|mark| memmem::find(plain.as_bytes(), mark.as_bytes()).is_some())
            || links_to_changes(plain))
}

/// Whether an object's own context or nextLink is the service's.
fn links_to_changes(text: &str) -> bool {
    let Ok(at) = skip_blank(text, 0) else { return false };
    let Root::Object(members) = outline(text, at).root else { return false };
    members.iter().any(|member| {
        let key = key_text(text, member).to_ascii_lowercase();
        let is_url = key.ends_with("context") || key.ends_with("nextlink");
        let value = is_url.then(|| reader::read(&text[member.value.clone()]).ok()).flatten();
        match value.map(|read| read.value) {
            Some(Json::String(link)) => {
                url::is_of_the_service(&link) || url::function_named_in(&link).is_some()
            }
            _ => false,
        }
    })
}

/// Whether the site at `url` explains the service, so that what looks like changes there is an example.
pub(super) fn is_documentation(url: &str) -> bool {
    const SITES: [&str; 12] = [
        "learn.microsoft.com",
        "docs.microsoft.com",
        "developer.microsoft.com",
        "techcommunity.microsoft.com",
        "devblogs.microsoft.com",
        "github.com",
        "githubusercontent.com",
        "github.io",
        "gitlab.com",
        "stackoverflow.com",
        "jsdelivr.net",
        "unpkg.com",
    ];
    let host = url::host(url).to_ascii_lowercase();
    SITES
        .iter()
        .any(|site| host.strip_suffix(site).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_about_recovery_by_its_own_urls_and_keys() {
        for text in [
            r#"{"@odata.context":"https://x/$metadata#directory/recovery/snapshots/a","value":[]}"#,
            r#"{"@odata.context":"https:\/\/x\/$metadata#directory\/recovery\/snapshots\/a","value":[]}"#,
            r#" {"@nextLink":"https://x/v1.0/directory/recovery/a/getChanges?$skiptoken=b","value":[]}"#,
            r#"[{"value":[{"recoveryAction":"update"}]}]"#,
            r##"{"responses":[{"body":{"@odata.type":"#microsoft.graph.entraRecoveryServices.snapshot"}}]}"##,
        ] {
            assert!(is_about_recovery(text), "{text}");
        }
        for text in [
            r#"var a={"recoveryAction":1}"#,
            "# x\n```json\n{\"recoveryAction\":1}\n```",
            r#"{"u":"https://x/directory/recovery/snapshots"}"#,
            r#"{"displayName":"\"recoveryAction\""}"#,
            r#"{"error":{"message":"no directory/recovery here"}}"#,
            "",
        ] {
            assert!(!is_about_recovery(text), "{text}");
        }
    }

    #[test]
    fn documentation_is_known_by_its_host() {
        for url in ["https://raw.githubusercontent.com/a/x.json", "https://LEARN.microsoft.com:443/x"] {
            assert!(is_documentation(url), "{url}");
        }
        for url in
            ["https://graph.microsoft.com/x", "https://mygithub.com.test/", "https://notgithub.com/x", "x"]
        {
            assert!(!is_documentation(url), "{url}");
        }
    }
}
