//! A program that needs a version of the Pulumi CLI.
//!
//! Runs: 2

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    context.require_pulumi_version(config.require::<String>("version")?);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
