//! The whole system from outside, with IAM enforced.
#![expect(clippy::expect_used, clippy::panic, reason = "what fails in a helper fails the test")]

mod browser;
mod deployment;
mod faults;
mod http;
mod jobs;
mod logs;
mod page;
mod push;
mod roads;
mod support;
