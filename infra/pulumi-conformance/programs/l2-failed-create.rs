//! A resource that is not made, and others that need it or not.
//!
//! ```cargo
//! [dependencies]
//! pulumi-fail-on-create = "4.0.0"
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let failing = pulumi_fail_on_create::Resource::new(
        &context,
        "failing",
        pulumi_fail_on_create::ResourceArgs::new().value(false),
    );

    let options = ResourceOptions::new().depends_on(&failing);
    Resource::with_options(&context, "dependent", ResourceArgs::new().value(true), options);
    let on_output =
        Resource::new(&context, "dependent_on_output", ResourceArgs::new().value(failing.value()));
    let independent = Resource::new(&context, "independent", ResourceArgs::new().value(true));
    let options = ResourceOptions::new().depends_on(&independent).depends_on(&on_output);
    Resource::with_options(&context, "double_dependency", ResourceArgs::new().value(true), options);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
