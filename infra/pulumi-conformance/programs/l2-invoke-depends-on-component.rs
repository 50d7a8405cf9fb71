//! A function that is asked once a component is there.
//!
//! ```cargo
//! [dependencies]
//! pulumi-component = "13.3.7"
//! ```

use std::process::ExitCode;

use pulumi::{Context, InvokeOptions};
use pulumi_component::{
    ComponentCustomRefOutput, ComponentCustomRefOutputArgs, IdentityArgs, identity_with_options,
};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = ComponentCustomRefOutputArgs::new().value("checked");
    let target = ComponentCustomRefOutput::new(&context, "target", args);
    let options = InvokeOptions::new().depends_on(&target);
    let data = identity_with_options(&context, IdentityArgs::new().input("reachable"), options);
    context.export("echoed", data.map(|data| data.result));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
