//! Which providers children have of their parents.
//!
//! ```cargo
//! [dependencies]
//! pulumi-primitive = "7.0.0"
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_simple::{Provider, ProviderArgs};
use pulumi_simple::{Resource, ResourceArgs};
use std::collections::BTreeMap;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let provider = Provider::new(&context, "provider", ProviderArgs::new());
    let options = ResourceOptions::new().provider(&provider);
    let parent1 = Resource::with_options(&context, "parent1", ResourceArgs::new().value(true), options);
    let options = ResourceOptions::new().parent(&parent1);
    Resource::with_options(&context, "child1", ResourceArgs::new().value(true), options);

    let parent2 = pulumi_primitive::Resource::new(&context, "parent2", nothing());
    let options = ResourceOptions::new().parent(&parent2);
    Resource::with_options(&context, "child2", ResourceArgs::new().value(true), options);

    let options = ResourceOptions::new().parent(&parent1);
    pulumi_primitive::Resource::with_options(&context, "child3", nothing(), options);
    Ok(())
}

fn nothing() -> pulumi_primitive::ResourceArgs {
    pulumi_primitive::ResourceArgs::new()
        .boolean(false)
        .float(0)
        .integer(0)
        .string("")
        .number_array(Vec::<f64>::new())
        .boolean_map(BTreeMap::<String, bool>::new())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
