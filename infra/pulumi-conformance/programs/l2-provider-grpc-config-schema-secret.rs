//! Settings of a provider that are secret by its schema.
//!
//! ```cargo
//! [dependencies]
//! pulumi-config-grpc = "1.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_config_grpc::*;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = ProviderArgs::new()
        .secret_string1("SECRET")
        .secret_int1(16)
        .secret_num1(123456.7890)
        .secret_bool1(true)
        .list_secret_string1(["SECRET", "SECRET2"])
        .map_secret_string1([("key1", "SECRET"), ("key2", "SECRET2")])
        .obj_secret_string1(TsecretString1Args::new().secret_x("SECRET"));

    let provider = Provider::new(&context, "config_grpc_provider", args);
    let options = ResourceOptions::new().provider(&provider);
    ConfigFetcher::with_options(&context, "config", ConfigFetcherArgs::new(), options);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
