//! What is said on a channel, in messages that fit.

use miyabi_shared::push::{ChangedStep, Changes, Channel, MESSAGE_BYTES, Message};
use miyabi_shared::{Step, Task, TaskId, Timestamp};
use serde::Serialize;

use crate::changes::Batch;

/// More messages than these at once, and reading again is quicker for everybody.
pub(crate) const MOST_MESSAGES: usize = 4;
/// What a message takes beside what it lists.
const FRAME_BYTES: usize = 256;

/// One thing that changed.
enum Change<'batch> {
    Task(&'batch Task),
    Step(&'batch TaskId, &'batch Step),
    Removed(&'batch TaskId),
}

/// At most `most` messages about `batch` on `channel`, as JSON; none where it says nothing there.
pub(crate) fn messages(channel: &Channel, batch: &Batch, most: usize, now: Timestamp) -> Vec<String> {
    let changes = on_channel(channel, batch);
    if changes.is_empty() {
        return Vec::new();
    }
    let stored_at = batch.oldest.unwrap_or(now);
    pack(changes, most, stored_at, now).unwrap_or_else(|| vec![refresh(channel)])
}

/// That everything on `channel` has to be read.
pub(crate) fn refresh(channel: &Channel) -> String {
    text(&Message::Refresh { channel: channel.clone() })
}

/// The part of `batch` that `channel` is about.
fn on_channel<'batch>(channel: &Channel, batch: &'batch Batch) -> Vec<Change<'batch>> {
    let tasks = batch.tasks.values();
    match channel {
        Channel::Tasks => tasks.map(Change::Task).chain(batch.removed.keys().map(Change::Removed)).collect(),
        Channel::Project(project_id) => {
            let removed = batch.removed.iter().filter(|(_, of)| of.as_ref() == Some(project_id));
            let removed = removed.map(|(task_id, _)| Change::Removed(task_id));
            tasks.filter(|task| task.project_id == *project_id).map(Change::Task).chain(removed).collect()
        }
        Channel::Task(task_id) => {
            let task = batch.tasks.get(task_id).map(Change::Task);
            let steps = batch.steps.iter().filter(|((task, _), _)| task == task_id);
            let steps = steps.map(|((task_id, _), step)| Change::Step(task_id, step));
            let removed = batch.removed.get_key_value(task_id).map(|(task_id, _)| Change::Removed(task_id));
            task.into_iter().chain(steps).chain(removed).collect()
        }
    }
}

/// As few messages as they fit into; `None` where that is not possible, or too many.
fn pack(changes: Vec<Change<'_>>, most: usize, stored_at: Timestamp, now: Timestamp) -> Option<Vec<String>> {
    let empty = || Changes {
        tasks: Vec::new(),
        steps: Vec::new(),
        removed: Vec::new(),
        changed_at: stored_at,
        sent_at: now,
    };
    let mut packed = Vec::new();
    let (mut open, mut bytes) = (empty(), FRAME_BYTES);
    for change in changes {
        let size = size(&change);
        if bytes + size > MESSAGE_BYTES {
            packed.push(std::mem::replace(&mut open, empty()));
            bytes = FRAME_BYTES;
        }
        if bytes + size > MESSAGE_BYTES || packed.len() >= most {
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
    let tell = |mut changes: Changes| {
        // A sign of life is news too, and changes no other time of the task.
        let news = changes.tasks.iter().map(|task| Some(task.updated_at).max(task.heartbeat_at));
        changes.changed_at = news.max().flatten().unwrap_or(stored_at);
        text(&Message::Changes(changes))
    };
    Some(packed.into_iter().map(tell).collect())
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
        let texts = messages(&Channel::Tasks, &batch, MOST_MESSAGES, Timestamp::from_millis(0));
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
    fn a_message_says_when_the_newest_of_it_happened() {
        let at = Timestamp::from_millis;
        let mut alive = task(2, "");
        alive.heartbeat_at = Some(at(7000));
        let batch = Batch { oldest: Some(at(9000)), ..batch([task(1, ""), alive]) };
        let said =
            |channel: &str| match told(&messages(&channel.parse().unwrap(), &batch, 1, at(9500))).remove(0) {
                Message::Changes(changes) => (changes.changed_at, changes.sent_at),
                other => panic!("{other:?}"),
            };
        assert_eq!(said("tasks"), (at(7000), at(9500)));
        assert_eq!(said("task:t-1"), (at(0), at(9500)));
        assert!(messages(&"project:other".parse().unwrap(), &batch, 1, at(9500)).is_empty());
    }

    #[test]
    fn what_must_be_one_message_and_does_not_fit_is_to_be_read() {
        let batch = batch((0..100).map(|number| task(number, &"x".repeat(4000))));
        let texts = messages(&Channel::Tasks, &batch, 1, Timestamp::from_millis(0));
        assert_eq!(told(&texts), [Message::Refresh { channel: Channel::Tasks }]);
    }

    #[test]
    fn what_is_too_much_to_tell_is_to_be_read() {
        let refresh = |texts: &[String]| told(texts) == [Message::Refresh { channel: Channel::Tasks }];
        let many = batch((0..400).map(|number| task(number, &"x".repeat(4000))));
        assert!(refresh(&messages(&Channel::Tasks, &many, MOST_MESSAGES, Timestamp::from_millis(0))));
        let large = batch([task(1, &"x".repeat(MESSAGE_BYTES))]);
        assert!(refresh(&messages(&Channel::Tasks, &large, MOST_MESSAGES, Timestamp::from_millis(0))));
    }

    #[test]
    fn a_channel_says_only_what_it_is_about() {
        let mut other = task(2, "");
        other.project_id = "api".parse().unwrap();
        let batch = batch([task(1, ""), other]);
        let ids = |channel: &str| {
            let texts = messages(&channel.parse().unwrap(), &batch, 1, Timestamp::from_millis(0));
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
