//! Methods of a component, with and without arguments.
//!
//! ```cargo
//! [dependencies]
//! pulumi-component = "13.3.7"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_component::{ComponentCallable, ComponentCallableArgs, ComponentCallablePrefixedArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let component = ComponentCallable::new(&context, "component1", ComponentCallableArgs::new().value("bar"));
    context.export("from_identity", component.identity(&context).map(|answer| answer.result));
    let args = ComponentCallablePrefixedArgs::new().prefix("foo-");
    context.export("from_prefixed", component.prefixed(&context, args).map(|answer| answer.result));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
