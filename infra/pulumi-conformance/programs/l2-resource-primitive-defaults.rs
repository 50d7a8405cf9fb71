//! Properties with defaults.
//!
//! ```cargo
//! [dependencies]
//! pulumi-primitive-defaults = "8.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_primitive_defaults::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = ResourceArgs::new().boolean(true).float(3.14).integer(42).string("hello");
    Resource::new(&context, "resExplicit", args);
    Resource::new(&context, "resDefaulted", ResourceArgs::new());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
