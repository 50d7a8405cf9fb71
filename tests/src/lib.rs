//! The whole system from outside.
//!
//! The tests start a Miyabi of their own on free ports, with IAM enforced, and use it as its users do: by the
//! `miyabi` command, the HTTP API, a log group and a browser. What they share is here.

mod api;
mod built;
pub mod drill;
mod function;
pub mod jobs;
mod proxy;
mod run;
mod tables;
mod viewer;
mod wait;

pub use api::{Answer, Api};
pub use built::{chromium, deployment, root, start_cloud};
pub use function::{Function, HttpAnswer, Request};
pub use proxy::{TableFault, TableWay, Wire, WireFault};
pub use run::{MiyabiRun, miyabi};
pub use tables::DynamoDb;
pub use viewer::Viewer;
pub use wait::wait_until;
