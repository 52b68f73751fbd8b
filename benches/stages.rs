//! Times each stage and each writer on a generated export, and takes the peak memory of each.
//!
//! ```text
//! cargo bench --bench stages                   100,000 changes, five runs of each stage
//! cargo bench --bench stages -- 1000000        other sizes, one after the other
//! cargo bench --bench stages -- csv            only stages that have this in their name
//! ENTRA_DIFF_BENCH_CHANGES=1000000 ENTRA_DIFF_BENCH_RUNS=3 cargo bench --bench stages
//! RAYON_NUM_THREADS=1 cargo bench --bench stages
//! ```
//!
//! The export comes from `examples/generate.rs` and stays in the target folder until that file changes.
//! Each stage runs in a process of its own, so that peaks do not mix: the peak is that of the process after
//! its first run, so it holds what the stages before have left. Times are without them. `cargo test
//! --benches` runs everything once on a few hundred changes. A failure is one line on stderr, code 1.

use std::collections::hash_map::DefaultHasher;
use std::env;
use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::hash::{Hash, Hasher};
use std::hint::black_box;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use entra_diff::ingest::{Export, Input, ItemRef, SurveyOptions};
use entra_diff::render::{Format, Output, Written};
use entra_diff::report::Report;
use entra_diff::{diff, ingest, render, report};

const DEFAULT_CHANGES: usize = 100_000;
const DEFAULT_RUNS: usize = 5;
/// For a run that only shows that everything works.
const QUICK_CHANGES: usize = 300;
const CHANGES_VARIABLE: &str = "ENTRA_DIFF_BENCH_CHANGES";
const RUNS_VARIABLE: &str = "ENTRA_DIFF_BENCH_RUNS";
/// Tells a process that it is to run one stage.
const STAGE_FLAG: &str = "--stage";
/// How many items are held parsed at once where only what follows the parsing is timed.
const PARSED_ITEMS: usize = 4096;
const FORMATS: &[Format] = &Format::ALL;

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
    sizes: Vec<usize>,
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
        let (sizes, wanted) = plain.cloned().partition::<Vec<_>, _>(|word| word.parse::<usize>().is_ok());
        if given("--test") || !given("--bench") {
            return Ok(Plan { sizes: vec![QUICK_CHANGES], runs: 1, wanted });
        }
        let mut sizes: Vec<usize> = sizes.iter().filter_map(|word| word.parse().ok()).collect();
        if sizes.is_empty() {
            sizes.push(number_in(CHANGES_VARIABLE)?.unwrap_or(DEFAULT_CHANGES));
        }
        let runs = number_in(RUNS_VARIABLE)?.unwrap_or(DEFAULT_RUNS).max(1);
        Ok(Plan { sizes, runs, wanted })
    }

    fn carry_out(&self) -> Fallible<()> {
        self.sizes.iter().try_for_each(|&changes| self.measure(changes))
    }

    fn measure(&self, changes: usize) -> Fallible<()> {
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
        for stage in Stage::all().into_iter().filter(|stage| self.wants(*stage)) {
            let times = Times::of(stage, &folder, runs)?;
            writeln!(out, "{}", Row { stage, times: &times, bytes, changes }.text())?;
        }
        Ok(())
    }

    fn wants(&self, stage: Stage) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|part| stage.name().contains(part))
    }
}

fn number_in(variable: &str) -> Fallible<Option<usize>> {
    let Some(value) = env::var_os(variable) else { return Ok(None) };
    let number = value.to_str().and_then(|text| text.replace([',', '_'], "").parse().ok());
    number.map(Some).ok_or_else(|| format!("{variable}: not a number: {}", value.display()).into())
}

/// A part of the work that is timed by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The files' bytes into memory, which everything else contains.
    Read,
    /// The files' bytes into memory and every document parsed once, with this program's reader.
    Floor,
    /// The same with `serde_json`'s `Value`.
    FloorOfValues,
    /// Ingest, with the tally of each item's rows.
    Survey,
    /// Every item parsed again from its span.
    Parse,
    /// The rows of every item, parsed beforehand.
    Diff,
    /// Grouped, joined, counted.
    Report,
    /// The walk for these formats at once.
    Write(&'static [Format]),
    /// From the files to these formats.
    Whole(&'static [Format]),
}

impl Stage {
    fn all() -> Vec<Self> {
        let mut stages = vec![
            Stage::Read,
            Stage::Floor,
            Stage::FloorOfValues,
            Stage::Survey,
            Stage::Parse,
            Stage::Diff,
            Stage::Report,
        ];
        stages.extend(FORMATS.chunks(1).map(Stage::Write));
        stages.extend([Stage::Write(FORMATS), Stage::Whole(&[Format::Csv]), Stage::Whole(FORMATS)]);
        stages
    }

    fn name(self) -> String {
        match self {
            Stage::Read => "read files".into(),
            Stage::Floor => "floor, own reader".into(),
            Stage::FloorOfValues => "floor, serde_json".into(),
            Stage::Survey => "survey".into(),
            Stage::Parse => "read items again".into(),
            Stage::Diff => "diff".into(),
            Stage::Report => "report".into(),
            Stage::Write(formats) => format!("write {}", together(formats)),
            Stage::Whole(formats) => format!("files to {}", together(formats)),
        }
    }

    fn run(self, folder: &Path, runs: usize) -> Fallible<Times> {
        Ok(match self {
            Stage::Read => {
                let files = files_below(folder)?;
                repeat(runs, || timed(|| read_all(&files)))
            }
            Stage::Floor => {
                let files = files_below(folder)?;
                repeat(runs, || timed(|| parse_documents(&files, parse_with_own_reader)))
            }
            Stage::FloorOfValues => {
                let files = files_below(folder)?;
                repeat(runs, || timed(|| parse_documents(&files, parse_with_serde_json)))
            }
            Stage::Survey => repeat(runs, || timed(|| survey(folder))),
            Stage::Parse => repeat_on(&survey(folder), runs, |export| timed(|| parse_all(export))),
            Stage::Diff => repeat_on(&survey(folder), runs, time_of_diff),
            Stage::Report => repeat_on(&survey(folder), runs, |export| timed(|| report_of(export))),
            Stage::Write(formats) => {
                let export = survey(folder);
                let report = report_of(&export);
                repeat(runs, || timed(|| write(&report, formats)))
            }
            Stage::Whole(formats) => repeat(runs, || timed(|| write(&report_of(&survey(folder)), formats))),
        })
    }
}

fn together(formats: &[Format]) -> &'static str {
    if let [format] = formats { format.file_name() } else { "all formats" }
}

/// Runs the stage called `name` in this process, for another that reads what it prints.
fn run_stage(name: &OsStr, folder: &Path, runs: &OsStr) -> Fallible<()> {
    let stage = Stage::all().into_iter().find(|stage| name == stage.name().as_str());
    let stage = stage.ok_or_else(|| format!("{}: no such stage", name.display()))?;
    let runs = runs.to_string_lossy().parse()?;
    Ok(writeln!(io::stdout(), "{}", stage.run(folder, runs)?.line())?)
}

/// Bytes are read side by side, as the survey does it.
fn read_all(files: &[PathBuf]) -> Vec<Vec<u8>> {
    files.par_iter().map(|file| fs::read(file).expect("the file was read a moment ago")).collect()
}

/// Reads and parses every file once, side by side, and keeps the text as the program does, but nothing parsed.
fn parse_documents(files: &[PathBuf], parse: fn(&str)) -> Vec<String> {
    let parsed = |file: &PathBuf| {
        let text = fs::read_to_string(file).expect("the file was read a moment ago");
        parse(&text);
        text
    };
    files.par_iter().map(parsed).collect()
}

fn parse_with_own_reader(text: &str) {
    black_box(ingest::read(text).expect("generated pages are JSON"));
}

fn parse_with_serde_json(text: &str) {
    let value: serde_json::Value = serde_json::from_str(text).expect("generated pages are JSON");
    black_box(value);
}

fn survey(folder: &Path) -> Export {
    let inputs = vec![Input::Path(folder.to_path_buf())];
    ingest::survey(inputs, &SurveyOptions::default(), diff::extent, |_| ())
}

fn parse_all(export: &Export) -> usize {
    let items: Vec<ItemRef<'_>> = export.items().collect();
    let parsed = |item: &ItemRef<'_>| item.read().map(|read| black_box(read).repeated_keys.len());
    items.par_iter().map(|item| parsed(item).expect("the survey has read the same text")).sum()
}

fn time_of_diff(export: &Export) -> Duration {
    let items: Vec<ItemRef<'_>> = export.items().collect();
    let batches = items.chunks(PARSED_ITEMS).map(|batch| {
        let parsed: Result<Vec<_>, _> = batch.par_iter().map(|item| item.read()).collect();
        let parsed = parsed.expect("the survey has read the same text");
        timed(|| parsed.par_iter().map(|read| diff::changes(&read.record).rows.len()).sum::<usize>())
    });
    batches.sum()
}

fn report_of(export: &Export) -> Report<'_> {
    Report::new(export, report::Options::default())
}

fn write(report: &Report<'_>, formats: &[Format]) -> Vec<Written> {
    let mut sinks: Vec<_> = formats.iter().map(|_| io::sink()).collect();
    let outputs = formats.iter().zip(&mut sinks).map(|(&format, sink)| Output { format, sink }).collect();
    render::write(report, outputs, &render::Options::default(), &mut |_| ()).expect("a sink takes everything")
}

/// How long `work` takes, without the time to drop what it gives.
fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let result = black_box(work());
    let time = start.elapsed();
    drop(result);
    time
}

fn repeat(runs: usize, mut run: impl FnMut() -> Duration) -> Times {
    let mut all = vec![run()];
    // Later runs find an allocator that is no longer fresh, which no run of the program does.
    let peak = peak_bytes();
    all.extend((1..runs).map(|_| run()));
    all.sort_unstable();
    Times { all, peak }
}

fn repeat_on(export: &Export, runs: usize, run: impl Fn(&Export) -> Duration) -> Times {
    repeat(runs, || run(export))
}

/// How long the runs of a stage took, shortest first, and the most memory that its process had.
struct Times {
    all: Vec<Duration>,
    /// Nothing where the system does not tell.
    peak: Option<u64>,
}

impl Times {
    /// Of a stage in a process of its own.
    fn of(stage: Stage, folder: &Path, runs: usize) -> Fallible<Self> {
        let mut command = Command::new(env::current_exe()?);
        command.arg(STAGE_FLAG).arg(stage.name()).arg(folder).arg(runs.to_string());
        let output = command.stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            return Err(format!("{}: {}", stage.name(), output.status).into());
        }
        Self::parsed(&String::from_utf8(output.stdout)?)
    }

    /// The peak in bytes or `-`, then the times in nanoseconds.
    fn line(&self) -> String {
        let peak = self.peak.map_or("-".into(), |bytes| bytes.to_string());
        self.all.iter().fold(peak, |line, time| format!("{line} {}", time.as_nanos()))
    }

    fn parsed(line: &str) -> Fallible<Self> {
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
fn peak_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// A stage's line of the table.
struct Row<'t> {
    stage: Stage,
    times: &'t Times,
    bytes: u64,
    changes: usize,
}

impl Row<'_> {
    const HEAD: &'static str =
        "stage                      median s     min s     max s      MB/s   changes/s   peak MB";

    fn text(&self) -> String {
        let (median, all) = (self.times.median(), &self.times.all);
        let (min, max) = (seconds(all[0].as_secs_f64()), seconds(all[all.len() - 1].as_secs_f64()));
        let (speed, changes) = self.speeds(median);
        let median = seconds(median);
        let peak = self.times.peak.map_or_else(|| "not measured".into(), megabytes);
        let name = self.stage.name();
        format!("{name:<25}{median:>10}{min:>10}{max:>10}{speed:>10}{changes:>12}{peak:>10}")
    }

    /// Megabytes and changes a second; not of a stage that is quick because it does not look at changes.
    #[expect(clippy::cast_precision_loss, reason = "the table shows a few digits")]
    fn speeds(&self, median: f64) -> (String, String) {
        if median < 0.001 {
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
fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}

/// `12345` as `12,345`.
fn grouped(digits: &str) -> String {
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

/// A folder with a generated export of `changes` planned changes, made if it is not there yet.
fn export_of(changes: usize) -> Fallible<PathBuf> {
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = kept.join(format!("export-{:016x}-{changes}", generator_digest()));
    if !folder.exists() {
        let unfinished = folder.with_extension("unfinished");
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished)?;
        }
        generate(changes, &unfinished)?;
        fs::rename(&unfinished, &folder)?;
    }
    Ok(folder)
}

/// Changes with the generator, so that an export of an older one is not taken for its own.
fn generator_digest() -> u64 {
    let mut hasher = DefaultHasher::new();
    include_str!("../examples/generate.rs").hash(&mut hasher);
    hasher.finish()
}

/// Runs the example as cargo does it, built like this program; there is nothing left to download.
fn generate(changes: usize, folder: &Path) -> Fallible<()> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().ok_or("the target folder has no parent")?;
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command.args(["run", "--quiet", "--frozen", "--example", "generate", "--target-dir"]).arg(target);
    command.args(if cfg!(debug_assertions) { &[][..] } else { &["--release"] });
    command.args(["--", "--changes", &changes.to_string(), "--output"]).arg(folder);
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(format!("generate: {status}").into()) }
}

fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            files.extend(files_below(&entry.path())?);
        } else {
            files.push(entry.path());
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// How many bytes the files have; what is read once is read from memory by the stages.
fn read_through(files: &[PathBuf]) -> io::Result<u64> {
    files.iter().map(|file| io::copy(&mut File::open(file)?, &mut io::sink())).sum()
}
