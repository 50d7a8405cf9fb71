//! How one task and the projects are read.

use miyabi_shared::{Step, TaskId, Timestamp};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{TaskStore, entry};
use crate::answer::{Answer, Document, ProjectList, Source, TaskDetail};
use crate::cache::{FoundProjects, FoundTask, Steps, tag_of};
use crate::error::StoreError;
use crate::table::Current;

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
        let found = self.cached_task(task_id, false, if_none_match).await;
        if let Some(FoundTask { trusted: true, header: Some(header), document, .. }) = &found {
            let (tag, value) = (header.tag(), document.clone());
            return Ok(Answer { value, tag, source: Source::Hit });
        }
        let current = self.existing(task_id).await?.ok_or_else(|| StoreError::NotFound(task_id.clone()))?;
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
        let mut found = self.cached_task(task_id, true, if_none_match).await;
        if let Some(FoundTask { trusted: true, header: Some(header), document, steps, .. }) = &mut found {
            let tag = header.tag();
            match (document.take(), steps.take()) {
                (None, _) => return Ok(Answer { value: None, tag, source: Source::Hit }),
                (Some(task), Some(mut steps)) => {
                    sort_by_start(&mut steps)?;
                    let value = Some(TaskDetail { task, steps });
                    return Ok(Answer { value, tag, source: Source::Hit });
                }
                (Some(_), None) => {}
            }
        }
        let there = self.tables.with_steps(task_id).await?;
        let there = there.filter(|(current, _)| !current.is_expired(Timestamp::now()));
        let (current, mut steps) = there.ok_or_else(|| StoreError::NotFound(task_id.clone()))?;
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
        let usable = self.repaired().await;
        let found = if usable { self.cache.projects(if_none_match).await.ok() } else { None };
        let cold = match found {
            Some(FoundProjects::Same { tag }) => return Ok(Answer { value: None, tag, source: Source::Hit }),
            Some(FoundProjects::Found { tag, json }) => {
                let value = Some(ProjectList { projects: Document::new(json) });
                return Ok(Answer { value, tag, source: Source::Hit });
            }
            Some(FoundProjects::Cold { epoch, changes }) => Some((epoch, changes)),
            None => None,
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

    async fn cached_task(
        &self,
        task_id: &TaskId,
        with_steps: bool,
        if_none_match: Option<&str>,
    ) -> Option<FoundTask> {
        if !self.repaired().await {
            return None;
        }
        self.cache.task(task_id, with_steps, if_none_match).await.ok()
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
