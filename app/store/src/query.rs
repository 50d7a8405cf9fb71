//! Which tasks a list holds, and which part of it is asked for.

use std::collections::BTreeSet;

use miyabi_shared::{ProjectId, Task, TaskStatus, TaskType, Timestamp, limits};

/// Which tasks a list holds: those that agree with everything that is set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Filter {
    /// Of this project.
    pub project: Option<ProjectId>,
    /// In this status.
    pub status: Option<TaskStatus>,
    /// Of this type.
    pub task_type: Option<TaskType>,
}

impl Filter {
    /// Whether `task` is in the list.
    pub fn matches(&self, task: &Task) -> bool {
        self.project.as_ref().is_none_or(|project| *project == task.project_id)
            && self.status.is_none_or(|status| status == task.status)
            && self.task_type.as_ref().is_none_or(|task_type| *task_type == task.task_type)
    }

    /// How many things are set.
    pub(crate) fn names(&self) -> usize {
        usize::from(self.project.is_some())
            + usize::from(self.status.is_some())
            + usize::from(self.task_type.is_some())
    }

    /// Names the list: in the cache's keys and in what signs a cursor. `|` is in no identifier.
    pub(crate) fn name(&self) -> String {
        format!(
            "{}|{}|{}",
            self.project.as_ref().map_or("", ProjectId::as_str),
            self.task_type.as_ref().map_or("", TaskType::as_str),
            self.status.map_or("", TaskStatus::as_str),
        )
    }
}

/// What only the tasks themselves can tell: those that agree with everything that is set are kept of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sieve {
    /// Has this label; with this value, where one is given.
    pub label: Option<(String, Option<String>)>,
    /// Has this in its identifier, its name or a label, in whatever case.
    pub text: Option<String>,
    /// Changed at this time or later.
    pub updated_since: Option<Timestamp>,
    /// Of one of these projects.
    pub projects: Option<BTreeSet<ProjectId>>,
}

impl Sieve {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Names what is kept, in what signs a cursor.
    pub(crate) fn name(&self) -> String {
        let since = self.updated_since.map_or(-1, Timestamp::as_millis);
        format!("{:?}|{:?}|{since}|{:?}", self.label, self.text, self.projects)
    }
}

/// One page of one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// Which list.
    pub filter: Filter,
    /// Which of its tasks. The newest few hundred are looked through for one page, which may so be short while
    /// its cursor leads to more.
    pub sieve: Sieve,
    /// How many tasks at most; held within 1 to [`limits::PAGE_SIZE_MAX`].
    pub limit: u32,
    /// Where the page starts, as the page before said; `None` for the first.
    pub cursor: Option<String>,
}

impl Default for ListQuery {
    fn default() -> Self {
        Self {
            filter: Filter::default(),
            sieve: Sieve::default(),
            limit: limits::PAGE_SIZE_DEFAULT,
            cursor: None,
        }
    }
}

impl ListQuery {
    pub(crate) fn page_size(&self) -> usize {
        usize::try_from(self.limit.clamp(1, limits::PAGE_SIZE_MAX)).unwrap_or(1)
    }
}
