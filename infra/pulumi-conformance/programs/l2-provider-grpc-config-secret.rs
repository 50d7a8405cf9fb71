//! Settings of a provider that the program makes secret.
//!
//! ```cargo
//! [dependencies]
//! pulumi-config-grpc = "1.0.0"
//! ```

use std::collections::BTreeMap;
use std::process::ExitCode;

use pulumi::{
    Context, FromValue, FunctionType, Held, Input, Inputs, InvokeOptions, Output, ResourceOptions, ToInput,
    Value,
};
use pulumi_config_grpc::{ConfigFetcher, ConfigFetcherArgs, Provider, ProviderArgs, Tstring2Args};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let secret_string = || to_secret::<String>(&context, "string1", "SECRET");
    let args = ProviderArgs::new()
        .string1(secret_string())
        .int1(to_secret::<i64>(&context, "int1", 1234567890))
        .num1(to_secret::<f64>(&context, "num1", 123456.7890))
        .bool1(to_secret::<bool>(&context, "bool1", true))
        .list_string1(to_secret::<Vec<String>>(&context, "listString1", vec!["SECRET", "SECRET2"]))
        .list_string2([Input::from("VALUE"), Input::from(secret_string())])
        .map_string2([("key1", Input::from("value1")), ("key2", Input::from(secret_string()))])
        .obj_string2(Tstring2Args::new().x(secret_string()));
    let provider = Provider::new(&context, "config_grpc_provider", args);

    let options = ResourceOptions::new().provider(&provider);
    ConfigFetcher::with_options(&context, "config", ConfigFetcherArgs::new(), options);
    Ok(())
}

/// What the provider answers has less in it than its schema promises, so it is read without the schema's type.
fn to_secret<T: FromValue + Held>(context: &Context, key: &'static str, value: impl ToInput) -> Output<T> {
    let function = FunctionType::new("config-grpc:index:toSecret", "1.0.0");
    let arguments = Inputs::new().with(key, value);
    let answer: Output<BTreeMap<String, Value>> = context.invoke(&function, arguments, InvokeOptions::new());
    answer.field(key)
}

fn main() -> ExitCode {
    pulumi::run(program)
}
