//! A component with a provider instance of its own.
//!
//! ```cargo
//! [dependencies]
//! pulumi-config = "9.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, Inputs, ResourceOptions, ToInput};
use pulumi_config::{Provider, ProviderArgs, Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let inputs = Inputs::new().with("text", "hello");
    let token = "components:index:ProviderComponent";
    let component = context.component_with_inputs(token, "myComponent", inputs, ResourceOptions::new());

    let inside = component.context();
    let provider = Provider::new(inside, "myComponent-prov", ProviderArgs::new().name("my config"));
    let options = ResourceOptions::new().provider(&provider);
    let args = ResourceArgs::new().text("hello");
    let res = Resource::with_options(inside, "myComponent-res", args, options);
    component.register_outputs([("result", res.text().to_input())]);
    context.export("result", res.text());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
