//! `miyabi watch` in a terminal: a screen of its own, with keys, that outlives the network.

use rustix::termios::{LocalModes, tcgetattr};
use serde_json::{Value, json};

use crate::commands::task;
use crate::support::{World, wait_until};
use crate::terminal::Terminal;

fn named(id: &str, name: &str) -> Value {
    let mut task = task("running", 1);
    task["task_id"] = json!(id);
    task["name"] = json!(name);
    task
}

fn watch(world: &World, arguments: &[&str]) -> Terminal {
    let program = [&[env!("CARGO_BIN_EXE_miyabi"), "watch"], arguments].concat();
    Terminal::start(world, &program, |_| {})
}

#[test]
fn tasks_are_chosen_opened_and_cancelled_by_keys_and_the_terminal_is_left_as_it_was() {
    let world = World::online();
    world.server.as_ref().unwrap().seen().details =
        vec![named("t-1", "deploy the shop"), named("t-2", "test the shop")];
    let mut terminal = watch(&world, &[]);
    terminal.wait_for_next("2 running");
    terminal.wait_for_next("test the shop");
    terminal.keys("j");
    terminal.keys("c");
    terminal.wait_for_next("Cancel t-2?");
    terminal.keys("n");
    terminal.wait_for_next("nothing was cancelled");
    terminal.keys("cy");
    terminal.wait_for_next("is cancelled");
    assert_eq!(world.seen().cancelled, ["t-2"]);
    // The open task has its steps, and its log follows.
    world.server.as_ref().unwrap().seen().log_pages.insert(
        String::new(),
        json!({"events": [{"timestamp": "2026-11-22T04:30:00.250Z", "message": "a line of the log"}], "next_cursor": "f/1"}),
    );
    terminal.keys("k\r");
    terminal.wait_for_next("CREATE_COMPLETE Table");
    terminal.keys("l");
    terminal.wait_for_next("a line of the log");
    terminal.keys("\u{1b}");
    terminal.wait_for_next("steps");
    let keyboard = terminal.keyboard.try_clone().unwrap();
    terminal.keys("q");
    let (shown, code) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.ends_with("\u{1b}[?1049l"), "the first screen is back: {shown:?}");
    let after = tcgetattr(&keyboard).unwrap();
    assert!(after.local_modes.contains(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG));
}

#[test]
fn a_network_that_goes_and_comes_back_is_outlived() {
    let mut world = World::online();
    world.server.as_ref().unwrap().seen().details = vec![task("running", 1)];
    let mut terminal = watch(&world, &["t-1"]);
    terminal.wait_for_next("15/29");
    world.server = None;
    terminal.wait_for_next("No answer for");
    world.go_online();
    world.server.as_ref().unwrap().seen().details = vec![task("failed", 2)];
    let (shown, code) = terminal.end();
    assert_eq!(code, Some(3), "the task's own exit code: {shown}");
    let after = shown.rsplit("\u{1b}[?1049l").next().unwrap();
    assert!(after.contains("exit code 3") && after.contains("failed"), "how it ended stays: {after:?}");
}

#[test]
fn ctrl_c_leaves_with_130_and_the_terminals_own_screen() {
    let world = World::online();
    world.server.as_ref().unwrap().seen().details = vec![task("running", 1)];
    let mut terminal = watch(&world, &[]);
    terminal.wait_for_next("npx cdk deploy");
    // Until the keys are taken Ctrl-C is a signal, which is another way out.
    let keyboard = terminal.keyboard.try_clone().unwrap();
    wait_until("the keys are taken", || {
        let modes = tcgetattr(&keyboard).unwrap().local_modes;
        if modes.contains(LocalModes::ISIG) { Err(modes) } else { Ok(()) }
    });
    terminal.keys("\u{3}");
    let (shown, code) = terminal.end();
    assert_eq!(code, Some(130));
    assert!(shown.ends_with("\u{1b}[?1049l"), "{shown:?}");
}
