//! What the program does with what the engine tells it.

use std::sync::Arc;

use miyabi_infra::graph::References;
use miyabi_infra::program::program;
use miyabi_shared::Function;
use pulumi::mocks::Recorder;
use pulumi::{RunError, RunInfo, run_with};

async fn run(stack: &str, config: &[(&str, &str)]) -> (Arc<Recorder<References>>, Result<(), RunError>) {
    let mut info = RunInfo::new("miyabi", stack);
    for (key, value) in config {
        info.config.insert(format!("miyabi:{key}"), (*value).to_owned());
    }
    let recorder = Arc::new(Recorder::new(References));
    let result = run_with(recorder.clone(), info, program).await;
    (recorder, result)
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_together_before_the_first_resource() {
    let (recorder, result) = run("production", &[("functions", "nowhere"), ("redisUrl", "127.0.0.1")]).await;
    let message = result.unwrap_err().to_string();
    for wrong in [
        "the stack is called \"production\": expected a stage, one of local, dev, stg, prod",
        "miyabi:redisUrl: expected redis://HOST:PORT, rediss://HOST:PORT or none",
        "a function was not built: expected a file at nowhere/task-api/bootstrap",
        "a function was not built: expected a file at nowhere/progress-collector/bootstrap",
    ] {
        assert!(message.contains(wrong), "{wrong} is not in\n{message}");
    }
    assert!(recorder.resources().is_empty());
}

#[tokio::test]
async fn a_stack_that_is_called_like_a_stage_is_that_stage() {
    let folder = tempfile::tempdir().unwrap();
    for function in Function::ALL {
        let bootstrap = folder.path().join(function.bootstrap_path());
        std::fs::create_dir_all(bootstrap.parent().unwrap()).unwrap();
        std::fs::write(bootstrap, "").unwrap();
    }
    let (recorder, result) = run("dev", &[("functions", folder.path().to_str().unwrap())]).await;
    result.unwrap();
    assert!(!recorder.resources_of("aws:lambda/function:Function").is_empty());
    assert!(recorder.stack_outputs().contains_key("apiUrl"));
}
