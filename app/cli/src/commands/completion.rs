//! `miyabi completion`: what a shell needs to complete this command's words.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::CommandFactory;

use super::reader_is_gone;
use crate::arguments::{Arguments, CompletionArguments};

/// `miyabi completion`.
pub(crate) fn completion(arguments: &CompletionArguments) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "miyabi", &mut script);
    match io::stdout().write_all(&script) {
        Err(error) if !reader_is_gone(&error) => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}
