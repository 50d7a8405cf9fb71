//! The queues: names, how long a message is hidden from others while somebody handles it, and how often it is tried.

/// A queue of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Queue {
    /// Whom the function that pushes has to tell, and when.
    PushDue,
}

/// How a queue is deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueDeclaration {
    /// The queue's name.
    pub name: &'static str,
    /// For how many seconds a message that somebody took is hidden from others. At least six times as long as the function
    /// that handles it may take.
    pub visibility_seconds: u32,
    /// For how many seconds a message is kept.
    pub retention_seconds: u32,
    /// How often a message is handed out before it counts as one that cannot be handled.
    pub receives: u32,
}

impl Queue {
    /// Every queue.
    pub const ALL: [Self; 1] = [Self::PushDue];

    /// How the queue is deployed.
    pub const fn declaration(self) -> &'static QueueDeclaration {
        match self {
            Self::PushDue => &PUSH_DUE,
        }
    }

    /// The queue's name.
    pub const fn name(self) -> &'static str {
        self.declaration().name
    }
}

static PUSH_DUE: QueueDeclaration = QueueDeclaration {
    name: "miyabi-push-due",
    visibility_seconds: 6 * crate::function::PUSH_SECONDS,
    // Whoever watches has looked for itself by then.
    retention_seconds: 10 * 60,
    receives: 3,
};
