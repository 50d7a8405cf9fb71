//! Values in place of those of a resource that is not made.
//!
//! ```cargo
//! [dependencies]
//! pulumi-fail-on-create = "4.0.0"
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let failing = pulumi_fail_on_create::Resource::new(
        &context,
        "failing",
        pulumi_fail_on_create::ResourceArgs::new().value(false),
    );

    context.export("recovered", failing.urn().recover(|error| format!("recovered: {}", error.chain())));
    let value = failing.value().recover(|error| !error.chain().is_empty());
    Resource::new(&context, "recovered_value", ResourceArgs::new().value(value));
    Resource::new(&context, "independent", ResourceArgs::new().value(true));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
