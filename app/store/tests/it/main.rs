//! The store against a real Redis and an emulated DynamoDB.

mod basics;
mod lists;
mod rig;
