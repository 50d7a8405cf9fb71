//! Programs with typed resources, and what of them reaches the wire.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::collections::BTreeMap;
use std::sync::Arc;

use pulumi::mocks::{Mocks, NewResource, Recorder};
use pulumi::{Context, Error, Output, ResourceOptions, RunInfo, Value};
use pulumi_aws::{GetRegionArgs, dynamodb, get_region, get_region_plain, lambda};

/// Gives back what it got, knows one function, and is in one region.
struct Aws;

impl Mocks for Aws {
    fn new_resource(&self, resource: &NewResource) -> (String, BTreeMap<String, Value>) {
        (format!("{}-id", resource.name), resource.inputs.clone())
    }

    fn read_resource(&self, token: &str, id: &str) -> Option<BTreeMap<String, Value>> {
        let known = token == "aws:lambda/function:Function" && id == "worker";
        known.then(|| BTreeMap::from([("memorySize".to_owned(), Value::Number(512.0))]))
    }

    fn invoke(&self, token: &str, _: &BTreeMap<String, Value>) -> Option<BTreeMap<String, Value>> {
        let region = ["description", "endpoint", "id", "name", "region"];
        let region = region.map(|key| (key.to_owned(), text("eu-west-1")));
        (token == "aws:index/getRegion:getRegion").then(|| BTreeMap::from(region))
    }
}

fn text(value: &str) -> Value {
    Value::String(value.to_owned())
}

async fn run<F>(program: impl FnOnce(Context) -> F + Send + 'static) -> Arc<Recorder<Aws>>
where
    F: Future<Output = Result<(), Error>> + Send + 'static,
{
    let recorder = Arc::new(Recorder::new(Aws));
    pulumi::run_with(recorder.clone(), RunInfo::new("project", "stack"), program).await.unwrap();
    recorder
}

#[tokio::test]
async fn an_enumeration_takes_its_values_by_name_as_text_and_as_output() {
    let recorder = run(|context| async move {
        let function = |name: &str, args: lambda::FunctionArgs<_>| {
            lambda::Function::new(&context, name, args.role("arn"));
        };
        let new = lambda::FunctionArgs::new;
        function(
            "variant",
            new().runtime(lambda::Runtime::ProvidedAl2023).architectures([lambda::Architecture::Arm64]),
        );
        function("literal", new().runtime("provided.al2023").architectures(["arm64"]));
        function("new", new().runtime("provided.al2099").architectures(["riscv".to_owned()]));
        function("output", new().runtime(Output::known("provided.al2".to_owned())));
        function("known", new().runtime(Output::known(lambda::Runtime::Other("provided.al2".to_owned()))));
        function("tracing", new().tracing_config(lambda::FunctionTracingConfigArgs::new().mode("Active")));
        Ok(())
    })
    .await;
    let runtime = |name: &str| recorder.resource(name).unwrap().inputs["runtime"].clone();
    let architectures = |name: &str| recorder.resource(name).unwrap().inputs["architectures"].clone();
    for name in ["variant", "literal"] {
        assert_eq!(runtime(name), text("provided.al2023"), "{name}");
        assert_eq!(architectures(name), Value::Array(vec![text("arm64")]), "{name}");
    }
    assert_eq!(runtime("new"), text("provided.al2099"));
    assert_eq!(architectures("new"), Value::Array(vec![text("riscv")]));
    for name in ["output", "known"] {
        assert_eq!(runtime(name), text("provided.al2"), "{name}");
    }
    let tracing = recorder.resource("tracing").unwrap().inputs["tracingConfig"].clone();
    assert_eq!(tracing, Value::object([("mode", text("Active"))]));
}

#[test]
fn a_value_that_is_known_by_now_is_read_as_its_variant_and_a_new_one_is_kept() {
    assert_eq!(dynamodb::BillingMode::from("PAY_PER_REQUEST"), dynamodb::BillingMode::PayPerRequest);
    let new = dynamodb::BillingMode::from("PAY_PER_LOOK");
    assert_eq!(new, dynamodb::BillingMode::Other("PAY_PER_LOOK".to_owned()));
    assert_eq!((new.value(), new.to_string()), ("PAY_PER_LOOK", "PAY_PER_LOOK".to_owned()));
}

#[tokio::test]
async fn what_exists_is_read_by_its_identifier_and_by_what_is_known_of_it() {
    run(|context| async move {
        let by_id = lambda::Function::get(&context, "by-id", "worker");
        assert_eq!(by_id.memory_size().value().await?, Some(Some(512)));
        let state = lambda::FunctionState::new().name("worker").arn("arn");
        let options = ResourceOptions::new().protect(true);
        let by_state = lambda::Function::get_with_options(&context, "by-state", "worker", state, options);
        assert_eq!(by_state.memory_size().value().await?, Some(Some(512)));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_function_answers_with_an_output_and_with_a_plain_value() {
    let recorder = run(|context| async move {
        let region = get_region(&context, GetRegionArgs::new());
        context.export("output", region.map(|region| region.region));
        let region = get_region_plain(&context, GetRegionArgs::new()).await?;
        context.export("plain", region.region);
        Ok(())
    })
    .await;
    let outputs = recorder.stack_outputs();
    assert_eq!(outputs["output"], text("eu-west-1"));
    assert_eq!(outputs["plain"], text("eu-west-1"));
}

#[tokio::test]
async fn an_output_that_may_be_missing_is_an_input_that_may_be_left_out() {
    let recorder = run(|context| async move {
        let first = lambda::Function::new(
            &context,
            "first",
            lambda::FunctionArgs::new().role("arn").handler("bootstrap"),
        );
        let args = lambda::FunctionArgs::new().role(first.role());
        // Of the first function there is a handler and no description.
        let args = args.handler(first.handler()).description(first.description());
        lambda::Function::new(&context, "second", args);
        Ok(())
    })
    .await;
    let second = recorder.resource("second").unwrap();
    assert_eq!(second.inputs.keys().collect::<Vec<_>>(), ["handler", "role"]);
    assert_eq!(second.inputs["handler"], text("bootstrap"));
    assert_eq!(second.request.dependencies, [recorder.resource("first").unwrap().urn]);
}

#[tokio::test]
async fn every_registration_carries_the_version_of_the_schema() {
    let recorder = run(|context| async move {
        pulumi_aws::Provider::new(&context, "there", pulumi_aws::ProviderArgs::new().region("eu-west-1"));
        dynamodb::Table::new(&context, "table", dynamodb::TableArgs::new());
        Ok(())
    })
    .await;
    for name in ["there", "table"] {
        assert_eq!(recorder.resource(name).unwrap().request.version, "7.51.1", "{name}");
    }
}
