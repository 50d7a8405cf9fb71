//! Queues of jobs, for workers to take from.

use std::collections::BTreeSet;

use miyabi_shared::Stage;
use miyabi_shared::job::Size;

use super::section::{Choice, Section};

/// Queues of jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobsSettings {
    /// The sizes that there are queues for. With none, the API takes no job to run: whoever creates a task runs it.
    pub sizes: BTreeSet<Size>,
}

impl Choice for Size {
    const ALL: &'static [Self] = &Self::ALL;

    fn word(self) -> &'static str {
        self.as_str()
    }
}

impl JobsSettings {
    /// A laptop has one worker, which runs jobs of every size. In AWS there are queues once there are workers.
    pub(super) fn of(stage: Stage) -> Self {
        let sizes = if stage == Stage::Local { [Size::Xl].into() } else { BTreeSet::new() };
        Self { sizes }
    }

    pub(super) fn read(&mut self, section: &mut Section<'_>) {
        section.choices("sizes", &mut self.sizes);
    }
}
