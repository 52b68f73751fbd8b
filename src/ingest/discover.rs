//! Which files are read, under which names, in which order (contract, section 4).

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::model::{Problem, ProblemKind};

use super::archive::is_archive_name;
use super::checksum_name::{STANDARD_INPUT, checksum_name};
use super::passed_over::{PassedOver, PassedOverReason};
use super::wanted::{begins_like_json, first_bytes, is_page_name};

/// Something to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A file, or a folder with everything below it.
    Path(PathBuf),
    /// What came on standard input.
    Stdin(Vec<u8>),
}

/// A file to be read.
#[derive(Debug)]
pub(super) struct Found {
    /// Its path below the input root, with `/`; standard input is `-`.
    pub(super) label: String,
    /// The same path in a list of checksums.
    pub(super) checksum_name: String,
    pub(super) source: Source,
}

/// Where a file's bytes come from.
#[derive(Debug)]
pub(super) enum Source {
    Path(PathBuf),
    Bytes(Vec<u8>),
}

/// Everything that was found below the inputs.
#[derive(Debug, Default)]
pub(super) struct Discovery {
    /// In contract order, each file once.
    pub(super) files: Vec<Found>,
    pub(super) passed_over: Vec<PassedOver>,
    pub(super) problems: Vec<Problem>,
    /// What cannot be looked into.
    pub(super) unreadable: Vec<PathBuf>,
    /// The deepest folder that all inputs share.
    pub(super) root: PathBuf,
    /// Its name, which may tell the function.
    pub(super) root_name: String,
}

/// The files that a survey of some inputs would read.
#[derive(Debug)]
pub struct Located {
    /// The deepest folder that all of them share.
    pub root: PathBuf,
    /// By their names in a list of checksums.
    pub files: BTreeMap<String, LocatedFile>,
    /// What cannot be looked into, and why.
    pub unreadable: Vec<(String, String)>,
}

/// A file that a survey would read.
#[derive(Debug)]
pub struct LocatedFile {
    /// Its path below the root, as reports show it.
    pub label: String,
    /// Where it is.
    pub input: Input,
}

/// Finds the files of `inputs` without reading them.
#[must_use]
pub fn locate(inputs: Vec<Input>) -> Located {
    let found = discover(inputs);
    let file = |found: Found| {
        let input = match found.source {
            Source::Path(path) => Input::Path(path),
            Source::Bytes(bytes) => Input::Stdin(bytes),
        };
        (found.checksum_name, LocatedFile { label: found.label, input })
    };
    let unreadable = found.problems.into_iter().filter_map(|problem| match problem.kind {
        ProblemKind::UnreadableFile { reason } => Some((problem.place.file, reason)),
        _ => None,
    });
    let unreadable = unreadable.collect();
    Located { root: found.root, files: found.files.into_iter().map(file).collect(), unreadable }
}

/// Finds the files of `inputs`.
pub(super) fn discover(inputs: Vec<Input>) -> Discovery {
    let mut found = Discovery::default();
    let mut paths = Vec::new();
    for input in inputs {
        match input {
            Input::Stdin(bytes) => {
                let name = STANDARD_INPUT.to_owned();
                let source = Source::Bytes(bytes);
                found.files.push(Found { label: name.clone(), checksum_name: name, source });
            }
            Input::Path(path) => paths.push((absolute(&path), path)),
        }
    }
    let root =
        common_root(paths.iter().map(|(full, path)| if path.is_dir() { full.clone() } else { parent(full) }));
    found.root_name = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    found.root.clone_from(&root);
    let mut tree = Tree { root, files: BTreeSet::new(), found };
    for (full, path) in paths {
        if path.is_dir() {
            tree.folder(&full, Given::InFolder);
        } else {
            tree.file(full, Given::ByName);
        }
    }
    let files = std::mem::take(&mut tree.files);
    let files: Vec<Found> = files
        .into_iter()
        .map(|path| Found {
            label: tree.label(&path),
            checksum_name: checksum_name(tree.below_root(&path)),
            source: Source::Path(path),
        })
        .collect();
    let mut found = tree.found;
    found.files.extend(files);
    found.files.sort_by(|a, b| natural(&a.label, &b.label));
    found.passed_over.sort_by(|a, b| natural(&a.source, &b.source));
    found
}

/// Whether a file was named by the user or found in a folder.
#[derive(Clone, Copy, PartialEq)]
enum Given {
    ByName,
    InFolder,
    /// In a folder whose name, or by a name that begins with a dot.
    Hidden,
}

struct Tree {
    root: PathBuf,
    /// By path, so that a file given twice is read once.
    files: BTreeSet<PathBuf>,
    found: Discovery,
}

impl Tree {
    fn below_root<'p>(&self, path: &'p Path) -> &'p Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }

    /// The path below the root, with `/`. Bytes that are no UTF-8 stand as `\xNN`, and so does a backslash that
    /// could be taken for one of them, so that no two names are the same.
    fn label(&self, path: &Path) -> String {
        let below = self.below_root(path);
        let mut label = String::new();
        for part in below.components() {
            if !label.is_empty() && !label.ends_with('/') {
                label.push('/');
            }
            for chunk in part.as_os_str().as_encoded_bytes().utf8_chunks() {
                label.push_str(&chunk.valid().replace("\\x", "\\x5cx"));
                label.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
            }
        }
        label
    }

    fn folder(&mut self, folder: &Path, given: Given) {
        let entries = match fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(folder, error.to_string()),
        };
        let own = is_own_folder(folder);
        for entry in entries {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            let given = if name.starts_with('.') { Given::Hidden } else { given };
            match entry.file_type() {
                Err(error) => self.unreadable(&path, error.to_string()),
                Ok(kind) if kind.is_symlink() && path.is_dir() => {
                    self.pass_over(&path, PassedOverReason::LinkToFolder);
                }
                Ok(kind) if kind.is_dir() && (is_unfinished(&name) || name == BATCH_STATE) => {
                    self.pass_over(&path, PassedOverReason::OwnMaking);
                }
                Ok(kind) if kind.is_dir() => {
                    if name.starts_with('.') {
                        self.pass_over(&path, PassedOverReason::Hidden);
                    }
                    self.folder(&path, given);
                }
                Ok(_) if name.eq_ignore_ascii_case(CASE_FILE) => {
                    self.pass_over(&path, PassedOverReason::CaseFile);
                }
                Ok(_) if own && is_own_name(&name) => {
                    self.pass_over(&path, PassedOverReason::OwnMaking);
                }
                Ok(_) => self.file(path, given),
            }
        }
    }

    fn file(&mut self, path: PathBuf, given: Given) {
        match fs::metadata(&path) {
            Err(error) => return self.unreadable(&path, error.to_string()),
            Ok(data) if !data.is_file() => return self.unreadable(&path, "not a regular file".to_owned()),
            Ok(_) => {}
        }
        let is_wanted = match given {
            Given::ByName => true,
            Given::InFolder => {
                let label = self.label(&path);
                is_page_name(&label) || is_archive_name(&label) || begins_like_json(&path)
            }
            // What systems leave beside files has page names too: only what looks like JSON is read.
            Given::Hidden => begins_like_json(&path),
        };
        if is_wanted {
            self.files.insert(path);
        } else if given == Given::InFolder {
            self.pass_over(&path, PassedOverReason::NothingOfUse);
        } else if !self.label(&path).split('/').rev().skip(1).any(|folder| folder.starts_with('.')) {
            self.pass_over(&path, PassedOverReason::Hidden);
        }
    }

    fn unreadable(&mut self, path: &Path, reason: String) {
        let label = self.label(path);
        let label = if label.is_empty() { path.to_string_lossy().into_owned() } else { label };
        self.found.unreadable.push(path.to_owned());
        self.found.problems.push(Problem::of_file(ProblemKind::UnreadableFile { reason }, &label));
    }

    fn pass_over(&mut self, path: &Path, reason: PassedOverReason) {
        let source = self.label(path);
        self.found.passed_over.push(PassedOver { source, reason });
    }
}

/// The names this program writes; in a folder with its own summary or manifest they are its outputs.
pub const OWN_NAMES: [&str; 11] = [
    "report.html",
    "changes.csv",
    "changes.ndjson",
    "report.xlsx",
    "report.md",
    "summary.json",
    "manifest.json",
    "restore-artifacts.csv",
    "restore-artifacts.ndjson",
    "INPUTS.sha256",
    "SHA256SUMS",
];

/// The names of what this program writes beside the folders of a batch.
pub const BATCH_NAMES: [&str; 6] =
    ["index.html", "batch.csv", "batch.ndjson", "batch.xlsx", "manifest.json", "SHA256SUMS"];

/// What a batch keeps in its folder for the next run: no part of what it tells, and never an input.
pub const BATCH_STATE: &str = ".entra-diff-batch";

fn is_own_name(name: &str) -> bool {
    OWN_NAMES.contains(&name) || BATCH_NAMES.contains(&name)
}

/// What a file is called that tells whose case a folder of pages is.
pub const CASE_FILE: &str = "case.toml";

/// Whether a file by this name is a case of a batch of its own: an archive of pages. What is called `.gz` is a page.
#[must_use]
pub fn is_case_archive(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".zip")
}

/// Whether a file should hold pages, by its name or its first bytes.
#[must_use]
pub fn looks_like_a_page(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    is_page_name(&name) || is_archive_name(&name) || begins_like_json(path)
}

/// How the folders begin that this program writes unfinished files into. One that is found is of a run that was
/// killed, or that writes now.
pub const UNFINISHED: &str = ".entra-diff-unfinished";

/// Whether a folder of this name is one: of a report's folder, or of a single file, with 16 digits of its name's
/// SHA-256.
#[must_use]
pub fn is_unfinished(name: &str) -> bool {
    let is_digits = |digits: &str| {
        digits.len() == 16 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    name.strip_prefix(UNFINISHED)
        .is_some_and(|rest| rest.is_empty() || rest.strip_prefix('-').is_some_and(is_digits))
}

/// Whether a folder holds a report: by the first bytes of its summary or manifest, which name the tool.
fn is_own_folder(folder: &Path) -> bool {
    ["summary.json", "manifest.json"].iter().any(|name| {
        let path = folder.join(name);
        let is_file = fs::metadata(&path).is_ok_and(|data| data.is_file());
        is_file
            && first_bytes(&path).is_some_and(|head| {
                let head = String::from_utf8_lossy(&head).split_whitespace().collect::<String>();
                head.contains(r#""tool":{"name":"entra-diff""#)
            })
    })
}

/// The whole path. What `..` means behind a link only the system knows.
fn absolute(path: &Path) -> PathBuf {
    if path.components().any(|part| part == Component::ParentDir)
        && let Ok(real) = path.canonicalize()
    {
        return real;
    }
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut clean = PathBuf::new();
    for part in full.components() {
        match part {
            Component::ParentDir => {
                clean.pop();
            }
            Component::CurDir => {}
            other => clean.push(other),
        }
    }
    clean
}

fn parent(path: &Path) -> PathBuf {
    path.parent().map_or_else(PathBuf::new, Path::to_owned)
}

/// The deepest folder that all of `folders` share.
fn common_root(folders: impl Iterator<Item = PathBuf>) -> PathBuf {
    folders
        .reduce(|shared, folder| {
            shared.components().zip(folder.components()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
        })
        .unwrap_or_default()
}

/// Natural order of paths: component by component, runs of digits by their value (contract, section 4).
#[must_use]
pub fn natural(a: &str, b: &str) -> Ordering {
    let by_component =
        a.split('/').map(Some).chain([None]).zip(b.split('/').map(Some).chain([None])).find_map(|(a, b)| {
            match (a, b) {
                (Some(a), Some(b)) => Some(natural_component(a, b)).filter(|order| order.is_ne()),
                (a, b) => Some(a.is_some().cmp(&b.is_some())),
            }
        });
    by_component.unwrap_or(Ordering::Equal).then_with(|| a.as_bytes().cmp(b.as_bytes()))
}

fn natural_component(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (pieces(a), pieces(b));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(a), Some(b)) if is_digits(a) && is_digits(b) => by_value(a, b),
            (Some(a), Some(b)) => a.cmp(b),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Runs of ASCII digits and runs of anything else.
fn pieces(component: &str) -> impl Iterator<Item = &[u8]> {
    component.as_bytes().chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit())
}

fn is_digits(piece: &[u8]) -> bool {
    piece.first().is_some_and(u8::is_ascii_digit)
}

fn by_value(a: &[u8], b: &[u8]) -> Ordering {
    let significant = |piece: &[u8]| piece.iter().position(|&byte| byte != b'0').unwrap_or(piece.len());
    let (value_a, value_b) = (&a[significant(a)..], &b[significant(b)..]);
    value_a.len().cmp(&value_b.len()).then_with(|| value_a.cmp(value_b)).then(a.len().cmp(&b.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stand_in_natural_order() {
        let ordered = [
            "-",
            "a",
            "a/1",
            "a/2.json",
            "a/02.json",
            "a/10.json",
            "a/99999999999999999999999.json",
            "a/100000000000000000000000.json",
            "a/page",
            "a/page1",
            "a/page-1",
            "a/page-1-2",
            "a/page-2",
            "a-1/x",
            "b",
        ];
        for pair in ordered.windows(2) {
            assert_eq!(natural(pair[0], pair[1]), Ordering::Less, "{pair:?}");
            assert_eq!(natural(pair[1], pair[0]), Ordering::Greater, "{pair:?}");
        }
        assert_eq!(natural("a/1", "a/1"), Ordering::Equal);
    }

    #[test]
    fn the_root_is_the_deepest_shared_folder() {
        let root = |paths: &[&str]| common_root(paths.iter().map(PathBuf::from));
        assert_eq!(root(&["/a/b/x", "/a/b/y"]), Path::new("/a/b"));
        assert_eq!(root(&["/a/b"]), Path::new("/a/b"));
        assert_eq!(root(&["/a/bc", "/a/b"]), Path::new("/a"));
        assert_eq!(absolute(Path::new("/a/./b/../c")), Path::new("/a/c"));
    }
}
