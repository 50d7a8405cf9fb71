//! What AWS demands of a resource in view of others, beyond names and references.

use std::io;

use super::{Account, Made};
use crate::inputs::Inputs;
use crate::rules::Cidr;

const VPC: &str = "aws:ec2/vpc:Vpc";
const SUBNET: &str = "aws:ec2/subnet:Subnet";
const INTERNET_GATEWAY: &str = "aws:ec2/internetGateway:InternetGateway";
const NAT_GATEWAY: &str = "aws:ec2/natGateway:NatGateway";
const SECURITY_GROUP: &str = "aws:ec2/securityGroup:SecurityGroup";
const API_ACCOUNT: &str = "aws:apigateway/account:Account";
const PARAMETER_GROUP: &str = "aws:elasticache/parameterGroup:ParameterGroup";
const FUNCTION: &str = "aws:lambda/function:Function";
const OWNERSHIP: &str = "aws:s3/bucketOwnershipControls:BucketOwnershipControls";

/// What every account has for all functions together, and what AWS keeps for those without a reservation.
const CONCURRENCY: f64 = 1000.0;
const UNRESERVED: f64 = 100.0;
/// A log group takes no more.
const SUBSCRIPTIONS: usize = 2;

/// Why a resource is not made or changed.
pub(super) fn refused(account: &Account, wanted: &Made, others: &[&Made]) -> io::Result<Option<String>> {
    let inputs = Inputs(&wanted.inputs);
    Ok(match wanted.token.as_str() {
        SUBNET => subnet(account, inputs, others)?,
        NAT_GATEWAY => nat_gateway(account, inputs)?,
        FUNCTION => function(account, inputs, others)?,
        "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig" => {
            provisioned(account, inputs)?
        }
        "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter" => {
            let group = inputs.text("logGroup");
            let count = others.iter().filter(|other| Inputs(&other.inputs).text("logGroup") == group).count();
            (count >= SUBSCRIPTIONS).then(|| {
                format!("{} has {SUBSCRIPTIONS} subscription filters already", group.unwrap_or_default())
            })
        }
        "aws:apigateway/stage:Stage" | "aws:apigatewayv2/stage:Stage" if inputs.has("accessLogSettings") => {
            logging_role(account)?
        }
        "aws:apigateway/methodSettings:MethodSettings"
            if inputs.text("settings.loggingLevel").is_some_and(|level| level != "OFF") =>
        {
            logging_role(account)?
        }
        "aws:elasticache/replicationGroup:ReplicationGroup" => parameters(account, inputs)?,
        "aws:ec2/vpcEndpoint:VpcEndpoint" => endpoint(account, inputs, others)?,
        "aws:cloudfront/distribution:Distribution" => access_lists(account, inputs)?,
        _ => None,
    })
}

/// Why a resource is not deleted.
pub(super) fn kept(account: &Account, made: &Made) -> io::Result<Option<String>> {
    if made.token != INTERNET_GATEWAY {
        return Ok(None);
    }
    let Some(vpc) = Inputs(&made.inputs).text("vpcId") else { return Ok(None) };
    for gateway in account.of_type(NAT_GATEWAY)? {
        let subnet = Inputs(&gateway.inputs).text("subnetId").unwrap_or_default();
        let subnet = account.get(SUBNET, subnet)?;
        if subnet.is_some_and(|subnet| Inputs(&subnet.inputs).text("vpcId") == Some(vpc)) {
            return Ok(Some(format!(
                "DependencyViolation: {vpc} has some mapped public addresses, of {NAT_GATEWAY} {} ({}); {} cannot be detached",
                gateway.name, gateway.id, made.id
            )));
        }
    }
    Ok(None)
}

fn subnet(account: &Account, inputs: Inputs<'_>, others: &[&Made]) -> io::Result<Option<String>> {
    let (Some(vpc), Some(text)) = (inputs.text("vpcId"), inputs.text("cidrBlock")) else { return Ok(None) };
    let Ok(cidr) = Cidr::read(text) else { return Ok(None) };
    let Some(network) = account.get(VPC, vpc)? else { return Ok(None) };
    let network = Inputs(&network.inputs).text("cidrBlock").unwrap_or_default();
    if !Cidr::read(network).is_ok_and(|network| network.contains(cidr)) {
        return Ok(Some(format!("cidrBlock is {text:?}, expected a part of its VPC's {network}")));
    }
    let same_vpc = others.iter().filter(|other| Inputs(&other.inputs).text("vpcId") == Some(vpc));
    for other in same_vpc {
        let theirs = Inputs(&other.inputs).text("cidrBlock").unwrap_or_default();
        if Cidr::read(theirs).is_ok_and(|theirs| theirs.overlaps(cidr)) {
            return Ok(Some(format!("cidrBlock is {text:?}, which overlaps {theirs} of {}", other.name)));
        }
    }
    Ok(None)
}

fn nat_gateway(account: &Account, inputs: Inputs<'_>) -> io::Result<Option<String>> {
    if inputs.text("connectivityType") == Some("private") {
        return Ok(None);
    }
    let Some(subnet) = inputs.text("subnetId") else { return Ok(None) };
    let Some(subnet) = account.get(SUBNET, subnet)? else { return Ok(None) };
    let vpc = Inputs(&subnet.inputs).text("vpcId");
    let attached =
        account.of_type(INTERNET_GATEWAY)?.iter().any(|gateway| Inputs(&gateway.inputs).text("vpcId") == vpc);
    Ok((!attached).then(|| {
        format!(
            "{} has no internet gateway attached, which a public NAT gateway needs",
            vpc.unwrap_or_default()
        )
    }))
}

fn function(account: &Account, inputs: Inputs<'_>, others: &[&Made]) -> io::Result<Option<String>> {
    let reserved = |inputs: Inputs<'_>| {
        inputs.number("reservedConcurrentExecutions").filter(|number| *number > 0.0).unwrap_or(0.0)
    };
    let theirs: f64 = others.iter().map(|other| reserved(Inputs(&other.inputs))).sum();
    if reserved(inputs) > 0.0 && theirs + reserved(inputs) > CONCURRENCY - UNRESERVED {
        return Ok(Some(format!(
            "reservedConcurrentExecutions is {}, expected at most {}: {UNRESERVED} of {CONCURRENCY} stay unreserved",
            reserved(inputs),
            CONCURRENCY - UNRESERVED - theirs
        )));
    }
    let mut networks = std::collections::BTreeSet::new();
    let parts = [("vpcConfig.subnetIds[]", SUBNET), ("vpcConfig.securityGroupIds[]", SECURITY_GROUP)];
    for (path, token) in parts {
        for id in inputs.texts(path) {
            let made = account.get(token, id)?;
            networks.extend(made.and_then(|made| Inputs(&made.inputs).text("vpcId").map(str::to_owned)));
        }
    }
    Ok((networks.len() > 1)
        .then(|| format!("vpcConfig names subnets and security groups of {networks:?}, expected one VPC")))
}

fn provisioned(account: &Account, inputs: Inputs<'_>) -> io::Result<Option<String>> {
    let Some(function) = account.get(FUNCTION, inputs.text("functionName").unwrap_or_default())? else {
        return Ok(None);
    };
    let reserved =
        Inputs(&function.inputs).number("reservedConcurrentExecutions").filter(|number| *number >= 0.0);
    let wanted = inputs.number("provisionedConcurrentExecutions").unwrap_or(0.0);
    Ok(reserved.filter(|reserved| wanted > *reserved).map(|reserved| {
        format!("provisionedConcurrentExecutions is {wanted}, expected at most what the function reserves, {reserved}")
    }))
}

fn logging_role(account: &Account) -> io::Result<Option<String>> {
    let role = account
        .of_type(API_ACCOUNT)?
        .iter()
        .any(|settings| Inputs(&settings.inputs).has("cloudwatchRoleArn"));
    Ok((!role).then(|| format!("CloudWatch Logs role ARN must be set in account settings to enable logging: expected {API_ACCOUNT} before")))
}

/// CloudFront hands its logs over by an access list, which a bucket takes only where its ownership says so.
fn access_lists(account: &Account, inputs: Inputs<'_>) -> io::Result<Option<String>> {
    let Some(address) = inputs.text("loggingConfig.bucket") else { return Ok(None) };
    let bucket = address.split(".s3").next().unwrap_or_default();
    let takes = account.of_type(OWNERSHIP)?.iter().any(|controls| {
        let inputs = Inputs(&controls.inputs);
        inputs.text("bucket") == Some(bucket)
            && inputs.text("rule.objectOwnership") != Some("BucketOwnerEnforced")
    });
    Ok((!takes).then(|| {
        format!(
            "InvalidArgument: loggingConfig.bucket is {address:?}, which does not enable ACL access: expected {OWNERSHIP} \
             of it before, with another rule than BucketOwnerEnforced"
        )
    }))
}

fn parameters(account: &Account, inputs: Inputs<'_>) -> io::Result<Option<String>> {
    let (Some(engine), Some(version)) = (inputs.text("engine"), inputs.text("engineVersion")) else {
        return Ok(None);
    };
    let Some(name) = inputs.text("parameterGroupName") else { return Ok(None) };
    let Some(group) = account.get(PARAMETER_GROUP, name)? else { return Ok(None) };
    let family = Inputs(&group.inputs).text("family").unwrap_or_default();
    let major = version.split('.').next().unwrap_or_default();
    let expected =
        if engine == "redis" && major == "6" { "redis6.x".to_owned() } else { format!("{engine}{major}") };
    Ok((family != expected).then(|| format!("parameterGroupName is {name:?} of the family {family}, expected {expected} for {engine} {version}")))
}

fn endpoint(account: &Account, inputs: Inputs<'_>, others: &[&Made]) -> io::Result<Option<String>> {
    if !inputs.is_true("privateDnsEnabled") {
        return Ok(None);
    }
    let (vpc, service) = (inputs.text("vpcId"), inputs.text("serviceName"));
    let network = account.get(VPC, vpc.unwrap_or_default())?;
    let names = |made: &Made| {
        Inputs(&made.inputs).is_true("enableDnsSupport") && Inputs(&made.inputs).is_true("enableDnsHostnames")
    };
    if network.is_some_and(|network| !names(&network)) {
        return Ok(Some(
            "privateDnsEnabled is true, expected a VPC with enableDnsSupport and enableDnsHostnames"
                .to_owned(),
        ));
    }
    let same = |other: &&&Made| {
        let other = Inputs(&other.inputs);
        other.is_true("privateDnsEnabled")
            && other.text("vpcId") == vpc
            && other.text("serviceName") == service
    };
    Ok(others.iter().find(same).map(|other| {
        format!("private DNS of {} is there already: {}", service.unwrap_or_default(), other.name)
    }))
}
