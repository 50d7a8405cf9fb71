//! A resource that comes after another.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let first = Resource::new(&context, "noDependsOn", ResourceArgs::new().value(true));
    let options = ResourceOptions::new().depends_on(&first);
    Resource::with_options(&context, "withDependsOn", ResourceArgs::new().value(false), options);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
