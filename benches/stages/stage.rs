//! The parts of the work, each of which can be done by itself.

use std::ffi::OsStr;
use std::fs;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use entra_diff::ingest::{Export, Input, ItemRef, SurveyOptions};
use entra_diff::render::{Format, Output, Written};
use entra_diff::report::Report;
use entra_diff::{diff, ingest, render, report};

use crate::Fallible;
use crate::export::files_below;
use crate::times::{Times, peak_bytes};

/// How many items are held parsed at once where only what follows the parsing is timed.
const PARSED_ITEMS: usize = 4096;
const FORMATS: &[Format] = &Format::ALL;

/// A part of the work that is timed by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
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
    pub(crate) fn all() -> Vec<Self> {
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

    pub(crate) fn name(self) -> String {
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

    /// Whether its work grows with the changes: some formats have numbers alone, or what this export has none of.
    pub(crate) fn looks_at_changes(self) -> bool {
        const OTHERS: [Format; 4] =
            [Format::SummaryJson, Format::Markdown, Format::RestoreCsv, Format::RestoreNdjson];
        !matches!(self, Stage::Write([format]) if OTHERS.contains(format))
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
            Stage::Write(formats) => repeat_anew(folder, runs, |report| timed(|| write(report, formats))),
            Stage::Whole(formats) => repeat(runs, || timed(|| write(&report_of(&survey(folder)), formats))),
        })
    }
}

fn together(formats: &[Format]) -> &'static str {
    if let [format] = formats { format.file_name() } else { "all formats" }
}

/// Runs the stage called `name` in this process, for another that reads what it prints.
pub(crate) fn run_stage(name: &OsStr, folder: &Path, runs: &OsStr) -> Fallible<()> {
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

/// The times of so many runs, none for a process that is to prepare them only.
fn repeat(runs: usize, mut run: impl FnMut() -> Duration) -> Times {
    let mut all: Vec<_> = (0..runs.min(1)).map(|_| run()).collect();
    // Later runs find an allocator that is no longer fresh, which no run of the program does.
    let peak = peak_bytes();
    all.extend((1..runs).map(|_| run()));
    all.sort_unstable();
    Times { all, peak }
}

/// As [`repeat`], each run on a report of its own, as the program has it: digests are taken once of an export.
fn repeat_anew(folder: &Path, runs: usize, run: impl Fn(&Report<'_>) -> Duration) -> Times {
    let prepared = || survey(folder);
    if runs == 0 {
        black_box(report_of(&prepared()));
    }
    repeat(runs, || run(&report_of(&prepared())))
}

fn repeat_on(export: &Export, runs: usize, run: impl Fn(&Export) -> Duration) -> Times {
    repeat(runs, || run(export))
}
