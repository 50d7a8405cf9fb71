//! A DynamoDB in this process, as far as the store speaks to it: thousands of tables in a second, indexes that lag behind, and
//! faults at the very request that a schedule wants them at. The other tests run on an emulator, over the wire.

use std::cmp::Ordering as Order;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::config::RuntimeComponents;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use miyabi_shared::Table;
use miyabi_shared::table::TableDeclaration;
use serde_json::{Map, Value, json};

type Item = Map<String, Value>;
/// Partition and sort key; the latter in units of 10^-18, as DynamoDB compares numbers of any length.
type Key = (String, i128);

/// Why a request is refused.
type Refusal = (u16, &'static str, Value);

#[derive(Debug)]
struct Held {
    declaration: &'static TableDeclaration,
    items: BTreeMap<Key, Item>,
    /// What the indexes show.
    indexed: BTreeMap<Key, Item>,
    /// What they are to show later, each after so many more requests.
    coming: VecDeque<(u64, Key, Item)>,
}

/// The tables of one schedule.
#[derive(Debug)]
pub(crate) struct Embedded {
    state: Mutex<State>,
    lag: u64,
}

#[derive(Debug)]
struct State {
    tables: HashMap<String, Held>,
    requests: u64,
    /// How often each operation was asked for.
    operations: BTreeMap<String, u64>,
}

/// What goes wrong on the way of one client.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// So many requests are refused for want of capacity.
    pub(crate) throttled: AtomicU32,
    /// So many requests are carried out, and their answer gets lost.
    pub(crate) unanswered: AtomicU32,
    /// Every answer takes so many milliseconds.
    pub(crate) slow: AtomicU32,
}

impl Faults {
    fn take(count: &AtomicU32) -> bool {
        count.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
    }
}

/// One client's way to the tables.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    pub(crate) tables: Arc<Embedded>,
    pub(crate) faults: Arc<Faults>,
}

impl HttpClient for Way {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Way {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default();
        let body: Value = serde_json::from_slice(request.body().bytes().unwrap_or_default()).unwrap();
        let answer = if Faults::take(&self.faults.throttled) {
            Err((400, "ProvisionedThroughputExceededException", json!({})))
        } else {
            let answer = self.tables.answer(operation, &body);
            let lost = Faults::take(&self.faults.unanswered);
            if lost { Err((500, "InternalServerError", json!({}))) } else { answer }
        };
        let (status, body) = match answer {
            Ok(body) => (200, body),
            Err((status, word, mut body)) => {
                body["__type"] = json!(format!("com.amazonaws.dynamodb.v20120810#{word}"));
                (status, body)
            }
        };
        let response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body.to_string()));
        match self.faults.slow.load(Ordering::SeqCst) {
            0 => HttpConnectorFuture::ready(Ok(response)),
            milliseconds => HttpConnectorFuture::new(async move {
                tokio::time::sleep(Duration::from_millis(milliseconds.into())).await;
                Ok(response)
            }),
        }
    }
}

fn decimal(text: &str) -> i128 {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction:0<18}");
    sign * digits.parse::<i128>().unwrap()
}

fn text<'item>(item: &'item Item, name: &str) -> Option<&'item str> {
    item.get(name)?.get("S")?.as_str()
}

fn number(item: &Item, name: &str) -> Option<i128> {
    item.get(name)?.get("N")?.as_str().map(decimal)
}

fn compare(left: &Value, right: &Value) -> Option<Order> {
    let of = |value: &Value, kind: &str| value.get(kind).and_then(Value::as_str).map(str::to_owned);
    match (of(left, "N"), of(right, "N")) {
        (Some(left), Some(right)) => Some(decimal(&left).cmp(&decimal(&right))),
        _ => Some(of(left, "S")?.cmp(&of(right, "S")?)),
    }
}

/// The words of an expression, and what its placeholders stand for.
struct Expression<'request> {
    words: VecDeque<String>,
    request: &'request Value,
}

impl<'request> Expression<'request> {
    fn new(text: &str, request: &'request Value) -> Self {
        let words = text.replace(['(', ')', ','], " ").split_whitespace().map(str::to_owned).collect();
        Self { words, request }
    }

    fn next(&mut self) -> String {
        self.words.pop_front().unwrap_or_default()
    }

    fn name(&self, word: &str) -> String {
        let named = word.starts_with('#').then(|| self.request["ExpressionAttributeNames"][word].as_str());
        named.map_or(word, |name| name.unwrap()).to_owned()
    }

    fn value(&self, word: &str) -> &'request Value {
        let value = &self.request["ExpressionAttributeValues"][word];
        assert!(!value.is_null(), "{word} stands for nothing");
        value
    }

    /// Whether the item is as the expression says. `OR` binds less than `AND`; nothing is in brackets.
    fn holds(mut self, item: &Item) -> bool {
        let (mut any, mut all) = (false, true);
        loop {
            all &= self.one_holds(item);
            match self.next().as_str() {
                "AND" => {}
                "OR" => (any, all) = (any | all, true),
                "" => return any | all,
                other => panic!("{other}"),
            }
        }
    }

    fn one_holds(&mut self, item: &Item) -> bool {
        let first = self.next();
        if first == "attribute_not_exists" {
            let name = self.next();
            return !item.contains_key(&self.name(&name));
        }
        let held = item.get(&self.name(&first));
        let (operator, right) = (self.next(), self.next());
        let order = |word: &str| held.and_then(|held| compare(held, self.value(word)));
        match operator.as_str() {
            "=" => order(&right) == Some(Order::Equal),
            ">" => order(&right) == Some(Order::Greater),
            "<=" => order(&right).is_some_and(|order| order != Order::Greater),
            "BETWEEN" => {
                let low = order(&right).is_some_and(|order| order != Order::Less);
                assert_eq!(self.next(), "AND");
                let last = self.next();
                let high = held.and_then(|held| compare(held, self.value(&last)));
                low && high.is_some_and(|order| order != Order::Greater)
            }
            other => panic!("{other}"),
        }
    }

    /// Changes the item as the expression says.
    fn change(mut self, item: &mut Item) {
        let mut adds = false;
        while let Some(word) = self.words.pop_front() {
            match word.as_str() {
                "SET" => adds = false,
                "ADD" => adds = true,
                name if adds => {
                    let (name, value) = (self.name(name), self.next());
                    add(item, name, self.value(&value));
                }
                name => {
                    let name = self.name(name);
                    assert_eq!(self.next(), "=");
                    let mut value = self.next();
                    if value == "if_not_exists" {
                        let held = self.next();
                        assert_eq!(self.name(&held), name);
                        value = self.next();
                        if item.contains_key(&name) {
                            continue;
                        }
                    }
                    item.insert(name, self.value(&value).clone());
                }
            }
        }
    }
}

fn add(item: &mut Item, name: String, value: &Value) {
    let held = item.get(&name).cloned();
    let sum = match value.get("SS").and_then(Value::as_array) {
        Some(new) => {
            let mut all = held.and_then(|held| held["SS"].as_array().cloned()).unwrap_or_default();
            all.extend(new.iter().filter(|text| !all.contains(text)).cloned().collect::<Vec<_>>());
            json!({ "SS": all })
        }
        None => {
            let whole = |value: &Value| value["N"].as_str().unwrap().parse::<i64>().unwrap();
            json!({ "N": (held.as_ref().map_or(0, whole) + whole(value)).to_string() })
        }
    };
    item.insert(name, sum);
}

impl Held {
    fn key(&self, item: &Item) -> Key {
        let sort = self.declaration.sort_key.map_or(0, |key| number(item, key.name).unwrap());
        (text(item, self.declaration.partition_key.name).unwrap().to_owned(), sort)
    }

    fn put(&mut self, item: Item, due: u64) {
        let key = self.key(&item);
        self.items.insert(key.clone(), item.clone());
        self.coming.push_back((due, key, item));
    }

    fn settle(&mut self, now: u64) {
        while self.coming.front().is_some_and(|(due, ..)| *due <= now) {
            if let Some((_, key, item)) = self.coming.pop_front() {
                self.indexed.insert(key, item);
            }
        }
    }

    fn query(&self, request: &Value) -> Value {
        let index = request["IndexName"].as_str();
        let index =
            index.map(|name| self.declaration.indexes.iter().find(|index| index.name == name).unwrap());
        let of_table = self.declaration.sort_key.unwrap();
        let sort_key = index.map_or(of_table, |index| index.sort_key);
        let place = |item: &Item| (number(item, sort_key.name).unwrap(), self.key(item));
        let condition = request["KeyConditionExpression"].as_str().unwrap();
        let from = if index.is_some() { &self.indexed } else { &self.items };
        let mut found: Vec<&Item> =
            from.values().filter(|item| Expression::new(condition, request).holds(item)).collect();
        found.sort_by_key(|item| place(item));
        let forward = request["ScanIndexForward"].as_bool().unwrap_or(true);
        if !forward {
            found.reverse();
        }
        if let Some(start) = request["ExclusiveStartKey"].as_object() {
            let start = place(start);
            found.retain(|item| if forward { place(item) > start } else { place(item) < start });
        }
        let limit = request["Limit"].as_u64().map_or(usize::MAX, |limit| usize::try_from(limit).unwrap());
        let keys: Vec<&str> = [self.declaration.partition_key.name, of_table.name]
            .into_iter()
            .chain(index.iter().flat_map(|index| [index.partition_key.name, index.sort_key.name]))
            .collect();
        let only_keys = |item: &Item| -> Item {
            let known = keys.iter().filter_map(|key| Some(((*key).to_owned(), item.get(*key)?.clone())));
            known.collect()
        };
        let more = found.len() > limit;
        found.truncate(limit);
        let last = found.last().filter(|_| more).map(|item| only_keys(item));
        let items: Vec<Item> = (found.into_iter())
            .map(|item| if index.is_some() { only_keys(item) } else { item.clone() })
            .collect();
        match last {
            Some(last) => json!({ "Items": items, "LastEvaluatedKey": last }),
            None => json!({ "Items": items }),
        }
    }
}

impl Embedded {
    /// Both tables, empty; what is written is in the indexes `lag` requests later.
    pub(crate) fn new(tasks: &str, projects: &str, lag: u64) -> Self {
        let table = |table: Table| Held {
            declaration: table.declaration(),
            items: BTreeMap::new(),
            indexed: BTreeMap::new(),
            coming: VecDeque::new(),
        };
        let tables = [(tasks.to_owned(), table(Table::Tasks)), (projects.to_owned(), table(Table::Projects))];
        Self {
            state: Mutex::new(State {
                tables: HashMap::from(tables),
                requests: 0,
                operations: BTreeMap::new(),
            }),
            lag,
        }
    }

    /// Nothing is left to come into the indexes.
    pub(crate) fn settle(&self) {
        self.state.lock().unwrap().tables.values_mut().for_each(|table| table.settle(u64::MAX));
    }

    /// How often each operation was asked for since the last call of this.
    pub(crate) fn take_operations(&self) -> BTreeMap<String, u64> {
        std::mem::take(&mut self.state.lock().unwrap().operations)
    }

    fn answer(&self, operation: &str, request: &Value) -> Result<Value, Refusal> {
        let mut state = self.state.lock().unwrap();
        state.requests += 1;
        *state.operations.entry(operation.to_owned()).or_default() += 1;
        let now = state.requests;
        state.tables.values_mut().for_each(|table| table.settle(now));
        let due = now + self.lag;
        let name = request["TableName"].as_str().unwrap_or_default();
        match operation {
            "GetItem" => {
                let table = &state.tables[name];
                let item = table.items.get(&table.key(request["Key"].as_object().unwrap()));
                Ok(item.map_or_else(|| json!({}), |item| json!({ "Item": item })))
            }
            "Query" => Ok(state.tables[name].query(request)),
            "BatchGetItem" => {
                let mut responses = Map::new();
                for (name, wanted) in request["RequestItems"].as_object().unwrap() {
                    let table = &state.tables[name];
                    let keys = wanted["Keys"].as_array().unwrap();
                    assert!(keys.len() <= 100, "a batch has {} keys", keys.len());
                    let items: Vec<_> = keys
                        .iter()
                        .filter_map(|key| table.items.get(&table.key(key.as_object().unwrap())))
                        .collect();
                    responses.insert(name.clone(), json!(items));
                }
                Ok(json!({ "Responses": responses, "UnprocessedKeys": {} }))
            }
            "PutItem" => {
                change(state.tables.get_mut(name).unwrap(), request, due, true)
                    .map_err(|()| (400, "ConditionalCheckFailedException", json!({})))?;
                Ok(json!({}))
            }
            "TransactWriteItems" => transact(&mut state, request, due),
            other => panic!("the store asks for {other}, which it should not"),
        }
    }
}

/// Carries out a put or an update, or only looks whether it may be.
fn change(table: &mut Held, request: &Value, due: u64, real: bool) -> Result<(), ()> {
    let key = table.key(request.get("Item").unwrap_or(&request["Key"]).as_object().unwrap());
    let held = table.items.get(&key).cloned().unwrap_or_default();
    let condition = request["ConditionExpression"].as_str();
    if !condition.is_none_or(|condition| Expression::new(condition, request).holds(&held)) {
        return Err(());
    }
    if real {
        let item = match request["UpdateExpression"].as_str() {
            None => request["Item"].as_object().unwrap().clone(),
            Some(update) => {
                let mut item = held;
                item.extend(request["Key"].as_object().unwrap().clone());
                Expression::new(update, request).change(&mut item);
                item
            }
        };
        table.put(item, due);
    }
    Ok(())
}

fn transact(state: &mut State, request: &Value, due: u64) -> Result<Value, Refusal> {
    let parts: Vec<&Value> = (request["TransactItems"].as_array().unwrap().iter())
        .map(|part| part.get("Put").or_else(|| part.get("Update")).unwrap())
        .collect();
    assert!(parts.len() <= 100, "a transaction has {} items", parts.len());
    let mut apply = |part: &Value, real| {
        change(state.tables.get_mut(part["TableName"].as_str().unwrap()).unwrap(), part, due, real)
    };
    let verdicts: Vec<_> = parts.iter().map(|part| apply(part, false)).collect();
    if verdicts.iter().any(Result::is_err) {
        let reason = |verdict: &Result<(), ()>| json!({ "Code": if verdict.is_ok() { "None" } else { "ConditionalCheckFailed" } });
        let reasons: Vec<_> = verdicts.iter().map(reason).collect();
        return Err((400, "TransactionCanceledException", json!({ "CancellationReasons": reasons })));
    }
    for part in parts {
        apply(part, true).unwrap();
    }
    Ok(json!({}))
}
