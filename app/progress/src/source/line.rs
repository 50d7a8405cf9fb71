//! What a job prints on purpose: `##miyabi[…]`, Azure Pipelines' `##vso[task.setprogress value=52]`, and the groups of
//! lines of GitHub (`::group::Build`) and Azure (`##[group]Build`), which are steps.

use miyabi_shared::event::{ProgressEvent, StepEvent};
use miyabi_shared::task::StepStatus;
use serde::{Deserialize, Serialize};

use crate::change::Change;
use crate::control_line;

/// Reads a line that begins with `##`.
pub(super) fn read(text: &str) -> Option<Change> {
    if let Some(line) = control_line::parse(text) {
        return line.ok()?.to_change();
    }
    let inner = text.trim_start().strip_prefix("##vso[task.setprogress ")?;
    let (fields, words) = inner.split_once(']')?;
    let value = fields.split(';').find_map(|field| field.trim().strip_prefix("value="))?;
    let percent = value.trim().trim_end_matches('%').parse::<u64>().ok().filter(|percent| *percent <= 100)?;
    Some(Change::Progress(ProgressEvent {
        current: Some(percent),
        total: Some(100),
        message: Some(words.trim().to_owned()).filter(|words| !words.is_empty()),
        ..ProgressEvent::default()
    }))
}

/// The group that is open. Groups do not nest: the next one ends the one before it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Groups {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    open: Option<String>,
}

impl Groups {
    /// The step that ended with this line, and the one that began.
    pub(super) fn read(&mut self, text: &str) -> [Option<StepEvent>; 2] {
        if !text.starts_with("::") && !text.starts_with("##[") {
            return [None, None];
        }
        let name = text.strip_prefix("::group::").or_else(|| text.strip_prefix("##[group]"));
        if name.is_none() && text != "::endgroup::" && text != "##[endgroup]" {
            return [None, None];
        }
        let group = |name: &str, status| super::step(name, "group", status, None);
        let ended = self.open.take().and_then(|name| group(&name, StepStatus::Succeeded));
        let name = name.map(str::trim).filter(|name| !name.is_empty());
        self.open = name.map(|name| crate::model::cut(name, 100));
        [ended, self.open.as_deref().and_then(|name| group(name, StepStatus::Running))]
    }
}
