//! Files of the disk, opened so that nothing waits for ever, and read within limits.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use crate::model::{LimitOn, ProblemKind};

use super::limits::{Held, Limits};

/// `O_NONBLOCK`: some files of the system would wait until there is something new to read, and what was a file when it
/// was listed may be a pipe by now. It means nothing to a file of a disk.
#[cfg(target_os = "linux")]
const NO_WAITING: i32 = 0o4000;

/// Opens a file to read it.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(target_os = "linux")]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, NO_WAITING);
    options.open(path)
}

/// Why a file is not read.
pub(super) enum Unread {
    /// It cannot be, or is too large by itself.
    Problem(ProblemKind),
    /// There is no room for it.
    NoRoom,
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        Unread::Problem(ProblemKind::UnreadableFile { reason: error.to_string() })
    }
}

/// The bytes of a file, if there is room for them, and what is to be told where it changed meanwhile: then they may be
/// a part of what it held before, or of what it holds now.
pub(super) fn read(
    path: &Path,
    limits: Limits,
    held: &Held,
) -> Result<(Vec<u8>, Option<ProblemKind>), Unread> {
    let mut file = open(path)?;
    let before = file.metadata()?;
    let (on, limit) = match before.len() {
        0 if limits.file > limits.stream => (LimitOn::FileWithoutSize, limits.stream),
        _ => (LimitOn::File, limits.file),
    };
    let too_large = Unread::Problem(ProblemKind::Limit { on, limit });
    if before.len() > limit {
        return Err(too_large);
    }
    if !held.fits_file(before.len()) {
        return Err(Unread::NoRoom);
    }
    let mut bytes = Vec::new();
    let room = usize::try_from(before.len()).unwrap_or(usize::MAX);
    bytes.try_reserve_exact(room.saturating_add(1)).map_err(io::Error::from)?;
    // It may grow while it is read, and some files of the system have no end.
    (&mut file).take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    let read = bytes.len() as u64;
    if read > limit {
        return Err(too_large);
    }
    if !held.fits_file(read) {
        return Err(Unread::NoRoom);
    }
    let after = file.metadata()?;
    let is_other = after.len() != before.len() || after.modified().ok() != before.modified().ok();
    // Files that the system makes up have no size of their own.
    let has_size = before.len() > 0 || after.len() > 0;
    let changed = has_size && (is_other || read != after.len());
    Ok((bytes, changed.then_some(ProblemKind::FileChanged { read })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit_and_no_further() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("ten");
        std::fs::write(&path, "0123456789").expect("a file can be written");
        let with = |file: u64, memory: u64| {
            let held = Held::new(memory);
            let read = read(&path, Limits { file, ..Limits::default() }, &held);
            read.map(|(bytes, changed)| (bytes.len(), changed))
        };
        assert!(matches!(with(10, 20), Ok((10, None))), "a file and its text");
        let limit = ProblemKind::Limit { on: LimitOn::File, limit: 9 };
        assert!(matches!(with(9, 100), Err(Unread::Problem(kind)) if kind == limit));
        assert!(matches!(with(10, 19), Err(Unread::NoRoom)));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_the_system_makes_up_is_read_and_one_without_end_is_not() {
        let (limits, held) = (Limits::default(), Held::new(u64::MAX));
        assert!(
            matches!(read(Path::new("/proc/version"), limits, &held), Ok((bytes, None)) if !bytes.is_empty())
        );
        // What it says depends on how much is asked for; it comes to an end.
        let endless = read(Path::new("/proc/self/pagemap"), limits, &held);
        assert!(matches!(endless, Err(Unread::Problem(_))));
        assert!(matches!(read(Path::new("/proc"), limits, &held), Err(Unread::Problem(_))));
    }
}
