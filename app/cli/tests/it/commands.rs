//! The commands that look, against an API with known answers.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::{World, output, text};

/// A task as the API gives it.
pub(crate) fn task(status: &str, version: u64) -> Value {
    let ended = status != "running";
    json!({
        "task_id": "t-1", "project_id": "shop", "task_type": "cdk-deploy", "name": "npx cdk deploy", "status": status,
        "progress": {"current": 15, "total": 29, "percentage": 52, "phase": "deploy", "message": "CREATE_COMPLETE Table", "source": "cdk-text"},
        "attempt": 1, "sequence": 17, "exit_code": if ended { json!(3) } else { json!(null) }, "labels": {}, "version": version,
        "log_group": "/miyabi/cdk-deploy", "created_at": "2026-11-22T04:30:00Z", "updated_at": "2026-11-22T04:31:00Z",
        "started_at": "2026-11-22T04:30:01Z", "finished_at": if ended { json!("2026-11-22T04:31:06Z") } else { json!(null) },
        "steps": [{"step_id": "Web", "parent_id": null, "name": "Web", "kind": "stack", "status": "running", "message": null,
                   "attempt": 1, "sequence": 3, "started_at": "2026-11-22T04:30:02Z", "finished_at": null}]
    })
}

#[test]
fn tasks_are_a_table_or_json_lines() {
    let world = World::online();
    let empty = output(&mut world.miyabi(["tasks"]));
    assert!(text(&empty.stdout).contains("miyabi run"), "{}", text(&empty.stdout));
    world.server.as_ref().unwrap().seen().details = vec![task("running", 1), task("failed", 2)];
    let table = text(&output(&mut world.miyabi(["tasks"])).stdout);
    assert_eq!(table.lines().count(), 3, "{table}");
    assert!(table.contains("52 %") && table.contains("15/29") && table.contains("1m 05s"), "{table}");
    let lines = text(&output(&mut world.miyabi(["tasks", "--json", "--status", "running"])).stdout);
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(first["progress"]["percentage"], 52);
    output(&mut world.miyabi(["tasks", "--label", "team=a", "--search", "de ploy", "--type", "test"]));
    assert_eq!(world.seen().queries.last().unwrap(), "limit=20&type=test&label=team%3Da&q=de%20ploy");
    world.server.as_ref().unwrap().seen().details.clear();
    let none = text(&output(&mut world.miyabi(["tasks", "--search", "x"])).stdout);
    assert_eq!(none, "No task agrees with all of that.\n");
}

#[test]
fn watching_a_task_prints_each_change_and_ends_with_its_exit_code() {
    let world = World::online();
    world.server.as_ref().unwrap().seen().details =
        vec![task("running", 1), task("running", 1), task("failed", 2)];
    let watch = output(&mut world.miyabi(["watch", "t-1"]));
    assert_eq!(watch.status.code(), Some(3), "{}", text(&watch.stderr));
    let shown = text(&watch.stdout);
    assert_eq!(shown.lines().count(), 2, "{shown}");
    assert!(shown.starts_with("running 52 %") && shown.contains("exit code 3"), "{shown}");
    assert_eq!(world.seen().tags.first().map(String::as_str), Some("\"1\""), "it asks by tag");
}

#[test]
fn what_is_not_there_is_said_with_what_to_do() {
    let world = World::online();
    let watch = output(&mut world.miyabi(["watch", "nobody"]));
    assert_eq!(watch.status.code(), Some(1));
    assert!(text(&watch.stderr).contains("there is no task nobody"), "{}", text(&watch.stderr));
    let tasks = output(&mut World::offline().miyabi(["tasks"]));
    assert_eq!(tasks.status.code(), Some(1));
    let said = text(&tasks.stderr);
    assert!(
        said.contains("does not answer") && said.contains("refused") && said.lines().count() == 1,
        "{said}"
    );
    let tasks = output(&mut World::bare().miyabi(["tasks"]));
    assert!(text(&tasks.stderr).contains("./just up"), "{}", text(&tasks.stderr));
    assert_eq!(output(&mut world.miyabi(["watch", "a b"])).status.code(), Some(2));
}

#[test]
fn logs_follow_without_gap_or_repeat_until_the_task_has_ended() {
    let world = World::online();
    let line = |message: &str| json!({"timestamp": "2026-11-22T04:30:00.250Z", "message": message});
    {
        let mut seen = world.server.as_ref().unwrap().seen();
        seen.details = vec![task("succeeded", 1)];
        for (cursor, next, lines) in [
            ("", "f%2F1", vec![line("one"), line("two")]),
            ("f%252F1", "f/2", vec![]),
            ("f%2F2", "f/3", vec![line("three")]),
            ("f%2F3", "f/3", vec![]),
        ] {
            let page = json!({"events": lines, "next_cursor": next, "previous_cursor": "b"});
            seen.log_pages.insert(cursor.to_owned(), page);
        }
    }
    for arguments in [&["logs", "t-1"][..], &["logs", "t-1", "--follow"]] {
        let logs = output(&mut world.miyabi(arguments));
        assert_eq!(text(&logs.stdout), "one\ntwo\nthree\n", "{}", text(&logs.stderr));
        assert!(logs.status.success());
    }
}

#[test]
fn progress_prints_each_change_at_once_and_the_result_last() {
    let world = World::bare();
    let mut child = world.miyabi(["progress"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    stdin.write_all(b"##miyabi[progress current=15 total=29]\n").unwrap();
    let first: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!((&first["type"], &first["percentage"]), (&json!("progress"), &json!(52)));
    drop(stdin);
    let last: Value = serde_json::from_str(&lines.last().unwrap().unwrap()).unwrap();
    assert_eq!(last["type"], "result");
    assert!(child.wait().unwrap().success());
    let missing = output(&mut world.miyabi(["progress", "no-such-file"]));
    assert_eq!(missing.status.code(), Some(1));
    assert!(text(&missing.stderr).contains("cannot read no-such-file"), "{}", text(&missing.stderr));
}

#[test]
fn a_doctor_says_for_each_thing_how_it_is_and_what_to_do() {
    let doctor = |world: &World| {
        let answer = output(&mut world.miyabi(["doctor", "--json"]));
        let checks: Vec<Value> =
            text(&answer.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (answer.status.code(), checks)
    };
    let states = |checks: &[Value], check: &str| -> Vec<String> {
        checks
            .iter()
            .filter(|one| one["check"] == check)
            .map(|one| one["state"].as_str().unwrap().to_owned())
            .collect()
    };
    let world = World::online();
    let (code, checks) = doctor(&world);
    assert_eq!(code, Some(1), "one log group is missing: {checks:?}");
    assert_eq!(states(&checks, "logs"), ["ok", "fail", "ok"], "{checks:?}");
    for check in ["API", "API version", "clock", "credentials", "redaction"] {
        assert_eq!(states(&checks, check), ["ok"], "{checks:?}");
    }
    assert_eq!(states(&checks, "configuration"), ["ok", "ok"]);
    assert!(
        checks.iter().any(|one| one["detail"].as_str().unwrap().contains("from MIYABI_API_URL")),
        "{checks:?}"
    );
    assert!(checks.iter().all(|one| one["state"] == "ok" || one["todo"].is_string()), "{checks:?}");

    let world = World::offline();
    output(&mut world.run_script("echo kept"));
    let (code, checks) = doctor(&world);
    assert_eq!(
        (code, states(&checks, "API"), states(&checks, "spool")),
        (Some(1), vec!["fail".to_owned()], vec!["warn".to_owned()]),
        "{checks:?}"
    );

    let bare = World::bare();
    let answer = output(&mut bare.miyabi(["doctor"]));
    assert_eq!(answer.status.code(), Some(1));
    let shown = text(&answer.stdout);
    assert!(
        shown.contains("fail  configuration  no API\n") && shown.contains("→ nothing says where"),
        "{shown}"
    );
    assert_eq!(output(bare.miyabi(["doctor"]).env("MIYABI_REDACT", "(")).status.code(), Some(1));
}

#[test]
fn every_shell_gets_its_completion() {
    let world = World::bare();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = output(&mut world.miyabi(["completion", shell]));
        assert!(script.status.success(), "{}", text(&script.stderr));
        let script = text(&script.stdout);
        assert!(
            script.contains("miyabi") && script.contains("doctor") && !script.contains("panicked"),
            "{script}"
        );
    }
    let script = output(&mut world.miyabi(["completion", "bash"]));
    let checked =
        std::process::Command::new("bash").args(["-n", "-c", &text(&script.stdout)]).output().unwrap();
    assert!(checked.status.success(), "{}", text(&checked.stderr));
    assert_eq!(output(&mut world.miyabi(["completion", "cmd"])).status.code(), Some(2));
}
