//! `miyabi-peers`: the reads of the task API next to the same reads in Node.js, and next to a bare `GET` of Redis.
//!
//! Both are started as Lambda starts them and called over the same stand-in for its runtime API, one request at a time, on the
//! same Redis with tasks of the same content. The Node.js side is any program that answers the same requests, named by
//! `MIYABI_PEER` (its `bootstrap`, with the key names that `peer_keys` writes); without it, only our own figures are measured.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use clap::Parser;
use miyabi_local::{MiniStack, Redis};
use miyabi_shared::{Function as Name, Table, local};
use miyabi_tests::{DynamoDb, Function, Request, TableWay};
use redis::aio::MultiplexedConnection;
use serde_json::{Value, json};

/// For how long each figure is measured.
const MEASURED: Duration = Duration::from_secs(4);
const PROJECT: &str = "project-1";
/// The time by which entries of the cache are ahead, so that a measurement of seconds does not include their renewal.
const AHEAD: i64 = 3_600_000;

#[derive(Debug, Parser)]
struct Arguments {
    /// The folder of our built functions.
    #[arg(long)]
    programs: PathBuf,
    /// The `bootstrap` of the peer.
    #[arg(long, env = "MIYABI_PEER")]
    peer: Option<PathBuf>,
    /// How many tasks there are.
    #[arg(long, value_delimiter = ',', default_value = "1000,10000,100000")]
    tasks: Vec<usize>,
    /// How often each is started.
    #[arg(long, default_value_t = 20)]
    starts: usize,
}

/// What was measured of one kind of request.
#[derive(Debug, Clone, Copy)]
struct Figure {
    per_second: f64,
    p50: f64,
    p99: f64,
    p999: f64,
    processor: f64,
    /// From the request's arrival in the function to its answer, by the function's own metric.
    handler: Option<f64>,
    redis_bytes: f64,
}

struct Side<'side> {
    name: &'static str,
    program: &'side Path,
    variables: Vec<(&'static str, String)>,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(run(&arguments))
}

async fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let (redis, emulator) = tokio::try_join!(Redis::start(), MiniStack::start())?;
    let tables = DynamoDb::new(emulator.endpoint())?;
    tables.create_tables().await?;
    let way = TableWay::to(emulator.endpoint()).await?;
    let ours = arguments.programs.join(Name::TaskApi.binary());
    let mut sides = vec![Side {
        name: "miyabi",
        program: &ours,
        variables: vec![
            (local::AWS_ENDPOINT_URL, way.endpoint()),
            (local::REDIS_URL, redis.url()),
            ("MIYABI_TASKS_TABLE", Table::Tasks.declaration().name.to_owned()),
            ("MIYABI_PROJECTS_TABLE", Table::Projects.declaration().name.to_owned()),
        ],
    }];
    if let Some(peer) = &arguments.peer {
        let variables = vec![(local::AWS_ENDPOINT_URL, way.endpoint()), (local::REDIS_URL, redis.url())];
        sides.push(Side { name: "peer", program: peer, variables });
    } else {
        println!("MIYABI_PEER is not set: measured without the peer");
    }
    starts(&sides, arguments.starts).await?;
    let template = template(&sides[0], &tables).await?;
    let mut medians: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for count in &arguments.tasks {
        let mut connection = connect(&redis).await?;
        seed(&mut connection, &template, *count).await?;
        seed_table(&tables, &template, *count).await?;
        peer_keys(&mut connection, &template, *count).await?;
        let floor = floor(&mut connection, *count).await?;
        println!("\n{count} tasks; a bare GET of one: p50 {floor:.1} us");
        println!(
            "{:<8} {:<5} {:>9} {:>9} {:>9} {:>9} {:>11} {:>11} {:>12}",
            "", "", "req/s", "p50 us", "p99 us", "p99.9 us", "handler us", "cpu us/req", "redis B/req"
        );
        let mut processor = BTreeMap::new();
        for side in &sides {
            way.take_asked();
            let function = Function::start(side.program, &side.variables).await?;
            let tag = first_tag(&function).await?;
            for kind in ["list", "one", "304"] {
                let figure = measure(&function, &mut connection, kind, *count, &tag).await?;
                let handler =
                    figure.handler.map_or_else(|| "–".to_owned(), |handler| format!("{handler:.0}"));
                println!(
                    "{:<8} {kind:<5} {:>9.0} {:>9.0} {:>9.0} {:>9.0} {handler:>11} {:>11.0} {:>12.0}",
                    side.name,
                    figure.per_second,
                    figure.p50,
                    figure.p99,
                    figure.p999,
                    figure.processor,
                    figure.redis_bytes
                );
                processor.insert((side.name, kind), figure.processor);
                if side.name == "miyabi" {
                    medians.entry(kind).or_default().push(figure.p50);
                    if let (Some(handler), "one") = (figure.handler, kind) {
                        println!(
                            "         the handler takes {:.1} times a bare GET (at most 3)",
                            handler / floor
                        );
                    }
                }
            }
            println!("{:<8} most memory: {:.1} MB", side.name, function.most_memory()? as f64 / 1024.0);
            let asked = way.take_asked();
            ensure!(!asked.contains_key("Scan"), "{asked:?}");
            println!("{:<8} asked DynamoDB for: {asked:?}", side.name);
        }
        if sides.len() == 2 {
            let mut line = String::from("requests per CPU second, to the peer's (at least 4):");
            for kind in ["list", "one", "304"] {
                let ratio = processor[&("peer", kind)] / processor[&("miyabi", kind)];
                write!(line, " {kind} {ratio:.1}x")?;
            }
            println!("{line}");
        }
        commands(&redis, &sides[0], &mut connection).await?;
    }
    for (kind, medians) in medians {
        if let (Some(first), Some(last)) = (medians.first(), medians.last()) {
            println!(
                "{kind}: p50 with the most tasks is {:.2} times that with the fewest (at most 1.5)",
                last / first
            );
        }
    }
    Ok(())
}

async fn connect(redis: &Redis) -> anyhow::Result<MultiplexedConnection> {
    Ok(redis::Client::open(redis.url())?.get_multiplexed_async_connection().await?)
}

fn at(sorted: &[f64], share: f64) -> f64 {
    let index = (share * sorted.len().saturating_sub(1) as f64).round();
    sorted.get(index as usize).copied().unwrap_or(f64::NAN)
}

/// From the start of the process to its first question for a call.
async fn starts(sides: &[Side<'_>], times: usize) -> anyhow::Result<()> {
    let mut medians = Vec::new();
    for side in sides {
        let mut millis = Vec::new();
        for _ in 0..times {
            let function = Function::start(side.program, &side.variables).await?;
            millis.push(function.ready_after().as_secs_f64() * 1e3);
        }
        millis.sort_by(f64::total_cmp);
        println!(
            "{}: ready after {:.1} ms (p50), {:.1} ms (p99)",
            side.name,
            at(&millis, 0.5),
            at(&millis, 0.99)
        );
        medians.push(at(&millis, 0.5));
    }
    if let [ours, peer] = medians[..] {
        println!("cold start: {:.1} times as fast as the peer (at least 20); ours at most 6 ms", peer / ours);
    }
    Ok(())
}

/// One task as our own writer leaves it: its item in the table, and its value in the cache.
struct Template {
    item: Value,
    value: String,
    created: i64,
}

const FIRST: &str = "task-000000";

async fn template(side: &Side<'_>, tables: &DynamoDb) -> anyhow::Result<Template> {
    let function = Function::start(side.program, &side.variables).await?;
    let body = json!({
        "task_id": FIRST, "project_id": PROJECT, "task_type": "cdk-deploy",
        "name": "Deploy stack 0 to the staging environment"
    });
    let request =
        Request { method: "POST", path: "/api/tasks", body: Some(&body.to_string()), ..Request::default() };
    let created = function.request(&request).await?;
    ensure!(created.status == 201, "{created:?}");
    let events = json!({"events": [
        {"type": "started", "attempt": 1, "sequence": 1, "time": "2026-11-22T04:30:00Z"},
        {"type": "progress", "attempt": 1, "sequence": 2, "time": "2026-11-22T04:30:01Z", "current": 15, "total": 29, "phase": "deploy"}
    ]});
    let path = format!("/api/tasks/{FIRST}/events");
    let request =
        Request { method: "POST", path: &path, body: Some(&events.to_string()), ..Request::default() };
    let applied = function.request(&request).await?;
    ensure!(applied.status == 200, "{applied:?}");
    // Once more, so that the cache has it.
    let path = format!("/api/tasks/{FIRST}");
    function.request(&Request { path: &path, ..Request::default() }).await?;
    let key = json!({"task_id": {"S": FIRST}, "timestamp": {"N": "0"}});
    let item =
        tables.ask("GetItem", &json!({"TableName": Table::Tasks.declaration().name, "Key": key})).await?;
    let item = item["Item"].clone();
    let redis = side.variables.iter().find(|(name, _)| *name == local::REDIS_URL).context("no Redis")?;
    let mut connection = redis::Client::open(redis.1.as_str())?.get_multiplexed_async_connection().await?;
    let key = format!("{}task:{FIRST}", prefix());
    let value: String = redis::cmd("GET").arg(key).query_async(&mut connection).await?;
    let created = value.split(' ').nth(1).context("no time in the value")?.parse()?;
    Ok(Template { item, value, created })
}

fn prefix() -> String {
    miyabi_shared::cache::key_prefix(Table::Tasks.declaration().name)
}

fn name(number: usize) -> String {
    format!("task-{number:06}")
}

/// Makes `count` tasks of the template, in the cache as our writer leaves them.
async fn seed(
    connection: &mut MultiplexedConnection,
    template: &Template,
    count: usize,
) -> anyhow::Result<()> {
    let (line, json) = template.value.split_once('\n').context("no line in the value")?;
    let (rest, verified) = line.rsplit_once(' ').context("no time in the value")?;
    let verified: i64 = verified.parse()?;
    let words: Vec<&str> = rest.split(' ').collect();
    let epoch = words.first().context("no epoch")?;
    let list = format!("{}list:{PROJECT}||", prefix());
    let numbers: Vec<usize> = (0..count).collect();
    for part in numbers.chunks(1000) {
        let mut pipe = redis::pipe();
        for number in part {
            let value = format!("{rest} {}\n{}", verified + AHEAD, json.replace(FIRST, &name(*number)));
            pipe.cmd("SET").arg(format!("{}task:{}", prefix(), name(*number))).arg(value).ignore();
            // Our lists hold ten thousand tasks at most, and so do the peer's.
            if count - number <= 10_000 {
                let score = template.created + i64::try_from(*number)?;
                pipe.cmd("ZADD").arg(&list).arg(score).arg(name(*number)).ignore();
            }
        }
        pipe.exec_async(connection).await?;
    }
    let lowest = template.created + i64::try_from(count.saturating_sub(10_000))?;
    let mut state = redis::cmd("ZADD");
    state.arg(&list).arg(format!("-{epoch}")).arg("#e").arg(format!("-{verified}000")).arg("#v");
    state.arg(-lowest - 1).arg("#f").arg(-(verified + AHEAD)).arg("#u");
    state.exec_async(connection).await?;
    Ok(())
}

/// Makes those tasks in the table that are read: one read in a hundred is compared with it.
async fn seed_table(tables: &DynamoDb, template: &Template, count: usize) -> anyhow::Result<()> {
    let item = template.item.to_string();
    let mut numbers: Vec<usize> = read_ones(count).chain(count.saturating_sub(51)..count).collect();
    numbers.sort_unstable();
    numbers.dedup();
    for part in numbers.chunks(25) {
        let puts = part
            .iter()
            .map(|number| Ok(json!({"PutRequest": {"Item": serde_json::from_str::<Value>(&item.replace(FIRST, &name(*number)))?}})))
            .collect::<anyhow::Result<Vec<Value>>>()?;
        let request = json!({"RequestItems": {Table::Tasks.declaration().name: puts}});
        let answer = tables.ask("BatchWriteItem", &request).await?;
        let undone = answer["UnprocessedItems"].as_object().is_some_and(|items| !items.is_empty());
        ensure!(!undone, "{answer}");
    }
    Ok(())
}

/// Which tasks are read one by one.
fn read_ones(count: usize) -> impl Iterator<Item = usize> {
    (0..1000).map(move |turn| turn * 7919 % count)
}

/// The same tasks as the peer keeps them.
async fn peer_keys(
    connection: &mut MultiplexedConnection,
    template: &Template,
    count: usize,
) -> anyhow::Result<()> {
    let (_, json) = template.value.split_once('\n').context("no line in the value")?;
    let list = format!("tasks:project:{PROJECT}");
    let numbers: Vec<usize> = (0..count).collect();
    for part in numbers.chunks(1000) {
        let mut pipe = redis::pipe();
        for number in part {
            pipe.cmd("SET")
                .arg(format!("task:{}", name(*number)))
                .arg(json.replace(FIRST, &name(*number)))
                .ignore();
            if count - number <= 10_000 {
                let score = template.created + i64::try_from(*number)?;
                pipe.cmd("ZADD").arg(&list).arg(score).arg(name(*number)).ignore();
            }
        }
        pipe.exec_async(connection).await?;
    }
    redis::cmd("SET").arg(format!("{list}:v")).arg(1).exec_async(connection).await?;
    Ok(())
}

/// What one answer of Redis takes at least: the median of a `GET` of one task, in microseconds.
async fn floor(connection: &mut MultiplexedConnection, count: usize) -> anyhow::Result<f64> {
    let mut micros = Vec::new();
    for turn in 0..5000 {
        let key = format!("task:{}", name(turn * 7919 % count));
        let start = Instant::now();
        let _: Vec<u8> = redis::cmd("GET").arg(key).query_async(connection).await?;
        micros.push(start.elapsed().as_secs_f64() * 1e6);
    }
    micros.sort_by(f64::total_cmp);
    Ok(at(&micros, 0.5))
}

/// The first page of the project's list, under both names of the parameter.
const LIST: Request<'_> = Request {
    method: "GET",
    path: "/api/tasks",
    query: &[("project", PROJECT)],
    if_none_match: None,
    body: None,
};
const PEER_LIST: Request<'_> = Request { query: &[("project_id", PROJECT)], ..LIST };

async fn first_tag(function: &Function) -> anyhow::Result<(bool, String)> {
    let ours = function.request(&LIST).await?;
    let (is_ours, answer) = match ours.json() {
        Ok(page) if ours.status == 200 && page["tasks"][0]["project_id"] == PROJECT => (true, ours),
        _ => (false, function.request(&PEER_LIST).await?),
    };
    ensure!(
        answer.status == 200 && answer.cache.as_deref() == Some("hit"),
        "{} {:?} {}",
        answer.status,
        answer.cache,
        answer.body
    );
    let page = answer.json()?;
    ensure!(page["tasks"].as_array().map_or(0, Vec::len) == 50, "a page has 50 tasks");
    Ok((is_ours, answer.etag.context("no tag")?))
}

async fn output_bytes(connection: &mut MultiplexedConnection) -> anyhow::Result<f64> {
    let text: String = redis::cmd("INFO").arg("stats").query_async(connection).await?;
    let line =
        text.lines().find_map(|line| line.strip_prefix("total_net_output_bytes:")).context("no bytes")?;
    Ok(line.trim().parse()?)
}

async fn measure(
    function: &Function,
    connection: &mut MultiplexedConnection,
    kind: &str,
    count: usize,
    (is_ours, tag): &(bool, String),
) -> anyhow::Result<Figure> {
    let list = if *is_ours { LIST } else { PEER_LIST };
    // The newest ten thousand of a list are cached; any task may be read.
    let events: Vec<Vec<u8>> = match kind {
        "list" => vec![list.event()],
        "304" => vec![Request { if_none_match: Some(tag), ..list }.event()],
        _ => read_ones(count)
            .map(|number| {
                let path = format!("/api/tasks/{}", name(number));
                Request { path: &path, ..Request::default() }.event()
            })
            .collect(),
    };
    for event in events.iter().cycle().take(300) {
        function.call(event.clone()).await?;
    }
    function.take_output();
    let (bytes, processor) = (output_bytes(connection).await?, function.processor_time()?);
    let start = Instant::now();
    let mut micros = Vec::new();
    for event in events.iter().cycle() {
        if start.elapsed() > MEASURED {
            break;
        }
        let event = event.clone();
        let before = Instant::now();
        function.call(event).await?;
        micros.push(before.elapsed().as_secs_f64() * 1e6);
    }
    let (took, requests) = (start.elapsed(), micros.len() as f64);
    let processor = (function.processor_time()? - processor).as_secs_f64() * 1e6 / requests;
    let redis_bytes = (output_bytes(connection).await? - bytes) / requests;
    micros.sort_by(f64::total_cmp);
    let mut handler: Vec<f64> = (function.take_output().iter())
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|line| line["Latency"].as_f64())
        .map(|millis| millis * 1e3)
        .collect();
    handler.sort_by(f64::total_cmp);
    Ok(Figure {
        per_second: requests / took.as_secs_f64(),
        p50: at(&micros, 0.5),
        p99: at(&micros, 0.99),
        p999: at(&micros, 0.999),
        processor,
        handler: (!handler.is_empty()).then(|| at(&handler, 0.5)),
        redis_bytes,
    })
}

/// What Redis is asked for by one list, one task and one 304: no command that walks the keys, and few round trips.
async fn commands(
    redis: &Redis,
    side: &Side<'_>,
    connection: &mut MultiplexedConnection,
) -> anyhow::Result<()> {
    let function = Function::start(side.program, &side.variables).await?;
    let tag = first_tag(&function).await?.1;
    let one = Request { path: &format!("/api/tasks/{FIRST}"), ..Request::default() };
    redis::cmd("CONFIG").arg("RESETSTAT").exec_async(connection).await?;
    let rounds = 50;
    for _ in 0..rounds {
        for request in [LIST, one, Request { if_none_match: Some(&tag), ..LIST }] {
            function.request(&request).await?;
        }
    }
    let mut fresh = connect(redis).await?;
    let text: String = redis::cmd("INFO").arg("commandstats").query_async(&mut fresh).await?;
    let mut calls = BTreeMap::new();
    for line in text.lines() {
        if let Some((command, figures)) = line.strip_prefix("cmdstat_").and_then(|line| line.split_once(':'))
        {
            let count =
                figures.split_once('=').and_then(|(_, rest)| rest.split_once(',')).context("no count")?.0;
            calls.insert(command.to_owned(), count.parse::<u64>()?);
        }
    }
    for walker in ["keys", "scan", "smembers"] {
        ensure!(!calls.contains_key(walker), "{calls:?}");
    }
    let round_trips = calls.get("evalsha").copied().unwrap_or(0) as f64 / f64::from(3 * rounds);
    println!("Redis was asked {round_trips:.2} times a read (at most 2): {calls:?}");
    Ok(())
}
