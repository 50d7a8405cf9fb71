//! A value that the state keeps.

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions, Stash, Value, json};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let value = json!({ "key": ["value", "s"], "": false });
    let stash = Stash::new(&context, "myStash", value, ResourceOptions::new());
    context.export("stashInput", stash.input::<Value>());
    context.export("stashOutput", stash.output::<Value>());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
