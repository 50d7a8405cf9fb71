//! The store against a real Redis and an emulated DynamoDB.

mod basics;
mod concurrency;
mod faults;
mod lists;
mod proxy;
mod rig;
