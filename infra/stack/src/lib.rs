//! The infrastructure program.
