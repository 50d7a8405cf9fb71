//! A diagram of a graph, for a reader who sees the stage for the first time: what there is, by capability, and what leads
//! where. Mermaid draws it.
//!
//! What only joins others (permissions, integrations, subscriptions, policies) is an arrow; what belongs to another
//! (aliases, roles, stages) is drawn as that; what is there many times over is drawn once, with its number.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value as Json;

/// What is drawn, and how it is called.
const DRAWN: [(&str, &str); 21] = [
    ("aws:apigateway/restApi:RestApi", "REST API"),
    ("aws:apigatewayv2/api:Api", "WebSocket API"),
    ("aws:backup/vault:Vault", "backups"),
    ("aws:cloudfront/distribution:Distribution", "CloudFront"),
    ("aws:cloudwatch/compositeAlarm:CompositeAlarm", "alarm over others"),
    ("aws:cloudwatch/dashboard:Dashboard", "CloudWatch dashboard"),
    ("aws:cloudwatch/logGroup:LogGroup", "log group"),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "alarm"),
    ("aws:cognito/userPool:UserPool", "user pool"),
    ("aws:dynamodb/table:Table", "table"),
    ("aws:ec2/natGateway:NatGateway", "NAT gateway"),
    ("aws:ec2/subnet:Subnet", "subnet"),
    ("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint"),
    ("aws:ecs/service:Service", "service"),
    ("aws:elasticache/replicationGroup:ReplicationGroup", "cache"),
    ("aws:kms/key:Key", "key"),
    ("aws:lambda/function:Function", "function"),
    ("aws:s3/bucket:Bucket", "bucket"),
    ("aws:sns/topic:Topic", "topic"),
    ("aws:sqs/queue:Queue", "queue"),
    ("aws:wafv2/webAcl:WebAcl", "firewall"),
];

/// What belongs to another, with the input that names it.
const PARTS: [(&str, &str); 5] = [
    ("aws:apigateway/stage:Stage", "restApi"),
    ("aws:apigatewayv2/stage:Stage", "apiId"),
    ("aws:lambda/alias:Alias", "functionName"),
    ("aws:elasticache/subnetGroup:SubnetGroup", "subnetIds"),
    ("aws:apigatewayv2/integration:Integration", "integrationUri"),
];

/// What leads from one to another, with the inputs that name them.
const ARROWS: [(&str, &str, &str); 9] = [
    ("aws:apigateway/authorizer:Authorizer", "restApi", "providerArns"),
    ("aws:apigateway/integration:Integration", "restApi", "uri"),
    ("aws:apigatewayv2/route:Route", "apiId", "target"),
    ("aws:backup/selection:Selection", "resources", "planId"),
    ("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", "logGroup", "destinationArn"),
    ("aws:iam/rolePolicy:RolePolicy", "role", "policy"),
    ("aws:lambda/eventSourceMapping:EventSourceMapping", "eventSourceArn", "functionName"),
    ("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "functionName", "destinationConfig"),
    ("aws:scheduler/schedule:Schedule", "groupName", "target"),
];

/// Inputs of what is drawn that lead somewhere; the others say what something is, not what it talks to.
const LEADING: [(&str, &str); 9] = [
    ("aws:cloudfront/distribution:Distribution", "origins"),
    ("aws:cloudfront/distribution:Distribution", "webAclId"),
    ("aws:cloudfront/distribution:Distribution", "loggingConfig"),
    ("aws:cloudwatch/compositeAlarm:CompositeAlarm", "alarmActions"),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "alarmActions"),
    ("aws:elasticache/replicationGroup:ReplicationGroup", "subnetGroupName"),
    ("aws:lambda/function:Function", "vpcConfig"),
    ("aws:lambda/function:Function", "loggingConfig"),
    ("aws:ec2/natGateway:NatGateway", "subnetId"),
];

/// Kinds of which there are many, each like the others.
const TOGETHER: [&str; 5] = ["alarm", "endpoint", "key", "NAT gateway", "subnet"];

/// The diagram of a graph, as [`graph`](crate::graph::graph) gives it, in Mermaid's language.
pub fn mermaid(graph: &Json) -> String {
    let diagram = Diagram::new(graph);
    let mut text = String::from("flowchart LR\n");
    let mut components: BTreeMap<&str, BTreeSet<&Node>> = BTreeMap::new();
    for node in diagram.nodes.values() {
        components.entry(&node.component).or_default().insert(node);
    }
    for (component, nodes) in &components {
        let _ = writeln!(text, "  subgraph {component}");
        for node in nodes {
            let number = diagram.nodes.values().filter(|other| other.id == node.id).count();
            let times = if number > 1 { format!("{number} × ") } else { String::new() };
            let _ = writeln!(text, "    {}[\"{times}{}\"]", node.id, node.label);
        }
        text.push_str("  end\n");
    }
    for (from, to) in diagram.arrows() {
        let _ = writeln!(text, "  {from} --> {to}");
    }
    text
}

/// Something that is drawn.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Node {
    id: String,
    label: String,
    component: String,
}

struct Diagram<'graph> {
    resources: &'graph [Json],
    /// By the reference to the resource, without the output: `Function.task-api`.
    nodes: BTreeMap<String, Node>,
}

impl<'graph> Diagram<'graph> {
    fn new(graph: &'graph Json) -> Self {
        let resources = graph["resources"].as_array().map(Vec::as_slice).unwrap_or_default();
        let nodes = resources.iter().filter_map(|resource| Some((key(resource), node(resource)?))).collect();
        Self { resources, nodes }
    }

    fn arrows(&self) -> BTreeSet<(String, String)> {
        let mut arrows = BTreeSet::new();
        for resource in self.resources {
            let token = resource["type"].as_str().unwrap_or_default();
            let inputs = &resource["inputs"];
            let leading = LEADING.iter().filter(|(of, _)| *of == token);
            for (_, input) in leading {
                self.lead(&[key(resource)].into(), &self.named_in(&inputs[*input]), &mut arrows);
            }
            for (_, from, to) in ARROWS.iter().filter(|(of, _, _)| *of == token) {
                self.lead(&self.named_in(&inputs[*from]), &self.named_in(&inputs[*to]), &mut arrows);
            }
        }
        arrows
    }

    fn lead(&self, from: &BTreeSet<String>, to: &BTreeSet<String>, arrows: &mut BTreeSet<(String, String)>) {
        let nodes = |keys: &BTreeSet<String>| -> Vec<&Node> {
            keys.iter().flat_map(|key| self.drawn_as(key, 0)).collect()
        };
        for from in nodes(from) {
            for to in nodes(to).into_iter().filter(|to| to.id != from.id) {
                arrows.insert((from.id.clone(), to.id.clone()));
            }
        }
    }

    /// What something is drawn as: itself, what it is a part of, or whose role it is.
    fn drawn_as(&self, key_of: &str, depth: usize) -> Vec<&Node> {
        // A part of a part is as deep as it gets.
        if depth > 2 {
            return Vec::new();
        }
        if let Some(node) = self.nodes.get(key_of) {
            return vec![node];
        }
        if key_of.starts_with("Role.") {
            let reference = format!("${{{key_of}.");
            let has = |resource: &&Json| {
                let role = resource["inputs"]["role"].as_str().unwrap_or_default();
                role.starts_with(&reference) && self.nodes.contains_key(&key(resource))
            };
            return self
                .resources
                .iter()
                .filter(has)
                .filter_map(|owner| self.nodes.get(&key(owner)))
                .collect();
        }
        let Some(resource) = self.resources.iter().find(|resource| key(resource) == key_of) else {
            return Vec::new();
        };
        let part = PARTS.iter().find(|(token, _)| resource["type"] == *token);
        let whole = part.map(|(_, input)| self.named_in(&resource["inputs"][*input])).unwrap_or_default();
        whole.iter().flat_map(|key| self.drawn_as(key, depth + 1)).collect()
    }

    /// Every resource that a value refers to, by an output or by a name that it was given.
    fn named_in(&self, value: &Json) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        match value {
            Json::String(text) => {
                found.extend(references(text));
                let given = |resource: &&Json| {
                    let inputs = &resource["inputs"];
                    ["name", "replicationGroupId", "bucket"].iter().any(|name| inputs[*name] == text.as_str())
                        // The API is called like others, and by its identifier.
                        && resource["type"] != "aws:apigateway/restApi:RestApi"
                };
                // Mocks answer a name with the name, so it is no reference any more.
                found.extend(self.resources.iter().filter(given).map(key));
            }
            Json::Array(items) => found.extend(items.iter().flat_map(|item| self.named_in(item))),
            Json::Object(members) => found.extend(members.values().flat_map(|value| self.named_in(value))),
            _ => {}
        }
        found
    }
}

/// `Function.task-api` of `${Function.task-api.arn}`, each of a text.
fn references(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split("${").skip(1).filter_map(|rest| {
        let (reference, _) = rest.split_once('}')?;
        let (key, _) = reference.rsplit_once('.')?;
        key.contains('.').then(|| key.to_owned())
    })
}

fn key(resource: &Json) -> String {
    let short = resource["type"].as_str().and_then(|token| token.rsplit(':').next()).unwrap_or_default();
    format!("{short}.{}", resource["name"].as_str().unwrap_or_default())
}

fn node(resource: &Json) -> Option<Node> {
    let token = resource["type"].as_str()?;
    let (_, kind) = DRAWN.iter().find(|(drawn, _)| *drawn == token)?;
    let name = resource["name"].as_str()?;
    let component = resource["parent"].as_str()?.rsplit("::").next()?.to_owned();
    let (id, label) = if TOGETHER.contains(kind) {
        (format!("{component}-{kind}"), (*kind).to_owned())
    } else {
        (key(resource), format!("{kind}<br>{name}"))
    };
    let id = id.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
    Some(Node { id, label, component })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_joins_is_an_arrow_and_what_belongs_to_another_is_drawn_as_it() {
        let parent = "miyabi:compute:Compute::compute";
        let graph = json!({ "resources": [
            { "type": "aws:lambda/function:Function", "name": "f", "parent": parent, "inputs": { "role": "${Role.r.arn}" } },
            { "type": "aws:iam/role:Role", "name": "r", "parent": parent, "inputs": {} },
            { "type": "aws:dynamodb/table:Table", "name": "t", "parent": "miyabi:data:Data::data", "inputs": { "name": "tasks" } },
            { "type": "aws:iam/rolePolicy:RolePolicy", "name": "p", "parent": parent,
              "inputs": { "role": "${Role.r.name}", "policy": { "json": { "Resource": ["${Table.t.arn}"] } } } },
            { "type": "aws:lambda/alias:Alias", "name": "a", "parent": parent, "inputs": { "functionName": "${Function.f.name}" } },
            { "type": "aws:lambda/eventSourceMapping:EventSourceMapping", "name": "m", "parent": parent,
              "inputs": { "eventSourceArn": "${Table.t.streamArn}", "functionName": "${Alias.a.arn}" } },
            { "type": "aws:ec2/subnet:Subnet", "name": "one", "parent": "miyabi:network:Network::network", "inputs": {} },
            { "type": "aws:ec2/subnet:Subnet", "name": "two", "parent": "miyabi:network:Network::network", "inputs": {} },
        ] });
        assert_eq!(
            mermaid(&graph),
            "flowchart LR\n  subgraph compute\n    Function_f[\"function<br>f\"]\n  end\n  subgraph data\n    \
             Table_t[\"table<br>t\"]\n  end\n  subgraph network\n    network_subnet[\"2 × subnet\"]\n  end\n  \
             Function_f --> Table_t\n  Table_t --> Function_f\n"
        );
    }
}
