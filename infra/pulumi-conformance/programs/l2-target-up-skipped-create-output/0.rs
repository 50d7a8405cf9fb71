//! Two resources.
//!
//! ```cargo
//! [dependencies]
//! pulumi-nestedobject = "1.42.0"
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_nestedobject::{Container, ContainerArgs};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    Resource::new(&context, "target", ResourceArgs::new().value(true));
    Container::new(&context, "other", ContainerArgs::new().inputs(["a"]));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
