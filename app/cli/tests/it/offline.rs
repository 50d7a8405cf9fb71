//! Without a network the command runs on, and everything arrives later, once.

use std::process::Stdio;

use miyabi_progress::control_line;
use miyabi_shared::EventBody;
use miyabi_shared::event::ResultStatus;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::{World, output, text, wait_until};

fn output_lines(world: &World) -> Vec<String> {
    world.seen().only_lines().into_iter().filter(|line| !line.starts_with(control_line::PREFIX)).collect()
}

fn assert_empty(world: &World) {
    assert!(world.spools().is_empty(), "{:?}", world.spools());
}

#[test]
fn what_could_not_be_sent_is_kept_and_flushed_exactly_once() {
    let mut world = World::offline();
    let run = output(&mut world.run_script("echo one; echo two >&2; exit 5"));
    assert_eq!((run.status.code(), text(&run.stdout).as_str()), (Some(5), "one\n"));
    let said = text(&run.stderr);
    assert!(
        said.starts_with("two\n") && said.lines().count() == 2 && said.contains("miyabi flush"),
        "{said}"
    );
    assert_eq!(world.spools().len(), 1);
    let early = output(&mut world.miyabi(["flush"]));
    assert_eq!(early.status.code(), Some(1), "{}", text(&early.stderr));
    assert!(text(&early.stderr).contains("is kept"), "{}", text(&early.stderr));

    world.go_online();
    let flush = output(&mut world.miyabi(["flush"]));
    assert_eq!(flush.status.code(), Some(0), "{}", text(&flush.stderr));
    let mut lines = output_lines(&world);
    lines.sort();
    assert_eq!(lines, ["one", "two"]);
    let events = world.seen().only_events();
    let EventBody::Result(result) = &events.last().unwrap().body else { panic!("{events:?}") };
    assert_eq!((result.status, result.exit_code), (ResultStatus::Failed, Some(5)));
    assert_eq!(world.seen().repeated_events, 0);
    assert_empty(&world);

    let again = output(&mut world.miyabi(["flush"]));
    assert!(text(&again.stderr).contains("nothing is waiting"), "{}", text(&again.stderr));
    assert_eq!(output_lines(&world).len(), 2);
}

#[test]
fn a_network_that_comes_back_is_used_while_the_command_runs() {
    let mut world = World::offline();
    let mut child = world
        .run_script("echo early; read x; echo late")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    wait_until("something is kept", || match world.spools() {
        spools if spools.is_empty() => Err("no spool"),
        _ => Ok(()),
    });
    world.go_online();
    wait_until("the early line arrives", || {
        let lines = world.seen().lines.values().flatten().map(|(_, line)| line.clone()).collect::<Vec<_>>();
        if lines.contains(&"early".to_owned()) { Ok(()) } else { Err(lines) }
    });
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    assert_eq!(output_lines(&world), ["early", "late"]);
    assert_empty(&world);
}

#[test]
fn a_later_run_delivers_what_an_earlier_one_kept() {
    let mut world = World::offline();
    output(&mut world.miyabi(["run", "-q", "--task-id", "earlier", "--", "echo", "kept"]));
    world.go_online();
    let mut later = world
        .miyabi(["run", "-q", "--task-id", "later", "--", "sh", "-c", "read x; true"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    wait_until("the earlier run's result arrives", || {
        let seen = world.seen();
        let events = seen.events.get("earlier").map(|events| events.values().last().unwrap().body.clone());
        match events {
            Some(EventBody::Result(_)) => Ok(()),
            other => Err(format!("{other:?}")),
        }
    });
    drop(later.stdin.take());
    assert!(later.wait().unwrap().success());
    wait_until("the earlier run's lines arrived", || {
        let seen = world.seen();
        match seen.lines.get("earlier").map(|lines| lines.iter().filter(|(_, line)| line == "kept").count()) {
            Some(1) => Ok(()),
            other => Err(other),
        }
    });
}

#[test]
fn a_killed_miyabi_loses_nothing_that_it_read() {
    let mut world = World::offline();
    let mut child = world
        // The script itself is in the spool as well, as the task's name; what it prints must not be found there.
        .run_script("echo one; echo t''wo; read x")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    wait_until("the lines are on disk", || {
        let mut kept = String::new();
        for spool in world.spools() {
            let segment = spool.join("log-0000000001.segment");
            kept.push_str(&text(&std::fs::read(segment).unwrap_or_default()));
        }
        if kept.contains("two") { Ok(()) } else { Err(kept) }
    });
    kill_process(Pid::from_child(&child), Signal::KILL).unwrap();
    child.wait().unwrap();
    world.go_online();
    let flush = output(&mut world.miyabi(["flush"]));
    assert_eq!(flush.status.code(), Some(0), "{}", text(&flush.stderr));
    assert_eq!(output_lines(&world), ["one", "two"], "{}", text(&flush.stderr));
    let events = world.seen().only_events();
    let EventBody::Result(result) = &events.last().unwrap().body else { panic!("{events:?}") };
    assert_eq!(result.status, ResultStatus::Failed);
    assert!(result.message.as_ref().unwrap().contains("not known"), "{result:?}");
    assert_empty(&world);
}

#[test]
fn past_the_bound_the_oldest_lines_give_way_to_a_line_that_says_how_many() {
    let mut world = World::offline();
    // 72 MB, and progress before, amid and after.
    let script = "echo '##miyabi[progress current=1 total=3]'; yes \"$(head -c 1000 /dev/zero | tr '\\0' y)\" | head -n 36000; \
                  echo '##miyabi[progress current=2 total=3]'; yes \"$(head -c 1000 /dev/zero | tr '\\0' y)\" | head -n 36000; echo last";
    let run = output(world.run_script(script).stdout(Stdio::null()));
    assert!(run.status.success());
    assert!(text(&run.stderr).contains("left out of the log"), "{}", text(&run.stderr));
    let kept: u64 = world
        .spools()
        .iter()
        .flat_map(|spool| std::fs::read_dir(spool).unwrap())
        .map(|entry| entry.unwrap().metadata().unwrap().len())
        .sum();
    assert!(kept < 70 << 20, "{kept} bytes are kept");
    world.go_online();
    assert!(output(&mut world.miyabi(["flush"])).status.success());
    let lines = output_lines(&world);
    let gaps: Vec<_> = lines.iter().filter(|line| line.starts_with("[miyabi] output left out: ")).collect();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    let left_out: usize = gaps[0].split(' ').nth(4).unwrap().parse().unwrap();
    let every = world.seen().only_lines();
    let numbered =
        |line: &&String| matches!(control_line::parse(line), Some(Ok(line)) if line.stamp.is_some());
    let arrived = every.len() - every.iter().filter(numbered).count() - gaps.len();
    assert_eq!(left_out + arrived, 72_003, "{left_out} and {arrived}");
    assert!(lines.contains(&"last".to_owned()));
    let control: Vec<_> =
        world.seen().only_lines().into_iter().filter(|line| line.starts_with("##miyabi[p")).collect();
    assert!(control.iter().any(|line| line.contains("current=1")), "{control:?}");
    assert!(control.iter().any(|line| line.contains("current=2")), "{control:?}");
    assert_eq!(world.seen().violations, [""; 0]);
}

#[test]
fn where_nothing_can_be_written_the_command_runs_and_what_is_sent_is_sent() {
    let world = World::online();
    std::fs::write(world.folder.path().join("state"), "a file where a folder should be").unwrap();
    let run = output(&mut world.run_script("echo one"));
    assert_eq!(
        (run.status.code(), text(&run.stdout).as_str(), text(&run.stderr).as_str()),
        (Some(0), "one\n", "")
    );
    assert_eq!(output_lines(&world), ["one"]);
}
