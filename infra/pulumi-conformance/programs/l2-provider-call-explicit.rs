//! Methods of a provider instance, and of a resource that it makes.
//!
//! ```cargo
//! [dependencies]
//! pulumi-call = "15.7.9"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_call::{Custom, CustomArgs, Provider, ProviderArgs, ProviderPrefixedArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let provider = Provider::new(&context, "explicitProv", ProviderArgs::new().value("explicitProvValue"));
    let options = ResourceOptions::new().provider(&provider);
    let res =
        Custom::with_options(&context, "explicitRes", CustomArgs::new().value("explicitValue"), options);
    context.export("explicitProviderValue", res.provider_value(&context).map(|answer| answer.result));
    context.export("explicitProvFromIdentity", provider.identity(&context).map(|answer| answer.result));
    let args = ProviderPrefixedArgs::new().prefix("call-prefix-");
    context.export("explicitProvFromPrefixed", provider.prefixed(&context, args).map(|answer| answer.result));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
