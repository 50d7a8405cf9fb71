//! The collector from outside: real payloads in, tasks in the emulator's tables out.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where something is not as it should be"
)]

#[path = "../../../task-api/tests/it/cloud.rs"]
#[expect(dead_code, reason = "only the API asks who calls")]
mod cloud;
#[cfg(test)]
mod cloudformation;
mod logs;
mod numbered;
mod outages;
mod payloads;
mod text;
