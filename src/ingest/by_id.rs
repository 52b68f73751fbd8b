//! Saved jobs and snapshots by their ids.

use std::collections::HashMap;

use crate::model::{Job, Snapshot};

/// The positions of saved objects by their ids: there may be as many of them as page sets.
#[derive(Debug)]
pub(super) struct ById {
    /// By the job's id in lower case.
    pub(super) jobs: HashMap<String, Vec<usize>>,
    /// The first of each id that has a time.
    pub(super) snapshots: HashMap<String, usize>,
}

impl ById {
    pub(super) fn of(jobs: &[Job], snapshots: &[Snapshot]) -> Self {
        let mut found = ById { jobs: HashMap::new(), snapshots: HashMap::new() };
        for (position, job) in jobs.iter().enumerate() {
            if let Some(id) = &job.id {
                found.jobs.entry(id.to_ascii_lowercase()).or_default().push(position);
            }
        }
        for (position, snapshot) in snapshots.iter().enumerate() {
            if let (Some(id), Some(_)) = (&snapshot.id, &snapshot.created_date_time) {
                found.snapshots.entry(id.clone()).or_insert(position);
            }
        }
        found
    }
}
