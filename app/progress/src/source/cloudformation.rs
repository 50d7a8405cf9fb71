//! CloudFormation's own words: its events as EventBridge delivers them, and what they share with the tables of SAM.
//!
//! An event names no total. Events are delivered at least once and in no order, so each end of a resource counts once.

mod sam;

use miyabi_shared::event::{ResultEvent, ResultStatus, StepEvent};
use miyabi_shared::id::StepId;
use miyabi_shared::limits;
use miyabi_shared::task::StepStatus;
use serde::{Deserialize, Serialize};

pub(super) use self::sam::Sam;
use super::{Reading, Seen};
use crate::model;

/// How many ends of resources are remembered, to count each once.
const REMEMBERED: usize = 32;

/// A stack's operation on its resources, as its events tell it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Operation {
    #[serde(default)]
    done: u64,
    /// Hashes of the newest ends that were counted.
    #[serde(default)]
    counted: Vec<u32>,
    #[serde(default)]
    phase: Phase,
    #[serde(default)]
    failed: bool,
    #[serde(default)]
    told: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Phase {
    #[default]
    Deploy,
    Destroy,
    Rollback,
    Cleanup,
}

/// One event, of a stack or of a resource in it.
struct Event<'text> {
    stack: &'text str,
    /// The resource; none where it is of the stack itself.
    resource: Option<(&'text str, &'text str)>,
    status: &'text str,
    reason: Option<&'text str>,
}

fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Whether `text` is a status of CloudFormation.
fn is_status(text: &str) -> bool {
    let verb = ["CREATE_", "UPDATE_", "DELETE_", "IMPORT_", "ROLLBACK_", "REVIEW_"];
    verb.iter().any(|verb| text.starts_with(verb))
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

fn step_status(status: &str) -> Option<StepStatus> {
    if status.ends_with("_FAILED") || status.ends_with("ROLLBACK_COMPLETE") {
        Some(StepStatus::Failed)
    } else if status.ends_with("_COMPLETE") {
        Some(StepStatus::Succeeded)
    } else if status.ends_with("_SKIPPED") {
        Some(StepStatus::Skipped)
    } else {
        status.ends_with("_IN_PROGRESS").then_some(StepStatus::Running)
    }
}

impl Event<'_> {
    fn step(&self) -> Option<StepEvent> {
        let status = step_status(self.status)?;
        let message = self
            .reason
            .map(str::trim)
            .filter(|reason| !reason.is_empty() && *reason != "-")
            .map(|reason| model::cut(reason, limits::MESSAGE_CHARACTERS));
        let stack_id = StepId::from_words(self.stack, "stack");
        Some(match self.resource {
            None => StepEvent {
                step_id: stack_id,
                parent_id: None,
                name: model::cut(self.stack, limits::NAME_CHARACTERS),
                kind: "stack".to_owned(),
                status,
                message,
            },
            Some((kind, name)) => StepEvent {
                step_id: StepId::from_words(&format!("{}:{name}", self.stack), "resource"),
                parent_id: Some(stack_id),
                name: model::cut(name, limits::NAME_CHARACTERS),
                kind: model::cut(kind, limits::NAME_CHARACTERS),
                status,
                message,
            },
        })
    }
}

impl Operation {
    /// Takes over one event, which is the `main` stack's own or another's.
    fn apply(&mut self, event: &Event<'_>, main: bool, reading: &mut Reading) {
        match event.resource {
            None if main => self.begin_phase(event.status),
            Some((_, name)) if matches!(self.phase, Phase::Deploy | Phase::Destroy) => {
                let ends = event.status.ends_with("_COMPLETE") || event.status.ends_with("_SKIPPED");
                let end = hash(&format!("{}:{name}:{}", event.stack, event.status));
                if ends && !self.counted.contains(&end) {
                    self.done += 1;
                    if self.counted.len() >= REMEMBERED {
                        self.counted.remove(0);
                    }
                    self.counted.push(end);
                }
            }
            _ => {}
        }
        reading.phase = Some(match self.phase {
            Phase::Deploy => "deploy",
            Phase::Destroy => "destroy",
            Phase::Rollback => "rollback",
            Phase::Cleanup => "cleanup",
        });
        let (kind, name) = event.resource.unwrap_or(("AWS::CloudFormation::Stack", event.stack));
        reading.message = Some(format!("{} {kind} {name}", event.status));
        reading.steps.extend(event.step());
    }

    fn begin_phase(&mut self, status: &str) {
        self.phase = match status {
            "DELETE_IN_PROGRESS" => Phase::Destroy,
            "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS" => Phase::Cleanup,
            _ if status.contains("ROLLBACK_") => Phase::Rollback,
            _ => self.phase,
        };
        self.failed |= self.phase == Phase::Rollback || status.ends_with("_FAILED");
    }

    fn tell(&mut self, message: Option<String>) -> Option<ResultEvent> {
        let status = if self.failed { ResultStatus::Failed } else { ResultStatus::Succeeded };
        (!std::mem::replace(&mut self.told, true)).then_some(ResultEvent { status, exit_code: None, message })
    }
}

/// What is remembered of events from EventBridge.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Events {
    #[serde(default)]
    operation: Operation,
    /// A hash of the stack that was heard of first: the others are nested in it, or come with it.
    #[serde(default)]
    main: Option<u32>,
}

#[derive(Deserialize)]
struct Delivered {
    source: String,
    detail: Detail,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Detail {
    stack_id: String,
    #[serde(default)]
    logical_resource_id: Option<String>,
    #[serde(default)]
    physical_resource_id: Option<String>,
    #[serde(default)]
    resource_type: Option<String>,
    status_details: StatusDetails,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct StatusDetails {
    status: String,
    #[serde(default)]
    status_reason: String,
}

impl Events {
    /// Empties the memory of what was seen.
    pub(super) fn forget_counted(&mut self) {
        self.operation.counted.clear();
    }

    /// One event, `CloudFormation Stack Status Change` or `CloudFormation Resource Status Change`.
    pub(super) fn read(&mut self, seen: Seen<'_>) -> Option<Reading> {
        if !seen.ended || memchr::memmem::find(seen.text.as_bytes(), b"\"aws.cloudformation\"").is_none() {
            return None;
        }
        let Delivered { source, detail } = serde_json::from_str(seen.text).ok()?;
        let status = detail.status_details.status.as_str();
        if source != "aws.cloudformation" || !is_status(status) {
            return None;
        }
        let mut reading =
            Reading { reason: Some("the events of CloudFormation, from EventBridge"), ..Reading::default() };
        // arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/UUID
        let stack = detail.stack_id.split('/').nth(1).unwrap_or(&detail.stack_id);
        let own = hash(&detail.stack_id);
        let main = *self.main.get_or_insert(own) == own;
        // A stack's own event may come as that of a resource, which is the stack.
        let itself = detail.physical_resource_id.as_deref() == Some(detail.stack_id.as_str());
        let resource = detail
            .logical_resource_id
            .as_deref()
            .filter(|_| !itself)
            .map(|name| (detail.resource_type.as_deref().unwrap_or("resource"), name));
        let reason = Some(detail.status_details.status_reason.as_str());
        let event = Event { stack, resource, status, reason };
        self.operation.apply(&event, main, &mut reading);
        if matches!(self.operation.phase, Phase::Deploy | Phase::Destroy) {
            reading.count = Some((self.operation.done, None));
        }
        let over = status.ends_with("_COMPLETE") || status.ends_with("_FAILED");
        // After these a roll-back follows.
        let goes_on = matches!(status, "CREATE_FAILED" | "UPDATE_FAILED" | "IMPORT_FAILED");
        if main && resource.is_none() && over && !goes_on {
            reading.result = self.operation.tell(Some(format!("{stack}: {status}")));
        }
        Some(reading)
    }
}
