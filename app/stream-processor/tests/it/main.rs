//! The function on a real Redis and the emulator's tables: changes are told twice, late and in any order.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what fails in a helper fails the test"
)]

#[path = "../../../task-api/tests/it/cloud.rs"]
#[expect(dead_code, reason = "only the API asks who calls")]
mod cloud;
mod follow;
mod records;
