//! The program makes no use of any network, and needs none.

use std::process::Command;

use super::folder::{ALL, is_whole, many};
use super::machine::{can, can_trace};
use super::scene::Scene;

const PROGRAM: &str = env!("CARGO_BIN_EXE_entra-diff");

/// What each command is run with, in the order in which they are run.
const RUNS: [&[&str]; 6] = [
    &["report", "pages", "-o", "out", "-f", ALL, "-q"],
    &["report", "pages", "-o", "x.xlsx", "-q"],
    &["report", "pages", "-o", "-", "-f", "md", "-q"],
    &["verify", "out", "--inputs", "pages", "-q"],
    &["summary", "pages", "-q"],
    &["show", "pages", "--id", "Ana-1", "-q"],
];

#[test]
fn without_any_network_everything_works() {
    let ways: [&[&str]; 2] = [&["unshare", "-n"], &["unshare", "-rn"]];
    let is_root =
        Command::new(ways[0][0]).args([ways[0][1], "true"]).output().is_ok_and(|o| o.status.success());
    let way = if is_root { ways[0] } else { ways[1] };
    if !can(&[way, &["true"]].concat()) {
        return;
    }
    let scene = Scene::of(&[("pages/1.json", many(3))]);
    for arguments in RUNS {
        let mut command = Command::new(way[0]);
        command.args(&way[1..]).arg(PROGRAM).args(arguments).current_dir(scene.path("."));
        let ended = scene.finish(command);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{ended}");
    }
    is_whole(&scene, "out");
}

/// The calls that reach another program or machine. A pair of sockets that only one process has is none of them:
/// that is how it hears of signals.
const REACHING: &str = "trace=socket,connect,bind,listen,accept,accept4,sendmsg,sendmmsg,recvmsg,recvmmsg";

/// Whether a line names a call; others tell how a thread ended.
fn is_call(line: &str) -> bool {
    !line.contains("+++ exited") && !line.contains("???(")
}

#[test]
fn no_socket_is_ever_opened() {
    if !can_trace() {
        return;
    }
    let scene = Scene::of(&[("pages/1.json", many(3)), ("pages/2.json", String::new())]);
    for arguments in RUNS {
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-o", "log", "-e", REACHING, "-e", "signal=none"]);
        command.arg(PROGRAM).args(arguments).current_dir(scene.path("."));
        let ended = scene.finish(command);
        assert!(matches!(ended.code, Some(0 | 3)), "{ended}");
        let calls: Vec<String> =
            scene.read("log").lines().filter(|line| is_call(line)).map(str::to_owned).collect();
        assert_eq!(calls, [""; 0], "{ended}");
    }
    // A tracer that sees no call at all would see no socket either.
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o", "log", "-e", "trace=socketpair,mkdir"]);
    command.arg(PROGRAM).args(["report", "pages", "-o", "again", "-q"]).current_dir(scene.path("."));
    assert_eq!(scene.finish(command).code, Some(3));
    let log = scene.read("log");
    assert!(log.contains("mkdir("), "{log}");
    assert!(log.matches("socketpair(").count() == log.matches("socketpair(AF_UNIX, ").count(), "{log}");
}
