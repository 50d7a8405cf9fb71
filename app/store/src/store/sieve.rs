//! Lists that no index answers: the newest tasks of a list, looked through for those that have something.

use std::collections::BTreeMap;

use miyabi_shared::{ProjectId, TaskId, Timestamp};
use serde::Deserialize;

use super::TaskStore;
use super::read::content_tag;
use crate::answer::{Answer, Document, Source, TaskPage};
use crate::error::StoreError;
use crate::position::Position;
use crate::query::{ListQuery, Sieve};

/// How many tasks are looked through in one round trip.
const AT_ONCE: usize = 250;
/// After how many round trips a page ends, however few it found: its cursor goes on from there.
const ROUND_TRIPS: u32 = 2;

/// What a sieve looks at.
#[derive(Deserialize)]
struct Seen {
    task_id: TaskId,
    project_id: ProjectId,
    name: String,
    labels: BTreeMap<String, String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl Sieve {
    fn passes(&self, seen: &Seen) -> bool {
        let has = |text: &str, part: &str| text.to_lowercase().contains(part);
        self.label.as_ref().is_none_or(|(key, value)| {
            seen.labels.get(key).is_some_and(|held| value.as_ref().is_none_or(|value| value == held))
        }) && self.projects.as_ref().is_none_or(|projects| projects.contains(&seen.project_id))
            && self.updated_since.is_none_or(|since| seen.updated_at >= since)
            && self.text.as_ref().is_none_or(|text| {
                let text = text.to_lowercase();
                has(seen.task_id.as_str(), &text)
                    || has(&seen.name, &text)
                    || seen.labels.iter().any(|(key, value)| has(key, &text) || has(value, &text))
            })
    }
}

impl TaskStore {
    /// One page of the tasks of a list that pass its sieve. It may be short, or empty, while its cursor leads to more.
    pub(super) async fn sieved(
        &self,
        query: &ListQuery,
        if_none_match: Option<&str>,
    ) -> Result<Answer<TaskPage>, StoreError> {
        let (base, own) = (query.filter.name(), format!("{}|{}", query.filter.name(), query.sieve.name()));
        let mut after = match &query.cursor {
            None => None,
            Some(cursor) => Some(self.cursors.read_position(&own, cursor)?),
        };
        let (mut found, mut tag, mut source) = (Vec::new(), String::new(), Source::Hit);
        let mut next = None;
        for round in 1..=ROUND_TRIPS {
            let cursor = after.take().map(|position| self.cursors.write_position(&base, &position));
            let part = ListQuery { cursor, sieve: Sieve::default(), ..query.clone() };
            // The first part alone can tell that nothing changed: its tag is that of the whole list.
            let answer = self.list_of(&part, AT_ONCE, if_none_match.filter(|_| round == 1)).await?;
            source = source.max(answer.source);
            tag = if round == 1 { answer.tag } else { String::new() };
            let Some(page) = answer.value else { return Ok(Answer { value: None, tag, source }) };
            let mut full = None;
            for document in page.tasks {
                let seen: Seen = document.parse()?;
                if !query.sieve.passes(&seen) {
                    continue;
                }
                if found.len() == query.page_size() {
                    full = found.last().map(|(_, position): &(Document, Position)| position.clone());
                    break;
                }
                let position = Position { created_at: seen.created_at.as_millis(), task_id: seen.task_id };
                found.push((document, position));
            }
            next = match (full, page.next_cursor) {
                (Some(position), _) => Some(position),
                (None, Some(cursor)) => Some(self.cursors.read_position(&base, &cursor)?),
                (None, None) => None,
            };
            if next.is_none() || found.len() == query.page_size() {
                break;
            }
            after.clone_from(&next);
        }
        let tasks: Vec<Document> = found.into_iter().map(|(document, _)| document).collect();
        let next_cursor = next.map(|position| self.cursors.write_position(&own, &position));
        if tag.is_empty() {
            let more = next_cursor.as_deref().unwrap_or_default().as_bytes();
            tag = content_tag(tasks.iter().map(Document::as_bytes).chain([more]));
        }
        Ok(Answer::new(TaskPage { tasks, next_cursor }, tag, source, if_none_match))
    }
}
