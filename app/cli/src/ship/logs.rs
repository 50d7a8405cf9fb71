//! The log road: lines to CloudWatch Logs, in batches within every rule.

use std::time::Duration;

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cloudwatchlogs::operation::put_log_events::PutLogEventsOutput;
use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use miyabi_shared::Timestamp;
use tokio::time::Instant;

use super::batch::Batch;
use super::shipper::{Patience, Road, pause};
use crate::spool::{LogsDestination, Spool};
use miyabi_client::Backoff;

/// Shortest time between two batches that are not nearly full. The account's quota is 5,000 a second in all.
const PACE: Duration = Duration::from_millis(250);

/// Why a batch was not taken.
enum Refusal {
    /// Nobody answered.
    Absent(String),
    /// The same may be taken later.
    Temporary(String),
    /// There is no such log group.
    Missing(String),
    /// It will never be taken as it is.
    Permanent(String),
}

/// Sends the spool's lines until all are sent and no more come, or patience ends.
pub(crate) async fn send(
    spool: &Spool,
    client: &Client,
    destination: &LogsDestination,
    road: &Road,
    patience: Patience,
) {
    let mut changes = spool.subscribe();
    let mut backoff = Backoff::new(Duration::from_millis(200), Duration::from_secs(10));
    let mut stream_exists = false;
    let mut last: Option<Instant> = None;
    loop {
        changes.borrow_and_update();
        let mut batch = Batch::default();
        let position = match spool.read(&mut |record| batch.take(record.time, record.text)) {
            Ok(position) => position,
            Err(error) => {
                road.failed(format!("the spool cannot be read: {error}"), false);
                return;
            }
        };
        let Some(position) = position.filter(|_| !batch.is_empty()) else {
            if spool.is_finished() || changes.changed().await.is_err() {
                return;
            }
            continue;
        };
        if let Some(last) = last
            && !batch.is_nearly_full()
            && last.elapsed() < PACE
            && !spool.is_finished()
        {
            pause((last + PACE) - Instant::now(), spool, &mut changes).await;
            // More may have come.
            continue;
        }
        last = Some(Instant::now());
        // What is refused as a whole is halved, until the line that is to blame stands alone.
        let mut parts = vec![batch.into_lines()];
        while let Some(part) = parts.pop() {
            match put(client, destination, spool.meta().task_id(), &part, &mut stream_exists).await {
                Ok(output) => {
                    road.succeeded();
                    backoff.reset();
                    if let Some(note) = rejected(&output, part.len()) {
                        road.note(note);
                    }
                }
                Err(Refusal::Permanent(error)) if part.len() == 1 => {
                    road.note(format!("a line was refused: {error}"));
                }
                Err(Refusal::Permanent(_)) => {
                    let mut first = part;
                    let second = first.split_off(first.len() / 2);
                    parts.push(second);
                    parts.push(first);
                }
                Err(refusal @ (Refusal::Absent(_) | Refusal::Missing(_) | Refusal::Temporary(_))) => {
                    // A log group that is missing is as good as a service that is.
                    let absent = matches!(refusal, Refusal::Absent(_) | Refusal::Missing(_));
                    let (Refusal::Absent(error)
                    | Refusal::Missing(error)
                    | Refusal::Temporary(error)
                    | Refusal::Permanent(error)) = refusal;
                    road.failed(error, absent);
                    if patience.is_over(road) {
                        return;
                    }
                    parts.push(part);
                    pause(backoff.next(), spool, &mut changes).await;
                }
            }
        }
        spool.sent(position);
    }
}

async fn put(
    client: &Client,
    destination: &LogsDestination,
    stream: &str,
    lines: &[(Timestamp, String)],
    stream_exists: &mut bool,
) -> Result<PutLogEventsOutput, Refusal> {
    if !*stream_exists {
        let created = client
            .create_log_stream()
            .log_group_name(&destination.group)
            .log_stream_name(stream)
            .send()
            .await;
        match created {
            Ok(_) => {}
            Err(error) if error.code() == Some("ResourceAlreadyExistsException") => {}
            Err(error) if error.code() == Some("ResourceNotFoundException") => {
                return Err(Refusal::Missing(format!(
                    "there is no log group {}; has the infrastructure been deployed there?",
                    destination.group
                )));
            }
            Err(error) => return Err(temporary(&error)),
        }
        *stream_exists = true;
    }
    let mut events = Vec::with_capacity(lines.len());
    for (time, text) in lines {
        let event = InputLogEvent::builder().timestamp(time.as_millis()).message(text).build();
        events.push(event.map_err(|error| Refusal::Permanent(error.to_string()))?);
    }
    let sent = client
        .put_log_events()
        .log_group_name(&destination.group)
        .log_stream_name(stream)
        .set_log_events(Some(events))
        .send()
        .await;
    match sent {
        Ok(output) => Ok(output),
        Err(error) => match error.code() {
            Some("ResourceNotFoundException") => {
                // Someone deleted it; the next attempt makes it again.
                *stream_exists = false;
                Err(Refusal::Temporary(describe(&error)))
            }
            Some("InvalidParameterException" | "SerializationException" | "ValidationException") => {
                Err(Refusal::Permanent(describe(&error)))
            }
            // An answer from before sequence tokens were dropped: it is there already.
            Some("DataAlreadyAcceptedException") => Ok(PutLogEventsOutput::builder().build()),
            _ => Err(temporary(&error)),
        },
    }
}

fn temporary<E, R>(error: &SdkError<E, R>) -> Refusal
where
    SdkError<E, R>: std::error::Error + ProvideErrorMetadata,
{
    match error {
        SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) => Refusal::Absent(describe(error)),
        _ => Refusal::Temporary(describe(error)),
    }
}

/// What the service said, or why it said nothing.
pub(crate) fn describe<E, R>(error: &SdkError<E, R>) -> String
where
    SdkError<E, R>: std::error::Error + ProvideErrorMetadata,
{
    match (error.code(), error.message()) {
        (Some(code), Some(message)) => format!("CloudWatch Logs answered {code}: {message}"),
        (Some(code), None) => format!("CloudWatch Logs answered {code}"),
        _ => {
            // Of many layers the last one says why.
            let mut last: &dyn std::error::Error = error;
            while let Some(deeper) = last.source() {
                last = deeper;
            }
            format!("CloudWatch Logs does not answer: {last}")
        }
    }
}

/// What the service says that it did not take although it took the batch.
fn rejected(output: &PutLogEventsOutput, count: usize) -> Option<String> {
    let info = output.rejected_log_events_info()?;
    let count = i32::try_from(count).unwrap_or(i32::MAX);
    let old =
        info.too_old_log_event_end_index().unwrap_or(0).max(info.expired_log_event_end_index().unwrap_or(0));
    let new = info.too_new_log_event_start_index().map_or(0, |start| count - start);
    let mut parts = Vec::new();
    if old > 0 {
        parts.push(format!("{old} lines as too old"));
    }
    if new > 0 {
        parts.push(format!("{new} lines as too new (is this machine's clock right?)"));
    }
    (!parts.is_empty()).then(|| format!("CloudWatch Logs refused {}", parts.join(" and ")))
}
