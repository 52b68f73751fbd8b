//! What a stage took, and how that is shown.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::stage::Stage;
use crate::{Fallible, STAGE_FLAG};

/// How long the runs of a stage took, shortest first, and the most memory that its process had.
pub(crate) struct Times {
    pub(crate) all: Vec<Duration>,
    /// Nothing where the system does not tell.
    pub(crate) peak: Option<u64>,
}

impl Times {
    /// Of a stage in a process of its own.
    pub(crate) fn of(stage: Stage, folder: &Path, runs: usize) -> Fallible<Self> {
        let mut command = Command::new(env::current_exe()?);
        command.arg(STAGE_FLAG).arg(stage.name()).arg(folder).arg(runs.to_string());
        let output = command.stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            return Err(format!("{}: {}", stage.name(), output.status).into());
        }
        Self::parsed(&String::from_utf8(output.stdout)?)
    }

    /// The peak in bytes or `-`, then the times in nanoseconds.
    pub(crate) fn line(&self) -> String {
        let peak = self.peak.map_or("-".into(), |bytes| bytes.to_string());
        self.all.iter().fold(peak, |line, time| format!("{line} {}", time.as_nanos()))
    }

    pub(crate) fn parsed(line: &str) -> Fallible<Self> {
        let (peak, times) = line.split_once(' ').ok_or("a stage gave no times")?;
        let peak = if peak == "-" { None } else { Some(peak.parse()?) };
        let times = times.split_whitespace().map(|time| time.parse().map(Duration::from_nanos));
        Ok(Times { all: times.collect::<Result<_, _>>()?, peak })
    }

    fn median(&self) -> f64 {
        let (low, high) = (self.all[(self.all.len() - 1) / 2], self.all[self.all.len() / 2]);
        f64::midpoint(low.as_secs_f64(), high.as_secs_f64())
    }
}

/// The most memory this process has had so far, where Linux tells it.
pub(crate) fn peak_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// A stage's line of the table.
pub(crate) struct Row<'t> {
    pub(crate) stage: Stage,
    pub(crate) times: &'t Times,
    pub(crate) bytes: u64,
    pub(crate) changes: usize,
}

impl Row<'_> {
    pub(crate) const HEAD: &'static str =
        "stage                            median s     min s     max s      MB/s   changes/s   peak MB";

    pub(crate) fn text(&self) -> String {
        let (median, all) = (self.times.median(), &self.times.all);
        let (min, max) = (seconds(all[0].as_secs_f64()), seconds(all[all.len() - 1].as_secs_f64()));
        let (speed, changes) = self.speeds(median);
        let median = seconds(median);
        let peak = self.times.peak.map_or_else(|| "not measured".into(), megabytes);
        let name = self.stage.name();
        format!("{name:<31}{median:>10}{min:>10}{max:>10}{speed:>10}{changes:>12}{peak:>10}")
    }

    /// Megabytes and changes a second; not of a stage that does not look at changes.
    #[expect(clippy::cast_precision_loss, reason = "the table shows a few digits")]
    fn speeds(&self, median: f64) -> (String, String) {
        if !self.stage.looks_at_changes() {
            return ("-".into(), "-".into());
        }
        let speed = format!("{:.0}", self.bytes as f64 / 1e6 / median);
        (speed, grouped(&format!("{:.0}", self.changes as f64 / median)))
    }
}

/// As many digits as mean something.
fn seconds(number: f64) -> String {
    if number < 0.01 { format!("{number:.6}") } else { format!("{number:.3}") }
}

/// In millions of bytes.
#[expect(clippy::cast_precision_loss, reason = "the table shows a few digits")]
pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}

/// `12345` as `12,345`.
pub(crate) fn grouped(digits: &str) -> String {
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}
