//! A resource of a package that extends another, and one of that other.
//!
//! ```cargo
//! [dependencies]
//! pulumi-extbase = "45.0.0"
//! pulumi-myext = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_extbase::{Base, BaseArgs};
use pulumi_myext::{Greeting, GreetingArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let greeting = Greeting::new(&context, "greeting", GreetingArgs::new());
    let base = Base::new(&context, "base", BaseArgs::new());
    context.export("parameterValue", greeting.parameter_value());
    context.export("baseValue", base.base_value());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
