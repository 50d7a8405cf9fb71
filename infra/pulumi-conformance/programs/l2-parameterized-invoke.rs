//! A function of a package that parameters make.
//!
//! ```cargo
//! [dependencies]
//! pulumi-subpackage = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_subpackage::{DoHelloWorldArgs, do_hello_world};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let answer = do_hello_world(&context, DoHelloWorldArgs::new().input("goodbye"));
    context.export("parameterValue", answer.map(|answer| answer.output));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
