//! What a read gives: JSON that can be sent on as it is, where it came from, and a tag to ask again with.

use std::fmt;

use miyabi_shared::task::{HistoryPoint, Project};
use miyabi_shared::{Step, Task, TaskId, Timestamp};

use crate::error::StoreError;

/// What became of tasks that were to be put into the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Followed {
    /// The cache has these, or newer ones.
    pub cached: usize,
    /// The cache was out.
    pub lost: usize,
}

/// Where an answer came from, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// From the cache alone.
    Hit,
    /// From the tables, at least in part; the cache was filled with it.
    Miss,
    /// From the tables, because the cache is out or there is none.
    Bypass,
}

impl Source {
    /// The source as the `x-cache` header spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Miss => "miss",
            Self::Bypass => "bypass",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// An answer to a read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<T> {
    /// What was asked for; `None` where it is what the caller holds already (304).
    pub value: Option<T>,
    /// Names this state of it, with the quotes of an `ETag` header.
    pub tag: String,
    /// Where it came from.
    pub source: Source,
}

impl<T> Answer<T> {
    pub(crate) fn new(value: T, tag: String, source: Source, if_none_match: Option<&str>) -> Self {
        let known = if_none_match.is_some_and(|header| matches_tag(header, &tag));
        Self { value: (!known).then_some(value), tag, source }
    }
}

/// Whether the value of an `If-None-Match` header names `tag` (which has its quotes). `*` names everything.
pub(crate) fn matches_tag(header: &str, tag: &str) -> bool {
    header.trim() == "*"
        || header.split(',').map(str::trim).any(|one| one.strip_prefix("W/").unwrap_or(one) == tag)
}

/// A value as JSON text: sent on as it is, or parsed by who needs it.
#[derive(Clone)]
pub struct Document {
    bytes: Vec<u8>,
    start: usize,
}

impl Document {
    pub(crate) fn new(json: Vec<u8>) -> Self {
        Self { bytes: json, start: 0 }
    }

    /// JSON that starts at `start` in `bytes`: what the cache gave, without copying it.
    pub(crate) fn within(bytes: Vec<u8>, start: usize) -> Self {
        Self { bytes, start }
    }

    pub(crate) fn of<T: serde::Serialize>(value: &T) -> Result<Self, StoreError> {
        serde_json::to_vec(value)
            .map(Self::new)
            .map_err(|error| StoreError::Refused { act: "writing JSON", source: error.into() })
    }

    /// The JSON text.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// The value itself: a [`Task`] where a task was asked for.
    ///
    /// # Errors
    /// When what was kept is no `T`.
    pub fn parse<T: serde::de::DeserializeOwned>(&self) -> Result<T, StoreError> {
        serde_json::from_slice(self.as_bytes())
            .map_err(|error| StoreError::Refused { act: "reading JSON that was kept", source: error.into() })
    }
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Document {}

impl fmt::Debug for Document {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&String::from_utf8_lossy(self.as_bytes()))
    }
}

/// One task with its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskDetail {
    pub(crate) task: Document,
    pub(crate) steps: Vec<Document>,
}

impl TaskDetail {
    /// The task.
    ///
    /// # Errors
    /// When what was kept is no task.
    pub fn task(&self) -> Result<Task, StoreError> {
        self.task.parse()
    }

    /// Its steps, by start.
    ///
    /// # Errors
    /// When what was kept is no step.
    pub fn steps(&self) -> Result<Vec<Step>, StoreError> {
        self.steps.iter().map(Document::parse).collect()
    }

    /// `{…task, "steps": […]}`
    pub fn to_json(&self) -> Vec<u8> {
        let task = self.task.as_bytes();
        let task = task.strip_suffix(b"}").unwrap_or(task);
        let mut json = Vec::with_capacity(
            task.len() + 16 + self.steps.iter().map(|step| step.as_bytes().len() + 1).sum::<usize>(),
        );
        json.extend_from_slice(task);
        json.extend_from_slice(b",\"steps\":[");
        join(&mut json, &self.steps);
        json.extend_from_slice(b"]}");
        json
    }
}

/// One page of a list of tasks, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskPage {
    pub(crate) tasks: Vec<Document>,
    /// Where the next page starts; `None` on the last.
    pub next_cursor: Option<String>,
}

impl TaskPage {
    /// The tasks.
    ///
    /// # Errors
    /// When what was kept is no task.
    pub fn tasks(&self) -> Result<Vec<Task>, StoreError> {
        self.tasks.iter().map(Document::parse).collect()
    }

    /// How many tasks there are on this page.
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// `{"tasks": […], "next_cursor": …}`
    pub fn to_json(&self) -> Vec<u8> {
        let mut json =
            Vec::with_capacity(160 + self.tasks.iter().map(|task| task.as_bytes().len() + 1).sum::<usize>());
        json.extend_from_slice(b"{\"tasks\":[");
        join(&mut json, &self.tasks);
        json.extend_from_slice(b"],\"next_cursor\":");
        match &self.next_cursor {
            // A cursor is base64url, so there is nothing to escape.
            Some(cursor) => {
                json.push(b'"');
                json.extend_from_slice(cursor.as_bytes());
                json.push(b'"');
            }
            None => json.extend_from_slice(b"null"),
        }
        json.push(b'}');
        json
    }
}

fn join(json: &mut Vec<u8>, documents: &[Document]) {
    for (index, document) in documents.iter().enumerate() {
        if index > 0 {
            json.push(b',');
        }
        json.extend_from_slice(document.as_bytes());
    }
}

/// Every project, by identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectList {
    pub(crate) projects: Document,
}

impl ProjectList {
    /// The projects.
    ///
    /// # Errors
    /// When what was kept are no projects.
    pub fn projects(&self) -> Result<Vec<Project>, StoreError> {
        self.projects.parse()
    }

    /// `{"projects": […]}`
    pub fn to_json(&self) -> Vec<u8> {
        let mut json = b"{\"projects\":".to_vec();
        json.extend_from_slice(self.projects.as_bytes());
        json.push(b'}');
        json
    }
}

/// One page of a task's history, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryPage {
    /// How far it had come, and when.
    pub points: Vec<HistoryPoint>,
    /// Where the next page starts; `None` on the last.
    pub next_cursor: Option<String>,
}

/// What became of a call to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// The task as it is now.
    pub task: Task,
    /// Whether this call made it; else it was there with the same content.
    pub created: bool,
}

/// What became of a call to cancel many tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancelled {
    /// Those that are cancelled now, and were not before.
    pub task_ids: Vec<TaskId>,
    /// Whether there may be more of them: repeat the call.
    pub more: bool,
}

/// What became of a call with events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// How many events changed something.
    pub applied: usize,
    /// How many were duplicates, late, or after the end.
    pub ignored: usize,
    /// The task as it is now.
    pub task: Task,
}

/// The state of a parser of one log stream, as it was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParserState {
    /// What was saved: the caller's own text, such as JSON.
    pub state: String,
    /// Counts how often it was saved; to be given back when it is saved again.
    pub version: u64,
    /// When it was saved.
    pub saved_at: Timestamp,
}

/// What became of saving a parser state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SavedParserState {
    /// It is kept, and this is its version.
    Saved(u64),
    /// Someone else saved another one since it was loaded: load it and begin again.
    Stale,
}

/// How reads of the cache that were compared with the tables came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verified {
    /// Reads that were compared.
    pub reads: u64,
    /// Tasks of which the cache showed something older than the table held, and would have gone on to.
    pub differences: u64,
}

/// Whether something answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Liveness {
    /// It does.
    Ok,
    /// It does not.
    Down,
    /// There is none by configuration.
    None,
}

impl Liveness {
    /// The state as the API spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Down => "down",
            Self::None => "none",
        }
    }
}

/// Whether the parts of the store answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreHealth {
    /// The tables: without them nothing works.
    pub table: Liveness,
    /// The cache: without it everything is slower.
    pub cache: Liveness,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_in_a_header_with_several_of_them() {
        for header in ["\"a\"", "\"x\", \"a\"", "W/\"a\"", "*", " \"a\" "] {
            assert!(matches_tag(header, "\"a\""), "{header}");
        }
        for header in ["", "\"ab\"", "a", "\"b\", \"c\""] {
            assert!(!matches_tag(header, "\"a\""), "{header}");
        }
    }

    #[test]
    fn pages_and_details_are_put_together_from_documents_without_reading_them() {
        let document = |json: &str| Document::new(json.as_bytes().to_vec());
        let page = TaskPage {
            tasks: vec![document("{\"a\":1}"), Document::within(b"header\n{\"b\":2}".to_vec(), 7)],
            next_cursor: Some("c".to_owned()),
        };
        assert_eq!(page.to_json(), br#"{"tasks":[{"a":1},{"b":2}],"next_cursor":"c"}"#);
        let empty = TaskPage { tasks: Vec::new(), next_cursor: None };
        assert_eq!(empty.to_json(), br#"{"tasks":[],"next_cursor":null}"#);
        let detail = TaskDetail { task: document("{\"a\":1}"), steps: vec![document("{}"), document("{}")] };
        assert_eq!(detail.to_json(), br#"{"a":1,"steps":[{},{}]}"#);
    }
}
