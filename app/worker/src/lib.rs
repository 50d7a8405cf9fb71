//! A worker: takes jobs from the queues of its size and runs them as `miyabi run` runs a command.
//!
//! [`order`] says from which queue the next job comes, [`claim`] whether a message is to be run at all, [`attempt`] runs
//! one, and [`worker`] holds them together. A job is taken by a record in the table (a lease); the message in the queue only
//! brings it. So a message may come twice and a worker may be lost, and each attempt still runs once.

pub mod attempt;
pub mod claim;
mod command;
mod dead;
pub mod order;
mod protection;
pub mod sandbox;
mod sink;
mod taking;
pub mod worker;

pub use worker::{StartError, Worker};
