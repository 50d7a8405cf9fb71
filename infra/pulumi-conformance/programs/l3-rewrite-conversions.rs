//! Values that are read from texts, for a resource and for a component.
//!
//! ```cargo
//! [dependencies]
//! pulumi-primitive = "7.0.0"
//! ```

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Context, Inputs, ResourceOptions};
use pulumi_primitive::{Resource, ResourceArgs};
use std::collections::BTreeMap;

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let args = ResourceArgs::new()
        .boolean("true".parse::<bool>()?)
        .float("3.14".parse::<f64>()?)
        .integer("42".parse::<i64>()?)
        .string(false.to_string())
        .number_array(["-1".parse::<f64>()?, "0".parse()?, "1".parse()?])
        .boolean_map([("t", "true".parse::<bool>()?), ("f", "false".parse()?)]);
    Resource::new(&context, "direct", args);

    let (boolean, float, integer): (bool, f64, i64) = ("false".parse()?, "2.5".parse()?, "7".parse()?);
    let string = true.to_string();
    let numbers: Vec<f64> = vec!["10".parse()?, "11".parse()?];
    let booleans: BTreeMap<&str, bool> =
        BTreeMap::from([("left", "true".parse()?), ("right", "false".parse()?)]);
    let inputs = Inputs::new()
        .with("boolean", boolean)
        .with("float", float)
        .with("integer", integer)
        .with("string", &string)
        .with("numberArray", &numbers)
        .with("booleanMap", &booleans);
    let component = context.component_with_inputs(
        "components:index:Converted",
        "converted",
        inputs,
        ResourceOptions::new(),
    );
    let args = ResourceArgs::new()
        .boolean(boolean)
        .float(float)
        .integer(integer)
        .string(string)
        .number_array(numbers)
        .boolean_map(booleans);
    Resource::new(component.context(), "converted-res", args);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
