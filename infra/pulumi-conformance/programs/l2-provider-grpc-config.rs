//! Settings of a provider, of every type.
//!
//! ```cargo
//! [dependencies]
//! pulumi-config-grpc = "1.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_config_grpc::*;
use std::collections::BTreeMap;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = ProviderArgs::new()
        .string1("")
        .string2("x")
        .string3("{}")
        .int1(0)
        .int2(42)
        .num1(0)
        .num2(42.42)
        .bool1(true)
        .bool2(false)
        .list_string1(Vec::<String>::new())
        .list_string2(["", "foo"])
        .list_int1([1, 2])
        .map_string1(BTreeMap::<String, String>::new())
        .map_string2([("key1", "value1"), ("key2", "value2")])
        .map_int1([("key1", 0), ("key2", 42)])
        .obj_string1(Tstring1Args::new())
        .obj_string2(Tstring2Args::new().x("x-value"))
        .obj_int1(Tint1Args::new().x(42));

    let provider = Provider::new(&context, "config_grpc_provider", args);
    let options = ResourceOptions::new().provider(&provider);
    ConfigFetcher::with_options(&context, "config", ConfigFetcherArgs::new(), options);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
