//! Runs that make or remove folders of unfinished files in one place do so one behind the other.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

/// A lock of the folder that such folders stand in. It is held for moments only, leaves nothing behind, and goes
/// with the run that holds it.
#[derive(Debug)]
pub(super) struct Turn {
    /// `None` where the system or the disk has no such locks: then there is nothing to wait for.
    _lock: Option<File>,
}

/// How often it is tried while another run holds it.
const TRIES: usize = 200;
const PAUSE: Duration = Duration::from_millis(10);

impl Turn {
    /// Waits for the turn in `folder`.
    ///
    /// # Errors
    /// `WouldBlock` where another program does not let it go.
    pub(super) fn take(folder: &Path) -> io::Result<Self> {
        let Ok(lock) = File::open(folder) else { return Ok(Turn { _lock: None }) };
        for _ in 0..TRIES {
            match lock.try_lock() {
                Ok(()) => return Ok(Turn { _lock: Some(lock) }),
                Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
                Err(TryLockError::Error(_)) => return Ok(Turn { _lock: None }),
            }
        }
        Err(io::ErrorKind::WouldBlock.into())
    }

    /// The turn in the folder that `path` stands in.
    pub(super) fn beside(path: &Path) -> io::Result<Self> {
        Self::take(path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new(".")))
    }
}
