//! The folder of a batch held against its own lists: the index, and each case's report as [`verify`](super::verify()) has it.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use serde::Deserialize;

use crate::ingest::BATCH_STATE;
use crate::model::{SumLine, Sums};

use super::batch::{BatchManifest, ManifestKind};
use super::finding::{Checked, Contradiction, Finding, Part};
use super::manifest::OutputFile;
use super::verify::{Bundle, read, verify};
use super::{MANIFEST, SUMS};

/// Whether a folder is that of a batch, by its manifest or, where that is damaged, by its list.
#[must_use]
pub fn is_batch(folder: &Path) -> bool {
    #[derive(Deserialize)]
    struct OfBatch {
        #[serde(rename = "kind")]
        _kind: ManifestKind,
    }
    let manifest = read(&folder.join(MANIFEST)).ok();
    manifest.is_some_and(|text| serde_json::from_slice::<OfBatch>(&text).is_ok())
        || super::listed_sums(folder)
            .is_some_and(|(sums, _)| sums.lines().iter().any(|line| line.name.contains('/')))
}

/// Checks the batch in `folder`: every file of the index and of each case, in the order of their names.
///
/// # Errors
/// Where `folder` cannot be listed.
pub fn verify_batch(folder: &Path) -> io::Result<Vec<Checked>> {
    let mut bundle = Bundle::of(folder)?;
    if let Some(sums) = bundle.sums() {
        check(&mut bundle, &sums);
    }
    let of_report = |(name, finding)| Checked { part: Part::Report, name, finding };
    Ok(bundle.found.into_iter().map(of_report).collect())
}

fn check(bundle: &mut Bundle<'_>, sums: &Sums) {
    let mut cases = BTreeSet::new();
    for SumLine { name, sha256 } in sums.lines() {
        match name.split_once('/') {
            None => {
                let finding = bundle.hash(name, *sha256);
                bundle.find(name, finding);
            }
            Some((case, _)) => {
                cases.insert(case.to_owned());
            }
        }
    }
    if sums.get(MANIFEST).is_none() {
        bundle.find(MANIFEST, Finding::Missing);
    }
    for case in &cases {
        check_case(bundle, case, sums);
    }
    let manifest = bundle.is_unchanged(MANIFEST).then(|| read(&bundle.folder.join(MANIFEST)).ok()).flatten();
    if let Some(text) = manifest {
        match serde_json::from_slice::<BatchManifest>(&text) {
            Ok(manifest) => compare(bundle, &manifest, sums, &cases),
            Err(error) => bundle.find(MANIFEST, Finding::NoManifest(error.to_string())),
        }
    }
    let is_known = |name: &str| name == SUMS || name == BATCH_STATE || cases.contains(name);
    let others: Vec<String> =
        bundle.there.keys().filter(|name| !is_known(name) && sums.get(name).is_none()).cloned().collect();
    for name in others {
        let finding = bundle.unlisted(&name);
        bundle.find(&name, finding);
    }
}

/// Checks a case's report, and that both lists say the same of it. A name that leads out of the folder is never followed.
fn check_case(bundle: &mut Bundle<'_>, case: &str, sums: &Sums) {
    let is_beside = bundle.there.contains_key(case);
    let folder = bundle.folder.join(case);
    let is_folder = is_beside && std::fs::symlink_metadata(&folder).is_ok_and(|data| data.is_dir());
    let prefix = format!("{case}/");
    let listed = sums.lines().iter().filter(|line| line.name.starts_with(&prefix));
    if !is_folder {
        for line in listed {
            bundle.find(&line.name, Finding::Missing);
        }
        return;
    }
    match verify(&folder, None) {
        Err(error) => bundle.find(case, Finding::Unreadable(error)),
        Ok(checked) => {
            for file in checked {
                bundle.find(&format!("{prefix}{}", file.name), file.finding);
            }
        }
    }
    let own = super::listed_sums(&folder);
    for line in listed {
        let name = line.name.strip_prefix(&prefix).unwrap_or_default();
        let agrees = match &own {
            None => false,
            Some((_, digest)) if name == SUMS => *digest == line.sha256,
            Some((own, _)) => own.get(name) == Some(line.sha256),
        };
        match agrees {
            true if name == SUMS => bundle.find(&line.name, Finding::Unchanged(None)),
            true => {}
            false if name == SUMS => bundle.find(&line.name, Finding::Changed),
            false => bundle.find(&line.name, Finding::Contradiction(Contradiction::Bytes)),
        }
    }
    for line in own.iter().flat_map(|(own, _)| own.lines()) {
        let name = format!("{prefix}{}", line.name);
        if sums.get(&name).is_none() {
            bundle.find(&name, Finding::Added);
        }
    }
}

/// The manifest and the list say the same of the index and of the cases.
fn compare(bundle: &mut Bundle<'_>, manifest: &BatchManifest, sums: &Sums, cases: &BTreeSet<String>) {
    let of_index = |name: &str| sums.get(name).map(|digest| digest.to_string());
    for OutputFile { file, sha256, .. } in &manifest.outputs {
        match of_index(file) {
            None => bundle.find(file, Finding::Missing),
            Some(listed) if listed == *sha256 => {}
            Some(_) => bundle.find(file, Finding::Contradiction(Contradiction::Bytes)),
        }
    }
    for case in &manifest.cases {
        let Some(sha256) = &case.sums_sha256 else { continue };
        let name = format!("{}/{SUMS}", case.case);
        match of_index(&name) {
            None => bundle.find(&name, Finding::Missing),
            Some(listed) if listed == *sha256 => {}
            Some(_) => bundle.find(&name, Finding::Contradiction(Contradiction::Bytes)),
        }
    }
    let stated: BTreeSet<&str> = manifest.cases.iter().map(|case| case.case.as_str()).collect();
    for case in cases.iter().filter(|case| !stated.contains(case.as_str())) {
        bundle.find(&format!("{case}/{SUMS}"), Finding::Contradiction(Contradiction::Bytes));
    }
}
