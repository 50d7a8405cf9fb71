//! Reading the lines of one log stream, a page at a time.
//!
//! Quota: GetLogEvents is limited to 10 to 25 calls a second for a whole account and region, depending on the region. Many
//! people may watch one task, each asking every second or two for what follows the same line: so calls that ask for the
//! same page at about the same time share one answer.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_config::SdkConfig;
use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::error::SdkError;
use aws_sdk_cloudwatchlogs::operation::get_log_events::{GetLogEventsError, GetLogEventsOutput};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miyabi_aws::Limits;
use miyabi_progress::control_line;
use miyabi_shared::Timestamp;
use tokio::sync::OnceCell;

use crate::error::ApiError;
use crate::routes::logs::{LogLine, LogPage};

/// The label that names a task's log stream, where that is not the task's identifier: a stream's name may hold what an
/// identifier may not.
pub(crate) const STREAM_LABEL: &str = miyabi_shared::log_group::STREAM_LABEL;

/// A page of a log takes longer than an item of a table. The function has 10 s: what is too slow for that is worth a 503 while
/// there is time to send one.
const LIMITS: Limits = Limits {
    connect: Duration::from_secs(1),
    attempt: Duration::from_secs(3),
    operation: Duration::from_secs(6),
    attempts: 2,
    ..Limits::WAITED_FOR
};
/// How long a page is shared. Far below what a person notices, and enough for one call a second and task.
const SHARED_FOR: Duration = Duration::from_millis(500);
/// Most pages that are shared at a time; a page is at most 1 MB.
const SHARED_PAGES: usize = 32;

/// At which end of a log to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, utoipa::ToSchema)]
#[schema(rename_all = "lowercase")]
pub(crate) enum End {
    Start,
    End,
}

impl FromStr for End {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "start" => Ok(Self::Start),
            "end" => Ok(Self::End),
            _ => Err(()),
        }
    }
}

/// A place in a log: the service's own token, or the beginning where there is none yet. Opaque to callers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Cursor {
    token: Option<String>,
}

impl Cursor {
    /// What a caller may give.
    pub(crate) const RULE: &str = "the next_cursor or the previous_cursor of another page of the same log";
    const BEGINNING: Self = Self { token: None };

    /// The service wants to know which way a token of its own leads.
    fn leads_forward(&self) -> bool {
        self.token.as_ref().is_none_or(|token| !token.starts_with("b/"))
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = format!("1{}", self.token.as_deref().unwrap_or_default());
        formatter.write_str(&URL_SAFE_NO_PAD.encode(text))
    }
}

impl FromStr for Cursor {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| ())?;
        let text = String::from_utf8(bytes).map_err(|_| ())?;
        let token = text.strip_prefix('1').ok_or(())?;
        Ok(Self { token: (!token.is_empty()).then(|| token.to_owned()) })
    }
}

/// Which page of which log.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct LogQuery {
    pub(crate) group: String,
    pub(crate) stream: String,
    pub(crate) limit: u32,
    pub(crate) from: End,
    pub(crate) cursor: Option<Cursor>,
}

/// Reads logs. Clones share their connections and what they read.
#[derive(Debug, Clone)]
pub struct LogReader {
    client: Client,
    shared: Arc<Mutex<HashMap<LogQuery, SharedPage>>>,
}

#[derive(Debug, Clone)]
struct SharedPage {
    since: Instant,
    page: Arc<OnceCell<Arc<LogPage>>>,
}

impl LogReader {
    /// A reader of the logs in `aws`.
    pub fn new(aws: &SdkConfig) -> Self {
        Self { client: Client::new(&LIMITS.of(aws)), shared: Arc::default() }
    }

    /// One page.
    pub(crate) async fn page(&self, query: LogQuery) -> Result<Arc<LogPage>, ApiError> {
        let cell = self.shared_cell(&query);
        let page = cell.get_or_try_init(|| async { self.read(&query).await.map(Arc::new) }).await?;
        Ok(Arc::clone(page))
    }

    /// Where the page of `query` is or will be, shared with everyone who asks for it now.
    fn shared_cell(&self, query: &LogQuery) -> Arc<OnceCell<Arc<LogPage>>> {
        let now = Instant::now();
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.retain(|_, page| now.duration_since(page.since) < SHARED_FOR);
        if let Some(page) = shared.get(query) {
            return Arc::clone(&page.page);
        }
        let page = SharedPage { since: now, page: Arc::default() };
        let cell = Arc::clone(&page.page);
        if shared.len() < SHARED_PAGES {
            shared.insert(query.clone(), page);
        }
        cell
    }

    async fn read(&self, query: &LogQuery) -> Result<LogPage, ApiError> {
        let forward = match &query.cursor {
            Some(cursor) => cursor.leads_forward(),
            None => query.from == End::Start,
        };
        let result = self
            .client
            .get_log_events()
            .log_group_name(&query.group)
            .log_stream_name(&query.stream)
            .limit(i32::try_from(query.limit).unwrap_or(i32::MAX))
            .set_next_token(query.cursor.as_ref().and_then(|cursor| cursor.token.clone()))
            .start_from_head(forward)
            .send()
            .await;
        match result {
            Ok(output) => Ok(LogPage::of(output)),
            Err(error) => match error.as_service_error() {
                // No line was written yet, or all of them have expired.
                Some(GetLogEventsError::ResourceNotFoundException(_)) => Ok(LogPage::empty()),
                Some(GetLogEventsError::InvalidParameterException(_)) if query.cursor.is_some() => {
                    Err(ApiError::field("cursor", format!("{}, within 24 hours", Cursor::RULE)))
                }
                Some(_) if !is_temporary(&error) => Err(ApiError::Internal(error.into())),
                _ => Err(ApiError::Unavailable(error.into())),
            },
        }
    }
}

/// Whether the same call may succeed in a moment.
fn is_temporary(error: &SdkError<GetLogEventsError>) -> bool {
    match error {
        SdkError::ServiceError(context) => {
            let code = context.err().meta().code().unwrap_or_default();
            context.raw().status().as_u16() >= 500
                || matches!(code, "ThrottlingException" | "Throttling" | "ServiceUnavailableException")
        }
        SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) | SdkError::ResponseError(_) => true,
        _ => false,
    }
}

impl LogPage {
    /// The page of a log that has no line yet. Its cursors lead to the first one.
    pub(crate) fn empty() -> Self {
        let beginning = Cursor::BEGINNING.to_string();
        Self { events: Vec::new(), next_cursor: beginning.clone(), previous_cursor: beginning }
    }

    fn of(output: GetLogEventsOutput) -> Self {
        let cursor = |token: Option<&str>| Cursor { token: token.map(str::to_owned) }.to_string();
        let next_cursor = cursor(output.next_forward_token());
        let previous_cursor = cursor(output.next_backward_token());
        let events = output
            .events
            .unwrap_or_default()
            .into_iter()
            .filter_map(|event| {
                let message = event.message.unwrap_or_default();
                (!message.trim_start().starts_with(control_line::PREFIX)).then(|| LogLine {
                    timestamp: Timestamp::from_millis(event.timestamp.unwrap_or_default()),
                    message,
                })
            })
            .collect();
        Self { events, next_cursor, previous_cursor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_way_to_the_caller_and_back() {
        for token in [None, Some("f/381295/s"), Some("b/3812=95"), Some("日本")] {
            let cursor = Cursor { token: token.map(str::to_owned) };
            assert_eq!(cursor.to_string().parse::<Cursor>(), Ok(cursor));
        }
        for bad in ["", "f/123", "%", "eA", "MQ=="] {
            assert_eq!(bad.parse::<Cursor>(), Err(()), "{bad}");
        }
    }

    #[test]
    fn a_token_that_leads_backward_is_known_by_its_beginning() {
        assert!(!"MWIvMQ".parse::<Cursor>().unwrap().leads_forward());
        assert!("MWYvMQ".parse::<Cursor>().unwrap().leads_forward());
        assert!(Cursor::BEGINNING.leads_forward());
    }
}
