//! What can go wrong, in the terms of a caller.

use std::error::Error;

use miyabi_shared::{TaskId, TaskStatus, limits};

/// Whatever lies beneath: an error of the SDK, of a codec.
pub type Cause = Box<dyn Error + Send + Sync>;

/// Why the store could not do what it was asked. The cache is never a reason.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such task, or no longer. The API says 404.
    #[error("there is no task {0}")]
    NotFound(TaskId),
    /// The identifier belongs to a task that was created with something else. The API says 409.
    #[error("task {task_id} exists already with another {field}")]
    Conflict {
        /// The task.
        task_id: TaskId,
        /// What differs.
        field: &'static str,
    },
    /// The task came to its end before it could be ended. The API says 409.
    #[error("task {task_id} is {status} already")]
    Ended {
        /// The task.
        task_id: TaskId,
        /// How it ended.
        status: TaskStatus,
    },
    /// The task must end before it can run again. The API says 409.
    #[error("task {task_id} is {status}")]
    NotEnded {
        /// The task.
        task_id: TaskId,
        /// What it does.
        status: TaskStatus,
    },
    /// The caller's key came with another body within the day before. The API says 409.
    #[error("the key was used for another task")]
    KeyReused,
    /// The cursor is not one that this list gave out. The API says 400.
    #[error("the cursor does not belong to this list")]
    InvalidCursor,
    /// Another writer was faster, again and again. The API says 503, and a repetition is safe.
    #[error("{what} changed {attempts} times while it was being written")]
    Contended {
        /// What was being written.
        what: String,
        /// How often it was tried.
        attempts: u32,
    },
    /// The tables did not answer, or refused for now. The API says 503, and a repetition is safe.
    #[error("the tables are not available: {act}")]
    Unavailable {
        /// What was being done.
        act: &'static str,
        /// What the SDK says.
        #[source]
        source: Cause,
    },
    /// The tables refused what they should have taken: a missing permission, a missing table, a broken item. The API
    /// says 500; repeating it changes nothing.
    #[error("the tables refused: {act}")]
    Refused {
        /// What was being done.
        act: &'static str,
        /// What the SDK or the codec says.
        #[source]
        source: Cause,
    },
    /// The parser state is larger than an item should be.
    #[error("the parser state has {0} bytes: at most {max} are kept", max = crate::PARSER_STATE_BYTES)]
    ParserStateTooLarge(usize),
    /// More events than one call takes.
    #[error("{0} events at once: at most {max} are taken", max = limits::EVENTS_PER_REQUEST)]
    TooManyEvents(usize),
}

impl StoreError {
    /// Whether the same call may succeed later, so that a caller should say "try again".
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Contended { .. } | Self::Unavailable { .. })
    }
}
