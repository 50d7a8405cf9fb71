//! Resources whose names end as those of generated types do elsewhere.
//!
//! ```cargo
//! [dependencies]
//! pulumi-names = "6.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_names::mod_::{self, nested};
use pulumi_names::{
    ResArray, ResArrayArgs, ResList, ResListArgs, ResMap, ResMapArgs, ResResource, ResResourceArgs,
};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    ResMap::new(&context, "res1", ResMapArgs::new().value(true));
    ResArray::new(&context, "res2", ResArrayArgs::new().value(true));
    ResList::new(&context, "res3", ResListArgs::new().value(true));
    ResResource::new(&context, "res4", ResResourceArgs::new().value(true));
    mod_::Res::new(&context, "res5", mod_::ResArgs::new().value(true));
    nested::Res::new(&context, "res6", nested::ResArgs::new().value(true));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
