//! A component whose inputs take values and no outputs.
//!
//! ```cargo
//! [dependencies]
//! pulumi-plaincomponent = "36.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_plaincomponent::{Component, ComponentArgs, SettingsArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let settings = SettingsArgs::new().enabled(true).tags([("env", "test")]);
    let component =
        Component::new(&context, "myComponent", ComponentArgs::new().name("my-resource").settings(settings));
    context.export("label", component.label());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
