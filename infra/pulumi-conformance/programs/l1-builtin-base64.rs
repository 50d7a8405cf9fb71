//! A text from Base64 and back.
//!
//! Runs: 2

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, functions};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let bytes = functions::from_base64(&config.require::<String>("input")?)?;
    context.export("data", &bytes);
    context.export("roundtrip", functions::to_base64(&bytes));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
