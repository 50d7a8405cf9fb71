//! Least privilege: roles hold exactly what functions declare.

use std::collections::{BTreeMap, BTreeSet};

use miyabi_infra::Settings;
use miyabi_infra::graph::References;
use miyabi_infra::keys;
use miyabi_infra::roles::INTERFACE_ACTIONS;
use miyabi_infra::settings::CacheSettings;
use miyabi_shared::function::Trigger;
use miyabi_shared::job::JobQueue;
use miyabi_shared::table::Table;
use miyabi_shared::{Access, Function, Stage};
use pulumi::mocks::{NewResource, Recorder};
use serde_json::Value as Json;

use crate::program::{recorded, settings, text};

/// Resources by action, with the conditions of the statement.
type Grants = BTreeMap<String, BTreeSet<String>>;

fn texts(value: &Json) -> Vec<String> {
    match value {
        Json::String(text) => vec![text.clone()],
        Json::Array(items) => items.iter().flat_map(texts).collect(),
        other => panic!("{other} is neither a text nor a list"),
    }
}

fn statements(policy: &NewResource) -> Vec<Json> {
    let policy: Json = serde_json::from_str(text(policy, "policy")).unwrap();
    policy["Statement"].as_array().unwrap().clone()
}

fn grants(policy: &NewResource) -> Grants {
    let mut grants = Grants::new();
    for statement in statements(policy).iter().filter(|statement| statement["Effect"] == "Allow") {
        for action in texts(&statement["Action"]) {
            grants.entry(action).or_default().extend(texts(&statement["Resource"]));
        }
    }
    grants
}

fn declared(function: Function, settings: &Settings) -> Grants {
    let mut grants = Grants::new();
    let mut grant = |action: &str, resource: String| {
        grants.entry(action.to_owned()).or_default().insert(resource);
    };
    let table_arn = |table: Table| format!("${{Table.{}.arn}}", table.declaration().name);
    let mut tables = false;
    for access in function.declaration().access {
        tables |= matches!(access, Access::Read(_) | Access::Write(_) | Access::ReadChanges(_));
        for action in access.actions() {
            match *access {
                Access::Read(table) => {
                    grant(action, table_arn(table));
                    for index in table.declaration().indexes {
                        grant(action, format!("{}/index/{}", table_arn(table), index.name));
                    }
                }
                Access::Write(table) | Access::Delete(table) => grant(action, table_arn(table)),
                Access::ReadChanges(table) => {
                    grant(action, format!("${{Table.{}.streamArn}}", table.declaration().name));
                }
                Access::SendJobs | Access::RedriveJobs => {
                    for queue in settings.jobs.sizes.iter().copied().flat_map(JobQueue::of) {
                        let short = format!("jobs-{}", queue.short_name());
                        if *access == Access::SendJobs {
                            grant(action, format!("${{Queue.{short}.arn}}"));
                        }
                        grant(action, format!("${{Queue.{short}-dead-letters.arn}}"));
                    }
                }
                Access::PostToViewers => {
                    grant(action, "${Api.socket.executionArn}/live/POST/@connections/*".to_owned());
                }
                Access::Send(queue) | Access::Receive(queue) => {
                    let name = queue.name().trim_start_matches("miyabi-");
                    grant(action, format!("${{Queue.{name}.arn}}"));
                }
                Access::ReadLogs(group) => {
                    let name = group.name().rsplit('/').next().unwrap();
                    grant(action, format!("${{LogGroup.{name}.arn}}"));
                    grant(action, format!("${{LogGroup.{name}.arn}}:log-stream:*"));
                }
                Access::Cache if matches!(settings.cache, CacheSettings::Managed(_)) => {
                    grant(action, "${ReplicationGroup.cache.arn}".to_owned());
                    grant(action, "${User.functions.arn}".to_owned());
                }
                Access::Cache => {}
            }
        }
    }
    for action in ["logs:CreateLogStream", "logs:PutLogEvents"] {
        grant(action, format!("${{LogGroup.{}-log.arn}}", function.name()));
        grant(action, format!("${{LogGroup.{}-log.arn}}:log-stream:*", function.name()));
    }
    if settings.compute.tracing {
        grant("xray:PutTelemetryRecords", "*".to_owned());
        grant("xray:PutTraceSegments", "*".to_owned());
    }
    if settings.compute.dead_letters
        && !matches!(function.declaration().trigger, Trigger::Http | Trigger::EveryMinute)
    {
        grant("sqs:SendMessage", format!("${{Queue.{}-dead-letters.arn}}", function.name()));
    }
    if settings.encryption.data_key && tables {
        for action in keys::USE {
            grant(action, "${Key.data-key.arn}".to_owned());
        }
    }
    if settings.encryption.functions_key {
        for action in ["kms:Decrypt", "kms:GenerateDataKey"] {
            grant(action, "${Key.functions-key.arn}".to_owned());
        }
    }
    if settings.in_network(function) {
        for action in INTERFACE_ACTIONS {
            grant(action, "*".to_owned());
        }
    }
    grants
}

/// The roles of functions: those that the component of roles makes.
fn of_functions(recorder: &Recorder<References>) -> Vec<NewResource> {
    let mut roles = recorder.resources_of("aws:iam/role:Role");
    roles.retain(|role| role.request.parent.contains("miyabi:roles:Roles"));
    roles
}

fn policies(recorder: &Recorder<References>) -> Vec<NewResource> {
    recorder.resources_of("aws:iam/rolePolicy:RolePolicy")
}

#[tokio::test]
async fn every_function_has_a_role_of_its_own_with_exactly_the_access_that_it_declares() {
    for stage in Stage::ALL {
        let recorder = recorded(stage).await;
        for function in settings(stage).functions() {
            let role = recorder.resource(&format!("{}-role", function.name())).unwrap();
            let deployed = recorder.resource(function.name()).unwrap();
            assert_eq!(text(&deployed, "role"), format!("${{Role.{}.arn}}", role.name));
            let of_role: Vec<_> = policies(&recorder)
                .into_iter()
                .filter(|policy| text(policy, "role") == format!("${{Role.{}.name}}", role.name))
                .collect();
            let mut held = Grants::new();
            for policy in &of_role {
                for (action, resources) in grants(policy) {
                    held.entry(action).or_default().extend(resources);
                }
                // A function that is called at once has all of them.
                assert!(deployed.request.dependencies.contains(&policy.urn), "{}", policy.name);
            }
            assert_eq!(held, declared(function, &settings(stage)), "{} in {stage}", function.name());
        }
        assert_eq!(of_functions(&recorder).len(), settings(stage).functions().count());
        for attachment in recorder.resources_of("aws:iam/rolePolicyAttachment:RolePolicyAttachment") {
            let of_function = of_functions(&recorder)
                .iter()
                .any(|role| text(&attachment, "role") == format!("${{Role.{}.name}}", role.name));
            assert!(!of_function, "{}", attachment.name);
        }
        assert!(recorder.resources_of("aws:iam/policy:Policy").is_empty());
    }
}

/// Statements whose actions AWS takes on all resources alone; what they are is said where they are made.
const ON_EVERYTHING: &[&str] = &["Trace", "Interfaces"];

#[tokio::test]
async fn no_role_may_do_everything_or_anything_on_everything_that_has_a_name() {
    for stage in Stage::ALL {
        let recorder = recorded(stage).await;
        for policy in policies(&recorder) {
            for statement in statements(&policy) {
                for action in texts(&statement["Action"]) {
                    assert!(!action.contains('*'), "{}: {action}", policy.name);
                }
                for resource in texts(&statement["Resource"]) {
                    let exact = resource.starts_with("${") && resource.matches('*').count() <= 1;
                    let known = ON_EVERYTHING.iter().any(|sid| statement["Sid"] == *sid);
                    assert!(exact || known || statement["Effect"] == "Deny", "{}: {resource}", policy.name);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_function_cannot_use_what_lambda_needs_to_put_it_into_the_network() {
    for stage in [Stage::Dev, Stage::Stg, Stage::Prod] {
        let recorder = recorded(stage).await;
        let settings = settings(stage);
        for function in settings.functions().filter(|function| settings.in_network(*function)) {
            let policy = recorder.resource(&format!("{}-network", function.name())).unwrap();
            let [allow, deny] = statements(&policy).try_into().unwrap();
            assert_eq!((&allow["Effect"], &deny["Effect"]), (&"Allow".into(), &"Deny".into()));
            assert_eq!(allow["Action"], deny["Action"]);
            assert_eq!(
                deny["Condition"]["ArnEquals"]["lambda:SourceFunctionArn"],
                format!(
                    "arn:${{partition}}:lambda:${{region}}:${{accountId}}:function:{}",
                    function.binary()
                )
            );
        }
    }
}

#[tokio::test]
async fn the_roles_of_functions_are_for_functions_alone() {
    for role in of_functions(&*recorded(Stage::Prod).await) {
        let trust: Json = serde_json::from_str(text(&role, "assumeRolePolicy")).unwrap();
        let [statement] = trust["Statement"].as_array().unwrap().as_slice() else { panic!("{trust}") };
        let service = match role.name.as_str() {
            "flow-logs-role" => "vpc-flow-logs.amazonaws.com",
            _ => "lambda.amazonaws.com",
        };
        assert_eq!(statement["Principal"], serde_json::json!({ "Service": service }));
        assert!(
            !role.inputs.contains_key("managedPolicyArns") && !role.inputs.contains_key("inlinePolicies")
        );
    }
}

#[tokio::test]
async fn whoever_may_call_a_function_is_named_by_source() {
    let permissions = recorded(Stage::Prod).await.resources_of("aws:lambda/permission:Permission");
    for permission in &permissions {
        assert_eq!(text(permission, "action"), "lambda:InvokeFunction");
        match text(permission, "principal") {
            "logs.amazonaws.com" => {
                assert_eq!(text(permission, "sourceAccount"), "${accountId}");
                assert!(text(permission, "sourceArn").starts_with("${LogGroup."));
            }
            "apigateway.amazonaws.com" => {
                assert_eq!(text(permission, "sourceArn"), "${RestApi.api.executionArn}/live/*");
            }
            "events.amazonaws.com" => {
                assert_eq!(text(permission, "sourceArn"), "${EventRule.issuer-keys-clock.arn}");
            }
            other => panic!("{other} may call a function"),
        }
    }
    assert_eq!(permissions.len(), 5);
}
