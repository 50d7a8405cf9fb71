//! A package whose version is not a release.
//!
//! ```cargo
//! [dependencies]
//! pulumi-alpha = "3.0.0-alpha.1.internal+exp.sha.12345678"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_alpha::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    Resource::new(&context, "res", ResourceArgs::new().value(true));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
