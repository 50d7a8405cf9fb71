//! A resource that exists already and is read.
//!
//! ```cargo
//! [dependencies]
//! pulumi-read = "39.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_read::{Resource, ResourceState};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let res = Resource::get(&context, "res", "existing-id", ResourceState::new().lookup("existing-key"));
    context.export("resourceId", res.id());
    context.export("resourceUrn", res.urn());
    context.export("lookup", res.lookup());
    context.export("value", res.value());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
