//! A text that is no UTF-8, from one resource to another.
//!
//! ```cargo
//! [dependencies]
//! pulumi-bytesink = "47.0.0"
//! pulumi-bytesource = "48.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = pulumi_bytesource::ResourceArgs::new().base64("AGhlbGxvIID+/yB3b3JsZPAo");
    let source = pulumi_bytesource::Resource::new(&context, "source", args);
    let args = pulumi_bytesink::ResourceArgs::new().bytes(source.bytes()).expect_base64(source.base64());
    pulumi_bytesink::Resource::new(&context, "sink", args);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
