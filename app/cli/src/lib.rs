//! The miyabi command: run, watch, tasks, logs, progress.
