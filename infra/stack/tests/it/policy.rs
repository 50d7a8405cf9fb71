//! The rules of `docs/POLICIES.md`, checked against everything that each stage registers.

mod api;
mod broken;
mod cache;
mod containers;
mod data;
mod function;
mod identity;
mod model;
mod network;
mod operation;
mod page;
mod queue;

use miyabi_infra::graph::graph;
use miyabi_infra::rules::{self, Rule};
use miyabi_infra::settings::{Architecture, Authorizer, Choice as _, Domain, OidcSettings, Settings};
use miyabi_shared::Stage;

use crate::program::settings;
use model::{Findings, Graph};

/// What a rule finds in a graph.
fn check(rule: Rule, graph: &Graph) -> Findings {
    let mut found = Findings::default();
    let check: fn(&Graph, &mut Findings) = match rule {
        Rule::FunctionCallers => function::callers,
        Rule::FunctionRuntime => function::runtime,
        Rule::NoSecretsInEnvironment => function::no_secrets,
        Rule::EnvironmentKey => function::environment_key,
        Rule::ReservedConcurrency => function::reserved_concurrency,
        Rule::FailedEventsAreKept => function::failed_events,
        Rule::FunctionTracing => function::tracing,
        Rule::FunctionZones => function::zones,
        Rule::FunctionInVpc => function::in_vpc,
        Rule::NoOpenFunctionUrl => function::no_open_url,
        Rule::CodeSigning => function::code_signing,
        Rule::ApiExecutionLogs => api::execution_logs,
        Rule::ApiAccessLogs => api::access_logs,
        Rule::ApiAuthorizer => api::authorizer,
        Rule::ApiTracing => api::tracing,
        Rule::Firewall => api::firewall,
        Rule::RequestValidation => api::request_validation,
        Rule::NoDataTrace => api::no_data_trace,
        Rule::NoOpenCors => api::no_open_cors,
        Rule::DomainTls => api::domain_tls,
        Rule::Throttle => api::throttle,
        Rule::TableRecovery => data::recovery,
        Rule::TableDeletionProtection => data::deletion_protection,
        Rule::TableScaling => data::scaling,
        Rule::TableKey => data::key,
        Rule::IndexThroughput => data::index_throughput,
        Rule::CacheAtRest => cache::at_rest,
        Rule::CacheInTransit => cache::in_transit,
        Rule::CacheAuthentication => cache::authentication,
        Rule::CacheFailover => cache::failover,
        Rule::CacheUpgrades => cache::upgrades,
        Rule::CacheSubnets => cache::subnets,
        Rule::CacheSnapshots => cache::snapshots,
        Rule::QueueEncryption => queue::encryption,
        Rule::QueueRedrive => queue::redrive,
        Rule::QueuePolicy => queue::policy,
        Rule::Visibility => queue::visibility,
        Rule::BucketPublicAccess => page::public_access,
        Rule::BucketTls => page::tls_only,
        Rule::BucketVersions => page::versions,
        Rule::BucketLifecycle => page::lifecycle,
        Rule::BucketOwnership => page::ownership,
        Rule::OriginAccess => page::origin_access,
        Rule::DistributionHttps => page::https_only,
        Rule::DistributionTls => page::viewer_tls,
        Rule::SecurityHeaders => page::security_headers,
        Rule::DistributionRoot => page::root_object,
        Rule::DistributionLogs => page::logs,
        Rule::NoWildcardActions => identity::no_wildcard_actions,
        Rule::NoWildcardResources => identity::no_wildcard_resources,
        Rule::TrustedService => identity::trusted_service,
        Rule::TrustedAccount => identity::trusted_account,
        Rule::ManagedPolicies => identity::managed_policies,
        Rule::KeyRotation => identity::key_rotation,
        Rule::SecretRotation => identity::secret_rotation,
        Rule::SecurityGroups => network::security_groups,
        Rule::NetworkLogs => network::logs,
        Rule::DynamoDbEndpoint => network::dynamodb_endpoint,
        Rule::LogRetention => operation::log_retention,
        Rule::LogKey => operation::log_key,
        Rule::Containers => containers::containers,
        Rule::ContainerInsights => containers::insights,
        Rule::StreamFailures => operation::stream_failures,
        Rule::DeadLetterAlarm => operation::dead_letter_alarm,
        Rule::IteratorAgeAlarm => operation::iterator_age_alarm,
        Rule::ThrottleAlarm => operation::throttle_alarm,
        Rule::Tags => operation::tags,
        Rule::Watched => operation::watched,
    };
    check(graph, &mut found);
    found
}

async fn of(stage: Stage) -> Graph {
    read(&settings(stage)).await
}

async fn read(settings: &Settings) -> Graph {
    let stage = settings.stage;
    let text = graph(settings).await.unwrap().to_string();
    // The local stage runs on the CPU of the machine; the others on the one that is chosen for them.
    let text = match stage {
        Stage::Local => text.replace(&format!("{:?}", Architecture::host().word()), "\"HOST\""),
        Stage::Dev | Stage::Stg | Stage::Prod => text,
    };
    Graph::read(&serde_json::from_str(&text).unwrap())
}

#[tokio::test]
async fn every_rule_holds_in_every_stage_or_is_waived_beside_the_resource() {
    let waivers = rules::waivers();
    let mut used = vec![Vec::new(); waivers.len()];
    let mut broken = Vec::new();
    for stage in Stage::ALL {
        let graph = of(stage).await;
        for rule in Rule::ALL {
            for finding in check(*rule, &graph).0 {
                let mut covered = false;
                for (waiver, used) in waivers.iter().zip(&mut used) {
                    if waiver.covers(*rule, stage, &finding.kind, &finding.name) {
                        covered = true;
                        if !used.contains(&stage) {
                            used.push(stage);
                        }
                    }
                }
                if !covered {
                    broken.push(format!(
                        "{stage}: {} {}: {}\n    {rule}",
                        finding.kind, finding.name, finding.message
                    ));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{} broken\n{}", broken.len(), broken.join("\n"));
    let unused: Vec<_> = waivers
        .iter()
        .zip(&used)
        .filter_map(|(waiver, used)| {
            let idle: Vec<_> = waiver
                .stages
                .iter()
                .filter(|stage| !used.contains(stage))
                .map(|stage| stage.name())
                .collect();
            (!idle.is_empty())
                .then(|| format!("{} {:?} in {}: {}", waiver.kind, waiver.of, idle.join(", "), waiver.rule))
        })
        .collect();
    assert!(unused.is_empty(), "waivers that nothing needs:\n{}", unused.join("\n"));
}

#[tokio::test]
async fn every_name_in_a_waiver_is_the_name_of_a_resource() {
    let mut names = std::collections::BTreeSet::new();
    for stage in Stage::ALL {
        names.extend(of(stage).await.resources.into_iter().map(|resource| (resource.kind, resource.name)));
    }
    for waiver in rules::waivers() {
        if let rules::Of::Named(of) = waiver.of {
            for name in of {
                assert!(
                    names.contains(&(waiver.kind.to_owned(), (*name).to_owned())),
                    "{}: {name}",
                    waiver.kind
                );
            }
        }
        assert!(waiver.reason.len() > 20, "{}: {:?} is no reason", waiver.kind, waiver.reason);
    }
}

fn oidc() -> OidcSettings {
    OidcSettings {
        issuer: "https://login.example.com".to_owned(),
        client_id: "miyabi".to_owned(),
        audience: "miyabi".to_owned(),
        ask_for_audience: true,
        keys_url: "https://login.example.com/keys".to_owned(),
        origins: Vec::new(),
        scopes: Vec::new(),
        groups_claim: Some("groups".to_owned()),
        projects_claim: "projects".to_owned(),
    }
}

#[tokio::test]
async fn what_an_operator_can_choose_breaks_no_rule() {
    let mut chosen = settings(Stage::Prod);
    let domain = |name: &str| Some(Domain { name: name.to_owned(), zone_id: "Z2FDTNDATAQYW2".to_owned() });
    chosen.edge.domain = domain("miyabi.example.com");
    chosen.edge.cors_origins = vec!["https://tools.example.com".to_owned()];
    chosen.api.domain = domain("api.example.com");
    chosen.api.keys = vec!["partner".to_owned()];
    for authorizer in [Authorizer::Cognito, Authorizer::Oidc, Authorizer::Iam] {
        chosen.api.authorizer = authorizer;
        chosen.api.oidc = (authorizer == Authorizer::Oidc).then(oidc);
        let graph = read(&chosen).await;
        for kind in
            ["acm.Certificate", "apigateway.DomainName", "apigateway.UsagePlanKey", "cloudfront.Function"]
        {
            assert!(!graph.of(kind).is_empty(), "{kind}");
        }
        // Where the gateway does not ask, the function does.
        let asks = check(Rule::ApiAuthorizer, &graph).0.is_empty();
        assert_eq!(asks, authorizer == Authorizer::Iam);
        for rule in [
            Rule::DistributionTls,
            Rule::DomainTls,
            Rule::Firewall,
            Rule::NoOpenCors,
            Rule::RequestValidation,
            Rule::SecurityHeaders,
            Rule::Throttle,
        ] {
            let found = check(rule, &graph);
            assert!(found.0.is_empty(), "{rule}: {:?}", found.0);
        }
    }
}
