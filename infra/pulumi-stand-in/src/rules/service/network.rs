//! Networks: ports of rules, endpoints, gateways.

use super::super::Place;
use super::Problems;
use crate::inputs::Inputs;

pub(super) fn check(token: &str, inputs: Inputs<'_>, place: &Place, problems: &mut Problems) {
    match token {
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
        | "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule" => {
            ports("", inputs, "ipProtocol", true, problems);
        }
        "aws:ec2/securityGroup:SecurityGroup" | "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup" => {
            for list in ["ingress[]", "egress[]"] {
                for (path, rule) in inputs.objects(list) {
                    ports(&format!("{path}."), rule, "protocol", false, problems);
                    let peers = ["cidrBlocks[]", "ipv6CidrBlocks[]", "prefixListIds[]", "securityGroups[]"];
                    if peers.iter().all(|peer| rule.at(peer).is_empty()) && !rule.is_true("self") {
                        problems.add(path, "names nobody, expected cidrBlocks, ipv6CidrBlocks, prefixListIds, securityGroups or self");
                    }
                }
            }
        }
        "aws:ec2/subnet:Subnet" => {
            if let Some(zone) = inputs.text("availabilityZone")
                && zone.strip_prefix(place.region.as_str()).is_none_or(|letter| letter.len() != 1)
            {
                problems.add("availabilityZone", format!("is {zone:?}, expected a zone of {}", place.region));
            }
        }
        "aws:ec2/vpcEndpoint:VpcEndpoint" => endpoint(inputs, place, problems),
        "aws:ec2/natGateway:NatGateway" => {
            if inputs.text("connectivityType") == Some("private") {
                problems.not_with(inputs, &["allocationId"], "for a private gateway");
            } else if inputs.text("availabilityMode") != Some("regional") {
                problems.required(inputs, &["allocationId", "subnetId"], "for a public gateway");
            }
        }
        "aws:ec2/flowLog:FlowLog" => {
            problems.required(inputs, &["logDestination", "trafficType"], "for a flow log");
            if inputs.text("logDestinationType") == Some("cloud-watch-logs") {
                problems.required(inputs, &["iamRoleArn"], "where the flow log goes to CloudWatch Logs");
            }
        }
        _ => {}
    }
}

fn ports(path: &str, rule: Inputs<'_>, protocol_name: &str, of_its_own: bool, problems: &mut Problems) {
    let Some(protocol) = rule.text(protocol_name) else { return };
    let known = ["-1", "tcp", "udp", "icmp", "icmpv6", "all"];
    if !known.contains(&protocol) && protocol.parse::<u8>().is_err() {
        problems.add(
            format!("{path}{protocol_name}"),
            format!("is {protocol:?}, expected tcp, udp, icmp, icmpv6, -1 or a protocol's number"),
        );
    }
    let (from, to) = (rule.number("fromPort"), rule.number("toPort"));
    if matches!(protocol, "-1" | "all") {
        let all = |port: Option<f64>| port.is_none_or(|port| port == if of_its_own { -1.0 } else { 0.0 });
        if !all(from) || !all(to) {
            problems.add(
                format!("{path}fromPort"),
                "is given, expected no ports where all protocols are allowed",
            );
        }
        return;
    }
    match (from, to) {
        (Some(from), Some(to)) if from > to => {
            problems.add(format!("{path}fromPort"), format!("is {from}, expected at most toPort, {to}"));
        }
        (Some(_), Some(_)) => {}
        _ if rule.unknown("fromPort") || rule.unknown("toPort") => {}
        _ => problems.add(format!("{path}fromPort"), format!("is required with toPort for {protocol}")),
    }
}

fn endpoint(inputs: Inputs<'_>, place: &Place, problems: &mut Problems) {
    match inputs.text("vpcEndpointType") {
        Some("Gateway") => {
            problems.not_with(inputs, &["subnetIds", "securityGroupIds"], "for a gateway endpoint");
            if inputs.is_true("privateDnsEnabled") {
                problems.add("privateDnsEnabled", "is true, expected only for an interface endpoint");
            }
            for name in inputs
                .texts("serviceName")
                .into_iter()
                .filter(|name| !name.ends_with(".s3") && !name.ends_with(".dynamodb"))
            {
                problems.add(
                    "serviceName",
                    format!("is {name:?}, expected that of S3 or DynamoDB for a gateway endpoint"),
                );
            }
        }
        Some("Interface") => problems.not_with(inputs, &["routeTableIds"], "for an interface endpoint"),
        _ => {}
    }
    for name in inputs.texts("serviceName") {
        let region = name.strip_prefix("com.amazonaws.").and_then(|rest| rest.split('.').next());
        if region.is_some_and(|region| region != place.region && region != "vpce")
            && !inputs.has("serviceRegion")
        {
            problems.add("serviceName", format!("is {name:?}, expected a service of {}", place.region));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::reasons;
    use serde_json::json;

    const RULE: &str = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
    const ENDPOINT: &str = "aws:ec2/vpcEndpoint:VpcEndpoint";

    #[test]
    fn ports_fit_their_protocol() {
        assert!(reasons(RULE, json!({ "ipProtocol": "tcp", "fromPort": 6379, "toPort": 6379 })).is_empty());
        assert!(reasons(RULE, json!({ "ipProtocol": "-1" })).is_empty());
        assert_eq!(
            reasons(RULE, json!({ "ipProtocol": "tcp", "fromPort": 2, "toPort": 1 })),
            ["fromPort is 2, expected at most toPort, 1"]
        );
        assert_eq!(
            reasons(RULE, json!({ "ipProtocol": "tcp" })),
            ["fromPort is required with toPort for tcp"]
        );
        assert_eq!(reasons(RULE, json!({ "ipProtocol": "-1", "fromPort": 1, "toPort": 2 })).len(), 1);
        assert_eq!(reasons(RULE, json!({ "ipProtocol": "http", "fromPort": 1, "toPort": 2 })).len(), 1);
        let group = |rule| reasons("aws:ec2/securityGroup:SecurityGroup", json!({ "ingress": [rule] }));
        assert!(group(json!({ "protocol": "-1", "fromPort": 0, "toPort": 0, "self": true })).is_empty());
        assert_eq!(group(json!({ "protocol": "tcp", "fromPort": 1, "toPort": 2 })).len(), 1);
    }

    #[test]
    fn endpoints_and_gateways() {
        let service = "com.amazonaws.eu-west-1.s3";
        assert!(
            reasons(
                ENDPOINT,
                json!({ "vpcEndpointType": "Gateway", "serviceName": service, "routeTableIds": ["rtb"] })
            )
            .is_empty()
        );
        assert_eq!(reasons(ENDPOINT, json!({ "vpcEndpointType": "Gateway", "serviceName": "com.amazonaws.us-east-1.logs", "subnetIds": [], "privateDnsEnabled": true })).len(), 4);
        assert_eq!(
            reasons(
                ENDPOINT,
                json!({ "vpcEndpointType": "Interface", "serviceName": service, "routeTableIds": ["rtb"] })
            )
            .len(),
            1
        );
        let gateway = "aws:ec2/natGateway:NatGateway";
        assert_eq!(reasons(gateway, json!({ "connectivityType": "public" })).len(), 2);
        assert_eq!(reasons(gateway, json!({ "connectivityType": "private", "allocationId": "a" })).len(), 1);
    }

    #[test]
    fn subnets_are_in_zones_of_the_region_and_flow_logs_have_a_role() {
        assert_eq!(
            reasons("aws:ec2/subnet:Subnet", json!({ "availabilityZone": "us-east-1a" })),
            ["availabilityZone is \"us-east-1a\", expected a zone of eu-west-1"]
        );
        assert!(reasons("aws:ec2/subnet:Subnet", json!({ "availabilityZone": "eu-west-1c" })).is_empty());
        assert_eq!(
            reasons(
                "aws:ec2/flowLog:FlowLog",
                json!({ "logDestinationType": "cloud-watch-logs", "trafficType": "ALL" })
            )
            .len(),
            2
        );
    }
}
