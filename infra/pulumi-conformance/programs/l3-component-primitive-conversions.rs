//! A component that is given values of other primitive types than it takes.
//!
//! ```cargo
//! [dependencies]
//! pulumi-primitive = "7.0.0"
//! ```

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, Input, Inputs, Output, ResourceOptions, ToInput};
use pulumi_primitive::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let plain_string: bool = config.require("plainString")?;
    let plain_integer: i64 = config.require("plainInteger")?;
    let plain_numeric_string: i64 = config.require("plainNumericString")?;
    let plain_number: f64 = config.require("plainNumber")?;
    let args = ConversionArgs {
        boolean: plain_string.into(),
        float: (plain_integer as f64).into(),
        integer: plain_numeric_string.into(),
        string: plain_number.to_string().into(),
    };
    conversion_component(&context, "plainValues", args);

    let secret_integer: Output<i64> = config.require_secret("secretInteger")?;
    let secret_number: Output<f64> = config.require_secret("secretNumber")?;
    let args = ConversionArgs {
        boolean: config.require_secret::<bool>("secretString")?.into(),
        float: secret_integer.map(|integer| integer as f64).into(),
        integer: config.require_secret::<i64>("secretNumericString")?.into(),
        string: secret_number.map(|number| number.to_string()).into(),
    };
    conversion_component(&context, "secretValues", args);
    Ok(())
}

struct ConversionArgs {
    boolean: Input<bool>,
    float: Input<f64>,
    integer: Input<i64>,
    string: Input<String>,
}

fn conversion_component(context: &Context, name: &str, args: ConversionArgs) {
    let inputs = Inputs::new()
        .with("boolean", &args.boolean)
        .with("float", &args.float)
        .with("integer", &args.integer)
        .with("string", &args.string);
    let token = "components:index:ConversionComponent";
    let component = context.component_with_inputs(token, name, inputs, ResourceOptions::new());
    let args = ResourceArgs::new()
        .boolean(args.boolean)
        .float(args.float)
        .integer(args.integer)
        .string(args.string)
        .number_array([2.0, 42.0, 6.5])
        .boolean_map([("fromBool", true), ("fromString", true)]);
    let res = Resource::new(component.context(), format!("{name}-res"), args);
    component.register_outputs([
        ("boolean", res.boolean().to_input()),
        ("float", res.float().to_input()),
        ("integer", res.integer().to_input()),
        ("string", res.string().to_input()),
    ]);
}

fn main() -> ExitCode {
    pulumi::run(program)
}
