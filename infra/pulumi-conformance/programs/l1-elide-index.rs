//! A stash of a text.

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions, Stash};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let stash = Stash::new(&context, "myStash", "test", ResourceOptions::new());
    context.export("stashInput", stash.input::<String>());
    context.export("stashOutput", stash.output::<String>());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
