//! A secret number from the configuration.

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, Output};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let a_number: Output<f64> = config.require_secret("aNumber")?;
    context.export("roundtrip", &a_number);
    context.export("theSecretNumber", a_number.map(|number| number + 1.25));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
