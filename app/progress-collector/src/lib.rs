//! The function that turns log events into progress.
