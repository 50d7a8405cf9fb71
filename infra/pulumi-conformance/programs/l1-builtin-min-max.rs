//! The greater and the lesser of two numbers.
//!
//! Runs: 3

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let a: f64 = config.require("a")?;
    let b: f64 = config.require("b")?;
    let c: i64 = config.require("c")?;
    let d: i64 = config.require("d")?;
    context.export("maxResult", a.max(b));
    context.export("minResult", a.min(b));
    context.export("intMaxResult", c.max(d));
    context.export("intMinResult", c.min(d));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
