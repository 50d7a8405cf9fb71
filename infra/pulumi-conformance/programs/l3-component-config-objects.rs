//! A component that takes a list and a map, plain and secret.
//!
//! ```cargo
//! [dependencies]
//! pulumi-primitive = "7.0.0"
//! ```

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, Inputs, List, Map, Output, ResourceOptions};
use pulumi_primitive::{Resource, ResourceArgs};
use std::collections::BTreeMap;

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let numbers: Vec<f64> = config.require_object("plainNumberArray")?;
    let booleans: BTreeMap<String, bool> = config.require_object("plainBooleanMap")?;
    primitive_component(&context, "plain", numbers.into(), booleans.into());

    let numbers: Output<Vec<f64>> = config.require_secret_object("secretNumberArray")?;
    let booleans: Output<BTreeMap<String, bool>> = config.require_secret_object("secretBooleanMap")?;
    primitive_component(&context, "secret", numbers.into(), booleans.into());
    Ok(())
}

fn primitive_component(context: &Context, name: &str, number_array: List<f64>, boolean_map: Map<bool>) {
    let inputs = Inputs::new().with("numberArray", &number_array).with("booleanMap", &boolean_map);
    let token = "components:index:PrimitiveComponent";
    let component = context.component_with_inputs(token, name, inputs, ResourceOptions::new());
    let args = ResourceArgs::new().boolean(true).float(3.5).integer(3).string("plain");
    let args = args.number_array(number_array).boolean_map(boolean_map);
    Resource::new(component.context(), format!("{name}-res"), args);
}

fn main() -> ExitCode {
    pulumi::run(program)
}
