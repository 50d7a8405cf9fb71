//! The greatest of a list.

use std::process::ExitCode;

use pulumi::Context;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    context.export("expandedMax", [1, 2, 3].into_iter().max());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
