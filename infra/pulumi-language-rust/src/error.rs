//! What can go wrong in the host.

use std::io;
use std::path::PathBuf;

/// Why the host cannot answer.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The engine's address is not where it should be.
    #[error("usage: pulumi-language-rust [FLAG…] ENGINE_ADDRESS; the Pulumi CLI starts it, people do not")]
    NoEngineAddress,
    /// It cannot listen.
    #[error("listening on 127.0.0.1")]
    Listen(#[source] io::Error),
    /// The gRPC server failed.
    #[error("serving the engine")]
    Serve(#[source] tonic::transport::Error),
    /// A program cannot be started.
    #[error("starting {program}")]
    Start {
        /// What was to run.
        program: String,
        /// Why it does not.
        #[source]
        source: io::Error,
    },
    /// A program that was started cannot be waited for.
    #[error("waiting for {program}")]
    Wait {
        /// What runs.
        program: String,
        /// Why its end is not known.
        #[source]
        source: io::Error,
    },
    /// An option in `Pulumi.yaml` is not as it should be.
    #[error("Pulumi.yaml: runtime.options.{option}: expected {expected}, found {found}")]
    Option {
        /// The option's name.
        option: String,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// The program that `binary` names is not there.
    #[error(
        "Pulumi.yaml: runtime.options.binary: there is no file {0}; build the program first, or leave the option out and cargo builds it"
    )]
    NoBinary(PathBuf),
    /// There is nothing to build.
    #[error("no Cargo.toml in {0} or above it; a program in Rust is a cargo package")]
    NoPackage(PathBuf),
    /// Cargo answered something else than expected.
    #[error("{0}")]
    Cargo(String),
    /// The program does not compile.
    #[error("the program does not compile\n{0}")]
    Compile(String),
    /// A file or folder cannot be read or written.
    #[error("{0}")]
    File(PathBuf, #[source] io::Error),
    /// The run was cancelled.
    #[error("cancelled")]
    Cancelled,
}

/// The error with its causes, as one text.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
