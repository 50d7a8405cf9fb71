//! `terraform` and `tofu`, `plan`, `apply` and `destroy`: as text, and with `-json`.

use miyabi_shared::event::{ResultEvent, ResultStatus};
use miyabi_shared::task::StepStatus;
use serde::{Deserialize, Serialize};

use super::{Reading, Seen, step};

/// What is remembered of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Terraform {
    #[serde(default)]
    known: bool,
    #[serde(default)]
    done: u64,
    #[serde(default)]
    total: Option<u64>,
    #[serde(default)]
    destroys: bool,
    #[serde(default)]
    told: bool,
}

#[derive(Deserialize)]
struct Event<'line> {
    #[serde(rename = "type")]
    kind: &'line str,
    #[serde(rename = "@message")]
    message: String,
    #[serde(default)]
    hook: Option<Hook>,
    #[serde(default)]
    changes: Option<Changes>,
    #[serde(default)]
    diagnostic: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct Hook {
    resource: Resource,
}

#[derive(Deserialize)]
struct Resource {
    addr: String,
    #[serde(default)]
    resource_type: String,
}

#[derive(Deserialize)]
struct Changes {
    #[serde(default)]
    add: u64,
    #[serde(default)]
    change: u64,
    #[serde(default)]
    import: u64,
    #[serde(default)]
    remove: u64,
    #[serde(default)]
    operation: String,
}

#[derive(Deserialize)]
struct Diagnostic {
    severity: String,
    summary: String,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    address: Option<String>,
}

/// What text says of a resource, and what that means.
const ACTS: &[(&str, StepStatus)] = &[
    ("Creating...", StepStatus::Running),
    ("Modifying...", StepStatus::Running),
    ("Destroying...", StepStatus::Running),
    ("Importing...", StepStatus::Running),
    ("Still creating...", StepStatus::Running),
    ("Still modifying...", StepStatus::Running),
    ("Still destroying...", StepStatus::Running),
    ("Creation complete after", StepStatus::Succeeded),
    ("Modifications complete after", StepStatus::Succeeded),
    ("Destruction complete after", StepStatus::Succeeded),
    ("Import complete", StepStatus::Succeeded),
];

impl Terraform {
    /// One line of `-json`.
    pub(super) fn read_json(&mut self, seen: Seen<'_>) -> Option<Reading> {
        if !seen.ended || memchr::memmem::find(seen.text.as_bytes(), b"\"@message\"").is_none() {
            return None;
        }
        let event: Event<'_> = serde_json::from_str(seen.text).ok()?;
        let mut reading = Reading { reason: Some("the JSON lines of terraform"), ..Reading::default() };
        reading.message = Some(event.message.clone());
        let resource = event.hook.as_ref().map(|hook| &hook.resource);
        let status = match event.kind {
            "apply_start" | "apply_progress" => Some(StepStatus::Running),
            "apply_complete" => {
                self.done += 1;
                Some(StepStatus::Succeeded)
            }
            "apply_errored" => Some(StepStatus::Failed),
            _ => None,
        };
        if let (Some(status), Some(resource)) = (status, resource) {
            self.known = true;
            reading.steps.extend(step(&resource.addr, &resource.resource_type, status, None));
            self.fill(&mut reading);
        } else if let Some(changes) = event.changes {
            self.changes(&changes, &mut reading);
        } else if let Some(diagnostic) = event.diagnostic.filter(|diagnostic| diagnostic.severity == "error")
        {
            let why = format!("{}: {}", diagnostic.summary, diagnostic.detail);
            if let Some(address) = diagnostic.address {
                reading.steps.extend(step(
                    &address,
                    address.split('.').next()?,
                    StepStatus::Failed,
                    Some(&why),
                ));
            }
            reading.result = self.tell(ResultStatus::Failed, Some(why));
        } else if !self.known {
            reading.phase = Some("plan");
        }
        Some(reading)
    }

    fn changes(&mut self, changes: &Changes, reading: &mut Reading) {
        let sum = changes.add + changes.change + changes.remove + changes.import;
        if changes.operation == "plan" {
            self.total = Some(sum).filter(|sum| *sum > 0);
            self.destroys = changes.remove == sum && sum > 0;
            reading.phase = Some("plan");
        } else {
            self.known = true;
            self.done = self.done.max(self.total.unwrap_or(0));
            self.fill(reading);
            reading.result = self.tell(ResultStatus::Succeeded, None);
        }
    }

    /// One line of text.
    pub(super) fn read_text(&mut self, seen: Seen<'_>) -> Option<Reading> {
        let text = seen.text.trim_start_matches(['│', ' ']);
        let first = text.chars().next()?;
        // Acts end with `...`, `0s` or `]`; most lines end otherwise, and need not be looked at.
        let act = text.ends_with(['.', 's', ']']);
        if !act && !matches!(first, 'P' | 'A' | 'D' | 'N' | 'T' | 'O' | 'E') {
            return None;
        }
        let mut reading = Reading { reason: Some("the words of terraform"), ..Reading::default() };
        match first {
            'P' if text.starts_with("Plan: ") => self.read_plan(text, &mut reading)?,
            'A' if text.starts_with("Apply complete! Resources: ") => self.complete(&mut reading),
            'D' if text.starts_with("Destroy complete! Resources: ") => self.complete(&mut reading),
            'N' if text.starts_with("No changes. Your infrastructure matches") => {
                reading.phase = Some("plan");
            }
            'T' | 'O'
                if text.contains(" will perform the following actions")
                    || text.starts_with("Terraform used the selected providers") =>
            {
                reading.phase = Some("plan");
            }
            'E' if (self.known || self.total.is_some()) && text.starts_with("Error: ") => {
                reading.result = self.tell(ResultStatus::Failed, Some(text.to_owned()));
            }
            _ if act && text.contains(": ") => self.read_act(text, seen.ended, &mut reading)?,
            _ => return None,
        }
        reading.message = Some(text.to_owned());
        Some(reading)
    }

    /// `Plan: 7 to add, 0 to change, 0 to destroy.`
    fn read_plan(&mut self, text: &str, reading: &mut Reading) -> Option<()> {
        let mut sum = 0;
        let mut removed = 0;
        for part in text.strip_prefix("Plan: ")?.trim_end_matches('.').split(", ") {
            let (number, what) = part.split_once(" to ")?;
            let number = number.parse::<u64>().ok()?;
            sum += number;
            removed += if what == "destroy" { number } else { 0 };
        }
        self.total = Some(sum).filter(|sum| *sum > 0);
        self.destroys = sum > 0 && removed == sum;
        reading.phase = Some("plan");
        Some(())
    }

    /// `terraform_data.a[1]: Creation complete after 0s [id=…]`
    fn read_act(&mut self, text: &str, ended: bool, reading: &mut Reading) -> Option<()> {
        let (address, act) = text.split_once(": ")?;
        let (_, status) = ACTS.iter().find(|(beginning, _)| act.starts_with(beginning))?;
        if !ended || !address.contains('.') || address.contains(' ') && !address.contains('[') {
            return None;
        }
        if *status == StepStatus::Succeeded {
            self.done += 1;
        }
        self.known = true;
        let own = address.rsplit("module.").next()?;
        let kind = own.split('.').rev().nth(1).unwrap_or("resource");
        reading.steps.extend(step(address, kind, *status, None));
        self.fill(reading);
        Some(())
    }

    fn complete(&mut self, reading: &mut Reading) {
        self.done = self.done.max(self.total.unwrap_or(0));
        self.fill(reading);
        reading.result = self.tell(ResultStatus::Succeeded, None);
    }

    fn fill(&self, reading: &mut Reading) {
        reading.phase = Some(if self.destroys { "destroy" } else { "deploy" });
        reading.count = Some((self.done, self.total));
    }

    fn tell(&mut self, status: ResultStatus, message: Option<String>) -> Option<ResultEvent> {
        (!std::mem::replace(&mut self.told, true)).then_some(ResultEvent { status, exit_code: None, message })
    }
}
