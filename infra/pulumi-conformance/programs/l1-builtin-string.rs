//! A text: counted, split, joined, put together.
//!
//! Runs: 6

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, functions};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let a_string: String = config.require("aString")?;
    let parts: Vec<String> = a_string.split('-').map(str::to_owned).collect();
    context.export("lengthResult", functions::text_length(&a_string) as i64);
    context.export("splitResult", &parts);
    context.export("joinResult", parts.join("|"));
    context.export("interpolateResult", format!("prefix-{a_string}"));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
