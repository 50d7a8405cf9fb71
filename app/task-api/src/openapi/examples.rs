//! What answers look like: one example for each body, all of the same deployment.

use serde_json::{Value, json};

/// The example of the schema of that name.
pub(super) fn example(schema: &str) -> Option<Value> {
    Some(match schema {
        "Task" => task(),
        "TaskList" => json!({ "tasks": [task()], "next_cursor": null }),
        "TaskDetail" => with(task(), json!({ "steps": [step()] })),
        "EventsApplied" => json!({ "applied": 3, "ignored": 1, "task": task() }),
        "CancelledTasks" => json!({ "cancelled": ["deploy-2026-11-22-1"], "more": false }),
        "ProjectList" => json!({ "projects": [project()] }),
        "History" => json!({
            "points": [{
                "time": "2026-11-22T04:30:07.412Z", "attempt": 1, "status": "running",
                "current": 15, "total": 29, "percentage": 51, "phase": "CREATE_IN_PROGRESS",
            }],
            "next_cursor": null,
        }),
        "LogPage" => json!({
            "events": [{
                "timestamp": "2026-11-22T04:30:07.412Z",
                "message": "MiyabiWebUIStack | 15/29 | 04:30:07 | CREATE_COMPLETE | AWS::DynamoDB::Table | Tasks",
            }],
            "next_cursor": "Zi8zOTMxNjA1Nzk5",
            "previous_cursor": "Yi8zOTMxNjA1Nzk5",
        }),
        "Identity" => json!({
            "kind": "key", "name": "GitHub Actions", "scope": "tasks:write", "projects": ["web-ui"],
        }),
        "ApiKeys" => json!({ "keys": [key()] }),
        "CreatedKey" => with(key(), json!({ "key": "mky_…" })),
        "JobDetail" => job(),
        "QueueList" => json!({
            "queues": [{
                "name": "standard-high", "size": "standard", "priority": "high",
                "waiting": 3, "running": 1, "delayed": 0, "dead_letters": 0, "workers": 1,
            }],
            "workers": [{
                "worker": "standard-5d1c0a9be2f4", "size": "standard", "running": { "standard": 1 }, "draining": false,
                "seen_at": "2026-11-22T04:30:07.412Z",
            }],
        }),
        "RedrivenQueue" => json!({ "moved": 50, "more": true }),
        "Share" => json!({
            "token": "mys_…",
            "path": "/tasks/deploy-2026-11-22-1?share=mys_…",
            "badge_path": "/api/tasks/deploy-2026-11-22-1/badge.svg?share=mys_…",
            "expires_at": "2026-11-29T04:30:00.000Z",
        }),
        _ => return None,
    })
}

fn job() -> Value {
    json!({
        "task": {
            "task_id": "deploy-2026-11-22-1", "project_id": "web-ui", "task_type": "cdk-deploy",
            "name": "npx cdk deploy", "labels": { "branch": "main" },
        },
        "run": {
            "command": ["npx", "cdk", "deploy"], "priority": "high", "timeout": 3600, "retries": 2,
            "idempotency": "repeatable",
        },
        "size": { "size": "standard", "reason": "no label says how much there is to do" },
        "attempt": 1,
        "state": {
            "state": "leased", "worker": "standard-5d1c0a9be2f4", "message_id": "0b5c2f6e-1f6a-4b51-9e0f-6f1a2b3c4d5e",
            "until": "2026-11-22T04:31:05.000Z",
        },
        "queued_at": "2026-11-22T04:29:58.120Z", "not_before": null, "failures": 0, "losses": 0,
        "attempts": [{
            "attempt": 1, "worker": "standard-5d1c0a9be2f4", "queued_at": "2026-11-22T04:29:58.120Z",
            "started_at": "2026-11-22T04:29:58.301Z", "ended_at": null, "end": null, "reason": null,
            "queue_wait_milliseconds": 181, "run_milliseconds": null,
        }],
        "version": 3, "queue": "standard-high", "listening": true,
    })
}

fn task() -> Value {
    json!({
        "task_id": "deploy-2026-11-22-1", "project_id": "web-ui", "task_type": "cdk-deploy",
        "name": "npx cdk deploy", "status": "running",
        "progress": {
            "current": 15, "total": 29, "percentage": 51,
            "phase": "CREATE_IN_PROGRESS", "message": "AWS::DynamoDB::Table Tasks",
            "source": "cdk", "source_reason": "a line of the AWS CDK's own count",
        },
        "estimate": {
            "earliest": "2026-11-22T04:32:10.000Z", "latest": "2026-11-22T04:33:40.000Z", "basis": "tasks",
        },
        "attempt": 1, "sequence": 42, "exit_code": null,
        "labels": { "branch": "main" }, "version": 17, "log_group": "/miyabi/jobs",
        "created_at": "2026-11-22T04:29:58.120Z", "updated_at": "2026-11-22T04:30:07.498Z",
        "heartbeat_at": "2026-11-22T04:30:05.001Z",
        "started_at": "2026-11-22T04:29:58.301Z", "finished_at": null,
    })
}

fn step() -> Value {
    json!({
        "step_id": "MiyabiWebUIStack", "parent_id": null, "name": "MiyabiWebUIStack", "kind": "stack",
        "status": "running", "message": null, "attempt": 1, "sequence": 3,
        "started_at": "2026-11-22T04:30:00.004Z", "finished_at": null,
    })
}

fn project() -> Value {
    json!({
        "project_id": "web-ui", "name": "web-ui",
        "counts": { "queued": 0, "running": 1, "succeeded": 118, "failed": 4, "cancelled": 2 },
        "created_at": "2026-11-01T09:00:00.000Z", "updated_at": "2026-11-22T04:30:07.498Z",
    })
}

fn key() -> Value {
    json!({
        "key_id": "0193512f3c1a7b6e", "name": "GitHub Actions", "scope": "tasks:write", "projects": ["web-ui"],
        "created_at": "2026-11-01T09:00:00.000Z", "created_by": "ada@example.com",
        "expires_at": "2027-01-30T09:00:00.000Z", "last_used_at": "2026-11-22T04:00:00.000Z",
    })
}

fn with(mut value: Value, more: Value) -> Value {
    if let (Some(members), Value::Object(more)) = (value.as_object_mut(), more) {
        members.extend(more);
    }
    value
}
