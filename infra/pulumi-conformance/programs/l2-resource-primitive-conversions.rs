//! Values of one primitive type where another is taken.
//!
//! ```cargo
//! [dependencies]
//! pulumi-primitive = "7.0.0"
//! ```

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, Output};
use pulumi_primitive::{InvokeArgs, Resource, ResourceArgs, invoke};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let plain_bool: bool = config.require("plainBool")?;
    let plain_number: f64 = config.require("plainNumber")?;
    let plain_integer: i64 = config.require("plainInteger")?;
    let plain_string: bool = config.require("plainString")?;
    let plain_numeric_string: i64 = config.require("plainNumericString")?;
    let secret_number: Output<f64> = config.require_secret("secretNumber")?;
    let secret_integer: Output<i64> = config.require_secret("secretInteger")?;
    let secret_string: Output<bool> = config.require_secret("secretString")?;
    let secret_numeric_string: Output<i64> = config.require_secret("secretNumericString")?;
    let numbers = [plain_integer as f64, plain_numeric_string as f64, plain_number];
    let booleans = [("fromBool", plain_bool), ("fromString", plain_string)];

    let args = ResourceArgs::new()
        .boolean(plain_string)
        .float(plain_integer as f64)
        .integer(plain_numeric_string)
        .string(plain_number.to_string())
        .number_array(numbers)
        .boolean_map(booleans);
    Resource::new(&context, "plainValues", args);

    let args = ResourceArgs::new()
        .boolean(secret_string)
        .float(secret_integer.map(|integer| integer as f64))
        .integer(secret_numeric_string)
        .string(secret_number.map(|number| number.to_string()))
        .number_array(numbers)
        .boolean_map(booleans);
    Resource::new(&context, "secretValues", args);

    let args = InvokeArgs::new()
        .boolean(plain_string)
        .float(plain_integer as f64)
        .integer(plain_numeric_string)
        .string(plain_bool.to_string())
        .number_array(numbers)
        .boolean_map(booleans);
    let answer = invoke(&context, args);
    let args = ResourceArgs::new()
        .boolean(answer.map(|answer| answer.boolean))
        .float(answer.map(|answer| answer.float))
        .integer(answer.map(|answer| answer.integer))
        .string(answer.map(|answer| answer.string))
        .number_array(answer.map(|answer| answer.number_array))
        .boolean_map(answer.map(|answer| answer.boolean_map));
    Resource::new(&context, "invokeValues", args);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
