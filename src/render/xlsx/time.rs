//! Points in time as Excel counts them, and the table of those that a report rests on.

use rust_xlsxwriter::XlsxError;

use crate::model::Instant;
use crate::report::Report;
use crate::report::wording::workbook as words;

use super::page::Page;
use super::summary::{self, LINES};

/// Seconds from 1899-12-30 to 1970-01-01: the days of Excel's calendar begin with the former, as long as only those
/// behind its leap day that never was are counted.
const EPOCH: i64 = 25_569 * DAY;
const DAY: i64 = 86_400;

/// 1 March 1900, the first day behind the 29th of February of that year, which is one to Excel.
const FIRST: i64 = 61 * DAY - EPOCH;

/// The day behind 31 December 9999, the last that Excel has (Excel specifications and limits).
const BEHIND: i64 = 2_958_466 * DAY - EPOCH;

/// `written`, an RFC 3339 time, in days of Excel's calendar, UTC and in whole seconds; `None` of anything else, and
/// before March 1900 or behind the last day.
pub(super) fn days(written: &str) -> Option<f64> {
    let seconds = Instant::parse(written)?.seconds;
    #[expect(clippy::cast_precision_loss, reason = "seconds of ten thousand years")]
    let days = (FIRST..BEHIND).contains(&seconds).then(|| (seconds + EPOCH) as f64 / DAY as f64);
    days
}

/// The times of backups and jobs, as dates of Excel with what was written beside.
pub(super) fn table(page: &mut Page<'_>, report: &Report<'_>) -> Result<(), XlsxError> {
    let mut times: Vec<(&str, &str, &str)> = Vec::new();
    for set in report.export().page_sets() {
        let of = set.job_id.as_ref().unwrap_or(&set.first_source);
        let snapshot = set.snapshot_date_time.as_deref().or_else(|| report.saved_snapshot_time(set));
        times.extend(snapshot.map(|written| (words::SNAPSHOT_TIME, written, of.as_str())));
        let state = report.state_time(set).map(|(written, _)| written);
        times.extend(state.map(|written| (words::STATE_TIME, written, of.as_str())));
    }
    for job in report.export().jobs() {
        let of = job.id.as_ref().unwrap_or(&job.source);
        let (began, ended) = (job.job_start_date_time.as_deref(), job.job_completion_date_time.as_deref());
        times.extend(began.map(|written| (words::JOB_START, written, of.as_str())));
        times.extend(ended.map(|written| (words::JOB_END, written, of.as_str())));
    }
    if times.is_empty() {
        return Ok(());
    }
    page.heading(words::TIMES)?;
    let [what, utc, as_written, of] = words::TIMES_HEADS;
    page.heads(&[what, utc, "", as_written, "", of].map(|head| (head, false)))?;
    for (said, written, of) in times.iter().take(LINES) {
        page.time([said, written, of], days(written))?;
    }
    summary::more(page, times.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted_as_excel_counts_them() {
        assert_eq!(days("1970-01-01T00:00:00Z"), Some(25_569.0));
        assert_eq!(days("2026-11-16T22:00:00Z"), Some(46_342.0 + 22.0 / 24.0));
        assert_eq!(days("2026-11-17T00:00:00.9999999+02:00"), days("2026-11-16T22:00:00Z"));
        assert_eq!(days("1900-03-01T00:00:00Z"), Some(61.0));
        assert_eq!(days("9999-12-31T00:00:00Z"), Some(2_958_465.0));
        assert!(days("9999-12-31T23:59:59.9Z").is_some());
        let behind = ["9999-12-31T23:59:59-00:01", "9999-12-31T12:00:00-12:00"];
        let before = ["1900-02-28T23:59:59Z", "0001-01-01T00:00:00Z"];
        for no_day in before.into_iter().chain(behind).chain(["2026-11-16", ""]) {
            assert_eq!(days(no_day), None, "{no_day}");
        }
    }
}
