//! Programs as the engine starts them: real processes that speak gRPC with a server that stands for the engine.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what fails in a test's helper fails the test")]

mod callbacks;
mod ends;
mod server;
