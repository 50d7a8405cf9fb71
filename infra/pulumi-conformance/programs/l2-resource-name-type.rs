//! The name and the type of a resource.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi::Resource as _;
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let res = Resource::new(&context, "res1", ResourceArgs::new().value(true));
    context.export("name", res.handle().name());
    context.export("type", res.handle().token());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
