//! A resource that goes with another.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let target = Resource::new(&context, "target", ResourceArgs::new().value(true));
    let options = ResourceOptions::new().deleted_with(&target);
    Resource::with_options(&context, "deletedWith", ResourceArgs::new().value(true), options);
    Resource::new(&context, "notDeletedWith", ResourceArgs::new().value(true));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
