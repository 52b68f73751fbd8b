//! What a URL points to: the id at its end.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// The id in a URL: what stands in `('…')` at its end, else its last segment, percent-decoded.
#[must_use]
pub fn last_segment(url: &str) -> String {
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
