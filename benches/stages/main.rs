//! Times each stage and each writer on a generated export, takes the peak memory of each, and counts its instructions.
//!
//! ```text
//! cargo bench --bench stages                   100,000 changes, five runs of each stage; instructions where valgrind is
//! cargo bench --bench stages -- 1000000        other sizes, one after the other; times alone
//! cargo bench --bench stages -- csv            only stages that have this in their name
//! cargo bench --bench stages -- --instructions     counts alone, of 10,000 changes or of the sizes given
//! ENTRA_DIFF_BENCH_CHANGES=1000000 ENTRA_DIFF_BENCH_RUNS=3 cargo bench --bench stages
//! RAYON_NUM_THREADS=1 cargo bench --bench stages
//! ```
//!
//! The export comes from `examples/generate.rs` and stays in the target folder until that file changes.
//! Each stage runs in a process of its own, so that peaks do not mix: the peak is that of the process after
//! its first run, so it holds what the stages before have left. Times are without them. Instructions do not depend on
//! what else a machine does: two runs of them can be compared. `cargo test
//! --benches` runs everything once on a few hundred changes. A failure is one line on stderr, code 1.

mod export;
mod instructions;
mod stage;
mod times;

use std::env;
use std::error::Error;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use export::{export_of, files_below, read_through};
use stage::{Stage, run_stage};
use times::{Row, Times, grouped, megabytes};

const DEFAULT_CHANGES: usize = 100_000;
const DEFAULT_RUNS: usize = 5;
/// How many are counted: valgrind takes some fifty times as long.
const COUNTED_CHANGES: usize = 10_000;
/// For a run that only shows that everything works.
const QUICK_CHANGES: usize = 300;
const CHANGES_VARIABLE: &str = "ENTRA_DIFF_BENCH_CHANGES";
const RUNS_VARIABLE: &str = "ENTRA_DIFF_BENCH_RUNS";
/// Tells a process that it is to run one stage.
const STAGE_FLAG: &str = "--stage";
const INSTRUCTIONS_FLAG: &str = "--instructions";

type Fallible<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let outcome = match arguments.as_slice() {
        [flag, stage, folder, runs] if flag == STAGE_FLAG => run_stage(stage, Path::new(folder), runs),
        _ => Plan::of(&arguments).and_then(|plan| plan.carry_out()),
    };
    let Err(error) = outcome else { return ExitCode::SUCCESS };
    // Where even the message cannot be written, the code is all that is left to tell.
    writeln!(io::stderr(), "stages: {error}").map_or(ExitCode::FAILURE, |()| ExitCode::FAILURE)
}

/// What is to be measured.
struct Plan {
    /// Numbers of changes that are timed.
    timed: Vec<usize>,
    /// Numbers of changes of which instructions are counted.
    counted: Vec<usize>,
    runs: usize,
    /// Parts of names of stages; none means all.
    wanted: Vec<String>,
}

impl Plan {
    /// `cargo bench` gives `--bench`; `cargo test --benches` does not, and wants no measuring.
    fn of(arguments: &[OsString]) -> Fallible<Self> {
        let words: Vec<_> = arguments.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        let given = |flag: &str| words.iter().any(|word| word == flag);
        let plain = words.iter().filter(|word| !word.starts_with('-'));
        let (sizes, wanted) = plain.cloned().partition::<Vec<_>, _>(|word| number_of(word).is_some());
        if !wanted.is_empty() && !Stage::all().into_iter().any(|stage| has_any(&stage, &wanted)) {
            return Err(format!("no stage has this in its name: {}", wanted.join(", ")).into());
        }
        if given("--test") || !given("--bench") {
            return Ok(Plan { timed: vec![QUICK_CHANGES], counted: Vec::new(), runs: 1, wanted });
        }
        let mut sizes: Vec<usize> = sizes.iter().filter_map(|word| number_of(word)).collect();
        sizes.extend(if sizes.is_empty() { number_in(CHANGES_VARIABLE)? } else { None });
        let or = |otherwise| if sizes.is_empty() { vec![otherwise] } else { sizes.clone() };
        let (timed, counted) = match given(INSTRUCTIONS_FLAG) {
            true if !instructions::can_be_counted() => return Err("valgrind is not installed".into()),
            true => (Vec::new(), or(COUNTED_CHANGES)),
            false if sizes.is_empty() && instructions::can_be_counted() => {
                (vec![DEFAULT_CHANGES], vec![COUNTED_CHANGES])
            }
            false => (or(DEFAULT_CHANGES), Vec::new()),
        };
        let runs = number_in(RUNS_VARIABLE)?.unwrap_or(DEFAULT_RUNS).max(1);
        Ok(Plan { timed, counted, runs, wanted })
    }

    fn carry_out(&self) -> Fallible<()> {
        self.timed.iter().try_for_each(|&changes| self.time(changes))?;
        self.counted.iter().try_for_each(|&changes| self.count(changes))
    }

    fn time(&self, changes: usize) -> Fallible<()> {
        let mut out = io::stdout();
        let folder = export_of(changes)?;
        let files = files_below(&folder)?;
        let bytes = read_through(&files)?;
        let (threads, runs) = (rayon::current_num_threads(), self.runs);
        writeln!(
            out,
            "\n{} changes, {} MB in {} files, threads: {threads}, runs: {runs}",
            grouped(&changes.to_string()),
            megabytes(bytes),
            grouped(&files.len().to_string())
        )?;
        writeln!(out, "{}", Row::HEAD)?;
        for stage in self.stages() {
            let times = Times::of(stage, &folder, runs)?;
            writeln!(out, "{}", Row { stage, times: &times, bytes, changes }.text())?;
        }
        Ok(())
    }

    fn count(&self, changes: usize) -> Fallible<()> {
        let mut out = io::stdout();
        let folder = export_of(changes)?;
        writeln!(out, "\n{} changes, one thread, counted by valgrind", grouped(&changes.to_string()))?;
        writeln!(out, "{}", instructions::HEAD)?;
        for stage in self.stages() {
            let counted = instructions::of(stage, &folder)?;
            writeln!(out, "{}", instructions::row(stage, counted, changes))?;
        }
        Ok(())
    }

    fn stages(&self) -> impl Iterator<Item = Stage> {
        Stage::all().into_iter().filter(|stage| self.wanted.is_empty() || has_any(stage, &self.wanted))
    }
}

fn has_any(stage: &Stage, parts: &[String]) -> bool {
    let name = stage.name();
    parts.iter().any(|part| name.contains(part))
}

/// `1000000`, or `1,000,000`.
fn number_of(word: &str) -> Option<usize> {
    word.replace([',', '_'], "").parse().ok()
}

fn number_in(variable: &str) -> Fallible<Option<usize>> {
    let Some(value) = env::var_os(variable) else { return Ok(None) };
    let number = value.to_str().and_then(number_of);
    number.map(Some).ok_or_else(|| format!("{variable}: not a number: {}", value.display()).into())
}
