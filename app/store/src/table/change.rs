//! Changes of the table of tasks, as its stream tells them.

use miyabi_shared::table::tasks;
use miyabi_shared::{Step, Task, TaskId, Timestamp};
use serde::Deserialize;
use serde_dynamo::{AttributeValue, Item};

use super::item::{Current, KeptStep};
use crate::error::StoreError;

/// One record of the stream, as a function gets it.
#[derive(Debug, Clone, Deserialize)]
pub struct StreamRecord {
    #[serde(rename = "eventName", default)]
    event: String,
    dynamodb: Images,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Images {
    keys: Item,
    #[serde(default)]
    new_image: Option<Item>,
    #[serde(default)]
    old_image: Option<Item>,
    #[serde(default)]
    sequence_number: Option<String>,
    /// Seconds since 1970, rounded; from some sources with a fraction.
    #[serde(default)]
    approximate_creation_date_time: Option<f64>,
}

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemChange {
    /// A task is now so.
    Task {
        /// The task.
        task: Box<Task>,
        /// How it was before, where it was there.
        before: Option<Box<Task>>,
    },
    /// A step is now so.
    Step {
        /// The task that it belongs to.
        task_id: TaskId,
        /// The step.
        step: Box<Step>,
    },
    /// A task is gone: its time was over.
    Removed {
        /// Which.
        task_id: TaskId,
        /// How it was last, where the stream tells.
        last: Option<Box<Task>>,
    },
    /// Something that nobody outside is told: a point of history, a parser's state, a step that went with its task.
    Other,
}

impl StreamRecord {
    /// The record's place in the stream, by which a batch says from where it must come again.
    pub fn sequence_number(&self) -> Option<&str> {
        self.dynamodb.sequence_number.as_deref()
    }

    /// When the change was stored, to the second.
    pub fn stored_at(&self) -> Option<Timestamp> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "seconds since 1970 in milliseconds, far below 2^53"
        )]
        let millis = |seconds: f64| Timestamp::from_millis((seconds * 1000.0) as i64);
        self.dynamodb.approximate_creation_date_time.map(millis)
    }

    /// What it says.
    ///
    /// # Errors
    /// When the item is none of ours.
    pub fn read(self) -> Result<ItemChange, StoreError> {
        let Images { keys, new_image, old_image, .. } = self.dynamodb;
        // A point of history has a fraction, and is no integer.
        let place = match keys.get(tasks::TIMESTAMP) {
            Some(AttributeValue::N(place)) => place.parse::<i64>().ok(),
            _ => None,
        };
        let Some(place) =
            place.filter(|place| (tasks::PARSER_STATE + 1..=tasks::CURRENT_STATE).contains(place))
        else {
            return Ok(ItemChange::Other);
        };
        match new_image {
            Some(item) if place == tasks::CURRENT_STATE => {
                let task = Box::new(Current::from_item(item)?.task);
                Ok(ItemChange::Task { task, before: task_of(old_image)? })
            }
            Some(item) => {
                let task_id = task_id(&item)?;
                Ok(ItemChange::Step { task_id, step: Box::new(KeptStep::from_item(item)?.step) })
            }
            None if place == tasks::CURRENT_STATE && self.event == "REMOVE" => {
                Ok(ItemChange::Removed { task_id: task_id(&keys)?, last: task_of(old_image)? })
            }
            None => Ok(ItemChange::Other),
        }
    }
}

fn task_of(image: Option<Item>) -> Result<Option<Box<Task>>, StoreError> {
    let current = image.map(Current::from_item).transpose()?;
    Ok(current.map(|current| Box::new(current.task)))
}

fn task_id(item: &Item) -> Result<TaskId, StoreError> {
    let text = match item.get(tasks::TASK_ID) {
        Some(AttributeValue::S(text)) => text.as_str(),
        _ => "",
    };
    text.parse().map_err(|error: miyabi_shared::InvalidId| StoreError::Refused {
        act: "reading a change",
        source: error.into(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(event: &str, timestamp: &str, image: Option<Value>) -> Result<ItemChange, StoreError> {
        let keys = json!({"task_id": {"S": "t-1"}, "timestamp": {"N": timestamp}});
        let mut dynamodb =
            json!({"Keys": keys, "SequenceNumber": "7", "ApproximateCreationDateTime": 1_700_000_000});
        if let Some(image) = image {
            dynamodb["NewImage"] = image;
        }
        let record =
            json!({"eventID": "1", "eventName": event, "eventSource": "aws:dynamodb", "dynamodb": dynamodb});
        let record: StreamRecord = serde_json::from_value(record).unwrap();
        assert_eq!(record.sequence_number(), Some("7"));
        assert_eq!(record.stored_at(), Some(Timestamp::from_millis(1_700_000_000_000)));
        record.read()
    }

    #[test]
    fn what_belongs_to_nobody_outside_is_told_to_nobody() {
        let image = json!({"task_id": {"S": "t-1"}});
        let parser = tasks::PARSER_STATE.to_string();
        for place in ["1700000000000.000000000000001000", "1700000000000", parser.as_str()] {
            assert_eq!(read("INSERT", place, Some(image.clone())).unwrap(), ItemChange::Other, "{place}");
        }
        assert_eq!(read("REMOVE", "-5", None).unwrap(), ItemChange::Other);
    }

    #[test]
    fn a_task_whose_time_is_over_is_told_as_gone() {
        assert_eq!(
            read("REMOVE", "0", None).unwrap(),
            ItemChange::Removed { task_id: "t-1".parse().unwrap(), last: None }
        );
    }

    #[test]
    fn an_item_that_is_not_ours_is_an_error_and_no_panic() {
        assert!(read("INSERT", "0", Some(json!({"task_id": {"S": "t-1"}}))).is_err());
        assert!(read("INSERT", "-5", Some(json!({"task_id": {"S": ""}}))).is_err());
    }
}
