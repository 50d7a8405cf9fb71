//! A provider that a component hands on to a component of another language in it.
//!
//! ```cargo
//! [dependencies]
//! pulumi-component = "13.3.7"
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions, ToInput};
use pulumi_component::{ComponentForeignChild, ComponentForeignChildArgs};
use pulumi_simple::{Provider, ProviderArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let explicit = Provider::new(&context, "explicit", ProviderArgs::new());
    let options = ResourceOptions::new().provider_of("simple", &explicit);
    let local = context.component("components:index:Local", "withProviders", options);

    let args = ComponentForeignChildArgs::new().value(true);
    let remote = ComponentForeignChild::new(local.context(), "withProviders-mlc", args);
    local.register_outputs([("result", remote.value().to_input())]);
    context.export("result", remote.value());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
