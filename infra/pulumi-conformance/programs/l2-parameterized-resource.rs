//! A resource and a component of a package that parameters make.
//!
//! ```cargo
//! [dependencies]
//! pulumi-subpackage = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_subpackage::{HelloWorld, HelloWorldArgs, HelloWorldComponent, HelloWorldComponentArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let example = HelloWorld::new(&context, "example", HelloWorldArgs::new());
    let component = HelloWorldComponent::new(&context, "exampleComponent", HelloWorldComponentArgs::new());
    context.export("parameterValue", example.parameter_value());
    context.export("parameterValueFromComponent", component.parameter_value());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
