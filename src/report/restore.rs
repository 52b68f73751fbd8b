//! The artifacts of restore sessions by collection and outcome, in one order whatever they were read in (contract,
//! section 9).

use std::collections::BTreeMap;

use crate::ingest::Export;
use crate::model::{RestoreArtifact, RestoreOutcome};

/// The artifacts of one collection with the same outcome, in input order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreGroup<'e> {
    /// The collection's name.
    pub collection: &'e str,
    /// How they ended, or how far they are.
    pub outcome: &'e RestoreOutcome,
    /// The artifacts; there is one at least.
    pub artifacts: Vec<&'e RestoreArtifact>,
}

/// The numbers of one collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreCollection<'e> {
    /// Its name.
    pub name: &'e str,
    /// Artifacts.
    pub total: u64,
    /// Artifacts that failed, whatever their status says.
    pub failed: u64,
    /// Artifacts by their status, `unknown` where there is none.
    pub by_status: BTreeMap<&'e str, u64>,
}

/// What artifacts without a status are counted by.
const NO_STATUS: &str = "unknown";

/// The groups in order: of mailboxes, drives and sites, of parts of them, others; what failed first.
pub(super) fn groups(export: &Export) -> Vec<RestoreGroup<'_>> {
    let mut groups: BTreeMap<_, Vec<&RestoreArtifact>> = BTreeMap::new();
    for artifact in export.restore_artifacts() {
        let collection = artifact.collection.as_str();
        groups.entry((rank(collection), collection, &artifact.outcome)).or_default().push(artifact);
    }
    let group = |((_, collection, outcome), artifacts)| RestoreGroup { collection, outcome, artifacts };
    groups.into_iter().map(group).collect()
}

/// The numbers of the collections of `groups`, in their order.
pub(super) fn collections<'e>(groups: &[RestoreGroup<'e>]) -> Vec<RestoreCollection<'e>> {
    let of_collection = groups.chunk_by(|a, b| a.collection == b.collection);
    let collection = |groups: &[RestoreGroup<'e>]| {
        let mut by_status: BTreeMap<&'e str, u64> = BTreeMap::new();
        for artifact in groups.iter().flat_map(|group| &group.artifacts) {
            *by_status.entry(artifact.status_word().unwrap_or(NO_STATUS)).or_default() += 1;
        }
        let failed = groups.iter().filter(|group| *group.outcome == RestoreOutcome::Failed);
        RestoreCollection {
            name: groups[0].collection,
            total: groups.iter().map(RestoreGroup::count).sum(),
            failed: failed.map(RestoreGroup::count).sum(),
            by_status,
        }
    };
    of_collection.map(collection).collect()
}

impl RestoreGroup<'_> {
    /// How many artifacts it has.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.artifacts.len() as u64
    }

    /// Whether its artifacts failed.
    #[must_use]
    pub fn is_failed(&self) -> bool {
        *self.outcome == RestoreOutcome::Failed
    }
}

/// Where a collection stands before its name decides.
fn rank(collection: &str) -> usize {
    const KNOWN: [&str; 3] = ["mailboxRestoreArtifacts", "driveRestoreArtifacts", "siteRestoreArtifacts"];
    const PARTS: &str = "granular";
    let is_part = || collection.get(..PARTS.len()).is_some_and(|start| start.eq_ignore_ascii_case(PARTS));
    let known = KNOWN.iter().position(|name| name.eq_ignore_ascii_case(collection));
    known.unwrap_or(KNOWN.len() + usize::from(!is_part()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Input, SurveyOptions, survey};

    fn export(text: &str) -> Export {
        let inputs = vec![Input::Stdin(text.as_bytes().to_vec())];
        survey(inputs, &SurveyOptions::default(), crate::diff::extent, |_| ())
    }

    #[test]
    fn the_order_is_that_of_the_contract_and_not_of_the_input() {
        let export = export(
            r#"{"xRestoreArtifacts@delta":[{}],"granularSiteRestoreArtifacts@delta":[{}],"siteRestoreArtifacts@delta":[{}],
                "granularDriveRestoreArtifacts@delta":[{}],"driveRestoreArtifacts@delta":[{}],"aRestoreArtifacts@delta":[{}],
                "mailboxRestoreArtifacts@delta":[{"id":"1"},{"id":"2","status":"b"},{"id":"3","status":"a"},
                    {"id":"4","@removed":{}},{"id":"5","status":"failed"},{"id":"6","status":"a"}]}"#,
        );
        let groups = groups(&export);
        let found: Vec<(&str, &str)> =
            groups.iter().map(|group| (group.collection, group.outcome.as_str())).collect();
        let mailbox = "mailboxRestoreArtifacts";
        let expected = [
            (mailbox, "failed"),
            (mailbox, "removed"),
            (mailbox, "a"),
            (mailbox, "b"),
            (mailbox, "unknown"),
            ("driveRestoreArtifacts", "unknown"),
            ("siteRestoreArtifacts", "unknown"),
            ("granularDriveRestoreArtifacts", "unknown"),
            ("granularSiteRestoreArtifacts", "unknown"),
            ("aRestoreArtifacts", "unknown"),
            ("xRestoreArtifacts", "unknown"),
        ];
        assert_eq!(found, expected);
        let ids: Vec<_> = groups[2].artifacts.iter().map(|artifact| artifact.id.as_deref()).collect();
        assert_eq!(ids, [Some("3"), Some("6")], "input order");
    }

    #[test]
    fn a_collection_counts_what_failed_whatever_its_status() {
        let export = export(
            r#"{"siteRestoreArtifacts@delta":[{"status":"succeeded","error":{"code":"x"}},{"status":"failed"},{},
                {"status":""},{"status":"succeeded"}]}"#,
        );
        let found = collections(&groups(&export));
        assert_eq!((found.len(), found[0].total, found[0].failed), (1, 5, 2));
        let by_status: Vec<(&str, u64)> =
            found[0].by_status.iter().map(|(status, count)| (*status, *count)).collect();
        assert_eq!(by_status, [("failed", 1), ("succeeded", 2), ("unknown", 2)]);
    }
}
