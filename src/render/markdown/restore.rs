//! The artifacts of restore sessions, as far as a ticket has room: how many ended how, and those that failed.

use crate::model::{RestoreArtifact, RestoreOutcome};
use crate::report::wording::{self, restore as words};
use crate::report::{Report, RestoreGroup};

use super::page::{Page, SHOWN_CHARACTERS};
use super::{table, text};

/// How many collections with their outcomes are told.
const TOLD_GROUPS: usize = 20;
/// How many failed artifacts are told one by one.
const TOLD_FAILED: usize = 20;

/// The part; nothing where there is no artifact.
pub(super) fn artifacts(report: &Report<'_>, page: &mut Page) {
    let groups = report.restore_groups();
    if groups.is_empty() {
        return;
    }
    page.heading(2, words::HEADING);
    page.block(&format!("{}. {}", words::all_counts(&report.restore_collections()), words::SENTENCE));
    let row = |group: &RestoreGroup<'_>| {
        vec![
            text::cut_cell(group.collection, SHOWN_CHARACTERS),
            match group.outcome {
                RestoreOutcome::Status(status) => text::cut_cell(status, SHOWN_CHARACTERS),
                known => words::outcome(known).to_owned(),
            },
            wording::number(group.count()),
        ]
    };
    let rows: Vec<Vec<String>> = groups.iter().take(TOLD_GROUPS).map(row).collect();
    let heads = [words::COLLECTION, words::OUTCOME, words::ARTIFACTS].map(str::to_owned);
    page.block(&table(&heads, &["---", "---", "--:"], &rows));
    if let Some(more) = groups.len().checked_sub(TOLD_GROUPS).filter(|more| *more > 0) {
        page.block(&format!("{}.", words::more_groups(more as u64)));
    }
    let failed = || groups.iter().filter(|group| group.is_failed()).flat_map(|group| &group.artifacts);
    for artifact in failed().take(TOLD_FAILED) {
        page.item(0, &failure(artifact));
    }
    if let Some(more) = failed().count().checked_sub(TOLD_FAILED).filter(|more| *more > 0) {
        page.item(0, &words::more_failed(more as u64));
    }
}

/// Which artifact failed, what the service says, and what to do about it.
fn failure(artifact: &RestoreArtifact) -> String {
    let shown = |text: &str| text::cut(text, SHOWN_CHARACTERS);
    let named = artifact.id.as_deref().or(artifact.restore_point_id.as_deref());
    let named = named.map_or(words::NO_ID.to_owned(), shown);
    let told: Vec<String> = [&artifact.error_code, &artifact.error_message]
        .into_iter()
        .flatten()
        .map(|text| shown(text))
        .collect();
    let told = if told.is_empty() { words::NO_ERROR.to_owned() } else { told.join(": ") };
    let advice = artifact.error_code.as_deref().and_then(words::error);
    let advice =
        advice.map_or(words::OTHER_ADVICE.to_owned(), |(meaning, advice)| format!("{meaning}; {advice}"));
    format!("{} {named}: {told} ({advice})", shown(&artifact.collection))
}
