//! The wire's messages, generated from `proto`.
#![allow(unreachable_pub, unused_qualifications, clippy::all, reason = "generated")]

tonic::include_proto!("pulumirpc.testing");
