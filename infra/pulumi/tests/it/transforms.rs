//! Transforms and hooks: functions of the program that are called back.

use std::sync::{Arc, Mutex};

use pulumi::mocks::{Echo, Mocks, Recorder};
use pulumi::{
    FunctionType, HookOptions, HookPoint, Inputs, InvokeOptions, ResourceOptions, RunInfo, Value, run_with,
    tonic,
};

use crate::monitors::{Failed, THING, recorded, thing};

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

#[tokio::test]
async fn a_transform_of_the_stack_changes_inputs_and_options_of_what_comes_after_it() {
    let (recorder, result) = recorded(|context| async move {
        context.register_transform(|resource| {
            if resource.custom {
                resource.inputs.insert("by".to_owned(), Value::String(resource.name.clone()));
                resource.inputs.remove("gone");
                resource.options.protect = Some(true);
                resource.options.ignore_changes.push("tags".to_owned());
            }
            Ok(())
        });
        let outer = context.component("test:index:Outer", "outer", ResourceOptions::new());
        thing(outer.context(), "a", Inputs::new().with("kept", 1_i64).with("gone", 2_i64));
        Ok(())
    })
    .await;
    result.unwrap();
    let a = recorder.resource("a").unwrap();
    assert_eq!(a.inputs, [("by".to_owned(), text("a")), ("kept".to_owned(), Value::Number(1.0))].into());
    assert_eq!(a.request.protect, Some(true));
    assert_eq!(a.request.ignore_changes, ["tags"]);
    assert_eq!(recorder.resource("outer").unwrap().request.protect, None);
}

#[tokio::test]
async fn transforms_run_from_the_resource_outwards() {
    let (recorder, result) = recorded(|context| async move {
        let append = |what: &'static str| {
            move |resource: &mut pulumi::TransformedResource| {
                let before = match resource.inputs.get("order") {
                    Some(Value::String(before)) => before.clone(),
                    _ => String::new(),
                };
                resource.inputs.insert("order".to_owned(), Value::String(before + what));
                Ok(())
            }
        };
        context.register_transform(append(" stack"));
        context.register_transform(append(" stack-2"));
        let outer = context.component(
            "test:index:Outer",
            "outer",
            ResourceOptions::new().transform(append(" outer")),
        );
        let options = ResourceOptions::new().transform(append("own")).transform(append(" own-2"));
        outer.context().custom_resource(&THING, "a", Inputs::new(), options);
        thing(&context, "b", Inputs::new());
        Ok(())
    })
    .await;
    result.unwrap();
    assert_eq!(recorder.resource("a").unwrap().inputs["order"], text("own own-2 outer stack stack-2"));
    assert_eq!(recorder.resource("b").unwrap().inputs["order"], text(" stack stack-2"));
}

#[tokio::test]
async fn a_transform_sets_outputs_of_other_resources_with_their_dependencies() {
    let (recorder, result) = recorded(|context| async move {
        let key = thing(&context, "key", Inputs::new());
        let id = key.id().to_secret();
        let options = ResourceOptions::new().transform(move |resource| {
            resource.set("key", pulumi::json!({ "id": &id }));
            Ok(())
        });
        context.custom_resource(&THING, "a", Inputs::new(), options);
        Ok(())
    })
    .await;
    result.unwrap();
    let a = recorder.resource("a").unwrap();
    assert_eq!(a.inputs["key"], Value::object([("id", Value::Secret(Box::new(text("key-id"))))]));
    let key = recorder.resource("key").unwrap().urn;
    assert_eq!(a.request.dependencies, [key.as_str()]);
    assert_eq!(a.request.property_dependencies["key"].urns, [key]);
}

#[tokio::test]
async fn a_transform_that_some_would_escape_is_an_error() {
    let (_, result) = recorded(|context| async move {
        thing(&context, "a", Inputs::new());
        context.register_transform(|_| Ok(()));
        thing(&context, "b", Inputs::new());
        Ok(())
    })
    .await;
    assert_eq!(
        result.unwrap_err().to_string(),
        "registering a transform: it comes after the first resource: register it before, so that none escapes it"
    );
    let (_, result) = recorded(|context| async move {
        let zone = FunctionType::new("test:index:getZone", "1.2.3");
        let _answer =
            context.invoke::<Value>(&zone, Inputs::new(), InvokeOptions::new()).recover(|_| Value::Null);
        context.register_invoke_transform(|_| Ok(()));
        Ok(())
    })
    .await;
    let message = result.unwrap_err().to_string();
    assert!(message.contains("it comes after the first invocation"), "{message}");
}

#[tokio::test]
async fn a_transform_that_refuses_or_panics_fails_the_resource_and_says_why() {
    for (panics, expected) in [(false, "no buckets on Fridays"), (true, "callback panicked: boom")] {
        let (recorder, result) = recorded(move |context| async move {
            context.register_transform(move |_| {
                assert!(!panics, "boom");
                Err("no buckets on Fridays".into())
            });
            thing(&context, "a", Inputs::new());
            Ok(())
        })
        .await;
        let message = result.unwrap_err().to_string();
        assert!(message.starts_with("resource a [test:index:Thing] failed to register: "), "{message}");
        assert!(message.contains(expected), "{message}");
        assert!(recorder.resource("a").is_none());
    }
}

struct Zones;

impl Mocks for Zones {
    fn invoke(
        &self,
        _token: &str,
        arguments: &std::collections::BTreeMap<String, Value>,
    ) -> Option<std::collections::BTreeMap<String, Value>> {
        Some(arguments.clone())
    }
}

#[tokio::test]
async fn a_transform_of_invocations_changes_arguments_and_options() {
    let recorder = Arc::new(Recorder::new(Zones));
    run_with(recorder.clone(), RunInfo::new("project", "stack"), |context| async move {
        context.register_invoke_transform(|invocation| {
            assert_eq!(invocation.token, "test:index:getZone");
            invocation.arguments.insert("region".to_owned(), Value::String("eu-west-1".to_owned()));
            invocation.options.version = "9.9.9".to_owned();
            Ok(())
        });
        let zone = FunctionType::new("test:index:getZone", "1.2.3");
        let inputs = Inputs::new().with("name", "a");
        let answer: pulumi::Output<std::collections::BTreeMap<String, String>> =
            context.invoke(&zone, inputs, InvokeOptions::new());
        let answer = answer.value().await?.unwrap_or_default();
        assert_eq!((answer["name"].as_str(), answer["region"].as_str()), ("a", "eu-west-1"));
        Ok::<_, Failed>(())
    })
    .await
    .unwrap();
    let invocation = &recorder.invocations()[0];
    assert_eq!(invocation.version, "9.9.9");
    assert!(invocation.parent.ends_with("::pulumi:pulumi:Stack::project-stack"), "{}", invocation.parent);
}

#[tokio::test]
async fn hooks_run_before_and_after_with_what_is_known_then() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let calls = Arc::clone(&seen);
    let (recorder, result) = recorded(|context| async move {
        let note = move |moment: &'static str| {
            let calls = Arc::clone(&calls);
            move |call: pulumi::HookCall| {
                let calls = Arc::clone(&calls);
                async move {
                    let outputs = call.new_outputs.is_some();
                    calls.lock().unwrap().push((moment, call.name, call.id, outputs));
                    Ok(())
                }
            }
        };
        let before = context.resource_hook(
            "before",
            HookOptions { on_dry_run: true, ..HookOptions::default() },
            note("before"),
        );
        let after = context.resource_hook("after", HookOptions::default(), note("after"));
        let options = ResourceOptions::new()
            .hook(HookPoint::BeforeCreate, &before)
            .hook(HookPoint::AfterCreate, &after)
            .hook(HookPoint::BeforeUpdate, &before)
            .hook(HookPoint::AfterDelete, &after);
        context.custom_resource(&THING, "a", Inputs::new(), options);
        Ok(())
    })
    .await;
    result.unwrap();
    let expected = [
        ("before", "a".to_owned(), String::new(), false),
        ("after", "a".to_owned(), "a-id".to_owned(), true),
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
    let binding = recorder.resource("a").unwrap().request.hooks.unwrap();
    assert_eq!(
        (binding.before_create, binding.after_create),
        (vec!["before".to_owned()], vec!["after".to_owned()])
    );
    assert_eq!(
        (binding.before_update, binding.after_delete),
        (vec!["before".to_owned()], vec!["after".to_owned()])
    );
    assert!(
        binding.after_update.is_empty() && binding.before_delete.is_empty() && binding.on_error.is_empty()
    );
}

#[tokio::test]
async fn a_hook_that_fails_or_panics_fails_the_resource_unless_its_errors_are_ignored() {
    for (ignore_errors, panics) in [(false, false), (false, true), (true, false), (true, true)] {
        let (_, result) = recorded(move |context| async move {
            let options = HookOptions { ignore_errors, ..HookOptions::default() };
            let hook = context.resource_hook("guard", options, move |_| async move {
                assert!(!panics, "not today");
                Err("not today".into())
            });
            let options = ResourceOptions::new().hook(HookPoint::BeforeCreate, &hook);
            context.custom_resource(&THING, "a", Inputs::new(), options);
            Ok(())
        })
        .await;
        match result {
            Ok(()) => assert!(ignore_errors),
            Err(error) => {
                let message = error.to_string();
                assert!(!ignore_errors, "{message}");
                assert!(message.contains("resource a") && message.contains("hook guard failed"), "{message}");
                assert!(message.contains("not today"), "{message}");
            }
        }
    }
}

#[tokio::test]
async fn an_error_hook_is_bound_to_its_resource() {
    let (recorder, result) = recorded(|context| async move {
        let retry = context.error_hook("retry", |failed| async move {
            Ok(if failed.errors.len() < 3 { pulumi::OnError::Retry } else { pulumi::OnError::Fail })
        });
        context.custom_resource(&THING, "a", Inputs::new(), ResourceOptions::new().on_error(&retry));
        Ok(())
    })
    .await;
    result.unwrap();
    assert_eq!(recorder.resource("a").unwrap().request.hooks.unwrap().on_error, ["retry"]);
}

#[tokio::test]
async fn a_monitor_that_calls_nothing_back_is_an_error_that_says_so() {
    struct Plain(Recorder);

    #[pulumi::async_trait]
    impl pulumi::Monitor for Plain {
        async fn register_resource(
            &self,
            request: pulumi::wire::RegisterResourceRequest,
        ) -> Result<pulumi::wire::RegisterResourceResponse, tonic::Status> {
            self.0.register_resource(request).await
        }

        async fn register_resource_outputs(
            &self,
            request: pulumi::wire::RegisterResourceOutputsRequest,
        ) -> Result<(), tonic::Status> {
            self.0.register_resource_outputs(request).await
        }
    }

    let plain = Arc::new(Plain(Recorder::new(Echo)));
    let result = run_with(plain, RunInfo::new("project", "stack"), |context| async move {
        context.register_transform(|_| Ok(()));
        thing(&context, "a", Inputs::new());
        Ok::<_, Failed>(())
    })
    .await;
    let message = result.unwrap_err().to_string();
    assert_eq!(
        message,
        "registering a transform: the engine answered Unimplemented: this monitor calls nothing back"
    );
}
