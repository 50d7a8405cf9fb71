//! Writes control lines.

use std::fmt::Write as _;

use super::{ControlBody, ControlLine, PREFIX};

/// The line, without a line end. [`parse`](super::parse) gives the same line back.
pub fn format(line: &ControlLine) -> String {
    let mut text = String::with_capacity(160);
    text.push_str(PREFIX);
    text.push_str(match &line.body {
        ControlBody::Run(_) => "run",
        ControlBody::Heartbeat => "heartbeat",
        ControlBody::Progress(_) => "progress",
        ControlBody::Step(_) => "step",
        ControlBody::Result(_) => "result",
    });
    if let Some(stamp) = line.stamp {
        field(&mut text, "attempt", &stamp.attempt.to_string());
        field(&mut text, "sequence", &stamp.sequence.to_string());
        optional(&mut text, "time", stamp.time.map(|time| time.as_millis().to_string()).as_deref());
    }
    match &line.body {
        ControlBody::Run(run) => {
            optional(&mut text, "project", run.project.as_ref().map(AsRef::as_ref));
            optional(&mut text, "type", run.task_type.as_ref().map(AsRef::as_ref));
            optional(&mut text, "name", run.name.as_deref());
            for (key, value) in &run.labels {
                // A key is quoted as a whole with its prefix, should it need to be.
                field(&mut text, &format!("label.{key}"), value);
            }
        }
        ControlBody::Heartbeat => {}
        ControlBody::Progress(progress) => {
            optional(&mut text, "current", progress.current.map(|count| count.to_string()).as_deref());
            optional(&mut text, "total", progress.total.map(|count| count.to_string()).as_deref());
            optional(&mut text, "phase", progress.phase.as_deref());
            optional(&mut text, "message", progress.message.as_deref());
            optional(&mut text, "source", progress.source.as_deref());
            optional(&mut text, "source_reason", progress.source_reason.as_deref());
        }
        ControlBody::Step(step) => {
            field(&mut text, "id", step.step_id.as_str());
            optional(&mut text, "parent", step.parent_id.as_ref().map(AsRef::as_ref));
            field(&mut text, "name", &step.name);
            field(&mut text, "kind", &step.kind);
            field(&mut text, "status", step_status(step.status));
            optional(&mut text, "message", step.message.as_deref());
        }
        ControlBody::Result(result) => {
            let status = match result.status {
                miyabi_shared::event::ResultStatus::Succeeded => "succeeded",
                miyabi_shared::event::ResultStatus::Failed => "failed",
                miyabi_shared::event::ResultStatus::Cancelled => "cancelled",
            };
            field(&mut text, "status", status);
            optional(&mut text, "exit_code", result.exit_code.map(|code| code.to_string()).as_deref());
            optional(&mut text, "message", result.message.as_deref());
        }
    }
    text.push(']');
    text
}

fn step_status(status: miyabi_shared::task::StepStatus) -> &'static str {
    use miyabi_shared::task::StepStatus;
    match status {
        StepStatus::Queued => "queued",
        StepStatus::Running => "running",
        StepStatus::Succeeded => "succeeded",
        StepStatus::Failed => "failed",
        StepStatus::Cancelled => "cancelled",
        StepStatus::Skipped => "skipped",
    }
}

fn optional(text: &mut String, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        field(text, key, value);
    }
}

fn field(text: &mut String, key: &str, value: &str) {
    text.push(' ');
    quoted(text, key);
    text.push('=');
    quoted(text, value);
}

fn quoted(text: &mut String, value: &str) {
    let bare = |character: char| {
        !(character.is_whitespace()
            || character.is_control()
            || matches!(character, '"' | '\\' | '[' | ']' | '='))
    };
    if !value.is_empty() && value.chars().all(bare) {
        text.push_str(value);
        return;
    }
    text.push('"');
    for character in value.chars() {
        match character {
            '"' | '\\' | '[' | ']' => {
                text.push('\\');
                text.push(character);
            }
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            // C1 controls, line and paragraph separators too: some readers of logs end lines at them.
            _ if character.is_control() || matches!(character, '\u{2028}' | '\u{2029}') => {
                // Writing to a String cannot fail.
                let _ = write!(text, "\\u{:04x}", u32::from(character));
            }
            _ => text.push(character),
        }
    }
    text.push('"');
}
