//! Every rule of PutLogEvents, each by a run that would break it, against a server that refuses as the service does.
//!
//! What is sent is kept first, so that all of it is there at once, and times can be made what no clock here shows.

use std::path::Path;

use miyabi_progress::control_line;
use miyabi_shared::Timestamp;

use crate::support::{World, output, text};

const HOUR: i64 = 60 * 60 * 1000;
const DAY: i64 = 24 * HOUR;

/// Runs `script` without a network, makes `times` of its records, and delivers it. Gives what `flush` said.
fn deliver(world: &mut World, script: &str, times: impl Fn(usize, i64) -> i64) -> String {
    let run = output(&mut world.run_script(script));
    assert!(run.status.success(), "{}", text(&run.stderr));
    let spool = world.spools().pop().unwrap();
    set_times(&spool.join("log-0000000001.segment"), times);
    world.go_online();
    let flush = output(&mut world.miyabi(["flush", "-q"]));
    assert!(flush.status.success(), "{}", text(&flush.stderr));
    assert_eq!(world.seen().violations, [""; 0]);
    assert!(world.spools().is_empty());
    text(&flush.stderr)
}

/// A record is its length (4 bytes), its kind, its time (8 bytes), and its text.
fn set_times(segment: &Path, times: impl Fn(usize, i64) -> i64) {
    let mut bytes = std::fs::read(segment).unwrap();
    let (mut at, mut number) = (0, 0);
    while at < bytes.len() {
        let length = u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let time = i64::from_le_bytes(bytes[at + 5..at + 13].try_into().unwrap());
        bytes[at + 5..at + 13].copy_from_slice(&times(number, time).to_le_bytes());
        at += 13 + length;
        number += 1;
    }
    std::fs::write(segment, bytes).unwrap();
}

fn same(_: usize, time: i64) -> i64 {
    time
}

fn output_lines(world: &World) -> Vec<(i64, String)> {
    let seen = world.seen();
    assert_eq!(seen.lines.len(), 1, "{:?}", seen.lines.keys());
    let lines = seen.lines.values().flatten();
    lines.filter(|(_, line)| !line.starts_with(control_line::PREFIX)).cloned().collect()
}

#[test]
fn a_batch_has_at_most_1048576_bytes_counting_26_for_each_event() {
    let mut world = World::offline();
    // 1,000 bytes a line: by their text alone 1,048 would fit, with 26 each 1,022 do.
    deliver(&mut world, "yes \"$(head -c 1000 /dev/zero | tr '\\0' y)\" | head -n 3000", same);
    let sizes = world.seen().sizes.clone();
    assert!(
        sizes.iter().any(|(events, bytes)| *events > 1000 && *bytes > 1_040_000),
        "as full as can be: {sizes:?}"
    );
    assert_eq!(output_lines(&world).len(), 3000);
}

#[test]
fn a_batch_has_at_most_10000_events() {
    let mut world = World::offline();
    deliver(&mut world, "seq 1 25000", same);
    let events: Vec<usize> = world.seen().sizes.iter().map(|(events, _)| *events).collect();
    assert_eq!(events.iter().max(), Some(&10_000), "{events:?}");
    let lines = output_lines(&world);
    assert!(lines.iter().map(|(_, line)| line.parse::<u32>().unwrap()).eq(1..=25_000), "once, in order");
}

#[test]
fn a_batch_spans_less_than_24_hours() {
    let mut world = World::offline();
    // One line every nine hours, the last one now.
    let now = Timestamp::now().as_millis();
    deliver(&mut world, "seq 1 6", move |number, _| now - (8 - number as i64) * 9 * HOUR);
    assert!(world.seen().batches >= 3, "{:?}", world.seen().sizes);
    assert!(output_lines(&world).iter().map(|(_, line)| line.parse::<u32>().unwrap()).eq(1..=6));
}

#[test]
fn a_batch_is_in_order_even_if_the_clock_was_set_back() {
    let mut world = World::offline();
    deliver(&mut world, "seq 1 100", |number, time| time - (number as i64 % 7) * 1000);
    let lines = output_lines(&world);
    assert!(lines.iter().map(|(_, line)| line.parse::<u32>().unwrap()).eq(1..=100), "as they were printed");
}

#[test]
fn a_clock_that_was_a_day_ahead_for_a_moment_costs_only_what_was_printed_then() {
    let mut world = World::offline();
    let ahead = |number: usize, time: i64| if (20..30).contains(&number) { time + DAY } else { time };
    let said = deliver(&mut world, "seq 1 100", ahead);
    assert!(said.contains("refused 10 lines as too new"), "{said}");
    assert_eq!(output_lines(&world).len(), 90);
}

#[test]
fn no_event_is_empty_and_a_blank_line_stays_one() {
    let mut world = World::offline();
    deliver(&mut world, "echo; echo; echo end", same);
    let lines: Vec<String> = output_lines(&world).into_iter().map(|(_, line)| line).collect();
    assert_eq!(lines, [" ", " ", "end"]);
}

#[test]
fn an_event_that_is_too_long_is_split_and_each_part_says_so() {
    let mut world = World::offline();
    deliver(&mut world, "head -c 3000000 /dev/zero | tr '\\0' x; echo; echo end", same);
    let mut lines: Vec<String> = output_lines(&world).into_iter().map(|(_, line)| line).collect();
    assert_eq!(lines.pop().as_deref(), Some("end"));
    assert_eq!(lines.iter().map(|line| line.matches('x').count()).sum::<usize>(), 3_000_000);
    let last = lines.len() - 1;
    for (number, line) in lines.iter().enumerate() {
        assert_eq!(
            (line.starts_with('…'), line.ends_with('…')),
            (number > 0, number < last),
            "part {number}"
        );
    }
}

#[test]
fn lines_that_are_too_old_are_told_and_the_rest_arrives() {
    let mut world = World::offline();
    let now = Timestamp::now().as_millis();
    let said =
        deliver(&mut world, "seq 1 10", move |number, time| if number < 4 { now - 15 * DAY } else { time });
    // The line that begins the run, and three of the ten.
    assert!(said.contains("refused 4 lines as too old"), "{said}");
    assert_eq!(output_lines(&world).len(), 7);
}

#[test]
fn lines_that_are_too_new_are_told_and_the_rest_arrives() {
    let mut world = World::offline();
    let said =
        deliver(&mut world, "seq 1 10", move |number, time| if number > 8 { time + 3 * HOUR } else { time });
    assert!(said.contains("lines as too new (is this machine's clock right?)"), "{said}");
    assert_eq!(output_lines(&world).len(), 8);
}

#[test]
fn throttling_is_waited_out_and_nothing_comes_twice() {
    let mut world = World::offline();
    output(&mut world.run_script("seq 1 30000"));
    world.go_online();
    world.server.as_ref().unwrap().seen().throttles = 2;
    let flush = output(&mut world.miyabi(["flush"]));
    assert!(flush.status.success(), "{}", text(&flush.stderr));
    let lines = output_lines(&world);
    assert!(lines.iter().map(|(_, line)| line.parse::<u32>().unwrap()).eq(1..=30_000), "once, in order");
}
