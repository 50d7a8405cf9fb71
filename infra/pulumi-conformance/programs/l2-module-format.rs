//! Modules by a format of the package: their tokens say more than their names.
//!
//! ```cargo
//! [dependencies]
//! pulumi-module-format = "29.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_module_format::mod_::{self, nested};
use pulumi_module_format::{self as root};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let answer = mod_::concat_world(&context, mod_::ConcatWorldArgs::new().value("hello"));
    let args = mod_::ResourceArgs::new().text(answer.map(|answer| answer.result));
    let res1 = mod_::Resource::new(&context, "res1", args);
    let answer = res1.call(&context, mod_::ResourceCallArgs::new().input("x"));
    context.export("out1", answer.map(|answer| answer.output));

    let answer = mod_::concat_world(&context, mod_::ConcatWorldArgs::new().value("goodbye"));
    let args = mod_::ResourceArgs::new().text(answer.map(|answer| answer.result));
    let res2 = mod_::Resource::new(&context, "res2", args);
    let answer = res2.call(&context, mod_::ResourceCallArgs::new().input("xx"));
    context.export("out2", answer.map(|answer| answer.output));

    let answer = nested::concat_world(&context, nested::ConcatWorldArgs::new().value("hello"));
    let args = nested::ResourceArgs::new().text(answer.map(|answer| answer.result));
    let res3 = nested::Resource::new(&context, "res3", args);
    let answer = res3.call(&context, nested::ResourceCallArgs::new().input("x"));
    context.export("out3", answer.map(|answer| answer.output));

    let answer = nested::concat_world(&context, nested::ConcatWorldArgs::new().value("goodbye"));
    let args = nested::ResourceArgs::new().text(answer.map(|answer| answer.result));
    let res4 = nested::Resource::new(&context, "res4", args);
    let answer = res4.call(&context, nested::ResourceCallArgs::new().input("xx"));
    context.export("out4", answer.map(|answer| answer.output));

    let answer = root::concat_world(&context, root::ConcatWorldArgs::new().value("bonjour"));
    let args = root::ResourceArgs::new().text(answer.map(|answer| answer.result));
    let res5 = root::Resource::new(&context, "res5", args);
    let answer = res5.call(&context, root::ResourceCallArgs::new().input("x"));
    context.export("out5", answer.map(|answer| answer.output));

    let answer = root::concat_world(&context, root::ConcatWorldArgs::new().value("youkoso"));
    let args = root::ResourceArgs::new().text(answer.map(|answer| answer.result));
    let res6 = root::Resource::new(&context, "res6", args);
    let answer = res6.call(&context, root::ResourceCallArgs::new().input("xx"));
    context.export("out6", answer.map(|answer| answer.output));

    let answer = root::concat_world(&context, root::ConcatWorldArgs::new().value("guten tag"));
    let args = root::ResourceArgs::new().text(answer.map(|answer| answer.result));
    let res7 = root::Resource::new(&context, "res7", args);
    let answer = res7.call(&context, root::ResourceCallArgs::new().input("xxx"));
    context.export("out7", answer.map(|answer| answer.output));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
