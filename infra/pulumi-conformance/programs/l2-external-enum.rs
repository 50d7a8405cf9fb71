//! An enum of another package.
//!
//! ```cargo
//! [dependencies]
//! pulumi-enum = "30.0.0"
//! pulumi-extenumref = "32.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_enum::{IntEnum, Res, ResArgs, StringEnum};
use pulumi_extenumref::{Sink, SinkArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = ResArgs::new().int_enum(IntEnum::IntOne).string_enum(StringEnum::StringOne);
    Res::new(&context, "myRes", args);
    Sink::new(&context, "mySink", SinkArgs::new().string_enum(StringEnum::StringTwo));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
