//! Enums of integers, numbers and texts, in several modules, in lists, maps, objects and unions.
//!
//! ```cargo
//! [dependencies]
//! pulumi-enum = "30.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_enum::mod_::{self, nested};
use pulumi_enum::{Deluxe, DeluxeArgs, HolderArgs, IntEnum, NumberEnum, StringEnum, WordyEnum};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = pulumi_enum::ResArgs::new();
    let args = args.int_enum(pulumi_enum::IntEnum::IntOne).string_enum(pulumi_enum::StringEnum::StringTwo);
    pulumi_enum::Res::new(&context, "sink1", args);

    let args = mod_::ResArgs::new();
    let args = args.int_enum(mod_::IntEnum::IntOne).string_enum(mod_::StringEnum::StringTwo);
    mod_::Res::new(&context, "sink2", args);

    let args = nested::ResArgs::new();
    let args = args.int_enum(nested::IntEnum::IntOne).string_enum(nested::StringEnum::StringTwo);
    nested::Res::new(&context, "sink3", args);

    let args = DeluxeArgs::new()
        .number_enum(NumberEnum::ZeroPointOne)
        .wordy_enum(WordyEnum::ItSGotApostrophes)
        .array_of_enum([StringEnum::StringOne, StringEnum::StringTwo])
        .map_of_enum([("small", IntEnum::IntOne), ("large", IntEnum::IntTwo)])
        .holder(HolderArgs::new().size(IntEnum::IntTwo).color(StringEnum::StringOne))
        .union_enum(WordyEnum::AValueWithSpaces);
    Deluxe::new(&context, "sink4", args);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
