//! Networks.

use serde_json::{Map, Value as Json, json};

use super::TypeMapping;
use crate::fields::Fields;

pub(super) const TYPES: &[TypeMapping] = &[
    TypeMapping::new("aws:ec2/vpc:Vpc", "AWS::EC2::VPC", vpc)
        .outputs(&[("cidrBlock", "<.CidrBlock>"), ("defaultSecurityGroupId", "<.DefaultSecurityGroup>")]),
    TypeMapping::new("aws:ec2/subnet:Subnet", "AWS::EC2::Subnet", subnet)
        .outputs(&[("availabilityZone", "<.AvailabilityZone>")]),
    TypeMapping::new(
        "aws:ec2/internetGateway:InternetGateway",
        "AWS::EC2::InternetGateway",
        internet_gateway,
    ),
    TypeMapping::new("aws:ec2/eip:Eip", "AWS::EC2::EIP", address)
        .outputs(&[("allocationId", "<.AllocationId>"), ("publicIp", "<Ref>")]),
    TypeMapping::new("aws:ec2/natGateway:NatGateway", "AWS::EC2::NatGateway", nat_gateway),
    TypeMapping::new("aws:ec2/routeTable:RouteTable", "AWS::EC2::RouteTable", route_table),
    TypeMapping::new("aws:ec2/route:Route", "AWS::EC2::Route", route),
    TypeMapping::new(
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "AWS::EC2::SubnetRouteTableAssociation",
        association,
    ),
    TypeMapping::new("aws:ec2/securityGroup:SecurityGroup", "AWS::EC2::SecurityGroup", security_group),
    TypeMapping::new(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "AWS::EC2::SecurityGroupIngress",
        ingress,
    ),
    TypeMapping::new(
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "AWS::EC2::SecurityGroupEgress",
        egress,
    ),
    TypeMapping::new("aws:ec2/vpcEndpoint:VpcEndpoint", "AWS::EC2::VPCEndpoint", endpoint),
    TypeMapping::new("aws:ec2/flowLog:FlowLog", "AWS::EC2::FlowLog", flow_log),
];

fn vpc(fields: &mut Fields) {
    fields.text("cidrBlock", "CidrBlock");
    fields.boolean("enableDnsHostnames", "EnableDnsHostnames");
    fields.boolean("enableDnsSupport", "EnableDnsSupport");
    fields.text("instanceTenancy", "InstanceTenancy");
    fields.tags();
}

fn subnet(fields: &mut Fields) {
    fields.text("vpcId", "VpcId");
    fields.text("availabilityZone", "AvailabilityZone");
    fields.text("cidrBlock", "CidrBlock");
    fields.boolean("mapPublicIpOnLaunch", "MapPublicIpOnLaunch");
    fields.tags();
}

/// CloudFormation attaches it by a resource of its own, which whatever needs the internet waits for.
fn internet_gateway(fields: &mut Fields) {
    if let Some(vpc) = fields.take_text("vpcId") {
        let properties = [("VpcId", vpc), ("InternetGatewayId", fields.itself())];
        let properties: Map<String, Json> =
            properties.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        fields.companion("Attachment", "AWS::EC2::VPCGatewayAttachment", properties);
    }
    fields.tags();
}

fn address(fields: &mut Fields) {
    fields.text("domain", "Domain");
    fields.tags();
}

fn nat_gateway(fields: &mut Fields) {
    fields.text("allocationId", "AllocationId");
    fields.text("connectivityType", "ConnectivityType");
    fields.text("subnetId", "SubnetId");
    fields.tags();
}

fn route_table(fields: &mut Fields) {
    fields.text("vpcId", "VpcId");
    fields.tags();
}

fn route(fields: &mut Fields) {
    fields.text("routeTableId", "RouteTableId");
    fields.text("destinationCidrBlock", "DestinationCidrBlock");
    fields.text("gatewayId", "GatewayId");
    fields.text("natGatewayId", "NatGatewayId");
}

fn association(fields: &mut Fields) {
    fields.text("routeTableId", "RouteTableId");
    fields.text("subnetId", "SubnetId");
}

/// The provider takes the rule away that lets everything out; CloudFormation does so only where there is another.
fn security_group(fields: &mut Fields) {
    fields.text("name", "GroupName");
    fields.made_by_cloudformation("namePrefix");
    fields.text("description", "GroupDescription");
    fields.text("vpcId", "VpcId");
    let nowhere = json!([{
        "CidrIp": "255.255.255.255/32",
        "Description": "Nothing goes out, except where a rule of its own says so",
        "IpProtocol": "icmp",
        "FromPort": 252,
        "ToPort": 86,
    }]);
    fields.put("SecurityGroupEgress", nowhere);
    fields.tags();
}

fn ingress(fields: &mut Fields) {
    rule(fields);
    fields.text("referencedSecurityGroupId", "SourceSecurityGroupId");
    fields.text("prefixListId", "SourcePrefixListId");
}

fn egress(fields: &mut Fields) {
    rule(fields);
    fields.text("referencedSecurityGroupId", "DestinationSecurityGroupId");
    fields.text("prefixListId", "DestinationPrefixListId");
}

fn rule(fields: &mut Fields) {
    fields.text("securityGroupId", "GroupId");
    fields.text("description", "Description");
    fields.text("ipProtocol", "IpProtocol");
    fields.number("fromPort", "FromPort");
    fields.number("toPort", "ToPort");
    fields.text("cidrIpv4", "CidrIp");
    fields.text("cidrIpv6", "CidrIpv6");
    fields.leave_out("tags", "CloudFormation has no tags on rules");
}

fn endpoint(fields: &mut Fields) {
    fields.text("vpcId", "VpcId");
    fields.text("serviceName", "ServiceName");
    fields.text("vpcEndpointType", "VpcEndpointType");
    fields.document("policy", "PolicyDocument");
    fields.boolean("privateDnsEnabled", "PrivateDnsEnabled");
    fields.texts("routeTableIds", "RouteTableIds");
    fields.texts("securityGroupIds", "SecurityGroupIds");
    fields.texts("subnetIds", "SubnetIds");
    fields.tags();
}

fn flow_log(fields: &mut Fields) {
    if let Some(vpc) = fields.take_text("vpcId") {
        fields.put("ResourceId", vpc);
        fields.put("ResourceType", "VPC");
    }
    fields.text("trafficType", "TrafficType");
    fields.text("logDestinationType", "LogDestinationType");
    fields.text("logDestination", "LogDestination");
    fields.text("iamRoleArn", "DeliverLogsPermissionArn");
    fields.number("maxAggregationInterval", "MaxAggregationInterval");
    fields.tags();
}
