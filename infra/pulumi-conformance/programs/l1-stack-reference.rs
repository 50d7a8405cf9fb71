//! Outputs of another stack.

use std::process::ExitCode;

use pulumi::{Context, StackReference, Value};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let other = StackReference::new(&context, "organization/other/dev");
    context.export("plain", other.output::<Value>("plain"));
    let secret = other.output::<Value>("secret");
    context.export("secret", &secret);
    context.export("secret_unsecret", secret.unsecret());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
