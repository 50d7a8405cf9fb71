//! `pytest`: with `-v`, with dots, with `-q`, and spread over processes by xdist.

use miyabi_shared::event::{ResultEvent, ResultStatus};
use miyabi_shared::task::StepStatus;
use serde::{Deserialize, Serialize};

use super::{Reading, Seen, step};

/// What is remembered of a test run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pytest {
    #[serde(default)]
    known: bool,
    #[serde(default)]
    total: Option<u64>,
    #[serde(default)]
    done: u64,
    /// The tests are over: what follows tells of failures again.
    #[serde(default)]
    over: bool,
}

const VERDICTS: &[&str] = &["PASSED", "FAILED", "SKIPPED", "ERROR", "XFAIL", "XPASS", "RERUN"];

impl Pytest {
    pub(super) fn read(&mut self, seen: Seen<'_>) -> Option<Reading> {
        let text = seen.text;
        let mut reading = if text.starts_with('=') {
            self.read_headline(text.trim_matches('=').trim())?
        } else if self.known && (text.contains("collected ") || text.contains(" workers [")) {
            self.read_total(text)?
        } else if text.ends_with("%]") && !self.over {
            self.read_tests(seen)?
        } else if self.known && self.over && text.starts_with("FAILED ") {
            let (name, why) = text.strip_prefix("FAILED ")?.split_once(" - ").unwrap_or((text.get(7..)?, ""));
            let mut reading = Reading::default();
            reading.steps.extend(step(name, "test", StepStatus::Failed, Some(why)));
            reading
        } else if self.known
            && text.contains(" in ")
            && text.ends_with('s')
            && text.starts_with(|c: char| c.is_ascii_digit())
        {
            // The last line under -q has no rules around it.
            self.read_end(text)?
        } else {
            return None;
        };
        self.known = true;
        reading.phase = Some("test");
        reading.reason = Some("the words of pytest");
        if reading.message.is_none() {
            reading.message = Some(text.trim_matches(['=', ' ']).to_owned());
        }
        Some(reading)
    }

    fn read_headline(&mut self, text: &str) -> Option<Reading> {
        match text {
            "test session starts" => Some(Reading::default()),
            "FAILURES" | "ERRORS" | "short test summary info" | "warnings summary" if self.known => {
                self.over = true;
                Some(Reading::default())
            }
            _ if self.known => self.read_end(text),
            _ => None,
        }
    }

    /// `1 failed, 101 passed, 1 skipped in 1.26s`
    fn read_end(&mut self, text: &str) -> Option<Reading> {
        let (counts, time) = text.rsplit_once(" in ")?;
        let seconds = time.split(' ').next()?.strip_suffix('s')?;
        seconds.parse::<f64>().ok()?;
        let words = [
            "passed",
            "failed",
            "skipped",
            "error",
            "errors",
            "no tests ran",
            "deselected",
            "xfailed",
            "xpassed",
            "warnings",
            "warning",
        ];
        if !counts.split(", ").all(|count| words.iter().any(|word| count.ends_with(word))) {
            return None;
        }
        self.over = true;
        let failed = counts.contains("failed") && !counts.split(", ").all(|c| !c.ends_with(" failed"))
            || counts.contains(" error")
            || counts.contains("no tests ran");
        let status = if failed { ResultStatus::Failed } else { ResultStatus::Succeeded };
        let message = Some(text.to_owned());
        let mut reading =
            Reading { result: Some(ResultEvent { status, exit_code: None, message }), ..Reading::default() };
        if let (Some(total), false) = (self.total, failed) {
            reading.count = Some((total, Some(total)));
        }
        Some(reading)
    }

    /// `collecting ... collected 103 items / 2 deselected / 101 selected`, `2 workers [103 items]`
    fn read_total(&mut self, text: &str) -> Option<Reading> {
        let number = |text: &str| text.trim().split(' ').next()?.parse::<u64>().ok();
        let total = match text.split_once("collected ") {
            Some((_, counts)) => {
                let selected = counts.split(" / ").find(|count| count.ends_with(" selected"));
                number(selected.unwrap_or(counts))?
            }
            None => number(text.split_once(" workers [")?.1)?,
        };
        self.total = Some(total);
        Some(Reading { count: Some((self.done, Some(total))), ..Reading::default() })
    }

    /// A line that ends with `[ 52%]`: one test, or a row of dots.
    fn read_tests(&mut self, seen: Seen<'_>) -> Option<Reading> {
        let (text, percent) = seen.text.strip_suffix("%]")?.rsplit_once('[')?;
        let percent = percent.trim().parse::<u64>().ok().filter(|percent| *percent <= 100)?;
        let text = text.trim_end();
        let mut reading = Reading::default();
        // `SKIPPED` and `XFAIL` have their reason in brackets behind them.
        let verdict = text.split(' ').skip(1).find(|word| VERDICTS.contains(word));
        if let (true, Some(verdict)) = (text.contains("::"), verdict) {
            let (name, _) = text.split_once(verdict)?;
            self.count_test(name.trim(), verdict, &mut reading);
        } else {
            let letters = text.rsplit(' ').next()?;
            let outcomes = letters.bytes().all(|byte| b".FEsxXpPR".contains(&byte)) && !letters.is_empty();
            let file = text.strip_suffix(letters)?.trim();
            if !outcomes || !(file.is_empty() || file.contains(".py") || self.known) {
                return None;
            }
            self.done += letters.len() as u64;
            if !self.known && !file.is_empty() {
                return None;
            }
        }
        self.fill(percent, &mut reading);
        Some(reading)
    }

    /// xdist's `[gw0] [ 52%] PASSED test_m0.py::test_0`
    pub(super) fn read_worker(&mut self, seen: Seen<'_>) -> Option<Reading> {
        let (percent, rest) = seen.text.strip_prefix("[gw")?.split_once("] [")?.1.split_once("%] ")?;
        let percent = percent.trim().parse::<u64>().ok().filter(|percent| *percent <= 100)?;
        let (verdict, name) = rest.split_once(' ')?;
        if !VERDICTS.contains(&verdict) {
            return None;
        }
        let mut reading =
            Reading { phase: Some("test"), reason: Some("the words of pytest-xdist"), ..Reading::default() };
        self.known = true;
        self.count_test(name.trim(), verdict, &mut reading);
        self.fill(percent, &mut reading);
        reading.message = Some(seen.text.trim().to_owned());
        Some(reading)
    }

    fn count_test(&mut self, name: &str, verdict: &str, reading: &mut Reading) {
        // A test that is run again is counted once, at its end.
        self.done += u64::from(verdict != "RERUN");
        if matches!(verdict, "FAILED" | "ERROR") {
            reading.steps.extend(step(name, "test", StepStatus::Failed, None));
        }
    }

    fn fill(&self, percent: u64, reading: &mut Reading) {
        reading.count = Some(match self.total {
            Some(total) => (self.done.min(total), Some(total)),
            None => (percent, Some(100)),
        });
    }
}
