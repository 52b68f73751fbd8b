//! A folder with some files, the program run in it, and how that ended.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A page of the preview job `preview`: the whole answer, with these items.
pub(crate) fn planned(items: &[&str]) -> String {
    page("recoveryPreviewJobs/preview/getChanges", items)
}

/// A page of the recovery job `recovery`: the whole answer, with these items.
pub(crate) fn failed(items: &[&str]) -> String {
    page("recoveryJobs/recovery/getFailedChanges", items)
}

/// A page whose context ends in `path`: the whole answer, with these items.
pub(crate) fn page(path: &str, items: &[&str]) -> String {
    let context = format!(
        "https://graph.microsoft.com/v1.0/$metadata#directory/recovery/snapshots/MTc4NTE4OTYwMA==/{path}"
    );
    let (count, items) = (items.len(), items.join(","));
    format!(r#"{{"@odata.context":"{context}","@odata.count":{count},"value":[{items}]}}"#)
}

/// A user whose city was changed and whose state was filled in.
pub(crate) const ANA: &str = r#"{"entityTypeName":"user","id":"Ana-1","displayName":"Ana","recoveryAction":"update",
 "deltaFromCurrent":{"city":"Oslo","state":null},"currentState":{"city":"Bergen","state":"Vestland"}}"#;

/// The same change, failed.
pub(crate) const ANA_FAILED: &str = r#"{"entityTypeName":"user","id":"ana-1","recoveryAction":"update",
 "deltaFromCurrent":{"city":"Oslo"},"currentState":{"city":"Bergen"},"failureMessage":"Insufficient privileges."}"#;

/// A folder of its own, gone when the test ends.
pub(crate) struct Scene {
    folder: TempDir,
}

impl Scene {
    /// A folder with these files in it.
    pub(crate) fn of<T: AsRef<[u8]>>(files: &[(&str, T)]) -> Self {
        let scene = Scene { folder: tempfile::tempdir().expect("a temporary folder") };
        for (path, content) in files {
            scene.write(path, content);
        }
        scene
    }

    /// A folder with Ana's page in `pages`.
    pub(crate) fn of_ana() -> Self {
        Scene::of(&[("pages/1.json", planned(&[ANA]))])
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder above")).expect("a folder can be made");
        fs::write(path, content).expect("a file can be written");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The JSON document in a file.
    pub(crate) fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The names in a folder, in order.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
        let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
        let mut names: Vec<String> =
            entries.map(|entry| name(entry).to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// The files of a report in a folder are these and those that stand beside them in every folder.
    #[track_caller]
    pub(crate) fn holds(&self, folder: &str, files: &[&str]) {
        let mut expected = [files, &["INPUTS.sha256", "SHA256SUMS", "manifest.json"]].concat();
        expected.sort_unstable();
        assert_eq!(self.names(folder), expected, "{folder}");
    }

    /// The program with these arguments, in this folder, in an environment that says nothing of colour.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_entra-diff"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        for name in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.finish(self.command(arguments))
    }

    /// Runs a command of this scene to its end.
    pub(crate) fn finish(&self, mut command: Command) -> Ended {
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        Ended::of(format!("{command:?} in {}", self.folder.path().display()), output)
    }
}

/// How a run ended.
pub(crate) struct Ended {
    /// The command and its folder, told where an expectation is not met.
    what: String,
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    pub(crate) fn of(what: String, output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
        Ended { what, code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The run ended with exactly this code and these texts.
    #[track_caller]
    pub(crate) fn is(&self, code: i32, out: &str, err: &str) {
        let found = (self.code, self.out.as_str(), self.err.as_str());
        assert!(found == (Some(code), out, err), "expected {code}, {out:?}, {err:?}: {self}");
    }

    /// The run ended with this code, and each of these texts stands in standard output or error; where
    /// there are none for one of them, nothing was written to it.
    #[track_caller]
    pub(crate) fn tells(&self, code: i32, out: &[&str], err: &[&str]) {
        assert_eq!(self.code, Some(code), "{self}");
        for (text, parts) in [(&self.out, out), (&self.err, err)] {
            assert_eq!(text.is_empty(), parts.is_empty(), "{self}");
            for part in parts {
                assert!(text.contains(part), "{part:?} is missing: {self}");
            }
        }
    }
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Ended { what, code, out, err } = self;
        write!(f, "\n{what}\nexit code {code:?}\n--- standard output\n{out}\n--- standard error\n{err}\n---")
    }
}
