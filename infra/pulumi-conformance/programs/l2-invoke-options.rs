//! Every option of an invocation.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple-invoke = "10.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, InvokeOptions};
use pulumi_simple_invoke::{MyInvokeArgs, Provider, ProviderArgs, my_invoke_with_options};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let provider = Provider::new(&context, "explicitProvider", ProviderArgs::new());
    let options = InvokeOptions::new()
        .provider(&provider)
        .parent(&provider)
        .version("10.0.0")
        .plugin_download_url("https://example.com/github/example");
    let data = my_invoke_with_options(&context, MyInvokeArgs::new().value("hello"), options);
    context.export("hello", data.map(|data| data.result));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
