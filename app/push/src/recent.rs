//! What changed lately, in the table of connections: for those who come in the middle of it, and for channels of many
//! tasks, which are told once a second.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use miyabi_shared::push::{Channel, REPLAY_SECONDS};
use miyabi_shared::table::connections;
use miyabi_shared::{ProjectId, TaskId, Timestamp};

use crate::changes::Batch;
use crate::viewers::{Viewers, ViewersError, number, text};

/// The partition; `#` is in no channel.
const RECENT: &str = "#recent";
const CHANGES: &str = "changes";
/// More tasks than these, and reading again is quicker for everybody.
const MOST_TASKS: usize = 500;
/// More pages of 1 MB than these, and it is not worth looking.
const MOST_PAGES: usize = 3;

/// That a task changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) project: Option<ProjectId>,
    /// When that was noted.
    pub(crate) noted_at: Timestamp,
    /// When it was stored.
    pub(crate) stored_at: Timestamp,
}

/// What changed on a channel.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Lately {
    /// These tasks, each with the oldest mark of it.
    Tasks(BTreeMap<TaskId, Mark>),
    /// More than can be told.
    TooMuch,
}

impl Viewers {
    /// Notes which tasks changed. Whoever subscribes after this finds it, and whoever did so before is found by who looks
    /// for followers after this: between them nobody is missed.
    pub(crate) async fn note(&self, batch: &Batch, now: Timestamp) -> Result<(), ViewersError> {
        let stored_at = batch.oldest.unwrap_or(now).as_millis();
        let line =
            |task_id: &TaskId, project: &str| AttributeValue::S(format!("{task_id} {project} {stored_at}"));
        let tasks = batch.tasks.values().map(|task| line(&task.task_id, task.project_id.as_str()));
        let removed = batch.removed.iter();
        let removed = removed.map(|(id, project)| line(id, project.as_ref().map_or("", ProjectId::as_str)));
        let lines: Vec<_> = tasks.chain(removed).collect();
        if lines.is_empty() {
            return Ok(());
        }
        let kept = now.plus(Duration::from_secs(2 * REPLAY_SECONDS)).as_seconds();
        self.client
            .put_item()
            .table_name(&self.table)
            .item(connections::CHANNEL, text(RECENT))
            .item(connections::CONNECTION_ID, text(&format!("{}#{:08x}", place(now), fastrand::u32(..))))
            .item(connections::EXPIRES_AT, number(kept))
            .item(CHANGES, AttributeValue::L(lines))
            .send()
            .await
            .map_err(ViewersError::when("writing to"))?;
        Ok(())
    }

    /// What was noted of a channel since `from`.
    pub(crate) async fn since(&self, from: Timestamp, channel: &Channel) -> Result<Lately, ViewersError> {
        let (mut tasks, mut start) = (BTreeMap::<TaskId, Mark>::new(), None);
        for _ in 0..MOST_PAGES {
            let output = self
                .client
                .query()
                .table_name(&self.table)
                .consistent_read(true)
                .key_condition_expression("#channel = :recent AND #place >= :from")
                .expression_attribute_names("#channel", connections::CHANNEL)
                .expression_attribute_names("#place", connections::CONNECTION_ID)
                .expression_attribute_values(":recent", text(RECENT))
                .expression_attribute_values(":from", text(&place(from)))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(ViewersError::when("reading"))?;
            for item in output.items.unwrap_or_default() {
                let noted_at = item.get(connections::CONNECTION_ID).and_then(|place| place.as_s().ok());
                let noted_at = noted_at.and_then(|place| place.split('#').next()?.parse().ok());
                let noted_at = Timestamp::from_millis(noted_at.unwrap_or_default());
                let lines = item.get(CHANGES).and_then(|changes| changes.as_l().ok());
                for line in lines.into_iter().flatten().filter_map(|line| line.as_s().ok()) {
                    if let Some((task_id, mark)) = read(line, noted_at)
                        && is_on(channel, &task_id, mark.project.as_ref())
                    {
                        tasks.entry(task_id).or_insert(mark);
                    }
                }
            }
            if tasks.len() > MOST_TASKS {
                return Ok(Lately::TooMuch);
            }
            start = output.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                return Ok(Lately::Tasks(tasks));
            }
        }
        Ok(Lately::TooMuch)
    }
}

/// Text that is ordered as the moments are.
fn place(moment: Timestamp) -> String {
    format!("{:015}", moment.as_millis().max(0))
}

fn read(line: &str, noted_at: Timestamp) -> Option<(TaskId, Mark)> {
    let mut words = line.split(' ');
    let task_id = words.next()?.parse().ok()?;
    let project = words.next()?.parse().ok();
    let stored_at = Timestamp::from_millis(words.next()?.parse().ok()?);
    Some((task_id, Mark { project, noted_at, stored_at }))
}

fn is_on(channel: &Channel, task_id: &TaskId, project: Option<&ProjectId>) -> bool {
    match channel {
        Channel::Tasks => true,
        Channel::Project(of) => project == Some(of),
        Channel::Task(one) => one == task_id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_which_task_of_which_project_and_when() {
        let noted_at = Timestamp::from_millis(7);
        let mark = |project: Option<&str>| Mark {
            project: project.map(|id| id.parse().unwrap()),
            noted_at,
            stored_at: Timestamp::from_millis(5),
        };
        assert_eq!(read("t-1 web 5", noted_at), Some(("t-1".parse().unwrap(), mark(Some("web")))));
        assert_eq!(read("t-1  5", noted_at), Some(("t-1".parse().unwrap(), mark(None))));
        assert_eq!(read("t-1 web", noted_at), None);
    }

    #[test]
    fn places_are_ordered_as_moments_are() {
        let places = [0, 9, 10, 1_795_322_123_456].map(|millis| place(Timestamp::from_millis(millis)));
        assert!(places.is_sorted(), "{places:?}");
    }
}
