//! The wire's messages, generated from `proto/provider.proto`.
#![allow(
    clippy::all,
    missing_docs,
    missing_debug_implementations,
    rust_2018_idioms,
    unreachable_pub,
    unused_qualifications,
    reason = "generated"
)]

tonic::include_proto!("pulumirpc");
