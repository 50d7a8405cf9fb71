//! What the program does with what the engine tells it.

use std::path::Path;
use std::sync::Arc;

use miyabi_infra::graph::References;
use miyabi_infra::program::program;
use miyabi_infra::settings::{Configuration, RETENTION_DAYS, Settings};
use miyabi_shared::{Function, Stage};
use pulumi::mocks::Recorder;
use pulumi::{RunError, RunInfo, run_with};

use crate::program::configured;
use crate::synth::build;

async fn run(stack: &str, config: &[(&str, &str)]) -> (Arc<Recorder<References>>, Result<(), RunError>) {
    let mut info = RunInfo::new("miyabi", stack);
    for (key, value) in config {
        info.config.insert((*key).to_owned(), (*value).to_owned());
    }
    let recorder = Arc::new(Recorder::new(References));
    let result = run_with(recorder.clone(), info, program).await;
    (recorder, result)
}

/// What is wrong with a stage that is told this.
fn refused(stage: Stage, config: &[(&str, &str)]) -> Vec<String> {
    let mut configuration = Configuration::new();
    for (key, value) in config {
        configuration.set(key, value);
    }
    Settings::read(stage, configuration).map_or_else(|refused| refused.0, |_| Vec::new())
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_together_before_the_first_resource() {
    let network = r#"{
        "cidr": "10.0.1.0/16", "zones": 1, "natGateway": "one",
        "publicSubnets": ["10.20.0.0/24", "10.20.1.0/24"], "privateSubnets": ["10.20.1.128/25", "10.21.0.0/24"]
    }"#;
    let (recorder, result) = run(
        "production",
        &[
            ("miyabi:functions", "nowhere"),
            ("miyabi:page", "nowhere"),
            ("miyabi:redisURL", "127.0.0.1"),
            ("miyabi:network", network),
            ("miyabi:logs", r#"{"jobsDays": 31}"#),
            ("miyabi:compute", r#"{"trafficShift": {"task-api": {"percent": 10}}}"#),
        ],
    )
    .await;
    let message = result.unwrap_err().to_string();
    for wrong in [
        "the stack is called \"production\": expected a stage, one of local, dev, stg, prod",
        "aws:region is not set: expected the region that the stage is in",
        "miyabi:redisURL is not known: did you mean redisUrl?",
        "miyabi:network.cidr is \"10.0.1.0/16\": a block of /16 does not begin there: expected 10.0.0.0/16",
        "miyabi:network.zones is 1: expected a whole number from 2 to 8, or a list of zones",
        "miyabi:network.natGateway is not known: did you mean natGateways?",
        "miyabi:network.publicSubnets[1] 10.20.1.0/24 overlaps privateSubnets[0] 10.20.1.128/25: expected subnets",
        "miyabi:network.privateSubnets[1] is 10.21.0.0/24: expected a block within 10.20.0.0/16",
        "miyabi:logs.jobsDays is 31: expected days that CloudWatch Logs takes: 1, 3, 5, 7, 14, 30, 60",
        "miyabi:compute.trafficShift.task-api.version is not set: expected the number of an earlier version",
        "a function was not built: expected a file at nowhere/task-api/bootstrap",
        "a function was not built: expected a file at nowhere/progress-collector/bootstrap",
        "a function was not built: expected a file at nowhere/issuer-keys/bootstrap",
        "a function was not built: expected a file at nowhere/stream-processor/bootstrap",
        "the page was not built: expected a file at nowhere/index.html",
    ] {
        assert!(message.contains(wrong), "{wrong} is not in\n{message}");
    }
    assert_eq!(
        message.lines().filter(|line| line.contains("miyabi:") || line.contains(": expected")).count(),
        15
    );
    assert!(recorder.resources().is_empty());
}

#[tokio::test]
async fn a_stack_that_is_called_like_a_stage_is_that_stage() {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path());
    let functions = folder.path().to_str().unwrap();
    let (recorder, result) = run(
        "dev",
        &[("miyabi:functions", functions), ("miyabi:page", "tests/it/page"), ("aws:region", "eu-west-1")],
    )
    .await;
    result.unwrap();
    assert!(!recorder.resources_of("aws:lambda/function:Function").is_empty());
    assert!(recorder.stack_outputs().contains_key("apiUrl"));
}

#[tokio::test]
async fn zones_are_those_of_the_region() {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path());
    let functions = folder.path().to_str().unwrap();
    let zones = r#"{"zones": ["eu-west-1a", "eu-central-1b"]}"#;
    let config = [("miyabi:functions", functions), ("miyabi:network", zones), ("aws:region", "eu-west-1")];
    let (recorder, result) = run("dev", &config).await;
    let message = result.unwrap_err().to_string();
    assert!(message.contains("names \"eu-central-1b\": expected zones of eu-west-1"), "{message}");
    assert!(recorder.resources().is_empty());
}

#[test]
fn the_defaults_of_every_stage_are_right() {
    for stage in Stage::ALL {
        assert_eq!(refused(stage, &[]), Vec::<String>::new());
        assert_eq!(Settings::read(stage, Configuration::new()).unwrap(), Settings::of(stage));
    }
}

#[test]
fn every_retention_that_cloudwatch_takes_is_taken_and_no_other() {
    for days in 0..=4000_u32 {
        let wrong = refused(Stage::Dev, &[("logs.functionsDays", &days.to_string())]);
        assert_eq!(wrong.is_empty(), RETENTION_DAYS.contains(&days), "{days}: {wrong:?}");
    }
}

#[test]
fn a_setting_that_contradicts_another_is_refused() {
    for (stage, config, expected) in [
        (
            Stage::Dev,
            &[("network.cidr", "11.0.0.0/16")][..],
            "miyabi:network.cidr is 11.0.0.0/16: expected a block of 10.0.0.0/8, 172.16.0.0/12",
        ),
        (
            Stage::Dev,
            &[("network.cidr", "10.0.0.0/24")],
            "expected a block from /16 to /23, which can be cut",
        ),
        (Stage::Dev, &[("network.zones", r#"["eu-west-1a", "eu-west-1a"]"#)], "names eu-west-1a twice"),
        (Stage::Dev, &[("network.enabled", "false")], "expected a network, which the cache is in"),
        (
            Stage::Dev,
            &[("network.interfaceEndpoints", "[]")],
            "task-api reads logs from inside of the network",
        ),
        (
            Stage::Prod,
            &[("redisUrl", "redis://10.0.0.5:6379"), ("cache.replicas", "1")],
            "miyabi:redisUrl is set together with miyabi:cache",
        ),
        (Stage::Prod, &[("cache.engineVersion", "6.2")], "is \"6.2\": expected 7.2, 8.0 or 8.1 of valkey"),
        (Stage::Prod, &[("cache.engine", "memcached")], "is \"memcached\": expected valkey or redis"),
        (
            Stage::Prod,
            &[("cache.maintenanceWindow", "sunday")],
            "expected at least an hour such as sun:03:00",
        ),
        (Stage::Prod, &[("data.read.least", "5")], "expected billing provisioned"),
        (
            Stage::Prod,
            &[("data.billing", "provisioned"), ("data.write.least", "200")],
            "miyabi:data.write is from 200 to 100",
        ),
        (Stage::Prod, &[("data.recoveryDays", "36")], "expected a whole number from 0 to 35"),
        (
            Stage::Dev,
            &[("compute.provisionedConcurrency", "11")],
            "keeps 11 copies of task-api ready: expected at most the 10",
        ),
        (
            Stage::Dev,
            &[("compute.provisionedConcurrency", "1"), ("compute.versions", "false")],
            "expected versions, since only a version can be kept ready",
        ),
        (
            Stage::Dev,
            &[
                ("compute.provisionedConcurrency.task-api", "1"),
                ("compute.trafficShift.task-api.version", "41"),
                ("compute.trafficShift.task-api.percent", "90"),
            ],
            "are both set for task-api: expected one of them",
        ),
        (Stage::Dev, &[("compute.reservedConcurrency", "0")], "expected a whole number from 1 to 1000"),
        (Stage::Dev, &[("compute.reservedConcurrency", "500")], "reserves 2500 copies in all"),
        (
            Stage::Dev,
            &[("compute.reservedConcurrency.api", "5")],
            "\"api\" is no function: expected task-api",
        ),
        (
            Stage::Local,
            &[("api.authorizer", "iam")],
            "api.authorizer is iam: expected none in the stage local",
        ),
        (
            Stage::Dev,
            &[("api.authorizer", "oidc")],
            "miyabi:api.oidc is not set: expected the issuer to believe",
        ),
        (
            Stage::Dev,
            &[
                ("api.oidc.issuer", "https://login.example.com"),
                ("api.oidc.clientId", "miyabi"),
                ("api.oidc.keysUrl", "https://login.example.com/keys"),
            ],
            "api.authorizer is cognito: expected oidc, or nobody asks that issuer",
        ),
        (
            Stage::Dev,
            &[("api.authorizer", "oidc"), ("api.oidc.issuer", "http://login.example.com")],
            "\"http://login.example.com\": expected https://",
        ),
        (
            Stage::Dev,
            &[("api.authorizer", "oidc"), ("api.oidc.issuer", "https://login.example.com")],
            "miyabi:api.oidc.clientId is not set: expected the public client of page and command",
        ),
        (Stage::Dev, &[("api.authorizer", "none")], "expected cognito, oidc or iam outside of a laptop"),
        (Stage::Dev, &[("api.authorizer", "jwt")], "is \"jwt\": expected none, cognito, oidc or iam"),
        (Stage::Dev, &[("api.requestsPerSecond", "10001")], "expected a whole number from 1 to 10000"),
        (Stage::Dev, &[("api.keys", r#"["a b"]"#)], "\"a b\": expected at most 64 letters, digits, - and _"),
        (Stage::Dev, &[("api.keys", r#"["a", "a"]"#)], "miyabi:api.keys names \"a\" twice"),
        (
            Stage::Dev,
            &[("api.domain.name", "Miyabi")],
            "miyabi:api.domain.zoneId is not set: expected a name and",
        ),
        (
            Stage::Prod,
            &[("edge.domain.name", "Miyabi")],
            "is \"Miyabi\": expected a name such as miyabi.example.com",
        ),
        (
            Stage::Prod,
            &[("edge.corsOrigins", r#"["*"]"#)],
            "\"*\": expected an exact origin such as https://",
        ),
        (
            Stage::Prod,
            &[("edge.firewallRequests", "9")],
            "expected a whole number from 10 to 2000000000, or none",
        ),
        (
            Stage::Prod,
            &[("edge.priceClass", "1")],
            "expected PriceClass_100, PriceClass_200 or PriceClass_All",
        ),
        (
            Stage::Local,
            &[("edge.corsOrigins", r#"["https://a.example"]"#)],
            "miyabi:edge.corsOrigins is set: expected nothing of it in the stage local",
        ),
        (
            Stage::Dev,
            &[("operation.email", "team")],
            "is \"team\": expected an address such as team@example.com",
        ),
        (Stage::Dev, &[("operation.costOwner", "a;b")], "is \"a;b\": expected at most 256 letters"),
        (Stage::Dev, &[("operation.monthlyBudget", "0")], "expected a whole number from 1 to 1000000"),
        (Stage::Dev, &[("operation.tracedPercent", "101")], "expected a whole number from 0 to 100"),
        (Stage::Local, &[("operation.backupDays", "7")], "expected nothing of it in the stage local"),
        (Stage::Dev, &[("compute.logLevel", "loud")], "expected error, warn, info, debug or trace"),
    ] {
        let wrong = refused(stage, config);
        assert!(
            wrong.iter().any(|line| line.contains(expected)),
            "{config:?}: {expected} is not in {wrong:?}"
        );
    }
}

#[test]
fn a_cache_somewhere_else_needs_no_network() {
    let settings = configured(Stage::Prod, &[("redisUrl", "rediss://cache.example:6379")]);
    assert_eq!(settings.network, None);
    assert!(Function::ALL.into_iter().all(|function| !settings.in_network(function)));
}

#[test]
fn an_address_that_may_hold_a_password_is_not_shown() {
    let wrong = refused(Stage::Dev, &[("redisUrl", "user:password@127.0.0.1")]);
    assert_eq!(
        wrong,
        ["miyabi:redisUrl is a secret: expected redis://HOST:PORT, rediss://HOST:PORT or none"]
    );
}

#[test]
fn subnets_can_be_given() {
    let settings = configured(
        Stage::Dev,
        &[
            ("network.cidr", "10.9.0.0/24"),
            ("network.zones", r#"["eu-west-1a", "eu-west-1b"]"#),
            ("network.publicSubnets", r#"["10.9.0.0/28", "10.9.0.16/28"]"#),
            ("network.privateSubnets", r#"["10.9.0.64/26", "10.9.0.128/26"]"#),
        ],
    );
    let network = settings.network.unwrap();
    assert_eq!(network.blocks(1).unwrap().private.to_string(), "10.9.0.128/26");
    assert_eq!(network.blocks(2), None);
    assert!(Path::new(&settings.functions).ends_with("functions"));
}
