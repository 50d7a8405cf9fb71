//! Reads progress out of lines: which tool wrote them, how far it came, and what to believe.
//!
//! # What is believed
//! 1. What the job prints on purpose (`line`) outranks everything: somebody knew what they wanted to say.
//! 2. Then a tool's own JSON, then a tool's own text, then the terminal's progress sequence (`osc`).
//! 3. Numbers of an unknown tool (`count`, `percent`) come last, and only when they look like progress: see [`count`].
//!
//! (The first place is a choice: whoever prints a line for us knows what the tools below it would print.)
//!
//! Once numbers of one rank were shown, numbers of a lower rank are not. A tool that is known but gives no total shows what it
//! does, and no percentage.

mod build;
mod buildkit;
mod cargo;
mod cdk;
mod cloudformation;
mod count;
mod line;
mod pulumi;
mod pytest;
mod runners;
mod terraform;

use miyabi_shared::event::{ProgressEvent, ResultEvent, StepEvent};
use miyabi_shared::id::StepId;
use miyabi_shared::limits;
use miyabi_shared::task::StepStatus;
use miyabi_shared::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use crate::change::Change;
use crate::format::{Detection, Format};
use crate::model;
use crate::terminal::OscProgress;

/// Longest message of a progress, in characters: it is part of the state, which is small.
const MESSAGE_CHARACTERS: usize = 160;

/// How often an unknown job shows what it does, in milliseconds of the output's own time.
const ACTIVITY_MILLIS: i64 = 1000;

/// One state of one line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'text> {
    /// The text, without escape sequences.
    pub(crate) text: &'text str,
    /// It is a line of the log; otherwise it is being redrawn, and seen again.
    pub(crate) ended: bool,
}

/// What a source read from one line.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// Units done, and in all.
    pub(crate) count: Option<(u64, Option<u64>)>,
    pub(crate) phase: Option<&'static str>,
    pub(crate) message: Option<String>,
    pub(crate) steps: Vec<StepEvent>,
    pub(crate) result: Option<ResultEvent>,
    /// What in the line tells the tool, for people.
    pub(crate) reason: Option<&'static str>,
}

/// What the sources remember.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tracker {
    wanted: Format,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    detection: Option<Detection>,
    #[serde(default)]
    shown: ProgressEvent,
    /// The rank of the numbers shown; 0 before the first.
    #[serde(default)]
    rank: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    activity_at: Option<i64>,
    #[serde(default, skip_serializing_if = "is_default")]
    cdk: cdk::Cdk,
    #[serde(default, skip_serializing_if = "is_default")]
    cargo: cargo::Cargo,
    #[serde(default, skip_serializing_if = "is_default")]
    pytest: pytest::Pytest,
    #[serde(default, skip_serializing_if = "is_default")]
    build: build::Build,
    #[serde(default, skip_serializing_if = "is_default")]
    terraform: terraform::Terraform,
    #[serde(default, skip_serializing_if = "is_default")]
    pulumi: pulumi::Pulumi,
    #[serde(default, skip_serializing_if = "is_default")]
    go_test: runners::GoTest,
    #[serde(default, skip_serializing_if = "is_default")]
    jest: runners::Jest,
    #[serde(default, skip_serializing_if = "is_default")]
    buildkit: buildkit::BuildKit,
    #[serde(default, skip_serializing_if = "is_default")]
    cloudformation: cloudformation::Events,
    #[serde(default, skip_serializing_if = "is_default")]
    sam: cloudformation::Sam,
    #[serde(default, skip_serializing_if = "is_default")]
    groups: line::Groups,
    #[serde(default, skip_serializing_if = "is_default")]
    count: count::Count,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// How far the numbers of a format are believed.
fn rank(format: Format) -> u8 {
    match format {
        Format::Line => 5,
        Format::PulumiJson | Format::TerraformJson | Format::GoTestJson | Format::CloudformationJson => 4,
        Format::Osc => 2,
        Format::Count | Format::Percent => 1,
        Format::Auto | Format::Plain => 0,
        _ => 3,
    }
}

/// A step that is known by its name.
fn step(name: &str, kind: &str, status: StepStatus, message: Option<&str>) -> Option<StepEvent> {
    let name = name.trim();
    let kind = if kind.is_empty() { "step" } else { kind };
    (!name.is_empty()).then(|| StepEvent {
        step_id: StepId::from_words(name, "step"),
        parent_id: None,
        name: model::cut(name, limits::NAME_CHARACTERS),
        kind: kind.to_owned(),
        status,
        message: message
            .map(str::trim)
            .filter(|message| !message.is_empty())
            .map(|m| model::cut(m, limits::MESSAGE_CHARACTERS)),
    })
}

impl Tracker {
    pub(crate) fn new(wanted: Format) -> Self {
        let detection = (wanted != Format::Auto)
            .then(|| Detection { format: wanted, reason: "it was asked for".to_owned() });
        Self {
            wanted,
            detection,
            shown: ProgressEvent::default(),
            rank: 0,
            activity_at: None,
            cdk: cdk::Cdk::default(),
            cargo: cargo::Cargo::default(),
            pytest: pytest::Pytest::default(),
            build: build::Build::default(),
            terraform: terraform::Terraform::default(),
            pulumi: pulumi::Pulumi::default(),
            go_test: runners::GoTest::default(),
            jest: runners::Jest::default(),
            buildkit: buildkit::BuildKit::default(),
            cloudformation: cloudformation::Events::default(),
            sam: cloudformation::Sam::default(),
            groups: line::Groups::default(),
            count: count::Count::default(),
        }
    }

    /// Leaves out what only saves a repetition, to be small.
    pub(crate) fn forget_names(&mut self) {
        self.buildkit.forget_names();
        self.pulumi.forget_counted();
        self.jest.forget_counted();
        self.cloudformation.forget_counted();
        self.sam.forget_counted();
    }

    pub(crate) fn detection(&self) -> Option<&Detection> {
        self.detection.as_ref()
    }

    /// Reads one state of one line.
    pub(crate) fn see(&mut self, seen: Seen<'_>, at: Timestamp, sink: &mut dyn FnMut(Change)) {
        if seen.text.len() < 2 || self.wanted == Format::Plain {
            return;
        }
        let text = seen.text.trim_end();
        if text.len() < 2 {
            return;
        }
        let seen = Seen { text, ..seen };
        if text.as_bytes().trim_ascii_start().starts_with(b"##") && seen.ended {
            if let Some(change) = line::read(text) {
                self.take_line(change, sink);
                return;
            }
            if text.trim_start().starts_with(crate::control_line::PREFIX) {
                return;
            }
        }
        if text.starts_with([':', '#']) && seen.ended && matches!(self.wanted, Format::Auto | Format::Line) {
            let steps = self.groups.read(text);
            if steps.iter().any(Option::is_some) {
                steps.into_iter().flatten().for_each(|step| sink(Change::Step(step)));
                return;
            }
        }
        if let Some((format, reading)) = self.read(seen) {
            self.take(format, reading, sink);
        } else if self.wanted == Format::Auto {
            self.show_activity(seen, at, sink);
        }
    }

    /// Asks the sources. Each knows its tool's lines by words that no other tool writes, so that the order hardly matters.
    fn read(&mut self, seen: Seen<'_>) -> Option<(Format, Reading)> {
        let wanted = self.wanted;
        let asked = |format: Format| wanted == Format::Auto || wanted == format;
        macro_rules! ask {
            ($format:ident, $reading:expr) => {
                if asked(Format::$format)
                    && let Some(reading) = $reading
                {
                    return Some((Format::$format, reading));
                }
            };
        }
        if seen.text.starts_with('{') {
            ask!(PulumiJson, self.pulumi.read_json(seen));
            ask!(TerraformJson, self.terraform.read_json(seen));
            ask!(GoTestJson, self.go_test.read(seen));
            ask!(Buildkit, self.buildkit.read_json(seen));
            ask!(CloudformationJson, self.cloudformation.read(seen));
            return None;
        }
        ask!(CdkText, self.cdk.read(seen));
        ask!(Cargo, self.cargo.read(seen));
        ask!(Pytest, self.pytest.read_worker(seen).or_else(|| self.pytest.read(seen)));
        if (asked(Format::Ninja) || asked(Format::Make))
            && let Some(found) = self.build.read(seen, wanted)
        {
            return Some(found);
        }
        ask!(PulumiText, self.pulumi.read_text(seen));
        ask!(TerraformText, self.terraform.read_text(seen));
        ask!(Jest, self.jest.read(seen));
        ask!(Buildkit, self.buildkit.read(seen));
        ask!(SamText, self.sam.read(seen));
        let unknown = wanted == Format::Auto && self.rank <= rank(Format::Count);
        if unknown || wanted == Format::Count || wanted == Format::Percent {
            return self.count.read(seen, wanted);
        }
        None
    }

    /// Takes over what somebody said on purpose.
    fn take_line(&mut self, change: Change, sink: &mut dyn FnMut(Change)) {
        match change {
            Change::Progress(mut progress) => {
                self.detect(Format::Line, "the job prints its progress as ##miyabi[…] or ##vso[…]");
                if progress.source.is_none() {
                    progress.source_reason = self.reason(Format::Line);
                    progress.source = Some(Format::Line.to_string());
                }
                if progress.current.is_some() || progress.total.is_some() {
                    self.rank = rank(Format::Line);
                }
                self.show(progress, sink);
            }
            other => sink(other),
        }
    }

    /// Takes over what a source read.
    fn take(&mut self, format: Format, reading: Reading, sink: &mut dyn FnMut(Change)) {
        if let Some(reason) = reading.reason {
            self.detect(format, reason);
        }
        let rank = rank(format);
        if rank >= self.rank {
            let mut next = ProgressEvent {
                phase: reading.phase.map(str::to_owned),
                message: reading.message,
                source: Some(format.to_string()),
                source_reason: self.reason(format).or_else(|| reading.reason.map(str::to_owned)),
                ..ProgressEvent::default()
            };
            if let Some((current, total)) = reading.count {
                self.rank = rank;
                next.current = Some(current);
                next.total = total;
            }
            if next.current.is_some() || next.message.is_some() || next.phase.is_some() {
                self.show(next, sink);
            }
        }
        for step in reading.steps {
            sink(Change::Step(step));
        }
        if let Some(result) = reading.result {
            sink(Change::Result(result));
        }
    }

    /// Reads the terminal's own progress.
    pub(crate) fn see_osc(&mut self, progress: OscProgress, sink: &mut dyn FnMut(Change)) {
        if self.wanted != Format::Auto && self.wanted != Format::Osc {
            return;
        }
        if let OscProgress::Percent(percent) = progress {
            let reading = Reading {
                count: Some((u64::from(percent), Some(100))),
                reason: Some("the job sets the terminal's progress (OSC 9;4)"),
                ..Reading::default()
            };
            self.take(Format::Osc, reading, sink);
        }
    }

    /// A job of which no numbers are known shows what it does, now and then.
    fn show_activity(&mut self, seen: Seen<'_>, at: Timestamp, sink: &mut dyn FnMut(Change)) {
        let now = at.as_millis();
        let due = self.activity_at.is_none_or(|last| now.saturating_sub(last).abs() >= ACTIVITY_MILLIS);
        if self.rank > 0 || !seen.ended || !due || self.detection.is_some() {
            return;
        }
        self.activity_at = Some(now);
        let message = Some(seen.text.trim().to_owned());
        self.show(ProgressEvent { message, ..ProgressEvent::default() }, sink);
    }

    /// Merges `next` into what is shown, and passes it on if that changes something.
    fn show(&mut self, next: ProgressEvent, sink: &mut dyn FnMut(Change)) {
        let mut shown = self.shown.clone();
        if next.phase.is_some() && next.phase != shown.phase {
            shown.current = None;
            shown.total = None;
        }
        shown.phase = next.phase.or(shown.phase);
        if next.current.is_some() {
            shown.current = next.current;
            // A tool that counts but names no total has none; only what is said on purpose may leave it out.
            shown.total = next.total.or(shown.total.filter(|_| self.rank == rank(Format::Line)));
        } else if next.total.is_some() {
            shown.total = next.total;
        }
        shown.current = shown.current.map(|current| current.min(limits::COUNT));
        shown.total = shown.total.map(|total| total.min(limits::COUNT).max(shown.current.unwrap_or(0)));
        shown.message =
            next.message.map(|text| model::cut(text.trim(), MESSAGE_CHARACTERS)).or(shown.message);
        if next.source.is_some() {
            if next.source != shown.source {
                shown.source_reason = next.source_reason;
            }
            shown.source = next.source;
        }
        if shown != self.shown {
            self.shown = shown.clone();
            sink(Change::Progress(shown));
        }
    }

    /// The output ended.
    pub(crate) fn finish(&mut self, sink: &mut dyn FnMut(Change)) {
        // A cargo that ended says nothing of the job that it was a part of.
        let result =
            self.cdk.finish().or_else(|| match self.detection.as_ref().map(|detection| detection.format) {
                Some(Format::Cargo) => self.cargo.finish(),
                Some(Format::Ninja | Format::Make) => self.build.finish(),
                Some(Format::GoTestJson) => self.go_test.finish(),
                Some(Format::Buildkit) => self.buildkit.finish(),
                _ => None,
            });
        if let Some(result) = result {
            sink(Change::Result(result));
        }
    }

    /// What spoke for `format`, where that is what was chosen.
    fn reason(&self, format: Format) -> Option<String> {
        let chosen = self.detection.as_ref().filter(|detection| detection.format == format);
        chosen.map(|detection| detection.reason.clone())
    }

    /// Remembers which tool it is; the first of the highest rank stays.
    fn detect(&mut self, format: Format, reason: &str) {
        let known = self.detection.as_ref().map_or(0, |detection| rank(detection.format));
        if self.wanted == Format::Auto && rank(format) > known {
            self.detection = Some(Detection { format, reason: reason.to_owned() });
        }
    }
}
