//! A resource that cannot be deleted.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let options = ResourceOptions::new().protect(true);
    Resource::with_options(&context, "protected", ResourceArgs::new().value(true), options);
    let options = ResourceOptions::new().protect(false);
    Resource::with_options(&context, "unprotected", ResourceArgs::new().value(true), options);
    Resource::new(&context, "defaulted", ResourceArgs::new().value(true));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
