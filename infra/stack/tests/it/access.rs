//! Least privilege: roles hold exactly what functions declare.

use std::collections::{BTreeMap, BTreeSet};

use miyabi_infra::Settings;
use miyabi_infra::graph::References;
use miyabi_shared::table::Table;
use miyabi_shared::{Access, Function, Stage};
use pulumi::mocks::{NewResource, Recorder};
use serde_json::Value as Json;

use crate::program::{recorded, settings, text};

/// Resources by action.
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
    for statement in statements(policy) {
        assert_eq!(statement["Effect"], "Allow");
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
    for access in function.declaration().access {
        for action in access.actions() {
            match *access {
                Access::Read(table) => {
                    grant(action, table_arn(table));
                    for index in table.declaration().indexes {
                        grant(action, format!("{}/index/{}", table_arn(table), index.name));
                    }
                }
                Access::Write(table) => grant(action, table_arn(table)),
                Access::ReadLogs(group) => {
                    let name = group.name().rsplit('/').next().unwrap();
                    grant(action, format!("${{LogGroup.{name}.arn}}"));
                    grant(action, format!("${{LogGroup.{name}.arn}}:log-stream:*"));
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
    grants
}

/// The roles of functions: those that the component of functions makes.
fn of_functions(recorder: &Recorder<References>) -> Vec<NewResource> {
    let mut roles = recorder.resources_of("aws:iam/role:Role");
    roles.retain(|role| role.request.parent.contains("miyabi:compute:Compute"));
    roles
}

fn policies(recorder: &Recorder<References>) -> Vec<NewResource> {
    recorder.resources_of("aws:iam/rolePolicy:RolePolicy")
}

#[tokio::test]
async fn every_function_has_a_role_of_its_own_with_exactly_the_access_that_it_declares() {
    for stage in Stage::ALL {
        let recorder = recorded(stage).await;
        for function in Function::ALL {
            let role = recorder.resource(&format!("{}-role", function.name())).unwrap();
            let deployed = recorder.resource(function.name()).unwrap();
            assert_eq!(text(&deployed, "role"), format!("${{Role.{}.arn}}", role.name));
            let of_role: Vec<_> = policies(&recorder)
                .into_iter()
                .filter(|policy| text(policy, "role") == format!("${{Role.{}.name}}", role.name))
                .collect();
            assert_eq!(of_role.len(), 1, "one policy for {}", role.name);
            assert_eq!(grants(&of_role[0]), declared(function, &settings(stage)), "{}", function.name());
            assert!(deployed.request.dependencies.contains(&of_role[0].urn));
        }
        assert_eq!(of_functions(&recorder).len(), Function::ALL.len());
        assert_eq!(policies(&recorder).len(), Function::ALL.len());
        for attachment in recorder.resources_of("aws:iam/rolePolicyAttachment:RolePolicyAttachment") {
            let of_function = of_functions(&recorder)
                .iter()
                .any(|role| text(&attachment, "role") == format!("${{Role.{}.name}}", role.name));
            assert!(!of_function, "{}", attachment.name);
        }
        assert!(recorder.resources_of("aws:iam/policy:Policy").is_empty());
    }
}

#[tokio::test]
async fn no_policy_allows_every_action_or_every_resource_except_tracing_which_has_no_other() {
    for stage in Stage::ALL {
        let recorder = recorded(stage).await;
        for policy in policies(&recorder) {
            for statement in statements(&policy) {
                for action in texts(&statement["Action"]) {
                    assert!(!action.contains('*'), "{}: {action}", policy.name);
                }
                for resource in texts(&statement["Resource"]) {
                    let exact = resource.starts_with("${") && resource.matches('*').count() <= 1;
                    let tracing = statement["Sid"] == "Trace" && settings(stage).compute.tracing;
                    assert!(exact || tracing, "{}: {resource}", policy.name);
                }
            }
        }
    }
}

#[tokio::test]
async fn the_roles_of_functions_are_for_functions_alone() {
    for role in of_functions(&*recorded(Stage::Prod).await) {
        let trust: Json = serde_json::from_str(text(&role, "assumeRolePolicy")).unwrap();
        assert_eq!(
            trust["Statement"][0]["Principal"],
            serde_json::json!({ "Service": "lambda.amazonaws.com" })
        );
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
            other => panic!("{other} may call a function"),
        }
    }
    assert_eq!(permissions.len(), 4);
}
