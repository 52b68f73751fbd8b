//! How many instructions a stage takes, counted by valgrind's cachegrind: the same number, but for a few in ten
//! thousand, whatever else the machine does.

use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::stage::Stage;
use crate::times::grouped;
use crate::{Fallible, STAGE_FLAG};

pub(crate) const HEAD: &str = "stage                            M instructions   a change";

/// Whether valgrind is installed.
pub(crate) fn can_be_counted() -> bool {
    let asked =
        Command::new("valgrind").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}

/// What a run of the stage takes, on one thread: without what comes before it, but with the freeing of what it gives.
pub(crate) fn of(stage: Stage, folder: &Path) -> Fallible<u64> {
    let (prepared, once) = (of_process(stage, folder, 0)?, of_process(stage, folder, 1)?);
    once.checked_sub(prepared).ok_or_else(|| format!("{}: a run took less than none", stage.name()).into())
}

fn of_process(stage: Stage, folder: &Path, runs: usize) -> Fallible<u64> {
    let counts = Path::new(env!("CARGO_TARGET_TMPDIR")).join("instructions");
    let mut command = Command::new("valgrind");
    command.args(["--quiet", "--tool=cachegrind", "--cache-sim=no"]);
    command.arg(format!("--cachegrind-out-file={}", counts.display())).arg(env::current_exe()?);
    command.arg(STAGE_FLAG).arg(stage.name()).arg(folder).arg(runs.to_string());
    let output = command.env("RAYON_NUM_THREADS", "1").output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{}: valgrind: {}: {said}", stage.name(), output.status).into());
    }
    let counted = fs::read_to_string(&counts)?;
    let summary = counted.lines().find_map(|line| line.strip_prefix("summary:"));
    Ok(summary.ok_or("valgrind gave no summary")?.trim().parse()?)
}

/// The stage's line of the table.
#[expect(clippy::cast_precision_loss, reason = "the table shows a few digits")]
pub(crate) fn row(stage: Stage, counted: u64, changes: usize) -> String {
    let millions = format!("{:.1}", counted as f64 / 1e6);
    let each = grouped(&format!("{:.0}", counted as f64 / changes as f64));
    format!("{:<31}{millions:>20}{each:>11}", stage.name())
}
