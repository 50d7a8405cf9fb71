//! One property of every item of a list that a resource gives.
//!
//! ```cargo
//! [dependencies]
//! pulumi-nestedobject = "1.42.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_nestedobject::{Container, ContainerArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let source = Container::new(&context, "source", ContainerArgs::new().inputs(["a", "b"]));
    let values =
        source.details().map(|details| details.into_iter().map(|detail| detail.value).collect::<Vec<_>>());
    Container::new(&context, "sink", ContainerArgs::new().inputs(values));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
