//! A hook that fails after a creation.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, HookOptions, HookPoint, ResourceOptions};
use pulumi_simple::{Resource, ResourceArgs};
use std::error::Error;
use std::process::Command;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let hook = context.resource_hook("failingHook", HookOptions::default(), |_| async { run("false", &[]) });
    let options = ResourceOptions::new().hook(HookPoint::AfterCreate, &hook);
    Resource::with_options(&context, "res", ResourceArgs::new().value(true), options);
    Ok(())
}

/// Runs a command, which must succeed.
fn run(program: &str, arguments: &[String]) -> Result<(), Box<dyn Error + Send + Sync>> {
    let status = Command::new(program).args(arguments).status()?;
    if status.success() { Ok(()) } else { Err(format!("{program}: {status}").into()) }
}

fn main() -> ExitCode {
    pulumi::run(program)
}
