//! What must hold of a job beside the types of its fields: checked by the API before it is put into a queue, and by whoever
//! makes jobs of something else.

use super::{COMMAND_BYTES, COMMAND_WORDS, RETRIES_MAX, Run, TIMEOUT_SECONDS_MAX, VARIABLES};

/// A rule that a job breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenRule {
    /// Where, below the job: `command[0]`.
    pub field: String,
    /// What was expected.
    pub rule: String,
}

/// Variables that are the worker's to set, or change which code a program loads.
const RESERVED: [&str; 3] = ["MIYABI_", "LD_", "AWS_CONTAINER_"];

/// Every rule that a job breaks.
pub fn broken_rules(run: &Run) -> Vec<BrokenRule> {
    let mut broken = Vec::new();
    let mut add = |field: String, rule: String| broken.push(BrokenRule { field, rule });
    let mut bytes = 0;
    match (&run.command, &run.agent) {
        (Some(words), None) => {
            if !(1..=COMMAND_WORDS).contains(&words.len()) {
                add("command".to_owned(), format!("a list of 1 to {COMMAND_WORDS} words"));
            }
            if words.first().is_some_and(String::is_empty) {
                add("command[0]".to_owned(), "the name of a program".to_owned());
            }
            for (index, _) in words.iter().enumerate().filter(|(_, word)| word.contains('\0')) {
                add(format!("command[{index}]"), "text without the character U+0000".to_owned());
            }
            bytes += words.iter().map(|word| word.len() + 1).sum::<usize>();
        }
        (None, Some(agent)) => {
            if agent.prompt.trim().is_empty() || agent.prompt.contains('\0') {
                add(
                    "agent.prompt".to_owned(),
                    "text without the character U+0000, and not only blanks".to_owned(),
                );
            }
            bytes += agent.prompt.len();
        }
        _ => add("command".to_owned(), "either command or agent".to_owned()),
    }
    if run.env.len() > VARIABLES {
        add("env".to_owned(), format!("at most {VARIABLES} variables"));
    }
    for (name, value) in &run.env {
        bytes += name.len() + value.len() + 2;
        let shown: String = name.chars().take(64).collect();
        let place = format!("env.{shown}");
        let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !starts || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            add(place.clone(), "a name of letters, digits and _, not beginning with a digit".to_owned());
        }
        if let Some(prefix) = RESERVED.iter().find(|prefix| name.starts_with(*prefix)) {
            add(place.clone(), format!("another name: those beginning with {prefix} are the worker's"));
        }
        if value.contains('\0') {
            add(place, "text without the character U+0000".to_owned());
        }
    }
    if bytes > COMMAND_BYTES {
        add("command".to_owned(), format!("at most {COMMAND_BYTES} bytes, together with env"));
    }
    if !(1..=TIMEOUT_SECONDS_MAX).contains(&run.timeout) {
        add("timeout".to_owned(), format!("seconds, a whole number from 1 to {TIMEOUT_SECONDS_MAX}"));
    }
    if run.retries > RETRIES_MAX {
        add("retries".to_owned(), format!("a whole number from 0 to {RETRIES_MAX}"));
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_that_is_broken_is_named_with_its_place() {
        let run: Run = serde_json::from_value(serde_json::json!({
            "command": ["", "a\0b"], "agent": null, "timeout": 0, "retries": 11,
            "env": {"MIYABI_TASK_ID": "x", "1A": "y", "OK": "z"},
        }))
        .unwrap();
        let fields: Vec<_> = broken_rules(&run).into_iter().map(|broken| broken.field).collect();
        assert_eq!(
            fields,
            ["command[0]", "command[1]", "env.1A", "env.MIYABI_TASK_ID", "timeout", "retries"]
        );
        let neither: Run = serde_json::from_str("{}").unwrap();
        assert_eq!(broken_rules(&neither)[0].rule, "either command or agent");
        let long: Run =
            serde_json::from_value(serde_json::json!({"command": ["x".repeat(COMMAND_BYTES)]})).unwrap();
        assert!(broken_rules(&long)[0].rule.contains("bytes"));
        let good: Run = serde_json::from_str(r#"{"agent": {"prompt": "label the issue"}}"#).unwrap();
        assert_eq!(broken_rules(&good), []);
    }
}
