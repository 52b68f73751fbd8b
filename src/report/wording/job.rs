//! What saved job objects say: status, filter, times and totals in the words of the admin center, and what a
//! job that was narrowed or did not end well means for a report.

use crate::model::{EntityType, Job, JobFilter, JobKind, JobStage};

use super::super::time_zone::TimeZone;
use super::number::{counted, number};
use super::sentence::{Sentence, listed};

/// The admin center's word of a job's status; `None` where it has none.
fn stage(job: &Job, stage: JobStage) -> Option<&'static str> {
    match stage {
        JobStage::Initialized => Some("initialized"),
        JobStage::LoadingData => Some("loading data"),
        JobStage::InProgress => Some("in progress"),
        JobStage::Completed if has_failures(job) => Some("completed with warnings"),
        JobStage::Completed => Some("completed"),
        JobStage::Failed => Some("failed"),
        JobStage::Cancelled => Some("cancelled"),
        JobStage::Hidden => Some("hidden by the service: request with Prefer: include-unknown-enum-members"),
        JobStage::Other => None,
    }
}

fn has_failures(job: &Job) -> bool {
    job.total_failed_changes.is_some_and(|failed| failed > 0)
}

/// A job's status in words, the service's own beside it.
fn status(job: &Job) -> Sentence {
    let Some(status) = &job.status else { return Sentence::ours("status not in the data") };
    match stage(job, status.stage()) {
        Some(word) => Sentence::ours(word).and(" (").theirs(&status.0).and(")"),
        None => Sentence::default().theirs(&status.0),
    }
}

/// What a job was narrowed to.
fn filter(job: &Job) -> Sentence {
    let only = |of: Vec<Sentence>| Sentence::ours("only ").then(listed(of));
    match &job.filter {
        JobFilter::Everything => Sentence::ours("everything"),
        JobFilter::Types(types) => only(types.iter().map(all_of).collect()),
        JobFilter::Ids(of_types) => {
            only(of_types.iter().map(|(kind, ids)| some_of(kind, *ids)).collect()).and(", by their ids")
        }
        JobFilter::NotUnderstood => {
            Sentence::default().theirs(job.filtering_criteria.as_deref().unwrap_or_default())
        }
    }
}

/// What one object of a type is called, and what several are.
fn names(entity_type: &EntityType) -> Option<(&'static str, &'static str)> {
    Some(match entity_type {
        EntityType::User => ("user", "users"),
        EntityType::Group => ("group", "groups"),
        EntityType::ConditionalAccessPolicy => ("Conditional Access policy", "Conditional Access policies"),
        EntityType::NamedLocationPolicy => ("named location", "named locations"),
        EntityType::AuthenticationMethodPolicy => {
            ("authentication method policy", "authentication method policies")
        }
        EntityType::AuthorizationPolicy => ("authorization policy", "authorization policies"),
        EntityType::AuthenticationStrengthPolicy => {
            ("authentication strength policy", "authentication strength policies")
        }
        EntityType::Application => ("application", "applications"),
        EntityType::ServicePrincipal => ("service principal", "service principals"),
        EntityType::OAuth2PermissionGrant => ("OAuth2 permission grant", "OAuth2 permission grants"),
        EntityType::AppRoleAssignment => ("app role assignment", "app role assignments"),
        EntityType::Organization => ("organization", "organizations"),
        EntityType::Other(_) => return None,
    })
}

fn all_of(entity_type: &EntityType) -> Sentence {
    match names(entity_type) {
        Some((_, many)) => Sentence::ours(many),
        None => Sentence::ours("objects of type ").theirs(entity_type.as_str()),
    }
}

fn some_of(entity_type: &EntityType, ids: u64) -> Sentence {
    match names(entity_type) {
        Some((one, many)) => Sentence::ours(counted(ids, one, many)),
        None => {
            Sentence::ours(counted(ids, "object of type ", "objects of type ")).theirs(entity_type.as_str())
        }
    }
}

/// A time as a reader sees it, or as it is written where it is none.
pub(super) fn time(zone: &TimeZone, written: &str) -> Sentence {
    zone.shown(written).map_or_else(|| Sentence::default().theirs(written), Sentence::ours)
}

/// When a job ran.
fn times(job: &Job, zone: &TimeZone) -> Sentence {
    let (start, end) = (job.job_start_date_time.as_deref(), job.job_completion_date_time.as_deref());
    match (start, end) {
        (None, None) => Sentence::default(),
        (Some(start), None) => Sentence::ours("; begun ").then(time(zone, start)),
        (None, Some(end)) => Sentence::ours("; ended ").then(time(zone, end)),
        (Some(start), Some(end)) => {
            Sentence::ours("; from ").then(time(zone, start)).and(" to ").then(time(zone, end))
        }
    }
}

fn totals(job: &Job) -> String {
    let totals = [
        (job.total_changed_objects_calculated, "object calculated", "objects calculated"),
        (job.total_changed_links_calculated, "link calculated", "links calculated"),
        (job.total_objects_modified, "object modified", "objects modified"),
        (job.total_links_modified, "link modified", "links modified"),
        (
            job.total_failed_changes,
            "failed change of objects and links together",
            "failed changes of objects and links together",
        ),
    ];
    let totals: Vec<String> =
        totals.into_iter().filter_map(|(count, one, many)| Some(counted(count?, one, many))).collect();
    if totals.is_empty() { "no totals".to_owned() } else { totals.join(", ") }
}

fn report_of(job: &Job, zone: &TimeZone) -> Sentence {
    let facts = status(job).and("; filter: ").then(filter(job)).then(times(job, zone));
    facts.and(format!("; {}", totals(job)))
}

/// What a saved job object says, to be read beside the counts of its pages.
#[must_use]
pub fn job(job: &Job, zone: &TimeZone) -> Sentence {
    Sentence::ours("the job reports: ").then(report_of(job, zone))
}

/// What the saved object of a job says of which no page is in the report.
#[must_use]
pub fn job_alone(job: &Job, zone: &TimeZone) -> Sentence {
    let backup = job.target_state_date_time.as_deref();
    let backup = backup.map(|backup| Sentence::ours(", to the backup of ").then(time(zone, backup)));
    let report = Sentence::ours(": ").then(report_of(job, zone));
    name(job, "The").then(backup.unwrap_or_default()).then(report).and("; no page of it is in this report")
}

/// A job by its kind and id.
fn name(job: &Job, article: &'static str) -> Sentence {
    let kind = match job.kind {
        JobKind::Preview => " preview job ",
        JobKind::Recovery => " recovery job ",
        JobKind::Unknown => " job ",
    };
    let name = Sentence::ours(article).and(kind);
    match &job.id {
        Some(id) => name.theirs(id),
        None => name.and("without an id"),
    }
}

/// How far a job came: `the preview job … has failed`.
#[must_use]
pub fn job_state(job: &Job) -> Sentence {
    name(job, "the").then(state(job))
}

fn state(job: &Job) -> Sentence {
    let Some(status) = &job.status else { return Sentence::ours(" does not say how far it came") };
    Sentence::ours(match status.stage() {
        JobStage::Initialized => " had not begun when it was saved",
        JobStage::LoadingData => " was still loading data when it was saved",
        JobStage::InProgress => " was still in progress when it was saved",
        JobStage::Completed if has_failures(job) => " has completed with warnings",
        JobStage::Completed => " has completed",
        JobStage::Failed => " has failed",
        JobStage::Cancelled => " was cancelled",
        JobStage::Hidden => " has a status that the service hid (unknownFutureValue)",
        JobStage::Other => return Sentence::ours(" has the status ").theirs(&status.0),
    })
}

/// What a reader must know of a job that did not end well, or not yet; `None` where there is nothing.
/// `has_pages` tells whether pages of it are in the report.
#[must_use]
pub fn job_notice(job: &Job, has_pages: bool) -> Option<Sentence> {
    let meaning = match (job.stage()?, job.kind) {
        (JobStage::Completed, _) => return None,
        (JobStage::Failed | JobStage::Cancelled, JobKind::Recovery) => {
            "changes made before it stopped stay applied, and changes that it did not come to are not listed as failed"
        }
        (JobStage::Failed | JobStage::Cancelled, _) if has_pages => {
            "the service lists the changes only of a job that has completed, so that the pages of it that are here may \
             lack some"
        }
        (JobStage::Failed | JobStage::Cancelled, JobKind::Preview) => {
            "it has no changes to read, and none of it are in this report"
        }
        (JobStage::Failed | JobStage::Cancelled, JobKind::Unknown) => {
            "if it was a recovery, changes made before it stopped stay applied"
        }
        (JobStage::Initialized | JobStage::LoadingData | JobStage::InProgress, JobKind::Recovery) => {
            "it may have made more changes since, and failed to make more, than this report can show"
        }
        (JobStage::Initialized | JobStage::LoadingData | JobStage::InProgress, _) => {
            "a job that has not ended has no changes to read yet"
        }
        (JobStage::Hidden, _) => {
            "it may not have ended: request it again with the header Prefer: include-unknown-enum-members"
        }
        (JobStage::Other, _) => "this word is not known here, so that it may not have ended",
    };
    Some(name(job, "The").then(state(job)).and(": ").and(meaning).and("."))
}

/// What a reader must know of a job that did not look at everything; `None` of one that did.
#[must_use]
pub fn narrowed(job: &Job) -> Option<Sentence> {
    if job.filter == JobFilter::Everything {
        return None;
    }
    let meaning = match job.kind {
        JobKind::Recovery => {
            "): the report cannot show failed changes outside this filter, and recovery did not try to make any there."
        }
        JobKind::Preview | JobKind::Unknown => "): the report cannot show changes outside this filter.",
    };
    Some(name(job, "The").and(" was narrowed (").then(filter(job)).and(meaning))
}

/// How many such sentences are not told.
#[must_use]
pub fn more_notices(more: u64) -> Sentence {
    Sentence::ours(format!(
        "{} more such facts of saved jobs are not told here; summary.json has every job.",
        number(more)
    ))
}

#[cfg(test)]
pub(crate) mod tests {
    use crate::model::JobStatus;

    use super::*;

    /// A job that completed, of everything, and says nothing more.
    pub(crate) fn completed(kind: JobKind) -> Job {
        Job {
            source: "job.json".to_owned(),
            kind,
            id: Some("j".to_owned()),
            status: Some(JobStatus("successful".to_owned())),
            snapshot_id: None,
            snapshot_date_time: None,
            target_state_date_time: None,
            job_start_date_time: None,
            job_completion_date_time: None,
            filtering_criteria: None,
            filter: JobFilter::Everything,
            total_changed_objects_calculated: None,
            total_changed_links_calculated: None,
            total_objects_modified: None,
            total_links_modified: None,
            total_failed_changes: None,
        }
    }

    fn with_status(kind: JobKind, word: &str) -> Job {
        Job { status: Some(JobStatus(word.to_owned())), ..completed(kind) }
    }

    /// The sentence, its texts of the input in braces.
    fn told(sentence: &Sentence) -> String {
        sentence.told(|text| format!("{{{text}}}"))
    }

    #[test]
    fn a_status_is_told_in_the_words_of_the_admin_center() {
        for (word, words) in [
            ("initialized", "initialized ({initialized})"),
            ("loadingData", "loading data ({loadingData})"),
            ("running", "in progress ({running})"),
            ("calculating", "in progress ({calculating})"),
            ("successful", "completed ({successful})"),
            ("succeeded", "completed ({succeeded})"),
            ("failed", "failed ({failed})"),
            ("abandoned", "cancelled ({abandoned})"),
            (
                "unknownFutureValue",
                "hidden by the service: request with Prefer: include-unknown-enum-members ({unknownFutureValue})",
            ),
            ("paused", "{paused}"),
        ] {
            assert_eq!(told(&status(&with_status(JobKind::Preview, word))), words);
        }
        let warned = |failed| Job { total_failed_changes: Some(failed), ..completed(JobKind::Recovery) };
        assert_eq!(told(&status(&warned(1))), "completed with warnings ({successful})");
        assert_eq!(told(&status(&warned(0))), "completed ({successful})");
        let failed = Job { status: Some(JobStatus("failed".to_owned())), ..warned(1) };
        assert_eq!(told(&status(&failed)), "failed ({failed})");
        assert_eq!(told(&status(&Job { status: None, ..warned(1) })), "status not in the data");
    }

    #[test]
    fn a_filter_is_told_in_words_and_what_is_not_understood_as_it_is() {
        let of = |narrowed: JobFilter| {
            let filtering_criteria = Some("{\"a\":1}".to_owned());
            told(&filter(&Job { filter: narrowed, filtering_criteria, ..completed(JobKind::Preview) }))
        };
        let agent = EntityType::Other("Agent".to_owned());
        assert_eq!(of(JobFilter::Everything), "everything");
        assert_eq!(of(JobFilter::Types(vec![EntityType::User, EntityType::Group])), "only users and groups");
        assert_eq!(
            of(JobFilter::Types(vec![EntityType::ConditionalAccessPolicy, agent.clone()])),
            "only Conditional Access policies and objects of type {Agent}"
        );
        assert_eq!(
            of(JobFilter::Ids(vec![(EntityType::User, 2), (EntityType::Group, 1)])),
            "only 2 users and 1 group, by their ids"
        );
        assert_eq!(of(JobFilter::Ids(vec![(agent, 1)])), "only 1 object of type {Agent}, by their ids");
        assert_eq!(of(JobFilter::NotUnderstood), "{{\"a\":1}}");
    }

    #[test]
    fn a_job_says_when_it_ran_and_what_it_counted() {
        let job_of = |start: Option<&str>, end: Option<&str>| Job {
            job_start_date_time: start.map(str::to_owned),
            job_completion_date_time: end.map(str::to_owned),
            total_changed_objects_calculated: Some(1),
            ..completed(JobKind::Preview)
        };
        let said = |start, end| told(&job(&job_of(start, end), &TimeZone::default()));
        let (start, end) = ("2026-11-17T06:41:18Z", "yesterday");
        assert_eq!(
            said(Some(start), Some(end)),
            "the job reports: completed ({successful}); filter: everything; from 17 Nov 2026, 06:41:18 UTC to {yesterday}; 1 object calculated"
        );
        assert!(said(Some(start), None).contains("; begun 17 Nov 2026, 06:41:18 UTC; 1"));
        assert!(said(None, Some(start)).contains("; ended 17 Nov 2026, 06:41:18 UTC; 1"));
        assert!(said(None, None).ends_with("everything; 1 object calculated"));
        let alone = Job { target_state_date_time: Some(start.to_owned()), ..completed(JobKind::Recovery) };
        assert_eq!(
            told(&job_alone(&alone, &TimeZone::default())),
            "The recovery job {j}, to the backup of 17 Nov 2026, 06:41:18 UTC: completed ({successful}); filter: everything; no totals; no page of it is in this report"
        );
    }

    #[test]
    fn what_did_not_end_well_is_told_with_what_it_means() {
        let notice = |kind, word: &str, has_pages| {
            job_notice(&with_status(kind, word), has_pages).map(|notice| told(&notice))
        };
        let says = |kind, word: &str, has_pages, words: &str| {
            let notice = notice(kind, word, has_pages).unwrap_or_default();
            assert!(notice.contains(words), "{word}: {notice}");
        };
        assert_eq!(notice(JobKind::Preview, "successful", false), None);
        for word in ["failed", "abandoned"] {
            says(JobKind::Recovery, word, true, "changes made before it stopped stay applied");
            says(JobKind::Preview, word, false, "no changes to read");
            says(JobKind::Preview, word, true, "may lack some");
        }
        assert_eq!(
            notice(JobKind::Preview, "running", false).as_deref(),
            Some(
                "The preview job {j} was still in progress when it was saved: a job that has not ended has no changes to read yet."
            )
        );
        says(JobKind::Recovery, "loadingData", false, "still loading data");
        says(JobKind::Unknown, "initialized", false, "The job {j} had not begun");
        says(JobKind::Preview, "unknownFutureValue", true, "Prefer: include-unknown-enum-members");
        says(JobKind::Preview, "paused", true, "has the status {paused}: ");
        let nameless = Job { id: None, ..with_status(JobKind::Recovery, "failed") };
        assert_eq!(told(&job_state(&nameless)), "the recovery job without an id has failed");
    }

    #[test]
    fn a_job_that_was_narrowed_says_what_cannot_be_seen() {
        assert_eq!(narrowed(&completed(JobKind::Preview)), None);
        let of = |kind| Job { filter: JobFilter::Types(vec![EntityType::User]), ..completed(kind) };
        let told = |kind| narrowed(&of(kind)).map(|notice| told(&notice)).unwrap_or_default();
        assert_eq!(
            told(JobKind::Preview),
            "The preview job {j} was narrowed (only users): the report cannot show changes outside this filter."
        );
        assert!(told(JobKind::Recovery).contains("did not try"));
    }
}
