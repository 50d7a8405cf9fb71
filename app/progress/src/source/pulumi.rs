//! `pulumi up`, `destroy` and `preview`: engine events as JSON, and text, plain or redrawn.
//!
//! A preview is no work, and neither is a resource that stays the `same`; a preview tells the total of what follows.

use miyabi_shared::event::{ResultEvent, ResultStatus};
use miyabi_shared::task::StepStatus;
use serde::{Deserialize, Serialize};

use super::{Reading, Seen, step};

/// What is remembered of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pulumi {
    #[serde(default)]
    mode: Mode,
    #[serde(default)]
    done: u64,
    #[serde(default)]
    total: Option<u64>,
    /// Sum of a preview's list of resources.
    #[serde(default)]
    planned: u64,
    #[serde(default)]
    failed: bool,
    #[serde(default)]
    told: bool,
    /// Hashes of rows that were counted: a redrawn row comes again.
    #[serde(default)]
    counted: Vec<u32>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Mode {
    #[default]
    Unknown,
    Preview,
    Update,
    Destroy,
    Refresh,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    #[serde(default)]
    resource_pre_event: Option<ResourceEvent>,
    #[serde(default)]
    res_outputs_event: Option<ResourceEvent>,
    #[serde(default)]
    res_op_failed_event: Option<ResourceEvent>,
    #[serde(default)]
    summary_event: Option<Summary>,
    #[serde(default)]
    diagnostic_event: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct ResourceEvent {
    metadata: Metadata,
    #[serde(default)]
    planning: bool,
}

#[derive(Deserialize)]
struct Metadata {
    op: String,
    urn: String,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    #[serde(default)]
    is_preview: bool,
    #[serde(default)]
    resource_changes: std::collections::BTreeMap<String, u64>,
    #[serde(default)]
    result: Option<String>,
}

#[derive(Deserialize)]
struct Diagnostic {
    #[serde(default)]
    severity: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    urn: Option<String>,
}

/// Verbs of a row, what they mean, and whether they end the work on the resource.
const VERBS: &[(&str, StepStatus)] = &[
    ("creating", StepStatus::Running),
    ("updating", StepStatus::Running),
    ("deleting", StepStatus::Running),
    ("replacing", StepStatus::Running),
    ("reading", StepStatus::Running),
    ("importing", StepStatus::Running),
    ("created", StepStatus::Succeeded),
    ("updated", StepStatus::Succeeded),
    ("deleted", StepStatus::Succeeded),
    ("replaced", StepStatus::Succeeded),
    ("imported", StepStatus::Succeeded),
];

fn is_work(op: &str) -> bool {
    !matches!(
        op,
        "same" | "read" | "refresh" | "read-discard" | "discard-replaced" | "remove-pending-replace"
    )
}

fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

impl Pulumi {
    /// Empties the memory of what was seen.
    pub(super) fn forget_counted(&mut self) {
        self.counted.clear();
    }

    /// One engine event.
    pub(super) fn read_json(&mut self, seen: Seen<'_>) -> Option<Reading> {
        let head = seen.text.get(..seen.text.len().min(200)).unwrap_or(seen.text);
        if !seen.ended || !head.contains("\"sequence\"") || !head.contains("Event\"") {
            return None;
        }
        let event: Event = serde_json::from_str(seen.text).ok()?;
        let mut reading = Reading { reason: Some("the engine events of pulumi"), ..Reading::default() };
        if let Some(event) = event.resource_pre_event {
            self.resource(&event, StepStatus::Running, &mut reading);
        } else if let Some(event) = event.res_outputs_event {
            self.resource(&event, StepStatus::Succeeded, &mut reading);
        } else if let Some(event) = event.res_op_failed_event {
            self.failed = true;
            self.resource(&event, StepStatus::Failed, &mut reading);
        } else if let Some(summary) = event.summary_event {
            self.summary(&summary, &mut reading);
        } else if let Some(diagnostic) =
            event.diagnostic_event.filter(|diagnostic| diagnostic.severity == "error")
        {
            self.failed = true;
            let name = diagnostic.urn.as_deref().and_then(|urn| urn.rsplit("::").next()).unwrap_or_default();
            reading.message = Some(format!("{name} {}", diagnostic.message.trim()).trim().to_owned());
        }
        Some(reading)
    }

    fn resource(&mut self, event: &ResourceEvent, status: StepStatus, reading: &mut Reading) {
        let metadata = &event.metadata;
        let name = metadata.urn.rsplit("::").next().unwrap_or(&metadata.urn);
        if event.planning {
            self.mode = Mode::Preview;
            reading.phase = Some("plan");
            reading.message = Some(format!("{} {} {name}", metadata.op, metadata.kind));
            return;
        }
        if !matches!(self.mode, Mode::Update | Mode::Destroy) {
            self.mode = if metadata.op == "delete" { Mode::Destroy } else { Mode::Update };
        } else if self.mode == Mode::Destroy && !metadata.op.contains("delete") {
            self.mode = Mode::Update;
        }
        if is_work(&metadata.op) {
            self.done += u64::from(status == StepStatus::Succeeded);
            reading.steps.extend(step(name, &metadata.kind, status, None));
            let end = if status == StepStatus::Succeeded {
                "done"
            } else if status == StepStatus::Failed {
                "failed"
            } else {
                "…"
            };
            reading.message = Some(format!("{} {} {name} {end}", metadata.op, metadata.kind));
        }
        self.fill(reading);
    }

    fn summary(&mut self, summary: &Summary, reading: &mut Reading) {
        let work = summary
            .resource_changes
            .iter()
            .filter(|(op, _)| is_work(op))
            .map(|(_, count)| count)
            .sum::<u64>();
        if summary.is_preview {
            self.total = Some(work).filter(|work| *work > 0);
            reading.phase = Some("plan");
            reading.message = Some(format!("{work} changes planned"));
            return;
        }
        let failed = self.failed || summary.result.as_deref().is_some_and(|result| result != "succeeded");
        if !failed {
            self.done = self.done.max(work);
            self.total = Some(self.done).filter(|done| *done > 0);
        }
        self.fill(reading);
        reading.message = Some(format!("{work} changes made"));
        reading.result = self.tell(failed, None);
    }

    /// One line of text.
    pub(super) fn read_text(&mut self, seen: Seen<'_>) -> Option<Reading> {
        let heading = seen.text.ends_with(':') && !seen.text.starts_with(' ');
        if self.mode == Mode::Unknown && !heading {
            return None;
        }
        let text = seen.text.trim();
        let mut reading = Reading { reason: Some("the words of pulumi"), ..Reading::default() };
        if heading && self.read_mode(text) {
            self.fill(&mut reading);
        } else if self.mode == Mode::Unknown {
            return None;
        } else if text.starts_with("error: ") {
            self.failed = true;
            let stops =
                ["update failed", "destroy failed", "preview failed"].iter().any(|end| text.ends_with(end));
            reading.result = if stops { self.tell(true, Some(text.to_owned())) } else { None };
        } else if text.starts_with("Duration: ") && self.mode != Mode::Preview {
            reading.result = self.tell(self.failed, None);
            self.fill(&mut reading);
        } else if self.mode == Mode::Preview && seen.ended && self.read_planned(text) {
            reading.phase = Some("plan");
        } else {
            self.read_row(text, &mut reading)?;
        }
        reading.message = Some(text.to_owned());
        Some(reading)
    }

    /// `Previewing update (dev):`, `Updating (dev):`, `Destroying (dev):`
    fn read_mode(&mut self, text: &str) -> bool {
        let Some((what, stack)) = text.split_once(" (") else { return false };
        if !stack.ends_with("):") {
            return false;
        }
        self.mode = match what {
            "Previewing update" | "Previewing destroy" | "Previewing refresh" => Mode::Preview,
            "Updating" => Mode::Update,
            "Destroying" => Mode::Destroy,
            "Refreshing" => Mode::Refresh,
            _ => return false,
        };
        if self.mode != Mode::Preview {
            self.total = self.total.or(Some(self.planned)).filter(|planned| *planned > 0);
        }
        self.counted.clear();
        true
    }

    /// `+ 12 to create` below a preview's `Resources:`
    fn read_planned(&mut self, text: &str) -> bool {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [_, number, "to", _] = *words.as_slice() else { return false };
        let Ok(number) = number.parse::<u64>() else { return false };
        self.planned += number;
        true
    }

    /// ` +  aws:sqs:Queue q created (0.40s)`, also as a branch of a redrawn tree.
    fn read_row(&mut self, text: &str, reading: &mut Reading) -> Option<()> {
        let (sign, rest) = text.split_once(' ')?;
        if !matches!(sign, "+" | "-" | "~" | "+-" | "++" | "--" | "=" | "<" | ">" | "-+" | "*") {
            return None;
        }
        let mut words =
            rest.split_whitespace().filter(|word| !word.chars().all(|c| matches!(c, '│' | '├' | '└' | '─')));
        let kind = words.next().filter(|kind| kind.contains(':'))?;
        let name = words.next()?;
        let verb = words.next().unwrap_or_default();
        if matches!(self.mode, Mode::Preview | Mode::Refresh) {
            self.fill(reading);
            return Some(());
        }
        let failed = rest.contains("failed**") || verb == "**creating";
        let status = if failed {
            StepStatus::Failed
        } else {
            VERBS.iter().find(|(known, _)| *known == verb).map(|(_, status)| *status)?
        };
        if status == StepStatus::Succeeded {
            let row = hash(&format!("{kind} {name} {verb}"));
            if !self.counted.contains(&row) {
                self.done += 1;
                if self.counted.len() >= 32 {
                    self.counted.remove(0);
                }
                self.counted.push(row);
            }
        }
        self.failed |= failed;
        reading.steps.extend(step(name, kind, status, Some(rest).filter(|_| failed)));
        self.fill(reading);
        Some(())
    }

    fn fill(&self, reading: &mut Reading) {
        reading.phase = Some(match self.mode {
            Mode::Preview => "plan",
            Mode::Destroy => "destroy",
            Mode::Refresh => "refresh",
            Mode::Update | Mode::Unknown => "deploy",
        });
        if matches!(self.mode, Mode::Update | Mode::Destroy) {
            reading.count = Some((self.done, self.total));
        }
    }

    fn tell(&mut self, failed: bool, message: Option<String>) -> Option<ResultEvent> {
        let status = if failed { ResultStatus::Failed } else { ResultStatus::Succeeded };
        (!std::mem::replace(&mut self.told, true)).then_some(ResultEvent { status, exit_code: None, message })
    }
}
