//! Numbers of tools that nobody told us about: `15/29`, `15 of 29`, `52%`.
//!
//! Most numbers in a log are no progress: dates, versions, fractions, paths, sizes, loads. So a number is *strong*
//! when its surroundings say what it is: brackets or bars around it, a column of its own, a word like `step`, `downloading` or
//! `files` next to it. Any other is *weak*, and believed only when the same line comes again and again with the same total and
//! a higher number each time. The first series of numbers stays until it is complete, so that an inner loop does not
//! take over the outer one's bar.

mod find;

use serde::{Deserialize, Serialize};

use self::find::Found;
use super::{Reading, Seen};
use crate::format::Format;

/// How often a weak count must rise in a row before it is believed. Two versions, days or pods in a row are common.
const COUNT_RISES: u8 = 2;
/// The same for a weak percentage: there are more percentages that are no progress than ones that are.
const PERCENT_RISES: u8 = 4;

/// What is remembered of numbers seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Count {
    /// The series that is shown.
    #[serde(default)]
    shown: Option<Series>,
    /// The heading of curl's table was seen.
    #[serde(default)]
    curl: bool,
    /// The last weak number.
    #[serde(default)]
    weak: Option<Series>,
    /// How often it rose so far.
    #[serde(default)]
    rises: u8,
}

/// Numbers that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Series {
    percent: bool,
    /// The line's words, without its numbers.
    words: u32,
    /// The words before the number.
    before: u32,
    current: u64,
    total: u64,
}

impl Count {
    /// Reads one line; `None` where it has no number that can be believed.
    pub(super) fn read(&mut self, seen: Seen<'_>, wanted: Format) -> Option<(Format, Reading)> {
        if let Some(reading) = self.read_curl(seen, wanted) {
            return Some((Format::Percent, reading));
        }
        let found = find::count(seen.text, wanted).or_else(|| find::percent(seen, wanted))?;
        let series = Series {
            percent: found.percent,
            words: found.words,
            before: found.before,
            current: found.current,
            total: found.total,
        };
        if !self.believes(&found, series, wanted) {
            return None;
        }
        self.shown = Some(series);
        let format = if found.percent { Format::Percent } else { Format::Count };
        let reading = Reading {
            count: Some((found.current, Some(found.total))),
            message: Some(seen.text.trim().to_owned()),
            reason: Some(found.reason),
            ..Reading::default()
        };
        Some((format, reading))
    }

    /// The rows of `curl`: ` 38 28.6M   38 11.0M    0     0  24.1M      0  0:00:01 --:--:--  0:00:01 24.1M`.
    fn read_curl(&mut self, seen: Seen<'_>, wanted: Format) -> Option<Reading> {
        if seen.text.contains("% Total    % Received") {
            self.curl = true;
            return None;
        }
        if !self.curl || seen.text.len() < 40 || wanted == Format::Count {
            return None;
        }
        let columns: Vec<&str> = seen.text.split_whitespace().collect();
        let [percent, total, .., speed] = *columns.as_slice() else { return None };
        let percent = percent.parse::<u64>().ok().filter(|percent| *percent <= 100 && columns.len() == 12)?;
        // A download of unknown size stays at 0 of 0 or at 100 of what it has.
        (total != "0").then(|| Reading {
            count: Some((percent, Some(100))),
            message: Some(format!("{percent}% of {total}, {speed}/s")),
            reason: Some("the rows of curl"),
            ..Reading::default()
        })
    }

    fn believes(&mut self, found: &Found, series: Series, wanted: Format) -> bool {
        if let Some(shown) = self.shown {
            let same = shown.percent == series.percent
                && (shown.before == series.before || !series.percent && shown.total == series.total);
            if same {
                return true;
            }
            // A series that is complete when it is first seen has nothing to tell.
            if shown.current < shown.total || series.current == series.total {
                return false;
            }
        }
        if found.strong || wanted != Format::Auto {
            return true;
        }
        let before = self.weak.replace(series).filter(|before| {
            before.percent == series.percent && before.words == series.words && before.total == series.total
        });
        self.rises = match before {
            Some(before) if before.current < series.current => self.rises.saturating_add(1),
            Some(before) if before.current == series.current => self.rises,
            _ => 0,
        };
        self.rises >= if series.percent { PERCENT_RISES } else { COUNT_RISES }
    }
}
