//! What an event does to a task and to a step: pure functions that the store, the collector and the command share.
//!
//! # The rules
//! Events of one task may come by two roads, twice, late, in any order, or not at all. Whatever comes:
//!
//! 1. **Order.** A task remembers the `(attempt, sequence)` of the newest progress or result that was applied to it; every
//!    step remembers its own. An event that is no newer changes nothing ([`Outcome::Duplicate`], [`Outcome::Late`]).
//! 2. **Attempts.** The first event of a higher attempt, whatever it is, begins that attempt: the task runs again, and
//!    progress, exit code and end are empty. (Usually that is its `started`; where that got lost, the next one does it.)
//!    Events of lower attempts are late.
//! 3. **The end is final.** A task that succeeded, failed or was cancelled takes no more events of that attempt ([`Outcome::Final`]).
//! 4. **The percentage never falls within an attempt.** It is the highest that was ever applied, is 0 to 99 while the task
//!    runs, 100 when it succeeded and only then, and stays where it was when the task failed or was cancelled.
//! 5. **It is never invented.** It is `null` until a total is known.
//! 6. **Overshoot re-bases.** When a tool counts past its total (`50/8`), the total becomes the count.
//! 7. **A phase has its own count.** When the phase changes, `current` and `total` begin anew; the percentage stays. `rollback` and
//!    `cleanup` ([`SIDE_PHASES`]) never move the percentage, in neither direction.
//! 8. **What an event leaves out stays as it was**, within its phase.
//! 9. **A sign of life changes nothing else.** A heartbeat moves `heartbeat_at`, in order like every event; nothing in the task
//!    counts as changed by it.
//!
//! Rounding is half up on `100 * current / total`: 15 of 29 is 51.7 and gives 52.
//!
//! No state is hidden: everything that these rules need is in the public fields of the task.

use miyabi_shared::event::{EventBody, ProgressEvent, ResultEvent, ResultStatus, StepEvent, TaskEvent};
use miyabi_shared::limits;
use miyabi_shared::task::{Progress, Step, Task, TaskStatus};

/// Phases that undo or tidy up: they have a count of their own, and the percentage holds still.
pub const SIDE_PHASES: [&str; 2] = ["rollback", "cleanup"];

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It changed the task or the step.
    Applied,
    /// Exactly this `(attempt, sequence)` was applied before.
    Duplicate,
    /// Something newer was applied before.
    Late,
    /// The attempt had ended already.
    Final,
}

impl Outcome {
    /// Whether there is something to write.
    pub fn is_applied(self) -> bool {
        self == Self::Applied
    }
}

/// Whole percent of `current` in `total`, rounded half up and at most 99: below 100 until success. None without a total.
///
/// `0/0` has no percentage; a `current` over `total` counts as `total`.
pub fn percentage(current: u64, total: Option<u64>) -> Option<u8> {
    let total = total.filter(|total| *total > 0)?;
    let (current, total) = (u128::from(current.min(total)), u128::from(total));
    let rounded = (200 * current + total) / (2 * total);
    Some(u8::try_from(rounded).unwrap_or(99).min(99))
}

/// Applies `event` to `task`, and says what became of it. `task.version` is the store's to count.
///
/// A step event changes the task only by beginning its attempt ([`Outcome::Applied`]); otherwise it is [`Outcome::Duplicate`]
/// here, and what [`apply_to_step`] says is what became of it.
pub fn apply_to_task(task: &mut Task, event: &TaskEvent) -> Outcome {
    if event.attempt < task.attempt {
        return Outcome::Late;
    }
    let begins = event.attempt > task.attempt || task.status == TaskStatus::Queued;
    if let EventBody::Step(_) = event.body {
        if !begins {
            return Outcome::Duplicate;
        }
        begin(task, event);
        return Outcome::Applied;
    }
    if event.attempt == task.attempt {
        match event.sequence.cmp(&task.sequence) {
            std::cmp::Ordering::Less => return Outcome::Late,
            std::cmp::Ordering::Equal => return Outcome::Duplicate,
            std::cmp::Ordering::Greater if task.status.is_terminal() => return Outcome::Final,
            std::cmp::Ordering::Greater => {}
        }
    }
    if begins {
        begin(task, event);
    }
    task.sequence = event.sequence;
    // Every event is a sign of life, once somebody promised to give any.
    if task.heartbeat_at.is_some() || matches!(event.body, EventBody::Heartbeat {}) {
        task.heartbeat_at = task.heartbeat_at.max(Some(event.time));
    }
    if matches!(event.body, EventBody::Heartbeat {}) {
        return Outcome::Applied;
    }
    task.updated_at = task.updated_at.max(event.time);
    match &event.body {
        EventBody::Started {} | EventBody::Heartbeat {} | EventBody::Step(_) => {}
        EventBody::Progress(progress) => advance(&mut task.progress, progress),
        EventBody::Result(result) => end(task, result, event),
    }
    Outcome::Applied
}

/// Applies `step_event`, the body of `event`, to the step as it is (`None` when it is new), and says what became of it.
///
/// A step takes the newest event about it, by `(attempt, sequence)`; it may run again after an end, as a resource does
/// that is created and then rolled back.
pub fn apply_to_step(step: Option<Step>, event: &TaskEvent, step_event: &StepEvent) -> (Step, Outcome) {
    let order = (event.attempt, event.sequence);
    let mut started_at = None;
    if let Some(step) = step {
        match order.cmp(&(step.attempt, step.sequence)) {
            std::cmp::Ordering::Less => return (step, Outcome::Late),
            std::cmp::Ordering::Equal => return (step, Outcome::Duplicate),
            std::cmp::Ordering::Greater => {}
        }
        if step.attempt == event.attempt {
            started_at = step.started_at;
        }
    }
    let waits = step_event.status == miyabi_shared::task::StepStatus::Queued;
    let step = Step {
        step_id: step_event.step_id.clone(),
        parent_id: step_event.parent_id.clone(),
        name: cut(&step_event.name, limits::NAME_CHARACTERS),
        kind: cut(&step_event.kind, limits::NAME_CHARACTERS),
        status: step_event.status,
        message: step_event.message.as_deref().map(|message| cut(message, limits::MESSAGE_CHARACTERS)),
        attempt: event.attempt,
        sequence: event.sequence,
        started_at: started_at.or(Some(event.time).filter(|_| !waits)),
        finished_at: Some(event.time).filter(|_| step_event.status.is_terminal()),
    };
    (step, Outcome::Applied)
}

fn begin(task: &mut Task, event: &TaskEvent) {
    task.attempt = event.attempt;
    task.sequence = 0;
    task.status = TaskStatus::Running;
    task.progress = Progress::default();
    task.estimate = None;
    task.exit_code = None;
    task.heartbeat_at = None;
    task.started_at = Some(event.time);
    task.finished_at = None;
    task.updated_at = task.updated_at.max(event.time);
}

/// Applies `event` to `progress` of a running task, by rules 4 to 8.
pub fn advance(progress: &mut Progress, event: &ProgressEvent) {
    if let Some(phase) = &event.phase {
        let phase = cut(phase, limits::MESSAGE_CHARACTERS);
        if progress.phase.as_ref().is_some_and(|before| *before != phase) {
            progress.current = 0;
            progress.total = None;
        }
        progress.phase = Some(phase);
    }
    if let Some(current) = event.current {
        progress.current = current.min(limits::COUNT);
    }
    if let Some(total) = event.total {
        progress.total = Some(total.min(limits::COUNT));
    }
    progress.total = progress.total.map(|total| total.max(progress.current));
    if let Some(message) = &event.message {
        progress.message = Some(cut(message, limits::MESSAGE_CHARACTERS));
    }
    if let Some(source) = &event.source {
        let source = cut(source, limits::NAME_CHARACTERS);
        if progress.source.as_ref() != Some(&source) {
            // What spoke for another source says nothing of this one.
            progress.source_reason = None;
        }
        progress.source = Some(source);
    }
    if let Some(reason) = &event.source_reason {
        progress.source_reason = Some(cut(reason, limits::NAME_CHARACTERS));
    }
    if !progress.phase.as_deref().is_some_and(|phase| SIDE_PHASES.contains(&phase)) {
        progress.percentage = progress.percentage.max(percentage(progress.current, progress.total));
    }
}

fn end(task: &mut Task, result: &ResultEvent, event: &TaskEvent) {
    task.status = match result.status {
        ResultStatus::Succeeded => TaskStatus::Succeeded,
        ResultStatus::Failed => TaskStatus::Failed,
        ResultStatus::Cancelled => TaskStatus::Cancelled,
    };
    task.estimate = None;
    task.exit_code = result.exit_code;
    task.finished_at = Some(event.time);
    if let Some(message) = &result.message {
        task.progress.message = Some(cut(message, limits::MESSAGE_CHARACTERS));
    }
    if result.status == ResultStatus::Succeeded {
        task.progress.percentage = Some(100);
        if let Some(total) = task.progress.total {
            task.progress.current = total;
        }
    }
}

/// `text`, cut to `characters` with `…` where it was longer.
pub fn cut(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        None => text.to_owned(),
        Some(_) => {
            let mut short: String = text.chars().take(characters.saturating_sub(1)).collect();
            short.push('…');
            short
        }
    }
}
