//! The network and the cache in it.

use std::collections::{BTreeMap, BTreeSet};

use miyabi_infra::settings::CacheSettings;
use miyabi_shared::cache::access_string;
use miyabi_shared::{Function, Stage, Table};
use pulumi::Value;
use pulumi::mocks::NewResource;

use crate::program::{recorded, settings, text, told};

const STAGES: [Stage; 3] = [Stage::Dev, Stage::Stg, Stage::Prod];

fn number(resource: &NewResource, key: &str) -> f64 {
    match resource.inputs.get(key) {
        Some(Value::Number(number)) => *number,
        other => panic!("{}.{key} is {other:?}", resource.name),
    }
}

#[tokio::test]
async fn a_laptop_has_no_network_no_cache_and_no_keys() {
    let known: BTreeSet<String> = recorded(Stage::Local)
        .await
        .resources()
        .into_iter()
        .filter(|resource| resource.request.custom)
        .map(|resource| resource.token)
        .collect();
    let modules: BTreeSet<&str> = known.iter().map(|token| token.split([':', '/']).nth(1).unwrap()).collect();
    assert_eq!(
        modules,
        BTreeSet::from([
            "apigateway",
            "apigatewayv2",
            "cloudwatch",
            "dynamodb",
            "iam",
            "lambda",
            "s3",
            "sqs"
        ])
    );
}

#[tokio::test]
async fn every_zone_has_a_subnet_of_each_kind_and_nothing_gets_a_public_address() {
    for (stage, zones) in [(Stage::Dev, 2), (Stage::Stg, 2), (Stage::Prod, 3)] {
        let subnets = recorded(stage).await.resources_of("aws:ec2/subnet:Subnet");
        assert_eq!(subnets.len(), zones * 2);
        for kind in ["public", "private"] {
            let of_kind: BTreeSet<_> = subnets
                .iter()
                .filter(|subnet| subnet.name.starts_with(kind))
                .map(|subnet| text(subnet, "availabilityZone").to_owned())
                .collect();
            assert_eq!(of_kind.len(), zones, "{kind} subnets in {stage}");
        }
        for subnet in subnets {
            assert_eq!(subnet.inputs["mapPublicIpOnLaunch"], Value::Bool(false));
        }
    }
}

#[tokio::test]
async fn with_a_zone_more_no_subnet_moves() {
    let blocks = async |zones: &str| -> BTreeMap<String, String> {
        let recorder = told(Stage::Dev, &[("network.zones", zones)]).await;
        let subnets = recorder.resources_of("aws:ec2/subnet:Subnet");
        subnets.iter().map(|subnet| (subnet.name.clone(), text(subnet, "cidrBlock").to_owned())).collect()
    };
    let (two, three) = (blocks("2").await, blocks("3").await);
    assert!(two.iter().all(|(name, block)| three.get(name) == Some(block)), "{two:?}\n{three:?}");
    assert_eq!(three.len(), 6);
}

#[tokio::test]
async fn there_are_as_many_nat_gateways_as_are_chosen_and_every_private_subnet_has_one_route_out() {
    for (choice, gateways) in [("none", 0), ("one", 1), ("one-per-zone", 3)] {
        let config = [("network.natGateways", choice), ("network.interfaceEndpoints", "[\"logs\"]")];
        let recorder = told(Stage::Prod, &config).await;
        assert_eq!(recorder.resources_of("aws:ec2/natGateway:NatGateway").len(), gateways, "{choice}");
        assert_eq!(recorder.resources_of("aws:ec2/eip:Eip").len(), gateways);
        let routes: Vec<_> = recorder
            .resources_of("aws:ec2/route:Route")
            .into_iter()
            .filter(|route| route.inputs.contains_key("natGatewayId"))
            .collect();
        assert_eq!(routes.len(), if gateways == 0 { 0 } else { 3 });
        let used: BTreeSet<_> = routes.iter().map(|route| text(route, "natGatewayId")).collect();
        assert_eq!(used.len(), gateways, "every gateway is used");
        // The internet's gateway goes after what has an address.
        let internet = recorder.resource("internet").unwrap();
        for gateway in recorder.resources_of("aws:ec2/natGateway:NatGateway") {
            assert!(gateway.request.dependencies.contains(&internet.urn));
        }
    }
}

#[tokio::test]
async fn services_are_reached_by_endpoints_with_policies() {
    for stage in STAGES {
        let recorder = recorded(stage).await;
        let tables = recorder.resources_of("aws:ec2/routeTable:RouteTable").len();
        let endpoints = recorder.resources_of("aws:ec2/vpcEndpoint:VpcEndpoint");
        for name in ["dynamodb", "s3"] {
            let endpoint = endpoints.iter().find(|endpoint| endpoint.name == name).unwrap();
            assert_eq!(text(endpoint, "vpcEndpointType"), "Gateway");
            let Value::Array(routes) = &endpoint.inputs["routeTableIds"] else { panic!() };
            assert_eq!(routes.len(), tables, "{name} is reached from every subnet");
        }
        for endpoint in &endpoints {
            let policy: serde_json::Value = serde_json::from_str(text(endpoint, "policy")).unwrap();
            for statement in policy["Statement"].as_array().unwrap() {
                // Anyone of this account, and nobody of another, by exact actions.
                assert_eq!(statement["Condition"]["StringEquals"]["aws:PrincipalAccount"], "${accountId}");
                assert!(!statement["Action"].to_string().contains('*'), "{}", endpoint.name);
            }
        }
        let interfaces = endpoints.len() - 2;
        assert_eq!(interfaces, settings(stage).network.unwrap().interface_endpoints.len());
    }
    let all =
        r#"["ecr.api", "ecr.dkr", "kms", "logs", "monitoring", "secretsmanager", "sns", "sqs", "xray"]"#;
    let recorder = told(Stage::Dev, &[("network.interfaceEndpoints", all)]).await;
    let endpoints = recorder.resources_of("aws:ec2/vpcEndpoint:VpcEndpoint");
    assert_eq!(endpoints.len(), 2 + 9);
    for endpoint in endpoints.iter().filter(|endpoint| text(endpoint, "vpcEndpointType") == "Interface") {
        assert_eq!(endpoint.inputs["privateDnsEnabled"], Value::Bool(true));
        assert_eq!(text(endpoint, "serviceName"), format!("com.amazonaws.${{region}}.{}", endpoint.name));
    }
}

#[tokio::test]
async fn only_functions_reach_the_cache_and_nothing_is_open_to_the_world() {
    for stage in STAGES {
        let recorder = recorded(stage).await;
        let closed = recorder.resource("closed").unwrap();
        assert_eq!(closed.token, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
        assert!(!closed.inputs.contains_key("ingress") && !closed.inputs.contains_key("egress"));
        let group = recorder.resource("cache").unwrap();
        assert_eq!(group.token, "aws:ec2/securityGroup:SecurityGroup");
        let mut to_cache = 0;
        for rule in recorder.resources_of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") {
            assert_eq!(text(&rule, "referencedSecurityGroupId"), "${SecurityGroup.functions.id}");
            assert!(!text(&rule, "description").is_empty());
            if text(&rule, "securityGroupId") == "${SecurityGroup.cache.id}" {
                to_cache += 1;
                assert!((number(&rule, "fromPort"), number(&rule, "toPort")) == (6379.0, 6379.0));
            }
        }
        assert_eq!(to_cache, 1);
        for group in recorder.resources_of("aws:ec2/securityGroup:SecurityGroup") {
            assert!(!group.inputs.contains_key("ingress") && !group.inputs.contains_key("egress"));
            assert!(!text(&group, "description").is_empty());
        }
        // What the cache itself sends are answers.
        for rule in recorder.resources_of("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule") {
            assert_eq!(text(&rule, "securityGroupId"), "${SecurityGroup.functions.id}");
        }
    }
}

#[tokio::test]
async fn the_cache_is_encrypted_and_asks_who_comes_and_fails_over_where_it_has_copies() {
    for stage in STAGES {
        let CacheSettings::Managed(cache) = settings(stage).cache else { panic!("{stage}") };
        let recorder = recorded(stage).await;
        let groups = recorder.resources_of("aws:elasticache/replicationGroup:ReplicationGroup");
        let [group] = groups.as_slice() else { panic!("{groups:?}") };
        for key in ["transitEncryptionEnabled", "atRestEncryptionEnabled", "autoMinorVersionUpgrade"] {
            assert_eq!(group.inputs[key], Value::Bool(true), "{key}");
        }
        assert_eq!(text(group, "transitEncryptionMode"), "required");
        assert!(!group.inputs.contains_key("authToken"));
        for key in ["automaticFailoverEnabled", "multiAzEnabled"] {
            assert_eq!(group.inputs[key], Value::Bool(cache.replicas > 0), "{key} in {stage}");
        }
        let users = recorder.resources_of("aws:elasticache/user:User");
        assert_eq!(users.len(), 1, "Valkey wants no default user");
        assert_eq!(text(&users[0], "accessString"), access_string(Table::Tasks.declaration().name));
        assert_eq!(text(&users[0], "userId"), text(&users[0], "userName"));
        let signs_in = Value::object([("type", Value::String("iam".to_owned()))]);
        assert_eq!(users[0].inputs["authenticationMode"], signs_in);
    }
    let CacheSettings::Managed(cache) = settings(Stage::Prod).cache else { panic!() };
    assert!(cache.replicas > 0, "prod has a copy of its cache in another zone");
}

#[tokio::test]
async fn redis_has_a_default_user_that_can_do_nothing() {
    let recorder = told(Stage::Dev, &[("cache.engine", "redis")]).await;
    let nobody = recorder.resource("nobody").unwrap();
    assert_eq!((text(&nobody, "userName"), text(&nobody, "accessString")), ("default", "off -@all"));
    let groups = recorder.resources_of("aws:elasticache/userGroup:UserGroup");
    let Value::Array(users) = &groups[0].inputs["userIds"] else { panic!() };
    assert_eq!(users.len(), 2);
    let family = recorder.resources_of("aws:elasticache/parameterGroup:ParameterGroup");
    assert_eq!(text(&family[0], "family"), "redis7");
}

/// Whatever comes before something when it is made goes after it when it is deleted.
#[tokio::test]
async fn interfaces_of_functions_are_gone_before_what_they_are_in_and_before_who_may_take_them_out() {
    for stage in STAGES {
        let recorder = recorded(stage).await;
        let resources = recorder.resources();
        let urns: BTreeMap<&str, &NewResource> =
            resources.iter().map(|resource| (resource.urn.as_str(), resource)).collect();
        let comes_after = |later: &NewResource, earlier: &str| {
            let mut waiting = vec![later];
            let mut seen = BTreeSet::new();
            while let Some(resource) = waiting.pop() {
                for urn in &resource.request.dependencies {
                    if urn == earlier {
                        return true;
                    }
                    if seen.insert(urn.clone()) {
                        waiting.push(urns[urn.as_str()]);
                    }
                }
            }
            false
        };
        let holds: Vec<&NewResource> = resources
            .iter()
            .filter(|resource| match resource.token.as_str() {
                "aws:ec2/subnet:Subnet" => resource.name.starts_with("private"),
                "aws:ec2/securityGroup:SecurityGroup" => resource.name == "functions",
                _ => false,
            })
            .collect();
        assert!(holds.len() >= 3);
        for function in Function::ALL.into_iter().filter(|function| settings(stage).in_network(*function)) {
            let deployed = resources
                .iter()
                .find(|resource| resource.token.ends_with(":Function") && resource.name == function.name())
                .unwrap();
            let role = recorder.resource(&format!("{}-role", function.name())).unwrap();
            let policy = recorder.resource(&format!("{}-network", function.name())).unwrap();
            for holder in &holds {
                assert!(
                    comes_after(deployed, &holder.urn),
                    "{} goes before {}",
                    function.name(),
                    holder.name
                );
                for outlives in [&role, &policy] {
                    assert!(
                        comes_after(holder, &outlives.urn),
                        "{} goes before {}",
                        holder.name,
                        outlives.name
                    );
                }
                let timeouts = holder.request.custom_timeouts.as_ref().unwrap();
                assert_eq!(timeouts.delete, "45m", "{} waits for as long as AWS takes", holder.name);
            }
        }
    }
}
