//! Lists and maps of the configuration as inputs, plain and secret.
//!
//! ```cargo
//! [dependencies]
//! pulumi-primitive = "7.0.0"
//! ```

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, Output};
use pulumi_primitive::{Resource, ResourceArgs};
use std::collections::BTreeMap;

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let numbers: Vec<f64> = config.require_object("plainNumberArray")?;
    let booleans: BTreeMap<String, bool> = config.require_object("plainBooleanMap")?;
    let args = ResourceArgs::new().boolean(true).float(3.5).integer(3).string("plain");
    Resource::new(&context, "plain", args.number_array(numbers).boolean_map(booleans));

    let numbers: Output<Vec<f64>> = config.require_secret_object("secretNumberArray")?;
    let booleans: Output<BTreeMap<String, bool>> = config.require_secret_object("secretBooleanMap")?;
    let args = ResourceArgs::new().boolean(true).float(3.5).integer(3).string("secret");
    Resource::new(&context, "secret", args.number_array(numbers).boolean_map(booleans));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
