//! The saved jobs beside the pages: which of them have pages in the report, and what a reader must know of
//! those that were narrowed or did not end well.

use std::collections::BTreeSet;

use crate::model::{Job, JobKind, JobStage};

use super::{Report, wording};
use wording::Sentence;

/// How many facts of jobs stand in a head.
const NOTICES: usize = 10;

impl<'e> Report<'e> {
    /// The saved job objects of which no page is in the report, in input order.
    pub fn jobs_alone(&self) -> impl Iterator<Item = &'e Job> {
        let with_pages = self.with_pages();
        self.export.jobs().iter().filter(move |job| !has_pages(&with_pages, job))
    }

    /// What a saved job object says, to be read beside the counts of its pages.
    #[must_use]
    pub fn job(&self, job: &Job) -> Sentence {
        wording::job(job, &self.options.time_zone)
    }

    /// What the saved object of a job says of which no page is in the report.
    #[must_use]
    pub fn job_alone(&self, job: &Job) -> Sentence {
        wording::job_alone(job, &self.options.time_zone)
    }

    /// What a reader must know before anything else: links of pages that lead elsewhere, pages of two versions of the
    /// API that are mixed, and the jobs that were narrowed, failed, were cancelled or had not ended.
    #[must_use]
    pub fn notices(&self) -> Vec<Sentence> {
        let sets = self.export.page_sets();
        let elsewhere = sets.iter().find_map(wording::link_elsewhere);
        let mixed = sets.iter().find_map(wording::mixed_versions);
        elsewhere.into_iter().chain(mixed).chain(self.job_notices()).collect()
    }

    /// What is to be known of the jobs. Those with pages come first; of those without, the filter of a preview does not
    /// matter here.
    fn job_notices(&self) -> Vec<Sentence> {
        let with_pages = self.with_pages();
        let asked_for = self.export.jobs_asked_for();
        let is_asked_for = |job: &Job| {
            let is_it = |id: &str| asked_for.iter().any(|asked| asked.eq_ignore_ascii_case(id));
            asked_for.is_empty() || job.id.as_deref().is_some_and(is_it)
        };
        // An object that was saved while its job ran says less than one that was saved later.
        let ended: BTreeSet<String> =
            self.export.jobs().iter().filter(|job| is_ended(job)).filter_map(key).collect();
        let is_outdated = |job: &Job| !is_ended(job) && key(job).is_some_and(|key| ended.contains(&key));
        let jobs = self.export.jobs().iter().filter(|job| is_asked_for(job));
        let (here, alone): (Vec<&Job>, Vec<&Job>) = jobs.partition(|job| has_pages(&with_pages, job));
        let here = here.into_iter().map(|job| (job, true));
        let alone = alone.into_iter().map(|job| (job, false));
        let mut told = BTreeSet::new();
        let mut notices = Vec::new();
        for (job, has_pages) in here.chain(alone) {
            let matters = has_pages || job.kind == JobKind::Recovery;
            let narrowed = matters.then(|| wording::narrowed(job)).flatten();
            let notice = (!is_outdated(job)).then(|| wording::job_notice(job, has_pages)).flatten();
            let new = narrowed.into_iter().chain(notice);
            notices.extend(new.filter(|sentence| told.insert(sentence.clone())));
        }
        let more = notices.len().saturating_sub(NOTICES) as u64;
        notices.truncate(NOTICES);
        notices.extend((more > 0).then(|| wording::more_notices(more)));
        notices
    }

    /// The ids of the jobs that the page sets name, without regard to case.
    fn with_pages(&self) -> BTreeSet<String> {
        let ids = self.export.page_sets().iter().filter_map(|set| set.job_id.as_deref());
        ids.map(str::to_ascii_lowercase).collect()
    }
}

fn key(job: &Job) -> Option<String> {
    job.id.as_deref().map(str::to_ascii_lowercase)
}

fn has_pages(ids: &BTreeSet<String>, job: &Job) -> bool {
    key(job).is_some_and(|id| ids.contains(&id))
}

fn is_ended(job: &Job) -> bool {
    match job.stage() {
        Some(JobStage::Completed | JobStage::Failed | JobStage::Cancelled) => true,
        Some(
            JobStage::Initialized
            | JobStage::LoadingData
            | JobStage::InProgress
            | JobStage::Hidden
            | JobStage::Other,
        )
        | None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::*;
    use crate::ingest::{Export, Input, SurveyOptions, survey};

    const ROOT: &str =
        "https://graph.microsoft.com/v1.0/$metadata#directory/recovery/snapshots/MTc4NTE4OTYwMA==";

    fn export(documents: &[String], asked_for: &[&str]) -> Export {
        let options = SurveyOptions {
            jobs: asked_for.iter().map(|&job| job.to_owned()).collect(),
            ..SurveyOptions::default()
        };
        let inputs = vec![Input::Stdin(documents.join("\n").into_bytes())];
        survey(inputs, &options, crate::diff::extent, |_| ())
    }

    fn page() -> String {
        format!(r#"{{"@odata.context":"{ROOT}/recoveryPreviewJobs/p/getChanges","value":[]}}"#)
    }

    fn job(collection: &str, id: &str, members: &str) -> String {
        format!(r#"{{"@odata.context":"{ROOT}/{collection}/$entity","id":"{id}"{members}}}"#)
    }

    fn preview(members: &str) -> String {
        job("recoveryPreviewJobs", "P", members)
    }

    fn told(export: &Export) -> Vec<String> {
        let report = Report::new(export, Options::default());
        report.notices().iter().map(|notice| notice.told(str::to_owned)).collect()
    }

    const NARROW: &str = r#","status":"successful","filteringCriteria":{"entityTypes":["user"]}"#;

    #[test]
    fn a_job_that_ended_well_and_looked_at_everything_needs_no_word() {
        let one = preview(r#","status":"successful","filteringCriteria":null"#);
        assert_eq!(told(&export(&[page(), one], &[])), Vec::<String>::new());
    }

    #[test]
    fn the_filter_of_a_preview_matters_where_its_pages_are_and_that_of_a_recovery_always() {
        let other = job("recoveryPreviewJobs", "other", NARROW);
        let recovery = job("recoveryJobs", "r", NARROW);
        let notices = told(&export(&[other, recovery, page(), preview(NARROW)], &[]));
        let [first, second] = &notices[..] else { panic!("{notices:?}") };
        assert!(first.starts_with("The preview job P was narrowed (only users): "), "{first}");
        assert!(second.starts_with("The recovery job r was narrowed (only users): "), "{second}");
    }

    #[test]
    fn an_object_saved_while_its_job_ran_is_outdated_by_one_saved_later() {
        let (running, done) = (r#","status":"running""#, r#","status":"successful""#);
        let of = |jobs: &[&str]| {
            let jobs = jobs.iter().map(|members| preview(members));
            told(&export(&[page()].into_iter().chain(jobs).collect::<Vec<_>>(), &[]))
        };
        assert_eq!(of(&[running, running]).len(), 1, "the same is told once");
        assert_eq!(of(&[running, done]), Vec::<String>::new());
        let failed = of(&[running, r#","status":"failed""#]);
        assert!(failed.len() == 1 && failed[0].contains("has failed"), "{failed:?}");
    }

    #[test]
    fn jobs_not_asked_for_are_no_matter_of_the_head_and_many_are_counted() {
        let jobs: Vec<String> =
            (0..12).map(|id| job("recoveryJobs", &id.to_string(), r#","status":"failed""#)).collect();
        let documents = [&[page()], &jobs[..]].concat();
        assert_eq!(told(&export(&documents, &["p"])), Vec::<String>::new());
        let notices = told(&export(&documents, &[]));
        assert_eq!(notices.len(), 11);
        assert!(notices[10].starts_with("2 more such facts"), "{notices:?}");
    }

    #[test]
    fn jobs_without_pages_are_told_apart() {
        let export = export(&[page(), preview(""), job("recoveryJobs", "r", "")], &[]);
        let report = Report::new(&export, Options::default());
        let alone: Vec<_> = report.jobs_alone().map(|job| job.id.as_deref()).collect();
        assert_eq!(alone, [Some("r")]);
    }
}
