//! An instance of a provider, and a resource that it makes.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_simple::{Provider, ProviderArgs, Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let provider = Provider::new(&context, "prov", ProviderArgs::new());
    let options = ResourceOptions::new().provider(&provider);
    Resource::with_options(&context, "res", ResourceArgs::new().value(true), options);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
