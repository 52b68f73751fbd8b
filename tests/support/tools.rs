//! Programs that tests run beside ours. One that is not installed makes its test say so and pass; with
//! `ENTRA_DIFF_REQUIRE_TOOLS=1` it fails.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// Whether a program is there; where it is not, says so, or fails if it has to be.
pub(crate) fn has(program: &str) -> bool {
    let mut look = Command::new("sh");
    look.args(["-c", "command -v \"$0\"", program]);
    let there = look.output().is_ok_and(|output| output.status.success());
    must_have(there, program)
}

/// Whether Python has a module; likewise.
pub(crate) fn python_has(module: &str) -> bool {
    let mut import = Command::new("python3");
    import.args(["-c", &format!("import {module}")]);
    let there = import.output().is_ok_and(|output| output.status.success());
    must_have(there, &format!("python3 with {module}"))
}

pub(crate) fn must_have(there: bool, what: &str) -> bool {
    let required = std::env::var_os("ENTRA_DIFF_REQUIRE_TOOLS").is_some_and(|value| value == "1");
    assert!(there || !required, "{what} is not installed, and ENTRA_DIFF_REQUIRE_TOOLS is set");
    if !there {
        // Written past the test runner, which keeps what a passing test prints to itself.
        let told = writeln!(std::io::stderr(), "NOT CHECKED: {what} is not installed");
        told.expect("standard error takes a line");
    }
    there
}

/// What a script prints that is run in `folder` with these arguments, and given `input`.
#[track_caller]
pub(crate) fn python(folder: &std::path::Path, script: &str, arguments: &[&str], input: &str) -> String {
    let mut python = Command::new("python3");
    python.arg("-c").arg(script).args(arguments).current_dir(folder).env("PYTHONIOENCODING", "utf-8");
    let started = python.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut running = started.expect("python3 starts");
    let mut to = running.stdin.take().expect("it has a standard input");
    // The script reads all of it before it prints.
    to.write_all(input.as_bytes()).expect("it reads");
    drop(to);
    let ended = running.wait_with_output().expect("it ends");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).expect("it prints UTF-8")
}
