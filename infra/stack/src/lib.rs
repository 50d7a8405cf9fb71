//! The infrastructure program.
//!
//! [`deploy`] is the program; who runs it decides what becomes of it: the Pulumi engine, a CloudFormation template,
//! or a list of registrations. [`stack`] is the only place where capabilities meet. Every name, size and permission
//! comes from `miyabi-shared`, so that the application cannot disagree with it, and a name that is wrong does not
//! compile:
//!
//! ```
//! use miyabi_shared::{Access, Table};
//! const ACCESS: Access = Access::Read(Table::Tasks);
//! ```
//! ```compile_fail
//! use miyabi_shared::{Access, Table};
//! const ACCESS: Access = Access::Read(Table::Taks);
//! ```

pub mod api;
pub mod backup;
mod budget;
pub mod cache;
pub mod certificate;
pub mod cidr;
pub mod compute;
pub mod cost;
pub mod data;
pub mod diagram;
pub mod edge;
mod encrypted_queue;
pub mod graph;
pub mod keys;
pub mod logs;
pub mod network;
pub mod observability;
pub mod outputs;
pub mod people;
pub mod place;
mod policy;
pub mod program;
pub mod queues;
pub mod roles;
pub mod rules;
pub mod settings;
pub mod socket;
pub mod stack;
pub mod synth;
pub mod tags;

pub use settings::Settings;
pub use stack::deploy;
