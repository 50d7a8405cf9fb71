//! A component that asks a provider which it was given.
//!
//! ```cargo
//! [dependencies]
//! pulumi-config = "9.0.0"
//! pulumi-multi-argument-invoke = "44.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions, ToInput};
use pulumi_config::{GetConfigArgs, Provider, ProviderArgs, get_config};
use pulumi_multi_argument_invoke::{MultiArgumentInvokeArgs, multi_argument_invoke};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let provider = Provider::new(&context, "prov", ProviderArgs::new().name("my config"));
    let options = ResourceOptions::new().provider(&provider);
    let component = context.component("components:index:InvokeComponent", "myComponent", options);

    let inside = component.context();
    let greeting = multi_argument_invoke(inside, MultiArgumentInvokeArgs::new().first("hello"));
    let args = GetConfigArgs::new().text(greeting.map(|greeting| greeting.result));
    let config = get_config(inside, args);
    component.register_outputs([("result", config.map(|config| config.text).to_input())]);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
