//! The REST API: every path and method goes to one function.

use pulumi::{Component, Context, Output, ResourceOptions, ToInput as _, interpolate};
use pulumi_aws::{apigateway, lambda};

use crate::settings::Settings;

/// The name of the deployed stage, and the first part of every path below the API's own address.
const STAGE: &str = "live";
const METHOD: &str = "ANY";
const REST_OF_PATH: &str = "{proxy+}";
const INTEGRATION: &str = "AWS_PROXY";
const ENDPOINT: &str = "REGIONAL";

/// What the API needs.
#[derive(Debug)]
pub struct ApiArgs<'args> {
    /// What differs in this stage.
    pub settings: &'args Settings,
    /// The function that answers.
    pub function: &'args lambda::Function,
}

/// The REST API.
#[derive(Debug)]
pub struct Api {
    /// Its identifier.
    pub id: Output<String>,
    /// The name of its stage.
    pub stage: Output<String>,
    /// Its address in AWS.
    pub url: Output<String>,
    _component: Component,
}

impl Api {
    /// Declares it.
    pub fn new(context: &Context, name: &str, args: ApiArgs<'_>) -> Self {
        let component = context.component("miyabi:api:Api", name, ResourceOptions::new());
        let context = component.context();
        let api = apigateway::RestApi::new(
            context,
            "api",
            apigateway::RestApiArgs::new()
                .name("miyabi")
                .description("The HTTP API of Miyabi")
                .endpoint_configuration(apigateway::RestApiEndpointConfigurationArgs::new().types(ENDPOINT)),
        );
        let rest = apigateway::Resource::new(
            context,
            "rest",
            apigateway::ResourceArgs::new()
                .rest_api(api.id())
                .parent_id(api.root_resource_id())
                .path_part(REST_OF_PATH),
        );
        let root = route(context, "root", &api, &api.root_resource_id(), args.function);
        let rest = route(context, "rest", &api, &rest.id(), args.function);
        allow(context, &api, args.function);
        let deployment = apigateway::Deployment::with_options(
            context,
            "deployment",
            apigateway::DeploymentArgs::new().rest_api(api.id()).triggers([("routes", fingerprint())]),
            ResourceOptions::new().depends_on(&root).depends_on(&rest),
        );
        let stage = apigateway::Stage::new(
            context,
            "stage",
            apigateway::StageArgs::new()
                .rest_api(api.id())
                .deployment(deployment.id())
                .stage_name(STAGE)
                .xray_tracing_enabled(args.settings.compute.tracing),
        );
        component.register_outputs([("url", stage.invoke_url().to_input())]);
        Self { id: api.id(), stage: stage.stage_name(), url: stage.invoke_url(), _component: component }
    }
}

/// What is deployed, as text: a deployment is a copy, and a new one is made only when this changes.
fn fingerprint() -> String {
    format!("{ENDPOINT}: {METHOD} /, {METHOD} /{REST_OF_PATH} -> {INTEGRATION}")
}

fn route(
    context: &Context,
    name: &str,
    api: &apigateway::RestApi,
    path: &Output<String>,
    function: &lambda::Function,
) -> apigateway::Integration {
    let method = apigateway::Method::new(
        context,
        name,
        apigateway::MethodArgs::new()
            .rest_api(api.id())
            .resource_id(path)
            .http_method(METHOD)
            .authorization("NONE"),
    );
    apigateway::Integration::new(
        context,
        name,
        apigateway::IntegrationArgs::new()
            .rest_api(api.id())
            .resource_id(path)
            .http_method(method.http_method())
            .type_(INTEGRATION)
            // A function is called by POST, whatever the method of the request.
            .integration_http_method("POST")
            .uri(function.invoke_arn()),
    )
}

/// Lets this API, at its one stage, call the function: by every method and at every path, since all go there.
fn allow(context: &Context, api: &apigateway::RestApi, function: &lambda::Function) {
    lambda::Permission::new(
        context,
        "api",
        lambda::PermissionArgs::new()
            .action("lambda:InvokeFunction")
            .function(function.name())
            .principal("apigateway.amazonaws.com")
            .source_arn(interpolate!("{}/{}/*", api.execution_arn(), STAGE)),
    );
}
