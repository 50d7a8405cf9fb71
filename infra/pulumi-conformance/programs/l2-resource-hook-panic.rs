//! A hook that panics.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, HookOptions, HookPoint, ResourceOptions};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let hook = context.resource_hook("panicHook", HookOptions::default(), |_| async { panic!("hook panic") });
    let options = ResourceOptions::new().hook(HookPoint::AfterCreate, &hook);
    Resource::with_options(&context, "res", ResourceArgs::new().value(true), options);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
