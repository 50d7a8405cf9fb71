//! A component in a component.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, Inputs, Output, ResourceOptions, ToInput};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    context.export("result", outer_component(&context, "outerComponent", true));
    Ok(())
}

fn outer_component(context: &Context, name: &str, input: bool) -> Output<bool> {
    let inputs = Inputs::new().with("input", input);
    let token = "components:index:OuterComponent";
    let component = context.component_with_inputs(token, name, inputs, ResourceOptions::new());
    let output = inner_component(component.context(), &format!("{name}-innerComponent"), !input);
    component.register_outputs([("output", output.to_input())]);
    output
}

fn inner_component(context: &Context, name: &str, input: bool) -> Output<bool> {
    let inputs = Inputs::new().with("input", input);
    let token = "components:index:InnerComponent";
    let component = context.component_with_inputs(token, name, inputs, ResourceOptions::new());
    let args = ResourceArgs::new().value(!input);
    let res = Resource::new(component.context(), format!("{name}-res"), args);
    component.register_outputs([("output", res.value().to_input())]);
    res.value()
}

fn main() -> ExitCode {
    pulumi::run(program)
}
