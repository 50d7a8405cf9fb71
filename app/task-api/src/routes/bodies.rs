//! The rules of the bodies that the API takes.

use miyabi_shared::event::{CancelTasks, CreateTask, PostEvents};
use miyabi_shared::job::{self, Run};
use miyabi_shared::limits;
use serde_json::Value;

use super::queues::{REDRIVE_MAX, REDRIVE_RATE_MAX, RedriveQueue};
use crate::request::{Body, Checker, Object, Presence};

/// The members that every event has.
const EVENT_MEMBERS: [&str; 4] = ["attempt", "sequence", "time", "type"];
/// The largest count, as the signed number that checks are made with.
const COUNT: i64 = limits::COUNT as i64;

impl Body for CreateTask {
    fn check(body: &Value, checker: &mut Checker) {
        let members = ["task_id", "project_id", "task_type", "name", "labels", "run"];
        let Some(task) = checker.object("", body, &members) else { return };
        checker.id(&task, "task_id", Presence::Optional);
        checker.id(&task, "project_id", Presence::Required);
        checker.id(&task, "task_type", Presence::Required);
        checker.text(&task, "name", Presence::Required, 1..=limits::NAME_CHARACTERS);
        checker.labels(&task, "labels");
        if let Some(run) = task.get("run") {
            check_run(run, checker);
        }
    }
}

impl Body for RedriveQueue {
    fn check(body: &Value, checker: &mut Checker) {
        let Some(wanted) = checker.object("", body, &["limit", "per_second"]) else { return };
        checker.number(&wanted, "limit", Presence::Optional, 1..=i64::from(REDRIVE_MAX));
        checker.number(&wanted, "per_second", Presence::Optional, 1..=i64::from(REDRIVE_RATE_MAX));
    }
}

/// The shape of a job, member by member; then the rules that hold of it as a whole, which whoever else makes jobs keeps too.
fn check_run(value: &Value, checker: &mut Checker) {
    let members = ["command", "agent", "env", "size", "priority", "timeout", "retries", "idempotency"];
    let Some(run) = checker.object("run", value, &members) else { return };
    if let Some(words) = run.get("command") {
        let is_list = words.as_array().is_some_and(|words| words.iter().all(Value::is_string));
        if !is_list {
            checker.mistake("run.command", "a list of texts: the program, then its arguments");
        }
    }
    if let Some(agent) = run.get("agent")
        && let Some(agent) = checker.object("run.agent", agent, &["prompt"])
    {
        checker.text(&agent, "prompt", Presence::Required, 1..=job::COMMAND_BYTES);
    }
    if let Some(variables) = run.get("env") {
        let is_map = variables.as_object().is_some_and(|variables| variables.values().all(Value::is_string));
        if !is_map {
            checker.mistake("run.env", "an object whose members are texts");
        }
    }
    for (name, words) in [
        ("size", &["light", "standard", "medium", "heavy", "xl"][..]),
        ("priority", &["high", "standard", "low"]),
        ("idempotency", &["repeatable", "once"]),
    ] {
        if run.get(name).is_some() {
            checker.word(&run, name, words);
        }
    }
    checker.number(&run, "timeout", Presence::Optional, 1..=i64::from(job::TIMEOUT_SECONDS_MAX));
    checker.number(&run, "retries", Presence::Optional, 0..=i64::from(job::RETRIES_MAX));
    // What has not the shape of a job was named above.
    if let Ok(typed) = serde_json::from_value::<Run>(value.clone()) {
        for broken in job::broken_rules(&typed) {
            let place = format!("run.{}", broken.field);
            if !matches!(broken.field.as_str(), "timeout" | "retries") {
                checker.mistake(place, broken.rule);
            }
        }
    }
}

impl Body for CancelTasks {
    fn check(body: &Value, checker: &mut Checker) {
        let members = ["project_id", "status", "task_type", "label", "q"];
        let Some(wanted) = checker.object("", body, &members) else { return };
        // Nobody means every task of everyone by leaving something out.
        if members.iter().all(|member| wanted.get(member).is_none()) {
            checker.mistake("body", format!("one of {} at least", members.join(", ")));
        }
        checker.id(&wanted, "project_id", Presence::Optional);
        if wanted.get("status").is_some() {
            checker.word(&wanted, "status", &["queued", "running"]);
        }
        checker.id(&wanted, "task_type", Presence::Optional);
        checker.text(&wanted, "label", Presence::Optional, 1..=2 * limits::LABEL_CHARACTERS + 1);
        checker.text(&wanted, "q", Presence::Optional, 1..=limits::SEARCH_CHARACTERS);
    }
}

impl Body for PostEvents {
    fn check(body: &Value, checker: &mut Checker) {
        let Some(post) = checker.object("", body, &["events"]) else { return };
        for (index, event) in checker.list(&post, "events", 1..=limits::EVENTS_PER_REQUEST).iter().enumerate()
        {
            check_event(&format!("events[{index}]"), event, checker);
        }
    }
}

fn check_event(place: &str, event: &Value, checker: &mut Checker) {
    let Some(open) = checker.open_object(place, event) else { return };
    checker.number(&open, "attempt", Presence::Required, 1..=i64::from(u32::MAX));
    checker.number(&open, "sequence", Presence::Required, 1..=COUNT);
    checker.time(&open, "time");
    match checker.word(&open, "type", &["started", "heartbeat", "progress", "step", "result"]) {
        Some("started" | "heartbeat") => {
            known_members(place, event, &[], checker);
        }
        Some("progress") => {
            let members = ["current", "total", "phase", "message", "source", "source_reason"];
            if let Some(progress) = known_members(place, event, &members, checker) {
                check_progress(&progress, checker);
            }
        }
        Some("step") => {
            let members = ["step_id", "parent_id", "name", "kind", "status", "message"];
            if let Some(step) = known_members(place, event, &members, checker) {
                check_step(&step, checker);
            }
        }
        Some("result") => {
            if let Some(result) = known_members(place, event, &["status", "exit_code", "message"], checker) {
                checker.word(&result, "status", &["succeeded", "failed", "cancelled"]);
                let codes = i64::from(i32::MIN)..=i64::from(i32::MAX);
                checker.number(&result, "exit_code", Presence::Optional, codes);
                message(&result, checker);
            }
        }
        // Without a type, nobody knows which members belong.
        _ => {}
    }
}

fn known_members<'body>(
    place: &str,
    event: &'body Value,
    own: &[&str],
    checker: &mut Checker,
) -> Option<Object<'body>> {
    checker.object(place, event, &[&EVENT_MEMBERS, own].concat())
}

fn check_progress(progress: &Object<'_>, checker: &mut Checker) {
    let current = checker.number(progress, "current", Presence::Optional, 0..=COUNT);
    let total = checker.number(progress, "total", Presence::Optional, 0..=COUNT);
    if let (Some(current), Some(total)) = (current, total)
        && current > total
    {
        checker.mistake(progress.place_of("current"), format!("at most total, which is {total}"));
    }
    checker.text(progress, "phase", Presence::Optional, 0..=limits::MESSAGE_CHARACTERS);
    message(progress, checker);
    checker.text(progress, "source", Presence::Optional, 0..=limits::NAME_CHARACTERS);
    checker.text(progress, "source_reason", Presence::Optional, 0..=limits::NAME_CHARACTERS);
}

fn check_step(step: &Object<'_>, checker: &mut Checker) {
    checker.id(step, "step_id", Presence::Required);
    checker.id(step, "parent_id", Presence::Optional);
    checker.text(step, "name", Presence::Required, 1..=limits::NAME_CHARACTERS);
    checker.text(step, "kind", Presence::Required, 1..=limits::NAME_CHARACTERS);
    checker.word(step, "status", &["queued", "running", "succeeded", "failed", "cancelled", "skipped"]);
    message(step, checker);
}

fn message(object: &Object<'_>, checker: &mut Checker) {
    checker.text(object, "message", Presence::Optional, 0..=limits::MESSAGE_CHARACTERS);
}
