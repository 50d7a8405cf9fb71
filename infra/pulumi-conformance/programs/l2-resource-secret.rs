//! Properties that are secret by their schema, at every depth.
//!
//! ```cargo
//! [dependencies]
//! pulumi-secret = "14.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_secret::{DataArgs, Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let data = || DataArgs::new().private("closed").public("open");
    let args = ResourceArgs::new()
        .private("closed")
        .public("open")
        .private_data(data())
        .public_data(data())
        .private_array(["closed"])
        .private_map([("key", "closed")])
        .private_data_array([data()])
        .private_data_map([("key", data())]);
    Resource::new(&context, "res", args);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
