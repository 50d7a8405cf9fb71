//! A package that extends another: a resource, a component, a function.
//!
//! ```cargo
//! [dependencies]
//! pulumi-myext = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_myext::{GreetArgs, Greeting, GreetingArgs, GreetingComponent, GreetingComponentArgs, greet};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let greeting = Greeting::new(&context, "greeting", GreetingArgs::new());
    let component = GreetingComponent::new(&context, "greetingComp", GreetingComponentArgs::new());
    context.export("parameterValue", greeting.parameter_value());
    context.export("parameterValueFromComponent", component.parameter_value());
    let answer = greet(&context, GreetArgs::new().name("Pulumi"));
    context.export("invokeGreeting", answer.map(|answer| answer.greeting));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
