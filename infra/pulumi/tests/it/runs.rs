//! How runs end. Nothing but a complete program may look like one.

use std::sync::Arc;
use std::time::Duration;

use pulumi::tonic::Code;
use pulumi::{Inputs, Output, ResourceOptions, RunError, RunInfo, Value, run_with, wire};
use tokio::sync::Barrier;

use crate::monitors::{Failed, Special, THING, recorded, thing};

fn message(result: Result<(), RunError>) -> String {
    match result {
        Ok(()) => panic!("the run should have failed"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn a_complete_program_says_so_and_has_its_outputs_sent() {
    let (recorder, result) = recorded(|context| async move {
        let a = thing(&context, "a", Inputs::new());
        context.export("id", a.id());
        context.export("nothing", None::<String>);
        Ok(())
    })
    .await;
    result.unwrap();
    assert!(recorder.is_complete());
    assert_eq!(recorder.stack_outputs()["id"], Value::String("a-id".to_owned()));
    assert_eq!(recorder.stack_outputs()["nothing"], Value::Null);
}

#[tokio::test]
async fn an_error_of_the_program_fails_the_run_and_is_logged_and_nothing_is_called_complete() {
    let (recorder, result) = recorded(|context| async move {
        thing(&context, "a", Inputs::new());
        Err::<(), Failed>("no zones left".into())
    })
    .await;
    assert_eq!(message(result), "the program failed: no zones left");
    assert_eq!(recorder.messages(), ["the program failed: no zones left"]);
    assert!(!recorder.is_complete());
    assert!(recorder.resource("a").is_some(), "what was begun is ended");
}

#[tokio::test]
async fn a_panic_in_the_program_fails_the_run() {
    let (recorder, result) = recorded(|_| async move { panic!("boom") }).await;
    assert_eq!(message(result), "the program panicked: boom");
    assert!(!recorder.is_complete());
}

#[tokio::test]
async fn a_panic_in_a_callback_fails_the_run_even_if_nobody_uses_its_output() {
    let (recorder, result) = recorded(|context| async move {
        let a = thing(&context, "a", Inputs::new());
        drop(a.id().map(|_| -> String { panic!("boom") }));
        Ok(())
    })
    .await;
    assert_eq!(message(result), "a callback of an output panicked: boom");
    assert!(!recorder.is_complete());
}

#[tokio::test]
async fn a_panic_in_a_callback_of_a_constant_fails_the_run_too() {
    let (_, result) = recorded(|_| async move {
        drop(Output::known(1).map(|_| -> String { panic!("boom") }));
        Ok(())
    })
    .await;
    assert_eq!(message(result), "a callback of an output panicked: boom");
}

#[tokio::test]
async fn a_rejected_input_names_the_resource_and_the_property_once() {
    let (_, result) = recorded(|context| async move {
        let a = thing(&context, "a", Inputs::new());
        let bad = a.id().try_map(|_| Err::<String, _>("not a zone"));
        let b = thing(&context, "b", Inputs::new().with("zone", bad));
        thing(&context, "c", Inputs::new().with("b", b.id()));
        context.export("b", b.id());
        Ok(())
    })
    .await;
    assert_eq!(
        message(result),
        "resource b [test:index:Thing] failed to register: input zone: a callback of an output failed: not a zone"
    );
}

#[tokio::test]
async fn a_refused_registration_fails_the_run_with_its_name_and_what_was_said() {
    let monitor = Arc::new(Special { refused: Some(("a", Code::InvalidArgument)), ..Special::new() });
    let result = run_with(monitor.clone(), RunInfo::new("project", "stack"), |context| async move {
        let a = thing(&context, "a", Inputs::new());
        thing(&context, "b", Inputs::new().with("a", a.id()));
        thing(&context, "c", Inputs::new());
        Ok::<_, Failed>(())
    })
    .await;
    assert_eq!(
        message(result),
        "resource a [test:index:Thing] failed to register: the engine answered InvalidArgument: refused by the test"
    );
    assert!(monitor.inner.resource("b").is_none(), "what depends on it is not registered");
    assert!(monitor.inner.resource("c").is_some(), "what does not, is");
    assert_eq!(monitor.inner.messages().len(), 1);
    assert!(!monitor.inner.is_complete());
}

#[tokio::test]
async fn failed_and_skipped_results_fail_the_run() {
    for (reported, word) in [(wire::Result::Fail, "failed"), (wire::Result::Skip, "skipped")] {
        let monitor = Arc::new(Special { reported: Some(("a", reported)), ..Special::new() });
        let result = run_with(monitor, RunInfo::new("project", "stack"), |context| async move {
            thing(&context, "a", Inputs::new());
            Ok::<_, Failed>(())
        })
        .await;
        assert_eq!(
            message(result),
            format!("resource a [test:index:Thing] failed to register: the engine reported it as {word}")
        );
    }
}

#[tokio::test]
async fn when_the_engine_has_gone_nothing_more_is_said() {
    let monitor = Arc::new(Special { refused: Some(("a", Code::Unavailable)), ..Special::new() });
    let result = run_with(monitor.clone(), RunInfo::new("project", "stack"), |context| async move {
        let a = thing(&context, "a", Inputs::new());
        let _ = a.id().value().await;
        thing(&context, "late", Inputs::new());
        Ok::<_, Failed>(())
    })
    .await;
    assert!(matches!(result, Err(RunError::EngineGone)));
    assert!(monitor.inner.messages().is_empty());
    assert!(monitor.inner.resource("late").is_none());
    assert!(!monitor.inner.is_complete());
}

#[tokio::test]
async fn independent_resources_are_under_way_together() {
    let monitor = Arc::new(Special { together: Some(Barrier::new(20)), ..Special::new() });
    let run = run_with(monitor.clone(), RunInfo::new("project", "stack"), |context| async move {
        for number in 0..20 {
            thing(&context, &format!("thing-{number}"), Inputs::new());
        }
        Ok::<_, Failed>(())
    });
    tokio::time::timeout(Duration::from_secs(10), run).await.expect("they wait for each other").unwrap();
    assert_eq!(monitor.inner.resources().len(), 20);
}

#[tokio::test]
async fn a_resource_that_depends_on_its_own_component_is_an_error() {
    let (_, result) = recorded(|context| async move {
        let outer = context.component("test:index:Outer", "outer", ResourceOptions::new());
        let options = ResourceOptions::new().depends_on(&outer);
        outer.context().custom_resource(&THING, "a", Inputs::new(), options);
        Ok(())
    })
    .await;
    assert_eq!(
        message(result),
        "resource a [test:index:Thing] failed to register: it depends on its own parent outer [test:index:Outer]"
    );
}

#[tokio::test]
async fn components_that_depend_on_each_other_are_an_error_and_no_hang() {
    let run = recorded(|context| async move {
        let left = context.component("test:index:Part", "left", ResourceOptions::new());
        let right = context.component("test:index:Part", "right", ResourceOptions::new());
        let on_left = ResourceOptions::new().depends_on(&left);
        let on_right = ResourceOptions::new().depends_on(&right);
        let a = left.context().custom_resource(&THING, "a", Inputs::new(), on_right);
        context.export("never", a.id());
        right.context().custom_resource(&THING, "b", Inputs::new(), on_left);
        Ok(())
    });
    let (_, result) = tokio::time::timeout(Duration::from_secs(10), run).await.expect("a hang");
    let message = message(result);
    assert!(message.contains("dependency cycle"), "{message}");
    assert!(message.contains("a [test:index:Thing], b [test:index:Thing]"), "{message}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_callback_that_takes_long_is_no_cycle() {
    let (_, result) = recorded(|context| async move {
        let a = thing(&context, "a", Inputs::new());
        drop(a.id().map(|id| {
            let begun = std::time::Instant::now();
            while begun.elapsed() < Duration::from_secs(4) {
                std::thread::yield_now();
            }
            id
        }));
        Ok(())
    })
    .await;
    result.unwrap();
}

#[tokio::test]
async fn resources_made_in_callbacks_belong_to_the_run() {
    let (recorder, result) = recorded(|context| async move {
        let a = thing(&context, "a", Inputs::new());
        let inner = context.clone();
        drop(a.id().map(move |id| {
            thing(&inner, &format!("made-for-{id}"), Inputs::new());
        }));
        Ok(())
    })
    .await;
    result.unwrap();
    assert!(recorder.resource("made-for-a-id").is_some());
}

#[tokio::test]
async fn a_name_that_is_taken_is_an_error() {
    let (_, result) = recorded(|context| async move {
        thing(&context, "a", Inputs::new());
        thing(&context, "a", Inputs::new());
        Ok(())
    })
    .await;
    assert!(message(result).contains("Duplicate resource URN"));
}

#[test]
fn a_runtime_that_ends_early_leaves_no_complete_program() {
    let monitor = Arc::new(Special { together: Some(Barrier::new(2)), ..Special::new() });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let task =
        runtime.spawn(run_with(monitor.clone(), RunInfo::new("project", "stack"), |context| async move {
            thing(&context, "a", Inputs::new());
            Ok::<_, Failed>(())
        }));
    runtime.block_on(async {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    });
    drop(runtime);
    drop(task);
    assert!(!monitor.inner.is_complete());
}
