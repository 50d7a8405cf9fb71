//! The direct road: events to the API, in order, at a bounded rate, again and again until they are taken.

use std::time::Duration;

use miyabi_client::Backoff;
use miyabi_shared::limits::EVENTS_PER_REQUEST;
use miyabi_shared::{EventBody, TaskEvent, Timestamp};
use tokio::time::Instant;

use super::shipper::{Patience, Road, pause};
use super::{EventSink, Refusal};
use crate::spool::Spool;

/// Time between two requests in the long run: ten a second.
const PACE: Duration = Duration::from_millis(100);
/// Shortest time between two requests while there is room for a burst: what happens all at once is seen at once.
const BURST_PACE: Duration = Duration::from_millis(25);
/// How many requests a burst may be ahead of the long run's pace.
const BURST: u32 = 50;
/// How many events are looked at for one request: older progress among them gives way to newer.
const LOOK_AHEAD: usize = 1000;
/// Of a backlog, one progress a second is sent: enough for the history.
const BACKLOG_PACE: Duration = Duration::from_secs(1);
/// Bytes of one request: the API's limit less a good part.
const BODY_BYTES: usize = 200 * 1024;

/// Sends the spool's events until all are sent and no more come, or patience ends.
pub(crate) async fn send(spool: &Spool, sink: &dyn EventSink, road: &Road, patience: Patience) {
    let mut changes = spool.subscribe();
    let mut backoff = Backoff::new(Duration::from_millis(200), Duration::from_secs(10));
    let mut alone = false;
    let mut pace = Pace::new(Instant::now());
    loop {
        changes.borrow_and_update();
        if spool.events(1).is_empty() {
            if spool.is_finished() || changes.changed().await.is_err() {
                return;
            }
            continue;
        }
        if !spool.is_finished() {
            tokio::time::sleep_until(pace.next()).await;
        }
        // Read after the wait: what came meanwhile goes along.
        let events = spool.events(LOOK_AHEAD);
        let Some(newest) = events.last().map(|event| event.sequence) else { continue };
        pace.sent(Instant::now());
        let (batch, up_to) = batch(events, newest, if alone { 1 } else { EVENTS_PER_REQUEST });
        match sink.take(batch.clone()).await {
            Ok(()) => {
                road.succeeded();
                backoff.reset();
                alone = false;
                spool.events_sent(up_to);
            }
            Err(refusal @ (Refusal::Absent(_) | Refusal::Temporary(_))) => {
                let absent = matches!(refusal, Refusal::Absent(_));
                let (Refusal::Absent(error)
                | Refusal::Temporary(error)
                | Refusal::Missing(error)
                | Refusal::Permanent(error)) = refusal;
                road.failed(error, absent);
                if patience.is_over(road) {
                    return;
                }
                pause(backoff.next(), spool, &mut changes).await;
            }
            // The task was deleted, or the place was reset: begin again, once. Of many events, one may be to blame.
            Err(Refusal::Missing(_)) if !alone => alone = true,
            Err(_) if batch.len() > 1 => alone = true,
            Err(Refusal::Missing(error) | Refusal::Permanent(error)) => {
                // It will never be taken; it must not stop those behind it.
                road.note(format!("an event was refused: {error}"));
                alone = false;
                spool.events_sent(up_to);
            }
        }
    }
}

/// When the next request may go: ten a second in the long run, a burst of them closer together.
#[derive(Debug)]
struct Pace {
    /// No request before.
    earliest: Instant,
    /// When a sender that kept to the long run's pace would send next. Behind the present by at most a whole burst.
    steady: Instant,
}

impl Pace {
    fn new(now: Instant) -> Self {
        Self { earliest: now, steady: now }
    }

    fn next(&self) -> Instant {
        self.earliest.max(self.steady.checked_sub(PACE * BURST).unwrap_or(self.earliest))
    }

    fn sent(&mut self, now: Instant) {
        self.earliest = now + BURST_PACE;
        self.steady = self.steady.max(now) + PACE;
    }
}

/// The events of one request, and the sequence up to which they say everything.
fn batch(events: Vec<TaskEvent>, newest: u64, most: usize) -> (Vec<TaskEvent>, u64) {
    let backlog = events.len() > EVENTS_PER_REQUEST / 2;
    let mut chosen = Vec::new();
    let mut bytes = 0;
    let mut up_to = 0;
    let mut kept: Option<Timestamp> = None;
    let mut rest = events.into_iter().peekable();
    while let Some(event) = rest.next() {
        let sequence = event.sequence;
        // Every progress carries everything known, so the next one makes up for it.
        let old_sign = matches!(event.body, EventBody::Heartbeat {}) && rest.peek().is_some();
        let superseded = backlog && old_sign
            || backlog
                && matches!(event.body, EventBody::Progress(_))
                && rest.peek().is_some_and(|next| {
                    matches!(next.body, EventBody::Progress(_))
                        && kept.is_some_and(|kept| next.time.since(kept) < BACKLOG_PACE)
                });
        if !superseded {
            kept = Some(event.time);
            let size = serde_json::to_vec(&event).map_or(0, |json| json.len() + 1);
            if !chosen.is_empty() && (chosen.len() == most || bytes + size > BODY_BYTES) {
                return (chosen, up_to);
            }
            bytes += size;
            chosen.push(event);
        }
        up_to = sequence;
    }
    (chosen, up_to.max(newest))
}

#[cfg(test)]
mod tests {
    use miyabi_shared::event::ProgressEvent;

    use super::*;

    fn progress(sequence: u64, millis: i64) -> TaskEvent {
        let body = EventBody::Progress(ProgressEvent { current: Some(sequence), ..ProgressEvent::default() });
        TaskEvent { attempt: 1, sequence, time: Timestamp::from_millis(millis), body }
    }

    #[test]
    fn a_burst_goes_quickly_and_the_long_run_keeps_to_ten_a_second() {
        let begun = Instant::now();
        let (mut now, mut pace, mut times) = (begun, Pace::new(begun), Vec::new());
        for _ in 0..1000 {
            now = now.max(pace.next());
            pace.sent(now);
            times.push(now - begun);
        }
        assert_eq!(times[10], BURST_PACE * 10);
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= BURST_PACE));
        let steady = PACE * (999 - BURST);
        assert!(times[999] >= steady && times[999] <= steady + PACE, "{:?}", times[999]);
    }

    #[test]
    fn a_backlog_of_progress_shrinks_and_its_last_one_stays() {
        let events: Vec<_> = (1..=1000).map(|sequence| progress(sequence, sequence as i64 * 50)).collect();
        let (batch, up_to) = batch(events, 1000, 100);
        assert!((50..60).contains(&batch.len()), "{}", batch.len());
        assert_eq!(up_to, 1000);
        assert_eq!(batch.last().unwrap().sequence, 1000);
    }

    #[test]
    fn of_old_signs_of_life_only_the_last_is_sent() {
        let beat = |sequence| TaskEvent { body: EventBody::Heartbeat {}, ..progress(sequence, 0) };
        let (chosen, up_to) = batch((1..=240).map(beat).collect(), 240, 100);
        assert_eq!((chosen.iter().map(|event| event.sequence).collect::<Vec<_>>(), up_to), (vec![240], 240));
    }

    #[test]
    fn a_short_queue_is_sent_whole_and_a_long_one_in_parts() {
        let few: Vec<_> = (1..=3).map(|sequence| progress(sequence, 0)).collect();
        assert_eq!(batch(few, 3, 100).0.len(), 3);
        let started: Vec<_> = (1..=250)
            .map(|sequence| TaskEvent { body: EventBody::Started {}, ..progress(sequence, 0) })
            .collect();
        let (first, up_to) = batch(started, 250, 100);
        assert_eq!((first.len(), up_to), (100, 100));
    }
}
