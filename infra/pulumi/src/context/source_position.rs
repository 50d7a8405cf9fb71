//! Where in the program a resource is registered.

use std::panic::Location;

use crate::run::RunInfo;
use crate::wire::{SourcePosition, StackFrame, StackTrace};

/// The caller's position; none where the program does not say where its sources are.
#[track_caller]
pub(super) fn here(info: &RunInfo) -> Option<SourcePosition> {
    let location = Location::caller();
    let path = info.source_root.as_ref()?.join(location.file());
    if !path.is_absolute() {
        return None;
    }
    Some(SourcePosition {
        uri: format!("file://{}", path.to_str()?),
        line: i32::try_from(location.line()).ok()?,
        column: i32::try_from(location.column()).ok()?,
    })
}

/// The position as a stack of its own.
pub(super) fn stack_trace(position: Option<&SourcePosition>) -> Option<StackTrace> {
    position.map(|position| StackTrace { frames: vec![StackFrame { pc: Some(position.clone()) }] })
}
