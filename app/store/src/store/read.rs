//! How one task and the projects are read.

use miyabi_shared::{Step, TaskId, Timestamp};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{TaskStore, entry};
use crate::answer::{Answer, Document, ProjectList, Source, TaskDetail};
use crate::cache::{FoundProjects, FoundTask, Header, Steps, Trust, Wanted, tag_of};
use crate::error::StoreError;
use crate::table::Current;

/// What came of asking the cache for a task.
enum Asked {
    /// It may be shown.
    Shown(Header, FoundTask),
    /// The table is to be asked. With what the cache said, where it said something.
    Lacking(Option<FoundTask>),
}

impl TaskStore {
    /// One task, without its steps.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such task.
    pub async fn task(
        &self,
        task_id: &TaskId,
        if_none_match: Option<&str>,
    ) -> Result<Answer<Document>, StoreError> {
        let found = match self.ask(task_id, false, if_none_match).await? {
            Asked::Shown(header, found) => {
                return Ok(Answer { value: found.document, tag: header.tag(), source: Source::Hit });
            }
            Asked::Lacking(found) => found,
        };
        let Some(current) = self.existing(task_id).await? else {
            return Err(self.not_found(task_id, found.as_ref()).await);
        };
        let source = self.keep(&current, Steps::Untouched, found.as_ref()).await;
        let document = Document::of(&current.task)?;
        Ok(Answer::new(document, tag_of(&current.task), source, if_none_match))
    }

    /// One task with its steps.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such task.
    pub async fn task_with_steps(
        &self,
        task_id: &TaskId,
        if_none_match: Option<&str>,
    ) -> Result<Answer<TaskDetail>, StoreError> {
        let found = match self.ask(task_id, true, if_none_match).await? {
            Asked::Shown(header, found) => {
                let value = match found.document {
                    None => None,
                    Some(task) => {
                        let mut steps = found.steps.unwrap_or_default();
                        sort_by_start(&mut steps)?;
                        Some(TaskDetail { task, steps })
                    }
                };
                return Ok(Answer { value, tag: header.tag(), source: Source::Hit });
            }
            Asked::Lacking(found) => found,
        };
        let there = self.tables.with_steps(task_id).await?;
        let there = there.filter(|(current, _)| !current.is_expired(Timestamp::now()));
        let Some((current, mut steps)) = there else {
            return Err(self.not_found(task_id, found.as_ref()).await);
        };
        let source = self.keep(&current, Steps::All(&steps), found.as_ref()).await;
        steps.sort_by(|left, right| order(left).cmp(&order(right)));
        let detail = TaskDetail {
            task: Document::of(&current.task)?,
            steps: steps.iter().map(Document::of).collect::<Result<_, _>>()?,
        };
        Ok(Answer::new(detail, tag_of(&current.task), source, if_none_match))
    }

    /// Every project with its counts.
    ///
    /// # Errors
    /// When the tables fail.
    pub async fn projects(&self, if_none_match: Option<&str>) -> Result<Answer<ProjectList>, StoreError> {
        let (mut patience, mut ours) = (self.cache.patience(), false);
        let cold = loop {
            let usable = self.repaired().await;
            let found = if usable { self.cache.projects(if_none_match).await.ok() } else { None };
            match found {
                Some(FoundProjects::Same { tag }) => {
                    return Ok(Answer { value: None, tag, source: Source::Hit });
                }
                Some(FoundProjects::Found { tag, json }) => {
                    let value = Some(ProjectList { projects: Document::new(json) });
                    return Ok(Answer { value, tag, source: Source::Hit });
                }
                Some(FoundProjects::Cold { epoch, changes }) => {
                    if ours || patience.is_over() {
                        break Some((epoch, changes));
                    }
                    ours = self.cache.claim_one(Wanted::Projects).await;
                    if !ours {
                        patience.wait().await;
                    }
                }
                None => break None,
            }
        };
        let projects = Document::of(&self.tables.all_projects().await?)?;
        let tag = content_tag([projects.as_bytes()]);
        let mut source = Source::Bypass;
        if let Some((epoch, changes)) = cold
            && self.cache.fill_projects(epoch, &changes, &tag, projects.as_bytes()).await.is_ok()
        {
            source = Source::Miss;
        }
        Ok(Answer::new(ProjectList { projects }, tag, source, if_none_match))
    }

    /// Asks the cache for a task. What it lacks, or will lack soon, is for one reader to look up; the others wait for that one,
    /// for a moment.
    async fn ask(
        &self,
        task_id: &TaskId,
        with_steps: bool,
        if_none_match: Option<&str>,
    ) -> Result<Asked, StoreError> {
        let (mut patience, mut ours) = (self.cache.patience(), false);
        loop {
            if !self.repaired().await {
                return Ok(Asked::Lacking(None));
            }
            let Ok(found) = self.cache.task(task_id, with_steps, if_none_match).await else {
                return Ok(Asked::Lacking(None));
            };
            if found.absent {
                return Err(StoreError::NotFound(task_id.clone()));
            }
            let shown = found.header.filter(|_| found.trust != Trust::None && found.is_whole(with_steps));
            if shown.is_none() || found.trust == Trust::Ending {
                if ours || (shown.is_none() && patience.is_over()) {
                    return Ok(Asked::Lacking(Some(found)));
                }
                ours = self.cache.claim_one(Wanted::Task(task_id)).await;
                if ours {
                    // Between the question and the claim another reader may have come back with it.
                    continue;
                }
            }
            if let Some(header) = shown {
                if self.is_to_be_verified() && !self.is_verified(&[(task_id.clone(), header)]).await {
                    continue;
                }
                return Ok(Asked::Shown(header, found));
            }
            patience.wait().await;
        }
    }

    /// The table has no such task: for a moment nobody needs to ask it again.
    async fn not_found(&self, task_id: &TaskId, found: Option<&FoundTask>) -> StoreError {
        if let Some(found) = found {
            // Where the cache does not learn it, the next reader asks the table, as this one did.
            let _ = self.cache.note_absent(task_id, found.epoch).await;
        }
        StoreError::NotFound(task_id.clone())
    }

    /// Puts what the table gave into the cache that did not have it.
    async fn keep(&self, current: &Current, steps: Steps<'_>, found: Option<&FoundTask>) -> Source {
        // What was shown once may not be older when it is shown again: until the cache has it, it counts as missed.
        let update = self.cache.update(&current.task.task_id);
        let Some(found) = found else { return Source::Bypass };
        match self.cache.put(&entry(current, steps), Some(found.epoch)).await {
            Ok(()) => {
                update.arrived();
                Source::Miss
            }
            Err(_) => Source::Bypass,
        }
    }
}

/// A tag for what has no version of its own: the content itself.
pub(super) fn content_tag<'part>(parts: impl IntoIterator<Item = &'part [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
        hash.update([0]);
    }
    let words = hash.finalize();
    let mut tag = String::from("\"");
    for byte in words.iter().take(12) {
        tag.push_str(&format!("{byte:02x}"));
    }
    tag.push('"');
    tag
}

/// By start; what has not started comes last; what started together, by identifier.
fn order(step: &Step) -> (bool, Option<Timestamp>, &str) {
    (step.started_at.is_none(), step.started_at, step.step_id.as_str())
}

fn sort_by_start(steps: &mut [Document]) -> Result<(), StoreError> {
    #[derive(Deserialize)]
    struct Start {
        step_id: String,
        started_at: Option<Timestamp>,
    }
    let mut keyed = Vec::with_capacity(steps.len());
    for (index, step) in steps.iter().enumerate() {
        let start: Start = step.parse()?;
        keyed.push((start.started_at.is_none(), start.started_at, start.step_id, index));
    }
    keyed.sort_unstable();
    let sorted: Vec<Document> =
        keyed.into_iter().filter_map(|(.., index)| steps.get(index).cloned()).collect();
    steps.clone_from_slice(&sorted);
    Ok(())
}
