//! What a test asks of the machine, and what becomes of it where the machine says no.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Makes a failure of what cannot be tested.
const REQUIRED: &str = "ENTRA_DIFF_REQUIRE_FAULTS";

/// Says why the test that calls this cannot be made here.
#[track_caller]
fn cannot(why: &str) {
    let thread = std::thread::current();
    let line = format!("{}: NOT TESTED HERE: {why}\n", thread.name().unwrap_or("a test"));
    assert!(std::env::var_os(REQUIRED).is_none_or(|value| value != "1"), "{line}");
    // Not through a macro: what those print of a test that passes is not shown.
    io::stderr().write_all(line.as_bytes()).expect("standard error can be written to");
}

/// Whether this command works here; where not, that is said.
#[track_caller]
pub(crate) fn can(command: &[&str]) -> bool {
    let probed = Command::new(command[0]).args(&command[1..]).stdin(Stdio::null()).output();
    let told = command.join(" ");
    let why = match probed {
        Ok(output) if output.status.success() => return true,
        Ok(output) => {
            format!("{told}: {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim())
        }
        Err(error) => format!("{told}: {error}"),
    };
    cannot(&why);
    false
}

/// Whether calls can be traced and made to fail.
#[track_caller]
pub(crate) fn can_trace() -> bool {
    can(&["strace", "-f", "-o", "/dev/null", "-e", "trace=fsync", "-e", "inject=fsync:error=EIO", "true"])
}

/// A small disk in memory, gone when this value is.
pub(crate) struct Disk {
    place: PathBuf,
}

impl Disk {
    /// A disk at `place`, where a folder is made; `None` where nothing can be mounted, which is said.
    #[track_caller]
    pub(crate) fn mount(place: PathBuf, options: &str) -> Option<Self> {
        std::fs::create_dir_all(&place).expect("a folder to mount at");
        let arguments = ["-t", "tmpfs", "-o", options, "tmpfs"];
        let mounted = Command::new("mount").args(arguments).arg(&place).output();
        match mounted {
            Ok(output) if output.status.success() => Some(Disk { place }),
            Ok(output) => {
                cannot(&format!(
                    "mount {}: {}",
                    output.status,
                    String::from_utf8_lossy(&output.stderr).trim()
                ));
                None
            }
            Err(error) => {
                cannot(&format!("mount: {error}"));
                None
            }
        }
    }

    /// Gives it another size, or other rights.
    #[track_caller]
    pub(crate) fn change(&self, options: &str) {
        let options = format!("remount,{options}");
        let changed = Command::new("mount").args(["-o", &options]).arg(&self.place).output();
        let changed = changed.expect("mount worked before");
        assert!(changed.status.success(), "{options}: {}", String::from_utf8_lossy(&changed.stderr));
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let unmount = |place: &Path, options: &[&str]| {
            let unmounted = Command::new("umount").args(options).arg(place).stderr(Stdio::null()).status();
            unmounted.is_ok_and(|status| status.success())
        };
        if !unmount(&self.place, &[]) {
            // A process that a failed test left may still be in it.
            unmount(&self.place, &["-l"]);
        }
    }
}
