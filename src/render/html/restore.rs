//! The artifacts of restore sessions as finished values for the template: those that failed first, and of many a
//! part, which says so.

use crate::model::RestoreArtifact;
use crate::report::wording::{self, restore as words};
use crate::report::{Report, RestoreGroup};

use super::text::Text;

/// How many groups have a line, how many artifacts are listed, and how many of one group; failed ones get their
/// share first.
const LISTED_GROUPS: usize = 50;
const LISTED_ARTIFACTS: usize = 500;
const LISTED_OF_FAILED: usize = 300;
const LISTED_OF_A_GROUP: usize = 50;

/// The artifacts of restore sessions.
pub(super) struct RestorePart<'v> {
    pub(super) counts: String,
    pub(super) lines: Vec<LinePart<'v>>,
    pub(super) more_lines: Option<String>,
    pub(super) groups: Vec<GroupPart<'v>>,
}

/// How many artifacts of a collection ended how.
pub(super) struct LinePart<'v> {
    /// The collection, in the first of its lines.
    pub(super) collection: Option<Text<'v>>,
    pub(super) outcome: Text<'v>,
    pub(super) is_failed: bool,
    pub(super) count: String,
    /// Where they are, if they are in the page.
    pub(super) anchor: Option<String>,
}

/// The artifacts of a collection that ended alike.
pub(super) struct GroupPart<'v> {
    pub(super) anchor: String,
    /// Told with the first of its groups.
    pub(super) collection: Option<CollectionPart<'v>>,
    pub(super) outcome: Text<'v>,
    pub(super) is_failed: bool,
    pub(super) count: String,
    pub(super) meaning: Option<&'static str>,
    /// How many are shown, where not all are.
    pub(super) shown: Option<String>,
    pub(super) artifacts: Vec<ArtifactPart<'v>>,
}

/// A collection's name in words, where it is known, and in the data.
pub(super) struct CollectionPart<'v> {
    pub(super) title: Option<&'static str>,
    pub(super) name: Text<'v>,
}

/// One artifact.
pub(super) struct ArtifactPart<'v> {
    pub(super) id: Option<Text<'v>>,
    pub(super) source: Text<'v>,
    pub(super) restore_point_id: Option<Text<'v>>,
    pub(super) destination: Option<Text<'v>>,
    pub(super) error_code: Option<Text<'v>>,
    pub(super) error_message: Option<Text<'v>>,
    pub(super) has_no_error: bool,
    pub(super) meaning: Option<&'static str>,
    pub(super) advice: &'static str,
    /// Whatever else is there, by its name.
    pub(super) details: Vec<(&'static str, Text<'v>)>,
}

/// The part; `None` where there is no artifact.
pub(super) fn part<'v>(report: &'v Report<'_>) -> Option<RestorePart<'v>> {
    let all = report.restore_groups();
    let listed = &all[..all.len().min(LISTED_GROUPS)];
    let is_first =
        |position: usize| position == 0 || all[position - 1].collection != all[position].collection;
    let shown = shares(listed);
    let lines = listed.iter().zip(&shown).enumerate().map(|(position, (group, shown))| LinePart {
        collection: is_first(position).then(|| Text::name(group.collection)),
        outcome: Text::name(words::outcome(group.outcome)),
        is_failed: group.is_failed(),
        count: wording::number(group.count()),
        anchor: (*shown > 0).then(|| anchor(position)),
    });
    let groups = listed.iter().zip(&shown).enumerate().filter(|(_, (_, shown))| **shown > 0);
    let groups =
        groups.map(|(position, (group, shown))| group_part(group, position, *shown, is_first(position)));
    (!all.is_empty()).then(|| RestorePart {
        counts: words::all_counts(&report.restore_collections()),
        lines: lines.collect(),
        more_lines: (all.len() > listed.len()).then(|| words::more_groups((all.len() - listed.len()) as u64)),
        groups: groups.collect(),
    })
}

/// How many artifacts of each group are listed.
fn shares(groups: &[RestoreGroup<'_>]) -> Vec<usize> {
    let mut left = LISTED_ARTIFACTS;
    let mut shares = vec![0; groups.len()];
    for (failed, most) in [(true, LISTED_OF_FAILED), (false, LISTED_OF_A_GROUP)] {
        for (share, group) in shares.iter_mut().zip(groups).filter(|(_, group)| group.is_failed() == failed) {
            *share = group.artifacts.len().min(most).min(left);
            left -= *share;
        }
    }
    shares
}

fn anchor(position: usize) -> String {
    format!("r{position}")
}

fn group_part<'v>(
    group: &'v RestoreGroup<'_>,
    position: usize,
    shown: usize,
    is_first: bool,
) -> GroupPart<'v> {
    let collection =
        || CollectionPart { title: words::collection(group.collection), name: Text::name(group.collection) };
    GroupPart {
        anchor: anchor(position),
        collection: is_first.then(collection),
        outcome: Text::name(words::outcome(group.outcome)),
        is_failed: group.is_failed(),
        count: words::counts(group.count(), 0),
        meaning: words::outcome_meaning(group.outcome),
        shown: words::shown(shown, group),
        artifacts: group.artifacts[..shown].iter().map(|artifact| artifact_part(artifact)).collect(),
    }
}

fn artifact_part(artifact: &RestoreArtifact) -> ArtifactPart<'_> {
    let name = |text: &'_ Option<String>| text.clone().map(Text::name);
    let code = artifact.error_code.as_deref();
    let (meaning, advice) = match code.and_then(words::error) {
        Some((meaning, advice)) => (Some(meaning), advice),
        None => (None, words::OTHER_ADVICE),
    };
    let is_told_already = artifact.status_word() == Some(artifact.outcome.as_str());
    let status = artifact.status.as_ref().filter(|_| !is_told_already);
    let details = [
        (words::STATUS, status),
        (words::CREATED, artifact.created_date_time.as_ref()),
        (words::OPERATION, artifact.failed_operation.as_ref()),
        (words::RESPONSE_CODE, artifact.response_code.as_ref()),
        (words::TARGET, artifact.error_target.as_ref()),
        (words::REMOVED_REASON, artifact.removed_reason.as_ref()),
        (words::CONTENT_ID, artifact.content_id.as_ref()),
    ];
    let detail = |(name, text): (&'static str, Option<&'_ String>)| Some((name, Text::name(text?.clone())));
    ArtifactPart {
        id: name(&artifact.id),
        source: Text::name(artifact.source.as_str()),
        restore_point_id: name(&artifact.restore_point_id),
        destination: artifact.destination_type.as_deref().map(|to| Text::name(words::destination(to))),
        error_code: code.map(Text::name),
        error_message: artifact.error_message.as_deref().map(Text::new),
        has_no_error: code.is_none() && artifact.error_message.is_none(),
        meaning,
        advice,
        details: details.into_iter().filter_map(detail).collect(),
    }
}
