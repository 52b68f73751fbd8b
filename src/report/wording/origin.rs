//! Where pages say that they come from, where that does not fit together.

use crate::model::PageSet;

use super::Sentence;

/// What a reader must know where a page links to another host than it comes from; `None` where none does.
#[must_use]
pub fn link_elsewhere(set: &PageSet) -> Option<Sentence> {
    let (file, host) = set.link_elsewhere.as_ref()?;
    let words = Sentence::ours("The @odata.nextLink of a page (")
        .theirs(file)
        .and(") leads to another host than its @odata.context: ");
    Some(words.theirs(host).and(
        ". The service does not send this: the file may have been changed. No link is ever followed here.",
    ))
}

/// What a reader must know where pages of one set are of two versions of the API; `None` where they are not.
#[must_use]
pub fn mixed_versions(set: &PageSet) -> Option<Sentence> {
    let [first, second] = set.versions[..] else { return None };
    let words = format!("Pages of {first} and of {second} of the API are mixed in one page set, from ");
    let behind = " on: they may come from two exports, and say the same in other words.";
    Some(Sentence::ours(words).theirs(&set.first_source).and(behind))
}
