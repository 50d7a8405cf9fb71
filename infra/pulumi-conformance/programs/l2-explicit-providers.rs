//! Providers for what is in a component, by itself and by its package.
//!
//! ```cargo
//! [dependencies]
//! pulumi-component = "13.3.7"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_component::{ComponentCallable, ComponentCallableArgs, Provider, ProviderArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let explicit = Provider::new(&context, "explicit", ProviderArgs::new());
    let args = ComponentCallableArgs::new().value("value");
    ComponentCallable::with_options(&context, "list", args, ResourceOptions::new().provider(&explicit));
    let args = ComponentCallableArgs::new().value("value");
    let options = ResourceOptions::new().provider_of("component", &explicit);
    ComponentCallable::with_options(&context, "map", args, options);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
