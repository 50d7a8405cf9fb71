//! What was acknowledged, and when; and whether an answer agrees with it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, Instant};

use serde_json::Value;

/// For how long a reader in another process may not see an update whose writer was cut off from the cache: a task at work is
/// compared with the table after 10 s, and the comparison takes what the tables take. With a margin for a slow machine.
const TASK_BOUND: Duration = Duration::from_secs(20);
/// The same for a task that a list does not have yet: after 30 s one reader compares it, within 2 s.
const LIST_BOUND: Duration = Duration::from_secs(45);

#[derive(Debug, Default)]
pub(super) struct Ledger {
    tasks: BTreeMap<String, Acknowledged>,
}

#[derive(Debug)]
struct Acknowledged {
    created: Instant,
    /// When each sequence number was acknowledged, rising.
    events: Vec<(u64, Instant)>,
}

/// Who reads: what it saw so far, and whether it shares a process with the writer.
#[derive(Debug, Default)]
pub(super) struct Viewer {
    pub(super) is_writers: bool,
    pub(super) seen: HashMap<String, Value>,
}

impl Ledger {
    pub(super) fn created(&mut self, task_id: &str) {
        let now = Acknowledged { created: Instant::now(), events: Vec::new() };
        self.tasks.entry(task_id.to_owned()).or_insert(now);
    }

    pub(super) fn applied(&mut self, task_id: &str, sequence: u64) {
        if let Some(task) = self.tasks.get_mut(task_id) {
            task.events.push((sequence, Instant::now()));
        }
    }

    pub(super) fn ids(&self) -> Vec<String> {
        self.tasks.keys().cloned().collect()
    }

    pub(super) fn last_of(&self, task_id: &str) -> u64 {
        self.tasks.get(task_id).and_then(|task| task.events.last()).map_or(0, |(sequence, _)| *sequence)
    }

    /// The least that a viewer who asked at `asked` must see of a task; `None`: perhaps not even that it is there.
    fn least(&self, task_id: &str, viewer: &Viewer, asked: Instant) -> Option<u64> {
        let task = self.tasks.get(task_id)?;
        let bound = if viewer.is_writers { Duration::ZERO } else { TASK_BOUND };
        let due = |since: Instant| since + bound < asked;
        if !due(task.created) {
            return None;
        }
        let known = task.events.iter().rev().find(|(_, since)| due(*since));
        Some(known.map_or(0, |(sequence, _)| *sequence))
    }

    pub(super) fn check_missing(&self, task_id: &str, viewer: &Viewer, asked: Instant) -> Result<(), String> {
        if viewer.seen.contains_key(task_id) {
            return Err(format!("{task_id} was shown, and is not there"));
        }
        match self.least(task_id, viewer, asked) {
            None => Ok(()),
            Some(_) => Err(format!("{task_id} was created, and is not there")),
        }
    }

    /// Whether `task` may be shown to `viewer`.
    pub(super) fn check(&self, task: &Value, viewer: &mut Viewer, asked: Instant) -> Result<(), String> {
        let task_id = task["task_id"].as_str().unwrap_or_default();
        let number = |task: &Value, place: &str| task.pointer(place).and_then(Value::as_u64).unwrap_or(0);
        let (sequence, percentage) = (number(task, "/sequence"), number(task, "/progress/percentage"));
        if let Some(least) = self.least(task_id, viewer, asked)
            && sequence < least
        {
            return Err(format!("{task_id} shows {sequence}, though {least} was acknowledged"));
        }
        if (percentage == 100) != (task["status"] == "succeeded") {
            return Err(format!("{task_id} is {} at {percentage} %", task["status"]));
        }
        if let Some(seen) = viewer.seen.get(task_id) {
            if number(seen, "/version") > number(task, "/version") {
                return Err(format!("{task_id} went back from {seen} to {task}"));
            }
            if number(seen, "/progress/percentage") > percentage {
                return Err(format!("{task_id} fell from {seen} to {task}"));
            }
            if seen["status"] == "succeeded" && task["status"] != "succeeded" {
                return Err(format!("{task_id} ended, and is {} now", task["status"]));
            }
        }
        viewer.seen.insert(task_id.to_owned(), task.clone());
        Ok(())
    }

    /// Whether a whole list may be shown to `viewer`.
    pub(super) fn check_list(&self, list: &Value, viewer: &mut Viewer, asked: Instant) -> Result<(), String> {
        let tasks = list["tasks"].as_array().ok_or("no list")?;
        let ids: HashSet<&str> = tasks.iter().filter_map(|task| task["task_id"].as_str()).collect();
        if ids.len() != tasks.len() {
            return Err(format!("a list shows a task twice: {ids:?}"));
        }
        if !tasks.is_sorted_by(|left, right| left["created_at"].as_str() >= right["created_at"].as_str()) {
            return Err("a list is out of order".to_owned());
        }
        let whole = list["next_cursor"].is_null();
        for (task_id, task) in &self.tasks {
            if whole && task.created + LIST_BOUND < asked && !ids.contains(task_id.as_str()) {
                return Err(format!("a list lacks {task_id}"));
            }
        }
        tasks.iter().try_for_each(|task| self.check(task, viewer, asked))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn task(version: u64, sequence: u64, percentage: u64, status: &str) -> Value {
        json!({
            "task_id": "a", "created_at": "2026-11-22T04:30:00Z", "version": version, "sequence": sequence, "status": status,
            "progress": {"percentage": percentage}
        })
    }

    fn ledger() -> Ledger {
        let mut ledger = Ledger::default();
        ledger.created("a");
        ledger.applied("a", 3);
        ledger
    }

    fn later(seconds: u64) -> Instant {
        Instant::now() + Duration::from_secs(seconds)
    }

    #[test]
    fn what_goes_back_falls_or_starts_again_is_wrong() {
        let ledger = ledger();
        let mut viewer = Viewer::default();
        let mut check = |task: &Value| ledger.check(task, &mut viewer, Instant::now()).is_ok();
        assert!(check(&task(5, 4, 50, "running")));
        assert!(!check(&task(4, 4, 50, "running")), "an older version");
        assert!(!check(&task(6, 5, 49, "running")), "a lower percentage");
        assert!(!check(&task(6, 5, 100, "running")), "100 % without success");
        assert!(check(&task(7, 6, 100, "succeeded")));
        assert!(!check(&task(8, 7, 100, "running")), "it had ended");
    }

    #[test]
    fn what_was_acknowledged_must_be_seen_at_once_by_its_writer_and_soon_by_others() {
        let ledger = ledger();
        let old = task(1, 2, 10, "running");
        let mut writer = Viewer { is_writers: true, ..Viewer::default() };
        assert!(ledger.check(&old, &mut writer, later(0)).is_err());
        assert!(ledger.check(&old, &mut Viewer::default(), later(1)).is_ok());
        assert!(ledger.check(&old, &mut Viewer::default(), later(60)).is_err());
        assert!(ledger.check_missing("a", &writer, later(0)).is_err());
        assert!(ledger.check_missing("a", &Viewer::default(), later(1)).is_ok());
        assert!(ledger.check_missing("a", &Viewer::default(), later(60)).is_err());
    }

    #[test]
    fn a_list_with_a_task_twice_or_without_one_is_wrong() {
        let ledger = ledger();
        let list = |tasks: &[Value]| json!({"tasks": tasks, "next_cursor": null});
        let one = task(5, 4, 50, "running");
        let check = |list: &Value, asked| ledger.check_list(list, &mut Viewer::default(), asked);
        assert!(check(&list(std::slice::from_ref(&one)), later(60)).is_ok());
        assert!(check(&list(&[one.clone(), one]), later(60)).is_err());
        assert!(check(&list(&[]), later(1)).is_ok());
        assert!(check(&list(&[]), later(60)).is_err());
    }
}
