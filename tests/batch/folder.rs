//! What the tests share: cases to make a batch of, and what is in a folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::scene::{ANA, ANA_FAILED, Scene, failed, planned};

/// A policy that was changed.
pub(crate) const POLICY: &str = r#"{"entityTypeName":"conditionalAccessPolicy","id":"p-1","displayName":"Require MFA",
 "recoveryAction":"update","deltaFromCurrent":{"state":"enabled"},"currentState":{"state":"disabled"}}"#;

/// Three cases: one with failed changes and its words, one with a policy, one that is empty.
pub(crate) fn three() -> Scene {
    Scene::of(&[
        ("cases/Alpha/getChanges/1.json", planned(&[ANA])),
        ("cases/Alpha/getFailedChanges/1.json", failed(&[ANA_FAILED])),
        ("cases/Alpha/case.toml", "organisation = \"Alpha AS\"\ncase-id = \"A-1\"\n".to_owned()),
        ("cases/Beta/1.json", planned(&[POLICY, ANA])),
        ("cases/Gamma/readme.txt", "no page".to_owned()),
    ])
}

/// Every file below a folder by its path with `/`, without what a batch keeps for itself.
pub(crate) fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    collect(folder, "", &mut found);
    found
}

fn collect(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let entry = entry.expect("an entry");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().expect("a kind").is_dir() {
            if name != ".entra-diff-batch" {
                collect(&entry.path(), &format!("{name}/"), found);
            }
        } else {
            found.insert(name, fs::read(entry.path()).expect("a file"));
        }
    }
}

/// The cases as batch.ndjson tells them.
pub(crate) fn told(scene: &Scene, output: &str) -> Vec<Value> {
    let lines = scene.read(&format!("{output}/batch.ndjson"));
    lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// A field of each case.
pub(crate) fn field(scene: &Scene, output: &str, name: &str) -> Vec<Value> {
    told(scene, output).iter().map(|case| case[name].clone()).collect()
}

/// Holds that the list in a batch's folder has every file, and that each is as it says.
pub(crate) fn assert_listed(scene: &Scene, output: &str) {
    use entra_diff::model::{Digest, Sums};

    let sums = Sums::parse(scene.read(&format!("{output}/SHA256SUMS")).as_bytes()).expect("a list");
    let mut files = contents(&scene.path(output));
    files.remove("SHA256SUMS");
    let found: BTreeMap<&str, Digest> =
        files.iter().map(|(name, bytes)| (name.as_str(), Digest::of(bytes))).collect();
    let listed: BTreeMap<&str, Digest> =
        sums.lines().iter().map(|line| (line.name.as_str(), line.sha256)).collect();
    assert_eq!(found, listed);
}

/// The change of Ana as that of another user.
pub(crate) const ANA_OF: fn(usize) -> String = |number| ANA.replace("Ana-1", &format!("Ana-{number}"));

/// A zip archive of these files.
pub(crate) fn zipped(files: &[(&str, String)]) -> Vec<u8> {
    use std::io::Write as _;

    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).expect("an entry");
        archive.write_all(content.as_bytes()).expect("memory takes everything");
    }
    archive.finish().expect("an archive").into_inner()
}
