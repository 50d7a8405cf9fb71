//! Configuration of every primitive type, required and with a default.

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let a_number: f64 = config.require("aNumber")?;
    context.export("theNumber", a_number + 1.25);
    let optional_number: f64 = config.get("optionalNumber")?.unwrap_or(41.5);
    context.export("defaultNumber", optional_number + 1.2);

    let an_int: i64 = config.require("anInt")?;
    context.export("theInteger", an_int + 4);
    let optional_int: i64 = config.get("optionalInt")?.unwrap_or(1);
    context.export("defaultInteger", optional_int + 2);

    let a_string: String = config.require("aString")?;
    context.export("theString", format!("{a_string} World"));
    let optional_string: String =
        config.get("optionalString")?.unwrap_or_else(|| "defaultStringValue".to_owned());
    context.export("defaultString", optional_string);

    let a_bool: bool = config.require("aBool")?;
    context.export("theBool", !a_bool);
    let optional_bool: bool = config.get("optionalBool")?.unwrap_or(false);
    context.export("defaultBool", optional_bool);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
