//! The finished program on a machine that fails: full disks, calls that the system refuses, signals and kills at
//! every step, links in the way, two runs at once. And what must not depend on the machine at all.
//!
//! Some of it needs more than a program may take for granted: to mount, to trace calls, to set the clock. Where that
//! cannot be had, a test says so on standard error and passes; with `ENTRA_DIFF_REQUIRE_FAULTS=1` it fails.

#![cfg(target_os = "linux")]

mod calls;
mod disk;
mod folder;
mod input;
mod links;
mod machine;
mod network;
mod reading;
mod same;
#[path = "../cli/scene.rs"]
#[expect(dead_code, reason = "the other tests of the program use more of it")]
mod scene;
mod signals;
mod streams;
mod together;
