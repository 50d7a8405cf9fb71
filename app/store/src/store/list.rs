//! How a list is read: from the cache where that knows it, else from an index, and then the cache learns it.

use std::collections::HashMap;

use miyabi_shared::{Task, TaskId, limits};

use super::read::content_tag;
use super::{TaskStore, entry};
use crate::answer::{Answer, Document, Source, TaskPage};
use crate::cache::{FoundList, FoundPage, Rows, Steps, Value};
use crate::error::StoreError;
use crate::position::Position;
use crate::query::{Filter, ListQuery};
use crate::table::Current;

/// How many entries a list is built or extended by, where an index answers it alone; else one page.
const BUILD: usize = 300;
/// How many entries are looked at for one page of a list that no index answers alone. Past it the page is shorter, and its
/// cursor goes on from there.
const LOOKED_AT: usize = 5000;
/// Fewest entries that are looked at together.
const LOOK: usize = 100;
/// How often the cache is asked for one page: cold, short, and what was found missing.
const ROUNDS: usize = 4;

/// A part of a list as the tables hold it.
struct Part {
    rows: Vec<Position>,
    /// The tasks of `rows`, where they were looked at.
    tasks: HashMap<TaskId, Current>,
    /// Everything created since is in `rows`; `None` when nothing is left below.
    floor: Option<Position>,
    looked_at: usize,
}

impl TaskStore {
    /// One page of a list, newest first.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`] when the cursor is not one of this list.
    pub async fn list(
        &self,
        query: &ListQuery,
        if_none_match: Option<&str>,
    ) -> Result<Answer<TaskPage>, StoreError> {
        if query.sieve.is_empty() {
            self.list_of(query, query.page_size(), if_none_match).await
        } else {
            self.sieved(query, if_none_match).await
        }
    }

    /// The page of `size` tasks, whatever the query says of both size and sieve.
    pub(super) async fn list_of(
        &self,
        query: &ListQuery,
        size: usize,
        if_none_match: Option<&str>,
    ) -> Result<Answer<TaskPage>, StoreError> {
        let filter = &query.filter;
        let name = filter.name();
        let after = match &query.cursor {
            None => None,
            Some(cursor) => Some(self.cursors.read_position(&name, cursor)?),
        };
        let mut source = Source::Hit;
        let rounds = if self.repaired().await { ROUNDS } else { 0 };
        let mut lowest = None;
        for _ in 0..rounds {
            let Ok(found) = self.cache.list(filter, size, after.as_ref(), if_none_match).await else {
                break;
            };
            let kept = match found {
                FoundList::Same { tag } => return Ok(Answer { value: None, tag, source }),
                FoundList::Page(page) => match self.complete_page(filter, page, &mut source).await? {
                    Some(answer) => return Ok(answer),
                    None => Ok(()),
                },
                FoundList::Cold { epoch, now } => {
                    source = Source::Miss;
                    let part = self.part(filter, None, build_size(filter)).await?;
                    self.keep_part(filter, part, epoch, now, None).await
                }
                FoundList::Short { epoch, now, floor } => {
                    source = Source::Miss;
                    if lowest.replace(floor) == Some(floor) {
                        // It holds as many as it may.
                        break;
                    }
                    let part = self.part(filter, Some(floor_position(floor)), build_size(filter)).await?;
                    self.keep_part(filter, part, epoch, now, Some(floor)).await
                }
            };
            if kept.is_err() {
                break;
            }
        }
        source = if source == Source::Miss { source } else { Source::Bypass };
        self.page_of_tables(filter, size, after, source, if_none_match).await
    }

    /// Puts the missing and the no longer trusted tasks into a page of the cache; `None` when the list itself was wrong.
    async fn complete_page(
        &self,
        filter: &Filter,
        page: FoundPage,
        source: &mut Source,
    ) -> Result<Option<Answer<TaskPage>>, StoreError> {
        // The versions of those that the cache holds and that are not believed.
        let mut known = HashMap::new();
        let mut values = Vec::with_capacity(page.values.len());
        for (id, bytes) in page.ids.iter().zip(page.values) {
            values.push(bytes.and_then(Value::parse).filter(|value| {
                let header = &value.header;
                let good = header.is_trusted(page.epoch, page.now)
                    && filter.status.is_none_or(|status| status == header.status);
                if !good {
                    known.insert(id.as_str(), header.version);
                }
                good
            }));
        }
        let lacking: Vec<TaskId> = (page.ids.iter().zip(&values))
            .filter(|(_, value)| value.is_none())
            .filter_map(|(id, _)| TaskId::new(id.as_str()).ok())
            .collect();
        let mut found = HashMap::new();
        if !lacking.is_empty() {
            *source = Source::Miss;
            found = self.tables.current_of(&lacking).await?;
            let puts = found.values().map(|current| async {
                let update = self.cache.update(&current.task.task_id);
                if self.cache.put(&entry(current, Steps::Untouched), Some(page.epoch)).await.is_ok() {
                    update.arrived();
                }
            });
            futures::future::join_all(puts).await;
            let gone: Vec<(TaskId, u64)> = lacking
                .iter()
                .filter_map(|task_id| match found.get(task_id) {
                    Some(current) if filter.matches(&current.task) => None,
                    Some(current) => Some((task_id.clone(), current.task.version)),
                    None => Some((task_id.clone(), known.get(task_id.as_str()).copied().unwrap_or(0))),
                })
                .collect();
            if !gone.is_empty() {
                // A failure shows when the cache is asked again.
                let _ = self.cache.drop_from_list(filter, &gone).await;
                return Ok(None);
            }
        }
        let mut tasks = Vec::with_capacity(values.len());
        for (id, value) in page.ids.iter().zip(values) {
            match value {
                Some(value) => tasks.push(value.document),
                None => match TaskId::new(id.as_str()).ok().and_then(|task_id| found.get(&task_id)) {
                    Some(current) => tasks.push(Document::of(&current.task)?),
                    None => return Ok(None),
                },
            }
        }
        let last = page.ids.last().and_then(|id| TaskId::new(id.as_str()).ok());
        let next_cursor = last.filter(|_| page.more).map(|task_id| {
            self.cursors.write_position(&filter.name(), &Position { created_at: page.last, task_id })
        });
        let value = Some(TaskPage { tasks, next_cursor });
        Ok(Some(Answer { value, tag: page.tag, source: *source }))
    }

    async fn page_of_tables(
        &self,
        filter: &Filter,
        size: usize,
        after: Option<Position>,
        source: Source,
        if_none_match: Option<&str>,
    ) -> Result<Answer<TaskPage>, StoreError> {
        let (mut tasks, mut start, mut looked_at) = (Vec::new(), after, 0);
        let mut more = true;
        while more && tasks.len() <= size && looked_at < LOOKED_AT {
            let mut part = self.part(filter, start.take(), size + 1 - tasks.len()).await?;
            self.look_at(&mut part).await?;
            looked_at += part.looked_at;
            more = part.floor.is_some();
            start = part.floor;
            let matching = part.rows.iter().filter_map(|row| part.tasks.remove(&row.task_id));
            tasks.extend(matching.map(|current| current.task).filter(|task| filter.matches(task)));
        }
        let next = if tasks.len() > size { tasks.get(size - 1).map(position_of) } else { start };
        tasks.truncate(size);
        for task in &tasks {
            // The cache does not have what is shown here: until it has, it counts as missed.
            drop(self.cache.update(&task.task_id));
        }
        let documents = tasks.iter().map(Document::of).collect::<Result<Vec<_>, _>>()?;
        let next_cursor = next.map(|position| self.cursors.write_position(&filter.name(), &position));
        let more = next_cursor.as_deref().unwrap_or_default().as_bytes();
        let tag = content_tag(documents.iter().map(Document::as_bytes).chain([more]));
        Ok(Answer::new(TaskPage { tasks: documents, next_cursor }, tag, source, if_none_match))
    }

    /// The entries of a list after a position: at least `count`, unless it ends before.
    async fn part(&self, filter: &Filter, after: Option<Position>, count: usize) -> Result<Part, StoreError> {
        let mut streams = self.tables.streams(filter, after, count);
        let (mut rows, mut tasks, mut looked_at) = (Vec::new(), HashMap::new(), 0);
        let mut last = None;
        while rows.len() < count && looked_at < LOOKED_AT {
            let lacking = count - rows.len();
            let entries = streams.next(if streams.is_exact() { lacking } else { lacking.max(LOOK) }).await?;
            let Some(lowest) = entries.last() else { break };
            last = Some(lowest.clone());
            looked_at += entries.len();
            if streams.is_exact() {
                rows.extend(entries);
                continue;
            }
            let ids: Vec<TaskId> = entries.iter().map(|position| position.task_id.clone()).collect();
            let found = self.tables.current_of(&ids).await?;
            rows.extend(entries.into_iter().filter(|position| {
                found.get(&position.task_id).is_some_and(|current| filter.matches(&current.task))
            }));
            tasks.extend(found);
        }
        let floor = last.filter(|_| !streams.is_exhausted());
        Ok(Part { rows, tasks, floor, looked_at })
    }

    /// Reads the tasks of a part that were not looked at yet.
    async fn look_at(&self, part: &mut Part) -> Result<(), StoreError> {
        let ids: Vec<TaskId> = (part.rows.iter().map(|row| &row.task_id))
            .filter(|task_id| !part.tasks.contains_key(*task_id))
            .cloned()
            .collect();
        part.tasks.extend(self.tables.current_of(&ids).await?);
        Ok(())
    }

    async fn keep_part(
        &self,
        filter: &Filter,
        part: Part,
        epoch: u64,
        asked_at: i64,
        extends: Option<i64>,
    ) -> Result<(), crate::cache::Out> {
        // A whole millisecond is in a part or not at all.
        let floor = part.floor.map_or(0, |position| position.created_at.max(0));
        let rows = Rows { filter, epoch, asked_at, floor, extends, rows: &part.rows };
        self.cache.fill_list(&rows).await
    }
}

/// The place after everything that was created at `floor` or later.
fn floor_position(floor: i64) -> Position {
    // No identifier is smaller than this one, and the smallest comes last.
    Position { created_at: floor, task_id: TaskId::from_words("", "-") }
}

fn build_size(filter: &Filter) -> usize {
    if filter.names() <= 1 { BUILD } else { limits::PAGE_SIZE_MAX as usize + 1 }
}

fn position_of(task: &Task) -> Position {
    Position { created_at: task.created_at.as_millis(), task_id: task.task_id.clone() }
}

const _: () = assert!(BUILD > limits::PAGE_SIZE_MAX as usize, "one build is enough for a page");
