//! A resource that exists already and is taken over.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let options = ResourceOptions::new().import("fakeID123");
    Resource::with_options(&context, "import", ResourceArgs::new().value(true), options);
    Resource::new(&context, "notImport", ResourceArgs::new().value(true));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
