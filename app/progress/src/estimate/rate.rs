//! How fast a run is: the time of a unit, smoothed over the newest units and over all of them.

use miyabi_shared::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use super::Range;

/// How often the count must have moved before a rate is believed.
const ADVANCES: u32 = 3;

/// And for how long it must have been watched, in seconds.
const WATCHED: f64 = 2.0;

/// And which part of all must be done.
const PART: f64 = 0.05;

/// How far a range reaches beyond the slower and the faster of the two rates.
const MARGIN: f64 = 0.25;

/// The speed of one run. Feed it with each progress; it is small and serialisable.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Rate {
    /// Where it was first seen: the millisecond, and the count.
    #[serde(rename = "f", default)]
    first: Option<(i64, u64)>,
    #[serde(rename = "l", default)]
    last: Option<(i64, u64)>,
    /// Seconds a unit, of the newest units.
    #[serde(rename = "u", default)]
    unit: f64,
    #[serde(rename = "n", default)]
    advances: u32,
}

impl Rate {
    /// Sees that `current` of `total` units were done `at` some time. A count that falls begins anew, for then it is
    /// another count; a clock that falls moves the beginning with it.
    pub fn observe(&mut self, current: u64, total: Option<u64>, at: Timestamp) {
        let at = at.as_millis();
        let (Some((first_at, first)), Some((last_at, last))) = (self.first, self.last) else {
            (self.first, self.last) = (Some((at, current)), Some((at, current)));
            return;
        };
        if current < last {
            *self = Self { first: Some((at, current)), last: Some((at, current)), ..Self::default() };
            return;
        }
        if at < last_at {
            self.first = Some((at.saturating_sub(last_at.saturating_sub(first_at)), first));
            self.last = Some((at, last));
        }
        let Some((last_at, _)) = self.last.filter(|_| current > last) else { return };
        let units = (current - last) as f64;
        let sample = seconds(last_at, at) / units;
        // The newest tenth of all units counts, and five at least.
        let window = (total.unwrap_or(0) as f64 / 10.0).max(5.0);
        let weight = if self.advances == 0 { 1.0 } else { 1.0 - (-units / window).exp() };
        // Exact to a microsecond, and short to write.
        self.unit = ((self.unit + (sample - self.unit) * weight) * 1e6).round() / 1e6;
        self.advances = self.advances.saturating_add(1);
        self.last = Some((at, current));
    }

    /// What is left after `now`; none while it is too early to say, or when the run stands still.
    pub(super) fn remaining(&self, current: u64, total: u64, now: Timestamp) -> Option<Range> {
        let (first_at, first) = self.first?;
        let (last_at, last) = self.last?;
        let watched = seconds(first_at, last_at);
        let early = self.advances < ADVANCES || watched < WATCHED || (current as f64) < total as f64 * PART;
        if early || current > total || last <= first {
            return None;
        }
        let overall = watched / (last - first) as f64;
        let still = seconds(last_at, now.as_millis());
        let (fast, slow) = (overall.min(self.unit), overall.max(self.unit));
        // Ten units' time without one: whatever it does now, it is not what it did before.
        if still > 10.0 * slow + 5.0 {
            return None;
        }
        let rest = (total - current) as f64;
        let left = |unit: f64| (rest * unit - still).max(0.0);
        let likely = left((overall + self.unit) / 2.0);
        let high = left(slow * (1.0 + MARGIN)).max(likely);
        Some(Range { low: left(fast * (1.0 - MARGIN)).min(likely), likely, high })
    }
}

/// Seconds from one millisecond to another; none where that goes back.
fn seconds(from: i64, to: i64) -> f64 {
    to.saturating_sub(from).max(0) as f64 / 1000.0
}
