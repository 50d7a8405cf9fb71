//! The network.

use serde_json::Value as Json;

use super::model::{Findings, Graph, Resource, items, texts};

const VPC: &str = "ec2.Vpc";
const CACHE_PORT: f64 = 6379.0;
const OPEN: [&str; 2] = ["0.0.0.0/0", "::/0"];

/// The rules that let something in, with the resource that holds them.
fn ingress(graph: &Graph) -> Vec<(&Resource, &Json)> {
    let mut rules: Vec<_> =
        graph.of("vpc.SecurityGroupIngressRule").into_iter().map(|rule| (rule, &rule.inputs)).collect();
    for group in graph.of("ec2.SecurityGroup") {
        rules.extend(items(group.at("/ingress")).into_iter().map(|rule| (group, rule)));
    }
    rules
}

fn sources(rule: &Json) -> Vec<&str> {
    ["cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks"]
        .iter()
        .flat_map(|key| texts(&rule[*key]))
        .collect()
}

pub(super) fn security_groups(graph: &Graph, found: &mut Findings) {
    for vpc in graph.of(VPC) {
        let closed = graph.about("ec2.DefaultSecurityGroup", "vpcId", vpc).is_some_and(|group| {
            items(group.at("/ingress")).is_empty() && items(group.at("/egress")).is_empty()
        });
        found.expect(closed, vpc, "its default security group is open");
    }
    for (resource, rule) in ingress(graph) {
        let open = sources(rule).iter().any(|source| OPEN.contains(source));
        found.expect(!open, resource, "it lets everyone in");
        let (from, to) = (rule["fromPort"].as_f64(), rule["toPort"].as_f64());
        let reaches_cache =
            from.is_none_or(|from| from <= CACHE_PORT) && to.is_none_or(|to| to >= CACHE_PORT);
        if reaches_cache {
            let by_group = rule["referencedSecurityGroupId"].is_string()
                || !items(&rule["securityGroups"]).is_empty() && sources(rule).is_empty();
            found.expect(by_group, resource, "more than a security group reaches the cache");
        }
    }
    let described = ["ec2.SecurityGroup", "vpc.SecurityGroupIngressRule", "vpc.SecurityGroupEgressRule"];
    for resource in graph.of_any(&described) {
        found.expect(!resource.text("/description").is_empty(), resource, "it says not what it is for");
    }
}

pub(super) fn logs(graph: &Graph, found: &mut Findings) {
    for vpc in graph.of(VPC) {
        found.expect(graph.about("ec2.FlowLog", "vpcId", vpc).is_some(), vpc, "its flows are not logged");
    }
    for subnet in graph.of("ec2.Subnet") {
        found.expect(!subnet.is_true("/mapPublicIpOnLaunch"), subnet, "what is in it gets a public address");
    }
}

pub(super) fn dynamodb_endpoint(graph: &Graph, found: &mut Findings) {
    let endpoint = graph.of("ec2.VpcEndpoint").into_iter().any(|endpoint| {
        endpoint.text("/serviceName").ends_with(".dynamodb")
            && matches!(endpoint.text("/vpcEndpointType"), "" | "Gateway")
            && !items(endpoint.at("/routeTableIds")).is_empty()
    });
    for function in graph.of("lambda.Function") {
        found.expect(
            !function.has("/vpcConfig") || endpoint,
            function,
            "it reaches DynamoDB by a NAT gateway, if at all",
        );
    }
}
