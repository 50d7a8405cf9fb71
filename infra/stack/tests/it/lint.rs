//! cfn-lint knows what CloudFormation takes: types, required properties, value ranges, references.

use std::process::Command;

use miyabi_infra::synth::synth;
use miyabi_shared::Stage;
use miyabi_shared::config::{Environment as _, ProcessEnvironment};

use crate::program::settings;
use crate::synth::build;

/// The path of cfn-lint.
const CFN_LINT: &str = "MIYABI_CFN_LINT";

#[tokio::test]
async fn cfn_lint_finds_nothing_in_the_template_of_any_stage() {
    let program = ProcessEnvironment.get(CFN_LINT).unwrap_or_else(|| {
        panic!("{CFN_LINT} is not set: give it the path of cfn-lint 1.58.0, or run `./just test`")
    });
    let folder = tempfile::tempdir().unwrap();
    build(folder.path());
    let mut command = Command::new(&program);
    command.args(["--region", "us-east-1", "--"]);
    for stage in Stage::ALL {
        let mut settings = settings(stage);
        settings.functions = folder.path().to_str().unwrap().to_owned();
        let out = folder.path().join(stage.name());
        synth(&settings, &out).await.unwrap();
        command.arg(out.join("template.json"));
    }
    let output =
        command.output().unwrap_or_else(|error| panic!("{CFN_LINT}={program} cannot be started: {error}"));
    let findings = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{findings}{}", String::from_utf8_lossy(&output.stderr));
}
