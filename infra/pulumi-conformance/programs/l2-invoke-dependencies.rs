//! What depends on what: through the arguments and the answers of functions.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! pulumi-simple-invoke = "10.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_simple::{Resource, ResourceArgs};
use pulumi_simple_invoke::{
    GetTextArgs, SecretInvokeArgs, StringResource, StringResourceArgs, get_text, secret_invoke,
};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let first = Resource::new(&context, "first", ResourceArgs::new().value(false));
    let args = SecretInvokeArgs::new().value("hello").secret_response(first.value());
    let answer = secret_invoke(&context, args);
    Resource::new(&context, "second", ResourceArgs::new().value(answer.map(|answer| answer.secret)));

    let third = StringResource::new(&context, "third", StringResourceArgs::new().text("third"));
    let data = get_text(&context, GetTextArgs::new().text(third.text()));
    let args = StringResourceArgs::new().text(data.map(|data| data.result));
    StringResource::new(&context, "fourth", args);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
