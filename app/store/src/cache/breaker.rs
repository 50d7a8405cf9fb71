//! Decides whether the cache is asked at all.

use std::time::{Duration, Instant};

/// So many answers missing in a row are an outage; fewer are a hiccup.
const FAILURES: u32 = 3;
/// The first pause before a probe; doubled with every probe that fails.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause: an outage that ended is noticed within it.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Closed while the cache answers; open, without trying, while it does not; now and then one call probes.
#[derive(Debug)]
pub(super) struct Breaker {
    failures: u32,
    pause: Duration,
    open_until: Option<Instant>,
}

/// What the breaker says to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passage {
    /// Go on.
    Open,
    /// Go on, alone: whether the cache is back depends on this call.
    Probe,
    /// Do not try.
    Blocked,
}

impl Breaker {
    pub(super) fn new() -> Self {
        Self { failures: 0, pause: FIRST_PAUSE, open_until: None }
    }

    pub(super) fn passage(&mut self, now: Instant) -> Passage {
        match self.open_until {
            None => Passage::Open,
            Some(until) if now < until => Passage::Blocked,
            Some(_) => {
                // Nobody else until this one is back, or should be.
                self.open_until = Some(now + self.pause);
                Passage::Probe
            }
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.open_until.is_some()
    }

    pub(super) fn succeeded(&mut self) {
        *self = Self::new();
    }

    /// `outage`: no further proof is needed, as when nobody listens. Gives whether the breaker is open now.
    pub(super) fn failed(&mut self, now: Instant, outage: bool) -> bool {
        if self.open_until.is_some() {
            self.pause = (self.pause * 2).min(LONGEST_PAUSE);
            self.open_until = Some(now + self.pause);
            return true;
        }
        self.failures += 1;
        if outage || self.failures >= FAILURES {
            self.open_until = Some(now + self.pause);
        }
        self.open_until.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_after_three_failures_in_a_row_or_at_once_when_nobody_listens() {
        let now = Instant::now();
        let mut breaker = Breaker::new();
        assert!(!breaker.failed(now, false));
        assert!(!breaker.failed(now, false));
        breaker.succeeded();
        assert!(!breaker.failed(now, false));
        assert!(!breaker.failed(now, false));
        assert!(breaker.failed(now, false));
        assert!(Breaker::new().failed(now, true));
    }

    #[test]
    fn while_open_one_call_at_a_time_probes_and_the_pause_grows_to_two_seconds() {
        let mut now = Instant::now();
        let mut breaker = Breaker::new();
        breaker.failed(now, true);
        assert_eq!(breaker.passage(now), Passage::Blocked);
        let mut pauses = Vec::new();
        for _ in 0..6 {
            let mut waited = Duration::ZERO;
            while breaker.passage(now) == Passage::Blocked {
                now += Duration::from_millis(50);
                waited += Duration::from_millis(50);
            }
            assert_eq!(breaker.passage(now), Passage::Blocked, "a second probe at once");
            breaker.failed(now, false);
            pauses.push(waited.as_millis());
        }
        assert_eq!(pauses, [250, 500, 1000, 2000, 2000, 2000]);
        breaker.succeeded();
        assert_eq!(breaker.passage(now), Passage::Open);
    }
}
