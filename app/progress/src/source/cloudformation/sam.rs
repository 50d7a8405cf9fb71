//! `sam deploy` and `sam delete`: the tables of a change set and of a stack's events.
//!
//! ```text
//! ResourceStatus           ResourceType             LogicalResourceId        ResourceStatusReason
//! -------------------------------------------------------------------------------------------------
//! CREATE_IN_PROGRESS       AWS::IAM::Role           HelloWorldFunctionRole   -
//! CREATE_IN_PROGRESS       AWS::Lambda::Permissio   HelloWorldFunctionHell   Resource creation
//!                          n                        oWorldPermissionProd     Initiated
//! ```
//! A cell that is full goes on in the next line, so such a row, and one with the reason of a failure, waits for it. The
//! change set's table names as many resources as there are to be done: that is the total.

use serde::{Deserialize, Serialize};

use super::{Event, Operation, Phase, is_status};
use crate::source::{Reading, Seen};

/// Longest cell that is put together, in bytes.
const REASON_BYTES: usize = 300;

/// What is remembered of a deployment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::source) struct Sam {
    #[serde(default)]
    table: Table,
    /// The rule below the heading was there; the next one ends the table.
    #[serde(default)]
    ruled: bool,
    /// Where the table's second, third and fourth column begin.
    #[serde(default)]
    columns: [u16; 3],
    #[serde(default)]
    total: Option<u64>,
    #[serde(default)]
    stack: Option<String>,
    /// A row that may go on.
    #[serde(default)]
    held: Option<[String; 4]>,
    #[serde(default)]
    operation: Operation,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Table {
    #[default]
    None,
    Changes,
    Events,
}

const EVENTS: [&str; 4] = ["ResourceStatus", "ResourceType", "LogicalResourceId", "ResourceStatusReason"];
const CHANGES: [&str; 4] = ["Operation", "LogicalResourceId", "ResourceType", "Replacement"];

impl Sam {
    /// Empties the memory of what was seen.
    pub(in crate::source) fn forget_counted(&mut self) {
        self.operation.counted.clear();
        self.held = None;
    }

    /// One line of text.
    pub(in crate::source) fn read(&mut self, seen: Seen<'_>) -> Option<Reading> {
        let text = seen.text;
        if !seen.ended
            || self.table == Table::None
                && !matches!(text.as_bytes().first(), Some(b'R' | b'O' | b'S' | b'E' | b'D'))
        {
            return None;
        }
        let mut reading = Reading { reason: Some("the tables of sam deploy"), ..Reading::default() };
        if let Some(columns) = heading(text, EVENTS) {
            (self.table, self.ruled, self.columns) = (Table::Events, false, columns);
            self.fill(&mut reading);
        } else if let Some(columns) = heading(text, CHANGES) {
            (self.table, self.ruled, self.columns) = (Table::Changes, false, columns);
            self.total = None;
            reading.phase = Some("plan");
        } else if text.starts_with("---") && text.bytes().all(|byte| byte == b'-') {
            self.flush(&mut reading);
            if std::mem::replace(&mut self.ruled, true) {
                self.table = Table::None;
            }
        } else if self.table == Table::None {
            self.read_end(text, &mut reading)?;
        } else if self.table == Table::Changes {
            self.read_change(text, &mut reading)?;
        } else {
            self.read_event(text, &mut reading)?;
        }
        Some(reading)
    }

    fn read_end(&mut self, text: &str, reading: &mut Reading) -> Option<()> {
        let known = self.stack.is_some() || self.total.is_some();
        if !known {
            return None;
        }
        self.operation.failed = text.starts_with("Error: Failed to ");
        if !self.operation.failed
            && !text.starts_with("Successfully created/updated stack - ")
            && !text.starts_with("Deleted successfully")
        {
            return None;
        }
        if !self.operation.failed {
            self.operation.done = self.operation.done.max(self.total.unwrap_or(0));
            self.fill(reading);
        }
        reading.message = Some(text.to_owned());
        reading.result = self.operation.tell(Some(text.to_owned()).filter(|_| self.operation.failed));
        Some(())
    }

    /// `+ Add`, `* Modify` or `- Delete`
    fn read_change(&mut self, text: &str, reading: &mut Reading) -> Option<()> {
        let cells = self.cells(text);
        let Some(cells) = cells else {
            self.table = Table::None;
            return None;
        };
        if matches!(cells[0], "+ Add" | "* Modify" | "- Delete" | "+ Import") {
            let total = self.total.unwrap_or(0) + 1;
            self.total = Some(total);
            reading.message = Some(format!("{total} changes planned"));
        }
        reading.phase = Some("plan");
        Some(())
    }

    fn read_event(&mut self, text: &str, reading: &mut Reading) -> Option<()> {
        let Some(cells) = self.cells(text) else {
            // Something else ends the table.
            self.flush(reading);
            self.table = Table::None;
            return None;
        };
        let begins = is_status(cells[0]) && cells[1].contains("::");
        if begins {
            self.flush(reading);
            let full = (0..3).any(|at| {
                let begin = if at == 0 { 0 } else { self.columns.get(at - 1).copied().unwrap_or(0) };
                let width = self.columns.get(at).copied().unwrap_or(0).saturating_sub(begin);
                cells.get(at).is_some_and(|cell| cell.len() + 3 >= usize::from(width))
            });
            let row = cells
                .map(|cell| cell.get(..cell.floor_char_boundary(REASON_BYTES)).unwrap_or(cell).to_owned());
            if full || cells[0].ends_with("_FAILED") {
                self.held = Some(row);
            } else {
                self.apply(&row, reading);
            }
        } else if let Some(held) = &mut self.held {
            for (at, (held, cell)) in held.iter_mut().zip(cells).enumerate() {
                // Words of the reason are wrapped between words, all else in the middle of one.
                if at == 3 && !held.is_empty() && !cell.is_empty() {
                    held.push(' ');
                }
                held.push_str(cell);
                held.truncate(held.floor_char_boundary(REASON_BYTES));
            }
        }
        Some(())
    }

    /// The text's cells; none where it is no row.
    fn cells<'text>(&self, text: &'text str) -> Option<[&'text str; 4]> {
        let [second, third, fourth] = self.columns.map(usize::from);
        let cell = |from: usize, to: usize| {
            let to = to.min(text.len());
            if from >= to { Some("") } else { text.get(from..to).map(str::trim) }
        };
        let cells = [cell(0, second)?, cell(second, third)?, cell(third, fourth)?, cell(fourth, text.len())?];
        // Every column ends with a space.
        let spaced = [second, third, fourth]
            .iter()
            .all(|border| text.as_bytes().get(border - 1).is_none_or(|byte| *byte == b' '));
        spaced.then_some(cells)
    }

    /// Takes over the row that was held back.
    fn flush(&mut self, reading: &mut Reading) {
        if let Some(row) = self.held.take() {
            self.apply(&row, reading);
        }
    }

    fn apply(&mut self, [status, kind, name, reason]: &[String; 4], reading: &mut Reading) {
        // The first event is the stack's own.
        let stack_kind = kind == "AWS::CloudFormation::Stack";
        let stack = self
            .stack
            .get_or_insert_with(|| if stack_kind { crate::model::cut(name, 128) } else { String::new() });
        let stack = stack.clone();
        let itself = stack_kind && *name == stack;
        let resource = (!itself).then_some((kind.as_str(), name.as_str()));
        let event = Event { stack: &stack, resource, status, reason: Some(reason) };
        self.operation.apply(&event, true, reading);
        self.fill(reading);
    }

    fn fill(&self, reading: &mut Reading) {
        match self.operation.phase {
            Phase::Deploy => {
                reading.phase = Some("deploy");
                let total = self.total.filter(|total| *total > 0);
                reading.count = Some((self.operation.done, total));
            }
            Phase::Destroy => {
                reading.phase = Some("destroy");
                reading.count = Some((self.operation.done, None));
            }
            Phase::Rollback | Phase::Cleanup => {}
        }
    }
}

/// Where the columns of a heading begin, if it has these.
fn heading(text: &str, names: [&str; 4]) -> Option<[u16; 3]> {
    if !text.starts_with(names[0]) || text.split_whitespace().ne(names) {
        return None;
    }
    // The fourth name may contain the first.
    let mut places = [0; 3];
    let mut from = names[0].len();
    for (place, name) in places.iter_mut().zip(&names[1..]) {
        from += text.get(from..)?.find(name)?;
        *place = u16::try_from(from).ok()?;
        from += name.len();
    }
    Some(places)
}
