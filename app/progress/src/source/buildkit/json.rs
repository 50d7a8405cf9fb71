//! BuildKit's `--progress=rawjson`: one `SolveStatus` a line, with what changed of vertices, their transfers and logs.
//!
//! The graph is announced piece by piece: first what loads the Dockerfile (`[internal] …`), then, at once, everything that
//! the Dockerfile asks for (`[2/4] RUN make`, `[stage 1/3] …`). From then on there is a total; the export comes on top.

use miyabi_shared::event::{ResultEvent, ResultStatus};
use miyabi_shared::task::StepStatus;
use serde::{Deserialize, Serialize};

use crate::source::{Reading, Seen, step};

/// Most vertices that are told apart. In a larger graph nothing is said of a total.
const VERTICES: usize = 96;

/// What is remembered of the graph.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::source) struct Graph {
    /// Hashes of the digests of vertices that are to be done, and of those that are.
    #[serde(rename = "o", default)]
    open: Vec<u32>,
    #[serde(rename = "d", default)]
    done: Vec<u32>,
    /// Vertices done that are told apart no more.
    #[serde(rename = "f", default)]
    folded: u64,
    /// The Dockerfile's part was announced.
    #[serde(rename = "l", default)]
    loaded: bool,
    #[serde(rename = "e", default)]
    failed: Option<String>,
}

#[derive(Deserialize)]
struct SolveStatus {
    #[serde(default)]
    vertexes: Vec<Vertex>,
    #[serde(default)]
    statuses: Vec<Transfer>,
}

#[derive(Deserialize)]
struct Vertex {
    digest: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    started: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    completed: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    cached: bool,
    #[serde(default)]
    error: String,
}

#[derive(Deserialize)]
struct Transfer {
    id: String,
    #[serde(default)]
    completed: Option<serde::de::IgnoredAny>,
}

pub(super) fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

impl Graph {
    /// Empties the memory of what was seen; the total goes with it.
    pub(in crate::source) fn forget(&mut self) {
        self.folded += self.done.len() as u64;
        self.done.clear();
        self.open.clear();
    }

    /// One line.
    pub(in crate::source) fn read(&mut self, seen: Seen<'_>) -> Option<Reading> {
        let text = seen.text;
        let keys = ["{\"vertexes\":[", "{\"statuses\":[", "{\"logs\":[", "{\"warnings\":["];
        if !seen.ended || !keys.iter().any(|key| text.starts_with(key)) {
            return None;
        }
        let status: SolveStatus = serde_json::from_str(text).ok()?;
        let mut reading = Reading {
            phase: Some("build"),
            reason: Some("the raw JSON of docker build"),
            ..Reading::default()
        };
        for transfer in status.statuses.iter().filter(|transfer| transfer.completed.is_none()) {
            reading.message = Some(transfer.id.clone());
        }
        for vertex in &status.vertexes {
            self.see(vertex, &mut reading);
        }
        let current = self.folded + self.done.len() as u64;
        let total = current + self.open.len() as u64;
        reading.count = Some((current, Some(total).filter(|_| self.loaded && self.folded == 0)));
        Some(reading)
    }

    fn see(&mut self, vertex: &Vertex, reading: &mut Reading) {
        let digest = hash(&vertex.digest);
        self.loaded |= is_instruction(&vertex.name);
        let ended = vertex.completed.is_some();
        if self.done.contains(&digest) {
            // One that ended may be told again, with more of its cache.
            return;
        }
        self.open.retain(|open| *open != digest);
        let list = if ended && vertex.error.is_empty() { &mut self.done } else { &mut self.open };
        list.push(digest);
        if self.open.len() + self.done.len() > VERTICES {
            self.forget();
        }
        if vertex.started.is_none() && !ended {
            return;
        }
        let status = match (ended, vertex.error.as_str()) {
            (false, _) => StepStatus::Running,
            (true, "") => StepStatus::Succeeded,
            (true, error) if error.ends_with("context canceled") => StepStatus::Cancelled,
            (true, error) => {
                self.failed.get_or_insert_with(|| crate::model::cut(error, 200));
                StepStatus::Failed
            }
        };
        let note = if vertex.cached { "CACHED" } else { &vertex.error };
        reading.steps.extend(step(&vertex.name, "vertex", status, Some(note)));
        reading.message = Some(format!("{} {note}", vertex.name).trim_end().to_owned());
    }

    /// A vertex that failed fails the build; that all ended well says little, for the export may be missing.
    pub(in crate::source) fn finish(&mut self) -> Option<ResultEvent> {
        let message = self.failed.take()?;
        Some(ResultEvent { status: ResultStatus::Failed, exit_code: None, message: Some(message) })
    }
}

/// `[2/4] RUN make`, `[build 1/3] FROM …`, `[linux/amd64 build 1/3] …`
pub(super) fn is_instruction(name: &str) -> bool {
    let Some((place, _)) = name.strip_prefix('[').and_then(|name| name.split_once("] ")) else {
        return false;
    };
    let count = place.rsplit(' ').next().and_then(|count| count.split_once('/'));
    count.is_some_and(|(current, total)| {
        let numbers = (current.parse::<u32>(), total.parse::<u32>());
        matches!(numbers, (Ok(current), Ok(total)) if current <= total)
    })
}
