//! The columns of a line of CDK's.

use miyabi_shared::task::StepStatus;

/// `15/44`, or `3` where the total is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counter {
    pub(super) current: u64,
    pub(super) total: Option<u64>,
}

impl Counter {
    pub(super) fn read(text: &str) -> Option<Self> {
        let number = |text: &str| {
            let text = text.trim();
            (text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
        };
        match text.split_once('/') {
            Some((current, total)) => Some(Self { current: number(current)?, total: Some(number(total)?) }),
            None => Some(Self { current: number(text)?, total: None }),
        }
    }
}

/// A line, taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Columns<'line> {
    pub(super) stack: Option<&'line str>,
    pub(super) counter: Option<Counter>,
    pub(super) status: Option<&'line str>,
    /// The resource's type.
    pub(super) kind: &'line str,
    /// Its path in the program, or its logical id.
    pub(super) name: &'line str,
    pub(super) logical_id: Option<&'line str>,
    pub(super) reason: Option<&'line str>,
    /// What follows the counter, where there is no status.
    pub(super) rest: Option<&'line str>,
}

impl<'line> Columns<'line> {
    /// Takes `text` apart, if it has CDK's columns.
    pub(super) fn read(text: &'line str) -> Option<Self> {
        let mut parts = [""; 6];
        let mut count = 0;
        for (slot, part) in parts.iter_mut().zip(text.splitn(6, " | ")) {
            *slot = part.trim();
            count += 1;
        }
        let parts = parts.get(..count)?;
        Self::read_status(text, parts).or_else(|| Self::read_counter(parts))
    }

    fn read_status(text: &'line str, parts: &[&'line str]) -> Option<Self> {
        let at = parts.iter().position(|part| is_status(part))?;
        let kind = parts.get(at + 1).copied().filter(|kind| kind.contains("::"))?;
        let time = at.checked_sub(1).and_then(|before| parts.get(before))?;
        if !time.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let before = parts.get(..at - 1)?;
        let (stack, counter) = match before {
            [] => (None, None),
            [one] => match Counter::read(one) {
                Some(counter) => (None, Some(counter)),
                None => (Some(*one), None),
            },
            [stack, counter] => (Some(*stack), Some(Counter::read(counter)?)),
            _ => return None,
        };
        // The name may hold the separator, so it is what follows the type in the line itself.
        let rest = text.get(kind.as_ptr() as usize - text.as_ptr() as usize + kind.len()..)?;
        let rest = rest.trim_start().strip_prefix('|')?.trim();
        let (name, after) = rest.split_once(' ').unwrap_or((rest, ""));
        // Newer ones end the row with a mark where there is no reason.
        let after = after.trim();
        let after = if after == "|" { "" } else { after };
        let (logical_id, reason) = match after.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
            Some((id, reason)) if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                (Some(id), reason.trim())
            }
            _ => (None, after),
        };
        let status = parts.get(at).copied();
        Some(Self { stack, counter, status, kind, name, logical_id, reason: Some(reason), rest: None })
    }

    /// `MiyabiWebUIStack | 15/29 | anything`: the beginning of CDK's line, written by something else.
    fn read_counter(parts: &[&'line str]) -> Option<Self> {
        let [stack, counter, rest @ ..] = parts else { return None };
        let counter =
            Counter::read(counter).filter(|counter| counter.total.is_some_and(|total| total > 0))?;
        let named =
            !stack.is_empty() && stack.len() <= 128 && stack.starts_with(|c: char| c.is_ascii_alphabetic());
        let word = stack
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/' | b'.'));
        (named && word).then(|| Self {
            stack: Some(stack),
            counter: Some(counter),
            rest: rest.last().copied().filter(|rest| !rest.is_empty()),
            ..Self::default()
        })
    }
}

fn is_status(text: &str) -> bool {
    let text = text.strip_suffix(" (skipped)").unwrap_or(text);
    let act = ["CREATE_", "UPDATE_", "DELETE_", "IMPORT_", "ROLLBACK_", "REVIEW_"]
        .iter()
        .any(|act| text.starts_with(act));
    act && text.len() <= 48 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// What a status, possibly cut, says of the resource's step.
pub(super) fn step_status(status: &str) -> Option<StepStatus> {
    if let Some(skipped) = status.strip_suffix(" (skipped)") {
        return is_status(skipped).then_some(StepStatus::Skipped);
    }
    // Cut forms: UPDATE_ROLLBACK_COMPLET, UPDATE_COMPLETE_CLEANUP, UPDATE_ROLLBACK_IN_P.
    if status.contains("_FAIL") {
        return Some(StepStatus::Failed);
    }
    if status.contains("_IN_P") || status.contains("_CLEA") {
        return Some(StepStatus::Running);
    }
    if status.contains("ROLLBACK_COMP") || status == "ROLLBACK_COMPLETE" {
        return Some(StepStatus::Failed);
    }
    status.contains("_COMP").then_some(StepStatus::Succeeded)
}
