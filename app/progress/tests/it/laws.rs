//! The rules of the model, as laws over any events in any order, and the parser's law that splits do not matter.

use miyabi_progress::model::{Outcome, SIDE_PHASES, apply_to_step, apply_to_task};
use miyabi_progress::{Change, Format, Parser, ParserState, Sequencer};
use miyabi_shared::event::{EventBody, ProgressEvent, ResultEvent, ResultStatus, StepEvent, TaskEvent};
use miyabi_shared::id::{ProjectId, StepId, TaskId, TaskType};
use miyabi_shared::task::{Progress, StepStatus, Task, TaskStatus};
use proptest::prelude::*;

use crate::support::{CAPTURES, at};

fn queued() -> Task {
    Task {
        task_id: TaskId::new("t").unwrap(),
        project_id: ProjectId::new("p").unwrap(),
        task_type: TaskType::new("command").unwrap(),
        name: "t".to_owned(),
        status: TaskStatus::Queued,
        progress: Progress::default(),
        estimate: None,
        attempt: 1,
        sequence: 0,
        exit_code: None,
        labels: std::collections::BTreeMap::new(),
        version: 1,
        log_group: None,
        created_at: at(0),
        updated_at: at(0),
        started_at: None,
        heartbeat_at: None,
        finished_at: None,
    }
}

fn body() -> impl Strategy<Value = EventBody> {
    let count = prop_oneof![Just(None), (0_u64..60).prop_map(Some), Just(Some(u64::MAX))];
    let phase = prop_oneof![Just(None), Just(Some("deploy")), Just(Some("rollback")), Just(Some("cleanup"))];
    let progress = (count.clone(), count, phase).prop_map(|(current, total, phase)| {
        EventBody::Progress(ProgressEvent {
            current,
            total,
            phase: phase.map(str::to_owned),
            ..ProgressEvent::default()
        })
    });
    let result =
        prop_oneof![Just(ResultStatus::Succeeded), Just(ResultStatus::Failed), Just(ResultStatus::Cancelled)]
            .prop_map(|status| EventBody::Result(ResultEvent { status, exit_code: Some(1), message: None }));
    let step = prop_oneof![Just(StepStatus::Running), Just(StepStatus::Succeeded), Just(StepStatus::Failed)]
        .prop_map(|status| EventBody::Step(step_event(status)));
    prop_oneof![2 => Just(EventBody::Started {}), 2 => Just(EventBody::Heartbeat {}), 12 => progress, 1 => result, 2 => step]
}

fn step_event(status: StepStatus) -> StepEvent {
    let step_id = StepId::new("s").unwrap();
    StepEvent {
        step_id,
        parent_id: None,
        name: "s".to_owned(),
        kind: "step".to_owned(),
        status,
        message: None,
    }
}

/// Events as they may come in: any attempts and sequences, so also repeated, reordered and with holes.
fn events() -> impl Strategy<Value = Vec<TaskEvent>> {
    let event = (1_u32..4, 1_u64..30, 0_i64..1000, body())
        .prop_map(|(attempt, sequence, time, body)| TaskEvent { attempt, sequence, time: at(time), body });
    prop::collection::vec(event, 1..60)
}

proptest! {
    #[test]
    fn whatever_comes_the_rules_hold(events in events()) {
        let mut task = queued();
        for event in &events {
            let before = task.clone();
            let outcome = apply_to_task(&mut task, event);
            let progress = &task.progress;
            prop_assert_eq!(outcome == Outcome::Applied, task != before || outcome == Outcome::Applied);
            if outcome != Outcome::Applied {
                prop_assert_eq!(&task, &before, "what is not applied changes nothing");
            }
            prop_assert!((before.attempt, before.sequence) <= (task.attempt, task.sequence), "order never goes back");
            if before.attempt == task.attempt {
                prop_assert!(before.progress.percentage <= progress.percentage, "the percentage never falls nor vanishes");
                if before.status.is_terminal() {
                    prop_assert_eq!(&task, &before, "the end of an attempt is final");
                }
                let side = progress.phase.as_deref().is_some_and(|phase| SIDE_PHASES.contains(&phase));
                if side && task.status == TaskStatus::Running {
                    prop_assert_eq!(before.progress.percentage, progress.percentage, "side phases hold it still");
                }
            } else {
                prop_assert!(!before.status.is_terminal() || task.started_at == Some(event.time), "a new attempt starts");
            }
            prop_assert_eq!(progress.percentage == Some(100), task.status == TaskStatus::Succeeded, "100 with success only");
            prop_assert!(progress.percentage.is_none_or(|percentage| percentage <= 100));
            prop_assert!(progress.total.is_none_or(|total| progress.current <= total), "overshoot re-bases the total");
            prop_assert_eq!(task.finished_at.is_some(), task.status.is_terminal());
            prop_assert_eq!(apply_to_task(&mut task.clone(), event).is_applied(), false, "a repetition changes nothing");
        }
    }

    #[test]
    fn however_events_are_mixed_up_the_newest_end_and_the_newest_step_win(
        (events, mixed) in events().prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle())),
    ) {
        let newest = mixed.iter().map(|event| event.attempt).max().unwrap();
        let mut task = queued();
        let mut step = None;
        for event in &mixed {
            apply_to_task(&mut task, event);
            if let EventBody::Step(body) = &event.body {
                let before = step.clone();
                let (next, outcome) = apply_to_step(step.take(), event, body);
                prop_assert!(outcome.is_applied() || Some(&next) == before.as_ref());
                step = Some(next);
            }
        }
        prop_assert_eq!(task.attempt, newest);
        // Unique orders only: two different events with one number are no story.
        let newest_step = events.iter().filter(|event| matches!(event.body, EventBody::Step(_)));
        let expected = newest_step.map(|event| (event.attempt, event.sequence)).max();
        prop_assert_eq!(step.map(|step| (step.attempt, step.sequence)), expected);
    }

    #[test]
    fn a_story_that_is_repeated_and_reordered_ends_as_the_story_itself(
        bodies in prop::collection::vec(body(), 1..30),
        seed in prop::collection::vec((0_usize..30, 0_usize..30), 0..40),
    ) {
        let mut sequencer = Sequencer::new(1);
        let mut story: Vec<TaskEvent> = bodies
            .into_iter()
            .filter(|body| !matches!(body, EventBody::Result(_)))
            .map(|body| sequencer.event(body, at(1)))
            .collect();
        let end = ResultEvent { status: ResultStatus::Succeeded, exit_code: Some(0), message: None };
        story.push(sequencer.result(end, at(2)));
        let mut mixed = story.clone();
        mixed.extend(story.clone());
        for (one, other) in seed {
            let length = mixed.len();
            mixed.swap(one % length, other % length);
        }
        let mut task = queued();
        for event in &mixed {
            apply_to_task(&mut task, event);
        }
        prop_assert_eq!(task.status, TaskStatus::Succeeded);
        prop_assert_eq!(task.progress.percentage, Some(100));
        prop_assert_eq!(task.exit_code, Some(0));
        prop_assert_eq!(task.sequence, story.len() as u64);
    }
}

fn changes(pieces: &[&[u8]], resumed: bool, columns: Option<u16>) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut parser = Parser::new(Format::Auto);
    parser.set_columns(columns);
    for piece in pieces {
        parser.push(piece, at(0), &mut |change| changes.push(change));
        if resumed {
            let json = serde_json::to_string(&parser.state()).unwrap();
            assert!(json.len() <= 4096, "{} bytes of state: {json}", json.len());
            parser = Parser::from_state(serde_json::from_str::<ParserState>(&json).unwrap());
        }
    }
    parser.finish(at(0), &mut |change| changes.push(change));
    changes
}

/// Compares, and tells the first difference only.
fn same(found: &[Change], expected: &[Change]) -> Result<(), TestCaseError> {
    for at in 0..found.len().max(expected.len()) {
        prop_assert_eq!(found.get(at), expected.get(at), "change {}", at);
    }
    Ok(())
}

fn without_lines(changes: Vec<Change>) -> Vec<Change> {
    changes.into_iter().filter(|change| !matches!(change, Change::Line(_))).collect()
}

fn split(bytes: &[u8], borders: &[usize]) -> Vec<Vec<u8>> {
    let mut borders: Vec<usize> = borders.iter().map(|border| border % (bytes.len() + 1)).collect();
    borders.extend([0, bytes.len()]);
    borders.sort_unstable();
    borders.windows(2).map(|pair| bytes[pair[0]..pair[1]].to_vec()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, ..ProptestConfig::default() })]

    #[test]
    fn how_a_capture_is_split_does_not_matter(which in 0..CAPTURES.len(), borders in prop::collection::vec(any::<usize>(), 0..40)) {
        let whole = changes(&[&CAPTURES[which].bytes], false, CAPTURES[which].columns);
        let pieces = split(&CAPTURES[which].bytes, &borders);
        let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
        same(&changes(&pieces, false, CAPTURES[which].columns), &whole)?;
    }

    #[test]
    fn going_on_from_a_state_gives_the_same_changes(which in 0..CAPTURES.len(), borders in prop::collection::vec(any::<usize>(), 0..12)) {
        let whole = changes(&[&CAPTURES[which].bytes], false, CAPTURES[which].columns);
        // Of an unfinished line the state keeps no more than its first 512 bytes.
        let border = |border: &usize| {
            let at = border % (CAPTURES[which].bytes.len() + 1);
            let line = CAPTURES[which].bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            if at - line > 500 { line } else { at }
        };
        let borders: Vec<usize> = borders.iter().map(border).collect();
        let pieces = split(&CAPTURES[which].bytes, &borders);
        let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
        same(&without_lines(changes(&pieces, true, CAPTURES[which].columns)), &without_lines(whole))?;
    }

    #[test]
    fn any_bytes_give_lines_that_do_not_depend_on_splits(
        bytes in prop::collection::vec(prop_oneof![4 => any::<u8>(), 3 => Just(b'\n'), 3 => Just(b'\r'), 3 => Just(0x1b), 3 => Just(b'['), 3 => Just(b' '),
            2 => Just(b'A'), 2 => Just(b'K'), 2 => b'0'..=b'9', 4 => b'a'..=b'z', 1 => Just(b']'), 1 => Just(0xe2), 1 => Just(0x88)], 0..400),
        borders in prop::collection::vec(any::<usize>(), 0..20),
        columns in prop::option::of(2_u16..24),
    ) {
        let whole = changes(&[&bytes], false, columns);
        let pieces = split(&bytes, &borders);
        let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
        same(&changes(&pieces, false, columns), &whole)?;
        changes(&pieces, true, columns);
    }
}

proptest! {
    /// Whole coloured lines take a short way, pieces of them do not.
    #[test]
    fn coloured_lines_are_read_the_same_whole_and_byte_by_byte(
        parts in prop::collection::vec(prop::sample::select(vec![
            "one", " 3/12", "\u{e9}t\u{e9}", "\x1b[32m", "\x1b[0m", "\x1b[1;34m", "\x1b[m", "\x1b[38;5;196m", "\r\n", "\n", "\n", "\x1b[K", "\x1b[1A", "\t", "\x1b[3", "\r", "\u{85}",
        ]), 0..60),
    ) {
        let bytes = parts.concat().into_bytes();
        let whole = changes(&[&bytes], false, None);
        let pieces: Vec<&[u8]> = bytes.chunks(1).collect();
        same(&changes(&pieces, false, None), &whole)?;
    }
}

#[test]
fn every_capture_gives_the_same_steps_and_counts_when_it_is_resumed_after_each_kilobyte() {
    for capture in CAPTURES.iter() {
        let lines = capture.bytes.split_inclusive(|byte| *byte == b'\n');
        let mut pieces: Vec<Vec<u8>> = vec![Vec::new()];
        for line in lines {
            match pieces.last_mut() {
                Some(piece) if piece.len() < 1024 => piece.extend_from_slice(line),
                _ => pieces.push(line.to_vec()),
            }
        }
        let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
        let whole = without_lines(changes(&[&capture.bytes], false, capture.columns));
        let resumed = without_lines(changes(&pieces, true, capture.columns));
        assert_eq!(resumed.len(), whole.len(), "{}", capture.name);
        assert_eq!(resumed, whole, "{}", capture.name);
    }
}

#[test]
fn the_state_of_a_parser_that_saw_everything_stays_within_4_kilobytes() {
    let wide = "\u{1f600}\"\\".repeat(400);
    let mut text = Vec::new();
    for capture in CAPTURES.iter() {
        text.extend_from_slice(&capture.bytes);
    }
    for number in 0..200 {
        let line = format!(
            "#{number} [stage {number}] {wide}\n +  a:b:C {wide}{number} created\nPASS {wide}{number}.test.js\n\
             Stack{number}{} | {number}/4294967295 | 1:00 | CREATE_COMPLETE | A::B::C | {wide}\n     Running {wide}\n",
            "x".repeat(120)
        );
        text.extend_from_slice(line.as_bytes());
    }
    for number in 0..100 {
        text.extend_from_slice(format!("\x1b[Krow a{number} {wide}\n").as_bytes());
    }
    text.extend_from_slice(b"\x1b[50A\x1b]0;");
    text.extend_from_slice(&[b'x'; 3000]);
    let mut parser = Parser::new(Format::Auto);
    for piece in text.chunks(997) {
        parser.push(piece, at(0), &mut |_| {});
        let json = serde_json::to_string(&parser.state()).unwrap();
        assert!(json.len() <= 4096, "{} bytes: {json}", json.len());
    }
}

#[test]
fn a_sign_of_life_changes_nothing_but_its_moment() {
    let event =
        |sequence, seconds: i64, body| TaskEvent { attempt: 1, sequence, time: at(seconds * 1000), body };
    let mut task = queued();
    apply_to_task(&mut task, &event(1, 1, EventBody::Started {}));
    assert_eq!(task.heartbeat_at, None, "nobody promised any");
    let before = task.clone();
    assert_eq!(apply_to_task(&mut task, &event(3, 9, EventBody::Heartbeat {})), Outcome::Applied);
    assert_eq!(task.heartbeat_at, Some(at(9_000)));
    assert_eq!(apply_to_task(&mut task, &event(2, 10, EventBody::Heartbeat {})), Outcome::Late);
    let expected = Task { sequence: 3, heartbeat_at: Some(at(9_000)), ..before };
    assert_eq!(task, expected);
    assert!(!task.is_stalled(at(68_999)) && task.is_stalled(at(69_000)));
    // Once they are promised, every event is one.
    apply_to_task(&mut task, &event(4, 80, EventBody::Progress(ProgressEvent::default())));
    assert_eq!(task.heartbeat_at, Some(at(80_000)));
    apply_to_task(&mut task, &TaskEvent { attempt: 2, ..event(1, 90, EventBody::Started {}) });
    assert_eq!(task.heartbeat_at, None, "another runner may promise nothing");
}

#[test]
fn what_overwrites_a_row_and_goes_on_to_the_edge_is_read_the_same_in_pieces() {
    let bytes = b"]\r0  7";
    let whole = changes(&[bytes], false, Some(3));
    for at in 0..bytes.len() {
        assert_eq!(changes(&[&bytes[..at], &bytes[at..]], false, Some(3)), whole, "split at {at}");
    }
}
