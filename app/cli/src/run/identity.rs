//! Which task a run is: identifier, attempt, name, type, project and labels.

use std::collections::BTreeMap;
use std::time::Duration;

use miyabi_progress::model::cut;
use miyabi_shared::TaskId;
use miyabi_shared::config::Environment;
use miyabi_shared::event::CreateTask;
use miyabi_shared::limits::{LABEL_CHARACTERS, LABELS, NAME_CHARACTERS};

use crate::arguments::RunArguments;
use crate::configuration::Configuration;
use crate::guess;
use crate::redact::Redactor;
use miyabi_client::Answer;

/// How long the API is asked for the last attempt at a task, before the command starts.
const ASK: Duration = Duration::from_secs(1);
/// The label that names the task in which a run was started.
const PARENT: &str = "parent";

/// Which task a run is.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) task: CreateTask,
    pub(crate) attempt: u32,
}

pub(crate) fn identify(
    arguments: &RunArguments,
    configuration: &Configuration,
    environment: &dyn Environment,
    redactor: &Redactor,
) -> Identity {
    let name = match arguments.name.as_deref().map(str::trim) {
        Some(name) if !name.is_empty() => cut(&redactor.text(name), NAME_CHARACTERS),
        // The identifier is made from it too.
        _ => cut(&redactor.text(&guess::name(&arguments.command)), NAME_CHARACTERS),
    };
    let project_id = arguments.project.clone().unwrap_or_else(|| guess::project_here(environment));
    let task_type = arguments.task_type.clone().unwrap_or_else(|| guess::task_type(&arguments.command));
    let mut labels: BTreeMap<String, String> = arguments
        .labels
        .iter()
        .take(LABELS)
        .map(|(key, value)| (key.clone(), redactor.label(key, value)))
        .collect();
    if let Some(parent) = environment.get("MIYABI_TASK_ID").filter(|parent| parent.len() <= LABEL_CHARACTERS)
        && labels.len() < LABELS
    {
        labels.entry(PARENT.to_owned()).or_insert(parent);
    }
    let (task_id, attempt) = match (&arguments.task_id, arguments.attempt) {
        (None, _) => (new_id(&name), 1),
        (Some(id), Some(attempt)) => (id.clone(), attempt),
        (Some(id), None) => (id.clone(), last_attempt(id, configuration).saturating_add(1)),
    };
    let task = CreateTask { task_id: Some(task_id), project_id, task_type, name, labels, run: None };
    Identity { task, attempt }
}

/// A new identifier: what people call the task, and enough time and chance to be the only one.
pub(crate) fn new_id(name: &str) -> TaskId {
    const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    const WORDS: usize = 40;
    // 48 bits of time and 42 of chance, from a version 7 identifier.
    let id = uuid::Uuid::now_v7().as_u128();
    let mut bits = ((id >> 80) << 42) | (id & ((1 << 42) - 1));
    let mut unique = [0_u8; 18];
    for digit in unique.iter_mut().rev() {
        *digit = DIGITS.get((bits & 31) as usize).copied().unwrap_or(b'0');
        bits >>= 5;
    }
    let words = TaskId::from_words(&name.to_ascii_lowercase(), "task");
    let words: String = words.as_str().chars().take(WORDS).collect();
    let words = words.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    TaskId::from_words(&format!("{words}-{}", String::from_utf8_lossy(&unique)), "task")
}

/// The last attempt at the task that the API knows; 0 where it knows none or does not answer soon.
fn last_attempt(id: &TaskId, configuration: &Configuration) -> u32 {
    let ask = async {
        let client = configuration.credentials.api.client(configuration.api_url.as_deref()?).ok()?;
        match tokio::time::timeout(ASK, client.task(id.as_str(), None)).await.ok()?.ok()? {
            // A task that is only known, but was never started, has had no attempt yet.
            Answer::New(detail, _) if detail.task.started_at.is_some() => Some(detail.task.attempt),
            _ => None,
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.ok().and_then(|runtime| runtime.block_on(ask)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_readable_and_differ() {
        let one = new_id("npx cdk deploy --all");
        let other = new_id("npx cdk deploy --all");
        assert!(one.as_str().starts_with("npx-cdk-deploy-all-"), "{one}");
        assert_ne!(one, other);
        assert!(new_id("日本").as_str().len() >= 18);
        assert!(new_id(&"x ".repeat(200)).as_str().len() <= 60);
    }

    #[test]
    fn later_identifiers_of_one_name_sort_later() {
        let ids: Vec<_> = (0..50)
            .map(|_| {
                let id = new_id("a");
                let before = std::time::Instant::now();
                while before.elapsed() < Duration::from_millis(2) {
                    std::hint::spin_loop();
                }
                id
            })
            .collect();
        assert!(ids.is_sorted(), "{ids:?}");
    }
}
