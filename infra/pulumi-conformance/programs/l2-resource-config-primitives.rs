//! Primitive values of the configuration as inputs, plain and secret.
//!
//! ```cargo
//! [dependencies]
//! pulumi-primitive = "7.0.0"
//! ```

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context};
use pulumi_primitive::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let args = ResourceArgs::new()
        .boolean(config.require::<bool>("plainBool")?)
        .float(config.require::<f64>("plainNumber")?)
        .integer(config.require::<i64>("plainInteger")?)
        .string(config.require::<String>("plainString")?)
        .number_array([-1.0, 0.0, 1.0])
        .boolean_map([("t", true), ("f", false)]);
    Resource::new(&context, "plain", args);

    let args = ResourceArgs::new()
        .boolean(config.require_secret::<bool>("secretBool")?)
        .float(config.require_secret::<f64>("secretNumber")?)
        .integer(config.require_secret::<i64>("secretInteger")?)
        .string(config.require_secret::<String>("secretString")?)
        .number_array([-2.0, 0.0, 2.0])
        .boolean_map([("t", true), ("f", false)]);
    Resource::new(&context, "secret", args);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
