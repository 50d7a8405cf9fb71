//! `miyabi watch`: the list or one task, live.
//!
//! In a terminal it is a screen of its own with keys ([`live`]); where the output goes elsewhere, one line is printed for
//! each change.

mod keyboard;
mod live;
mod model;
mod poller;
mod screen;
mod view;

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use miyabi_shared::config::Environment;
use miyabi_shared::{Task, TaskStatus, Timestamp};

use self::poller::Poll;
use super::bar::{self, Style};
use super::{block_on, client, reader_is_gone, tasks};
use crate::arguments::WatchArguments;
use miyabi_client::{Client, Retries, TaskDetail, TaskPage};

/// `miyabi watch`.
pub(crate) fn watch(
    arguments: &WatchArguments,
    api_url: Option<&str>,
    environment: &dyn Environment,
) -> anyhow::Result<ExitCode> {
    let client = client(api_url, environment)?.with_retries(Retries::NONE);
    let result = if io::stdout().is_terminal() {
        let style = Style { colour: environment.get("NO_COLOR").is_none() };
        block_on(live::watch(&client, arguments, style))
    } else {
        block_on(async {
            match &arguments.task_id {
                Some(id) => print_one(&client, id.as_str()).await,
                None => print_all(&client, arguments).await,
            }
        })
    };
    match result {
        Err(error) if error.downcast_ref::<io::Error>().is_some_and(reader_is_gone) => Ok(ExitCode::SUCCESS),
        other => other,
    }
}

/// A line for each change of one task, until it ends.
async fn print_one(client: &Client, id: &str) -> anyhow::Result<ExitCode> {
    let mut poll = Poll::default();
    let mut detail: Option<TaskDetail> = None;
    let mut last = String::new();
    loop {
        let answer = client.task(id, poll.tag()).await;
        poll.take(answer, &mut detail)?;
        if let Some(detail) = &detail {
            let text = line(&detail.task, Timestamp::now());
            if text != last {
                print(&text)?;
                last = text;
            }
            if detail.task.status.is_terminal() {
                return Ok(exit_code(&detail.task));
            }
        }
        tokio::time::sleep(poll.wait()).await;
    }
}

/// A line for each change of any task of the list, without end.
async fn print_all(client: &Client, arguments: &WatchArguments) -> anyhow::Result<ExitCode> {
    let mut poll = Poll::default();
    let mut page: Option<TaskPage> = None;
    let mut lines: Vec<String> = Vec::new();
    loop {
        let answer = client.tasks(&tasks::query(&arguments.filter), poll.tag()).await;
        poll.take(answer, &mut page)?;
        if let Some(page) = &page {
            let now = Timestamp::now();
            let new: Vec<String> =
                page.tasks.iter().map(|task| format!("{} {}", task.task_id, line(task, now))).collect();
            for changed in new.iter().rev().filter(|line| !lines.contains(line)) {
                print(changed)?;
            }
            lines = new;
        }
        tokio::time::sleep(poll.wait()).await;
    }
}

fn print(line: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

/// The task's own exit code, else 0 or 1 by its result.
fn exit_code(task: &Task) -> ExitCode {
    let code = match (task.status, task.exit_code) {
        (_, Some(code)) => u8::try_from(code & 0xff).unwrap_or(1),
        (TaskStatus::Succeeded, None) => 0,
        _ => 1,
    };
    ExitCode::from(code)
}

/// One line on the task, which is the same as long as nothing changes.
fn line(task: &Task, now: Timestamp) -> String {
    let status = if task.is_stalled(now) { "stalled" } else { task.status.as_str() };
    let mut text = format!("{status} {}", bar::percentage(task));
    let count = bar::count(task);
    for part in [Some(count.as_str()), task.progress.phase.as_deref(), task.progress.message.as_deref()] {
        if let Some(part) = part.filter(|part| !part.is_empty()) {
            text.push_str("  ");
            text.push_str(&bar::fit(part, 200));
        }
    }
    if task.status.is_terminal() {
        let _ = write!(text, "  after {}", bar::took(task, now));
        if let Some(code) = task.exit_code {
            let _ = write!(text, "  exit code {code}");
        }
    }
    text
}
