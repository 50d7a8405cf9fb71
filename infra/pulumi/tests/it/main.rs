//! The SDK from outside: programs against monitors, and values against the wire.

#![expect(clippy::panic, reason = "a test fails by a panic")]

mod codec;
mod cycles;
mod lookups;
mod monitors;
mod options;
mod outputs;
mod registrations;
mod remote;
mod runs;
mod transforms;
