//! The SDK from outside: programs against monitors, and values against the wire.

mod codec;
mod monitors;
mod outputs;
mod registrations;
mod runs;
