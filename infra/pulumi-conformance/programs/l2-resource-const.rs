//! A property with one possible value.
//!
//! ```cargo
//! [dependencies]
//! pulumi-constant = "43.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_constant::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let first = Resource::new(&context, "first", ResourceArgs::new());
    context.export("kind", first.kind());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
