//! Jobs: how large a part of a worker each needs.

mod size;

pub use size::{InvalidSize, Size};
