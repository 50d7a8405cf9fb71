//! Lists as the indexes hold them: keys only, newest first, merged where an index is spread over partitions.

use std::collections::{HashMap, HashSet, VecDeque};

use aws_sdk_dynamodb::types::AttributeValue;
use futures::future::try_join_all;
use miyabi_shared::table::tasks;
use miyabi_shared::{TaskId, TaskStatus};

use super::item::{self, Item};
use super::{Tables, failure};
use crate::error::StoreError;
use crate::position::Position;
use crate::query::Filter;

/// Fewest entries that are asked for at once from one partition.
const FEWEST: usize = 16;
/// Most entries that are asked for at once: about 100 kB of keys.
const MOST: usize = 1000;

/// One partition of an index, read from the newest down.
#[derive(Debug)]
struct Stream {
    index: &'static str,
    attribute: &'static str,
    partition: String,
    buffer: VecDeque<Position>,
    next: Option<Item>,
    exhausted: bool,
}

/// Partitions of an index as one sequence in the order of [`Position`].
#[derive(Debug)]
pub(crate) struct Streams<'tables> {
    tables: &'tables Tables,
    streams: Vec<Stream>,
    after: Option<Position>,
    page: usize,
    seen: HashSet<TaskId>,
    /// Whether the index answers the whole filter; else the tasks themselves must be looked at.
    exact: bool,
}

impl Tables {
    /// What the best index says about `filter`, after a position, in portions of about `page`.
    pub(crate) fn streams(&self, filter: &Filter, after: Option<Position>, page: usize) -> Streams<'_> {
        // Few tasks are at work at any time; of those that ended there are many.
        let live = filter.status.filter(|status| !status.is_terminal());
        let streams = match (live, &filter.project, &filter.task_type, filter.status) {
            (None, Some(project), _, _) => {
                vec![Stream::new(tasks::PROJECT_INDEX, tasks::PROJECT_ID, project.to_string())]
            }
            (None, None, Some(task_type), _) => {
                vec![Stream::new(tasks::TYPE_INDEX, tasks::TASK_TYPE, task_type.to_string())]
            }
            (Some(status), ..) | (None, None, None, Some(status)) => status_streams(status).collect(),
            (None, None, None, None) => TaskStatus::ALL.into_iter().flat_map(status_streams).collect(),
        };
        let page = (2 * page / streams.len()).clamp(FEWEST, MOST);
        Streams { tables: self, streams, after, page, seen: HashSet::new(), exact: filter.names() <= 1 }
    }
}

fn status_streams(status: TaskStatus) -> impl Iterator<Item = Stream> {
    (0..tasks::STATUS_SHARDS).map(move |shard| {
        Stream::new(tasks::STATUS_INDEX, tasks::STATUS_SHARD, item::shard_key(status, shard))
    })
}

impl Stream {
    fn new(index: &'static str, attribute: &'static str, partition: String) -> Self {
        Self { index, attribute, partition, buffer: VecDeque::new(), next: None, exhausted: false }
    }

    async fn fill(
        &mut self,
        tables: &Tables,
        after: Option<&Position>,
        page: usize,
    ) -> Result<(), StoreError> {
        while self.buffer.is_empty() && !self.exhausted {
            let query = tables
                .client
                .query()
                .table_name(&tables.tasks)
                .index_name(self.index)
                .expression_attribute_names("#partition", self.attribute)
                .expression_attribute_values(":partition", AttributeValue::S(self.partition.clone()))
                .scan_index_forward(false)
                .limit(i32::try_from(page).unwrap_or(i32::MAX))
                .set_exclusive_start_key(self.next.take());
            let query = match after {
                None => query.key_condition_expression("#partition = :partition"),
                Some(after) => query
                    .key_condition_expression("#partition = :partition AND #created <= :created")
                    .expression_attribute_names("#created", tasks::CREATED_AT)
                    .expression_attribute_values(":created", AttributeValue::N(after.created_at.to_string())),
            };
            let output = query.send().await.map_err(|error| failure("reading an index", error))?;
            self.next = output.last_evaluated_key.filter(|key| !key.is_empty());
            self.exhausted = self.next.is_none();
            self.buffer.extend(output.items.unwrap_or_default().iter().filter_map(position));
        }
        Ok(())
    }
}

fn position(item: &HashMap<String, AttributeValue>) -> Option<Position> {
    let created_at = item.get(tasks::CREATED_AT)?.as_n().ok()?.parse().ok()?;
    let task_id = TaskId::new(item.get(tasks::TASK_ID)?.as_s().ok()?).ok()?;
    Some(Position { created_at, task_id })
}

impl Streams<'_> {
    pub(crate) fn is_exact(&self) -> bool {
        self.exact
    }

    /// At least `count` further entries, unless it ends before; always all that were created in one millisecond.
    pub(crate) async fn next(&mut self, count: usize) -> Result<Vec<Position>, StoreError> {
        let mut entries = Vec::with_capacity(count);
        while entries.len() < count {
            let group = self.next_group().await?;
            if group.is_empty() {
                break;
            }
            entries.extend(group);
        }
        Ok(entries)
    }

    /// Whether nothing is left.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.streams.iter().all(|stream| stream.exhausted && stream.buffer.is_empty())
    }

    /// All entries of the newest millisecond that is left and has some after the start.
    async fn next_group(&mut self) -> Result<Vec<Position>, StoreError> {
        loop {
            let mut group = Vec::new();
            let mut newest = None;
            loop {
                let (tables, after, page) = (self.tables, self.after.as_ref(), self.page);
                try_join_all(self.streams.iter_mut().map(|stream| stream.fill(tables, after, page))).await?;
                let heads = self.streams.iter().filter_map(|stream| stream.buffer.front());
                let Some(head) = heads.map(|position| position.created_at).max() else { break };
                if *newest.get_or_insert(head) != head {
                    break;
                }
                for stream in &mut self.streams {
                    while stream.buffer.front().is_some_and(|position| position.created_at == head) {
                        group.extend(stream.buffer.pop_front());
                    }
                }
            }
            if newest.is_none() {
                return Ok(Vec::new());
            }
            // A task that changes its status is for a moment in two partitions, or in one at another time.
            group.retain(|position| {
                self.after.as_ref().is_none_or(|after| position > after)
                    && self.seen.insert(position.task_id.clone())
            });
            group.sort_unstable();
            if !group.is_empty() {
                return Ok(group);
            }
        }
    }
}
