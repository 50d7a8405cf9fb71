//! A digest of a text.
//!
//! Runs: 2

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, functions};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    context.export("hash", functions::sha1(config.require::<String>("input")?));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
