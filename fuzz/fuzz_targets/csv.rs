//! Feeds the law of `laws/csv.rs` with bytes.

#![no_main]

#[path = "../laws/mod.rs"]
mod laws;

libfuzzer_sys::fuzz_target!(init: laws::one_thread(), |data: &[u8]| laws::csv::holds(data));
