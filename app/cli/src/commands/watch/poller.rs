//! Asks the API for what is on the screen, again and again, and waits longer while there is no answer.

use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::model::{News, Wanted};
use miyabi_client::{Answer, Backoff, Client, ClientError, LogPage, TaskDetail, TaskPage, chain};

/// How soon the API is asked again. An answer without news is a 304 of a few bytes.
const POLL: Duration = Duration::from_millis(500);
/// How soon new lines of a log are asked for.
const POLL_LOG: Duration = Duration::from_millis(1000);
/// How soon one that does not answer is asked again, at most.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// Lines of a log that are asked for at once.
const LINES: u32 = 500;

/// What is known of an answer that is asked for again and again.
#[derive(Debug)]
pub(super) struct Poll {
    tag: Option<String>,
    wait: Duration,
    backoff: Backoff,
}

impl Default for Poll {
    fn default() -> Self {
        Self { tag: None, wait: POLL, backoff: Backoff::new(POLL, LONGEST_WAIT) }
    }
}

impl Poll {
    /// The tag of the last answer.
    pub(super) fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// How long to wait before the next question.
    pub(super) fn wait(&self) -> Duration {
        self.wait
    }

    /// Takes an answer over into `state`; gives what to tell while there is none.
    pub(super) fn take<T>(
        &mut self,
        answer: Result<Answer<T>, ClientError>,
        state: &mut Option<T>,
    ) -> Result<Option<String>, ClientError> {
        match answer {
            Ok(answer) => {
                self.backoff.reset();
                self.wait = POLL;
                if let Answer::New(new, tag) = answer {
                    *state = Some(new);
                    self.tag = tag;
                }
                Ok(None)
            }
            Err(error) if error.is_temporary() && state.is_some() => {
                self.wait = self.backoff.next();
                Ok(Some(chain(&error)))
            }
            Err(error) => Err(error),
        }
    }
}

/// Tells `news` what `wanted` names, and what follows, until nobody listens.
pub(super) async fn poll(client: Client, mut wanted: watch::Receiver<Wanted>, news: mpsc::Sender<News>) {
    // Once something was seen, a network that is gone is waited for.
    let mut seen = false;
    loop {
        let now = wanted.borrow_and_update().clone();
        let follow = async {
            match &now {
                Wanted::Nothing => std::future::pending().await,
                Wanted::List(query) => list(&client, query, &news, &mut seen).await,
                Wanted::Task(id) => task(&client, id, &news, &mut seen).await,
                Wanted::Log(id) => log(&client, id, &news).await,
            }
        };
        tokio::select! {
            () = follow => return,
            changed = wanted.changed() => if changed.is_err() { return },
        }
    }
}

async fn list(client: &Client, query: &[(&'static str, String)], news: &mpsc::Sender<News>, seen: &mut bool) {
    let mut poll = Poll::default();
    let mut page: Option<TaskPage> = None;
    loop {
        let answer = client.tasks(query, poll.tag()).await;
        let told = tell(&mut poll, answer, &mut page, seen);
        if send(news, told, |page| News::List(page.tasks), &mut page, seen).await.is_none() {
            return;
        }
        tokio::time::sleep(poll.wait()).await;
    }
}

async fn task(client: &Client, id: &str, news: &mpsc::Sender<News>, seen: &mut bool) {
    let mut poll = Poll::default();
    let mut detail: Option<TaskDetail> = None;
    loop {
        let answer = client.task(id, poll.tag()).await;
        let told = tell(&mut poll, answer, &mut detail, seen);
        if send(news, told, |detail| News::Task(Box::new(detail)), &mut detail, seen).await.is_none() {
            return;
        }
        tokio::time::sleep(poll.wait()).await;
    }
}

/// As [`Poll::take`]; but once anything was ever seen, the beginning of another page is waited for too.
fn tell<T>(
    poll: &mut Poll,
    answer: Result<Answer<T>, ClientError>,
    state: &mut Option<T>,
    seen: &mut bool,
) -> Result<Option<String>, ClientError> {
    match poll.take(answer, state) {
        Err(error) if error.is_temporary() && *seen => {
            poll.wait = poll.backoff.next();
            Ok(Some(chain(&error)))
        }
        other => other,
    }
}

async fn send<T: Clone>(
    news: &mpsc::Sender<News>,
    told: Result<Option<String>, ClientError>,
    make: impl Fn(T) -> News,
    state: &mut Option<T>,
    seen: &mut bool,
) -> Option<()> {
    let message = match told {
        Err(error) => {
            let _ = news.send(News::Refused(error)).await;
            return None;
        }
        Ok(Some(trouble)) => News::Trouble(trouble),
        Ok(None) => {
            *seen = true;
            match state {
                Some(state) => make(state.clone()),
                None => News::Alive,
            }
        }
    };
    news.send(message).await.ok()
}

/// The last lines of a task's output, and what follows.
async fn log(client: &Client, id: &str, news: &mpsc::Sender<News>) {
    let mut backoff = Backoff::new(POLL_LOG, LONGEST_WAIT);
    let mut cursor: Option<String> = None;
    loop {
        let mut query = vec![("limit", LINES.to_string())];
        match &cursor {
            Some(cursor) => query.push(("cursor", cursor.clone())),
            None => query.push(("from", "end".to_owned())),
        }
        let (message, wait) = match client.logs(id, &query).await {
            Ok(LogPage { events, next_cursor }) => {
                backoff.reset();
                let full = events.len() >= LINES as usize && cursor.is_some();
                cursor = next_cursor.or(cursor);
                let lines = events.into_iter().map(|line| line.message).collect();
                (News::Lines(lines), if full { Duration::ZERO } else { POLL_LOG })
            }
            Err(error) if error.is_temporary() => (News::Trouble(chain(&error)), backoff.next()),
            Err(error) => {
                let _ = news.send(News::Refused(error)).await;
                return;
            }
        };
        if news.send(message).await.is_err() {
            return;
        }
        tokio::time::sleep(wait).await;
    }
}
