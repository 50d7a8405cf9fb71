//! Records of the stream, made of items as the table has them.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use miyabi_shared::TaskId;
use miyabi_shared::table::tasks;
use serde_json::{Map, Value, json};

pub(crate) type Item = HashMap<String, AttributeValue>;

pub(crate) fn key(task_id: &TaskId) -> Item {
    Item::from([
        (tasks::TASK_ID.to_owned(), AttributeValue::S(task_id.to_string())),
        (tasks::TIMESTAMP.to_owned(), AttributeValue::N(tasks::CURRENT_STATE.to_string())),
    ])
}

/// The change of a task's item from one image to another, numbered.
pub(crate) fn record(number: usize, before: Option<&Item>, after: Option<&Item>) -> Value {
    let either = after.or(before).expect("a change of something");
    let event = match (before, after) {
        (None, _) => "INSERT",
        (Some(_), Some(_)) => "MODIFY",
        (Some(_), None) => "REMOVE",
    };
    let keys = [tasks::TASK_ID, tasks::TIMESTAMP].map(|name| (name.to_owned(), json_of(&either[name])));
    let mut record = json!({
        "eventName": event,
        "eventSource": "aws:dynamodb",
        "dynamodb": { "Keys": Map::from_iter(keys), "SequenceNumber": number.to_string(), "ApproximateCreationDateTime": 1_795_000_000 },
    });
    for (name, image) in [("OldImage", before), ("NewImage", after)] {
        if let Some(image) = image {
            record["dynamodb"][name] = image_of(image);
        }
    }
    record
}

fn image_of(item: &Item) -> Value {
    Value::Object(item.iter().map(|(name, value)| (name.clone(), json_of(value))).collect())
}

fn json_of(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(flag) => json!({ "BOOL": flag }),
        AttributeValue::Null(_) => json!({ "NULL": true }),
        AttributeValue::M(map) => json!({ "M": image_of(map) }),
        AttributeValue::L(list) => json!({ "L": list.iter().map(json_of).collect::<Vec<_>>() }),
        other => panic!("{other:?} is in no item of ours"),
    }
}
