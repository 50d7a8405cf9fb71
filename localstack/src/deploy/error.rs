//! Why Miyabi is not in the emulator.

use std::path::PathBuf;

/// A source of any kind.
pub(super) type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why a deployment did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// A file could not be read or written.
    #[error("{act} {}", path.display())]
    File {
        /// What was tried.
        act: &'static str,
        /// With which file.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// A file does not hold what it should.
    #[error("read {}", path.display())]
    Content {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: serde_json::Error,
    },
    /// The infrastructure program did not make a template.
    #[error("the infrastructure program failed ({status}):\n{output}")]
    Synthesis {
        /// How it ended.
        status: String,
        /// What it said.
        output: String,
    },
    /// The emulator refused, or did not answer.
    #[error("the emulator failed to {act}")]
    Call {
        /// What it was asked.
        act: String,
        /// Why it failed.
        #[source]
        source: Source,
    },
    /// The emulator could not make the stack.
    #[error("the stack is {status}:\n{}", reasons.join("\n"))]
    Stack {
        /// What state the stack is in.
        status: String,
        /// The resources that failed, and why.
        reasons: Vec<String>,
    },
    /// The stack is still in progress.
    #[error("the stack is still {status} after {seconds} s")]
    Slow {
        /// What state the stack is in.
        status: String,
        /// How long it was waited for.
        seconds: u64,
    },
    /// The stack lacks something that the local cloud needs.
    #[error("the stack has no output {0}")]
    NoOutput(String),
}

impl DeployError {
    /// A file error, with what was tried.
    pub(super) fn file(act: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { act, path, source }
    }

    /// A failed call, with what it was for.
    pub(super) fn call<E: Into<Source>>(act: impl Into<String>) -> impl FnOnce(E) -> Self {
        let act = act.into();
        move |source| Self::Call { act, source: source.into() }
    }
}
