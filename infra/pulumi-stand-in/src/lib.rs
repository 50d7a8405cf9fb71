//! A stand-in for Pulumi's AWS provider: it makes nothing, and is strict about what it is asked to make.
//!
//! Every input of every resource is checked against the provider's schema, and against what AWS and its provider are
//! known to refuse beyond that. What was made is kept in a folder, the account, so that a name can be taken, a
//! reference can lead nowhere, and what is still in use cannot be deleted.

mod account;
mod checked;
mod diff;
mod facts;
mod inputs;
mod invoke;
mod made;
mod provider;
mod rules;
mod schema;
mod wire;

pub use account::{Account, Lock, Made};
pub use provider::{ACCOUNT, Provider, REFUSED, WAITING, WAITS, serve};
pub use schema::{Problem, Schema};
