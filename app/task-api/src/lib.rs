//! The HTTP API of Miyabi and its OpenAPI document.
//!
//! [`router`] is the whole API: Lambda, the tests and a local listener all serve that one value. A request passes the
//! edge (identifier, log line, metrics), an extractor that checks it whole, and a handler of a few lines that asks the
//! store. Whatever goes wrong leaves as problem details ([`ApiError`]).

mod access;
mod edge;
mod error;
mod logs;
mod openapi;
mod request;
mod response;
mod router;
mod routes;
mod state;

pub use access::Access;
pub use error::{ApiError, Refusal};
pub use logs::LogReader;
pub use openapi::document;
pub use router::router;
pub use state::{AppState, StartError};
