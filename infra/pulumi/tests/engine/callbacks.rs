//! Functions of a program that the engine calls over gRPC, until it lets the program end.

use pulumi::{Value, wire};

use crate::server::{Behaviour, run};

#[tokio::test]
async fn transforms_and_hooks_are_called_back_until_the_engine_lets_the_program_end() {
    let (output, seen) = run(Behaviour::default(), &[("ends:how", "callbacks")]).await;
    let seen = seen.lock().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let transformed = seen.registered.iter().find(|request| request.name == "transformed").unwrap();
    let inputs = wire::decode_struct(transformed.object.as_ref().unwrap()).unwrap();
    assert_eq!(inputs["by the stack"], Value::String("transformed".to_owned()));
    assert_eq!(inputs["by itself"], Value::Bool(true));
    assert!(transformed.transforms[0].target.starts_with("127.0.0.1:"), "{:?}", transformed.transforms);
    // The hooks are called when the program has said that it is complete. That one of them panics is the engine's to
    // judge, and does not make the program incomplete.
    let mut answers: Vec<_> = seen
        .called_at_the_end
        .iter()
        .map(|answer| answer.as_ref().map_or_else(|status| status.message(), String::as_str))
        .collect();
    answers.sort_unstable();
    let unknown = "there is no callback with this token";
    assert_eq!(answers, ["callback panicked: boom in a hook", "goodbye, gone", unknown]);
}
