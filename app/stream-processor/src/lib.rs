//! The function that brings up to date what follows from the table of tasks: the cache, and the counts of projects.
//!
//! It is called with the changes of the table. Of a change it takes *that* a task changed, and reads from the table *what* it is
//! now. So a change that comes twice, late or out of order does what it did before, or nothing.

mod processor;

pub use processor::{Processor, ProcessorError};
