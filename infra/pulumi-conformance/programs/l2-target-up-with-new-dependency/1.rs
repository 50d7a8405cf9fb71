//! One of them now comes after a third.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    Resource::new(&context, "targetOnly", ResourceArgs::new().value(true));
    let dep = Resource::new(&context, "dep", ResourceArgs::new().value(true));
    let options = ResourceOptions::new().depends_on(&dep);
    Resource::with_options(&context, "unrelated", ResourceArgs::new().value(true), options);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
