//! The one way to tasks and projects.
#![expect(clippy::unimplemented, unused_variables, clippy::unused_async, reason = "signatures first")]

use aws_config::SdkConfig;
use miyabi_shared::config::StoreConfig;
use miyabi_shared::event::CreateTask;
use miyabi_shared::{TaskEvent, TaskId};

use crate::answer::{
    Answer, Applied, Created, Document, HistoryPage, ParserState, ProjectList, SavedParserState, StoreHealth,
    TaskDetail, TaskPage,
};
use crate::error::StoreError;
use crate::query::ListQuery;

/// Tasks and projects: the tables, and the cache before them. Clones share their connections.
#[derive(Debug, Clone)]
pub struct TaskStore {}

impl TaskStore {
    /// A store on the tables and the cache that `config` names. Opens no connection yet: see [`warm`](Self::warm).
    ///
    /// # Errors
    /// When the cache's address cannot be read.
    pub fn connect(config: &StoreConfig, aws: &SdkConfig) -> Result<Self, StoreError> {
        unimplemented!()
    }

    /// Opens the connections, so that the first request does not pay for it. Errors show in later calls.
    pub async fn warm(&self) {
        unimplemented!()
    }

    /// Whether the table and the cache answer, by one tiny read of each.
    pub async fn health(&self) -> StoreHealth {
        unimplemented!()
    }

    /// Creates a task in status queued; a task that is there with the same content is given back.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the identifier belongs to a task with other content.
    pub async fn create(&self, body: &CreateTask) -> Result<Created, StoreError> {
        unimplemented!()
    }

    /// Creates a task that is known from its log alone, unless it is there: then it is given back as it is, whatever its
    /// content. A later [`create`](Self::create) of the same project and type adds name and labels.
    ///
    /// # Errors
    /// When the tables fail.
    pub async fn ensure_task(&self, task_id: &TaskId, body: &CreateTask) -> Result<Created, StoreError> {
        unimplemented!()
    }

    /// Applies events, in any order and as often as they come.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such task.
    pub async fn apply_events(&self, task_id: &TaskId, events: &[TaskEvent]) -> Result<Applied, StoreError> {
        unimplemented!()
    }

    /// One task, without its steps.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such task.
    pub async fn task(
        &self,
        task_id: &TaskId,
        if_none_match: Option<&str>,
    ) -> Result<Answer<Document>, StoreError> {
        unimplemented!()
    }

    /// One task with its steps.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such task.
    pub async fn task_with_steps(
        &self,
        task_id: &TaskId,
        if_none_match: Option<&str>,
    ) -> Result<Answer<TaskDetail>, StoreError> {
        unimplemented!()
    }

    /// One page of a list, newest first.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`] when the cursor is not one of this list.
    pub async fn list(
        &self,
        query: &ListQuery,
        if_none_match: Option<&str>,
    ) -> Result<Answer<TaskPage>, StoreError> {
        unimplemented!()
    }

    /// Every project with its counts.
    ///
    /// # Errors
    /// When the tables fail.
    pub async fn projects(&self, if_none_match: Option<&str>) -> Result<Answer<ProjectList>, StoreError> {
        unimplemented!()
    }

    /// One page of a task's history, oldest first; `limit` is held within 1 to 1000.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`] when the cursor is not one of this history; [`StoreError::NotFound`].
    pub async fn history(
        &self,
        task_id: &TaskId,
        limit: u32,
        cursor: Option<&str>,
    ) -> Result<HistoryPage, StoreError> {
        unimplemented!()
    }

    /// The state of the parser of a task's log stream, if one was saved.
    ///
    /// # Errors
    /// When the tables fail.
    pub async fn parser_state(&self, task_id: &TaskId) -> Result<Option<ParserState>, StoreError> {
        unimplemented!()
    }

    /// Saves the state of a parser, if nobody else did since `expected_version` was loaded (0: there was none).
    ///
    /// # Errors
    /// When the tables fail, or the state is larger than [`PARSER_STATE_BYTES`](crate::PARSER_STATE_BYTES).
    pub async fn save_parser_state(
        &self,
        task_id: &TaskId,
        state: &str,
        expected_version: u64,
    ) -> Result<SavedParserState, StoreError> {
        unimplemented!()
    }
}
