//! What is read from captures of real tools. Each capture in `../data` has its snapshot in `../snapshots`.
//!
//! Of every capture: what was found and why, each change of the progress, each step, and, where the tool redraws, the log.

use std::fmt::Write as _;

use miyabi_progress::Change;

use crate::support::{CAPTURES, Capture, changes, report};

fn summary(Capture { name, bytes, columns }: &Capture) -> String {
    let mut text = String::new();
    let lines = report(bytes, *columns);
    for line in &lines {
        writeln!(text, "{line}").unwrap();
    }
    let changes = changes(bytes, *columns);
    for change in &changes {
        if let Change::Step(step) = change {
            let parent = step.parent_id.as_ref().map_or(String::new(), |parent| format!(" in {parent}"));
            let message = step.message.as_ref().map_or(String::new(), |message| format!(": {message}"));
            writeln!(
                text,
                "step {} {:?} [{}]{parent} {:?}{message}",
                step.step_id, step.name, step.kind, step.status
            )
            .unwrap();
        }
    }
    let log: Vec<&String> = changes
        .iter()
        .filter_map(|change| if let Change::Line(line) = change { Some(line) } else { None })
        .collect();
    if name.ends_with(".raw") {
        for line in &log {
            writeln!(text, "log {line:?}").unwrap();
        }
    } else {
        writeln!(text, "{} lines of log", log.len()).unwrap();
    }
    assert_laws(name, &lines);
    text
}

/// Whatever the tool: the percentage never falls, is below 100 before success, and no count is over its total.
fn assert_laws(name: &str, lines: &[String]) {
    let mut last = None;
    for (at, line) in lines.iter().enumerate() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let percentage = line["percentage"].as_u64();
        assert!(percentage >= last, "{name}: {line}");
        last = percentage;
        if let (Some(current), Some(total)) = (line["current"].as_u64(), line["total"].as_u64()) {
            assert!(current <= total, "{name}: {line}");
        }
        let result = line["type"] == "result";
        assert_eq!(result, at + 1 == lines.len(), "{name}: the result is last, and there is one");
        assert_eq!(percentage == Some(100), result && line["status"] == "succeeded", "{name}: {line}");
    }
}

#[test]
fn captures_of_real_tools_give_what_their_snapshots_say() {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| {
        for capture in CAPTURES.iter() {
            insta::assert_snapshot!(capture.name.replace('.', "-"), summary(capture));
        }
    });
}
