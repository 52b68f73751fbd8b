//! The exports that the stages read: generated, and kept below the target folder.

use std::collections::hash_map::DefaultHasher;
use std::env;
use std::fs::{self, File};
use std::hash::{Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Fallible;

/// A folder with a generated export of `changes` planned changes, made if it is not there yet.
pub(crate) fn export_of(changes: usize) -> Fallible<PathBuf> {
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
    include_str!("../../examples/generate.rs").hash(&mut hasher);
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

pub(crate) fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
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
pub(crate) fn read_through(files: &[PathBuf]) -> io::Result<u64> {
    files.iter().map(|file| io::copy(&mut File::open(file)?, &mut io::sink())).sum()
}
