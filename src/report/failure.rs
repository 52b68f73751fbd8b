//! Why changes failed: the category of a message, and the failures counted by reason (contract, section 5).

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::diff::mask_secrets;
use crate::ingest::{Export, ItemRef, RecordReader};
use crate::model::{FailureCategory, Function, Json};

use super::group::Group;
use super::summary::Totals;

/// Failed changes with the same reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureGroup {
    /// The reason, `None` where the changes have no message.
    pub category: Option<FailureCategory>,
    /// Their message with GUIDs replaced by `{id}`.
    pub message: Option<String>,
    /// How many object changes.
    pub objects: u64,
    /// The first of them, by their positions in the report's order.
    pub examples: Vec<usize>,
}

/// A category, and a message without GUIDs.
type Reason = (Option<FailureCategory>, Option<String>);

/// How many objects of a reason are named.
const EXAMPLES: usize = 5;

/// The category of a message, out of its text: the first line of the contract's table that fits.
#[must_use]
pub fn classify(message: &Json<'_>) -> FailureCategory {
    let text = message.to_text().to_ascii_lowercase();
    let fitting = MARKS.iter().find(|(_, marks)| marks.iter().any(|mark| text.contains(mark)));
    fitting.map_or(FailureCategory::Other, |(category, _)| *category)
}

/// What a message's text has in it, in lower case and in contract order (docs/service.md).
const MARKS: [(FailureCategory, &[&str]); 14] = [
    (FailureCategory::ManagedElsewhere, &["managed by another service"]),
    (
        FailureCategory::OnPremisesSynced,
        &["on-premises mastered", "synchronized from on-premises", "directory sync"],
    ),
    (
        FailureCategory::DuplicateValue,
        &[
            "another object with the same value",
            "objectconflict",
            "conflictingobjects",
            "propertyconflict",
            "multipleobjectswithsamekeyvalue",
        ],
    ),
    (FailureCategory::RestoreConflict, &["autoreconcileproxyconflict"]),
    (FailureCategory::MissingDependency, &["without backing application"]),
    (FailureCategory::LinkExists, &["added object references already exist"]),
    (FailureCategory::LinkMissing, &["removed object references do not exist"]),
    (FailureCategory::LastOwner, &["at least one owner"]),
    (FailureCategory::NotFound, &["does not exist", "resourcenotfound"]),
    (FailureCategory::Quota, &["quota"]),
    (FailureCategory::Permission, &["insufficient privileges", "authorization_requestdenied"]),
    (FailureCategory::Throttled, &["toomanyrequests", "throttled"]),
    (FailureCategory::Transient, &["concurrencyviolation", "internalservererror"]),
    (FailureCategory::BadRequest, &["request_badrequest"]),
];

/// Which changes are counted as failed ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failures {
    /// The items of `getFailedChanges`.
    OfFunction,
    /// There are none: those that carry a message.
    WithMessage,
}

impl Failures {
    /// Which they are of a report with these `totals`.
    pub(super) fn of(totals: &[Totals]) -> Self {
        let is_failed = |of: &Totals| of.function == Function::GetFailedChanges && of.objects > 0;
        if totals.iter().any(is_failed) { Failures::OfFunction } else { Failures::WithMessage }
    }

    pub(super) fn has(self, item: ItemRef<'_>) -> bool {
        match self {
            Failures::OfFunction => item.page_set().function == Function::GetFailedChanges,
            Failures::WithMessage => item.has_failure_message(),
        }
    }
}

/// How many changes are looked over for failed ones before another thread may take over.
const RUN: usize = 1 << 14;

/// How many changes have a reason, and the first of them.
type Counts = BTreeMap<Reason, (u64, Vec<usize>)>;

/// The failed changes by reason, most first, then by text. `order` is the report's, by position in input
/// order.
pub(super) fn count(
    export: &Export,
    (groups, order): (&[Group<'_>], &[u32]),
    failures: Failures,
) -> Vec<FailureGroup> {
    // Those of a function stand together.
    let is_elsewhere =
        |group: &Group<'_>| failures == Failures::OfFunction && group.function < Function::GetFailedChanges;
    let before = groups.iter().take_while(|group| is_elsewhere(group)).last();
    let first = before.map_or(0, |group| group.positions.end);
    let runs = order[first..].par_chunks(RUN).enumerate();
    let counted = runs.map(|(run, indexes)| count_run(export, (first + run * RUN, indexes), failures));
    let mut counts = Counts::new();
    for (reason, (objects, examples)) in counted.collect::<Vec<_>>().into_iter().flatten() {
        let (all_objects, first) = counts.entry(reason).or_default();
        *all_objects += objects;
        let room = EXAMPLES - first.len();
        first.extend(examples.into_iter().take(room));
    }
    let group =
        |((category, message), (objects, examples))| FailureGroup { category, message, objects, examples };
    let mut groups: Vec<FailureGroup> = counts.into_iter().map(group).collect();
    groups.sort_by(|a, b| b.objects.cmp(&a.objects).then_with(|| a.message.cmp(&b.message)));
    groups
}

fn count_run(export: &Export, (first, indexes): (usize, &[u32]), failures: Failures) -> Counts {
    let mut counts = Counts::new();
    let mut reader = RecordReader::default();
    for (offset, &index) in indexes.iter().enumerate() {
        let item = export.item(index);
        if !failures.has(item) {
            continue;
        }
        let mut message = item.read_by(&mut reader).ok().and_then(|read| read.record.failure_message);
        message.iter_mut().for_each(mask_secrets);
        let reason =
            message.map(|message| (classify(&message), without_guids(&message.to_text()).into_owned()));
        let key = reason.map_or((None, None), |(category, text)| (Some(category), Some(text)));
        let (objects, examples) = counts.entry(key).or_default();
        *objects += 1;
        if examples.len() < EXAMPLES {
            examples.push(first + offset);
        }
    }
    counts
}

/// `text` with every GUID in it replaced by `{id}`.
fn without_guids(text: &str) -> Cow<'_, str> {
    const LENGTH: usize = 36;
    let bytes = text.as_bytes();
    let is_hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let is_guid = |start: usize| {
        let whole = (start == 0 || !is_hex(start - 1)) && !is_hex(start + LENGTH);
        whole
            && (0..LENGTH).all(|offset| match offset {
                8 | 13 | 18 | 23 => bytes.get(start + offset) == Some(&b'-'),
                _ => is_hex(start + offset),
            })
    };
    let mut rest = String::new();
    let (mut copied, mut at) = (0, 0);
    while at + LENGTH <= bytes.len() {
        if is_guid(at) {
            rest.push_str(&text[copied..at]);
            rest.push_str("{id}");
            at += LENGTH;
            copied = at;
        } else {
            at += 1;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    rest.push_str(&text[copied..]);
    Cow::Owned(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_is_found_by_its_text() {
        for (text, category) in [
            (
                "Update failed: Service principal is managed by another service.",
                FailureCategory::ManagedElsewhere,
            ),
            (
                "Unable to update the specified properties for on-premises mastered Directory Sync objects",
                FailureCategory::OnPremisesSynced,
            ),
            (
                "Another object with the same value for property userPrincipalName already exists.",
                FailureCategory::DuplicateValue,
            ),
            ("Request_MultipleObjectsWithSameKeyValue", FailureCategory::DuplicateValue),
            ("set autoReconcileProxyConflict", FailureCategory::RestoreConflict),
            (
                "Cannot restore ServicePrincipal without backing Application x",
                FailureCategory::MissingDependency,
            ),
            ("One or more added object references already exist for", FailureCategory::LinkExists),
            ("One or more removed object references do not exist for", FailureCategory::LinkMissing),
            ("The group must have at least one owner, hence", FailureCategory::LastOwner),
            ("Resource 'x' does not exist or one of", FailureCategory::NotFound),
            ("DIRECTORY_QUOTAEXCEEDED", FailureCategory::Quota),
            ("Insufficient privileges to complete the operation.", FailureCategory::Permission),
            ("Request_ThrottledTemporarily", FailureCategory::Throttled),
            ("Directory_ConcurrencyViolation", FailureCategory::Transient),
            ("Request_BadRequest", FailureCategory::BadRequest),
            ("", FailureCategory::Other),
        ] {
            assert_eq!(classify(&Json::String(text.into())), category, "{text}");
        }
    }

    #[test]
    fn guids_are_replaced_and_nothing_else() {
        let guid = "9c4f2e1d-7a3b-4f8e-9c2d-3e4f5a6b7c8d";
        assert_eq!(without_guids(&format!("'{guid}', {guid}é")), "'{id}', {id}é");
        for text in [format!("a{guid}"), format!("{guid}0"), guid[..35].to_owned(), String::new()] {
            assert_eq!(without_guids(&text), text);
        }
    }
}
