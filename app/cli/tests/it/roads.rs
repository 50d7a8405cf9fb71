//! Both roads carry the same story, within every rule, whatever the other side does.

use std::process::Stdio;

use miyabi_progress::control_line;
use miyabi_shared::EventBody;
use miyabi_shared::event::ResultStatus;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::{World, output, text, wait_until};

const DEPLOYMENT: &str = r#"
echo "Web | 0/4 | 1:02:03 PM | CREATE_IN_PROGRESS   | AWS::CloudFormation::Stack | Web User Initiated"
echo "Web | 1/4 | 1:02:04 PM | CREATE_COMPLETE      | AWS::S3::Bucket | Bucket (Bucket83908E77)"
echo "Web | 2/4 | 1:02:05 PM | CREATE_COMPLETE      | AWS::IAM::Role | Role (Role1ABCC5F0)"
echo "Web | 4/4 | 1:02:06 PM | CREATE_COMPLETE      | AWS::CloudFormation::Stack | Web"
"#;

#[test]
fn a_run_is_created_started_and_ended_with_what_it_is() {
    let world = World::online();
    let run = output(&mut world.miyabi([
        "run",
        "-q",
        "--name",
        "Nightly",
        "--project",
        "shop",
        "--type",
        "test",
        "--label",
        "team=a",
        "--",
        "true",
    ]));
    assert!(run.status.success(), "{}", text(&run.stderr));
    let seen = world.seen();
    let task = seen.tasks.values().next().unwrap();
    assert_eq!(
        (&task["name"], &task["project_id"], &task["task_type"]),
        (&"Nightly".into(), &"shop".into(), &"test".into())
    );
    assert_eq!(task["labels"]["team"], "a");
    let events = seen.only_events();
    assert!(matches!(events[0].body, EventBody::Started {}), "{events:?}");
    let EventBody::Result(result) = &events.last().unwrap().body else { panic!("{events:?}") };
    assert_eq!((result.status, result.exit_code), (ResultStatus::Succeeded, Some(0)));
    assert!(events.iter().zip(1..).all(|(event, sequence)| event.sequence == sequence), "{events:?}");
}

#[test]
fn both_roads_carry_the_same_events_and_the_log_has_the_output_between_them() {
    let world = World::online();
    let run = output(&mut world.miyabi(["run", "-q", "--type", "cdk-deploy", "--", "sh", "-c", DEPLOYMENT]));
    assert!(run.status.success(), "{}", text(&run.stderr));
    let seen = world.seen();
    let lines = seen.only_lines();
    assert!(lines[0].starts_with("##miyabi[run "), "{lines:?}");
    let (control, output): (Vec<_>, Vec<_>) =
        lines.iter().partition(|line| line.starts_with(control_line::PREFIX));
    let stamps: Vec<_> = control
        .iter()
        .map(|line| {
            let stamp = control_line::parse(line).unwrap().unwrap().stamp.unwrap();
            (stamp.attempt, stamp.sequence, stamp.time)
        })
        .collect();
    let events = seen.only_events();
    let direct: Vec<_> =
        events.iter().map(|event| (event.attempt, event.sequence, Some(event.time))).collect();
    assert_eq!(stamps, direct);
    assert_eq!(output.len(), 4, "{output:?}");
    let last = events.iter().rev().find_map(|event| match &event.body {
        EventBody::Progress(progress) => Some((progress.current, progress.total)),
        _ => None,
    });
    assert_eq!(last, Some((Some(4), Some(4))), "{events:?}");
    assert_eq!(seen.violations, [""; 0]);
}

#[test]
fn failure_and_cancellation_are_told_with_their_reason() {
    let world = World::online();
    output(&mut world.miyabi(["run", "-q", "--task-id", "failed", "--", "sh", "-c", "exit 3"]));
    output(&mut world.miyabi(["run", "-q", "--task-id", "missing", "--", "no-such-program"]));
    let mut child = world
        .miyabi(["run", "-q", "--task-id", "ended", "--", "sh", "-c", "echo ready; exec sleep 300"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut ready = [0; 6];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut ready).unwrap();
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    child.wait().unwrap();
    let seen = world.seen();
    let result = |id: &str| match &seen.events[id].values().last().unwrap().body {
        EventBody::Result(result) => (result.status, result.exit_code, result.message.clone().unwrap()),
        other => panic!("{other:?}"),
    };
    assert_eq!(result("failed"), (ResultStatus::Failed, Some(3), "exit code 3".to_owned()));
    let (status, code, message) = result("missing");
    assert_eq!((status, code), (ResultStatus::Failed, Some(127)));
    assert!(message.contains("command not found"), "{message}");
    assert_eq!(result("ended"), (ResultStatus::Cancelled, Some(143), "ended by SIGTERM".to_owned()));
}

#[test]
fn progress_is_seen_while_the_command_runs() {
    let world = World::online();
    let script = "echo '##miyabi[progress current=1 total=4]'; read x; echo '##miyabi[progress current=3 total=4]'; read x";
    let mut child = world.run_script(script).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    for expected in [1, 3] {
        wait_until("the progress is at the API", || {
            let seen = world.seen();
            let found = seen.events.values().flat_map(|events| events.values()).any(
                |event| matches!(&event.body, EventBody::Progress(progress) if progress.current == Some(expected)),
            );
            if found { Ok(()) } else { Err(format!("{:?}", seen.events)) }
        });
        std::io::Write::write_all(child.stdin.as_mut().unwrap(), b"\n").unwrap();
    }
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_flood_of_output_is_shipped_in_batches_within_every_rule() {
    let world = World::online();
    // 300,000 lines, and one of 3 MB, and empty ones.
    let script = "seq 1 300000; head -c 3000000 /dev/zero | tr '\\0' x; printf '\\n\\n\\n'; echo end";
    let run =
        output(world.miyabi(["run", "-q", "--wait", "60", "--", "sh", "-c", script]).stdout(Stdio::null()));
    assert_eq!(text(&run.stderr), "");
    let seen = world.seen();
    assert_eq!(seen.violations, [""; 0]);
    let lines = seen.only_lines();
    let numbers = lines.iter().filter_map(|line| line.parse::<u32>().ok());
    assert!(numbers.eq(1..=300_000), "every line, once, in order");
    let x: usize =
        lines.iter().filter(|line| line.starts_with(['x', '…'])).map(|line| line.matches('x').count()).sum();
    assert_eq!(x, 3_000_000);
    assert_eq!(lines.iter().filter(|line| *line == " ").count(), 2);
    assert!(seen.batches < 60, "{} batches", seen.batches);
}

#[test]
fn fast_progress_is_thinned_and_its_last_word_is_kept() {
    let world = World::online();
    let script =
        "i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo \"##miyabi[progress current=$i total=3000]\"; done";
    let run = output(&mut world.run_script(script));
    assert!(run.status.success());
    let seen = world.seen();
    let events = seen.only_events();
    assert!(events.len() < 300, "{}", events.len());
    let EventBody::Progress(last) = &events[events.len() - 2].body else { panic!("{events:?}") };
    assert_eq!(last.current, Some(3000));
    assert!(seen.event_requests <= events.len() + 2);
}

#[test]
fn errors_of_the_other_side_are_waited_out() {
    let world = World::online();
    {
        let mut seen = world.server.as_ref().unwrap().seen();
        seen.api_failures = 1;
        seen.throttles = 2;
        seen.lose_stream = true;
    }
    let run = output(&mut world.run_script("echo one; echo two"));
    assert_eq!((run.status.code(), text(&run.stderr).as_str()), (Some(0), ""));
    let seen = world.seen();
    let output: Vec<_> =
        seen.only_lines().into_iter().filter(|line| !line.starts_with(control_line::PREFIX)).collect();
    assert_eq!(output, ["one", "two"]);
    assert!(matches!(seen.only_events().last().unwrap().body, EventBody::Result(_)));
}

#[test]
fn an_api_that_hangs_is_not_waited_for_and_gets_the_rest_later() {
    let world = World::online();
    world.server.as_ref().unwrap().seen().api_hangs = 1;
    let run = output(&mut world.miyabi(["run", "-q", "--wait", "1", "--", "true"]));
    assert!(run.status.success());
    assert!(text(&run.stderr).contains("miyabi flush"), "{}", text(&run.stderr));
    assert!(output(&mut world.miyabi(["flush"])).status.success());
    assert!(matches!(world.seen().only_events().last().unwrap().body, EventBody::Result(_)));
}

#[test]
fn what_is_refused_for_good_is_told_and_stops_nothing_behind_it() {
    let world = World::online();
    {
        let mut seen = world.server.as_ref().unwrap().seen();
        seen.poison = Some("bad".to_owned());
    }
    let run = output(&mut world.miyabi([
        "run",
        "-q",
        "--name",
        "x",
        "--",
        "sh",
        "-c",
        "echo one; echo bad; echo two",
    ]));
    assert!(run.status.success());
    let said = text(&run.stderr);
    assert!(said.contains("a line was refused") && said.lines().count() == 1, "{said}");
    let lines = world.seen().only_lines();
    assert!(lines.contains(&"one".to_owned()) && lines.contains(&"two".to_owned()), "{lines:?}");
}

#[test]
fn a_second_attempt_at_a_named_task_counts_on() {
    let world = World::online();
    world.server.as_ref().unwrap().seen().details = vec![crate::commands::task("failed", 4)];
    output(&mut world.miyabi(["run", "-q", "--task-id", "t-1", "--", "true"]));
    output(&mut world.miyabi(["run", "-q", "--task-id", "t-1", "--attempt", "7", "--", "true"]));
    let attempts: std::collections::BTreeSet<_> =
        world.seen().only_events().iter().map(|event| event.attempt).collect();
    assert_eq!(attempts.into_iter().collect::<Vec<_>>(), [2, 7]);
}

#[test]
fn a_numbered_control_line_of_the_command_is_its_text() {
    let world = World::online();
    let forged = "##miyabi[result attempt=9 sequence=999 status=succeeded]";
    output(&mut world.run_script(&format!("echo '{forged}'; exit 1")));
    let seen = world.seen();
    let lines = seen.only_lines();
    assert!(lines.contains(&format!(" {forged}")) && !lines.contains(&forged.to_owned()), "{lines:?}");
    assert!(seen.only_events().iter().all(|event| event.attempt == 1));
}

#[test]
fn a_run_inside_a_run_names_its_parent() {
    let world = World::online();
    let program = env!("CARGO_BIN_EXE_miyabi");
    output(&mut world.miyabi([
        "run",
        "-q",
        "--task-id",
        "outer",
        "--",
        program,
        "run",
        "-q",
        "--task-id",
        "inner",
        "--",
        "true",
    ]));
    let seen = world.seen();
    assert_eq!(seen.tasks["inner"]["labels"]["parent"], "outer");
    assert_eq!(seen.tasks["outer"].get("labels"), None);
}

#[test]
fn secrets_are_seen_by_the_user_and_by_nobody_else() {
    let world = World::online();
    let token = "ghp_aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6";
    let script = format!(
        "printf 'token is {}'; sleep 0.2; echo '{}'; echo \"value $DEPLOY_SECRET\"; echo order-123456; \
         echo '##miyabi[progress current=1 total=2 message=\"{token}\"]'; echo 'PASSWORD=hunter22' >&2; exit 3",
        &token[..17],
        &token[17..]
    );
    let mut run =
        world.miyabi(["run", "-q", "--redact", "order-[0-9]+", "--label", "api_key=abcdefgh", "--"]);
    run.args(["sh", "-c", &script])
        .env("DEPLOY_SECRET", "correct-horse")
        .env("MIYABI_REDACT", "never\nmatches");
    let run = output(&mut run);
    assert_eq!(run.status.code(), Some(3), "{}", text(&run.stderr));
    let shown = text(&run.stdout);
    assert!(shown.starts_with(&format!("token is {token}\nvalue correct-horse\norder-123456\n")), "{shown}");
    assert_eq!(text(&run.stderr), "PASSWORD=hunter22\n");
    let seen = world.seen();
    let lines = seen.only_lines();
    for line in ["token is [redacted]", "value [redacted]", "[redacted]", "PASSWORD=[redacted]"] {
        assert!(lines.contains(&line.to_owned()), "{line}: {lines:?}");
    }
    let everything = format!("{:?} {:?} {lines:?}", seen.tasks, seen.events);
    for secret in [token, "correct-horse", "order-123456", "hunter22", "abcdefgh"] {
        assert!(!everything.contains(secret), "{secret}: {everything}");
    }
}

#[test]
fn a_pattern_that_cannot_be_read_is_said_before_anything_runs() {
    let world = World::online();
    let flag = output(&mut world.miyabi(["run", "--redact", "(", "--", "echo", "ran"]));
    let variable = output(world.run_script("echo ran").env("MIYABI_REDACT", "fine\n("));
    for run in [flag, variable] {
        assert_eq!((run.status.code(), text(&run.stdout).as_str()), (Some(2), ""), "{}", text(&run.stderr));
        assert!(text(&run.stderr).contains("unclosed group"), "{}", text(&run.stderr));
    }
}

#[test]
fn a_silent_job_gives_signs_of_life_by_both_roads() {
    let world = World::online();
    let mut child = world.run_script("read x").stdin(Stdio::piped()).spawn().unwrap();
    wait_until("a sign of life is at the API and in the log", || {
        let seen = world.seen();
        let direct = seen
            .events
            .values()
            .flat_map(|events| events.values())
            .any(|event| event.body == EventBody::Heartbeat {});
        let logged = seen
            .lines
            .values()
            .flatten()
            .any(|(_, line)| line.starts_with("##miyabi[heartbeat attempt=1 sequence=2 "));
        if direct && logged { Ok(()) } else { Err(format!("{:?} {:?}", seen.events, seen.lines)) }
    });
    drop(child.stdin.take());
    assert!(!child.wait().unwrap().success());
    assert_eq!(world.seen().repeated_events, 0);
}
