//! A setting whose default a provider knows.
//!
//! Runs: 2
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple-invoke = "10.0.0"
//! ```

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, Output};
use pulumi_simple_invoke::{MyInvokeArgs, my_invoke};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let answer = my_invoke(&context, MyInvokeArgs::new().value("hello"));
    let result = match config.get::<String>("defaultFromInvoke")? {
        Some(given) => Output::known(given),
        None => answer.map(|answer| answer.result),
    };
    context.export("result", result);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
