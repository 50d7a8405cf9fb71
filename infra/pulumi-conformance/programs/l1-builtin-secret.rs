//! Secrets: from configuration, made and undone.

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, Output};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let a_secret: Output<String> = config.require_secret("aSecret")?;
    let not_secret: String = config.require("notSecret")?;
    context.export("roundtripSecret", &a_secret);
    context.export("roundtripNotSecret", &not_secret);
    context.export("double", a_secret.to_secret());
    context.export("open", a_secret.unsecret());
    context.export("close", Output::secret(not_secret));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
