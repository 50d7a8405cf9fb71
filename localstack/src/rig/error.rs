//! Why a server of the rig is not there.

use std::path::PathBuf;
use std::time::Duration;

/// Why a server could not be started or stopped.
#[derive(Debug, thiserror::Error)]
pub enum RigError {
    /// The program is not installed.
    #[error("{program} cannot be run: {hint}")]
    NotRunnable {
        /// What was run.
        program: String,
        /// What to do about it.
        hint: &'static str,
        /// Why it could not be run.
        #[source]
        source: std::io::Error,
    },
    /// A file or a port that the server needs could not be had.
    #[error("{act}")]
    Io {
        /// What was tried.
        act: String,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// The server ended while it was starting.
    #[error("{name} ended while it was starting ({status}); its last output:\n{output}")]
    Ended {
        /// The server.
        name: &'static str,
        /// How it ended.
        status: String,
        /// Its last lines.
        output: String,
    },
    /// The server runs, and does not answer.
    #[error("{name} did not answer within {limit:?} (log in {}); its last output:\n{output}", log.display())]
    NotReady {
        /// The server.
        name: &'static str,
        /// How long it was waited for.
        limit: Duration,
        /// Where its output goes.
        log: PathBuf,
        /// Its last lines.
        output: String,
    },
}

impl RigError {
    /// An input or output error, with what was tried.
    pub(crate) fn io(act: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let act = act.into();
        move |source| Self::Io { act, source }
    }
}
