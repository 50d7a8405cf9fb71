//! Outputs of a resource that a component refers to.
//!
//! ```cargo
//! [dependencies]
//! pulumi-component = "13.3.7"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_component::{ComponentCustomRefOutput, ComponentCustomRefOutputArgs, Custom, CustomArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = ComponentCustomRefOutputArgs::new().value("foo-bar-baz");
    let component = ComponentCustomRefOutput::new(&context, "component1", args);
    Custom::new(&context, "custom1", CustomArgs::new().value(component.value()));
    let value = component.ref_().and_then(|custom| custom.value());
    Custom::new(&context, "custom2", CustomArgs::new().value(value));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
