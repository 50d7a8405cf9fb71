//! What a job prints on purpose: `##miyabi[…]`, and Azure Pipelines' `##vso[task.setprogress value=52]`.

use miyabi_shared::event::ProgressEvent;

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
