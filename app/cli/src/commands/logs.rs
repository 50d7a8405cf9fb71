//! `miyabi logs`: a task's output, and what comes after it.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use miyabi_shared::config::Environment;

use super::{block_on, client, reader_is_gone};
use crate::arguments::LogsArguments;
use miyabi_client::{Answer, Backoff, Client, ClientError, LogPage, Retries};

/// How soon new lines are asked for.
const POLL: Duration = Duration::from_millis(1000);
/// Lines of a task that has ended may still be on their way for so long.
const LATE: u32 = 3;
/// How many failures in a row are waited out.
const FAILURES: u32 = 8;

/// `miyabi logs`.
pub(crate) fn logs(
    arguments: &LogsArguments,
    api_url: Option<&str>,
    environment: &dyn Environment,
) -> anyhow::Result<ExitCode> {
    let client = client(api_url, environment)?.with_retries(Retries::NONE);
    block_on(async {
        let id = arguments.task_id.as_str();
        let mut cursor: Option<String> = None;
        let mut backoff = Backoff::new(Duration::from_millis(250), Duration::from_secs(10));
        let mut failures = 0;
        let mut quiet_since_end = 0;
        loop {
            let page = match page(&client, id, cursor.as_deref()).await {
                Ok(page) => page,
                Err(error) if error.is_temporary() && cursor.is_some() && failures < FAILURES => {
                    failures += 1;
                    tokio::time::sleep(backoff.next()).await;
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            failures = 0;
            backoff.reset();
            match print(&page, arguments.timestamps) {
                Ok(()) => {}
                Err(error) if reader_is_gone(&error) => return Ok(ExitCode::SUCCESS),
                Err(error) => return Err(error.into()),
            }
            let moved = page.next_cursor.is_some() && page.next_cursor != cursor;
            cursor = page.next_cursor.or(cursor);
            if !page.events.is_empty() && moved {
                continue;
            }
            // GetLogEvents may give an empty page that is not the last: only an unmoved cursor is the end.
            if !arguments.follow {
                if moved {
                    continue;
                }
                return Ok(ExitCode::SUCCESS);
            }
            if quiet_since_end > 0 || ended(&client, id).await {
                quiet_since_end += 1;
                if quiet_since_end > LATE {
                    return Ok(ExitCode::SUCCESS);
                }
            }
            tokio::time::sleep(POLL).await;
        }
    })
}

async fn page(client: &Client, id: &str, cursor: Option<&str>) -> Result<LogPage, ClientError> {
    let mut query = vec![("limit", "1000".to_owned())];
    match cursor {
        Some(cursor) => query.push(("cursor", cursor.to_owned())),
        None => query.push(("from", "start".to_owned())),
    }
    client.logs(id, &query).await
}

async fn ended(client: &Client, id: &str) -> bool {
    matches!(client.task(id, None).await, Ok(Answer::New(detail, _)) if detail.task.status.is_terminal())
}

fn print(page: &LogPage, timestamps: bool) -> io::Result<()> {
    let mut text = String::new();
    for line in &page.events {
        if timestamps {
            text.push_str(&line.timestamp);
            text.push_str("  ");
        }
        text.push_str(&line.message);
        text.push('\n');
    }
    let mut output = io::stdout().lock();
    output.write_all(text.as_bytes())?;
    output.flush()
}
