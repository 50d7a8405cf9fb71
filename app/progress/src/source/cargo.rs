//! `cargo build`, `cargo test` and `cargo nextest`.
//!
//! Cargo writes verbs right-aligned in twelve columns. Its bar (`Building [=>  ] 3/32: names`) is there under a terminal only;
//! without it a build has no total. `cargo test` runs one binary after the other and never says how many, so its tests
//! are counted and have no total; nextest says it.

use miyabi_shared::event::{ResultEvent, ResultStatus};
use miyabi_shared::task::StepStatus;
use serde::{Deserialize, Serialize};

use super::{Reading, Seen, step};

/// What is remembered of a build or a test run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cargo {
    /// Cargo or libtest wrote before.
    #[serde(default)]
    known: bool,
    /// The newest units of the bar.
    #[serde(default)]
    built: Option<(u64, u64)>,
    /// Tests that ended, and those that will run, where nextest says so.
    #[serde(default)]
    tests: u64,
    #[serde(default)]
    tests_total: Option<u64>,
    #[serde(default)]
    failed: bool,
    /// The test binary that runs.
    #[serde(default)]
    binary: Option<String>,
    /// It came to an end that may be the end of all.
    #[serde(default)]
    ended: bool,
    #[serde(default)]
    told: bool,
    /// What is built are tests, which will run: the build is not all that there is to do.
    #[serde(default)]
    tests_follow: bool,
}

const VERBS: &[&str] = &[
    "Compiling",
    "Checking",
    "Building",
    "Finished",
    "Running",
    "Downloading",
    "Downloaded",
    "Updating",
    "Locking",
    "Fresh",
    "Doc-tests",
    "Documenting",
    "Blocking",
    "Starting",
    "Summary",
    "PASS",
    "FAIL",
    "SLOW",
    "SKIP",
    "TIMEOUT",
    "SIGABRT",
    "LEAK",
    "Cancelling",
    "Canceling",
    "FLAKY",
    "Fixing",
    "Packaging",
    "Verifying",
    "Installing",
    "Adding",
    "Fetch",
    "Dirty",
    "Executable",
];

/// The verb in the first twelve columns, and what follows it.
fn verb(text: &str) -> Option<(&str, &str)> {
    let (column, rest) = (text.get(..12)?, text.get(12..)?);
    let word = column.trim_start();
    let rest = rest.strip_prefix(' ')?;
    // nextest's `TRY 2 PASS`: one that failed is tried again, or is counted by the summary.
    if let Some((_, verdict)) = word.strip_prefix("TRY ").and_then(|attempt| attempt.split_once(' ')) {
        return Some((if verdict == "PASS" { verdict } else { "SLOW" }, rest));
    }
    (VERBS.contains(&word)).then_some((word, rest))
}

impl Cargo {
    pub(super) fn read(&mut self, seen: Seen<'_>) -> Option<Reading> {
        let text = seen.text;
        let mut reading = match verb(text) {
            Some((verb, rest)) => self.read_verb(seen, verb, rest)?,
            // nextest shows what a binary of one test wrote, which is not to be counted.
            None if text.starts_with("test ") && self.tests_total.is_none() => self.read_test(text)?,
            None if text.starts_with("running ") && self.tests_total.is_none() => self.read_running(text)?,
            None if text.starts_with("error") && self.known => self.read_error(text)?,
            None => return None,
        };
        self.known = true;
        reading.reason = Some("the words of cargo");
        if reading.message.is_none() {
            reading.message = Some(text.trim().to_owned());
        }
        Some(reading)
    }

    fn read_verb(&mut self, seen: Seen<'_>, verb: &str, rest: &str) -> Option<Reading> {
        let mut reading = Reading::default();
        let test_time = rest.starts_with('[') && rest.contains('s') && rest.contains(']');
        match verb {
            "Building" | "Running" if rest.starts_with('[') => {
                let (current, total) = bar(rest)?;
                let mut total = Some(total);
                if verb == "Building" {
                    // `3/32: demo, demo(test)`
                    self.tests_follow |= rest.contains("(test)");
                    self.built = total.map(|total| (current, total));
                    total = total.filter(|_| !self.tests_follow);
                    reading.phase = Some("build");
                } else {
                    self.tests = self.tests.max(current);
                    self.tests_total = total;
                    reading.phase = Some("test");
                }
                reading.count = Some((current, total));
            }
            "Finished" => {
                reading.phase = Some("build");
                reading.count =
                    self.built.map(|(_, total)| (total, Some(total).filter(|_| !self.tests_follow)));
                self.ended = true;
            }
            "Running" | "Doc-tests" if seen.ended => {
                let name =
                    rest.split(" (").next().unwrap_or(rest).trim_start_matches("unittests ").to_owned();
                let name = if verb == "Doc-tests" { format!("Doc-tests {name}") } else { name };
                reading.phase = Some("test");
                reading.count = Some((self.tests, None));
                reading.steps.extend(step(&name, "test-binary", StepStatus::Running, None));
                self.binary = Some(name.chars().take(50).collect());
                self.ended = false;
            }
            "Starting" => {
                let words: Vec<&str> = rest.split_whitespace().collect();
                let ["tests" | "test", ..] = words.get(1..)? else { return None };
                self.tests_total = words.first()?.replace(',', "").parse().ok();
                reading.phase = Some("test");
                reading.count = Some((0, self.tests_total));
            }
            "PASS" | "FAIL" | "LEAK" | "TIMEOUT" | "SIGABRT" if test_time && seen.ended => {
                let name = rest.split_once("] ").map_or(rest, |(_, name)| without_place(name.trim()));
                let failed = !matches!(verb, "PASS" | "LEAK");
                // Below the summary, the failures are told again.
                if !self.told {
                    self.tests += 1;
                }
                reading.phase = Some("test");
                reading.count = Some((self.tests, self.tests_total));
                if failed {
                    self.failed = true;
                    reading.steps.extend(step(name, "test", StepStatus::Failed, None));
                }
            }
            "Summary" if test_time => {
                let failed = self.failed || rest.contains(" failed") || rest.contains(" timed out");
                reading.phase = Some("test");
                // A test that was run again was counted again; `3/10 tests run` was cancelled.
                let run = rest.split_once("] ").and_then(|(_, rest)| rest.trim().split_once(" test"));
                if let Some(run) = run.and_then(|(run, _)| run.split('/').next()?.parse::<u64>().ok()) {
                    self.tests = run;
                    self.tests_total = Some(self.tests_total.unwrap_or(run).max(run));
                    reading.count = Some((run, self.tests_total));
                }
                let status = if failed { ResultStatus::Failed } else { ResultStatus::Succeeded };
                reading.result = self.tell(status, Some(rest.to_owned()).filter(|_| failed));
            }
            "Running" => {}
            "SLOW" | "SKIP" | "FLAKY" | "Cancelling" | "Canceling" => reading.phase = Some("test"),
            _ => reading.phase = Some("build"),
        }
        Some(reading)
    }

    /// `test tests::one ... ok`, `test result: ok. 3 passed; …`
    fn read_test(&mut self, text: &str) -> Option<Reading> {
        let mut reading = Reading { phase: Some("test"), ..Reading::default() };
        if let Some(result) = text.strip_prefix("test result: ") {
            let failed = result.starts_with("FAILED");
            self.failed |= failed;
            self.ended = true;
            if let Some(binary) = self.binary.take() {
                let status = if failed { StepStatus::Failed } else { StepStatus::Succeeded };
                reading.steps.extend(step(&binary, "test-binary", status, Some(result)));
            }
        } else {
            let (name, verdict) = text.strip_prefix("test ")?.rsplit_once(" ... ")?;
            let verdict = verdict.trim();
            let status = match verdict.split([' ', ',']).next()? {
                "ok" => StepStatus::Succeeded,
                "ignored" => StepStatus::Skipped,
                "FAILED" => StepStatus::Failed,
                _ => return None,
            };
            self.tests += 1;
            if status == StepStatus::Failed {
                self.failed = true;
                reading.steps.extend(step(name, "test", status, None));
            }
        }
        reading.count = Some((self.tests, self.tests_total));
        Some(reading)
    }

    /// `running 12 tests`
    fn read_running(&mut self, text: &str) -> Option<Reading> {
        let words: Vec<&str> = text.split(' ').collect();
        let ["running", number, "test" | "tests"] = *words.as_slice() else { return None };
        number.parse::<u64>().ok()?;
        self.ended = false;
        Some(Reading {
            phase: Some("test"),
            count: Some((self.tests, self.tests_total)),
            ..Reading::default()
        })
    }

    fn read_error(&mut self, text: &str) -> Option<Reading> {
        let mut reading = Reading::default();
        let fatal = [
            "error: could not compile",
            "error: test failed",
            "error: test run failed",
            "error: build failed",
            "error: failed to",
        ]
        .iter()
        .any(|beginning| text.starts_with(beginning));
        if fatal {
            self.failed = true;
            reading.result = self.tell(ResultStatus::Failed, Some(text.to_owned()));
        } else if !text.starts_with("error: ") && !text.starts_with("error[") {
            return None;
        }
        Some(reading)
    }

    fn tell(&mut self, status: ResultStatus, message: Option<String>) -> Option<ResultEvent> {
        (!std::mem::replace(&mut self.told, true)).then_some(ResultEvent { status, exit_code: None, message })
    }

    /// Where the output ended well, so did the job.
    pub(super) fn finish(&mut self) -> Option<ResultEvent> {
        if self.failed {
            return self.tell(ResultStatus::Failed, None);
        }
        if self.ended { self.tell(ResultStatus::Succeeded, None) } else { None }
    }
}

/// The name behind nextest's `(3/48)`, which newer ones write.
fn without_place(name: &str) -> &str {
    let rest = name.strip_prefix('(').and_then(|name| name.split_once(") "));
    rest.filter(|(place, _)| place.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'/' | b' ' | b'-')))
        .map_or(name, |(_, name)| name.trim())
}

/// `[=====>    ] 3/32: names`
fn bar(text: &str) -> Option<(u64, u64)> {
    let (bar, rest) = text.strip_prefix('[')?.split_once("] ")?;
    if !bar.bytes().all(|byte| matches!(byte, b'=' | b'>' | b' ' | b'#' | b'-')) && !bar.trim().contains(':')
    {
        return None;
    }
    // nextest has a clock before its bar: `[ 00:00:01] [====>   ] 14/48`.
    if bar.contains(':') {
        return super::cargo::bar(rest);
    }
    let (current, rest) = rest.trim_start().split_once('/')?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (current, total) = (current.parse().ok()?, rest.get(..digits)?.parse().ok()?);
    (current <= total && total > 0).then_some((current, total))
}
