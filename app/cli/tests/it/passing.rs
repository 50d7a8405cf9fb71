//! A command under `miyabi run` is the command itself: its bytes, its input, its signals, its end.

use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{World, output, text, wait_until};

#[test]
fn the_exit_code_is_the_commands_own() {
    for world in [World::bare(), World::online(), World::offline()] {
        for code in [0, 1, 2, 42, 255] {
            let output = output(&mut world.run_script(&format!("exit {code}")));
            assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
        }
    }
}

#[test]
fn a_death_by_signal_is_passed_on_and_a_shell_shows_128_and_the_signal() {
    let world = World::bare();
    for (name, number) in [("TERM", 15), ("KILL", 9), ("INT", 2), ("SEGV", 11), ("HUP", 1)] {
        let output = output(&mut world.run_script(&format!("kill -{name} $$")));
        assert_eq!(output.status.signal(), Some(number), "{name}");
        assert_eq!(output.status.code(), None, "{name}");
    }
    let mut shell = Command::new("sh");
    shell.args(["-c", "\"$0\" run -- sh -c 'kill -TERM $$'; echo $?", env!("CARGO_BIN_EXE_miyabi")]);
    world.environment(&mut shell);
    assert_eq!(text(&output(shell.current_dir(world.folder.path())).stdout), "143\n");
}

#[test]
fn a_command_that_cannot_start_is_said_so_as_a_shell_does() {
    let world = World::bare();
    for (program, code, message) in [
        ("no-such-program", 127, "miyabi: no-such-program: command not found"),
        ("/etc/passwd", 126, "miyabi: /etc/passwd: permission denied"),
        ("/etc", 126, "miyabi: /etc: permission denied"),
    ] {
        let output = output(&mut world.miyabi(["run", "--", program]));
        assert_eq!(output.status.code(), Some(code));
        assert!(text(&output.stderr).contains(message), "{}", text(&output.stderr));
    }
}

#[test]
fn every_byte_arrives_on_its_own_stream() {
    let world = World::online();
    let folder = world.folder.path();
    let every: Vec<u8> = (0..=255_u8).cycle().take(100_003).collect();
    let long = vec![b'x'; 10 << 20];
    std::fs::write(folder.join("binary"), &every).unwrap();
    std::fs::write(folder.join("long"), &long).unwrap();
    let script = "cat binary; printf 'no end' >&2; cat long; printf '\\033[31mred\\r\\n\\0'; cat binary >&2";
    let bare = output(Command::new("sh").args(["-c", script]).current_dir(folder));
    let run = output(&mut world.miyabi(["run", "-q", "--wait", "60", "--", "sh", "-c", script]));
    assert!(run.stdout == bare.stdout, "{} and {} bytes", run.stdout.len(), bare.stdout.len());
    assert!(run.stderr == bare.stderr, "{}", text(&run.stderr[run.stderr.len().saturating_sub(300)..]));
}

#[test]
fn where_both_streams_go_to_one_place_their_order_stays() {
    let world = World::bare();
    let path = world.folder.path().join("both");
    let file = std::fs::File::create(&path).unwrap();
    let script = "for i in 1 2 3 4 5 6 7 8 9; do echo out $i; echo error $i >&2; done";
    let mut run = world.run_script(script);
    run.stdout(file.try_clone().unwrap()).stderr(file);
    assert!(run.status().unwrap().success());
    let expected: String = (1..10).map(|i| format!("out {i}\nerror {i}\n")).collect();
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.ends_with(&expected), "{text}");
}

#[test]
fn input_is_passed_on_and_output_is_not_held_back() {
    let world = World::online();
    let mut child = world
        .miyabi(["run", "-q", "--", "cat"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    for word in ["one", "two\n", "no line end"] {
        stdin.write_all(word.as_bytes()).unwrap();
        let mut echoed = vec![0; word.len()];
        // `cat` is still running, so this proves that nothing waits for its end, or for the end of a line.
        stdout.read_exact(&mut echoed).unwrap();
        assert_eq!(text(&echoed), word);
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn signals_to_miyabi_reach_the_command() {
    let world = World::bare();
    for (signal, name) in
        [(Signal::TERM, "TERM"), (Signal::INT, "INT"), (Signal::HUP, "HUP"), (Signal::USR1, "USR1")]
    {
        let script =
            format!("trap 'echo got {name}; exit 9' {name}; echo ready; while :; do sleep 0.02; done");
        let mut child = world.run_script(&script).stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let mut ready = [0; 6];
        stdout.read_exact(&mut ready).unwrap();
        kill_process(Pid::from_child(&child), signal).unwrap();
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, format!("got {name}\n"));
        assert_eq!(child.wait().unwrap().code(), Some(9));
    }
}

#[test]
fn a_signal_that_was_ignored_before_stays_ignored() {
    let world = World::bare();
    let script = "trap '' HUP; exec \"$0\" run -- sh -c 'kill -HUP $$; kill -HUP $PPID; echo alive'";
    let mut shell = Command::new("sh");
    world.environment(shell.args(["-c", script, env!("CARGO_BIN_EXE_miyabi")]));
    let output = output(shell.current_dir(world.folder.path()));
    assert_eq!((text(&output.stdout).as_str(), output.status.code()), ("alive\n", Some(0)));
}

#[test]
fn what_others_hold_open_does_not_hold_up_the_end() {
    let world = World::online();
    let script = "sleep 300 & echo $!; exit 3";
    let run = output(&mut world.run_script(script));
    assert_eq!(run.status.code(), Some(3));
    let pid: i32 = text(&run.stdout).trim().parse().unwrap();
    let pid = Pid::from_raw(pid).unwrap();
    // It was still running when miyabi ended, and is ours to end.
    kill_process(pid, Signal::KILL).unwrap();
}

#[test]
fn where_nobody_reads_any_more_the_command_learns_it() {
    let world = World::bare();
    let mut child = world.miyabi(["run", "-q", "--", "yes"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut some = [0; 100];
    stdout.read_exact(&mut some).unwrap();
    drop(stdout);
    assert_eq!(child.wait().unwrap().signal(), Some(13), "as `yes | head` does");
}

#[test]
fn the_environment_gains_two_variables_and_loses_none() {
    let world = World::online();
    let mut bare = Command::new("env");
    world.environment(&mut bare);
    let lines = |text: String| text.lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
    let before = lines(text(&output(bare.current_dir(world.folder.path())).stdout));
    let after =
        lines(text(&output(&mut world.miyabi(["run", "-q", "--task-id", "t-1", "--", "env"])).stdout));
    assert_eq!(before.difference(&after).count(), 0);
    let gained: Vec<_> = after.difference(&before).cloned().collect();
    assert_eq!(gained, ["MIYABI_ATTEMPT=1", "MIYABI_TASK_ID=t-1"]);
}

#[test]
fn a_run_in_a_process_group_gets_one_interrupt_for_one_key() {
    // A key's signal goes to the whole group by itself. A signal from a process to miyabi alone is passed on; one
    // that the group got from a process counts as both, as it would for any command and its parent.
    let world = World::bare();
    let script = "trap 'echo got' USR1; echo ready; read x";
    let mut command = world.run_script(script);
    let mut child = command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut ready = [0; 6];
    stdout.read_exact(&mut ready).unwrap();
    kill_process(Pid::from_child(&child), Signal::USR1).unwrap();
    let mut got = [0; 4];
    stdout.read_exact(&mut got).unwrap();
    drop(child.stdin.take());
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "", "once is once");
    child.wait().unwrap();
}

#[test]
fn nothing_configured_is_said_with_what_to_do_and_the_command_runs() {
    let world = World::bare();
    let run = output(&mut world.miyabi(["run", "--", "echo", "hi"]));
    assert_eq!(text(&run.stdout), "hi\n");
    let said = text(&run.stderr);
    assert!(
        said.contains("./just up") && said.contains("MIYABI_API_URL") && said.lines().count() == 1,
        "{said}"
    );
}

#[test]
fn what_is_said_is_the_address_and_the_end_and_nothing_when_quiet() {
    let world = World::online();
    let run = output(&mut world.miyabi(["run", "--task-id", "t-1", "--", "true"]));
    let url = format!("http://{}/tasks/t-1", world.server.as_ref().unwrap().address);
    let said = text(&run.stderr);
    assert!(said.starts_with(&format!("miyabi: {url}\nmiyabi: succeeded after ")), "{said}");
    assert!(said.ends_with(&format!(": {url}\n")) && said.lines().count() == 2, "{said}");
    let run = output(&mut world.miyabi(["run", "--task-id", "t-2", "--", "sh", "-c", "exit 3"]));
    assert!(text(&run.stderr).contains("\nmiyabi: failed (exit code 3) after "), "{}", text(&run.stderr));
    let run = output(&mut world.miyabi([
        "run",
        "--json",
        "--task-id",
        "t-3",
        "--",
        "sh",
        "-c",
        "echo out; exit 3",
    ]));
    assert_eq!((run.status.code(), text(&run.stdout).as_str()), (Some(3), "out\n"));
    let said: Vec<serde_json::Value> =
        text(&run.stderr).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&said[0]["type"], &said[0]["task_id"]), (&"started".into(), &"t-3".into()));
    assert_eq!((&said[1]["status"], &said[1]["exit_code"], said.len()), (&"failed".into(), &3.into(), 2));
    assert!(said[1]["seconds"].is_number() && said[1]["trouble"].is_null(), "{said:?}");
    let run = output(&mut world.miyabi(["run", "-q", "--", "true"]));
    assert_eq!(text(&run.stderr), "");
    wait_until("nothing is left behind", || match world.spools() {
        spools if spools.is_empty() => Ok(()),
        spools => Err(spools),
    });
}
