//! What is in a folder, and what may be in it after a run that did not end well.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::scene::{ANA, Ended, Scene, planned};

/// All formats, as `-f` takes them, with their files.
pub(crate) const FORMATS: [(&str, &str); 6] = [
    ("html", "report.html"),
    ("csv", "changes.csv"),
    ("xlsx", "report.xlsx"),
    ("ndjson", "changes.ndjson"),
    ("json", "summary.json"),
    ("md", "report.md"),
];

/// All of them at once.
pub(crate) const ALL: &str = "html,csv,xlsx,ndjson,json,md";

/// Where files are made before they are put in their places.
pub(crate) const UNFINISHED: &str = ".entra-diff-unfinished";

/// Ana's change this many times, each time of another object.
pub(crate) fn many(objects: usize) -> String {
    let items: Vec<String> =
        (0..objects).map(|number| ANA.replace("Ana-1", &format!("Ana-{number}"))).collect();
    planned(&items.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Every file and link below a folder with what it holds; empty where there is no folder.
pub(crate) fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut contents = BTreeMap::new();
    add(folder, "", &mut contents);
    contents
}

fn add(folder: &Path, above: &str, contents: &mut BTreeMap<String, Vec<u8>>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let entry = entry.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let (path, kind) = (entry.path(), entry.file_type().expect("a kind of file"));
        let name = format!("{above}{}", entry.file_name().to_string_lossy());
        let held = if kind.is_symlink() {
            fs::read_link(&path).map(|target| target.into_os_string().into_encoded_bytes())
        } else if kind.is_dir() {
            add(&path, &format!("{name}/"), contents);
            Ok(Vec::new())
        } else {
            fs::read(&path)
        };
        contents.insert(name, held.unwrap_or_else(|error| panic!("{}: {error}", path.display())));
    }
}

/// What a folder held before a run.
pub(crate) struct Before<'s> {
    scene: &'s Scene,
    folder: String,
    was_there: bool,
    contents: BTreeMap<String, Vec<u8>>,
}

impl<'s> Before<'s> {
    pub(crate) fn of(scene: &'s Scene, folder: &str) -> Self {
        let path = scene.path(folder);
        let was_there = path.exists();
        Before { scene, folder: folder.to_owned(), was_there, contents: contents(&path) }
    }

    /// Whether the folder is byte for byte as it was, and not there if it was not.
    pub(crate) fn is_unchanged(&self) -> bool {
        let path = self.scene.path(&self.folder);
        path.exists() == self.was_there && contents(&path) == self.contents
    }

    /// The folder is as it was.
    #[track_caller]
    pub(crate) fn is_as_it_was(&self, ended: &Ended) {
        let path = self.scene.path(&self.folder);
        assert_eq!(path.exists(), self.was_there, "{} is there, or is not: {ended}", self.folder);
        let now = contents(&path);
        let names = |contents: &BTreeMap<String, Vec<u8>>| contents.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&now), names(&self.contents), "the files of {}: {ended}", self.folder);
        for (name, bytes) in &now {
            assert!(self.contents[name] == *bytes, "{}/{name} has changed: {ended}", self.folder);
        }
    }
}

/// The report in a folder proves itself, and no file is in it that is not the report's.
#[track_caller]
pub(crate) fn is_whole(scene: &Scene, folder: &str) {
    scene.run(&["verify", folder, "-q"]).is(0, "", "");
    assert!(!scene.path(folder).join(UNFINISHED).exists(), "unfinished files are left in {folder}");
}

/// The run was told in one line that it could not write, and nothing of a panic.
#[track_caller]
pub(crate) fn could_not_write(ended: &Ended) {
    assert_eq!((ended.code, ended.out.as_str()), (Some(5), ""), "{ended}");
    assert_eq!(ended.err.lines().count(), 1, "{ended}");
    assert!(ended.err.starts_with("entra-diff: the output cannot be written: "), "{ended}");
    is_calm(ended);
}

/// Nothing of a panic or a fault is told.
#[track_caller]
pub(crate) fn is_calm(ended: &Ended) {
    for word in ["panicked", "internal error", "RUST_BACKTRACE", "ZipWriter", "unwrap"] {
        assert!(!ended.err.contains(word), "{word:?} is told: {ended}");
    }
}
