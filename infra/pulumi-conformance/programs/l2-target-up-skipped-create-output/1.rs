//! A third one that the engine does not make, because it is not among the targets.
//!
//! ```cargo
//! [dependencies]
//! pulumi-nestedobject = "1.42.0"
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, interpolate};
use pulumi_nestedobject::{Container, ContainerArgs};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    Resource::new(&context, "target", ResourceArgs::new().value(true));
    Container::new(&context, "other", ContainerArgs::new().inputs(["a"]));
    let skipped = Container::new(&context, "skipped", ContainerArgs::new().inputs(["b"]));
    let key = skipped.details().map(|details| details[0].key.clone());
    context.export("skippedOutput", interpolate!("skipped-{}", key));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
