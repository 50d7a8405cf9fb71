//! Dependency cycles: every way in which a program can build one ends with an error that names the resources.
//!
//! Time is paused: it jumps ahead whenever nothing can move, so that no test waits for the patience of the SDK.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use pulumi::{Component, Context, Inputs, Output, ResourceOptions, ToInput as _};

use crate::monitors::{Failed, THING, recorded, thing};

/// Runs a program that must fail because of a cycle, and gives the message.
async fn cycle<F>(program: impl FnOnce(Context) -> F + Send + 'static) -> String
where
    F: Future<Output = Result<(), Failed>> + Send + 'static,
{
    let run = tokio::time::timeout(Duration::from_secs(3600), recorded(program));
    let Ok((recorder, Err(error))) = run.await else { panic!("a hang, or a complete program") };
    assert!(!recorder.is_complete());
    let message = error.to_string();
    assert!(message.contains("dependency cycle"), "{message}");
    message
}

fn part(context: &Context, name: &str) -> Component {
    context.component("test:index:Part", name, ResourceOptions::new())
}

#[tokio::test(start_paused = true)]
async fn an_input_from_what_depends_on_the_component() {
    let message = cycle(|context| async move {
        let part = part(&context, "part");
        let (id, resolver) = Output::deferred();
        thing(part.context(), "inside", Inputs::new().with("id", &id));
        let options = ResourceOptions::new().depends_on(&part);
        resolver.resolve(context.custom_resource(&THING, "outside", Inputs::new(), options).id());
        Ok(())
    })
    .await;
    assert!(
        message.contains("inside [test:index:Thing]") && message.contains("outside [test:index:Thing]"),
        "{message}"
    );
}

#[tokio::test(start_paused = true)]
async fn deferred_inputs_of_each_other() {
    let message = cycle(|context| async move {
        let (id, resolver) = Output::deferred();
        let a = thing(&context, "a", Inputs::new().with("other", &id));
        let b = thing(&context, "b", Inputs::new().with("other", a.id()));
        resolver.resolve(b.id());
        context.export("a", a.id());
        Ok(())
    })
    .await;
    assert!(
        message.contains("a [test:index:Thing]") && message.contains("b [test:index:Thing]"),
        "{message}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_program_that_waits_for_a_value_in_a_cycle() {
    let message = cycle(|context| async move {
        let (id, resolver) = Output::deferred();
        let a = thing(&context, "a", Inputs::new().with("other", &id));
        resolver.resolve(a.id());
        a.id().value().await?;
        Ok(())
    })
    .await;
    assert!(message.contains("the program waits") && message.contains("a [test:index:Thing]"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn a_program_that_waits_for_what_waits_for_the_program() {
    let message = cycle(|context| async move {
        let part = part(&context, "part");
        let options = ResourceOptions::new().depends_on(&part);
        let outside = context.custom_resource(&THING, "outside", Inputs::new(), options);
        // The component is complete only after this.
        outside.id().value().await?;
        part.register_outputs([("id", outside.id().to_input())]);
        Ok(())
    })
    .await;
    assert!(
        message.contains("the program waits") && message.contains("outside [test:index:Thing]"),
        "{message}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_program_that_waits_whether_a_value_is_secret() {
    let message = cycle(|context| async move {
        let part = part(&context, "part");
        let options = ResourceOptions::new().depends_on(&part);
        let outside = context.custom_resource(&THING, "outside", Inputs::new(), options);
        outside.id().is_secret().await?;
        Ok(())
    })
    .await;
    assert!(message.contains("outside [test:index:Thing]"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn a_task_of_the_program_that_waits_and_a_program_that_waits_for_the_task() {
    let message = cycle(|context| async move {
        let part = part(&context, "part");
        let options = ResourceOptions::new().depends_on(&part);
        let outside = context.custom_resource(&THING, "outside", Inputs::new(), options);
        let id = outside.id();
        tokio::spawn(async move { id.value().await }).await??;
        Ok(())
    })
    .await;
    assert!(message.contains("outside [test:index:Thing]"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn a_future_that_waits_for_what_takes_it() {
    let message = cycle(|context| async move {
        let slot: Arc<Mutex<Option<Output<String>>>> = Arc::default();
        let own = Arc::clone(&slot);
        let late = Output::from_future(async move {
            let id = own.lock().unwrap().clone().unwrap();
            id.value().await.map(Option::unwrap_or_default)
        });
        let a = thing(&context, "a", Inputs::new().with("id", &late));
        *slot.lock().unwrap() = Some(a.id());
        Ok(())
    })
    .await;
    assert!(message.contains("a [test:index:Thing]"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn an_output_that_is_made_of_itself() {
    let message = cycle(|_| async move {
        let slot: Arc<Mutex<Option<Output<i64>>>> = Arc::default();
        let own = Arc::clone(&slot);
        let output = Output::known(1).and_then(move |_| own.lock().unwrap().clone().unwrap());
        *slot.lock().unwrap() = Some(output);
        Ok(())
    })
    .await;
    assert!(message.contains("outputs that no resource takes"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn a_transform_that_waits_for_the_resource_it_transforms() {
    let message = cycle(|context| async move {
        let (id, resolver) = Output::deferred();
        let options = ResourceOptions::new().transform(move |resource| {
            resource.set("id", &id);
            Ok(())
        });
        let a = context.custom_resource(&THING, "a", Inputs::new(), options);
        resolver.resolve(a.id());
        Ok(())
    })
    .await;
    assert!(message.contains("a [test:index:Thing]"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_needs_what_it_makes() {
    let message = cycle(|context| async move {
        let (id, resolver) = Output::deferred();
        let provider = pulumi::ResourceType::new("pulumi:providers:test", "1.2.3");
        let inputs = Inputs::new().with("endpoint", &id);
        let provider = context.custom_resource(&provider, "provider", inputs, ResourceOptions::new());
        let a =
            context.custom_resource(&THING, "a", Inputs::new(), ResourceOptions::new().provider(&provider));
        resolver.resolve(a.id());
        Ok(())
    })
    .await;
    assert!(
        message.contains("provider [pulumi:providers:test]") && message.contains("a [test:index:Thing]"),
        "{message}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_invocation_that_waits_for_what_takes_its_answer() {
    let message = cycle(|context| async move {
        let zone = pulumi::FunctionType::new("test:index:getZone", "1.2.3");
        let part = part(&context, "part");
        let options = pulumi::InvokeOptions::new().depends_on(&part);
        let answer = context.invoke::<pulumi::Value>(&zone, Inputs::new(), options);
        thing(part.context(), "inside", Inputs::new().with("zone", answer));
        Ok(())
    })
    .await;
    assert!(
        message.contains("inside [test:index:Thing]") && message.contains("test:index:getZone"),
        "{message}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_deferred_output_that_nobody_resolves_is_an_error() {
    let (recorder, result) = recorded(|context| async move {
        let (id, resolver) = Output::<String>::deferred();
        thing(&context, "a", Inputs::new().with("id", id));
        drop(resolver);
        Ok(())
    })
    .await;
    let message = result.unwrap_err().to_string();
    assert_eq!(
        message,
        "resource a [test:index:Thing] failed to register: input id: a deferred output was never resolved"
    );
    assert!(!recorder.is_complete());
}

#[tokio::test(start_paused = true)]
async fn a_program_that_takes_its_time_is_no_cycle() {
    let (recorder, result) = recorded(|context| async move {
        let part = part(&context, "part");
        let options = ResourceOptions::new().depends_on(&part);
        let outside = context.custom_resource(&THING, "outside", Inputs::new(), options);
        // Everything waits for the program, and the program for something that the SDK does not see.
        tokio::time::sleep(Duration::from_secs(600)).await;
        part.register_outputs(Vec::<(&str, _)>::new());
        assert_eq!(outside.id().value().await?.as_deref(), Some("outside-id"));
        let slow = Output::from_future(async {
            tokio::time::sleep(Duration::from_secs(600)).await;
            Ok::<_, Failed>(1_i64)
        });
        let id = outside.id();
        let (one, two) = tokio::join!(slow.value(), id.value());
        assert_eq!((one?, two?.as_deref()), (Some(1), Some("outside-id")));
        Ok(())
    })
    .await;
    result.unwrap();
    assert!(recorder.is_complete());
}

#[tokio::test(start_paused = true)]
async fn a_plain_invocation_that_waits_for_what_waits_for_the_program() {
    let message = cycle(|context| async move {
        let part = part(&context, "part");
        let options = ResourceOptions::new().depends_on(&part);
        let outside = context.custom_resource(&THING, "outside", Inputs::new(), options);
        let zone = pulumi::FunctionType::new("test:index:getZone", "1.2.3");
        let arguments = Inputs::new().with("name", outside.id());
        context.invoke_plain::<pulumi::Value>(&zone, arguments, pulumi::InvokeOptions::new()).await?;
        Ok(())
    })
    .await;
    assert!(
        message.contains("outside [test:index:Thing]") && message.contains("test:index:getZone"),
        "{message}"
    );
}
