//! cfn-lint knows what CloudFormation takes: types, required properties, value ranges, references.

use std::process::Command;

use miyabi_infra::synth::synth;
use miyabi_shared::Stage;
use miyabi_shared::config::{Environment as _, ProcessEnvironment};

use crate::program::{configured, settings};
use crate::synth::build;

/// The path of cfn-lint.
const CFN_LINT: &str = "MIYABI_CFN_LINT";

/// What a stage can be told, each at least once.
const CHOICES: [(Stage, &[(&str, &str)]); 4] = [
    (
        Stage::Dev,
        &[
            ("network.cidr", "10.9.0.0/24"),
            ("network.publicSubnets", r#"["10.9.0.0/28", "10.9.0.16/28"]"#),
            ("network.privateSubnets", r#"["10.9.0.64/26", "10.9.0.128/26"]"#),
            (
                "network.interfaceEndpoints",
                r#"["ecr.api", "ecr.dkr", "kms", "logs", "monitoring", "secretsmanager", "sns", "sqs", "xray"]"#,
            ),
            ("encryption.dataKey", "true"),
            ("encryption.logsKey", "true"),
        ],
    ),
    (
        Stage::Stg,
        &[
            ("network.zones", "4"),
            ("network.natGateways", "one-per-zone"),
            ("network.flowLogs", "off"),
            ("cache.engine", "redis"),
            ("cache.snapshotRetentionDays", "3"),
            ("compute.deadLetters", "false"),
        ],
    ),
    (
        Stage::Prod,
        &[
            ("data.billing", "provisioned"),
            ("compute.trafficShift.task-api.version", "41"),
            ("compute.trafficShift.task-api.percent", "90"),
            ("compute.provisionedConcurrency.progress-collector", "2"),
        ],
    ),
    (Stage::Prod, &[("redisUrl", "rediss://cache.example:6379"), ("compute.versions", "false")]),
];

#[tokio::test]
async fn cfn_lint_finds_nothing_in_the_template_of_any_stage_and_choice() {
    let program = ProcessEnvironment.get(CFN_LINT).unwrap_or_else(|| {
        panic!("{CFN_LINT} is not set: give it the path of cfn-lint 1.58.0, or run `./just test`")
    });
    let folder = tempfile::tempdir().unwrap();
    build(folder.path());
    let mut command = Command::new(&program);
    command.args(["--region", "us-east-1", "--"]);
    let functions = folder.path().to_str().unwrap();
    let defaults = Stage::ALL.map(|stage| (stage, [].as_slice()));
    for (number, (stage, config)) in defaults.into_iter().chain(CHOICES).enumerate() {
        let mut settings = match config {
            [] => settings(stage),
            config => configured(stage, config),
        };
        settings.functions = functions.to_owned();
        let out = folder.path().join(format!("{number}-{stage}"));
        synth(&settings, &out).await.unwrap();
        command.arg(out.join("template.json"));
    }
    let output =
        command.output().unwrap_or_else(|error| panic!("{CFN_LINT}={program} cannot be started: {error}"));
    let findings = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{findings}{}", String::from_utf8_lossy(&output.stderr));
}
