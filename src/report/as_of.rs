//! Of which time a page set is: its backup, and the tenant's state beside it.

use std::collections::BTreeSet;

use crate::model::{Instant, PageSet, Snapshot};

use super::{Report, wording};

/// What tells of which time the current values of a page set are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateBasis {
    /// The end of its job, in the saved job object.
    Job,
    /// When the first of its pages was fetched.
    Date,
}

impl StateBasis {
    /// Its name in `summary.json`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            StateBasis::Job => "job",
            StateBasis::Date => "date",
        }
    }
}

/// The backups that a saved list has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backups<'e> {
    /// How many, each counted once.
    pub count: u64,
    /// The times of the first and of the last, as written, where any has one.
    pub range: Option<(&'e str, &'e str)>,
    /// The page sets that compare with one of them, one for each backup.
    pub among: Vec<&'e PageSet>,
    /// The page sets that compare with one that is not among them, one for each backup.
    pub missing: Vec<&'e PageSet>,
}

impl<'e> Report<'e> {
    /// Of which time the current values of a page set are at the latest, as the data has it, and what tells so.
    #[must_use]
    pub fn state_time(&self, set: &'e PageSet) -> Option<(&'e str, StateBasis)> {
        let ended = self.export.jobs_of(set).find_map(|job| job.job_completion_date_time.as_deref());
        let of_job = ended.map(|ended| (ended, StateBasis::Job));
        of_job.or_else(|| set.read_at.as_deref().map(|read_at| (read_at, StateBasis::Date)))
    }

    /// The same in words, and the time as the data has it, where the words do not.
    #[must_use]
    pub fn state_as_of(&self, set: &'e PageSet) -> (String, Option<&'e str>) {
        let Some((time, basis)) = self.state_time(set) else {
            return (wording::state_as_of(set.function, None), None);
        };
        match self.options.time_zone.shown(time) {
            None => (wording::state_as_of(set.function, Some((time, basis))), None),
            Some(shown) => (wording::state_as_of(set.function, Some((&shown, basis))), Some(time)),
        }
    }

    /// When the saved object of a page set's snapshot says that the backup was made, where the snapshot's id
    /// does not tell its time.
    #[must_use]
    pub fn saved_snapshot_time(&self, set: &'e PageSet) -> Option<&'e str> {
        if set.snapshot_date_time.is_some() {
            return None;
        }
        self.export.snapshot_made(set.snapshot_id.as_deref()?)
    }

    /// What the saved snapshot objects tell; `None` where there are none.
    #[must_use]
    pub fn backups(&self) -> Option<Backups<'e>> {
        let export = self.export;
        let mut distinct: Vec<BackupKey<'e>> =
            export.snapshots().iter().filter_map(BackupKey::of_snapshot).collect();
        let nameless = (export.snapshots().len() - distinct.len()) as u64;
        distinct.sort_unstable();
        distinct.dedup();
        let count = distinct.len() as u64 + nameless;
        let times = export.snapshots().iter().filter_map(|snapshot| snapshot.created_date_time.as_deref());
        let times = times.filter_map(|time| Some((Instant::parse(time)?, time)));
        let mut times: Vec<(Instant<'_>, &'e str)> = times.collect();
        times.sort_by_key(|(instant, time)| (instant.seconds, instant.fraction, *time));
        let range = times.first().zip(times.last()).map(|(first, last)| (first.1, last.1));
        let (mut among, mut missing, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        for set in export.page_sets() {
            let Some(key) = BackupKey::of_set(set) else { continue };
            if seen.insert(key) {
                let is_there = distinct.binary_search(&key).is_ok();
                if is_there { among.push(set) } else { missing.push(set) }
            }
        }
        (count > 0).then_some(Backups { count, range, among, missing })
    }
}

/// Which backup: the time that its id encodes, so that ids padded differently are the same, or its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum BackupKey<'e> {
    Time(Instant<'e>),
    Id(&'e str),
}

impl<'e> BackupKey<'e> {
    fn of(id: Option<&'e str>, id_date_time: Option<&'e str>) -> Option<Self> {
        let time = id_date_time.and_then(Instant::parse);
        time.map(BackupKey::Time).or(id.map(BackupKey::Id))
    }

    fn of_snapshot(snapshot: &'e Snapshot) -> Option<Self> {
        BackupKey::of(snapshot.id.as_deref(), snapshot.id_date_time.as_deref())
    }

    fn of_set(set: &'e PageSet) -> Option<Self> {
        BackupKey::of(set.snapshot_id.as_deref(), set.snapshot_date_time.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::*;
    use crate::ingest::{Export, Input, SurveyOptions, survey};

    const ROOT: &str = "https://graph.microsoft.com/v1.0/$metadata#directory/recovery/snapshots";

    fn export(documents: &[String]) -> Export {
        let inputs = vec![Input::Stdin(documents.join("\n").into_bytes())];
        survey(inputs, &SurveyOptions::default(), crate::diff::extent, |_| ())
    }

    fn page(snapshot: &str) -> String {
        format!(r#"{{"@odata.context":"{ROOT}/{snapshot}/recoveryPreviewJobs/p/getChanges","value":[]}}"#)
    }

    fn list(snapshots: &[(&str, &str)]) -> String {
        let object = |(id, time): &(&str, &str)| format!(r#"{{"id":"{id}","createdDateTime":"{time}"}}"#);
        let objects: Vec<String> = snapshots.iter().map(object).collect();
        format!(r#"{{"@odata.context":"{ROOT}","value":[{}]}}"#, objects.join(","))
    }

    fn told(documents: &[String]) -> Option<String> {
        let export = export(documents);
        let report = Report::new(&export, Options::default());
        report
            .backups()
            .map(|backups| wording::backups(&backups, &report.options().time_zone).told(str::to_owned))
    }

    const JULY: (&str, &str) = ("MTc4NTE4OTYwMA==", "2026-07-27T22:00:00Z");
    const ODD: (&str, &str) = ("odd!", "2026-07-26T22:00:00Z");

    #[test]
    fn the_backup_that_is_compared_with_is_found_in_the_list() {
        assert_eq!(told(&[page(JULY.0)]), None);
        let range =
            "The saved list has 2 backups, from 26 Jul 2026, 22:00:00 UTC to 27 Jul 2026, 22:00:00 UTC";
        let one = "; the one that this report compares with is among them: 27 Jul 2026, 22:00:00 UTC.";
        // Without its padding it is the same id; a list that was saved twice has no more backups.
        let documents = [page("MTc4NTE4OTYwMA"), list(&[JULY, ODD]), list(&[ODD])];
        assert_eq!(told(&documents), Some(format!("{range}{one}")));
        let both =
            "; those that this report compares with are among them: 27 Jul 2026, 22:00:00 UTC and odd!.";
        assert_eq!(told(&[page(JULY.0), page(ODD.0), list(&[JULY, ODD])]), Some(format!("{range}{both}")));
    }

    #[test]
    fn a_backup_that_is_not_in_the_list_is_told() {
        let list = list(&[ODD]);
        assert_eq!(
            told(&[page(JULY.0), page(ODD.0), list.clone()]).as_deref(),
            Some(
                "The saved list has 1 backup, of 26 Jul 2026, 22:00:00 UTC; not among them is one that this report compares with: 27 Jul 2026, 22:00:00 UTC."
            )
        );
        let nameless = r#"{"@odata.context":"getChanges","value":[]}"#.to_owned();
        assert!(
            told(&[nameless, list]).is_some_and(|told| told.ends_with("compares with is not in the data."))
        );
    }

    #[test]
    fn a_saved_object_tells_the_time_that_an_id_does_not() {
        let export = export(&[page(ODD.0), page(JULY.0), list(&[ODD, JULY])]);
        let report = Report::new(&export, Options::default());
        let times: Vec<_> = export.page_sets().iter().map(|set| report.saved_snapshot_time(set)).collect();
        assert_eq!(times, [Some(ODD.1), None]);
        let zone = &report.options().time_zone;
        assert_eq!(
            wording::snapshot_time(ODD.1, zone).told(|text| format!("{{{text}}}")),
            "made 26 Jul 2026, 22:00:00 UTC ({2026-07-26T22:00:00Z}), says the saved object of this backup"
        );
    }

    #[test]
    fn the_first_saved_object_with_a_time_tells_it() {
        let nameless = format!(r#"{{"@odata.context":"{ROOT}","value":[{{"id":"{}"}}]}}"#, ODD.0);
        let other = ("ODD!", JULY.1);
        let export = export(&[page(ODD.0), nameless, list(&[other, ODD, (ODD.0, JULY.1)])]);
        let report = Report::new(&export, Options::default());
        assert_eq!(report.saved_snapshot_time(&export.page_sets()[0]), Some(ODD.1));
    }

    #[test]
    fn the_saved_objects_of_a_job_are_those_with_its_id_in_any_case() {
        let job = |id: &str, ended: &str| {
            format!(
                r#"{{"@odata.context":"{ROOT}/{}/recoveryPreviewJobs/$entity","id":"{id}","jobCompletionDateTime":"{ended}"}}"#,
                JULY.0
            )
        };
        let export = export(&[job("P", ODD.1), page(JULY.0), job("q", ODD.1), job("p", JULY.1)]);
        let jobs: Vec<_> = export.jobs_of(&export.page_sets()[0]).map(|job| job.id.as_deref()).collect();
        assert_eq!(jobs, [Some("P"), Some("p")]);
    }

    #[test]
    fn the_state_is_as_of_the_jobs_end_else_of_the_first_fetch() {
        let job = format!(
            r#"{{"@odata.context":"{ROOT}/{}/recoveryPreviewJobs/$entity","id":"P","jobCompletionDateTime":"{}"}}"#,
            JULY.0, ODD.1
        );
        let with_job = export(&[page(JULY.0), job]);
        let mut set = with_job.page_sets()[0].clone();
        set.read_at = Some(JULY.1.to_owned());
        let report = Report::new(&with_job, Options::default());
        assert_eq!(report.state_time(&set), Some((ODD.1, StateBasis::Job)));
        let alone = export(&[page(JULY.0)]);
        let report = Report::new(&alone, Options::default());
        assert_eq!(report.state_time(&set), Some((JULY.1, StateBasis::Date)));
        let (words, written) = report.state_as_of(&set);
        assert_eq!(words, "27 Jul 2026, 22:00:00 UTC at the latest, when its first page was fetched");
        assert_eq!(written, Some(JULY.1));
        set.read_at = None;
        assert_eq!(report.state_time(&set), None);
        assert!(report.state_as_of(&set).0.starts_with("time not in the data"));
    }
}
