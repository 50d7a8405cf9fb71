//! A package with documentation, and a type of another package.
//!
//! ```cargo
//! [dependencies]
//! pulumi-docs = "28.0.0"
//! pulumi-enum = "30.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_docs::{FunArgs, Resource, ResourceArgs, fun};
use pulumi_enum::{IntEnum, StringEnum};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = pulumi_enum::ResArgs::new().int_enum(IntEnum::IntOne).string_enum(StringEnum::StringOne);
    pulumi_enum::Res::new(&context, "enumRes", args);

    let answer = fun(&context, FunArgs::new().in_(false));
    let args = ResourceArgs::new().in_(answer.map(|answer| answer.out)).external_enum(StringEnum::StringOne);
    Resource::new(&context, "res", args);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
