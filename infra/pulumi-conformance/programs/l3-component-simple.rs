//! A component with an input and an output.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, Inputs, Output, ResourceOptions, ToInput};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let input = Resource::new(&context, "input", ResourceArgs::new().value(true));
    context.export("result", my_component(&context, "someComponent", input.value()));
    Ok(())
}

fn my_component(context: &Context, name: &str, input: Output<bool>) -> Output<bool> {
    let inputs = Inputs::new().with("input", &input);
    let token = "components:index:MyComponent";
    let component = context.component_with_inputs(token, name, inputs, ResourceOptions::new());
    let args = ResourceArgs::new().value(input);
    let res = Resource::new(component.context(), format!("{name}-res"), args);
    component.register_outputs([("output", res.value().to_input())]);
    res.value()
}

fn main() -> ExitCode {
    pulumi::run(program)
}
