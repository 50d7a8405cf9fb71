//! `miyabi attach`: what something else writes to a log stream becomes a task.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use miyabi_shared::EventBody;
use miyabi_shared::event::ResultStatus;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Server, World, output, text, wait_until};

const GROUP: &str = "/ecs/deployments";
const STREAM: &str = "deploy/web/1";

/// Appends lines, all of one millisecond.
fn write(server: &Server, lines: &[String]) {
    let place = (GROUP.to_owned(), STREAM.to_owned());
    let lines = lines.iter().map(|line| (1_795_000_000_000, line.clone()));
    server.seen().foreign.entry(place).or_default().extend(lines);
}

fn deployment(done: std::ops::Range<u32>) -> Vec<String> {
    let line = |number| {
        format!(
            "Web | {number}/9 | 1:02:04 PM | CREATE_COMPLETE | AWS::S3::Bucket | B{number} (B{number}83908E77)"
        )
    };
    done.map(line).collect()
}

#[test]
fn a_stream_is_read_from_its_first_line_and_followed_and_again_changes_nothing() {
    let world = World::online();
    let server = world.server.as_ref().unwrap();
    // Pages whose borders lie between lines of one millisecond.
    server.seen().page_lines = 3;
    write(server, &deployment(0..5));
    let arguments = ["attach", GROUP, STREAM, "--name", "Deploy", "--label", "team=a"];
    let mut child = world.miyabi(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(|line| line.unwrap());
    let mut printed: Vec<String> = lines.by_ref().take(5).collect();
    // What comes while it follows, across a page's border.
    write(server, &deployment(5..9));
    printed.extend(lines.by_ref().take(4));
    assert_eq!(printed, deployment(0..9), "no gap, no repeat");
    let current = || {
        let seen = world.seen();
        let events = seen.events.values().flat_map(|events| events.values());
        events
            .filter_map(
                |event| if let EventBody::Progress(progress) = &event.body { progress.current } else { None },
            )
            .max()
    };
    wait_until("the progress is at the API", || if current() == Some(8) { Ok(()) } else { Err(current()) });
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let before = world.seen().only_events();
    let task = world.seen().tasks.values().next().unwrap().clone();
    assert_eq!((&task["name"], &task["labels"]["team"]), (&"Deploy".into(), &"a".into()));
    assert_eq!(task["labels"]["attached"], "/ecs/deployments:deploy/web/1");

    // It ends, and whoever attaches now sees all of it, and tells what was missing.
    write(
        server,
        &["Web | 9/9 | 1:02:06 PM | CREATE_COMPLETE | AWS::CloudFormation::Stack | Web".to_owned()],
    );
    write(server, &[" \u{2705}  Web".to_owned()]);
    let again = output(&mut world.miyabi([&arguments[..], &["--idle", "1"]].concat()));
    assert!(again.status.success(), "{}", text(&again.stderr));
    assert_eq!(text(&again.stdout).lines().count(), 11);
    let after = world.seen().only_events();
    let story = |events: &[miyabi_shared::TaskEvent]| -> Vec<(u64, EventBody)> {
        let told = events.iter().filter(|event| event.body != EventBody::Heartbeat {});
        told.map(|event| (event.sequence, event.body.clone())).collect()
    };
    let (before, after) = (story(&before), story(&after));
    for event in &before {
        assert!(after.contains(event), "{event:?} was told otherwise: {after:?}");
    }
    let EventBody::Result(result) = &after.last().unwrap().1 else { panic!("{after:?}") };
    assert_eq!(result.status, ResultStatus::Succeeded);
    assert_eq!(world.seen().events.len(), 1, "one task");
}

#[test]
fn what_cannot_be_attached_is_said_with_what_to_do() {
    let world = World::online();
    let missing = output(&mut world.miyabi(["attach", GROUP, "no-such-stream"]));
    assert_eq!(missing.status.code(), Some(1));
    assert!(text(&missing.stderr).contains("there is no log stream no-such-stream in /ecs/deployments"));
    let own = output(&mut world.miyabi(["attach", "/miyabi/system", "t-1"]));
    assert!(text(&own.stderr).contains("miyabi watch t-1"), "{}", text(&own.stderr));
    write(
        world.server.as_ref().unwrap(),
        &["##miyabi[result attempt=9 sequence=999 status=succeeded]".to_owned()],
    );
    let twice = output(&mut world.miyabi(["attach", GROUP, STREAM, "--idle", "1"]));
    assert!(text(&twice.stderr).contains("of `miyabi run`"), "{}", text(&twice.stderr));
    let bare = output(&mut World::bare().miyabi(["attach", GROUP, STREAM]));
    assert!(text(&bare.stderr).contains("./just up"), "{}", text(&bare.stderr));
}
