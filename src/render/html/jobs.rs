//! What the neighbours of the pages tell, in the head of the report: jobs that a reader must know of, those
//! without pages, and the backups there are.

use crate::report::{Report, wording};

use super::head::more;
use super::text::Words;

/// How many jobs without pages are listed; the rest is counted.
const LISTED: usize = 50;

/// What is said of saved jobs and backups.
pub(super) struct Neighbours {
    /// What stands beside the verdict.
    pub(super) notices: Vec<Words>,
    /// The saved list of backups.
    pub(super) backups: Option<Words>,
    /// The jobs of which no page is in the report.
    pub(super) jobs: Vec<Words>,
    pub(super) more_jobs: Option<String>,
}

impl Neighbours {
    pub(super) fn of(report: &Report<'_>) -> Self {
        let zone = &report.options().time_zone;
        Neighbours {
            notices: report.notices().into_iter().map(Words).collect(),
            backups: report.backups().map(|backups| Words(wording::backups(&backups, zone))),
            jobs: report.jobs_alone().take(LISTED).map(|job| Words(report.job_alone(job))).collect(),
            more_jobs: more(report.jobs_alone().count(), LISTED, wording::more_jobs),
        }
    }
}
