//! The same stash is given another value, and keeps the first.

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions, Stash, Value};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let stash = Stash::new(&context, "myStash", "ignored", ResourceOptions::new());
    context.export("stashInput", stash.input::<Value>());
    context.export("stashOutput", stash.output::<Value>());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
