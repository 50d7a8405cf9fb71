//! Which task a log stream is about.
//!
//! A stream's name is its task's identifier, where it can be one. A name may also hold up to 512 characters that an
//! identifier may not (CloudWatch forbids only `:` and `*`); then the identifier is made from what can be kept of it, and a
//! hash of the whole, so that no two streams become one task. The same is done where another log group has a stream of that
//! name already.

use std::collections::BTreeMap;

use miyabi_progress::control_line::Run;
use miyabi_progress::model;
use miyabi_shared::event::CreateTask;
use miyabi_shared::log_group::{LogGroup, STREAM_LABEL};
use miyabi_shared::{ProjectId, TaskId, TaskType, limits};
use sha2::{Digest as _, Sha256};

/// The project of tasks that nobody gave one.
const DEFAULT_PROJECT: &str = "default";
/// Characters of a stream's name that are kept beside the hash.
const KEPT_CHARACTERS: usize = 100;

/// A log stream, and the identifier of its task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stream {
    pub(crate) task_id: TaskId,
    pub(crate) log_group: String,
    pub(crate) log_stream: String,
}

impl Stream {
    /// The stream under the identifier that its name is.
    pub(crate) fn new(log_group: &str, log_stream: &str) -> Self {
        let task_id = TaskId::new(log_stream).unwrap_or_else(|_| hashed(log_group, log_stream));
        Self { task_id, log_group: log_group.to_owned(), log_stream: log_stream.to_owned() }
    }

    /// The stream under an identifier that no stream of another group can have.
    pub(crate) fn apart(self) -> Self {
        Self { task_id: hashed(&self.log_group, &self.log_stream), ..self }
    }

    /// The task as it is created from what the log says about it.
    pub(crate) fn task(&self, run: Option<&Run>) -> CreateTask {
        let run = run.cloned().unwrap_or_default();
        let known_type = LogGroup::from_name(&self.log_group).map_or(TaskType::COMMAND, LogGroup::task_type);
        let name = run.name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| self.log_stream.clone());
        let mut labels: BTreeMap<String, String> = run
            .labels
            .into_iter()
            .filter(|(key, _)| (1..=limits::LABEL_CHARACTERS).contains(&key.chars().count()))
            .map(|(key, value)| (key, model::cut(&value, limits::LABEL_CHARACTERS)))
            .take(limits::LABELS - 1)
            .collect();
        if self.task_id.as_str() != self.log_stream {
            labels.insert(STREAM_LABEL.to_owned(), self.log_stream.clone());
        }
        CreateTask {
            task_id: Some(self.task_id.clone()),
            project_id: run
                .project
                .unwrap_or_else(|| ProjectId::from_words(DEFAULT_PROJECT, DEFAULT_PROJECT)),
            task_type: run.task_type.unwrap_or_else(|| TaskType::from_words(known_type, TaskType::COMMAND)),
            name: model::cut(&name, limits::NAME_CHARACTERS),
            labels,
            run: None,
        }
    }
}

fn hashed(log_group: &str, log_stream: &str) -> TaskId {
    let mut hash = Sha256::new();
    hash.update(log_group);
    // Part of no name, so that the two cannot be cut in two ways.
    hash.update([0]);
    hash.update(log_stream);
    let digest: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let words: String = log_stream.chars().take(KEPT_CHARACTERS).collect();
    TaskId::from_words(&format!("{}-{digest}", TaskId::from_words(&words, "stream")), "stream")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_whose_name_can_be_an_identifier_is_its_task() {
        let stream = Stream::new("/miyabi/agents", "agent-7.run:1");
        assert_eq!(stream.task_id.as_str(), "agent-7.run:1");
        let task = stream.task(None);
        assert_eq!((task.task_type.as_str(), task.project_id.as_str()), ("agent", "default"));
        assert_eq!((task.name.as_str(), task.labels.len()), ("agent-7.run:1", 0));
    }

    #[test]
    fn no_two_streams_become_one_task() {
        let names = [
            "a b".to_owned(),
            "a  b".to_owned(),
            "a/b".to_owned(),
            "a-b".to_owned(),
            "日本".to_owned(),
            "日".to_owned(),
            "x".repeat(129),
            "x".repeat(130),
            "x".repeat(128),
        ];
        let mut ids: Vec<_> = names
            .iter()
            .flat_map(|name| {
                let stream = Stream::new("/miyabi/agents", name);
                [
                    stream.task_id.clone(),
                    stream.apart().task_id,
                    Stream::new("/miyabi/system", name).apart().task_id,
                ]
            })
            .collect();
        ids.sort();
        let all = ids.len();
        ids.dedup();
        // A name that cannot be an identifier has the same one alone and apart.
        assert_eq!(all - ids.len(), names.iter().filter(|name| TaskId::new(name.as_str()).is_err()).count());
    }

    #[test]
    fn the_name_of_a_stream_that_is_no_identifier_is_kept_to_find_its_lines() {
        let stream = Stream::new("/miyabi/cdk-deploy", "2026/11/22/[$LATEST]abc");
        assert!(stream.task_id.as_str().starts_with("2026-11-22-LATEST-abc-"), "{}", stream.task_id);
        let task = stream.task(None);
        assert_eq!(task.labels[STREAM_LABEL], "2026/11/22/[$LATEST]abc");
        assert_eq!(task.task_type.as_str(), "cdk-deploy");
    }

    #[test]
    fn what_a_run_line_says_is_held_within_the_limits() {
        let run = Run {
            name: Some("é".repeat(5000)),
            labels: (0..100).map(|index| (format!("key{index}"), "v".repeat(500))).collect(),
            ..Run::default()
        };
        let task = Stream::new("/miyabi/system", "a b").task(Some(&run));
        assert_eq!(task.name.chars().count(), limits::NAME_CHARACTERS);
        assert_eq!(task.labels.len(), limits::LABELS);
        assert_eq!(task.task_type.as_str(), "command");
    }
}
