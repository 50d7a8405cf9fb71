//! `cdk deploy` and `cdk destroy`, as text.
//!
//! ```text
//! Demo | 15/44 | 1:29:49 AM | CREATE_COMPLETE      | AWS::SQS::Queue | Q1 (Q1276D0889)     since 1.80 or so
//!  15/44 | 1:29:49 AM | CREATE_COMPLETE      | AWS::SQS::Queue | Q1 (Q1276D0889)            before that
//! Demo |   3 | 1:29:49 AM | CREATE_COMPLETE | …                                           no total: direct creation
//! Demo | 1:29:49 AM | CREATE_FAILED | AWS::SQS::Queue | Q1 (Q1276D0889) reason            the recap of failures
//!  1:33:40 AM | DELETE_IN_PROGRESS | AWS::SQS::Queue | Q1                                  bar mode, under
//!   [████▌······] (15/44)                                                                its bar
//! ```
//! The status is cut at 23 characters (20 before), and the counter is CDK's own, which goes past its total, ignores nested
//! stacks and counts down when CloudFormation rolls back. So: each stack has its count, which never falls; several
//! stacks add up, those to come being taken for as large as the average of those seen; roll-back and clean-up are
//! phases that count for themselves.

mod columns;

use miyabi_shared::event::{ResultEvent, ResultStatus, StepEvent};
use miyabi_shared::id::StepId;
use miyabi_shared::task::StepStatus;
use serde::{Deserialize, Serialize};

use self::columns::{Columns, Counter};
use super::{Reading, Seen};

/// Most stacks that are told apart; finished ones beyond that are added up.
const STACKS: usize = 12;

/// Longest reason of a failure that is remembered, in characters: the state is small.
const REASON_CHARACTERS: usize = 300;

/// What is remembered of the stacks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cdk {
    /// The stack at work.
    #[serde(default)]
    name: Option<String>,
    /// How many stacks there will be, where CDK says so.
    #[serde(default)]
    expected: u64,
    #[serde(default)]
    stacks: Vec<Stack>,
    /// Finished stacks that are told apart no more: how many, and their units.
    #[serde(default)]
    folded: (u64, u64),
    #[serde(default)]
    destroys: bool,
    #[serde(default)]
    deploys: bool,
    #[serde(default)]
    failed: bool,
    #[serde(default)]
    ended: bool,
    /// Resources swapped without CloudFormation.
    #[serde(rename = "h", default)]
    swapped: u64,
    /// The operation whose end was the last line: a hash of its resource and verb.
    #[serde(rename = "o", default)]
    finished: Option<u32>,
    /// A resource whose failure's reason is the next line, as under a bar: its name and its type.
    #[serde(rename = "r", default)]
    failing: Option<(String, String)>,
    /// The first reason of a failure.
    #[serde(rename = "w", default)]
    why: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Stack {
    /// A hash of its name: a name has up to 128 characters, and the state is small.
    #[serde(rename = "n")]
    name: u32,
    #[serde(rename = "c", default)]
    current: u64,
    #[serde(rename = "t", default)]
    total: Option<u64>,
    #[serde(rename = "d", default)]
    done: bool,
    #[serde(rename = "s", default)]
    side: Option<Side>,
}

/// A phase that counts for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Side {
    #[serde(rename = "r")]
    rollback: bool,
    /// Where the stack's counter stood when it began.
    #[serde(rename = "f")]
    from: u64,
    #[serde(rename = "c")]
    current: u64,
}

fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// A stack's name as it is remembered: no real one is longer, and the state is small.
fn short(name: &str) -> String {
    crate::model::cut(name, 128)
}

impl Cdk {
    /// Reads one line; `None` where CDK did not write it.
    pub(super) fn read(&mut self, seen: Seen<'_>) -> Option<Reading> {
        let text = seen.text;
        if memchr::memchr(b'|', text.as_bytes()).is_some() {
            return Columns::read(text).and_then(|columns| self.read_columns(&columns));
        }
        if self.failing.is_some() && !text.trim().is_empty() {
            return self.read_reason(text.trim());
        }
        let trimmed = text.trim_start();
        if trimmed.starts_with('[') && text.ends_with(')') {
            return self.read_bar(trimmed);
        }
        match trimmed.chars().next()? {
            '✅' => self.read_success(trimmed.trim_start_matches('✅').trim()),
            '❌' => self.read_failure(trimmed.trim_start_matches('❌').trim()),
            '✨' => self.read_times(trimmed.trim_start_matches('✨').trim()),
            _ if text.ends_with(['.', ']']) && text.contains("...") => self.read_announcement(text.trim()),
            _ => None,
        }
    }

    fn read_columns(&mut self, columns: &Columns<'_>) -> Option<Reading> {
        let mut reading = Reading {
            reason: Some("lines in the columns of cdk: stack | count | time | status | type | resource"),
            ..Reading::default()
        };
        let own = columns.kind == "AWS::CloudFormation::Stack";
        if let Some(stack) = columns.stack {
            self.name = Some(short(stack));
        } else if own && self.name.is_none() {
            self.name = Some(short(columns.name));
        }
        let name = self.name.clone().unwrap_or_default();
        let at = self.stack_at(&name, columns.counter);
        let status = columns.status.unwrap_or_default();
        let of_itself =
            own && (columns.name == name || columns.stack.is_none() && columns.logical_id.is_none());
        self.begin_side(at, status, of_itself);
        if let Some(counter) = columns.counter {
            self.count(at, counter);
        }
        if status.starts_with("DELETE_") && of_itself && !self.deploys {
            self.destroys = true;
        }
        self.fill(at, &mut reading);
        if columns.status.is_some() {
            reading.message =
                Some(format!("{status} {} {}", columns.kind, columns.name).trim_end().to_owned());
            self.note_failure(columns, status);
            if !self.starts_after_its_end(&name, columns, status) {
                reading.steps.extend(step(&name, columns, of_itself));
            }
        } else if let Some(rest) = columns.rest {
            reading.message = Some(rest.to_owned());
        }
        Some(reading)
    }

    /// Remembers why something failed, or that the next line will say so.
    fn note_failure(&mut self, columns: &Columns<'_>, status: &str) {
        self.failing = None;
        if !status.contains("_FAIL") {
            return;
        }
        match columns.reason.filter(|reason| !reason.is_empty()) {
            None => self.failing = Some((short(columns.name), short(columns.kind))),
            // What was cancelled failed because something else did.
            Some(reason) if reason.ends_with(" cancelled") => {}
            Some(reason) => self.give_why(&short(columns.name), reason),
        }
    }

    fn give_why(&mut self, name: &str, reason: &str) {
        self.why.get_or_insert_with(|| crate::model::cut(&format!("{name}: {reason}"), REASON_CHARACTERS));
    }

    /// The line below a resource that failed, which says why.
    fn read_reason(&mut self, text: &str) -> Option<Reading> {
        let (name, kind) = self.failing.take()?;
        if text.starts_with(['❌', '✅', '[']) {
            return self.read(Seen { text, ended: true });
        }
        self.give_why(&name, text);
        let stack = self.name.clone().unwrap_or_default();
        let columns = Columns {
            name: &name,
            kind: &kind,
            status: Some("FAILED"),
            reason: Some(text),
            ..Columns::default()
        };
        let mut reading = Reading { reason: Some("the progress bar of cdk"), ..Reading::default() };
        reading.steps.extend(step_of(&stack, &columns, StepStatus::Failed));
        reading.message = Some(text.to_owned());
        Some(reading)
    }

    /// Whether an operation is said to start right after it was said to have ended. Events of the same instant may come
    /// the wrong way round, and nothing that was created is created again.
    fn starts_after_its_end(&mut self, stack: &str, columns: &Columns<'_>, status: &str) -> bool {
        let own = columns.logical_id.unwrap_or(columns.name);
        let operation = |verb: &str| Some(hash(&format!("{stack}:{own}:{verb}")));
        let starts = status.strip_suffix("_IN_PROGRESS").map(operation);
        let ends = status.strip_suffix("_COMPLETE").or_else(|| status.strip_suffix("_FAILED"));
        let before = std::mem::replace(&mut self.finished, ends.and_then(operation));
        starts.is_some_and(|started| started == before)
    }

    /// `[████▌······] (15/44)`
    fn read_bar(&mut self, text: &str) -> Option<Reading> {
        let (bar, counter) = text.strip_prefix('[')?.split_once("] (")?;
        if bar.is_empty()
            || !bar.chars().all(|c| matches!(c, '█' | '▏' | '▎' | '▍' | '▌' | '▋' | '▊' | '▉' | '·'))
        {
            return None;
        }
        let counter = Counter::read(counter.strip_suffix(')')?)?;
        let name = self.name.clone().unwrap_or_default();
        let at = self.stack_at(&name, Some(counter));
        self.count(at, counter);
        let mut reading = Reading { reason: Some("the progress bar of cdk"), ..Reading::default() };
        self.fill(at, &mut reading);
        Some(reading)
    }

    /// `Demo`, `Demo (no changes)`, `Demo: destroyed`, `Demo (deployed to …)`
    fn read_success(&mut self, text: &str) -> Option<Reading> {
        let destroyed = text.strip_suffix(": destroyed");
        let name = destroyed.unwrap_or(text).split(" (").next().unwrap_or(text).trim();
        if name.is_empty() || name.contains(' ') {
            return None;
        }
        self.destroys |= destroyed.is_some();
        let at = self.stack_at(name, None);
        if let Some(stack) = self.stacks.get_mut(at) {
            stack.done = true;
            stack.side = None;
            // Without a total, what was counted is all there was.
            stack.total = stack.total.or(Some(stack.current).filter(|current| *current > 0));
            stack.current = stack.total.unwrap_or(0);
        }
        let mut reading = Reading { reason: Some("cdk's ✅ line"), ..Reading::default() };
        self.fill(at, &mut reading);
        reading.message = Some(format!("✅ {text}"));
        reading.steps.extend(stack_step(name, StepStatus::Succeeded, None));
        if self.expected > 0 && self.done() >= self.expected {
            reading.result = self.end(ResultStatus::Succeeded, None);
        }
        Some(reading)
    }

    /// `Demo failed: Error: …`, `Deployment failed: Error: …`
    fn read_failure(&mut self, text: &str) -> Option<Reading> {
        let (name, why) = text.split_once(" failed")?;
        let why = why.trim_start_matches(':').trim();
        // Newer ones say `failed to deploy`, and why in the lines that follow.
        let known = self.why.clone().filter(|_| matches!(why, "" | "to deploy" | "to destroy"));
        let full = known.as_ref().map_or_else(|| text.to_owned(), |known| format!("{text}: {known}"));
        let why = known.as_deref().unwrap_or(why);
        self.failed = true;
        let mut reading = Reading { reason: Some("cdk's ❌ line"), ..Reading::default() };
        reading.message = Some(format!("❌ {text}"));
        if !name.is_empty()
            && !name.contains(' ')
            && !matches!(name, "Deployment" | "Building" | "Publishing")
        {
            reading.steps.extend(stack_step(name, StepStatus::Failed, Some(why)));
        }
        reading.result = self.end(ResultStatus::Failed, Some(full));
        Some(reading)
    }

    /// `hotswapping resources:`, then `Lambda Function 'f'` as each begins and `Lambda Function 'f' hotswapped!` as it ends.
    fn read_hotswap(&mut self, text: &str) -> Option<Reading> {
        let ended = text.strip_suffix(" hotswapped!");
        let name = ended.unwrap_or(text);
        let mut reading = Reading { reason: Some("cdk swaps resources"), ..Reading::default() };
        if text != "hotswapping resources:" {
            let (kind, own) = name.split_once(" '")?;
            if !own.ends_with('\'') || self.name.is_none() {
                return None;
            }
            self.swapped += u64::from(ended.is_some());
            let stack = self.name.as_deref()?;
            reading.steps.push(StepEvent {
                step_id: StepId::from_words(&format!("{stack}:{name}"), "resource"),
                parent_id: Some(StepId::from_words(stack, "stack")),
                name: crate::model::cut(own.trim_end_matches('\''), miyabi_shared::limits::NAME_CHARACTERS),
                kind: crate::model::cut(kind, miyabi_shared::limits::NAME_CHARACTERS),
                status: if ended.is_some() { StepStatus::Succeeded } else { StepStatus::Running },
                message: None,
            });
        }
        reading.phase = Some("deploy");
        reading.count = self.overall();
        reading.message = Some(text.to_owned());
        Some(reading)
    }

    /// `Synthesis time: 1.5s`, `Total time: 2.98s`
    fn read_times(&mut self, text: &str) -> Option<Reading> {
        let mut reading = Reading { reason: Some("cdk's ✨ line"), ..Reading::default() };
        if text.starts_with("Synthesis time:") {
            reading.phase = Some("plan");
        } else if text.starts_with("Total time:") {
            if self.expected > 0 && self.done() < self.expected || self.done() == 0 {
                return None;
            }
            reading.result = self.end(ResultStatus::Succeeded, None);
        } else if !text.starts_with("Deployment time:") {
            return self.read_hotswap(text);
        } else if self.stacks.is_empty() {
            reading.phase = Some("deploy");
        }
        reading.message = Some(text.to_owned());
        Some(reading)
    }

    /// `Demo: deploying... [1/2]`, `Demo: destroying... [1/1]`, `Demo: creating CloudFormation changeset...`
    fn read_announcement(&mut self, text: &str) -> Option<Reading> {
        let (name, what) = text.split_once(": ")?;
        if name.is_empty()
            || !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/' | '.'))
        {
            return None;
        }
        let mut reading = Reading { reason: Some("cdk announces its stacks"), ..Reading::default() };
        let begins = what.strip_prefix("deploying...").or_else(|| {
            let rest = what.strip_prefix("destroying...");
            self.destroys |= rest.is_some();
            rest
        });
        if let Some(place) = begins {
            self.deploys |= !self.destroys;
            self.name = Some(short(name));
            self.expected = place
                .trim()
                .strip_prefix('[')
                .and_then(|place| Counter::read(place.strip_suffix(']')?))
                .and_then(|place| place.total)
                .unwrap_or(self.expected);
            self.stack_at(name, None);
            reading.steps.extend(stack_step(name, StepStatus::Running, None));
            self.fill_phase(None, &mut reading);
        } else if what.starts_with("creating CloudFormation changeset...") {
            self.name = Some(short(name));
            if self.stacks.is_empty() {
                reading.phase = Some("plan");
            }
        } else {
            return None;
        }
        reading.message = Some(text.to_owned());
        Some(reading)
    }

    /// The place of the stack called `name`. A nested stack, whose lines carry its parent's counter, is its parent's.
    fn stack_at(&mut self, name: &str, counter: Option<Counter>) -> usize {
        let exact = hash(name);
        if let Some(at) = self.stacks.iter().position(|stack| stack.name == exact) {
            return at;
        }
        if let Some(total) = counter.and_then(|counter| counter.total) {
            for (end, _) in name.rmatch_indices('-') {
                let parent = hash(name.get(..end).unwrap_or_default());
                if let Some(at) = self.stacks.iter().position(|s| s.name == parent && s.total == Some(total))
                {
                    return at;
                }
            }
        }
        if self.stacks.len() >= STACKS {
            let done = self.stacks.iter().position(|stack| stack.done).unwrap_or(0);
            let stack = self.stacks.remove(done);
            self.folded.0 += 1;
            self.folded.1 += stack.total.unwrap_or(stack.current);
        }
        self.stacks.push(Stack { name: exact, ..Stack::default() });
        self.stacks.len() - 1
    }

    /// Sees that a roll-back or a clean-up begins.
    fn begin_side(&mut self, at: usize, status: &str, of_itself: bool) {
        let Some(stack) = self.stacks.get_mut(at) else { return };
        let rollback = status.starts_with("ROLLBACK_IN_P") || status.starts_with("UPDATE_ROLLBACK_IN_P");
        let cleanup = status.starts_with("UPDATE_COMPLETE_CLEA");
        if of_itself && rollback && stack.side.is_none_or(|side| !side.rollback) {
            stack.side = Some(Side { rollback: true, from: stack.current, current: 0 });
        } else if of_itself && cleanup && stack.side.is_none() {
            stack.side = Some(Side { rollback: false, from: stack.current, current: 0 });
        }
    }

    fn count(&mut self, at: usize, counter: Counter) {
        let Some(stack) = self.stacks.get_mut(at) else { return };
        if let Some(side) = &mut stack.side {
            let moved = if side.rollback {
                side.from.saturating_sub(counter.current)
            } else {
                counter.current.saturating_sub(side.from)
            };
            side.current = side.current.max(moved);
            return;
        }
        stack.current = stack.current.max(counter.current);
        stack.total = stack.total.max(counter.total).map(|total| total.max(stack.current));
    }

    /// Says how far everything is, and in which phase.
    fn fill(&self, at: usize, reading: &mut Reading) {
        let side = self.stacks.get(at).and_then(|stack| stack.side);
        self.fill_phase(side, reading);
        reading.count = match side {
            Some(side) if side.rollback => Some((side.current, Some(side.from).filter(|from| *from > 0))),
            Some(side) => Some((side.current, None)),
            None => self.overall(),
        };
    }

    fn fill_phase(&self, side: Option<Side>, reading: &mut Reading) {
        reading.phase = Some(match side {
            Some(Side { rollback: true, .. }) => "rollback",
            Some(_) => "cleanup",
            None if self.destroys => "destroy",
            None => "deploy",
        });
    }

    /// Units of all stacks: those done, those at work, and a guess by the average for those to come.
    fn overall(&self) -> Option<(u64, Option<u64>)> {
        let current = self.folded.1 + self.stacks.iter().map(|stack| stack.current).sum::<u64>();
        // What was swapped counts where CloudFormation did nothing: its units are others.
        if current == 0 && self.swapped > 0 {
            return Some((self.swapped, None));
        }
        let mut total = self.folded.1;
        let mut known = self.folded.0;
        let mut unknown = 0;
        for stack in &self.stacks {
            match stack.total {
                Some(units) => {
                    total += units;
                    known += 1;
                }
                None if stack.done => known += 1,
                None if self.is_to_come(stack) => unknown += 1,
                None => return Some((current, None)),
            }
        }
        if known == 0 || total == 0 {
            return Some((current, None));
        }
        unknown += self.expected.saturating_sub(known + unknown);
        Some((current, Some((total + (unknown * total).div_ceil(known)).max(current))))
    }

    /// Whether a stack was announced, and has not said anything yet.
    fn is_to_come(&self, stack: &Stack) -> bool {
        stack.current == 0
            && !stack.done
            && self.folded.0 + self.stacks.iter().filter(|s| s.total.is_some()).count() as u64 > 0
    }

    fn done(&self) -> u64 {
        self.folded.0 + self.stacks.iter().filter(|stack| stack.done).count() as u64
    }

    fn end(&mut self, status: ResultStatus, message: Option<String>) -> Option<ResultEvent> {
        if std::mem::replace(&mut self.ended, true) || (self.failed && status == ResultStatus::Succeeded) {
            return None;
        }
        Some(ResultEvent { status, exit_code: None, message })
    }

    /// The output ended: what finished every stack that it began succeeded.
    pub(super) fn finish(&mut self) -> Option<ResultEvent> {
        let complete =
            self.done() > 0 && self.done() >= self.expected && self.stacks.iter().all(|stack| stack.done);
        if complete { self.end(ResultStatus::Succeeded, None) } else { None }
    }
}

fn stack_step(name: &str, status: StepStatus, message: Option<&str>) -> Option<StepEvent> {
    let step_id = StepId::from_words(name, "stack");
    let message = message.map(str::to_owned);
    Some(StepEvent {
        step_id,
        parent_id: None,
        name: name.to_owned(),
        kind: "stack".to_owned(),
        status,
        message,
    })
}

/// The step of a line: the stack itself, or a resource in it.
fn step(stack: &str, columns: &Columns<'_>, of_itself: bool) -> Option<StepEvent> {
    let status = columns::step_status(columns.status?)?;
    if of_itself {
        return stack_step(columns.name, status, columns.reason.filter(|reason| !reason.is_empty()));
    }
    step_of(stack, columns, status)
}

/// The step of a resource.
fn step_of(stack: &str, columns: &Columns<'_>, status: StepStatus) -> Option<StepEvent> {
    let reason = columns.reason.filter(|reason| !reason.is_empty());
    let parent_id = (!stack.is_empty()).then(|| StepId::from_words(stack, "stack"));
    let own = columns.logical_id.unwrap_or(columns.name);
    Some(StepEvent {
        step_id: StepId::from_words(&format!("{stack}:{own}"), "resource"),
        parent_id,
        name: columns.name.to_owned(),
        kind: columns.kind.to_owned(),
        status,
        message: reason.map(str::to_owned),
    })
}
