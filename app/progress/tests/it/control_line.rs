//! Control lines: what is written is read back, and what people print is understood or refused with a reason.

use miyabi_progress::Sequencer;
use miyabi_progress::control_line::{ControlBody, ControlLine, Run, format, parse};
use miyabi_shared::event::{EventBody, ProgressEvent, ResultEvent, ResultStatus, StepEvent};
use miyabi_shared::id::{ProjectId, StepId, TaskType};
use miyabi_shared::task::StepStatus;
use miyabi_shared::timestamp::Timestamp;
use proptest::prelude::*;

fn progress(line: &str) -> ProgressEvent {
    match parse(line).unwrap().unwrap().body {
        ControlBody::Progress(progress) => progress,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_first_line_of_a_run_has_the_form_of_the_contract() {
    let mut sequencer = Sequencer::new(1);
    let started = sequencer.started(Timestamp::from_millis(1_795_322_123_456));
    let run = Run {
        project: Some(ProjectId::new("p").unwrap()),
        task_type: Some(TaskType::new("cdk-deploy").unwrap()),
        name: Some("npx cdk deploy".to_owned()),
        labels: [("team".to_owned(), "a b".to_owned())].into(),
    };
    let line = ControlLine::run(&started, run);
    let text = format(&line);
    assert_eq!(
        text,
        "##miyabi[run attempt=1 sequence=1 time=1795322123456 project=p type=cdk-deploy name=\"npx cdk deploy\" label.team=\"a b\"]"
    );
    assert_eq!(parse(&text).unwrap().unwrap(), line);
    assert_eq!(line.to_event(Timestamp::from_millis(0)).unwrap(), started);
}

#[test]
fn people_may_write_counts_and_percentages_as_they_like() {
    for (line, current, total, message) in [
        ("##miyabi[progress 15/29]", Some(15), Some(29), None),
        ("  ##miyabi[progress 15/29] packing the box", Some(15), Some(29), Some("packing the box")),
        ("##miyabi[progress 15/29 packing it]", Some(15), Some(29), Some("packing it")),
        ("##miyabi[progress 52%]", Some(52), Some(100), None),
        ("##miyabi[progress 51.7% \"[x] y\"]", Some(52), Some(100), Some("[x] y")),
        ("##miyabi[progress percentage=52]", Some(52), Some(100), None),
        ("##miyabi[progress 15]", Some(15), None, None),
        (
            "##miyabi[progress current=3 total=4 colour=red message=\"a \\\"b\\\"\\] \\\\ c\\n\"]",
            Some(3),
            Some(4),
            Some("a \"b\"] \\ c\n"),
        ),
    ] {
        let progress = progress(line);
        assert_eq!(
            (progress.current, progress.total, progress.message.as_deref()),
            (current, total, message),
            "{line}"
        );
    }
    let steps: [(&str, &str, StepStatus); 3] = [
        ("##miyabi[step build]", "build", StepStatus::Running),
        ("##miyabi[step done name=\"the build\"]", "the-build", StepStatus::Succeeded),
        ("##miyabi[step id=a status=failed message=why]", "a", StepStatus::Failed),
    ];
    for (line, id, status) in steps {
        let ControlBody::Step(step) = parse(line).unwrap().unwrap().body else { panic!("{line}") };
        assert_eq!((step.step_id.as_str(), step.status), (id, status), "{line}");
    }
    for (line, status) in [
        ("##miyabi[result failed] no space", ResultStatus::Failed),
        ("##miyabi[result exit_code=0]", ResultStatus::Succeeded),
        ("##miyabi[result status=cancelled exit_code=130]", ResultStatus::Cancelled),
    ] {
        let ControlBody::Result(result) = parse(line).unwrap().unwrap().body else { panic!("{line}") };
        assert_eq!(result.status, status, "{line}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (line, error) in [
        (
            "##miyabi[progress current=x]",
            "current=\"x\": expected a whole number from 0 to 9007199254740991, at column 19",
        ),
        (
            "##miyabi[progress current=-1]",
            "current=\"-1\": expected a whole number from 0 to 9007199254740991, at column 19",
        ),
        ("##miyabi[progress 15/29", "the line ends before its closing ], at column 24"),
        ("##miyabi[progress message=\"x]", "the quote that opens here is not closed, at column 27"),
        (
            "##miyabi[progress message=\"\\q\"]",
            "\\q is no escape: expected \\\" \\\\ \\n \\r \\t \\] \\[ or \\u and four digits, at column 28",
        ),
        (
            "##miyabi[jump 1/2]",
            "\"jump\" is no kind of control line: expected run, heartbeat, progress, step or result, at column 10",
        ),
        (
            "##miyabi[result]",
            "a result needs status=succeeded, status=failed, status=cancelled or an exit_code, at column 1",
        ),
        (
            "##miyabi[progress sequence=0 current=1]",
            "sequence=\"0\": expected a whole number from 1 to 9007199254740991, at column 19",
        ),
        (
            "##miyabi[run project=a/b]",
            "project=\"a/b\": expected 1 to 128 characters of A-Z a-z 0-9 . _ : -, at column 14",
        ),
    ] {
        assert_eq!(parse(line).unwrap().unwrap_err().to_string(), error, "{line}");
    }
    assert!(parse("a ##miyabi[progress 1/2]").is_none());
    assert!(parse("").is_none());
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![".{0,20}", Just(" \"]\\[=\n\r\t\0\u{1b}\u{2028}ä".to_owned()), Just(String::new())]
}

fn body() -> impl Strategy<Value = EventBody> {
    let count = || prop::option::of(0..(1_u64 << 53));
    let word = || prop::option::of(text());
    let progress = (count(), count(), word(), word(), word(), word()).prop_map(
        |(current, total, phase, message, source, source_reason)| {
            EventBody::Progress(ProgressEvent { current, total, phase, message, source, source_reason })
        },
    );
    let step = ("[a-z:._-]{1,20}", text(), text(), prop::option::of(text())).prop_map(
        |(id, name, kind, message)| {
            let step_id = StepId::new(id).unwrap();
            EventBody::Step(StepEvent {
                parent_id: Some(step_id.clone()),
                step_id,
                name,
                kind,
                status: StepStatus::Skipped,
                message,
            })
        },
    );
    let result = (any::<Option<i32>>(), prop::option::of(text())).prop_map(|(exit_code, message)| {
        EventBody::Result(ResultEvent { status: ResultStatus::Failed, exit_code, message })
    });
    prop_oneof![Just(EventBody::Started {}), Just(EventBody::Heartbeat {}), progress, step, result]
}

proptest! {
    #[test]
    fn every_event_survives_the_way_through_a_line(body in body(), attempt in 1_u32.., sequence in 1_u64..(1 << 53), millis in 0_i64..253_402_300_799_999) {
        let event = miyabi_shared::event::TaskEvent { attempt, sequence, time: Timestamp::from_millis(millis), body };
        let text = format(&ControlLine::from_event(&event));
        prop_assert!(!text.contains(|c: char| c.is_control()), "{text:?}");
        let line = parse(&text).unwrap().unwrap();
        prop_assert_eq!(line.to_event(Timestamp::from_millis(0)).unwrap(), event);
    }

    #[test]
    fn no_line_makes_the_reader_panic(text in ".{0,60}") {
        let _ = parse(&format!("##miyabi[{text}"));
    }
}
