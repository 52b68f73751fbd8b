//! When and where a run takes place: the only look at a clock, and at the machine.

use std::ffi::OsString;
use std::time::{Duration, SystemTime};

use entra_diff::evidence::{Host, Run};
use entra_diff::model::milliseconds_text;

use super::destination::UsageError;

/// The variable that stands for the clock, so that two runs give the same bytes:
/// <https://reproducible-builds.org/specs/source-date-epoch/>.
const SOURCE_DATE_EPOCH: &str = "SOURCE_DATE_EPOCH";

/// The clock of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clock {
    started: SystemTime,
    /// Seconds since 1970 that stand for every time.
    epoch: Option<i64>,
}

impl Clock {
    /// Starts it.
    pub(super) fn start() -> Result<Self, UsageError> {
        let epoch = std::env::var_os(SOURCE_DATE_EPOCH).map(|value| epoch_of(&value)).transpose()?;
        Ok(Clock { started: SystemTime::now(), epoch })
    }

    /// The value of `SOURCE_DATE_EPOCH`, where it was set.
    pub(super) fn epoch(&self) -> Option<i64> {
        self.epoch
    }

    /// Whether there can be a workbook: the library dates every new one before it can be told another date, and
    /// panics where the clock stands before 1970 (`rust_xlsxwriter` 0.102.0).
    pub(super) fn dates_workbooks(&self) -> bool {
        self.started >= SystemTime::UNIX_EPOCH
    }

    /// What a manifest says of a run that ends now with `exit_code`.
    pub(super) fn run(&self, exit_code: u8, arguments: &[OsString]) -> Run {
        let shown = |time: SystemTime| match self.epoch {
            Some(seconds) => shown(seconds.saturating_mul(1000)),
            None => shown(milliseconds(time)),
        };
        let text = |argument: &OsString| argument.to_string_lossy().into_owned();
        let host = || Host {
            operating_system: std::env::consts::OS.to_owned(),
            architecture: std::env::consts::ARCH.to_owned(),
            threads: rayon::current_num_threads() as u64,
            arguments: arguments.iter().map(text).collect(),
        };
        Run {
            started_date_time: shown(self.started),
            finished_date_time: shown(SystemTime::now()),
            source_date_epoch: self.epoch,
            exit_code,
            host: self.epoch.is_none().then(host),
        }
    }
}

fn epoch_of(value: &std::ffi::OsStr) -> Result<i64, UsageError> {
    let seconds = value.to_str().and_then(|text| text.parse::<i64>().ok());
    seconds
        .filter(|&seconds| seconds.checked_mul(1000).and_then(milliseconds_text).is_some())
        .ok_or_else(|| UsageError::SourceDateEpoch(value.to_string_lossy().into_owned()))
}

/// Since 1970, negative before.
fn milliseconds(time: SystemTime) -> i64 {
    let whole = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => whole(since),
        Err(before) => -whole(before.duration()),
    }
}

/// RFC 3339, or the end of the years that it has.
fn shown(milliseconds: i64) -> String {
    let end = if milliseconds < 0 { "0001-01-01T00:00:00Z" } else { "9999-12-31T23:59:59Z" };
    milliseconds_text(milliseconds).unwrap_or_else(|| end.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clock_has_a_time() {
        let after = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let before = |seconds| SystemTime::UNIX_EPOCH - Duration::from_secs(seconds);
        for (time, text) in [
            (after(0), "1970-01-01T00:00:00Z"),
            (after(4_102_444_800), "2100-01-01T00:00:00Z"),
            (before(1), "1969-12-31T23:59:59Z"),
            (before(100_000_000_000), "0001-01-01T00:00:00Z"),
            (after(1_000_000_000_000), "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(shown(milliseconds(time)), text);
        }
    }

    #[test]
    fn an_epoch_is_a_whole_number_of_seconds() {
        assert_eq!(epoch_of("1700000000".as_ref()), Ok(1_700_000_000));
        assert_eq!(epoch_of("0".as_ref()), Ok(0));
        for value in ["", "abc", "1.5", "1e9", " 1", "999999999999999", "9223372036854775807"] {
            assert_eq!(epoch_of(value.as_ref()), Err(UsageError::SourceDateEpoch(value.to_owned())));
        }
    }
}
