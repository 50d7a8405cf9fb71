//! Test runners of other languages: `go test -json`, and `jest` and `vitest`.

use miyabi_shared::event::{ResultEvent, ResultStatus};
use miyabi_shared::task::StepStatus;
use serde::{Deserialize, Serialize};

use super::{Reading, Seen, step};

/// What is remembered of `go test -json`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct GoTest {
    #[serde(default)]
    tests: u64,
    /// Packages that run.
    #[serde(default)]
    open: u64,
    #[serde(default)]
    packages: u64,
    #[serde(default)]
    failed: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GoEvent {
    action: String,
    package: String,
    #[serde(default)]
    test: Option<String>,
}

impl GoTest {
    pub(super) fn read(&mut self, seen: Seen<'_>) -> Option<Reading> {
        if !seen.ended || memchr::memmem::find(seen.text.as_bytes(), b"\"Action\"").is_none() {
            return None;
        }
        let event: GoEvent = serde_json::from_str(seen.text).ok()?;
        let mut reading =
            Reading { phase: Some("test"), reason: Some("the JSON lines of go test"), ..Reading::default() };
        let status = match event.action.as_str() {
            "start" => StepStatus::Running,
            "pass" => StepStatus::Succeeded,
            "fail" => StepStatus::Failed,
            "skip" => StepStatus::Skipped,
            _ => return Some(reading),
        };
        let name = event
            .test
            .as_ref()
            .map_or_else(|| event.package.clone(), |test| format!("{}.{test}", event.package));
        if event.test.is_none() {
            if status == StepStatus::Running {
                self.open += 1;
            } else {
                self.open = self.open.saturating_sub(1);
                self.packages += 1;
            }
            reading.steps.extend(step(&name, "package", status, None));
        } else {
            self.tests += 1;
            if status == StepStatus::Failed {
                reading.steps.extend(step(&name, "test", status, None));
            }
        }
        self.failed |= status == StepStatus::Failed;
        reading.message = Some(format!("{} {name}", event.action));
        reading.count = Some((self.tests, None));
        Some(reading)
    }

    /// Where every package ended, the run did.
    pub(super) fn finish(&mut self) -> Option<ResultEvent> {
        if self.packages == 0 || self.open > 0 && !self.failed {
            return None;
        }
        let status = if self.failed { ResultStatus::Failed } else { ResultStatus::Succeeded };
        Some(ResultEvent { status, exit_code: None, message: None })
    }
}

/// What is remembered of `jest` and `vitest`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Jest {
    #[serde(default)]
    known: bool,
    /// Test files that ended, by a hash of their names: a redrawn row comes again.
    #[serde(default)]
    files: u64,
    #[serde(default)]
    recent: Vec<u32>,
    #[serde(default)]
    failed: bool,
    #[serde(default)]
    told: bool,
}

fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

impl Jest {
    /// Empties the memory of what was seen.
    pub(super) fn forget_counted(&mut self) {
        self.recent.clear();
    }

    pub(super) fn read(&mut self, seen: Seen<'_>) -> Option<Reading> {
        let text = seen.text.trim();
        if !text.starts_with(['R', 'P', 'F', 'T', '✓', '❯', '×']) {
            return None;
        }
        let mut reading = Reading {
            phase: Some("test"),
            reason: Some("the words of jest or vitest"),
            ..Reading::default()
        };
        let mut words = text.split_whitespace();
        match words.next()? {
            "RUN" if words.next().is_some_and(|version| version.starts_with('v')) => {}
            "PASS" | "✓" => self.read_file(words.next()?, StepStatus::Succeeded, &mut reading)?,
            "FAIL" | "❯" | "×" => {
                // Below the rows, `FAIL file > test` tells of one test again.
                let file = words.next()?;
                let failed = text.contains("failed)") || text.starts_with("FAIL") && words.next().is_none();
                self.read_file(
                    file,
                    if failed { StepStatus::Failed } else { StepStatus::Running },
                    &mut reading,
                )?;
            }
            "Test" if self.known => self.read_total(text, &mut reading)?,
            _ => return None,
        }
        self.known = true;
        reading.message = Some(text.to_owned());
        Some(reading)
    }

    fn read_file(&mut self, file: &str, status: StepStatus, reading: &mut Reading) -> Option<()> {
        let named = [".test.", ".spec.", "_test.", "/__tests__/"].iter().any(|part| file.contains(part));
        if !named || file.contains(':') {
            return None;
        }
        let name = hash(file);
        if status != StepStatus::Running && !self.recent.contains(&name) {
            self.files += 1;
            if self.recent.len() >= 32 {
                self.recent.remove(0);
            }
            self.recent.push(name);
        }
        self.failed |= status == StepStatus::Failed;
        reading.steps.extend(step(file, "test-file", status, None));
        reading.count = Some((self.files, None));
        Some(())
    }

    /// `Test Suites: 1 failed, 3 passed, 4 total`, `Test Files  1 failed | 3 passed (4)`
    fn read_total(&mut self, text: &str, reading: &mut Reading) -> Option<()> {
        let counts = text.strip_prefix("Test Suites:").or_else(|| text.strip_prefix("Test Files "))?;
        let number = |word: &str| {
            let parts: Vec<&str> = counts.split([',', '|', '(']).map(str::trim).collect();
            let part = parts.iter().find(|part| part.ends_with(word))?;
            part.split(' ').next()?.parse::<u64>().ok()
        };
        let passed = number("passed").unwrap_or(0);
        let failed = number("failed").unwrap_or(0);
        let total = match counts.split_once('(') {
            Some((_, total)) => total.trim_end_matches(')').parse().ok()?,
            // While it runs, jest says `2 of 4 total`.
            None => counts.trim_end_matches(" total").rsplit(' ').next()?.parse::<u64>().ok()?,
        };
        let skipped = number("skipped").unwrap_or(0) + number("todo").unwrap_or(0);
        self.files = self.files.max(passed + failed + skipped).min(total);
        reading.count = Some((self.files, Some(total)));
        let over = passed + failed + skipped >= total && !counts.contains(" of ");
        if over && !std::mem::replace(&mut self.told, true) {
            let status = if failed > 0 { ResultStatus::Failed } else { ResultStatus::Succeeded };
            reading.result = Some(ResultEvent { status, exit_code: None, message: Some(text.to_owned()) });
        }
        Some(())
    }
}
