//! A hook that has a failed creation tried again.
//!
//! ```cargo
//! [dependencies]
//! pulumi-flaky = "46.0.0"
//! ```

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, OnError, ResourceOptions};
use pulumi_flaky::{FlakyCreate, FlakyCreateArgs};
use std::process::Command;

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let file: String = config.require("hookTestFile")?;
    let hook = context.error_hook("retryHook", move |_| {
        let touched = run("touch", std::slice::from_ref(&file));
        async move { touched.map(|()| OnError::Retry) }
    });
    FlakyCreate::with_options(
        &context,
        "res",
        FlakyCreateArgs::new(),
        ResourceOptions::new().on_error(&hook),
    );
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
