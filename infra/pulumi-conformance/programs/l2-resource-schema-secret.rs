//! An output that is secret by its schema, also while it is unknown.
//!
//! ```cargo
//! [dependencies]
//! pulumi-output = "23.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_output::{Provider, ProviderArgs, Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let elided = Provider::new(&context, "provElided", ProviderArgs::new().elide_unknowns(true));
    let not_elided = Provider::new(&context, "provNotElided", ProviderArgs::new());
    let options = ResourceOptions::new().provider(&elided);
    let top_elided =
        Resource::with_options(&context, "topLevelElided", ResourceArgs::new().value(1), options);
    let options = ResourceOptions::new().provider(&not_elided);
    let top_not_elided =
        Resource::with_options(&context, "topLevelNotElided", ResourceArgs::new().value(1), options);
    context.export("topLevelElided", top_elided.secret_output());
    context.export("topLevelNotElided", top_not_elided.secret_output());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
