//! Whatever `miyabi-shared` declares is deployed, as it is declared.

use std::collections::{BTreeMap, BTreeSet};

use miyabi_infra::outputs::{OUTPUTS, StackOutput};
use miyabi_infra::settings::Choice as _;
use miyabi_shared::bucket::Bucket;
use miyabi_shared::config::{
    Authentication, CacheEndpoint, IssuerKeysConfig, KeysFrom, ManagedCache, ProgressCollectorConfig,
    PushConfig, StreamProcessorConfig, TaskApiConfig,
};
use miyabi_shared::function::Trigger;
use miyabi_shared::{Function, LogGroup, Stage, Table};
use pulumi::{Archive, Asset, Value};

use crate::program::{recorded, settings, text};

fn string(text: &str) -> Value {
    Value::String(text.to_owned())
}

#[tokio::test]
async fn every_table_is_deployed_with_its_keys_indexes_time_to_live_and_stream() {
    for stage in Stage::ALL {
        let recorder = recorded(stage).await;
        for table in settings(stage).tables() {
            let declaration = table.declaration();
            let resource = recorder.resource(declaration.name).unwrap();
            assert_eq!(resource.token, "aws:dynamodb/table:Table");
            assert_eq!(text(&resource, "name"), declaration.name);
            assert_eq!(text(&resource, "hashKey"), declaration.partition_key.name);
            assert_eq!(
                resource.inputs.get("rangeKey"),
                declaration.sort_key.map(|key| string(key.name)).as_ref()
            );
            let indexes: Vec<_> = declaration
                .indexes
                .iter()
                .map(|index| {
                    Value::object([
                        ("name", string(index.name)),
                        ("hashKey", string(index.partition_key.name)),
                        ("rangeKey", string(index.sort_key.name)),
                        ("projectionType", string("KEYS_ONLY")),
                    ])
                })
                .collect();
            let expected = (!indexes.is_empty()).then_some(Value::Array(indexes));
            assert_eq!(resource.inputs.get("globalSecondaryIndexes"), expected.as_ref());
            let ttl = declaration.time_to_live_attribute.map(|attribute| {
                Value::object([("attributeName", string(attribute)), ("enabled", Value::Bool(true))])
            });
            assert_eq!(resource.inputs.get("ttl"), ttl.as_ref());
            let stream = declaration.stream.then(|| string("NEW_AND_OLD_IMAGES"));
            assert_eq!(resource.inputs.get("streamViewType"), stream.as_ref());
            // DynamoDB refuses a table that declares an attribute which is no key, or a key that it does not declare.
            let Value::Array(attributes) = &resource.inputs["attributes"] else { panic!() };
            let mut keys: BTreeSet<_> = declaration
                .indexes
                .iter()
                .flat_map(|index| [index.partition_key, index.sort_key])
                .chain(declaration.sort_key)
                .collect();
            keys.insert(declaration.partition_key);
            let key = |key: &miyabi_shared::table::Key| {
                Value::object([("name", string(key.name)), ("type", string(key.key_type.as_str()))])
            };
            assert_eq!(attributes, &keys.iter().map(key).collect::<Vec<_>>());
        }
        assert_eq!(recorder.resources_of("aws:dynamodb/table:Table").len(), settings(stage).tables().count());
    }
}

#[tokio::test]
async fn data_is_protected_where_the_stage_says_so() {
    for stage in Stage::ALL {
        let settings = settings(stage);
        let protect = settings.data.protect.then_some(true);
        for table in recorded(stage).await.resources_of("aws:dynamodb/table:Table") {
            assert_eq!(table.request.protect, protect);
            assert_eq!(table.request.retain_on_delete, protect);
            assert_eq!(table.inputs["deletionProtectionEnabled"], Value::Bool(settings.data.protect));
            let days = settings.data.recovery_days;
            let mut recovery = vec![("enabled", Value::Bool(days > 0))];
            if days > 0 {
                recovery.push(("recoveryPeriodInDays", Value::Number(days.into())));
            }
            assert_eq!(table.inputs["pointInTimeRecovery"], Value::object(recovery));
            let mut encryption = vec![("enabled", Value::Bool(true))];
            if settings.encryption.data_key {
                encryption.push(("kmsKeyArn", string("${Key.data-key.arn}")));
            }
            assert_eq!(table.inputs["serverSideEncryption"], Value::object(encryption));
        }
    }
}

#[tokio::test]
async fn every_log_group_is_deployed_with_its_retention_and_nothing_logs_for_ever() {
    let recorder = recorded(Stage::Dev).await;
    let groups: BTreeMap<_, _> = recorder
        .resources_of("aws:cloudwatch/logGroup:LogGroup")
        .into_iter()
        .map(|group| (text(&group, "name").to_owned(), group.inputs["retentionInDays"].clone()))
        .collect();
    let logs = settings(Stage::Dev).logs;
    let of_jobs = LogGroup::ALL.map(|group| (group.name().to_owned(), logs.of_group(group).days()));
    let own = settings(Stage::Dev)
        .functions()
        .map(|function| (function.own_log_group(), logs.functions.days()))
        .collect::<Vec<_>>();
    let network = ("/aws/vpc/miyabi".to_owned(), logs.access.days());
    let expected: BTreeMap<_, _> = of_jobs
        .into_iter()
        .chain(own)
        .chain([network])
        .map(|(name, days)| (name, Value::Number(f64::from(days))))
        .collect();
    for (name, days) in expected {
        assert_eq!(groups.get(&name), Some(&days), "{name}");
    }
}

#[tokio::test]
async fn every_function_is_deployed_with_its_size_its_code_and_its_log() {
    for stage in Stage::ALL {
        let settings = settings(stage);
        let recorder = recorded(stage).await;
        for function in settings.functions() {
            let declaration = function.declaration();
            let resource = recorder.resource(function.name()).unwrap();
            assert_eq!(text(&resource, "name"), function.binary());
            // Where Lambda would write by itself: what looks for a function's log by its name finds it.
            assert_eq!(function.own_log_group(), format!("/aws/lambda/{}", text(&resource, "name")));
            assert_eq!(resource.inputs["memorySize"], Value::Number(declaration.memory_megabytes.into()));
            assert_eq!(resource.inputs["timeout"], Value::Number(declaration.timeout_seconds.into()));
            assert_eq!(
                resource.inputs["architectures"],
                Value::Array(vec![string(settings.compute.architecture.word())])
            );
            let bootstrap = Asset::file(format!("target/functions/{}", function.bootstrap_path()));
            assert_eq!(resource.inputs["code"], Value::Archive(Archive::assets([("bootstrap", bootstrap)])));
            let Value::Object(logging) = &resource.inputs["loggingConfig"] else { panic!() };
            assert_eq!(logging["logGroup"], string(&function.own_log_group()));
            let limit = settings
                .compute
                .reserved_concurrency
                .get(&function)
                .map(|limit| Value::Number((*limit).into()));
            assert_eq!(resource.inputs.get("reservedConcurrentExecutions"), limit.as_ref());
        }
        assert_eq!(recorder.resources_of("aws:lambda/function:Function").len(), settings.functions().count());
    }
}

#[tokio::test]
async fn what_infra_writes_into_the_environment_is_what_each_function_reads() {
    for stage in Stage::ALL {
        let recorder = recorded(stage).await;
        for function in settings(stage).functions() {
            let resource = recorder.resource(function.name()).unwrap();
            let Value::Object(environment) = &resource.inputs["environment"] else { panic!() };
            let Value::Object(variables) = &environment["variables"] else { panic!() };
            let variables: BTreeMap<String, String> = variables
                .iter()
                .map(|(name, value)| match value {
                    Value::String(value) => (name.clone(), value.clone()),
                    other => panic!("{name} is {other:?}"),
                })
                .collect();
            let store = match function {
                Function::TaskApi => {
                    let config = TaskApiConfig::from_env(&variables).unwrap();
                    let authentication = &config.authentication;
                    let tokens = authentication.tokens.as_ref();
                    if stage == Stage::Local {
                        assert_eq!((authentication.authentication, tokens), (Authentication::Open, None));
                    } else {
                        // The gateway passes everything on, so nothing less will do.
                        assert_eq!(authentication.authentication, Authentication::Required);
                        let tokens = tokens.unwrap();
                        assert!(tokens.issuer.ends_with(".amazonaws.com/${UserPool.users.id}"), "{tokens:?}");
                        assert_eq!(tokens.keys_from, KeysFrom::Table);
                        assert_eq!(tokens.groups_claim.as_deref(), Some("cognito:groups"));
                    }
                    config.store
                }
                Function::ProgressCollector => ProgressCollectorConfig::from_env(&variables).unwrap().store,
                Function::StreamProcessor => StreamProcessorConfig::from_env(&variables).unwrap().store,
                Function::IssuerKeys => {
                    let keys = IssuerKeysConfig::from_env(&variables).unwrap();
                    assert_eq!(keys.credentials_table, Table::Credentials.declaration().name);
                    assert!(
                        keys.keys_url.ends_with("${UserPool.users.id}/.well-known/jwks.json"),
                        "{keys:?}"
                    );
                    continue;
                }
                Function::Push => {
                    let push = PushConfig::from_env(&variables).unwrap();
                    assert_eq!(push.tasks_table, Table::Tasks.declaration().name);
                    assert_eq!(push.connections_table, Table::Connections.declaration().name);
                    assert_eq!(push.due_queue_url, "${Queue.push-due.url}");
                    assert!(push.socket_endpoint.contains("${Api.socket.id}"), "{}", push.socket_endpoint);
                    assert!(push.socket_endpoint.ends_with("/live"), "{}", push.socket_endpoint);
                    continue;
                }
            };
            assert_eq!(store.tasks_table, Table::Tasks.declaration().name);
            assert_eq!(store.projects_table, Table::Projects.declaration().name);
            let cache = match stage {
                Stage::Local => CacheEndpoint::Url("redis://127.0.0.1:6390".to_owned()),
                Stage::Dev | Stage::Stg | Stage::Prod => CacheEndpoint::Managed(ManagedCache {
                    host: "cache.example".to_owned(),
                    port: 6379,
                    user_id: "miyabi-functions".to_owned(),
                    replication_group_id: "miyabi".to_owned(),
                }),
            };
            assert_eq!(store.cache, cache);
            let over_http = matches!(function.declaration().trigger, Trigger::Http);
            assert_eq!(variables.contains_key("AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH"), over_http);
        }
    }
}

#[tokio::test]
async fn every_trigger_is_wired_and_no_function_reads_its_own_log() {
    for stage in Stage::ALL {
        every_trigger_is_wired_in(stage).await;
    }
}

async fn every_trigger_is_wired_in(stage: Stage) {
    let recorder = recorded(stage).await;
    // Where there are versions, whatever calls a function calls its alias.
    let called = |function: Function, output: &str| match settings(stage).compute.versions {
        true => format!("${{Alias.{}-live.{output}}}", function.name()),
        false => format!("${{Function.{}.{output}}}", function.name()),
    };
    let filters = recorder.resources_of("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter");
    let mut wired: Vec<_> = filters
        .iter()
        .map(|filter| {
            assert_eq!(text(filter, "filterPattern"), "");
            let permission = filter.request.dependencies.iter().any(|urn| urn.contains("Permission"));
            assert!(permission, "{} is made before the function lets it in", filter.name);
            (text(filter, "destinationArn").to_owned(), text(filter, "logGroup").to_owned())
        })
        .collect();
    wired.sort();
    let mut declared = Vec::new();
    for function in settings(stage).functions() {
        match function.declaration().trigger {
            Trigger::Http => {
                for integration in recorder.resources_of("aws:apigateway/integration:Integration") {
                    let uri = called(function, "invokeArn");
                    assert_eq!(text(&integration, "uri"), uri);
                }
            }
            Trigger::EveryMinute => {
                let rule = recorder.resource(&format!("{}-clock", function.name())).unwrap();
                assert_eq!(text(&rule, "scheduleExpression"), "rate(1 minute)");
                let [target] =
                    recorder.resources_of("aws:cloudwatch/eventTarget:EventTarget").try_into().unwrap();
                assert_eq!(text(&target, "arn"), called(function, "arn"));
            }
            Trigger::ChangesAndSocket(table, queue) => {
                let mapping = recorder
                    .resources_of("aws:lambda/eventSourceMapping:EventSourceMapping")
                    .into_iter()
                    .find(|mapping| mapping.name == format!("{}-changes", function.name()))
                    .unwrap();
                assert_eq!(text(&mapping, "functionName"), called(function, "arn"));
                let table = table.declaration().name;
                assert_eq!(text(&mapping, "eventSourceArn"), format!("${{Table.{table}.streamArn}}"));
                let kept = mapping.inputs.contains_key("destinationConfig");
                assert_eq!(kept, settings(stage).compute.dead_letters);
                let due = recorder
                    .resources_of("aws:lambda/eventSourceMapping:EventSourceMapping")
                    .into_iter()
                    .find(|mapping| mapping.name == format!("{}-due", function.name()))
                    .unwrap();
                assert_eq!(text(&due, "functionName"), called(function, "arn"));
                assert_eq!(text(&due, "eventSourceArn"), "${Queue.push-due.arn}");
                let [own] = recorder
                    .resources_of("aws:sqs/queue:Queue")
                    .into_iter()
                    .filter(|resource| text(resource, "name") == queue.name())
                    .collect::<Vec<_>>()
                    .try_into()
                    .unwrap();
                assert_eq!(own.inputs.contains_key("redrivePolicy"), settings(stage).compute.dead_letters);
                let integration = recorder
                    .resources_of("aws:apigatewayv2/integration:Integration")
                    .into_iter()
                    .find(|integration| integration.name == "socket")
                    .unwrap();
                assert_eq!(text(&integration, "integrationUri"), called(function, "invokeArn"));
                for (route, key) in
                    [("connect", "$connect"), ("disconnect", "$disconnect"), ("default", "$default")]
                {
                    let route = recorder.resource(&format!("socket-{route}")).unwrap();
                    assert_eq!(text(&route, "routeKey"), key);
                    assert_eq!(text(&route, "target"), "integrations/${Integration.socket.id}");
                    let guarded = key == "$connect" && stage != Stage::Local;
                    assert_eq!(text(&route, "authorizationType"), if guarded { "AWS_IAM" } else { "NONE" });
                }
            }
            Trigger::Changes(table) => {
                let mapping = recorder
                    .resources_of("aws:lambda/eventSourceMapping:EventSourceMapping")
                    .into_iter()
                    .find(|mapping| mapping.name == format!("{}-changes", function.name()))
                    .unwrap();
                assert_eq!(text(&mapping, "functionName"), called(function, "arn"));
                let table = table.declaration().name;
                assert_eq!(text(&mapping, "eventSourceArn"), format!("${{Table.{table}.streamArn}}"));
            }
            Trigger::LogLines(groups) => declared.extend(groups.iter().map(|group| {
                assert_ne!(group.name(), function.own_log_group());
                (called(function, "arn"), group.name().to_owned())
            })),
        }
    }
    declared.sort();
    assert_eq!(wired, declared);
}

#[tokio::test]
async fn a_deployment_of_the_api_comes_after_its_routes() {
    let recorder = recorded(Stage::Local).await;
    let deployment = recorder.resource("deployment").unwrap();
    for integration in recorder.resources_of("aws:apigateway/integration:Integration") {
        assert!(deployment.request.dependencies.contains(&integration.urn));
    }
}

#[tokio::test]
async fn every_bucket_is_closed_to_the_public() {
    let recorder = recorded(Stage::Prod).await;
    let blocks = recorder.resources_of("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
    let closed: BTreeSet<_> = blocks.iter().map(|block| text(block, "bucket").to_owned()).collect();
    let buckets = [Bucket::Dashboard, Bucket::Logs].map(|bucket| format!("${{Bucket.{}.id}}", bucket.name()));
    assert_eq!(closed, BTreeSet::from(buckets));
    for block in blocks {
        for key in ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] {
            assert_eq!(block.inputs[key], Value::Bool(true), "{key}");
        }
    }
}

#[tokio::test]
async fn the_outputs_are_those_that_are_promised() {
    for stage in Stage::ALL {
        let promised: Vec<_> = OUTPUTS
            .iter()
            .filter(|output| (output.given)(&settings(stage)))
            .map(|output| output.key.to_owned())
            .collect();
        let outputs = recorded(stage).await.stack_outputs();
        assert_eq!(outputs.keys().cloned().collect::<Vec<_>>(), promised, "{stage}");
        // Every key is read by name somewhere, so it must be text.
        assert!(outputs.values().all(|value| matches!(value, Value::String(_))));
    }
}

#[test]
fn the_outputs_are_listed_for_their_readers() {
    let rows = OUTPUTS.iter().map(|output| {
        let StackOutput { key, meaning, reader, .. } = output;
        format!("| `{key}` | {meaning} | {reader} |\n")
    });
    let table: String = rows.collect();
    let readme = include_str!("../../README.md");
    assert!(readme.contains(&table), "README.md should hold these rows:\n{table}");
}

#[tokio::test]
async fn every_resource_belongs_to_a_capability_and_every_capability_is_ended() {
    let recorder = recorded(Stage::Prod).await;
    for resource in recorder.resources() {
        if resource.request.custom {
            assert!(resource.request.parent.contains("miyabi:"), "{}", resource.urn);
        } else {
            assert!(recorder.outputs_of(&resource.urn).is_some_and(|outputs| !outputs.is_empty()));
        }
    }
}
