//! A module whose name begins like that of the root.
//!
//! ```cargo
//! [dependencies]
//! pulumi-index-mod = "35.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_index_mod::index_mine::{self, nested};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let answer = index_mine::concat_world(&context, index_mine::ConcatWorldArgs::new().value("hello"));
    let args = index_mine::ResourceArgs::new().text(answer.map(|answer| answer.result));
    let res1 = index_mine::Resource::new(&context, "res1", args);
    let answer = res1.call(&context, index_mine::ResourceCallArgs::new().input("x"));
    context.export("out1", answer.map(|answer| answer.output));

    let answer = nested::concat_world(&context, nested::ConcatWorldArgs::new().value("goodbye"));
    let args = nested::ResourceArgs::new().text(answer.map(|answer| answer.result));
    let res2 = nested::Resource::new(&context, "res2", args);
    let answer = res2.call(&context, nested::ResourceCallArgs::new().input("xx"));
    context.export("out2", answer.map(|answer| answer.output));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
