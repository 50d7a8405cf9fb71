//! Resources in a component whose names mean something in other languages.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, Inputs, ResourceOptions, ToInput};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let inputs = Inputs::new().with("input", true);
    let token = "components:index:KeywordComponent";
    let component = context.component_with_inputs(token, "comp", inputs, ResourceOptions::new());
    let inside = component.context();
    let this = Resource::new(inside, "comp-this", ResourceArgs::new().value(true));
    let parent = Resource::new(inside, "comp-parent", ResourceArgs::new().value(this.value()));
    component.register_outputs([("result", parent.value().to_input())]);
    context.export("result", parent.value());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
