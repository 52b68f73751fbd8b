//! The exit codes: a stable contract, printed by `--help`.

use std::process::ExitCode;

/// How a run ended. When several apply, the first of this order counts:
/// 70, 5, 6, 4, 3, 7, 1, 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// Everything asked for is written, and nothing is missing from it.
    Complete,
    /// Written, and a condition of `--fail-on` was met.
    Gate,
    /// An option that cannot be.
    Usage,
    /// Written, but data is missing from it.
    DataMissing,
    /// Nothing written: no page in the input, or `--strict` and an error in it.
    NothingWritten,
    /// Output or I/O failed.
    Output,
    /// Stopped at a limit, nothing written.
    Limit,
    /// `verify` found something else than was written or read.
    Mismatch,
    /// A fault of this program.
    Internal,
    /// SIGINT came; nothing unfinished is left.
    Interrupted,
    /// SIGTERM came; nothing unfinished is left.
    Terminated,
}

impl ExitStatus {
    const ALL: [ExitStatus; 11] = [
        ExitStatus::Complete,
        ExitStatus::Gate,
        ExitStatus::Usage,
        ExitStatus::DataMissing,
        ExitStatus::NothingWritten,
        ExitStatus::Output,
        ExitStatus::Limit,
        ExitStatus::Mismatch,
        ExitStatus::Internal,
        ExitStatus::Interrupted,
        ExitStatus::Terminated,
    ];

    /// The more serious of two, by the order above; one that no run of a case ends with counts for most.
    pub(super) fn or_worse(self, other: Self) -> Self {
        if other.seriousness() > self.seriousness() { other } else { self }
    }

    /// How serious it is: the higher, the more.
    fn seriousness(self) -> u8 {
        match self {
            ExitStatus::Complete => 0,
            ExitStatus::Gate => 1,
            ExitStatus::Mismatch => 2,
            ExitStatus::DataMissing => 3,
            ExitStatus::NothingWritten => 4,
            ExitStatus::Limit => 5,
            ExitStatus::Output => 6,
            ExitStatus::Internal => 7,
            ExitStatus::Usage | ExitStatus::Interrupted | ExitStatus::Terminated => 8,
        }
    }

    /// That of a number.
    pub(super) fn of_code(code: u8) -> Option<Self> {
        ExitStatus::ALL.into_iter().find(|status| status.code() == code)
    }

    /// The number.
    pub(super) fn code(self) -> u8 {
        match self {
            ExitStatus::Complete => 0,
            ExitStatus::Gate => 1,
            ExitStatus::Usage => 2,
            ExitStatus::DataMissing => 3,
            ExitStatus::NothingWritten => 4,
            ExitStatus::Output => 5,
            ExitStatus::Limit => 6,
            ExitStatus::Mismatch => 7,
            ExitStatus::Internal => 70,
            ExitStatus::Interrupted => 130,
            ExitStatus::Terminated => 143,
        }
    }

    fn meaning(self) -> &'static str {
        match self {
            ExitStatus::Complete => "everything asked for is written, nothing is missing from it",
            ExitStatus::Gate => "written, and a condition of --fail-on was met",
            ExitStatus::Usage => "an option, or a SOURCE_DATE_EPOCH, that cannot be",
            ExitStatus::DataMissing => {
                "written, but data is missing from it: a problem of severity error, or a page set that is incomplete \
                 or suspicious"
            }
            ExitStatus::NothingWritten => {
                "nothing written: no page in the input, no object by that id, or --strict and a problem of severity \
                 error"
            }
            ExitStatus::Output => "output or I/O failure; what was there before is there still",
            ExitStatus::Limit => "stopped at a limit, nothing written; what is left out for a limit is 3",
            ExitStatus::Mismatch => "verify: a file is not as it was written or read",
            ExitStatus::Internal => "a fault of this program; nothing is written",
            ExitStatus::Interrupted => "interrupted (SIGINT); nothing unfinished is left",
            ExitStatus::Terminated => "terminated (SIGTERM); nothing unfinished is left",
        }
    }

    /// The table for `--help`.
    pub(super) fn help() -> String {
        let line = |status: &ExitStatus| format!("  {:>3}  {}", status.code(), status.meaning());
        let lines: Vec<String> = ExitStatus::ALL.iter().map(line).collect();
        format!("Exit codes:\n{}", lines.join("\n"))
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        ExitCode::from(status.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_the_first_of_the_documented_order_counts() {
        let order = [70, 5, 6, 4, 3, 7, 1, 0].map(|code| ExitStatus::of_code(code).expect("a code"));
        for (place, status) in order.into_iter().enumerate() {
            for less in &order[place..] {
                assert_eq!((status.or_worse(*less), less.or_worse(status)), (status, status));
            }
        }
    }
}
