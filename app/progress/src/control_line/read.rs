//! Reads control lines: exactly where they are numbered, with good will where people print them.

use miyabi_shared::event::{ProgressEvent, ResultEvent, ResultStatus, StepEvent};
use miyabi_shared::id::{ProjectId, StepId, TaskType};
use miyabi_shared::limits;
use miyabi_shared::task::StepStatus;
use miyabi_shared::timestamp::Timestamp;

use super::fields::{Field, split};
use super::{ControlBody, ControlLine, PREFIX, Run, Stamp};

/// What is wrong with a control line, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}, at column {column}")]
pub struct ControlLineError {
    /// Where, in characters from 1.
    pub column: usize,
    /// What is wrong, with the rule.
    pub problem: String,
}

impl ControlLineError {
    pub(super) fn new(column: usize, problem: String) -> Self {
        Self { column, problem }
    }
}

type Result<T> = std::result::Result<T, ControlLineError>;

/// Reads `line`; `None` where it is no control line at all. Blanks before and behind it do not matter, and text behind the
/// bracket is the message where the line has none.
pub fn parse(line: &str) -> Option<Result<ControlLine>> {
    let inner = line.trim_start().strip_prefix(PREFIX)?;
    let offset = line.chars().count() - inner.chars().count();
    Some(read(inner, offset))
}

fn read(inner: &str, offset: usize) -> Result<ControlLine> {
    let split = split(inner, offset)?;
    let mut fields = split.fields.into_iter();
    let kind = fields.next().filter(|field| field.key.is_none());
    let mut line = Line { fields: fields.collect(), rest: split.rest };
    let kind = kind.ok_or_else(|| ControlLineError::new(offset + 1, expected_kind("")))?;
    let stamp = line.stamp()?;
    let body = match kind.value.as_str() {
        "run" => ControlBody::Run(line.run()?),
        "heartbeat" => ControlBody::Heartbeat,
        "progress" => ControlBody::Progress(line.progress()?),
        "step" => ControlBody::Step(line.step()?),
        "result" => ControlBody::Result(line.result()?),
        other => return Err(ControlLineError::new(kind.column, expected_kind(other))),
    };
    Ok(ControlLine { stamp, body })
}

fn expected_kind(found: &str) -> String {
    format!("{found:?} is no kind of control line: expected run, heartbeat, progress, step or result")
}

struct Line {
    fields: Vec<Field>,
    rest: String,
}

impl Line {
    /// Takes the pair with `key` out; the last one where it is repeated.
    fn take(&mut self, key: &str) -> Option<Field> {
        let at = self.fields.iter().rposition(|field| field.key.as_deref() == Some(key))?;
        Some(self.fields.remove(at))
    }

    fn text(&mut self, key: &str) -> Option<String> {
        self.take(key).map(|field| field.value)
    }

    fn number<T: std::str::FromStr>(
        &mut self,
        key: &str,
        rule: &str,
        check: fn(&T) -> bool,
    ) -> Result<Option<T>> {
        let Some(field) = self.take(key) else { return Ok(None) };
        match field.value.parse::<T>() {
            Ok(number) if check(&number) => Ok(Some(number)),
            _ => Err(wrong(key, &field, rule)),
        }
    }

    fn count(&mut self, key: &str) -> Result<Option<u64>> {
        self.number(key, "expected a whole number from 0 to 9007199254740991", |count| {
            *count <= limits::COUNT
        })
    }

    fn id<T: std::str::FromStr>(&mut self, key: &str) -> Result<Option<T>> {
        self.number(key, "expected 1 to 128 characters of A-Z a-z 0-9 . _ : -", |_| true)
    }

    /// The words that stand without a key, joined; then the text behind the bracket.
    fn words(&mut self) -> Option<String> {
        let words: Vec<String> =
            self.fields.iter().filter(|field| field.key.is_none()).map(|field| field.value.clone()).collect();
        self.fields.retain(|field| field.key.is_some());
        let text = if words.is_empty() { std::mem::take(&mut self.rest) } else { words.join(" ") };
        Some(text).filter(|text| !text.is_empty())
    }

    fn stamp(&mut self) -> Result<Option<Stamp>> {
        let attempt =
            self.number("attempt", "expected a whole number from 1", |attempt: &u32| *attempt > 0)?;
        let sequence =
            self.number("sequence", "expected a whole number from 1 to 9007199254740991", |number| {
                (1..=limits::COUNT).contains(number)
            })?;
        let time = match self.take("time") {
            None => None,
            Some(field) => Some(read_time(&field)?),
        };
        Ok(sequence.map(|sequence| Stamp { attempt: attempt.unwrap_or(1), sequence, time }))
    }

    fn run(&mut self) -> Result<Run> {
        let project = self.id::<ProjectId>("project")?;
        let task_type = self.id::<TaskType>("type")?;
        let name = self.text("name");
        let labels = self
            .fields
            .iter()
            .filter_map(|field| {
                Some((field.key.as_deref()?.strip_prefix("label.")?.to_owned(), field.value.clone()))
            })
            .collect();
        Ok(Run { project, task_type, name: name.or_else(|| self.words()), labels })
    }

    fn progress(&mut self) -> Result<ProgressEvent> {
        let mut current = self.count("current")?;
        let mut total = self.count("total")?;
        if let Some(field) = self.take("percentage").or_else(|| self.take("percent")) {
            let percent = read_percent(&field.value)
                .ok_or_else(|| wrong("percentage", &field, "expected a number from 0 to 100"))?;
            current = current.or(Some(percent));
            total = total.or(Some(100));
        }
        if current.is_none() && total.is_none() {
            let counts = |field: &Field| Some(field).filter(|field| field.key.is_none()).and_then(read_count);
            if let Some(at) = self.fields.iter().position(|field| counts(field).is_some()) {
                (current, total) = counts(&self.fields.remove(at)).unwrap_or_default();
            }
        }
        let phase = self.text("phase");
        let source = self.text("source");
        let source_reason = self.text("source_reason");
        let message = self.text("message").or_else(|| self.words());
        Ok(ProgressEvent { current, total, phase, message, source, source_reason })
    }

    fn step(&mut self) -> Result<StepEvent> {
        let step_id = self.id::<StepId>("id")?;
        let parent_id = self.id::<StepId>("parent")?;
        let status = match self.take("status") {
            Some(field) => read_step_status(&field.value).ok_or_else(|| {
                wrong("status", &field, "expected queued, running, succeeded, failed, cancelled or skipped")
            })?,
            None => self.first_word(read_step_status).unwrap_or(StepStatus::Running),
        };
        let kind = self.text("kind").unwrap_or_else(|| "step".to_owned());
        let message = self.text("message");
        let name =
            self.text("name").or_else(|| self.words()).or_else(|| step_id.as_ref().map(ToString::to_string));
        let Some(name) = name else {
            return Err(ControlLineError::new(1, "a step needs an id or a name".to_owned()));
        };
        let step_id = step_id.unwrap_or_else(|| StepId::from_words(&name, "step"));
        Ok(StepEvent { step_id, parent_id, name, kind, status, message })
    }

    fn result(&mut self) -> Result<ResultEvent> {
        let exit_code = self.number("exit_code", "expected a whole number", |_: &i32| true)?;
        let status = match self.take("status") {
            Some(field) => Some(
                read_result_status(&field.value)
                    .ok_or_else(|| wrong("status", &field, "expected succeeded, failed or cancelled"))?,
            ),
            None => self.first_word(read_result_status),
        };
        let by_code =
            exit_code.map(|code| if code == 0 { ResultStatus::Succeeded } else { ResultStatus::Failed });
        let Some(status) = status.or(by_code) else {
            return Err(ControlLineError::new(
                1,
                "a result needs status=succeeded, status=failed, status=cancelled or an exit_code".to_owned(),
            ));
        };
        let message = self.text("message").or_else(|| self.words());
        Ok(ResultEvent { status, exit_code, message })
    }

    /// Takes the first word out, if `read` knows it.
    fn first_word<T>(&mut self, read: fn(&str) -> Option<T>) -> Option<T> {
        let at = self.fields.iter().position(|field| field.key.is_none())?;
        let known = read(&self.fields.get(at)?.value)?;
        self.fields.remove(at);
        Some(known)
    }
}

fn wrong(key: &str, field: &Field, rule: &str) -> ControlLineError {
    ControlLineError::new(field.column, format!("{key}={:?}: {rule}", crate::model::cut(&field.value, 200)))
}

fn read_time(field: &Field) -> Result<Timestamp> {
    if let Ok(millis) = field.value.parse::<i64>() {
        return Ok(Timestamp::from_millis(millis));
    }
    let rule = "expected milliseconds since 1970 or RFC 3339, such as 2026-11-22T04:30:00.250Z";
    field.value.parse().map_err(|_| wrong("time", field, rule))
}

/// `15/29`, `52%` or `15`.
fn read_count(field: &Field) -> Option<(Option<u64>, Option<u64>)> {
    let count = |text: &str| text.parse::<u64>().ok().filter(|count| *count <= limits::COUNT);
    if let Some((current, total)) = field.value.split_once('/') {
        return Some((Some(count(current)?), Some(count(total)?)));
    }
    if field.value.ends_with('%') {
        return Some((Some(read_percent(&field.value)?), Some(100)));
    }
    Some((Some(count(&field.value)?), None))
}

/// `52`, `52%` or `51.7%`, as a whole percentage, rounded half up.
fn read_percent(text: &str) -> Option<u64> {
    let number = text.strip_suffix('%').unwrap_or(text).parse::<f64>().ok()?;
    (0.0..=100.0).contains(&number).then(|| (number + 0.5).floor() as u64)
}

fn read_step_status(text: &str) -> Option<StepStatus> {
    match text.to_ascii_lowercase().as_str() {
        "queued" | "pending" => Some(StepStatus::Queued),
        "running" | "started" | "start" => Some(StepStatus::Running),
        "succeeded" | "success" | "ok" | "done" | "passed" => Some(StepStatus::Succeeded),
        "failed" | "failure" | "error" => Some(StepStatus::Failed),
        "cancelled" | "canceled" => Some(StepStatus::Cancelled),
        "skipped" => Some(StepStatus::Skipped),
        _ => None,
    }
}

fn read_result_status(text: &str) -> Option<ResultStatus> {
    match read_step_status(text)? {
        StepStatus::Succeeded => Some(ResultStatus::Succeeded),
        StepStatus::Failed => Some(ResultStatus::Failed),
        StepStatus::Cancelled => Some(ResultStatus::Cancelled),
        StepStatus::Queued | StepStatus::Running | StepStatus::Skipped => None,
    }
}
