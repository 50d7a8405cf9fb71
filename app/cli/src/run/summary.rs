//! What a run says of itself on the error output: where to watch it, how it ended, and what went wrong.

use std::time::Duration;

use miyabi_shared::event::{ResultEvent, ResultStatus};
use serde_json::json;

use crate::arguments::RunArguments;
use crate::commands::bar;
use crate::spool::Meta;

/// How much is said, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Voice {
    /// Only trouble.
    Quiet,
    /// Lines for people.
    Plain,
    /// Objects for programs.
    Json,
}

/// What a run says of itself.
#[derive(Debug)]
pub(crate) struct Summary {
    voice: Voice,
    task_id: String,
    attempt: u32,
    url: Option<String>,
}

impl Summary {
    pub(crate) fn new(arguments: &RunArguments, meta: &Meta, url: Option<String>) -> Self {
        let voice = match (arguments.quiet, arguments.json) {
            (true, _) => Voice::Quiet,
            (false, true) => Voice::Json,
            (false, false) => Voice::Plain,
        };
        Self { voice, task_id: meta.task_id().to_owned(), attempt: meta.attempt, url }
    }

    fn place(&self) -> String {
        self.url.clone().unwrap_or_else(|| format!("task {}", self.task_id))
    }

    /// Before the command starts.
    pub(crate) fn started(&self) {
        match self.voice {
            Voice::Quiet => {}
            Voice::Plain => eprintln!("miyabi: {}", self.place()),
            Voice::Json => {
                let started = json!({"type": "started", "task_id": self.task_id, "attempt": self.attempt, "url": self.url});
                eprintln!("{started}");
            }
        }
    }

    /// After it ended. `open_line` says that its last line has no end, and that people would see that.
    pub(crate) fn ended(
        &self,
        result: &ResultEvent,
        took: Duration,
        trouble: Option<String>,
        open_line: bool,
    ) {
        let status = match result.status {
            ResultStatus::Succeeded => "succeeded",
            ResultStatus::Failed => "failed",
            ResultStatus::Cancelled => "cancelled",
        };
        if self.voice == Voice::Json {
            let ended = json!({
                "type": "ended", "task_id": self.task_id, "attempt": self.attempt, "url": self.url, "status": status,
                "exit_code": result.exit_code, "message": result.message, "seconds": took.as_millis() as f64 / 1e3,
                "trouble": trouble,
            });
            eprintln!("{}{ended}", if open_line { "\n" } else { "" });
            return;
        }
        let mut text = String::new();
        if self.voice == Voice::Plain {
            let why = result.message.as_ref().map_or_else(String::new, |message| format!(" ({message})"));
            text.push_str(&format!("miyabi: {status}{why} after {}: {}\n", short(took), self.place()));
        }
        if let Some(trouble) = trouble {
            text.push_str(&format!("miyabi: {trouble}\n"));
        }
        if !text.is_empty() {
            eprint!("{}{text}", if open_line { "\n" } else { "" });
        }
    }
}

/// A duration in words; short ones with a fraction.
fn short(took: Duration) -> String {
    if took < Duration::from_secs(10) { format!("{:.1}s", took.as_secs_f64()) } else { bar::duration(took) }
}
