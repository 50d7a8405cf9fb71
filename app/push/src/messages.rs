//! What is said on a channel, in messages that fit.

use miyabi_shared::push::{ChangedStep, Changes, Channel, MESSAGE_BYTES, Message};
use miyabi_shared::{Step, Task, TaskId, Timestamp};
use serde::Serialize;

use crate::changes::Batch;

/// More messages than these at once, and reading again is quicker for everybody.
const MOST_MESSAGES: usize = 4;
/// What a message takes beside what it lists.
const FRAME_BYTES: usize = 256;

/// One thing that changed.
enum Change<'batch> {
    Task(&'batch Task),
    Step(&'batch TaskId, &'batch Step),
    Removed(&'batch TaskId),
}

/// The messages about `batch` on `channel`, as JSON.
pub(crate) fn messages(channel: &Channel, batch: &Batch, now: Timestamp) -> Vec<String> {
    pack(on_channel(channel, batch), now)
        .unwrap_or_else(|| vec![text(&Message::Refresh { channel: channel.clone() })])
}

/// The part of `batch` that `channel` is about.
fn on_channel<'batch>(channel: &Channel, batch: &'batch Batch) -> Vec<Change<'batch>> {
    let tasks = batch.tasks.values();
    match channel {
        Channel::Tasks => tasks.map(Change::Task).chain(batch.removed.iter().map(Change::Removed)).collect(),
        Channel::Project(project_id) => {
            tasks.filter(|task| task.project_id == *project_id).map(Change::Task).collect()
        }
        Channel::Task(task_id) => {
            let task = batch.tasks.get(task_id).map(Change::Task);
            let steps = batch.steps.iter().filter(|((task, _), _)| task == task_id);
            let steps = steps.map(|((task_id, _), step)| Change::Step(task_id, step));
            let removed = batch.removed.get(task_id).map(Change::Removed);
            task.into_iter().chain(steps).chain(removed).collect()
        }
    }
}

/// As few messages as they fit into; `None` where that is not possible, or too many.
fn pack(changes: Vec<Change<'_>>, now: Timestamp) -> Option<Vec<String>> {
    let empty = || Changes { tasks: Vec::new(), steps: Vec::new(), removed: Vec::new(), sent_at: now };
    let mut packed = Vec::new();
    let (mut open, mut bytes) = (empty(), FRAME_BYTES);
    for change in changes {
        let size = size(&change);
        if bytes + size > MESSAGE_BYTES {
            packed.push(std::mem::replace(&mut open, empty()));
            bytes = FRAME_BYTES;
        }
        if bytes + size > MESSAGE_BYTES || packed.len() >= MOST_MESSAGES {
            return None;
        }
        bytes += size;
        match change {
            Change::Task(task) => open.tasks.push(task.clone()),
            Change::Step(task_id, step) => {
                open.steps.push(ChangedStep { task_id: task_id.clone(), step: step.clone() });
            }
            Change::Removed(task_id) => open.removed.push(task_id.clone()),
        }
    }
    packed.push(open);
    Some(packed.into_iter().map(|changes| text(&Message::Changes(changes))).collect())
}

fn size(change: &Change<'_>) -> usize {
    match change {
        Change::Task(task) => text(task).len() + 1,
        Change::Step(task_id, step) => text(step).len() + task_id.as_str().len() + 32,
        Change::Removed(task_id) => task_id.as_str().len() + 3,
    }
}

/// As JSON, which can hold everything that a message is made of.
pub(crate) fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use miyabi_shared::{Progress, TaskStatus};

    use super::*;

    fn task(number: usize, message: &str) -> Task {
        Task {
            task_id: format!("t-{number}").parse().unwrap(),
            project_id: "web".parse().unwrap(),
            task_type: "build".parse().unwrap(),
            name: "n".to_owned(),
            status: TaskStatus::Running,
            progress: Progress { message: Some(message.to_owned()), ..Progress::default() },
            attempt: 1,
            sequence: 1,
            exit_code: None,
            labels: Default::default(),
            estimate: None,
            heartbeat_at: None,
            version: 1,
            log_group: None,
            created_at: Timestamp::from_millis(0),
            updated_at: Timestamp::from_millis(0),
            started_at: None,
            finished_at: None,
        }
    }

    fn batch(tasks: impl IntoIterator<Item = Task>) -> Batch {
        Batch {
            tasks: tasks.into_iter().map(|task| (task.task_id.clone(), task)).collect(),
            ..Batch::default()
        }
    }

    fn told(texts: &[String]) -> Vec<Message> {
        texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect()
    }

    #[test]
    fn what_does_not_fit_one_message_goes_into_several_and_nothing_is_lost() {
        let batch = batch((0..100).map(|number| task(number, &"x".repeat(4000))));
        let texts = messages(&Channel::Tasks, &batch, Timestamp::from_millis(0));
        assert!(texts.len() > 1 && texts.iter().all(|text| text.len() <= MESSAGE_BYTES));
        let tasks: Vec<Task> = told(&texts)
            .into_iter()
            .flat_map(|message| match message {
                Message::Changes(changes) => changes.tasks,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(tasks, batch.tasks.values().cloned().collect::<Vec<_>>());
    }

    #[test]
    fn what_is_too_much_to_tell_is_to_be_read() {
        let refresh = |texts: &[String]| told(texts) == [Message::Refresh { channel: Channel::Tasks }];
        let many = batch((0..400).map(|number| task(number, &"x".repeat(4000))));
        assert!(refresh(&messages(&Channel::Tasks, &many, Timestamp::from_millis(0))));
        let large = batch([task(1, &"x".repeat(MESSAGE_BYTES))]);
        assert!(refresh(&messages(&Channel::Tasks, &large, Timestamp::from_millis(0))));
    }

    #[test]
    fn a_channel_says_only_what_it_is_about() {
        let mut other = task(2, "");
        other.project_id = "api".parse().unwrap();
        let batch = batch([task(1, ""), other]);
        let ids = |channel: &str| {
            let texts = messages(&channel.parse().unwrap(), &batch, Timestamp::from_millis(0));
            match told(&texts).remove(0) {
                Message::Changes(changes) => {
                    changes.tasks.iter().map(|task| task.task_id.to_string()).collect::<Vec<_>>()
                }
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(ids("tasks"), ["t-1", "t-2"]);
        assert_eq!(ids("project:api"), ["t-2"]);
        assert_eq!(ids("task:t-1"), ["t-1"]);
    }
}
