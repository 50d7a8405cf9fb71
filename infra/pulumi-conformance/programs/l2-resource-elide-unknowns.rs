//! Outputs that a provider leaves out of its answer while it does not know them.
//!
//! ```cargo
//! [dependencies]
//! pulumi-output = "23.0.0"
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, Output, ResourceOptions};
use pulumi_output::{ComplexResource, ComplexResourceArgs, Provider, ProviderArgs};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let provider = Provider::new(&context, "prov", ProviderArgs::new().elide_unknowns(true));
    let options = ResourceOptions::new().provider(&provider);
    let args = pulumi_output::ResourceArgs::new().value(1);
    let unknown = pulumi_output::Resource::with_options(&context, "unknown", args, options.clone());
    let complex =
        ComplexResource::with_options(&context, "complex", ComplexResourceArgs::new().value(1), options);

    let from_array = complex.output_array().map(|array| array[0].clone());
    let from_map = complex.output_map().map(|map| map["x"].clone());
    let from_object = complex.output_object().map(|object| object.output);
    let is_hello = |output: &Output<String>| output.map(|text| text == "hello");
    Resource::new(&context, "res", ResourceArgs::new().value(is_hello(&unknown.output())));
    Resource::new(&context, "resArray", ResourceArgs::new().value(is_hello(&from_array)));
    Resource::new(&context, "resMap", ResourceArgs::new().value(is_hello(&from_map)));
    Resource::new(&context, "resObject", ResourceArgs::new().value(is_hello(&from_object)));

    context.export("out", unknown.output());
    context.export("outArray", from_array);
    context.export("outMap", from_map);
    context.export("outObject", from_object);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
