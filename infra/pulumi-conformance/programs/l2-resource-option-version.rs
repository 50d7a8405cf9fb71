//! Versions of a plugin.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "26.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let options = ResourceOptions::new().version("2.0.0");
    Resource::with_options(&context, "withV2", ResourceArgs::new().value(true), options);
    let options = ResourceOptions::new().version("26.0.0");
    Resource::with_options(&context, "withV26", ResourceArgs::new().value(false), options);
    Resource::new(&context, "withDefault", ResourceArgs::new().value(true));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
