//! Invocations of functions, resources that exist already, other stacks, and configuration.

use std::collections::BTreeMap;
use std::sync::Arc;

use pulumi::mocks::{Echo, Mocks, Recorder};
use pulumi::{
    Config, Context, FunctionType, Inputs, InvokeOptions, Output, ResourceOptions, RunError, RunInfo,
    StackReference, Value, run_with,
};

use crate::monitors::{Failed, THING, thing};

const ZONE: FunctionType = FunctionType::new("test:index:getZone", "1.2.3");

/// Knows one zone and one thing.
struct World;

impl Mocks for World {
    fn read_resource(&self, token: &str, id: &str) -> Option<BTreeMap<String, Value>> {
        let known = token == "test:index:Thing" && id == "i-1";
        known.then(|| BTreeMap::from([("size".to_owned(), Value::Number(3.0))]))
    }

    fn invoke(&self, token: &str, arguments: &BTreeMap<String, Value>) -> Option<BTreeMap<String, Value>> {
        // What arrives is bare: functions get no secrets' marks.
        let Some(Value::String(name)) = arguments.get("name") else { panic!("{token} got {arguments:?}") };
        (token == "test:index:getZone")
            .then(|| BTreeMap::from([("zone".to_owned(), Value::String(format!("zone of {name}")))]))
    }
}

async fn run<F>(
    preview: bool,
    program: impl FnOnce(Context) -> F + Send + 'static,
) -> (Arc<Recorder<World>>, Result<(), RunError>)
where
    F: Future<Output = Result<(), Failed>> + Send + 'static,
{
    let recorder = Arc::new(Recorder::new(World));
    let info = RunInfo::new("project", "stack");
    let info = if preview { info.preview() } else { info };
    let result = run_with(recorder.clone(), info, program).await;
    (recorder, result)
}

fn zone(context: &Context, name: &Output<String>) -> Output<BTreeMap<String, String>> {
    context.invoke(&ZONE, Inputs::new().with("name", name), InvokeOptions::new())
}

#[tokio::test]
async fn a_function_answers_with_the_dependencies_of_its_arguments() {
    let (recorder, result) = run(false, |context| async move {
        let a = thing(&context, "a", Inputs::new());
        let zone = zone(&context, &a.id()).map(|result| result["zone"].clone());
        thing(&context, "b", Inputs::new().with("zone", zone));
        Ok(())
    })
    .await;
    result.unwrap();
    let b = recorder.resource("b").unwrap();
    assert_eq!(b.inputs["zone"], Value::String("zone of a-id".to_owned()));
    assert_eq!(b.request.dependencies, [recorder.resource("a").unwrap().urn]);
}

#[tokio::test]
async fn a_secret_argument_makes_the_answer_secret() {
    let (_, result) = run(false, |context| async move {
        let zone = zone(&context, &Output::secret("a".to_owned()));
        assert!(zone.is_secret().await?);
        assert_eq!(zone.value().await?.unwrap_or_default()["zone"], "zone of a");
        Ok(())
    })
    .await;
    result.unwrap();
}

#[tokio::test]
async fn a_function_is_not_called_while_an_argument_is_unknown() {
    let (_, result) = run(true, |context| async move {
        assert_eq!(zone(&context, &Output::unknown()).value().await?, None);
        Ok(())
    })
    .await;
    result.unwrap();
}

#[tokio::test]
async fn a_plain_answer_is_waited_for_and_one_that_is_not_known_is_an_error() {
    let (_, result) = run(true, |context| async move {
        let ask = |name: Output<String>| {
            let arguments = Inputs::new().with("name", name);
            let context = context.clone();
            async move {
                let options = InvokeOptions::new();
                context.invoke_plain::<BTreeMap<String, String>>(&ZONE, arguments, options).await
            }
        };
        assert_eq!(ask(Output::known("a".to_owned())).await?["zone"], "zone of a");
        let error = ask(Output::unknown()).await.unwrap_err();
        assert_eq!(error.to_string(), "invoking test:index:getZone");
        let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        assert!(source.starts_with("the answer is not known yet"), "{source}");
        Ok(())
    })
    .await;
    result.unwrap();
}

#[tokio::test]
async fn a_function_that_does_not_exist_fails_the_run_with_its_name() {
    let (_, result) = run(false, |context| async move {
        let none = FunctionType::new("test:index:getNone", "1.2.3");
        drop(context.invoke::<Value>(&none, Inputs::new().with("name", "a"), InvokeOptions::new()));
        Ok(())
    })
    .await;
    let message = result.err().map(|error| error.to_string()).unwrap_or_default();
    assert_eq!(
        message,
        "invoking test:index:getNone: the engine answered NotFound: no mock for test:index:getNone"
    );
}

#[tokio::test]
async fn a_resource_that_exists_is_read_by_its_identifier() {
    let (recorder, result) = run(false, |context| async move {
        let read = context.read_resource(&THING, "found", "i-1", Inputs::new(), ResourceOptions::new());
        assert_eq!(read.output::<i64>("size").value().await?, Some(3));
        thing(&context, "a", Inputs::new().with("id", read.id()));
        Ok(())
    })
    .await;
    result.unwrap();
    let a = recorder.resource("a").unwrap();
    assert_eq!(a.inputs["id"], Value::String("i-1".to_owned()));
    assert_eq!(a.request.dependencies, ["urn:pulumi:stack::project::test:index:Thing::found"]);
}

#[tokio::test]
async fn a_resource_whose_identifier_is_unknown_is_not_read() {
    let (_, result) = run(true, |context| async move {
        let id = Output::<String>::unknown();
        let read = context.read_resource(&THING, "found", id, Inputs::new(), ResourceOptions::new());
        assert_eq!(read.output::<i64>("size").value().await?, None);
        Ok(())
    })
    .await;
    result.unwrap();
}

#[tokio::test]
async fn a_resource_that_does_not_exist_fails_the_run_with_its_name() {
    let (_, result) = run(false, |context| async move {
        context.read_resource(&THING, "lost", "i-2", Inputs::new(), ResourceOptions::new());
        Ok(())
    })
    .await;
    let message = result.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(message.starts_with("resource lost [test:index:Thing] failed to register"), "{message}");
}

/// Another stack, with a plain output and a secret one.
struct OtherStack;

impl Mocks for OtherStack {
    fn read_resource(&self, token: &str, id: &str) -> Option<BTreeMap<String, Value>> {
        assert_eq!((token, id), ("pulumi:pulumi:StackReference", "organization/network/prod"));
        let text = |text: &str| Value::String(text.to_owned());
        let outputs = [("vpc".to_owned(), text("vpc-1")), ("token".to_owned(), text("hunter2"))];
        Some(BTreeMap::from([
            ("outputs".to_owned(), Value::Object(outputs.into())),
            ("secretOutputNames".to_owned(), Value::Array(vec![text("token")])),
        ]))
    }
}

#[tokio::test]
async fn outputs_of_another_stack_are_read_and_only_the_secret_ones_are_secret() {
    for dry_run in [false, true] {
        let info = RunInfo::new("project", "stack");
        let info = if dry_run { info.preview() } else { info };
        let recorder = Arc::new(Recorder::new(OtherStack));
        run_with(recorder, info, move |context| async move {
            let network = StackReference::new(&context, "organization/network/prod");
            let vpc = network.output::<String>("vpc");
            assert_eq!(vpc.value().await?.as_deref(), Some("vpc-1"));
            assert!(!vpc.is_secret().await?);
            let token = network.output::<String>("token");
            assert_eq!(token.value().await?.as_deref(), Some("hunter2"));
            assert!(token.is_secret().await?);
            let missing = network.output::<Option<String>>("missing").value().await?;
            assert_eq!(missing, if dry_run { None } else { Some(None) });
            if !dry_run {
                let error = network.output::<String>("missing").value().await.unwrap_err().chain();
                assert!(error.contains("missing") && error.contains("network"), "{error}");
            }
            Ok::<_, pulumi::Error>(())
        })
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn configuration_is_typed_and_secret_and_structured() {
    let mut info = RunInfo::new("shop", "dev");
    for (key, value) in [
        ("shop:count", "3"),
        ("shop:wrong", "many"),
        ("shop:token", "hunter2"),
        ("shop:rules", r#"[{"port":443}]"#),
        ("aws:region", "eu-west-1"),
    ] {
        info.config.insert(key.to_owned(), value.to_owned());
    }
    info.config_secret_keys.insert("shop:token".to_owned());
    assert!(!format!("{info:?}").contains("hunter2"));
    run_with(Arc::new(Recorder::new(Echo)), info, |context| async move {
        let config = Config::new(&context, "shop");
        assert_eq!(config.require::<u32>("count")?, 3);
        assert_eq!(config.get::<u32>("nothing")?, None);
        assert_eq!(Config::new(&context, "aws").require::<String>("region")?, "eu-west-1");
        let token = config.require_secret::<String>("token")?;
        assert_eq!(token.value().await?.as_deref(), Some("hunter2"));
        assert!(token.is_secret().await? && config.is_secret("token"));
        let rules: Option<Vec<BTreeMap<String, i64>>> = config.get_object("rules")?;
        assert_eq!(rules.unwrap()[0]["port"], 443);
        let wrong = config.get_object::<Vec<String>>("wrong").unwrap_err().to_string();
        assert!(wrong.starts_with("shop:wrong is \"many\": "), "{wrong}");
        let missing = config.require::<u32>("nothing").unwrap_err().to_string();
        assert_eq!(missing, "shop:nothing is not set; set it by `pulumi config set shop:nothing VALUE`");
        Ok::<_, Failed>(())
    })
    .await
    .unwrap();
}
