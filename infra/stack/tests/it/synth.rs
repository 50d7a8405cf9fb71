//! The program as a template.

use std::path::Path;
use std::process::Command;

use miyabi_infra::settings::{Architecture, Choice as _};
use miyabi_infra::synth::synth;
use miyabi_shared::{Function, Stage};

use crate::program::settings;

/// Writes a bootstrap for each function.
pub(crate) fn build(folder: &Path) {
    for function in Function::ALL {
        let bootstrap = folder.join(function.bootstrap_path());
        std::fs::create_dir_all(bootstrap.parent().unwrap()).unwrap();
        std::fs::write(bootstrap, format!("the bootstrap of {}", function.name())).unwrap();
    }
}

#[tokio::test]
async fn the_local_template_is_what_was_reviewed() {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path());
    let mut settings = settings(Stage::Local);
    settings.functions = folder.path().to_str().unwrap().to_owned();
    let out = folder.path().join("out");
    let report = synth(&settings, &out).await.unwrap();
    let template = std::fs::read_to_string(out.join("template.json")).unwrap();
    insta::assert_snapshot!(
        "template",
        template.replace(&format!("{:?}", Architecture::host().word()), "\"HOST\"")
    );
    insta::assert_snapshot!("left-out", report.lines().collect::<Vec<_>>().join("\n"));

    let assets: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(out.join("assets.json")).unwrap()).unwrap();
    for asset in assets.as_array().unwrap() {
        let path = out.join(asset["path"].as_str().unwrap());
        assert!(path.is_file(), "{}", path.display());
        assert!(template.contains(asset["sha256"].as_str().unwrap()));
    }
    assert_eq!(assets.as_array().unwrap().len(), settings.functions().count());
}

#[tokio::test]
async fn every_stage_has_its_place_in_a_template() {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path());
    for stage in Stage::ALL {
        let mut settings = settings(stage);
        settings.functions = folder.path().to_str().unwrap().to_owned();
        synth(&settings, &folder.path().join(stage.name())).await.unwrap();
    }
}

#[tokio::test]
async fn every_function_that_was_not_built_is_named_before_anything_is_declared() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings(Stage::Local);
    settings.functions = folder.path().to_str().unwrap().to_owned();
    let out = folder.path().join("out");
    let message = synth(&settings, &out).await.unwrap_err().to_string();
    for function in settings.functions() {
        assert!(message.contains(&function.bootstrap_path()), "{message}");
    }
    assert!(!out.exists());
}

fn infra(arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_infra")).args(arguments).output().unwrap()
}

#[test]
fn the_command_prints_a_graph_and_refuses_an_unknown_stage() {
    let graph = infra(&["graph", "--stage", "prod"]);
    assert!(graph.status.success());
    let graph: serde_json::Value = serde_json::from_slice(&graph.stdout).unwrap();
    assert_eq!(graph["stage"], "prod");
    let refused = infra(&["graph", "--stage", "production"]);
    assert!(!refused.status.success());
    let message = String::from_utf8(refused.stderr).unwrap();
    assert!(message.contains("expected local, dev, stg or prod"), "{message}");
    let refused = infra(&["graph", "--stage", "local", "--redis-url", "localhost"]);
    let message = String::from_utf8(refused.stderr).unwrap();
    assert!(message.contains("expected redis://HOST:PORT"), "{message}");
}
