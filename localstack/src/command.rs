//! What the command can do, one module for each.

pub(crate) mod down;
pub(crate) mod edge;
pub(crate) mod logs;
pub(crate) mod reset;
pub(crate) mod status;
pub(crate) mod up;
