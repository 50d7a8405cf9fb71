//! A value that passes through the program from one resource to another.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let res1 = Resource::new(&context, "res1", ResourceArgs::new().value(true));
    let local = res1.value();
    let res2 = Resource::new(&context, "res2", ResourceArgs::new().value(local));
    context.export("out", res2.value());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
