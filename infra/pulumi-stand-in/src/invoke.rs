//! What functions of the provider answer: who and where one is.

use pulumi::Value;

use crate::inputs::{Entries, Inputs};
use crate::made::ACCOUNT;

/// The zones of a region.
const ZONES: [&str; 3] = ["a", "b", "c"];

/// What a function returns beyond what the schema alone can invent.
pub(crate) fn returned(token: &str, arguments: &Entries, region: &str) -> Entries {
    let text = |text: &str| Value::String(text.to_owned());
    let region = Inputs(arguments).text("region").unwrap_or(region);
    let pairs: Vec<(&str, Value)> = match token {
        "aws:index/getCallerIdentity:getCallerIdentity" => vec![
            ("accountId", text(ACCOUNT)),
            ("arn", Value::String(format!("arn:aws:iam::{ACCOUNT}:user/stand-in"))),
            ("id", text(ACCOUNT)),
        ],
        "aws:index/getRegion:getRegion" => {
            vec![("id", text(region)), ("name", text(region)), ("region", text(region))]
        }
        "aws:index/getPartition:getPartition" => vec![
            ("dnsSuffix", text("amazonaws.com")),
            ("id", text("aws")),
            ("partition", text("aws")),
            ("reverseDnsPrefix", text("com.amazonaws")),
        ],
        "aws:index/getAvailabilityZones:getAvailabilityZones" => {
            let zones = |before: &str| {
                Value::Array(ZONES.iter().map(|zone| Value::String(format!("{before}{zone}"))).collect())
            };
            vec![("id", text(region)), ("names", zones(region)), ("zoneIds", zones("euw1-az"))]
        }
        "aws:ec2/getManagedPrefixList:getManagedPrefixList" => vec![("id", text("pl-0123456789abcdef0"))],
        "aws:route53/getZone:getZone" => {
            vec![("id", text("Z0123456789ABC")), ("zoneId", text("Z0123456789ABC"))]
        }
        _ => Vec::new(),
    };
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
