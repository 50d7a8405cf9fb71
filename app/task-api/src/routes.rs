//! The handlers, one file a resource: what it takes, what it answers, and a few lines in between.
#![expect(unused_qualifications, reason = "the OpenAPI macros write paths in full")]

pub(crate) mod actions;
pub(crate) mod badge;
mod bodies;
pub(crate) mod credentials;
pub(crate) mod events;
pub(crate) mod health;
pub(crate) mod history;
pub(crate) mod jobs;
pub(crate) mod logs;
pub(crate) mod projects;
pub(crate) mod queues;
pub(crate) mod tasks;
