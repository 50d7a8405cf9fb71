//! A tool's output in, progress events out; pure, no I/O.
