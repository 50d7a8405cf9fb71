//! A resource that stays when it leaves the program.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let options = ResourceOptions::new().retain_on_delete(true);
    Resource::with_options(&context, "retainOnDelete", ResourceArgs::new().value(true), options);
    let options = ResourceOptions::new().retain_on_delete(false);
    Resource::with_options(&context, "notRetainOnDelete", ResourceArgs::new().value(true), options);
    Resource::new(&context, "defaulted", ResourceArgs::new().value(true));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
