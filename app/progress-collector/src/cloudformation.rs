//! CloudFormation's own events, as an EventBridge rule delivers them: one event a call. Each is a line for the parser, in a
//! stream for each operation on a stack.

use miyabi_progress::control_line::{self, ControlBody, ControlLine, Run};
use miyabi_shared::{LogGroup, TaskType, Timestamp};
use serde_json::Value;

use crate::payload::{Batch, LogEvent};

/// Longest part of a stream's name that a caller chose.
const TOKEN_CHARACTERS: usize = 64;

/// The event in `payload` as a batch of lines; `None` where it is none.
pub(crate) fn batch(payload: &Value) -> Option<Batch> {
    let text = |place: &str| payload.pointer(place).and_then(Value::as_str);
    if text("/source") != Some("aws.cloudformation") {
        return None;
    }
    // arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/UUID
    let stack_id = text("/detail/stack-id")?;
    let (_, names) = stack_id.split_once(":stack/")?;
    let (stack, uuid) = names.split_once('/')?;
    // Who began the operation may have named it; else all operations on the stack are one story.
    let token = text("/detail/client-request-token").filter(|token| !token.is_empty()).unwrap_or(uuid);
    let token: String = token.chars().take(TOKEN_CHARACTERS).collect();
    let time = text("/time").and_then(|time| time.parse::<Timestamp>().ok()).unwrap_or_else(Timestamp::now);
    let run = Run {
        task_type: TaskType::new(TaskType::CDK_DEPLOY).ok(),
        name: Some(stack.to_owned()),
        ..Run::default()
    };
    let first = control_line::format(&ControlLine { stamp: None, body: ControlBody::Run(run) });
    let event = LogEvent {
        id: text("/id").unwrap_or_default().to_owned(),
        timestamp: time.as_millis(),
        message: format!("{first}\n{payload}").into_bytes(),
    };
    Some(Batch {
        log_group: LogGroup::CdkDeploy.name().to_owned(),
        log_stream: format!("{stack}-{token}"),
        events: vec![event],
        ..Batch::default()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_is_a_line_in_the_stream_of_its_operation() {
        let mut event = json!({
            "source": "aws.cloudformation", "id": "1", "time": "2026-11-22T04:30:01Z",
            "detail": {"stack-id": "arn:aws:cloudformation:eu-west-1:1:stack/Demo/uuid", "client-request-token": "deploy-7"}
        });
        let batch_of = |event: &Value| batch(event).map(|batch| batch.log_stream);
        assert_eq!(batch_of(&event).as_deref(), Some("Demo-deploy-7"));
        event["detail"]["client-request-token"] = json!("");
        assert_eq!(batch_of(&event).as_deref(), Some("Demo-uuid"));
        event["detail"]["stack-id"] = json!("Demo");
        assert_eq!(batch_of(&event), None);
        assert_eq!(batch_of(&json!({"awslogs": {"data": ""}})), None);
    }
}
