//! A disk that is full: the largest file that is allowed stands for it, as it gives the same answer to a write, and a signal on top.

use std::process::{Command, Stdio};

use miyabi_progress::control_line;
use miyabi_shared::EventBody;
use miyabi_shared::event::ResultStatus;

use crate::support::{World, output, text};

/// `miyabi run` of a script where no file may be longer than 32 kB or so.
fn cramped(world: &World, script: &str) -> Command {
    let mut command = Command::new("bash");
    command.args([
        "-c",
        "ulimit -f 32; exec \"$@\"",
        "bash",
        env!("CARGO_BIN_EXE_miyabi"),
        "run",
        "-q",
        "--",
    ]);
    command.args(["sh", "-c", script]).current_dir(world.folder.path()).stdin(Stdio::null());
    world.environment(&mut command);
    command
}

/// Much more than fits, with the pauses of a job that works, so that some is sent before there is more.
const SCRIPT: &str = "echo '##miyabi[progress current=1 total=2]'; seq 1 40000; exit 3";

#[test]
fn a_full_disk_disturbs_nothing_while_the_network_is_there() {
    let world = World::online();
    let run = output(&mut cramped(&world, SCRIPT));
    assert_eq!(run.status.code(), Some(3), "{:?}: {}", run.status, text(&run.stderr));
    assert_eq!(text(&run.stdout).lines().count(), 40_001);
    let lines = world.seen().only_lines();
    let numbers = lines.iter().filter_map(|line| line.parse::<u32>().ok());
    assert!(numbers.eq(1..=40_000), "{} lines arrived: {}", lines.len(), text(&run.stderr));
    let events = world.seen().only_events();
    let Some(EventBody::Result(result)) = events.last().map(|event| &event.body) else {
        panic!("{events:?}")
    };
    assert_eq!((result.status, result.exit_code), (ResultStatus::Failed, Some(3)));
    assert_eq!(world.seen().violations, [""; 0]);
    assert!(world.spools().is_empty(), "{:?}", world.spools());
}

#[test]
fn a_full_disk_without_a_network_is_told_and_what_fitted_is_sent_later() {
    let mut world = World::offline();
    let run = output(&mut cramped(&world, SCRIPT));
    assert_eq!(run.status.code(), Some(3), "{:?}: {}", run.status, text(&run.stderr));
    assert_eq!(text(&run.stdout).lines().count(), 40_001);
    assert!(text(&run.stderr).contains("could not be kept on disk"), "{}", text(&run.stderr));
    world.go_online();
    let flush = output(&mut world.miyabi(["flush"]));
    assert!(flush.status.success(), "{}", text(&flush.stderr));
    let lines = world.seen().only_lines();
    assert!(lines.iter().any(|line| line.starts_with(control_line::PREFIX)), "{lines:?}");
    let events = world.seen().only_events();
    let Some(EventBody::Result(result)) = events.last().map(|event| &event.body) else {
        panic!("{events:?}")
    };
    assert_eq!((result.status, result.exit_code), (ResultStatus::Failed, Some(3)));
}
