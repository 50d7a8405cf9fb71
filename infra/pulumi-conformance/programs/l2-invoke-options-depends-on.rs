//! A function that is asked once a resource is there.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple-invoke = "10.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, InvokeOptions};
use pulumi_simple_invoke::{MyInvokeArgs, StringResource, StringResourceArgs, my_invoke_with_options};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let first = StringResource::new(&context, "first", StringResourceArgs::new().text("first hello"));
    let options = InvokeOptions::new().depends_on(&first);
    let data = my_invoke_with_options(&context, MyInvokeArgs::new().value("hello"), options);
    let result = data.map(|data| data.result);
    StringResource::new(&context, "second", StringResourceArgs::new().text(&result));
    context.export("hello", result);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
