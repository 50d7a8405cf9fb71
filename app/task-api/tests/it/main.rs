//! The API from outside, one file a resource: in process, on a real Redis and the emulator's tables and logs.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test ends where something is not as it should be"
)]

mod access;
mod actions;
mod api;
mod cloud;
mod contract;
mod edge;
mod events;
mod health;
mod history;
mod issuer;
mod jobs;
mod logs;
mod outages;
mod projects;
mod tasks;
