//! A value, or another in its place: of a map, of a secret map, and of a value without a type.

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, Output, Value};
use std::collections::BTreeMap;

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let a_map: BTreeMap<String, String> = config.require_object("aMap")?;
    let or_fallback =
        |map: BTreeMap<String, String>, key: &str| map.get(key).cloned().unwrap_or("fallback".to_owned());
    context.export("plainTrySuccess", or_fallback(a_map.clone(), "a"));
    context.export("plainTryFailure", or_fallback(a_map.clone(), "b"));

    let a_secret_map = Output::secret(a_map);
    context.export("outputTrySuccess", a_secret_map.map(move |map| or_fallback(map, "a")));
    context.export("outputTryFailure", a_secret_map.map(move |map| or_fallback(map, "b")));

    let an_object: BTreeMap<String, Value> = config.require_object("anObject")?;
    let or_fallback = |object: BTreeMap<String, Value>, key: &str| {
        object.get(key).cloned().unwrap_or(Value::String("fallback".to_owned()))
    };
    context.export("dynamicTrySuccess", or_fallback(an_object.clone(), "a"));
    context.export("dynamicTryFailure", or_fallback(an_object.clone(), "b"));

    let a_secret_object = Output::secret(an_object.clone());
    context.export("outputDynamicTrySuccess", a_secret_object.map(move |object| or_fallback(object, "a")));
    context.export("outputDynamicTryFailure", a_secret_object.map(move |object| or_fallback(object, "b")));

    context.export("plainTryNull", vec![or_fallback(an_object, "opt")]);
    context.export("outputTryNull", vec![a_secret_object.map(move |object| or_fallback(object, "opt"))]);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
