//! What children have of their parents.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_simple::{Provider, ProviderArgs};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let provider = Provider::new(&context, "provider", ProviderArgs::new());
    let options = ResourceOptions::new().provider(&provider);
    let parent1 = Resource::with_options(&context, "parent1", ResourceArgs::new().value(true), options);
    let options = ResourceOptions::new().parent(&parent1);
    Resource::with_options(&context, "child1", ResourceArgs::new().value(true), options);
    Resource::new(&context, "orphan1", ResourceArgs::new().value(true));
    let options = ResourceOptions::new().protect(true).retain_on_delete(true);
    let parent2 = Resource::with_options(&context, "parent2", ResourceArgs::new().value(true), options);
    let options = ResourceOptions::new().parent(&parent2);
    Resource::with_options(&context, "child2", ResourceArgs::new().value(true), options);
    let options = ResourceOptions::new().parent(&parent2).protect(false).retain_on_delete(false);
    Resource::with_options(&context, "child3", ResourceArgs::new().value(true), options);
    Resource::new(&context, "orphan2", ResourceArgs::new().value(true));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
