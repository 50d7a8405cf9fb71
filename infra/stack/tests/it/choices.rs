//! What a stage can be told to be: capacity, versions, keys.

use std::collections::BTreeSet;

use miyabi_infra::Settings;
use miyabi_shared::Stage;
use pulumi::Value;
use pulumi::mocks::NewResource;

use crate::program::{recorded, text, told};

fn number(resource: &NewResource, key: &str) -> f64 {
    match resource.inputs.get(key) {
        Some(Value::Number(number)) => *number,
        other => panic!("{}.{key} is {other:?}", resource.name),
    }
}

const PROVISIONED: &[(&str, &str)] = &[
    ("data.billing", "provisioned"),
    ("data.read.least", "5"),
    ("data.write.least", "10"),
    ("data.write.most", "400"),
];

#[tokio::test]
async fn capacity_follows_the_load_of_tables_and_of_every_index() {
    let recorder = told(Stage::Prod, PROVISIONED).await;
    let mut expected = BTreeSet::new();
    for table in Settings::of(Stage::Prod).tables() {
        let declaration = table.declaration();
        let resource = recorder.resource(declaration.name).unwrap();
        assert_eq!(text(&resource, "billingMode"), "PROVISIONED");
        let ignored = &resource.request.ignore_changes;
        assert!(ignored.contains(&"readCapacity".to_owned()), "what follows the load is not set back");
        let Some(Value::Array(indexes)) =
            resource.inputs.get("globalSecondaryIndexes").or(Some(&Value::Array(Vec::new()))).cloned()
        else {
            panic!()
        };
        for index in &indexes {
            let Value::Object(index) = index else { panic!() };
            // An index that takes less than its table would hold up the table's writes.
            assert_eq!(index["writeCapacity"], resource.inputs["writeCapacity"]);
        }
        for dimension in ["ReadCapacityUnits", "WriteCapacityUnits"] {
            expected.insert((format!("table/{}", declaration.name), format!("dynamodb:table:{dimension}")));
            for index in declaration.indexes {
                let resource = format!("table/{}/index/{}", declaration.name, index.name);
                expected.insert((resource, format!("dynamodb:index:{dimension}")));
            }
        }
    }
    for kind in ["aws:appautoscaling/target:Target", "aws:appautoscaling/policy:Policy"] {
        let scaled: BTreeSet<_> = recorder
            .resources_of(kind)
            .iter()
            .map(|scaled| {
                (text(scaled, "resourceId").to_owned(), text(scaled, "scalableDimension").to_owned())
            })
            .collect();
        assert_eq!(scaled, expected, "{kind}");
    }
    for target in recorder.resources_of("aws:appautoscaling/target:Target") {
        let (least, most) = match text(&target, "scalableDimension").ends_with("WriteCapacityUnits") {
            true => (10.0, 400.0),
            false => (5.0, 100.0),
        };
        assert!((number(&target, "minCapacity"), number(&target, "maxCapacity")) == (least, most));
    }
}

#[tokio::test]
async fn a_new_version_takes_over_as_it_is_told() {
    let config = [
        ("compute.trafficShift.task-api.version", "41"),
        ("compute.trafficShift.task-api.percent", "90"),
        ("compute.provisionedConcurrency.progress-collector", "2"),
    ];
    let recorder = told(Stage::Prod, &config).await;
    let alias = recorder.resource("task-api-live").unwrap();
    assert_eq!(text(&alias, "functionVersion"), "${Function.task-api.version}");
    let weights = Value::object([("41", Value::Number(0.9))]);
    assert_eq!(alias.inputs["routingConfig"], Value::object([("additionalVersionWeights", weights)]));
    let ready = recorder.resources_of("aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig");
    let [ready] = ready.as_slice() else { panic!("{ready:?}") };
    assert_eq!((text(ready, "qualifier"), number(ready, "provisionedConcurrentExecutions")), ("live", 2.0));
    let alias = recorder.resource("progress-collector-live").unwrap();
    assert!(!alias.inputs.contains_key("routingConfig"));
    for permission in recorder.resources_of("aws:lambda/permission:Permission") {
        assert_eq!(text(&permission, "qualifier"), "live", "{} is of the alias", permission.name);
    }
}

#[tokio::test]
async fn events_that_were_not_handled_are_kept_encrypted() {
    for stage in [Stage::Dev, Stage::Stg, Stage::Prod] {
        let recorder = recorded(stage).await;
        let configs = recorder.resources_of("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig");
        let [config] = configs.as_slice() else { panic!("{configs:?}") };
        assert_eq!(text(config, "qualifier"), "live");
        let queue = recorder.resource("progress-collector-dead-letters").unwrap();
        assert!(number(&queue, "messageRetentionSeconds") >= 14.0 * 86_400.0);
        let own_key = queue.inputs.contains_key("kmsMasterKeyId");
        let of_sqs = queue.inputs.get("sqsManagedSseEnabled") == Some(&Value::Bool(true));
        assert!(own_key != of_sqs, "{:?}", queue.inputs);
        let policies = recorder.resources_of("aws:sqs/queuePolicy:QueuePolicy");
        let policy: serde_json::Value = serde_json::from_str(text(&policies[0], "policy")).unwrap();
        assert_eq!(policy["Statement"][0]["Effect"], "Deny");
        assert_eq!(policy["Statement"][0]["Condition"]["Bool"]["aws:SecureTransport"], "false");
    }
}

#[tokio::test]
async fn keys_are_rotated_and_say_exactly_who_does_what() {
    let all =
        [("encryption.dataKey", "true"), ("encryption.logsKey", "true"), ("encryption.functionsKey", "true")];
    let recorder = told(Stage::Dev, &all).await;
    let keys = recorder.resources_of("aws:kms/key:Key");
    assert_eq!(keys.len(), 3);
    for key in &keys {
        assert_eq!(key.inputs["enableKeyRotation"], Value::Bool(true));
        let policy: serde_json::Value = serde_json::from_str(text(key, "policy")).unwrap();
        for statement in policy["Statement"].as_array().unwrap() {
            assert_ne!(statement["Principal"], "*", "{}", key.name);
            assert!(!statement["Action"].to_string().contains('*'), "{}: {statement}", key.name);
            let administers = statement["Sid"] == "Administer";
            assert!(administers || !statement["Condition"].is_null(), "{}: {statement}", key.name);
        }
    }
    let groups = recorder.resources_of("aws:cloudwatch/logGroup:LogGroup");
    // The API's own are waived beside them.
    for group in groups.iter().filter(|group| !group.name.starts_with("api-")) {
        assert_eq!(text(group, "kmsKeyId"), "${Key.logs-key.arn}", "{}", group.name);
    }
    for function in Settings::of(Stage::Prod).functions() {
        let function = recorder.resource(function.name()).unwrap();
        assert_eq!(text(&function, "kmsKeyArn"), "${Key.functions-key.arn}");
    }
    // In production no key goes before what it encrypts.
    for (name, protected) in [("data-key", true), ("logs-key", true), ("functions-key", false)] {
        let keys = recorded(Stage::Prod).await.resources_of("aws:kms/key:Key");
        let key = keys.iter().find(|key| key.name == name).unwrap();
        assert_eq!(key.request.protect.unwrap_or_default(), protected, "{name}");
    }
}

#[tokio::test]
async fn no_environment_holds_a_secret() {
    for stage in Stage::ALL {
        for function in recorded(stage).await.resources_of("aws:lambda/function:Function") {
            let Value::Object(environment) = &function.inputs["environment"] else { panic!() };
            let Value::Object(variables) = &environment["variables"] else { panic!() };
            for (name, value) in variables {
                let Value::String(value) = value else { panic!("{name} is {value:?}") };
                for word in ["PASSWORD", "SECRET", "TOKEN", "KEY", "CREDENTIAL"] {
                    assert!(!name.contains(word), "{name} in {stage}");
                }
                assert!(!value.contains('@'), "{name} may hold a password: {value}");
            }
        }
    }
}

#[tokio::test]
async fn the_page_may_ask_where_people_sign_in_and_nowhere_else() {
    let oidc = [
        ("api.authorizer", "oidc"),
        ("api.oidc.issuer", "https://login.example.com/team/one"),
        ("api.oidc.clientId", "miyabi"),
        ("api.oidc.keysUrl", "https://keys.example.com:8443/keys"),
        ("api.oidc.origins", r#"["https://tokens.example.com/oauth"]"#),
    ];
    let cases: [(&[(&str, &str)], &str); 3] = [
        (
            &[],
            "connect-src 'self' https://cognito-idp.${region}.amazonaws.com \
             https://miyabi-prod-${accountId}.auth.${region}.amazoncognito.com;",
        ),
        (
            &oidc,
            "connect-src 'self' https://keys.example.com:8443 https://login.example.com https://tokens.example.com;",
        ),
        (&[("api.authorizer", "iam")], "connect-src 'self';"),
    ];
    for (choice, expected) in cases {
        let recorder = told(Stage::Prod, choice).await;
        let policies = recorder.resources_of("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy");
        let policies = format!("{:?}", policies[0].inputs);
        assert!(policies.contains(expected), "{expected} is not in {policies}");
    }
}
