//! One task, with its steps.

use miyabi_shared::task::Step;
use miyabi_shared::{Task, TaskId};

use super::lease::Wanted;
use super::script::{self, Call};
use super::value::{Header, Trust, Value};
use super::{Cache, Fields, KEEP, LIST_CAP, Out, jittered};

/// How many epochs may begin while one update is on its way.
const EPOCHS: u32 = 4;
/// What the script that puts a task gives where the epoch is another one.
const ANOTHER_EPOCH: i64 = -1;

/// What the writer of a task says about its steps.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Steps<'steps> {
    /// Nothing.
    Untouched,
    /// These changed, since the version at which steps had last changed before.
    Changed {
        /// That version.
        before: u64,
        /// What they are now.
        steps: &'steps [Step],
    },
    /// These are all.
    All(&'steps [Step]),
}

/// A task as the table holds it, on its way into the cache.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'entry> {
    pub(crate) task: &'entry Task,
    pub(crate) expires_at: i64,
    pub(crate) steps_version: u64,
    pub(crate) steps: Steps<'entry>,
}

/// What the cache knows of a task.
#[derive(Debug)]
pub(crate) struct FoundTask {
    pub(crate) epoch: u64,
    /// Whether what is here may be shown.
    pub(crate) trust: Trust,
    /// Whether the table is known not to have it.
    pub(crate) absent: bool,
    pub(crate) header: Option<Header>,
    /// Left out where the caller holds this version.
    pub(crate) document: Option<crate::answer::Document>,
    /// All steps in the order of their start; `None` where they are not all here.
    pub(crate) steps: Option<Vec<crate::answer::Document>>,
}

impl FoundTask {
    /// Whether everything that was asked for is here: nothing where the caller holds it, else the task, and its steps if they
    /// are wanted.
    pub(crate) fn is_whole(&self, with_steps: bool) -> bool {
        self.header.is_some() && (self.document.is_none() || !with_steps || self.steps.is_some())
    }
}

impl Cache {
    /// Puts a task, unless the cache has a newer state of it. `epoch`: only while this is the epoch.
    ///
    /// Without one it is the epoch that was last heard of, and then the one that is: so a call that was given up on, and that Redis
    /// carries out after a new epoch was begun because of it, is not taken for news.
    pub(crate) async fn put(&self, entry: &Entry<'_>, epoch: Option<u64>) -> Result<(), Out> {
        let shared = self.shared()?;
        let mut expected = epoch.unwrap_or_else(|| shared.connection.epoch());
        for _ in 0..EPOCHS {
            let kept = self.put_in(entry, expected).await?;
            if epoch.is_some() || kept != ANOTHER_EPOCH {
                return Ok(());
            }
            expected = self.current_epoch().await?;
        }
        Err(Out)
    }

    async fn put_in(&self, entry: &Entry<'_>, epoch: u64) -> Result<i64, Out> {
        let shared = self.shared()?;
        let task = entry.task;
        let id = task.task_id.as_str();
        let keys = [
            shared.key(&format!("task:{id}")),
            shared.key(&format!("steps:{id}")),
            shared.key("epoch"),
            shared.key("recent"),
            shared.key("projects"),
            shared.absent_key(&task.task_id),
            shared.lease_key(Wanted::Task(&task.task_id)),
        ];
        let mut call = Call::new(&script::PUT, &keys.each_ref().map(String::as_str));
        let json = serde_json::to_vec(task).map_err(|_| Out)?;
        call.arg(&shared.prefix)
            .arg(id)
            .arg(task.project_id.as_str())
            .arg(task.task_type.as_str())
            .arg(task.status.as_str())
            .arg(task.created_at.as_millis())
            .arg(task.version)
            .arg(entry.expires_at)
            .arg(entry.steps_version)
            .arg(jittered(KEEP))
            .arg(epoch.to_string())
            .arg(json)
            .arg(LIST_CAP);
        let (mode, before, steps) = match entry.steps {
            Steps::Untouched => ("none", 0, &[][..]),
            Steps::Changed { before, steps } => ("change", before, steps),
            Steps::All(steps) => ("all", 0, steps),
        };
        call.arg(mode).arg(before);
        for step in steps {
            call.arg(step.step_id.as_str()).arg(serde_json::to_vec(step).map_err(|_| Out)?);
        }
        shared.connection.run::<i64>(&call).await
    }

    pub(crate) async fn task(
        &self,
        task_id: &TaskId,
        with_steps: bool,
        if_none_match: Option<&str>,
    ) -> Result<FoundTask, Out> {
        let shared = self.shared()?;
        let keys = [
            shared.key(&format!("task:{task_id}")),
            shared.key(&format!("steps:{task_id}")),
            shared.key("epoch"),
            shared.absent_key(task_id),
        ];
        let mut call = Call::new(&script::TASK, &keys.each_ref().map(String::as_str));
        call.arg(u8::from(with_steps)).arg(if_none_match.unwrap_or_default());
        let (epoch, now, bytes, steps, absent): (u64, i64, Option<Vec<u8>>, Fields, u8) =
            shared.connection.run(&call).await?;
        let Some(value) = bytes.and_then(Value::parse) else {
            let (trust, absent) = (Trust::None, absent == 1);
            return Ok(FoundTask { epoch, trust, absent, header: None, document: None, steps: None });
        };
        let mark = value.header.steps_mark();
        // A task that never had a step has none, whether the cache was told so or not.
        let complete = value.header.steps_version == 0
            || steps.iter().any(|(field, held)| field == "#v" && *held == mark.as_bytes());
        let steps = complete.then(|| {
            let steps = steps.into_iter().filter(|(field, _)| field != "#v");
            steps.map(|(_, json)| crate::answer::Document::new(json)).collect()
        });
        Ok(FoundTask {
            epoch,
            trust: value.header.trust(epoch, now),
            absent: false,
            header: Some(value.header),
            document: (!value.document.as_bytes().is_empty()).then_some(value.document),
            steps,
        })
    }
}
