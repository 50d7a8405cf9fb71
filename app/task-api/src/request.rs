//! Taking a request in: path, query and body, each checked whole, so that the caller learns every mistake at once.

mod body;
mod check;
mod key;
mod path;
mod query;

pub(crate) use body::{Body, JsonBody};
pub(crate) use check::{Checker, ID_RULE, Object, Presence};
pub(crate) use key::IdempotencyKey;
pub(crate) use path::TaskPath;
pub(crate) use query::{NoParameters, Parameters, Query, QueryReader};
