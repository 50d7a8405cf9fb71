//! A resource of one component is given to another, and its outputs are read.
//!
//! ```cargo
//! [dependencies]
//! pulumi-component = "13.3.7"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_component::{ComponentCustomRefInputOutput, ComponentCustomRefInputOutputArgs};
use pulumi_component::{ComponentCustomRefOutput, ComponentCustomRefOutputArgs, Custom, CustomArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = ComponentCustomRefOutputArgs::new().value("foo-bar-baz");
    let component1 = ComponentCustomRefOutput::new(&context, "component1", args);
    let args = ComponentCustomRefInputOutputArgs::new().input_ref(component1.ref_());
    let component2 = ComponentCustomRefInputOutput::new(&context, "component2", args);
    let value = component2.input_ref().and_then(|custom| custom.value());
    Custom::new(&context, "custom1", CustomArgs::new().value(value));
    let value = component2.output_ref().and_then(|custom| custom.value());
    Custom::new(&context, "custom2", CustomArgs::new().value(value));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
