//! The values change: one is unknown in the preview, one is secret.
//!
//! ```cargo
//! [dependencies]
//! pulumi-output = "23.0.0"
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, Output, ResourceOptions, Value};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let options = ResourceOptions::new().replacement_trigger(Value::String("test2".to_owned()));
    Resource::with_options(&context, "replacementTrigger", ResourceArgs::new().value(true), options);

    let args = pulumi_output::ResourceArgs::new().value(2);
    let unknown = pulumi_output::Resource::new(&context, "unknown", args);
    let options = ResourceOptions::new().replacement_trigger(unknown.output().map(Value::String));
    Resource::with_options(&context, "unknownReplacementTrigger", ResourceArgs::new().value(true), options);
    Resource::new(&context, "notReplacementTrigger", ResourceArgs::new().value(true));

    let numbers = [3.0, 2.0, 1.0].map(Value::Number).to_vec();
    let options = ResourceOptions::new().replacement_trigger(Output::secret(Value::Array(numbers)));
    Resource::with_options(&context, "secretReplacementTrigger", ResourceArgs::new().value(true), options);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
