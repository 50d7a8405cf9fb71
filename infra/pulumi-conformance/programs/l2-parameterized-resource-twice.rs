//! Two packages that parameters make of the same plugin.
//!
//! ```cargo
//! [dependencies]
//! pulumi-byepackage = "2.0.0"
//! pulumi-hipackage = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_byepackage::{GoodbyeWorld, GoodbyeWorldArgs, GoodbyeWorldComponent, GoodbyeWorldComponentArgs};
use pulumi_hipackage::{HelloWorld, HelloWorldArgs, HelloWorldComponent, HelloWorldComponentArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let example1 = HelloWorld::new(&context, "example1", HelloWorldArgs::new());
    let component1 = HelloWorldComponent::new(&context, "exampleComponent1", HelloWorldComponentArgs::new());
    context.export("parameterValue1", example1.parameter_value());
    context.export("parameterValueFromComponent1", component1.parameter_value());

    let example2 = GoodbyeWorld::new(&context, "example2", GoodbyeWorldArgs::new());
    let component2 =
        GoodbyeWorldComponent::new(&context, "exampleComponent2", GoodbyeWorldComponentArgs::new());
    context.export("parameterValue2", example2.parameter_value());
    context.export("parameterValueFromComponent2", component2.parameter_value());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
