//! `docker build`: BuildKit's plain lines (`#5 [2/4] RUN make`), its raw JSON, and the classic builder's `Step 3/7 : RUN make`.
//!
//! BuildKit's graph grows while it runs and `[2/4]` counts one stage of it, so its plain lines give no total.

mod json;

use miyabi_shared::event::{ResultEvent, ResultStatus, StepEvent};
use miyabi_shared::id::StepId;
use miyabi_shared::task::StepStatus;
use serde::{Deserialize, Serialize};

use self::json::Graph;
use super::{Reading, Seen, step};

/// Longest name of a vertex: those of the newest are part of the state, which is small.
const NAME_CHARACTERS: usize = 60;

/// A vertex is known by its number: its lines do not repeat its name.
fn vertex(number: u64, name: &str, status: StepStatus, message: Option<&str>) -> Option<StepEvent> {
    let step_id = StepId::from_words(&format!("vertex-{number}"), "vertex");
    Some(StepEvent { step_id, ..step(name, "vertex", status, message)? })
}

/// What is remembered of a build.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct BuildKit {
    #[serde(default)]
    known: bool,
    #[serde(default)]
    done: u64,
    /// Names of the newest vertices, by number.
    #[serde(default)]
    names: Vec<(u64, String)>,
    #[serde(default)]
    told: bool,
    #[serde(default)]
    graph: Graph,
    /// A row of a part of the Dockerfile was on the screen: from then on the heading counts them all.
    #[serde(default)]
    loaded: bool,
    /// A row that failed was on the screen.
    #[serde(default)]
    failed: bool,
    /// Hashes of rows that were told of: they are drawn again many times a second, with another time.
    #[serde(default)]
    rows: Vec<u32>,
}

/// Most rows that are remembered.
const ROWS: usize = 48;

impl BuildKit {
    /// Empties the memory of what was seen.
    pub(super) fn forget_names(&mut self) {
        self.names.clear();
        self.rows.clear();
        self.graph.forget();
    }

    /// One line of `--progress=rawjson`.
    pub(super) fn read_json(&mut self, seen: Seen<'_>) -> Option<Reading> {
        let reading = self.graph.read(seen)?;
        self.known = true;
        Some(reading)
    }

    /// What the vertices say of the end.
    pub(super) fn finish(&mut self) -> Option<ResultEvent> {
        if self.told { None } else { self.graph.finish() }
    }

    pub(super) fn read(&mut self, seen: Seen<'_>) -> Option<Reading> {
        let text = seen.text;
        if text.starts_with("[+] Building ") || self.known && text.starts_with(" => ") {
            return self.read_screen(text);
        }
        if !seen.ended || !text.starts_with(['#', 'S', 'E', 'e', 'f']) {
            return None;
        }
        let mut reading =
            Reading { phase: Some("build"), reason: Some("the words of docker build"), ..Reading::default() };
        if let Some(vertex) = text.strip_prefix('#') {
            self.read_vertex(vertex, &mut reading)?;
        } else if let Some(step) = text.strip_prefix("Step ") {
            let (count, what) = step.split_once(" : ")?;
            let (current, total) = count.split_once('/')?;
            // The step begins, so the ones before it are done.
            let current = current.parse::<u64>().ok()?.saturating_sub(1);
            reading.count =
                Some((current, Some(total.parse::<u64>().ok().filter(|total| *total > current)?)));
            reading.message = Some(what.to_owned());
        } else if self.known
            && ["ERROR: failed to ", "error: failed to solve", "failed to solve: "]
                .iter()
                .any(|beginning| text.starts_with(beginning))
        {
            reading.result = self.tell(ResultStatus::Failed, Some(text.to_owned()));
            reading.message = Some(text.to_owned());
        } else if self.known && text.starts_with("Successfully built ") {
            reading.result = self.tell(ResultStatus::Succeeded, None);
            reading.message = Some(text.to_owned());
        } else {
            return None;
        }
        self.known = true;
        Some(reading)
    }

    /// The rows under a terminal: `[+] Building 2.4s (5/11)`, and below it ` => [build 2/4] RUN make   1.2s`.
    fn read_screen(&mut self, text: &str) -> Option<Reading> {
        let mut reading = Reading {
            phase: Some("build"),
            reason: Some("the screen of docker build"),
            ..Reading::default()
        };
        if let Some(heading) = text.strip_prefix("[+] Building ") {
            let (_, count) = heading.split_once('(')?;
            let (count, end) = count.split_once(')')?;
            let (current, total) = count.split_once('/')?;
            let (current, total) = (current.parse::<u64>().ok()?, total.parse::<u64>().ok()?);
            self.known = true;
            reading.count = Some((current, Some(total).filter(|_| self.loaded && current <= total)));
            // One that failed says so behind its screen.
            if end.trim() == "FINISHED" && !self.failed {
                reading.result = self.tell(ResultStatus::Succeeded, None);
            }
            return Some(reading);
        }
        let row = text.strip_prefix(" => ")?;
        // What the command prints stays; transfers change all the time.
        if let Some(inner) = row.strip_prefix("=> ") {
            reading.message = inner.strip_prefix("# ").map(|line| line.trim().to_owned());
            return Some(reading);
        }
        let row = row.rsplit_once("  ").map_or(row, |(name, _)| name).trim();
        let hash = json::hash(row);
        if self.rows.contains(&hash) {
            return Some(reading);
        }
        if self.rows.len() >= ROWS {
            self.rows.remove(0);
        }
        self.rows.push(hash);
        let (status, name) = match row.split_once(' ')? {
            ("CACHED", name) => (StepStatus::Succeeded, name),
            ("ERROR", name) => (StepStatus::Failed, name),
            ("CANCELED", name) => (StepStatus::Cancelled, name),
            _ => (StepStatus::Running, row),
        };
        self.loaded |= json::is_instruction(name);
        self.failed |= status == StepStatus::Failed;
        reading.steps.extend(step(name, "vertex", status, None));
        reading.message = Some(row.to_owned());
        Some(reading)
    }

    fn read_vertex(&mut self, text: &str, reading: &mut Reading) -> Option<()> {
        let (number, what) = text.split_once(' ')?;
        let number = number.parse::<u64>().ok()?;
        let status = match what.split(' ').next()? {
            "DONE" | "CACHED" => Some(StepStatus::Succeeded),
            "ERROR" | "ERROR:" => Some(StepStatus::Failed),
            "CANCELED" => Some(StepStatus::Cancelled),
            _ => None,
        };
        let known = self.names.iter().find(|(known, _)| *known == number).map(|(_, name)| name.clone());
        match (status, known) {
            (Some(status), known) => {
                let name = known.unwrap_or_else(|| format!("#{number}"));
                self.done += u64::from(status == StepStatus::Succeeded);
                reading.steps.extend(vertex(number, &name, status, Some(what)));
                reading.message = Some(format!("{name} {what}"));
            }
            (None, Some(name)) => reading.message = Some(format!("{name} {what}")),
            (None, None) if number == 0 => reading.message = Some(what.to_owned()),
            (None, None) if self.known || what.starts_with('[') => {
                if self.names.len() >= 8 {
                    self.names.remove(0);
                }
                let name = crate::model::cut(what, NAME_CHARACTERS);
                reading.steps.extend(vertex(number, &name, StepStatus::Running, None));
                self.names.push((number, name));
                reading.message = Some(what.to_owned());
            }
            (None, None) => return None,
        }
        reading.count = Some((self.done, None));
        Some(())
    }

    fn tell(&mut self, status: ResultStatus, message: Option<String>) -> Option<ResultEvent> {
        (!std::mem::replace(&mut self.told, true)).then_some(ResultEvent { status, exit_code: None, message })
    }
}
