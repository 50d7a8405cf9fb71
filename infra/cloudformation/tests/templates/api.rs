//! Functions, their roles and a REST API.

use std::fs;

use miyabi_cloudformation::Settings;
use pulumi::{Archive, Asset, Context, ResourceOptions};
use pulumi_aws::{apigateway, cloudwatch, iam, lambda};

use crate::{pretty, run};

/// A function with its role, its log, an API in front of it and a subscription behind it.
fn program(context: &Context, methods: &[&str]) {
    let caller = pulumi_aws::get_caller_identity(context, pulumi_aws::GetCallerIdentityArgs::new());
    let account = caller.map(|caller| caller.account_id);
    let role = iam::Role::new(
        context,
        "task-api",
        iam::RoleArgs::new().assume_role_policy(
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"lambda.amazonaws.com"}}]}"#,
        ),
    );
    let logs = cloudwatch::LogGroup::new(
        context,
        "task-api",
        cloudwatch::LogGroupArgs::new().name("/aws/lambda/miyabi-task-api"),
    );
    let policy = iam::RolePolicy::new(
        context,
        "task-api",
        iam::RolePolicyArgs::new().role(role.id()).policy(pulumi::interpolate!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":["logs:PutLogEvents"],"Resource":["{}:*"]}}]}}"#,
            logs.arn()
        )),
    );
    iam::RolePolicyAttachment::new(
        context,
        "tracing",
        iam::RolePolicyAttachmentArgs::new()
            .role(role.name())
            .policy_arn("arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"),
    );
    let function = lambda::Function::with_options(
        context,
        "task-api",
        lambda::FunctionArgs::new()
            .name("miyabi-task-api")
            .role(role.arn())
            .runtime("provided.al2023")
            .handler("bootstrap")
            .architectures(["arm64"])
            .memory_size(512)
            .timeout(10)
            .code(Archive::assets([("bootstrap", Asset::file("task-api/bootstrap"))]))
            .environment(lambda::FunctionEnvironmentArgs::new().variables([
                ("LOG_GROUP", logs.name().into()),
                ("ACCOUNT", pulumi::Input::from(account)),
                ("MODE", "plain".into()),
            ]))
            .tracing_config(lambda::FunctionTracingConfigArgs::new().mode("Active")),
        ResourceOptions::new().depends_on(&policy),
    );
    let api = apigateway::RestApi::new(
        context,
        "api",
        apigateway::RestApiArgs::new()
            .name("miyabi")
            .minimum_compression_size("1024")
            .endpoint_configuration(apigateway::RestApiEndpointConfigurationArgs::new().types("REGIONAL")),
    );
    let proxy = apigateway::Resource::new(
        context,
        "proxy",
        apigateway::ResourceArgs::new()
            .rest_api(api.id())
            .parent_id(api.root_resource_id())
            .path_part("{proxy+}"),
    );
    let mut options = ResourceOptions::new();
    for http_method in methods {
        let method = apigateway::Method::new(
            context,
            format!("proxy-{http_method}"),
            apigateway::MethodArgs::new()
                .rest_api(api.id())
                .resource_id(proxy.id())
                .http_method(*http_method)
                .authorization("NONE")
                .request_parameters([("method.request.path.proxy", true)]),
        );
        let integration = apigateway::Integration::new(
            context,
            format!("proxy-{http_method}"),
            apigateway::IntegrationArgs::new()
                .rest_api(api.id())
                .resource_id(proxy.id())
                .http_method(method.http_method())
                .type_("AWS_PROXY")
                .integration_http_method("POST")
                .uri(function.invoke_arn())
                .timeout_milliseconds(29_000),
        );
        options = options.depends_on(&method).depends_on(&integration);
    }
    let deployment = apigateway::Deployment::with_options(
        context,
        "api",
        apigateway::DeploymentArgs::new().rest_api(api.id()).triggers([("version", "1")]),
        options,
    );
    let stage = apigateway::Stage::new(
        context,
        "api",
        apigateway::StageArgs::new().rest_api(api.id()).deployment(deployment.id()).stage_name("v1"),
    );
    apigateway::MethodSettings::new(
        context,
        "api",
        apigateway::MethodSettingsArgs::new()
            .rest_api(api.id())
            .stage_name(stage.stage_name())
            .method_path("*/*")
            .settings(
                apigateway::MethodSettingsSettingsArgs::new()
                    .throttling_rate_limit(1000)
                    .throttling_burst_limit(500),
            ),
    );
    lambda::Permission::new(
        context,
        "api",
        lambda::PermissionArgs::new()
            .action("lambda:InvokeFunction")
            .function(function.name())
            .principal("apigateway.amazonaws.com")
            .source_arn(pulumi::interpolate!("{}/*/*", api.execution_arn()))
            .statement_id("api"),
    );
    cloudwatch::LogSubscriptionFilter::new(
        context,
        "task-api",
        cloudwatch::LogSubscriptionFilterArgs::new()
            .log_group(logs.name())
            .destination_arn(function.arn())
            .filter_pattern(""),
    );
    context.export("apiId", api.id());
    context.export("apiUrl", stage.invoke_url());
}

async fn synthesis(methods: &'static [&'static str]) -> miyabi_cloudformation::Synthesis {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("task-api")).unwrap();
    fs::write(folder.path().join("task-api/bootstrap"), "#!/bin/sh\n").unwrap();
    run(Settings::new(folder.path()), move |context| async move {
        program(&context, methods);
        Ok(())
    })
    .await
    .unwrap_or_else(|error| {
        panic!("{error}: {:?}", std::error::Error::source(&error).map(ToString::to_string))
    })
}

#[tokio::test]
async fn a_function_behind_an_api() {
    let synthesis = synthesis(&["ANY"]).await;
    let [asset] = synthesis.assets.as_slice() else { panic!("one asset is expected") };
    // How it is packed is not what this is about.
    insta::assert_snapshot!(pretty(&synthesis).replace(&asset.sha256, "<sha256>"));
    assert_eq!(asset.used_by.iter().collect::<Vec<_>>(), ["TaskApiFunction"]);
}

#[tokio::test]
async fn the_template_does_not_depend_on_the_order_of_registrations() {
    let first = pretty(&synthesis(&["GET", "POST"]).await);
    for _ in 0..5 {
        assert_eq!(pretty(&synthesis(&["GET", "POST"]).await), first);
    }
}

#[tokio::test]
async fn a_change_of_the_api_makes_a_new_deployment() {
    let deployment = |synthesis: &miyabi_cloudformation::Synthesis| {
        let resources = synthesis.template["Resources"].as_object().unwrap();
        let names: Vec<String> =
            resources.keys().filter(|name| name.starts_with("ApiDeployment")).cloned().collect();
        let [name] = names.as_slice() else { panic!("one deployment is expected, not {names:?}") };
        assert_eq!(resources["ApiStage"]["Properties"]["DeploymentId"]["Ref"], name.as_str());
        name.clone()
    };
    let one = synthesis(&["GET"]).await;
    let two = synthesis(&["GET", "POST"]).await;
    assert_ne!(deployment(&one), deployment(&two));
    assert_eq!(two.template["Resources"][deployment(&two)]["DependsOn"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_files_are_written_once_and_old_ones_removed() {
    let synthesis = synthesis(&["ANY"]).await;
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("assets")).unwrap();
    fs::write(folder.path().join("assets/old.zip"), "old").unwrap();
    synthesis.write(folder.path()).unwrap();
    let files = |name: &str| {
        let mut names: Vec<String> = fs::read_dir(folder.path().join(name))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    let sha256 = synthesis.assets[0].sha256.clone();
    assert_eq!(files("."), ["assets", "assets.json", "template.json"]);
    assert_eq!(files("assets"), [format!("{sha256}.zip")]);
    let list: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("assets.json")).unwrap()).unwrap();
    assert_eq!(list[0]["sha256"], sha256.as_str());
    assert_eq!(list[0]["path"], format!("assets/{sha256}.zip"));
    assert_eq!(list[0]["for"], serde_json::json!(["TaskApiFunction"]));
    let modified = |name: &str| fs::metadata(folder.path().join(name)).unwrap().modified().unwrap();
    let before = [modified("template.json"), modified("assets.json")];
    synthesis.write(folder.path()).unwrap();
    assert_eq!([modified("template.json"), modified("assets.json")], before);
}
