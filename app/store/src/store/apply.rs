//! How events change a task: read it, apply the rules in memory, write under the condition that nobody else did.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use miyabi_progress::estimate::{self, History};
use miyabi_progress::model::{apply_to_step, apply_to_task};
use miyabi_shared::event::{EventBody, StepEvent};
use miyabi_shared::{Step, Task, TaskEvent, TaskId, TaskStatus, Timestamp, limits};

use super::{TaskStore, WRITE_ATTEMPTS, back_off, point_of};
use crate::answer::Applied;
use crate::cache::Steps;
use crate::error::StoreError;
use crate::table::{Change, Committed, Current, HistoryItem, KeptStep, StepKey, Written};

/// Most events that are applied in one write: DynamoDB takes 100 items in one transaction, and an event may make two
/// (a step, and a point of history), besides the task and its project.
const EVENTS_PER_WRITE: usize = 48;
/// A point of history is recorded when so many percent were passed…
const RECORDED_PERCENT: u8 = 1;
/// … or so much time.
const RECORDED_EVERY: Duration = Duration::from_secs(1);

/// What some events make of a task.
struct Outcome {
    current: Current,
    applied: usize,
    /// The steps that changed, with the version of the item that each replaces.
    steps: BTreeMap<StepKey, (KeptStep, Option<u64>)>,
    /// The points at which the status changed.
    turns: Vec<HistoryItem>,
    /// Whether the last point is worth recording, though the status did not change.
    tick: Option<HistoryItem>,
}

impl TaskStore {
    /// Applies events, in any order and as often as they come.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such task.
    pub async fn apply_events(&self, task_id: &TaskId, events: &[TaskEvent]) -> Result<Applied, StoreError> {
        let mut events: Vec<&TaskEvent> = events.iter().collect();
        events.sort_by_key(|event| (event.attempt, event.sequence));
        let (first, rest) = events.split_at(events.len().min(EVENTS_PER_WRITE));
        let (mut applied, mut task) = self.apply_part(task_id, first).await?;
        for part in rest.chunks(EVENTS_PER_WRITE) {
            let (more, now) = self.apply_part(task_id, part).await?;
            applied += more;
            task = now;
        }
        Ok(Applied { applied, ignored: events.len() - applied, task })
    }

    async fn apply_part(&self, task_id: &TaskId, events: &[&TaskEvent]) -> Result<(usize, Task), StoreError> {
        let wanted: HashSet<StepKey> =
            events.iter().filter_map(|event| step_of(event)).map(|step| StepKey::of(&step.step_id)).collect();
        for attempt in 1..=WRITE_ATTEMPTS {
            let (current, kept) = self.tables.current_and_steps(task_id, &wanted).await?;
            let now = Timestamp::now();
            let Some(current) = current.filter(|current| !current.is_expired(now)) else {
                return Err(StoreError::NotFound(task_id.clone()));
            };
            let (from, status, steps_before) =
                (current.task.version, current.task.status, current.steps_version);
            let history = self.history_of(&current.task).await;
            let expires_at = self.tables.expires_at(now);
            let Some(outcome) = reduce(current.clone(), kept, events, &history, expires_at) else {
                // Who wrote this may still be on the way to the cache; the caller must not read less than this there.
                self.publish(&current, Steps::Untouched).await;
                return Ok((0, current.task));
            };
            if self.write(&outcome, from, status, now).await? {
                let steps: Vec<Step> = outcome.steps.into_values().map(|(kept, _)| kept.step).collect();
                let change = if steps.is_empty() {
                    Steps::Untouched
                } else {
                    Steps::Changed { before: steps_before, steps: &steps }
                };
                let tick = async {
                    let Some(point) = &outcome.tick else { return };
                    // A point that is lost is a gap in a curve: not worth failing what was written already.
                    if let Err(error) = self.tables.record(point).await {
                        tracing::warn!(error = &error as &dyn std::error::Error, %task_id, "a point of history is lost");
                    }
                };
                let learn = async {
                    let task = &outcome.current.task;
                    if task.status == TaskStatus::Succeeded && status != TaskStatus::Succeeded {
                        self.learn(task).await;
                    }
                };
                futures::join!(self.publish(&outcome.current, change), tick, learn);
                return Ok((outcome.applied, outcome.current.task));
            }
            back_off(attempt).await;
        }
        Err(StoreError::Contended { what: format!("task {task_id}"), attempts: WRITE_ATTEMPTS })
    }

    /// Gives whether it was written; else someone else was faster.
    async fn write(
        &self,
        outcome: &Outcome,
        from: u64,
        status: TaskStatus,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (current, task) = (&outcome.current, &outcome.current.task);
        if outcome.steps.is_empty() && outcome.turns.is_empty() {
            return Ok(self.tables.advance(current, from).await? == Written::Done);
        }
        let mut change = Change::new(&self.tables);
        change.advance(current, from)?;
        if task.status != status {
            change.count(&task.project_id, Some(status), task.status, now)?;
        }
        for (kept, from) in outcome.steps.values() {
            change.step(&task.task_id, kept, *from, current.expires_at)?;
        }
        for point in &outcome.turns {
            change.record(point)?;
        }
        Ok(change.commit().await? == Committed::Done)
    }
}

fn step_of(event: &TaskEvent) -> Option<&StepEvent> {
    match &event.body {
        EventBody::Step(step) => Some(step),
        _ => None,
    }
}

/// `None` when no event changes anything.
fn reduce(
    mut current: Current,
    mut kept: HashMap<StepKey, KeptStep>,
    events: &[&TaskEvent],
    history: &History,
    expires_at: i64,
) -> Option<Outcome> {
    let before = current.task.clone();
    current.task.version += 1;
    current.expires_at = expires_at;
    let version = current.task.version;
    let (mut applied, mut steps, mut turns) = (0, BTreeMap::new(), Vec::new());
    let mut last = before.updated_at;
    for event in events {
        let life = (current.task.attempt, current.task.status);
        let mut changed = apply_to_task(&mut current.task, event).is_applied();
        if let Some(step_event) = step_of(event) {
            changed |= reduce_step(&mut current, &mut kept, &mut steps, event, step_event);
        }
        if !changed {
            continue;
        }
        applied += 1;
        last = event.time;
        current.pace.observe(&current.task, event);
        if life != (current.task.attempt, current.task.status) {
            turns.push(point_of(&current, event.time, turns.len()));
        }
    }
    if applied == 0 {
        return None;
    }
    if !steps.is_empty() {
        current.steps_version = version;
    }
    current.task.estimate = estimate::estimate(&current.task, &current.pace, history, last);
    let tick = (turns.is_empty() && is_worth_recording(&before, &current, last))
        .then(|| point_of(&current, last, 0));
    if !turns.is_empty() || tick.is_some() {
        current.recorded_at = Some(last);
        current.recorded_percentage = current.task.progress.percentage;
    }
    Some(Outcome { current, applied, steps, turns, tick })
}

/// Gives whether the step changed.
fn reduce_step(
    current: &mut Current,
    kept: &mut HashMap<StepKey, KeptStep>,
    steps: &mut BTreeMap<StepKey, (KeptStep, Option<u64>)>,
    event: &TaskEvent,
    step_event: &StepEvent,
) -> bool {
    let key = StepKey::of(&step_event.step_id);
    let known = kept.get(&key);
    if known.is_some_and(|known| known.step.step_id != step_event.step_id) {
        return false;
    }
    let is_new = known.is_none();
    let full = usize::try_from(current.steps_kept).is_ok_and(|count| count >= limits::STEPS_PER_TASK);
    if is_new && full {
        return false;
    }
    let (step, outcome) = apply_to_step(known.map(|known| known.step.clone()), event, step_event);
    if !outcome.is_applied() {
        return false;
    }
    let replaces = match steps.get(&key) {
        Some((_, replaces)) => *replaces,
        None => known.map(|known| known.version),
    };
    let changed = KeptStep { step, version: current.task.version };
    kept.insert(key, changed.clone());
    steps.insert(key, (changed, replaces));
    current.steps_kept += u32::from(is_new);
    current.task.updated_at = current.task.updated_at.max(event.time);
    true
}

fn is_worth_recording(before: &Task, current: &Current, time: Timestamp) -> bool {
    let progress = &current.task.progress;
    let moved = before.progress.current != progress.current
        || before.progress.total != progress.total
        || before.progress.percentage != progress.percentage
        || before.progress.phase != progress.phase;
    let percent = progress.percentage.unwrap_or(0).abs_diff(current.recorded_percentage.unwrap_or(0));
    let waited = current.recorded_at.is_none_or(|recorded| time.since(recorded) >= RECORDED_EVERY);
    moved && (percent >= RECORDED_PERCENT || waited)
}
