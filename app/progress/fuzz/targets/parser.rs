//! Any bytes, split anywhere, resumed anywhere, under a terminal of any width.
#![no_main]

#[path = "../../tests/it/invariants.rs"]
mod invariants;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| invariants::parser(bytes));
