//! Which cases there are: the folders and archives in each ROOT, or the jobs in them; and what lies beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use entra_diff::ingest::{
    self, Input, is_case_archive, is_foreign_archive, is_unfinished, looks_like_a_page, natural,
};
use entra_diff::report::batch::{LeftOut, LeftOutReason};

use super::super::console::Console;
use super::super::failure::Failure;
use super::super::{memory, survey_with};
use super::args::{BatchArgs, By};
use super::{BatchError, names, own};

/// A case before it is read.
#[derive(Debug)]
pub(super) struct Planned {
    /// The name of its folder.
    pub(super) name: String,
    /// Where it lies, as the operator said.
    pub(super) source: String,
    /// What `report` is given.
    pub(super) inputs: Vec<PathBuf>,
    /// The job whose pages alone it is.
    pub(super) job: Option<String>,
    /// The folder that a `case.toml` may be in.
    pub(super) folder: Option<PathBuf>,
    /// How many bytes its files have; archives count for what may come out of them.
    pub(super) bytes: u64,
    /// Whether the index counts its restore sessions: they are of no job, and so of the first of a folder.
    pub(super) has_sessions: bool,
}

/// How many times its size an archive of pages usually has unpacked.
const UNPACKED: u64 = 10;

/// What was found in the folders of cases.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) cases: Vec<Planned>,
    pub(super) left_out: Vec<LeftOut>,
}

/// What lies in the folders of cases, before it is known whether some of it is the same.
#[derive(Debug, Default)]
struct Units {
    units: Vec<Planned>,
    left_out: Vec<(PathBuf, LeftOutReason)>,
}

/// Finds the cases of `args`, in the order of their folders and their names.
pub(super) fn find(args: &BatchArgs, console: &Console) -> Result<Found, Failure> {
    let mut units = Units::default();
    let mut roots = BTreeSet::new();
    for root in &args.report.reading.inputs {
        // A folder that is given twice is read once, as `report` has it.
        if real(root).is_none_or(|real| roots.insert(real)) {
            units_of(root, args, &mut units)?;
        }
    }
    let Units { units, left_out } = units.once();
    let left = |(path, reason): (PathBuf, LeftOutReason)| LeftOut { source: shown_path(&path), reason };
    let mut found = Found { cases: Vec::new(), left_out: left_out.into_iter().map(left).collect() };
    match args.by {
        By::Folder => found.cases = units,
        By::Job => {
            for unit in units {
                jobs_of(unit, args, console, &mut found)?;
            }
        }
    }
    let wanted: Vec<String> = found.cases.iter().map(|case| case.name.clone()).collect();
    let names = names::of_folders(wanted.iter().map(String::as_str));
    for (case, name) in found.cases.iter_mut().zip(names) {
        case.name = name;
    }
    if found.cases.is_empty() {
        let has_pages = found.left_out.iter().any(|left| left.reason == LeftOutReason::LoosePage);
        return Err(Failure::Batch(BatchError::NoCase { has_pages }));
    }
    Ok(found)
}

impl Units {
    /// Without what is there twice: of two units that are the same the first counts, of one within another the latter,
    /// which has all of it.
    fn once(self) -> Units {
        let place = |path: &PathBuf| real(path).unwrap_or_else(|| path.clone());
        let places: Vec<Vec<PathBuf>> =
            self.units.iter().map(|unit| unit.inputs.iter().map(place).collect()).collect();
        let mut first: BTreeMap<&Path, usize> = BTreeMap::new();
        for (at, places) in places.iter().enumerate() {
            for place in places {
                first.entry(place).or_insert(at);
            }
        }
        let is_above = |folder: &Path, at: Option<usize>| {
            let above = folder.ancestors().skip(1).find_map(|folder| first.get(folder));
            above.is_some_and(|unit| Some(*unit) != at)
        };
        let mut once = Units { units: Vec::new(), left_out: self.left_out };
        for (path, reason) in once.left_out.iter_mut().filter(|(_, reason)| reason.is_error()) {
            let place = place(path);
            if first.contains_key(place.as_path()) || is_above(&place, None) {
                *reason = LeftOutReason::Twice;
            }
        }
        for (at, (unit, places)) in self.units.into_iter().zip(&places).enumerate() {
            let is_twice = |place: &PathBuf| first[place.as_path()] != at || is_above(place, Some(at));
            if places.iter().all(is_twice) {
                once.left_out.push((PathBuf::from(unit.source), LeftOutReason::Twice));
            } else {
                once.units.push(unit);
            }
        }
        once
    }
}

/// Finds what is in one folder of cases, each as a unit that may have several jobs. Where jobs are cases, the pages that
/// lie in it directly are a unit, too.
fn units_of(root: &Path, args: &BatchArgs, found: &mut Units) -> Result<(), Failure> {
    let output = real(&args.report.output);
    if output.is_some() && output == real(root) {
        return Err(Failure::Batch(BatchError::OutputIsRoot(root.to_owned())));
    }
    let (mut units, mut loose) = (Vec::new(), Vec::new());
    for (name, entry) in entries_of(root)? {
        let path = entry.path();
        let place = real(&path);
        let is_output = output.is_some() && output == place;
        match if is_output { Err(LeftOutReason::OwnMaking) } else { kind_of(&name, &entry) } {
            Err(LeftOutReason::LoosePage) if args.by == By::Job => loose.push(path),
            Err(reason) => found.left_out.push((path, reason)),
            Ok(is_folder) => {
                let is_around =
                    output.as_ref().zip(place).is_some_and(|(output, place)| output.starts_with(place));
                if is_folder && is_around {
                    return Err(Failure::Batch(BatchError::OutputInCase(path)));
                }
                let folder = is_folder.then(|| path.clone());
                units.push(unit(name, &path, vec![path.clone()], folder));
            }
        }
    }
    if !loose.is_empty() {
        // Alone, they are what `report` finds in the folder; but then the manifest of each case would tell of those that
        // happen to be finished before it, if they come to stand there, too.
        let is_output_there = output.zip(real(root)).is_some_and(|(output, root)| output.starts_with(root));
        let is_whole = units.is_empty() && !is_output_there;
        let inputs = if is_whole { vec![root.to_owned()] } else { loose };
        units.push(unit(String::new(), root, inputs, Some(root.to_owned())));
    }
    found.units.extend(units);
    Ok(())
}

fn unit(name: String, source: &Path, inputs: Vec<PathBuf>, folder: Option<PathBuf>) -> Planned {
    let bytes = bytes_of(&inputs);
    Planned { name, source: shown_path(source), inputs, job: None, folder, bytes, has_sessions: true }
}

/// What is in a folder, in the natural order of the names.
fn entries_of(root: &Path) -> Result<Vec<(String, fs::DirEntry)>, Failure> {
    let entries = fs::read_dir(root).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|error| Failure::Folder(root.to_owned(), error))?;
    let named = |entry: fs::DirEntry| (entry.file_name().to_string_lossy().into_owned(), entry);
    let mut entries: Vec<(String, fs::DirEntry)> = entries.into_iter().map(named).collect();
    entries
        .sort_by(|(a, one), (b, other)| natural(a, b).then_with(|| one.file_name().cmp(&other.file_name())));
    Ok(entries)
}

/// Whether something is a case, and then whether it is a folder; or why it is none.
fn kind_of(name: &str, entry: &fs::DirEntry) -> Result<bool, LeftOutReason> {
    let kind = entry.file_type().map_err(|_| LeftOutReason::Unreadable)?;
    let path = entry.path();
    let is_folder_behind = kind.is_symlink() && path.is_dir();
    match () {
        () if kind.is_dir() && is_unfinished(name) => Err(LeftOutReason::OwnMaking),
        () if name.starts_with('.') => Err(LeftOutReason::Hidden),
        () if (kind.is_dir() || is_folder_behind) && own::is_own_output(&path) => {
            Err(LeftOutReason::OwnMaking)
        }
        () if is_folder_behind => Err(LeftOutReason::LinkToFolder),
        () if kind.is_dir() => Ok(true),
        () if is_case_archive(name) => Ok(false),
        () if !fs::metadata(&path).is_ok_and(|data| data.is_file()) => Err(LeftOutReason::Unreadable),
        () if is_foreign_archive(name) => Err(LeftOutReason::ForeignArchive),
        () if looks_like_a_page(&path) => Err(LeftOutReason::LoosePage),
        () => Err(LeftOutReason::NothingOfUse),
    }
}

/// The jobs of `unit`, each as a case.
fn jobs_of(unit: Planned, args: &BatchArgs, console: &Console, found: &mut Found) -> Result<(), Failure> {
    let mut reading = args.report.reading.clone();
    reading.inputs.clone_from(&unit.inputs);
    let export = match survey_with(&reading, &reading.survey_options(memory::limit()), console) {
        Ok(export) => export,
        // What is too large to look for jobs is too large for a report: its row will tell.
        Err(Failure::Memory(_)) => {
            found.cases.push(unit);
            return Ok(());
        }
        Err(failure) => return Err(failure),
    };
    let mut jobs: Vec<&str> = Vec::new();
    for set in export.page_sets() {
        match set.job_id.as_deref() {
            Some(job) if jobs.iter().any(|known| known.eq_ignore_ascii_case(job)) => {}
            Some(job) => jobs.push(job),
            None => {
                let left = LeftOut { source: unit.source.clone(), reason: LeftOutReason::NoJob };
                found.left_out.extend((!found.left_out.contains(&left)).then_some(left));
            }
        }
    }
    if jobs.is_empty() && export.page_sets().is_empty() {
        // Its row tells that there is nothing.
        found.cases.push(unit);
        return Ok(());
    }
    found.cases.extend(jobs.into_iter().enumerate().map(|(at, job)| Planned {
        name: name_of_job(&unit.name, job),
        source: unit.source.clone(),
        inputs: unit.inputs.clone(),
        job: Some(job.to_owned()),
        folder: unit.folder.clone(),
        bytes: unit.bytes,
        has_sessions: at == 0,
    }));
    Ok(())
}

/// A job's case is called by the folder that it lies in, too; that of a long name must not hide the job.
fn name_of_job(unit: &str, job: &str) -> String {
    let unit: String = unit.chars().take(40).collect();
    format!("{unit} {job}").trim_start().to_owned()
}

/// How many bytes there are to be read.
fn bytes_of(paths: &[PathBuf]) -> u64 {
    let located = ingest::locate(paths.iter().cloned().map(Input::Path).collect());
    let bytes = |file: ingest::LocatedFile| match file.input {
        Input::Path(path) => {
            let ends = |end: &str| path.extension().is_some_and(|own| own.eq_ignore_ascii_case(end));
            let size = fs::metadata(&path).map_or(0, |data| data.len());
            if ends("zip") || ends("gz") { size.saturating_mul(UNPACKED) } else { size }
        }
        Input::Stdin(bytes) => bytes.len() as u64,
    };
    located.files.into_values().map(bytes).sum()
}

fn shown_path(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Where a path leads; that of one that is not there yet, by the folders above it that are.
fn real(path: &Path) -> Option<PathBuf> {
    let full = std::path::absolute(path).ok()?;
    let mut missing = Vec::new();
    let mut there = full.as_path();
    loop {
        match there.canonicalize() {
            Ok(real) => return Some(missing.iter().rev().fold(real, |path: PathBuf, name| path.join(name))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                missing.push(there.file_name()?);
                there = there.parent()?;
            }
            Err(_) => return None,
        }
    }
}
