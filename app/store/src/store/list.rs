//! How a list is read: from the cache where that knows it, else from an index, and then the cache learns it.

use std::collections::{HashMap, HashSet};

use miyabi_shared::{Task, TaskId, limits};

use super::read::content_tag;
use super::{TaskStore, entry};
use crate::answer::{Answer, Document, Source, TaskPage};
use crate::cache::{FoundList, FoundPage, Patience, Rows, Steps, Trust, Value, Wanted};
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

/// What one reader of a list looks up for all, and how long it waits for what others do.
struct Turn {
    patience: Patience,
    list: bool,
    tasks: HashSet<TaskId>,
}

/// What came of completing a page of the cache.
enum Completed {
    Page(Answer<TaskPage>),
    /// The list itself was wrong, and is mended: ask again.
    Wrong,
    /// Another reader looks up what it lacks, or may have done so: ask again.
    Awaited,
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
        let mut rounds = if self.repaired().await { ROUNDS } else { 0 };
        let mut lowest = None;
        let mut turn = Turn { patience: self.cache.patience(), list: false, tasks: HashSet::new() };
        while rounds > 0 {
            rounds -= 1;
            let Ok(found) = self.cache.list(filter, size, after.as_ref(), if_none_match).await else {
                break;
            };
            let kept = match found {
                FoundList::Same { tag } => return Ok(Answer { value: None, tag, source }),
                FoundList::Page(page) => {
                    match self.complete_page(filter, page, &mut source, &mut turn).await? {
                        Completed::Page(answer) => return Ok(answer),
                        Completed::Wrong => Ok(()),
                        Completed::Awaited => {
                            rounds += 1;
                            Ok(())
                        }
                    }
                }
                FoundList::Cold { turn: false, .. } if !turn.list && !turn.patience.is_over() => {
                    turn.list = self.cache.claim_one(Wanted::List(filter)).await;
                    if !turn.list {
                        turn.patience.wait().await;
                    }
                    rounds += 1;
                    Ok(())
                }
                FoundList::Cold { epoch, now, .. } => {
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

    /// Puts the missing and the no longer trusted tasks into a page of the cache.
    async fn complete_page(
        &self,
        filter: &Filter,
        page: FoundPage,
        source: &mut Source,
        turn: &mut Turn,
    ) -> Result<Completed, StoreError> {
        // What the cache holds of those that are not believed.
        let mut known = HashMap::new();
        let (mut shown, mut lacking, mut ending) = (Vec::new(), Vec::new(), Vec::new());
        let mut values = Vec::with_capacity(page.values.len());
        let ids = page.ids.iter().map(|id| TaskId::new(id.as_str())).collect::<Result<Vec<_>, _>>();
        let Ok(ids) = ids else { return Ok(Completed::Wrong) };
        for (task_id, bytes) in ids.iter().zip(page.values) {
            let value = bytes.and_then(Value::parse).filter(|value| {
                let fits = filter.status.is_none_or(|status| status == value.header.status);
                let trust = if fits { value.header.trust(page.epoch, page.now) } else { Trust::None };
                match trust {
                    Trust::Full => {}
                    Trust::Ending => ending.push(task_id.clone()),
                    Trust::None => {
                        known.insert(task_id.clone(), value.header.version);
                    }
                }
                trust != Trust::None
            });
            match &value {
                Some(value) => shown.push((task_id.clone(), value.header)),
                None => lacking.push(task_id.clone()),
            }
            values.push(value);
        }
        let mut found = HashMap::new();
        if !lacking.is_empty() || !ending.is_empty() {
            let unclaimed = lacking.iter().chain(&ending).filter(|task_id| !turn.tasks.contains(*task_id));
            let unclaimed: Vec<TaskId> = unclaimed.cloned().collect();
            let asked: Vec<Wanted<'_>> = unclaimed.iter().map(Wanted::Task).collect();
            let claimed = if asked.is_empty() { Vec::new() } else { self.cache.claim(&asked).await };
            let claimed = unclaimed.iter().zip(claimed).filter(|(_, claimed)| *claimed);
            let before = turn.tasks.len();
            turn.tasks.extend(claimed.map(|(task_id, _)| task_id.clone()));
            if turn.tasks.len() > before {
                // Between the question and the claim another reader may have come back with some.
                return Ok(Completed::Awaited);
            }
            let impatient = turn.patience.is_over();
            let is_ours = |task_id: &&TaskId| turn.tasks.contains(*task_id);
            let ours: Vec<TaskId> = (lacking.iter().filter(|task_id| impatient || is_ours(task_id)))
                .chain(ending.iter().filter(is_ours))
                .cloned()
                .collect();
            let all_lacking = impatient || lacking.iter().all(|task_id| turn.tasks.contains(task_id));
            if !ours.is_empty() {
                *source = Source::Miss;
                found = self.look_up(&ours, page.epoch).await?;
            }
            let gone: Vec<(TaskId, u64)> = ours
                .iter()
                .filter_map(|task_id| match found.get(task_id) {
                    Some(current) if filter.matches(&current.task) => None,
                    Some(current) => Some((task_id.clone(), current.task.version)),
                    None => Some((task_id.clone(), known.get(task_id).copied().unwrap_or(0))),
                })
                .collect();
            if !gone.is_empty() {
                // A failure shows when the cache is asked again.
                let _ = self.cache.drop_from_list(filter, &gone).await;
                return Ok(Completed::Wrong);
            }
            if !all_lacking {
                turn.patience.wait().await;
                return Ok(Completed::Awaited);
            }
        } else if !shown.is_empty() && self.is_to_be_verified() && !self.is_verified(&shown).await {
            return Ok(Completed::Wrong);
        }
        let mut tasks = Vec::with_capacity(values.len());
        for (task_id, value) in ids.iter().zip(values) {
            match (found.get(task_id), value) {
                (Some(current), _) => tasks.push(Document::of(&current.task)?),
                (None, Some(value)) => tasks.push(value.document),
                (None, None) => return Ok(Completed::Wrong),
            }
        }
        let next_cursor = ids.last().filter(|_| page.more).map(|task_id| {
            let last = Position { created_at: page.last, task_id: task_id.clone() };
            self.cursors.write_position(&filter.name(), &last)
        });
        let value = Some(TaskPage { tasks, next_cursor });
        Ok(Completed::Page(Answer { value, tag: page.tag, source: *source }))
    }

    /// Reads tasks from the table, and tells the cache.
    async fn look_up(&self, ids: &[TaskId], epoch: u64) -> Result<HashMap<TaskId, Current>, StoreError> {
        let found = self.tables.current_of(ids).await?;
        let puts = found.values().map(|current| async {
            let update = self.cache.update(&current.task.task_id);
            if self.cache.put(&entry(current, Steps::Untouched), Some(epoch)).await.is_ok() {
                update.arrived();
            }
        });
        futures::future::join_all(puts).await;
        Ok(found)
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
