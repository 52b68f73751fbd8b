//! Feeds the law of `laws/normaliser.rs` with bytes.

#![no_main]

#[path = "../laws/mod.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(init: laws::one_thread(), |data: &[u8]| laws::normaliser::holds(data));
