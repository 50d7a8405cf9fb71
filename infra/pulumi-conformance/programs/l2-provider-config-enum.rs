//! A provider with an enum among its settings, which it also gives.
//!
//! ```cargo
//! [dependencies]
//! pulumi-config-enum = "41.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_config_enum::{MyEnum, Provider, ProviderArgs, Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let provider = Provider::new(&context, "prov", ProviderArgs::new().a_string("hello").a_enum(MyEnum::Two));
    let args = ResourceArgs::new().the_string(provider.a_string()).the_enum(provider.a_enum());
    Resource::with_options(&context, "res", args, ResourceOptions::new().provider(&provider));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
