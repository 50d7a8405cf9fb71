//! Hooks before a creation, one of them in previews too.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, HookOptions, HookPoint, ResourceOptions};
use pulumi_simple::{Resource, ResourceArgs};
use std::process::Command;

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let test_file: String = config.require("hookTestFile")?;
    let preview_file: String = config.require("hookPreviewFile")?;
    let create = context.resource_hook("createHook", HookOptions::default(), move |_| {
        let touched = run("touch", std::slice::from_ref(&test_file));
        async move { touched }
    });
    let hook_options = HookOptions { on_dry_run: true, ..HookOptions::default() };
    let preview = context.resource_hook("previewHook", hook_options, move |call| {
        let touched = run("touch", &[format!("{preview_file}_{}", call.name)]);
        async move { touched }
    });
    let options =
        ResourceOptions::new().hook(HookPoint::BeforeCreate, &create).hook(HookPoint::BeforeCreate, &preview);
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
