//! What a program is told about its stack.

use std::process::ExitCode;

use pulumi::Context;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    context.export("stackOutput", context.stack());
    context.export("projectOutput", context.project());
    context.export("organizationOutput", context.organization());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
