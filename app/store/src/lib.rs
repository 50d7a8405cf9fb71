//! The tables and the cache behind one [`TaskStore`].
//!
//! The tables are the truth. Every write goes to them first and under a condition; the cache follows by a
//! compare-and-set on the task's version, in one script that the writer, the reader who missed and the repair use
//! alike. Without the cache everything is slower, and nothing is wrong.

mod answer;
mod cache;
mod cursor;
mod error;
mod position;
mod query;
mod reader;
mod store;
mod table;

pub use answer::{
    Answer, Applied, Cancelled, Created, Document, Followed, HistoryPage, Liveness, ParserState, ProjectList,
    SavedParserState, Source, StoreHealth, TaskDetail, TaskPage, Verified,
};
pub use error::{Cause, StoreError};
pub use query::{Filter, ListQuery, Sieve};
pub use reader::TaskReader;
pub use store::TaskStore;
pub use table::{ItemChange, StreamRecord};

/// Largest parser state that is kept, in bytes.
pub const PARSER_STATE_BYTES: usize = 64 * 1024;
