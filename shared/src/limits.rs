//! The limits of what callers may send. The API, the collector and the `miyabi` command enforce the same ones.

/// Longest identifier (task, project, type, step), in bytes; identifiers are ASCII.
pub const ID_BYTES: usize = 128;

/// Longest name of a task, project or step, in characters.
pub const NAME_CHARACTERS: usize = 256;

/// Longest message or phase of a progress, in characters. Longer ones are cut by the sender with `…`.
pub const MESSAGE_CHARACTERS: usize = 1024;

/// Most labels on one task.
pub const LABELS: usize = 32;

/// Longest key and longest value of a label, in characters.
pub const LABEL_CHARACTERS: usize = 128;

/// Longest text that tasks are searched for, in characters.
pub const SEARCH_CHARACTERS: usize = 128;

/// Longest `Idempotency-Key`, in characters.
pub const IDEMPOTENCY_KEY_CHARACTERS: usize = 255;

/// Largest request body of the API, in bytes (256 kB).
pub const BODY_BYTES: usize = 256 * 1024;

/// Most events in one `POST /api/tasks/{id}/events`.
pub const EVENTS_PER_REQUEST: usize = 100;

/// Largest count that a progress may carry: JSON numbers are exact up to 2^53.
pub const COUNT: u64 = (1 << 53) - 1;

/// Tasks on one page of a list: the default, and the most that a caller may ask for.
pub const PAGE_SIZE_DEFAULT: u32 = 50;
/// See [`PAGE_SIZE_DEFAULT`].
pub const PAGE_SIZE_MAX: u32 = 100;

/// Steps kept for one task. Past it, further steps are counted in the progress but not kept one by one.
pub const STEPS_PER_TASK: usize = 1000;
