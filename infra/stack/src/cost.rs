//! What a stage costs: by the month while nobody uses it, from its graph, and for a million ticks of progress.
//!
//! Prices are AWS's list prices in us-east-1, in US dollars without tax, as read in 2026. They are for comparing stages and
//! settings with each other; the budget of a stage watches the bill.

use std::collections::BTreeMap;

use miyabi_shared::Function;
use serde_json::Value as Json;

use crate::settings::{Capacity, Settings};

/// AWS counts a month so.
const HOURS_A_MONTH: f64 = 730.0;
const MILLION: f64 = 1e6;

// By the hour.
const NAT_GATEWAY: f64 = 0.045;
const PUBLIC_ADDRESS: f64 = 0.005;
/// In each zone.
const INTERFACE_ENDPOINT: f64 = 0.01;
const WRITE_UNIT: f64 = 0.000_65;
const READ_UNIT: f64 = 0.000_13;
/// Of a copy that is kept ready, for 64-bit Arm.
const READY_GIGABYTE_SECOND: f64 = 0.000_003_333_4;
const FARGATE_CPU: f64 = 0.032_38;
const FARGATE_GIGABYTE: f64 = 0.003_56;
/// By type and engine: Valkey, then Redis OSS.
const NODES: [(&str, f64, f64); 4] = [
    ("cache.t4g.micro", 0.0128, 0.016),
    ("cache.t4g.small", 0.0256, 0.032),
    ("cache.t4g.medium", 0.052, 0.065),
    ("cache.m7g.large", 0.1264, 0.158),
];

// By the month.
const KEY: f64 = 1.0;
const SECRET: f64 = 0.4;
const ALARM: f64 = 0.1;
const COMPOSITE_ALARM: f64 = 0.5;
const DASHBOARD: f64 = 3.0;
const FIREWALL: f64 = 5.0;
const FIREWALL_RULE: f64 = 1.0;

// By use.
const API_REQUESTS: f64 = 3.5 / MILLION;
const FUNCTION_CALLS: f64 = 0.2 / MILLION;
const ARM_GIGABYTE_SECOND: f64 = 0.000_013_333_4;
const X86_GIGABYTE_SECOND: f64 = 0.000_016_666_7;
const WRITE_REQUEST: f64 = 0.625 / MILLION;
const LOG_GIGABYTE: f64 = 0.5;
const TRACE: f64 = 5.0 / MILLION;

// What a tick takes: estimates from reading the code, not measurements.
/// The current item and its point of history: see ADR 1.
const WRITES_A_TICK: f64 = 2.0;
/// The line with metrics that the API writes for each request, and what API Gateway writes.
const LOGGED_BYTES_A_REQUEST: f64 = 450.0 + 420.0;
/// How long the function works for a tick, from the table's latency.
const SECONDS_A_REQUEST: f64 = 0.015;
/// A line of a job, with what CloudWatch Logs counts for each.
const BYTES_A_LINE: f64 = 120.0 + 26.0;
/// So many lines come to the collector at once while a job prints.
const LINES_A_CALL: f64 = 20.0;
const SECONDS_A_CALL: f64 = 0.05;
const LOGGED_BYTES_A_CALL: f64 = 500.0;

/// What something costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Cost {
    /// What.
    pub what: &'static str,
    /// How many of it, where it is counted.
    pub number: Option<f64>,
    /// What they cost together, in US dollars.
    pub dollars: f64,
}

/// What a month costs in which nobody uses the stage, by what is paid for.
///
/// `graph` is what [`graph`](crate::graph::graph) gives.
pub fn idle(graph: &Json) -> Vec<Cost> {
    let mut sums: BTreeMap<&'static str, (f64, f64)> = BTreeMap::new();
    for resource in graph["resources"].as_array().into_iter().flatten() {
        let Some((what, number, dollars)) = price(resource, graph) else { continue };
        let sum = sums.entry(what).or_default();
        *sum = (sum.0 + number, sum.1 + dollars);
    }
    let costs =
        sums.into_iter().map(|(what, (number, dollars))| Cost { what, number: Some(number), dollars });
    costs.filter(|cost| cost.dollars > 0.0).collect()
}

/// What it is, how many of it, and what they cost a month together.
fn price(resource: &Json, graph: &Json) -> Option<(&'static str, f64, f64)> {
    let inputs = &resource["inputs"];
    let number = |path: &str| inputs.pointer(path).and_then(Json::as_f64).unwrap_or_default();
    let items =
        |path: &str| inputs.pointer(path).and_then(Json::as_array).map_or(0.0, |items| items.len() as f64);
    let hours = |what, count: f64, hourly: f64| Some((what, count, count * hourly * HOURS_A_MONTH));
    match resource["type"].as_str()? {
        "aws:ec2/natGateway:NatGateway" => hours("NAT gateways", 1.0, NAT_GATEWAY),
        "aws:ec2/eip:Eip" => hours("public addresses", 1.0, PUBLIC_ADDRESS),
        "aws:ec2/vpcEndpoint:VpcEndpoint" => {
            hours("interface endpoints, by zone", items("/subnetIds"), INTERFACE_ENDPOINT)
        }
        "aws:elasticache/replicationGroup:ReplicationGroup" => {
            let (valkey, redis) = NODES
                .iter()
                .find(|(node, _, _)| inputs["nodeType"] == *node)
                .map(|(_, valkey, redis)| (*valkey, *redis))?;
            let hourly = if inputs["engine"] == "valkey" { valkey } else { redis };
            hours("cache nodes", number("/numCacheClusters"), hourly)
        }
        "aws:kms/key:Key" => Some(("keys", 1.0, KEY)),
        "aws:secretsmanager/secret:Secret" => Some(("secrets", 1.0, SECRET)),
        "aws:cloudwatch/metricAlarm:MetricAlarm" => Some(("alarms", 1.0, ALARM)),
        "aws:cloudwatch/compositeAlarm:CompositeAlarm" => Some(("alarms over others", 1.0, COMPOSITE_ALARM)),
        "aws:cloudwatch/dashboard:Dashboard" => Some(("dashboards", 1.0, DASHBOARD)),
        "aws:wafv2/webAcl:WebAcl" => {
            let rules = inputs["ruleJson"].as_str().and_then(|text| serde_json::from_str::<Json>(text).ok());
            let rules = rules.and_then(|rules| rules.as_array().map(Vec::len)).unwrap_or_default() as f64;
            Some(("firewalls, with their rules", 1.0, FIREWALL + rules * FIREWALL_RULE))
        }
        "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig" => {
            let copies = number("/provisionedConcurrentExecutions");
            let function = named(graph, "Function", &inputs["functionName"])?;
            let gigabytes = function["inputs"]["memorySize"].as_f64()? / 1024.0;
            Some((
                "copies kept ready",
                copies,
                copies * gigabytes * READY_GIGABYTE_SECOND * 3600.0 * HOURS_A_MONTH,
            ))
        }
        "aws:ecs/service:Service" => {
            let task = named(graph, "TaskDefinition", &inputs["taskDefinition"])?;
            let size = |key: &str| task["inputs"][key].as_str().and_then(|size| size.parse::<f64>().ok());
            let hourly = size("cpu")? / 1024.0 * FARGATE_CPU + size("memory")? / 1024.0 * FARGATE_GIGABYTE;
            hours("workers", number("/desiredCount"), hourly)
        }
        "aws:dynamodb/table:Table" => {
            let indexes = inputs["globalSecondaryIndexes"].as_array().into_iter().flatten();
            let units = |key: &str| {
                let of_indexes: f64 = indexes.clone().filter_map(|index| index[key].as_f64()).sum();
                inputs[key].as_f64().unwrap_or_default() + of_indexes
            };
            let hourly = units("readCapacity") * READ_UNIT + units("writeCapacity") * WRITE_UNIT;
            hours("tables with capacity by the hour", 1.0, hourly)
        }
        _ => None,
    }
}

/// The resource of a type to which a text refers, by a reference or by its name.
fn named<'graph>(graph: &'graph Json, short: &str, value: &Json) -> Option<&'graph Json> {
    let text = value.as_str()?;
    graph["resources"].as_array()?.iter().find(|resource| {
        let name = resource["name"].as_str().unwrap_or_default();
        resource["type"].as_str().is_some_and(|token| token.ends_with(&format!(":{short}")))
            && (text.contains(&format!("${{{short}.{name}.")) || resource["inputs"]["name"] == text)
    })
}

/// What a million ticks cost that `miyabi run` sends to the API one by one.
pub fn direct(settings: &Settings) -> Vec<Cost> {
    let mut costs = vec![
        cost("requests to the API", MILLION * API_REQUESTS),
        cost("calls of the function", MILLION * FUNCTION_CALLS),
        cost("time of the function", MILLION * SECONDS_A_REQUEST * second(settings, Function::TaskApi)),
        cost("lines about requests", MILLION * LOGGED_BYTES_A_REQUEST / 1e9 * LOG_GIGABYTE),
    ];
    costs.extend(writes(settings));
    if settings.compute.tracing {
        let share = f64::from(settings.operation.traced_percent) / 100.0;
        costs.push(cost("traces", MILLION * share * TRACE));
    }
    costs
}

/// What a million ticks cost that are lines of a log.
pub fn by_log(settings: &Settings) -> Vec<Cost> {
    let calls = MILLION / LINES_A_CALL;
    let mut costs = vec![
        cost("lines of jobs", MILLION * BYTES_A_LINE / 1e9 * LOG_GIGABYTE),
        cost("calls of the function", calls * FUNCTION_CALLS),
        cost("time of the function", calls * SECONDS_A_CALL * second(settings, Function::ProgressCollector)),
        cost("lines about calls", calls * LOGGED_BYTES_A_CALL / 1e9 * LOG_GIGABYTE),
    ];
    costs.extend(writes(settings));
    costs
}

fn cost(what: &'static str, dollars: f64) -> Cost {
    Cost { what, number: None, dollars }
}

/// On demand by the write; otherwise by the hour, whether they are used or not.
fn writes(settings: &Settings) -> Option<Cost> {
    (settings.data.capacity == Capacity::OnDemand)
        .then(|| cost("writes to the tables", MILLION * WRITES_A_TICK * WRITE_REQUEST))
}

/// What a second of a function costs.
fn second(settings: &Settings, function: Function) -> f64 {
    let gigabytes = f64::from(function.declaration().memory_megabytes) / 1024.0;
    gigabytes
        * match settings.compute.architecture {
            crate::settings::Architecture::Arm64 => ARM_GIGABYTE_SECOND,
            crate::settings::Architecture::X86_64 => X86_GIGABYTE_SECOND,
        }
}

/// The sum of some costs.
pub fn total(costs: &[Cost]) -> f64 {
    costs.iter().map(|cost| cost.dollars).sum()
}

/// The costs of some stages, as a page says them: a month without use, and a million ticks by either road.
pub fn page_of(stages: &[(&str, &Settings, Vec<Cost>)]) -> String {
    let column = |costs: fn(&Settings) -> Vec<Cost>| -> Vec<_> {
        stages.iter().map(|(name, settings, _)| (*name, costs(settings))).collect()
    };
    let months: Vec<_> = stages.iter().map(|(name, _, costs)| (*name, costs.clone())).collect();
    format!(
        "## A month in which nobody uses it\n\n{}\n## A million ticks, sent to the API one by one\n\n{}\n\
         ## A million ticks, read from logs\n\n{}",
        table(&months),
        table(&column(direct)),
        table(&column(by_log))
    )
}

/// A line for each cost and one for their sum; a column for each stage.
pub fn table(columns: &[(&str, Vec<Cost>)]) -> String {
    let mut rows: Vec<&str> = Vec::new();
    for cost in columns.iter().flat_map(|(_, costs)| costs) {
        if !rows.contains(&cost.what) {
            rows.push(cost.what);
        }
    }
    let line = |head: &str, cell: &dyn Fn(&[Cost]) -> String| {
        let cells: String = columns.iter().map(|(_, costs)| format!(" {} |", cell(costs))).collect();
        format!("| {head} |{cells}\n")
    };
    let names: String = columns.iter().map(|(name, _)| format!(" {name} |")).collect();
    let mut text = format!("| |{names}\n|---|{}\n", "---:|".repeat(columns.len()));
    for row in rows {
        text.push_str(&line(row, &|costs| {
            costs.iter().find(|cost| cost.what == row).map_or_else(String::new, shown)
        }));
    }
    text.push_str(&line("**together**", &|costs| format!("**{:.2}**", total(costs))));
    text
}

fn shown(cost: &Cost) -> String {
    match cost.number {
        Some(number) => format!("{number} for {:.2}", cost.dollars),
        None => format!("{:.2}", cost.dollars),
    }
}
