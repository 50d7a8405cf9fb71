use miyabi_shared::event::{CreateTask, ProgressEvent, ResultEvent, ResultStatus};
use miyabi_shared::{ProjectId, TaskId, TaskType};
use proptest::prelude::*;

use super::*;

fn meta() -> Meta {
    let task = CreateTask {
        task_id: Some(TaskId::new("t-1").unwrap()),
        project_id: ProjectId::new("p").unwrap(),
        task_type: TaskType::new("command").unwrap(),
        name: "x".to_owned(),
        labels: Default::default(),
        run: None,
    };
    Meta { task, attempt: 1, api_url: Some("http://127.0.0.1:9".to_owned()), logs: None }
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn event(sequence: u64) -> TaskEvent {
    TaskEvent { attempt: 1, sequence, time: at(0), body: EventBody::Started {} }
}

/// Everything that can be read, in batches of at most `most` lines, as lines.
fn drain(spool: &Spool, most: usize) -> Vec<(Kind, String)> {
    let mut lines = Vec::new();
    loop {
        let mut taken = 0;
        let position = spool
            .read(&mut |record| {
                taken += 1;
                if taken <= most {
                    lines.push((record.kind, record.text));
                }
                taken <= most
            })
            .unwrap();
        match position {
            Some(position) => spool.sent(position),
            None => return lines,
        }
    }
}

#[test]
fn what_was_sent_is_not_sent_again_by_whoever_takes_over() {
    let root = tempfile::tempdir().unwrap();
    let path = {
        let spool = Spool::create(Some(root.path()), meta(), UNSENT_BYTES);
        for line in ["one", "two", "three"] {
            spool.append(Kind::Output, at(5), line);
        }
        for sequence in 1..=3 {
            spool.append_event(event(sequence));
        }
        spool.flush();
        let mut count = 0;
        let position = spool
            .read(&mut |_| {
                count += 1;
                count <= 2
            })
            .unwrap()
            .unwrap();
        spool.sent(position);
        spool.events_sent(2);
        assert!(Spool::open(&spool.path().unwrap()).unwrap().is_none(), "its lock is held");
        spool.path().unwrap()
    };
    let spool = Spool::open(&path).unwrap().unwrap();
    assert_eq!(spool.meta(), &meta());
    assert_eq!(spool.events(10), [event(3)]);
    assert_eq!(drain(&spool, 100), [(Kind::Output, "three".to_owned())]);
    spool.append(Kind::Control, at(6), "four");
    spool.flush();
    assert_eq!(drain(&spool, 100), [(Kind::Control, "four".to_owned())]);
    spool.events_sent(3);
    spool.finish();
    assert!(spool.remove_if_sent());
    assert!(!path.exists());
}

#[test]
fn numbers_go_on_after_everything_was_delivered() {
    let root = tempfile::tempdir().unwrap();
    let mut path: Option<PathBuf> = None;
    // Delivered whole, taken over, written to, taken over again.
    for (line, send) in [("one", true), ("two", false), ("three", false)] {
        let spool = match &path {
            None => Spool::create(Some(root.path()), meta(), UNSENT_BYTES),
            Some(path) => Spool::open(path).unwrap().unwrap(),
        };
        spool.append(Kind::Control, at(1), line);
        spool.flush();
        if send {
            spool.finish();
            assert_eq!(drain(&spool, 10), [(Kind::Control, "one".to_owned())]);
        }
        path = spool.path();
    }
    let spool = Spool::open(&path.unwrap()).unwrap().unwrap();
    let lines: Vec<_> = drain(&spool, 10).into_iter().map(|(_, line)| line).collect();
    assert_eq!(lines, ["two", "three"]);
}

#[test]
fn what_a_crash_cut_off_is_left_out_and_the_rest_is_kept() {
    let root = tempfile::tempdir().unwrap();
    let path = {
        let spool = Spool::create(Some(root.path()), meta(), UNSENT_BYTES);
        spool.append(Kind::Output, at(5), "whole");
        spool.append(Kind::Output, at(5), "cut");
        spool.append_event(event(1));
        spool.append_event(event(2));
        spool.flush();
        spool.path().unwrap()
    };
    for name in ["log-0000000001.segment", "events.jsonl"] {
        let file = std::fs::OpenOptions::new().write(true).open(path.join(name)).unwrap();
        file.set_len(file.metadata().unwrap().len() - 2).unwrap();
    }
    let spool = Spool::open(&path).unwrap().unwrap();
    assert_eq!(drain(&spool, 10), [(Kind::Output, "whole".to_owned())]);
    assert_eq!(spool.events(10), [event(1)]);
}

#[test]
fn a_clock_that_jumps_ahead_and_back_ruins_only_the_time_of_what_was_printed_then() {
    let root = tempfile::tempdir().unwrap();
    let spool = Spool::create(Some(root.path()), meta(), UNSENT_BYTES);
    let day = 24 * 60 * 60 * 1000;
    let times = [1_000, 900, 1_100, day, 2_000, 1_990];
    for time in times {
        spool.append(Kind::Output, at(time), "line");
    }
    spool.flush();
    let mut read = Vec::new();
    spool
        .read(&mut |record| {
            read.push(record.time.as_millis());
            true
        })
        .unwrap();
    assert_eq!(read, [1_000, 1_000, 1_100, day, 2_000, 2_000]);
}

/// An hour without network, without waiting for it: a line every 10 ms, a count a second, a sign of life every 15 s.
#[test]
fn an_hour_of_outage_keeps_every_event_and_the_newest_lines_within_the_bound() {
    const BOUND: u64 = 4 << 20;
    let root = tempfile::tempdir().unwrap();
    let path = {
        let spool = Spool::create(Some(root.path()), meta(), BOUND);
        let mut sequence = 0;
        let mut emit = |body, time| {
            sequence += 1;
            let event = TaskEvent { attempt: 1, sequence, time: at(time), body };
            spool.append(Kind::Control, at(time), &format!("event {sequence}"));
            spool.append_event(event);
        };
        for second in 0..3_600_i64 {
            let time = second * 1_000;
            let progress =
                ProgressEvent { current: Some(second as u64), total: Some(3_600), ..Default::default() };
            emit(EventBody::Progress(progress), time);
            if second % 15 == 0 {
                emit(EventBody::Heartbeat {}, time);
            }
            for line in 0..100 {
                spool.append(
                    Kind::Output,
                    at(time + line * 10),
                    &format!("{:>9} {}", second * 100 + line, "x".repeat(90)),
                );
            }
            spool.flush();
        }
        let status = ResultStatus::Succeeded;
        emit(EventBody::Result(ResultEvent { status, exit_code: Some(0), message: None }), 3_600_000);
        spool.flush();
        assert_eq!(spool.remaining().events, 3_600 + 240 + 1);
        spool.path().unwrap()
    };
    // The bound counts unsent lines; events and what is said of the rest are small beside it.
    assert!(size(&path) < BOUND + (2 << 20), "{} bytes are kept", size(&path));

    // Whoever takes over finds all of it.
    let spool = Spool::open(&path).unwrap().unwrap();
    let sequences: Vec<u64> = spool.events(10_000).iter().map(|event| event.sequence).collect();
    assert_eq!(sequences, (1..=3_841).collect::<Vec<_>>());
    let lines = drain(&spool, 10_000);
    let events = lines.iter().filter(|(_, line)| line.starts_with("event "));
    assert!(events.map(|(_, line)| line.clone()).eq((1..=3_841).map(|number| format!("event {number}"))));
    let output: Vec<u64> = lines
        .iter()
        .filter(|(kind, _)| *kind == Kind::Output)
        .map(|(_, line)| line[..9].trim().parse().unwrap())
        .collect();
    let left_out: u64 = lines
        .iter()
        .filter_map(|(_, line)| {
            line.strip_prefix("[miyabi] output left out: ")?.split(' ').next()?.parse::<u64>().ok()
        })
        .sum();
    assert!(output.iter().copied().eq(left_out..360_000), "{left_out} and {}", output.len());
    assert!(left_out > 0 && output.len() > 10_000, "{left_out} and {}", output.len());
}

#[test]
fn without_a_disk_memory_serves() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("file");
    std::fs::write(&file, "").unwrap();
    let spool = Spool::create(Some(&file), meta(), UNSENT_BYTES);
    assert!(spool.trouble().is_some());
    spool.append(Kind::Output, at(1), "one");
    spool.append_event(event(1));
    spool.flush();
    assert_eq!(drain(&spool, 10), [(Kind::Output, "one".to_owned())]);
    assert_eq!(spool.events(1), [event(1)]);
}

#[test]
fn long_texts_are_cut_at_characters_and_marked() {
    let text = "aé".repeat(100);
    let parts: Vec<_> = pieces(&text, 50).map(|piece| piece.into_owned()).collect();
    assert!(parts.iter().all(|part| part.len() <= 50), "{parts:?}");
    assert!(parts[0].ends_with('…') && parts[1].starts_with('…'), "{parts:?}");
    assert_eq!(parts.concat().replace('…', ""), text);
    assert_eq!(pieces("", 50).collect::<Vec<_>>(), [""]);
}

#[test]
fn past_the_bound_of_all_runs_the_oldest_output_gives_way_and_progress_stays() {
    let root = tempfile::tempdir().unwrap();
    let run = |id: &str| {
        let mut meta = meta();
        meta.task.task_id = Some(TaskId::new(id).unwrap());
        let spool = Spool::create(Some(root.path()), meta, UNSENT_BYTES);
        spool.append(Kind::Control, at(1), "begin");
        for number in 0..100 {
            spool.append(Kind::Output, at(2), &format!("{number} {}", "x".repeat(1000)));
        }
        spool.append(Kind::Control, at(3), "end");
        spool.append_event(event(1));
        spool.flush();
        spool
    };
    let (old, newer, at_work) = (run("old"), run("newer"), run("at-work"));
    let ended = |spool: Spool| spool.path().unwrap();
    let (old, newer, own) = (ended(old), ended(newer), at_work.path().unwrap());
    let held = || size(&old) + size(&newer);
    let before = held();
    make_room(root.path(), Some(&own), before);
    assert_eq!(held(), before, "within the bound nothing changes");
    make_room(root.path(), Some(&own), before - 1000);
    assert!(size(&old) < 1000 && size(&newer) > 100_000, "{} and {}", size(&old), size(&newer));
    make_room(root.path(), None, 0);
    assert!(size(&newer) < 1000 && size(&own) > 100_000, "who is at work keeps what it has");
    let spool = Spool::open(&old).unwrap().unwrap();
    let lines: Vec<String> = drain(&spool, 10).into_iter().map(|(_, line)| line).collect();
    assert!(lines[0].starts_with("[miyabi] output left out: 100 lines, "), "{lines:?}");
    assert_eq!(lines[1..], ["begin", "end"]);
    assert_eq!(spool.events(9), [event(1)]);
}

#[derive(Debug, Clone)]
enum Act {
    Output(usize),
    Control,
    Flush,
    Send(usize),
    Begin,
    GiveWay,
    Restart,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        10 => (0..3000_usize).prop_map(Act::Output),
        3 => Just(Act::Control),
        4 => Just(Act::Flush),
        3 => (1..20_usize).prop_map(Act::Send),
        1 => Just(Act::Begin),
        1 => Just(Act::GiveWay),
        1 => Just(Act::Restart),
    ];
    proptest::collection::vec(act, 0..300)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is appended, sent, dropped and taken over: every control line arrives once and in order, every
    /// line of output arrives once and in order or is counted in a gap, and the bound holds.
    #[test]
    fn nothing_is_lost_without_being_counted(acts in acts()) {
        const LIMIT: u64 = 40_000;
        let root = tempfile::tempdir().unwrap();
        let state = |path: Option<PathBuf>| match path {
            None => Spool::create(Some(root.path()), meta(), LIMIT),
            Some(path) => {
                let lock = directory::lock(&path).unwrap();
                let state = State::load(path, LIMIT, LIMIT / 4).unwrap();
                Spool::with(meta(), state, lock)
            }
        };
        let mut spool = state(None);
        let (mut outputs, mut controls) = (0_u64, 0_u64);
        let mut arrived = Vec::new();
        let send = |spool: &Spool, most: usize, arrived: &mut Vec<(Kind, String)>| {
            let mut batch = Vec::new();
            let position = spool.read(&mut |record| {
                let taken = batch.len() < most;
                if taken { batch.push((record.kind, record.text)); }
                taken
            }).unwrap();
            if let Some(position) = position {
                arrived.append(&mut batch);
                spool.sent(position);
                true
            } else {
                false
            }
        };
        for act in acts {
            match act {
                Act::Output(length) => {
                    spool.append(Kind::Output, at(0), &format!("o {outputs} {}", "x".repeat(length)));
                    outputs += 1;
                }
                Act::Control => {
                    spool.append(Kind::Control, at(0), &format!("c {controls}"));
                    controls += 1;
                }
                Act::Flush => spool.flush(),
                Act::Send(most) => { send(&spool, most, &mut arrived); }
                // A sender that has begun and is still busy: its segment must not change.
                Act::Begin => { let _ = spool.read(&mut |_| true).unwrap(); }
                Act::GiveWay => spool.give_way(),
                Act::Restart => {
                    spool.flush();
                    let path = spool.path().unwrap();
                    drop(spool);
                    spool = state(Some(path));
                }
            }
            // One segment may be on its way, one is written to, and a buffer waits.
            prop_assert!(spool.remaining().bytes <= LIMIT + 3 * (LIMIT / 4 + 70_000), "{:?}", spool.remaining());
        }
        spool.finish();
        while send(&spool, 1000, &mut arrived) {}
        let numbers = |prefix: &str| -> Vec<u64> {
            arrived.iter().filter_map(|(_, line)| line.strip_prefix(prefix)?.split(' ').next()?.parse().ok()).collect()
        };
        prop_assert_eq!(numbers("c "), (0..controls).collect::<Vec<_>>());
        let got = numbers("o ");
        prop_assert!(got.is_sorted_by(|one, next| one < next), "{:?}", got);
        let gaps: u64 = arrived.iter()
            .filter_map(|(_, line)| line.strip_prefix("[miyabi] output left out: ")?.split(' ').next()?.parse::<u64>().ok())
            .sum();
        prop_assert_eq!(got.len() as u64 + gaps, outputs);
        prop_assert_eq!(spool.remaining().bytes, 0);
    }
}
