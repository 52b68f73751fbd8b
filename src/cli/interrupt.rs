//! What SIGINT and SIGTERM do: end the run at once, and leave nothing unfinished behind.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::screen::Screen;
use super::turn::Turn;

/// What has to be removed if the run ends before it is finished.
#[derive(Debug)]
pub(super) enum Leftover {
    /// A folder of unfinished files, with everything in it.
    Staging(PathBuf),
    /// A folder that this run made for its output, if nothing is in it.
    Folder(PathBuf),
    /// The lines on a terminal that tell how far the run is.
    Screen(Screen),
}

impl Leftover {
    /// Removes it; what is gone already is no error.
    pub(super) fn remove(&self) -> io::Result<()> {
        let removed = match self {
            Leftover::Staging(path) => {
                // This run's own lock keeps others away where the turn cannot be had.
                let _turn = Turn::beside(path);
                fs::remove_dir_all(path)
            }
            Leftover::Folder(path) => fs::remove_dir(path),
            Leftover::Screen(screen) => {
                screen.end();
                Ok(())
            }
        };
        match removed {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// Whether it is what stands at `path`.
    pub(super) fn is(&self, path: &Path) -> bool {
        match self {
            Leftover::Staging(own) | Leftover::Folder(own) => own == path,
            Leftover::Screen(_) => false,
        }
    }
}

/// The leftovers of a run, shared with the thread that waits for signals. Whoever holds the lock cannot be
/// interrupted: a signal waits until it is released.
#[derive(Debug, Clone, Default)]
pub(super) struct Unfinished(Arc<Mutex<Vec<Leftover>>>);

/// How often a folder is tried, while other threads may still put files into it.
const TRIES: usize = 100;
const PAUSE: Duration = Duration::from_millis(20);

/// How long signals behind the first are the same one: `timeout` sends its own to the program and then to its group.
#[cfg(unix)]
const GRACE: Duration = Duration::from_secs(1);

impl Unfinished {
    /// Holds signals back while it lives.
    pub(super) fn lock(&self) -> MutexGuard<'_, Vec<Leftover>> {
        // A list of paths is whole even if somebody panicked beside it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what is at `path` from the list.
    pub(super) fn forget(&self, path: &Path) {
        self.lock().retain(|leftover| !leftover.is(path));
    }

    /// Removes everything, the last first, and never lets the list go again: other threads that come to an
    /// error because their files are gone wait here until the program has ended.
    #[cfg_attr(not(unix), expect(dead_code, reason = "there are no signals to wait for"))]
    fn end(&self, code: i32) -> ! {
        let leftovers = self.lock();
        for leftover in leftovers.iter().rev() {
            for _ in 0..TRIES {
                let removed = leftover.remove();
                if removed.is_ok() || matches!(leftover, Leftover::Folder(_)) {
                    break;
                }
                std::thread::sleep(PAUSE);
            }
        }
        std::process::exit(code)
    }

    /// Begins to wait for signals. Another one that comes later than [`GRACE`] behind the first ends the program without
    /// any clearing up; one that comes with it is the same.
    #[cfg(unix)]
    pub(super) fn listen(&self) -> io::Result<()> {
        use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
        use signal_hook::flag;

        use super::exit::ExitStatus;

        let ends = [(SIGINT, ExitStatus::Interrupted), (SIGTERM, ExitStatus::Terminated)];
        let is_late = Arc::<AtomicBool>::default();
        for (signal, status) in ends {
            flag::register_conditional_shutdown(signal, status.code().into(), Arc::clone(&is_late))?;
        }
        // A limit of file sizes is an error of the write that meets it, as a full disk is.
        flag::register(SIGXFSZ, Arc::default())?;
        let mut signals = signal_hook::iterator::Signals::new(ends.map(|(signal, _)| signal))?;
        let unfinished = self.clone();
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            let received = signals.forever().next();
            let status = ends.iter().find(|(signal, _)| Some(*signal) == received).map(|(_, status)| *status);
            if let Some(status) = status {
                let arm = move || {
                    std::thread::sleep(GRACE);
                    is_late.store(true, Ordering::Relaxed);
                };
                // Without such a thread a later signal waits for the clearing up, too.
                drop(std::thread::Builder::new().name("grace".to_owned()).spawn(arm));
                unfinished.end(status.code().into());
            }
        })?;
        Ok(())
    }

    /// Nothing: the system ends the program.
    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "other systems can fail here")]
    pub(super) fn listen(&self) -> io::Result<()> {
        Ok(())
    }
}
