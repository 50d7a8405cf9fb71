//! How programs end: what the engine is told, and the exit code. Nothing but a complete program exits with 0.

use std::process::Output;

use pulumi::wire;
use tonic::Code;

use crate::server::{Behaviour, Seen, program, run};

/// The program reported a failure that says this, sent its outputs, and was not called complete.
#[track_caller]
fn reported(output: &Output, seen: &Seen, message: &str) {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(32), "{errors}");
    assert_eq!(seen.messages.len(), 1, "{:?}", seen.messages);
    assert!(seen.messages[0].contains(message), "{:?}", seen.messages);
    assert!(!seen.complete, "an incomplete program was called complete");
    let of_stack = seen.outputs.iter().filter(|outputs| outputs.urn.contains("pulumi:pulumi:Stack"));
    assert_eq!(of_stack.count(), 1, "the stack's outputs are sent even so");
}

#[tokio::test]
async fn a_complete_program_exits_with_0_after_it_has_said_so() {
    let (output, seen) = run(Behaviour::default(), &[("ends:how", "well")]).await;
    let seen = seen.lock().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(seen.complete && seen.messages.is_empty());
    assert_eq!(seen.registered.len(), 2);
    assert_eq!(seen.registered[0].r#type, "pulumi:pulumi:Stack");
    assert_eq!(seen.registered[1].parent, "urn:pulumi:test::ends::pulumi:pulumi:Stack::ends-test");
    let position = seen.registered[1].source_position.as_ref().unwrap();
    assert!(
        position.uri.starts_with("file:///") && position.uri.ends_with("tests/programs/ends.rs"),
        "{position:?}"
    );
    let outputs = wire::decode_struct(seen.outputs[0].outputs.as_ref().unwrap()).unwrap();
    assert_eq!(outputs["id"], pulumi::Value::String("id".to_owned()));
}

#[tokio::test]
async fn a_failure_inside_the_program_exits_with_32_and_is_reported_once() {
    for (how, message) in [
        ("panic", "the program panicked: boom in the program"),
        ("panic in a map", "boom in a map"),
        ("panic in a lost task", "boom in a lost task"),
        ("panic on a thread", "boom on a thread"),
        ("waiting for itself", "outside [test:index:Thing]"),
        ("error", "the program failed: nothing is as it should be"),
        ("count", "ends:count is not set; set it by `pulumi config set ends:count VALUE`"),
        ("secret count", "ends:secret is not set; set it by `pulumi config set --secret ends:secret VALUE`"),
    ] {
        let (output, seen) = run(Behaviour::default(), &[("ends:how", how)]).await;
        reported(&output, &seen.lock().unwrap(), message);
    }
}

#[tokio::test]
async fn a_wrong_configuration_names_its_key_and_a_secret_is_not_shown() {
    let config = [("ends:how", "count"), ("ends:count", "many")];
    let (output, seen) = run(Behaviour::default(), &config).await;
    reported(&output, &seen.lock().unwrap(), "ends:count is \"many\": invalid digit found in string");

    let config = [("ends:how", "secret count"), ("ends:secret", "hunter2")];
    let (output, seen) = run(Behaviour::default(), &config).await;
    let seen = seen.lock().unwrap();
    reported(&output, &seen, "ends:secret is a secret: it is not what was expected");
    assert!(!seen.messages[0].contains("hunter2"), "{:?}", seen.messages);
}

#[tokio::test]
async fn a_registration_that_fails_exits_with_32_and_names_the_resource() {
    let refused = Behaviour { refuse: Some(Code::Internal), ..Behaviour::default() };
    let failed = Behaviour { result: wire::Result::Fail, ..Behaviour::default() };
    let skipped = Behaviour { result: wire::Result::Skip, ..Behaviour::default() };
    for (behaviour, why) in [(refused, "the engine says no"), (failed, "failed"), (skipped, "skipped")] {
        let (output, seen) = run(behaviour, &[("ends:how", "well")]).await;
        let seen = seen.lock().unwrap();
        reported(&output, &seen, "resource thing [test:index:Thing] failed to register");
        assert!(seen.messages[0].contains(why), "{:?}", seen.messages);
    }
}

#[tokio::test]
async fn an_engine_that_shuts_down_ends_the_program_in_silence() {
    for code in [Code::Unavailable, Code::Cancelled] {
        let behaviour = Behaviour { refuse: Some(code), ..Behaviour::default() };
        let (output, seen) = run(behaviour, &[("ends:how", "well")]).await;
        let seen = seen.lock().unwrap();
        assert_eq!(output.status.code(), Some(32));
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(seen.messages.is_empty() && seen.outputs.is_empty() && !seen.complete, "{seen:?}");
    }
}

#[tokio::test]
async fn a_failure_that_the_engine_cannot_show_exits_with_1_and_is_on_the_error_output() {
    let behaviour = Behaviour { deaf: Some(Code::Internal), ..Behaviour::default() };
    let (output, seen) = run(behaviour, &[("ends:how", "error")]).await;
    assert_eq!(output.status.code(), Some(1));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("error: the program failed: nothing is as it should be"), "{errors}");
    assert!(!seen.lock().unwrap().complete);
}

#[tokio::test]
async fn registrations_of_a_runtime_that_ends_early_are_not_lost() {
    let (output, seen) = run(Behaviour::default(), &[("ends:how", "early drop")]).await;
    let seen = seen.lock().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(seen.registered.iter().any(|request| request.name == "late"));
}

#[tokio::test]
async fn an_older_engine_is_asked_for_its_features_and_one_that_is_too_old_is_refused() {
    let old = Behaviour { old: true, ..Behaviour::default() };
    let (output, seen) = run(old.clone(), &[("ends:how", "well")]).await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(seen.lock().unwrap().complete);

    for behaviour in
        [Behaviour { incapable: true, ..Behaviour::default() }, Behaviour { incapable: true, ..old }]
    {
        let (output, seen) = run(behaviour, &[("ends:how", "well")]).await;
        assert_eq!(output.status.code(), Some(1));
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(errors.contains("the engine does not support") && errors.contains("update"), "{errors}");
        assert!(seen.lock().unwrap().registered.is_empty());
    }
}

#[tokio::test]
async fn an_answer_of_many_megabytes_is_read() {
    let behaviour = Behaviour { size: 12 << 20, ..Behaviour::default() };
    let (output, _) = run(behaviour, &[("ends:how", "well")]).await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test]
async fn a_program_that_the_engine_has_not_started_says_how_to_start_it() {
    let output = program().output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("start it by `pulumi up`") && errors.contains("PULUMI_MONITOR"), "{errors}");

    let nobody = "127.0.0.1:1";
    let output = program()
        .env("PULUMI_PROJECT", "ends")
        .env("PULUMI_STACK", "test")
        .env("PULUMI_MONITOR", nobody)
        .env("PULUMI_ENGINE", nobody)
        .output()
        .await
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("no connection to the engine at 127.0.0.1:1"), "{errors}");
}
