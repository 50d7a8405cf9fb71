//! Names with whatever characters there are.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let value: bool = config.require("cC-Charlie_charlie.😃⁉️")?;
    let res = Resource::new(&context, "aA-Alpha_alpha.🤯⁉️", ResourceArgs::new().value(value));
    context.export("bB-Beta_beta.💜⁉", res.value());
    context.export("dD-Delta_delta.🔥⁉", res.value());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
